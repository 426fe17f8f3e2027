"""Renderings compared with their document: nothing lost, nothing left over."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from textwrap import shorten
from typing import Any

from lxml import etree

from handover.model import nodes
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import Document, Rendering
from handover.model.marks import Marks

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


def _blocks(blocks: tuple[nodes.Block, ...], marks: Marks) -> Iterator[str]:
    for block in blocks:
        match block:
            case nodes.Paragraph() | nodes.Heading():
                yield from "".join(_inlines(block.children, marks)).split("\n")
            case nodes.CodeBlock():
                yield from block.text.split("\n")
            case nodes.Quote():
                yield from _blocks(block.blocks, marks)
            case nodes.Items():
                for number, item in enumerate(block.items, block.start or 0):
                    yield "" if block.start is None else f"{number}."
                    yield from _blocks(item, marks)


def _inlines(inlines: tuple[nodes.Inline, ...], marks: Marks) -> Iterator[str]:
    for node in inlines:
        match node:
            case nodes.Text() | nodes.Code():
                yield node.text
            case nodes.Placeholder():
                yield marks.placeholder(node)
            case nodes.Break():
                yield "\n"
            case nodes.Link():
                words = "".join(_inlines(node.children, marks))
                shown = marks.visible_address(node.id)
                yield f"{words}\n\0{marks.href(node.id)}\0{'' if words.endswith(shown) else shown}\n"
            case nodes.Picture():  # the handbook alone has them
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
    _read_element(tree, pieces, with_addresses, "")
    return " ".join("".join(pieces).split())


def _read_element(element: Any, pieces: list[str], with_addresses: bool, number: str) -> None:
    """Add the words of an element and those behind it; `number` is that of an item, as it is shown."""
    if isinstance(element.tag, str) and element.tag not in _HIDDEN:
        edge = "" if element.tag in _INLINE else " "
        pieces += (edge, number, element.text or "")
        following = int(element.get("start", "1"))
        for child in element:
            is_item = child.tag == "li" and element.tag == "ol"
            _read_element(child, pieces, with_addresses, f"{following}. " if is_item else "")
            following += is_item
        if with_addresses and element.get("href"):
            pieces.append(f" {element.get('href')} ")
        pieces.append(edge)
    pieces.append(element.tail or "")


_DECORATION = re.compile(r"[\s*<>:-]*")
"""What a form has of its own: the marks of items, quotes, rules and addresses."""
_URL = re.compile(r"\bhttps?://[^\s<>]+")
_LEFT_OVER = re.compile(r"[\[\]{}]|<mj-")


def conserved(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    """Words, numbers, placeholders and addresses of the document that the rendering lacks, or has elsewhere.

    What a layout is around may stand in another order, with more words between.
    """
    document, shown, form = rendering.document, _read(rendering), 2 if "text" in rendering.form else 1
    # Of an address, what this form has for it.
    written = [each.split("\0")[form] if each.startswith("\0") else each for each in passages(document, marks)]
    expected = [each for each in written if each]
    if rendering.form.startswith("email"):
        lost = next((each for each, count in Counter(expected).items() if shown.count(each) < count), None)
    else:
        lost = _first_lost(expected, shown)
    if lost is not None:
        words = shorten(marks.fill(lost, lambda slot: "…"), 40, placeholder=" …")
        variant = f" ({document.variant})" if document.variant else ""
        message = f"'{words}' of '{document.id}'{variant} is not in its {rendering.form} as in the source."
        hint = "Check whether the layout omits or repeats a part of 'email'."
        bug = "This is a bug in the engine: please report it."
        yield error(_place(rendering), "not-conserved", message, hint if rendering.template else bug)


def _read(rendering: Rendering) -> str:
    return " ".join(rendering.marked.split()) if "text" in rendering.form else read_html(rendering.marked)


def _first_lost(expected: list[str], shown: str) -> str | None:
    """The first passage that does not follow the one before, or what is shown beyond them; None if all is well."""
    at = 0
    for passage in expected:
        found = shown.find(passage, at)
        if found < 0 or not _DECORATION.fullmatch(shown, at, found):
            return passage
        at = found + len(passage)
    return None if _DECORATION.fullmatch(shown, at) else shown[at:]


def _place(rendering: Rendering) -> Place:
    """The layout, or for a rendering without one the first source of its document."""
    return Place(rendering.template or next(iter(rendering.document.sources), rendering.document.id))


def left_over(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    """Brackets or braces in what a reader gets: a placeholder that was not filled in."""
    shown = _read(rendering)
    if _LEFT_OVER.search(shown):  # a URL may have brackets
        shown = _URL.sub("", shown) if "text" in rendering.form else read_html(rendering.marked, False)
    match = _LEFT_OVER.search(shown)
    if match:
        around = marks.fill(shown[max(match.start() - 40, 0) : match.end() + 40], lambda slot: "…")
        message = f"'{match[0]}' is left over in the {rendering.form} of '{rendering.document.id}': '{around}'."
        yield error(_place(rendering), "left-over", message, "Take it out of the layout.")
