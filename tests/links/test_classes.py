"""Each class, seen on a real connection."""

from asyncio import StreamWriter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from handover.model.link import LinkClass
from handover.model.link_report import LinkResult
from tests.links.conftest import HOST, Checker
from tests.links.stage import Play, Request, Stage, drip, page, raw, redirect, reply, reset, silence


@dataclass(frozen=True)
class Case:
    """What a server plays, by path, and the result of one link to it."""

    plays: dict[str, Play | Sequence[Play]]
    class_: LinkClass
    status: int | None = 200
    verdict: str = "pass"
    url: str = "/page"
    link: dict[str, str] = field(default_factory=dict)
    words: str = ""
    suggestion: str | None = None
    final: str | None = None
    hops: Sequence[tuple[str, int]] | None = None
    times: int | None = None
    timeout: float = 10.0


async def wants_a_cookie(request: Request, writer: StreamWriter) -> None:
    met = "seen=yes" in request.headers.get("cookie", "")
    await (reply(200, page()) if met else redirect("/page", Set_Cookie="seen=yes; Path=/"))(request, writer)


async def head_only(request: Request, writer: StreamWriter) -> None:
    await reply(200 if request.method == "HEAD" else 405)(request, writer)


NEW = reply(200, page(body="<h2 id=part>Part</h2>"))
SHELL = "<title>App</title><div id=app></div><noscript>Switch scripts on</noscript><script src=app.js></script>"
APP = page(body="<div id=root></div>", head="<script src=app.js></script>")
MENU = page(body="<main class='x' id='__next'>\n</main>", head="<script src=app.js></script>")
UNKNOWN = "so whether it works is unknown"
TO_NEW, TO_ITSELF = (
    '<meta http-equiv="Refresh" content="0; URL=\'/new\'">',
    "<meta http-equiv=refresh content='5; /page'>",
)
HUGE = raw(b"HTTP/1.1 200 OK\r\nX-Huge: " + b"a" * 300_000 + b"\r\n\r\n")

