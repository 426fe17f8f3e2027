"""Which of the mistakes that pydantic found are reported, and which only follow from others."""

from collections.abc import Iterable
from typing import Any

from pydantic_core import ErrorDetails

from handover.load.yaml_tree import Loc
from handover.model.spelling import nearest


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
        unknown = self.beside(detail, "extra_forbidden")
        for step in detail["loc"][:-1]:
            value = value[step]
        return len(unknown) == 1 and isinstance(value, dict) and len(value) == 1

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
