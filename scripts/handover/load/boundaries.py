"""Values that end elsewhere than meant: keys read as a part of a text, and parts of a text read as keys."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from handover.load.shape import keys_at
from handover.load.yaml_tree import Loc, Tree
from handover.model.diagnostic import Diagnostic, error
from handover.model.located import Located

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
