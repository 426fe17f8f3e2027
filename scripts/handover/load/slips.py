"""A slip in YAML, found by the repair with which the file reads: a missing space, a quote, a line indented wrongly.

The parser notices most slips too late: on a later line, or never, where the file now means something else, of which
the models then complain several times. So the repairs that people need most are tried around each problem.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import yaml
from yaml.events import NodeEvent

from handover.load.files import TextFile
from handover.model.diagnostic import Diagnostic, Place, error

MAX_TRIED, MAX_PROBLEMS = 2_000_000, 40
"""Characters that are parsed in all while a repair is looked for, and problems that can come from one slip."""

BEFORE, AFTER = 15, 5
"""How many lines before and after a problem the slip may be."""

CURLY = re.compile(r"[\u201c-\u201f\u2018-\u201b\u00ab].*[\u201c\u201d\u2018\u2019\u00bb\"']", re.DOTALL)
"""A text in quotes as word processors write them."""

Attempt = Callable[[TextFile], Sequence[Diagnostic]]
"""The problems of a file with this text."""
Words = tuple[str, str]
"""The message and the hint of a problem; `{}` is the character at its place."""

COMMENT = "YAML reads what follows this '#' as a comment, not as text.", "Put the value in quotes."
CURLY_QUOTES = "YAML reads these quotes as part of the text.", 'Type straight ones: "…".'
NO_VALUE = "between braces, each key needs a ': ' after it.", "Write 'key: value'; put text with a comma in quotes."
_AFTER_QUOTE = "the text goes on after the quote that ends it here.", "Put all of it in the other kind of quotes."
_BETWEEN = (
    "YAML cannot read this pair of brackets.",
    "Match them, put commas between values, and text with marks in quotes.",
)
_BOTH = "this key has a value and keys below it.", "Delete the value, or write it at a key of its own."
_BRACKET = "the '{}' that opens here does not close.", "Close it, or put text that starts with '{}' in quotes."
_COLON = "this key has no ':' after it.", "Write 'key: value', or indent text that goes on from the line above."
_DASH = "this item of a list has no '- '.", "Begin it with '- '."
_ESCAPE = "this backslash means nothing here.", "Write two of them, or use single quotes."
_NOT_AN_ITEM = "this key belongs to a group, not to a list.", "Delete its '- ', and indent it like the other keys."
_NO_KEY = "this item has keys below it, but its text has none.", "Write a key before it, as in '- do: …'."
_NO_SPACE = "YAML does not read this special space as one.", "Delete it, and type a plain one."
_NO_TEXT = "a text cannot start with '{}' like this.", "Put all of it in quotes."
_SECOND_COLON = "a second ':' is in this value.", "Put the value in quotes, or each key on a line of its own."
_SPACE = "a space is missing after this '{}'.", "Write a space after it."
_TAB = "a tab is in the indentation.", "Indent with spaces."
_UNCLOSED = "the quote {} that opens here does not close on its line.", "Close it with {}."
_UNKNOWN = "YAML cannot read this.", "Indent it like the lines around it, and put text with a ':' or a mark in quotes."

_REPAIRS = (
    (r"( *(?:- +)*[\w.-]+(?P<at>):)(?=[^\s:/])", r"\1 ", _SPACE),
    (r"( *(?P<at>)-)(?=[\w\"'{\[])", r"\1 ", _SPACE),
    (r"( *+(?:- *+)?(?:[\w.-]+:)? *+(?P<at>))[^\S \t]+", r"\1 ", _NO_SPACE),
    (r"( *(?:- +)*(?P<at>)\w[\w.-]*)(?= |$)", r"\1:", _COLON),
    (r"( *(?:- +)*(?:[\w.-]+: +)?(?P<at>)([\"'])(?:\\.|(?!\3|\\).)*)$", r"\1\3", _UNCLOSED),
    (r"( *)(?P<at>)(?:[*+\u2022\u00b7\u2013\u2014]|\d+[.)]) *", r"\1- ", _DASH),
    (r"( *)  (?P<at>)(?=[\w.-]+:)", r"\1- ", _DASH),
    (r"( *)(?P<at>)(?=[^ #-])", r"\1- ", _DASH),
    (r"( *)(?P<at>)- +(?=[\w.-]+:)", r"\1", _NOT_AN_ITEM),
    (r"( *)(?P<at>)- +(?=[\w.-]+:)", r"\1  ", _NOT_AN_ITEM),
)
"""How a line starts, what is there instead, and how to tell it: the slip is at `at`."""

_VALUE = r"( *(?:- +)*+(?:[\w.-]+: +)?+)"
_VALUES = (
    (_VALUE + r"\"(?:[^\"\\]|\\.)*?(?P<at>\\)(?![\"\\/0abtnvfreNLP_ ]|x\w\w|u\w{4}|U\w{8}).*", r"\1x", _ESCAPE),
    (_VALUE + r"([\"'])(?:\\.|(?!\2|\\).)*(?P<at>\2) *[^ #].*", r"\1x", _AFTER_QUOTE),
    (_VALUE + f"(?P<at>){CURLY.pattern}.*", r"\1x", CURLY_QUOTES),
    (_VALUE + r"(?P<at>)(?:\[.*\]|\{.*\})$", r"\1x", _BETWEEN),
    (_VALUE + r"(?P<at>)(?:\[.*\]|\{.*\}|[^\s\w\[{\"']).*", r"\1x", _NO_TEXT),
    (_VALUE + r"[^\s\"'\[{#][^\"'\[{#]*?(?P<at>):(?: .*)?$", r"\1x", _SECOND_COLON),
    (r"( *- +)(?P<at>)[^\W\d_][^:\[{]*$", r"\1x: x", _NO_KEY),
    (r"( *(?:- +)*[\w.-]+:) +(?P<at>)\S.*", r"\1", _BOTH),
)
"""The same for values that YAML cannot read: where an `x` is in their place, no more can be told of the file."""

_STOPS = {"scanning a quoted scalar": _UNCLOSED, "flow": _BRACKET, "simple key": _COLON}
"""What the parser does where it stops, and how to tell it at the place where it began to."""

_ENTRY = re.compile(r"( *)(?:- |[\w.-]+:(?: |$))")
"""A line that begins an item or a key."""
Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STRUCTURE = frozenset({"yaml-syntax", "duplicate-key", "missing-key", "unknown-key", "wrong-type", "invalid-id"})

_Repair = tuple[int, str, int, Words, bool]
"""The first line to replace, what is there instead, the column of the slip, its words, if the rest is still read."""


def explain_stop(file: TextFile, trouble: Any, first_line: int) -> Diagnostic:
    """The problem of a file that is not YAML, by a `MarkedYAMLError`; `first_line` is the number of its first line."""
    mark, words = trouble.problem_mark, _UNKNOWN
    if "\t" in file.text[mark.index - mark.column : mark.index + 1] or "\t" in trouble.problem:
        words = _TAB
    elif stop := next((stop for stop in _STOPS if stop in str(trouble.context)), None):
        mark, words = trouble.context_mark, _STOPS[stop]
    return _problem(file, first_line + mark.line, mark.column, words, file.text[mark.index : mark.index + 1])


def _problem(file: TextFile, line: int, column: int, words: Words, sign: str) -> Diagnostic:
    message, hint = (part.replace("{}", sign) for part in words)
    return error(Place(file.path, line, column + 1), "yaml-syntax", message, hint)


def mend(file: TextFile, found: Sequence[Diagnostic], attempt: Attempt) -> tuple[TextFile | None, Diagnostic] | None:
    """The file with its slip repaired, and the problem that explains `found`, those of the file as it is.

    No file where no more can be told of it; None where no repair of one place explains what is wrong.
    """
    near = [each.place.line - 1 for each in found if each.code in _STRUCTURE]
    if not near or len(found) > MAX_PROBLEMS:
        return None
    lines, (starts, is_yaml) = file.text.split("\n"), _read(file.text)
    near += [] if is_yaml else [max(starts, default=0)]  # what starts last may be a quote that does not close
    best: tuple[int, TextFile | None, Diagnostic] | None = None
    for first, text, column, words, goes_on in islice(_repairs(lines, near, is_yaml), MAX_TRIED // len(file.text)):
        mended = replace(file, text="\n".join([*lines[:first], text, *lines[first + 1 + text.count("\n") :]]))
        starts_now, is_yaml_now = _read(mended.text)
        # No other line may become a part of the text above it.
        if not is_yaml_now or not starts_now >= starts | {first}:
            continue
        problem = _problem(file, first + 1, column, words, lines[first][column : column + 1])
        if not goes_on and not is_yaml:
            return None, problem
        left = {each for each in attempt(mended) if goes_on or each.place.line != first + 1}
        gone = [each.code for each in set(found) - left]
        # What is moved to the right may only be hidden there, in a group that takes any key.
        is_sure = text[: column + 1].strip() or len(gone) > 1 or {"missing-key", "yaml-syntax"} & {*gone}
        is_clean = all(abs(each.place.line - 1 - first) > 1 for each in left)  # beside it too: else one slip is two
        explains = is_clean and (not is_yaml or (left < set(found) and is_sure))
        if explains and (best is None or len(left) < best[0]):
            best = len(left), mended if goes_on else None, problem
            if not left:
                break
    return best[1:] if best else None


def _read(text: str) -> tuple[set[int], bool]:
    """The lines of a file's YAML, from 0, on which something starts, and whether the parser comes to its end."""
    head = "\n" + text[4:].partition("\n---")[0] if text.startswith("---\n") else text
    starts: set[int] = set()
    try:
        for event in yaml.parse(head, Parser):
            starts |= {event.start_mark.line} if isinstance(event, NodeEvent) and event.start_mark else set()
    except yaml.YAMLError:
        return starts, False
    return starts, True


