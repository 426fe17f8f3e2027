"""Noticing saves. The system's file events only wake it up; what counts is how the files look then.

So it does not matter by which steps an editor saves, what is renamed, deleted or put back, or whether an event is
lost: whatever looks different from the last time is a change.
"""

import asyncio
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

HEARTBEAT = 0.5
"""Seconds after which it looks by itself: some file systems send no events."""

QUIET = 0.01
"""Seconds without a further change after which a save is taken to be complete."""

_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
"""Not those of opening and closing: reading the files would wake it up again."""

Look = dict[str, tuple[int, ...]]


class Watch(FileSystemEventHandler):
    """Watches files and folders of a root, by their names. Made inside a running event loop."""

    def __init__(self, root: Path, names: Sequence[str]) -> None:
        self.root = root
        self.names = names
        self.loop = asyncio.get_running_loop()
        self.woken = asyncio.Event()
        self.seen = self._look()
        self.observer = Observer()
        with suppress(OSError):  # no events to be had here: the heartbeat is enough
            self.observer.start()
        self._listen()

    def close(self) -> None:
        """Stop."""
        if self.observer.is_alive():
            self.observer.stop()
            self.observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by the observer, in its own thread."""
        with suppress(RuntimeError):  # the loop has ended
            self.loop.call_soon_threadsafe(self.woken.set)

    async def changed(self) -> list[str]:
        """Wait for a change, and return the sorted paths of what is new, different or gone, relative to the root."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.woken.wait(), HEARTBEAT)
            self.woken.clear()
            now = self._look()
            if now == self.seen:
                continue
            await asyncio.sleep(QUIET)
            while (later := self._look()) != now:
                now = later
                await asyncio.sleep(QUIET)
            before, self.seen = self.seen, now
            different = {path for path, _ in before.items() ^ now.items()}
            if any(path.endswith("/") for path in different):
                self._listen()
            return sorted(path for path in different if not path.endswith("/"))

    def _listen(self) -> None:
        """Ask for events anew: a folder that comes back is another one."""
        self.observer.unschedule_all()
        with suppress(OSError):
            self.observer.schedule(self, str(self.root), event_filter=_EVENTS)
        for name in self.names:
            with suppress(OSError):
                if (self.root / name).is_dir():
                    self.observer.schedule(self, str(self.root / name), recursive=True, event_filter=_EVENTS)

    def _look(self) -> Look:
        """What stands there now: a folder ends with `/`."""
        look: Look = {}
        for name in self.names:
            _note(look, f"{self.root}/{name}", name)
        return look


def _note(look: Look, path: str, name: str) -> None:
    with suppress(OSError):
        found = os.stat(path)
        if not stat.S_ISDIR(found.st_mode):
            look[name] = (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
            return
        look[f"{name}/"] = (found.st_ino,)
        with os.scandir(path) as entries:
            for entry in entries:
                if not (entry.is_symlink() and entry.is_dir()):
                    _note(look, entry.path, f"{name}/{entry.name}")
