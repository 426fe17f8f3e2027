"""Text that a platform would read as its own syntax, and tokens of one platform in texts for others."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TypeAlias

from handover.check.messages import literals
from handover.check.platforms import exported
from handover.model.base import located_texts
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import Composition, Document
from handover.model.link import Link as LinkEntry
from handover.model.located import Located, Reference
from handover.model.nodes import Break, Code, Inline, Link, Picture, Placeholder, Text, runs
from handover.model.pattern import TokenPlace
from handover.model.platform import Platform, token_delimiters

_IN_TEXT = "Use other words."
_IN_URL = "Use a URL without it, for example a short link."


@dataclass(frozen=True, slots=True)
class _Piece:
    """Literal text with its place; or, without a place, a placeholder by its id or a line break."""

    text: str
    place: Place | None = None
    value: Located | None = None
    """The value of a data file that the text is a part of."""
    is_placeholder: bool = False
    where: TokenPlace = "text"
    """The place of a placeholder."""

    def written(self, platform: Platform, catalog: Catalog) -> str:
        """The text on a platform; a space for a placeholder that it writes by other means."""
        if not self.is_placeholder:
            return self.text
        placeholder = catalog.placeholders.get(self.text)
        if placeholder is None or placeholder.type == "choice":
            return " "
        return platform.write_placeholder(placeholder, self.where) or " "

    def place_of(self, offset: int, shown: str) -> Place:
        """The place of `shown`, which starts `offset` characters into literal text."""
        assert self.place is not None  # noqa: S101 - only literal text has places
        return self.place.after(offset) if self.value is None else self.value.at(shown)


_Line: TypeAlias = tuple[list[_Piece], str]
"""The pieces of a line of text or of a URL, and the fix for syntax in it."""


@dataclass(frozen=True, slots=True)
class Misread:
    """Literal text at `place` that the platform with this `label` reads as syntax."""

    place: Place
    shown: str
    hint: str
    label: str


def misread(catalog: Catalog, composition: Composition) -> Iterator[Misread]:
    """Literal text, or a URL, that a platform would read as its own syntax: see `syntax_in_text`."""
    for document, platforms in exported(catalog, composition):
        lines = list(_lines(document, catalog))
        varying = [line for line in lines if any(piece.is_placeholder for piece in line[0])]
        literal = "\n".join("".join(piece.text for piece in pieces) for pieces, _ in lines)
        for platform in platforms if lines else ():
            if not platform.syntax:
                continue
            looked_at = lines if _pattern(platform.syntax).search(literal) else varying
            for pieces, hint in (*looked_at, *_footer(document, platform, catalog)):
                texts = [piece.written(platform, catalog) for piece in pieces]
                for place, shown in _syntax_in(pieces, texts, platform.syntax):
                    yield Misread(place, shown, hint, platform.label)


def syntax_in_text(misreadings: Iterable[Misread]) -> Iterator[Diagnostic]:
    """All that is misread: one error per place, with all its platforms."""
    by_place: dict[Place, list[Misread]] = {}
    for each in misreadings:
        by_place.setdefault(each.place, []).append(each)
    for place, same in by_place.items():
        *others, last = sorted({each.label for each in same})
        names = f"{', '.join(others)} and {last} read" if others else f"{last} reads"
        message = f"{names} '{same[0].shown}' as {'their' if others else 'its'} own syntax."
        yield error(place, "platform-syntax", message, same[0].hint, len(same[0].shown))


def _lines(document: Document, catalog: Catalog) -> Iterator[_Line]:
    """The lines of text of a document, then its URLs."""
    mailboxes = [line for mailbox in document.mailboxes for line in (mailbox.name, mailbox.email)]
    for line in (document.subject, document.preheader, *mailboxes, *runs(document.blocks)):
        yield list(_pieces(line)), _IN_TEXT
    for node in document.inlines:
        if isinstance(node, Link) and node.id in catalog.links:
            yield list(_url(catalog.links[node.id])), _IN_URL


def _footer(document: Document, platform: Platform, catalog: Catalog) -> Iterator[_Line]:
    """The lines of the brand in the footer of an email on this platform."""
    if platform.format == "document" and document.id in catalog.messages:
        is_own = platform.footer is not None and bool(platform.footer.postal_address)
        for text in (catalog.brand.name, *(() if is_own else catalog.brand.postal_address)):
            yield [_Piece(text, text.place, text)], _IN_TEXT


def _pieces(line: Iterable[Inline]) -> Iterator[_Piece]:
    for node in line:
        match node:
            case Text():
                yield _Piece(node.text, node.place)
            case Code():
                yield from () if node.has_placeholder else (_Piece(node.text, node.place),)
            case Placeholder():
                yield _Piece(node.id, is_placeholder=True)
            case Break():
                yield _Piece("\n")
            case Link():
                yield from _pieces(node.children)
                yield _Piece("\n")
            case Picture():  # the handbook alone has them
                yield _Piece(node.words, node.place)
            case _:
                yield from _pieces(node.children)


def _url(link: LinkEntry) -> Iterator[_Piece]:
    parts = link.parts
    for part in parts:
        if isinstance(part, Reference):
            yield _Piece(part, is_placeholder=True, where="address" if len(parts) > 1 else "text")
        else:
            yield _Piece(part, link.url.place, link.url)


def _syntax_in(pieces: list[_Piece], texts: list[str], syntax: tuple[str, ...]) -> Iterator[tuple[Place, str]]:
    """The places where literal text is syntax, by itself or together with the token beside it."""
    starts = list(accumulate(map(len, texts), initial=0))
    end = 0
    for match in _pattern(syntax).finditer("".join(texts)):
        first, last = match.start(1), match.end(1)
        if first < end:
            continue
        for number in range(bisect_right(starts, first) - 1, bisect_left(starts, last)):
            if pieces[number].place is not None and pieces[number].text:
                end = last
                yield pieces[number].place_of(max(first - starts[number], 0), match[1]), match[1]
                break


@lru_cache(maxsize=256)
def _pattern(syntax: tuple[str, ...]) -> re.Pattern[str]:
    """Finds every start of a sequence, the longest one there, also where sequences overlap."""
    return re.compile("(?=(" + "|".join(map(re.escape, sorted(syntax, key=len, reverse=True))) + "))")


Shapes: TypeAlias = list[tuple[re.Pattern[str], Platform]]
"""The shape of each platform's tokens: what is before and after their names."""


