"""What the judge decides on: the outcome of requesting an address, what else is known, and the finding."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handover.links.cache import SeenWell
from handover.links.page import Page
from handover.links.rules import matches
from handover.links.urls import host_of, path_of, without_scheme
from handover.model.link import Audience, LinkClass, LinkRules
from handover.model.report import Hop, Verdict

Failure = Literal["dns", "lookup", "tls", "issuer", "timeout", "broken", "private", "astray", "given-up", "proxy"]
"""No such name, a name server without an answer, a bad certificate, a certificate by an unknown authority, too slow, a
broken connection, a private address, redirects to nowhere, a host that was given up, or a proxy that does not work."""


class Failed(Exception):
    """A request without an answer: the kind of its failure, and `detail` in words."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(detail)
        self.failure: Failure = failure
        self.detail = detail


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
    target: str | None = None
    """The address in a `Location`, or, with a status below 300, in a refresh or a script; as written."""
    is_permanent: bool = False
    """True if that is a permanent redirect for every reader."""
    certificate_ends: datetime | None = None
    """The expiry of the last certificate."""
    left_out: str = ""
    """The issuer whose certificate the server does not send; browsers get it elsewhere."""

    @property
    def is_busy(self) -> bool:
        """True for a status that may be another one later."""
        return self.status in (408, 425, 429) or 500 <= (self.status or 0) < 999

    def marks(self) -> Iterator[str]:
        """The texts that tell what the last page is: address, title, heading, and HTML if it is short."""
        if self.hops:
            yield without_scheme(self.ended)
        if self.page is not None:
            yield from self.page.marks()


@dataclass(frozen=True, slots=True)
class Finding:
    """The class of an address, the address to write instead, and the worst verdict that it may get."""

    class_: LinkClass
    message: str
    suggestion: str | None = None
    at_most: Verdict = "fail"


@dataclass(frozen=True, slots=True)
class Case:
    """All that a rule of the judge looks at. `now` is in UTC."""

    seen: Observation
    rules: LinkRules
    now: datetime
    audience: Audience = "everyone"
    title: str = ""
    """What the author calls the page."""
    moved_to: str | None = None
    """The newer address that the author names, in its wire form."""
    known: SeenWell | None = None
    """The page when it was last seen well."""
    catch_all: bool = False
    """True if the host answers any path with the same page."""
    hidden: bool = False
    """True if the host may answer 404 because it does not know who asks."""
    embed: int | None = None
    """The status that the site's oEmbed address gives for the page; 0 for no answer, None for a site without one."""

    @property
    def status(self) -> int:
        """The last status; 0 for a failure."""
        return self.seen.status or 0

    @property
    def where(self) -> str:
        """The last address, if it is not the first, as a message names it."""
        return "" if self.seen.ended == self.seen.asked else f" at {self.seen.ended}"

    def is_login(self, url: str) -> bool:
        """True if the address is a login page."""
        return matches(host_of(url), self.rules.login_hosts) or matches(path_of(url), self.rules.login_paths)

    def shows(self, marks: tuple[str, ...]) -> bool:
        """True if the last page has one of the marks."""
        return any(matches(text, marks) for text in self.seen.marks())
