"""Lines that an author wrote below each other, such as a signature, and that Markdown joins to one.

A paragraph that was wrapped has full lines: a line that leaves room for the first word of the next one was ended on
purpose. Some authors begin a line with each sentence or clause; joining those is right.
"""

import re
import unicodedata
from itertools import pairwise

from handover.compose.dialect import BREAK
from handover.model.text import columns, is_cjk

NARROW = 40
"""Columns that every paragraph that is wrapped has at least."""

_SENTENCE = ".!?\u2026\u3002\uff01\uff1f\uff61\u061f\u06d4\u0964"
_CLAUSE = ",;\u2013\u2014\u3001\uff0c\uff1b\u060c\u061b"
_WRAPPING = (
    " \t*_\"'()[]<>`\\\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f\uff08\uff09"
)
"""Marks and quotes around words."""
_UNIT = re.compile(r"(?:\[[^\[\]]{0,200}\]\[[^\[\]]{0,80}\]|\{\{[^{}]{0,80}\}\}|`[^`]{0,80}`|\S)+")
"""What a line is not broken in."""
_LINK = re.compile(r"\[([^\[\]]*)\]\[[^\[\]]*\]")
_LINK_ALONE = re.compile(rf"\s*(?:\*\*)?{_LINK.pattern}(?:\*\*)?\s*")
_CONTACT = re.compile(r"\S*(?:@|://|www\.)\S*|[^\W\d_]{1,8}:|[+\u260e-\u260f\u2709\U0001f4de-\U0001f4f1]")
"""An email address, a URL, or a label such as `tel:`."""
_GOES_ON = re.compile(r"I\b|[\u2013\u2014&/]")


def joined_lines(source: str, literal: str) -> int | None:
    """Where the first line of a paragraph begins that should not be joined with the next; None without one.

    `literal` has the kind of each line end, as in `dialect`.
    """
    lines = source.split("\n")
    start = 0
    for number, (line, following) in enumerate(pairwise(lines)):
        end = start + len(line)
        is_last = number + 2 == len(lines)
        if literal[end] != BREAK and _is_ended_early(line, following) and _is_apart(line, following, is_last):
            return start
        start = end + 1
    return None


def _is_ended_early(line: str, following: str) -> bool:
    """True if the first word of the next line has room, or both lines are one link each."""
    if _LINK_ALONE.fullmatch(line) and _LINK_ALONE.fullmatch(following):
        return True
    unit = _UNIT.match(following.lstrip())
    word = unit[0] if unit else ""
    return columns(line.strip()) + 1 + columns(word[:1] if is_cjk(word[:1]) else word) <= NARROW


def _is_apart(line: str, following: str, is_last: bool) -> bool:
    """True if the next line begins something of its own, rather than going on with a sentence or a clause."""
    end = _words(line)[-1:]
    words = _words(following)
    is_name = is_last and columns(words) <= NARROW and words[-1:] not in f"{_SENTENCE}:\uff1a"
    if not end or not words:
        return False
    if _CONTACT.match(words):
        return True
    if end in _SENTENCE:
        return is_name and not words[:1].islower()
    if words[:1].islower() or _GOES_ON.match(words):
        return False
    is_caseless = unicodedata.category(words[0]) == "Lo"
    if words.startswith("{{") or (is_caseless and end in _CLAUSE):
        return is_name or (words.startswith("{{") and words.endswith("}}"))
    return True


def _words(line: str) -> str:
    """What a reader sees of a line, without the marks and quotes around it."""
    return _LINK.sub(r"\1", line).strip(_WRAPPING)