def token_shapes(catalog: Catalog) -> Shapes:
    """The shapes of all tokens that have something before and after the name."""
    return [(shape, platform) for platform in catalog.platforms.values() for shape in platform.token_shapes]


def tokens(text: str, shapes: Shapes) -> Iterator[tuple[str, Platform]]:
    """Each token in a text, with its platform."""
    return ((match[0], platform) for pattern, platform in shapes for match in pattern.finditer(text))


def in_content(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A platform's token in the text or a URL of a message or snippet."""
    for document, readers in exported(catalog, composition):
        texts = list(_texts(document, catalog))
        together = "\n".join(text for text, _, _ in texts)  # no token has a line end
        shapes = [(shape, platform) for shape, platform in token_shapes(catalog) if shape.search(together)]
        for text, place, written in texts if shapes else ():
            for token, platform in tokens(text, shapes):
                # It may be reported as a stray bracket, or as syntax of a platform that gets the message.
                sequences = {sequence.lower() for reader in readers for sequence in reader.syntax}
                is_reported = any(sequence in token.lower() for sequence in sequences)
                if not is_reported and not re.search(r"[\[\]{}]", token):
                    at = place.after(text.find(token)) if written is None else written.at(token)
                    hint = "Write a placeholder as {{ name }}: each platform gets its own token."
                    yield _foreign(at, token, platform, hint)


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


DATA_RULES = (in_platforms, in_samples)
