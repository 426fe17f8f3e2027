"""What an observation means: a class, and the words for it. Nothing is asked here, and no clock is read."""

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
"""A certificate that ends sooner is a warning."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The class of an address; `suggestion` is the address to write instead, `at_most` the worst verdict it can be."""

    class_: LinkClass
    message: str
    suggestion: str | None = None
    at_most: Verdict = "fail"


@dataclass(frozen=True)
class Judge:
    """Knows the rules, and the moment `now` in UTC."""

    rules: LinkRules
    now: datetime

    @cached_property
    def digest(self) -> str:
        """The same for the same rules: what was judged by others has to be judged anew."""
        return sha256(self.rules.model_dump_json().encode()).hexdigest()[:16]

    def judge(self, seen: Observation, audience: Audience, like_any: bool = False) -> Finding:
        """The first of the rules that holds. `like_any` says that any address of the host gives the same page."""
        return (
            _without_an_answer(seen)
            or self._challenged(seen)
            or self._login(seen, audience)
            or _by_status(seen)
            or self._soft_404(seen, like_any)
            or self._moved(seen)
            or self._anchor(seen)
            or self._certificate(seen)
            or self._fine(seen)
        )

    def _challenged(self, seen: Observation) -> Finding | None:
        if seen.challenged or seen.status == 999:
            return Finding(
                "blocked", f"the server wants a person to ask ({seen.status}): nobody knows whether it works"
            )
        return None

    def is_login(self, url: str) -> bool:
        """True if an address is that of a login page."""
        return matches(host_of(url), self.rules.login_hosts) or matches(path_of(url), self.rules.login_paths)

    def _login(self, seen: Observation, audience: Audience) -> Finding | None:
        refused = seen.status == 401 or (audience == "team" and seen.status == 403)
        # Whoever was sent to a login is asked for one, whatever that page then answers.
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

    def _soft_404(self, seen: Observation, like_any: bool) -> Finding | None:
        page = seen.page
        for kind, said in (("title", page.title), ("heading", page.heading)) if page else ():
            if _says_not_found(said, self.rules.not_found):
                return Finding("soft-404", f"it answers {seen.status}, but its {kind} is '{said}'")
        if is_root(seen.ended) and not is_root(seen.asked):
            return Finding("soft-404", f"it leads to the front page {without_fragment(seen.ended)} instead of the page")
        if like_any:
            return Finding("soft-404", "the server answers with the same page to an address that nobody made")
        return None

    def _moved(self, seen: Observation) -> Finding | None:
        if not seen.is_permanent:
            return None
        target, note = seen.ended, ""
        has = self._has_anchor(seen.page, fragment_of(target)) if fragment_of(target) else True
        if has is not True:
            target = without_fragment(target)
            sure = "the new page has no" if has is False else "nobody knows whether the new page has"
            note = f"; {sure} '#{unquote(fragment_of(seen.ended))}'"
        return Finding("moved", f"it has moved for good to {target}{note}", target)

    def _anchor(self, seen: Observation) -> Finding | None:
        fragment = fragment_of(seen.ended)
        if fragment and self._has_anchor(seen.page, fragment) is False:
            return Finding("anchor-missing", f"the page is there, and has no '#{unquote(fragment)}'")
        return None

    def _has_anchor(self, page: Page | None, fragment: str) -> bool | None:
        """Whether the page has the place; None where the HTML does not tell."""
        fragment = fragment.partition(":~:")[0]
        if fragment == "" or fragment.lower() == "top":
            return True if fragment else None
        names = {fragment, unquote(fragment)}
        if page is not None and any(
            prefix + name in page.ids for name in names for prefix in ("", *self.rules.anchor_prefixes)
        ):
            return True
        # A fragment like #/inbox or #!inbox is a script's own address.
        unknown = page is None or not page.whole or page.drawn_by_script or fragment[0] in "/!"
        return None if unknown else False

    def _certificate(self, seen: Observation) -> Finding | None:
        ends = seen.certificate_ends
        if ends is not None and ends - self.now < SOON:
            return Finding("tls", f"the certificate ends on {ends.date()}", at_most="warn")
        return None

    def _fine(self, seen: Observation) -> Finding:
        fragment = fragment_of(seen.ended)
        note = ""
        if fragment and self._has_anchor(seen.page, fragment) is None:
            note = f"; whether it has '#{unquote(fragment)}' is not known"
        if seen.hops:
            return Finding("redirected", f"{seen.status}, by way of {seen.ended}{note}")
        return Finding("ok", f"{seen.status}{note}")


def _without_an_answer(seen: Observation) -> Finding | None:
    where = "" if seen.ended == seen.asked else f" at {seen.ended}"
    match seen.trouble:
        case None:
            return None
        case "dns" | "private":
            return Finding("dns", f"{seen.detail}{where}")
        case "tls":
            return Finding("tls", f"{seen.detail}{where}")
        case "astray":
            return Finding("blocked", f"{seen.detail}: nobody knows what a browser would get")
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
        times = "several times" if seen.retry_after is None else "and it wants to be asked later"
        return Finding("busy", f"{status}, {times}: nobody knows whether it works")
    if status == 403:
        return Finding("blocked", "the server refuses programs (403): nobody knows whether it works")
    return Finding("blocked", f"the server gives no page ({status}): nobody knows whether it works")


@lru_cache(1024)  # the pages of one site say the same again and again
def _says_not_found(text: str, patterns: tuple[str, ...]) -> bool:
    about = tuple(pattern[1:] for pattern in patterns if pattern.startswith("!"))
    said = tuple(pattern for pattern in patterns if not pattern.startswith("!"))
    whole, *parts = _parts(text) or [""]
    saying = [part for part in (whole, *parts) if matches(part, said)]
    return bool(saying) and not any(matches(part, about) for part in (whole, *saying))


def _parts(text: str) -> list[str]:
    """A title or heading as a whole and in its parts, in small letters, without punctuation."""
    parts = [text, *re.split(r"\s[|·•»:\-\u2013\u2014]+\s|[|·•»\u2013\u2014]|:\s", text)]
    return [said for part in parts if (said := _plain(part))]


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
"""The verdict on a new or changed link, and on an old one."""
_WORSE: list[Verdict] = ["pass", "warn", "fail"]


def verdict(finding: Finding, is_new: bool) -> Verdict:
    """What a finding means for a merge."""
    said = _TABLE[finding.class_][0 if is_new else 1]
    return min(said, finding.at_most, key=_WORSE.index)
