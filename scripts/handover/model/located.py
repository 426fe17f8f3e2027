"""Text, dates, languages and durations with their place in a source file."""

import re
from datetime import date
from typing import Any, ClassVar, Literal, Self, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, PydanticKnownError, core_schema

from handover.model.diagnostic import Place
from handover.model.spelling import nearest

NOWHERE = Place("", 1, 1)


class Located(str):
    """A `str` with the place of its first character and the source slice it was read from.

    `raw` is that slice, with quotes and line breaks; empty for text that is not from a file.
    """

    place: Place
    raw: str

    FORMAT: ClassVar[str | None] = None
    """What kind of text it is, as JSON Schema names it."""
    LIMITS: ClassVar[dict[str, Any]] = {"min_length": 1, "max_length": 5000}
    """The arguments of pydantic's string schema."""
    MAY_BREAK: ClassVar[bool] = False
    """True if it may have more than one line."""

    def __new__(cls, text: str, place: Place = NOWHERE, raw: str = "") -> Self:
        """`text` is the value, `place` where its source starts, `raw` that source."""
        located = super().__new__(cls, text)
        located.place = place
        located.raw = raw
        return located

    def at(self, needle: str, nth: int = 0) -> Place:
        """The place of the `nth` occurrence of `needle` in the source; the start of the text where it is not found."""
        index = -1
        for _ in range(nth + 1):
            index = self.raw.find(needle, index + 1)
            if index < 0:
                return self.place
        before = self.raw[:index]
        lines = before.count("\n")
        if lines == 0:
            return self.place.after(index)
        return Place(self.place.path, self.place.line + lines, len(before) - before.rfind("\n"))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Validated as a string; the object that came in goes out, place and all."""

        def keep(value: Any, checked: core_schema.ValidatorFunctionWrapHandler) -> "Located":
            text = checked(value)
            if not text.strip():
                raise PydanticCustomError("blank", "it is empty")
            if "\n" in text and not cls.MAY_BREAK:
                raise PydanticCustomError("line_break", "it has a line break")
            return cls(text, value.place, value.raw) if isinstance(value, Located) else cls(text)

        return core_schema.no_info_wrap_validator_function(
            keep, core_schema.str_schema(**cls.LIMITS), serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """A string, and of which kind."""
        return {**handler(core), **({"format": cls.FORMAT} if cls.FORMAT else {})}


class Id(Located):
    """A name for other files to refer to: lowercase letters, digits, `-` and `_`."""

    FORMAT = "id"
    PATTERN = re.compile(r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$")
    LIMITS = {"pattern": PATTERN.pattern, "max_length": 80}
    """Plain ASCII only, so that ids that look the same are the same, and each can be a file name."""


class Reference(Located):
    """The id of an entry of another file; whether that exists is checked later."""

    FORMAT = "id"


class Party(Located):
    """A person or a team: the id of a glossary term, or, if it is not written like an id, words."""

    @property
    def is_term(self) -> bool:
        """True if it is written like an id, be it a valid one or not."""
        return re.fullmatch(r"[a-z0-9_-]+", self) is not None


class Prose(Located):
    """Markdown of the content language, kept in a data file."""

    FORMAT = "markdown"
    MAY_BREAK = True


class ProseLine(Prose):
    """One line of it, such as a subject."""

    MAY_BREAK = False


class Day(date):
    """A date with its place in a source file."""

    place: Place = NOWHERE

    @classmethod
    def at(cls, day: date, place: Place) -> Self:
        """The same day, with a place."""
        located = cls(day.year, day.month, day.day)
        located.place = place
        return located

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """A date or its ISO form in quotes, never a number: pydantic would count seconds since 1970."""

        def keep(value: Any, checked: core_schema.ValidatorFunctionWrapHandler) -> "Day":
            if not isinstance(value, date) and not re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
                raise PydanticKnownError("date_type")
            return cls.at(checked(value), getattr(value, "place", NOWHERE))

        return core_schema.no_info_wrap_validator_function(keep, core_schema.date_schema())


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


_ISO = {"minute": "PT{}M", "hour": "PT{}H", "day": "P{}D", "business day": None, "week": "P{}W", "month": "P{}M"}
"""How ISO 8601 writes each unit; it has no business days."""
_ALIASES = {"m": "minute", "h": "hour", "hr": "hour", "d": "day", "w": "week"}
_ALIASES |= dict.fromkeys(("working day", "workday", "weekday"), "business day")
"""Other names of units that people write."""
_MULTIPLES = {"fortnight": (2, "week"), "quarter": (3, "month"), "year": (12, "month")}
"""Units that are written as others."""
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}


class Duration(Located):
    """A whole number of minutes, hours, days, business days, weeks or months."""

    LIMITS = {"pattern": rf"^[1-9][0-9]{{0,3}} ({'|'.join(_ISO)})s?$", "max_length": 40}
    CURE = "Write a number and minutes, hours, days, business days, weeks or months, as in '24 hours'."

    @property
    def amount(self) -> int:
        """The number of units."""
        return int(self.partition(" ")[0])

    @property
    def unit(self) -> str:
        """The unit, in the singular."""
        return self.partition(" ")[2].removesuffix("s")

    @property
    def words(self) -> str:
        """It in words, in the right number: `1 day`, `2 days`."""
        return f"{self.amount} {self.unit}{'' if self.amount == 1 else 's'}"

    @property
    def iso(self) -> str | None:
        """It in the form of ISO 8601; None for business days."""
        pattern = _ISO[self.unit]
        return pattern.format(self.amount) if pattern else None

    @classmethod
    def cure(cls, written: str) -> str:
        """The fix for what is no duration."""
        parts = re.fullmatch(r"\s*([0-9]{1,4}|[a-z]+(?=[\s-]))[\s-]*([a-z][a-z -]*?)s?\s*", written.casefold())
        number = parts and (_NUMBERS.get(parts[1]) or (int(parts[1]) if parts[1].isdecimal() else None))
        if parts is None or number is None:
            return cls.CURE
        times, unit = _MULTIPLES.get(parts[2]) or (1, _ALIASES.get(parts[2]) or nearest(parts[2], _ISO))
        if number == 0:
            return "Leave it out, and its 'of': a step without a time comes right after the one before."
        meant = cls(f"{number * times} {unit}") if unit and number * times < 10_000 else None
        return f"Write '{meant.words}'." if meant else cls.CURE

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """As text, also if YAML reads a number; in JSON with its parts."""

        def plain(duration: "Duration") -> dict[str, int | str | None]:
            return {"amount": duration.amount, "unit": duration.unit, "words": duration.words, "iso": duration.iso}

        text = super().__get_pydantic_core_schema__(source, handler)
        return core_schema.no_info_before_validator_function(
            lambda value: value if isinstance(value, str | list | dict) else str(value),
            text,
            serialization=core_schema.plain_serializer_function_ser_schema(plain, when_used="json"),
        )
