"""Who keeps things right, and whether anybody has looked at them lately."""

import html
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from handover.cli import cli
from handover.cli.assembly import site_pages
from handover.cli.pipeline import handbook, run_pipeline
from handover.model.link_report import LinkReport
from tests.conftest import ROOT
from tests.test_cases import CASES


def check(root: Path, *arguments: str) -> list[str]:
    result = CliRunner().invoke(cli, ["check", "--root", str(root), *arguments], catch_exceptions=False)
    return re.findall(r"^(\S+?):\d+:\d+: warning review-overdue", result.stdout, re.MULTILINE)


def test_everything_that_ships_has_an_owner_of_its_own_and_a_review() -> None:
    for path in [*(ROOT / "content/messages").glob("*.md"), *(ROOT / "content/scenarios").glob("*.md")]:
        head = yaml.safe_load(path.read_text().split("---\n")[1])
        assert head["owner"], path
        assert head["reviewed"], path
    for name, link in yaml.safe_load((ROOT / "data/links.yml").read_text()).items():
        assert link["owner"], name


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Tideline, each of whose reviews holds for 90 days: until 23 November 2026, the letter's until 30 November."""
    made = Path(shutil.copytree(CASES / "good" / "tideline", tmp_path / "tideline"))
    write(made / "content/messages/welcome-aboard.md", "title:", "owner: The crew\nreviewed: 2026-08-25\ntitle:")
    write(made / "content/messages/season-letter.md", "title:", "owner: Letters\nreviewed: 2026-09-01\ntitle:")
    write(made / "content/scenarios/crew-change.md", "The deckhand", "---\nreviewed: 2026-08-25\n---\nThe deckhand")
    write(made / "data/playbooks/harbour.yml", "title:", "review_days: 90\ntitle:")
    return made


def write(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_review_holds_through_its_last_day_and_without_a_day_for_ever(root: Path) -> None:
    assert check(root) == []
    assert check(root, "--today", "2026-11-23") == []
    overdue = ["content/messages/welcome-aboard.md", "content/scenarios/crew-change.md"]
    assert check(root, "--today", "2026-11-24") == overdue
    assert check(root, "--today", "2026-12-01") == ["content/messages/season-letter.md", *overdue]


def test_of_two_playbooks_the_stricter_one_counts(root: Path) -> None:
    second_playbook(root)
    assert check(root, "--today", "2026-10-02") == ["content/messages/season-letter.md"]


def second_playbook(root: Path) -> None:
    """One that has the letter too, and reads it every month."""
    (root / "data/playbooks/stricter.yml").write_text(
        """title: Stricter
heading: A second playbook
description: Has the letter too.
review_days: 30
scenarios: [{ id: again, title: Again, steps: [{ who: Office, do: writes again, message: season-letter }] }]
owner: Somebody
"""
    )
    (root / "content/scenarios/again.md").write_text("---\nreviewed: 2026-10-01\n---\nOnce more.\n")


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "26-11-25"])
def test_a_day_that_is_none_is_wrong_use(day: str) -> None:
    result = CliRunner().invoke(cli, ["check", "--root", str(ROOT), "--today", day])
    assert result.exit_code == 2
    assert "--today" in result.stderr


def pages(root: Path, today: date | None = None, report: LinkReport | None = None) -> dict[str, str]:
    """The pages that MkDocs reads."""
    result = run_pipeline(root)
    texts = site_pages(result, handbook(result, report), root / "build", today)
    assert not result.has_errors
    return {path: content.decode() for path, content in texts.items()}


def health(root: Path, today: date | None = None, report: LinkReport | None = None) -> str:
    return pages(root, today, report)["health.md"]


def numbers(page: str) -> list[dict[str, str]]:
    """The numbers at the head of the page, by what they count, for each playbook."""
    page = html.unescape(page)
    return [
        {name: count for count, name in re.findall(r"<strong>(\S+)</strong> ([a-z ]+)</a>", part)}
        for part in page.split('<ul class="numbers">')[1:]
    ]


def test_health_shows_dates_and_compares_none_unless_a_day_is_given(root: Path) -> None:
    page = health(root)
    assert numbers(page)[0]["overdue reviews"] == "?"
    assert "| August 25, 2026 | November 23, 2026 | The crew |" in page
    page = health(root, date(2026, 11, 23))
    assert numbers(page)[0]["overdue reviews"] == "0"
    page = health(root, date(2026, 11, 24))
    assert numbers(page)[0]["overdue reviews"] == "2"
    assert "What needs attention on November 24, 2026, and who owns it." in page
    assert "| August 25, 2026 | **overdue**, expired November 23, 2026 | The crew |" in page
    assert "| September 1, 2026 | November 30, 2026 | Letters |" in page
    assert page.index("Welcome aboard") < page.index("The season begins"), "the oldest first"


