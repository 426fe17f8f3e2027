"""Marks of emphasis without a pair, and why; stars that refer to a note have none."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What would show as typed: where it starts, how long it is, the message and the hint."""

    start: int
    length: int
    message: str
    hint: str


_BOLD = re.compile(r"(?<!\*)\*\*(?!\*)|(?<!_)__(?!_)")
_ROW_OF_STARS = re.compile(r"(?<!\S)\*{3,}(?=[^\s*])|(?<=[^\s*])\*{3,}(?!\S)")
_NOTE = re.compile(r"[ \t>]*+\\?(\*{1,3})(?!\*)(?=([^\s*]?)[^*]+$)")
"""A line with what stars at its start say of a word; with a space behind one of them it may be an item of a list."""
_REFERENCE = re.compile(r"(?<=[^\s*\\])\\?(\*{1,3})(?=[\s.,;:!?)]|$)")
_STARS = re.compile(r"(?<![^\S\n])\*+")


def notes(texts: Iterable[str]) -> frozenset[str]:
    """The stars that lines begin with and words of other lines end with: what they mean is written there."""
    lines = list(texts)
    marks = [match for line in lines if "*" in line and (match := _NOTE.match(line)) is not None]
    items = [match[1] for match in marks if not match[2]]
    starts = {match[1] for match in marks if match[2] or items.count(match[1]) == 1}
    return frozenset(starts.intersection(match[1] for line in lines for match in _REFERENCE.finditer(line)))


def is_noted(lines: str, found: Finding, noted: Collection[str]) -> bool:
    """True for stars that are `noted`, and so are no marks."""
    stars = _STARS.match(lines, found.start)
    return stars is not None and stars[0] in noted


def unpaired(lines: str, source: str) -> Iterator[Finding]:
    """Marks of bold that the parser found no pair for, two by two; rows of stars between words are a decoration."""
    for mark in ("**", "__"):
        left = [match.start() for match in _BOLD.finditer(lines) if match[0] == mark]
        for number in range(0, len(left), 2):
            yield _no_pair(source, mark, *left[number : number + 2])
    for match in _ROW_OF_STARS.finditer(lines):
        message = f"this '{match[0]}' has no pair, so it would show as typed."
        escaped = match[0].replace("*", "\\*")
        hint = f"Write ***both*** without spaces inside the marks; for the characters themselves write {escaped}."
        yield Finding(match.start(), len(match[0]), message, hint)


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
