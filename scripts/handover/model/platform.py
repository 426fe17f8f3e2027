"""`data/platforms/<platform>.yml`: how one platform writes placeholders, and what it accepts."""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, StrictBool, field_validator, model_validator

from handover.model.base import Fault, Model
from handover.model.located import Id, Located
from handover.model.pattern import (
    PART,
    LinkParameters,
    Pattern,
    Patterns,
    TokenPlace,
    escaped_for,
    pattern_at,
    patterns_in,
)
from handover.model.placeholder import Placeholder
from handover.model.value import Delimiters, without_hidden

EmailKind = Literal["personal", "marketing"]
FooterLinks: TypeAlias = frozenset[str]

FOOTER_LINKS = ("unsubscribe", "view_online", "preferences")
"""The links that a footer can have."""


_as_list = BeforeValidator(
    lambda value: value if isinstance(value, list | tuple) else (value,), json_schema_input_type=Located | list[Located]
)
AnyOf = Annotated[tuple[Located, ...], Field(min_length=1), _as_list]
"""One text, or a list of texts of which each one will do."""


class Source(Model):
    """The source of a fact about the platform."""

    fact: Located
    """The fact."""
    where: Located
    """The site and the page that has it."""
    verified: StrictBool = True
    """False if that is not the vendor's own documentation."""


class Token(Model):
    """The platform's field for one placeholder."""

    name: Located | None = None
    """The platform's name of the field; it replaces `<name>` in the pattern. Needed unless there is a `write`."""
    write: Pattern | None = None
    """How this placeholder alone is written, in place of the pattern: a full name of two tokens, for example."""
    verified: StrictBool = True
    """False if the name is not from the vendor's documentation."""
    source: Located | None = None
    """The source of the name."""

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if self.name is None and self.write is None:
            raise Fault("a token needs 'name' or 'write'", hint="Add 'name: …', the platform's name of the field.")
        return self

    @property
    def shown(self) -> Located:
        """The name, or else how the token is written."""
        return self.name or next(text for _, text in patterns_in(self.write))


class Footer(Model):
    """The platform's tokens in the footer of marketing emails."""

    unsubscribe: Located
    """The URL to unsubscribe."""
    view_online: Located | None = None
    """The URL of the email as a web page."""
    preferences: Located | None = None
    """The URL of the email preferences."""
    postal_address: tuple[Located, ...] = ()
    """The sender's postal address, one entry per line; by default that of data/brand.yml."""

    @field_validator(*FOOTER_LINKS)
    @classmethod
    def _in_an_attribute(cls, token: Located | None) -> Located | None:
        mark = next((mark for mark in "\"'" if token and mark in token), None)
        if mark:
            raise Fault(f"a token for a URL cannot have {mark}", hint="Write the token alone, like {{unsubscribeUrl}}.")
        scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", without_hidden(token or ""), re.IGNORECASE)
        if scheme and scheme[1].lower() not in ("http", "https"):
            raise Fault(f"'{token}' is not an http or https URL", hint="Write the platform's token, or a full URL.")
        return token

    def links(self) -> FooterLinks:
        """The names of the links that it has."""
        return frozenset(name for name in FOOTER_LINKS if getattr(self, name) is not None)


