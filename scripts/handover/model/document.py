"""One message in one variant, parsed: the tree that every output is rendered from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from handover.model.diagnostic import Place
from handover.model.sent import sent


@sent
@dataclass(frozen=True, slots=True)
class Text:
    """Literal words."""

    text: str
    place: Place


@sent
@dataclass(frozen=True, slots=True)
class Placeholder:
    """A blank, by id; `form` and `capital` for a choice."""

    id: str
    form: str | None
    capital: bool
    place: Place


@sent
@dataclass(frozen=True, slots=True)
class Code:
    """Words to be taken to the letter."""

    text: str
    place: Place

    @property
    def has_blank(self) -> bool:
        """True if somebody meant to have something filled in, which nobody does in code."""
        return "{{" in self.text


@sent
@dataclass(frozen=True, slots=True)
class Break:
    """A line ends here."""


@sent
@dataclass(frozen=True, slots=True)
class Strong:
    """Bold."""

    children: tuple["Inline", ...]


@sent
@dataclass(frozen=True, slots=True)
class Emphasis:
    """Italic."""

    children: tuple["Inline", ...]


@sent
@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to the link with this id."""

    id: str
    children: tuple["Inline", ...]
    place: Place


Inline: TypeAlias = Text | Placeholder | Code | Break | Strong | Emphasis | Link


@sent
@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    children: tuple[Inline, ...]


@sent
@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    children: tuple[Inline, ...]
    place: Place


@sent
@dataclass(frozen=True, slots=True)
class Items:
    """A list; `start` is None for bullets, else the first number."""

    start: int | None
    items: tuple[tuple["Block", ...], ...]


@sent
@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation."""

    blocks: tuple["Block", ...]


@sent
@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines to be taken to the letter."""

    text: str
    place: Place


@sent
@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


Block: TypeAlias = Paragraph | Heading | Items | Quote | CodeBlock | Rule


@sent
@dataclass(frozen=True, slots=True)
class Mailbox:
    """A person in the mail's head; `email` is empty where no address is known."""

    name: tuple[Inline, ...]
    email: tuple[Inline, ...]


@sent
@dataclass(frozen=True)
class Document:
    """A message in one variant (`variant` None without any), or a block by itself (`message` None)."""

    id: str
    variant: str | None
    subject: tuple[Inline, ...]
    preheader: tuple[Inline, ...]
    sender: tuple[Inline, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    blocks: tuple[Block, ...]
    sources: tuple[str, ...]
    """The content files that it was made of, in the order of their first line."""

    @property
    def is_message(self) -> bool:
        """False for a block by itself, which nobody sends."""
        return bool(self.sender)

    def inlines(self) -> Iterator[Inline]:
        """Every inline node of the body, outer before inner."""
        return iter(self._inlines)

    def heads(self) -> Iterator[Inline]:
        """Every inline node of subject, preheader, sender and recipients."""
        return iter(self._heads)

    @cached_property  # every rule walks through all of them
    def _inlines(self) -> tuple[Inline, ...]:
        return tuple(walk(self.blocks))

    @cached_property
    def _heads(self) -> tuple[Inline, ...]:
        mailboxes = [line for mailbox in (*self.to, *self.cc) for line in (mailbox.name, mailbox.email)]
        lines = (self.subject, self.preheader, self.sender, *mailboxes)
        return tuple(node for line in lines for node in nested(line))


@dataclass(frozen=True, slots=True)
class Composition:
    """Everything that was composed from one catalog."""

    documents: tuple[Document, ...]
    """Each message in each variant."""
    snippets: tuple[Document, ...]
    """Each block that is exported by itself."""
    stories: dict[str, tuple[Block, ...]]
    """The prose of each scenario."""
    passages: dict[Place, tuple[Block, ...]]
    """The prose that stands in data files, by the place where it starts."""
    included: frozenset[str]
    """The blocks that something includes."""

    @classmethod
    def of(cls, documents: Iterable[Document]) -> "Composition":
        """Messages and snippets, and nothing else."""
        groups: tuple[list[Document], list[Document]] = ([], [])
        for document in documents:
            groups[not document.is_message].append(document)
        return cls(tuple(groups[0]), tuple(groups[1]), {}, {}, frozenset())

    def every_inline(self) -> Iterator[Inline]:
        """Every inline node of everything."""
        for document in (*self.documents, *self.snippets):
            yield from document.heads()
            yield from document.inlines()
        for blocks in (*self.stories.values(), *self.passages.values()):
            yield from walk(blocks)


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
