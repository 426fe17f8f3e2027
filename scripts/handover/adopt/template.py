"""A template from elsewhere: its head, and its body as blocks of formatted text, without the markup of any program."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


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
    def text(self) -> str:
        """Its own text, with a line feed for a line break."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Template:
    """One template."""

    name: str
    """The name of its file, as in `a.md`, or in a file with several `a.md, email 2`; of an API its address."""
    title: str
    subject: str
    preheader: str
    description: str
    body: tuple[Block, ...]
    dropped: tuple[str, ...] = ()
    """What could not be kept, in words."""
    address: str = ""
    """Its address on the platform that exported it as JSON: `template/12`, `snippet/5`."""
    is_snippet: bool = False


@dataclass(slots=True)
class Losses:
    """What could not be kept, each in words, once."""

    words: dict[str, None] = field(default_factory=dict)

    def add(self, what: str, shown: str = "") -> None:
        """`shown` is a part of it, to recognize it by."""
        text = " ".join(shown.split())
        short = text if len(text) <= 60 else f"{text[:59]}…"
        self.words[f"{what} '{short}'" if short else what] = None


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks and all blocks inside them, in the order of the text."""
    for block in blocks:
        yield block
        for item in block.items:
            yield from walk(item)


def words(blocks: Iterable[Block]) -> list[str]:
    """The words of the blocks, without formats."""
    return re.findall(r"\S+", " ".join(block.text for block in walk(blocks)))


def links(blocks: Iterable[Block]) -> list[tuple[str, str]]:
    """The text and the URL of each link."""
    found: list[tuple[str, str]] = []
    for block in walk(blocks):
        before = ""
        for run in block.runs:
            if run.href and run.href == before:
                found[-1] = (found[-1][0] + run.text, run.href)
            elif run.href:
                found.append((run.text, run.href))
            before = run.href
    return found
