"""JSON Schemas of every file that an author writes, from the typed model: for editors, and for the reference."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from handover.model.base import Model
from handover.model.brand import Brand
from handover.model.content import BlockHead, MessageHead, ScenarioHead
from handover.model.glossary import Term
from handover.model.link import Link
from handover.model.link_rules import LinkRules
from handover.model.located import Id
from handover.model.placeholder import Placeholder
from handover.model.platform import Platform
from handover.model.playbook import Playbook

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The draft that the YAML language server is written for (github.com/redhat-developer/yaml-language-server)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. With `entries` it holds many things by id, else one thing, whose id is the file's name."""

    name: str
    model: type[Model]
    files: str
    entries: bool = False

    @property
    def example(self) -> str:
        """The template that shows every key of it."""
        return f"handbook/reference/{self.name}.yml"


KINDS = (
    Kind("brand", Brand, "data/brand.yml"),
    Kind("playbook", Playbook, "data/playbooks/<playbook>.yml"),
    Kind("links", Link, "data/links.yml", entries=True),
    Kind("link-check", LinkRules, "data/link-check.yml"),
    Kind("placeholders", Placeholder, "data/placeholders.yml", entries=True),
    Kind("glossary", Term, "data/glossary.yml", entries=True),
    Kind("platform", Platform, "data/platforms/<platform>.yml"),
    Kind("message", MessageHead, "content/messages/<message>.md"),
    Kind("block", BlockHead, "content/blocks/<block>.md"),
    Kind("scenario", ScenarioHead, "content/scenarios/<scenario>.md"),
)


def schemas(templates: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each schema's file name and text; the examples in it come from `templates`."""
    for kind in KINDS:
        made = schema(kind, templates[kind.example])
        yield f"{kind.name}.schema.json", json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def schema(kind: Kind, example: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file. `example` is YAML that has every key."""
    made = kind.model.model_json_schema(by_alias=True)
    parts = made.pop("$defs", {})
    if "id" in made["properties"]:
        # The key or the file's name says it.
        del made["properties"]["id"]
        made["required"].remove("id")
    if kind.entries:
        parts[kind.model.__name__] = made
        entry = {"$ref": f"#/$defs/{kind.model.__name__}"}
        names = {"pattern": Id.PATTERN.pattern, "maxLength": Id.limits()["max_length"]}
        made = {"type": "object", "propertyNames": names, "additionalProperties": entry}
        made["description"] = parts[kind.model.__name__]["description"]
    made |= {"title": kind.files, "$defs": parts}
    _strict(made)
    _exemplify(made, yaml.safe_load(example), parts)
    return {"$schema": DIALECT, **made}


def _strict(node: Any) -> None:
    """Refuse what the check refuses: a key of another pattern, and a key with nothing behind it.

    Pydantic says `patternProperties`, which only passes such a key over, and `null` for what may be left out.
    """
    if isinstance(node, dict):
        by_pattern = node.pop("patternProperties", None)
        if by_pattern:
            ((pattern, values),) = by_pattern.items()
            node["propertyNames"] = {"pattern": pattern, **node.get("propertyNames", {})}
            node["additionalProperties"] = values
        if {"type": "null"} in node.get("anyOf", ()):
            (kept,) = [each for each in node.pop("anyOf") if each != {"type": "null"}]
            node.update({**kept, **{key: value for key, value in node.items() if value is not None}})
            if node.get("default", ...) is None:
                del node["default"]
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _strict(part)


def _exemplify(node: dict[str, Any], value: Any, parts: Mapping[str, Any]) -> None:
    """Give each key below `node` the first value that it has in the example."""
    node = resolved(node, parts)
    if isinstance(value, list):
        for item in value:
            _exemplify(node["items"], item, parts)
    elif isinstance(value, dict):
        for name, inner in value.items():
            below = node.get("properties", {}).get(name)
            if below is not None:
                below.setdefault("examples", [_plain(inner)])
                _exemplify(below, inner, parts)
            elif isinstance(node.get("additionalProperties"), dict):
                _exemplify(node["additionalProperties"], inner, parts)


def resolved(node: dict[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """The node, or what it refers to."""
    return parts[node["$ref"].rpartition("/")[2]] if "$ref" in node else node


def _plain(value: Any) -> Any:
    """YAML's dates as JSON has them."""
    return json.loads(json.dumps(value, default=date.isoformat))
