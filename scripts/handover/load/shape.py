"""What a model has at a way: keys, and types."""

import types
import typing
from typing import Any

from pydantic import BaseModel

from handover.load.yaml_tree import Loc


def keys_at(model: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that the part of a `model` at `loc` has."""
    kind = kind_at(model, loc)
    if not is_model(kind):
        return []
    return [field.alias or name for name, field in kind.model_fields.items() if name != "id" or loc]


def kind_at(model: type[BaseModel], loc: Loc) -> Any:
    """The type of the part of a `model` at `loc`."""
    kind: Any = model
    for step in loc:
        if is_model(kind):
            fields = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
            kind = _bare(fields.get(str(step)))
        else:
            arguments = typing.get_args(kind)
            kind = _bare(arguments[1] if typing.get_origin(kind) is dict else arguments[0]) if arguments else None
    return kind


def is_model(kind: Any) -> bool:
    """True for a group of keys that are known."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _bare(kind: Any) -> Any:
    """The type without `| None`."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        return next(part for part in typing.get_args(kind) if part is not types.NoneType)
    return kind


def is_required(model: type[BaseModel], loc: Loc) -> bool:
    """True if the group that the way leads into cannot be without the last key of the way."""
    return bool(loc) and loc[-1] in keys_needed(kind_at(model, loc[:-1]))


def keys_needed(kind: Any) -> list[str]:
    """The keys that a group of this type has to have; those whose default is validated can be needed too."""
    fields = kind.model_fields.items() if is_model(kind) else ()
    return [field.alias or name for name, field in fields if field.is_required() or field.validate_default]
