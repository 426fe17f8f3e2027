"""A slip in YAML, found by the repair with which the file reads: a missing colon, a quote, a line indented wrongly.

The parser notices most slips too late: on a later line, or never, where the file now means something else, of which
the models then complain several times. So the repairs that people need most are tried around each problem.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

import yaml
from yaml.events import NodeEvent

from handover.load.files import TextFile
from handover.model.diagnostic import Diagnostic, Place, error

MAX_TRIED = 1_000_000
"""Characters that are parsed in all while a repair is looked for."""

MAX_PROBLEMS = 40
"""With more problems than these, it is more than one slip."""

BEFORE, AFTER = 40, 10
"""How many lines before and after a problem the slip may be."""

STEP = 2
"""Spaces per level of indentation."""

CURLY = re.compile(r"[\u201c-\u201f\u2018-\u201b\u00ab].*[\u201c\u201d\u2018\u2019\u00bb\"']", re.DOTALL)
"""A text in quotes as word processors write them."""

CURLY_QUOTES = "YAML reads these quotes as part of the text.", 'Type straight ones: "…".'
UNCLOSED = "the quote {} that opens here does not close on its line.", "Close it with {}."

Attempt = Callable[[TextFile], Sequence[Diagnostic]]
"""The problems of a file with this text."""
_Key = tuple[str, int, str]
_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STRUCTURE = frozenset({"yaml-syntax", "duplicate-key", "missing-key", "unknown-key", "wrong-type", "invalid-id"})
_ENTRY = re.compile(r" *(?:- |[\w.-]+:(?: |$))")
"""A line that begins an item or a key."""

_SPACE = "a space is missing after this '{}'.", "Write a space after it."
_NO_SPACE = "YAML does not read this special space as one.", "Delete it, and type a plain one."
_COLON = "this key has no ':' after it.", "Write 'key: value'."
_DASH = "this item of a list has no '- '.", "Begin it with '- '."
_NO_KEY = "this item has keys below it, but its text has none.", "Write '- do: …'."
_NO_TEXT = "a text cannot start with '{}' like this.", "Put all of it in quotes."
_BRACKET = "the '{}' that opens here does not close.", "Close it, or put text that starts with '{}' in quotes."
_ESCAPE = "this backslash means nothing here.", "Write two of them, or use single quotes."
_SECOND_COLON = "a second ':' is in this value.", "Put the value in quotes."
_COMMA = (
    "between braces, the comma before '{at}' ends the text of '{key}'.",
    'Put the text with the comma in quotes: {key}: "…, {at}".',
)
_VALUE, _ANY_TEXT = r"^( *(?:- +)*(?:[\w.-]+: +(?:- +)*)?)(?P<at>)", r"\1x"
_RULES = (
    (r"^( *(?:- +)*[\w.-]+(?P<at>):)(?=[^\s:/])", r"\1 ", _SPACE),
    (r"^( *(?P<at>)-)(?=[\w\"'{\[])", r"\1 ", _SPACE),
    (r"^( *+(?:- *+)?(?:[\w.-]+:)? *+(?P<at>))[^\S \t]+", r"\1 ", _NO_SPACE),
    (r"^( *(?:- +)*(?P<at>)\w[\w.-]*)(?= |$)", r"\1:", _COLON),
    (r"^( *)  (?P<at>)(?=[\w.-]+:)", r"\1- ", _DASH),
    (r"^( *- )(?P<at>)([^\W\d_][^:#'\"\[\]{}]*)$", r"\1do: \3", _NO_KEY),
    (
        r"^( *(?:- +)*(?:[\w.-]+: +(?:- +)*)?)\"(?:[^\"\\]|\\.)*?"
        r"(?P<at>)\\(?![\"\\/0abtnvfreNLP_ ]|x\w\w|u\w{4}|U\w{8}).*$",
        _ANY_TEXT,
        _ESCAPE,
    ),
    (f"{_VALUE}{CURLY.pattern}$", _ANY_TEXT, CURLY_QUOTES),
    (_VALUE + r"([\"'])(?:\\.|(?!\3|\\).)*$", _ANY_TEXT, UNCLOSED),
    (_VALUE + r"(?:\[[^\]]*|\{[^}]*|\{.*\})$", _ANY_TEXT, _BRACKET),
    (_VALUE + r"[\"'*@`%\[{].*$", _ANY_TEXT, _NO_TEXT),
    (r"^( *(?:- +)*[\w.-]+: +)(?P<at>)(?:[-?:] .*|[>|][-+\d]*+ *+[^#\s].*|[&\]},].*)$", _ANY_TEXT, _NO_TEXT),
    (r"^( *(?:- +)*[\w.-]+: ++)[^\"'\[{#]*?(?P<at>):(?: .*)?$", _ANY_TEXT, _SECOND_COLON),
    (
        r"^(.*[{,] *(?P<key>[\w-]+): +)(?P<text>[^\"'\[{,:][^:{}]*, *(?P<at>[^:{},]*[^:{}, ]))(?= *(?:, *[\w-]+:|\}))",
        r'\1"\g<text>"',
        _COMMA,
    ),
)
"""Lines, the repair (of a value: any other text), and its words: the slip is at `at`, `{}` is the character there."""

_STOPS = (
    ("escape", False, _ESCAPE),
    ("quoted scalar", True, UNCLOSED),
    ("flow", True, _BRACKET),
    ("alias", True, _NO_TEXT),
    ("cannot start", False, _NO_TEXT),
    ("simple key", True, (_COLON[0], "Write 'key: value', or indent text that goes on from the line above.")),
    ("mapping values", False, ("a ':' cannot be here.", "Put the value in quotes, or indent it like its neighbors.")),
    ("expected", False, ("this line is indented unlike the lines around it.", "Indent the keys of a group alike.")),
)
"""Words of the parser where it stops, whether their context is the place, and how to tell it."""


class _Repair(NamedTuple):
    """What becomes of the lines from `first` to `last`, the column of the slip, from 0, and how to tell it."""

    first: int
    last: int
    text: str
    column: int
    words: tuple[str, str]
    is_value: bool = False
    """True if some other text is in place of the value, so that no more can be told of the file."""
    is_sure: bool = True
    """False if it may hide a problem of another kind."""


def explain_stop(file: TextFile, trouble: yaml.MarkedYAMLError, first_line: int) -> Diagnostic:
    """The problem of a file that is not YAML, at the parser's place; `first_line` is the number of the first line."""
    mark: Any = trouble.problem_mark or trouble.context_mark
    problem = f"{trouble.context} {trouble.problem}"
    look = "Look at quotes, colons and indentation here and one line above."
    otherwise = "", False, (f"this is not YAML: {trouble.problem}.", look)
    _, is_context, words = next((stop for stop in _STOPS if stop[0] in problem), otherwise)
    if mark is None:
        return error(Place(file.path, first_line), "yaml-syntax", *otherwise[2])
    if "\t" in file.text[max(mark.index - mark.column, 0) : mark.index + 1] or "\t" in problem:
        is_context, words = False, ("a tab is in the indentation.", "Indent with spaces.")
    if is_context and trouble.context_mark is not None:
        mark = trouble.context_mark
    sign = file.text[mark.index : mark.index + 1]
    return _problem(Place(file.path, first_line + mark.line, mark.column + 1), words, sign)


