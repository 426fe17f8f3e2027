"""The site as it is served: whole, and alone with itself."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from handover.cli import cli
from handover.write.finish import finish, kept
from handover.write.site import ENVIRONMENT
from tests.conftest import ROOT

LOADING = {
    "script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src",
    "embed": "src", "object": "data", "form": "action", "base": "href",
}  # fmt: skip


class Page(HTMLParser):
    """Collects every address that a browser asks for by itself, every link, and everything that a link can lead to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.anchors |= {values.get("id") or "", (tag == "a" and values.get("name")) or ""}
        if tag in ("a", "area"):
            self.links.append(values.get("href") or "")
        if tag == "link" and values.get("rel") in ("canonical", "alternate", "next", "prev"):
            return
        if tag in LOADING:
            self.loaded.append(values.get(LOADING[tag]) or "")
        self.loaded += re.findall(r"url\(([^)]*)\)", values.get("style") or "")
        self.loaded += [part.split()[0] for part in (values.get("srcset") or "").split(",") if part.strip()]


@pytest.fixture(scope="module")
def pages(dist: Path) -> dict[Path, Page]:
    """Every page of the site and every email, read."""
    found = {path: Page(path) for path in sorted(dist.rglob("*.html"))}
    assert len(found) > 15
    return found


def foreign(addresses: list[str]) -> list[str]:
    return [address for address in addresses if re.match(r"\s*['\"]?(?:[a-z]+:)?//", address, re.IGNORECASE)]


def test_no_page_and_no_email_asks_another_server_for_anything(dist: Path, pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        styles = re.findall(r"<style\b[^>]*>(.*?)</style>", path.read_text(encoding="utf-8"), re.DOTALL)
        css = [address for style in styles for address in re.findall(r"url\(([^)]*)\)|@import\s+([^;]+)", style)]
        assert foreign(page.loaded + [part for pair in css for part in pair]) == [], path
    for sheet in sorted(dist.rglob("*.css")):
        assert foreign(re.findall(r"url\(([^)]*)\)", sheet.read_text(encoding="utf-8"))) == [], sheet


def test_every_link_to_a_place_on_a_page_finds_it(dist: Path, pages: dict[Path, Page], site: str) -> None:
    """LinkChecker can look at this too, but reads a page anew for each place on it that a link leads to."""
    asked, wrong = 0, []
    for path, page in pages.items():
        here = site + path.relative_to(dist).as_posix().removesuffix("index.html")
        for link in page.links:
            address, anchor = urldefrag(urljoin(here, link))
            if not anchor or not address.startswith(site):
                continue
            asked += 1
            there = dist / unquote(address.removeprefix(site).partition("?")[0])
            target = pages.get(there / "index.html") or pages.get(there)
            if target is None or unquote(anchor) not in target.anchors:
                wrong.append((here, link))
    assert wrong == []
    assert asked > 500


def test_linkchecker_finds_every_page_asset_and_download(site: str, dist: Path, tmp_path: Path) -> None:
    settings = tmp_path / "linkcheckerrc"
    settings.write_text(
        "[filtering]\nignorewarnings=url-content-too-large\n[checking]\nthreads=8\nmaxrequestspersecond=1000\n"
    )
    command = [
        str(Path(sys.executable).with_name("linkchecker")),
        "-f",
        str(settings),
        "--no-robots",
        "--no-status",
        "-v",
        "-o",
        "xml",
        site,
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=400)
    report = ElementTree.fromstring(result.stdout)  # noqa: S314 - written by a process of ours
    wrong = []
    reached = set()
    for entry in report.iter("urldata"):
        address = entry.findtext("realurl") or entry.findtext("url") or ""
        valid = entry.find("valid")
        warnings = [warning.text for warning in entry.iter("warning")]
        if valid is None or valid.get("result", "").startswith("Error") or warnings:
            wrong.append((entry.findtext("parent"), address, "" if valid is None else valid.get("result"), warnings))
        reached.add(address.removeprefix(site).split("#")[0])
    assert wrong == []
    downloads = {path.relative_to(dist).as_posix() for path in (dist / "exports").rglob("*") if path.is_file()}
    assert downloads - reached == set(), "every export is linked from somewhere"


def test_every_page_is_found_in_the_search(dist: Path) -> None:
    index = (dist / "search/search_index.json").read_text(encoding="utf-8")
    for page in (
        "amer-smb/",
        "messages/expand-welcome/",
        "messages/pooled-welcome/",
        "links/",
        "placeholders/",
        "platforms/",
        "glossary/",
        "health/",
    ):
        assert f'"location":"{page}"' in index


def test_no_page_has_a_stand_in_and_the_search_knows_the_words_of_messages_alone(dist: Path) -> None:
    """MkDocs sees stand-ins for forms and emails: with the words, and without labels and buttons."""
    assert [path for path in dist.rglob("*.html") if "data-part" in path.read_text(encoding="utf-8")] == []
    entries = json.loads((dist / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    texts = {entry["location"]: entry["text"] for entry in entries}
    for location, words in (
        ("messages/expand-welcome/", ("Hi [Customer Name],", "Priority Support")),
        ("messages/pooled-welcome/#read-it-with-other-values", ("Subject: ", "GitLab Customers Portal")),
        ("snippets/#meeting-invitation", ("[Expand AE]",)),
    ):
        assert [each for each in words if each not in texts[location]] == [], texts[location]
        assert [each for each in ("Copy", "Download", "optional") if each in texts[location]] == [], texts[location]


def test_the_script_of_the_form_is_small(dist: Path) -> None:
    assert len(gzip.compress((dist / "assets/composer.js").read_bytes(), mtime=0)) < 12_000


def test_both_schemes_are_offered(dist: Path) -> None:
    page = (dist / "index.html").read_text(encoding="utf-8")
    assert 'data-md-color-scheme="default"' in page
    assert 'data-md-color-scheme="slate"' in page


LOADED = """
from pathlib import Path
from handover.write import site_worker
site_worker._preload()
print(*(Path(code.co_filename).name for code in site_worker._compiled.codes.values()))
"""


@pytest.mark.slow
def test_the_theme_is_compiled_before_there_are_pages() -> None:
    result = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert {"main.html", "base.html", "404.html", "header.html", "nav-item.html", "search.html"} <= {
        *result.stdout.split()
    }


NEIGHBOR = re.compile(rb"<link rel=[\"']?(?:next|prev)\b[^>]*>\s*")
POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="[^"]*">')


@pytest.mark.slow
def test_the_site_is_what_mkdocs_itself_builds_of_the_pages(dist: Path, tmp_path: Path) -> None:
    configuration = dist.parent / "sources/build/mkdocs.yml"
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(configuration), "-d", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **ENVIRONMENT})
    finish(tmp_path, kept(configuration.parent))
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len([path for path in made if path.suffix == ".html"]) > 12
    for path, content in made.items():
        assert POLICY.sub(b"", (dist / path).read_bytes()) == NEIGHBOR.sub(b"", content), path


