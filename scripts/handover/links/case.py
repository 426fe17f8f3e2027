"""What the judge decides on: an observation, what else is known about its link, and the finding that comes out."""

from dataclasses import dataclass
from datetime import datetime

from handover.links.cache import SeenWell
from handover.links.observation import Observation
from handover.links.rules import matches
from handover.links.urls import host_of, path_of
from handover.model.link import Audience, LinkClass, LinkRules
from handover.model.report import Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """The class of an address, the address to write instead, and the worst verdict that it may get."""

    class_: LinkClass
    message: str
    suggestion: str | None = None
    at_most: Verdict = "fail"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a link besides the answer of its address."""

    audience: Audience
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


@dataclass(frozen=True, slots=True)
class Case:
    """All that a rule of the judge looks at. `now` is in UTC."""

    seen: Observation
    about: Evidence
    rules: LinkRules
    now: datetime

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
