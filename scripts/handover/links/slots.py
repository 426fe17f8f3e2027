"""Limits of concurrency: in all, per host, and a pause between two requests to one host."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

TOTAL = 50
PER_HOST = 2
PAUSE = 0.02
"""Seconds between the starts of two requests to one host."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class _Host:
    gate: asyncio.Semaphore
    free_at: float = 0.0


@dataclass(slots=True)
class Slots:
    """The limits of one run."""

    total: int = TOTAL
    per_host: int = PER_HOST
    pause: float = PAUSE
    sleep: Sleep = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    _all: asyncio.Semaphore = field(init=False)
    _hosts: dict[str, _Host] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._all = asyncio.Semaphore(self.total)

    @asynccontextmanager
    async def at(self, host: str) -> AsyncIterator[None]:
        """A slot for one request to `host`; waiting for one host does not block others."""
        mine = self._host(host)
        async with mine.gate:
            now = self.clock()
            wait = mine.free_at - now
            mine.free_at = max(now, mine.free_at) + self.pause
            if wait > 0:
                await self.sleep(wait)
            async with self._all:
                yield

    def postpone(self, host: str, seconds: float) -> None:
        """Delay the next request to `host`."""
        mine = self._host(host)
        mine.free_at = max(mine.free_at, self.clock() + seconds)

    def _host(self, host: str) -> _Host:
        if host not in self._hosts:
            self._hosts[host] = _Host(asyncio.Semaphore(self.per_host))
        return self._hosts[host]