CONFIGURATION = """
site_name: Small
theme: {name: material, font: false}
plugins: [search]
markdown_extensions: [admonition, pymdownx.superfences, {toc: {permalink: true}}]
validation: {anchors: warn, unrecognized_links: warn}
"""
GOOD = {
    "index.md": "Words before any heading. [There](deep/index.md#far)\n",
    "tagged.md": "---\ntitle: Another\ntags: [one]\nsearch: {boost: 2}\n---\n# First\n\n## Same\n\n## Same\n",
    "hidden.md": "---\nsearch: {exclude: true}\n---\n# Hidden\n\n```python\nprint()\n```\n",
    "deep/index.md": '# Deep\n\n<p id="far">Raw, [back](../tagged.md#same_1).</p>\n\n!!! note\n    [Up](#deep)\n',
}
WRONG = {
    **GOOD,
    "index.md": "[One](nowhere.md), [two](tagged.md#none)\n",
    "tagged.md": "# Tagged\n\n[Three](hidden), [four](#five)\n",
}


@pytest.mark.slow
def test_one_process_builds_one_site_after_the_other_and_reports_the_problems_of_each(tmp_path: Path) -> None:
    asked = []
    for name, pages in {"good": GOOD, "wrong": WRONG, "unreadable": GOOD}.items():
        for path, text in pages.items():
            file = tmp_path / name / "docs" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        (tmp_path / name / "mkdocs.yml").write_text(CONFIGURATION)
        asked.append([str(tmp_path / name / "mkdocs.yml"), str(tmp_path / "sites" / name), False])
    (tmp_path / "unreadable/docs/tagged.md").write_bytes(b"# \xff\n")
    result = subprocess.run(
        [sys.executable, "-m", "handover.write.site_worker"],
        input="".join(f"{json.dumps(each)}\n" for each in asked),
        capture_output=True,
        text=True,
        env={**os.environ, **ENVIRONMENT},
    )
    good, wrong, unreadable = map(json.loads, result.stdout.splitlines())
    assert good == []
    assert [re.findall(r"'([^']*)'", line)[:2] for line in wrong] == [
        ["index.md", "nowhere.md"],
        ["tagged.md", "hidden"],
        ["index.md", "tagged.md#none"],
        ["tagged.md", "#five"],
    ]
    assert any("tagged.md" in line for line in unreadable)


def _texts(site: Path) -> dict[str, list[str]]:
    """The words of each page, without its navigation."""
    pages = {path.relative_to(site): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    articles = {path: re.search("<article.*?</article>", page, re.DOTALL) for path, page in pages.items()}
    return {str(path): re.sub("<[^>]*>", " ", found[0]).split() for path, found in articles.items() if found}


def test_an_address_leads_to_the_same_file_from_the_source_of_its_page(dist: Path) -> None:
    """So that a program finds it that takes the HTML in a page for a part of the source, or writes `page.html`."""
    build = dist.parent / "sources/build"
    docs, parts = build / "docs", kept(build).parts
    found = [
        (path.relative_to(docs), address)
        for path in docs.rglob("*.md")
        for address in re.findall(
            r' (?:href|src|data-src|data-copy)="(?!#|[a-z]+:)([^"]*)"', parts.fill(path.read_text("utf-8"))
        )
    ]
    assert {address.strip("./").split("/")[0] for _, address in found} >= {"exports", "assets", "expand-welcome"}
    assert [(path, address) for path, address in found if not (dist / path.parent / address).exists()] == []


@pytest.mark.slow
def test_another_program_builds_the_same_pages(tmp_path: Path) -> None:
    """As CONTRIBUTING says, so that the end of MkDocs is no end of the site."""
    root = Path(shutil.copytree(ROOT / "tests/cases/good/tideline", tmp_path / "root"))
    assert CliRunner().invoke(cli, ["build", "--root", str(root)]).exit_code == 0
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    command = re.search("^properdocs (.*)$", contributing, re.MULTILINE)
    assert command
    after = re.search(r"^\.venv/bin/python (-m handover\.\S+) (.*)$", contributing, re.MULTILINE)
    assert after
    for words in (f"-m properdocs {command[1]}", f"{after[1]} {after[2]}"):
        subprocess.run([sys.executable, *words.split()], cwd=root, check=True, capture_output=True)
    shutil.rmtree(root / "dist/exports")
    ours, theirs = _texts(root / "dist"), _texts(root / "public")
    assert len(ours) > 10
    assert theirs == ours
