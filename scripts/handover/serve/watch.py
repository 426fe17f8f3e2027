"""Noticing changes of the sources."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

from watchfiles import awatch

SOURCES = ("data", "content", "templates", "mkdocs.yml")

STEP = 10
"""Milliseconds without a further change after which a save is complete."""


class Watcher:
    """Watches the sources at a root: an asynchronous context manager.

    File systems without events are polled if the variable WATCHFILES_FORCE_POLLING is set.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._queue: asyncio.Queue[list[str]] = asyncio.Queue()
        self._top: asyncio.Task[None] | None = None
        self._folders: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._top = asyncio.create_task(self._forward([self.root], recursive=False))
        await self._watch_folders()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in (self._top, self._folders):
            await _ended(task)

    async def changes(self) -> list[str]:
        """Wait for a change; the sorted paths of what was added, modified or deleted, relative to the root."""
        paths = set(await self._queue.get())
        while not self._queue.empty():
            paths.update(self._queue.get_nowait())
        if paths & set(SOURCES):  # a folder that was moved away or came back is another one
            await self._watch_folders()
        return sorted(paths)

    async def _watch_folders(self) -> None:
        await _ended(self._folders)
        folders = [self.root / name for name in SOURCES if (self.root / name).is_dir()]
        self._folders = asyncio.create_task(self._forward(folders, recursive=True)) if folders else None
        await asyncio.sleep(0)  # the task begins to watch

    async def _forward(self, paths: Iterable[Path], recursive: bool) -> None:
        with suppress(FileNotFoundError):  # a folder was moved away meanwhile, which the watcher of the root reports
            async for changes in awatch(*paths, step=STEP, recursive=recursive):
                names = [Path(path).relative_to(self.root).as_posix() for _, path in changes]
                self._queue.put_nowait([name for name in names if name.partition("/")[0] in SOURCES])


async def _ended(task: "asyncio.Task[None] | None") -> None:
    if task is not None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
