"""A layout is one file: head, foot, styles and text part are there for all."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from handover.cli import cli
from handover.cli.pipeline import run_pipeline
from handover.render.line_length import with_gaps, without_gaps
from tests.conftest import ROOT

NOTE = """{% import "email/_head.mjml.j2" as common with context %}
{% set styles = common.styles %}
<mjml lang="{{ email.language }}" dir="{{ email.direction }}">
{{ common.head() }}
  <mj-body>
{{ common.preheader() }}
    <mj-section>
      <mj-column>
        <mj-text>{% if email.has_title_only %}<h1>{{ email.title }}</h1>{% endif %}{{ email.body }}</mj-text>
      </mj-column>
    </mj-section>
{{ common.foot("surface") }}
  </mj-body>
</mjml>
"""


def test_a_third_layout_is_one_file(tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(ROOT / "tests/cases/good/tideline", root)
    (root / "templates/email").mkdir(parents=True)
    (root / "templates/email/note.mjml.j2").write_text(NOTE, encoding="utf-8")
    message = root / "content/messages/season-letter.md"
    message.write_text(message.read_text().replace("layout: campaign", "layout: note"), encoding="utf-8")
    result = CliRunner().invoke(cli, ["build", "--no-site", "--root", str(root), "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "warning" not in result.output
    made = tmp_path / "out/exports/beacon"
    for part in ("html", "txt"):
        text = (made / f"season-letter.{part}").read_text(encoding="utf-8")
        assert "1 Quay Street" in text
        assert "$(STOP)" in text
        assert "fitting guide" in text


def test_lines_end_where_they_would_if_the_whole_email_was_looked_at(tmp_path: Path) -> None:
    """A layout gets its gaps once, and each content its own."""
    root = Path(shutil.copytree(ROOT / "tests/cases/good/tideline", tmp_path / "root"))
    (root / "templates/email").mkdir(parents=True)
    keeps = NOTE.replace(
        "{{ email.body }}", '<div style="white-space:pre-line">{{ email.body }}</div>, {{ email.title }}'
    )
    (root / "templates/email/note.mjml.j2").write_text(keeps, encoding="utf-8")
    message = root / "content/messages/season-letter.md"
    message.write_text(message.read_text().replace("layout: campaign", "layout: note"), encoding="utf-8")
    emails = [email for rendered in run_pipeline(root).rendered for email in rendered.emails.values()]
    assert len(emails) > 5
    assert any("white-space:pre-line" in email.html for email in emails)
    for email in emails:
        assert with_gaps(without_gaps(email.html)) == email.html


SHOUTED = {
    "note.mjml.j2": NOTE.replace("{{ email.body }}", "{{ email.body | upper }}"),
    "note.txt.j2": "{{ title | upper }}\n\n{{ body }}\n",
}


@pytest.mark.parametrize("name", SHOUTED)
def test_a_layout_that_changes_the_words_of_a_message_is_an_error(tmp_path: Path, name: str) -> None:
    root = Path(shutil.copytree(ROOT / "tests/cases/good/tideline", tmp_path / "root"))
    folder = root / "templates/email"
    folder.mkdir(parents=True)
    for each, text in {"note.mjml.j2": NOTE, name: SHOUTED[name]}.items():
        (folder / each).write_text(text)
    message = root / "content/messages/season-letter.md"
    message.write_text(message.read_text().replace("layout: campaign", "layout: note"))
    result = CliRunner().invoke(cli, ["check", "--root", str(root)])
    assert result.exit_code == 1
    assert (
        f"templates/email/{name}:1:1: error template-error: a filter in it changes the message's content"
        in result.stdout
    )
