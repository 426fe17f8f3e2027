"""Names: suggestions for unknown ones, and those that are reserved."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_LOOK_ALIKES = str.maketrans("аеорсухіѕјһԁорαεονικ", "aeopcyxisjhdopaeovik")
"""Cyrillic and Greek letters that look like Latin ones."""

SURE = 0.72
"""The similarity from which on the nearest name alone is the suggestion."""


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
    near = difflib.get_close_matches(name, names, n=1, cutoff=cutoff)
    if near:
        return near[0]
    folded = {fold(candidate): candidate for candidate in reversed(names)}
    near = difflib.get_close_matches(fold(name), folded, n=1, cutoff=cutoff)
    return folded[near[0]] if near else None


@lru_cache(maxsize=10_000)
def fold(name: str) -> str:
    """The name in lowercase Latin letters, digits, `-` and `_`, as far as it has any."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LOOK_ALIKES)
    return re.sub(r"[^a-z0-9_-]", "", "-".join(plain.split()))


PAGES = (
    "404",
    "assets",
    "diagnostics",
    "exports",
    "glossary",
    "health",
    "index",
    "links",
    "messages",
    "placeholders",
    "platforms",
    "reference",
    "search",
    "snippets",
)

RESERVED: dict[str, tuple[str, ...]] = {
    "playbook": PAGES,
    "message": ("index",),
    "placeholder": ("checklist",),
    "platform": ("file", "handbook", "preview"),
}
"""The reserved ids of each kind: a page or folder of the site has the name, or a key of front matter."""

DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³")}
)
"""Names that no file can have on Windows, with any ending (Microsoft, "Naming Files, Paths, and Namespaces")."""
