"""How a platform writes merge tokens, and which parameters it adds to URLs."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias, get_args
from urllib.parse import parse_qsl, quote

from pydantic import AfterValidator, ModelWrapValidatorHandler, TypeAdapter, WrapValidator, model_validator

from handover.model.base import Fault, Model, located_texts
from handover.model.located import Located

TokenPlace = Literal["html", "attribute", "address", "text", "subject"]
"""Where a token stands: in the text of HTML, as a whole URL in an attribute, as a part of a URL, and so on."""

PLACES: tuple[TokenPlace, ...] = get_args(TokenPlace)

PART = "<(?:name|label|fallback|raw_fallback)>"
"""A part of a pattern that is replaced, as a regular expression."""

CURLY_QUOTES = "\u2018\u2019\u201c\u201d"

_NEEDED = {"token": ("<name>",), "fallback": ("<name>", "<fallback>")}
"""What a pattern must have in each place."""


class PlacePatterns(Model):
    """A pattern for each place; leave one out if the platform cannot write it there: using it there is an error."""

    html: Located | None = None
    """In the text of HTML, where the platform should escape the value."""
    attribute: Located | None = None
    """As a whole URL, in an attribute of HTML. It can have no double quotes."""
    address: Located | None = None
    """As a part of a URL, in HTML and plain text: percent-encoded by the platform. It can have no double quotes."""
    text: Located | None = None
    """In plain text, as it is."""
    subject: Located | None = None
    """In the subject, as it is."""

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if not any(text is not None for _, text in self):
            raise Fault("it has no place", hint=f"Write it for one or more of {', '.join(PLACES)}.")
        return self


def _text_or_places(value: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
    """Validate a mapping by place as such, and anything else as one text."""
    is_mapping = isinstance(value, dict | PlacePatterns)
    return PlacePatterns.model_validate(value) if is_mapping else _TEXT.validate_python(value)


def _straight_quotes(pattern: Any) -> Any:
    for key, text in patterns_in(pattern):
        curly = next((mark for mark in CURLY_QUOTES if mark in text), None)
        if curly:
            problem = f"'{curly}' is a curly quote, which platforms do not read as a quote"
            raise Fault(problem, *key, hint="Write ' or \".")
    return pattern


_TEXT = TypeAdapter(Located)

Pattern: TypeAlias = Annotated[
    Located | PlacePatterns, WrapValidator(_text_or_places), AfterValidator(_straight_quotes)
]
"""One text for all places, or a mapping by place."""


def pattern_at(pattern: Pattern | None, place: TokenPlace) -> Located | None:
    """The text of a pattern for a place; None if it cannot be written there."""
    return getattr(pattern, place) if isinstance(pattern, PlacePatterns) else pattern


def patterns_in(pattern: Pattern | None) -> Iterator[tuple[tuple[str, ...], Located]]:
    """Each text of a pattern, with the key of its place; without a key if it is for all places."""
    if isinstance(pattern, PlacePatterns):
        yield from (((place,), text) for place in PLACES if (text := getattr(pattern, place)) is not None)
    elif pattern is not None:
        yield (), pattern


class Patterns(Model):
    """How the platform writes merge tokens: `<name>`, `<fallback>` and `<label>` are replaced by the real ones.

    Each is one text for all places, or a mapping of `html`, `attribute`, `address`, `text` and `subject`. `<fallback>`
    and `<label>` are escaped for their place; `<raw_fallback>` is not: for a platform that escapes the whole token.
    """

    token: Pattern
    """The token of a field."""
    fallback: Pattern | None = None
    """The token with a fallback text; leave it out if the platform has none."""
    fill_in: Pattern | None = None
    """A field that a person fills in before sending; leave it out if the platform has none."""
    record_link: Annotated[Located, AfterValidator(_straight_quotes)] | None = None
    """A field in the URL of a link on a record, percent-encoded; leave it out if records have no links."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for name, parts in _NEEDED.items():
            for key, text in patterns_in(getattr(self, name)):
                whole = text.replace("<raw_fallback>", "<fallback>")
                missing = next((part for part in parts if part not in whole), None)
                if missing:
                    hint = f"Write {missing} where it belongs."
                    raise Fault(f"'{text}' lacks {missing}", name, *key, hint=hint)
        return self

    def texts(self) -> Iterator[Located]:
        """Every text of every pattern in an email."""
        return located_texts((self.token, self.fallback, self.fill_in))


def escape(text: str) -> str:
    """`text` escaped for HTML and double-quoted attributes. Apostrophes stay: some platforms' tokens need them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def escaped_for(place: TokenPlace, words: str) -> str:
    """Words escaped for a place in the source of a document."""
    if place == "address":
        return quote(words, safe="")
    return escape(words) if place in ("html", "attribute") else words


_NAMES = ("{message}", "{variant}")


def _known_names(parameters: dict[Located, Located]) -> dict[Located, Located]:
    for name, value in parameters.items():
        unknown = next((part for part in re.findall(r"\{[^{}]*\}|[{}]", value) if part not in _NAMES), None)
        if unknown:
            message = f"'{unknown}' has no meaning in a link parameter"
            raise Fault(message, name, hint="Write {message} or {variant}, with single braces.")
    return parameters


LinkParameters = Annotated[dict[Located, Located], AfterValidator(_known_names)]
"""The names of the parameters and their values, in which `{message}` and `{variant}` stand for ids."""


def added_to(url: str, parameters: Mapping[Located, Located], message: str, variant: str | None) -> str:
    """What to insert before the fragment of `url`: the parameters that it does not have yet, percent-encoded.

    Without a variant, `{variant}` is nothing, and a `-`, `_` or `.` beside it goes too; an empty value is left out.
    """
    before = url.partition("#")[0]
    query = before.partition("?")[2]
    there = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    texts = {}
    for name, value in parameters.items():
        text = value if variant else re.sub(r"^\{variant\}[-_.]?|[-_.]?\{variant\}", "", value)
        texts[name] = text.replace("{message}", message).replace("{variant}", variant or "")
    new = {name: text for name, text in texts.items() if text and name not in there}
    added = "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for name, text in new.items())
    if not added or before.endswith(("?", "&")):
        return added
    return f"{'&' if '?' in before else '?'}{added}"