def _repairs(lines: Sequence[str], near: Sequence[int], is_yaml: bool) -> Iterator[_Repair]:
    """The repairs to try: of a line, of its value, of its indentation; the nearest lines first."""
    numbers = [number for number in range(len(lines)) if any(-BEFORE <= number - each <= AFTER for each in near)]
    numbers.sort(key=lambda number: min(abs(number - each) for each in near))
    for pattern, repaired, words in _REPAIRS if is_yaml else _REPAIRS + _VALUES:
        for number in numbers:
            if match := re.match(pattern, lines[number]):
                text = re.sub(pattern, repaired, lines[number], count=1)
                yield number, text, match.start("at"), words, not repaired.endswith("x") and words != _UNCLOSED
    yield from _moves(lines, numbers)


def _moves(lines: Sequence[str], numbers: Sequence[int]) -> Iterator[_Repair]:
    """Lines that begin an entry, alone or with those beside them, moved to another level; the likeliest moves first."""
    depths = [entry and len(entry[1]) for entry in map(_ENTRY.match, lines)]
    moves: list[tuple[int, int, int, int]] = []
    for number in numbers:
        if (depth := depths[number]) is None:
            continue
        last = number
        while depths[last + 1 : last + 2] == [depth] and not re.match(r" *-|.*:$", lines[last + 1]):
            last += 1
        around = {each for each in depths[max(number - BEFORE, 0) : number + AFTER] if each is not None}
        levels = sorted({max(depth - 2 + depth % 2, 0), depth + 2 - depth % 2, *around} - {depth})
        moves += [(number, end, depth, level) for level in levels for end in sorted({number, last})]
    for first, last, depth, level in sorted(moves, key=lambda move: (move[3] % 2, move[3] > move[2])):
        message = f"this line is indented too {'little' if depth < level else 'much'}."
        below = f", and {last - first} more below it," if last > first else ""
        text = "\n".join(" " * level + line.lstrip() for line in lines[first : last + 1])
        words = message, f"Begin it{below} with {level} {'space' if level == 1 else 'spaces'}."
        yield first, text, depth, words, True
