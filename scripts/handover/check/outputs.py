"""Renderings compared with their document: nothing lost, nothing left over."""

import re
from collections import Counter
from collections.abc import Iterator
from textwrap import shorten

from handover.check.reading import passages, read_html
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.document import Rendering
from handover.model.marks import Marks

_DECORATION = re.compile(r"[\s*<>:-]*")
"""What a form has of its own: the marks of items, quotes, rules and addresses."""
_LEFT_OVER = re.compile(r"[\[\]{}]|<mj-")


def conserved(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    """Words, numbers, placeholders and addresses of the document that the rendering lacks, or has elsewhere.

    What a layout is around may stand in another order, with more words between.
    """
    is_text = "text" in rendering.form
    expected = list(filter(None, (_written(each, is_text) for each in passages(rendering.document, marks))))
    shown = _read(rendering)
    lost = _lost_in_layout(expected, shown) if rendering.form.startswith("email") else _first_lost(expected, shown)
    if lost is not None:
        document = rendering.document
        variant = f" ({document.variant})" if document.variant else ""
        yield error(
            _place(rendering),
            "not-conserved",
            f"'{_shown(lost, marks)}' of '{document.id}'{variant} is not in its {rendering.form} as in the source.",
            "Check whether the layout omits or repeats a part of 'email'."
            if rendering.template
            else "This is a bug in the engine: please report it.",
        )


def _written(passage: str, is_text: bool) -> str:
    """The passage; of an address, what this form has for it."""
    return passage.split("\0")[2 if is_text else 1] if passage.startswith("\0") else passage


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


def _lost_in_layout(expected: list[str], shown: str) -> str | None:
    """The first passage that is shown less often than the document has it; None if all is well."""
    return next((passage for passage, count in Counter(expected).items() if shown.count(passage) < count), None)


def _shown(text: str, marks: Marks) -> str:
    return shorten(marks.fill(text, lambda slot: "…"), 40, placeholder=" …")


def _place(rendering: Rendering) -> Place:
    """The layout, or for a rendering without one the first source of its document."""
    return Place(rendering.template or next(iter(rendering.document.sources), rendering.document.id))


def left_over(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    """Brackets or braces in what a reader gets: a placeholder that was not filled in."""
    shown = _read(rendering)
    if "text" not in rendering.form and _LEFT_OVER.search(shown):
        shown = read_html(rendering.marked, False)
    match = _LEFT_OVER.search(shown)
    if match:
        around = marks.fill(shown[max(match.start() - 40, 0) : match.end() + 40], lambda slot: "…")
        yield error(
            _place(rendering),
            "left-over",
            f"'{match[0]}' is left over in the {rendering.form} of '{rendering.document.id}': '{around}'.",
            "Take it out of the layout.",
        )
