"""The base class of all models of data files."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from handover.model.located import Located

FILL_IN = "FILL IN"
"""The marker of a text that an author has yet to write."""


class Fault(ValueError):
    """An error in a model as a whole.

    `key` is the path to the key below it that causes the error, if there is one; `at_key` is true if that key itself
    is wrong, not its value. `hint` is the fix.
    """

    def __init__(self, message: str, *key: str, hint: str | None = None, at_key: bool = False) -> None:
        super().__init__(message)
        self.key = key
        self.hint = hint
        self.at_key = at_key


class Model(BaseModel):
    """Frozen; unknown keys are errors, so that a misspelled key is never ignored silently."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @cached_property
    def is_draft(self) -> bool:
        """True if some text in it is unfinished."""
        return FILL_IN in self.model_dump_json()

    def all_texts(self, *without: str) -> tuple[Located, ...]:
        """Every text with a place in it, but for the fields named in `without`; kept, as many checks ask for them."""
        known: dict[tuple[str, ...], tuple[Located, ...]] = self.__dict__.setdefault("_texts", {})
        if without not in known:
            parts = (part for name, part in self if name not in without)
            known[without] = tuple(text for part in parts for text in located_texts(part, *without))
        return known[without]


class Short(Model):
    """A group of keys, or only the value of the key that is named by `SHORT`."""

    SHORT: ClassVar[str]
    """The key that can stand alone."""

    @model_validator(mode="before")
    @classmethod
    def _from_value(cls, value: Any) -> Any:
        return value if isinstance(value, dict | cls) else {cls.SHORT: value}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Either form."""
        group = handler.resolve_ref_schema(handler(core))
        short = group["properties"][cls.SHORT]
        return {"anyOf": [{key: value for key, value in short.items() if key not in ("title", "description")}, group]}


def located_texts(value: Any, *without: str) -> Iterator[Located]:
    """Every text with a place in models and collections of them, but for the fields named in `without`."""
    if isinstance(value, Located):
        yield value
    elif isinstance(value, Model):
        yield from value.all_texts(*without)
    elif isinstance(value, Mapping):
        yield from located_texts((*value, *value.values()), *without)
    elif isinstance(value, tuple):
        for part in value:
            yield from located_texts(part, *without)
