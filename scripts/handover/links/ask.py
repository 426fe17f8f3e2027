"""Requests with retries: a bad answer counts only if it comes again, and servers are given time."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from handover.links.fetch import Fetcher
from handover.links.hosts import Hosts
from handover.links.observation import Observation
from handover.links.urls import host_of, without_fragment

ATTEMPTS = 3
BACKOFF = 0.5
"""Seconds before the second attempt, doubled for each further one."""
LONGEST_WAIT = 20.0
"""The longest `Retry-After`, in seconds, of one page that is waited for; that of a 429 is for the whole host."""

Doubt = Literal["gone", "dns", "busy"]
T = TypeVar("T")


def reason_to_retry(seen: Observation) -> Doubt | None:
    """Why to request an address again; None for an answer that counts."""
    if seen.failure in ("timeout", "broken", "lookup", "proxy"):
        return "busy"
    if seen.status in (408, 425, 429) or 500 <= (seen.status or 0) < 999:
        return "busy"
    if seen.failure == "dns":
        return "dns"
    return "gone" if seen.status in (404, 410) else None


@dataclass(slots=True)
class Asker:
    """Requests each address once for all links that have it with other fragments."""

    fetcher: Fetcher
    is_final: Callable[[Observation], bool]
    """True for an answer that would be the same again, such as that of a bot wall."""
    jitter: Callable[[], float] = random.random
    _asked: "dict[str, asyncio.Task[Observation]]" = field(default_factory=dict)

    @property
    def hosts(self) -> Hosts:
        """The budgets of the hosts."""
        return self.fetcher.hosts

    async def ask(self, url: str) -> Observation:
        """The final observation of `url`, which is in its wire form."""
        bare = without_fragment(url)
        seen = await shared(self._asked, bare, lambda: self._with_retries(bare))
        # All who need this address are waiting for the task already, so its page is not kept.
        self._asked.pop(bare, None)
        fragment = url[len(bare) :]
        return replace(seen, asked=url, ended=seen.ended if "#" in seen.ended else seen.ended + fragment)

    async def _with_retries(self, url: str) -> Observation:
        doubts: list[Doubt] = []
        while True:
            seen = await self.fetcher.fetch(url)
            why = reason_to_retry(seen)
            if why is None or (why != "busy" and why in doubts) or self.is_final(seen):
                return seen
            doubts.append(why)
            if len(doubts) > ATTEMPTS or (why == "busy" and len(doubts) == ATTEMPTS):
                return seen
            wait = BACKOFF * 2 ** (len(doubts) - 1) * (0.5 + self.jitter() / 2)
            asked_for = seen.retry_after if why == "busy" else None
            if seen.status == 429 and asked_for is not None:
                if not self.hosts.postpone(host_of(seen.ended), asked_for):
                    return seen
                continue  # the next slot at the host comes after the wait
            if (asked_for or 0) > LONGEST_WAIT:
                return seen
            await self.hosts.sleep(max(wait, asked_for or 0))


async def shared(tasks: "dict[str, asyncio.Task[T]]", key: str, start: Callable[[], Coroutine[None, None, T]]) -> T:
    """The result of `start`, called once per `key`."""
    if key not in tasks:
        tasks[key] = asyncio.create_task(start())
    return await tasks[key]
