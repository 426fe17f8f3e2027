"""The line that is indented wrongly: the one with which, moved to where its neighbours start, all is right.

A line that starts too far to the left or to the right makes another text of what stands around it. The parser, and
the models, complain of that: elsewhere, and several times.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml
from yaml.events import NodeEvent

from handover.load.files import TextFile
from handover.load.yaml_fault import INDENTED
from handover.model.diagnostic import Diagnostic, Place, error

MAX_TRIED = 1_000_000
"""Characters that are read again in all while the line is looked for."""

MAX_FOUND = 40
"""With more findings than this it is more than a line."""

NEAR, FAR = 10, 40
"""How many lines from a finding the line may be, and how many above it where what is between them is further in."""

STEP = 2
"""Spaces that a level of these files is indented by."""

_ENTRY = re.compile(r" *(?:- |[\w.-]+:(?: |$))")
"""A line that begins an entry of a list or a group."""
_OF_STRUCTURE = frozenset({"yaml-syntax", "duplicate-key", "missing-key", "unknown-key", "wrong-type", "invalid-id"})
_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Attempt = Callable[[TextFile], Sequence[Diagnostic]]
"""What is found in a file with this text."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines, counted from 0, that start in one column, and the one where they should start."""

    first: int
    last: int
    depth: int
    is_back: bool = True
    """True if that is to the left."""
    dash: str = ""
    """What is lost in front of the first of them: the dash of an item."""

    def moved(self, lines: Sequence[str]) -> str:
        """The text with the lines moved."""
        made = [" " * self.depth + self.dash + line.lstrip(" ") for line in lines[self.first : self.last + 1]]
        return "\n".join([*lines[: self.first], *made, *lines[self.last + 1 :]])


def mend(file: TextFile, found: Sequence[Diagnostic], attempt: Attempt) -> tuple[TextFile, Diagnostic] | None:
    """The file as it was meant, and the one finding; None where it is not the indentation of one line or one run.

    `found` is what is wrong with the file as it is.
    """
    codes = [each.code for each in found if each.code in _OF_STRUCTURE]
    if not codes or len(found) > MAX_FOUND:
        return None
    lines = file.text.split("\n")
    before = {_key(each) for each in found}
    there = _starts(file.text)
    budget = MAX_TRIED
    partly: tuple[int, tuple[TextFile, Diagnostic]] | None = None
    hides_others = any(each.message == INDENTED for each in found)
    for run in _runs(lines, found):
        budget -= len(file.text)
        if budget < 0:
            break
        moved = replace(file, text=run.moved(lines))
        starts = _starts(moved.text)
        # Nothing may become a part of the text above it.
        if starts is not None and starts.issuperset(there or range(run.first, run.last + 1)):
            left = {_key(each) for each in attempt(moved)}
            made = moved, _finding(file.path, run, lines)
            if not left and _is_told(run, codes):
                return made
            gone = [code for code, _, _ in before - left]
            is_better = (left < before and _is_told(None, gone)) or (hides_others and "yaml-syntax" in gone)
            if is_better and (partly is None or len(left) < partly[0]):
                partly = len(left), made
    return partly[1] if partly else None


def _key(found: Diagnostic) -> tuple[str, int, str]:
    return found.code, found.place.line, found.message


def _is_told(run: _Run | None, gone: Sequence[str]) -> bool:
    """True if so much is `gone` with the `run` moved that it was the indentation.

    A key that is not known is mostly just misspelt; and where any id may stand, every key is known.
    """
    return len(gone) > 1 or bool({"yaml-syntax", "missing-key"} & set(gone)) or (run is not None and run.is_back)


