"""Requests with retries: a bad answer counts only if it comes again, and servers are given time."""

import asyncio
import random
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from handover.links.fetch import Fetcher
from handover.links.observation import Observation
from handover.links.slots import Sleep
from handover.links.urls import host_of, is_root, origin, without_fragment

ATTEMPTS = 3
BACKOFF = 0.5
"""Seconds before the second attempt, doubled for each further one."""
LONGEST_WAIT = 20.0
"""The longest `Retry-After`, in seconds, that is waited for."""

Doubt = Literal["gone", "dns", "busy"]
T = TypeVar("T")


def reason_to_retry(seen: Observation) -> Doubt | None:
    """Why to request an address again; None for an answer that counts."""
    if seen.challenged:
        return None
    if seen.failure in ("timeout", "broken") or (seen.status or 0) in (408, 425, 429) or (seen.status or 0) >= 500:
        return None if seen.status == 999 else "busy"
    if seen.failure == "dns":
        return "dns"
    return "gone" if seen.status in (404, 410) else None


@dataclass(slots=True)
class Asker:
    """Requests each address once per run, however many links have it with other fragments."""

    fetch: Callable[[str], Coroutine[None, None, Observation]]
    postpone: Callable[[str, float], None]
    sleep: Sleep = asyncio.sleep
    jitter: Callable[[], float] = random.random
    _asked: "dict[str, asyncio.Task[Observation]]" = field(default_factory=dict)
    _catch_all: dict[str, bool] = field(default_factory=dict)
    _probes: "dict[str, asyncio.Task[Observation]]" = field(default_factory=dict)

    @classmethod
    def of(cls, fetcher: Fetcher) -> "Asker":
        """One that uses a fetcher and its slots."""
        return cls(fetcher.fetch, fetcher.slots.postpone, fetcher.slots.sleep)

    async def ask(self, url: str) -> Observation:
        """The final observation of `url`, which is in its wire form."""
        bare = without_fragment(url)
        seen = await _shared(self._asked, bare, lambda: self._with_retries(bare))
        fragment = url[len(bare) :]
        return replace(seen, asked=url, ended=seen.ended if "#" in seen.ended else seen.ended + fragment)

    async def is_catch_all(self, seen: Observation) -> bool:
        """True if the host answers a random path with the same page."""
        page, asked, host = seen.page, without_fragment(seen.asked), origin(seen.ended)
        if page is None or is_root(asked):
            return False
        if asked not in self._catch_all:
            answer = await _shared(self._probes, host, lambda: self.fetch(f"{host}/{secrets.token_hex(12)}"))
            self._catch_all.setdefault(asked, answer.page is not None and page.is_same_as(answer.page))
            page.source = ""  # saves memory
        return self._catch_all[asked]

    async def _with_retries(self, url: str) -> Observation:
        doubts: list[Doubt] = []
        while True:
            seen = await self.fetch(url)
            why = reason_to_retry(seen)
            if why is None or (why != "busy" and why in doubts):
                return seen
            doubts.append(why)
            if len(doubts) > ATTEMPTS or (why == "busy" and len(doubts) == ATTEMPTS):
                return seen
            wait = BACKOFF * 2 ** (len(doubts) - 1) * (0.5 + self.jitter() / 2)
            if seen.retry_after is not None and why == "busy":
                if seen.retry_after > LONGEST_WAIT:
                    return seen
                wait = max(wait, seen.retry_after)
                self.postpone(host_of(seen.ended), wait)
            await self.sleep(wait)


async def _shared(tasks: "dict[str, asyncio.Task[T]]", key: str, start: Callable[[], Coroutine[None, None, T]]) -> T:
    """The result of `start`, called once per `key`."""
    if key not in tasks:
        tasks[key] = asyncio.create_task(start())
    return await tasks[key]
