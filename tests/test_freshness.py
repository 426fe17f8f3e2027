"""Who keeps things right, and whether anybody has looked at them lately."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from handover.cli import cli
from handover.cli.assembly import assemble
from handover.cli.pipeline import examine
from handover.model.link_report import LinkReport
from tests.conftest import ROOT


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


def test_a_review_holds_through_its_last_day_and_without_a_day_for_ever() -> None:
    assert check(ROOT) == []
    assert check(ROOT, "--today", "2027-05-24") == []
    overdue = check(ROOT, "--today", "2027-05-25")
    assert overdue == sorted(
        path.relative_to(ROOT).as_posix()
        for folder in ("messages", "scenarios")
        for path in (ROOT / "content" / folder).glob("*.md")
    )


def test_of_two_playbooks_the_stricter_one_counts(sources: Path) -> None:
    other = sources / "data/playbooks/stricter.yml"
    other.write_text(
        """title: Stricter
heading: A second playbook
description: Has the welcome email too.
review_days: 30
order_types: [{ id: any, name: Any }]
teams: [{ id: all, name: All }]
matrix: [{ order_type: any, team: all, scenario: again, summary: The same email. }]
scenarios: [{ id: again, title: Again, messages: [expand-welcome] }]
owner: Somebody
"""
    )
    (sources / "content/scenarios/again.md").write_text("---\nreviewed: 2026-12-20\n---\nOnce more.\n")
    assert check(sources, "--today", "2026-12-26") == ["content/messages/expand-welcome.md"]


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "26-11-25"])
def test_a_day_that_is_none_is_wrong_use(day: str) -> None:
    result = CliRunner().invoke(cli, ["check", "--root", str(ROOT), "--today", day])
    assert result.exit_code == 2
    assert "--today" in result.stderr


def health(root: Path, today: date | None = None, report: LinkReport | None = None) -> str:
    """The page Health as MkDocs reads it."""
    made = examine(root)
    assembled = assemble(made, root / "build", report, today)
    assert assembled is not None
    return assembled.pages["health.md"].decode()


def numbers(page: str) -> dict[str, str]:
    return {name: count for count, name in re.findall(r"<strong>(\S+)</strong> ([a-z ]+)</a>", page)}


def test_health_shows_dates_and_compares_none_unless_a_day_is_given() -> None:
    page = health(ROOT)
    assert numbers(page)["reviews overdue"] == "?"
    assert "| 25 November 2026 | 24 May 2027 | Marketing |" in page
    page = health(ROOT, date(2027, 5, 24))
    assert numbers(page)["reviews overdue"] == "0"
    page = health(ROOT, date(2027, 5, 25))
    written = [*ROOT.glob("content/messages/*.md"), *ROOT.glob("content/scenarios/*.md")]
    assert numbers(page)["reviews overdue"] == str(len(written))
    assert "What needs somebody's attention on 25 May 2027." in page
    assert "| 25 November 2026 | **overdue**, held until 24 May 2027 | Marketing |" in page


def test_health_has_each_open_question_with_who_answers_it_and_where_it_is_shown() -> None:
    page = health(ROOT)
    playbook = yaml.safe_load((ROOT / "data/playbooks/amer-smb.yml").read_text())
    assert numbers(page)["open questions"] == str(len(playbook["questions"]))
    for question in playbook["questions"]:
        entry = page.split(f"-   **{question['id'].upper()}:** ")[1].split("\n-   ")[0]
        assert f"**{question['owner']}** has to answer. It is shown at [" in entry
    assert "[The matrix](amer-smb.md#matrix)" in page
    assert "[FO - FYE - No Handover - Month](amer-smb.md#sales-assisted-to-expand-reports)" in page


def test_health_has_the_tokens_that_nobody_verified_and_no_others() -> None:
    page = health(ROOT)
    assert "| [Outreach](platforms.md#outreach) | [Your name](placeholders.md#sender_name) |" in page
    assert "placeholders.md#customer_company) | <code>COMPANY</code>" not in page, "no email to Mailchimp has it"


def test_health_says_what_nothing_uses(sources: Path) -> None:
    assert "[0 things are](#unused)" in health(sources)
    (sources / "content/blocks/forgotten.md").write_text("Once.\n")
    page = health(sources)
    assert "[1 thing is](#unused)" in page
    assert "| nothing uses the block 'forgotten'. | <code>content/blocks/forgotten.md:1:1</code> |" in page


def test_health_shows_what_the_link_check_found() -> None:
    assert numbers(health(ROOT))["links to mend"] == "?"
    same: dict[str, object] = {"status": 200, "final_url": None, "hops": [], "path": "", "line": 1, "suggestion": None}
    well = {**same, "id": "support-home", "url": "https://support.gitlab.com/hc/en-us", "class": "ok",
            "message": "Well.", "verdict": "pass", "checked_at": "2026-11-21T10:00:00Z"}  # fmt: skip
    gone = {**same, "id": "smb-account-hub", "url": "https://page.gitlab.com/smbsales.html", "class": "gone",
            "message": "It is gone.", "verdict": "fail", "checked_at": "2026-11-20T10:00:00Z"}  # fmt: skip
    report = LinkReport.model_validate({"links": [well, gone], "fail": 1, "warn": 0, "pass": 1})
    page = health(ROOT, None, report)
    assert numbers(page)["links to mend"] == "1"
    links = len(re.findall(r"^  url:", (ROOT / "data/links.yml").read_text(encoding="utf-8"), re.MULTILINE))
    said = f"1 of {links} links were seen well, the last on 21 November 2026. {links - 2} were not asked."
    assert said in page
    assert "| [SMB Account Hub](links.md#smb-account-hub) | <code>gone</code> It is gone. | Marketing |" in page


def test_a_page_says_when_it_was_reviewed(dist: Path) -> None:
    for page in ("messages/expand-welcome", "messages/pooled-welcome", "amer-smb"):
        text = (dist / page / "index.html").read_text()
        assert re.search(r"Reviewed\b.{0,80}25 November 2026", text, re.DOTALL), page
