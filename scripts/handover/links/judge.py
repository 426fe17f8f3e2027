"""From an observation to a class and a message; without network and clock."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from urllib.parse import unquote

from handover.links.observation import Observation
from handover.links.page import Page
from handover.links.rules import matches
from handover.links.urls import fragment_of, host_of, is_root, path_of, without_fragment
from handover.model.link import Audience, LinkClass
from handover.model.link_report import Verdict
from handover.model.link_rules import LinkRules

SOON = timedelta(days=14)
"""A certificate that expires sooner is a warning."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The class of an address, the address to write instead, and the worst verdict that it may get."""

    class_: LinkClass
    message: str
    suggestion: str | None = None
    at_most: Verdict = "fail"


@dataclass(frozen=True)
class Judge:
    """Classifies by the rules; `now` is in UTC."""

    rules: LinkRules
    now: datetime

    @cached_property
    def digest(self) -> str:
        """Identifies the rules, so that cached results of other rules are not used."""
        return sha256(self.rules.model_dump_json().encode()).hexdigest()[:16]

    def judge(self, seen: Observation, audience: Audience, catch_all: bool = False) -> Finding:
        """The first class that applies. `catch_all`: the host answers any path with the same page."""
        return (
            _by_failure(seen)
            or self._challenged(seen)
            or self._login(seen, audience)
            or _by_status(seen)
            or self._soft_404(seen, catch_all)
            or self._moved(seen)
            or self._anchor(seen)
            or self._certificate(seen)
            or self._works(seen)
        )

    def _challenged(self, seen: Observation) -> Finding | None:
        if seen.challenged or seen.status == 999:
            return Finding("blocked", f"the server asks for a human ({seen.status}), so whether it works is unknown")
        return None

    def is_login(self, url: str) -> bool:
        """True if the address is a login page."""
        return matches(host_of(url), self.rules.login_hosts) or matches(path_of(url), self.rules.login_paths)

    def _login(self, seen: Observation, audience: Audience) -> Finding | None:
        refused = seen.status == 401 or (audience == "team" and seen.status == 403)
        # A redirect to a login counts, whatever the login page answers.
        at_login = self.is_login(seen.ended) and (bool(seen.hops) or (seen.status or 0) < 400)
        if audience == "team":
            if refused or at_login:
                return Finding("login", f"behind a login ({seen.status}): target not verified")
            return None
        if refused:
            return Finding("unexpected-login", "the server asks for a login (401), and the link is for everyone")
        if at_login and not self.is_login(seen.asked):
            return Finding("unexpected-login", f"it ends at a login, {seen.ended}, and the link is for everyone")
        return None

    def _soft_404(self, seen: Observation, catch_all: bool) -> Finding | None:
        page = seen.page
        for kind, text in (("title", page.title), ("heading", page.heading)) if page else ():
            if _is_not_found(text, self.rules.not_found):
                return Finding("soft-404", f"it answers {seen.status}, but its {kind} is '{text}'")
        if is_root(seen.ended) and not is_root(seen.asked):
            return Finding("soft-404", f"it leads to the front page {without_fragment(seen.ended)} instead of the page")
        if catch_all:
            return Finding("soft-404", "the server gives the same page for a random address")
        return None

    def _moved(self, seen: Observation) -> Finding | None:
        if not seen.is_permanent:
            return None
        target, note = seen.ended, ""
        has = self._has_anchor(seen.page, fragment_of(target)) if fragment_of(target) else True
        if has is not True:
            target = without_fragment(target)
            sure = "the new page has no" if has is False else "it is unknown whether the new page has"
            note = f"; {sure} '#{unquote(fragment_of(seen.ended))}'"
        return Finding("moved", f"it has moved permanently to {target}{note}", target)

    def _anchor(self, seen: Observation) -> Finding | None:
        fragment = fragment_of(seen.ended)
        if fragment and self._has_anchor(seen.page, fragment) is False:
            return Finding("anchor-missing", f"the page has no '#{unquote(fragment)}'")
        return None

    def _has_anchor(self, page: Page | None, fragment: str) -> bool | None:
        """Whether the page has the anchor; None where the HTML does not tell."""
        fragment = fragment.partition(":~:")[0]
        if fragment == "" or fragment.lower() == "top":
            return True if fragment else None
        names = {fragment, unquote(fragment)}
        if page is not None and any(
            prefix + name in page.ids for name in names for prefix in ("", *self.rules.anchor_prefixes)
        ):
            return True
        # A fragment such as #/inbox or #!inbox is a route of a script.
        unknown = page is None or not page.whole or page.drawn_by_script or fragment[0] in "/!"
        return None if unknown else False

    def _certificate(self, seen: Observation) -> Finding | None:
        ends = seen.certificate_ends
        if ends is not None and ends - self.now < SOON:
            return Finding("tls", f"the certificate expires on {ends.date()}", at_most="warn")
        return None

    def _works(self, seen: Observation) -> Finding:
        fragment = fragment_of(seen.ended)
        note = ""
        if fragment and self._has_anchor(seen.page, fragment) is None:
            note = f"; whether it has '#{unquote(fragment)}' is unknown"
        if seen.hops:
            return Finding("redirected", f"{seen.status}, by way of {seen.ended}{note}")
        return Finding("ok", f"{seen.status}{note}")


