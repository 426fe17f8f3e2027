"""An archive on disk."""

import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


class ArchiveRefused(Exception):
    """The file cannot be written; the text says why and what to do."""


def write_archive(path: Path, write: Callable[[BinaryIO], None], comment: bytes) -> None:
    """Have `write` write an archive to `path` in one step: a reader sees the old file or the new one, never a part.

    Raises ArchiveRefused if that would overwrite anything but an archive with this `comment`.
    """
    target = path.resolve()
    if target.is_dir():
        raise ArchiveRefused(f"{path} is a folder. Name a file in it, like {path / 'export.zip'}.")
    if not target.parent.is_dir():
        raise ArchiveRefused(f"there is no folder {path.parent}. Create it first.")
    if target.exists() and not _is_ours(target, comment):
        raise ArchiveRefused(f"{path} is a file that was not written here. Choose another name, or remove it.")
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


def _is_ours(path: Path, comment: bytes) -> bool:
    try:
        with zipfile.ZipFile(path) as existing:
            return existing.comment == comment
    except zipfile.BadZipFile:
        return False
