"""The token syntax of one platform where another one, or nobody, reads it: it would go out as it is written."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from handover.check.platforms import exported
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import Composition, Document
from handover.model.located import Located
from handover.model.nodes import Code, Link, Text
from handover.model.platform import Platform


@dataclass(frozen=True, slots=True)
class TokenShapes:
    """What the tokens of each platform look like, by what stands before and after their names."""

    patterns: tuple[tuple[re.Pattern[str], Platform], ...]
    any_start: re.Pattern[str] | None
    """Finds where a token could start: what it does not find needs no other look."""

    def tokens(self, text: str) -> Iterator[tuple[str, Platform]]:
        """Each token in a text, with the platform whose it is."""
        if self.any_start is not None and self.any_start.search(text):
            for pattern, platform in self.patterns:
                for match in pattern.finditer(text):
                    yield match[0], platform


def token_shapes(catalog: Catalog) -> TokenShapes:
    """The shapes of all platforms whose tokens have something around the name."""
    patterns, starts = [], set()
    for platform in catalog.platforms.values():
        before, _, after = (part.strip() for part in platform.write.token.partition("<name>"))
        if before and after:
            inside = r"[^\s<>\"'][^\n<>\"']{0,60}?"
            patterns.append((re.compile(f"{re.escape(before)}{inside}{re.escape(after)}"), platform))
            starts.add(re.escape(before))
    return TokenShapes(tuple(patterns), re.compile("|".join(sorted(starts))) if starts else None)


def in_content(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A token in words or addresses of a message: authors write a blank, and each platform gets its own token."""
    shapes = token_shapes(catalog)
    readers: dict[str, list[Platform]] = {}
    for document, platform in exported(catalog, composition):
        readers.setdefault(document.id, []).append(platform)
    for document in (*composition.documents, *composition.snippets):
        for text, place, written in _texts(document, catalog):
            for token, platform in shapes.tokens(text):
                if not _is_said_already(token, readers.get(document.id, ())):
                    at = (
                        replace(place, column=place.column + text.find(token)) if written is None else written.at(token)
                    )
                    hint = "Write a blank as {{ name }}: each platform gets its own token for it."
                    yield _foreign(at, token, platform, hint)


def _is_said_already(token: str, readers: Iterable[Platform]) -> bool:
    """True if it is a stray bracket, or a platform that gets the message reads it as its syntax."""
    sequences = {sequence.lower() for reader in readers for sequence in reader.syntax}
    return bool(re.search(r"[\[\]{}]", token)) or any(sequence in token.lower() for sequence in sequences)


def _texts(document: Document, catalog: Catalog) -> Iterator[tuple[str, Place, Located | None]]:
    """Words and addresses; an address has placeholders between braces, which are no token."""
    for node in (*document.heads(), *document.inlines()):
        if isinstance(node, Text | Code):
            yield node.text, node.place, None
        elif isinstance(node, Link) and node.id in catalog.links:
            url = catalog.links[node.id].url
            yield url, url.place, url


def in_platforms(catalog: Catalog) -> Iterator[Diagnostic]:
    """A token in a platform's file that is another platform's."""
    shapes = token_shapes(catalog)
    own = {platform.id: pattern for pattern, platform in shapes.patterns}
    for reader in catalog.platforms.values():
        for written in _written(reader):
            rest = own[reader.id].sub("", written) if reader.id in own else written
            for token, platform in shapes.tokens(rest):
                yield _foreign(written.at(token), token, platform, f"Write what {reader.label} has for it.")


def _written(platform: Platform) -> Iterator[Located]:
    yield from platform.required
    for pattern in (platform.write.token, platform.write.in_address, platform.write.fallback, platform.write.fill_in):
        if pattern is not None:
            yield pattern
    if platform.footer is not None:
        footer = platform.footer
        yield from (each for each in (footer.unsubscribe, footer.view_online, footer.preferences) if each is not None)
        yield from footer.postal_address


def _foreign(place: Place, token: str, platform: Platform, hint: str) -> Diagnostic:
    message = f"'{token}' is a token of {platform.label}, and would be sent as it stands."
    return error(place, "foreign-token", message, hint, len(token))


RULES = (in_content,)

DATA_RULES = (in_platforms,)
