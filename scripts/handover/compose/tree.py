"""The parser's tokens to the nodes of a Document, each with the place where it was written."""

import re
from collections.abc import Callable, Sequence

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from handover.compose.inline import InlineReader, report, report_code
from handover.compose.language import MAX_NESTING, html_in_text
from handover.compose.lines import Line
from handover.compose.names import Names
from handover.compose.tables import cells
from handover.model.nodes import Block, CodeBlock, Heading, Inline, Items, Paragraph, Quote, Rule, Table, Text

_TABLE = re.compile(r"^\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?$")
"""The line between the head and the body of a table."""

_NO_ITEM = re.compile(r"[-+](?=[^\W\d_])|\*(?=[^\W\d_][^*]*$)|[\u2013\u2014] |\d{1,2}[.)](?=[^\W\d_])")
"""Typos for the mark of a list item."""


class TreeBuilder:
    """Builds the tree of one parse; `lines` are what was parsed."""

    def __init__(self, lines: Sequence[Line], names: Names) -> None:
        self.lines = lines
        self.names = names

    def build(self, tokens: Sequence[Token]) -> tuple[Block, ...]:
        """All blocks; a paragraph with emphasis that is nested too deeply is left out."""
        deep = [token for token in tokens if _is_too_deep(token)]
        if deep:
            self._too_deep(deep[0])
        for token in deep:
            token.children = []
        return self._blocks(SyntaxTreeNode(tokens))

    def _blocks(self, parent: SyntaxTreeNode) -> tuple[Block, ...]:
        return tuple(block for node in parent.children if (block := self._block(node)) is not None)

    def _item(self, item: SyntaxTreeNode) -> tuple[Block, ...]:
        """The blocks of a list item: a paragraph that continues the one before it is joined to it by a space."""
        mark = f"{item.info}{item.markup}"
        if not item.children and self.lines[item.map[0] if item.map else 0].text.rstrip().endswith(mark):
            hint = f"Write its text behind it, or delete it; as plain text write '{item.info}\\{item.markup}'."
            self._item_mark(item, "unsupported-markdown", "this list item has no text.", hint)
        blocks: list[Block] = []
        for node in item.children:
            block = self._block(node)
            previous = blocks[-1] if blocks else None
            if isinstance(block, Paragraph) and isinstance(previous, Paragraph) and self._continues(node):
                space = Text(" ", self.lines[node.map[0] if node.map else 0].place(0))
                blocks[-1] = Paragraph((*previous.children, space, *block.children))
            elif block is not None:
                blocks.append(block)
        return tuple(blocks)

    def _continues(self, node: SyntaxTreeNode) -> bool:
        return node.map is not None and self.lines[node.map[0]].continues

    def _block(self, node: SyntaxTreeNode) -> Block | None:
        first = node.map[0] if node.map else 0
        match node.type:
            case "paragraph":
                children = self._inline(node.children[0], self._no_table, self._no_list)
                return Paragraph(children) if children else None
            case "heading":
                place = self.lines[first].place(len(self.lines[first].text) - len(self.lines[first].text.lstrip()))
                return Heading(int(node.tag[1:]), self._inline(node.children[0]), place)
            case "bullet_list":
                return Items(None, tuple(map(self._item, node.children)))
            case "ordered_list":
                return Items(self._start(node), tuple(map(self._item, node.children)))
            case "blockquote":
                return Quote(self._blocks(node))
            case "hr":
                return Rule()
            case "fence" | "code_block":
                line = self.lines[min(first + (node.type == "fence"), len(self.lines) - 1)]
                report_code(self.names, node.content, line.place(0), line, node.type == "code_block")
                return CodeBlock(node.content.rstrip("\n"), line.place(0))
            case "table":
                return self._table(node)
            case "html_block":
                self._html_block(first)
        return None

    def _table(self, node: SyntaxTreeNode) -> Table:
        """A table. A row with more cells than the head, which would be lost, is reported."""
        head, *rows = [row for part in node.children for row in part.children]
        width = len(head.children)
        styles = [str(cell.attrs.get("style", "")) for cell in head.children]
        return Table(
            self._cells(head, width),
            tuple(self._cells(row, width) for row in rows),
            tuple(style.removeprefix("text-align:") for style in styles),
        )

    def _cells(self, row: SyntaxTreeNode, width: int) -> tuple[tuple[Inline, ...], ...]:
        """The cells of a row, without the ones at its end that were added to it."""
        line = self.lines[row.map[0] if row.map else 0]
        written = cells(line.text)
        if len(written) > width:
            place = line.place(next(iter(written[width]), len(line.text) - 1))
            message = f"this row has {len(written)} cells, but the head of the table has {width}."
            hint = "Remove a '|', or write it as \\| if it belongs to the text."
            report(self.names, line, place, "table-cells", message, hint)
        inside = [cell.children[0] for cell in row.children[: len(written)]]
        readers = (
            InlineReader(each, self.lines, self.names, columns) for each, columns in zip(inside, written, strict=False)
        )
        return tuple(reader.read(each.children) for reader, each in zip(readers, inside, strict=False))

    def _start(self, node: SyntaxTreeNode) -> int:
        """The first number of a list; 1 for one that is no list. Items that would get another number are reported."""
        numbers = [int(item.info) for item in node.children]
        breaks = [at for at in range(1, len(numbers)) if numbers[at] != numbers[at - 1] + 1 and set(numbers) != {1}]
        is_no_list = numbers[0] > 1 and (breaks or len(numbers) == 1) and not _goes_on(node, numbers[0])
        if is_no_list:
            self._number(node.children[0], "this line becomes an item of a list.")
        for at in breaks:
            self._number(node.children[at], f"this item would get the number {numbers[0] + at}.")
        return 1 if is_no_list else numbers[0]

    def _number(self, item: SyntaxTreeNode, message: str) -> None:
        hint = f"Write '{item.info}\\{item.markup}' if it begins a sentence; else number the items in order."
        self._item_mark(item, "list-number", message, hint)

    def _item_mark(self, item: SyntaxTreeNode, code: str, message: str, hint: str) -> None:
        """Report the mark of a list item."""
        line = self.lines[item.map[0] if item.map else 0]
        mark = f"{item.info}{item.markup}"
        report(self.names, line, line.place(max(line.text.find(mark), 0)), code, message, hint, len(mark))

    def _too_deep(self, token: Token) -> None:
        line = self.lines[token.map[0] if token.map else 0]
        message = "lists, quotes or emphasis are nested too deeply here."
        report(self.names, line, line.place(0), "too-deep", message, "Use four levels at most.")

    def _no_table(self, node: SyntaxTreeNode) -> None:
        """Report a table, which other dialects of Markdown have."""
        for offset, text in enumerate(node.content.split("\n")):
            if _TABLE.match(text) and "|" in text:
                line = self.lines[min((node.map or (0, 0))[0] + offset, len(self.lines) - 1)]
                column = len(line.text) - len(line.text.lstrip())
                message = "a message cannot have a table; only the handbook's own prose can."
                hint = "Write a list with an item per row, as in '- **Owner:** Dana'."
                if self.names.for_handbook:
                    message = "this table needs a head with as many cells as the line of dashes."
                    hint = "Write the head on the line above, with the same number of '|'."
                report(self.names, line, line.place(column), "unsupported-markdown", message, hint, len(text))
                return

    def _no_list(self, node: SyntaxTreeNode) -> None:
        """Report lines that begin almost like items: they would run together."""
        texts = node.content.split("\n")
        found = [(offset, match) for offset, text in enumerate(texts) if (match := _NO_ITEM.match(text))]
        if len(found) < 2 or any(text.endswith("\\") for text in texts):
            return
        offset, match = found[0]
        line = self.lines[min((node.map or (0, 0))[0] + offset, len(self.lines) - 1)]
        mark = match[0].strip()
        message = f"these lines would run together: an item does not begin with '{mark}' like this."
        hint = f"Begin each with '{mark if mark.isascii() else '-'}' and a space."
        place = line.place(line.text.find(match[0]))
        report(self.names, line, place, "unsupported-markdown", message, hint, len(mark))

    def _html_block(self, first: int) -> None:
        line = self.lines[first]
        column = len(line.text) - len(line.text.lstrip())
        shown = line.text.strip().split(">")[0][:40] + (">" if ">" in line.text else "")
        report(self.names, line, line.place(column), "raw-html", *html_in_text(shown), len(shown))

    def _inline(self, node: SyntaxTreeNode, *looks: Callable[[SyntaxTreeNode], None]) -> tuple[Inline, ...]:
        """The inside of a paragraph or heading, after each of `looks` has checked it."""
        for look in looks:
            look(node)
        return InlineReader(node, self.lines, self.names).read(node.children)


def _goes_on(node: SyntaxTreeNode, number: int) -> bool:
    """True if the numbered list before `node` ends with the number before this one."""
    before = node.previous_sibling
    while before is not None and before.type != "ordered_list":
        before = before.previous_sibling
    return before is not None and int(before.children[0].info) + len(before.children) == number


def _is_too_deep(token: Token) -> bool:
    if token.type == "inline":
        return any(child.level >= MAX_NESTING for child in token.children or ())
    return token.level >= MAX_NESTING - 2 and token.type != "list_item_open"
