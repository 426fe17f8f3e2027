"""Tokens of one platform in texts for others, which would send them as they are."""

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from handover.check.platforms import exported
from handover.check.texts import literals
from handover.model.base import located_texts
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import Composition, Document
from handover.model.located import Located
from handover.model.nodes import Link
from handover.model.platform import Platform, token_delimiters

Shapes: TypeAlias = list[tuple[re.Pattern[str], Platform]]
"""The shape of each platform's tokens: what is before and after their names."""


def token_shapes(catalog: Catalog) -> Shapes:
    """The shapes of all tokens that have something before and after the name."""
    return [
        (re.compile(rf"{re.escape(before)}[^\s<>\"'][^\n<>\"']{{0,60}}?{re.escape(after)}"), platform)
        for platform in catalog.platforms.values()
        for before, after in token_delimiters([platform])
    ]


def tokens(text: str, shapes: Shapes) -> Iterator[tuple[str, Platform]]:
    """Each token in a text, with its platform."""
    return ((match[0], platform) for pattern, platform in shapes for match in pattern.finditer(text))


def in_content(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A platform's token in the text or a URL of a message or snippet."""
    shapes = token_shapes(catalog)
    for document, readers in exported(catalog, composition):
        for text, place, written in _texts(document, catalog):
            for token, platform in tokens(text, shapes):
                if not _is_reported(token, readers):
                    at = place.after(text.find(token)) if written is None else written.at(token)
                    hint = "Write a placeholder as {{ name }}: each platform gets its own token."
                    yield _foreign(at, token, platform, hint)


def _is_reported(token: str, readers: Iterable[Platform]) -> bool:
    """True if it is reported as a stray bracket, or as syntax of a platform that gets the message."""
    sequences = {sequence.lower() for reader in readers for sequence in reader.syntax}
    return bool(re.search(r"[\[\]{}]", token)) or any(sequence in token.lower() for sequence in sequences)


def _texts(document: Document, catalog: Catalog) -> Iterator[tuple[str, Place, Located | None]]:
    """Literal text and URLs, with their places; for a URL also its value in data/links.yml."""
    for literal in literals(document):
        yield literal.text, literal.place, None
    for node in document.inlines:
        if isinstance(node, Link) and node.id in catalog.links:
            url = catalog.links[node.id].url
            yield url, url.place, url


def in_platforms(catalog: Catalog) -> Iterator[Diagnostic]:
    """A token of another platform in a platform's file."""
    shapes = token_shapes(catalog)
    for reader in catalog.platforms.values():
        writes = tuple(token.write for token in reader.tokens.values())
        for written in located_texts((reader.required, reader.write, reader.footer, writes)):
            rest: str = written
            for pattern, platform in shapes:
                rest = pattern.sub("", rest) if platform is reader else rest
            for token, platform in tokens(rest, shapes):
                yield _foreign(written.at(token), token, platform, f"Write the token of {reader.label}.")


def in_samples(catalog: Catalog) -> Iterator[Diagnostic]:
    """A platform's token in a sample value, which people would read as it is."""
    delimiters = token_delimiters(catalog.platforms.values())
    for placeholder in catalog.every_placeholder:
        problem = placeholder.problem_with(placeholder.sample, delimiters)
        if problem:
            yield error(placeholder.sample, "invalid-value", f"{problem}.", placeholder.fix)


def _foreign(place: Place, token: str, platform: Platform, hint: str) -> Diagnostic:
    message = f"'{token}' is a token of {platform.label} and would be sent as it is."
    return error(place, "foreign-token", message, hint, len(token))


RULES = (in_content,)

DATA_RULES = (in_platforms, in_samples)
