"""Placeholders in the front matter of a message: two messages can give one id to different things."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from handover.write.site import MkDocs
from tests.conftest import ROOT, Run

HEAD = """\
---
title: {title}
subject: About {{{{ hook }}}}
preheader: Meet the engineer who looks after your sensors, and see how they are fitted.
kind: personal
layout: letter
from: The deckhand
to: {{ name: "{{{{ skipper }}}}", email: "{{{{ skipper_email }}}}" }}
placeholders:
  hook: {{ label: {label}, description: What you noticed., filled_by: customer, sample: {sample} }}
---
Hello {{{{ skipper }}}}, {{{{ hook }}}}.

"""
REST = """\
Talk to {{ engineer }}: [find a time][engineer-calendar].
{{ engineer_pronouns.Subject }} {{ engineer_pronouns.be }} glad.

::: include fitting
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own") / "root"
    shutil.copytree(ROOT / "tests/cases/good/tideline", folder)
    messages = folder / "content/messages"
    first, second = messages / "welcome-aboard.md", messages / "second.md"
    first.write_text(HEAD.format(title="First", label="Mast", sample="your mast") + REST, encoding="utf-8")
    second.write_text(HEAD.format(title="Second", label="Keel", sample="your keel"), encoding="utf-8")
    playbook = folder / "data/playbooks/harbour.yml"
    step = "message: welcome-aboard\n"
    text = playbook.read_text(encoding="utf-8").replace(
        step, f"{step}      - {{ who: deckhand, do: writes, message: second }}\n"
    )
    playbook.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(root: Path, handover: Run, mkdocs: MkDocs) -> Path:
    result = handover("build", "--root", str(root), "--out", str(root.parent / "out"))
    assert result.returncode == 0, result.stderr
    return root.parent / "out"


def page(path: Path) -> Any:
    return etree.fromstring(path.read_bytes(), etree.HTMLParser(encoding="utf-8"))


@pytest.mark.parametrize(
    ("message", "label", "sample"), [("welcome-aboard", "Mast", "mast"), ("second", "Keel", "keel")]
)
def test_each_message_has_its_own(built: Path, message: str, label: str, sample: str) -> None:
    exports = built / "exports"
    assert f"Hello Ada, your {sample}." in (exports / f"preview/{message}.txt").read_text(encoding="utf-8")
    assert f"<<ask {label}>>" in (exports / f"mailroom/{message}.txt").read_text(encoding="utf-8")
    assert f"About <<ask {label}>>" in (exports / f"mailroom/{message}.subject.txt").read_text(encoding="utf-8")
    shown = page(built / f"messages/{message}/index.html")
    groups = {each.findtext("legend"): each.xpath(".//label/text()") for each in shown.xpath("//fieldset")}
    assert groups["This email"] == [label]
    assert label not in groups["The customer"]
    data = json.loads(shown.xpath("//@data-composer")[0])
    assert data["blanks"]["hook"]["own"]
    assert not data["blanks"]["skipper"]["own"]


def test_a_page_with_both_tells_them_apart(built: Path) -> None:
    portable = (built / "exports/handbook/harbour.md").read_text(encoding="utf-8").replace("\\", "")
    text = "".join(page(built / "harbour/index.html").itertext())
    for shown in (portable, text):
        assert "[Mast]." in shown
        assert "[Keel]." in shown
        assert "About [Keel]" in shown
    assert "In one message only" in "".join(page(built / "placeholders/index.html").itertext())


def test_the_catalog_says_whose_they_are(built: Path, root: Path, handover: Run) -> None:
    catalog = json.loads((built / "catalog.json").read_text(encoding="utf-8"))
    whose = [(each["id"], each["message"], each["label"]) for each in catalog["placeholders"]]
    assert ("skipper", None, "Skipper") in whose
    assert [each for each in whose if each[0] == "hook"] == [
        ("hook", "second", "Keel"),
        ("hook", "welcome-aboard", "Mast"),
    ]
    assert "Keel" in handover("list", "placeholders", "--root", str(root)).stdout


def test_commands_take_values_for_them(root: Path, handover: Run) -> None:
    shown = handover("show", "second", "--root", str(root), "--set", "hook=the rudder", "--format", "text")
    assert "Hello Ada, the rudder." in shown.stdout
    wrong = handover("show", "season-letter", "--root", str(root), "--set", "hook=the rudder")
    assert wrong.returncode == 2
    assert "there is no placeholder 'hook'" in wrong.stderr
    assert "[Keel]" in handover("show", "second", "--root", str(root), "--platform", "handbook").stdout
