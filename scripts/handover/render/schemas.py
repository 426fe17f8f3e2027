"""JSON Schemas of all files that authors write, from the models: for editors, and for the reference."""

import ast
import inspect
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from handover.model.base import Model
from handover.model.brand import Brand
from handover.model.content import BlockHead, ScenarioHead
from handover.model.link import Link, LinkRules
from handover.model.located import Id
from handover.model.message import MessageHead
from handover.model.placeholder import Person, Placeholder
from handover.model.platform import Platform
from handover.model.playbook import Playbook, Term

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The draft that the YAML language server supports (github.com/redhat-developer/yaml-language-server)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. With `entries` it has many entries by id, else one; the file's name is then its id."""

    name: str
    model: type[Model]
    files: str
    entries: bool = False

    @property
    def example(self) -> str:
        """The template that is an example of it with all keys."""
        return f"handbook/reference/{self.name}.yml"


KINDS = (
    Kind("brand", Brand, "data/brand.yml"),
    Kind("playbook", Playbook, "data/playbooks/<playbook>.yml"),
    Kind("links", Link, "data/links.yml", entries=True),
    Kind("link-check", LinkRules, "data/link-check.yml"),
    Kind("placeholders", Placeholder, "data/placeholders.yml", entries=True),
    Kind("people", Person, "data/people.yml", entries=True),
    Kind("glossary", Term, "data/glossary.yml", entries=True),
    Kind("platform", Platform, "data/platforms/<platform>.yml"),
    Kind("message", MessageHead, "content/messages/<message>.md"),
    Kind("block", BlockHead, "content/blocks/<block>.md"),
    Kind("scenario", ScenarioHead, "content/scenarios/<scenario>.md"),
)


_BY_ID = ("Placeholder",)
"""The parts whose id is their key, as that of a whole entry or file is its key or name."""


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """The docstring of each field of a model, by name: for schemas alone, as it takes long at each start."""
    (body,) = (node.body for node in ast.parse(inspect.getsource(model)).body if isinstance(node, ast.ClassDef))
    return {
        ast.unparse(field.target): inspect.cleandoc(str(docs.value.value))
        for field, docs in pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(docs, ast.Expr) and isinstance(docs.value, ast.Constant)
    }


class _Described(GenerateJsonSchema):
    """Describes each key by the docstring of its field."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """The schema of a model, with the descriptions of its keys."""
        node, model = super().model_schema(schema), schema["cls"]
        for name, words in meanings(model).items():
            if name in model.model_fields:
                node["properties"][model.model_fields[name].alias or name]["description"] = words
        return node


def schemas(templates: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the file name and the text of each schema; its examples come from `templates`."""
    for kind in KINDS:
        text = json.dumps(schema(kind, templates[kind.example]), indent=2, ensure_ascii=False)
        yield f"{kind.name}.schema.json", f"{text}\n"


def schema(kind: Kind, example: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file. `example` is YAML with all keys."""
    node = kind.model.model_json_schema(by_alias=True, schema_generator=_Described)
    parts = node.pop("$defs", {})
    for keyed in (node, *(parts[name] for name in _BY_ID if name in parts)):
        if keyed["properties"].pop("id", None):
            keyed["required"].remove("id")
    if kind.entries:
        name = kind.model.__name__
        parts[name] = node
        node = {
            "type": "object",
            "propertyNames": {"pattern": Id.PATTERN.pattern, "maxLength": Id.LIMITS["max_length"]},
            "additionalProperties": {"$ref": f"#/$defs/{name}"},
            "description": parts[name]["description"],
        }
    node |= {"title": kind.files, "$defs": parts}
    _refuse_unknown(node)
    _add_examples(node, yaml.safe_load(example), parts)
    return {"$schema": DIALECT, **node}


def _refuse_unknown(node: Any) -> None:
    """Make the schema as strict as the check: refuse keys of another pattern, and keys without a value.

    Pydantic writes `patternProperties`, which allows other keys, and allows `null` for optional keys.
    """
    if isinstance(node, dict):
        by_pattern = node.pop("patternProperties", None)
        if by_pattern:
            ((pattern, values),) = by_pattern.items()
            node["propertyNames"] = {"pattern": pattern, **node.get("propertyNames", {})}
            node["additionalProperties"] = values
        if {"type": "null"} in node.get("anyOf", ()):
            others = [each for each in node.pop("anyOf") if each != {"type": "null"}]
            other = others[0] if len(others) == 1 else {"anyOf": others}
            node.update({**other, **{key: value for key, value in node.items() if value is not None}})
            if node.get("default", ...) is None:
                del node["default"]
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _refuse_unknown(part)


def _add_examples(node: dict[str, Any], value: Any, parts: Mapping[str, Any]) -> None:
    """Give each key below `node` its first value in the example."""
    node = group_of(node, parts)
    if isinstance(value, list):
        for item in value if "items" in node else ():
            _add_examples(node["items"], item, parts)
    elif isinstance(value, dict):
        for name, inner in value.items():
            below = node.get("properties", {}).get(name)
            if below is not None:
                below.setdefault("examples", [_as_json(inner)])
                _add_examples(below, inner, parts)
            elif isinstance(node.get("additionalProperties"), dict):
                _add_examples(node["additionalProperties"], inner, parts)


def resolved(node: dict[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """The node, or the one that it refers to."""
    return parts[node["$ref"].rpartition("/")[2]] if "$ref" in node else node


def group_of(node: dict[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """The node, or the one that it refers to; of several forms the last, which is a group of keys."""
    node = resolved(node, parts)
    return group_of(node["anyOf"][-1], parts) if "anyOf" in node else node


def _as_json(value: Any) -> Any:
    """YAML data as JSON data, with dates as text."""
    return json.loads(json.dumps(value, default=date.isoformat))
