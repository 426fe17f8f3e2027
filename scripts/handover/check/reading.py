"""What a reader reads: in a document, and in the HTML that was rendered from it."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from handover.model.document import Document
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
    Picture,
    Placeholder,
    Quote,
    Text,
)

_HIDDEN = frozenset({"head", "style", "script", "title", "mj-head"})
_INLINE = frozenset({"a", "code", "em", "span", "strong"})


def passages(document: Document, marks: Marks) -> list[str]:
    """The passages of the body in reading order: words up to a break or the end of a link, the address of that link,
    the number of a list item. White space is one space.

    An address has a zero character before it, and after it one and what plain text has for it.

    Kept for the renderings of one document, which are checked in a row.
    """
    known: tuple[Document, list[str]] | None = marks.memo.get(passages)
    if known is None or known[0] is not document:
        found = (" ".join(passage.split()) for passage in _blocks(document.blocks, marks))
        known = marks.memo[passages] = document, [passage for passage in found if passage]
    return known[1]


def _blocks(blocks: tuple[Block, ...], marks: Marks) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph() | Heading():
                yield from "".join(_inlines(block.children, marks)).split("\n")
            case CodeBlock():
                yield from block.text.split("\n")
            case Quote():
                yield from _blocks(block.blocks, marks)
            case Items():
                for number, item in enumerate(block.items, block.start or 0):
                    yield "" if block.start is None else f"{number}."
                    yield from _blocks(item, marks)


def _inlines(nodes: tuple[Inline, ...], marks: Marks) -> Iterator[str]:
    for node in nodes:
        match node:
            case Text() | Code():
                yield node.text
            case Placeholder():
                yield marks.placeholder(node)
            case Break():
                yield "\n"
            case Link():
                words = "".join(_inlines(node.children, marks))
                shown = marks.visible_address(node.id)
                yield f"{words}\n\0{marks.href(node.id)}\0{'' if words.endswith(shown) else shown}\n"
            case Picture():  # the handbook alone has them
                yield node.words
            case _:
                yield from _inlines(node.children, marks)


@lru_cache(maxsize=2)  # two rules look at each rendering
def read_html(marked: str, with_addresses: bool = True) -> str:
    """The words of HTML or MJML, without head, styles and comments; list items have their numbers, and a link's words
    are followed by its address. White space is one space.
    """
    if not marked.strip():
        return ""
    tree = etree.fromstring(marked.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    pieces: list[str] = []
    numbers: list[int | None] = []
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start":
            if element.tag in _HIDDEN:
                walk.skip_subtree()
            else:
                pieces += _opening(element, numbers)
        else:
            if event == "end" and element.tag not in _HIDDEN:
                pieces += _closing(element, numbers, with_addresses)
            pieces.append(element.tail or "")
    return " ".join("".join(pieces).split())


def _opening(element: Any, numbers: list[int | None]) -> Iterator[str]:
    if element.tag in ("ol", "ul"):
        numbers.append(int(element.get("start", "1")) if element.tag == "ol" else None)
    if element.tag not in _INLINE:
        yield " "
    if element.tag == "li" and numbers and numbers[-1] is not None:
        yield f"{numbers[-1]}. "
        numbers[-1] += 1
    yield element.text or ""


def _closing(element: Any, numbers: list[int | None], with_addresses: bool) -> Iterator[str]:
    if element.tag in ("ol", "ul"):
        numbers.pop()
    if with_addresses and element.get("href"):
        yield f" {element.get('href')} "
    if element.tag not in _INLINE:
        yield " "
