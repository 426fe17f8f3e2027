"""A layout for emails of one shape, with holes where their content goes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeAlias

from handover.model.document import Layout
from handover.render.line_length import gaps_in, pieces


class Hole(NamedTuple):
    """The place of a piece of content, by its number."""

    number: int
    is_plain: bool = True
    """True where no tags can be: in a tag, in a title and in plain text."""
    has_gaps: bool = False
    """True if the layout has gaps for line ends, so that the content gets them too."""
    keeps_spaces: bool = False
    is_title: bool = False


Pieces: TypeAlias = tuple[str | Hole, ...]


@dataclass(frozen=True)
class Skeleton:
    """A layout compiled for messages of one shape."""

    layout: Layout
    text: Pieces
    mark: re.Pattern[str]
    """Matches the marks of the content in the layout; its group is the number."""
    attribute: re.Pattern[str]
    """Matches an attribute with such a mark; its groups are the name and the value."""
    region: int | None
    """The number of the first run of text, which a platform's editor can change."""
    known: dict[frozenset[int], tuple[Pieces, Pieces]] = field(default_factory=dict)

    @cached_property
    def plain(self) -> frozenset[int]:
        """The numbers of what is in a tag or in the title."""
        both = (piece for part in self.mjml_and_html(frozenset()) for piece in part if isinstance(piece, Hole))
        return frozenset(hole.number for hole in both if hole.is_plain)

    def mjml_and_html(self, values: frozenset[int]) -> tuple[Pieces, Pieces]:
        """The MJML, and the HTML with gaps for line ends.

        They lack the attributes that repeat words with a placeholder, such as the subject as `aria-label`: `values` has
        the numbers of such words. A platform may write a value as it is, and a quote in it would end the attribute.
        """
        if values not in self.known:
            mjml, html = (self._without(values, text) for text in (self.layout.mjml, self.layout.html))
            self.known[values] = holes(mjml, self.mark), holes(html, self.mark, has_gaps=True)
        return self.known[values]

    def _without(self, values: frozenset[int], text: str) -> str:
        def cleared(match: re.Match[str]) -> str:
            if values.isdisjoint(map(int, self.mark.findall(match[2]))):
                return match[0]
            return ' alt=""' if match[1] == "alt" else ""

        return self.attribute.sub(cleared, text) if values else text


def holes(text: str, mark: re.Pattern[str], has_gaps: bool = False) -> Pieces:
    """HTML or MJML with holes in place of the marks, and with gaps for line ends where they are wanted."""
    return tuple(_holes(text, mark, has_gaps))


def _holes(text: str, mark: re.Pattern[str], has_gaps: bool) -> Iterator[str | Hole]:
    before: list[str] = []
    for piece, keeps_spaces, is_title in pieces(text):
        first, *rest = mark.split(gaps_in(piece, keeps_spaces, is_title) if has_gaps else piece)
        before.append(first)
        in_tag = piece.startswith("<")
        for number, after in zip(rest[::2], rest[1::2], strict=True):
            yield "".join(before)
            yield Hole(int(number), in_tag or is_title, has_gaps and not in_tag, keeps_spaces, is_title)
            before = [after]
    yield "".join(before)
