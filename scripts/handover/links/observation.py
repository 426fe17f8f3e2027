"""The outcome of requesting one address, before it is classified."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handover.links.page import Page
from handover.model.link_report import Hop

Failure = Literal["dns", "tls", "timeout", "broken", "private", "astray"]
"""No such name, a bad certificate, too slow, a broken connection, a private address, or redirects to nowhere."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The way from an address to its last answer."""

    asked: str
    """The address, in its wire form, with its fragment."""
    ended: str
    """The last address, also of a failure."""
    hops: tuple[Hop, ...] = ()
    """Each redirect, with its status; 200 for a page that refreshes to another."""
    status: int | None = None
    """The last status; None for a failure."""
    failure: Failure | None = None
    detail: str = ""
    """The failure, described."""
    challenged: bool = False
    """True if the server asks for proof of a human."""
    retry_after: float | None = None
    """The seconds of `Retry-After`."""
    page: Page | None = None
    """The last page, if it is HTML."""
    certificate_ends: datetime | None = None
    """The expiry of the last certificate."""

    @property
    def is_permanent(self) -> bool:
        """True if there was a redirect and each one was permanent."""
        return bool(self.hops) and all(hop.status in (301, 308) for hop in self.hops)
