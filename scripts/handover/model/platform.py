"""`data/platforms/<platform>.yml`: how one platform writes placeholders, and what it accepts."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, StrictBool, field_validator, model_validator

from handover.model.base import Fault, Model
from handover.model.located import Id, Located
from handover.model.placeholder import Placeholder

MessageKind = Literal["personal", "marketing"]
FooterLinks: TypeAlias = frozenset[str]

FOOTER_LINKS = ("unsubscribe", "view_online", "preferences")
"""What a foot can lead to."""

_BLANKS = {"token": ("<name>",), "in_address": ("<name>",), "fallback": ("<name>", "<fallback>")}

CURLY_QUOTES = "\u2018\u2019\u201c\u201d"


class Source(Model):
    """Where a fact about the platform is written."""

    fact: Located
    """What is said there."""
    where: Located
    """The site and the page."""
    verified: StrictBool = True
    """False where that is not the vendor's own documentation."""


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
    in_address: Located | None = None
    """The same as a part of an address, percent-encoded; none where the platform has no such form."""
    fallback: Located | None = None
    """The same with a text for when the value is unknown; none where the platform has no such form."""
    fill_in: Located | None = None
    """A blank that a person fills in before sending; none where the platform has no such form."""
    record_link: Located | None = None
    """A field as a part of an address in a link on a record, percent-encoded; none where records have no such links."""

    @field_validator("*")
    @classmethod
    def _straight(cls, pattern: Located | None) -> Located | None:
        curly = next((mark for mark in CURLY_QUOTES if pattern and mark in pattern), None)
        if curly:
            raise Fault(f"'{curly}' is a curly quote, which no platform reads as a quote", hint="Write ' or \".")
        return pattern

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for key, blanks in _BLANKS.items():
            pattern = getattr(self, key)
            missing = next((blank for blank in blanks if pattern and blank not in pattern), None)
            if missing:
                raise Fault(f"'{pattern}' has no place for {missing}", key, hint=f"Write {missing} where it goes.")
        return self


class Footer(Model):
    """What the platform puts into the foot of a marketing message."""

    unsubscribe: Located
    """The address for opting out."""
    view_online: Located | None = None
    """The address of the message as a web page."""
    preferences: Located | None = None
    """The address where people choose which emails they get."""
    postal_address: tuple[Located, ...] = ()
    """The sender's postal address, a line each; empty for the one in data/brand.yml."""

    def links(self) -> FooterLinks:
        """The links that it has."""
        return frozenset(name for name in FOOTER_LINKS if getattr(self, name) is not None)


class Platform(Model):
    """One platform."""

    id: Id
    """The name of the file, and of the folder of its exports."""
    label: Located
    """Its name, as people say it."""
    format: Literal["fragment", "document"]
    """`fragment` to paste into an editor, `document` for a full HTML email."""
    takes: Annotated[tuple[MessageKind, ...], Field(min_length=1)]
    """The kinds of message that are sent through it."""
    verified: StrictBool = False
    """False where a fact of this file is not from the vendor's documentation."""
    sources: tuple[Source, ...] = ()
    """Where the facts are written."""
    beware: tuple[Located, ...] = ()
    """What whoever takes a file there has to know, a sentence each."""
    write: Patterns
    """How tokens are written."""
    tokens: dict[Id, Token] = {}
    """The platform's field for each placeholder that it knows, by the placeholder's id."""
    wrong_names: dict[Located, Located] = {}
    """Names that are seen in use and that the platform does not know, each with the right one."""
    footer: Footer | None = None
    """What stands in the foot of a marketing message."""
    required: tuple[Located, ...] = ()
    """Tokens without which the platform refuses a marketing message, or ships a broken one."""
    syntax: tuple[Located, ...] = ()
    """Character sequences that it reads as its own: literal text may not have them."""
    editable_region: dict[Id, Located] = {}
    """Attributes that mark the part of a document that the platform's editor may change."""

    @model_validator(mode="after")
    def _sure(self) -> Self:
        unsure = [source.fact for source in self.sources if not source.verified]
        unsure += [token.name for token in self.tokens.values() if not token.verified]
        if self.verified and unsure:
            raise Fault(
                f"'verified' cannot be true while '{unsure[0]}' is not verified",
                "verified",
                hint="Write false here, or verify it.",
            )
        return self

    @property
    def lacks_footer(self) -> bool:
        """True if it takes marketing messages as documents, and how one opts out there is not said."""
        return self.format == "document" and "marketing" in self.takes and self.footer is None

    def pattern_for(self, placeholder: Placeholder, in_address: bool = False) -> Located | None:
        """The pattern by which a placeholder that is no choice is written; None when the platform cannot write it.

        `in_address` is true for a part of an address.
        """
        if placeholder.id not in self.tokens:
            return self.write.fill_in
        if in_address and self.write.in_address:
            return self.write.in_address
        return (self.write.fallback if placeholder.fallback else None) or self.write.token

    def write_placeholder(self, placeholder: Placeholder, in_address: bool = False) -> str | None:
        """How the platform writes a placeholder that is no choice; None when it cannot."""
        pattern = self.pattern_for(placeholder, in_address)
        if pattern is None:
            return None
        token = self.tokens.get(placeholder.id)
        written = pattern.replace("<name>", token.name if token else "").replace("<label>", placeholder.label)
        return written.replace("<fallback>", placeholder.fallback or "")
