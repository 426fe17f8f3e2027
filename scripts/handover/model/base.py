"""What every model of a data file has in common."""

import ast
import inspect
import sys
from functools import cache, cached_property
from itertools import pairwise

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

STILL_TO_WRITE = "FILL IN"
"""What stands where a text is still to be written."""


class Fault(ValueError):
    """What is wrong with a model as a whole.

    `key` is the way to the key below it that is to blame, if it is one; `at_key` is true if that key itself is
    wrong, not its value. `hint` says how to mend it.
    """

    def __init__(self, message: str, *key: str, hint: str | None = None, at_key: bool = False) -> None:
        super().__init__(message)
        self.key = key
        self.hint = hint
        self.at_key = at_key


class Model(BaseModel):
    """Frozen, and a key that it does not know is refused: a misspelt key must never be lost in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """With what the docstrings say of each key: pydantic would parse the source of every model at its import."""
        made = handler(core)
        properties = handler.resolve_ref_schema(made)["properties"]
        for name, meaning in meanings(cls).items():
            properties[cls.model_fields[name].alias or name]["description"] = meaning
        return made

    @cached_property
    def is_draft(self) -> bool:
        """True if something in it is still to be written."""
        return STILL_TO_WRITE in self.model_dump_json()


def meanings(model: type[Model]) -> dict[str, str]:
    """What the docstring below each field of a model says."""
    return _all_meanings(model.__module__).get(model.__name__, {})


@cache
def _all_meanings(module: str) -> dict[str, dict[str, str]]:
    made: dict[str, dict[str, str]] = {}
    for defined in ast.parse(inspect.getsource(sys.modules[module])).body:
        for field, said in pairwise(ast.iter_child_nodes(defined)):
            match defined, field, said:
                case ast.ClassDef(model), ast.AnnAssign(ast.Name(name)), ast.Expr(ast.Constant(str(meaning))):
                    made.setdefault(model, {})[name] = inspect.cleandoc(meaning)
    return made
