r"""Markup of other dialects, and marks without effect: readers would get them as typed. One table of shapes.

A shape is looked for in the `literal` of a paragraph: its source with LITERAL in place of all that the parser
understood or the author escaped, so that every position is one of the source.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

UNDERSTOOD = "\0"
"""In a literal: a character that has a meaning, or was escaped."""
BREAK = "\v"
"""In a literal: the end of a line that does not run together with the next."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What would show as typed: where it starts, how long it is, the message and the hint."""

    start: int
    length: int
    message: str
    hint: str


_SPECIAL_SPACE = "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_ESCAPE = "for the character itself write \\{}."

_INLINE = (
    ("~~(?:[^~\n]*~~)?", "strikethrough is not supported.", f"Leave it out; {_ESCAPE}"),
    (
        r"~[^\s~]+~|(?<!\w)~(?=\w)[^~\n]+(?<=\w)~(?!\w)",
        "'{}' would show as typed.",
        f"Leave the '~' out; {_ESCAPE}",
    ),
    (
        r"(?<![\w=])==(?=[^\s=])[^=\n]+(?<=\S)==(?!\w)",
        "highlighting is not supported.",
        "Write **bold** instead of '=='.",
    ),
    (r"(?<![\w+])\+\+(?=[^\s+])[^+\n]+(?<=\S)\+\+(?!\w)", "underlining is not supported.", "Leave the '++' out."),
    (r"\^[^\s^]+\^", "'{}' would show as typed.", f"Leave the '^' out, or type ² or ³; {_ESCAPE}"),
    (
        r"(?<![\w:/]):[a-z+][a-z0-9_+-]*:(?![\w:/])",
        "'{}' stays these letters.",
        "Type the emoji itself, or leave it out.",
    ),
    (r"`", "this '`' has no pair, so it would show as typed.", f"Write code as `code`; {_ESCAPE}"),
    (
        r"&(?:nbsp|amp|lt|gt|quot|[mn]dash|hellip|[lr][sd]quo)\b",
        "'{}' would show as typed.",
        "End it with a semicolon, or type the character itself.",
    ),
    (
        r"(?<!\S)\*(?=[^\s*])|(?<=[^\s*])\*(?!\S)",
        "this '*' has no pair, so it would show as typed.",
        f"Write *italics* without spaces inside the marks; {_ESCAPE}",
    ),
    (
        r"(?<![\w\0])_(?=[^\W_]|\0)|(?:(?<=[^\W_])|(?<=\0))_(?![\w\0])",
        "this '_' has no pair, so it would show as typed.",
        f"Write *italics* without spaces inside the marks; {_ESCAPE}",
    ),
    (
        r"\\(?=[ \t]*(?:\n|\Z))",
        "this backslash breaks no line, so it would show as typed.",
        "Delete it: it breaks a line only as its last character, with another line below.",
    ),
)
"""Patterns anywhere, the message and the hint: `{}` is what was found, and in the hint its first character."""

_LINE = (
    (
        r"(?:!{3}|\?{3}\+?)(?=[ \t]+\w)|\.\.[ \t]+[\w-]+::",
        "'{}' makes no box for a note, and would show as typed.",
        "Write a paragraph, or a quote that begins with '> '.",
    ),
    (r":(?=[ \t]+\S)", "':' makes no definition, and would show as typed.", "Write '**Term:** what it means'."),
    (
        rf"#{{2,6}}(?=[^\s#])|#{{1,6}}(?={_SPECIAL_SPACE})",
        "a heading does not begin like this; customers would read '{}'.",
        "Begin the line with '{}' and a space.",
    ),
    (
        "[\u2022\u00b7\u2219\u2023\u2043\u25a0\u25a1\u25aa\u25ab\u25ba\u25b8\u25cb\u25cf\u25e6\u2756\u27a2\u27a4]",
        "a line of a list does not begin like this; customers would read '{}'.",
        "Begin the line with '-' and a space.",
    ),
    (
        rf"[-*+](?={_SPECIAL_SPACE})",
        "a special space follows '{}', so this is no item of a list.",
        "Delete it, and type a plain space.",
    ),
)
"""Patterns at the start of a line; `{}` is what was found in the hint too."""

IN_PLAIN_TEXT = re.compile(
    r"(\*\*|__|~~|==)(?=[^\s*_~=])[^*_~=\n]{1,200}(?<=\S)\1|`[^`\n]{1,200}`|(?<![\w:/]):[a-z+][a-z0-9_+-]*:(?![\w:/])"
)
"""Markdown and names of emojis where there is plain text alone, as in a subject."""

