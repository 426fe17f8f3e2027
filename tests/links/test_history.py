"""What a run knows from those before it: how a page was seen well, what is doubtful for days, what is new."""

import json
from datetime import timedelta
from typing import Any

import pytest

from handover.write.yaml_edit import CannotEdit, replace_value
from tests.links.conftest import HOST, Checker, Links
from tests.links.stage import Stage, page, redirect, reply

GUIDE = page("Harbour guide | Tideline", "<h1>Mooring</h1>")
CASINO = page("Lucky Nine", "<h1>Slots and spins</h1>")


def later(checker: Checker, world: Stage, before: str, now: Any, **link: Any) -> Any:
    """The result of a link whose page was seen well a month ago."""
    world.on("/page", reply(200, before))
    assert checker.one("/page", **link).class_ == "ok"
    checker.now += timedelta(days=30)
    world.on("/page", now)
    return checker.one("/page", **link)


def test_another_page_at_the_same_address(checker: Checker, world: Stage) -> None:
    result = later(checker, world, GUIDE, reply(200, CASINO))
    assert (result.class_, result.verdict, result.suggestion) == ("changed", "warn", None)
    assert result.message == "now 'Lucky Nine'; on 2026-11-25 it was 'Harbour guide | Tideline'. Last OK on 2026-11-25"


@pytest.mark.parametrize(
    ("title", "link"),
    [
        ("A new guide | Tideline", {}),
        ("Mooring for beginners", {}),
        ("Anlegen im Hafen", {"title": "Hafen"}),  # it is what the author calls it
        ("", {}),
        ("404s and 500s", {}),
    ],
)
def test_a_page_that_was_only_rewritten(checker: Checker, world: Stage, title: str, link: dict[str, str]) -> None:
    assert later(checker, world, GUIDE, reply(200, page(title)), **link).class_ == "ok"


def test_another_owner_by_a_temporary_redirect(checker: Checker, world: Stage) -> None:
    checker.maps += (f"https://casino.test/={world.base}casino/",)
    world.on("/casino/x", reply(200, CASINO))
    result = later(checker, world, GUIDE, redirect("https://casino.test/x"))
    assert result.class_ == "changed"
    assert "now 'Lucky Nine', at another site, casino.test; on 2026-11-25 it was" in result.message


@pytest.mark.parametrize(("body", "suggested"), [(GUIDE, True), (page("Harbour guides of others"), False)])
def test_a_move_to_another_site_is_suggested_if_the_page_is_the_same(
    checker: Checker, world: Stage, body: str, suggested: bool
) -> None:
    checker.maps += (f"https://new.test/={world.base}new/",)
    world.on("/new/guide", reply(200, body))
    result = later(checker, world, GUIDE, redirect("https://new.test/guide", 301))
    assert (result.class_, result.suggestion) == ("moved", "https://new.test/guide" if suggested else None)


@pytest.mark.parametrize(
    "play", [reply(503), reply(200, "<title>App</title><div id=root></div><script src=a.js></script>")]
)
def test_what_is_doubtful_on_three_days_is_a_warning(checker: Checker, world: Stage, play: Any) -> None:
    world.on("/page", play)
    verdicts = []
    for hours in (0, 7, 17, 24):  # two runs on the first day
        checker.now += timedelta(hours=hours)
        verdicts.append(checker.one("/page").verdict)
    assert verdicts == ["pass", "pass", "pass", "warn"]
    checker.now += timedelta(hours=1)
    kept = checker.one("/page")  # from the cache
    assert (kept.verdict, "Not clear on 3 days, since 2026-11-25" in kept.message) == ("warn", True)
    known = {"class": kept.class_, "reason": "It works in a browser.", "until": "2099-01-01"}
    assert checker.one("/page", expect=known).verdict == "pass"
    world.on("/page", reply(200, GUIDE))
    checker.now += timedelta(days=1)
    assert checker.one("/page").class_ == "ok"
    checker.now += timedelta(days=9)
    world.on("/page", play)
    assert checker.one("/page").verdict == "pass"


