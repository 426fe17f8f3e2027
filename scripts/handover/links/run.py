"""One run: requests, classifies and reports every address; results so far survive an interrupt or a crash."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Any

from handover.links.answer import Requester
from handover.links.ask import Asker
from handover.links.cache import Cache, Entry, with_exception, with_history
from handover.links.connection import sessions
from handover.links.fetch import Fetcher
from handover.links.guard import Lookup, system_lookup
from handover.links.hosts import Hosts
from handover.links.judge import FAILS, WARNS, verdict
from handover.links.machine import Machine
from handover.links.observation import Finding, Observation
from handover.links.rules import digest, rules_for
from handover.links.urls import Address, Mapping, NoAddress, addresses, wire
from handover.model.brand import Brand
from handover.model.catalog import Catalog
from handover.model.report import OK_CLASSES, LinkReport, LinkResult

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Outcome:
    """The result of a run."""

    report: LinkReport
    stopped: int
    """The signal that ended it before every address was requested; 0 without one."""
    fault: str
    """Why this machine cannot check links; empty if it can. With a fault the report judges nothing."""


@dataclass(slots=True)
class LinkCheck:
    """One check of the links of a catalog."""

    catalog: Catalog
    cache: Cache
    mapping: Mapping
    timeout: float
    """The seconds for an address with all its redirects."""
    allow_private: bool
    fresh: bool
    """True to ignore cached results."""
    today: date
    before: frozenset[tuple[str, str]]
    """The addresses that are not new, each with its audience."""
    lookup: Lookup = system_lookup
    hosts: Hosts = field(default_factory=Hosts)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    entries: dict[str, Entry] = field(default_factory=dict)
    """The cache entries of this run by address."""
    _asker: Asker = field(init=False)
    _machine: Machine = field(init=False)
    _digest: str = ""
    _results: dict[Address, LinkResult] = field(default_factory=dict)
    _unasked: set[Address] = field(default_factory=set)
    """The addresses that needed no request."""
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _signal: int = 0
    _has_history: bool = False

    async def run(self, progress: Callable[[int, int], None]) -> Outcome:
        """Request every address; an interrupt ends it at once, with the results so far."""
        async with sessions(_headers(self.catalog.brand), self.mapping, self.allow_private, self.lookup) as opened:
            fetcher = Fetcher(Requester(opened), self.hosts, self.timeout)
            self._asker = Asker(fetcher, rules_for(self.catalog.link_rules), self.clock())
            self._machine = Machine(fetcher, self._asker.rules.well_known)
            self._digest = digest(self._asker.rules)
            return await self._all(addresses(self.catalog), progress)

    async def _all(self, addresses: Sequence[Address], progress: Callable[[int, int], None]) -> Outcome:
        self._has_history = bool(self.cache.entries)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
                loop.add_signal_handler(number, self._interrupt, number)

        async def one(address: Address) -> None:
            self._results[address] = await self._one(address)
            progress(len(self._results), len(addresses))

        everything: asyncio.Future[Any] = asyncio.gather(*(one(address) for address in addresses))
        stopping: asyncio.Future[Any] = asyncio.create_task(self._stop.wait())
        await asyncio.wait({everything, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not self._stop.is_set():
            await everything
        fault = "" if self._signal else await self._machine.fault()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.gather(everything, stopping, return_exceptions=True)
        for address in addresses if fault else ():
            if address not in self._unasked:  # it was requested, or is one that the run did not come to
                self._results[address] = self._result(address, None, Finding("unknown", f"not judged: {fault}"))
        return Outcome(LinkReport.of(self._results.values()), self._signal, fault)

    def _interrupt(self, number: int) -> None:
        self._signal = number
        self._stop.set()

    async def _one(self, address: Address) -> LinkResult:
        try:
            result = await self._check(address)
        except NoAddress as bad:
            result = self._result(address, None, Finding("dns", str(bad)))
        except Exception as crash:  # a crash must not lose the other results
            _LOG.debug("check of %s", address.url, exc_info=crash)
            words = "an internal error of the link check, so whether it works is unknown"
            result = self._result(address, None, Finding("busy", words))
        return with_exception(address.link.expect, result, self.today)

    async def _check(self, address: Address) -> LinkResult:
        url = wire(address.url)
        target = self.mapping.of(url)
        key = f"{address.link.audience} {target or url}"
        if address.is_example and target is None:
            self._unasked.add(address)
            return self._result(address, None, Finding("unknown", "an example address, so it is not requested"))
        if not self.fresh and (known := self.cache.fresh(key, self._digest)):
            self._unasked.add(address)
            self.entries[address.url] = known
            return with_history(known.result.model_copy(update=self._place(address)), known)
        before = self.cache.earlier.get(key)
        seen, finding = await self._judged(address, url, before)
        if address.is_sample:
            words = f"{finding.message} (only a sample)"
            finding = replace(finding, message=words, suggestion=None, at_most="pass")
        result = self._result(address, seen, finding)
        self.entries[address.url] = entry = self.cache.record(key, self._digest, result, seen.page)
        is_news = self._has_history and (before is None or before.result.class_ != result.class_)
        return with_history(result.model_copy(update={"news": is_news}), entry)

    async def _judged(self, address: Address, url: str, before: Entry | None) -> tuple[Observation, Finding]:
        newer = self.catalog.brand.full_url(address.link.moved_to or "")
        case = self._asker.case(
            await self._ask(url),
            address.link.audience,
            title=str(address.link.title),
            moved_to=_wire_or_none(newer),
            known=before.seen_well if before else None,
        )
        finding = await self._asker.finding(case)
        if newer and finding.class_ in FAILS | WARNS:
            finding = await self._with_candidate(address, finding, newer)
        return case.seen, finding

    async def _ask(self, url: str) -> Observation:
        seen = await self._asker.ask(url)
        self._machine.note(seen)
        if await self._machine.early_fault():
            self._stop.set()
        return seen

    async def _with_candidate(self, address: Address, finding: Finding, newer: str) -> Finding:
        """The finding with `moved_to` as suggestion if that works and the server suggests nothing better."""
        try:
            other = await self._asker.finding(self._asker.case(await self._ask(wire(newer)), address.link.audience))
            works = other.class_ in OK_CLASSES
            note = "its moved_to works" if works else f"its moved_to does not work either ({other.class_})"
        except NoAddress as bad:
            works, note = False, f"its moved_to: {bad}"
        ends_elsewhere = finding.class_ == "moved" and finding.suggestion is None
        is_better = finding.suggestion is None or ("#" in address.url and "#" not in finding.suggestion)
        suggestion = newer if works and is_better and not ends_elsewhere else finding.suggestion
        return replace(finding, message=f"{finding.message}; {note}", suggestion=suggestion)

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
                "verdict": verdict(finding, (address.url, address.link.audience) not in self.before),
                "message": finding.message,
                "suggestion": finding.suggestion,
                "checked_at": self.clock().replace(microsecond=0),
            }
        )


def _wire_or_none(url: str) -> str | None:
    try:
        return wire(url) if url else None
    except NoAddress:
        return None


def _headers(brand: Brand) -> dict[str, str]:
    """The headers of each request; `User-Agent` says who asks, and where to read more."""
    where = brand.site_url or brand.handbook_url
    more = f"; +{where}" if where else ""
    agent = f"handover-links/{version('handover-kit')} ({brand.name}, {brand.site_name}{more})"
    return {
        "User-Agent": " ".join((brand.user_agent or agent).encode("ascii", "replace").decode().split()),
        "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
        "Accept-Encoding": "gzip, deflate",
        "Accept-Language": str(brand.language),
    }