_ITEM = re.compile(
    r"[ \t]*+(?P<mark>(?P<symbol>[^\w\s\0\v\"'()\[\]{}<>@#\u00a1\u00bf\u2018-\u201f\u00ab\u00bb\u2026])"
    rf"|\(?(?:[a-zA-Z]|[ivx]{{1,4}}|\d{{1,9}})[.)](?=[^\W\d_]|[ \t]|{_SPECIAL_SPACE})|[o\u00a7](?=[ \t]))"
)
"""How a line begins that is meant as an item of a list."""
SPECIAL_START = re.compile(rf"[ \t>]*+({_SPECIAL_SPACE}+)[ \t]*+(?:[-*+]|#{{1,6}}|\d{{1,9}}[.)])[ \t]")
"""How a line begins that a special space keeps from being a heading or an item."""
_IN_ORDER = re.compile(r"\d{1,9}[.)] ")
_BEGIN = "Begin each with '-' and a space, below an empty line"
_TABLE = re.compile(r"^[ \t]*+(\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?)[ \t]*$", re.MULTILINE)
"""The line between the head and the body of a table."""
_BOLD = re.compile(r"\*\*|__")

_INLINE_SHAPES = re.compile("(?=[~=+^:`&*_\\\\])(?:" + "|".join(f"({pattern})" for pattern, *_ in _INLINE) + ")")
_LINE_SHAPES = re.compile("[ \t]*+(?:" + "|".join(f"({pattern})" for pattern, *_ in _LINE) + ")")


def findings(literal: str, source: str, no_table: tuple[str, str]) -> Iterator[Finding]:
    """What would show as typed in a paragraph or heading; each shape that a line begins with is found once.

    `no_table` are the message and the hint for a table that is none.
    """
    lines = literal.replace(BREAK, "\n")
    yield from _bold(lines, source)
    for match in _INLINE_SHAPES.finditer(lines):
        yield _finding(match, _INLINE)
    table = _TABLE.search(lines) if "|" in lines else None
    if table is not None and "|" in table[1]:
        yield Finding(table.start(1), len(table[1]), *no_table)
        return
    seen = set()
    for start in _starts(lines):
        shape = _LINE_SHAPES.match(lines, start)
        if shape is not None and shape.lastindex not in seen:
            seen.add(shape.lastindex)
            yield _finding(shape, _LINE)
    if not seen and BREAK not in literal:
        yield from _items(lines)


def _starts(lines: str) -> Iterator[int]:
    yield 0
    yield from (match.end() for match in re.finditer("\n", lines))


def _finding(match: re.Match[str], table: tuple[tuple[str, str, str], ...]) -> Finding:
    number = match.lastindex or 1
    _, message, hint = table[number - 1]
    mark = match[number]
    shown = mark.replace(UNDERSTOOD, "…").strip()
    return Finding(
        match.start(number), len(mark), message.format(shown), hint.format(shown if table is _LINE else mark[0])
    )


def _items(lines: str) -> Iterator[Finding]:
    """Lines that begin like the items of a list: they would run together."""
    by_kind: dict[str, list[re.Match[str]]] = {}
    for start in _starts(lines):
        match = _ITEM.match(lines, start)
        if match is not None and unicodedata.category(match["mark"][0]) != "Sc":  # amounts of money
            by_kind.setdefault(match["symbol"] or "number", []).append(match)
    for first, *others in by_kind.values():
        if others:
            mark = first["mark"]
            message = f"these lines would run together: an item does not begin with '{mark}' like this."
            begin = "Leave a line free above the first" if _IN_ORDER.match(lines, first.start("mark")) else _BEGIN
            hint = f"{begin}; or end each line with a backslash."
            yield Finding(first.start("mark"), len(mark), message, hint)


def _bold(lines: str, source: str) -> Iterator[Finding]:
    """Marks of bold that the parser found no pair for, two by two."""
    for mark in ("**", "__"):
        left = [match.start() for match in _BOLD.finditer(lines) if match[0] == mark]
        for number in range(0, len(left), 2):
            yield _no_pair(source, mark, *left[number : number + 2])


def _no_pair(source: str, mark: str, opening: int, closing: int | None = None) -> Finding:
    """Why a mark has no pair, and what mends that, by CommonMark's rules of what can open and close emphasis."""
    message = f"this '{mark}' has no pair, so it would show as typed."
    hint = f"Write **bold** without spaces inside the marks; for the character itself write \\{mark[0]}."
    if closing is None:
        return Finding(opening, 2, message, hint)
    before, first = source[max(opening - 1, 0) : opening], source[opening + 2]
    last, after = source[closing - 1], source[closing + 2 : closing + 3]
    if mark == "__" and (before.isalnum() or after.isalnum()):
        return Finding(opening, 2, message, "Write **bold**: '__' begins and ends none beside a letter.")
    if after.isalnum() and _is_punctuation(last):
        move = "" if last in "]}" else f", or '{last}' behind the '{mark}'"
        message = f"this '{mark}' ends no bold between '{last}' and '{after}', so it would show as typed."
        return Finding(closing, 2, message, f"Put a space behind it{move}.")
    if before.isalnum() and _is_punctuation(first):
        move = "" if first in "[{" else f", or '{first}' before the '{mark}'"
        message = f"this '{mark}' begins no bold between '{before}' and '{first}', so it would show as typed."
        return Finding(opening, 2, message, f"Put a space before it{move}.")
    return Finding(opening, 2, message, hint)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"
