"""Hints for a name that nobody knows."""

import difflib
import re
import unicodedata
from collections.abc import Iterable

_LOOK_ALIKES = str.maketrans("аеорсухіѕјһԁорαεονικ", "aeopcyxisjhdopaeovik")
"""Cyrillic and Greek letters that nobody can tell from Latin ones."""


SURE = 0.72
"""How like a known name another one has to be for nothing else to be said."""


def guess(name: str, known: Iterable[str], otherwise: str) -> str | None:
    """A hint: the nearest of the `known` names, else all of them after the words `otherwise`."""
    names = sorted({str(candidate) for candidate in known})
    near = nearest(name, names)
    if near and nearest(name, [near], SURE):
        return f"Did you mean '{near}'?"
    if not names:
        return None
    shown = ", ".join(names[:12])
    all_of_them = f"{otherwise} {shown}{' and others' if len(names) > 12 else ''}."
    return f"Did you mean '{near}'? If not: {all_of_them[:1].lower()}{all_of_them[1:]}" if near else all_of_them


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The one of the `known` names that `name` most likely is; None where none is like it.

    Capitals, accents, invisible marks and look-alike letters make no difference, a slip of a letter little.
    """
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=cutoff)
    if near:
        return near[0]
    folded = {fold(candidate): candidate for candidate in reversed(names)}
    near = difflib.get_close_matches(fold(name), folded, n=1, cutoff=cutoff)
    return folded[near[0]] if near else None


def fold(name: str) -> str:
    """The name in small Latin letters, digits, `-` and `_`, as far as it has any."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LOOK_ALIKES)
    return re.sub(r"[^a-z0-9_-]", "", "-".join(plain.split()))
