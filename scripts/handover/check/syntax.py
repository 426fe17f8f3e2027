"""Literal text that a platform would read as its own syntax."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, groupby
from typing import TypeAlias

from handover.check.platforms import exported
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import Composition, Document
from handover.model.located import Located, Reference
from handover.model.nodes import Break, Code, Inline, Link, Placeholder, Text, nested, runs
from handover.model.platform import Platform

_BLANK = "\x00"
"""What begins the name of a placeholder among texts: no file may have it."""

Lines: TypeAlias = list[tuple[tuple[Inline, ...], list[str]]]
"""Lines, each with its text in parts, blanks by their names."""

IN_TEXT = "Write it in other words."
IN_ADDRESS = "Use an address without it, for example a shorter one that leads there."


@dataclass(frozen=True, slots=True)
class _Piece:
    """Literal text where `place` is set, else what a platform puts there."""

    text: str
    place: Place | None = None
    written: Located | None = None
    """The value of a data file that the text is a part of."""

    def place_of(self, offset: int, shown: str) -> Place:
        """The place of `shown`, which starts `offset` characters into the text."""
        assert self.place is not None  # noqa: S101 - only literal text is asked
        if self.written is not None:
            return self.written.at(shown)
        return replace(self.place, column=self.place.column + offset)


@dataclass(frozen=True, slots=True)
class Misread:
    """A place, and a platform that would misread what stands there."""

    place: Place
    shown: str
    hint: str
    label: str


class Readers:
    """The platforms, as those who read what is written: made once for all messages of a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.tokens = {platform.id: _Tokens(platform, catalog) for platform in catalog.platforms.values()}
        self.syntax = {sequence for platform in catalog.platforms.values() for sequence in platform.syntax}
        cuts = [(sequence[:at], sequence[at:]) for sequence in self.syntax for at in range(1, len(sequence))]
        tokens = {each[_BLANK + name] for each in self.tokens.values() for name in catalog.placeholders}
        self.starts = tuple({start for start, _ in cuts})
        self.ends = tuple({end for start, end in cuts if any(token.endswith(start) for token in tokens)})

    def suspects(self, lines: Lines) -> bool:
        """False if no platform could take any of the words for syntax, whatever stands beside them.

        A sequence stands in one part, or begins in one, or in a token: then a part goes on with its end.
        """
        parts = [part for _, parts in lines for part in parts if part and part[0] != _BLANK]
        words = "\n".join(parts)
        return any(sequence in words for sequence in self.syntax) or any(map(self._is_cut, parts))

    def _is_cut(self, part: str) -> bool:
        goes_on = part.startswith(self.ends) or any(end.startswith(part) for end in self.ends)
        return goes_on or part.endswith(self.starts)


def misread(catalog: Catalog, composition: Composition, readers: Readers) -> Iterator[Misread]:
    """Literal text, or an address, that a platform would read as its own syntax: see `syntax_in_text`."""
    for _, pairs in groupby(exported(catalog, composition), key=lambda pair: id(pair[0])):
        lines: Lines | None = None
        for document, platform in pairs:
            if lines is None:
                lines = _lines(document)
                lines = lines if readers.suspects(lines) else []
            for pieces, hint in _texts(document, lines, platform, catalog, readers.tokens[platform.id]):
                for place, shown in _misread(pieces, platform.syntax) if pieces else ():
                    yield Misread(place, shown, hint, platform.label)


def syntax_in_text(misreadings: Iterable[Misread]) -> Iterator[Diagnostic]:
    """All that is misread: one finding a place."""
    first: dict[Place, Misread] = {}
    labels: dict[Place, dict[str, None]] = {}
    for each in misreadings:
        first.setdefault(each.place, each)
        labels.setdefault(each.place, {})[each.label] = None
    for place, each in first.items():
        *others, last = sorted(labels[place])
        names = f"{', '.join(others)} and {last}" if others else last
        whose = "their" if others else "its"
        message = f"{names} would read '{each.shown}' as {whose} own syntax."
        yield error(place, "platform-syntax", message, each.hint, len(each.shown))


