"""Durations as people write them, as in `24 hours` or `2 business days`."""

import re
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

from handover.model.located import Located
from handover.model.spelling import nearest

_ISO = {"minute": "PT{}M", "hour": "PT{}H", "day": "P{}D", "business day": None, "week": "P{}W", "month": "P{}M"}
"""How ISO 8601 writes each unit; it has no business days."""
_ALIASES = {
    "m": "minute",
    "h": "hour",
    "hr": "hour",
    "d": "day",
    "w": "week",
    "working day": "business day",
    "workday": "business day",
    "weekday": "business day",
}
"""Other names of units that people write."""


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
        parts = re.fullmatch(r"\s*([1-9][0-9]{0,3})[\s-]*([a-z][a-z -]*?)s?\s*", written.casefold())
        unit = parts and (_ALIASES.get(parts[2]) or nearest(parts[2], _ISO))
        return f"Write '{cls(f'{parts[1]} {unit}').words}'." if parts and unit else cls.CURE

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
