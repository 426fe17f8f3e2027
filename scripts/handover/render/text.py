"""Blocks to plain text: rendered from the document, not from HTML, and without line wrapping."""

import re
from collections.abc import Iterable

from handover.model import nodes
from handover.model.marks import Marks

_ADDRESS = re.compile("\x00([^\x00]*)\x00(?=([.,;:!?)]*(?:\\s|$))?)")
"""A URL between marks that no source has. An email program ends it before punctuation and white space, nowhere else."""
_NEVER_LAST = ".,;:!?'\")]}>*~_"
"""Characters that an email program does not take as the end of a URL."""


def line(inlines: Iterable[nodes.Inline], marks: Marks) -> str:
    """Inline nodes as text with marks; a link is `text: URL`, or `text: <URL>` where the URL does not end by itself.

    An email address or a phone number that the text ends with is not repeated.
    """
    return _ADDRESS.sub(_delimited, _inline(inlines, marks))


def _delimited(match: re.Match[str]) -> str:
    ends = match[2] is not None and not match[1].endswith(tuple(_NEVER_LAST))
    return match[1] if ends else f"<{match[1]}>"


def _inline(inlines: Iterable[nodes.Inline], marks: Marks) -> str:
    return "".join(_node(node, marks) for node in inlines)


def _node(node: nodes.Inline, marks: Marks) -> str:
    match node:
        case nodes.Text() | nodes.Code():
            return node.text
        case nodes.Placeholder():
            return marks.placeholder(node)
        case nodes.Break():
            return "\n"
        case nodes.Picture():  # the handbook alone has them
            return node.words
        case nodes.Link():
            words, address = _inline(node.children, marks), marks.visible_address(node.id)
            return words if words.endswith(address) else f"{words}: \0{address}\0"
        case _:
            return _inline(node.children, marks)


def text(blocks: Iterable[nodes.Block], marks: Marks) -> str:
    """The blocks as text with marks: a blank line between paragraphs, and a line end at the end."""
    lines = _blocks(blocks, marks)
    return "\n".join(each.rstrip() for each in lines) + "\n" if lines else ""


def _blocks(blocks: Iterable[nodes.Block], marks: Marks) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        added = _block(block, marks)
        if lines and added:
            lines.append("")
        lines += added
    return lines


def _block(block: nodes.Block, marks: Marks) -> list[str]:
    match block:
        case nodes.Paragraph() | nodes.Heading():
            return [each.strip() for each in line(block.children, marks).split("\n")]
        case nodes.Items():
            return _items(block, marks)
        case nodes.Quote():
            return [f"> {each}".rstrip() for each in _blocks(block.blocks, marks)]
        case nodes.CodeBlock():
            return block.text.split("\n")
        case nodes.Rule():
            return ["---"]
        case nodes.Table():  # the handbook alone has them
            return [" | ".join(line(cell, marks) for cell in row) for row in (block.head, *block.rows)]


def _items(block: nodes.Items, marks: Marks) -> list[str]:
    """The lines of a list; if each item is one paragraph, with at most lists below it, without blank lines."""
    tight = all(_is_short(item) for item in block.items)
    lines: list[str] = []
    for number, item in enumerate(block.items, start=block.start or 0):
        bullet = "- " if block.start is None else f"{number}. "
        added = [each for part in item for each in _block(part, marks)] if tight else _blocks(item, marks)
        if lines and not tight:
            lines.append("")
        lines += [(bullet if index == 0 else " " * len(bullet)) + each for index, each in enumerate(added or [""])]
    return lines


def _is_short(item: tuple[nodes.Block, ...]) -> bool:
    return all(
        isinstance(block, nodes.Paragraph) if index == 0 else isinstance(block, nodes.Items)
        for index, block in enumerate(item)
    )
