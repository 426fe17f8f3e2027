"""`handover drift`: what a platform exported beside what the build exports there; what it prints is in tests/drifts."""

import copy
import json
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from handover.cli import cli
from handover.cli.assembly import site_pages
from handover.cli.pipeline import handbook
from handover.cli.selection import sound
from handover.load.reports import read_drift_report
from tests.conftest import ROOT
from tests.test_cases import CASES

DRIFTS = ROOT / "tests" / "drifts"
TIDELINE = CASES / "good" / "tideline"

Templates = dict[str, dict[str, Any]]


def run(root: Path, *arguments: object) -> Result:
    return CliRunner().invoke(cli, ["drift", "--root", str(root), *map(str, arguments)], catch_exceptions=False)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the build exports of Tideline."""
    out = tmp_path_factory.mktemp("drift") / "dist"
    result = CliRunner().invoke(cli, ["build", "--no-site", "--root", str(TIDELINE), "--out", str(out)])
    assert result.exit_code == 0, result.output
    return out / "exports"


@pytest.fixture(scope="module")
def exported(exports: Path) -> Templates:
    """The same for Mailroom, as entries of a JSON:API, by the name of the file."""
    titles = {
        "welcome-aboard.sail": "Welcome aboard (Sailing boats)",
        "welcome-aboard.motor": "Welcome aboard (Motor boats)",
        "fitting": "fitting",
    }
    entries = {}
    for number, (name, title) in enumerate(titles.items(), 11):
        kind = "snippet" if name == "fitting" else "template"
        folder = exports / "mailroom" / ("snippets" if kind == "snippet" else "")
        attributes = {"name": title, "bodyHtml": (folder / f"{name}.html").read_text(), "bodyText": ""}
        if kind == "template":
            attributes["subject"] = (folder / f"{name}.subject.txt").read_text().strip()
        entries[name] = {"type": kind, "id": number, "attributes": attributes, "relationships": {}}
    return entries


@pytest.fixture
def there(exported: Templates) -> Templates:
    return copy.deepcopy(exported)


def saved(folder: Path, templates: Templates) -> Path:
    path = folder / "templates.json"
    path.write_text(json.dumps({"data": list(templates.values()), "meta": {"count": len(templates)}}))
    return path


def statuses(result: Result) -> dict[str, str]:
    assert result.exit_code == 0, result.output
    entries = json.loads(result.stdout)["entries"]
    return {
        f"{each['id'] or each['title']}{'.' + each['variant'] if each['variant'] else ''}": each["status"]
        for each in entries
    }


ALL_SAME = {"welcome-aboard.sail": "same", "welcome-aboard.motor": "same", "fitting": "same"}


@pytest.mark.parametrize("platform", ["mailroom", "beacon"])
def test_what_the_build_exports_has_no_drift(exports: Path, platform: str) -> None:
    """Files by the names of the export itself."""
    files = sorted((exports / platform).rglob("*.html"))
    assert files
    result = run(TIDELINE, platform, *files, "--fail-on-drift")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"0 changed, 0 only there, 0 only here, {len(files)} same." in result.stdout


def edit(templates: Templates, name: str, *pairs: tuple[str, str], key: str = "bodyHtml") -> None:
    attributes = templates[name]["attributes"]
    for old, new in pairs:
        assert old in attributes[key]
        attributes[key] = attributes[key].replace(old, new)


MEANINGLESS: dict[str, Callable[[str], str]] = {
    "white space": lambda html: re.sub(" (?![^<]*>)", "\n   ", html),
    "no-break spaces": lambda html: re.sub(r"(\w) (\w)(?![^<]*>)", "\\1&nbsp;\\2", html),
    "entities": lambda html: html.replace("&lt;", "&#60;").replace("'", "&#x27;").replace("mast", "m&#97;st"),
    "order of attributes": lambda html: html.replace("<a href", '<a target="_blank" rel="noopener" title="" href'),
    "single quotes": lambda html: re.sub(r'href="([^"\']*)"', r"href='\1'", html),
    "wrapping divs": lambda html: f'<div dir="ltr"><div class="body">{html}</div><div><br></div></div>',
    "divs for paragraphs": lambda html: html.replace("<p>", "<div>").replace("</p>", "</div><div><br></div>"),
    "b for strong": lambda html: html.replace("strong>", "b>"),
    "bold by a style": lambda html: re.sub("<strong>(.*?)</strong>", '<span style="font-weight: 700">\\1</span>', html),
    "fonts": lambda html: html.replace("<p>", '<p style="margin:0"><span style="font-family:Arial;color:#111">'),
    "capital tags": lambda html: re.sub(r"</?[a-z]+", lambda tag: tag[0].upper(), html),
    "a whole page": lambda html: f"<!DOCTYPE html><html><head><style>p{{}}</style></head><body>{html}</body></html>",
    "comments": lambda html: html.replace("<p>", "<!-- x --><p><!--[if mso]><br><![endif]-->"),
    "an empty bold word": lambda html: html.replace("</p>", "<strong> </strong></p>"),
    "a space inside bold": lambda html: html.replace("</strong>", " </strong>"),
    "paragraphs in items": lambda html: html.replace("<li>", "<li><p>").replace("</li>", "</p></li>"),
    "zero-width characters": lambda html: html.replace("mast", "ma\u200bst\ufeff").replace("about", "ab\u00adout"),
    "a tracking pixel": lambda html: html + '<img src="https://t.example/o.gif" width="1" height="1">',
    "a host in capitals": lambda html: html.replace("https://tideline.example/", "HTTPS://Tideline.Example/"),
    "percent-encoded tokens": lambda html: html.replace(
        """"&lt;&lt;ask Engineer's calendar&gt;&gt;""", "\"%3C%3Cask%20Engineer's%20calendar%3E%3E"
    ),
}


