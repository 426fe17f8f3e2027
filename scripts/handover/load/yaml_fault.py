"""Where a file stops being YAML: the parser notices a slip long after it was made, so its place is looked for."""

import contextlib
import re
from itertools import pairwise
from typing import Any, NamedTuple

import yaml
from yaml.tokens import (
    BlockEntryToken,
    FlowMappingEndToken,
    FlowMappingStartToken,
    FlowSequenceEndToken,
    FlowSequenceStartToken,
    ScalarToken,
    Token,
    ValueToken,
)

from handover.load.files import TextFile
from handover.load.plain_text import CURLY
from handover.model.diagnostic import Diagnostic, Place, error

_Scanner: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENING = (FlowMappingStartToken, FlowSequenceStartToken)
_CLOSING = (FlowMappingEndToken, FlowSequenceEndToken)
_GLUED = re.compile(r"^\s*(?:- )?[\w-]+:(?=[^\s:/])")
_DASH_GLUED = re.compile(r"^ *-(?=[\w\"'{\[])")
_COLONLESS = re.compile(r"[\w-]+ +[\[{]")
"""A key with a group or a list right behind it."""
_COLONLESS_TEXT = re.compile(r"\s*(?:- )?([\w-]+) +([\"']).*\2\s*$")
"""A key with a text in quotes right behind it. The text may have colons, and with them quotes that seem to begin."""
KEY = re.compile(r"^\s*[\w-]+:(?:\s|$)")
"""A line that starts with a key."""
_BEFORE_VALUE = re.compile(r"\s*(?:-\s+)?(?:[\w.-]+\s*:)?\s*(?:-\s+)?")
"""A line up to its value; with spaces of all kinds."""
INDENTED = "this line is indented otherwise than its neighbours."
_QUOTED = "quoted scalar"
"""What the parser names when a quote does not end; its mark is the quote then."""


class _Mark(NamedTuple):
    """A spot, both counted from 0, as the parser's own marks."""

    line: int
    column: int


Found = tuple[Any, str, str]
"""A mark, what is wrong there, and what mends it."""


def explain_fault(file: TextFile, trouble: yaml.MarkedYAMLError, first_line: int) -> Diagnostic:
    """The finding for a file that is not YAML, at the place where the slip most likely is."""
    mark, message, hint = _slip(file.text, trouble)
    if mark is None:
        return error(Place(file.path, first_line), "yaml-syntax", message, hint)
    return error(Place(file.path, first_line + mark.line, mark.column + 1), "yaml-syntax", message, hint)


def _slip(text: str, trouble: yaml.MarkedYAMLError) -> Found:
    mark: Any = trouble.problem_mark or trouble.context_mark
    problem, context = trouble.problem or "", trouble.context or ""
    if mark is None:
        return None, f"this is not YAML: {problem}.", "Look at quotes, colons and indentation."
    lines = text.split("\n")
    here = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in here[: mark.column + 1] or "\t" in problem:
        return mark, "a tab stands in the indentation.", "Indent with spaces, never with tabs."
    odd = _odd_space(lines, {mark.line - 1, mark.line, getattr(trouble.context_mark, "line", mark.line)})
    if odd is not None:
        return odd
    tokens = [] if _QUOTED in context else _tokens(text, mark.line)
    return (
        _unclosed_quote(tokens, trouble, mark, lines)
        or _unclosed_bracket(tokens, trouble, mark)
        or _odd_value(tokens, trouble, mark, lines)
        or _glued_dash(mark, lines)
        or _lost_colon(tokens, trouble, mark, lines)
        or _odd_indentation(mark, lines, problem, context)
        or _odd_start(mark, problem, here)
        or (mark, f"this is not YAML: {problem}.", "Look at quotes, colons and indentation here and one line above.")
    )


def _odd_space(lines: list[str], numbers: set[int]) -> Found | None:
    """A space that YAML takes for a letter: it came along with a paste."""
    for number in sorted(number for number in numbers if 0 <= number < len(lines)):
        start = _BEFORE_VALUE.match(lines[number])
        for column, character in enumerate(start[0] if start else ""):
            if character.isspace() and character not in " \t":
                message = (
                    f"this space is U+{ord(character):04X}, which came along with a paste; YAML takes it for a letter."
                )
                return _Mark(number, column), message, "Delete it, and type a space."
    return None


def _glued_dash(mark: Any, lines: list[str]) -> Found | None:
    """An item of a list without the space behind its dash."""
    for number in (mark.line, mark.line - 1):
        glued = _DASH_GLUED.match(lines[number]) if 0 <= number < len(lines) else None
        if glued is not None:
            return _Mark(number, glued.end() - 1), "behind this '-' a space is missing.", "Write a space behind it."
    return None


def _tokens(text: str, last: int) -> list[Token]:
    """The tokens up to the line, counted from 0, where the file stops being YAML."""
    tokens: list[Token] = []
    with contextlib.suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=_Scanner):
            if token.start_mark.line > last:
                break
            tokens.append(token)
    return tokens


def _unclosed_quote(tokens: list[Token], trouble: yaml.MarkedYAMLError, mark: Any, lines: list[str]) -> Found | None:
    """A quote that never closes, or closes at the next one, lines below."""
    start: Any = trouble.context_mark if _QUOTED in (trouble.context or "") else None
    for token in tokens[-8:]:
        if start is None and isinstance(token, ScalarToken) and token.style in ("'", '"'):
            first, last = token.start_mark.line, token.end_mark.line
            if first < last and mark.line - last <= 3:
                start = token.start_mark
    if start is None:
        return None
    quote = lines[start.line][start.column]
    if "escape" in (trouble.problem or ""):
        return mark, "this backslash means nothing here.", "Write two of them, or use single quotes."
    return _colonless_text(start, lines) or (start, *unclosed(quote))


