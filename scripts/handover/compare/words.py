"""The differences of two texts, word by word."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from handover.model.report import Line, Piece

MAX_PAIRS = 2500
"""Above this number of pairs lines are not matched: a replaced text is reported as a whole."""
MAX_STEPS = 10_000_000
"""The same for the steps that matching takes at worst: some two seconds."""

LIKE = 0.4
"""Lines with at least this share of their words in common are one line, changed."""

_WORD = re.compile(r"\s+|(?:['\u2019@.:/-]*\w)+|['\u2019@.:/-]+|.", re.DOTALL)


def changes(old: str, new: str) -> tuple[Line, ...]:
    """The lines in which two texts differ."""
    before, after = old.splitlines(), new.splitlines()
    if _steps(before, after) > MAX_STEPS:
        return tuple(_lines(before, after))
    lines: list[Line] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            lines += _lines(before[a:b], after[c:d])
    return tuple(lines)


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    """Matching lines word by word; the others removed or added as a whole."""
    before, after = [line for line in before if line.strip()], [line for line in after if line.strip()]
    if not _can_match(before, after):
        yield from ((("gone", line),) for line in before)
        yield from ((("new", line),) for line in after)
        return
    rest = list(after)
    for line in before:
        likeness, match = max(((_likeness(line, other), other) for other in rest), default=(0.0, ""))
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


def _can_match(before: Sequence[str], after: Sequence[str]) -> bool:
    """False if the lines are too many, or their words too many or too much alike, to match them in time."""
    if len(before) * len(after) > MAX_PAIRS:
        return False
    ours, theirs = _WORD.findall("\n".join(before)), _WORD.findall("\n".join(after))
    return len(before) * len(theirs) + len(after) * len(ours) + _steps(ours, theirs) <= MAX_STEPS


def _steps(before: Sequence[str], after: Sequence[str]) -> int:
    """The steps that SequenceMatcher takes at worst: one for each equal pair, for each match."""
    counts = Counter(after)
    pairs = sum(number * counts[part] for part, number in Counter(before).items() if not part.isspace())
    return pairs * min(len(before), len(after))


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(str.isspace, _WORD.findall(one), _WORD.findall(other), autojunk=False).ratio()


def _words(old: str, new: str) -> Line:
    before, after = _WORD.findall(old), _WORD.findall(new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(str.isspace, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(before[a:b])))
            continue
        pieces += [("gone", "".join(before[a:b]))] if a < b else []
        pieces += [("new", "".join(after[c:d]))] if c < d else []
    return tuple(pieces)
