"""What pydantic found, said in the words of the people who write the files."""

import types
import typing
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from handover.load.yaml_tree import Loc, Tree
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.spelling import guess

_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "list_type": "a list, a line each with '- '",
    "tuple_type": "a list, a line each with '- '",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "date_type": "a date like 2026-11-24",
    "date_from_datetime_parsing": "a date like 2026-11-24",
}


def explain(model: type[BaseModel], detail: ErrorDetails, loc: Loc, tree: Tree, base: Loc) -> Diagnostic:
    """The finding for one mistake that pydantic found in a `model`; `loc` is as far as the file has the way to it."""
    kind = detail["type"]
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "extra_forbidden":
        known = _keys(model, loc[len(base) : -1])
        place = tree.keys[loc]
        return error(
            place, "unknown-key", f"the key '{name}' is not known here.", guess(name, known, "The keys are"), len(name)
        )
    if kind == "missing":
        return error(_place(tree, loc), "missing-key", f"the key '{name}' is missing.", f"Add a line '{name}: …'.")
    if name == "[key]" or name == "id":
        return _bad_id(detail, loc, tree)
    value = detail["input"]
    place = _place(tree, loc, value=True)
    if kind in _EXPECTED:
        return _wrong_type(kind, place, loc, tree, value)
    if kind == "value_error":
        fault = detail["ctx"]["error"]
        place = _place(tree, loc + getattr(fault, "key", ()), value=bool(loc))
        return error(place, "invalid-value", f"{fault}.")
    if kind == "string_too_short":
        return error(place, "invalid-value", f"'{name}' is empty.", "Write something, or delete the line.")
    return error(
        place,
        "invalid-value",
        f"'{value}' is not possible for '{name}': {_lower(detail['msg'])}.",
        _choices(detail, value),
    )


def _place(tree: Tree, loc: Loc, value: bool = False) -> Place:
    """Of the key where there is one, of the value where that is asked for."""
    if not value and loc in tree.keys:
        return tree.keys[loc]
    return tree.values.get(loc) or tree.keys.get(loc) or next(iter(tree.values.values()))


def _bad_id(detail: ErrorDetails, loc: Loc, tree: Tree) -> Diagnostic:
    place = tree.values[loc] if loc and loc[-1] == "id" else _place(tree, loc)
    return error(
        place,
        "invalid-id",
        f"'{detail['input']}' cannot be an id.",
        "An id has small letters a to z, digits, and single '-' or '_' between them.",
        len(str(detail["input"])),
    )


def _wrong_type(kind: str, place: Place, loc: Loc, tree: Tree, value: Any) -> Diagnostic:
    expected = _EXPECTED[kind]
    if loc in tree.scalars and kind == "string_type":
        written = tree.scalars[loc]
        if value is None:
            return error(
                place,
                "wrong-type",
                f"{expected} is expected here, and there is nothing.",
                "Write something, or delete the key.",
            )
        return error(
            place,
            "wrong-type",
            f"{expected} is expected here, and YAML reads '{written}' as something else.",
            f'Put it in quotes: "{written}".',
            len(written),
        )
    return error(place, "wrong-type", f"{expected} is expected here, and there is {_kind(value)}.")


def _kind(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case dict():
            return "a group of keys"
        case list():
            return "a list"
        case _:
            return f"'{value}'"


def _choices(detail: ErrorDetails, value: Any) -> str | None:
    """For a value that has to be one of a few."""
    if detail["type"] != "literal_error":
        return None
    words = [word.strip("'\" ") for word in str(detail["ctx"]["expected"]).replace(" or ", ", ").split(",")]
    return guess(str(value), words, "Write one of")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _keys(model: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that the part of a `model` at `loc` has."""
    kind: Any = model
    for step in loc:
        if _is_model(kind):
            fields = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
            kind = _bare(fields.get(str(step)))
        else:
            arguments = typing.get_args(kind)
            kind = _bare(arguments[1] if typing.get_origin(kind) is dict else arguments[0]) if arguments else None
    if not _is_model(kind):
        return []
    return [field.alias or name for name, field in kind.model_fields.items() if name != "id" or loc]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _bare(kind: Any) -> Any:
    """The type without `| None`."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        return next(part for part in typing.get_args(kind) if part is not types.NoneType)
    return kind