CASES: dict[str, Case] = {
    "a page": Case({"/page": reply(200, page())}, "ok", final="/page", hops=(), times=1),
    "a front page": Case({"/": reply(200, page())}, "ok", url="/"),
    "an empty page at any path": Case({"/page": reply(200, b""), "*": reply(200, b"")}, "ok"),
    "a login page that is linked as such": Case({"/me/sign_in": reply(200, page("Sign in"))}, "ok", url="/me/sign_in"),
    **{
        f"a file of type {kind}": Case({"/page": reply(200, b"%PDF", kind)}, "ok")
        for kind in ("application/pdf", "image/png", "text/plain")
    },
    "a page without a type": Case({"/page": reply(200, page("404"), None)}, "soft-404", verdict="warn"),
    "data without a type": Case({"/page": reply(200, "id,name", None)}, "ok"),
    "a large header": Case({"/page": reply(200, page(), Content_Security_Policy="a" * 40_000)}, "ok"),
    "a header without an end": Case({"/page": HUGE}, "busy", None),
    "HEAD only": Case({"/page": head_only}, "ok"),
    "neither GET nor HEAD": Case({"/page": reply(405)}, "blocked", 405, words=UNKNOWN),
    **{
        f"{status} and 308": Case(
            {"/page": redirect("/between", status), "/between": redirect("/new", 308), "/new": NEW},
            "moved", verdict="warn", suggestion="/new", hops=[("/page", status), ("/between", 308)],
        )
        for status in (301, 308)
    },
    **{
        f"{status} and 301": Case(
            {"/page": redirect("/between", status), "/between": redirect("/new", 301), "/new": NEW}, "redirected"
        )
        for status in (302, 303, 307)
    },
    "a refresh to another page": Case(
        {"/page": reply(200, page(head=TO_NEW)), "/new": NEW}, "redirected", url="/page#part", final="/new#part"
    ),
    "a refresh to itself": Case({"/page": reply(200, page(head=TO_ITSELF))}, "ok"),
    "a move that keeps the fragment": Case(
        {"/page": redirect("/new", 301), "/new": NEW}, "moved", verdict="warn", url="/page#part", suggestion="/new#part"
    ),
    "a move that loses the fragment": Case(
        {"/page": redirect("/new", 301), "/new": NEW},
        "moved", verdict="warn", url="/page#no", suggestion="/new", words="has no '#no'",
    ),
    "a redirect until a cookie comes back": Case({"/page": wants_a_cookie}, "redirected"),
    "redirects in a circle": Case(
        {"/page": redirect("/b", 301), "/b": redirect("/page", 301)},
        "blocked", None, words="in a circle", hops=[("/page", 301), ("/b", 301)],
    ),
    "a redirect without a location": Case({"/page": reply(302)}, "blocked", 302),
    **{
        f"a redirect to '{location}'": Case({"/page": redirect(location)}, "blocked", None)
        for location in ("mailto:crew@tideline.example", "javascript:alert(1)", "https://", "http://[::1", "")
    },
    **{
        f"a deep page that redirects to the front page with {status}": Case(
            {"/deep/page": redirect("/", status), "/": reply(200, page())}, "soft-404", verdict="warn", url="/deep/page"
        )
        for status in (301, 302)
    },
    **{f"{status} twice": Case({"/page": reply(status)}, "gone", status, "fail", times=2) for status in (404, 410)},
    "404 once": Case({"/page": [reply(404), reply(200, page())]}, "ok", times=2),
    "404 with a Retry-After, once": Case({"/page": [reply(404, Retry_After="3600"), reply(200, page())]}, "ok"),
    "gone, with a moved_to that works": Case(
        {"/new": NEW}, "gone", 404, "fail",
        link={"moved_to": f"{HOST}/new#part"}, suggestion="/new#part", words="its moved_to works",
    ),
    "gone, with a moved_to that is gone": Case(
        {}, "gone", 404, "fail", link={"moved_to": f"{HOST}/no"}, words="does not work either (gone)"
    ),
    **{
        f"blocked by {name}": Case({"/page": play}, "blocked", status, words=UNKNOWN, times=1)
        for name, status, play in (
            ("403", 403, reply(403)),
            ("999", 999, reply(999)),
            ("a challenge with 503", 503, reply(503, cf_mitigated="challenge")),
            ("a challenge with 200", 200, reply(200, page(), cf_mitigated="challenge")),
        )
    },
    **{f"busy with {status}": Case({"/page": reply(status)}, "busy", status, times=3) for status in (429, 500, 503)},
    **{
        f"busy with {name}": Case({"/page": play}, "busy", None)
        for name, play in (("a reset", reset), ("nonsense", raw(b"nonsense\r\n\r\n")), ("nothing", raw(b"")))
    },
    "no answer": Case({"/page": silence}, "busy", None, times=3, timeout=0.1),
    "a page that drips": Case({"/page": drip}, "busy", None, timeout=0.2),
    **{
        f"busy once, with the Retry-After '{value}'": Case(
            {"/page": [reply(503, Retry_After=value), reply(200, page())]}, "ok", times=2
        )
        for value in ("soon", "-5", "", "Wed, 32 Foo")
    },
    "an anchor of a page that a script draws": Case(
        {"/page": reply(200, SHELL)}, "ok", url="/page#part", words="is unknown"
    ),
    **{
        f"an anchor of what a script draws beside a menu, {name}": Case(
            {"/page": reply(200, html)}, "ok", url="/page#part", words="is unknown"
        )
        for name, html in (("React", APP), ("Next", MENU))
    },
    **{
        f"an anchor of what a script has drawn, {name}": Case(
            {"/page": reply(200, html.replace("</", "Drawn</"))}, "anchor-missing", verdict="warn", url="/page#part"
        )
        for name, html in (("React", APP), ("Next", MENU))
    },
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_answer_has_its_class(checker: Checker, world: Stage, name: str) -> None:
    case = CASES[name]
    for path, plays in case.plays.items():
        world.on(path, *([plays] if callable(plays) else plays))
    checker.settings["timeout"] = case.timeout
    result = checker.one(case.url, **case.link)
    assert (result.class_, result.verdict, result.status) == (case.class_, case.verdict, case.status)
    assert result.suggestion == (case.suggestion and HOST + case.suggestion)
    assert case.words in result.message
    if case.final is not None:
        assert result.final_url == HOST + case.final
    if case.hops is not None:
        assert [(hop.url, hop.status) for hop in result.hops] == [(HOST + path, status) for path, status in case.hops]
    if case.times is not None:
        assert world.times(case.url.partition("#")[0]) == case.times


def facts(result: LinkResult) -> tuple[str, str, int | None]:
    return (result.class_, result.verdict, result.status)


def test_logins(checker: Checker, world: Stage) -> None:
    (checker.root / "data/link-check.yml").write_text("login_hosts: ['*.boats.example']\n", encoding="utf-8")
    checker.maps += (f"https://login.crewgate.example/={world.base}crewgate/",)
    checker.maps += (f"https://id.boats.example/={world.base}boats/",)
    for path in ("/crewgate/", "/boats/enter", "/users/sign_in?back=/report"):
        world.on(path, reply(200, page("Who are you?")))
    ways = {
        "refused": reply(401),
        "forbidden": reply(403),
        "path": redirect("/users/sign_in?back=/report"),
        "host": redirect("https://login.crewgate.example/"),
        "own-host": redirect("https://id.boats.example/enter", 301),
    }
    links = {}
    for way, play in ways.items():
        links[f"team-{way}"] = {"url": world.on(f"/team/{way}", play), "audience": "team"}
        links[f"all-{way}"] = {"url": world.on(f"/all/{way}", play), "audience": "everyone"}
    found = checker(links)
    for way in ways:
        team, everyone = found[f"team-{way}"], found[f"all-{way}"]
        assert (team.class_, team.verdict) == ("login", "pass"), way
        assert "target not verified" in team.message
        expected = ("blocked", "pass") if way == "forbidden" else ("unexpected-login", "fail")
        assert (everyone.class_, everyone.verdict) == expected, way


def test_soft_404_by_its_words(checker: Checker, world: Stage) -> None:
    titles = [
        "404",
        "Page not found | Harbour",
        "404 - Page Not Found",
        "Error 404 (Not Found)!!1",
        "Harbour — Not found",
        "Sorry, we can\u2019t find that page",
        "Oops, page not found! | What we do",
        "The page you are looking for cannot be found",
        "404 - File or directory not found.",
        "The requested URL was not found on this server",
    ]
    links = {}
    for number, title in enumerate(titles):
        links[f"title{number}"] = {"url": world.on(f"/title/{number}", reply(200, page(title)))}
        heading = page("Harbour", f"<h1 class='x'><b>{title}</b></h1>")
        links[f"heading{number}"] = {"url": world.on(f"/heading/{number}", reply(200, heading))}
    for name, result in checker(links).items():
        assert facts(result) == ("soft-404", "warn", 200), name


def test_words_about_not_finding_are_no_soft_404(checker: Checker, world: Stage) -> None:
    titles = [
        "How to mend 404 errors",
        "Room 404 of the hotel",
        "404s",
        "Lost and not found, a story",
        "Page 404 of 900",
        "404 area code history",
        "HTTP 404 - The free encyclopaedia",
        "How to mend \u201cThis page isn't available\u201d",
        "Harbour docs | Why a page cannot be found by search engines",
        "Troubleshooting: page not found",
        "What happens when a page does not exist?",
    ]
    links = {f"t{n}": {"url": world.on(f"/{n}", reply(200, page(title)))} for n, title in enumerate(titles)}
    assert {titles[int(name[1:])]: result.class_ for name, result in checker(links).items()} == dict.fromkeys(
        titles, "ok"
    )


def test_the_same_page_for_any_address_is_a_soft_404(checker: Checker, world: Stage) -> None:
    async def anything(request: Any, writer: Any) -> None:
        text = page(body=f"<p>You asked for {request.path}. Token {id(request):040d}</p>")
        await reply(200, text)(request, writer)

    world.otherwise = anything
    found = checker({"a": {"url": "/some/page"}, "b": {"url": "/another"}})
    assert {facts(result) for result in found.values()} == {("soft-404", "warn", 200)}
    assert len(world.asked) == 3  # one address that nobody made for the host


def test_busy_and_then_well_is_well(checker: Checker, world: Stage) -> None:
    assert checker.one(world.on("/busy", reply(503), reply(429), reply(200, page()))).class_ == "ok"
    first, second = checker.waits.long
    assert 0.25 <= first <= 0.5 <= second <= 1.0


def test_dns(checker: Checker) -> None:
    asked = []

    async def nobody(host: str, port: int) -> list[str]:
        asked.append(host)
        raise OSError("no such name")

    checker.settings["lookup"] = nobody
    result = checker.one("https://nobody.invalid/x")
    assert facts(result) == ("dns", "fail", None)
    assert asked == ["nobody.invalid"] * 2
    assert (result.final_url, result.hops) == (None, ())


def test_anchors(checker: Checker, world: Stage) -> None:
    body = (
        "<h2 class=x id=part>Part</h2><a name='old'></a><h3 ID=\"gr&uuml;&szlig;e\">G</h3><p id='a b'>"
        "<h1 id=user-content-readme>R</h1><script>var x = '<b id=script>'</script><!-- <b id=comment> -->"
    )
    world.on("/page", reply(200, page(body=body)))
    there = ["part", "old", "", "top", "gr%C3%BC%C3%9Fe", "grüße", "a%20b", "readme", "part:~:text=read"]
    unknown = [":~:text=read", "/inbox", "!inbox"]
    missing = ["nope", "Part", "nope:~:text=read", "script", "comment"]
    fragments = [*there, *unknown, *missing]
    found = checker({f"f{number}": {"url": f"/page#{fragment}"} for number, fragment in enumerate(fragments)})
    classes = {fragments[int(name[1:])]: (result.class_, result.verdict) for name, result in found.items()}
    assert classes == {
        **dict.fromkeys(there + unknown, ("ok", "pass")),
        **dict.fromkeys(missing, ("anchor-missing", "warn")),
    }
    told = {fragments[int(name[1:])] for name, result in found.items() if "is unknown" in result.message}
    assert told == set(unknown)
    assert world.times("/page") == 1


def test_an_old_link_only_warns(checker: Checker, world: Stage) -> None:
    world.on("/in", redirect("/login"))
    links = {"gone": {"url": "/nothing"}, "login": {"url": "/in"}, "moved": {"url": "/old"}}
    checker.settings["before"] = frozenset({(f"{HOST}{link['url']}", "everyone") for link in links.values()})
    assert {result.verdict for result in checker(links).values()} == {"warn"}


@pytest.mark.parametrize(
    ("url", "expect", "until", "verdict", "words"),
    [
        ("/gone", "gone", date(2026, 11, 25), "pass", "Expected until 2026-11-25: They are rebuilding."),
        ("/gone", "tls", date(2026, 11, 25), "fail", "404, twice"),
        ("/gone", "gone", date(2026, 11, 24), "fail", "Its exception ended on 2026-11-24"),
        ("/fine", "gone", date(2026, 11, 24), "fail", "Its exception ended on 2026-11-24"),
        ("/fine", "gone", date(2026, 11, 25), "pass", "It works now: 'expect' can be deleted"),
    ],
)
def test_an_exception_excuses_its_own_class_until_its_day(
    checker: Checker, world: Stage, url: str, expect: str, until: date, verdict: str, words: str
) -> None:
    world.on("/fine", reply(200, page()))
    result = checker.one(url, expect={"class": expect, "reason": "They are rebuilding.", "until": until})
    assert (result.class_, result.verdict) == ("gone" if url == "/gone" else "ok", verdict)
    assert words in result.message


def test_each_option_of_a_choice_is_asked_and_a_sample_is_no_failure(checker: Checker, world: Stage) -> None:
    for name in ("he", "she"):
        world.on(f"/{name}/guide", reply(200, page()))
    outcome = checker.outcome(
        {"by": {"url": "/{{ engineer_pronouns.subject }}/guide"}, "own": {"url": "{{ engineer_calendar }}"}}
    )
    assert [(each.url.removeprefix(HOST), each.class_, each.verdict) for each in outcome.report.links] == [
        ("/he/guide", "ok", "pass"),
        ("/she/guide", "ok", "pass"),
        ("/they/guide", "gone", "fail"),
        ("https://book.tideline.example/noor", "dns", "pass"),
    ]


def test_a_path_is_below_the_handbook(checker: Checker, world: Stage) -> None:
    checker.maps = (f"https://crew.tideline.example/={world.base}crew/",)
    world.on("/crew/boards/", reply(200, page()))
    (checker.root / "data/links.yml").write_text(
        "board: { title: Board, url: /boards/, audience: team }\n", encoding="utf-8"
    )
    checker.write = lambda links: None  # type: ignore[method-assign]
    result = checker({})["board"]
    assert (result.class_, result.url) == ("ok", "https://crew.tideline.example/boards/")
