"""The reference for authors: every key of every file, from the JSON Schemas, and every command."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from handover.render.filters import code
from handover.render.pages import Handbook, Page
from handover.render.schemas import KINDS, Kind, resolved, schema

_FORMATS = {
    None: "text",
    "color": "colour, #rrggbb",
    "date": "date, as in 2026-11-24",
    "email": "email address",
    "id": "id",
    "markdown": "Markdown",
    "uri": "address",
}
_TYPES = {"boolean": "true or false", "integer": "whole number", "null": "nothing"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """An option or argument as it is written, and what it is for."""

    written: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its usage line; `help` has its paragraphs."""

    name: str
    usage: str
    help: tuple[str, ...]
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a file. `path` is the way to it; `default` is None for a key that has to be there."""

    path: str
    kind: str
    meaning: str
    default: str | None
    example: str | None


@dataclass(frozen=True, slots=True)
class File:
    """A kind of file, with every key of it and an example that has them all."""

    kind: Kind
    meaning: str
    keys: tuple[Key, ...]
    example: str


def reference_pages(book: Handbook, commands: Sequence[Command]) -> list[Page]:
    """The pages of the reference, which depend on no playbook and no message. Raises TemplateFault."""
    book.jinja.filters["sentence"] = sentence
    files = [_file(kind, book.catalog.templates[kind.example]) for kind in KINDS]
    platforms = [
        {
            "id": platform.id,
            "label": platform.label,
            "values": list(_values(platform.model_dump(mode="json", exclude={"id"}))),
        }
        for platform in book.catalog.platforms.values()
    ]
    return [
        Page("reference/platforms.md", book.render_alone("handbook/reference/platforms.md.j2", platforms=platforms)),
        Page("reference/files.md", book.render_alone("handbook/reference/files.md.j2", files=files)),
        Page("reference/commands.md", book.render_alone("handbook/reference/commands.md.j2", commands=commands)),
    ]


def _values(value: Any, way: str = "") -> Iterator[tuple[str, str]]:
    """Every text and number in plain data that says something, with the way to it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _values(inner, f"{way}.{name}" if way else str(name))
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        for number, inner in enumerate(value, 1):
            yield from _values(inner, f"{way}[{number}]")
    elif isinstance(value, list):
        for inner in value:
            yield f"{way}[]", str(inner)
    elif value is not None:
        yield way, str(value).lower() if isinstance(value, bool) else str(value)


def sentence(text: str) -> str:
    """A sentence in which words between backticks are to be taken to the letter, as Markdown for a table."""
    parts = " ".join(text.split()).split("`")
    return "".join(code(part) if number % 2 else _plain(part) for number, part in enumerate(parts))


def _plain(text: str) -> str:
    return "".join(f"&#{ord(each)};" if each in "&<>|*_[]{}\\" else each for each in text)


@cache
def _file(kind: Kind, example: str) -> File:
    made = schema(kind, example)
    start = "<id>." if kind.entries else ""
    node = resolved(made["additionalProperties"], made["$defs"]) if kind.entries else made
    return File(kind, str(made["description"]), tuple(_keys(node, made["$defs"], start)), example)


def _keys(node: Mapping[str, Any], parts: Mapping[str, Any], start: str) -> Iterator[Key]:
    """Every key of an object, each followed by those below it."""
    for name, field in node["properties"].items():
        default = None if name in node.get("required", ()) else _written(field.get("default"))
        example = _written(field["examples"][0]) if "examples" in field else None
        yield Key(f"{start}{name}", _kind(field, parts), field["description"], default, example)
        below, way = _inner(resolved(field, parts), parts, f"{start}{name}")
        if "properties" in below:
            yield from _keys(below, parts, f"{way}.")


def _inner(node: Mapping[str, Any], parts: Mapping[str, Any], way: str) -> tuple[Mapping[str, Any], str]:
    """What lists and groups by id hold in the end, and the way there."""
    if "items" in node:
        return _inner(resolved(node["items"], parts), parts, f"{way}[]")
    if isinstance(node.get("additionalProperties"), dict):
        return _inner(resolved(node["additionalProperties"], parts), parts, f"{way}.<id>")
    return node, way


def _kind(field: Mapping[str, Any], parts: Mapping[str, Any]) -> str:
    """What kind of value it is, in words."""
    node = resolved(dict(field), parts)
    if "enum" in node:
        return "one of " + ", ".join(f"`{value}`" for value in node["enum"])
    if "const" in node:
        return f"`{node['const']}`"
    if "items" in node:
        return f"list: {_kind(node['items'], parts)}"
    if isinstance(node.get("additionalProperties"), dict):
        return f"by id: {_kind(node['additionalProperties'], parts)}"
    if "properties" in node:
        return "keys, see below"
    return _FORMATS[node.get("format")] if node.get("type") == "string" else _TYPES[node["type"]]


def _written(value: Any) -> str:
    """A short value as a file has it; nothing for what is long or not there."""
    if value in (None, [], {}, ()):
        return ""
    if isinstance(value, str):
        return value
    written = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=1000, sort_keys=False)
    return written.removesuffix("...\n").strip() if len(written) <= 60 else ""