class _Tokens(dict[str, str]):
    """What one platform puts in the place of each placeholder, by `_BLANK` and its id."""

    def __init__(self, platform: Platform, catalog: Catalog) -> None:
        super().__init__()
        self.platform = platform
        self.catalog = catalog
        self.addresses: dict[str, list[_Piece]] = {}

    def __missing__(self, part: str) -> str:
        made = self[part] = _token(part.removeprefix(_BLANK), self.platform, self.catalog, in_address=False)
        return made

    def address(self, link_id: str) -> list[_Piece]:
        """The address of a link as the platform reads it; none if it reads nothing of it as its own."""
        if link_id not in self.addresses:
            link = self.catalog.links[link_id]
            pieces = list(_address(link.url, link.parts(), self.platform, self.catalog))
            self.addresses[link_id] = pieces if any(_misread(pieces, self.platform.syntax)) else []
        return self.addresses[link_id]


def _lines(document: Document) -> Lines:
    """The lines of a document, each with its text in parts: most lines are seen at a glance to be nobody's syntax."""
    mailboxes = [line for mailbox in (*document.to, *document.cc) for line in (mailbox.name, mailbox.email)]
    lines = (document.subject, document.preheader, document.sender, *mailboxes, *runs(document.blocks))
    return [(line, [part for node in nested(line) for part in _parts(node)]) for line in lines]


def _parts(node: Inline) -> tuple[str, ...]:
    match node:
        case Text():
            return (node.text,)
        case Code():
            return () if node.has_placeholder else (node.text,)
        case Placeholder():
            return (_BLANK + node.id,)
        case _:
            return ()


def _texts(
    document: Document,
    lines: Lines,
    platform: Platform,
    catalog: Catalog,
    tokens: _Tokens,
) -> Iterator[tuple[list[_Piece], str]]:
    """What a document is made of on its way to the platform, each with what to do about a misreading."""
    texts = ["".join([tokens[part] if part[:1] == _BLANK else part for part in parts]) for _, parts in lines]
    everything = "\n".join(texts)
    there = [sequence for sequence in platform.syntax if sequence in everything]
    for (line, _), text in zip(lines, texts, strict=True) if there else ():
        if any(sequence in text for sequence in there):
            yield list(_pieces(line, platform, catalog)), IN_TEXT
    for node in document.inlines():
        if isinstance(node, Link) and node.id in catalog.links:
            yield tokens.address(node.id), IN_ADDRESS
    if platform.format == "document" and document.id in catalog.messages:
        brand = catalog.brand
        postal = () if platform.footer and platform.footer.postal_address else brand.postal_address
        for words in (brand.name, *postal):
            yield [_Piece(words, words.place, words)], IN_TEXT


def _pieces(line: Iterable[Inline], platform: Platform, catalog: Catalog) -> Iterator[_Piece]:
    for node in line:
        match node:
            case Text():
                yield _Piece(node.text, node.place)
            case Code():
                yield from () if node.has_placeholder else (_Piece(node.text, node.place),)
            case Placeholder():
                yield _Piece(_token(node.id, platform, catalog, in_address=False))
            case Break():
                yield _Piece("\n")
            case Link():
                yield from _pieces(node.children, platform, catalog)
                yield _Piece("\n")
            case _:
                yield from _pieces(node.children, platform, catalog)


def _address(url: Located, parts: list[str | Reference], platform: Platform, catalog: Catalog) -> Iterator[_Piece]:
    for part in parts:
        if isinstance(part, Reference):
            yield _Piece(_token(part, platform, catalog, in_address=len(parts) > 1))
        else:
            yield _Piece(part, url.place, url)


def _token(name: str, platform: Platform, catalog: Catalog, in_address: bool) -> str:
    placeholder = catalog.placeholders.get(name)
    if placeholder is None or placeholder.type == "choice":
        return " "
    return platform.write_placeholder(placeholder, in_address) or " "


def _misread(pieces: list[_Piece], syntax: tuple[Located, ...]) -> Iterator[tuple[Place, str]]:
    """The places where literal text is syntax, by itself or together with the token beside it."""
    line = "".join(piece.text for piece in pieces)
    if not any(sequence in line for sequence in syntax):
        return
    starts = list(accumulate((len(piece.text) for piece in pieces), initial=0))
    end = 0
    for match in _pattern(syntax).finditer(line):
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
