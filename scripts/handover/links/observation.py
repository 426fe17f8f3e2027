"""The outcome of requesting one address, before it is classified."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handover.links.page import Page
from handover.links.urls import without_scheme
from handover.model.report import Hop

Failure = Literal["dns", "lookup", "tls", "issuer", "timeout", "broken", "private", "astray", "given-up", "proxy"]
"""No such name, a name server without an answer, a bad certificate, a certificate by an unknown authority, too slow, a
broken connection, a private address, redirects to nowhere, a host that was given up, or a proxy that does not work."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The way from an address to its last answer."""

    asked: str
    """The address, in its wire form, with its fragment."""
    ended: str
    """The last address, also of a failure."""
    hops: tuple[Hop, ...] = ()
    """Each redirect, with its status; 200 for a page that sends its reader to another."""
    steady: int = 0
    """The number of redirects at the start that are permanent for every reader."""
    status: int | None = None
    """The last status; None for a failure."""
    failure: Failure | None = None
    detail: str = ""
    """The failure, described."""
    retry_after: float | None = None
    """The seconds of `Retry-After`."""
    headers: tuple[str, ...] = ()
    """The headers of the last answer, as `name: value`."""
    kind: str = ""
    """The media type of the last answer."""
    page: Page | None = None
    """The last page, if it is HTML."""
    certificate_ends: datetime | None = None
    """The expiry of the last certificate."""
    left_out: str = ""
    """The issuer whose certificate the server does not send; browsers get it elsewhere."""

    def marks(self) -> Iterator[str]:
        """The texts that tell what the last page is: address, title, heading, and HTML if it is short."""
        if self.hops:
            yield without_scheme(self.ended)
        if self.page is not None:
            yield from self.page.marks()
