"""A whole run: every address asked, judged and reported; what is known so far survives whatever happens."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from handover.links.addresses import Address
from handover.links.ask import Asker
from handover.links.cache import Cache, Entry
from handover.links.judge import Finding, Judge, verdict
from handover.links.observation import Observation
from handover.links.urls import Mapping, NoAddress, host_of, wire
from handover.model.link_report import WELL, LinkReport, LinkResult

WORTH_A_CANDIDATE = frozenset({"moved", "gone", "soft-404", "dns", "tls", "anchor-missing", "unexpected-login"})
"""Classes after which the newer address that a link names is asked as well."""


WORTH_A_PROBE = frozenset({"ok", "redirected", "moved", "anchor-missing", "tls"})
"""Classes of a page that is there, if not any address of its host gives the same page."""


OFFLINE = 3
"""So many names that do not resolve, and none that does, are the fault of this machine."""


@dataclass(slots=True)
class Outcome:
    """What came of a run."""

    report: LinkReport
    stopped: bool
    """True if somebody ended it before every address was asked."""
    offline: bool
    """True if several names were looked up and none resolves: that says nothing about the links."""


@dataclass(slots=True)
class Run:
    """One run. `candidate` gives the newer address of a link, `is_new` whether a change brought an address in."""

    asker: Asker
    judge: Judge
    cache: Cache
    mapping: Mapping
    today: date
    candidate: Callable[[Address], str | None]
    is_new: Callable[[Address], bool] = lambda address: True
    fresh: bool = False
    """True if every address is asked, whatever is remembered."""
    progress: Callable[[int, int], None] = lambda done, of: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    entries: dict[str, Entry] = field(default_factory=dict)
    """What is remembered of each address of this run, by its url."""
    unresolved: set[str] = field(default_factory=set)
    resolved: bool = False

    async def all(self, addresses: Sequence[Address]) -> Outcome:
        """Ask all of them. An interrupt ends it at once with what is known."""
        results: list[LinkResult] = []

        async def one(address: Address) -> None:
            results.append(await self._one(address))
            self.progress(len(results), len(addresses))

        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(signal.SIGINT, stop.set)
        everything: asyncio.Future[Any] = asyncio.gather(*(one(address) for address in addresses))
        stopping: asyncio.Future[Any] = asyncio.create_task(stop.wait())
        await asyncio.wait({everything, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            await everything
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.gather(everything, stopping, return_exceptions=True)
        return Outcome(LinkReport.of(results), stop.is_set(), not self.resolved and len(self.unresolved) >= OFFLINE)

    async def _one(self, address: Address) -> LinkResult:
        return self._excused(address, await self._survived(address))

    async def _survived(self, address: Address) -> LinkResult:
        try:
            return await self._checked(address)
        except NoAddress as bad:
            return self._result(address, None, Finding("dns", str(bad)))
        except Exception as crash:  # one check that breaks must not lose the others
            words = f"the check itself broke down ({type(crash).__name__}: {crash}): nobody knows whether it works"
            return self._result(address, None, Finding("busy", words))

    async def _checked(self, address: Address) -> LinkResult:
        url = wire(address.url)
        candidate = self.candidate(address)
        target = self.mapping.of(url)
        key = f"{address.link.audience} {target or url} {candidate or ''}".strip()
        if not self.fresh and (known := self.cache.fresh(key, self.judge.digest)):
            return known.model_copy(update=self._place(address))
        if address.is_invented and target is None:
            return self._result(address, None, Finding("dns", "the sample is an invented address", at_most="pass"))
        seen, finding = await self._judged(address, url)
        if candidate and finding.class_ in WORTH_A_CANDIDATE:
            finding = await self._with_candidate(address, finding, candidate)
        if address.is_sample:
            finding = Finding(finding.class_, f"{finding.message} (only a sample)", None, "pass")
        result = self._result(address, seen, finding)
        self.entries[address.url] = entry = self.cache.record(key, self.judge.digest, result)
        return result.model_copy(update={"message": _with_history(result, entry)})

    async def _judged(self, address: Address, url: str) -> tuple[Observation, Finding]:
        seen = await self.asker.ask(url)
        if seen.trouble == "dns":
            self.unresolved.add(host_of(seen.ended))
        else:
            self.resolved = True
        finding = self.judge.judge(seen, address.link.audience)
        if finding.class_ in WORTH_A_PROBE and await self.asker.is_like_any(seen):
            finding = self.judge.judge(seen, address.link.audience, like_any=True)
        return seen, finding

    async def _with_candidate(self, address: Address, finding: Finding, candidate: str) -> Finding:
        """The finding, with the newer address as a suggestion if it is well; the server's own word goes first."""
        try:
            _, other = await self._judged(address, wire(candidate))
        except NoAddress as bad:
            return Finding(finding.class_, f"{finding.message}; its moved_to: {bad}", finding.suggestion)
        if other.class_ not in WELL:
            words = f"{finding.message}; its moved_to is not well either ({other.class_})"
            return Finding(finding.class_, words, finding.suggestion)
        words = f"{finding.message}; its moved_to is well"
        lost = finding.suggestion is None or ("#" in address.url and "#" not in finding.suggestion)
        return Finding(finding.class_, words, candidate if lost else finding.suggestion)

    def _place(self, address: Address) -> dict[str, object]:
        """What belongs to the link and not to its address."""
        place = address.link.url.place
        return {"id": str(address.link.id), "url": address.url, "path": place.path, "line": place.line}

    def _result(self, address: Address, seen: Observation | None, finding: Finding) -> LinkResult:
        answered = seen is not None and seen.status is not None
        return LinkResult.model_validate(
            {
                **self._place(address),
                "class": finding.class_,
                "status": seen.status if seen else None,
                "final_url": seen.ended if seen and answered else None,
                "hops": seen.hops if seen else (),
                "verdict": verdict(finding, self.is_new(address)),
                "message": finding.message,
                "suggestion": finding.suggestion,
                "checked_at": self.clock().replace(microsecond=0),
            }
        )

    def _excused(self, address: Address, result: LinkResult) -> LinkResult:
        """The result in the light of the exception that the link has."""
        expect = address.link.expect
        if expect is None:
            return result
        if expect.is_over(self.today):
            words = f"{result.message}. The exception for it ended on {expect.until}"
            return result.model_copy(update={"verdict": "fail", "message": words})
        if expect.class_ == result.class_:
            words = f"{result.message}. Expected until {expect.until}: {expect.reason}"
            return result.model_copy(update={"verdict": "pass", "message": words})
        if result.class_ in WELL:
            words = f"{result.message}. It is well now: 'expect' can be deleted"
            return result.model_copy(update={"message": words})
        return result


def _with_history(result: LinkResult, entry: Entry) -> str:
    words = result.message
    if entry.failing and entry.failing.class_ == result.class_ and entry.failing.runs > 1:
        words += f". {result.class_} since {entry.failing.runs} runs, first on {entry.failing.since.date()}"
    if entry.seen_well and result.class_ not in WELL:
        words += f". Last seen well on {entry.seen_well.date()}"
    return words
