"""What was done for a folder, and from what: kept for each user, where no merge request can write."""

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO


def read_kept(kind: str, folder: Path, cache: Path) -> bytes:
    """What was kept of this `kind` for a folder; nothing where there is nothing."""
    try:
        return _path(kind, folder, cache).read_bytes()
    except OSError:
        return b""


def keep(kind: str, folder: Path, cache: Path, write: Callable[[BinaryIO], object]) -> None:
    """Keep what `write` writes. Where that is not possible the next command just does everything again."""
    path = _path(kind, folder, cache)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        with new.open("wb") as file:
            write(file)
        new.replace(path)
        _forget(path.parent)


DAYS = 90
"""What has not been kept anew for so long is that of a folder in which nobody works any more."""


def _forget(kept: Path) -> None:
    since = time.time() - DAYS * 24 * 60 * 60
    for each in kept.iterdir():
        if each.stat().st_mtime < since:
            each.unlink(missing_ok=True)  # another command may have been faster


def _path(kind: str, folder: Path, cache: Path) -> Path:
    return cache / kind / hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:32]


MAX_BYTES = 1_000_000_000
"""A larger file is known by its size and time: none that a build reads or writes comes near."""


LARGE = 1_000_000
"""A larger file is read in pieces."""


def digest(path: Path | str) -> str:
    """The digest of a file's content; of what is no file, or cannot be read, what it is instead."""
    try:
        seen = os.stat(path)
        if stat.S_ISDIR(seen.st_mode):
            return f"a folder behind a link, never the same: {time.time_ns()}"
        if not stat.S_ISREG(seen.st_mode) or seen.st_size > MAX_BYTES:
            return f"{seen.st_mode} {seen.st_size} {seen.st_mtime_ns}"
        with open(path, "rb", buffering=0) as file:
            if seen.st_size < LARGE:
                return hashlib.sha256(file.read()).hexdigest()
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as trouble:
        return type(trouble).__name__


def files_below(folder: Path) -> Iterator[str]:
    """The path of everything below a folder that is no folder, relative to it."""
    start = len(os.path.join(folder, ""))
    for holder, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        links = [name for name in folders if os.path.islink(os.path.join(holder, name))]
        for name in (*files, *links):
            yield f"{holder}/{name}"[start:]


def digest_of_all(paths: Iterable[Path]) -> str:
    """One digest of files and folders: their names and every byte in them."""
    made = hashlib.sha256()
    for path in paths:
        for name in sorted(files_below(path)) if path.is_dir() else [""]:
            made.update(f"{path.name}/{name}\0{digest(os.path.join(path, name) if name else path)}\n".encode())
    return made.hexdigest()