@pytest.mark.parametrize("change", MEANINGLESS)
def test_changes_of_an_editor_that_mean_nothing_are_no_drift(tmp_path: Path, there: Templates, change: str) -> None:
    before = copy.deepcopy(there)
    for entry in there.values():
        entry["attributes"]["bodyHtml"] = MEANINGLESS[change](entry["attributes"]["bodyHtml"])
    assert there != before
    assert statuses(run(TIDELINE, "mailroom", saved(tmp_path, there), "--format", "json")) == ALL_SAME


MEANINGFUL: dict[str, tuple[str, str]] = {
    "a word": ("below the mast", "above the mast"),
    "a character": ("glad to help.", "glad to help!"),
    "a token": ("&lt;&lt;first&gt;&gt;", "&lt;&lt;name&gt;&gt;"),
    "no bold": ("<strong>Before you cast off</strong>", "Before you cast off"),
    "a URL": ("step=1", "step=2"),
    "a URL for a token": ('href="&lt;&lt;ask Engineer\'s calendar&gt;&gt;"', 'href="https://a.example/"'),
    "no link": ('<a href="https://tideline.example/fitting?step=1&amp;boat=any">fitting guide</a>', "fitting guide"),
    "a picture": ("Hello", '<img src="a.png" alt="Our logo" width="90"> Hello'),
    "a paragraph less": ("<p><strong>Before you cast off</strong></p>", ""),
    "items as paragraphs": ("<ul><li>Fix the sensor below the mast.</li>", "<p>Fix the sensor below the mast.</p><ul>"),
    "a script": ("</ul>", "</ul><script>alert(1)</script>"),
}


@pytest.mark.parametrize("change", MEANINGFUL)
def test_what_a_customer_would_notice_is_drift(tmp_path: Path, there: Templates, change: str) -> None:
    edit(there, "welcome-aboard.sail", MEANINGFUL[change])
    result = run(TIDELINE, "mailroom", saved(tmp_path, there), "--format", "json")
    assert statuses(result) == {**ALL_SAME, "welcome-aboard.sail": "changed"}
    changed = json.loads(result.stdout)["entries"][0]
    pieces = [piece for line in (*changed["lines"], *changed["links"]) for piece in line]
    assert {kind for kind, _ in pieces} & {"gone", "new"}


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_drift_is_shown_word_by_word(
    tmp_path: Path, there: Templates, form: str, request: pytest.FixtureRequest
) -> None:
    edit(there, "welcome-aboard.sail", ("below the mast", "above the mast"), ("They are", "<3 @all, see #12: They are"))
    edit(there, "welcome-aboard.sail", ("step=1&amp;", "step=2&amp;"), ("</ul>", "</ul><p>A new line.</p>"))
    edit(there, "welcome-aboard.sail", ("aboard", "on board"), key="subject")
    del there["welcome-aboard.motor"]
    there["old"] = {"type": "template", "id": 40, "attributes": {"name": "Old <b>|news", "bodyHtml": "<p>Old.</p>"}}
    result = run(TIDELINE, "mailroom", saved(tmp_path, there), "--format", form)
    assert (result.exit_code, result.stderr) == (0, "")
    expected = DRIFTS / f"mailroom.{'md' if form == 'markdown' else 'txt'}"
    if request.config.getoption("--update-golden"):
        expected.write_text(result.stdout, encoding="utf-8")
    assert result.stdout == expected.read_text(encoding="utf-8")


