"""The syntax tree of a text, from which every output is rendered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from handover.model.diagnostic import Place
from handover.model.located import Language


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder, by id. For a choice, `form` is the grammatical form, and `capital` the language in
    which it is capitalized, if it is.
    """

    id: str
    form: str | None
    capital: Language | None
    place: Place


@dataclass(frozen=True, slots=True)
class Code:
    """Inline code."""

    text: str
    place: Place

    @property
    def has_placeholder(self) -> bool:
        """True if the code has a placeholder in it, which is an error of its own."""
        return "{{" in self.text


@dataclass(frozen=True, slots=True)
class Break:
    """A hard line break."""


@dataclass(frozen=True, slots=True)
class Strong:
    """Bold."""

    children: tuple["Inline", ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Italic."""

    children: tuple["Inline", ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Text linked to the link with this id."""

    id: str
    children: tuple["Inline", ...]
    place: Place


PageKind: TypeAlias = Literal["message", "scenario", "playbook", "term"]


@dataclass(frozen=True, slots=True)
class PageLink:
    """Text in the handbook's prose, linked to the page of a thing by its kind and id."""

    kind: PageKind
    id: str
    children: tuple["Inline", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the handbook's prose: the name of its file, and the words for what it shows."""

    name: str
    words: str
    place: Place


Inline: TypeAlias = Text | Placeholder | Code | Break | Strong | Emphasis | Link | PageLink | Picture


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    children: tuple[Inline, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `start` is None for bullets, else the first number."""

    start: int | None
    items: tuple[tuple["Block", ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quote."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A code block."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal rule."""


Cell: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the handbook's prose. A row can have fewer cells than the head."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    alignments: tuple[str, ...]
    """By column: `left`, `center`, `right`, or empty."""


Block: TypeAlias = Paragraph | Heading | Items | Quote | CodeBlock | Rule | Table


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A sender or recipient; `email` is empty if no address is known."""

    name: tuple[Inline, ...]
    email: tuple[Inline, ...]


def nested(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """The nodes and all their descendants, parents first."""
    for node in inlines:
        yield node
        if isinstance(node, Strong | Emphasis | Link | PageLink):
            yield from nested(node.children)


def walk(blocks: Iterable[Block]) -> Iterator[Inline]:
    """Every inline node of the blocks, in reading order."""
    for run in runs(blocks):
        yield from nested(run)


def runs(blocks: Iterable[Block]) -> Iterator[tuple[Inline, ...]]:
    """The inline nodes of each paragraph, heading, code block and table cell, in reading order."""
    for block in every(blocks):
        match block:
            case Paragraph() | Heading():
                yield block.children
            case CodeBlock():
                yield (Code(block.text, block.place),)
            case Table():
                for row in (block.head, *block.rows):
                    yield from row


def every(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks and those inside their lists and quotes, in reading order."""
    for block in blocks:
        yield block
        inner = block.items if isinstance(block, Items) else (block.blocks,) if isinstance(block, Quote) else ()
        for part in inner:
            yield from every(part)


def ids(nodes: Iterable[Inline], kind: type[Link] | type[Placeholder]) -> tuple[str, ...]:
    """The ids of the links or of the placeholders among the nodes, each once, in order."""
    return tuple(dict.fromkeys(node.id for node in nodes if isinstance(node, kind)))


def plain(inlines: Iterable[Inline]) -> str:
    """The literal text of the nodes, without placeholders."""
    return "".join(node.text for node in nested(inlines) if isinstance(node, Text | Code))
