"""What a model has at a way, and which of the mistakes that pydantic found are reported."""

import re
import types
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import getitem
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from handover.load.yaml_tree import Loc, Tree
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.located import Located
from handover.model.spelling import nearest


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a file at `base`, which has to fit the `model`. Ways lead on from there."""

    model: type[BaseModel]
    tree: Tree
    base: Loc = ()

    def value(self, way: Loc = ()) -> Any:
        """What the file has there."""
        return at(self.tree.value, self.base + way)

    def place(self, way: Loc, of_value: bool = False) -> Place:
        """Of the key where there is one, of the value where that is asked for."""
        loc, keys, values = self.base + way, self.tree.keys, self.tree.values
        if not of_value and loc in keys:
            return keys[loc]
        return values.get(loc) or keys.get(loc) or next(iter(values.values()))

    def keys(self, way: Loc) -> list[str]:
        """The keys that the model has there; of several types, those of a group of keys."""
        kind = next(filter(is_model, self._types(way)), None)
        fields = kind.model_fields.items() if kind else ()
        by_id = not way or typing.get_origin(self.type(way[:-1])) is dict
        return [field.alias or name for name, field in fields if name != "id" or not by_id]

    def type(self, way: Loc) -> Any:
        """The type that the model has there; of several, the first."""
        return next(iter(self._types(way)), None)

    def _types(self, way: Loc) -> list[Any]:
        kinds: list[Any] = [self.model]
        for step in way:
            group = next(filter(is_model, kinds), None)
            arguments = typing.get_args(kinds[0]) if kinds else ()
            if group:
                fields = {field.alias or name: field.annotation for name, field in group.model_fields.items()}
                kinds = _types(fields.get(str(step)))
            elif arguments:
                kinds = _types(arguments[1] if typing.get_origin(kinds[0]) is dict else arguments[0])
            else:
                kinds = []
        return kinds


def at(value: Any, way: Loc) -> Any:
    """What a way through groups and lists leads to."""
    return reduce(getitem, way, value)


def steps(value: Any) -> Iterable[tuple[str | int, Any]]:
    """What a group or a list holds, each with its key or number."""
    return value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()


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


def keys_needed(kind: Any) -> list[str]:
    """The keys that a group of this type has to have; those whose default is validated can be needed too."""
    fields = kind.model_fields.items() if is_model(kind) else ()
    return [field.alias or name for name, field in fields if field.is_required() or field.validate_default]


_LINE_IN_TEXT = re.compile(r"(?<=\n) *(?:(-) |([a-z_]+):(?=[ \n]))")
"""A line of a text that begins like an item or a key."""


def swallowed(part: Part, way: Loc = ()) -> Iterator[Diagnostic]:
    """The problem of each key or item that is indented into the text above it."""
    held = part.value(way)
    for step, value in steps(held):
        if isinstance(value, Located) and "\n" in value.raw:
            is_plain = value.raw[:1] not in (">", "|", "'", '"')
            lost = set(part.keys(way)) - (held.keys() if isinstance(held, dict) else set())
            for match in _LINE_IN_TEXT.finditer(value.raw):
                if match[1] if is_plain else match[2] in lost:
                    above = "the '- ' above" if match[1] else f"'{step}'"
                    message, hint = "this line is part of the text above it.", f"Begin it in the column of {above}."
                    yield error(value.at(match[0].lstrip()), "yaml-syntax", message, hint)
        yield from swallowed(part, (*way, step))


class Mistakes:
    """The mistakes in one part of a file, in tables: each question takes as long with ten as with ten thousand.

    `gone` are the ways to what was taken out before. The ways in `details` lead through what is left.
    """

    def __init__(self, details: Iterable[ErrorDetails], gone: Iterable[Loc]) -> None:
        self._gone = set(gone)
        self._above_gone = {way[:length] for way in self._gone for length in range(len(way) + 1)}
        self._beside: dict[tuple[Loc, str], list[ErrorDetails]] = {}
        self._depth: dict[Loc, int] = {}
        self._bad_keys: set[Loc] = set()
        self._lacking: dict[Loc, list[ErrorDetails]] = {}
        for detail in details:
            way = detail["loc"]
            self._beside.setdefault((way[:-1], detail["type"]), []).append(detail)
            for length in range(len(way) + 1):
                self._depth[way[:length]] = max(self._depth.get(way[:length], 0), len(way))
            if way[-1:] == ("[key]",):
                self._bad_keys.add(way[:-1])

    def is_consequence(self, detail: ErrorDetails, here: Loc, is_first: bool) -> bool:
        """True if it is only a consequence of another mistake, which is reported. `here` is its way in the file."""
        way = detail["loc"]
        last = way[-1] if way else None
        if detail["type"] == "missing":
            return not is_first or (*here, last) in self._gone or self.lacking(detail)[:1] != [detail]
        if detail["type"] in ("value_error", "too_short"):
            return here in self._above_gone or self._depth.get(here, 0) > len(way)
        # The value of an invalid key is not what was meant either.
        return last != "[key]" and any(way[:length] in self._bad_keys for length in range(len(way) + 1))

    def is_foreign(self, value: Any, detail: ErrorDetails) -> bool:
        """True if the only key of the group is unknown: the problem of that key names the missing ones."""
        unknown, group = self.beside(detail, "extra_forbidden"), at(value, detail["loc"][:-1])
        return len(unknown) == 1 and isinstance(group, dict) and len(group) == 1

    def lacking(self, detail: ErrorDetails) -> list[ErrorDetails]:
        """The keys that are missing in the same group and not there under a wrong name: together one mistake."""
        group = detail["loc"][:-1]
        if group not in self._lacking:
            unknown = [str(other["loc"][-1]) for other in self.beside(detail, "extra_forbidden")]
            missing = self.beside(detail, "missing")
            is_other = len(missing) > len(unknown)
            self._lacking[group] = [
                other for other in missing if is_other and nearest(str(other["loc"][-1]), unknown) is None
            ]
        return self._lacking[group]

    def beside(self, detail: ErrorDetails, kind: str) -> list[ErrorDetails]:
        """The mistakes of a kind among the keys of the same group."""
        return self._beside.get((detail["loc"][:-1], kind), [])
