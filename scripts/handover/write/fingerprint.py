"""Whether a build would produce what is already there: compared by digest.

A build depends on its sources, its options and the engine; its output is known by size and times of every file. The
record of the last build is in the user's cache, out of reach of a merge request.
"""

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from handover.write.dist import Output

SOURCES = ("data", "content", "templates", "docs/screenshots", "mkdocs.yml", "requirements.lock")


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """The last build into a folder: digests of what it was built from and of what it wrote, and what it reported."""

    sources: str
    output: str
    files: int
    warnings: int


def source_digest(root: Path, engine: Iterable[Path], options: Mapping[str, object]) -> str:
    """The digest of everything that a build of `root` with these options depends on; `engine` are its own files."""
    packages = sorted(name for name in os.listdir(sysconfig.get_path("purelib")) if name.endswith(".dist-info"))
    paths = [*(root / name for name in SOURCES), *engine]
    files = [(name, _content_digest(file)) for path in paths for name, file in _files(path)]
    return _digest([sys.version, packages, options, files])


def output_digest(folder: Path) -> str:
    """The digest of the names, sizes and times of all files below `folder`; an empty text if there is no such folder.

    The time of the last status change, which no program can set, tells a file that was edited and set back.
    """
    if not folder.is_dir():
        return ""
    seen = [(name, os.lstat(file)) for name, file in _files(folder)]
    return _digest([(name, stat.st_mode, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) for name, stat in seen])


def read_record(output: Output) -> BuildRecord | None:
    """The record of the last build; None if there is none that can be read."""
    try:
        return BuildRecord(**output.recorded("build"))
    except TypeError:
        return None


def write_record(output: Output, record: BuildRecord) -> None:
    """Keep the record. If that is impossible, the next build builds everything again."""
    output.record("build", asdict(record))


def _files(path: Path) -> Iterator[tuple[str, str]]:
    """The name and the full path of each file at or below `path`; a link to a folder counts as a file."""
    if not path.is_dir():
        yield path.name, str(path)
    for folder, folders, files in os.walk(path):
        links = [name for name in folders if os.path.islink(f"{folder}/{name}")]
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        below = os.path.relpath(folder, path.parent)
        for name in sorted([*files, *links]):
            yield f"{below}/{name}", f"{folder}/{name}"


def _content_digest(file: str) -> str:
    if os.path.isdir(file):  # behind a link: its files are not looked at, so it never counts as unchanged
        return os.urandom(16).hex()
    try:
        with open(file, "rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as failure:  # missing or unreadable
        return type(failure).__name__


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