def _problem(place: Place, words: tuple[str, str], sign: str) -> Diagnostic:
    message, hint = (part.replace("{}", sign) for part in words)
    return error(place, "yaml-syntax", message, hint)


def mend(file: TextFile, found: Sequence[Diagnostic], attempt: Attempt) -> tuple[TextFile | None, Diagnostic] | None:
    """The file with its slip repaired, and the problem that explains `found`, those of the file as it is.

    No file where no more can be told of it; None where no repair of one place explains what is wrong.
    """
    near = [each.place.line - 1 for each in found if each.code in _STRUCTURE]
    if not near or len(found) > MAX_PROBLEMS:
        return None
    lines, before, starts = file.text.split("\n"), {_key(each) for each in found}, _starts(file.text)
    best: tuple[int, TextFile, Diagnostic] | None = None
    for repair in islice(_repairs(lines, near), MAX_TRIED // len(file.text)):
        text = "\n".join([*lines[: repair.first], repair.text, *lines[repair.last + 1 :]])
        its_starts = _starts(text)
        # No other line may become a part of the text above it.
        if its_starts is None or not its_starts.issuperset({repair.first} if starts is None else starts):
            continue
        sign = lines[repair.first][repair.column : repair.column + 1]
        problem = _problem(Place(file.path, repair.first + 1, repair.column + 1), repair.words, sign)
        if repair.is_value and starts is None:
            return None, problem
        left = {_key(each) for each in attempt(replace(file, text=text))}
        if _explains(repair, before, left, starts is None) and (best is None or len(left) < best[0]):
            best = len(left), replace(file, text=text), problem
            if not left:
                return best[1:]
    return best[1:] if best else None


def _explains(repair: _Repair, before: set[_Key], left: set[_Key], is_unread: bool) -> bool:
    """True if a repair is what was meant; `before` and `left` are the problems before and after it."""
    if repair.is_value or any(line == repair.first + 1 for _, line, _ in left):
        return False
    gone = [code for code, _, _ in before - left]
    is_sure = repair.is_sure or len(gone) > 1 or "missing-key" in gone or "yaml-syntax" in gone
    return is_unread or (left < before and is_sure)


def _key(found: Diagnostic) -> _Key:
    return found.code, found.place.line, found.message


def _starts(text: str) -> frozenset[int] | None:
    """The lines of a file's YAML, from 0, on which something starts; None where it is not YAML."""
    head = "\n" + text[4:].partition("\n---")[0] if text.startswith("---\n") else text
    try:
        events = [event for event in yaml.parse(head, Loader=_Parser) if isinstance(event, NodeEvent)]
    except yaml.YAMLError:
        return None
    return frozenset(event.start_mark.line for event in events if event.start_mark is not None)


def _repairs(lines: Sequence[str], near: Sequence[int]) -> Iterator[_Repair]:
    """The repairs to try: those of the rules, then lines that are moved; the nearest lines first."""
    numbers = [number for number in range(len(lines)) if any(-BEFORE <= number - each <= AFTER for each in near)]
    numbers.sort(key=lambda number: min(abs(number - each) for each in near))
    for pattern, repaired, words in _RULES:
        for number in numbers:
            match = re.match(pattern, lines[number])
            if match:
                text = re.sub(pattern, repaired, lines[number], count=1)
                message, hint = (part.format("{}", "{}", **match.groupdict()) for part in words)
                is_value = repaired == _ANY_TEXT
                yield _Repair(number, number, text, match.start("at"), (message, hint), is_value)
    yield from _moves(lines, numbers)


def _moves(lines: Sequence[str], numbers: Sequence[int]) -> Iterator[_Repair]:
    """Lines that begin an entry, or those and the ones beside them, moved to a level; the likeliest moves first."""
    depths = [len(line) - len(line.lstrip(" ")) if _ENTRY.match(line) else None for line in lines]
    moves: dict[tuple[int, int, int, int], tuple[bool, bool, int]] = {}
    for distance, number in enumerate(numbers):
        depth = depths[number]
        if depth is not None:
            last = number
            while depths[last + 1 : last + 2] == [depth] and not re.match(r" *-|.*:$", lines[last + 1]):
                last += 1
            around = {each for each in depths[max(number - AFTER, 0) : number + AFTER] if each is not None}
            level = depth - depth % STEP
            for other in {0, max(level - STEP, 0), level, level + STEP, *around} - {depth}:
                for end in {number, last}:
                    moves[number, end, depth, other] = other % STEP != 0, other > depth, distance
    for first, last, depth, other in sorted(moves, key=moves.__getitem__):
        message = f"this line is indented too {'little' if depth < other else 'much'}."
        below = f", and {last - first} more below it," if last > first else ""
        hint = f"Begin it{below} with {other} {'space' if other == 1 else 'spaces'}."
        text = "\n".join(" " * other + line.lstrip() for line in lines[first : last + 1])
        yield _Repair(first, last, text, depth, (message, hint), is_sure=other < depth)
