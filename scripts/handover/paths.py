"""Every path that is written: names below a base folder, opened folder by folder without following a symbolic link.

Git carries symbolic links, so any name in a repository can lead out of it. What a system lacks is replaced here alone.
"""

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path, PurePath

if sys.platform == "win32":
    import msvcrt

    _FILE = os.O_BINARY

    def _enter(folder: int | None, name: str, stack: ExitStack) -> tuple[int | None, str]:
        """No descriptor, as folders have none here, and what comes before the names in the folder `name`."""
        return None, name + os.sep

    def _is_link(found: os.stat_result) -> bool:
        return stat.S_ISLNK(found.st_mode) or found.st_reparse_tag == stat.IO_REPARSE_TAG_MOUNT_POINT

    def _lock(descriptor: int, wait: bool) -> bool:
        while True:
            with suppress(OSError):  # raised after ten seconds of waiting
                msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
                return True
            if not wait:
                return False

else:
    import fcntl

    _FILE = os.O_NOFOLLOW

    def _enter(folder: int | None, name: str, stack: ExitStack) -> tuple[int | None, str]:
        """A descriptor of the folder `name` in `folder`, and what comes before the names in it: nothing."""
        descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
        stack.callback(os.close, descriptor)
        return descriptor, ""

    def _is_link(found: os.stat_result) -> bool:
        return stat.S_ISLNK(found.st_mode)

    def _lock(descriptor: int, wait: bool) -> bool:
        """True once the file is locked; False if another process has it and `wait` is False."""
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            return True
        return False


class PathRefused(Exception):
    """Nothing is written there; the text gives the place, the cause and the fix."""


