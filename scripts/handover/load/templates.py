"""Templates, assets and the data of Can I email: those of the root, and those that the engine brings."""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from handover.load.files import has_folder, read
from handover.load.strays import is_printable
from handover.model.diagnostic import Diagnostic
from handover.model.mail_client import MailClients

_ENDINGS = (".j2", ".css", ".js", ".md", ".yml")


def load_templates(root: Path, built_in: Path, found: list[Diagnostic]) -> dict[str, str]:
    """The text of each template by its path below `templates/`, for example `email/letter.mjml.j2`."""
    own = {}
    for name in _names(root / "templates") if has_folder(root, "templates", found) else ():
        path = f"templates/{name}"
        file = read(root, path, found) if is_printable(path, found) and name.endswith(_ENDINGS) else None
        if file is not None:
            own[name] = file.text
    return dict(sorted({**_built_in(built_in), **own}.items()))


def _names(folder: Path) -> Iterator[str]:
    for holder, _, files in os.walk(folder):
        below = Path(holder).relative_to(folder)
        yield from ((below / file).as_posix() for file in files)


@cache
def _built_in(folder: Path) -> dict[str, str]:
    """The engine's own do not change while it runs, and are sound."""
    return {name: (folder / name).read_text(encoding="utf-8") for name in _names(folder) if name.endswith(_ENDINGS)}


EXTRACT = Path(__file__).with_name("caniemail.json")
"""An extract of the data of Can I email (caniemail.com), which `make caniemail` renews.

It has of each feature the clients that do not support it at all in their newest tested version. A partial support is no
lack: the notes that explain it are for people to read.
"""


@cache
def mail_clients() -> MailClients:
    """The extract that the engine carries."""
    data = json.loads(EXTRACT.read_text(encoding="utf-8"))
    return MailClients(
        data["clients"], {name: frozenset(clients.split()) for name, clients in data["lacked_by"].items()}
    )
