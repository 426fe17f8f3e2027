"""What a merge request can put into templates: it runs no code, reads and writes no file, and comes to an end."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from handover.cli import cli
from tests.conftest import ROOT

GOOD = ROOT / "tests/cases/good/tideline"

HOSTILE = {
    "the way to Python's own classes": "{{ ''.__class__.__mro__ }}",
    "a file read by a model": "{{ catalog.brand.parse_file('/etc/passwd') }}",
    "a pickle read by a model": "{{ catalog.brand.parse_file('x', proto='pickle', allow_pickle=True) }}",
    "another model from nothing": "{{ catalog.brand.model_construct() }}",
    "templates compiled into files": "{{ book.jinja.compile_templates('TARGET') }}",
    "a file included": "{% include '/etc/passwd' %}",
    "a file above": "{% include '../../data/brand.yml' %}",
    "more than a range may have": "{% for i in range(10**9) %}{% endfor %}",
    "a long string": "{{ 'a' * 1000000000 }}",
    "a long list": "{{ [1] * 1000000000 }}",
    "a huge number": "{{ 9 ** 9999999 }}",
    "a string that doubles": "{% set n = namespace(s='a') %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}"
    "{% endfor %}",
    "a wide string": "{{ 'a' | center(10000000000) }}",
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


@pytest.mark.parametrize("name", HOSTILE)
def test_a_template_that_means_harm_is_a_finding(tmp_path: Path, name: str) -> None:
    target = tmp_path / "written"
    said = check_with(tmp_path, "handbook/glossary.md.j2", HOSTILE[name].replace("TARGET", str(target)))
    assert said.startswith("templates/handbook/glossary.md.j2:1:1: error template-error: "), said
    assert said.endswith("1 error, no warnings.\n")
    assert "root:" not in said
    assert not target.exists()


def test_a_template_that_never_ends_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.render.bounds.SECONDS", 0.3)
    loops = "".join(f"{{% for a{level} in range(9999) %}}" for level in range(4)) + "{% endfor %}" * 4
    said = check_with(tmp_path, "handbook/glossary.md.j2", loops)
    assert "template-error: it does not come to an end." in said


def test_a_layout_nested_beyond_all_bounds_does_not_reach_the_compiler(tmp_path: Path) -> None:
    deep = "{% for i in range(20000) %}<mj-raw>{% endfor %}{% for i in range(20000) %}</mj-raw>{% endfor %}"
    text = f"<mjml><mj-body>{deep}{{{{ email.body }}}}</mj-body></mjml>"
    assert "nested deeper than 100" in check_with(tmp_path, "email/letter.mjml.j2", text)


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
