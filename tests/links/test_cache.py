"""What is remembered from one run to the next."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.links.conftest import Checker
from tests.links.stage import Stage, page, redirect, reply


def test_what_is_well_holds_for_a_week_or_so(checker: Checker, world: Stage) -> None:
    world.on("/page", reply(200, page()))
    first = checker.one("/page")
    asked = len(world.asked)
    checker.now += timedelta(days=6, hours=11)
    again = checker.one("/page")
    assert len(world.asked) == asked
    assert again == first  # also when it was checked
    checker.now += timedelta(days=1, hours=2)
    assert checker.one("/page").checked_at == checker.now
    assert world.times("/page") == 2


def test_not_everything_is_asked_again_on_one_day(checker: Checker, world: Stage) -> None:
    links = {f"l{number}": {"url": world.on(f"/{number}", reply(200, b"", "image/png"))} for number in range(30)}
    checker(links)
    checker.now += timedelta(days=7)
    checker(links)
    assert 35 < len(world.asked) < 55


@pytest.mark.parametrize("play", [reply(403), reply(429)])
def test_what_is_unknown_holds_for_six_hours(checker: Checker, world: Stage, play: object) -> None:
    world.on("/page", play)  # type: ignore[arg-type]
    checker.one("/page")
    asked = len(world.asked)
    checker.now += timedelta(hours=5, minutes=59)
    checker.one("/page")
    assert len(world.asked) == asked
    checker.now += timedelta(minutes=1)
    checker.one("/page")
    assert len(world.asked) > asked


def test_what_is_bad_is_asked_each_time_and_counted(checker: Checker, world: Stage) -> None:
    world.on("/page", reply(200, page()), reply(404))
    checker.one("/page")
    checker.now += timedelta(days=8)
    assert "runs" not in checker.one("/page").message
    checker.now += timedelta(days=1)
    world.on("/page", reply(503))
    assert "busy" in checker.one("/page").class_  # says nothing, so the count goes on
    checker.now += timedelta(days=1)
    world.on("/page", reply(404))
    checker.one("/page")
    checker.now += timedelta(minutes=1)
    message = checker.one("/page").message
    assert message == "404, twice. gone for 3 runs, since 2026-12-03. Last OK on 2026-11-25"


def test_an_address_of_two_links_is_no_two_runs(checker: Checker, world: Stage) -> None:
    world.on("/page", reply(404), reply(404))
    links = {"one": {"url": "https://a.example/page"}, "two": {"url": "https://A.EXAMPLE/page"}}
    assert {each.message for each in checker(links).values()} == {"404, twice"}
    assert {each.message.partition(", since")[0] for each in checker(links).values()} == {"404, twice. gone for 2 runs"}


def test_a_recovery_starts_the_count_anew(checker: Checker, world: Stage) -> None:
    world.on("/page", reply(404), reply(404), reply(404), reply(404), reply(200, page()))
    checker.one("/page")
    assert "for 2 runs" in checker.one("/page").message
    assert checker.one("/page").class_ == "ok"
    world.on("/page", reply(404))
    checker.settings["fresh"] = True
    assert "runs" not in checker.one("/page").message


def test_two_runs_on_an_unchanged_world_give_the_same_verdicts(checker: Checker, world: Stage) -> None:
    world.on("/ok", reply(200, page()))
    world.on("/moved", redirect("/ok", 301))
    world.on("/away", redirect("/ok"))
    world.on("/in", redirect("/login"))
    paths = ["/ok", "/ok#no", "/moved", "/away", "/in", "/gone"]
    links = {f"l{number}": {"url": path} for number, path in enumerate(paths)}

    def verdicts() -> list[tuple[object, ...]]:
        report = checker.outcome(links).report
        return [(each.id, each.class_, each.verdict, each.status, each.suggestion) for each in report.links]

    first = verdicts()
    assert verdicts() == first
    checker.settings["fresh"] = True
    assert verdicts() == first


def test_other_rules_and_another_audience_ask_again(checker: Checker, world: Stage) -> None:
    world.on("/page", reply(200, page("Moved out")))
    assert checker.one("/page").class_ == "ok"
    (checker.root / "data/link-check.yml").write_text("not_found: [moved out]\n", encoding="utf-8")
    assert checker.one("/page").class_ == "soft-404"


def test_all_is_asked_where_fresh_results_are_wanted(checker: Checker, world: Stage) -> None:
    world.on("/page", reply(200, page()))
    checker.one("/page")
    checker.settings["fresh"] = True
    checker.one("/page")
    assert world.times("/page") == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\x80\xff", b"[]", b'{"format": "another program", "version": 2, "entries": {}}',
     b'{"format": "link check", "version": 1, "entries": {}}',
     b'{"format": "link check", "version": 2, "entries": {"everyone https://a.example/page": {"result": 1}}}'],
)  # fmt: skip
def test_a_broken_or_foreign_cache_is_set_aside(checker: Checker, world: Stage, content: bytes) -> None:
    checker.cache.parent.mkdir()
    checker.cache.write_bytes(content)
    world.on("/page", reply(200, page()))
    assert checker.one("/page").class_ == "ok"
    assert [note for note in checker.notes if "set aside" in note] == checker.notes != []
    assert checker.cache.with_name("links.json.set-aside").read_bytes() == content
    assert json.loads(checker.cache.read_text())["version"] == 2


def test_a_cache_that_cannot_be_kept_is_a_note(checker: Checker, world: Stage, tmp_path: Path) -> None:
    world.on("/page", reply(200, page()))
    checker.cache.mkdir(parents=True)
    assert checker.one("/page").class_ == "ok"
    assert "is not a file" in checker.notes[0]
    (tmp_path / "taken").write_text("")
    checker.cache = tmp_path / "taken" / "links.json"
    assert checker.one("/page").class_ == "ok"
    assert "cannot be" in checker.notes[1]


def test_a_result_of_tomorrow_is_not_trusted(checker: Checker, world: Stage) -> None:
    world.on("/page", reply(200, page()))
    checker.one("/page")
    checker.now -= timedelta(days=1)
    checker.one("/page")
    assert world.times("/page") == 2
