"""Languages by their tags, and the directions in which they are written."""

from typing import Literal, TypeAlias

from handover.model.located import Located

Direction: TypeAlias = Literal["ltr", "rtl"]

_RTL_SCRIPTS = {"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa", "yezi"}
"""The scripts in use that are written from right to left, as ISO 15924 names them."""

_RTL_LANGUAGES = (
    {"ar", "acm", "aeb", "ajp", "apc", "apd", "ars", "ary", "arz"}  # Arabic and its varieties
    | {"azb", "bal", "bqi", "ckb", "fa", "glk", "haz", "khw", "ks", "lrc", "mzn", "pnb", "prs", "ps"}
    | {"rhg", "sd", "sdh", "skr", "ug", "ur"}
    | {"dv", "he", "iw", "ji", "nqo", "syr", "yi"}
)
"""The languages that are written in such a script where their tag names none, by Unicode CLDR's likely subtags."""


class Language(Located):
    """A language tag, as in `en` or `de-CH`."""

    CURE = "Write a language tag, as in en or de-CH."
    LIMITS = {"pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"}
    """The common part of BCP 47."""

    @property
    def direction(self) -> Direction:
        """The direction of its script: the one that the tag names, else the language's own."""
        language, *subtags = self.lower().split("-")
        script = next((subtag for subtag in subtags if len(subtag) == 4 and subtag.isalpha()), None)
        is_rtl = language in _RTL_LANGUAGES if script is None else script in _RTL_SCRIPTS
        return "rtl" if is_rtl else "ltr"

    def capitalized(self, text: str) -> str:
        """The text with a capital first letter, by the rules of the language in Unicode's SpecialCasing.txt."""
        base = self.ranges()[-1]
        if base in ("tr", "az") and text.startswith("i"):
            return f"\u0130{text[1:]}"
        if base == "nl" and text.startswith("ij"):
            return f"IJ{text[2:]}"
        return f"\u1e9e{text[1:]}" if text.startswith("\u00df") else f"{text[:1].upper()}{text[1:]}"

    def ranges(self) -> tuple["Language", ...]:
        """The tag and the shorter ones that cover it, the longest first: `de-CH`, `de`."""
        parts = self.split("-")
        return tuple(Language("-".join(parts[:length])) for length in range(len(parts), 0, -1))
