"""Blocks to HTML: the fragment to paste, and the richer content of a full email.

A fragment has the tags `p br strong em a ul ol li` and the attributes `href` and `start`: what eight rich text editors
keep, but for `start`, which only some do. So it shows a quote in italics, and a rule as three asterisks. A list item is
one paragraph, `<br><br>` between its parts, and below it lists: editors make items of an item's paragraphs, or move the
text that follows a nested list.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from handover.model import nodes
from handover.model.located import Direction
from handover.model.marks import Marks
from handover.model.pattern import escape
from handover.render.line_length import with_gaps, wrapped

_SPACES = re.compile("^ +| {2,}")
"""Spaces in code that HTML would collapse or drop."""


def _non_breaking(spaces: re.Match[str]) -> str:
    return "\u00a0" * len(spaces[0])


@dataclass(frozen=True, slots=True)
class _Html:
    """Writes HTML with marks. With `styles`, by tag, it writes the rich form: styled, with headings as headings."""

    marks: Marks
    styles: Mapping[str, str] | None = None
    is_quoted: bool = False
    """True inside a quote without a tag of its own."""
    is_rtl: bool = False
    """True in the rich form of a text from right to left: what may be written from left to right is isolated.

    A fragment has no tag for that, and isolates as characters would show as boxes in Outlook on Windows. Most email
    clients lack `bdi`, and hardly any lacks `dir` (caniemail.com).
    """
    is_item: bool = False
    """True inside a list item whose paragraphs have no tags of their own."""

    def tag(self, name: str, attributes: str = "") -> str:
        style = self.styles.get(name) if self.styles else None
        return f'<{name}{attributes} style="{escape(style)}">' if style else f"<{name}{attributes}>"

    def element(self, name: str, inside: str) -> str:
        return f"{self.tag(name)}{inside}</{name}>"

    def inline(self, inlines: Iterable[nodes.Inline]) -> str:
        return "".join(self._node(node) for node in inlines)

    def _node(self, node: nodes.Inline) -> str:
        match node:
            case nodes.Text():
                return escape(node.text)
            case nodes.Code():
                return self._code(escape(node.text))
            case nodes.Placeholder():
                mark = self.marks.placeholder(node)
                return f'<span dir="auto">{mark}</span>' if self.is_rtl else mark
            case nodes.Break():
                return "<br>"
            case nodes.Strong():
                return self.element("strong", self.inline(node.children))
            case nodes.Emphasis():
                return self.element("em", self.inline(node.children))
            case nodes.Picture():  # the handbook alone has them
                return escape(node.words)
            case nodes.PageLink():  # the handbook alone has them
                return self.inline(node.children)
            case nodes.Link():
                opening = self.tag("a", f' href="{escape(self.marks.href(node.id))}"')
                return f"{opening}{self.inline(node.children)}</a>"

    def _code(self, inside: str) -> str:
        if self.styles is None:
            return inside
        direction = ' dir="ltr"' if self.is_rtl else ""
        return f"{self.tag('code', direction)}{inside}</code>"

    def words(self, inlines: Iterable[nodes.Inline]) -> str:
        """The content of a paragraph."""
        return self.element("em", self.inline(inlines)) if self.is_quoted else self.inline(inlines)

    def paragraph(self, inside: str) -> str:
        return inside if self.is_item else self.element("p", inside)

    def blocks(self, blocks: Iterable[nodes.Block]) -> list[str]:
        return [html for block in blocks for html in self._block(block)]

    def _block(self, block: nodes.Block) -> list[str]:
        match block:
            case nodes.Paragraph():
                return [self.paragraph(self.words(block.children))]
            case nodes.Heading():
                return [self._heading(block)]
            case nodes.Items():
                return [self._items(block)]
            case nodes.Quote():
                if self.styles is None:
                    return replace(self, is_quoted=True).blocks(block.blocks)
                return [self.element("blockquote", "".join(self.blocks(block.blocks)))]
            case nodes.CodeBlock():
                lines = "<br>".join(_SPACES.sub(_non_breaking, line) for line in escape(block.text).split("\n"))
                return [self.paragraph(self._code(lines))]
            case nodes.Table():  # the handbook alone has them
                return [self.element("p", self.words(cell)) for row in (block.head, *block.rows) for cell in row]
            case nodes.Rule():
                return [self.tag("hr") if self.styles is not None else self.paragraph("* * *")]

    def _heading(self, block: nodes.Heading) -> str:
        if self.styles is not None:
            return self.element(f"h{block.level}", self.inline(block.children))
        return self.paragraph(self.element("strong", self.inline(block.children)))

    def _items(self, block: nodes.Items) -> str:
        name = "ul" if block.start is None else "ol"
        opening = self.tag(name, "" if block.start in (None, 1) else f' start="{block.start}"')
        return f"{opening}{''.join(self.element('li', self._item(item)) for item in block.items)}</{name}>"

    def _item(self, item: tuple[nodes.Block, ...]) -> str:
        """The content of a list item; in the rich form, paragraphs get a `p` if more than lists follow the first."""
        if self.styles is None:
            parts = replace(self, is_item=True).blocks(item)
            inside = (part if part.startswith(("<ul", "<ol")) else f"<br><br>{part}" for part in parts)
            return "".join(inside).removeprefix("<br><br>")
        if item and isinstance(item[0], nodes.Paragraph) and all(isinstance(block, nodes.Items) for block in item[1:]):
            return self.words(item[0].children) + "".join(self.blocks(item[1:]))
        return "".join(self.blocks(item))


def fragment(blocks: Iterable[nodes.Block], marks: Marks) -> str:
    """The blocks as a fragment with marks, each block in lines of its own."""
    html = "".join(f"{block}\n" for block in _Html(marks).blocks(blocks))
    return wrapped(with_gaps(html), marks.pattern)


def rich(blocks: Iterable[nodes.Block], marks: Marks, styles: Mapping[str, str], direction: Direction) -> str:
    """The blocks as the content of an email, with marks; `styles` are inline styles by tag."""
    return "".join(_Html(marks, styles, is_rtl=direction == "rtl").blocks(blocks))


def rich_line(
    inlines: Iterable[nodes.Inline], marks: Marks, styles: Mapping[str, str], direction: Direction = "ltr"
) -> str:
    """Inline nodes as the content of an email, with marks; `styles` are inline styles by tag."""
    return _Html(marks, styles, is_rtl=direction == "rtl").inline(inlines)
