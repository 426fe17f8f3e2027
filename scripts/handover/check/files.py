"""Exported files: required tokens, size, marks without a replacement; and lists that editors change when pasted.

What editors keep was tried in eight of them: tests/paste does it again.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TypeAlias

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.document import Artifact, Composition
from handover.model.located import Located
from handover.model.marks import Marks
from handover.model.nodes import Block, Break, Code, Emphasis, Items, Quote, Strong, every, walk

BUDGET = 80_000
"""Bytes of the HTML part when sent. Gmail clips at about 102 kB, and platforms add their tracking."""

MissingToken: TypeAlias = tuple[tuple[Located, ...], Artifact]
"""Tokens of which a platform requires one, and a file of a marketing message that has none of them."""


def missing_tokens(catalog: Catalog, artifact: Artifact) -> Iterator[MissingToken]:
    """The required tokens that one file does not have."""
    platform = catalog.platforms.get(artifact.platform)
    if platform is None or artifact.message is None or artifact.format not in ("html", "text"):
        return
    if catalog.messages[artifact.message].head.kind == "marketing" and not platform.lacks_footer:
        for tokens in platform.required:
            if not any(token.encode() in artifact.content for token in tokens):
                yield tokens, artifact.stored(None)


def required_tokens(catalog: Catalog, missing: Iterable[MissingToken]) -> Iterator[Diagnostic]:
    """Tokens without which a platform refuses a marketing message: one error per token, for all files without it."""
    by_tokens: dict[tuple[str, tuple[Located, ...]], list[Artifact]] = {}
    for tokens, artifact in missing:
        by_tokens.setdefault((artifact.platform, tokens), []).append(artifact)
    for (platform, tokens), artifacts in by_tokens.items():
        wanted = " or ".join(f"'{token}'" for token in tokens)
        label, layout = catalog.platforms[platform].label, catalog.messages[artifacts[0].message or ""].head.layout
        message = f"{label} needs {wanted}, which is missing from {', '.join(each.path for each in artifacts[:3])}."
        hint = f"Add it under 'footer' here, or print it in templates/email/{layout}.mjml.j2 and .txt.j2."
        yield error(tokens[0], "missing-required-token", message, hint)


def unfilled(artifact: Artifact, marks: Marks) -> Iterator[Diagnostic]:
    """A mark without a replacement."""
    content = artifact.content
    if marks.prefix.encode() in content and marks.pattern.search(content.decode()):
        hint = "This is a bug in the engine: please report it."
        yield error(Place(artifact.path), "not-conserved", "a placeholder has no replacement.", hint)


def too_large(catalog: Catalog, artifact: Artifact) -> Iterator[Diagnostic]:
    """An email whose draft has HTML over the budget: on each platform it has that size, give or take a few tokens."""
    if artifact.message is None or artifact.format != "eml":
        return
    *_, html, _ = artifact.content.split(b"\r\n--=_")  # its boundary, which no quoted-printable text has
    size = len(html)
    if size > BUDGET:
        place = Place(catalog.messages[artifact.message].body.path)
        variant = f" in the variant '{artifact.variant}'" if artifact.variant else ""
        message = f"the email is {size // 1000} kB when sent{variant}; the limit is {BUDGET // 1000} kB."
        yield error(place, "email-too-large", message, "Shorten it: Gmail clips longer emails, and the footer is lost.")


_NOT_PASTED = ("marketing", "script")


def pasted_lists(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A list in a text to paste that some editor would change."""
    for document in composition.everything:
        if document.kind not in _NOT_PASTED:
            yield from _side_by_side(document.blocks, "Write a line of text between the two lists.")
            for block in every(document.blocks):
                if isinstance(block, Items):
                    yield from _list(block)


def _list(block: Items) -> Iterator[Diagnostic]:
    place = _place((block,))
    if block.start not in (None, 1) and place is not None:
        message = f"pasted into some editors, this list is numbered from 1, not from {block.start}."
        hint = f"Number it from 1, or write paragraphs that begin with '{block.start}\\.'."
        yield warning(place, "paste-differs", message, hint)
    for item in block.items:
        yield from _side_by_side(item, "Make them one list.")
        yield from _item(tuple(_opened(item)))


def _side_by_side(blocks: Iterable[Block], hint: str) -> Iterator[Diagnostic]:
    """Numbered lists with nothing between them, which become one list."""
    for before, block in pairwise(_opened(blocks)):
        numbered = isinstance(before, Items) and isinstance(block, Items) and None not in (before.start, block.start)
        if numbered and (place := _place((block,))) is not None:
            message = "pasted into some editors, this list goes on with the numbers of the list above it."
            yield warning(place, "paste-differs", message, hint)


def _item(parts: tuple[Block, ...]) -> Iterator[Diagnostic]:
    """The problem of a list item, if it has one: an editor takes its lines and paragraphs for items."""
    lists = [isinstance(part, Items) for part in parts]
    after = parts[lists.index(True) :] if True in lists else ()
    moved = _place(part for part in after if not isinstance(part, Items))
    if moved is not None:
        message = "pasted into Outlook, this text moves above the nested list before it."
        yield error(moved, "text-after-list", message, "Write it above that list, or below the whole list.")
    elif parts and lists[0] and (place := _place(parts)) is not None:
        message = "pasted into some editors, an item that begins with a list falls apart."
        yield warning(place, "paste-differs", message, "Begin the item with words.")
    elif lists.count(False) > 1 and (place := _place(parts[1:])) is not None:
        message = "pasted into some editors, each paragraph of this item becomes an item."
        yield warning(place, "paste-differs", message, "Make it one paragraph, or separate items.")
    elif any(map(_has_lines, parts[:1])) and (place := _place(parts)) is not None:
        message = "pasted into some editors, each line of this item becomes an item."
        yield warning(place, "paste-differs", message, "Write the item without line breaks.")


def _opened(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, with those of a quote in its place, as the text to paste has them."""
    for block in blocks:
        if isinstance(block, Quote):
            yield from _opened(block.blocks)
        else:
            yield block


def _has_lines(block: Block) -> bool:
    return any(isinstance(node, Break) or (isinstance(node, Code) and "\n" in node.text) for node in walk((block,)))


def _place(blocks: Iterable[Block]) -> Place | None:
    """Where the first words of the blocks are; None if they have none."""
    return next((node.place for node in walk(blocks) if not isinstance(node, Break | Strong | Emphasis)), None)


RULES = (pasted_lists,)
