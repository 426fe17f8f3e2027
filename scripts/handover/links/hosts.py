"""A budget for each host: few requests at a time, a pause between them, and an end to patience."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field

from handover.links.observation import Failed

TOTAL = 50
PER_HOST = 2
PAUSE = 0.02
"""Seconds between the starts of two requests to one host."""
SLOW_PAUSE = 1.0
"""The same at a host that asked for patience."""
FAILURES = 3
"""So many failures in a row, and a host is given up for this run."""
LONGEST_WAIT = 45.0
"""The longest `Retry-After`, in seconds, that is waited for."""
PATIENCE = 60.0
"""The seconds that a host gets from the moment it asks for patience."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class _Host:
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PER_HOST))
    pause: float = PAUSE
    free_at: float = 0.0
    failures: int = 0
    given_up: str = ""
    waited_until: float | None = None
    """The end of the one wait that it asked for."""
    ends_at: float = float("inf")


@dataclass(slots=True)
class Hosts:
    """The budgets of one run."""

    sleep: Sleep = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    _all: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(TOTAL))
    _hosts: defaultdict[str, _Host] = field(default_factory=lambda: defaultdict(_Host))

    @asynccontextmanager
    async def slot(self, host: str, first: bool = False) -> AsyncIterator[None]:
        """A slot for one request; waiting for one host does not block others. Raises Failed.

        A `first` request does not wait for those that queue for the host.
        """
        mine = self._hosts[host]
        self._check(mine)
        async with nullcontext() if first else mine.gate:
            self._check(mine)
            now = self.clock()
            wait = mine.free_at - now
            mine.free_at = max(now, mine.free_at) + mine.pause
            if wait > 0:
                await self.sleep(wait)
                self._check(mine)
            async with self._all:
                yield

    def answered(self, host: str) -> None:
        """Note that a host gave an answer."""
        self._hosts[host].failures = 0

    def failed(self, host: str, why: str) -> None:
        """Note that a host gave no answer."""
        mine = self._hosts[host]
        mine.failures += 1
        if mine.failures >= FAILURES:
            mine.given_up = mine.given_up or f"{why}, {FAILURES} times in a row at {host}"

    def postpone(self, host: str, seconds: float) -> bool:
        """Wait as long as a host asks for, once, and be slow from then on; False if it is given up instead."""
        mine, now = self._hosts[host], self.clock()
        if mine.waited_until is None and seconds <= LONGEST_WAIT:
            mine.waited_until, mine.ends_at, mine.pause = now + seconds, now + PATIENCE, SLOW_PAUSE
            mine.free_at = max(mine.free_at, mine.waited_until)
        elif mine.waited_until is None or now >= mine.waited_until:
            mine.given_up = mine.given_up or f"{host} asks for more patience than there is"
        return not mine.given_up

    def _check(self, mine: _Host) -> None:
        if self.clock() > mine.ends_at:
            mine.given_up = mine.given_up or "its host asked for patience, and the minute for it is over"
        if mine.given_up:
            raise Failed("given-up", mine.given_up)