class Platform(Model):
    """One platform."""

    id: Id
    """The name of the file, and of the folder of its exports."""
    label: Located
    """Its name for people."""
    format: Literal["fragment", "document"]
    """`fragment` to paste into an editor, `document` for a full HTML email."""
    takes: Annotated[tuple[EmailKind, ...], Field(min_length=1)]
    """The kinds of email that it sends."""
    verified: StrictBool = False
    """True if every fact in this file is from the vendor's documentation."""
    sources: tuple[Source, ...] = ()
    """The sources of the facts in this file."""
    steps: tuple[Located, ...] = ()
    """How to bring an email in, one sentence per step, in order."""
    beware: tuple[Located, ...] = ()
    """What to know before you use a file there, one sentence per entry."""
    write: Patterns
    """How it writes merge tokens."""
    tokens: dict[Id, Token] = {}
    """The platform's fields, by the ids of their placeholders."""
    wrong_names: dict[Located, Located] = {}
    """Common wrong names of fields, each with the right one."""
    footer: Footer | None = None
    """Its tokens in the footer of marketing emails."""
    required: tuple[AnyOf, ...] = ()
    """Tokens that a marketing email must have, or the platform rejects it; of a list in the list, any one."""
    syntax: tuple[Located, ...] = ()
    """Character sequences with a meaning of their own on the platform: literal text must not have them."""
    link_parameters: LinkParameters = {}
    """Parameters, such as UTM, for each `https` URL without placeholders; `{message}` and `{variant}` are ids."""
    exports_json: StrictBool = False
    """True if its API gives templates and snippets as JSON (JSON:API): those without `--platform` are from it."""
    editable_region: dict[Id, Located] = {}
    """Attributes that mark the part of a document that the platform's editor can change."""

    @field_validator("editable_region")
    @classmethod
    def _only_names(cls, region: dict[Id, Located]) -> dict[Id, Located]:
        active = next((name for name in region if name.startswith("on") or name in ("style", "src", "href")), None)
        if active:
            raise Fault(f"'{active}' would run or load something", active, hint="Write attributes like class and id.")
        return region

    @model_validator(mode="after")
    def _all_verified(self) -> Self:
        unverified = [source.fact for source in self.sources if not source.verified]
        unverified += [token.shown for token in self.tokens.values() if not token.verified]
        if self.verified and unverified:
            raise Fault(
                f"'verified' cannot be true while '{unverified[0]}' is unverified",
                "verified",
                hint="Write false here, or verify it.",
            )
        return self

    @property
    def lacks_footer(self) -> bool:
        """True if it sends marketing emails as documents, and has no unsubscribe token."""
        return self.format == "document" and "marketing" in self.takes and self.footer is None

    @cached_property
    def token_shapes(self) -> tuple[re.Pattern[str], ...]:
        """What finds its tokens in a line, where they have something before and after the name."""
        pairs = token_delimiters([self])
        return tuple(re.compile(rf"{re.escape(a)}[^\s<>\"'][^\n<>\"']{{0,60}}?{re.escape(b)}") for a, b in pairs)

    def key_of(self, placeholder: Placeholder) -> Literal["write", "token", "fallback", "fill_in"] | None:
        """The key of the pattern for a placeholder other than a choice; None if the platform has none."""
        token = self.tokens.get(placeholder.id)
        if token is None:
            return "fill_in" if self.write.fill_in is not None else None
        if token.write is not None:
            return "write"
        return "fallback" if placeholder.fallback and self.write.fallback is not None else "token"

    def pattern_for(self, placeholder: Placeholder, place: TokenPlace) -> Located | None:
        """The pattern for a placeholder other than a choice at a place; None if the platform has none."""
        key = self.key_of(placeholder)
        if key is None:
            return None
        return pattern_at(getattr(self.tokens[placeholder.id] if key == "write" else self.write, key), place)

    def parts_of(self, placeholder: Placeholder, place: TokenPlace) -> dict[str, str]:
        """What replaces each part of a pattern: words escaped for a document; editors read a fragment as text."""
        token = self.tokens.get(placeholder.id)
        source: TokenPlace = place if self.format == "document" or place == "address" else "text"
        return {
            "<name>": (token and token.name) or "",
            "<label>": escaped_for(source, placeholder.label),
            "<fallback>": escaped_for(source, placeholder.fallback or ""),
            "<raw_fallback>": placeholder.fallback or "",
        }

    def write_placeholder(self, placeholder: Placeholder, place: TokenPlace) -> str | None:
        """The token for a placeholder other than a choice at a place; None if the platform has none."""
        pattern = self.pattern_for(placeholder, place)
        parts = self.parts_of(placeholder, place)
        return None if pattern is None else re.sub(PART, lambda part: parts[part[0]], pattern)

    def shows_instead(self, placeholder: Placeholder, place: TokenPlace) -> bool:
        """True for a URL that a sender has to fill in and could not see: it stands as text in the place of a link."""
        is_in_url = place in ("attribute", "address") and self.format == "fragment"
        return is_in_url and self.key_of(placeholder) == "fill_in" and self.pattern_for(placeholder, place) is None


def token_delimiters(platforms: Iterable[Platform]) -> list[Delimiters]:
    """What is before and after the names in all tokens of `platforms`, where there is something on both sides.

    Longer delimiters that have shorter ones in them are left out: the shorter ones find their tokens too.
    """
    found: set[Delimiters] = set()
    for platform in platforms:
        for pattern in platform.write.texts():
            parts = re.split(PART, pattern)
            found.add((parts[0].strip(), parts[-1].strip()))
    found = {(before, after) for before, after in found if before and after}
    return sorted(
        one for one in found if not any(one != other and other[0] in one[0] and other[1] in one[1] for other in found)
    )
