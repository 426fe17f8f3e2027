"""Renderings compared with their document: nothing lost, nothing left over."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from handover.model.artifact import Rendering
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import Document
from handover.model.marks import Marks
from handover.model.nodes import Break, Code, Inline, Link, Placeholder, Text, nested, runs

_WORD = re.compile(r"\w+")
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(style|head|mj-head)\b.*?</\1>", re.DOTALL)
_INLINE_TAG = re.compile(r"</?(?:a|strong|em|code|span)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_HREF = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
_BULLET = re.compile(r"^([> ]*)(?:- |\d+\. |---$)", re.MULTILINE)
_LEFT_OVER = re.compile(r"[\[\]{}]|<mj-")


def conserved(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    """Words, placeholders and links of the document that the rendering has less often."""
    document = rendering.document
    addresses = Counter(marks.href(node.id) for node in document.inlines if isinstance(node, Link))
    if "text" in rendering.form:
        shown = rendering.marked
        for address, count in addresses.items():
            if shown.count(address) < count:
                yield _lost(rendering, "the link", address)
            shown = shown.replace(f": {address}", "", count)
        yield from _words(rendering, marks, _BULLET.sub(r"\1", shown), exact=False)
        return
    wrong = list(_words(rendering, marks, visible(rendering.marked), exact=rendering.form != "email"))
    yield from wrong
    if rendering.form == "fragment":
        links = Counter(map(html.unescape, _HREF.findall(rendering.marked)))
        for address in (addresses - links) + (links - addresses):
            yield _lost(rendering, "the link", address)
    elif rendering.form == "email" and not wrong:
        shown = _HIDDEN.sub(" ", rendering.marked)
        for address, count in addresses.items():
            if shown.count(f'href="{html.escape(address, quote=False).replace(chr(34), "&quot;")}"') < count:
                yield _lost(rendering, "the link", address)


@lru_cache(maxsize=2)  # two rules look at each rendering
def visible(marked: str) -> str:
    """The words of HTML or MJML, as a reader gets them: without the head, styles and comments."""
    return html.unescape(_TAG.sub(" ", _INLINE_TAG.sub("", _HIDDEN.sub(" ", marked))))


def _words(rendering: Rendering, marks: Marks, shown: str, exact: bool) -> Iterator[Diagnostic]:
    expected = _source_words(rendering.document, marks)
    found = _WORD.findall(shown)
    if found == expected:
        return
    lost = Counter(expected) - Counter(found)
    if lost or exact:
        extra = Counter(found) - Counter(expected)
        yield _lost(rendering, "the word", next(iter(lost or extra), "the order of words"))


def _lost(rendering: Rendering, what: str, name: str) -> Diagnostic:
    document = rendering.document
    variant = f" ({document.variant})" if document.variant else ""
    return error(
        _place(rendering),
        "not-conserved",
        f"{what} '{name}' of '{document.id}'{variant} is not in its {rendering.form} as often as in the source.",
        "Check whether the layout omits or repeats a part of 'email'."
        if rendering.template
        else "This is a bug in the engine: please report it.",
    )


def _place(rendering: Rendering) -> Place:
    """The layout, or for a rendering without one the first source of its document."""
    return Place(rendering.template or next(iter(rendering.document.sources), rendering.document.id))


def _source_words(document: Document, marks: Marks) -> list[str]:
    """The words of the body, with marks: found once for all renderings of a document, which are checked in a row."""
    known: tuple[Document, list[str]] | None = marks.memo.get(_source_words)
    if known is None or known[0] is not document:
        texts = ("".join(_word(node, marks) for node in nested(run)) for run in runs(document.blocks))
        known = marks.memo[_source_words] = document, _WORD.findall(" ".join(texts))
    return known[1]


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
    shown = rendering.marked if "text" in rendering.form else visible(rendering.marked)
    match = _LEFT_OVER.search(shown)
    if match:
        around = marks.fill(shown[max(match.start() - 40, 0) : match.end() + 40], lambda slot: "…")
        around = " ".join(around.split())
        yield error(
            _place(rendering),
            "left-over",
            f"'{match[0]}' is left over in the {rendering.form} of '{rendering.document.id}': '{around}'.",
            "Take it out of the layout.",
        )
