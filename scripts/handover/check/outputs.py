"""Renderings compared with their document: nothing lost, nothing left over."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from handover.model.artifact import Rendering
from handover.model.diagnostic import Diagnostic, Place, error
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
    Placeholder,
    Quote,
    Text,
    nested,
)

_WORD = re.compile(r"\w+")
_BETWEEN = bytes(code if chr(code).isalnum() or chr(code) == "_" else 32 for code in range(128)) + bytes(128)
_HIDDEN = re.compile(r"<!--.*?-->|<(style|head|mj-head)\b.*?</\1>", re.DOTALL)
_INLINE_TAG = re.compile(r"</?(?:a|strong|em|code|span)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_HREF = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
_BULLET = re.compile(r"^((?:> ?| )*)(?:- |\d+\. |---$)", re.MULTILINE)
_LEFT_OVER = re.compile(r"[\[\]{}]|<mj-")


def conserved(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    """Words, placeholders and links of the document that the rendering has less often."""
    match rendering.form:
        case "fragment":
            yield from _words(rendering, marks, visible(rendering.marked), exact=True)
            yield from _links(rendering, marks)
        case "parts":
            yield from _words(rendering, marks, visible(rendering.marked), exact=True)
        case "email":
            yield from _email(rendering, marks)
        case "text":
            yield from _text(rendering, marks)
        case "email-text":
            # Text that is contained literally was checked by itself.
            if any(part not in rendering.marked for part in rendering.parts):
                yield from _text(rendering, marks)


@lru_cache(maxsize=1)  # every rule looks at the same form
def _shown(marked: str) -> str:
    """HTML or MJML without its invisible parts: the head, styles and comments."""
    for end in ("</head>", "</mj-head>"):
        marked = marked[marked.find(end) + len(end) :] if end in marked else marked
    if "<style" in marked:
        return _HIDDEN.sub(" ", marked)
    first, *rest = marked.split("<!--")
    return " ".join([first, *(each.partition("-->")[2] for each in rest)])


def visible(marked: str) -> str:
    """The words of HTML, as a reader gets them."""
    return html.unescape(_TAG.sub(" ", _INLINE_TAG.sub("", _shown(marked))))


def _words(rendering: Rendering, marks: Marks, shown: str, exact: bool) -> Iterator[Diagnostic]:
    expected = _expected(rendering.document, marks).words
    found = _word_list(shown)
    if exact and found == expected:
        return
    lost = Counter(expected) - Counter(found)
    if lost or exact:
        extra = Counter(found) - Counter(expected)
        yield _lost(rendering, "the word", next(iter(lost or extra), "the order of words"))


def _word_list(text: str) -> list[str]:
    """The runs of letters, digits and `_`. ASCII, as most text is, takes a third of the time."""
    return text.encode().translate(_BETWEEN).decode().split() if text.isascii() else _WORD.findall(text)


def _links(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    expected = _expected(rendering.document, marks).addresses
    found = Counter(map(html.unescape, _HREF.findall(rendering.marked)))
    for address in (expected - found) + (found - expected):
        yield _lost(rendering, "the link", address)


def _email(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    """The parts, which were checked by themselves, are contained literally, and so is each URL."""
    shown = _shown(rendering.marked)
    whole = all(shown.count(part) >= count for part, count in Counter(rendering.parts).items())
    if not whole:
        wrong = list(_words(rendering, marks, visible(rendering.marked), exact=False))
        if wrong:
            yield from wrong
            return
    in_parts = Counter(map(html.unescape, _HREF.findall("".join(rendering.parts)))) if whole else Counter()
    for address, count in (_expected(rendering.document, marks).addresses - in_parts).items():
        if shown.count(f'href="{html.escape(address, quote=False).replace(chr(34), "&quot;")}"') < count:
            yield _lost(rendering, "the link", address)


def _text(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    shown = rendering.marked
    for address, count in _expected(rendering.document, marks).addresses.items():
        if shown.count(address) < count:
            yield _lost(rendering, "the link", address)
        shown = shown.replace(f": {address}", "", count)
    yield from _words(rendering, marks, _BULLET.sub(r"\1", shown), exact=False)


def _lost(rendering: Rendering, what: str, name: str) -> Diagnostic:
    document = rendering.document
    variant = f" ({document.variant})" if document.variant else ""
    place = (
        Place(rendering.template)
        if rendering.template
        else Place(document.sources[0] if document.sources else document.id)
    )
    return error(
        place,
        "not-conserved",
        f"{what} '{name}' of '{document.id}'{variant} is not in its {rendering.form} as often as in the source.",
        "Check whether the layout omits or repeats a part of 'email'."
        if rendering.template
        else "This is a bug in the engine: please report it.",
    )


@dataclass(frozen=True, slots=True)
class _Expected:
    """What each form of a document must contain."""

    document: Document
    words: list[str]
    addresses: Counter[str]


def _expected(document: Document, marks: Marks) -> _Expected:
    """Computed once for all forms of the document, which are checked one after the other."""
    known = marks.memo.get(_Expected)
    if known is None or known.document is not document:
        addresses = Counter(marks.address(node.id) for node in document.inlines() if isinstance(node, Link))
        known = _Expected(document, _word_list(_source_text(document.blocks, marks)), addresses)
        marks.memo[_Expected] = known
    return known


def _source_text(blocks: Iterable[Block], marks: Marks) -> str:
    """The text of the blocks, with marks; a space between blocks and none between inline nodes."""
    texts: list[str] = []
    for block in blocks:
        match block:
            case Paragraph() | Heading():
                texts.append("".join(_word(node, marks) for node in nested(block.children)))
            case Items():
                texts += [_source_text(item, marks) for item in block.items]
            case Quote():
                texts.append(_source_text(block.blocks, marks))
            case CodeBlock():
                texts.append(block.text)
    return " ".join(texts)


def _word(node: Inline, marks: Marks) -> str:
    match node:
        case Text() | Code():
            return node.text
        case Placeholder():
            return marks.placeholder(node)
        case Break():
            return " "
        case _:
            return ""


def left_over(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    """Brackets or braces in what a reader gets: a placeholder that was not filled in."""
    is_text = "text" in rendering.form
    if not is_text and not any(sign in _shown(rendering.marked) for sign in "[]{}"):
        return  # decided without removing the tags, which takes long
    shown = rendering.marked if is_text else visible(rendering.marked)
    match = _LEFT_OVER.search(shown)
    if match:
        place = Place(rendering.template or (rendering.document.sources[0] if rendering.document.sources else ""))
        around = marks.fill(shown[max(match.start() - 40, 0) : match.end() + 40], lambda slot: "…")
        around = " ".join(around.split())
        yield error(
            place,
            "left-over",
            f"'{match[0]}' is left over in the {rendering.form} of '{rendering.document.id}': '{around}'.",
            "Take it out of the layout.",
        )
