"""Suggestions for an unknown name."""

import difflib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache

_LOOK_ALIKES = str.maketrans("аеорсухіѕјһԁорαεονικ", "aeopcyxisjhdopaeovik")
"""Cyrillic and Greek letters that look like Latin ones."""

SURE = 0.72
"""The similarity from which on the nearest name alone is the suggestion."""


NEIGHBORS = 20
"""Names that are compared at each end of a word: comparing all of thousands takes too long."""


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
    """The one of the `known` names that is most like `name`; None if none is.

    Case, accents, invisible marks and look-alike letters make no difference, a wrong letter little.
    """
    names = list(known)
    if len(names) > 2 * NEIGHBORS:
        names = _neighbors(name, tuple(names))
    near = difflib.get_close_matches(name, names, n=1, cutoff=cutoff)
    if near:
        return near[0]
    folded = {fold(candidate): candidate for candidate in reversed(names)}
    near = difflib.get_close_matches(fold(name), folded, n=1, cutoff=cutoff)
    return folded[near[0]] if near else None


def _neighbors(name: str, names: tuple[str, ...]) -> list[str]:
    """Those that begin, or end, most like `name`, in their order: a slip rarely changes both ends."""
    folded, near = fold(name), set()
    for ways, key in zip(_sorted(names), (folded, folded[::-1]), strict=True):
        at = bisect_left(ways, (key, ""))
        near |= {candidate for _, candidate in ways[max(at - NEIGHBORS // 2, 0) : at + NEIGHBORS // 2]}
    return [candidate for candidate in names if candidate in near]


@lru_cache(maxsize=8)
def _sorted(names: tuple[str, ...]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The names, each after its folded form, in the order of these, and of these read backwards."""
    folded = [(fold(name), name) for name in names]
    return sorted(folded), sorted((key[::-1], name) for key, name in folded)


def fold(name: str) -> str:
    """The name in lowercase Latin letters, digits, `-` and `_`, as far as it has any."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LOOK_ALIKES)
    return re.sub(r"[^a-z0-9_-]", "", "-".join(plain.split()))
