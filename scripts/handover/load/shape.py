"""What a model has at a way: keys, and types."""

import types
import typing
from typing import Any

from pydantic import BaseModel

from handover.load.yaml_tree import Loc


def keys_at(model: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that the part of a `model` at `loc` has; of several types, those of a group of keys."""
    kind = next(filter(is_model, _types_at(model, loc)), None)
    fields = kind.model_fields.items() if kind else ()
    by_id = not loc or typing.get_origin(kind_at(model, loc[:-1])) is dict
    return [field.alias or name for name, field in fields if name != "id" or not by_id]


def kind_at(model: type[BaseModel], loc: Loc) -> Any:
    """The type of the part of a `model` at `loc`; of several, the first."""
    return next(iter(_types_at(model, loc)), None)


def _types_at(model: type[BaseModel], loc: Loc) -> list[Any]:
    kinds: list[Any] = [model]
    for step in loc:
        group = next(filter(is_model, kinds), None)
        if group:
            fields = {field.alias or name: field.annotation for name, field in group.model_fields.items()}
            kinds = _types(fields.get(str(step)))
        else:
            arguments = typing.get_args(kinds[0]) if kinds else ()
            kinds = _types(arguments[1] if typing.get_origin(kinds[0]) is dict else arguments[0]) if arguments else []
    return kinds


def is_model(kind: Any) -> bool:
    """True for a group of keys that are known."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _types(kind: Any) -> list[Any]:
    """The types that a value can have, without `None` and without what is only attached to them."""
    if typing.get_origin(kind) is typing.Annotated:
        return _types(typing.get_args(kind)[0])
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        return [each for part in typing.get_args(kind) for each in _types(part)]
    return [] if kind in (None, types.NoneType) else [kind]


def is_required(model: type[BaseModel], loc: Loc) -> bool:
    """True if the group that the way leads into cannot be without the last key of the way."""
    return bool(loc) and loc[-1] in keys_needed(kind_at(model, loc[:-1]))


def keys_needed(kind: Any) -> list[str]:
    """The keys that a group of this type has to have; those whose default is validated can be needed too."""
    fields = kind.model_fields.items() if is_model(kind) else ()
    return [field.alias or name for name, field in fields if field.is_required() or field.validate_default]
