"""Names that other systems cannot have: Windows cannot check out a repository with one."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from handover.load.files import MAX_FILES
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.reserved import DEVICES

_FOLDERS = ("data", "content", "templates")
_REFUSED = re.compile(r'[<>:"|?*\\]|[. ]$')
"""Microsoft, "Naming Files, Paths, and Namespaces"."""


def unportable_names(root: Path) -> Iterator[Diagnostic]:
    """Each file or folder of the repository that Windows or macOS cannot have beside the others."""
    left = MAX_FILES
    for top in _FOLDERS:
        for folder, folders, files in os.walk(root / top):
            below = os.path.relpath(folder, root).replace(os.sep, "/")
            there = sorted([*folders, *files])
            left -= len(there)
            if left < 0:  # more is an error of its own
                return
            yield from (error(Place(f"{below}/{name}"), "unportable-name", *why) for name, why in _faults(there))


def _faults(names: list[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Names of one folder, each with the problem and the fix."""
    by_fold: dict[str, str] = {}
    for name in names:
        other = by_fold.setdefault(name.casefold(), name)
        if other != name:
            yield name, (f"Windows and macOS take this for '{other}', too.", "Rename one of them.")
        elif name.partition(".")[0].rstrip().casefold() in DEVICES:
            yield name, ("Windows keeps this name for a device.", "Rename it.")
        elif _REFUSED.search(name):
            yield name, ("Windows cannot have this name.", "Use letters, digits, '-', '_' and dots between them.")
