"""A finding about something that an author wrote: where it is, what is wrong, what mends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A spot in a source file. `path` is relative to the root, with `/`; `line` and `column` count from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True, slots=True)
class Diagnostic:
    """One finding. `code` is a kebab-case name that stays the same for ever; `hint` says how to mend it.

    `length` is the number of characters that the finding covers on its line. `via` are the places of the
    include lines that led here, the outermost first. `name` is the id that nobody knows, where that is the finding,
    and `also` are the other places that have the same mistake in them.
    """

    place: Place
    code: str
    severity: Severity
    message: str
    hint: str | None = None
    length: int = 1
    via: tuple[Place, ...] = ()
    name: str | None = None
    also: tuple[Place, ...] = ()

    def __str__(self) -> str:
        hint = f" {self.hint}" if self.hint else ""
        others = [f"{at.line}:{at.column}" if at.path == self.place.path else str(at) for at in self.also]
        also = f" Also at {', '.join(others)}." if others else ""
        return f"{self.place}: {self.severity} {self.code}: {self.message}{hint}{also}"


def error(place: Place, code: str, message: str, hint: str | None = None, length: int = 1) -> Diagnostic:
    """A finding that keeps the build from publishing."""
    return Diagnostic(place, code, "error", message, hint, length)


def unknown(name: str, place: Place, kind: str, message: str, hint: str | None) -> Diagnostic:
    """The finding for an id that should be that of a thing of this `kind`, and is not."""
    return Diagnostic(place, f"unknown-{kind}", "error", message, hint, len(name), name=str(name))


def warning(place: Place, code: str, message: str, hint: str | None = None, length: int = 1) -> Diagnostic:
    """A finding that is said and does not stop the build."""
    return Diagnostic(place, code, "warning", message, hint, length)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """True if one of them keeps the build from publishing."""
    return any(found.severity == "error" for found in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sorted by place; what was found twice on different ways is said once."""
    once: dict[tuple[Place, str, str], Diagnostic] = {}
    for found in diagnostics:
        once.setdefault((found.place, found.code, found.message), found)
    return [once[key] for key in sorted(once)]
