"""Whatever a value, a file's name, the command line or another server has in it, no printed line is forged."""

import json
import os
import shutil
import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handover.cli.link_formats import FORMATS as LINK_FORMATS
from handover.cli.options import built_in
from handover.cli.terminal import for_terminal
from handover.load.catalog import load
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.report import LinkReport, LinkResult
from handover.model.text import describe, unwanted, visible, visible_json
from tests.conftest import ROOT, Run, run_handover

GOOD = ROOT / "tests/cases/good/tideline"

NASTY = (
    "\n\r\t\x00\x07\x08\x0b\x1b\x7f\x80\x85\x9b\xa0\xad\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066"
    "\u2069\ufeff\ufdd0\ufffe\uffff\ud800\udc80\udcff\U000e0001\U0010ffff"
)
"""Characters that end a line, move a cursor, turn text around, or hide it."""

COMMANDS = (
    "::error file=README.md,line=1::forged",
    "\n::error::x",
    "##[error]x",
    "##vso[task.x]",
    "\x1b[31m\x1b]0;x\x07",
)
texts = st.lists(st.sampled_from([*NASTY, *COMMANDS, "a", "é", "\U0001f469\u200d\U0001f680", " ", ":"]), max_size=12)
nasty = texts.map("".join)


def catalog_of(root: Path) -> Catalog:
    catalog = load(root, built_in("templates")).catalog
    assert catalog is not None
    return catalog