@dataclass(frozen=True, slots=True)
class SafePath:
    """A path to write: the names in `parts` below the folder `base`, which may itself be reached through links."""

    base: Path
    parts: tuple[str, ...] = ()
    descriptor: int | None = None
    """The base, if it is held open."""

    @classmethod
    def below(cls, folder: Path) -> "SafePath":
        """A folder whose own path is trusted."""
        return cls(folder.resolve())

    @classmethod
    def given(cls, path: Path, root: Path) -> "SafePath":
        """A path from the command line. Its base is `root`, else the current folder if it is relative, else its own."""
        absolute = Path(os.path.abspath(path))
        for base in (root,) if path.is_absolute() else (root, Path()):
            for parent in reversed(absolute.parents):  # the outermost: a link may lead to the base again
                if parent.exists() and parent.samefile(base):
                    return cls(base.resolve(), absolute.relative_to(parent).parts)
        return cls(absolute.parent.resolve(), (absolute.name,))

    def __truediv__(self, name: str) -> "SafePath":
        path = PurePath(name)
        if path.anchor or ".." in path.parts:
            raise PathRefused(f"'{name}' leads out of {self}. Choose a path inside it.")
        return SafePath(self.base, (*self.parts, *path.parts), self.descriptor)

    def __str__(self) -> str:
        here = Path.cwd()
        return str(self.path.relative_to(here) if self.path.is_relative_to(here) else self.path)

    @property
    def path(self) -> Path:
        """The same for reading."""
        return self.base.joinpath(*self.parts)

    @property
    def name(self) -> str:
        """The last part."""
        return self.parts[-1]

    def sibling(self, name: str) -> "SafePath":
        """Another name in the same folder."""
        return SafePath(self.base, self.parts[:-1], self.descriptor) / name

    def exists(self) -> bool:
        """True if there is a file or folder. Raises PathRefused if any part is a symbolic link."""
        with suppress(FileNotFoundError, NotADirectoryError), self._opened() as (folder, name):
            return _look(folder, name) is not None
        return False

    @contextmanager
    def open(self) -> Iterator[BufferedRandom]:
        """An empty file to write and read, in the place of the old content; its folder is created."""
        with os.fdopen(self._descriptor(os.O_TRUNC), "w+b") as file:
            yield file

    @contextmanager
    def replaced(self) -> Iterator[BufferedRandom]:
        """The same, but the old file stays until the block has ended well."""
        new = self.sibling(f".{self.name}.{os.urandom(8).hex()}")
        try:
            with os.fdopen(new._descriptor(os.O_EXCL), "w+b") as file:
                yield file
            new.move(self)
        except BaseException:
            new.remove()
            raise

    def write(self, content: bytes) -> None:
        """Write a whole file."""
        with os.fdopen(self._descriptor(os.O_TRUNC), "wb") as file:
            file.write(content)

    @contextmanager
    def held(self) -> Iterator["SafePath"]:
        """The same folder, created if it is missing and held open: paths below it start there, not at the base."""
        with (self / "_")._opened(create=True) as (folder, _):
            yield self if folder is None else SafePath(self.path, descriptor=folder)

    def create_folder(self) -> None:
        """Create a folder. Raises FileExistsError if the name is taken."""
        with self._opened(create=True) as (folder, name):
            os.mkdir(name, dir_fd=folder)

    def link_to(self, target: str) -> None:
        """Create a symbolic link."""
        with self._opened(create=True) as (folder, name):
            os.symlink(target, name, dir_fd=folder)

    def move(self, to: "SafePath") -> None:
        """Rename to `to`, in the place of a file there."""
        with self._opened() as (folder, name), to._opened() as (other, new):
            os.replace(name, new, src_dir_fd=folder, dst_dir_fd=other)

    def remove(self) -> None:
        """Remove the file, the link, or the folder with everything in it."""
        with suppress(FileNotFoundError), self._opened(may_be_link=True) as (folder, name):
            found = _look(folder, name)
            if found and stat.S_ISDIR(found.st_mode):
                shutil.rmtree(name, dir_fd=folder)
            else:
                os.unlink(name, dir_fd=folder)

    def exchange(self, other: "SafePath") -> bool:
        """Swap two folders in one step of the file system; False where it cannot, or where one is missing.

        `renameat2` of Linux and `renameatx_np` of macOS, both documented in their manual pages.
        """
        import ctypes  # takes longer to load than most commands need for their work

        calls, swap = {"linux": "renameat2", "darwin": "renameatx_np"}, 2
        call = sys.platform in calls and getattr(ctypes.CDLL(None), calls[sys.platform], None)
        if not call:
            return False
        with self._opened() as (folder, name), other._opened() as (place, its_name):
            return bool(call(folder, os.fsencode(name), place, os.fsencode(its_name), swap) == 0)

    @contextmanager
    def locked(self, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold this lock file, which is removed afterwards; calls `waiting` before it waits for another process.

        Processes that are started inside hold it too: they have ended when the next one gets it. Its content stays.
        """
        while True:
            descriptor = self._descriptor()
            with os.fdopen(descriptor, "r+b"):
                if not _lock(descriptor, wait=False):
                    waiting()
                    _lock(descriptor, wait=True)
                with self._opened() as (folder, name):
                    found = _look(folder, name)
                if not found or not os.path.samestat(os.fstat(descriptor), found):
                    continue  # its holder has removed the file: this lock protects nothing
                os.set_inheritable(descriptor, True)
                try:
                    yield
                finally:
                    self.remove()
                return

    def _descriptor(self, flags: int = 0) -> int:
        with self._opened(create=True) as (folder, name):
            return os.open(name, os.O_RDWR | os.O_CREAT | flags | _FILE, 0o666, dir_fd=folder)

    @contextmanager
    def _opened(self, create: bool = False, may_be_link: bool = False) -> Iterator[tuple[int | None, str]]:
        """The descriptor of the folder and the name in it; on a system without, None and the full path.

        `create`: create the folders. Raises PathRefused at the first symbolic link.
        """
        if not self.parts:
            raise PathRefused(f"{self} is a folder. Name a path inside it.")
        if create and self.descriptor is None:
            os.makedirs(self.base, exist_ok=True)
        try:
            with ExitStack() as stack:
                is_held = self.descriptor is not None
                folder, prefix = (self.descriptor, "") if is_held else _enter(None, str(self.base), stack)
                for count, part in enumerate(self.parts[:-1], 1):
                    name = prefix + part
                    found = SafePath(self.base, self.parts[:count])._no_link(folder, name)
                    if create and not found:
                        with suppress(FileExistsError):
                            os.mkdir(name, dir_fd=folder)
                    folder, prefix = _enter(folder, name, stack)
                if not may_be_link:
                    self._no_link(folder, prefix + self.name)
                yield folder, prefix + self.name
        except OSError as failure:
            if failure.filename in self.parts:
                failure.filename = str(self.path)
            raise

    def _no_link(self, folder: int | None, name: str) -> os.stat_result | None:
        found = _look(folder, name)
        if found and _is_link(found):
            raise PathRefused(f"{self} is a symbolic link, so nothing is written there. Remove it or use another path.")
        return found


def _look(folder: int | None, name: str) -> os.stat_result | None:
    with suppress(FileNotFoundError):
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    return None
