"""A logo and an icon of the company's own, in place of the site's mark."""

import shutil
from pathlib import Path

import yaml

from handover.cli.assembly import site_pages
from handover.cli.pipeline import handbook, run_pipeline
from tests.conftest import ROOT

CASES = ROOT / "tests/cases"


def test_the_site_takes_them_and_no_portable_page_does(tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(CASES / "good/tideline", root)
    shutil.copytree(CASES / "bad/picture-that-is-unused/content/pictures", root / "content/pictures")
    with (root / "data/brand.yml").open("a", encoding="utf-8") as brand:
        brand.write("site_logo: deck.png\n")
    result = run_pipeline(root)
    assert not result.diagnostics
    book = handbook(result)
    pages = site_pages(result, book, tmp_path / "build").files
    theme = yaml.safe_load(pages["mkdocs.yml"])["theme"]
    assert (theme["logo"], theme["favicon"]) == ("assets/pictures/deck.png", "assets/favicon.svg")
    assert pages["assets/pictures/deck.png"] == (root / "content/pictures/deck.png").read_bytes()
    assert b"#00605c" in pages["assets/favicon.svg"]
    from handover.render.portable import portable_pictures

    assert [*portable_pictures(book)] == []
