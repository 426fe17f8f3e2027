"""Problems in the sources: the place, the message and the fix."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from handover.model.text import strange, visible

MAX_WORDS = 400
"""Characters of a message or a hint: more would bury the other problems."""
Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A position in a source file. `path` is relative to the root, with `/`; `line` and `column` count from 1.

    `via` has the places of the include lines that led here, the outermost first; it does not tell places apart.
    """

    path: str
    line: int = 1
    column: int = 1
    via: "tuple[Place, ...]" = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    @property
    def paths(self) -> frozenset[str]:
        """Its file, and those with the includes that led here."""
        return frozenset(place.path for place in (self, *self.via))

    def after(self, characters: int) -> "Place":
        """The place so many characters further on the same line."""
        return Place(self.path, self.line, self.column + characters, self.via)


class Span(Protocol):
    """Text that knows its place, such as `Located`."""

    @property
    def place(self) -> Place:
        """Where the text starts."""

    def __len__(self) -> int: ...


@dataclass(frozen=True, order=True, slots=True)
class Diagnostic:
    """One problem. `code` is a stable kebab-case name; `hint` is the fix.

    `length` is the number of characters to underline. For an unknown id, `name` is that id. `also` has the other places
    with the same mistake.
    """

    place: Place
    code: str
    severity: Severity
    message: str
    hint: str | None = None
    length: int = 1
    name: str | None = None
    also: tuple[Place, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", _short(self.message))
        object.__setattr__(self, "hint", self.hint and _short(self.hint))

    def __str__(self) -> str:
        """The problem on one line, safe to print."""
        hint = f" {self.hint}" if self.hint else ""
        others = [f"{at.line}:{at.column}" if at.path == self.place.path else str(at) for at in self.also]
        also = f" Also at {', '.join(others)}." if others else ""
        return visible(f"{self.place}: {self.severity} {self.code}: {self.message}{hint}{also}")


def _short(words: str) -> str:
    """Words that quote a long text of the source, with its middle left out."""
    return words if len(words) <= MAX_WORDS else f"{words[: MAX_WORDS // 2]} … {words[-MAX_WORDS // 4 :]}"


def error(at: Place | Span, code: str, message: str, hint: str | None = None, length: int | None = None) -> Diagnostic:
    """A problem that blocks publishing. The length is that of a `Span`, and 1 at a `Place`, unless given."""
    place, default = (at, 1) if isinstance(at, Place) else (at.place, len(at))
    return Diagnostic(place, code, "error", message, hint, default if length is None else length)


def warning(
    at: Place | Span, code: str, message: str, hint: str | None = None, length: int | None = None
) -> Diagnostic:
    """A problem that does not block publishing. The length is as in `error`."""
    return replace(error(at, code, message, hint, length), severity="warning")


def unknown(name: str, place: Place, kind: str, message: str, hint: str | None) -> Diagnostic:
    """The error for an id that no thing of this `kind` has; a character that no id has is named."""
    message = f"{message.removesuffix('.')}{strange(name)}."
    return Diagnostic(place, f"unknown-{kind}", "error", message, hint, len(name), name=str(name))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """True if one of them blocks publishing."""
    return any(each.severity == "error" for each in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sorted by place, without duplicates (same place, code and message)."""
    unique: dict[tuple[Place, str, str], Diagnostic] = {}
    for each in diagnostics:
        unique.setdefault((each.place, each.code, each.message), each)
    return [unique[key] for key in sorted(unique)]
