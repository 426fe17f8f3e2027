"""One run: requests, classifies and reports every address; results so far survive an interrupt or a crash."""

import asyncio
import contextlib
import logging
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
from handover.model.link_report import OK_CLASSES, LinkReport, LinkResult

_LOG = logging.getLogger(__name__)

WORTH_A_CANDIDATE = frozenset({"moved", "gone", "soft-404", "dns", "tls", "anchor-missing", "unexpected-login"})
"""Classes after which the link's `moved_to` is requested too."""
WORTH_A_PROBE = frozenset({"ok", "redirected", "moved", "anchor-missing", "tls"})
"""Classes of a page that exists, unless its host gives the same page for any path."""
OFFLINE = 3
"""With so many names that do not resolve, and none that does, this machine is offline."""


@dataclass(slots=True)
class Outcome:
    """The result of a run."""

    report: LinkReport
    stopped: bool
    """True if it was interrupted before every address was requested."""
    offline: bool
    """True if several names were looked up and none resolves: this says nothing about the links."""


@dataclass(slots=True)
class Run:
    """One run. `candidate` is the `moved_to` of a link, `is_new` whether an address is new or changed."""

    asker: Asker
    judge: Judge
    cache: Cache
    mapping: Mapping
    today: date
    candidate: Callable[[Address], str | None]
    is_new: Callable[[Address], bool] = lambda address: True
    fresh: bool = False
    """True to ignore cached results."""
    progress: Callable[[int, int], None] = lambda done, of: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    entries: dict[str, Entry] = field(default_factory=dict)
    """The cache entries of this run by address."""
    unresolved: set[str] = field(default_factory=set)
    resolved: bool = False

    async def all(self, addresses: Sequence[Address]) -> Outcome:
        """Request all of them; an interrupt ends it at once, with the results so far."""
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
        return self._with_exception(address, await self._check_safely(address))

    async def _check_safely(self, address: Address) -> LinkResult:
        try:
            return await self._check(address)
        except NoAddress as bad:
            return self._result(address, None, Finding("dns", str(bad)))
        except Exception as crash:  # a crash must not lose the other results
            _LOG.debug("check of %s", address.url, exc_info=crash)
            words = "an internal error of the link check, so whether it works is unknown"
            return self._result(address, None, Finding("busy", words))

    async def _check(self, address: Address) -> LinkResult:
        url = wire(address.url)
        candidate = self.candidate(address)
        target = self.mapping.of(url)
        key = f"{address.link.audience} {target or url} {candidate or ''}".strip()
        if not self.fresh and (known := self.cache.fresh(key, self.judge.digest)):
            return known.model_copy(update=self._place(address))
        if address.is_reserved and target is None:
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
        if seen.failure == "dns":
            self.unresolved.add(host_of(seen.ended))
        else:
            self.resolved = True
        finding = self.judge.judge(seen, address.link.audience)
        if finding.class_ in WORTH_A_PROBE and await self.asker.is_catch_all(seen):
            finding = self.judge.judge(seen, address.link.audience, catch_all=True)
        return seen, finding

    async def _with_candidate(self, address: Address, finding: Finding, candidate: str) -> Finding:
        """The finding with `moved_to` as suggestion if that works and the server suggests nothing better."""
        try:
            _, other = await self._judged(address, wire(candidate))
        except NoAddress as bad:
            return Finding(finding.class_, f"{finding.message}; its moved_to: {bad}", finding.suggestion)
        if other.class_ not in OK_CLASSES:
            words = f"{finding.message}; its moved_to does not work either ({other.class_})"
            return Finding(finding.class_, words, finding.suggestion)
        words = f"{finding.message}; its moved_to works"
        lost = finding.suggestion is None or ("#" in address.url and "#" not in finding.suggestion)
        return Finding(finding.class_, words, candidate if lost else finding.suggestion)

    def _place(self, address: Address) -> dict[str, object]:
        """The part of a result that depends on the link, not on the address."""
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

    def _with_exception(self, address: Address, result: LinkResult) -> LinkResult:
        """The result after applying the link's `expect`."""
        expect = address.link.expect
        if expect is None:
            return result
        if expect.is_over(self.today):
            words = f"{result.message}. Its exception ended on {expect.until}"
            return result.model_copy(update={"verdict": "fail", "message": words})
        if expect.class_ == result.class_:
            words = f"{result.message}. Expected until {expect.until}: {expect.reason}"
            return result.model_copy(update={"verdict": "pass", "message": words})
        if result.class_ in OK_CLASSES:
            words = f"{result.message}. It works now: 'expect' can be deleted"
            return result.model_copy(update={"message": words})
        return result


def _with_history(result: LinkResult, entry: Entry) -> str:
    words = result.message
    if entry.failing and entry.failing.class_ == result.class_ and entry.failing.runs > 1:
        words += f". {result.class_} for {entry.failing.runs} runs, since {entry.failing.since.date()}"
    if entry.seen_well and result.class_ not in OK_CLASSES:
        words += f". Last OK on {entry.seen_well.date()}"
    return words
