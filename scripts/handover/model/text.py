"""Characters that no source may have, and how text from outside is printed."""

import json
import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17))

CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff" + _NONCHARACTERS
"""C0 and C1 but for tab and line feed, line separators, bidirectional controls, surrogates, noncharacters."""

_INVISIBLE = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2064\u206a-\u206f\u2800\u3164\uffa0\ufff9-\ufffc"
)
"""What shows nothing in any script: not joiners, soft hyphens, direction marks and emoji selectors, which some need."""
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_TAGS = "[\U000e0000-\U000e007f]"

UNWANTED = re.compile(
    f"(?P<invisible>[{CONTROLS}{_INVISIBLE}]|(?<![\U0001f3f4\U000e0020-\U000e007f]){_TAGS})"
    f"|(?P<private>[{_PRIVATE}])|(?P<lost>\ufffd+)"
    "|(?P<garbled>\u00e2\u20ac[\u0080-\u00ff\u0152-\u2122]|\u00c3[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017e\u0192\u20ac]"
    "|\u00c2[\u00a0-\u00bf]|\u00ef\u00bf\u00bd|\u00f0\u0178[\u0080-\u2122]{0,2})"
)
"""What a source must not have: what shows nothing, a box, or the remains of a wrong encoding.

Tags are letters that show nothing, but for those that end the emoji of some flags. What is garbled was UTF-8 and was
read as Windows-1252; quotes after a capital letter with a tilde, which Portuguese has, are not taken for it.
"""

_NOT_PLAIN = re.compile(r"[^\t\n -~]+")
"""A run of characters other than plain ASCII: all that is unwanted is in one, and most sources have few."""

CONTROL_IN_NAME = re.compile(f"[\t\n{CONTROLS}]")
"""A character that one line of text, such as the name of a file, must not have."""

_NAMES = {"\t": "tab", "\n": "line feed", "\r": "carriage return", "\x1b": "escape", "\x00": "null", "\x7f": "delete"}
_KINDS = {"Cc": "control character", "Cs": "surrogate", "Cn": "no character", "Co": "private use"}

_SHOWN = {"\u200c", "\u200d"}
"""Joiners, which emoji and several scripts need: printed as they are."""

_COMMAND = re.compile(r"##(?=\w*\[)")
"""The start of a command in the log of some CI systems, anywhere in a line."""


def describe(character: str) -> str:
    """The code point and the name, as in `U+202E (right-to-left override)`."""
    kind = _KINDS.get(unicodedata.category(character), "unknown")
    name = _NAMES.get(character) or unicodedata.name(character, kind).lower()
    return f"U+{ord(character):04X} ({name})"


_SPACELESS = re.compile(
    "[\u2e80-\u312f\u3190-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f\uffe0-\uffe6\U00020000-\U0003ffff]"
)
_CJK = re.compile(
    f"{_SPACELESS.pattern}|[\u1100-\u11ff\u2329\u232a\u3130-\u318f\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7ff"
    "\ufe10-\ufe1f\ufe50-\ufe6f\uffa0-\uffdf\U00016fe0-\U0001b2ff]"
)
_NEUTRAL = "\0\u2014\u2018\u2019\u201c\u201d\u2026"
"""Besides a placeholder, which is `\\0` here: punctuation that Chinese shares with other languages."""


def is_spaceless(before: str, after: str) -> bool:
    """True if lines that end and begin with these characters are joined without a space, as in Chinese and Japanese.

    The rule is that of CSS Text 3, "Segment Break Transformation Rules".
    """
    wide = [bool(_SPACELESS.match(each)) for each in (before, after)]
    return any(wide) and all(is_wide or each in _NEUTRAL for is_wide, each in zip(wide, (before, after), strict=True))


def is_cjk(character: str) -> bool:
    """True for a letter or a punctuation mark of Chinese, Japanese or Korean."""
    return bool(_CJK.match(character))


def columns(text: str) -> int:
    """The width of a text in a font whose letters are all as wide; Chinese, Japanese and Korean ones count twice."""
    return len(text) + (
        0 if text.isascii() else sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    )


def unwanted(text: str) -> Iterator[tuple[re.Match[str], str, str]]:
    """Each thing in `text` that a source must not have: its match, what it is in words, and the fix."""
    matches = (UNWANTED.finditer(text, *run.span()) for run in _NOT_PLAIN.finditer(text))
    for match in chain.from_iterable(matches):
        shown = match[0]
        match match.lastgroup:
            case "private":
                fix = "Delete it; a line of a list begins with '-' and a space."
                yield match, f"{describe(shown)}, which other fonts show as a box,", fix
            case "lost":
                yield match, f"'{shown}', the remains of a character that was lost,", "Retype the word."
            case "garbled":
                meant = shown.encode("cp1252", "ignore").decode(errors="ignore")
                fix = f"Write '{meant}'." if meant.isprintable() and meant.strip("\ufffd") else "Retype the word."
                yield match, f"'{shown}', the remains of a wrong encoding,", fix
            case _:
                yield match, f"the invisible character {describe(shown)}", "Delete it, and retype the word."


def strange(name: str) -> str:
    """The first character of a name that looks like another one, or like none, in words; empty if all are ASCII."""
    return next((f": it has {describe(each)} in it" for each in name if not each.isascii()), "")


def visible(text: object) -> str:
    r"""The text on one line: control and invisible characters escaped, as in `\x1b`.

    No CI system reads a command in it, neither at its start nor inside.
    """
    shown = str(text)
    if not shown.isprintable():
        escaped = (c.encode("unicode_escape", "surrogatepass").decode("ascii") for c in shown)
        shown = "".join(c if _is_visible(c) else other for c, other in zip(shown, escaped, strict=True))
    shown = _COMMAND.sub(r"#\\x23", shown)
    return shown.replace("::", "\\x3a:", 1) if shown.lstrip().startswith("::") else shown


def visible_json(text: str) -> str:
    """JSON with the same characters escaped as JSON does: it means the same."""
    shown = "".join(c if _is_visible(c) or c == "\n" else json.dumps(c)[1:-1] for c in text)
    return _COMMAND.sub(r"#\\u0023", shown)


def _is_visible(character: str) -> bool:
    return character.isprintable() or character in _SHOWN or unicodedata.category(character) == "Zs"
