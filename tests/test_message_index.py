"""The page that lists all messages, and the ways from and to it."""

import re
import shutil

import pytest

from handover.cli.assembly import site_pages
from handover.cli.pipeline import handbook, run_pipeline
from tests.conftest import ROOT

LOOSE = "---\ntitle: A <loose> call\ndescription: For & with a crew.\nkind: script\n---\nAhoy.\n"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of two playbooks that share a message, and of a message that none has."""
    root = tmp_path_factory.mktemp("index") / "root"
    shutil.copytree(ROOT / "tests/cases/good/tideline", root)
    playbook = (root / "data/playbooks/harbour.yml").read_text(encoding="utf-8")
    shore = playbook.replace("crew-change", "to-shore").replace("message: welcome-aboard", "message: season-letter")
    shore = shore.replace("From first mooring to open sea", "Ashore")
    (root / "data/playbooks/shore.yml").write_text(shore, encoding="utf-8")
    (root / "content/scenarios/to-shore.md").write_text("Ashore.\n", encoding="utf-8")
    (root / "content/messages/loose.md").write_text(LOOSE, encoding="utf-8")
    result = run_pipeline(root)
    built = site_pages(result, handbook(result), root / "build")
    assert not result.has_errors, result.diagnostics
    return {path: content.decode() for path, content in built.files.items()}


def test_messages_are_listed_by_playbook_and_scenario(pages: dict[str, str]) -> None:
    listing = pages["messages/index.md"]
    parts = re.findall(r'^###? (.*?) \{|href="([\w-]+)/"', listing, re.MULTILINE)
    assert [heading or link for heading, link in parts] == [
        "From first mooring to open sea", "[Crew change](../harbour/index.md#crew-change)",
        "welcome-aboard", "season-letter",
        "Ashore", "[Crew change](../shore/index.md#to-shore)", "season-letter",
        "In no playbook", "loose",
    ]  # fmt: skip


def test_each_entry_says_what_it_is_filtered_by(pages: dict[str, str]) -> None:
    listing = pages["messages/index.md"]
    assert 'data-kind="Email to one person" data-sender="DH" data-playbook="From first mooring' in listing
    assert "from DH to [Skipper]; Sailing boats, Motor boats" in listing
    assert 'data-kind="Script for a call" data-sender="" data-playbook=""' in listing
    assert ">A &lt;loose&gt; call</a>: For &amp; with a crew." in listing
    for name, values in (("kind", 3), ("sender", 2), ("playbook", 2)):
        (options,) = re.findall(rf'<select name="{name}">(.*?)</select>', listing)
        assert options.count("<option>") == values


def test_a_message_leads_back_to_where_it_is_sent_and_to_the_list(pages: dict[str, str]) -> None:
    letter = pages["messages/season-letter/index.md"]
    assert re.findall(r"^Sent by .*? in (\[.*?)\.<br>$", letter, re.MULTILINE) == [
        "[Crew change](../../harbour/index.md#crew-change)", "[Crew change](../../shore/index.md#to-shore)",
    ]  # fmt: skip
    assert "\n[All messages](../index.md)\n" in letter
    assert "\n[All messages](../index.md)\n" in pages["messages/loose/index.md"]
    assert "Sent " not in pages["messages/loose/index.md"]


def test_the_navigation_has_the_list_and_not_each_message(pages: dict[str, str]) -> None:
    settings = pages["mkdocs.yml"]
    assert "  - Messages: messages/index.md\n" in settings
    assert "season-letter" not in settings
