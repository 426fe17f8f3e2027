"""Formatted text as blocks of runs, without the markup of any program, and what tells these apart."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

_SHORT = 45
"""Characters of a line that no program wraps."""
NUMBERED, BULLETED = "\x01", "\x02"
"""In place of the number or the bullet that a word processor writes into the text of an item."""
_ITEMS = {NUMBERED: "ol", BULLETED: "ul"}
_MARK = re.compile(f"[{NUMBERED}{BULLETED}](?:(\\d+):(\\d+)\x03)?")
_TYPED = re.compile(
    "[-*\u2022\u00b7\u2219\u2023\u2043\u25a0-\u25ab\u25b8\u25ba\u25cb\u25cf\u25e6\u2756\u27a2\u27a4][ \u00a0\t]+(?=\\S)"
)
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u2007\u2060-\u2064\ufeff]")
_IN_URL = r"[^\s<>\"\u201c\u201d()]"
_URL = re.compile(
    rf"(\bhttps?://(?:{_IN_URL}|\({_IN_URL}*\))*(?:(?![.,;:!?'\u2019\]]){_IN_URL}|\({_IN_URL}*\)))", re.IGNORECASE
)
"""A bare URL, without the punctuation behind it; parentheses belong to it in pairs."""
_SUBJECT = r"subject(?: line)?|betreff|objet|asunto|assunto|oggetto|onderwerp|件名"
SUBJECT = re.compile(rf"(?:{_SUBJECT})$", re.IGNORECASE)
HEAD_LINE = re.compile(
    rf"\s*({_SUBJECT}|preheader|preview(?: text)?|title|name|from|to|cc|bcc|body|message)\s*[:\uff1a]\s*(.*)",
    re.IGNORECASE,
)
"""A line above the text of a template that says what its subject is, and so on."""


class Unreadable(Exception):
    """The file has no template that can be read; the text says why, and the fix."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one format. A line break is a run whose text is a line feed."""

    text: str
    strong: bool = False
    em: bool = False
    href: str = ""
    """The URL, if it is the text of a link."""

    @property
    def is_break(self) -> bool:
        """True for a line break."""
        return self.text == "\n"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`p`) or heading (`h1` to `h6`) of runs, a rule (`hr`), or a list, quote or table of other blocks.

    `items` are the items of `ul` and `ol`, the one content of `quote`, or the rows of `table`, with a block per cell.
    """

    tag: str
    runs: tuple[Run, ...] = ()
    items: "tuple[tuple[Block, ...], ...]" = ()
    start: int = 1
    """The first number of an `ol`."""

    @property
    def is_heading(self) -> bool:
        """True for a heading of any level."""
        return self.tag[0] == "h" and self.tag[1:].isdigit()

    @property
    def text(self) -> str:
        """Its own text, with a line feed for a line break."""
        return "".join(run.text for run in self.runs)


@dataclass(slots=True)
class Losses:
    """What could not be kept, each in words, once."""

    words: dict[str, None] = field(default_factory=dict)

    def add(self, what: str, shown: str = "") -> None:
        """`shown` is a part of it, to recognize it by."""
        text = " ".join(shown.split())
        short = text if len(text) <= 60 else f"{text[:59]}…"
        self.words[f"{what} '{short}'" if short else what] = None


@dataclass(slots=True)
class Page:
    """What was read from HTML."""

    title: str = ""
    preheader: str = ""
    blocks: list[Block] = field(default_factory=list)
    losses: Losses = field(default_factory=Losses)


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks and all blocks inside them, in the order of the text."""
    for block in blocks:
        yield block
        for item in block.items:
            yield from walk(item)


def links(blocks: Iterable[Block]) -> list[tuple[str, str]]:
    """The text and the URL of each link."""
    groups = (group for block in walk(blocks) for group in groupby(block.runs, key=lambda run: run.href))
    return [("".join(run.text for run in runs), href) for href, runs in groups if href]


def with_breaks(runs: list[Run]) -> Iterator[Run]:
    """The runs, with a soft break as a break or a space."""
    length = 0
    for number, run in enumerate(runs):
        if run.text == "\r":
            following = "".join(each.text for each in runs[number + 1 : number + 4])
            yield Run("\n" if length <= _SHORT or HEAD_LINE.match(following) else " ")
            length = 0
        else:
            length = 0 if run.is_break else length + len(run.text)
            yield run


def lines_of(runs: Iterable[Run]) -> list[list[Run]]:
    """The runs of each line."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        lines.append([]) if run.is_break else lines[-1].append(run)
    return lines


def tidy(runs: list[Run]) -> list[Run]:
    """A line without needless spaces, with runs of one look joined, and bare URLs as links."""
    joined: list[Run] = []
    for look, group in groupby(runs, key=lambda run: replace(run, text="")):
        text = _INVISIBLE.sub("", "".join(run.text for run in group))
        text = re.sub(r"[ \u00a0]*(?: |\u00a0{2})[ \u00a0]*", " ", text)
        if not joined or joined[-1].text.endswith((" ", "\u00a0")):
            text = text.lstrip(" \u00a0")
        if text:
            joined += [replace(look, text=text)] if look.href else _linked(text, look)
    while joined and not joined[-1].text.rstrip(" \u00a0"):
        joined.pop()
    if joined:
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip(" \u00a0"))
    return joined


def _linked(text: str, look: Run) -> Iterator[Run]:
    for number, part in enumerate(_URL.split(text)):  # each second part is a URL
        if part:
            yield replace(look, text=part, href=part if number % 2 else "")


def typed_item(line: list[Run]) -> list[Run] | None:
    """A line that begins with a typed bullet, as an item of a list; None for any other."""
    bullet = _TYPED.match(line[0].text) if line else None
    return [replace(line[0], text=BULLETED + line[0].text[bullet.end() :]), *line[1:]] if bullet else None


def item_mark(is_numbered: bool, level: str, number: str) -> str:
    """What stands in place of the bullet, or the number, of an item at a level of a word processor's list."""
    return f"{NUMBERED if is_numbered else BULLETED}{level}:{number}\x03"


def with_lists(blocks: list[Block]) -> Iterator[Block]:
    """The blocks, with neighboring paragraphs that a word processor shows as items as lists, by their levels."""
    for is_item, group in groupby(blocks, key=lambda block: block.text[:1] in _ITEMS):
        if is_item:
            yield from _lists([(_MARK.match(block.text), block) for block in group])
        else:
            yield from group


def _lists(items: "list[tuple[re.Match[str] | None, Block]]") -> Iterator[Block]:
    """The lists of items: one at a deeper level is in the list of the item above it."""
    found: list[tuple[str, int, Block, list[tuple[re.Match[str] | None, Block]]]] = []
    top = 0
    for mark, block in items:
        level, number = (int(each or "1") for each in (mark.groups() if mark else ("", "")))
        if found and level > top:
            found[-1][3].append((mark, block))
        else:
            top = level
            shown = replace(block, runs=tuple(tidy(_without_mark(block.runs))))
            found.append((_ITEMS[block.text[0]], number, shown, []))
    for tag, group in groupby(found, key=lambda each: each[0]):
        same = list(group)
        yield Block(tag, items=tuple((shown, *_lists(below)) for _, _, shown, below in same), start=same[0][1])


def _without_mark(runs: tuple[Run, ...]) -> list[Run]:
    return [replace(runs[0], text=_MARK.sub("", runs[0].text, count=1)), *runs[1:]]


def one_line(text: str) -> str:
    """The text on one line, without what shows nothing."""
    return " ".join(_INVISIBLE.sub("", text).split())
