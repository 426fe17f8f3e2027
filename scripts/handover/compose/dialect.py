r"""Markup of other dialects, and marks without effect: readers would get them as typed. One table of shapes.

A shape is looked for in the `literal` of a paragraph: its source with LITERAL in place of all that the parser
understood or the author escaped, so that every position is one of the source.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator

from handover.compose.emphasis import Finding, is_noted, unpaired

UNDERSTOOD = "\0"
"""In a literal: a character that has a meaning, or was escaped."""
BREAK = "\v"
"""In a literal: the end of a line that does not run together with the next."""


_SPECIAL_SPACE = "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_OPENING, _CLOSING = "(\"'\u201c\u201e\u00ab\u2013\u2014/", ".,;:!?)\"'\u201d\u201c\u00bb\u2013\u2014/"
"""Punctuation before and after words with a mark around them."""
_TYPED = "'{}' would show as typed."
_ESCAPE = "for the character itself write \\{}."

_ANYWHERE = (
    ("~~(?:[^~\n]*~~)?", "strikethrough is not supported.", f"Leave it out; {_ESCAPE}"),
    (r"~[^\s~]+~|(?<!\w)~(?=\w)[^~\n]+(?<=\w)~(?!\w)", _TYPED, f"Leave the '~' out; {_ESCAPE}"),
    (
        r"(?<![\w=])==(?=[^\s=])[^=\n]+(?<=\S)==(?!\w)",
        "highlighting is not supported.",
        f"Write **bold** instead of '=='; {_ESCAPE}",
    ),
    (
        r"(?<![\w+])\+\+(?=[^\s+])[^+\n]+(?<=\S)\+\+(?!\w)",
        "underlining is not supported.",
        f"Leave the '++' out; {_ESCAPE}",
    ),
    (r"\^[^\s^]+\^", _TYPED, f"Leave the '^' out, or type ² or ³; {_ESCAPE}"),
    (
        r"(?<![\w:/]):[a-z+][a-z0-9_+-]*:(?![\w:/])",
        "'{}' stays these letters.",
        "Type the emoji itself, or leave it out.",
    ),
    (
        r"\|\|[^|\n]+\|\||%%[^%\n]+%%|\$\$[^$\n]+\$\$|(?<!')'{3}[^'\n]+'{3}(?!')|![^\s!]+\.(?:png|jpe?g|gif)!|<[@!#][^<>\n]*>",
        _TYPED,
        f"Write the words alone; {_ESCAPE}",
    ),
    (
        r"&(?:nbsp|amp|lt|gt|quot|[mn]dash|hellip|[lr][sd]quo)\b",
        _TYPED,
        "End it with a semicolon, or type the character itself.",
    ),
)
"""Shapes of other dialects, the message and the hint: `{}` is what was found, and in the hint its first character."""

_INLINE = (
    *_ANYWHERE,
    (r"`", "this '`' has no pair, so it would show as typed.", f"Write code as `code`; {_ESCAPE}"),
    (
        r"<%[^%\n]*%>|<<[^<>\n]+>>|_{3,}",
        "'{}' looks like an unfilled placeholder.",
        "Write {{{{ name }}}}; for a line to write on, type dots.",
    ),
    (
        r"(?<!\S)\*(?=[^\s*])|(?<=[^\s*\d%$\u00a2-\u00a5\u20a0-\u20cf])\*(?!\S)",
        "this '*' has no pair, so it would show as typed.",
        f"Write *italics* without spaces inside the marks; {_ESCAPE}",
    ),
    (
        rf"(?<![^\s{_OPENING}])_(?=[^\W_]|\0)|(?:(?<=[^\W_])|(?<=\0))_(?![^\s{_CLOSING}])",
        "this '_' has no pair, so it would show as typed.",
        f"Write *italics* without spaces inside the marks; {_ESCAPE}",
    ),
    (
        r"\\(?=[ \t]*(?:\n|\Z))",
        "this backslash breaks no line, so it would show as typed.",
        "Delete it: it breaks a line only as its last character, with another line below.",
    ),
)
"""The same, and marks without effect."""

_LINE = (
    (
        r"(?:!{3}|\?{3}\+?)(?=[ \t]+\w)|\.\.[ \t]+[\w-]+::",
        "'{}' makes no box for a note, and would show as typed.",
        "Write a paragraph, or a quote that begins with '> '.",
    ),
    (
        r"h[1-6]\.(?=[ \t]+\S)|={2,6}(?=[ \t][^=\n]+=)",
        "'{}' makes no heading, and would show as typed.",
        "Begin the line with '## '.",
    ),
    (r":(?=[ \t]+\S)", "':' makes no definition, and would show as typed.", "Write '**Term:** what it means'."),
    (
        rf"#{{2,6}}(?=[^\s#])|#{{1,6}}(?={_SPECIAL_SPACE})",
        "a heading does not begin like this; customers would read '{}'.",
        "Begin the line with '{}' and a space.",
    ),
    (
        "[\u2022\u00b7\u2219\u2023\u2043]"
        "|[\u25a0\u25a1\u25aa\u25ab\u25ba\u25b8\u25cb\u25cf\u25e6\u2756\u27a2\u27a4]"
        "(?![ \u3000]?[\u3040-\u30ff\u4e00-\u9fff])",
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
    r"(?<![*_])(\*{2,3}|_{2,3})(?=[^\s*_])[^*_\n]{1,200}(?<=\S)\1(?![*_])|`[^`\n]{1,200}`"
    r"|(?<![\w*_])([*_])(?=[^\s*_])[^*_\n]{0,200}[^\s*_]\2(?![\w*_])|\\[*_#>~`\[\]]|&#?[a-z0-9]{2,8};"
    f"|{'|'.join(pattern for pattern, *_ in _ANYWHERE)}"
)
"""Markdown, and shapes of other dialects, where there is plain text alone, as in a subject."""
IN_PLAIN_VALUE = re.compile(
    rf"{IN_PLAIN_TEXT.pattern}|\[[^\[\]\n]{{1,200}}\](?:\[[^\[\]\s]{{1,200}}\]|\([^()\s]{{1,200}}\))"
)
"""The same and links, where brackets are allowed, as in a title."""

_ORDINAL = "(?:[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,3}|\\d{1,9})\u3001"
_NUMERAL = rf"(?:[^\W\d_]|[ivx]{{1,4}}|\d{{1,9}})[.)\uff0e\uff09]|{_ORDINAL}"
_NO_SYMBOL = "\"'()\\[\\]{}<>@#\u00a1\u00bf\u2018-\u201f\u00ab\u00bb\u2026\uff08\u3008\u300a\u300c\u300e"
_ITEM = re.compile(
    rf"[ \t]*+(?P<mark>(?P<symbol>[^\w\s\0\v{_NO_SYMBOL}])"
    rf"|[(\uff08]?(?:{_NUMERAL})(?=[^\W\d_]|[ \t]|{_SPECIAL_SPACE})|[o\u00a7](?=[ \t])"
    r"|[\u2460-\u24ff\u2776-\u2793]|\d\ufe0f?\u20e3)"
)
"""How a line begins that is meant as an item of a list."""
SPECIAL_START = re.compile(rf"[ \t>]*+({_SPECIAL_SPACE}+)[ \t]*+(?:[-*+]|#{{1,6}}|\d{{1,9}}[.)])[ \t]")
"""How a line begins that a special space keeps from being a heading or an item."""
_IN_ORDER = re.compile(r"[0-9]{1,9}[.)] ")
_BEGIN = "Begin each with '-' and a space, below an empty line"
_TABLE = re.compile(r"^[ \t]*+(\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?)[ \t]*$", re.MULTILINE)
"""The line between the head and the body of a table."""
_NO_TABLE = (
    "a message cannot have a table; only the handbook's own prose can.",
    "Write a list with an item per row, as in '- **Owner:** Dana'.",
)
_ROWS = re.compile(r"^[ \t]*+\|[^\n]*\|[ \t]*\n([ \t]*+\|[^\n]*\|)[ \t]*$", re.MULTILINE)
"""Two rows of a table."""
_NO_LINE = (
    "the line of dashes below the head of this table is missing.",
    "Write one above this line, with as many '|' as the head: '| --- | --- |'.",
)
_NO_HEAD = (
    "this table needs a head with as many cells as the line of dashes.",
    "Write the head on the line above, with the same number of '|'.",
)

_INLINE_SHAPES = re.compile("(?=[~=+^:`&*_|%$'!<\\\\])(?:" + "|".join(f"({pattern})" for pattern, *_ in _INLINE) + ")")
_LINE_SHAPES = re.compile("[ \t]*+(?:" + "|".join(f"({pattern})" for pattern, *_ in _LINE) + ")")


def findings(literal: str, source: str, for_handbook: bool, noted: Collection[str]) -> Iterator[Finding]:
    """What would show as typed in a paragraph or heading; each shape that a line begins with is found once.

    `noted` are stars that are no marks: see `pairs.notes`.
    """
    lines = literal.replace(BREAK, "\n")
    shapes = (_finding(match, _INLINE) for match in _INLINE_SHAPES.finditer(lines))
    yield from (each for each in (*unpaired(lines, source), *shapes) if not is_noted(lines, each, noted))
    table = _TABLE.search(lines) if "|" in lines else None
    if table is not None and "|" in table[1]:
        yield Finding(table.start(1), len(table[1]), *(_NO_HEAD if for_handbook else _NO_TABLE))
        return
    rows = _ROWS.search(lines) if "|" in lines else None
    if rows is not None:
        yield Finding(rows.start(1), len(rows[1]), *(_NO_LINE if for_handbook else _NO_TABLE))
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
    start = 0
    while start >= 0:
        yield start
        start = lines.find("\n", start) + 1 or -1


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
