"""A message with `draft: true`: it is checked and shown, and no platform gets it."""

import shutil
from pathlib import Path

import pytest

from handover.cli.pipeline import run_pipeline
from tests.conftest import ROOT, Run

CASES = ROOT / "tests/cases"


@pytest.mark.usefixtures("mkdocs")
def test_no_platform_gets_a_draft(tmp_path: Path, handover: Run) -> None:
    root = tmp_path / "root"
    shutil.copytree(CASES / "good/tideline", root)
    message = root / "content/messages/welcome-aboard.md"
    assert "mailroom" in {each.platform for each in run_pipeline(root).artifacts if each.message == "welcome-aboard"}
    text = message.read_text(encoding="utf-8").replace("---\ntitle:", "---\ndraft: true\ntitle:", 1)
    message.write_text(text.replace("Hello", "FILL IN a greeting: Hello"), encoding="utf-8")
    result = run_pipeline(root)
    assert [(each.severity, each.code) for each in result.diagnostics] == [("warning", "to-fill-in")]
    assert {each.platform for each in result.artifacts if each.message == "welcome-aboard"} == {"preview"}
    shown = handover("show", "welcome-aboard", "--variant", "sail", "--platform", "mailroom", "--root", str(root))
    assert shown.returncode == 2
    assert "'welcome-aboard' is a draft" in shown.stderr
    built = handover("build", "--root", str(root), "--out", str(tmp_path / "out"))
    assert built.returncode == 0, built.stderr
    page = (tmp_path / "out/messages/welcome-aboard/index.html").read_text(encoding="utf-8")
    assert "then delete <code>draft: true</code>" in page
    assert "Copy email" not in page
