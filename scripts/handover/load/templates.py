"""Templates and assets: those of the root, and the built-in ones for what the root does not have."""

import os
from collections.abc import Container
from pathlib import Path

from handover.load.files import has_folder, read
from handover.load.strays import is_printable
from handover.model.diagnostic import Diagnostic

_ENDINGS = (".j2", ".css", ".js", ".md", ".yml")


def load_templates(root: Path, built_in: Path, found: list[Diagnostic]) -> dict[str, str]:
    """The text of each template by its path below `templates/`, for example `email/letter.mjml.j2`."""
    own = _below(root / "templates", root, found) if has_folder(root, "templates", found) else {}
    return dict(sorted({**_below(built_in, built_in, found, except_for=own), **own}.items()))


def _below(folder: Path, root: Path, found: list[Diagnostic], except_for: Container[str] = ()) -> dict[str, str]:
    texts = {}
    for holder, _, files in os.walk(folder):
        below_folder, below_root = (Path(holder).relative_to(top) for top in (folder, root))
        for file in files:
            name = (below_folder / file).as_posix()
            path = (below_root / file).as_posix()
            if is_printable(path, found) and file.endswith(_ENDINGS) and name not in except_for:
                text = read(root, path, found)
                if text is not None:
                    texts[name] = text.text
    return texts
