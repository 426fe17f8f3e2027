"""Blocks to Markdown that CommonMark and Python-Markdown read alike, with labels in brackets for placeholders.

The two differ in the indentation of list items and in backslash escapes; this writes what both understand: four
spaces, and entities.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import quote

from markupsafe import Markup

from handover.model import nodes
from handover.model.marks import Marks, Slot

_ESCAPED = re.compile(r"([\\`*_\[\]])")
_SPECIAL = re.compile(r"[&\\`*_\[\]<{}|~]")
_ENTITIES = str.maketrans({"<": "&lt;", "{": "&#123;", "}": "&#125;", "|": "&#124;", "~": "&#126;"})
_START = re.compile(r"^(\s*)(?:([#>]|[+\-:!?=](?=[\s!?:#+\-=]|$))|(\d+)([.)])(?=[\s!?:#+\-=]|$))")
"""What would start a block. To Python-Markdown, `#` starts a heading also without a space behind it."""


_KEPT = 5_000
"""Values whose Markdown is kept: titles and labels stand on many pages."""

_HTML_SPECIAL = re.compile(r"[&<>\"'\\\\`*_\[\]{}|~]")
_NOT_IN_URL = re.compile(r"[^\w!#$%&+,./:;=?@~-]", re.ASCII)
"""Characters that could end a URL in Markdown or in an attribute."""


Target: TypeAlias = Callable[[nodes.PageLink | nodes.Picture], str | None]
"""The path of a link or a picture, from the page that it is on; None for a link that is only words there."""


class MarkdownWriter:
    """Writes Markdown.

    `spell` returns the text of a placeholder, in brackets; `target` the path of a page of the handbook.
    """

    def __init__(self, marks: Marks, spell: Callable[[Slot], str], target: Target) -> None:
        self.marks = marks
        self.spell = spell
        self.target = target

    def line(self, inlines: Iterable[nodes.Inline]) -> Markup:
        """Inline nodes on one line."""
        return Markup(_safe_start(self._inline(inlines).strip()))  # noqa: S704 - every node is escaped

    def _inline(self, inlines: Iterable[nodes.Inline]) -> str:
        """Inline nodes; a bracket of a placeholder never becomes that of a link, nor, at the start, of a definition."""
        texts = [self._node(node) for node in inlines]
        for number, following in enumerate(texts[1:]):
            is_start = number == 0 or texts[number - 1].endswith("\n")
            if texts[number].endswith("]") and following.startswith(("(", "[", ":") if is_start else ("(", "[")):
                texts[number] = f"{texts[number][:-1]}&#93;"
        return "".join(texts)

    def _node(self, node: nodes.Inline) -> str:
        match node:
            case nodes.Text():
                return escape(node.text)
            case nodes.Code() if "|" in node.text:  # it would end a cell of a table
                return f"<code>{escape(node.text)}</code>"
            case nodes.Code():
                ticks = "`" * (max((len(run) for run in re.findall(r"`+", node.text)), default=0) + 1)
                pad = " " if "`" in node.text else ""
                return f"{ticks}{pad}{node.text}{pad}{ticks}"
            case nodes.Placeholder():
                return self._placeholder(Slot("placeholder", node.id, node.form, node.capital))
            case nodes.Break():
                return "  \n"
            case nodes.Strong():
                return f"**{self._inline(node.children)}**"
            case nodes.Emphasis():
                return f"*{self._inline(node.children)}*"
            case nodes.Link():
                return self._link(node)
            case nodes.Picture():
                return f"![{escape(node.words)}]({url(self.target(node) or '')})"
            case nodes.PageLink():
                words, path = self._inline(node.children), self.target(node)
                return f"[{words}]({url(path)})" if path is not None else words

    def _placeholder(self, slot: Slot) -> str:
        return f"[{escape(self.spell(slot)[1:-1])}]"

    def _link(self, node: nodes.Link) -> str:
        words = self._inline(node.children)
        marked = self.marks.address(node.id)
        if self.marks.used(marked):
            # A URL with an unfilled placeholder does not work, so it is shown instead.
            shown = [
                self._placeholder(self.marks.slots[int(piece)]) if number % 2 else escape(piece)
                for number, piece in enumerate(self.marks.pieces(marked))
            ]
            return f"{words} ({''.join(shown)})"
        return f"[{words}]({url(marked)})"

    def blocks(self, blocks: Iterable[nodes.Block], shift: int = 0) -> Markup:
        """The blocks, with headings `shift` levels lower."""
        lines = "\n\n".join("\n".join(self._block(block, shift)) for block in blocks)
        return Markup(lines)  # noqa: S704 - every node is escaped

    def _block(self, block: nodes.Block, shift: int) -> list[str]:
        match block:
            case nodes.Paragraph():
                return str(self.line(block.children)).split("\n")
            case nodes.Heading():
                level = min(block.level + shift, 6)
                return [f"{'#' * level} {self.line(block.children)}"]
            case nodes.Items():
                return self._items(block, shift)
            case nodes.Quote():
                return [f"> {line}".rstrip() for line in str(self.blocks(block.blocks, shift)).split("\n")]
            case nodes.CodeBlock():
                return [f"    {line}".rstrip() for line in block.text.split("\n")]
            case nodes.Rule():
                return ["---"]
            case nodes.Table():
                return self._table(block)

    def _table(self, block: nodes.Table) -> list[str]:
        marks = {"left": ":--", "center": ":-:", "right": "--:", "": "---"}
        rows = [[self._inline(cell) for cell in row] for row in (block.head, *block.rows)]
        dashes = [marks[alignment] for alignment in block.alignments]
        return [f"| {' | '.join(row)} |" for row in (rows[0], dashes, *rows[1:])]

    def _items(self, block: nodes.Items, shift: int) -> list[str]:
        written: list[str] = []
        loose = any(len(item) > 1 for item in block.items)
        for number, item in enumerate(block.items, start=block.start or 0):
            bullet = "-   " if block.start is None else f"{number}.".ljust(4)
            lines = str(self.blocks(item, shift)).split("\n")
            if written and loose:
                written.append("")
            written += [
                (bullet if index == 0 else "    ") + line if line or index == 0 else ""
                for index, line in enumerate(lines)
            ]
        return written


def escape(text: str) -> str:
    """Literal text, escaped for Markdown."""
    if not _SPECIAL.search(text):
        return text
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text)
    text = _ESCAPED.sub(r"\\\1", text)
    return text.translate(_ENTITIES)


def plain(text: object) -> Markup:
    """A value of a data file as one line of plain text in Markdown."""
    return _plain(str(text))


def value(text: object) -> Markup:
    """The same for Markdown with HTML in it, where a backslash is no escape: safe in an attribute too."""
    return _value(str(text))


@lru_cache(_KEPT)
def _plain(text: str) -> Markup:
    return Markup(_safe_start(escape(re.sub(r"\s+", " ", text))))  # noqa: S704 - escaped here


@lru_cache(_KEPT)
def _value(text: str) -> Markup:
    entities = _HTML_SPECIAL.sub(lambda found: f"&#{ord(found[0])};", re.sub(r"\s+", " ", text))
    return Markup(_safe_start(entities))  # noqa: S704 - escaped in the line above


@lru_cache(_KEPT)
def url(address: str) -> Markup:
    """A URL for a link in Markdown or an attribute in HTML."""
    encoded = _NOT_IN_URL.sub(lambda found: quote(found[0], safe=""), address)
    return Markup(encoded.replace("&", "&amp;"))  # noqa: S704 - what remains has no meaning in either


def _safe_start(text: str) -> str:
    """Keep the first characters of a line from starting a heading, a list or another block."""

    def escaped(match: re.Match[str]) -> str:
        if match[2]:
            return f"{match[1]}&#{ord(match[2])};"
        return f"{match[1]}{match[3]}&#{ord(match[4])};"

    return "\n".join(_START.sub(escaped, line) for line in text.split("\n"))