def is_raw(character: str) -> bool:
    """True for a character that must not be printed as it is."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp") and character not in "\n\u200c\u200d"


def assert_printable(printed: str) -> None:
    assert [character for character in printed if is_raw(character)] == []
    for line in printed.split("\n"):
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert "##vso[" not in line


@given(nasty)
def test_text_that_is_shown_is_one_line_without_a_command(text: str) -> None:
    shown = visible(text)
    assert "\n" not in shown
    assert_printable(shown)
    assert (
        visible("plain words, ñ, \u05e9\u05dc\u05d5\u05dd, a\u00a0b")
        == "plain words, ñ, \u05e9\u05dc\u05d5\u05dd, a\u00a0b"
    )


@given(nasty, nasty)
def test_json_that_is_shown_means_the_same(key: str, value: str) -> None:
    shown = visible_json(json.dumps({key: value}, indent=2, ensure_ascii=False))
    assert_printable(shown)
    assert json.loads(shown) == json.loads(json.dumps({key: value}))  # two halves of a pair become one character


@given(nasty)
def test_a_diagnostic_is_one_line_also_on_a_terminal(text: str) -> None:
    found = error(Place(f"{text}.md"), "a-code", f"'{text}' is wrong.", f"Write '{text}'.")
    assert_printable(str(found))
    assert "\n" not in str(found)
    shown = for_terminal([found], ROOT, colour=False)
    assert_printable(shown)
    assert shown.count("\n") == 4  # the place, the hint, a blank line, the summary


def quoted(text: str) -> str:
    """A text as YAML with an escape for each character."""
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


def write(root: Path, folder: str, name: str, text: str) -> None:
    """A file by a name that may be anything but a way."""
    name = "".join(character for character in name if character not in "/\x00" and is_name(character))
    os.makedirs(root / folder, exist_ok=True)
    (root / folder / f"{name}{'.md' if folder.startswith('content') else '.yml'}").write_text(text, encoding="utf-8")


def is_name(character: str) -> bool:
    try:
        os.fsencode(character)
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(label=nasty, subject=nasty, key=nasty, name=nasty, body=nasty)
def test_no_value_and_no_file_name_reaches_the_output_raw(
    tmp_path_factory: pytest.TempPathFactory, handover: Run, label: str, subject: str, key: str, name: str, body: str
) -> None:
    root = tmp_path_factory.mktemp("nasty") / "root"
    shutil.copytree(GOOD, root)
    (root / "data/glossary.yml").write_text(f"deckhand:\n  term: {quoted(label)}\n  {quoted(key)}: x\n")
    message = (root / "content/messages/welcome-aboard.md").read_text()
    message = message.replace("subject: Welcome aboard, {{ skipper }}", f"subject: {quoted(subject)}")
    text = body.encode("utf-8", "surrogatepass")
    (root / "content/messages/welcome-aboard.md").write_bytes(f"{message}\n[".encode() + text + b"][x]\n")
    for folder in ("content/messages", "content/blocks", "data/platforms", "data", "content"):
        write(root, folder, f"{name}x", "a: b\n")
    reports = {form: root / f"report.{form}" for form in ("json", "junit", "codequality")}
    options = [f"--report={form}={path}" for form, path in reports.items()]
    result = handover("check", "--root", str(root), *options)
    assert result.returncode == 1
    assert_printable(result.stdout + result.stderr)
    for path in reports.values():
        assert_printable(path.read_text(encoding="utf-8"))
    found = json.loads(reports["json"].read_text(encoding="utf-8"))["diagnostics"]
    assert len(result.stdout.splitlines()) == len(found) + 1
    assert len(json.loads(reports["codequality"].read_text(encoding="utf-8"))) == len(found)
    assert len(ElementTree.fromstring(reports["junit"].read_text(encoding="utf-8"))) == len(found)  # noqa: S314 - our own
    assert_printable(handover("list", "messages", "--root", str(root)).stderr)
    shutil.rmtree(root.parent)


EVIL = "x\n::error ::forged\x1b[31m\u202e##[error]"


@pytest.mark.parametrize(
    "arguments",
    [
        [EVIL],
        [f"--{EVIL}"],
        ["check", f"--{EVIL}"],
        ["check", "--root", EVIL],
        ["list", EVIL, "--root", str(GOOD)],
        ["show", EVIL, "--root", str(GOOD)],
        ["show", "welcome-aboard", "--variant", EVIL, "--root", str(GOOD)],
        ["show", "welcome-aboard", "--variant", "sail", "--platform", EVIL, "--root", str(GOOD)],
        ["show", "welcome-aboard", "--variant", "sail", "--set", EVIL, "--root", str(GOOD)],
        ["show", "welcome-aboard", "--variant", "sail", "--set", f"skipper={EVIL}", "--root", str(GOOD)],
        ["explain", EVIL],
        ["new", "message", EVIL, "--root", str(GOOD)],
        ["export", EVIL, "--out", "x.zip", "--root", str(GOOD)],
        ["links", "--map", f"http://a/={EVIL}", "--root", str(GOOD)],
        ["diff", EVIL, "--root", str(GOOD)],
    ],
    ids=lambda arguments: " ".join(arguments).replace(EVIL, "EVIL").replace(str(GOOD), "GOOD"),
)
def test_no_argument_is_printed_raw(handover: Run, arguments: list[str]) -> None:
    result = handover(*arguments)
    assert result.returncode == 2
    assert "forged" in result.stderr
    assert_printable(result.stdout + result.stderr)


@pytest.mark.parametrize("command", ["init", "schema"])
def test_no_path_that_is_written_is_printed_raw(tmp_path: Path, handover: Run, command: str) -> None:
    folder = tmp_path / EVIL.replace("/", "")
    result = handover("init", str(folder)) if command == "init" else handover("schema", "--out", str(folder))
    assert result.returncode == 0
    assert "forged" in result.stdout
    assert_printable(result.stdout)


@pytest.mark.slow
def test_no_path_that_the_machine_refuses_is_printed_raw(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    report = f"json={tmp_path / 'file' / EVIL.replace('/', '')}"
    result = run_handover("check", "--root", str(GOOD), "--report", report)
    assert result.returncode == 2
    assert result.stderr.startswith("Error: ")
    assert_printable(result.stderr)


def test_no_word_of_another_server_is_printed_raw() -> None:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    result = LinkResult(
        id="a",
        url=f"https://a.example/{EVIL}",
        class_="soft-404",
        status=200,
        final_url=EVIL,
        hops=(),
        path="data/links.yml",
        line=1,
        verdict="fail",
        message=f"the title is '{EVIL}'",
        suggestion=EVIL,
        checked_at=moment,
    )
    report = LinkReport.of([result])
    for form, shown in LINK_FORMATS.items():
        printed = shown(report)
        assert_printable(printed)
        if form == "junit":
            ElementTree.fromstring(printed)  # noqa: S314 - our own


FOLDERS = (
    *("data", "data/platforms", "data/playbooks", "content", "content/messages", "content/blocks"),
    *("content/scenarios", "docs/screenshots", "templates", "templates/email"),
)
NAMES = {
    "\n": "U+000A (line feed)",
    "\t": "U+0009 (tab)",
    "\x1b": "U+001B (escape)",
    "\u202e": "U+202E (right-to-left override)",
    "\udcff": "U+DCFF (surrogate)",
}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names themselves")
@pytest.mark.parametrize("character", NAMES, ids=lambda character: describe(character))
def test_a_file_name_with_a_control_character_is_one_error(tmp_path: Path, handover: Run, character: str) -> None:
    root = Path(shutil.copytree(GOOD, tmp_path / "root"))
    expected = []
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
        name = (
            f"a{character}b{'.mjml.j2' if folder.startswith('templates') else '.md' if 'content' in folder else '.yml'}"
        )
        (root / folder / name).write_text("a: b\n")
        message = f"the name has the invisible character {NAMES[character]}. Rename or remove it."
        expected.append(f"{visible(f'{folder}/{name}')}:1:1: error control-character: {message}")
    printed = handover("check", "--root", str(root)).stdout.splitlines()
    assert sorted(printed[:-1]) == sorted(expected)


def test_a_file_that_is_named_like_a_command_is_shown_as_a_file() -> None:
    assert str(Diagnostic(Place("::error file=x"), "a", "error", "b")) == r"\x3a:error file=x:1:1: error a: b"


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f469\u200d\U0001f680",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "e\u0301",
        "\u05d0\u200f\u05d1",
        "a\u00ad",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "Spa\u00df\u201c, CAMPE\u00c3\u201d, \u00c2ge, p\u00e2t\u00e9",
    ],
)
def test_characters_that_scripts_need_are_allowed(tmp_path: Path, handover: Run, text: str) -> None:
    root = Path(shutil.copytree(GOOD, tmp_path / "root"))
    (root / "data/glossary.yml").write_text(f"deckhand:\n  term: DH\n  meaning: {text}\n", encoding="utf-8")
    assert list(unwanted(text)) == []
    assert handover("check", "--root", str(root)).stdout == "All is well.\n"
