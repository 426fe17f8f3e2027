"""Blocks to plain text: written from the Document, never from HTML, and never broken inside a line."""

from collections.abc import Iterable

from handover.model.marks import Marks
from handover.model.nodes import (
    Block,
    Break,
    Code,
    CodeBlock,
    Heading,
    Inline,
    Items,
    Link,
    Paragraph,
    Placeholder,
    Quote,
    Rule,
    Text,
)


def line(nodes: Iterable[Inline], marks: Marks) -> str:
    """Inline nodes as text with marks; a link is `text: address`."""
    return "".join(_node(node, marks) for node in nodes)


def _node(node: Inline, marks: Marks) -> str:
    match node:
        case Text() | Code():
            return node.text
        case Placeholder():
            return marks.placeholder(node)
        case Break():
            return "\n"
        case Link():
            words, address = line(node.children, marks), marks.address(node.id)
            return address if words == address else f"{words}: {address}"
        case _:
            return line(node.children, marks)


def text(blocks: Iterable[Block], marks: Marks) -> str:
    """The blocks as text with marks: a blank line between paragraphs, a line end at its end."""
    lines = _blocks(blocks, marks)
    return "\n".join(each.rstrip() for each in lines) + "\n" if lines else ""


def _blocks(blocks: Iterable[Block], marks: Marks) -> list[str]:
    made: list[str] = []
    for block in blocks:
        lines = _block(block, marks)
        if made and lines:
            made.append("")
        made += lines
    return made


def _block(block: Block, marks: Marks) -> list[str]:
    match block:
        case Paragraph() | Heading():
            return [each.strip() for each in line(block.children, marks).split("\n")]
        case Items():
            return _items(block, marks)
        case Quote():
            return [f"> {each}".rstrip() for each in _blocks(block.blocks, marks)]
        case CodeBlock():
            return block.text.split("\n")
        case Rule():
            return ["---"]


def _items(block: Items, marks: Marks) -> list[str]:
    """Items that are one paragraph, perhaps with a list below, stand close together; others apart."""
    close = all(_is_short(item) for item in block.items)
    made: list[str] = []
    for number, item in enumerate(block.items, start=block.start or 0):
        bullet = "- " if block.start is None else f"{number}. "
        lines = _short(item, marks) if close else _blocks(item, marks)
        if made and not close:
            made.append("")
        made += [(bullet if index == 0 else " " * len(bullet)) + each for index, each in enumerate(lines or [""])]
    return made


def _is_short(item: tuple[Block, ...]) -> bool:
    return all(
        isinstance(block, Paragraph) if index == 0 else isinstance(block, Items) for index, block in enumerate(item)
    )


def _short(item: tuple[Block, ...], marks: Marks) -> list[str]:
    return [each for block in item for each in _block(block, marks)]
