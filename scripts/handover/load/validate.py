"""Plain Python to a typed model: each thing that is wrong is one finding, and what is right is kept.

A part that is wrong is reported, taken out and the rest tried again, so that one run names every mistake.
The ids inside a part that was taken out are remembered: who refers to them is not to blame.
"""

import difflib
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from handover.load.explain import explain
from handover.load.yaml_tree import Loc, Tree
from handover.model.diagnostic import Diagnostic, error

M = TypeVar("M", bound=BaseModel)


class _Items(list[Any]):
    """A list that knows which number each item had in the file, after some were taken out."""

    def __init__(self, items: list[Any]) -> None:
        super().__init__(items)
        self.numbers = list(range(len(items)))

    def __delitem__(self, index: Any) -> None:
        super().__delitem__(index)
        del self.numbers[index]


def build(
    model: type[M], tree: Tree, found: list[Diagnostic], excused: set[str], loc: Loc = (), **extra: Any
) -> M | None:
    """The part of `tree` at `loc` as a `model`, with the values of `extra`, that no file holds, added.

    None if not even a part of it is sound. `found` gets every mistake, `excused` the ids that were lost.
    """
    part = tree.value
    for step in loc:
        part = part[step]
    if not isinstance(part, dict):
        found.append(error(tree.values[loc], "wrong-type", "keys with values are expected here, like 'title: …'."))
        _note_ids(part, excused)
        return None
    value = _editable(part)
    first = True
    while True:
        try:
            return model.model_validate({**extra, **value})
        except ValidationError as trouble:
            details = trouble.errors(include_url=False)
        for detail in details:
            if detail["type"] != "missing" or (first and not _misspelt(detail, details)):
                found.append(explain(model, detail, loc + _in_file(value, detail), tree, loc))
        first = False
        if not _take_out(value, details, excused):
            _note_ids(part, excused)
            return None


def _misspelt(missing: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """True if the key that is missing stands there, misspelt: that is one mistake, not two."""
    beside = [
        str(other["loc"][-1])
        for other in details
        if other["type"] == "extra_forbidden" and other["loc"][:-1] == missing["loc"][:-1]
    ]
    return bool(difflib.get_close_matches(str(missing["loc"][-1]), beside, n=1, cutoff=0.6))


def _editable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _editable(item) for key, item in value.items()}
    if isinstance(value, list):
        return _Items([_editable(item) for item in value])
    return value


def _in_file(value: Any, detail: ErrorDetails) -> Loc:
    """The way to the mistake by the numbers that items have in the file; as far as the file has it."""
    steps: list[str | int] = []
    for step in detail["loc"]:
        if isinstance(value, _Items) and isinstance(step, int) and step < len(value):
            steps.append(value.numbers[step])
        elif isinstance(value, dict) and step in value:
            steps.append(step)
        else:
            break
        value = value[step]
    return tuple(steps)


def _take_out(value: dict[str, Any], details: list[ErrorDetails], excused: set[str]) -> bool:
    """Take every wrong part out of `value`; False if that leaves nothing. A part with a gap goes as a whole."""
    ways = {_way(value, detail) for detail in details}
    if () in ways:
        return False
    for way in sorted(ways, key=lambda way: [str(step).zfill(9) for step in way], reverse=True):
        holder: Any = value
        for step in way[:-1]:
            holder = holder[step]
        last: Any = way[-1]
        _note_ids({last: holder[last]} if isinstance(last, str) else holder[last], excused)
        del holder[last]
    return True


def _way(value: Any, detail: ErrorDetails) -> Loc:
    """The way to the part that has to go: of several nested ones the part that exists."""
    steps: list[str | int] = []
    for step in detail["loc"]:
        known = (isinstance(value, _Items) and isinstance(step, int) and step < len(value)) or (
            isinstance(value, dict) and step in value
        )
        if not known:
            break
        steps.append(step)
        value = value[step]
    return tuple(steps)


def _note_ids(value: Any, excused: set[str]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            excused.add(str(key))
            if key == "id" and isinstance(item, str):
                excused.add(str(item))
            _note_ids(item, excused)
    elif isinstance(value, list):
        for item in value:
            _note_ids(item, excused)
