"""Requests with retries, and further questions about an answer that alone does not tell whether the page is there."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypeVar
from urllib.parse import quote

from handover.links.fetch import Fetcher
from handover.links.judge import judge
from handover.links.observation import Case, Finding, Observation
from handover.links.pages import bot_wall
from handover.links.rules import matches
from handover.links.urls import host_of, is_root, origin, path_of, without_fragment, without_scheme
from handover.model.link import Audience, LinkClass, LinkRules
from handover.model.report import OK_CLASSES

ATTEMPTS = 3
BACKOFF = 0.5
"""Seconds before the second attempt, doubled for each further one."""
LONGEST_WAIT = 20.0
"""The longest `Retry-After`, in seconds, of one page that is waited for; that of a 429 is for the whole host."""

_THERE: frozenset[LinkClass] = frozenset({"ok", "redirected", "changed", "moved", "anchor-missing", "unknown", "tls"})
"""Classes of a page that seems to exist."""
Doubt = Literal["gone", "dns", "busy"]
T = TypeVar("T")


def reason_to_retry(seen: Observation) -> Doubt | None:
    """Why to request an address again; None for an answer that counts."""
    if seen.is_busy or seen.failure in ("timeout", "broken", "lookup", "proxy"):
        return "busy"
    if seen.failure == "dns":
        return "dns"
    return "gone" if seen.status in (404, 410) else None


@dataclass(slots=True)
class Asker:
    """Requests each address once for all links that have it with other fragments, and asks on where that is needed."""

    fetcher: Fetcher
    rules: LinkRules
    now: datetime
    _asked: "dict[str, asyncio.Task[Observation]]" = field(default_factory=dict)
    _probes: "dict[str, asyncio.Task[Observation]]" = field(default_factory=dict)
    _parents: "dict[str, asyncio.Task[bool]]" = field(default_factory=dict)

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
            if why is None or (why != "busy" and why in doubts) or bot_wall(self.case(seen)):
                return seen
            doubts.append(why)
            if len(doubts) > ATTEMPTS or (why == "busy" and len(doubts) == ATTEMPTS):
                return seen
            wait = BACKOFF * 2 ** (len(doubts) - 1)
            asked_for = seen.retry_after if why == "busy" else None
            if seen.status == 429 and asked_for is not None:
                if not self.fetcher.hosts.postpone(host_of(seen.ended), asked_for):
                    return seen
                continue  # the next slot at the host comes after the wait
            if (asked_for or 0) > LONGEST_WAIT:
                return seen
            await self.fetcher.hosts.sleep(max(wait, asked_for or 0))

    def case(self, seen: Observation, audience: Audience = "everyone", **known: Any) -> Case:
        """The case of an observation, with what else is `known`."""
        return Case(seen, self.rules, self.now, audience, **known)

    async def finding(self, case: Case) -> Finding:
        """The finding on a case, with further requests where its observation says too little."""
        first, seen = judge(case), case.seen
        if first.class_ in _THERE and 200 <= case.status < 300:
            catch_all = await self._is_catch_all(seen)
            return judge(replace(case, catch_all=catch_all, embed=await self._embed(seen)))
        if first.class_ == "gone" and seen.status == 404 and case.audience == "team":
            return judge(replace(case, hidden=await self._is_hidden(seen)))
        return first

    async def _is_catch_all(self, seen: Observation) -> bool:
        """True if the host answers a random path with the same page. The first page of a host asks for all."""
        page, host = seen.page, origin(seen.ended)
        if page is None or is_root(seen.asked):
            return False
        url = f"{host}/{secrets.token_hex(12)}"
        probe = await shared(self._probes, host, lambda: self.fetcher.fetch(url, first=True))
        if probe.page is None or (probe.status or 0) >= 300:
            return False
        # Where unknown paths are redirected to is a page of its own.
        is_default = bool(probe.hops) and path_of(seen.asked) == path_of(probe.ended)
        return not is_default and page.is_same_as(probe.page)

    async def _embed(self, seen: Observation) -> int | None:
        """The status of the site's oEmbed address for the page; 0 without an answer, None for a site without one."""
        for rule in self.rules.oembed:
            for url in (seen.ended, *(hop.url for hop in seen.hops)):  # the last page may ask for consent
                page = without_fragment(url)
                if matches(without_scheme(page), (rule.pages,)):
                    return (await self.ask(rule.endpoint + quote(page, safe=""))).status or 0
        return None

    async def _is_hidden(self, seen: Observation) -> bool:
        """True if a 404 may only mean that the host does not know who asks: the folder above is not there either."""
        folders = without_fragment(seen.ended).partition("?")[0].removeprefix(origin(seen.ended)).strip("/").split("/")
        is_private = matches(host_of(seen.ended), self.rules.private_hosts)
        if is_private:
            depth = folders.index("-") if "-" in folders else 2
            if len(folders) <= depth:
                return True
        elif len(folders) == 1:
            return False
        else:
            depth = len(folders) - 1
        parent = "/".join([origin(seen.ended), *folders[:depth]])
        return await shared(self._parents, parent, lambda: self._is_unseen(parent))

    async def _is_unseen(self, url: str) -> bool:
        return judge(self.case(await self.ask(url))).class_ not in (*OK_CLASSES, "moved")


async def shared(tasks: "dict[str, asyncio.Task[T]]", key: str, start: Callable[[], Coroutine[None, None, T]]) -> T:
    """The result of `start`, called once per `key`."""
    if key not in tasks:
        tasks[key] = asyncio.create_task(start())
    return await tasks[key]
