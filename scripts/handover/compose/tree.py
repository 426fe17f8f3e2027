"""The parser's tokens to the nodes of a Document, each with the place where it was written."""

import re
from collections.abc import Callable, Sequence

from markdown_it.token import Token

from handover.compose.inline import InlineReader, report, report_code
from handover.compose.language import MAX_NESTING, html_in_text
from handover.compose.lines import Line
from handover.compose.names import Names
from handover.model.nodes import Block, CodeBlock, Heading, Inline, Items, Paragraph, Quote, Rule

_TABLE = re.compile(r"^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")
"""The line between the head and the body of a table."""

_NO_ITEM = re.compile(r"[-+](?=[^\W\d_])|\*(?=[^\W\d_][^*]*$)|[\u2013\u2014] |\d{1,2}[.)](?=[^\W\d_])")
"""Typos for the mark of a list item."""


class TreeBuilder:
    """Builds the tree of one parse; `lines` are what was parsed."""

    def __init__(self, tokens: Sequence[Token], lines: Sequence[Line], names: Names) -> None:
        self.tokens = tokens
        self.lines = lines
        self.names = names
        self.index = 0
        self.too_deep = False

    def build(self) -> tuple[Block, ...]:
        """All blocks."""
        return self._blocks(None)

    def _next(self) -> Token:
        token = self.tokens[self.index]
        self.index += 1
        return token

    def _blocks(self, until: str | None) -> tuple[Block, ...]:
        blocks: list[Block] = []
        while self.index < len(self.tokens):
            token = self._next()
            if token.type == until:
                break
            if token.level >= MAX_NESTING - 2 and not self.too_deep:
                self._too_deep(token)
            block = self._block(token)
            if block is not None:
                blocks.append(block)
        return tuple(blocks)

    def _block(self, token: Token) -> Block | None:
        first = token.map[0] if token.map else 0
        match token.type:
            case "paragraph_open":
                children = self._inline(self._next(), self._no_table, self._no_list)
                self._next()
                return Paragraph(children) if children else None
            case "heading_open":
                children = self._inline(self._next())
                self._next()
                place = self.lines[first].place(len(self.lines[first].text) - len(self.lines[first].text.lstrip()))
                return Heading(int(token.tag[1:]), children, place)
            case "bullet_list_open":
                return Items(None, self._items("bullet_list_close"))
            case "ordered_list_open":
                return Items(int(token.attrs.get("start", 1)), self._items("ordered_list_close"))
            case "blockquote_open":
                return Quote(self._blocks("blockquote_close"))
            case "hr":
                return Rule()
            case "fence" | "code_block":
                line = self.lines[min(first + (token.type == "fence"), len(self.lines) - 1)]
                report_code(self.names, token.content, line.place(0), line, token.type == "code_block")
                return CodeBlock(token.content.rstrip("\n"), line.place(0))
            case "html_block":
                self._html_block(token, first)
        return None

    def _items(self, until: str) -> tuple[tuple[Block, ...], ...]:
        items: list[tuple[Block, ...]] = []
        while self._next().type != until:
            items.append(self._blocks("list_item_close"))
        return tuple(items)

    def _too_deep(self, token: Token) -> None:
        self.too_deep = True
        line = self.lines[token.map[0] if token.map else 0]
        message = "lists, quotes or emphasis are nested too deeply here."
        report(self.names, line, line.place(0), "too-deep", message, "Use four levels at most.")

    def _no_table(self, token: Token) -> None:
        """Report a table, which other dialects of Markdown have."""
        for offset, text in enumerate(token.content.split("\n")):
            if _TABLE.match(text) and "|" in text:
                line = self.lines[min((token.map or [0])[0] + offset, len(self.lines) - 1)]
                column = len(line.text) - len(line.text.lstrip())
                hint = "Write a list, or sentences."
                message = "content cannot have a table."
                report(self.names, line, line.place(column), "unsupported-markdown", message, hint, len(text))
                return

    def _no_list(self, token: Token) -> None:
        """Report lines that begin almost like items: they would run together."""
        texts = token.content.split("\n")
        found = [(offset, match) for offset, text in enumerate(texts) if (match := _NO_ITEM.match(text))]
        if len(found) < 2 or any(text.endswith("\\") for text in texts):
            return
        offset, match = found[0]
        line = self.lines[min((token.map or [0])[0] + offset, len(self.lines) - 1)]
        mark = match[0].strip()
        message = f"these lines would run together: an item does not begin with '{mark}' like this."
        hint = f"Begin each with '{mark if mark.isascii() else '-'}' and a space."
        place = line.place(line.text.find(match[0]))
        report(self.names, line, place, "unsupported-markdown", message, hint, len(mark))

    def _html_block(self, token: Token, first: int) -> None:
        line = self.lines[first]
        column = len(line.text) - len(line.text.lstrip())
        shown = line.text.strip().split(">")[0][:40] + (">" if ">" in line.text else "")
        report(self.names, line, line.place(column), "raw-html", *html_in_text(shown), len(shown))

    def _inline(self, token: Token, *looks: Callable[[Token], None]) -> tuple[Inline, ...]:
        """The inside of a paragraph or heading, after each of `looks` has checked it."""
        for look in looks:
            look(token)
        if any(child.level >= MAX_NESTING for child in token.children or ()):
            if not self.too_deep:
                self._too_deep(token)
            return ()
        return InlineReader(token, self.lines, self.names).read(None)
