"""What a build makes: bytes with a path."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from handover.model.document import Document
from handover.model.sent import sent


def _gone(path: str) -> bytes:
    raise FileNotFoundError(path)


@dataclass(slots=True)
class PutAway:
    """Content that is no longer held: its length in bytes, its digest, and the way to get it back by its path."""

    size: int
    digest: bytes
    """SHA-256."""
    read: Callable[[str], bytes] = _gone

    def __reduce__(self) -> tuple[type, tuple[int, bytes]]:
        """Another process has its own way to the files."""
        return PutAway, (self.size, self.digest)


@dataclass(frozen=True, slots=True)
class ToWrite:
    """Content that comes to be while it is written, and is too large to be held."""

    write: Callable[[BinaryIO], None]

    def whole(self) -> bytes:
        """All of it, held nevertheless."""
        target = BytesIO()
        self.write(target)
        return target.getvalue()


@sent
@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of `dist/`. `path` is relative to it, with `/`.

    `block` is the block's id for a snippet, `message` the message's id for an email; both are None for a page.
    """

    path: str
    held: bytes | PutAway | ToWrite
    """The content, or how to get it: a large build cannot hold all of it at once."""
    platform: str
    format: str
    message: str | None = None
    variant: str | None = None
    block: str | None = None
    placeholders: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    sources: tuple[str, ...] = field(default=())

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        match self.held:
            case bytes():
                return self.held
            case PutAway():
                return self.held.read(self.path)
            case ToWrite():
                return self.held.whole()

    @property
    def size(self) -> int:
        """How many bytes they are."""
        return self.held.size if isinstance(self.held, PutAway) else len(self.content)

    @property
    def sha256(self) -> str:
        """Their digest, in hexadecimal."""
        return self._digest.hex()

    @property
    def _digest(self) -> bytes:
        return self.held.digest if isinstance(self.held, PutAway) else hashlib.sha256(self.content).digest()

    def put_away(self, read: Callable[[str], bytes] = _gone) -> "Artifact":
        """The same without its content, which `read` gets back."""
        return self.holding(PutAway(self.size, self._digest, read))

    def found_by(self, read: Callable[[str], bytes]) -> None:
        """Have what was put away read by `read`, in whichever process that was."""
        if isinstance(self.held, PutAway):
            self.held.read = read

    def holding(self, held: bytes | PutAway) -> "Artifact":
        """The same with its content elsewhere."""
        # Thirty thousand times in a large build: `replace` takes five times as long.
        return Artifact(
            self.path,
            held,
            self.platform,
            self.format,
            self.message,
            self.variant,
            self.block,
            self.placeholders,
            self.links,
            self.sources,
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout as it came out for messages of one shape: marks stand where content goes."""

    template: str
    """The path of its template."""
    text_template: str
    """The path of the template of its text part."""
    mjml: str
    html: str
    text: str
    """The text part without the body."""
    styles: tuple[tuple[str, str], ...]
    """What it gives to each tag of the content: the tag's name and its CSS."""
    marks: tuple[tuple[str, str], ...]
    """What it prints besides the content of the body: the thing's name (a field of `email`) and the mark for it."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """A document in one form, with marks where a platform puts something in: what checks look at.

    `form` is `fragment`, `text`, `parts` of an email, `email` or `email-text`; `template` names the layout that the
    last three went through, and `parts` are the pieces of content that it has to have put in. `layout` is
    what came of the layout for messages of this shape.
    """

    document: Document
    form: str
    marked: str
    template: str | None = None
    parts: tuple[str, ...] = ()
    layout: Layout | None = None
