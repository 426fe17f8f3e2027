"""What a model has at a way: keys, and types; and keys that are read as a part of a text, or the other way around."""

import re
import types
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from handover.load.yaml_tree import Loc, Tree
from handover.model.diagnostic import Diagnostic, error
from handover.model.located import Located


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


_KEY_IN_TEXT = re.compile(r"(?<=\n) *([a-z_]+):(?=[ \n])")
"""A line of a text that begins like a key."""


def swallowed(model: type[BaseModel], part: Any, loc: Loc) -> Iterator[Diagnostic]:
    """The problem of each key that is indented into the text above it; `loc` leads from the model to `part`."""
    for step, value in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        if isinstance(value, Located) and value.raw[:1] in (">", "|"):
            lost = set(keys_at(model, loc)) - (part.keys() if isinstance(part, dict) else set())
            for match in _KEY_IN_TEXT.finditer(value.raw):
                if match[1] in lost:
                    message = f"this line is part of the text of '{step}'."
                    hint = f"Begin it in the column in which '{step}' begins."
                    yield error(value.at(match[0].lstrip()), "yaml-syntax", message, hint, len(match[1]))
        yield from swallowed(model, value, (*loc, step))


def after_comma(model: type[BaseModel], loc: Loc, tree: Tree, base: Loc) -> tuple[str, Diagnostic] | None:
    """The key whose value a comma ends between braces, and the problem, if this key is no key but the rest of it."""
    group: Any = tree.value
    for step in loc[:-1]:
        group = group[step]
    name, keys = str(loc[-1]), list(group)
    before = keys[keys.index(name) - 1] if isinstance(group, dict) and keys.index(name) else None
    if before is None or name in keys_at(model, loc[len(base) : -1]) or not isinstance(group[before], str):
        return None
    place = tree.keys[loc]
    if place.line != tree.keys[(*loc[:-1], before)].line:
        return None
    message = f"between braces, the comma before '{name}' ends the text of '{before}'."
    hint = f'Put the text with the comma in quotes: {before}: "…, {name}".'
    return before, error(place, "yaml-syntax", message, hint, len(name))
