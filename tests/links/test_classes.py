"""Each class of the table, seen on a real connection."""

from datetime import date
from typing import Any

import pytest

from handover.model.link_report import LinkResult
from tests.links.conftest import HOST, Checker
from tests.links.stage import Stage, page, raw, redirect, reply, reset, silence


def facts(result: LinkResult) -> tuple[str, str, int | None]:
    return (result.class_, result.verdict, result.status)


def test_ok(checker: Checker, world: Stage) -> None:
    result = checker.one(world.on("/guide", reply(200, page())))
    assert facts(result) == ("ok", "pass", 200)
    assert (result.final_url, result.hops, result.suggestion) == (f"{HOST}/guide", (), None)
    assert (result.path, result.line, result.url) == ("data/links.yml", 4, f"{HOST}/guide")


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "text/plain"])
def test_what_is_no_page_is_ok_and_not_read(checker: Checker, world: Stage, kind: str) -> None:
    assert checker.one(world.on("/file", reply(200, b"%PDF", kind))).class_ == "ok"


@pytest.mark.parametrize("status", [301, 308])
def test_moved(checker: Checker, world: Stage, status: int) -> None:
    world.on("/new", reply(200, page()))
    world.on("/between", redirect("/new", 308))
    result = checker.one(world.on("/old", redirect("/between", status)))
    assert facts(result) == ("moved", "warn", 200)
    assert result.suggestion == f"{HOST}/new"
    assert [(hop.url, hop.status) for hop in result.hops] == [(f"{HOST}/old", status), (f"{HOST}/between", 308)]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_redirected(checker: Checker, world: Stage, status: int) -> None:
    world.on("/new", reply(200, page()))
    world.on("/between", redirect("/new", 301))
    result = checker.one(world.on("/old", redirect("/between", status)))
    assert facts(result) == ("redirected", "pass", 200)
    assert result.suggestion is None


def test_a_page_that_sends_its_reader_on_is_followed(checker: Checker, world: Stage) -> None:
    world.on("/new", reply(200, page(body="<h2 id=part>Part</h2>")))
    head = '<meta http-equiv="Refresh" content="0; URL=\'/new\'">'
    result = checker.one(world.on("/old", reply(200, page(head=head))) + "#part")
    assert facts(result) == ("redirected", "pass", 200)
    assert result.final_url == f"{HOST}/new#part"


def test_a_page_that_loads_itself_anew_is_ok(checker: Checker, world: Stage) -> None:
    head = '<meta http-equiv="refresh" content="5; url=/board">'
    assert checker.one(world.on("/board", reply(200, page(head=head)))).class_ == "ok"


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


def test_an_address_that_is_a_login_itself_may_be_one(checker: Checker, world: Stage) -> None:
    assert checker.one(world.on("/customers/sign_in", reply(200, page("Sign in")))).class_ == "ok"


@pytest.mark.parametrize("status", [404, 410])
def test_gone_is_asked_twice(checker: Checker, world: Stage, status: int) -> None:
    result = checker.one(world.on("/old", reply(status)))
    assert facts(result) == ("gone", "fail", status)
    assert world.times("/old") == 2


def test_gone_once_and_then_well_is_well(checker: Checker, world: Stage) -> None:
    assert checker.one(world.on("/flaky", reply(404), reply(200, page()))).class_ == "ok"


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


@pytest.mark.parametrize("status", [301, 302])
def test_a_deep_address_that_lands_on_the_front_page_is_a_soft_404(checker: Checker, world: Stage, status: int) -> None:
    world.on("/", reply(200, page()))
    result = checker.one(world.on("/deep/page", redirect("/", status)))
    assert facts(result) == ("soft-404", "warn", 200)


def test_the_front_page_itself_is_ok(checker: Checker, world: Stage) -> None:
    world.otherwise = reply(200, page())
    assert checker.one("/").class_ == "ok"


def test_the_same_page_for_any_address_is_a_soft_404(checker: Checker, world: Stage) -> None:
    async def anything(request: Any, writer: Any) -> None:
        text = page(body=f"<p>You asked for {request.path}. Token {id(request):040d}</p>")
        await reply(200, text)(request, writer)

    world.otherwise = anything
    found = checker({"a": {"url": "/some/page"}, "b": {"url": "/another"}})
    assert {facts(result) for result in found.values()} == {("soft-404", "warn", 200)}
    assert len(world.asked) == 3  # one address that nobody made for the host


def test_an_empty_page_says_nothing(checker: Checker, world: Stage) -> None:
    world.otherwise = reply(200, b"")
    assert checker.one("/some/page").class_ == "ok"


@pytest.mark.parametrize(
    "play", [reply(403), reply(999), reply(503, cf_mitigated="challenge"), reply(200, page(), cf_mitigated="challenge")]
)
def test_blocked(checker: Checker, world: Stage, play: Any) -> None:
    result = checker.one(world.on("/guarded", play))
    assert (result.class_, result.verdict) == ("blocked", "pass")
    assert "whether it works is unknown" in result.message
    assert world.times("/guarded") == 1


