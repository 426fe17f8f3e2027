"""What a layout sees of a message: marks of its own for everything that content says, and what each stands for."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from handover.model.document import Document
from handover.model.marks import Marks, Slot
from handover.model.nodes import Block, Heading, Inline, Link, Paragraph, Strong
from handover.model.platform import FOOTER_LINKS, FooterLinks
from handover.render.fragment import rich, rich_line
from handover.render.outline import outlined
from handover.render.spelling import escape
from handover.render.text import line

Inside = str | slice | tuple[Inline, ...]
"""What a mark stands for: a line of HTML, some of the document's blocks, or the inside of one block."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the message, for a layout: `heading`, `text`, or `button` for a paragraph that is one bold link."""

    kind: str
    inside: Markup
    level: int = 0
    href: Markup = field(default_factory=Markup)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of level 1 or 2 with what follows it; the first one may have none."""

    heading: Part | None
    parts: tuple[Part, ...]


class Content:
    """What a layout sees as `email`: nothing in it depends on the words of the document, only on its shape."""

    def __init__(self, document: Document, body: str, is_marketing: bool, marks: Marks) -> None:
        self._marks = marks
        self._blocks = outlined(document.blocks)
        self._inside: list[Inside] = []
        self._made: dict[Any, str] = {}
        self.has_title_only = not any(isinstance(block, Heading) and block.level == 1 for block in self._blocks)
        self.is_marketing = is_marketing
        self.title = self._mark(rich_line(document.subject, marks, {}))
        self.preheader = self._mark(rich_line(document.preheader, marks, {}))
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
                address = self._mark(escape(self._marks.address(link.id)))
                yield Part("button", self._mark(link.children), href=address)

    def _sections(self) -> list[Section]:
        made: list[Section] = []
        heading: Part | None = None
        run: list[Part] = []
        for part in self.parts:
            if part.kind == "heading" and part.level <= 2:
                if heading or run:
                    made.append(Section(heading, tuple(run)))
                heading, run = part, []
            else:
                run.append(part)
        return [*made, Section(heading, tuple(run))]

    def _with(self, links: FooterLinks) -> "Content":
        """The same with these links in the foot."""
        made = copy(self)
        for name in FOOTER_LINKS:
            setattr(made, name, getattr(self, name) if name in links else Markup(""))
        return made

    def _names(self) -> tuple[tuple[str, str], ...]:
        """The marks of what stands beside the body, by name."""
        names = ("title", "preheader", *FOOTER_LINKS, "postal_address")
        return tuple((name, str(getattr(self, name))) for name in names if getattr(self, name))

    def _shape(self) -> tuple[Any, ...]:
        """All that a layout can see."""
        foot = (self.unsubscribe, self.view_online, self.preferences)
        shown = (self.title, self.preheader, foot, self.body, self.parts, self._text_title, self._text_body)
        return (self.has_title_only, self.is_marketing, shown)

    def _is_text(self, number: str) -> bool:
        """True if the mark stands for a run of text."""
        return isinstance(self._inside[int(number)], slice)

    def _fill(self, pieces: Sequence[str], styles: "Styles", region: str | None = None) -> str:
        """A layout in pieces, every other one a mark's number, with the content in it; `region` is marked as one."""
        made = list(pieces)
        made[1::2] = [self._html(number, styles) for number in pieces[1::2]]
        if region is not None:
            opened, closed = (self._marks.mark(Slot("region", end)) for end in ("open", "close"))
            for index in range(1, len(made), 2):
                if pieces[index] == region:
                    made[index] = f"{opened}{made[index]}{closed}"
        return "".join(made)

    def _said(self, styles: "Styles") -> tuple[str, ...]:
        """The HTML of each part."""
        start = len(self._marks.prefix) + 1
        return tuple(self._html(part.inside[start:-1], styles) for part in self.parts if part.inside)

    def _html(self, number: str, styles: "Styles") -> str:
        inside = self._inside[int(number)]
        if isinstance(inside, str):
            return inside
        key = (number, styles.key)
        if key not in self._made:
            self._made[key] = (
                "".join(self._block(index, styles) for index in range(inside.start, inside.stop))
                if isinstance(inside, slice)
                else rich_line(inside, self._marks, styles.by_tag)
            )
        return self._made[key]

    def _block(self, index: int, styles: "Styles") -> str:
        """One block, which may be a part of several runs."""
        key = (index, styles.key)
        if key not in self._made:
            self._made[key] = rich((self._blocks[index],), self._marks, styles.by_tag)
        return self._made[key]


class Styles:
    """The inline styles that a layout gives to the tags of the content."""

    def __init__(self, by_tag: Mapping[str, str]) -> None:
        self.by_tag = by_tag
        self.key = tuple(by_tag.items())


def _only_link(block: Block | None) -> Link | None:
    """The link of a paragraph that is nothing but one bold link: a call to action."""
    if isinstance(block, Paragraph) and len(block.children) == 1 and isinstance(block.children[0], Strong):
        inner = block.children[0].children
        if len(inner) == 1 and isinstance(inner[0], Link):
            return inner[0]
    return None
