"""Text and dates with their place in a source file."""

import re
from datetime import date
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, PydanticKnownError, core_schema

from handover.model.diagnostic import Place

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
            return Place(self.place.path, self.place.line, self.place.column + index)
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
