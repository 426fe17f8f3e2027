"""What a text is made of, parsed: the tree that every output is rendered from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from handover.model.diagnostic import Place


@dataclass(frozen=True, slots=True)
class Text:
    """Literal words."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A blank, by id; `form` and `capital` for a choice."""

    id: str
    form: str | None
    capital: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Code:
    """Words to be taken to the letter."""

    text: str
    place: Place

    @property
    def has_blank(self) -> bool:
        """True if somebody meant to have something filled in, which nobody does in code."""
        return "{{" in self.text


@dataclass(frozen=True, slots=True)
class Break:
    """A line ends here."""


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
    """Words that lead to the link with this id."""

    id: str
    children: tuple["Inline", ...]
    place: Place


Inline: TypeAlias = Text | Placeholder | Code | Break | Strong | Emphasis | Link


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
    """A quotation."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines to be taken to the letter."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


Block: TypeAlias = Paragraph | Heading | Items | Quote | CodeBlock | Rule


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A person in the mail's head; `email` is empty where no address is known."""

    name: tuple[Inline, ...]
    email: tuple[Inline, ...]


def nested(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """The nodes and all that is inside them, outer before inner."""
    for node in inlines:
        yield node
        if isinstance(node, Strong | Emphasis | Link):
            yield from nested(node.children)


def walk(blocks: Iterable[Block]) -> Iterator[Inline]:
    """Every inline node of the blocks, in reading order."""
    for run in runs(blocks):
        yield from nested(run)


def runs(blocks: Iterable[Block]) -> Iterator[tuple[Inline, ...]]:
    """The inline nodes of each paragraph, heading and code block, in reading order."""
    for block in blocks:
        match block:
            case Paragraph() | Heading():
                yield block.children
            case Items():
                for item in block.items:
                    yield from runs(item)
            case Quote():
                yield from runs(block.blocks)
            case CodeBlock():
                yield (Code(block.text, block.place),)


def plain(inlines: Iterable[Inline]) -> str:
    """The literal words of the nodes, without placeholders."""
    return "".join(node.text for node in nested(inlines) if isinstance(node, Text | Code))
