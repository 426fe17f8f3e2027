"""Hints for a name that nobody knows."""

import difflib
from collections.abc import Iterable


def guess(name: str, known: Iterable[str], otherwise: str) -> str | None:
    """A hint: the nearest of the `known` names, else all of them after the words `otherwise`."""
    names = sorted({str(candidate) for candidate in known})
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"Did you mean '{near[0]}'?"
    if not names:
        return None
    shown = ", ".join(names[:12])
    return f"{otherwise} {shown}{' and others' if len(names) > 12 else ''}."
