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
from handover.model.report import LinkReport
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
    return {path: content.decode() for path, content in texts.files.items()}


def health(root: Path, today: date | None = None, report: LinkReport | None = None) -> str:
    return pages(root, today, report)["health/index.md"]


def tasks(page: str) -> dict[str, list[str]]:
    """What the page says to do, by owner: each task in one line, with the line of the file."""
    groups = re.split(r"^## ", html.unescape(page), flags=re.MULTILINE)[1:]
    return {
        group.partition("\n")[0]: [
            " ".join(re.sub(r"</?(?:code|small|span)\b[^>]*>", "", item).split())
            for item in re.findall(r'<li [^>]*markdown="block">(.*?)</li>', group, re.DOTALL)
        ]
        for group in groups
    }


def test_health_has_each_review_with_its_day_and_with_a_day_given_only_those_that_are_due(root: Path) -> None:
    page = health(root)
    assert 'data-due="2026-11-23"' in page
    review = "**Review** [Welcome aboard](../messages/welcome-aboard/index.md), then update its `reviewed`."
    line = "content/messages/welcome-aboard.md:3"
    assert tasks(page)["The crew"] == [f"{review} The last review is valid until November 23, 2026. {line}"]
    assert "Letters" in tasks(page)
    assert tasks(health(root, date(2026, 10, 2))) == {}
    overdue = tasks(health(root, date(2026, 11, 24)))
    assert overdue["The crew"] == [f"{review} Overdue since November 23, 2026. {line}"]
    assert len(overdue["Letters"]) == 1, "soon"


def test_a_review_of_two_playbooks_is_one_task(root: Path) -> None:
    second_playbook(root)
    found = tasks(health(root, date(2026, 10, 2)))
    assert ["season-letter/index.md)" in task for task in found["Letters"]] == [True]


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
    found = tasks(health(root))
    for name, question, owner, shown in [
        ("Q1", "Who pays?", "The captain", "[Crew change](../harbour/index.md#crew-change)"),
        ("Q2", "Which board?", "The quay", "[Harbour board](../harbour/index.md#crew-change-reports)"),
        ("Q3", "Why sail?", "Ada", "[Welcome aboard](../messages/welcome-aboard/index.md)"),
        ("Q4", "Who first?", "Bo", "[the matrix](../harbour/index.md#matrix)"),
    ]:
        (task,) = found[owner]
        assert task.startswith(
            f"**Answer question {name}** on {shown}: write the answer into the text, then delete the question. "
            f"{question} data/playbooks/harbour.yml:"
        )


def test_health_has_the_tokens_that_nobody_verified_and_no_others(root: Path) -> None:
    assert "Try the token" not in health(root)
    write(root / "data/platforms/beacon.yml", "verified: true", "verified: false")
    write(root / "data/platforms/beacon.yml", "{ name: FIRST }", "{ name: FIRST, verified: false }")
    write(root / "data/platforms/beacon.yml", "tokens:", "tokens:\n  engineer: { name: ENG, verified: false }")
    found = [task for group in tasks(health(root)).values() for task in group if "Try the token" in task]
    assert len(found) == 1, "no email to Beacon has the engineer"
    assert found[0].startswith(
        "**Try the token** for Skipper on [Beacon](../platforms/index.md#beacon) with a test email: it was seen in use"
    )
    assert re.search(r"data/platforms/beacon\.yml:\d+$", found[0])


def test_health_has_each_warning_by_the_owner_of_its_file(root: Path) -> None:
    (root / "content/blocks/forgotten.md").write_text("Once.\n")
    write(
        root / "content/messages/season-letter.md",
        "preheader: ",
        "preheader: SO VERY LOUD AND LONG AND THEN SOME MORE AND MORE AND MORE AND MORE OF IT TO READ ",
    )
    brand = root / "data/brand.yml"
    brand.write_text(f"{brand.read_text(encoding='utf-8')}repo_url: https://code.example/edit\n", encoding="utf-8")
    found = tasks(health(root, date(2026, 10, 2)))
    line = "content/blocks/forgotten.md:1"
    link = f'<a href="https://code.example/edit/content/blocks/forgotten.md#L1">{line}</a>'
    assert found["No owner"] == [f"**Fix:** the block 'forgotten' is unused. Use it, or delete it. {link}"]
    assert "content/messages/season-letter.md" in found["Letters"][0]
    assert [*found][-1] == "No owner"


def test_health_shows_what_the_link_check_found(root: Path) -> None:
    assert "**Links that were never checked: 3.** To check them, run `handover links" in health(root)
    same: dict[str, object] = {"status": 200, "final_url": None, "hops": [], "path": "", "line": 1, "suggestion": None}
    well = {**same, "id": "fitting-guide", "url": "https://tideline.example/fitting?step=1&boat=any", "class": "ok",
            "message": "Well.", "verdict": "pass", "checked_at": "2026-11-21T10:00:00Z"}  # fmt: skip
    gone = {**same, "id": "harbour-board", "url": "https://crew.tideline.example/boards/harbour/", "class": "gone",
            "message": "It is gone.", "verdict": "fail", "checked_at": "2026-11-20T10:00:00Z"}  # fmt: skip
    page = health(root, None, LinkReport.model_validate({"links": [well, gone], "fail": 1, "warn": 0, "pass": 1}))
    assert "**Links that were never checked: 1.** To check it, " in page
    (task,) = [each for each in tasks(page)["The harbour office"] if "Fix the link" in each]
    where = "[Harbour board](../links/index.md#harbour-board)"
    assert task.startswith(f"**Fix the link** {where}: gone It is gone. data/links.yml:")
    assert "fitting-guide" not in page


def test_each_page_says_when_it_was_reviewed(root: Path) -> None:
    made = pages(root)
    assert "Reviewed August 25, 2026 by The crew." in made["messages/welcome-aboard/index.md"]
    assert "Reviewed September 1, 2026 by Letters." in made["messages/season-letter/index.md"]
    playbook = made["harbour/index.md"]
    assert "Reviewed August 25, 2026." in playbook
    assert re.search(r"^Reviewed August 25, 2026\..*data-due=\"2026-11-23\"", playbook, re.MULTILINE)
    assert re.search(r"Fill in and copy this email\].*data-due=\"2026-11-23\"", playbook)
    second_playbook(root)
    assert 'data-due="2026-10-01"' in pages(root)["harbour/index.md"], "the stricter one counts for the letter"
