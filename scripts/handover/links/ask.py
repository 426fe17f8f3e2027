"""An address asked until the answer can be trusted: what is bad once is asked again, with patience and manners."""

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
"""Seconds before the second attempt; twice as many before each one after it."""
LONGEST_WAIT = 20.0
"""Seconds that a server may make us wait; one that asks for more is left alone for this time."""

Doubt = Literal["gone", "dns", "busy"]
Made = TypeVar("Made")


def doubt(seen: Observation) -> Doubt | None:
    """Why an answer may be another one soon; None for one that stands."""
    if seen.challenged:
        return None
    if seen.trouble in ("timeout", "broken") or (seen.status or 0) in (408, 425, 429) or (seen.status or 0) >= 500:
        return None if seen.status == 999 else "busy"
    if seen.trouble == "dns":
        return "dns"
    return "gone" if seen.status in (404, 410) else None


@dataclass(slots=True)
class Asker:
    """Asks each address once a run, however many links have it with other fragments."""

    fetch: Callable[[str], Coroutine[None, None, Observation]]
    postpone: Callable[[str, float], None]
    sleep: Sleep = asyncio.sleep
    jitter: Callable[[], float] = random.random
    _asked: "dict[str, asyncio.Task[Observation]]" = field(default_factory=dict)
    _alike: dict[str, bool] = field(default_factory=dict)
    _probes: "dict[str, asyncio.Task[Observation]]" = field(default_factory=dict)

    @classmethod
    def of(cls, fetcher: Fetcher) -> "Asker":
        """One that asks through a fetcher and keeps its pace."""
        return cls(fetcher.fetch, fetcher.slots.postpone, fetcher.slots.sleep)

    async def ask(self, url: str) -> Observation:
        """What is seen of `url`, in its wire form, in the end."""
        bare = without_fragment(url)
        seen = await _shared(self._asked, bare, lambda: self._patiently(bare))
        fragment = url[len(bare) :]
        return replace(seen, asked=url, ended=seen.ended if "#" in seen.ended else seen.ended + fragment)

    async def is_like_any(self, seen: Observation) -> bool:
        """True if the host answers with the same page to an address that nobody made."""
        page, asked, host = seen.page, without_fragment(seen.asked), origin(seen.ended)
        if page is None or is_root(asked):
            return False
        if asked not in self._alike:
            answer = await _shared(self._probes, host, lambda: self.fetch(f"{host}/{secrets.token_hex(12)}"))
            self._alike.setdefault(asked, answer.page is not None and page.says_the_same(answer.page))
            page.source = ""  # of many pages that is much memory
        return self._alike[asked]

    async def _patiently(self, url: str) -> Observation:
        doubts: list[Doubt] = []
        while True:
            seen = await self.fetch(url)
            why = doubt(seen)
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


async def _shared(
    tasks: "dict[str, asyncio.Task[Made]]", key: str, make: Callable[[], Coroutine[None, None, Made]]
) -> Made:
    """What `make` gives, made once for all who ask for the `key`."""
    if key not in tasks:
        tasks[key] = asyncio.create_task(make())
    return await tasks[key]
