"""What was rendered, held against the Document: nothing lost, nothing left over."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handover.model.artifact import Artifact, Rendering
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import (
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
from handover.model.located import Located
from handover.model.marks import Marks

_WORD = re.compile(r"\w+")
_HIDDEN = re.compile(r"<!--.*?-->|<(style|head|mj-head)\b.*?</\1>", re.DOTALL)
_INLINE_TAG = re.compile(r"</?(?:a|strong|em|code|span)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_HREF = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"|<mj-button\b[^>]*?\bhref="([^"]*)"')
_BULLET = re.compile(r"^((?:> ?| )*)(?:- |\d+\. |---$)", re.MULTILINE)


def conserved(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    """Each word, placeholder and link of the document is there as often as in the document."""
    if rendering.form == "fragment":
        yield from _compare(rendering, marks, _visible(rendering.marked), exact=True)
    elif rendering.form == "email":
        yield from _compare(rendering, marks, _visible(rendering.marked), exact=False)
    else:
        yield from _text(rendering, marks)


def _visible(marked: str) -> str:
    """The words of HTML, as a reader gets them."""
    shown = _TAG.sub(" ", _INLINE_TAG.sub("", _HIDDEN.sub(" ", marked)))
    return html.unescape(shown)


def _compare(rendering: Rendering, marks: Marks, visible: str, exact: bool) -> Iterator[Diagnostic]:
    expected = _WORD.findall(_said(rendering.document.blocks, marks))
    found = _WORD.findall(visible)
    lost = Counter(expected) - Counter(found)
    if lost or (exact and expected != found):
        extra = Counter(found) - Counter(expected)
        yield _lost(rendering, "the word", next(iter(lost or extra), "the order of words"))
        return
    links = Counter(marks.address(node.id) for node in rendering.document.inlines() if isinstance(node, Link))
    addresses = Counter(html.unescape(first or second) for first, second in _HREF.findall(rendering.marked))
    for address in (links - addresses) + ((addresses - links) if exact else Counter()):
        yield _lost(rendering, "the link", address)


def _text(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    shown = rendering.marked
    for node in rendering.document.inlines():
        if isinstance(node, Link):
            address = marks.address(node.id)
            if address not in shown:
                yield _lost(rendering, "the link", address)
            shown = shown.replace(f": {address}", "", 1) if f": {address}" in shown else shown
    expected = _WORD.findall(_said(rendering.document.blocks, marks))
    found = _WORD.findall(_BULLET.sub(r"\1", shown))
    lost = Counter(expected) - Counter(found)
    if lost:
        yield _lost(rendering, "the word", next(iter(lost)))


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
        "Look whether the layout leaves out or repeats a part of 'email'."
        if rendering.template
        else "This is a fault of the engine: please report it.",
    )


def _said(blocks: Iterable[Block], marks: Marks) -> str:
    """What the blocks say, with marks; a space between blocks and none between inline nodes."""
    made: list[str] = []
    for block in blocks:
        match block:
            case Paragraph() | Heading():
                made.append("".join(_word(node, marks) for node in nested(block.children)))
            case Items():
                made += [_said(item, marks) for item in block.items]
            case Quote():
                made.append(_said(block.blocks, marks))
            case CodeBlock():
                made.append(block.text)
    return " ".join(made)


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
    """Brackets or braces in what a reader gets: something that nobody filled in."""
    shown = rendering.marked if "text" in rendering.form else _visible(rendering.marked)
    match = re.search(r"[\[\]{}]|<mj-", shown)
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


@dataclass(frozen=True, slots=True)
class Lack:
    """A file of a marketing message without a token that its platform requires."""

    platform: str
    token: Located
    message: str
    path: str


def lacks(catalog: Catalog, artifact: Artifact) -> Iterator[Lack]:
    """The required tokens that one file does not have."""
    platform = catalog.platforms.get(artifact.platform)
    if platform is None or artifact.message is None or artifact.format not in ("html", "text"):
        return
    if catalog.messages[artifact.message].head.kind == "marketing":
        for token in platform.required:
            if token.encode() not in artifact.content:
                yield Lack(platform.label, token, artifact.message, artifact.path)


def required_tokens(catalog: Catalog, lacking: Iterable[Lack]) -> Iterator[Diagnostic]:
    """Tokens without which a platform refuses a marketing message: one finding a token, for all files without it."""
    missing: dict[tuple[str, Located], list[Lack]] = {}
    for lack in lacking:
        missing.setdefault((lack.platform, lack.token), []).append(lack)
    for (label, token), files in missing.items():
        layout = catalog.messages[files[0].message].head.layout
        yield error(
            token.place,
            "missing-required-token",
            f"{label} needs '{token}', and it is not in {', '.join(file.path for file in files[:3])}.",
            f"Add it under 'footer' here, or print it in the templates email/{layout}.mjml.j2 and .txt.j2.",
            len(token),
        )


def unfilled(artifact: Artifact, marks: Marks) -> Iterator[Diagnostic]:
    """A mark that was never replaced."""
    if marks.prefix.encode() in artifact.content and marks.pattern.search(artifact.content.decode()):
        yield error(
            Place(artifact.path),
            "not-conserved",
            "a placeholder was not filled in.",
            "This is a fault of the engine: please report it.",
        )
