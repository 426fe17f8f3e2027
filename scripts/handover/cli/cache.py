"""What `serve` keeps in memory between two runs: results that depend on nothing that has changed.

Files that have not changed are loaded as the very same objects, so a result still holds if it was derived from
objects that are identical.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from pydantic import BaseModel

from handover.model.catalog import Catalog
from handover.model.marks import Marks
from handover.parallel import parallel_map

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class Results:
    """Results by name, each with the objects that it was derived from."""

    known: dict[str, tuple[tuple[object, ...], Any]] = field(default_factory=dict)

    def map(
        self, function: Callable[[T], R], items: Sequence[T], key: Callable[[T], tuple[str, *tuple[object, ...]]]
    ) -> list[R]:
        """`function` of each item, in parallel if many are new.

        `key` returns the name of an item and the objects that its result depends on.
        """
        keys = [key(item) for item in items]
        new = [number for number, (name, *objects) in enumerate(keys) if not self._holds(name, objects)]
        results = parallel_map(function, [items[number] for number in new])
        fresh = {keys[number][0]: (keys[number][1:], result) for number, result in zip(new, results, strict=True)}
        self.known = {name: fresh.get(name) or self.known[name] for name, *_ in keys}
        return [self.known[name][1] for name, *_ in keys]

    def _holds(self, name: str, objects: Sequence[object]) -> bool:
        before = self.known.get(name, ((), None))[0]
        return bool(objects) and [*map(id, before)] == [*map(id, objects)]


def _identity(catalog: Catalog | None) -> list[object]:
    """The very objects that a catalog holds: equal ones can have been written at other places."""
    values = [getattr(catalog, each.name) for each in fields(Catalog)] if catalog else []
    return [
        [(name, part if isinstance(part, str) else id(part)) for name, part in value.items()]
        if isinstance(value, Mapping)
        else id(value)
        if isinstance(value, BaseModel)
        else value
        for value in values
    ]


@dataclass(slots=True)
class Cache:
    """Results of earlier runs in this process. A command that runs once starts with an empty one."""

    files: dict[str, Any] = field(default_factory=dict)
    """What was loaded, by file; `load` fills it."""
    entries: Results = field(default_factory=Results)
    """The result of each message and snippet."""
    messages: Results = field(default_factory=Results)
    """The page of each message."""
    bodies: Results = field(default_factory=Results)
    """The text of each message in each variant for the page of its playbook."""
    playbooks: Results = field(default_factory=Results)
    """The page of each playbook."""
    portable_pages: Results = field(default_factory=Results)
    """The portable page of each playbook."""
    reference: Results = field(default_factory=Results)
    """The pages of the reference."""
    _shared: Catalog | None = None
    _tools: tuple[Marks, Any] | None = None
    _surroundings: Catalog | None = None

    def layout_tools(self, catalog: Catalog, new: tuple[Marks, Any]) -> tuple[Marks, Any]:
        """The marks and templates of the last run, or the `new` ones if what all entries share has changed."""
        shared = catalog.alone()
        if (
            self._tools is None
            or _identity(shared) != _identity(self._shared)
            or self._tools[0].prefix != new[0].prefix
        ):
            self._shared, self._tools = shared, new
            self.entries.known.clear()
        return self._tools

    def check_surroundings(self, catalog: Catalog) -> None:
        """Forget the pages if something besides the messages has changed."""
        surroundings = replace(catalog, messages={})
        if _identity(surroundings) != _identity(self._surroundings):
            self._surroundings = surroundings
            for pages in (self.messages, self.bodies, self.playbooks, self.portable_pages, self.reference):
                pages.known.clear()
