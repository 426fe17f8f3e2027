"""Templates and assets: those of the root, and the built-in ones for what the root does not have."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from handover.load.files import has_folder, read
from handover.load.strays import is_printable
from handover.model.diagnostic import Diagnostic

_ENDINGS = (".j2", ".css", ".js", ".md", ".yml")


def load_templates(root: Path, built_in: Path, found: list[Diagnostic]) -> dict[str, str]:
    """The text of each template by its path below `templates/`, for example `email/letter.mjml.j2`."""
    own = _own(root, found) if has_folder(root, "templates", found) else {}
    others = {name: _built_in_text(built_in / name) for name in _built_in_names(built_in) if name not in own}
    return dict(sorted({**others, **own}.items()))


def _own(root: Path, found: list[Diagnostic]) -> dict[str, str]:
    texts = {}
    for name in _names(root / "templates"):
        path = f"templates/{name}"
        if is_printable(path, found) and name.endswith(_ENDINGS):
            text = read(root, path, found)
            if text is not None:
                texts[name] = text.text
    return texts


def _names(folder: Path) -> Iterator[str]:
    for holder, _, files in os.walk(folder):
        below = Path(holder).relative_to(folder)
        yield from ((below / file).as_posix() for file in files)


@cache
def _built_in_names(folder: Path) -> tuple[str, ...]:
    """The engine's own do not change while it runs, and are sound."""
    return tuple(name for name in _names(folder) if name.endswith(_ENDINGS))


@cache
def _built_in_text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
