"""`data/platforms/<platform>.yml`: how one platform writes placeholders, and what it accepts."""

from typing import Literal

from pydantic import StrictBool

from handover.model.base import Model
from handover.model.located import Id, Located

MessageKind = Literal["personal", "marketing"]


class Token(Model):
    """How the platform names one placeholder."""

    name: Located
    """The platform's own name of the field; it goes where the pattern says `<name>`."""
    verified: StrictBool = True
    """False where the name is not from the vendor's documentation."""
    source: Located | None = None
    """Where the fact is written."""


class Patterns(Model):
    """How the platform writes a token. `<name>`, `<fallback>` and `<label>` stand for the real ones."""

    token: Located
    """A field whose value the platform knows."""
    fallback: Located | None = None
    """The same with a text for when the value is unknown; none where the platform has no such form."""
    fill_in: Located | None = None
    """A blank that a person fills in before sending; none where the platform has no such form."""


class Footer(Model):
    """What the platform puts into the foot of a marketing message."""

    unsubscribe: Located
    """The address for opting out."""
    view_online: Located | None = None
    """The address of the message as a web page."""
    postal_address: tuple[Located, ...] = ()
    """The sender's postal address, a line each; empty for the one in data/brand.yml."""


class Platform(Model):
    """One platform."""

    id: Id
    """The name of the file, and of the folder of its exports."""
    label: Located
    """Its name, as people say it."""
    format: Literal["fragment", "document"]
    """`fragment` to paste into an editor, `document` for a full HTML email."""
    takes: tuple[MessageKind, ...]
    """The kinds of message that are sent through it."""
    verified: StrictBool = False
    """False where a fact of this file is not from the vendor's documentation."""
    sources: tuple[Located, ...] = ()
    """Where the facts are written."""
    write: Patterns
    """How tokens are written."""
    tokens: dict[Id, Token] = {}
    """The platform's field for each placeholder that it knows, by the placeholder's id."""
    footer: Footer | None = None
    """What stands in the foot of a marketing message."""
    required: tuple[Located, ...] = ()
    """Tokens without which the platform refuses a marketing message, or ships a broken one."""
    syntax: tuple[Located, ...] = ()
    """Character sequences that it reads as its own: literal text may not have them."""
    editable_region: dict[Id, Located] = {}
    """Attributes that mark the part of a document that the platform's editor may change."""
