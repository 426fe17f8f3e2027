"""Where files and artifacts go: into memory, into a folder, or nowhere."""

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from handover.model.document import Artifact, Stored
from handover.paths import PathRefused, SafePath

AT_ONCE = 1_000_000
"""Bytes of the largest file that is held in memory before it is written."""


class Writer(Protocol):
    """Takes artifacts as soon as they are rendered."""

    def write(self, artifact: Artifact) -> Artifact:
        """Write the content of an artifact; the result knows where the content is now."""

    def stream(self, artifact: Artifact, produce: Callable[[BinaryIO], None], size: int) -> Artifact:
        """Write an artifact whose content, of about `size` bytes, `produce` writes into a file."""


class MemoryWriter:
    """Keeps the content in memory."""

    def write(self, artifact: Artifact) -> Artifact:
        """Return the artifact as it is."""
        return artifact

    def stream(self, artifact: Artifact, produce: Callable[[BinaryIO], None], size: int) -> Artifact:
        """Return the artifact with what `produce` wrote."""
        target = BytesIO()
        produce(target)
        return replace(artifact, data=target.getvalue())


class NullWriter:
    """Discards the content, keeping its size and digest: for a check."""

    def write(self, artifact: Artifact) -> Artifact:
        """Return the artifact without its content."""
        return artifact.stored(None)

    def stream(self, artifact: Artifact, produce: Callable[[BinaryIO], None], size: int) -> Artifact:
        """Return the artifact; nothing is produced."""
        return artifact.stored(None)


class FolderWriter:
    """Writes each artifact below a folder at once, so that memory does not grow with their number."""

    def __init__(self, folder: SafePath) -> None:
        self.folder = folder
        self._path = str(folder.path)
        self._held = ExitStack()
        self._folders: dict[str, SafePath] = {}

    def __enter__(self) -> "FolderWriter":
        return self

    def __exit__(self, *trouble: object) -> None:
        self._held.close()

    def write(self, artifact: Artifact) -> Artifact:
        """Write one file."""
        self._file(artifact.path).write(artifact.content)
        return artifact.stored(f"{self._path}/{artifact.path}")

    def stream(self, artifact: Artifact, produce: Callable[[BinaryIO], None], size: int) -> Artifact:
        """Write one file: at once, or piece by piece if it is too large to hold."""
        if size <= AT_ONCE:
            return self.write(MemoryWriter().stream(artifact, produce, size))
        path = self._file(artifact.path)
        with path.open() as file:
            produce(file)
            size = file.seek(0, 2)
            file.seek(0)
            return replace(artifact, data=Stored(str(path.path), size, hashlib.file_digest(file, "sha256").hexdigest()))

    def _file(self, path: str) -> SafePath:
        """A file in a folder that stays open for the next one."""
        folder, _, name = path.rpartition("/")
        if folder not in self._folders:
            self._folders[folder] = self._held.enter_context((self.folder / folder).held())
        return self._folders[folder] / name


def write_files(contents: Mapping[SafePath, bytes]) -> None:
    """Write the files. Raises PathRefused, before the first is written, if one of them is refused."""
    for path in contents:
        path.exists()
    for path, content in contents.items():
        path.write(content)


def write_archive(target: SafePath, write: Callable[[BinaryIO], None], comment: bytes) -> None:
    """Have `write` write an archive in one step: a reader sees the old file or the new one, never a part.

    Raises PathRefused if that would overwrite anything but an archive with this `comment`.
    """
    exists, path = target.exists(), target.path
    if path.is_dir():
        raise PathRefused(f"{target} is a folder. Name a file in it, like {target / 'export.zip'}.")
    if not path.parent.is_dir():
        raise PathRefused(f"there is no folder {path.parent}. Create it first.")
    if exists and not _is_ours(path, comment):
        raise PathRefused(f"{target} is a file that was not written here. Choose another name, or remove it.")
    with target.replaced() as file:
        write(file)


def _is_ours(path: Path, comment: bytes) -> bool:
    try:
        with zipfile.ZipFile(path) as existing:
            return existing.comment == comment
    except zipfile.BadZipFile:
        return False
