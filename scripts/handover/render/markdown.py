"""Blocks to Markdown that CommonMark and Python-Markdown read alike, with labels in brackets for placeholders.

The two differ in the indentation of list items and in backslash escapes; this writes what both understand: four
spaces, and entities.
"""

import re
from collections.abc import Callable, Iterable

from handover.model.marks import Marks, Slot
from handover.model.nodes import (
    Block,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Inline,
    Items,
    Link,
    Paragraph,
    Placeholder,
    Quote,
    Rule,
    Strong,
    Text,
)

_ESCAPED = re.compile(r"([\\`*_\[\]])")
_SPECIAL = re.compile(r"[&\\`*_\[\]<{}|~]")
_ENTITIES = str.maketrans({"<": "&lt;", "{": "&#123;", "}": "&#125;", "|": "&#124;", "~": "&#126;"})
_START = re.compile(r"^(\s*)(?:([#+\-:!?>=])|(\d+)([.)]))(?=[\s!?:#+\-=]|$)")


class MarkdownWriter:
    """Writes Markdown; `spell` returns the text of a placeholder."""

    def __init__(self, marks: Marks, spell: Callable[[Slot], str]) -> None:
        self.marks = marks
        self.spell = spell

    def line(self, nodes: Iterable[Inline]) -> str:
        """Inline nodes on one line."""
        text = "".join(self._node(node) for node in nodes).strip()
        return _safe_start(_safe_brackets(text))

    def _node(self, node: Inline) -> str:
        match node:
            case Text():
                return escape(node.text)
            case Code():
                ticks = "`" * (max((len(run) for run in re.findall(r"`+", node.text)), default=0) + 1)
                pad = " " if "`" in node.text else ""
                return f"{ticks}{pad}{node.text}{pad}{ticks}"
            case Placeholder():
                return self.spell(Slot("placeholder", node.id, node.form, node.capital))
            case Break():
                return "  \n"
            case Strong():
                return f"**{''.join(self._node(child) for child in node.children)}**"
            case Emphasis():
                return f"*{''.join(self._node(child) for child in node.children)}*"
            case Link():
                return self._link(node)

    def _link(self, node: Link) -> str:
        words = "".join(self._node(child) for child in node.children)
        marked = self.marks.address(node.id)
        if self.marks.used(marked):
            # A URL with an unfilled placeholder does not work, so it is shown instead.
            return f"{words} ({self.marks.fill(marked, self.spell)})"
        return f"[{words}]({marked.replace('(', '%28').replace(')', '%29')})"

    def blocks(self, blocks: Iterable[Block], shift: int = 0) -> str:
        """The blocks, with headings `shift` levels lower."""
        return "\n\n".join("\n".join(lines) for lines in self._blocks(blocks, shift))

    def _blocks(self, blocks: Iterable[Block], shift: int) -> list[list[str]]:
        return [self._block(block, shift) for block in blocks]

    def _block(self, block: Block, shift: int) -> list[str]:
        match block:
            case Paragraph():
                return self.line(block.children).split("\n")
            case Heading():
                level = min(block.level + shift, 6)
                return [f"{'#' * level} {self.line(block.children)}"]
            case Items():
                return self._items(block, shift)
            case Quote():
                return [f"> {line}".rstrip() for line in self.blocks(block.blocks, shift).split("\n")]
            case CodeBlock():
                return [f"    {line}".rstrip() for line in block.text.split("\n")]
            case Rule():
                return ["---"]

    def _items(self, block: Items, shift: int) -> list[str]:
        written: list[str] = []
        loose = any(len(item) > 1 for item in block.items)
        for number, item in enumerate(block.items, start=block.start or 0):
            bullet = "-   " if block.start is None else f"{number}.".ljust(4)
            lines = self.blocks(item, shift).split("\n")
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


def _safe_brackets(text: str) -> str:
    """Keep a placeholder's brackets in front of a colon from starting a link definition."""
    return re.sub(r"^(\[[^\]\n]*\]):", r"\1&#58;", text)


def _safe_start(text: str) -> str:
    """Keep the first characters of a line from starting a heading, a list or another block."""

    def escaped(match: re.Match[str]) -> str:
        if match[2]:
            return f"{match[1]}&#{ord(match[2])};"
        return f"{match[1]}{match[3]}&#{ord(match[4])};"

    return "\n".join(_START.sub(escaped, line) for line in text.split("\n"))
