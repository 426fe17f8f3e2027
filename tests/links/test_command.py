"""`handover links`, as people and programs call it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from handover.cli import cli
from handover.links.page import read_page
from handover.load.reports import read_link_report
from tests.conftest import PATIENCE, SCRIPT
from tests.links.conftest import HOST, Checker, Links
from tests.links.stage import Stage, page, redirect, reply, silence


@pytest.fixture
def mixed(checker: Checker, world: Stage) -> Checker:
    """Links of many classes."""
    world.on("/fine", reply(200, page(body="<i id=a>")))
    world.on("/old", redirect("/fine", 301))
    world.on("/report", redirect("/login"))
    world.on("/shy", reply(403))
    paths = {"fine": "/fine", "anchor": "/fine#b", "old": "/old", "report": "/report", "shy": "/shy", "gone": "/gone"}
    checker.write(
        {name: {"url": path, "audience": "team" if name == "report" else "everyone"} for name, path in paths.items()}
    )
    return checker


def test_text_is_grouped_and_the_worst_comes_first(links: Links, mixed: Checker) -> None:
    result = links()
    assert result.exit_code == 1
    assert result.stderr == ""
    assert result.stdout == (
        f"""To fix

  gone
    data/links.yml:24: gone: {HOST}/gone
        404, twice.

To look at

  moved
    data/links.yml:12: old: {HOST}/old
        it has moved permanently to {HOST}/fine.
        Write instead: {HOST}/fine

  anchor-missing
    data/links.yml:8: anchor: {HOST}/fine#b
        the page has no '#b'.

Good to know

  login
    data/links.yml:16: report: {HOST}/report
        behind a login (404): target not verified.

  blocked
    data/links.yml:20: shy: {HOST}/shy
        the server refuses programs (403), so whether it works is unknown.

