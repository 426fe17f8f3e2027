"""Whether this machine can judge links at all: its network, its name server, its proxy and its certificates."""

import asyncio
from dataclasses import dataclass, field

from handover.links.fetch import Fetcher
from handover.links.observation import Observation
from handover.links.urls import host_of, site_of, wire

UNANSWERED = ("dns", "lookup", "given-up", "timeout", "broken")
"""Failures that this machine may be to blame for."""
EARLY = 20
"""With so many hosts that do not answer, and none that does, the machine is examined before the end."""


@dataclass(slots=True)
class Machine:
    """What the observations of one run tell about this machine; `well_known` are addresses that always answer."""

    fetcher: Fetcher
    well_known: tuple[str, ...]
    answered: bool = False
    trusted: bool = False
    proxy: str = ""
    silent: set[str] = field(default_factory=set)
    """The hosts that gave no answer."""
    resolves: bool = False
    """True if one of them has an address."""
    strangers: set[str] = field(default_factory=set)
    """The domains with a certificate by an authority that this machine does not know."""
    _examined: "asyncio.Task[str] | None" = None

    def note(self, seen: Observation) -> None:
        """Take an observation into account."""
        host = host_of(seen.ended)
        self.answered = self.answered or seen.status is not None or seen.failure in ("tls", "issuer") or bool(seen.hops)
        self.trusted = self.trusted or seen.certificate_ends is not None
        if seen.failure in UNANSWERED:
            self.silent.add(host)
            self.resolves = self.resolves or seen.failure in ("timeout", "broken")
        elif seen.failure == "issuer":
            self.strangers.add(site_of(host))
        elif seen.failure == "proxy":
            self.proxy = seen.detail

    async def early_fault(self) -> str:
        """As `fault`, once, as soon as many hosts do not answer; empty before that."""
        if not self.proxy and (self.answered or len(self.silent) < EARLY):
            return ""
        if self._examined is None:
            self._examined = asyncio.create_task(self.fault())
        return await self._examined

    async def fault(self) -> str:
        """Why this machine cannot check links; empty if it can."""
        if self.proxy:
            return f"{self.proxy}. See HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
        if self.strangers and not self.trusted:
            known = await self._ask_well_known()
            is_alone = len(self.strangers) == 1 and (known is None or known.failure != "issuer")
            if not is_alone and not (known and known.certificate_ends):
                return (
                    "no certificate is signed by an authority that this machine knows. "
                    "Name the file with its authorities in SSL_CERT_FILE"
                )
        if self.silent and not self.answered and not await self._ask_well_known():
            return f"no {'server answers' if self.resolves else 'name resolves'}. Is this machine online?"
        return ""

    async def _ask_well_known(self) -> Observation | None:
        """The first answer, also a refused certificate, of an address that always answers; None without any."""
        for url in self.well_known:
            seen = await self.fetcher.fetch(wire(url))
            if seen.status is not None or seen.failure in ("tls", "issuer"):
                return seen
        return None
