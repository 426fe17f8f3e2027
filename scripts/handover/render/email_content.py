"""The message as layouts see it: a mark for each piece of content."""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markupsafe import Markup

from handover.model.brand import ENGLISH
from handover.model.document import Document
from handover.model.located import Direction
from handover.model.marks import Marks, Slot
from handover.model.nodes import Block, Heading, Inline, Link, Paragraph, Strong
from handover.model.pattern import escape
from handover.model.platform import FOOTER_LINKS, FooterLinks
from handover.render.fragment import rich, rich_line
from handover.render.line_length import with_gaps
from handover.render.outline import outlined
from handover.render.skeleton import Hole, Pieces
from handover.render.text import line

Inside = str | slice | tuple[Inline, ...]
"""What a mark stands for: HTML, a range of the document's blocks, or the inline nodes of one block."""

Styles = tuple[tuple[str, str], ...]
"""The inline styles that a layout sets for the tags of the content: each tag and its CSS."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the message: `heading`, `text`, or `button` for a paragraph that is one bold link."""

    kind: str
    inside: Markup
    level: int = 0
    href: Markup = field(default_factory=Markup)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of level 1 or 2 and the parts below it; the first section may lack a heading."""

    heading: Part | None
    parts: tuple[Part, ...]


class Content:
    """The variable `email` of a layout: it depends on the document's shape only, not on its words.

    Names with an underscore are hidden from templates.
    """

    def __init__(self, document: Document, body: str, marks: Marks) -> None:
        self._marks = marks
        self.language = document.language
        self.direction = document.language.direction
        self.foot_words = marks.catalog.brand.foot_words_in(document.language) or ENGLISH
        self._blocks = outlined(document.blocks)
        self._inside: list[Inside] = []
        self._html, self._in_hole = cache(self._write_html), cache(self._write_in_hole)
        self.is_marketing = document.kind == "marketing"
        has_headline = any(isinstance(block, Heading) and block.level == 1 for block in self._blocks)
        self.has_title_only = self.is_marketing and not has_headline  # a letter from person to person has none
        self.title = self._mark(document.subject)
        self.preheader = self._mark(document.preheader)
        self.unsubscribe, self.view_online, self.preferences, self.postal_address = (
            self._mark(marks.mark(Slot("footer", name))) for name in (*FOOTER_LINKS, "postal_address")
        )
        self.parts = tuple(self._parts())
        self.body = self._mark(slice(0, len(document.blocks)) if document.blocks else "")
        self.sections = tuple(self._sections())
        self._text_title = self._mark(line(document.subject, marks))
        self._text_body = self._mark(body)

    def _mark(self, inside: Inside) -> Markup:
        if not inside:
            return Markup("")
        self._inside.append(inside)
        return Markup(f"{self._marks.prefix}y{len(self._inside) - 1}q")  # noqa: S704 - a mark is plain ASCII

    def _parts(self) -> Iterator[Part]:
        start = 0
        for index, block in enumerate((*self._blocks, None)):
            link = _only_link(block)
            if block is not None and not isinstance(block, Heading) and link is None:
                continue
            if index > start:
                yield Part("text", self._mark(slice(start, index)))
            start = index + 1
            if isinstance(block, Heading):
                yield Part("heading", self._mark(block.children), block.level)
            elif link is not None:
                address = self._mark(escape(self._marks.href(link.id)))
                yield Part("button", self._mark(link.children), href=address)

    def _sections(self) -> list[Section]:
        sections: list[Section] = []
        heading: Part | None = None
        run: list[Part] = []
        for part in self.parts:
            if part.kind == "heading" and part.level <= 2:
                if heading or run:
                    sections.append(Section(heading, tuple(run)))
                heading, run = part, []
            else:
                run.append(part)
        return [*sections, Section(heading, tuple(run))]

    def _with(self, links: FooterLinks, has_preheader: bool) -> "Content":
        """A copy with these links in the footer, and with or without the preheader."""
        content = copy(self)
        content.preheader = self.preheader if has_preheader else Markup("")
        for name in FOOTER_LINKS:
            setattr(content, name, getattr(self, name) if name in links else Markup(""))
        return content

    def _names(self) -> tuple[tuple[str, str], ...]:
        """The marks of everything besides the body, with their names."""
        names = ("title", "preheader", *FOOTER_LINKS, "postal_address")
        return tuple((name, str(getattr(self, name))) for name in names if getattr(self, name))

    def _shape(self) -> tuple[Any, ...]:
        """Everything that a layout can see."""
        footer = (self.unsubscribe, self.view_online, self.preferences)
        shown = (self.title, self.preheader, footer, self.body, self.parts, self._text_title, self._text_body)
        return (self.language, self.has_title_only, self.is_marketing, shown)

    def _is_text(self, number: int) -> bool:
        """True if the mark stands for a run of blocks."""
        return isinstance(self._inside[number], slice)

    def _values(self, numbers: Iterable[int]) -> frozenset[int]:
        """Those of the marks that stand for words with a placeholder."""
        slots = {number: self._marks.used(self._html(number, (), "ltr")) for number in numbers}
        return frozenset(number for number, used in slots.items() if any(slot.kind == "placeholder" for slot in used))

    def _fill(self, pieces: Pieces, styles: Styles, region: int | None = None) -> str:
        """Put the content into a layout; the mark `region` gets the tags of an editable region around it."""
        opened, closed = (self._marks.mark(Slot("region", end)) for end in ("open", "close"))
        filled: list[str] = []
        for piece in pieces:
            html = self._in_hole(piece, styles) if isinstance(piece, Hole) else piece
            is_region = isinstance(piece, Hole) and piece.number == region
            filled.append(f"{opened}{html}{closed}" if is_region else html)
        return "".join(filled)

    def _write_in_hole(self, hole: Hole, styles: Styles) -> str:
        html = self._html(hole.number, styles, "ltr" if hole.is_plain else self.direction)
        return with_gaps(html, hole.keeps_spaces, hole.is_title) if hole.has_gaps else html

    def _parts_html(self, styles: Styles) -> tuple[str, ...]:
        """The HTML of each part."""
        return tuple(self._part_html(part, styles) for part in self.parts if part.inside)

    def _part_html(self, part: Part, styles: Styles) -> str:
        start = len(self._marks.prefix) + 1
        inside = self._html(int(part.inside[start:-1]), styles, self.direction)
        return f'<a href="{self._inside[int(part.href[start:-1])]}">{inside}</a>' if part.href else inside

    def _write_html(self, number: int, styles: Styles, direction: Direction) -> str:
        inside = self._inside[number]
        if isinstance(inside, slice):
            return rich(self._blocks[inside], self._marks, dict(styles), direction)
        return inside if isinstance(inside, str) else rich_line(inside, self._marks, dict(styles), direction)


def _only_link(block: Block | None) -> Link | None:
    """The link of a paragraph that is one bold link, else None: a call to action."""
    if isinstance(block, Paragraph) and len(block.children) == 1 and isinstance(block.children[0], Strong):
        inner = block.children[0].children
        if len(inner) == 1 and isinstance(inner[0], Link):
            return inner[0]
    return None
