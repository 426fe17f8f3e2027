"""What was seen of one address, before anybody judges it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handover.links.page import Page
from handover.model.link_report import Hop

Trouble = Literal["dns", "tls", "timeout", "broken", "private", "astray"]
"""Why there is no answer: no such name, a bad certificate, too slow, a broken connection, an address that is not asked,
or redirects that lead nowhere."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The way from an address to where it ended."""

    asked: str
    """The address, in its wire form, with its fragment."""
    ended: str
    """Where the redirects ended, or where the trouble was."""
    hops: tuple[Hop, ...] = ()
    """Each answer that led elsewhere; a page that sends its reader on has its status 200."""
    status: int | None = None
    """The status at the end; None if there was trouble."""
    trouble: Trouble | None = None
    detail: str = ""
    """The trouble in words."""
    challenged: bool = False
    """True if the server asks for a proof that a person asks."""
    retry_after: float | None = None
    """Seconds that the server asks to wait."""
    page: Page | None = None
    """The page at the end, if it is one."""
    certificate_ends: datetime | None = None
    """When the certificate at the end does."""

    @property
    def is_permanent(self) -> bool:
        """True if every redirect was a permanent one, and there was one."""
        return bool(self.hops) and all(hop.status in (301, 308) for hop in self.hops)
