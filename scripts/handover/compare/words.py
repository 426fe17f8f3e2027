"""The differences of two texts, word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

Kind = Literal["same", "gone", "new"]
Piece: TypeAlias = tuple[Kind, str]
Line: TypeAlias = tuple[Piece, ...]
"""A changed line: its kept, removed and added pieces, in reading order."""

MAX_PAIRS = 2500
"""Above this number of pairs lines are not matched: a replaced text is reported as a whole."""

LIKE = 0.4
"""Lines with at least this share of their words in common are one line, changed."""

_WORD = re.compile(r"\s+|(?:['\u2019@.:/-]*\w)+|['\u2019@.:/-]+|.", re.DOTALL)


def changes(old: str, new: str) -> tuple[Line, ...]:
    """The lines in which two texts differ."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[Line] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            lines += _lines(before[a:b], after[c:d])
    return tuple(lines)


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    """Matching lines word by word; the others removed or added as a whole."""
    before, after = [line for line in before if line.strip()], [line for line in after if line.strip()]
    rest = list(after)
    pairs = len(before) * len(after)
    for line in before:
        likeness, match = max(
            ((_likeness(line, other), other) for other in rest if pairs <= MAX_PAIRS), default=(0.0, "")
        )
        if likeness < LIKE:
            yield (("gone", line),)
            continue
        while rest[0] != match:
            yield (("new", rest.pop(0)),)
        rest.pop(0)
        if line != match:
            yield _words(line, match)
    for line in rest:
        yield (("new", line),)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _WORD.findall(one), _WORD.findall(other), autojunk=False).ratio()


def _words(old: str, new: str) -> Line:
    before, after = _WORD.findall(old), _WORD.findall(new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(str.isspace, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            _add(pieces, "same", "".join(before[a:b]))
        else:
            _add(pieces, "gone", "".join(before[a:b]))
            _add(pieces, "new", "".join(after[c:d]))
    return tuple(pieces)


def _add(pieces: list[Piece], kind: Kind, text: str) -> None:
    if text:
        pieces.append((kind, text))
