"""The output folder: made beside the old one, and put in its place in one step."""

import ctypes
import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from handover.write.left import Left

if TYPE_CHECKING:  # whether there is anything to build is asked before the model is needed
    from handover.model.artifact import Artifact

MARKER = "catalog.json"
"""The file by which a folder is known to be an output of ours."""

MARKER_START = b'{"playbooks": ['
"""How it starts."""


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
    lexical = Path(os.path.abspath(out))
    if lexical.is_relative_to(Path(os.path.abspath(root))) and not resolved.is_relative_to(top):
        raise OutputRefused(f"{out} leads out of the repository through a symbolic link. Name where it leads to.")
    if out.exists() and not out.is_dir():
        raise OutputRefused(f"{out} is a file. Remove it, or choose another folder.")
    if out.is_dir() and any(out.iterdir()) and not _is_ours(out / MARKER):
        raise OutputRefused(f"{out} holds files that were not built here. Empty it, or choose another folder.")


def _is_ours(marker: Path) -> bool:
    """True for a listing that a build wrote: any program can have a file of that name."""
    try:
        with marker.open("rb") as file:
            return file.read(len(MARKER_START)) == MARKER_START
    except OSError:
        return False


A_PIECE = 1 << 20


class Stage:
    """A folder beside the output that becomes the output; `site` is where MkDocs writes, whose files join last."""

    def __init__(self, folder: Path, left: Left) -> None:
        self.folder = folder / "out"
        self.site = folder / "site"
        self.folder.mkdir()
        self._made: set[str] = set()
        self._left = left
        self._reader = self.read  # one for all: each time that it is named Python makes another one

    def write(self, path: str, content: bytes) -> None:
        """Write a file by its path relative to the output."""
        place = self._place(path)
        try:
            file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            os.unlink(place)  # it may be one with a file of the old output, which stays as it is
            file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            while content:
                content = content[os.write(file, content) :]
        finally:
            os.close(file)

    def read(self, path: str) -> bytes:
        """Read one."""
        file = os.open(f"{self.folder}/{path}", os.O_RDONLY)  # for thousands, in half the time of `open`
        try:
            content = os.read(file, os.fstat(file).st_size + 1)
            while more := os.read(file, A_PIECE):
                content += more
            return content
        finally:
            os.close(file)

    def put(self, artifact: "Artifact") -> "Artifact":
        """Write an artifact; what comes back has its content on disk."""
        from handover.model.artifact import PutAway, ToWrite

        if not isinstance(artifact.held, ToWrite):
            self.write(artifact.path, artifact.content)
            return artifact.put_away(self._reader)
        place = self._place(artifact.path)
        with suppress(FileNotFoundError):
            os.unlink(place)
        with open(place, "x+b") as file:
            artifact.held.write(file)
            file.seek(0)
            made = hashlib.file_digest(file, "sha256").digest()
            return artifact.holding(PutAway(file.tell(), made, self._reader))

    def write_lines(self, path: str, lines: Iterable[bytes]) -> None:
        """Write a file that is too large to be held."""
        with open(self._place(path), "xb") as file:
            file.writelines(lines)

    def again(self, artifacts: Sequence["Artifact"]) -> bool:
        """Have the files that an earlier build left; False if one of them is not as it was then."""
        return all(self._left.give(artifact, self._place(artifact.path)) for artifact in artifacts)

    def fetch(self, artifact: "Artifact") -> None:
        """Its content is read from here."""
        artifact.found_by(self._reader)

    def _place(self, path: str) -> str:
        """Where a file goes, in a folder that is there."""
        holder, _, _ = path.rpartition("/")
        if holder not in self._made:
            (self.folder / holder).mkdir(parents=True, exist_ok=True)
            self._made.add(holder)
        return f"{self.folder}/{path}"

    def join_site(self) -> None:
        """Put what MkDocs made beside the rest."""
        for entry in sorted(self.site.iterdir()):
            entry.rename(self.folder / entry.name)


@contextmanager
def staged(out: Path, left: Left, waiting: Callable[[], None] = lambda: None) -> Iterator[Stage]:
    """A new folder, which takes the place of `out` when the block ends well; else `out` stays as it was.

    What is `left` there of an earlier build can be had again. One build at a time: a second one calls `waiting` and
    waits. What a killed build left beside `out` is mended or removed.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with locked(out.parent / f".{out.name}.lock", waiting):
        _tidy(out)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.new-", dir=out.parent))
        try:
            stage = Stage(folder, left)
            yield stage
            _take_place(stage.folder, out)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def locked(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock file `path`, which is gone afterwards; calls `waiting` before it waits for somebody else.

    Processes that are forked or started inside hold it too: what they do is over when the next one gets it.
    """
    while True:
        with open(path, "w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(lock, fcntl.LOCK_EX)
            if not _is_at(lock.fileno(), path):
                continue  # who held it before took the file away: this lock is nobody's
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
    """True if no build is at work beside `out`, and none that was killed has left something there."""
    lock, stages = f".{out.name}.lock", f".{out.name}.new-*"
    return not (out.parent / lock).exists() and next(out.parent.glob(stages), None) is None


def _tidy(out: Path) -> None:
    """Remove what a killed build left; one that was killed while it moved the old output away gives it back."""
    for stray in sorted(out.parent.glob(f".{out.name}.new-*")):
        old = stray / "old"
        if old.is_dir() and not out.exists():
            old.rename(out)
        shutil.rmtree(stray, ignore_errors=True)


def _take_place(stage: Path, out: Path) -> None:
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


def write_all(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files below `folder` by their relative paths."""
    made: set[Path] = set()
    for path, content in files:
        target = folder / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(content)


def as_files(artifacts: Iterable["Artifact"]) -> Iterator[tuple[str, bytes]]:
    """Artifacts as pairs of path and content."""
    for artifact in artifacts:
        yield artifact.path, artifact.content
