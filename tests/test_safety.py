"""A slip in a template is an error at its place: templates are sandboxed, and see no file but other templates."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from handover.cli import cli
from tests.conftest import ROOT

GOOD = ROOT / "tests/cases/good/tideline"

SLIPS = {
    "the way to Python's own classes": "{{ ''.__class__.__mro__ }}",
    "a file included": "{% include '/etc/passwd' %}",
    "a file above": "{% include '../../data/brand.yml' %}",
    "more than a range may have": "{% for i in range(10**9) %}{% endfor %}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "nothing divided": "{{ 1 / 0 }}",
    "a sum of two kinds": "{{ 1 + 'a' }}",
    "a key that is not there": "{{ {}['a'] }}",
}


def check_with(tmp_path: Path, template: str, text: str) -> str:
    root = tmp_path / "root"
    shutil.copytree(GOOD, root)
    (root / "templates" / template).parent.mkdir(parents=True)
    (root / "templates" / template).write_text(text)
    result = CliRunner().invoke(cli, ["check", "--root", str(root)], catch_exceptions=False)
    assert result.exit_code == 1
    return result.stdout


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_in_a_template_is_an_error_there(tmp_path: Path, name: str) -> None:
    said = check_with(tmp_path, "handbook/glossary.md.j2", SLIPS[name])
    assert said.startswith("templates/handbook/glossary.md.j2:1:1: error template-error: "), said
    assert said.endswith("1 error, no warnings.\n")
    assert "root:" not in said


def test_a_layout_nested_beyond_all_bounds_does_not_reach_the_compiler(tmp_path: Path) -> None:
    deep = "{% for i in range(20000) %}<mj-raw>{% endfor %}{% for i in range(20000) %}</mj-raw>{% endfor %}"
    text = f"<mjml><mj-body>{deep}{{{{ email.body }}}}</mj-body></mjml>"
    assert "exceeds 500,000 characters, or 100 levels of tags" in check_with(tmp_path, "email/letter.mjml.j2", text)


def test_more_emails_than_a_machine_bears_are_a_finding_before_any_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handover.cli.pipeline.MAX_EMAILS", 5)
    root = Path(shutil.copytree(GOOD, tmp_path / "root"))
    result = CliRunner().invoke(cli, ["check", "--root", str(root)], catch_exceptions=False)
    assert result.stdout.startswith("content/messages:1:1: error too-many-files: these are ")
    assert result.stdout.endswith("1 error, no warnings.\n")


def test_a_message_has_no_more_variants_than_anybody_can_keep_apart(tmp_path: Path) -> None:
    root = Path(shutil.copytree(GOOD, tmp_path / "root"))
    message = root / "content/messages/season-letter.md"
    variants = "".join(f"  v{number}: V\n" for number in range(51))
    message.write_text(message.read_text().replace("---\n", f"---\nvariants:\n{variants}", 1))
    result = CliRunner().invoke(cli, ["check", "--root", str(root)], catch_exceptions=False)
    assert result.exit_code == 1
    assert "content/messages/season-letter.md:3:3: error invalid-value:" in result.stdout
    assert "50" in result.stdout
