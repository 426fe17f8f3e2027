"""The base class of all models of data files."""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

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

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Add the field docstrings, at this call: pydantic would parse the source of every model on import."""
        schema = handler(core)
        properties = handler.resolve_ref_schema(schema)["properties"]
        for name, description in field_descriptions(cls).items():
            properties[cls.model_fields[name].alias or name]["description"] = description
        return schema

    @cached_property
    def is_draft(self) -> bool:
        """True if some text in it is unfinished."""
        return FILL_IN in self.model_dump_json()


def field_descriptions(model: type[Model]) -> dict[str, str]:
    """The docstring of each documented field of `model`, by the field's name."""
    return _descriptions_by_class(model.__module__).get(model.__name__, {})


@cache
def _descriptions_by_class(module: str) -> dict[str, dict[str, str]]:
    descriptions: dict[str, dict[str, str]] = {}
    for statement in ast.parse(inspect.getsource(sys.modules[module])).body:
        for node, following in pairwise(ast.iter_child_nodes(statement)):
            match statement, node, following:
                case ast.ClassDef(model), ast.AnnAssign(ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                    descriptions.setdefault(model, {})[name] = inspect.cleandoc(text)
    return descriptions


def located_texts(value: Any, *without: str) -> Iterator[Located]:
    """Every text with a place in models and collections of them, but for the fields named in `without`."""
    if isinstance(value, Located):
        yield value
    elif isinstance(value, BaseModel):
        for name, part in value:
            if name not in without:
                yield from located_texts(part, *without)
    elif isinstance(value, Mapping):
        yield from located_texts((*value, *value.values()), *without)
    elif isinstance(value, tuple):
        for part in value:
            yield from located_texts(part, *without)