def test_the_exit_code_tells_of_drift_when_it_is_asked_for(tmp_path: Path, there: Templates) -> None:
    edit(there, "fitting", ("Everything", "All"))
    assert run(TIDELINE, "mailroom", saved(tmp_path, there)).exit_code == 0
    assert run(TIDELINE, "mailroom", saved(tmp_path, there), "--fail-on-drift").exit_code == 1


def test_only_the_kinds_that_were_exported_are_missed(tmp_path: Path, there: Templates) -> None:
    path = saved(tmp_path, {"fitting": there["fitting"]})
    assert statuses(run(TIDELINE, "mailroom", path, "--format", "json")) == {"fitting": "same"}
    path = saved(tmp_path, {"welcome-aboard.sail": there["welcome-aboard.sail"]})
    shown = statuses(run(TIDELINE, "mailroom", path, "--format", "json"))
    assert shown == {"welcome-aboard.sail": "same", "welcome-aboard.motor": "only here"}


def test_an_empty_subject_is_drift_and_a_file_without_one_is_none(tmp_path: Path, there: Templates) -> None:
    there["welcome-aboard.sail"]["attributes"]["subject"] = ""
    result = run(TIDELINE, "mailroom", saved(tmp_path, there))
    assert "    [-Subject: Welcome aboard, <<first>>-]\n" in result.stdout
    file = tmp_path / "Welcome_aboard (sailing boats).html"
    file.write_text(there["welcome-aboard.sail"]["attributes"]["bodyHtml"])
    assert statuses(run(TIDELINE, "mailroom", file, "--format", "json"))["welcome-aboard.sail"] == "same"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TIDELINE, tmp_path / "root"))


def test_a_template_is_found_by_its_origin_before_its_title(tmp_path: Path, root: Path, there: Templates) -> None:
    message = root / "content/messages/welcome-aboard.md"
    origins = "origin: { mailroom: { sail: template/77, motor: template/12 } }\n---\nHello"
    message.write_text(message.read_text().replace("---\nHello", origins))
    sail, motor = there["welcome-aboard.sail"], there["welcome-aboard.motor"]
    sail["id"], sail["attributes"]["name"] = 77, "Ahoy"
    motor["attributes"]["name"] = "Welcome aboard (Sailing boats)"
    there["copy"] = {**copy.deepcopy(sail), "id": 78}
    there["copy"]["attributes"]["name"] = "WELCOME ABOARD - Sailing Boats"
    shown = statuses(run(root, "mailroom", saved(tmp_path, there), "--format", "json"))
    assert shown == {**ALL_SAME, "WELCOME ABOARD - Sailing Boats": "only there"}


def test_an_imported_file_is_found_by_its_name_before_its_title(tmp_path: Path, root: Path, there: Templates) -> None:
    for path, origin in (
        ("messages/season-letter", "{ file: old/letter.html }"),
        ("messages/welcome-aboard", "{ file: { sail: new/letter.html } }"),
        ("blocks/fitting", "{ mailroom: snippet/9, file: old/letter.html }"),
    ):
        file = root / f"content/{path}.md"
        file.write_text(file.read_text().replace("---\n", f"---\norigin: {origin}\n", 1))
    (tmp_path / "letter.html").write_text(there["welcome-aboard.sail"]["attributes"]["bodyHtml"])
    there["fitting"] |= {"id": 9, "attributes": {**there["fitting"]["attributes"], "name": "Else"}}
    snippets = saved(tmp_path, {"fitting": there["fitting"]})
    shown = statuses(run(root, "mailroom", tmp_path / "letter.html", snippets, "--format", "json"))
    assert (shown["welcome-aboard.sail"], shown["fitting"]) == ("same", "same")


def test_a_draft_here_is_named_beside_what_is_only_there(tmp_path: Path, root: Path, there: Templates) -> None:
    message = root / "content/messages/welcome-aboard.md"
    message.write_text(message.read_text().replace("---\nHello", "draft: true\n---\nHello"))
    result = run(root, "mailroom", saved(tmp_path, there))
    assert "3 only there, 0 only here" in result.stdout
    assert "template/11: 'welcome-aboard' is a draft here, so it is not exported." in result.stdout


