"""The verdict table, word for word, and the order of the rules: no network, no clock."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from handover.links.judge import judge, verdict
from handover.links.observation import Case, Finding, Observation
from handover.links.page import Page
from handover.links.rules import rules_for
from handover.model.link import Audience, LinkClass, LinkRules
from handover.model.report import Hop

NOW = datetime(2026, 11, 25, tzinfo=UTC)
RULES = rules_for(LinkRules())

TABLE = """
ok               pass pass
moved            warn warn
redirected       pass pass
changed          warn warn
login            pass pass
unexpected-login fail warn
gone             fail warn
soft-404         warn warn
blocked          pass pass
busy             pass pass
unknown          pass pass
dns              fail warn
tls              fail warn
anchor-missing   warn warn
"""


def test_the_verdicts_are_those_of_the_table() -> None:
    rows = [line.split() for line in TABLE.strip().splitlines()]
    assert [row[0] for row in rows] == list(get_args(LinkClass))
    for class_, new, old in rows:
        finding = Finding(class_, "")  # type: ignore[arg-type]
        assert (verdict(finding, True), verdict(finding, False)) == (new, old)


def test_a_certificate_that_ends_soon_is_at_most_a_warning() -> None:
    assert verdict(Finding("tls", "", at_most="warn"), True) == "warn"


A = "https://a.example/page"
LOGIN = "https://a.example/login"
TEAM: Audience = "team"
ALL: Audience = "everyone"


CHALLENGE = ("cf-mitigated: challenge",)


def seen(status: int | None, ended: str = A, hops: tuple[int, ...] = (), asked: str = A, **more: Any) -> Observation:
    steady = next((number for number, hop in enumerate(hops) if hop not in (301, 308)), len(hops))
    ways = tuple(Hop(url=A if number == 0 else f"{A}/{number}", status=hop) for number, hop in enumerate(hops))
    return Observation(asked, ended, ways, steady, status, **more)


@pytest.mark.parametrize(
    ("observation", "audience", "class_"),
    [
        # A challenge says nothing, whatever else is said.
        (seen(404, headers=CHALLENGE), ALL, "unknown"),
        (seen(503, headers=CHALLENGE), ALL, "unknown"),
        (seen(403, LOGIN, (302,), headers=CHALLENGE), ALL, "unknown"),
        # A login is one whatever it answers.
        (seen(404, LOGIN, (302,)), TEAM, "login"),
        (seen(503, LOGIN, (302,)), ALL, "unexpected-login"),
        (seen(200, "https://acme.okta.com/app", (302,)), TEAM, "login"),
        (seen(200, "https://login.microsoftonline.com/x", (301,)), ALL, "unexpected-login"),
        (seen(200, "https://a.example/Users/Sign_In/", (302,)), ALL, "unexpected-login"),
        (seen(200, "https://a.example/wp-login.php", (302,)), ALL, "unexpected-login"),
        (seen(200, "https://a.example/blog-about-login", (302,)), ALL, "redirected"),
        (seen(404, LOGIN, (), LOGIN), TEAM, "gone"),
        (seen(200, LOGIN, (), LOGIN), ALL, "ok"),
        (seen(200, LOGIN, (), LOGIN), TEAM, "login"),
        (seen(401), ALL, "unexpected-login"),
        (seen(403), TEAM, "login"),
        # A move to a page that is not there is none.
        (seen(404, "https://a.example/new", (301,)), ALL, "gone"),
        (seen(200, "https://a.example/new", (301,), page=Page(True, title="Page not found")), ALL, "soft-404"),
        (seen(200, "https://a.example/", (301,)), ALL, "soft-404"),
        (seen(200, "https://a.example/index.html", (302,)), ALL, "soft-404"),
        (seen(200, "https://a.example/?from=page", (302,)), ALL, "soft-404"),
        (seen(200, "https://a.example/en-us/", (301,)), ALL, "soft-404"),
        (seen(200, "https://a.example/en/", (302,), "https://a.example/"), ALL, "redirected"),
        (seen(200, "https://a.example/404.html", (302,)), ALL, "soft-404"),
        (seen(200, "https://a.example/help/not-found?from=x", (301,)), ALL, "soft-404"),
        (seen(200, "https://a.example/codes/404-not-found-explained", (302,)), ALL, "redirected"),
        (seen(200, "https://a.example/404", (), "https://a.example/404"), ALL, "ok"),
        (seen(200, "https://www.a.example/", (301,), "https://a.example/"), ALL, "moved"),
        (seen(200, "https://a.example/new", (301, 308)), ALL, "moved"),
        (seen(200, "https://a.example/new", (301, 302)), ALL, "moved"),
        (seen(200, "https://a.example/new", (302, 301)), ALL, "redirected"),
        (seen(200, "https://user:word@a.example/new", (301,)), ALL, "redirected"),
        (seen(200, "https://a.example/new", (200,)), ALL, "redirected"),
        # An anchor is looked for where the way ends.
        (seen(200, "https://a.example/new#x", (302,), page=Page(True, ids={"y"})), ALL, "anchor-missing"),
        (seen(200, "https://a.example/new#x", (302,), page=Page(False, ids={"y"})), ALL, "unknown"),
        (seen(200, f"{A}#x", page=None), ALL, "unknown"),
        (seen(200, f"{A}#page=3", kind="application/pdf"), ALL, "ok"),
        (seen(200, f"{A}#x", page=Page(True, text="a" * 10, scripts=1)), ALL, "unknown"),
        (seen(200, f"{A}#x", page=Page(True, text="a" * 1000, scripts=1)), ALL, "anchor-missing"),
        (seen(200, certificate_ends=NOW + timedelta(days=13)), ALL, "tls"),
        (seen(200, certificate_ends=NOW + timedelta(days=15)), ALL, "ok"),
        (seen(204), ALL, "ok"),
        (seen(206), ALL, "ok"),
        *((seen(status), ALL, "busy") for status in (408, 425, 429, 500, 502, 503, 504, 520)),
        *((seen(status), ALL, "blocked") for status in (300, 304, 400, 402, 403, 405, 406, 418, 451, 999)),
        (seen(None, failure="dns", detail="the name is unknown"), ALL, "dns"),
        (seen(None, failure="private", detail="10.0.0.1 is private"), ALL, "dns"),
        (seen(None, failure="tls", detail="expired"), TEAM, "tls"),
        (seen(None, failure="issuer", detail="unknown", left_out="Harbour authority"), ALL, "tls"),
        (seen(None, failure="lookup"), ALL, "busy"),
        (seen(None, failure="given-up"), ALL, "busy"),
        (seen(None, failure="timeout"), ALL, "busy"),
        (seen(None, failure="broken"), ALL, "busy"),
        (seen(None, failure="astray"), ALL, "blocked"),
    ],
)
def test_what_an_observation_means(observation: Observation, audience: Audience, class_: LinkClass) -> None:
    finding = judge(Case(observation, RULES, NOW, audience))
    assert finding.class_ == class_
    assert finding.message
    assert (finding.suggestion is not None) == (class_ == "moved")