def _runs(lines: Sequence[str], found: Sequence[Diagnostic]) -> list[_Run]:
    """What may have to move where, the likeliest first: back, to a whole step, and what starts where nothing else does.

    A move to the right tends to be possible too where one to the left is meant: with all that is beside it.
    """
    depths = [len(line) - len(line.lstrip(" ")) if _ENTRY.match(line) else None for line in lines]
    often = Counter(depths)
    known = {(depth, lines[number].lstrip()[:1] == "-") for number, depth in enumerate(depths)}
    runs: dict[_Run, tuple[Any, ...]] = dict.fromkeys(_lost_dashes(lines, found), ())
    for number, distance in _suspects(depths, found).items():
        depth = depths[number] or 0
        is_item = lines[number].lstrip()[:1] == "-"
        level = depth - depth % STEP
        around = {each or 0 for each in depths[max(number - NEAR, 0) : number + NEAR]}
        for other in {0, max(level - STEP, 0), level, level + STEP, *around} - {depth}:
            for end in {number, _last_beside(number, lines, depths)}:
                likely = (other % STEP == 0, (other, is_item) in known, often[depth] == 1, not is_item, other < depth)
                runs[_Run(number, end, other, other < depth)] = (*(not each for each in likely), distance, end, number)
    return sorted(runs, key=runs.__getitem__)


def _lost_dashes(lines: Sequence[str], found: Sequence[Diagnostic]) -> Iterator[_Run]:
    """A key that its item has already begins the next item, where it stands far enough in."""
    for each in found:
        number = each.place.line - 1
        if each.code == "duplicate-key" and lines[number].startswith(" " * STEP):
            depth = len(lines[number]) - len(lines[number].lstrip(" "))
            yield _Run(number, number, depth - STEP, dash="- ")


def _last_beside(number: int, lines: Sequence[str], depths: Sequence[int | None]) -> int:
    """The last of the lines that begin where this one does: without the next item, and what has lines of its own."""
    last = number
    while last + 1 < len(lines) and depths[last + 1] == depths[number] and lines[last + 1].lstrip()[:1] != "-":
        below = depths[last + 2] if last + 2 < len(lines) else None
        if below is not None and below > (depths[number] or 0):
            break
        last += 1
    return last


def _suspects(depths: Sequence[int | None], found: Sequence[Diagnostic]) -> dict[int, int]:
    """The numbers of lines that begin an entry near a finding or further out above it, and how far from it they are."""
    near: dict[int, int] = {}
    for each in found if depths else ():
        at = min(each.place.line, len(depths)) - 1
        out = (depths[at] or 0) + 1
        for number in range(max(at - FAR, 0), min(at + NEAR, len(depths))):
            depth = depths[number]
            if each.code in _OF_STRUCTURE and depth is not None and (number > at - NEAR or depth <= out):
                near[number] = min(abs(number - at), near.get(number, FAR))
    return near


def _starts(text: str) -> frozenset[int] | None:
    """The lines of a text, or of its front matter, on which something starts; None where it is not YAML."""
    head = "\n" + text[4:].partition("\n---")[0] if text.startswith("---\n") else text
    starts = set()
    try:
        for event in yaml.parse(head, Loader=_Parser):
            if isinstance(event, NodeEvent) and event.start_mark is not None:
                starts.add(event.start_mark.line)
    except yaml.YAMLError:
        return None
    return frozenset(starts)


def _finding(path: str, run: _Run, lines: Sequence[str]) -> Diagnostic:
    line = lines[run.first]
    if run.dash:
        message, hint = "an item of a list begins with '- ', and this one does not.", "Begin it with '- '."
        place = Place(path, run.first + 1, run.depth + len(run.dash) + 1)
        return error(place, "yaml-syntax", message, hint)
    depth = len(line) - len(line.lstrip(" "))
    more = run.last - run.first
    too = "little" if depth < run.depth else "much"
    lines_too = "" if not more else ", and the line below it," if more == 1 else f", and the {more} lines below it,"
    spaces = "no space" if not run.depth else "one space" if run.depth == 1 else f"{run.depth} spaces"
    hint = f"Begin it{lines_too} with {spaces}."
    return error(Place(path, run.first + 1, depth + 1), "yaml-syntax", f"this line is indented too {too}.", hint)
