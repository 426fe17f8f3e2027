"""Saves to pages: after each change the sources are tried, and the last good site stays until there is a better one."""

import asyncio
import gc
import shutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from handover.serve.mkdocs_process import SiteRefused
from handover.serve.server import Server, Shown

COLLECT = 1.0
"""Seconds after the last try at which cycles of garbage are looked for: when nobody waits for a page any more."""

COLLECT_AFTER = 20
"""Tries after which this is done though the next one may wait for it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of the sources: errors, or else the pages that MkDocs reads and the files beside them, by path."""

    findings: Sequence[Mapping[str, Any]] = ()
    pages: Mapping[str, bytes] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Follower:
    """Tries the sources and shows what comes of it.

    `attempt` reads the sources; it is called in a thread of its own. `prepare` writes pages and returns the path of
    MkDocs' configuration, `build` has MkDocs build it into a folder below `folder`, and `refused` makes a finding of
    what MkDocs said.
    """

    server: Server
    folder: Path
    attempt: Callable[[], Attempt]
    prepare: Callable[[Mapping[str, bytes]], Path]
    build: Callable[[Path, Path], Awaitable[None]]
    refused: Callable[[SiteRefused], Mapping[str, Any]]
    number: int = 0
    pages: Mapping[str, bytes] = field(default_factory=dict)
    collecting: asyncio.TimerHandle | None = None
    tries: int = 0
    """Those since garbage was looked for."""

    async def once(self, anew: bool = False) -> None:
        """Try the sources as they are now, and show the outcome; `anew` has the site built whatever the pages are.

        Nobody else need look for cycles of garbage: to look through all of it takes nearly as long as a try.
        """
        if self.collecting is not None and self.tries < COLLECT_AFTER:
            self.collecting.cancel()
        try:
            await self._try(anew)
        finally:
            self.tries += 1
            self.collecting = asyncio.get_running_loop().call_later(COLLECT, self._collect)

    def _collect(self) -> None:
        gc.collect()
        self.tries, self.collecting = 0, None

    async def _try(self, anew: bool) -> None:
        server = self.server
        attempt = await asyncio.to_thread(self.attempt)
        if attempt.findings:
            server.show(replace(server.shown, findings=attempt.findings, busy=False))
            return
        shown = server.shown
        if anew or attempt.pages != self.pages or shown.site is None:
            server.show(replace(shown, findings=(), busy=True))
            try:
                await self._site(attempt)
            except SiteRefused as refused:
                server.show(replace(shown, findings=(self.refused(refused),), busy=False))
        elif attempt.files != shown.files:
            self._exchange(shown.site, attempt.files)
        else:
            server.show(replace(shown, findings=(), busy=False))

    async def _site(self, attempt: Attempt) -> None:
        site = self.folder / f"site-{self.number + 1}"
        try:
            await self.build(self.prepare(attempt.pages), site)
        except SiteRefused:
            self.pages = {}
            shutil.rmtree(site, ignore_errors=True)
            raise
        old = self.server.shown.site
        self.pages = attempt.pages
        self._exchange(site, attempt.files)
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)

    def _exchange(self, site: Path, files: Mapping[str, bytes]) -> None:
        self.number += 1
        self.server.show(Shown(f"{self.server.run_id}-{self.number}", site, files, (), False))
