"""Characters that no source may have, and how text from outside is printed."""

import json
import re
import unicodedata

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))

CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff" + _NONCHARACTERS
"""C0 and C1 but for tab and line feed, line separators, bidirectional controls, surrogates, noncharacters."""

CONTROL = re.compile(f"[{CONTROLS}]")
"""A character that text must not have."""
CONTROL_IN_NAME = re.compile(f"[\t\n{CONTROLS}]")
"""A character that one line of text, such as the name of a file, must not have."""

_NAMES = {"\t": "tab", "\n": "line feed", "\r": "carriage return", "\x1b": "escape", "\x00": "null", "\x7f": "delete"}
_KINDS = {"Cc": "control character", "Cs": "surrogate", "Cn": "no character"}

_SHOWN = {"\u200c", "\u200d"}
"""Joiners, which emoji and several scripts need: printed as they are."""

_COMMAND = re.compile(r"##(?=\w*\[)")
"""The start of a command in the log of some CI systems, anywhere in a line."""


def describe(character: str) -> str:
    """The code point and the name, as in `U+202E (right-to-left override)`."""
    kind = _KINDS.get(unicodedata.category(character), "unknown")
    name = _NAMES.get(character) or unicodedata.name(character, kind).lower()
    return f"U+{ord(character):04X} ({name})"


def visible(text: object) -> str:
    r"""The text on one line: control and invisible characters escaped, as in `\x1b`.

    No CI system reads a command in it, neither at its start nor inside.
    """
    shown = str(text)
    if not shown.isprintable():
        shown = "".join(c if _is_visible(c) else _escape(c) for c in shown)
    shown = _COMMAND.sub(r"#\\x23", shown)
    return shown.replace("::", "\\x3a:", 1) if shown.lstrip().startswith("::") else shown


def visible_json(text: str) -> str:
    """JSON with the same characters escaped as JSON does: it means the same."""
    shown = "".join(c if _is_visible(c) or c == "\n" else json.dumps(c)[1:-1] for c in text)
    return _COMMAND.sub(r"#\\u0023", shown)


def _is_visible(character: str) -> bool:
    return character.isprintable() or character in _SHOWN or unicodedata.category(character) == "Zs"


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
