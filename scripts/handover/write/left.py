"""What an earlier build left in a folder, and whether it is there still."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from handover.write.record import digest

if TYPE_CHECKING:
    from handover.model.artifact import Artifact

Look = tuple[int, int, int]
"""A file's size in bytes, and when it and what is known of it were last changed, in nanoseconds.

The last of these cannot be set by any program: it is that of the system's clock. See `st_ctime_ns` in Python's `os`.
"""

GONE: Look = (-1, -1, -1)
"""How no file looks."""


@dataclass(frozen=True, slots=True)
class Left:
    """The files of a folder by their paths, each with its digest, and with how it looked when it had been built."""

    folder: Path = Path()
    files: Mapping[str, tuple[str, Look]] = field(default_factory=dict)

    def is_whole(self, path: str) -> bool:
        """True if a file is there, and no byte of it has changed."""
        sha256, look = self.files[path]
        place = f"{self.folder}/{path}"
        return look_of(place) == look or (not os.path.islink(place) and digest(Path(place)) == sha256)

    def give(self, artifact: "Artifact", place: str) -> bool:
        """Have the same file at `place` too; False where what is left is not that artifact, or cannot be had."""
        known = self.files.get(artifact.path)
        if known is None or known[0] != artifact.sha256 or not self.is_whole(artifact.path):
            return False
        with suppress(FileExistsError):
            try:
                os.link(f"{self.folder}/{artifact.path}", place, follow_symlinks=False)
            except OSError:
                return False
        return True


def look_of(place: str) -> Look | None:
    """How a file looks; None for what is none."""
    try:
        seen = os.lstat(place)
    except OSError:
        return None
    return (seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
