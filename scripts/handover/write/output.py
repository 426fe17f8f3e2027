"""Where artifacts go: into memory, into a folder, or nowhere."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from handover.model.artifact import Artifact, Stored


class Writer(Protocol):
    """Takes artifacts as soon as they are rendered."""

    def write(self, artifact: Artifact) -> Artifact:
        """Write the content of an artifact; the result knows where the content is now."""

    def stream(self, artifact: Artifact, produce: Callable[[BinaryIO], None]) -> Artifact:
        """Write an artifact whose content `produce` writes into a file, because it is too large to hold."""


class MemoryWriter:
    """Keeps the content in memory."""

    def write(self, artifact: Artifact) -> Artifact:
        """Return the artifact as it is."""
        return artifact

    def stream(self, artifact: Artifact, produce: Callable[[BinaryIO], None]) -> Artifact:
        """Return the artifact with what `produce` wrote."""
        target = BytesIO()
        produce(target)
        return replace(artifact, data=target.getvalue())


class NullWriter:
    """Discards the content, keeping its size and digest: for a check."""

    def write(self, artifact: Artifact) -> Artifact:
        """Return the artifact without its content."""
        return artifact.stored(None)

    def stream(self, artifact: Artifact, produce: Callable[[BinaryIO], None]) -> Artifact:
        """Return the artifact; nothing is produced."""
        return artifact.stored(None)


class FolderWriter:
    """Writes each artifact below a folder at once, so that memory does not grow with their number."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._folders: set[Path] = set()

    def write(self, artifact: Artifact) -> Artifact:
        """Write one file."""
        file = self.path(artifact.path)
        file.write_bytes(artifact.content)
        return artifact.stored(file)

    def stream(self, artifact: Artifact, produce: Callable[[BinaryIO], None]) -> Artifact:
        """Write one file piece by piece."""
        path = self.path(artifact.path)
        with path.open("w+b") as file:
            produce(file)
            size = file.seek(0, 2)
            file.seek(0)
            return replace(artifact, data=Stored(path, size, hashlib.file_digest(file, "sha256").hexdigest()))

    def path(self, name: str) -> Path:
        """Where the file with this relative path goes; its folder exists."""
        path = self.folder / name
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(path.parent)
        return path