6 addresses: 1 fail, 2 warn, 3 pass.
"""
    )


def test_json_is_what_the_design_says_and_the_site_reads_it(links: Links, mixed: Checker, tmp_path: Path) -> None:
    result = links("--format", "json")
    report = json.loads(result.stdout)
    assert (result.exit_code, list(report)) == (1, ["links", "fail", "warn", "pass"])
    assert (report["fail"], report["warn"], report["pass"]) == (1, 2, 3)
    keys = ["id", "url", "class", "status", "final_url", "hops", "path", "line", "verdict", "message", "suggestion"]
    assert {tuple(each) for each in report["links"]} == {(*keys, "checked_at", "news")}
    assert [each["id"] for each in report["links"]] == ["fine", "anchor", "old", "report", "shy", "gone"]
    assert report["links"][2]["hops"] == [{"url": f"{HOST}/old", "status": 301}]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", report["links"][0]["checked_at"])
    (tmp_path / "report.json").write_text(result.stdout)
    assert read_link_report(tmp_path / "report.json").about("fine")[0].ok_at is not None


def test_code_quality_and_junit(links: Links, mixed: Checker, tmp_path: Path) -> None:
    quality = json.loads(links("--format", "codequality").stdout)
    assert [(each["check_name"], each["severity"], each["location"]["lines"]["begin"]) for each in quality] == [
        ("anchor-missing", "minor", 8),
        ("moved", "minor", 12),
        ("gone", "major", 24),
    ]
    assert {each["location"]["path"] for each in quality} == {"data/links.yml"}
    assert {"description", "check_name", "fingerprint", "severity", "location"} == set(quality[0])
    file = mixed.root / "data/links.yml"
    file.write_text("# A line more.\n\n" + file.read_text())
    again = json.loads(links("--format", "codequality", "--report", f"junit={tmp_path}/j.xml").stdout)
    assert [each["fingerprint"] for each in again] == [each["fingerprint"] for each in quality]
    assert again[0]["location"]["lines"]["begin"] == quality[0]["location"]["lines"]["begin"] + 2
    suite = ElementTree.parse(tmp_path / "j.xml").getroot()  # noqa: S314 - our own
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("6", "1", "1")
    assert len(suite.findall("testcase/failure")) == len(suite.findall("testcase/skipped")) == 1


def test_without_a_fail_it_ends_well(links: Links, checker: Checker, world: Stage) -> None:
    checker.write({"fine": {"url": world.on("/fine", reply(200, page()))}})
    result = links()
    assert (result.exit_code, result.stdout) == (0, "1 address: 0 fail, 0 warn, 1 pass.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--map", "https://a.example/"], "is not FROM=TO"),
        (["--map", "ftp://a.example/=http://127.0.0.1/"], "not an http or https address"),
        (["--report", "csv=x"], "write it like codequality=FILE"),
        (["--since", "no-such-revision"], "--since:"),
        (["--since", "--output=x"], "is not a revision"),
        (["--timeout", "0"], "not in the range"),
        (["--today", "tomorrow"], "does not match"),
    ],
)
def test_a_wrong_call_ends_with_2(links: Links, mixed: Checker, arguments: list[str], said: str) -> None:
    result = links(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_errors_in_the_sources_come_first(links: Links, mixed: Checker, world: Stage) -> None:
    file = mixed.root / "data/links.yml"
    file.write_text(file.read_text().replace("/fine#b", "/{{ nobody }}"))
    result = links()
    assert result.exit_code == 1
    assert "error unknown-placeholder: 'nobody'" in result.stderr
    assert world.asked == []


def test_the_day_can_be_named(links: Links, checker: Checker, world: Stage) -> None:
    until = {"class": "blocked", "reason": "They refuse programs.", "until": "2027-03-01"}
    checker.write({"shy": {"url": world.on("/shy", reply(403)), "expect": until}})
    assert links("--today", "2027-03-01").exit_code == 0
    ended = links("--today", "2027-03-02")
    assert ended.exit_code == 1
    assert "Its exception ended on 2027-03-01." in ended.stdout


def git(folder: Path, *arguments: str) -> str:
    who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@tideline.example", "GIT_CONFIG_GLOBAL": os.devnull}
    who |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@tideline.example", "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", "-C", str(folder), "-c", "protocol.file.allow=always", *arguments],
        capture_output=True, text=True, check=True, env={**os.environ, **who},
    )  # fmt: skip
    return done.stdout.strip()


def test_since_a_revision_only_new_and_changed_links_fail(links: Links, checker: Checker, world: Stage) -> None:
    repository = checker.root.parent  # the root is a folder of the repository
    git(repository, "init", "-q", "-b", "main")
    checker.write({"a": {"url": "/gone-a"}, "b": {"url": "/gone-b"}, "c": {"url": "/gone-c"}})
    git(repository, "add", "root")
    git(repository, "commit", "-qm", "one")
    checker.write(
        {
            "new": {"url": "/gone-new"},
            "renamed": {"url": "/gone-a"},
            "b": {"url": "/gone-changed"},
            "c": {"url": "/gone-c", "audience": "team"},
            "d": {"url": "/gone-b", "note": "Only a note and an id are new."},
        }
    )

    def verdicts(*arguments: str) -> dict[str, str]:
        return {
            each["id"]: each["verdict"] for each in json.loads(links("--format", "json", *arguments).stdout)["links"]
        }

    assert verdicts("--since", "HEAD") == {"new": "fail", "renamed": "warn", "b": "fail", "c": "fail", "d": "warn"}
    assert set(verdicts().values()) == {"fail"}
    git(repository, "commit", "-qam", "two")
    assert set(verdicts("--since", "main").values()) == {"warn"}
    assert links("--since", "HEAD").exit_code == 0
    assert verdicts("--since", "HEAD~1")["new"] == "fail"


def test_a_change_of_the_base_or_of_a_sample_changes_the_address(links: Links, checker: Checker, world: Stage) -> None:
    git(checker.root, "init", "-q", "-b", "main")
    checker.write({"a": {"url": "/{{ engineer }}/x"}})
    git(checker.root, "add", ".")
    git(checker.root, "commit", "-qm", "one")
    assert links("--since", "HEAD").exit_code == 0
    placeholders = checker.root / "data/placeholders.yml"
    placeholders.write_text(placeholders.read_text().replace("Noor Haddad", "Ida Berg"))
    assert links("--since", "HEAD").exit_code == 1


def test_links_that_were_not_there_or_not_sound_are_new(links: Links, checker: Checker, world: Stage) -> None:
    git(checker.root, "init", "-q", "-b", "main")
    git(checker.root, "commit", "-qm", "nothing", "--allow-empty")
    (checker.root / "data/links.yml").write_text("a: [")
    git(checker.root, "add", ".")
    git(checker.root, "commit", "-qm", "broken")
    checker.write({"a": {"url": "/gone"}})
    for revision in ("HEAD", "HEAD~1"):
        result = links("--since", revision)
        assert result.exit_code == 1
        assert "every link counts as new" in result.stderr


def test_a_shallow_clone_that_lacks_the_revision_is_an_error(
    links: Links, checker: Checker, world: Stage, tmp_path: Path
) -> None:
    git(checker.root, "init", "-q", "-b", "main")
    git(checker.root, "add", ".")
    git(checker.root, "commit", "-qm", "one")
    first = git(checker.root, "rev-parse", "HEAD")
    git(checker.root, "commit", "-qm", "two", "--allow-empty")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{checker.root}", "clone")
    checker.root = tmp_path / "clone"
    checker.write({"a": {"url": "/gone"}})
    result = links("--since", first)
    assert result.exit_code == 2
    assert "shallow clone" in result.stderr
    assert world.asked == []


def test_since_outside_a_repository_is_an_error(links: Links, mixed: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(mixed.root.parent))
    result = links("--since", "HEAD")
    assert result.exit_code == 2
    assert "not a git repository" in result.stderr


FILE = """\
# Kept as it is: comments,   spaces and   order.
second:   # why
    title:   "Second"
    url:     {second}       # the address
    audience: everyone
