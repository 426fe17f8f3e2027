"""Text without quotes of which YAML makes something else than is meant."""

import re
from dataclasses import replace

from handover.model.diagnostic import Diagnostic, Place, error

CURLY = re.compile(
    r"[\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab].*[\u201c\u201d\u2018\u2019\u00bb\"']", re.DOTALL
)
"""A text in quotes as word processors write them."""

_CUT_OFF = re.compile(r"( +)(#(?![ #]).*\S)")
"""What a comment takes away from a text, as in `Offer #1`; one that is meant has a space behind its mark."""


def misread(value: str, start: Place, end: Place, behind: str) -> tuple[str, list[Diagnostic]]:
    """The value as it is meant, and what is wrong with it.

    `start` and `end` are the places of its first character and of the one after its last; `behind` is what else stands
    on the line where it ends.
    """
    found = []
    cut = _CUT_OFF.match(behind)
    if cut is not None:
        message = f"for YAML a comment begins here: '{cut[2]}' is no part of the text."
        place = replace(end, column=end.column + len(cut[1]))
        found.append(error(place, "yaml-syntax", message, "Put the value in quotes.", len(cut[2])))
    if CURLY.fullmatch(value):
        message, hint = "YAML takes these quotes for a part of the text.", 'Type straight ones: "…".'
        found.append(error(start, "yaml-syntax", message, hint, len(value)))
        value = value[1:-1]
    return value, found
