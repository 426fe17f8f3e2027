"""What the link check found, shown on the links page."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from handover.cli import cli
from handover.cli.pipeline import handbook, run_pipeline
from handover.load.reports import read_link_report
from handover.model.report import LinkReport
from tests.conftest import ROOT


def result(link_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": link_id, "url": "https://tideline.example/fitting?step=1&boat=any", "class": "ok", "status": 200,
        "final_url": None, "hops": [], "path": "data/links.yml", "line": 3, "verdict": "pass", "message": "200",
        "suggestion": None, "checked_at": "2026-11-24T23:30:00+02:00", **changes,
    }  # fmt: skip


def links_page(tmp_path: Path, *results: dict[str, Any]) -> str:
    file = tmp_path / "report.json"
    file.write_text(json.dumps({"links": results, "fail": 0, "warn": 0, "pass": 1}))
    book = handbook(run_pipeline(ROOT / "tests/cases/good/tideline"), read_link_report(file))
    return str(book.render("handbook/links.md.j2"))


def test_the_links_page_says_when_each_was_last_ok(tmp_path: Path) -> None:
    page = links_page(
        tmp_path,
        result("fitting-guide"),
        result("engineer-calendar", url="https://x.example/1", **{"class": "gone"}, message="404 | <b>twice\n"),
    )
    rows = {line.split('id="')[1].split('"')[0]: line for line in page.splitlines() if 'id="' in line}
    assert "| Last OK |" in page
    assert rows["fitting-guide"].endswith("| November 24, 2026 |")
    assert rows["engineer-calendar"].endswith("| <code>gone</code> on November 24, 2026: 404 &#124; &#60;b&#62;twice |")
    assert rows["harbour-board"].endswith("| not checked |")


def test_an_address_that_changed_after_the_check_was_not_checked(tmp_path: Path) -> None:
    assert links_page(tmp_path, result("fitting-guide", url="https://old.example/")).count("not checked") == 3


def test_without_a_report_the_page_says_nothing_of_it() -> None:
    page = str(handbook(run_pipeline(ROOT / "tests/cases/good/tideline")).render("handbook/links.md.j2"))
    assert "Last OK" not in page
    assert "| Owner |" in page


def test_a_report_is_in_the_order_of_the_file_and_counts() -> None:
    parsed = [LinkReport.model_validate({"links": [result("b", line=9), result("a", line=2, verdict="fail")],
                                         "fail": 1, "warn": 0, "pass": 1})]  # fmt: skip
    made = LinkReport.of(parsed[0].links)
    assert [each.id for each in made.links] == ["a", "b"]
    assert (made.fail, made.warn, made.pass_) == (1, 0, 1)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"links": 1}', '{"links": [{}], "fail": 0, "warn": 0, "pass": 0}'])
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "report.json"
    file.write_text(text)
    arguments = ["build", "--no-site", "--out", str(tmp_path / "out"), "--link-report", str(file)]
    ended = CliRunner().invoke(cli, [*arguments, "--root", str(ROOT)], catch_exceptions=False)
    assert ended.exit_code == 2
    assert "is no result of the link check" in ended.stderr
    assert not (tmp_path / "out").exists()
