"""New addresses into data/links.yml: the one value changes, every other byte stays."""

import difflib
import re
from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, ScalarString, SingleQuotedScalarString

_BARE = re.compile(r"[A-Za-z0-9/][^\s#'\"\[\]{}&*!|>%@`,]*(?:#[^\s'\"\[\]{}|>`,]*)?")
"""An address that YAML takes as text without quotes; a `:` in it is never followed by a space."""


class NotFixed(Exception):
    """The file cannot be changed without touching more than the address; the message says why."""


def replaced(text: str, new_urls: Mapping[str, str]) -> str:
    """The text of the file with the `url` of each link of `new_urls` exchanged. Raises NotFixed."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    before = _read(text)
    lines = text.split("\n")
    for name, url in new_urls.items():
        entry = before[name]
        line, column = entry.lc.value("url")
        written = _written(lines[line][column:], entry["url"], name)
        lines[line] = lines[line][:column] + _quoted(url, entry["url"]) + lines[line][column + len(written) :]
    after_text = "\n".join(lines)
    after = _read(after_text)
    for name, url in new_urls.items():
        before[name]["url"] = url
    if after != before:
        raise NotFixed("the file would not say the same after the change")
    return mark + after_text


def difference(before: str, after: str, path: str) -> str:
    """What changes, as a unified diff."""
    return "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}", n=2
        )
    )


def _read(text: str) -> Any:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    try:
        return yaml.load(StringIO(text))
    except YAMLError as trouble:
        raise NotFixed(f"the file cannot be read: {trouble}") from None


def _written(rest: str, value: str, name: str) -> str:
    """The source of a value that `rest` starts with."""
    if isinstance(value, DoubleQuotedScalarString):
        match = re.match(r'"(?:[^"\\]|\\.)*"', rest)
    elif isinstance(value, SingleQuotedScalarString):
        match = re.match(r"'(?:[^']|'')*'", rest)
    else:
        match = re.match(re.escape(value), rest) if not isinstance(value, ScalarString) else None
    if match is None:
        raise NotFixed(f"the address of '{name}' stands on more than one line")
    return match[0]


def _quoted(url: str, like: str) -> str:
    """The new address in the quotes of the old one; in double quotes if it had none and needs some."""
    if isinstance(like, SingleQuotedScalarString):
        return "'" + url.replace("'", "''") + "'"
    if isinstance(like, DoubleQuotedScalarString) or not _BARE.fullmatch(url):
        return '"' + url.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return url
