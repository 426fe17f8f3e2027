"""From an observation to a class and a message: a table of rules, tried in order; without network and clock."""

from collections.abc import Callable
from datetime import timedelta

from handover.links import moves, pages
from handover.links.observation import Case, Finding
from handover.links.pages import UNKNOWN, has_anchor, named
from handover.links.urls import fragment_of, host_of, is_same_site
from handover.model.link import LinkClass
from handover.model.report import Verdict

SOON = timedelta(days=14)
"""A certificate that expires sooner is a warning."""


def _failure(case: Case) -> Finding | None:
    seen = case.seen
    match seen.failure:
        case None:
            return None
        case "dns" | "private":
            return Finding("dns", f"{seen.detail}{case.where}")
        case "issuer" if seen.left_out:
            words = f"the server leaves out the certificate of '{seen.left_out}', which signed its own"
            return Finding("tls", f"{words}: not every program finds it{case.where}", at_most="warn")
        case "tls" | "issuer":
            return Finding("tls", f"{seen.detail}{case.where}")
        case "astray":
            return Finding("blocked", f"{seen.detail}, so what a browser would get is unknown")
        case "given-up":
            return Finding("busy", f"not requested{case.where}: {seen.detail}")
    return Finding("busy", f"{seen.detail}{case.where}, several times")


def _status(case: Case) -> Finding | None:
    status = case.status
    if 200 <= status < 300:
        return None
    if status in (404, 410):
        if case.hidden:
            return Finding("unknown", f"{status}{case.where}, as for all that the host keeps from strangers, {UNKNOWN}")
        return Finding("gone", f"{status}{case.where}, twice")
    if case.seen.is_busy:
        times = "several times" if case.seen.retry_after is None else "and it asks for patience"
        return Finding("busy", f"{status}, {times}, {UNKNOWN}")
    if status in (403, 999):
        return Finding("blocked", f"the server refuses programs ({status}), {UNKNOWN}")
    return Finding("blocked", f"the server gives no page ({status}), {UNKNOWN}")


def _anchor(case: Case) -> Finding | None:
    fragment = fragment_of(case.seen.ended)
    if fragment and has_anchor(case.seen, case.rules) is False:
        return Finding("anchor-missing", f"the page has no {named(fragment)}")
    return None


def _certificate(case: Case) -> Finding | None:
    ends = case.seen.certificate_ends
    if ends is not None and ends - case.now < SOON:
        return Finding("tls", f"the certificate expires on {ends.date()}", at_most="warn")
    return None


def _unclear_anchor(case: Case) -> Finding | None:
    fragment = fragment_of(case.seen.ended)
    if fragment and has_anchor(case.seen, case.rules) is None:
        return Finding("unknown", f"the page is there, and whether it has {named(fragment)} is unknown")
    return None


def _works(case: Case) -> Finding:
    seen = case.seen
    cut = "" if seen.page is None or seen.page.whole else ", not read to the end"
    if not seen.hops:
        return Finding("ok", f"{seen.status}{cut}")
    site = "" if is_same_site(seen.asked, seen.ended) else f"; that is another site, {host_of(seen.ended)}"
    return Finding("redirected", f"{seen.status}, by way of {seen.ended}{cut}{site}")


RULES: tuple[Callable[[Case], Finding | None], ...] = (
    _failure,
    pages.bot_wall,
    pages.login,
    _status,
    pages.parked,
    pages.closed,
    pages.missing,
    pages.embedded,
    moves.changed,
    moves.moved,
    _anchor,
    _certificate,
    _unclear_anchor,
    pages.wordless,
)
"""The first finding counts; without one, the page works."""


def judge(case: Case) -> Finding:
    """The first finding that applies."""
    return next((finding for rule in RULES if (finding := rule(case))), None) or _works(case)


FAILS: frozenset[LinkClass] = frozenset({"unexpected-login", "gone", "dns", "tls"})
"""Classes that fail the check of a new or changed link; an old link only gets a warning."""
WARNS: frozenset[LinkClass] = frozenset({"moved", "changed", "soft-404", "anchor-missing"})


def verdict(finding: Finding, is_new: bool) -> Verdict:
    """The verdict on a finding, for a merge."""
    if finding.class_ in FAILS and is_new and finding.at_most == "fail":
        return "fail"
    return "warn" if finding.class_ in FAILS | WARNS and finding.at_most != "pass" else "pass"
