"""A message that two scenarios of a playbook send has a place in each, with an id of its own."""

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

SECOND = """\
  - id: new-season
    title: A new season
    steps:
      - { who: The customer, do: launches the boat }
      - { who: deckhand, do: writes again, message: welcome-aboard }
"""


@pytest.mark.usefixtures("mkdocs")
def test_each_scenario_has_its_place_for_the_message(tmp_path: Path, handover: Run) -> None:
    root, out = tmp_path / "root", tmp_path / "out"
    shutil.copytree(ROOT / "tests/cases/good/tideline", root)
    playbook = root / "data/playbooks/harbour.yml"
    text = playbook.read_text(encoding="utf-8").replace("scenarios:\n", f"scenarios:\n{SECOND}", 1)
    playbook.write_text(text, encoding="utf-8")
    (root / "content/scenarios/new-season.md").write_text("The boat is back in the water.\n", encoding="utf-8")
    built = handover("build", "--root", str(root), "--out", str(out))
    assert built.returncode == 0, built.stderr
    places = ["message-welcome-aboard", "message-welcome-aboard--crew-change"]
    for path in ("harbour/index.html", "exports/handbook/harbour.md"):
        page = (out / path).read_text(encoding="utf-8")
        ids = re.findall(r'id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), path
        assert [each for each in ids if each.startswith("message-welcome")] == places, path
        for place in places:
            assert re.search(rf"#{place}[\")]", page), f"nothing leads to {place} in {path}"
