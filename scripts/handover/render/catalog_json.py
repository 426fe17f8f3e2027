"""All data and every artifact as one JSON file, for other programs."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel

from handover.model.artifact import Artifact
from handover.model.catalog import Catalog


def catalog_json(catalog: Catalog, artifacts: Sequence[Artifact]) -> bytes:
    """The catalog's entries, each a list of objects with an `id`, and the list of artifacts."""
    lists: dict[str, Iterable[dict[str, Any]]] = {kind: entries(catalog, kind) for kind in KINDS}
    lists["artifacts"] = map(_artifact, sorted(artifacts, key=lambda each: each.path))
    encode = json.JSONEncoder(ensure_ascii=False).encode  # an entry a line: indenting is slow, and hard to compare
    listed = [f"{encode(kind)}: [\n" + ",\n".join(map(encode, found)) + "\n]" for kind, found in lists.items()]
    return ("{" + ",\n".join(listed) + "}\n").encode()


KINDS = ("playbooks", "scenarios", "messages", "blocks", "links", "placeholders", "platforms", "terms")


def entries(catalog: Catalog, kind: str) -> list[dict[str, Any]]:
    """All things of one of the KINDS as plain data."""
    match kind:
        case "scenarios":
            return [
                {**_plain(scenario), "playbook": playbook.id, "path": f"content/scenarios/{scenario.id}.md"}
                for playbook in catalog.playbooks.values()
                for scenario in playbook.scenarios
            ]
        case "messages" | "blocks":
            return [
                {"id": str(entry.id), **_plain(entry.head), "path": entry.body.path}
                for entry in getattr(catalog, kind).values()
            ]
        case _:
            return [_plain(entry) for entry in getattr(catalog, kind).values()]


def _plain(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


def _artifact(artifact: Artifact) -> dict[str, Any]:
    made = {
        "path": artifact.path,
        "platform": artifact.platform,
        "message": artifact.message,
        "variant": artifact.variant,
        "format": artifact.format,
        "bytes": artifact.size,
        "sha256": artifact.sha256,
        "placeholders": list(artifact.placeholders),
        "links": list(artifact.links),
        "sources": list(artifact.sources),
    }
    return {**made, "block": artifact.block} if artifact.block else made


def listing(catalog: Catalog, kind: str) -> Iterable[tuple[str, str]]:
    """The id and the name of all things of one of the KINDS."""
    for entry in entries(catalog, kind):
        yield entry["id"], entry.get("title") or entry.get("label") or entry.get("term") or ""
