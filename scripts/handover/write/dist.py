"""The output folder: built beside the old one, which it replaces in one step."""

import ctypes
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MARKER = "catalog.json"
"""The file by which a folder is recognized as an output."""

MARKER_START = b'{"playbooks": ['
"""Its first bytes."""


class OutputRefused(Exception):
    """The folder cannot be the output; the text says why and what to do."""


def check_output(out: Path, root: Path) -> None:
    """Raises OutputRefused if building into `out` could destroy anything but an earlier output."""
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
    lexical = Path(os.path.abspath(out))
    if lexical.is_relative_to(Path(os.path.abspath(root))) and not resolved.is_relative_to(top):
        raise OutputRefused(f"{out} leads out of the repository through a symbolic link. Name where it leads to.")
    if out.exists() and not out.is_dir():
        raise OutputRefused(f"{out} is a file. Remove it, or choose another folder.")
    if out.is_dir() and any(out.iterdir()) and not _is_ours(out / MARKER):
        raise OutputRefused(f"{out} holds files that were not built here. Empty it, or choose another folder.")


def _is_ours(marker: Path) -> bool:
    """True for a listing that a build wrote: other programs may have a file of that name."""
    try:
        with marker.open("rb") as file:
            return file.read(len(MARKER_START)) == MARKER_START
    except OSError:
        return False


@contextmanager
def staged(out: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[Path]:
    """A new folder, which takes the place of `out` when the block ends well; else `out` stays as it was.

    One build at a time: a second one calls `waiting` and waits. What a killed build left beside `out` is repaired or
    removed.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with locked(out.parent / f".{out.name}.lock", waiting):
        _tidy(out)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.new-", dir=out.parent))
        try:
            stage = folder / "out"
            stage.mkdir()
            yield stage
            _replace(stage, out)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def locked(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock file `path`, which is removed afterwards; calls `waiting` before it waits for another process.

    Processes that are forked or started inside hold it too: they have ended when the next one gets it.
    """
    while True:
        with open(path, "w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(lock, fcntl.LOCK_EX)
            if not _is_at(lock.fileno(), path):
                continue  # its holder has removed the file: this lock protects nothing
            os.set_inheritable(lock.fileno(), True)
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def is_tidy(out: Path) -> bool:
    """True if no build is running beside `out`, and a killed one has left nothing there."""
    lock, stages = f".{out.name}.lock", f".{out.name}.new-*"
    return not (out.parent / lock).exists() and next(out.parent.glob(stages), None) is None


def _tidy(out: Path) -> None:
    """Remove what a killed build left. If it was killed between two renames, put the old output back."""
    for stray in sorted(out.parent.glob(f".{out.name}.new-*")):
        old = stray / "old"
        if old.is_dir() and not out.exists():
            old.rename(out)
        shutil.rmtree(stray, ignore_errors=True)


def _replace(stage: Path, out: Path) -> None:
    if _exchange(stage, out):
        return
    old = stage.with_name("old")
    with suppress(FileNotFoundError):
        out.rename(old)
    stage.rename(out)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step of the file system; False where it cannot, or where one is missing.

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
