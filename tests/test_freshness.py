"""Who keeps things right, and whether anybody has looked at them lately."""

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from handover.cli import cli
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
