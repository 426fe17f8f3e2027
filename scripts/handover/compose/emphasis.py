"""Where emphasis begins and ends, and marks of it without a pair.

The rules are those of CommonMark, extended for Chinese, Japanese and Korean. These languages have no spaces, so that
CommonMark finds no end of `**` between a full stop and the next word. The extension is that of
https://github.com/tats-u/markdown-cjk-friendly/blob/main/specification.md. A single star within a word is a character,
as German has it. Stars that refer to a note are no marks either.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from markdown_it.common.utils import isPunctChar, isWhiteSpace
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned

from handover.model.text import is_cjk


class _State(StateInline):
    """The state of parsing one paragraph."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 - the parser's names
        """Whether the marks at `start` can begin or end emphasis, and how many they are."""
        marker = self.src[start]
        end = start
        while end < self.posMax and self.src[end] == marker:
            end += 1
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[end] if end < self.posMax else " "
        is_left = not isWhiteSpace(ord(after)) and (not _is_bound(after) or _is_edge(before))
        is_right = not isWhiteSpace(ord(before)) and (not _is_bound(before) or _is_edge(after))
        if marker == "*" and end - start == 1 and before.isalnum() and after.isalnum() and self._is_alone(start):
            return Scanned(False, False, 1)
        can_open = is_left and (canSplitWord or not is_right or isPunctChar(before))
        can_close = is_right and (canSplitWord or not is_left or isPunctChar(after))
        return Scanned(can_open, can_close, end - start)

    def _is_alone(self, position: int) -> bool:
        """True if no other star is in the word around the one at `position`, as in `Kund*innen` or `3*4`."""
        before = self.src[max(position - 80, 0) : position].split()[-1]
        after = self.src[position + 1 : position + 80].split()[0]
        return "*" not in before + after and not is_cjk(before[-1])


def _is_bound(character: str) -> bool:
    """True for punctuation that begins or ends emphasis only beside an edge."""
    return isPunctChar(character) and not is_cjk(character)


def _is_edge(character: str) -> bool:
    return isWhiteSpace(ord(character)) or isPunctChar(character) or is_cjk(character)


def parse_inline(state: StateCore) -> None:
    """The rule of the parser that reads the inside of paragraphs and headings, with the findings of each counted."""
    for token in state.tokens:
        if token.type == "inline":
            state.env["findings"] = 0
            token.children = []
            inside = _State(token.content, state.md, state.env, token.children)
            state.md.inline.tokenize(inside)
            for rule in state.md.inline.ruler2.getRules(""):
                rule(inside)


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
        left = [match.start() for match in _BOLD.finditer(lines) if match[0] == mark] if mark in lines else []
        for number in range(0, len(left), 2):
            yield _no_pair(source, mark, *left[number : number + 2])
    for match in _ROW_OF_STARS.finditer(lines) if "***" in lines else ():
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
