"""One message in one variant, and everything that was composed from one catalog."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pickle import PickleBuffer
from typing import Any

from handover.model.diagnostic import Place
from handover.model.nodes import Block, Inline, Link, Mailbox, Placeholder, nested, walk
from handover.model.sent import Packed, packed, sent, unpacked


@sent
@dataclass(frozen=True, slots=True)
class Content:
    """All that a document says."""

    subject: tuple[Inline, ...]
    preheader: tuple[Inline, ...]
    sender: tuple[Inline, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    blocks: tuple[Block, ...]

    def heads(self) -> Iterator[Inline]:
        """Every inline node of subject, preheader, sender and recipients, outer before inner."""
        mailboxes = [line for mailbox in (*self.to, *self.cc) for line in (mailbox.name, mailbox.email)]
        for line in (self.subject, self.preheader, self.sender, *mailboxes):
            yield from nested(line)


@dataclass(frozen=True)
class Document:
    """A message in one variant (`variant` None without any), or a block by itself."""

    id: str
    variant: str | None
    sources: tuple[str, ...]
    """The content files that it was made of, in the order of their first line."""
    is_message: bool
    """False for a block by itself, which nobody sends."""
    is_empty: bool
    """True if there is nothing below its head."""
    links: tuple[str, ...]
    """The links that it has, by id, each once, in the order in which they come."""
    placeholders: tuple[str, ...]
    """The same for placeholders: those of the head come first."""
    held: Content | Packed
    """The content, or that packed: of a thousand documents few are looked into after they have been rendered."""

    @classmethod
    def of(cls, name: str, variant: str | None, content: Content, sources: tuple[str, ...]) -> "Document":
        """The document with this id and content."""
        nodes = [*content.heads(), *walk(content.blocks)]
        links = dict.fromkeys(node.id for node in nodes if isinstance(node, Link))
        placeholders = dict.fromkeys(node.id for node in nodes if isinstance(node, Placeholder))
        is_message, is_empty = bool(content.sender), not content.blocks
        return cls(name, variant, sources, is_message, is_empty, tuple(links), tuple(placeholders), content)

    def put_away(self) -> "Document":
        """The same with its content packed, until somebody looks into it."""
        return Document(*self._values(packed(self.content) if isinstance(self.held, Content) else self.held))

    def __reduce__(self) -> tuple[type["Document"], tuple[Any, ...]]:
        held = tuple(map(PickleBuffer, self.held)) if isinstance(self.held, tuple) else self.held
        return Document, self._values(held)

    def _values(self, held: Any) -> tuple[Any, ...]:
        return (
            self.id,
            self.variant,
            self.sources,
            self.is_message,
            self.is_empty,
            self.links,
            self.placeholders,
            held,
        )

    @cached_property
    def content(self) -> Content:
        """All that it says."""
        if isinstance(self.held, Content):
            return self.held
        content: Content = unpacked(self.held)
        return content

    def let_go(self) -> None:
        """Do not hold unpacked any more what is held packed."""
        if isinstance(self.held, tuple):
            for name in ("content", "_inlines", "_heads"):
                self.__dict__.pop(name, None)

    @property
    def subject(self) -> tuple[Inline, ...]:
        """What stands in the inbox."""
        return self.content.subject

    @property
    def preheader(self) -> tuple[Inline, ...]:
        """What stands beside it there."""
        return self.content.preheader

    @property
    def sender(self) -> tuple[Inline, ...]:
        """The name that it is sent under."""
        return self.content.sender

    @property
    def to(self) -> tuple[Mailbox, ...]:
        """Whom it is for."""
        return self.content.to

    @property
    def cc(self) -> tuple[Mailbox, ...]:
        """Who gets it besides."""
        return self.content.cc

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What is below the head."""
        return self.content.blocks

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
        return tuple(self.content.heads())


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

    def links(self) -> set[str]:
        """The ids of all links that something has."""
        prose = {node.id for node in self._prose() if isinstance(node, Link)}
        return prose.union(*(document.links for document in (*self.documents, *self.snippets)))

    def placeholders(self) -> set[str]:
        """The ids of all placeholders that something has."""
        prose = {node.id for node in self._prose() if isinstance(node, Placeholder)}
        return prose.union(*(document.placeholders for document in (*self.documents, *self.snippets)))

    def _prose(self) -> Iterator[Inline]:
        for blocks in (*self.stories.values(), *self.passages.values()):
            yield from walk(blocks)