def test_health_has_each_playbook_with_numbers_of_its_own(root: Path) -> None:
    second_playbook(root)
    page = health(root, date(2026, 10, 2))
    assert [each["overdue review"] for each in numbers(page)] == ["1", "1"]
    assert "## A second playbook { #stricter }" in page
    assert "Owner: Somebody. [Open the playbook](stricter.md)" in page


def test_health_has_each_open_question_with_who_answers_it_and_where_it_is_shown(root: Path) -> None:
    with (root / "data/playbooks/harbour.yml").open("a") as file:
        file.write(
            """questions:
  - { id: q1, question: Who pays?, owner: The captain, about: { scenario: crew-change } }
  - { id: q2, question: Which board?, owner: The quay, about: { report: harbour-board } }
  - { id: q3, question: Why sail?, owner: Ada, about: { message: welcome-aboard, variant: sail } }
  - { id: q4, question: Who first?, owner: Bo, about: { row: first-mooring, column: engineers } }
"""
        )
    page = health(root)
    assert numbers(page)[0]["open questions"] == "4"
    for name, question, owner, shown in [
        ("Q1", "Who pays?", "The captain", "[Crew change](harbour.md#crew-change)"),
        ("Q2", "Which board?", "The quay", "[Harbour board](harbour.md#crew-change-reports)"),
        ("Q3", "Why sail?", "Ada", "[Welcome aboard](messages/welcome-aboard.md)"),
        ("Q4", "Who first?", "Bo", "[The matrix](harbour.md#matrix)"),
    ]:
        assert f"-   **{name}:** {question}\n\n    Owner: **{owner}**. Shown on: {shown}." in page


def test_health_has_the_tokens_that_nobody_verified_and_no_others(root: Path) -> None:
    assert "No unverified tokens." in health(root)
    write(root / "data/platforms/beacon.yml", "verified: true", "verified: false")
    write(root / "data/platforms/beacon.yml", "{ name: FIRST }", "{ name: FIRST, verified: false }")
    write(root / "data/platforms/beacon.yml", "tokens:", "tokens:\n  engineer: { name: ENG, verified: false }")
    page = health(root)
    assert numbers(page)[0]["unverified token"] == "1", "no email to Beacon has the engineer"
    assert "| [Beacon](platforms.md#beacon) | [Skipper](placeholders.md#skipper) | <code>FIRST</code> |" in page


def test_health_says_what_nothing_uses(root: Path) -> None:
    assert "[No unused items](#unused)" in health(root)
    (root / "content/blocks/forgotten.md").write_text("Once.\n")
    page = html.unescape(health(root))
    assert "[1 unused item](#unused)" in page
    assert "| the block 'forgotten' is unused. | <code>content/blocks/forgotten.md:1:1</code> |" in page


def test_health_shows_what_the_link_check_found(root: Path) -> None:
    assert numbers(health(root))[0]["link problems"] == "?"
    same: dict[str, object] = {"status": 200, "final_url": None, "hops": [], "path": "", "line": 1, "suggestion": None}
    well = {**same, "id": "fitting-guide", "url": "https://tideline.example/fitting?step=1&boat=any", "class": "ok",
            "message": "Well.", "verdict": "pass", "checked_at": "2026-11-21T10:00:00Z"}  # fmt: skip
    gone = {**same, "id": "harbour-board", "url": "https://crew.tideline.example/boards/harbour/", "class": "gone",
            "message": "It is gone.", "verdict": "fail", "checked_at": "2026-11-20T10:00:00Z"}  # fmt: skip
    page = health(root, None, LinkReport.model_validate({"links": [well, gone], "fail": 1, "warn": 0, "pass": 1}))
    assert numbers(page)[0]["link problem"] == "1"
    assert "Working: 1 of 3 links, last checked November 21, 2026. Not checked: 1." in page
    assert "| [Harbour board](links.md#harbour-board) | <code>gone</code> It is gone. | The harbour office |" in page


def test_each_page_says_when_it_was_reviewed(root: Path) -> None:
    made = pages(root)
    assert "Reviewed August 25, 2026 by The crew." in made["messages/welcome-aboard.md"]
    assert "Reviewed September 1, 2026 by Letters." in made["messages/season-letter.md"]
    assert "Reviewed August 25, 2026." in made["harbour.md"]
