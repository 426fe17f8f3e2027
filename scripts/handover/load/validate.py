"""Plain Python to a typed model: each mistake is one problem, and all that is valid is kept.

An invalid part is reported and taken out, and the rest validated again, so that one run names every mistake. What
is invalid only because a part was taken out is not reported. The ids inside such a part are remembered, so that
references to them are not reported either.
"""

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from handover.load.explain import explain, key_name, nothing
from handover.load.shape import Mistakes, Part, at, steps, swallowed
from handover.load.yaml_tree import Loc, Tree
from handover.model.diagnostic import Diagnostic, error

M = TypeVar("M", bound=BaseModel)

MAX_GUESSES = 200
"""Problems of a file after which no more is guessed what an unknown word was meant to be: that takes long."""


class _Items(list[Any]):
    """A list that knows which number each item had in the file, after some were taken out."""

    def __init__(self, items: list[Any]) -> None:
        super().__init__(items)
        self.numbers = list(range(len(items)))

    def __delitem__(self, index: Any) -> None:
        super().__delitem__(index)
        del self.numbers[index]


def build(
    model: type[M],
    tree: Tree,
    found: list[Diagnostic],
    excused: set[str],
    loc: Loc = (),
    whole: bool = False,
    **extra: Any,
) -> M | None:
    """The part of `tree` at `loc` as a `model`, with the values of `extra`, that no file holds, added.

    None if not even a part of it is sound, or, if it makes sense only as a `whole`, when anything is wrong with it.
    `found` gets every mistake, `excused` the ids that were lost.
    """
    part = Part(model, tree, loc)
    value = _editable(part.value())
    if not isinstance(value, dict):
        hint = "Write its keys below it, indented: 'title: …'."
        if loc and str(loc[-1]) in model.model_fields:
            hint = f"Indent '{loc[-1]}' below the entry that it belongs to."
        found.append(error(tree.values[loc], "wrong-type", "a group of keys must be here.", hint))
        _note_ids(value, excused)
        return None
    found += swallowed(part)
    gone = _take_out_first(part, value, extra, found, excused)
    is_first = True
    while True:
        try:
            valid = model.model_validate({**extra, **value})
            return None if whole and gone else valid
        except ValidationError as trouble:
            details = trouble.errors(include_url=False)
        _report(part, value, details, gone, is_first, found)
        is_first = False
        ways = {_way(value, detail) for detail in details if detail["type"] != "too_short"} or {()}
        gone += [_in_file(value, detail) for detail in details]
        if () in ways or whole:
            _note_ids(part.value(), excused)
            return None
        _take_out(value, ways, excused)


def _take_out_first(
    part: Part, value: dict[str, Any], given: dict[str, Any], found: list[Diagnostic], excused: set[str]
) -> list[Loc]:
    """Take out, and report, the keys that are `given`, and each key without a value; the ways to the latter."""
    for key in value.keys() & given.keys():
        del value[key]
        hint = f"Delete the line: here it is '{given[key]}', by the name of the file or of the entry."
        found.append(error(part.place((key,)), "unknown-key", f"the key '{key}' is unknown here.", hint, len(key)))
    gone = list(_nothings(value))
    for way in reversed(gone):
        del at(value, way[:-1])[way[-1]]
        excused.add(str(way[-1]))
        found.append(nothing(part, way))
    return gone


def _report(
    part: Part, value: Any, details: list[ErrorDetails], gone: list[Loc], is_first: bool, found: list[Diagnostic]
) -> None:
    mistakes = Mistakes(details, gone)
    for detail in details:
        here = _in_file(value, detail)
        is_foreign = detail["type"] == "missing" and mistakes.is_foreign(value, detail)
        if not is_foreign and not mistakes.is_consequence(detail, here, is_first):
            beside = mistakes.lacking(detail) or mistakes.beside(detail, "missing")
            missing = [key_name(other) for other in beside]
            found.append(explain(part, detail, here, missing, len(found) < MAX_GUESSES))


def _nothings(value: Any, way: Loc = ()) -> Iterator[Loc]:
    for step, item in steps(value):
        if item is None:
            yield (*way, step)
        else:
            yield from _nothings(item, (*way, step))


def _editable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _editable(item) for key, item in value.items()}
    if isinstance(value, list):
        return _Items([_editable(item) for item in value])
    return value


def _in_file(value: Any, detail: ErrorDetails) -> Loc:
    """The way to the mistake by the numbers that items have in the file; as far as the file has it."""
    way: Loc = ()
    for step in _way(value, detail):
        way = (*way, value.numbers[step] if isinstance(value, _Items) and isinstance(step, int) else step)
        value = value[step]
    return way


def _way(value: Any, detail: ErrorDetails) -> Loc:
    """The way to the invalid part: of nested ones the deepest that exists."""
    way: Loc = ()
    for step in detail["loc"]:
        is_item = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not is_item and not (isinstance(value, dict) and step in value):
            break
        way = (*way, step)
        value = value[step]
    return way


def _take_out(value: dict[str, Any], ways: set[Loc], excused: set[str]) -> None:
    """Take every wrong part out of `value`. A part with a gap goes as a whole."""
    inner = {way for way in ways if any(way[:length] in ways for length in range(1, len(way)))}
    for way in sorted(ways - inner, key=lambda way: [str(step).zfill(9) for step in way], reverse=True):
        holder, last = at(value, way[:-1]), way[-1]
        is_nameless = isinstance(last, int) and isinstance(holder[last], dict) and "id" not in holder[last]
        if is_nameless or (last == "id" and len(way) > 2):
            excused.add(f"{way[-2 if is_nameless else -3]}/*")  # which of them was meant is unknown
        _note_ids({last: holder[last]} if isinstance(last, str) else holder[last], excused)
        del holder[last]


def _note_ids(value: Any, excused: set[str]) -> None:
    for step, item in steps(value):
        excused |= {step} if isinstance(step, str) else set()
        excused |= {item} if step == "id" and isinstance(item, str) else set()
        _note_ids(item, excused)
