"""The parser's tokens to the nodes of a Document, each with the place where it was written."""

import re
from collections.abc import Sequence

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from handover.compose.dialect import SPECIAL_START
from handover.compose.emphasis import notes
from handover.compose.inline import PLACEHOLDER_IN_CODE, InlineReader
from handover.compose.language import MAX_NESTING, html_in_text
from handover.compose.lines import Line
from handover.compose.names import Names
from handover.compose.unintended import unintended
from handover.model import nodes
from handover.model.text import is_spaceless


class TreeBuilder:
    """Builds the tree of one parse; `lines` are what was parsed."""

    def __init__(self, lines: Sequence[Line], names: Names) -> None:
        self.lines = lines
        self.names = names
        self.noted = notes(line.text for line in lines)

    def build(self, tokens: Sequence[Token]) -> tuple[nodes.Block, ...]:
        """All blocks; a paragraph with emphasis that is nested too deeply is left out."""
        deep = [token for token in tokens if _is_too_deep(token)]
        if deep:
            line = self.lines[deep[0].map[0] if deep[0].map else 0]
            message = "lists, quotes or emphasis are nested too deeply here."
            self.names.found.append(line.error(0, "too-deep", message, "Use four levels at most.", 1))
        for token in deep:
            token.children = []
        return self._blocks(SyntaxTreeNode(tokens))

    def _blocks(self, parent: SyntaxTreeNode) -> tuple[nodes.Block, ...]:
        return tuple(block for node in parent.children if (block := self._block(node)) is not None)

    def _item(self, item: SyntaxTreeNode) -> tuple[nodes.Block, ...]:
        """The blocks of a list item: a paragraph that continues the one before it is joined to it like a line."""
        is_bare = self.lines[item.map[0] if item.map else 0].text.rstrip().endswith(f"{item.info}{item.markup}")
        self._empty(item, "list item", item.children or not is_bare)
        blocks: list[nodes.Block] = []
        for node in item.children:
            block = self._block(node)
            previous = blocks[-1] if blocks else None
            line = self.lines[node.map[0] if node.map else 0]
            if isinstance(block, nodes.Paragraph) and isinstance(previous, nodes.Paragraph) and line.continues:
                gap = nodes.Text(" ", line.place(0))
                gaps = () if is_spaceless(_edge(previous.children, -1), _edge(block.children, 0)) else (gap,)
                blocks[-1] = nodes.Paragraph((*previous.children, *gaps, *block.children))
            elif block is not None:
                blocks.append(block)
        return tuple(blocks)

    def _block(self, node: SyntaxTreeNode) -> nodes.Block | None:
        first = node.map[0] if node.map else 0
        self.names.found += unintended(node, self.lines, self.noted)
        match node.type:
            case "paragraph":
                self._special_space(node)
                children = self._inline(node.children[0])
                return nodes.Paragraph(children) if children else None
            case "heading":
                self._underlined(node)
                self._empty(node, "heading", node.children[0].content)
                line = self.lines[first]
                return nodes.Heading(int(node.tag[1:]), self._inline(node.children[0]), line.place(line.indentation))
            case "bullet_list":
                return nodes.Items(None, tuple(map(self._item, node.children)))
            case "ordered_list":
                return nodes.Items(self._start(node), tuple(map(self._item, node.children)))
            case "blockquote":
                self._empty(node, "quote", node.children)
                return nodes.Quote(self._blocks(node))
            case "hr":
                return nodes.Rule()
            case "fence" | "code_block":
                line = self.lines[min(first + (node.type == "fence"), len(self.lines) - 1)]
                self._code(node, line)
                return nodes.CodeBlock(node.content.rstrip("\n"), line.place(0))
            case "table":
                return self._table(node)
            case "html_block":
                line = self.lines[first]
                shown = line.text.strip().split(">")[0][:40] + (">" if ">" in line.text else "")
                self.names.found.append(line.error(None, "raw-html", *html_in_text(shown), len(shown)))
        return None

    def _table(self, node: SyntaxTreeNode) -> nodes.Table:
        """A table. A row with more cells than the head, which would be lost, is reported."""
        head, *rows = [row for part in node.children for row in part.children]
        width = len(head.children)
        styles = [str(cell.attrs.get("style", "")) for cell in head.children]
        return nodes.Table(
            self._cells(head, width),
            tuple(self._cells(row, width) for row in rows),
            tuple(style.removeprefix("text-align:") for style in styles),
        )

    def _cells(self, row: SyntaxTreeNode, width: int) -> tuple[tuple[nodes.Inline, ...], ...]:
        """The cells of a row, without the ones at its end that were added to it."""
        line = self.lines[row.map[0] if row.map else 0]
        written = cells(line.text)
        if len(written) > width:
            column = next(iter(written[width]), len(line.text) - 1)
            message = f"this row has {len(written)} cells, but the head of the table has {width}."
            hint = "Remove a '|', or write it as \\| if it belongs to the text."
            self.names.found.append(line.error(column, "table-cells", message, hint, 1))
        inside = [cell.children[0] for cell in row.children[: len(written)]]
        readers = (
            InlineReader(each, self.lines, self.names, self.noted, columns)
            for each, columns in zip(inside, written, strict=False)
        )
        return tuple(reader.read_all(each.children) for reader, each in zip(readers, inside, strict=False))

    def _special_space(self, paragraph: SyntaxTreeNode) -> None:
        """Report a line that a special space keeps from being a heading or an item; the parser strips the space."""
        for line in self.lines[slice(*(paragraph.map or (0, 0)))]:
            special = SPECIAL_START.match(line.text)
            if special is not None:
                message = "a special space begins this line, so it is no heading and no item of a list."
                hint, start, length = "Delete it; indent with plain spaces.", special.start(1), len(special[1])
                self.names.found.append(line.error(start, "unsupported-markdown", message, hint, length))

    def _underlined(self, heading: SyntaxTreeNode) -> None:
        """Report a heading that a line of dashes below it makes: mostly it was meant as a rule below a signature."""
        if heading.markup[0] != "#" and heading.map is not None:
            line = self.lines[heading.map[1] - 1]
            message = f"this line of '{heading.markup}' turns the text right above it into a heading."
            hint = "For a rule, leave a line free above it; a heading begins with '## '."
            column, length = line.text.find(heading.markup), len(line.text.rstrip())
            self.names.found.append(line.error(column, "unsupported-markdown", message, hint, length))

    def _empty(self, node: SyntaxTreeNode, what: str, content: object) -> None:
        """Report a heading, a quote or a list item without text."""
        if not content:
            hint = f"Write its text after it, or delete it; as plain text write '{node.info}\\{node.markup}'."
            self._mark(node, "unsupported-markdown", f"this {what} has no text.", hint)

    def _code(self, code: SyntaxTreeNode, line: Line) -> None:
        """Report a placeholder in code, and code between fences that lacks the second one: all below it is code."""
        if "{{" in code.content:
            unindent = "Begin the line with its first word: four spaces turn it into code."
            hint = unindent if code.type == "code_block" else "Remove the backticks."
            self.names.found.append(line.error(0, "placeholder-in-code", PLACEHOLDER_IN_CODE, hint, 1))
        first, end = code.map or (0, 1)
        is_closed = end > first + 1 and self.lines[end - 1].text.lstrip(" \t>").startswith(code.markup)
        if code.type == "fence" and not is_closed:
            line = self.lines[first]
            message, hint = "the code that starts here never ends.", f"Write {code.markup} on a line below it."
            column, length = max(line.text.find(code.markup), 0), len(code.markup)
            self.names.found.append(line.error(column, "unsupported-markdown", message, hint, length))

    def _start(self, node: SyntaxTreeNode) -> int:
        """The first number of a list; 1 for one that is no list. Items that would get another number are reported."""
        numbers = [int(item.info) for item in node.children]
        if self.names.mixes_variants:
            return numbers[0]
        breaks = [at for at in range(1, len(numbers)) if numbers[at] != numbers[at - 1] + 1 and set(numbers) != {1}]
        is_no_list = numbers[0] > 1 and (breaks or len(numbers) == 1) and not _goes_on(node, numbers[0])
        if is_no_list:
            self._number(node.children[0], "this line becomes an item of a list.")
        breaks += [at for at, item in enumerate(node.children) if item.info != str(numbers[at])]  # leading zeros
        for at in sorted(set(breaks) - ({0} if is_no_list else set())):
            self._number(node.children[at], f"this item would get the number {numbers[0] + at}.")
        return 1 if is_no_list else numbers[0]

    def _number(self, item: SyntaxTreeNode, message: str) -> None:
        hint = f"Write '{item.info}\\{item.markup}' if it begins a sentence; else number the items in order."
        self._mark(item, "list-number", message, hint)

    def _mark(self, node: SyntaxTreeNode, code: str, message: str, hint: str) -> None:
        """Report the mark with which a block begins."""
        line, mark = self.lines[node.map[0] if node.map else 0], f"{node.info}{node.markup}"
        self.names.found.append(line.error(max(line.text.find(mark), 0), code, message, hint, len(mark)))

    def _inline(self, node: SyntaxTreeNode) -> tuple[nodes.Inline, ...]:
        return InlineReader(node, self.lines, self.names, self.noted).read_all(node.children)