first: {{ title: 'First', audience: everyone, url: {first}, note: "a: b" }}

third:
  note: >-
    A long note that goes over
    two lines.
  title: Third
  audience: everyone
  url: {third}
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_fix_writes_a_move_seen_twice_and_touches_nothing_else(
    links: Links, checker: Checker, world: Stage, ends: str
) -> None:
    world.on("/new", reply(200, page(body="<i id=kept>")))
    world.on("/new?x=1&y='2'", reply(200, page()))
    world.on("/1", redirect("/new", 301))
    world.on("/2", redirect("/new", 308))
    world.on("/3", redirect("/new?x=1&y='2'", 301))
    file = checker.root / "data/links.yml"

    def content(first: str, second: str, third: str) -> bytes:
        return FILE.format(first=first, second=second, third=third).replace("\n", ends).encode()

    before = content(f"'{HOST}/1#kept'", f'"{HOST}/2#lost"', f"{HOST}/3")
    file.write_bytes(before)
    once = links("--fix")
    assert file.read_bytes() == before
    assert once.stderr.count("must be found in a second run") == 3
    twice = links("--fix")
    assert file.read_bytes() == content(f"'{HOST}/new#kept'", f'"{HOST}/new"', f"\"{HOST}/new?x=1&y='2'\"")
    assert twice.exit_code == 0
    assert f'-    url:     "{HOST}/2#lost"       # the address' in twice.stdout
    assert f'+    url:     "{HOST}/new"       # the address' in twice.stdout
    written = file.read_bytes()
    assert "+" not in links("--fix").stdout
    assert file.read_bytes() == written


