"""Email addresses and phone numbers in data/links.yml: links like all others, which no link check requests."""

import json
import shutil
from pathlib import Path

import pytest

from handover.cli.pipeline import run_pipeline
from handover.links.urls import addresses
from tests.conftest import ROOT, Run

CONTACTS = {
    "write-to-us": "mailto:crew@tideline.example?subject=My%20boat",
    "write-to-both": "mailto:crew@tideline.example,ada+boat@tideline.example",
    "write-to-the-skipper": "mailto:{{ skipper_email }}",
    "call-us": "tel:+44-20-7946-0018",
    "call-the-quay": "tel:112",
}

SHOWN = {
    "write-to-us": "crew@tideline.example",
    "write-to-both": "crew@tideline.example, ada+boat@tideline.example",
}
"""What plain text has for them, if it is more or less than the URL without its scheme."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contacts") / "root"
    shutil.copytree(ROOT / "tests/cases/good/tideline", folder)
    entries = (f'{name}:\n  title: T\n  url: "{url}"\n  audience: everyone\n' for name, url in CONTACTS.items())
    with (folder / "data/links.yml").open("a", encoding="utf-8") as links:
        links.write("".join(entries))
    with (folder / "content/messages/welcome-aboard.md").open("a", encoding="utf-8") as message:
        message.write("".join(f"\n[{name}][{name}]\n" for name in CONTACTS))
        message.write("\nMail [crew@tideline.example][write-to-us], or [call 112][call-the-quay].\n")
    return folder


@pytest.mark.usefixtures("mkdocs")
def test_they_are_links_in_every_form(root: Path, handover: Run) -> None:
    out = root.parent / "out"
    built = handover("build", "--root", str(root), "--out", str(out))
    assert built.returncode == 0, built.stderr
    preview = (out / "exports/preview/welcome-aboard.sail.html").read_text(encoding="utf-8")
    pasted = (out / "exports/mailroom/welcome-aboard.sail.html").read_text(encoding="utf-8")
    text = (out / "exports/preview/welcome-aboard.sail.txt").read_text(encoding="utf-8")
    portable = (out / "exports/handbook/harbour.md").read_text(encoding="utf-8")
    page = (out / "links/index.html").read_text(encoding="utf-8")
    for name, url in CONTACTS.items():
        if "{{" not in url:
            assert f'href="{url}"' in preview
            assert f'href="{url}"' in pasted
            assert f": {SHOWN.get(name, url.partition(':')[2])}\n" in text
            assert f"({url})" in portable
            assert f'href="{url}"' in page
        assert f">{name}</a>" in preview
    assert 'href="mailto:ada@boat.example"' in preview
    assert "write-to-the-skipper: ada@boat.example\n" in text
    assert "Mail crew@tideline.example, or call 112.\n" in text
    used = next(
        each["links"]
        for each in json.loads((out / "catalog.json").read_text(encoding="utf-8"))["artifacts"]
        if each["path"] == "exports/preview/welcome-aboard.sail.html"
    )
    assert set(CONTACTS) <= set(used)


def test_the_link_check_does_not_request_them(root: Path) -> None:
    catalog = run_pipeline(root).catalog
    assert catalog is not None
    assert {str(each.link.id) for each in addresses(catalog)} == {"fitting-guide", "engineer-calendar", "harbour-board"}
