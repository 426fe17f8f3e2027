"""`::: only a, b` and `::: only not a, b`: the variants of a message that a section is for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.spelling import guess

_LINE = re.compile(r".*?\bonly\b(?P<excluded>\s+not(?=\s|$))?(?P<names>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Only:
    """The names on a line that begins a section, each with its column from 0; the section is for all but them if
    `excludes`.
    """

    names: tuple[tuple[str, int], ...]
    excludes: bool

    @classmethod
    def of(cls, line: str) -> "Only":
        """Read the line. The text between two commas is one name, also with spaces; on its own an empty one is none."""
        match = _LINE.fullmatch(line)
        assert match is not None  # noqa: S101 - the caller has seen the word
        names, column = [], match.start("names")
        for part in match["names"].split(","):
            names.append((part.strip(), column + len(part) - len(part.lstrip())))
            column += len(part) + 1
        return cls(() if names == [("", names[0][1])] else tuple(names), match["excluded"] is not None)

    def keeps(self, variant: str | None) -> bool:
        """True if the section is for this variant."""
        return any(name == variant for name, _ in self.names) != self.excludes

    def extent(self, variants: Sequence[str], place: Place) -> Diagnostic | None:
        """The problem of a section that is for all of the message's variants, or for none."""
        kept = sum(map(self.keeps, variants))
        if kept == 0:
            message = "this section is for no variant, so it never appears."
            return error(place, "only-without-effect", message, "Leave a variant over, or delete the section.", 3)
        if kept == len(variants):
            message = "this section is for every variant."
            hint = "Name fewer, or delete this line and the ':::' that ends the section."
            return warning(place, "only-without-effect", message, hint, 3)
        return None


def variant_hint(name: str, variants: Sequence[str]) -> str:
    """The fix for a name that is not a variant."""
    if not variants:
        return "Declare it under 'variants' in the message's front matter; only messages have variants."
    words = name.split()
    if "not" in words:
        return "Write 'not' once, before all names: '::: only not a, b'."
    if len(words) > 1:
        names = ", ".join(word for word in words if word not in ("and", "or", "&"))
        return f"Put commas between variants: '{names}'."
    known = f"The variants are {', '.join(variants)}."
    return (guess(name, variants, "The variants are") if name else None) or known
