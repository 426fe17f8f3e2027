"""Lists that rich text editors change when an email or snippet is pasted.

What editors keep was tried in eight of them: tests/paste does it again.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.document import Composition
from handover.model.nodes import Block, Break, Code, Emphasis, Items, Quote, Strong, every, walk

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
