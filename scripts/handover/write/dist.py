"""The output folder: built beside the old one, which it replaces in one step."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from handover.paths import PathRefused, SafePath

MARKER = "catalog.json"
"""The file by which a folder is recognized as an output."""

MARKER_START = b'{"playbooks": ['
"""Its first bytes."""

SOURCES = ("data", "content", "templates", ".git", "build")
"""Folders of a root that no output may be in."""


@dataclass(frozen=True, slots=True)
class Output:
    """The output folder of a root, and the records about it in the user's cache, out of reach of a merge request."""

    folder: SafePath
    records: SafePath

    @classmethod
    def at(cls, out: Path, root: Path) -> "Output":
        """The output at `out`. Raises PathRefused if building into it could destroy anything but an earlier output."""
        _check(out, root)
        folder = SafePath.given(out, root)
        name = sha256(os.fsencode(folder.path)).hexdigest()[:32]
        return cls(folder, SafePath.given(user_cache_path("handover") / "outputs" / name, root))

    @contextmanager
    def staged(self, waiting: Callable[[], None] = lambda: None) -> Iterator[SafePath]:
        """A new folder, which takes the place of the old one when the block ends well; else that stays as it was.

        One build at a time: a second one calls `waiting` and waits. What a killed build left is repaired or removed.
        """
        with self._lock.locked(waiting):
            self._tidy()
            stage = self.folder.sibling(f".{self.folder.name}.new-{os.urandom(8).hex()}")
            self.record("stage", stage.name)
            stage.create_folder()
            try:
                (stage / "out").create_folder()
                yield stage / "out"
                self._replace(stage)
            finally:
                with suppress(OSError):
                    stage.remove()

    def is_tidy(self) -> bool:
        """True if no build is running, and a killed one has left nothing."""
        stage = self._stage()
        return not self._lock.exists() and not (stage and stage.exists())

    def record(self, kind: str, content: Any) -> None:
        """Keep a record. If that is impossible, the next build does without it."""
        with suppress(OSError, PathRefused):
            (self.records / f"{kind}.json").write(json.dumps(content).encode())

    def recorded(self, kind: str) -> Any:
        """The content of a record; None if it cannot be read."""
        with suppress(OSError, ValueError):
            return json.loads((self.records / f"{kind}.json").path.read_bytes())
        return None

    @property
    def _lock(self) -> SafePath:
        return self.folder.sibling(f".{self.folder.name}.lock")

    def _stage(self) -> SafePath | None:
        """The stage of the last build, by its record: git can carry such a folder, but cannot know its name."""
        name = str(self.recorded("stage"))
        return self.folder.sibling(name) if name.startswith(f".{self.folder.name}.new-") else None

    def _tidy(self) -> None:
        """Remove what a killed build left. If it was killed between two renames, put the old output back."""
        stage = self._stage()
        if stage is not None:
            if (stage / "old").exists() and not self.folder.exists():
                (stage / "old").move(self.folder)
            with suppress(OSError):
                stage.remove()

    def _replace(self, stage: SafePath) -> None:
        if not (stage / "out").exchange(self.folder):
            with suppress(FileNotFoundError):
                self.folder.move(stage / "old")
            (stage / "out").move(self.folder)


def _check(out: Path, root: Path) -> None:
    resolved, top = out.resolve(), root.resolve()
    if resolved == top or top.is_relative_to(resolved):
        raise PathRefused(f"{out} holds the repository itself. Choose a folder of its own, like dist.")
    SafePath.given(out, root).exists()
    if resolved.is_relative_to(top) and resolved.relative_to(top).parts[0] in SOURCES:
        raise PathRefused(f"{out} is a folder of sources. Choose a folder of its own, like dist.")
    if out.exists() and not out.is_dir():
        raise PathRefused(f"{out} is a file. Remove it, or choose another folder.")
    if out.is_dir() and any(out.iterdir()) and not _is_ours(out / MARKER):
        raise PathRefused(f"{out} holds files that were not built here. Empty it, or choose another folder.")


def _is_ours(marker: Path) -> bool:
    """True for a listing that a build wrote: other programs may have a file of that name."""
    try:
        with marker.open("rb") as file:
            return file.read(len(MARKER_START)) == MARKER_START
    except OSError:
        return False
