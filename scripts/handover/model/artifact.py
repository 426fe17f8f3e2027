"""What a build makes: bytes with a path."""

from dataclasses import dataclass, field

from handover.model.document import Document


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of `dist/`. `path` is relative to it, with `/`.

    `block` is the block's id for a snippet, `message` the message's id for an email; both are None for a page.
    """

    path: str
    content: bytes
    platform: str
    format: str
    message: str | None = None
    variant: str | None = None
    block: str | None = None
    placeholders: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    sources: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Rendering:
    """A document in one form, with marks where a platform puts something in: what checks look at.

    `form` is `fragment`, `text` or `email`; `template` names the layout that an email or its text went through.
    """

    document: Document
    form: str
    marked: str
    template: str | None = None