@pytest.mark.parametrize("play", [reply(429), reply(500), reply(503), reset, raw(b"nonsense\r\n\r\n"), raw(b"")])
def test_busy(checker: Checker, world: Stage, play: Any) -> None:
    result = checker.one(world.on("/busy", play))
    assert (result.class_, result.verdict) == ("busy", "pass")
    assert world.times("/busy") >= 3


def test_silence_is_busy(checker: Checker, world: Stage) -> None:
    checker.settings["timeout"] = 0.1
    result = checker.one(world.on("/silent", silence))
    assert (result.class_, result.verdict, result.status) == ("busy", "pass", None)
    assert world.times("/silent") == 3


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


def test_the_anchor_of_a_page_that_a_script_draws_is_not_known(checker: Checker, world: Stage) -> None:
    shell = "<title>App</title><div id=app></div><noscript>Switch scripts on</noscript><script src=app.js></script>"
    result = checker.one(world.on("/app", reply(200, shell)) + "#part")
    assert (result.class_, result.verdict) == ("ok", "pass")
    assert "is unknown" in result.message


@pytest.mark.parametrize("root", ["<div id=root></div>", "<main class='x' id='__next'>\n</main>"])
def test_a_menu_around_what_a_script_draws_does_not_make_it_a_page(checker: Checker, world: Stage, root: str) -> None:
    world.on("/app", reply(200, page(body=root, head="<script src=app.js></script>")))
    assert "is unknown" in checker.one("/app#part").message
    world.on("/page", reply(200, page(body=root.replace("</", "Drawn</"), head="<script src=app.js></script>")))
    assert checker.one("/page#part").class_ == "anchor-missing"


def test_many_fragments_of_one_page_ask_for_it_once(checker: Checker, world: Stage) -> None:
    world.on("/page", reply(200, page(body="<h2 id=a>A</h2>")))
    found = checker({name: {"url": f"/page#{name}"} for name in "abc"})
    assert {name: result.class_ for name, result in found.items()} == {
        "a": "ok", "b": "anchor-missing", "c": "anchor-missing",
    }  # fmt: skip
    assert world.times("/page") == 1


def test_a_move_keeps_a_fragment_only_if_it_is_there(checker: Checker, world: Stage) -> None:
    world.on("/new", reply(200, page(body="<h2 id=kept>Kept</h2>")))
    world.on("/old", redirect("/new", 301))
    found = checker({"kept": {"url": "/old#kept"}, "lost": {"url": "/old#lost"}})
    assert found["kept"].suggestion == f"{HOST}/new#kept"
    assert found["lost"].suggestion == f"{HOST}/new"
    assert "has no '#lost'" in found["lost"].message


def test_an_old_link_only_warns(checker: Checker, world: Stage) -> None:
    world.on("/in", redirect("/login"))
    links = {"gone": {"url": "/nothing"}, "login": {"url": "/in"}, "moved": {"url": "/old"}}
    checker.settings["before"] = frozenset({(f"{HOST}{link['url']}", "everyone") for link in links.values()})
    assert {result.verdict for result in checker(links).values()} == {"warn"}


@pytest.mark.parametrize(
    ("moved_to", "suggestion", "words"),
    [("/new#part", f"{HOST}/new#part", "its moved_to works"), ("/nothing", None, "does not work either (gone)")],
)
def test_a_candidate_is_asked_when_the_link_is_not_well(
    checker: Checker, world: Stage, moved_to: str, suggestion: str | None, words: str
) -> None:
    world.on("/new", reply(200, page(body="<h2 id=part>Part</h2>")))
    result = checker.one("/old", moved_to=HOST + moved_to)
    assert (result.class_, result.suggestion) == ("gone", suggestion)
    assert words in result.message


def test_an_exception_excuses_its_own_class_until_its_day(checker: Checker, world: Stage) -> None:
    def expecting(class_: str, until: date) -> LinkResult:
        return checker.one("/gone", expect={"class": class_, "reason": "They are rebuilding.", "until": until})

    excused = expecting("gone", date(2026, 11, 25))
    assert (excused.class_, excused.verdict) == ("gone", "pass")
    assert "Expected until 2026-11-25: They are rebuilding." in excused.message
    assert expecting("tls", date(2026, 11, 25)).verdict == "fail"
    ended = expecting("gone", date(2026, 11, 24))
    assert ended.verdict == "fail"
    assert "ended on 2026-11-24" in ended.message


def test_an_exception_that_ended_fails_even_where_all_is_well(checker: Checker, world: Stage) -> None:
    world.on("/fine", reply(200, page()))
    expect = {"class": "gone", "reason": "They are rebuilding.", "until": date(2026, 11, 24)}
    assert checker.one("/fine", expect=expect).verdict == "fail"


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