def _by_failure(seen: Observation) -> Finding | None:
    where = "" if seen.ended == seen.asked else f" at {seen.ended}"
    match seen.failure:
        case None:
            return None
        case "dns" | "private":
            return Finding("dns", f"{seen.detail}{where}")
        case "tls":
            return Finding("tls", f"{seen.detail}{where}")
        case "astray":
            return Finding("blocked", f"{seen.detail}, so what a browser would get is unknown")
        case "timeout" | "broken":
            return Finding("busy", f"{seen.detail}{where}, several times")


def _by_status(seen: Observation) -> Finding | None:
    status = seen.status or 0
    if 200 <= status < 300:
        return None
    if status in (404, 410):
        where = "" if seen.ended == seen.asked else f" at {seen.ended}"
        return Finding("gone", f"{status}{where}, twice")
    if status in (408, 425, 429) or status >= 500:
        times = "several times" if seen.retry_after is None else "with a long Retry-After"
        return Finding("busy", f"{status}, {times}, so whether it works is unknown")
    if status == 403:
        return Finding("blocked", "the server refuses programs (403), so whether it works is unknown")
    return Finding("blocked", f"the server gives no page ({status}), so whether it works is unknown")


@lru_cache(1024)  # pages of one site often share a title
def _is_not_found(text: str, patterns: tuple[str, ...]) -> bool:
    about = tuple(pattern[1:] for pattern in patterns if pattern.startswith("!"))
    signs = tuple(pattern for pattern in patterns if not pattern.startswith("!"))
    whole, *parts = _parts(text) or [""]
    matching = [part for part in (whole, *parts) if matches(part, signs)]
    return bool(matching) and not any(matches(part, about) for part in (whole, *matching))


def _parts(text: str) -> list[str]:
    """A title or heading and its parts, in lowercase and without punctuation."""
    parts = [text, *re.split(r"\s[|·•»:\-\u2013\u2014]+\s|[|·•»\u2013\u2014]|:\s", text)]
    return [plain for part in parts if (plain := _plain(part))]


def _plain(text: str) -> str:
    kept = unicodedata.normalize("NFC", text).replace("'", "").replace("\u2019", "")
    return " ".join(re.sub(r"[^\w]+", " ", kept).split()).lower()


_TABLE: dict[LinkClass, tuple[Verdict, Verdict]] = {
    "ok": ("pass", "pass"),
    "moved": ("warn", "warn"),
    "redirected": ("pass", "pass"),
    "login": ("pass", "pass"),
    "unexpected-login": ("fail", "warn"),
    "gone": ("fail", "warn"),
    "soft-404": ("warn", "warn"),
    "blocked": ("pass", "pass"),
    "busy": ("pass", "pass"),
    "dns": ("fail", "warn"),
    "tls": ("fail", "warn"),
    "anchor-missing": ("warn", "warn"),
}
"""The verdicts on a new or changed link and on an old one."""
_WORSE: list[Verdict] = ["pass", "warn", "fail"]


def verdict(finding: Finding, is_new: bool) -> Verdict:
    """The verdict on a finding, for a merge."""
    of_class = _TABLE[finding.class_][0 if is_new else 1]
    return min(of_class, finding.at_most, key=_WORSE.index)
