"""One message in one variant, everything composed from one catalog, and the files that a build produces."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from handover.model import nodes
from handover.model.diagnostic import Place
from handover.model.located import Language
from handover.model.message import MessageKind


@dataclass(frozen=True)
class Document:
    """A message in one variant (`variant` is None without variants), or a block by itself, which has no head."""

    id: str
    variant: str | None
    kind: MessageKind | None
    """The kind of message; None for a block by itself."""
    language: Language
    blocks: tuple[nodes.Block, ...]
    """The body."""
    sources: tuple[str, ...]
    """The content files it was composed from, in the order of their first line."""
    subject: tuple[nodes.Inline, ...] = ()
    preheader: tuple[nodes.Inline, ...] = ()
    sender: tuple[nodes.Mailbox, ...] = ()
    """One, for an email; so is `reply_to` if there is one."""
    reply_to: tuple[nodes.Mailbox, ...] = ()
    to: tuple[nodes.Mailbox, ...] = ()
    cc: tuple[nodes.Mailbox, ...] = ()
    bcc: tuple[nodes.Mailbox, ...] = ()

    @property
    def people(self) -> dict[str, tuple[nodes.Mailbox, ...]]:
        """Whom an email is from and whom it goes to, by the lines of its head that it has."""
        lines = {"from": self.sender, "reply-to": self.reply_to, "to": self.to, "cc": self.cc, "bcc": self.bcc}
        return {name: mailboxes for name, mailboxes in lines.items() if mailboxes}

    @property
    def mailboxes(self) -> tuple[nodes.Mailbox, ...]:
        """Everyone in the head of an email."""
        return tuple(mailbox for mailboxes in self.people.values() for mailbox in mailboxes)

    @cached_property
    def links(self) -> tuple[str, ...]:
        """The ids of its links, each once, in order."""
        return nodes.ids((*self.heads, *self.inlines), nodes.Link)

    @cached_property
    def placeholders(self) -> tuple[str, ...]:
        """The ids of its placeholders, each once, in order: those of the head come first."""
        return nodes.ids((*self.heads, *self.inlines), nodes.Placeholder)

    @cached_property  # every rule walks through all of them
    def inlines(self) -> tuple[nodes.Inline, ...]:
        """Every inline node of the body, outer before inner."""
        return tuple(nodes.walk(self.blocks))

    @cached_property
    def heads(self) -> tuple[nodes.Inline, ...]:
        """Every inline node of subject, preheader, sender and recipients, outer before inner."""
        mailboxes = [line for mailbox in self.mailboxes for line in (mailbox.name, mailbox.email)]
        lines = (self.subject, self.preheader, *mailboxes)
        return tuple(node for line in lines for node in nodes.nested(line))


@dataclass(frozen=True, slots=True)
class Composition:
    """Everything composed from one catalog."""

    documents: tuple[Document, ...]
    """Each message in each variant."""
    snippets: tuple[Document, ...]
    """Each block that is exported by itself."""
    stories: dict[str, tuple[nodes.Block, ...]]
    """The prose of each scenario."""
    passages: dict[Place, tuple[nodes.Block, ...]]
    """The prose in data files, by the place where it starts."""
    included: frozenset[str]
    """The ids of the blocks that are included somewhere."""

    @classmethod
    def of(cls, documents: Iterable[Document]) -> "Composition":
        """Messages and snippets alone."""
        groups: tuple[list[Document], list[Document]] = ([], [])
        for document in documents:
            groups[document.kind is None].append(document)
        return cls(tuple(groups[0]), tuple(groups[1]), {}, {}, frozenset())

    @property
    def everything(self) -> tuple[Document, ...]:
        """Every message in each variant, then every snippet."""
        return (*self.documents, *self.snippets)

    def used(self, kind: type[nodes.Link] | type[nodes.Placeholder]) -> set[str]:
        """The ids of all links or placeholders in use."""
        documents = (node for each in self.everything for node in (*each.heads, *each.inlines))
        return {*nodes.ids((*self._prose(), *documents), kind)}

    def pages(self, kind: nodes.PageKind) -> set[str]:
        """The ids of the pages of a kind that the handbook's prose links to."""
        return {node.id for node in self._prose() if isinstance(node, nodes.PageLink) and node.kind == kind}

    def pictures(self) -> set[str]:
        """The names of the pictures in the handbook's prose."""
        return {node.name for node in self._prose() if isinstance(node, nodes.Picture)}

    def _prose(self) -> Iterator[nodes.Inline]:
        for blocks in (*self.stories.values(), *self.passages.values()):
            yield from nodes.walk(blocks)


@dataclass(frozen=True, slots=True)
class Stored:
    """Content that is not in memory: its file (None if it was discarded), its size in bytes, its SHA-256 in hex."""

    file: str | None
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of `dist/`. `path` is relative to it, with `/`.

    `block` is the block's id for a snippet, `message` the message's id for an email; both are None for a page.
    """

    path: str
    data: bytes | Stored
    platform: str
    format: str
    message: str | None = None
    variant: str | None = None
    block: str | None = None
    placeholders: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def download_name(self) -> str:
        """The name to save the file of a message or a snippet under, which tells the platform."""
        name = self.path.rpartition("/")[2]
        stem = ".".join(filter(None, (self.message or self.block, self.variant)))
        return f"{stem}.{self.platform}{name.removeprefix(stem)}"

    @property
    def content(self) -> bytes:
        """The bytes of the file. Raises FileNotFoundError if they were discarded."""
        if isinstance(self.data, bytes):
            return self.data
        if self.data.file is None:
            raise FileNotFoundError(self.path)
        with open(self.data.file, "rb") as file:
            return file.read()

    @property
    def size(self) -> int:
        """The size in bytes."""
        return len(self.data) if isinstance(self.data, bytes) else self.data.size

    @property
    def sha256(self) -> str:
        """The SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest() if isinstance(self.data, bytes) else self.data.sha256

    def stored(self, file: str | None) -> "Artifact":
        """The same with its content in `file` instead of in memory; None if it is discarded."""
        return replace(self, data=Stored(file, self.size, self.sha256))


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout as rendered for emails of one shape, with marks where content goes."""

    template: str
    """The path of its template."""
    text_template: str
    """The path of the template of its text part."""
    mjml: str
    html: str
    text: str
    """The text part without the body."""
    styles: tuple[tuple[str, str], ...]
    """The inline CSS for each tag of the content, by tag name."""
    marks: tuple[tuple[str, str], ...]
    """The marks it prints besides those of the body, by the field of `email`."""
    language: Language


@dataclass(frozen=True, slots=True)
class Rendering:
    """A document in one form, with marks where a platform puts something in: the input of the output checks.

    `form` is `fragment`, `text`, `parts` of an email, `email` or `email-text`. `template` names the layout of the
    last three, and `parts` are the pieces of content in it. `layout` is set once for each shape.
    """

    document: Document
    form: str
    marked: str
    template: str | None = None
    parts: tuple[str, ...] = ()
    layout: Layout | None = None
