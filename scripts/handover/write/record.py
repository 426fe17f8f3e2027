"""What a build left in a folder, and what of: kept for each user, where no merge request can write."""

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Record:
    """A build that ended well."""

    key: str
    """Stands for everything that it depends on."""
    files: dict[str, str]
    """The digest of each file, by its path below the folder."""
    made: int
    """How many files for use it made."""
    warnings: int
    """How many warnings it had."""


def read_record(out: Path, cache: Path) -> Record | None:
    """The record of the build into `out`; None where there is none, or none that is whole."""
    try:
        return Record(**json.loads(_path(out, cache).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def write_record(out: Path, cache: Path, record: Record) -> None:
    """Keep a record. Where that is not possible the next build just does everything again."""
    path = _path(out, cache)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps(asdict(record)), encoding="utf-8")
        new.replace(path)


def _path(out: Path, cache: Path) -> Path:
    return cache / "builds" / f"{hashlib.sha256(os.fsencode(out.resolve())).hexdigest()[:32]}.json"


MAX_BYTES = 1_000_000_000
"""A larger file is known by its size and time: none that a build reads or writes comes near."""


def digest(path: Path) -> str:
    """The digest of a file's content; of what is no file, or cannot be read, what it is instead."""
    try:
        seen = path.stat()
        if not stat.S_ISREG(seen.st_mode) or seen.st_size > MAX_BYTES:
            return f"{seen.st_mode} {seen.st_size} {seen.st_mtime_ns}"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as trouble:
        return type(trouble).__name__


def files_below(folder: Path) -> Iterator[str]:
    """The path of everything below a folder that is no folder, relative to it."""
    for holder, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        links = [name for name in folders if os.path.islink(os.path.join(holder, name))]
        for name in (*files, *links):
            yield os.path.relpath(os.path.join(holder, name), folder)


def digest_of_all(paths: Iterable[Path]) -> str:
    """One digest of files and folders: their names and every byte in them."""
    made = hashlib.sha256()
    for path in paths:
        for name in sorted(files_below(path)) if path.is_dir() else [""]:
            made.update(f"{path.name}/{name}\0{digest(path / name if name else path)}\n".encode())
    return made.hexdigest()