def _colonless_text(start: Any, lines: list[str]) -> Found | None:
    """The key before a text in quotes, in which the quote at `start` only seems to begin."""
    colonless = _COLONLESS_TEXT.match(lines[start.line])
    if colonless is None or start.column <= colonless.start(2):
        return None
    message, hint = "this key has no ':' behind it.", f"Write '{colonless[1]}: …'."
    return _Mark(start.line, colonless.start(1)), message, hint


def unclosed(quote: str) -> tuple[str, str]:
    """What is wrong with a quote that closes only at the next one, lines below, and what mends it."""
    return f"the quote {quote} that opens here does not close on its line.", f"Close it with {quote}."


def _unclosed_bracket(tokens: list[Token], trouble: yaml.MarkedYAMLError, mark: Any) -> Found | None:
    """A bracket or brace that never closes."""
    opened: list[Token] = []
    for token in tokens:
        if isinstance(token, _OPENING):
            opened.append(token)
        elif isinstance(token, _CLOSING) and opened:
            opened.pop()
    if not opened:
        if "']'" in (trouble.problem or "") or "'}'" in (trouble.problem or ""):
            return mark, "nothing that closes here was opened.", "Delete it, or put the text in quotes."
        return None
    earlier = [token for token in opened if token.start_mark.line < mark.line]
    start: Any = (earlier or opened)[-1].start_mark
    opening, closing = ("{", "}") if isinstance((earlier or opened)[-1], FlowMappingStartToken) else ("[", "]")
    message = f"the '{opening}' that opens here does not close."
    return start, message, f"Close it with '{closing}', or put text that starts with '{opening}' in quotes."


def _odd_value(tokens: list[Token], trouble: yaml.MarkedYAMLError, mark: Any, lines: list[str]) -> Found | None:
    """Text that starts with emphasis, a quote or a link, which the parser takes for more than text."""
    if (trouble.context or "").endswith(("an alias", "an anchor")):
        start: Any = trouble.context_mark
        return _cannot_start(start, lines[start.line][start.column])
    for before, token in pairwise(tokens):
        start = token.start_mark
        if (
            not isinstance(before, ValueToken | BlockEntryToken)
            or (start.line, before.start_mark.line) != (mark.line,) * 2
        ):
            continue
        first = lines[start.line][start.column]
        if first in "\"'[{*" and start.column < mark.column:
            message = f"a value that starts with '{first}' ends where that closes, and this one goes on."
            quotes = "single" if first == '"' else "double"
            return _colonless_text(start, lines) or (start, message, f"Put all of it in {quotes} quotes.")
    return None


def _lost_colon(tokens: list[Token], trouble: yaml.MarkedYAMLError, mark: Any, lines: list[str]) -> Found | None:
    """A key without its colon, or without the space behind it."""
    start: Any = None
    plain = [token for token in tokens if isinstance(token, ScalarToken) and token.plain]
    if "simple key" in (trouble.context or ""):
        start = trouble.context_mark
    elif "mapping values" in (trouble.problem or "") and plain:
        last = plain[-1]
        before = tokens[tokens.index(last) - 1]
        if isinstance(before, ValueToken) and before.start_mark.line == last.start_mark.line:
            if last.start_mark.line < mark.line and KEY.match(lines[mark.line]):
                return _indentation(mark.line, lines)
            if CURLY.match(lines[last.start_mark.line], last.start_mark.column):
                message = "YAML takes these quotes for a part of the text, and a second ':' stands in it."
                return last.start_mark, message, 'Type straight ones: "…".'
            key = plain[-2].start_mark if len(plain) > 1 else None
            if key is None or not _COLONLESS.match(lines[key.line], key.column):
                return mark, "a second ':' stands in this value.", "Put the value in quotes."
            start = key
        elif last.start_mark.line < mark.line:
            start = last.start_mark
    if start is None or start.line >= len(lines):
        return None
    line = lines[start.line]
    if _GLUED.match(line):
        colon = _Mark(start.line, line.index(":", start.column))
        return colon, "behind this ':' a space is missing.", "Write a space behind it."
    return (
        start,
        "this key has no ':' behind it.",
        "Write 'key: value', or indent text that goes on from the line above.",
    )


def _odd_indentation(mark: Any, lines: list[str], problem: str, context: str) -> Found | None:
    """An entry that is indented otherwise than those beside it, where more than one may be."""
    if not any(word in problem for word in ("expected", "not allowed", "did not find")) or "flow" in context:
        return None
    return _indentation(mark.line, lines) if mark.line < len(lines) else None


def _indentation(number: int, lines: list[str]) -> Found:
    place = _Mark(number, _depth(lines[number]))
    return place, INDENTED, "Indent the entries of one group alike."


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _odd_start(mark: Any, problem: str, line: str) -> Found | None:
    """A character that cannot start a value."""
    if "cannot start any token" in problem or "unknown escape" in problem or "block scalar" in problem:
        shown = line[mark.column : mark.column + 1]
        return _cannot_start(mark, shown)
    return None


def _cannot_start(mark: Any, shown: str) -> Found:
    return mark, f"a value cannot start with '{shown}'.", "Put it in quotes."
