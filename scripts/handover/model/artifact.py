"""What a build produces: bytes with a path."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from handover.model.document import Document
from handover.model.language import Language


@dataclass(frozen=True, slots=True)
class Stored:
    """Content that is not in memory: its file (None if it was discarded), its size in bytes, its SHA-256 in hex."""

    file: Path | None
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
        return self.data.file.read_bytes()

    @property
    def size(self) -> int:
        """The size in bytes."""
        return len(self.data) if isinstance(self.data, bytes) else self.data.size

    @property
    def sha256(self) -> str:
        """The SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest() if isinstance(self.data, bytes) else self.data.sha256

    def stored(self, file: Path | None) -> "Artifact":
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
