"""An archive on disk."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from handover.paths import PathRefused, SafePath


def write_archive(target: SafePath, write: Callable[[BinaryIO], None], comment: bytes) -> None:
    """Have `write` write an archive in one step: a reader sees the old file or the new one, never a part.

    Raises PathRefused if that would overwrite anything but an archive with this `comment`.
    """
    exists, path = target.exists(), target.path
    if path.is_dir():
        raise PathRefused(f"{target} is a folder. Name a file in it, like {target / 'export.zip'}.")
    if not path.parent.is_dir():
        raise PathRefused(f"there is no folder {path.parent}. Create it first.")
    if exists and not _is_ours(path, comment):
        raise PathRefused(f"{target} is a file that was not written here. Choose another name, or remove it.")
    with target.replaced() as file:
        write(file)


def _is_ours(path: Path, comment: bytes) -> bool:
    try:
        with zipfile.ZipFile(path) as existing:
            return existing.comment == comment
    except zipfile.BadZipFile:
        return False
