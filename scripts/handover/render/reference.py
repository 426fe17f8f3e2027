"""The reference for authors: every key of every file, from the JSON Schemas, and every command."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from handover.model.parts import Page
from handover.render.pages import Handbook
from handover.render.schemas import KINDS, Kind, group_of, resolved, schema

_FORMATS = {
    None: "text",
    "color": "color, #rrggbb",
    "date": "date, as in 2026-11-24",
    "email": "email address",
    "id": "id",
    "markdown": "Markdown",
    "uri": "URL",
}
_TYPES = {"boolean": "true or false", "integer": "whole number", "null": "nothing"}


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its usage line; `help` has the paragraphs of its help text.

    `parameters` are its options and arguments, each as it is written and its meaning.
    """

    name: str
    usage: str
    help: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a file, with its dotted `path`; `default` is None for a required key."""

    path: str
    kind: str
    meaning: str
    default: str | None
    example: str | None


@dataclass(frozen=True, slots=True)
class File:
    """A kind of file, with its keys and an example that has all of them."""

    kind: Kind
    meaning: str
    keys: tuple[Key, ...]
    example: str


def reference_pages(book: Handbook, commands: Sequence[Command]) -> list[Page]:
    """The pages of the reference, which depend on no playbook and no message. Raises TemplateFault."""
    files = [_file(kind, book.catalog.templates[kind.example]) for kind in KINDS]
    platforms = [
        (platform, list(_values(platform.model_dump(mode="json", exclude={"id"}))))
        for platform in book.catalog.platforms.values()
    ]
    texts = {
        # It shows template syntax, so it is not rendered.
        "writing": book.catalog.templates["handbook/reference/writing.md"],
        "platforms": book.render_alone("handbook/reference/platforms.md.j2", platforms=platforms),
        "files": book.render_alone("handbook/reference/files.md.j2", files=files),
        "commands": book.render_alone("handbook/reference/commands.md.j2", commands=commands),
    }
    return [Page(f"reference/{name}/index.md", text) for name, text in texts.items()]


def _values(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text, number and boolean in plain data, with its path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _values(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and any(isinstance(inner, dict | list) for inner in value):
        for number, inner in enumerate(value, 1):
            yield from _values(inner, f"{path}[{number}]")
    elif isinstance(value, list):
        for inner in value:
            yield f"{path}[]", str(inner)
    elif value is not None:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)


@cache
def _file(kind: Kind, example: str) -> File:
    whole = schema(kind, example)
    start = "<id>." if kind.entries else ""
    node = resolved(whole["additionalProperties"], whole["$defs"]) if kind.entries else whole
    return File(kind, str(whole["description"]), tuple(_keys(node, whole["$defs"], start)), example)


def _keys(node: Mapping[str, Any], parts: Mapping[str, Any], start: str) -> Iterator[Key]:
    """Yield every key of an object, each followed by the keys below it."""
    for name, field in node["properties"].items():
        default = None if name in node.get("required", ()) else _written(field.get("default"))
        example = _written(field["examples"][0]) if "examples" in field else None
        yield Key(f"{start}{name}", _kind(field, parts), field["description"], default, example)
        below, path = _inner(group_of(field, parts), parts, f"{start}{name}")
        if "properties" in below:
            yield from _keys(below, parts, f"{path}.")


def _inner(node: Mapping[str, Any], parts: Mapping[str, Any], path: str) -> tuple[Mapping[str, Any], str]:
    """The innermost values of lists and mappings by id, and the path to them."""
    if "items" in node:
        return _inner(group_of(node["items"], parts), parts, f"{path}[]")
    if isinstance(node.get("additionalProperties"), dict):
        return _inner(group_of(node["additionalProperties"], parts), parts, f"{path}.<id>")
    return node, path


def _kind(field: Mapping[str, Any], parts: Mapping[str, Any]) -> str:
    """The type of a key's value, in words."""
    node = resolved(dict(field), parts)
    if "anyOf" in node:
        return ", or ".join(_kind(each, parts) for each in node["anyOf"])
    if "enum" in node:
        return "one of " + ", ".join(f"`{value}`" for value in node["enum"])
    if "const" in node:
        return f"`{node['const']}`"
    if "items" in node:
        return f"list: {_kind(node['items'], parts)}"
    if isinstance(node.get("additionalProperties"), dict):
        return f"by id: {_kind(node['additionalProperties'], parts)}"
    if "properties" in node:
        return "keys, listed below"
    return _FORMATS[node.get("format")] if node.get("type") == "string" else _TYPES[node["type"]]


def _written(value: Any) -> str:
    """A value as YAML; empty if it is missing or long."""
    if value in (None, [], {}, ()):
        return ""
    if isinstance(value, str):
        return value
    written = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=1000, sort_keys=False)
    return written.removesuffix("...\n").strip() if len(written) <= 60 else ""
