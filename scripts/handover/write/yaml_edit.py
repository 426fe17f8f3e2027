"""Edits of a YAML file by the parser's marks: a value changes, entries come or go, and every other byte stays."""

import re
from collections.abc import Callable, Sequence
from textwrap import indent
from typing import Any

import yaml

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_PLAIN = re.compile(r"[A-Za-z0-9/][^\s#'\"\[\]{}&*!|>%@`,]*(?:#[^\s'\"\[\]{}|>`,]*)?")
"""An address that needs no quotes: a `:` in it is never followed by a space."""


class CannotEdit(Exception):
    """The edit would change something else in the file; the text says what."""


def replace_value(text: str, keys: Sequence[str], value: str) -> str:
    """The text of a file with another address at `keys`, in the quotes or the block of the old one.

    Raises CannotEdit.
    """
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(bom)
    node, expected = _compose(text), _changed(_data(text), keys, value)
    for key in keys:
        node = _child(node, key)[1]
    start, end = node.start_mark.index, node.end_mark.index
    return bom + _verified(text[:start] + _written(text[start:end], node, value) + text[end:], expected)


def append_entry(text: str, key: str, entry: str) -> str:
    """The text of a file with `entry`, YAML that starts with `- `, at the end of the list at the top-level `key`.

    Raises CannotEdit, also for a list without a line for each entry, such as `[]`.
    """
    root = _compose(text)
    position, node = _child(root, key)
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise CannotEdit(f"'{key}' is no list with a line for each entry")
    expected = _data(text)
    expected[key] += _data(entry)
    line_break = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    end = _end(root, position, lines)
    lines[end:end] = ["", *indent(entry.rstrip("\n"), " " * node.start_mark.column).split("\n")]
    return _verified(line_break.join(lines) + line_break, expected)


def remove_entries(text: str, key: str, is_unwanted: Callable[[str], bool]) -> str:
    """The text of a file without the unwanted entries of the mapping at the top-level `key`, and without an empty one.

    Raises CannotEdit.
    """
    root, expected = _compose(text), _data(text)
    if key not in expected:
        return text
    position, node = _child(root, key)
    lines = text.split("\n")
    starts = [name.start_mark.line for name, _ in node.value]
    ends = [*starts[1:], _end(root, position, lines)]
    kept = {name: value for name, value in expected[key].items() if not is_unwanted(name)}
    if not kept:
        del lines[root.value[position][0].start_mark.line : ends[-1]], expected[key]
        return _verified("\n".join(lines), expected)
    for (name, _), start, end in reversed(list(zip(node.value, starts, ends, strict=True))):
        if is_unwanted(name.value):
            del lines[start:end]
    return _verified("\n".join(lines), {**expected, key: kept})


def _end(root: Any, position: int, lines: Sequence[str], inside: str = r"\s+\S|-") -> int:
    """The number of the line after an entry of the file, whose lines begin like `inside`: others belong to the next."""
    start = root.value[position][1].start_mark.line
    following = root.value[position + 1 :]
    stop = following[0][0].start_mark.line if following else len(lines)
    return max(number for number in range(start, stop) if re.match(inside, lines[number])) + 1


def append_keys(text: str, entries: str, key: str = "") -> str:
    """The text of a file with `entries`, YAML of further keys, at the end of the mapping at the top-level `key`.

    Without `key`, at the end of the file. Raises CannotEdit, also for a mapping in braces.
    """
    data, added = _data(text) or {}, _data(entries) or {}
    inner = data.get(key, {}) if key and isinstance(data, dict) else data
    if not isinstance(inner, dict) or inner.keys() & added.keys():
        raise CannotEdit("it is no mapping, or has one of the keys")
    line_break = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").rstrip().split("\n") if text.strip() else []
    if key and key not in data:
        return append_keys(text, f"{key}:\n{indent(entries, '  ')}")
    if not key:
        return _verified(
            line_break.join([*lines, *[""] * bool(lines), *entries.rstrip().split("\n"), ""]), {**data, **added}
        )
    root = _compose(text)
    position, node = _child(root, key)
    if not isinstance(node, yaml.MappingNode) or node.flow_style or not node.value:
        raise CannotEdit(f"'{key}' is no mapping with a line for each key")
    end = _end(root, position, lines, r"\s+[^\s#]")
    lines[end:end] = indent(entries.rstrip("\n"), " " * node.start_mark.column).split("\n")
    return _verified(line_break.join([*lines, ""]), {**data, key: {**data[key], **added}})


def _compose(text: str) -> Any:
    try:
        return yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as trouble:
        raise CannotEdit(f"the file cannot be read: {trouble}") from None


def _data(text: str) -> Any:
    """The data of a file; every scalar is text."""
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 - it creates lists, mappings and text only
    except yaml.YAMLError as trouble:
        raise CannotEdit(f"the file cannot be read: {trouble}") from None


def _changed(data: Any, keys: Sequence[str], value: str) -> Any:
    """A copy of the data with the value at `keys`; what an alias shares with it keeps the old one."""
    if not keys:
        return value
    if not isinstance(data, dict) or keys[0] not in data:
        raise CannotEdit(f"there is no '{keys[0]}'")
    return {**data, keys[0]: _changed(data[keys[0]], keys[1:], value)}


def _child(node: Any, key: str) -> tuple[int, Any]:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    found = [(position, value) for position, (name, value) in enumerate(pairs) if name.value == key]
    if len(found) != 1:
        raise CannotEdit(f"'{key}' is not there, or there twice")
    return found[0]


def _written(source: str, node: Any, value: str) -> str:
    """A value in the style of the old one, whose source is given; in double quotes if it needs some and had none."""
    old = str(node.value).strip()
    if source[0] in "&!":
        raise CannotEdit("its value has an anchor or a tag")
    if node.style in ("|", ">"):
        start, found, end = source.rpartition(old)  # a comment behind the sign may name it too
        if not found:
            raise CannotEdit("its value is on several lines")
        return start + value + end
    if node.style == "'":
        return "'" + value.replace("'", "''") + "'"
    if node.style == '"' or not _PLAIN.fullmatch(value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value


def _verified(text: str, expected: Any) -> str:
    if _data(text) != expected:
        raise CannotEdit("something else in the file would change with it")
    return text
