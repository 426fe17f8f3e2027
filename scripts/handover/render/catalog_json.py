"""All data and every artifact as one JSON file, for other programs."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from handover.model.catalog import Catalog
from handover.model.content import Message
from handover.model.document import Artifact
from handover.model.scenario import Scenario
from handover.model.timeline import Event, sequence


def catalog_json(catalog: Catalog, artifacts: Sequence[Artifact]) -> Iterator[bytes]:
    """Yield the file in chunks: a list of objects with an `id` for each of the KINDS, and the list of artifacts."""
    encode = json.JSONEncoder(ensure_ascii=False).encode  # one line per entry: faster than indented
    lists: dict[str, Iterable[dict[str, Any]]] = {kind: entries(catalog, kind) for kind in KINDS}
    lists["artifacts"] = map(_artifact, sorted(artifacts, key=lambda each: each.path))
    start = "{"
    for kind, objects in lists.items():
        yield f"{start}{encode(kind)}: [".encode()
        separator = "\n"
        for entry in objects:
            yield f"{separator}{encode(entry)}".encode()
            separator = ",\n"
        yield b"\n]"
        start = ",\n"
    yield b"}\n"


KINDS = ("playbooks", "scenarios", "messages", "blocks", "links", "placeholders", "people", "platforms", "terms")


def entries(catalog: Catalog, kind: str) -> list[dict[str, Any]]:
    """All entries of one of the KINDS, as plain data."""
    match kind:
        case "scenarios":
            return [
                _scenario(scenario, catalog) | {"playbook": playbook.id}
                for playbook in catalog.playbooks.values()
                for scenario in playbook.scenarios
            ]
        case "messages":
            return [_message(message, catalog) for message in catalog.messages.values()]
        case "placeholders":
            shared = [{**_plain(each), "message": None} for each in catalog.placeholders.values()]
            return shared + [
                {**_plain(each), "message": str(message.id)}
                for message in catalog.messages.values()
                for each in message.head.placeholders.values()
            ]
        case "blocks":
            return [
                {"id": str(block.id), **_plain(block.head), "path": block.body.path}
                for block in catalog.blocks.values()
            ]
        case _:
            return [_plain(entry) for entry in getattr(catalog, kind).values()]


def _scenario(scenario: Scenario, catalog: Catalog) -> dict[str, Any]:
    """A scenario; `sends` has its messages in the order of time, `sequence` the steps of a sequence."""
    return _plain(scenario) | {
        "path": f"content/scenarios/{scenario.id}.md",
        "sends": list(scenario.sends),
        "sequence": [_event(event, catalog) for event in sequence(scenario)],
    }


def _event(event: Event, catalog: Catalog) -> dict[str, Any]:
    step = event.step
    return {
        "step": event.number,
        "day": event.moment.day if event.moment else None,
        "label": event.label,
        "who": catalog.party(step.who),
        "messages": [
            {
                "id": name,
                "channel": message.head.channel,
                "replies_to": str(message.answers.id) if message.answers else None,
            }
            for name, message in ((name, catalog.messages[name]) for name in step.sends)
        ],
        "unless": step.unless,
    }


def _message(message: Message, catalog: Catalog) -> dict[str, Any]:
    """A message; it and each variant with the language that it is in, wherever that is written."""
    entry = {"id": str(message.id), **_plain(message.head), "path": message.body.path}
    entry["replies_to"] = str(message.answers.id) if message.answers else None
    for variant, part in ((None, entry), *entry["variants"].items()):
        part["language"] = str(message.language(variant, catalog.brand))
    return entry


def _plain(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


def _artifact(artifact: Artifact) -> dict[str, Any]:
    names = ("path", "platform", "message", "variant", "format", "size", "sha256", "placeholders", "links", "sources")
    entry = {"bytes" if name == "size" else name: getattr(artifact, name) for name in names}
    return entry | ({"block": artifact.block} if artifact.block else {})


def listing(catalog: Catalog, kind: str) -> Iterable[tuple[str, str]]:
    """Yield the id and the name of each entry of one of the KINDS."""
    for entry in entries(catalog, kind):
        yield entry["id"], entry.get("title") or entry.get("name") or entry.get("label") or entry.get("term") or ""