def test_fix_leaves_what_it_must_not_touch(links: Links, checker: Checker, world: Stage) -> None:
    expect = {"class": "moved", "reason": "They promised to keep it.", "until": "2099-01-01"}
    for path, target in {
        "/there": "/fine", "/Ada/x": "/new/x", "/plain": "http://plain.a.example/x", "/known": "/new", "/away": "/new",
    }.items():  # fmt: skip
        world.on(path, redirect(target, 302 if path == "/away" else 301))
    world.otherwise = reply(200, page())
    checker.write(
        {
            "there": {"url": "/there"},
            "fine": {"url": "/fine"},
            "blank": {"url": "/{{ skipper }}/x"},
            "known": {"url": "/known", "expect": expect},
            "away": {"url": "/away"},
            "plain": {"url": "/plain"},
        }
    )
    before = (checker.root / "data/links.yml").read_bytes()
    more = ["--map", f"http://plain.a.example/={world.base}"]
    world.otherwise = reply(404)
    for path in ("/fine", "/new/x", "/new", "/x"):
        world.on(path, reply(200, page()))
    links(*more, "--fix")
    result = links(*more, "--fix", "--format", "json")
    assert (checker.root / "data/links.yml").read_bytes() == before
    assert json.loads(result.stdout)["warn"] == 3
    assert "'fine' already has the new address" in result.stderr
    assert "its address has a placeholder" in result.stderr
    assert "the new address is not https" in result.stderr


def test_fix_writes_a_path_where_there_was_one(links: Links, checker: Checker, world: Stage) -> None:
    file = checker.root / "data/links.yml"
    file.write_text("board: {title: Board, url: /boards/, audience: team}\n")
    world.on("/crew/boards/", redirect("/crew/new-boards/", 301))
    world.on("/crew/boards/", redirect("https://crew.tideline.example/new-boards/", 301))
    world.on("/crew/new-boards/", reply(200, page()))
    more = ["--map", f"https://crew.tideline.example/={world.base}crew/", "--fix"]
    links(*more)
    links(*more)
    assert file.read_text() == "board: {title: Board, url: /new-boards/, audience: team}\n"


def test_an_interrupt_ends_at_once_with_what_is_known(checker: Checker, world: Stage) -> None:
    def interrupt(done: int, of: int) -> None:
        assert (done, of) == (1, 3)
        os.kill(os.getpid(), signal.SIGINT)

    checker.progress = interrupt
    world.on("/fine", reply(200, b"", "image/png"))
    slow = {f"slow{number}": {"url": world.on(f"/slow{number}", silence)} for number in (1, 2)}
    outcome = checker.outcome({"fine": {"url": "/fine"}, **slow})
    assert outcome.stopped
    assert [(each.id, each.class_) for each in outcome.report.links] == [("fine", "ok")]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_ctrl_c_prints_a_whole_report(checker: Checker, world: Stage) -> None:
    checker.write({"slow": {"url": world.on("/slow", silence)}})
    fixed = ["--root", str(checker.root), "--cache", str(checker.cache), "--map", checker.maps[0], "--format", "json"]
    with subprocess.Popen(
        [str(SCRIPT), "links", *fixed], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        while world.times("/slow") == 0:
            assert running.poll() is None
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        said, notes = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    assert json.loads(said) == {"links": [], "fail": 0, "warn": 0, "pass": 0}
    assert notes == "Note: Stopped: these are the results so far.\n"


def test_a_check_that_breaks_loses_no_other(checker: Checker, world: Stage, monkeypatch: pytest.MonkeyPatch) -> None:

    def broken(html: str, url: str, whole: bool) -> Any:
        if "/bad" in url:
            raise RecursionError("too deep")
        return read_page(html, url, whole)

    monkeypatch.setattr("handover.links.answer.read_page", broken)
    links = {name: {"url": world.on(f"/{name}", reply(200, page()))} for name in ("bad", "good")}
    found = checker(links)
    assert (found["bad"].class_, found["bad"].verdict) == ("busy", "pass")
    assert "an internal error" in found["bad"].message
    assert found["good"].class_ == "ok"


def test_a_fresh_repository_passes_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*arguments: object, **more: object) -> None:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr("handover.links.guard.socket.getaddrinfo", offline)
    assert CliRunner().invoke(cli, ["init", str(tmp_path / "new")]).exit_code == 0
    result = CliRunner().invoke(cli, ["links", "--root", str(tmp_path / "new"), "--cache", str(tmp_path / "cache")])
    assert result.exit_code == 0
    assert "an example address, so it is not requested" in result.stdout
