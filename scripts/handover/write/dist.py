"""The output folder: made beside the old one, and put in its place in one step."""

import ctypes
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from handover.model.artifact import Artifact

MARKER = "catalog.json"
"""The file by which a folder is known to be an output of ours."""


class OutputRefused(Exception):
    """The folder cannot be the output; the text says why and what to do."""


def check_output(out: Path, root: Path) -> None:
    """Raises OutputRefused if building into `out` could destroy something that is no output."""
    if out.is_symlink():
        raise OutputRefused(f"{out} is a symbolic link. Name the folder that it leads to.")
    resolved, top = out.resolve(), root.resolve()
    if resolved == top or top.is_relative_to(resolved):
        raise OutputRefused(f"{out} holds the repository itself. Choose a folder of its own, like dist.")
    if resolved.is_relative_to(top) and resolved.relative_to(top).parts[0] in (
        "data",
        "content",
        "templates",
        ".git",
        "build",
    ):
        raise OutputRefused(f"{out} is a folder of sources. Choose a folder of its own, like dist.")
    if out.exists() and not out.is_dir():
        raise OutputRefused(f"{out} is a file. Remove it, or choose another folder.")
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise OutputRefused(f"{out} holds files that were not built here. Empty it, or choose another folder.")


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """A new folder beside `out`, which takes its place when the block ends well; else `out` stays as it was.

    One build at a time: a second one waits. What a killed build left beside `out` is removed.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with open(out.parent / f".{out.name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for stray in out.parent.glob(f".{out.name}.new-*"):
            shutil.rmtree(stray, ignore_errors=True)
        stage = Path(tempfile.mkdtemp(prefix=f".{out.name}.new-", dir=out.parent))
        try:
            stage.chmod(0o755)
            yield stage
            _take_place(stage, out)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
            Path(lock.name).unlink(missing_ok=True)


def _take_place(stage: Path, out: Path) -> None:
    if not out.exists():
        os.rename(stage, out)
    elif not _exchange(stage, out):
        old = stage.with_name(stage.name + "-old")
        os.rename(out, old)
        os.rename(stage, out)
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step of the file system; False where it cannot.

    `renameat2` of Linux and `renamex_np` of macOS, both documented in their manual pages.
    """
    library = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    at_current_folder, swap = -100, 2
    try:
        if sys.platform == "darwin":
            return bool(library.renamex_np(first, second, swap) == 0)
        return bool(library.renameat2(at_current_folder, first, at_current_folder, second, swap) == 0)
    except AttributeError:
        return False


def write_all(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files below `folder` by their relative paths."""
    made: set[Path] = set()
    for path, content in files:
        target = folder / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(content)


def as_files(artifacts: Iterable[Artifact]) -> Iterator[tuple[str, bytes]]:
    """Artifacts as pairs of path and content."""
    for artifact in artifacts:
        yield artifact.path, artifact.content
