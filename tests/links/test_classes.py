"""Each class, seen on a real connection."""

from asyncio import StreamWriter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from handover.model.report import LinkResult
from tests.links.conftest import HOST, Checker
from tests.links.stage import Play, Request, Stage, drip, page, raw, redirect, reply, reset, silence


@dataclass(frozen=True)
class Case:
    """What a server plays, by path, and the result of one link to it."""

    plays: dict[str, Play | Sequence[Play]]
    class_: str
    status: int | None = 200
    verdict: str = "pass"
    url: str = "/page"
    link: dict[str, str] = field(default_factory=dict)
    words: str = ""
    suggestion: str | None = None
    final: str | None = None
    hops: Sequence[tuple[str, int]] | None = None
    times: int | None = None
    least: int = 1
    timeout: float = 10.0
    longest_wait: float | None = None
    hosts: Sequence[str] = ()
    """Hosts that the server plays at the path of their name."""


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
    "a redirect to nothing": Case({"/page": redirect("")}, "blocked", 302),
    **{
        f"a redirect to '{location}'": Case({"/page": redirect(location)}, "blocked", None)
        for location in ("mailto:crew@tideline.example", "javascript:alert(1)", "https://", "http://[::1")
    },
    **{
        f"a deep page that redirects to the front page with {status}": Case(
            {"/deep/page": redirect("/", status), "/": reply(200, page())}, "soft-404", verdict="warn", url="/deep/page"
        )
        for status in (301, 302)
    },
    **{f"{status} twice": Case({"/page": reply(status)}, "gone", status, "fail", times=2) for status in (404, 410)},
    "404 once": Case({"/page": [reply(404), reply(200, page())]}, "ok", times=2),
    "404 with a Retry-After, once": Case(
        {"/page": [reply(404, Retry_After="3600"), reply(200, page())]}, "ok", longest_wait=1
    ),
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
        )
    },
    **{f"busy with {status}": Case({"/page": reply(status)}, "busy", status, times=3) for status in (429, 500, 503)},
    **{
        f"busy with {name}": Case({"/page": play}, "busy", None, least=3)
        for name, play in (("a reset", reset), ("nonsense", raw(b"nonsense\r\n\r\n")), ("nothing", raw(b"")))
    },
    "no answer": Case({"/page": silence}, "busy", None, times=3, timeout=0.5),
    "a page that drips": Case({"/page": drip}, "ok", words="not read to the end"),
    **{
        f"busy once, with the Retry-After '{value}'": Case(
            {"/page": [reply(503, Retry_After=value), reply(200, page())]}, "ok", times=2
        )
        for value in ("soon", "-5", "", "Wed, 32 Foo")
    },
    "an anchor of a page that a script draws": Case(
        {"/page": reply(200, SHELL)}, "unknown", url="/page#part", words="is unknown"
    ),
    **{
        f"an anchor of what a script draws beside a menu, {name}": Case(
            {"/page": reply(200, html)}, "unknown", url="/page#part", words="is unknown"
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


def wall(title: str = "", body: str = "", head: str = "") -> str:
    """A short page."""
    return f"<title>{title}</title>{head}<body>{body}<p>One moment.</p><script src=w.js></script>"


async def cookie_wall(request: Request, writer: StreamWriter) -> None:
    kept = request.headers.get("cookie", "").encode("latin-1").decode()
    met = 'cfg={"a":1,"b":"x y"}' in kept and "name=Grüße" in kept
    lines = ('cfg={"a":1,"b":"x y"}; Path=/; Partitioned; Priority=High', "name=Grüße; SameSite=None; Secure")
    text = "".join(f"Set-Cookie: {line}\r\n" for line in lines)
    away = f"HTTP/1.1 302 F\r\nLocation: /page\r\n{text}Content-Length: 0\r\n\r\n".encode()
    await (reply(200, page()) if met else raw(away))(request, writer)


def answer(head: str, body: str = page(body="<h2 id=part>")) -> Play:
    return raw(f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}\r\n{body}".encode("latin-1"))


PAGE = page(body="<h2 id=part>")
FORM = "<form><input name=u><input type=password></form>"
GITHUB: dict[str, Any] = {"hosts": ["github.com"], "link": {"audience": "team"}}
CASINO = reply(200, page("Lucky casino", "<h1>Slots</h1>"))
OEMBED = "/www.youtube.com/oembed?format=json&url="
VIDEO = "https://www.youtube.com/watch?v=abc"
WATCH = reply(200, wall(" - YouTube", "About Press Copyright Contact us Creators Advertise Developers Terms Privacy"))
OEMBED_OF = OEMBED + "https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dabc"

KINDS: dict[str, Case] = {
    # A bot wall, on any status.
    **{
        f"the wall of {name}": Case(
            {"/page": reply(status, html, **headers)}, "unknown", status, words="for a human", times=1
        )
        for name, status, html, headers in (
            ("Cloudflare", 403, wall("Just a moment..."), {"cf_mitigated": "challenge"}),
            ("Cloudflare, busy", 503, page(), {"cf_mitigated": "challenge"}),
            ("Cloudflare, well", 200, wall("Just a moment..."), {}),
            ("Anubis", 200, wall("Making sure you&#39;re not a bot!"), {}),
            ("Imperva", 200, wall(head="<iframe src='/_Incapsula_Resource?x=1'></iframe>"), {}),
            ("AWS", 202, wall(head="<script>AwsWafIntegration.checkForceRefresh()</script>"), {}),
            ("AWS, by its header", 202, "", {"x_amzn_waf_action": "challenge"}),
            ("DataDome", 403, wall(head="<script src=https://ct.captcha-delivery.com/c.js></script>"), {}),
        )
    },
    "an article about a wall": Case(
        {"/page": reply(200, page("Anubis", "<pre>anubis_challenge</pre>", words=200))}, "ok"
    ),
    "a shell without words": Case({"/page": reply(200, SHELL)}, "unknown", words="a script draws the page"),
    "a short page with a script": Case(
        {
            "/page": reply(
                200, wall("Opening hours", "<p>We are open from nine to five, Monday to Friday, and at noon.")
            )
        },
        "ok",
    ),
    # A login in the place of the page.
    **{
        f"a login in place, {name}, for {audience}": Case(
            {"/page": reply(200, html)}, class_, verdict=verdict, link={"audience": audience}
        )
        for name, html in (
            ("by its title", page("Sign in · Harbour", FORM)),
            ("by its heading", page("Harbour", f"<h1>Please log in</h1>{FORM}")),
            (
                "by the field for an address",
                wall("Sign in", "<p>Your work email<input type=email><button>Next</button>"),
            ),
            ("by its brevity", wall("Harbour wiki", f"<p>Your name and password</p>{FORM}")),
        )
        for audience, class_, verdict in (("everyone", "unexpected-login", "fail"), ("team", "login", "pass"))
    },
    "a page with a login in its corner": Case({"/page": reply(200, page("Forum", FORM))}, "ok"),
    "a page with a newsletter": Case({"/page": reply(200, page("Forum", "<input type=email name=e>"))}, "ok"),
    "a page about how to sign in": Case({"/page": reply(200, page("How to sign in", "<input type=email>"))}, "ok"),
    "a form to sign up": Case(
        {
            "/page": reply(
                200, wall("Create your account", "Your name and password, please, for the new account." + FORM)
            )
        },
        "ok",
    ),
    "a closed form": Case(
        {
            "/page": reply(
                200, wall("Survey", "The form Survey is no longer accepting responses. Ask its owner about it.")
            )
        },
        "unknown",
        words="takes no answers",
    ),
    # Anchors that a script draws.
    "a line of code": Case(
        {"/github.com/a/b/blob/main/x.py": reply(200, page())},
        "unknown",
        url="https://github.com/a/b/blob/main/x.py#L11",
        hosts=["github.com"],
    ),
    "a page of a PDF": Case({"/page": reply(200, b"%PDF", "application/pdf")}, "ok", url="/page#page=3"),
    # 404 to strangers.
    "a private repository": Case({}, "unknown", 404, url="https://github.com/acme/private", **GITHUB),
    "a file of a private repository": Case(
        {}, "unknown", 404, url="https://github.com/acme/private/blob/main/x", **GITHUB
    ),
    "a missing file of a public repository": Case(
        {"/github.com/acme/public": reply(200, page())},
        "gone",
        404,
        "fail",
        url="https://github.com/acme/public/blob/main/x",
        **GITHUB,
    ),
    "a private repository in a link for everyone": Case(
        {}, "gone", 404, "fail", url="https://github.com/acme/private", hosts=["github.com"]
    ),
    "a page below a folder that is hidden too": Case({}, "unknown", 404, url="/wiki/page", link={"audience": "team"}),
    "a page that is missing from a folder": Case(
        {"/wiki": reply(200, page())}, "gone", 404, "fail", url="/wiki/page", link={"audience": "team"}
    ),
    # A site that shows the same page for all.
    **{
        f"a film whose oEmbed answers {status}": Case(
            {"/www.youtube.com/watch?v=abc": WATCH, OEMBED_OF: reply(status, "{}", "application/json")},
            class_,
            verdict=verdict,
            url=VIDEO,
            hosts=["www.youtube.com"],
        )
        for status, class_, verdict in (
            (200, "ok", "pass"),
            (404, "soft-404", "warn"),
            (401, "unknown", "pass"),
            (503, "unknown", "pass"),
        )
    },
    # Another owner.
    "parked by way of ww1": Case(
        {"/old.test/x": redirect("https://ww1.old.test/x"), "/ww1.old.test/x": CASINO},
        "changed",
        verdict="warn",
        url="https://old.test/x",
        hosts=["old.test", "ww1.old.test"],
    ),
    "for sale": Case({"/page": reply(200, wall("a.example - This website is for sale!"))}, "changed", verdict="warn"),
    "a lander": Case(
        {"/page": reply(200, '<script>window.onload=function(){window.location.href="/lander"}</script>')},
        "changed",
        verdict="warn",
    ),
    "301 to another owner's front page": Case(
        {"/page": redirect("https://casino.test/", 301), "/casino.test/": CASINO},
        "changed",
        verdict="warn",
        words="now 'Lucky casino', at another site, casino.test",
        hosts=["casino.test"],
    ),
    "302 to another site": Case(
        {"/page": redirect("https://b.test/x"), "/b.test/x": NEW},
        "redirected",
        words="another site, b.test",
        hosts=["b.test"],
    ),
    "301 to another site about the same": Case(
        {
            "/page": redirect("https://b.test/quay", 301),
            "/b.test/quay": reply(200, page("The page about it, sheltered harbours")),
        },
        "moved",
        verdict="warn",
        words="write it as moved_to",
        hosts=["b.test"],
        link={"title": "Sheltered places"},
    ),
    "301 to another site, as the author says": Case(
        {"/page": redirect("https://b.test/quay", 301), "/b.test/quay": CASINO},
        "moved",
        verdict="warn",
        suggestion="https://b.test/quay",
        link={"moved_to": "https://b.test/quay"},
        hosts=["b.test"],
    ),
    # A move that others would not see.
    "301 and 302": Case(
        {"/page": redirect("/new", 301), "/new": redirect("/today"), "/today": NEW},
        "moved",
        verdict="warn",
        suggestion="/new",
    ),
    **{
        f"301 to {name}": Case({"/page": redirect(target, 301, **headers), target: NEW}, "redirected", final=target)
        for name, target, headers in (
            ("a session", "/new;jsessionid=1A2B", {}),
            ("a session in the query", "/new?PHPSESSID=1a2b", {}),
            ("a signature", "/new?X-Amz-Signature=1a2b", {}),
            ("a language", "/en-us/new", {}),
            ("a language in the query", "/new?hl=de", {}),
            ("what the language decides", "/new", {"Vary": "Accept-Encoding, Accept-Language"}),
        )
    },
    "301 within a language": Case(
        {"/en/page": redirect("/en-us/new", 301), "/en-us/new": NEW},
        "moved",
        verdict="warn",
        url="/en/page",
        suggestion="/en-us/new",
    ),
    "301 to the default port": Case(
        {"/page": redirect("https://a.example:443/new", 301), "/new": NEW}, "moved", verdict="warn", suggestion="/new"
    ),
    "301 with an anchor that cannot be checked": Case(
        {"/page": redirect("/new", 301), "/new": reply(200, SHELL)},
        "moved",
        verdict="warn",
        url="/page#part",
        suggestion="/new#part",
    ),
    # As lenient as a browser.
    **{
        f"an odd answer, {name}": Case({"/page": play}, class_, url=f"/page#{anchor}")
        for name, play, anchor, class_ in (
            ("shorter than its length", answer("Content-Length: 100000\r\n"), "part", "ok"),
            ("shorter than its length, without the anchor", answer("Content-Length: 100000\r\n"), "no", "unknown"),
            ("cut in a chunk", answer("Transfer-Encoding: chunked\r\n", f"{len(PAGE):x}\r\n{PAGE}\r\n"), "part", "ok"),
            (
                "with a chunk of no size",
                answer("Transfer-Encoding: chunked\r\n", f"{len(PAGE):x}\r\n{PAGE}\r\nzz\r\n"),
                "part",
                "ok",
            ),
            ("with its length twice", answer(f"Content-Length: {len(PAGE)}\r\n" * 2), "part", "ok"),
            (
                "with 500 headers",
                answer("".join(f"X-{n}: v\r\n" for n in range(500)) + f"Content-Length: {len(PAGE)}\r\n"),
                "part",
                "ok",
            ),
            ("with a header of two words", answer(f"X-Ser ver: a\r\nContent-Length: {len(PAGE)}\r\n"), "part", "ok"),
            ("with a header in Latin-1", answer(f"X-A: \xe9t\xe9\r\nContent-Length: {len(PAGE)}\r\n"), "part", "ok"),
        )
    },
    "a redirect below a header of two words": Case(
        {
            "/page": raw(b"HTTP/1.1 302 Found\r\nX-Ser ver: a\r\nLocation: /caf\xc3\xa9\r\nContent-Length: 0\r\n\r\n"),
            "/caf%C3%A9": NEW,
        },
        "redirected",
        final="/caf%C3%A9",
    ),
    "modern cookies": Case({"/page": cookie_wall}, "redirected"),
    "a Refresh header": Case(
        {"/page": reply(200, page(), Refresh="0; url=/new"), "/new": NEW}, "redirected", final="/new"
    ),
    "a script that jumps": Case(
        {"/page": reply(200, '<script>\nlocation.replace("/new");\n</script>'), "/new": NEW}, "redirected", final="/new"
    ),
    "a script that may jump": Case(
        {"/page": reply(200, "<script>if (x) { location.replace('/new') }</script>")}, "unknown"
    ),
    "pages that send each other on": Case(
        {
            "/page": reply(200, page(head=TO_NEW)),
            "/new": reply(200, page(head="<meta http-equiv=refresh content='0; /3'>")),
        },
        "redirected",
        final="/new",
    ),
}


CASES |= KINDS


def full(url: str) -> str:
    return HOST + url if url.startswith("/") else url


@pytest.mark.parametrize("name", CASES)
def test_each_answer_has_its_class(checker: Checker, world: Stage, name: str) -> None:
    case = CASES[name]
    for path, plays in case.plays.items():
        world.on(path, *([plays] if callable(plays) else plays))
    checker.settings["timeout"] = case.timeout
    checker.maps += tuple(f"https://{host}/={world.base}{host}/" for host in case.hosts)
    result = checker.one(case.url, **case.link)
    assert (result.class_, result.verdict, result.status) == (case.class_, case.verdict, case.status)
    assert result.suggestion == (case.suggestion and full(case.suggestion))
    assert case.words in result.message
    if case.final is not None:
        assert result.final_url == HOST + case.final
    if case.hops is not None:
        assert [(hop.url, hop.status) for hop in result.hops] == [(HOST + path, status) for path, status in case.hops]
    if not case.hosts:
        assert world.times(case.url.partition("#")[0]) >= case.least
    if case.times is not None:
        assert world.times(case.url.partition("#")[0]) == case.times
    if case.longest_wait is not None:
        assert max(checker.waits) < case.longest_wait
    assert (result.path, result.line, result.url) == ("data/links.yml", 4, full(case.url))


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
        "Nothing here | Harbour",
        "This article has been removed",
        "Oups ! Page introuvable",
        "Cette page n'existe pas",
        "Nie znaleziono strony",
        "Страница не найдена",
        "您访问的页面不存在",
        "お探しのページは見つかりませんでした",
        "페이지를 찾을 수 없습니다",
        "لم يتم العثور على الصفحة",
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
        "Missing emails? Here's what to do",
        "User not found when signing in - Harbour help",
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
        "<h1 id=user-content-readme>R</h1><p>It\u2019s a long&shy;shore \u201cwalk\u201d."
        "<script>var x = '<b id=script>'</script><!-- <b id=comment> -->"
    )
    world.on("/page", reply(200, page(body=body)))
    there = ["part", "old", "", "top", "gr%C3%BC%C3%9Fe", "grüße", "a%20b", "readme", "part:~:text=read"]
    there += [":~:text=read", ":~:text=Some-,thing%20to,read,-.&text=Something"]
    there += [":~:text=It%27s%20a%20longshore%20%22walk%22"]
    unknown = ["/inbox", "!inbox", "L12", "note_1234"]
    missing = ["nope", "Part", "nope:~:text=read", "script", "comment", ":~:text=not%20there", ":~:text=read,zebra"]
    fragments = [*there, *unknown, *missing]
    found = checker({f"f{number}": {"url": f"/page#{fragment}"} for number, fragment in enumerate(fragments)})
    classes = {fragments[int(name[1:])]: (result.class_, result.verdict) for name, result in found.items()}
    assert classes == {
        **dict.fromkeys(there, ("ok", "pass")),
        **dict.fromkeys(unknown, ("unknown", "pass")),
        **dict.fromkeys(missing, ("anchor-missing", "warn")),
    }
    assert found[f"f{fragments.index(':~:text=not%20there')}"].message == "the page has no text 'not there'"
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
        ("https://book.tideline.example/noor", "unknown", "pass"),
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