def test_the_report_opens_with_what_is_new(checker: Checker, world: Stage, links: Links) -> None:
    checker.write({"old": {"url": "/old"}, "fresh": {"url": world.on("/fresh", reply(200, GUIDE))}})
    assert "New since" not in links().stdout
    world.on("/fresh", reply(404))
    text = links("--fresh").stdout
    assert text.index("New since the last run") < text.index("fresh:") < text.index("To fix") < text.index("old:")
    assert "New since" not in links("--fresh").stdout


FIX = """\
a:
  title: A
  audience: everyone
  url: {a}
b: {{title: B, audience: everyone, url: {b}}}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (">-\n    {url}", ">-\n    {url}"),
        ("|-\n    {url}\n", "|-\n    {url}\n"),
        (">-  # was {url}\n    {url}", ">-  # was https://a.example/a\n    {url}"),
        ("\n    {url}  # why", "\n    {url}  # why"),
        ('"{url}"', '"{url}"'),
        ("'{url}'", "'{url}'"),
        ('"https:\\/\\/a.example{path}"', '"{url}"'),
        ('"https://a.example\\\n    {path}"', '"{url}"'),
    ],
)
def test_an_address_is_edited_as_it_is_written(
    checker: Checker, world: Stage, links: Links, before: str, after: str
) -> None:
    for name in ("a", "b"):
        world.on(f"/{name}", redirect(f"/new-{name}", 301))
        world.on(f"/new-{name}", reply(200, GUIDE))
    file = checker.root / "data/links.yml"
    old = before.format(url=f"{HOST}/a", path="/a")
    file.write_text(FIX.format(a=old, b=f"{HOST}/b"))
    links("--fix")
    links("--fix")
    assert file.read_text() == FIX.format(a=after.format(url=f"{HOST}/new-a"), b=f"{HOST}/new-b")


def test_an_address_that_cannot_be_edited_stops_only_itself(
    checker: Checker, world: Stage, links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(text: str, keys: tuple[str, str], value: str) -> str:
        if keys[0] == "a":
            raise CannotEdit("its value is on several lines")
        return replace_value(text, keys, value)

    monkeypatch.setattr("handover.cli.links_command.replace_value", refuse)
    for name in ("a", "b"):
        world.on(f"/{name}", redirect(f"/new-{name}", 301))
        world.on(f"/new-{name}", reply(200, GUIDE))
    file = checker.root / "data/links.yml"
    file.write_text(FIX.format(a=f"{HOST}/a", b=f"{HOST}/b"))
    links("--fix")
    assert "a stays as it is: its value is on several lines." in links("--fix").stderr
    assert file.read_text() == FIX.format(a=f"{HOST}/a", b=f"{HOST}/new-b")


def test_two_moves_to_one_address(checker: Checker, world: Stage, links: Links) -> None:
    for path in ("/a", "/b"):
        world.on(path, redirect("/billing", 301))
    world.on("/billing", reply(200, GUIDE))
    file = checker.root / "data/links.yml"
    file.write_text(FIX.format(a=f"{HOST}/a", b=f"{HOST}/b"))
    links("--fix")
    result = links("--fix")
    assert file.read_text() == FIX.format(a=f"{HOST}/billing", b=f"{HOST}/b")
    assert "b stays as it is: 'a' already has the new address." in result.stderr
    assert links().exit_code == 0


def test_a_hijacked_domain_is_never_written(checker: Checker, world: Stage, links: Links) -> None:
    checker.maps += (f"https://casino.test/={world.base}casino/",)
    world.on("/page", redirect("https://casino.test/", 301))
    world.on("/casino/", reply(200, CASINO))
    checker.write({"it": {"url": "/page"}})
    before = (checker.root / "data/links.yml").read_bytes()
    for _ in range(3):
        result = links("--fix", "--format", "json")
    assert json.loads(result.stdout)["links"][0]["class"] == "changed"
    assert (checker.root / "data/links.yml").read_bytes() == before