def test_the_same_template_on_two_pages_of_the_answer_counts_once(tmp_path: Path, there: Templates) -> None:
    first, second = saved(tmp_path, there), tmp_path / "second.json"
    second.write_bytes(first.read_bytes())
    assert statuses(run(TIDELINE, "mailroom", first, second, "--format", "json")) == ALL_SAME


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", b"{", "no valid JSON"),
        ("a.json", b'{"data": []}', "no entry of type"),
        ("a.json", b"[" * 100_000, "nested"),
        ("a.html", b"<div>" * 5_000 + b"x", "nested too deeply"),
        ("a.html", b"\xff\xfe\x00", ""),
        ("a.pdf", b"%PDF", "only .json, .html, .htm are compared"),
        ("a.json", b" " * 10_000_001, "larger than"),
    ],
    ids=["no-json", "empty", "deep-json", "deep-html", "utf-16", "pdf", "large"],
)
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    result = run(TIDELINE, "mailroom", path)
    assert "Traceback" not in result.output
    if message:
        assert result.exit_code == 2
        assert message in result.stderr
        assert result.stderr.startswith(f"{path}: error unreadable-file: ")


def test_what_a_platform_says_is_printed_as_text(tmp_path: Path, there: Templates) -> None:
    evil = "\x1b[31m\u202e\ud800\x00::error ::forged"
    for name in ("name", "subject", "bodyHtml"):
        there["welcome-aboard.sail"]["attributes"][name] += evil
    for form in ("text", "markdown", "json"):
        result = run(TIDELINE, "mailroom", saved(tmp_path, there), "--format", form)
        assert result.exit_code == 0
        assert all(each.isprintable() or each == "\n" for each in result.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["a ", "<p>---</p>", "<ul><li>", "<b>", "a.example ", "&lt;&lt;first&gt;&gt;"])
def test_large_templates_take_a_bounded_time(tmp_path: Path, root: Path, there: Templates, part: str) -> None:
    there["welcome-aboard.sail"]["attributes"]["bodyHtml"] = (part * 200_000)[:400_000]
    before = time.process_time()
    assert run(root, "mailroom", saved(tmp_path, there)).exit_code in (0, 2)
    assert time.process_time() - before < 20


def test_an_unknown_platform_is_named(tmp_path: Path, there: Templates) -> None:
    result = run(TIDELINE, "mailrom", saved(tmp_path, there))
    assert result.exit_code == 2
    assert "there is no platform 'mailrom'. Did you mean 'mailroom'?" in result.stderr


def test_the_health_page_shows_a_comparison(tmp_path: Path, there: Templates) -> None:
    edit(there, "welcome-aboard.sail", ("below the mast", "above the mast"), ("step=1", "step=2"))
    del there["welcome-aboard.motor"]
    there["old"] = {"type": "template", "id": 40, "attributes": {"name": "Old <b>|news", "bodyHtml": "<p>Old.</p>"}}
    report = tmp_path / "drift.json"
    report.write_text(run(TIDELINE, "mailroom", saved(tmp_path, there), "--format", "json").stdout)
    result = sound(TIDELINE)[0]
    pages = site_pages(result, handbook(result, None, [read_drift_report(report)]), tmp_path / "build")
    page = pages.files["health/index.md"]
    section = page.decode().partition("## Drift on Mailroom")[2].partition("## Unused")[0]
    assert "The same as here: 1 of 4 templates." in section
    title = "[Welcome aboard (Sailing boats)](../messages/welcome-aboard/index.md)"
    assert f"| {title} | <code>template/11</code> | 1 line, 1 link changed |" in section
    assert "| Old &#60;b&#62;&#124;news | <code>template/40</code> | only there |" in section
    assert "(../messages/welcome-aboard/index.md) | none | only here |" in section
    assert "Drift" not in site_pages(result, handbook(result), tmp_path / "build").files["health/index.md"].decode()


def test_a_build_takes_reports_and_refuses_what_is_none(tmp_path: Path, there: Templates) -> None:
    report, out = tmp_path / "drift.json", tmp_path / "out"
    build = ["build", "--no-site", "--root", str(TIDELINE), "--out", str(out), "--drift-report", str(report)]
    report.write_text('{"platform": "mailroom", "entries": [{"status": "odd"}]}')
    refused = CliRunner().invoke(cli, build)
    assert refused.exit_code == 2
    assert "is no comparison with a platform (entries.0.status" in refused.stderr
    assert not out.exists()
    report.write_text(run(TIDELINE, "mailroom", saved(tmp_path, there), "--format", "json").stdout)
    assert CliRunner().invoke(cli, build).stdout.startswith("Built ")
    assert CliRunner().invoke(cli, build).stdout.startswith("Nothing has changed")
    edit(there, "fitting", ("Everything", "All"))
    report.write_text(run(TIDELINE, "mailroom", saved(tmp_path, there), "--format", "json").stdout)
    assert CliRunner().invoke(cli, build).stdout.startswith("Built ")
