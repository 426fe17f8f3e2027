"""Problems on a terminal, each with its source line and the includes that lead there."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from handover.cli.formats import summary
from handover.load.files import MAX_BYTES
from handover.model.diagnostic import Diagnostic
from handover.model.text import visible

WIDTH = 110
"""Characters of a source line to show; of a longer one, the part around the problem."""


def print_line(text: str, err: bool = False) -> None:
    """Print one line, to stderr if `err`; line breaks in the text are escaped."""
    click.echo(visible(text), err=err)


def print_lines(text: str, err: bool = False) -> None:
    """Print each line of a text in the same way."""
    for line in text.splitlines():
        print_line(line, err)


def is_terminal() -> bool:
    """True if the output goes to a terminal."""
    return sys.stdout.isatty()


def wants_colour() -> bool:
    """True on a terminal, unless NO_COLOR (no-color.org) is set."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def for_terminal(diagnostics: Sequence[Diagnostic], root: Path, colour: bool) -> str:
    """The problems with their source lines, then a summary."""
    lines_of: dict[str, list[str]] = {}
    shown = [_finding(found, root, colour, lines_of) for found in diagnostics]
    return "\n".join([*shown, _style(summary(diagnostics), colour, bold=True)]) + "\n"


def _finding(found: Diagnostic, root: Path, colour: bool, lines_of: dict[str, list[str]]) -> str:
    tint = "red" if found.severity == "error" else "yellow"
    place, kind = _style(visible(found.place), colour, bold=True), f"{found.severity} {found.code}"
    shown = [f"{place}: {_style(kind, colour, fg=tint)}: {visible(found.message)}"]
    lines = lines_of.setdefault(found.place.path, _lines(root, found.place.path))
    if found.place.line <= len(lines):
        shown += _source(lines[found.place.line - 1], found, colour, tint)
    if found.hint:
        shown.append(f"       {_style(visible(found.hint), colour, fg='cyan')}")
    shown += [f"       included by {visible(place)}" for place in reversed(found.place.via)]
    shown += [f"       also at {visible(place)}" for place in found.also]
    return "\n".join([*shown, ""])


def excerpt(found: Diagnostic, root: Path) -> str:
    """The source line of a problem with its span underlined; empty if there is none."""
    lines = _lines(root, found.place.path)
    if found.place.line > len(lines):
        return ""
    return "\n".join(_source(lines[found.place.line - 1], found, False, ""))


def _lines(root: Path, path: str) -> list[str]:
    """The lines of a regular file below the root that is not too large; no lines of any other."""
    try:
        file = (root / path).resolve(strict=True)
        if not file.is_relative_to(root.resolve()) or not file.is_file() or file.stat().st_size > MAX_BYTES:
            return []
        return re.split("\r\n|\r|\n", file.read_text(encoding="utf-8-sig", errors="replace"))
    except (OSError, RuntimeError, ValueError):
        return []


def _source(line: str, found: Diagnostic, colour: bool, tint: str) -> list[str]:
    column = found.place.column - 1
    start = max(0, min(column - WIDTH // 2, len(line) - WIDTH))
    part = line[start : start + WIDTH]
    # Control characters could change the terminal; a tab keeps its width of one above the mark.
    clean = "".join(character if character.isprintable() else " " for character in part)
    length = max(1, min(found.length, len(part) - (column - start)))
    return [
        f"{found.place.line:5} | {clean}",
        f"      | {' ' * (column - start)}{_style('^' * length, colour, fg=tint)}",
    ]


def _style(text: str, colour: bool, fg: str | None = None, bold: bool | None = None) -> str:
    return click.style(text, fg=fg, bold=bold) if colour else text