def _edge(inlines: Sequence[nodes.Inline], index: int) -> str:
    """The first (`index` 0) or the last (-1) character of inline nodes, as `is_spaceless` takes it."""
    leaves = [
        node
        for node in nodes.nested(inlines)
        if isinstance(node, nodes.Text | nodes.Code | nodes.Placeholder | nodes.Break)
    ]
    leaf = leaves[index] if leaves else None
    if isinstance(leaf, nodes.Text | nodes.Code):
        return leaf.text.strip()[index:][:1] or " "
    return "\0" if isinstance(leaf, nodes.Placeholder) else " "


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


_CONTAINERS = re.compile(r"(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*")
"""What is before a row that is in a quote or a list."""


def cells(line: str) -> list[list[int]]:
    """The cells of a row, each as the columns (from 0) of its characters, without a backslash before a pipe.

    They are split like GitHub's (github.github.com/gfm/#tables-extension-).
    """
    found: list[list[int]] = [[]]
    prefix = _CONTAINERS.match(line)
    is_escaped = False
    for column in range(prefix.end() if prefix else 0, len(line)):
        if line[column] == "|" and not is_escaped:
            found.append([])
        elif line[column] == "|":
            found[-1][-1] = column
        else:
            found[-1].append(column)
        is_escaped = line[column] == "\\"
    bare = [_stripped(line, columns) for columns in found]
    start, end = not bare[0] and len(bare) > 1, not bare[-1] and len(bare) > 1
    return bare[start : len(bare) - end]


def _stripped(line: str, columns: list[int]) -> list[int]:
    text = "".join(line[column] for column in columns)
    start = len(text) - len(text.lstrip(" \t"))
    return columns[start : len(text.rstrip(" \t"))]
