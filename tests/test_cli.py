"""The console script, as people and programs call it."""

import json
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click import Context
from click.shell_completion import ShellComplete

from handover.cli import COMMANDS, cli
from tests.conftest import ROOT, SCRIPT, Run, run_handover

FRAGMENT_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li"}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_lists_each_command_with_the_start_of_its_own(name: str) -> None:
    listed = cli.get_command(Context(cli), name)
    command = import_module(f"handover.cli.{name}_command").command
    assert listed is not None
    assert (listed.name, listed.get_short_help_str()) == (command.name, command.get_short_help_str())


def test_the_help_imports_no_command() -> None:
    code = "import sys; from handover.cli import cli; cli(['--help'], standalone_mode=False); print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "handover.cli.options" not in result.stdout.splitlines()[-1].split()


def test_show_prints_the_fragment_alone(dist: Path) -> None:
    result = run_handover("show", "expand-welcome", "--variant", "saas", "--platform", "outreach", "--format", "html")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == (dist / "exports/outreach/expand-welcome.saas.html").read_text()


@pytest.mark.parametrize("form", ["html", "text", "subject", "mjml", "eml"])
def test_show_prints_what_build_writes(handover: Run, dist: Path, form: str) -> None:
    result = handover("show", "pooled-welcome", "--format", form)
    ending = {"text": "txt", "subject": "subject.txt"}.get(form, form)
    assert result.stdout.encode() == (dist / f"exports/preview/pooled-welcome.{ending}").read_bytes().replace(
        b"\r\n", b"\n"
    )


def test_show_fills_in_what_is_set_and_escapes_it(handover: Run) -> None:
    result = handover("show", "pooled-welcome", "--set", "first_name=  <b>Zoë & Co</b> ")
    assert "Hi &lt;b&gt;Zoë &amp; Co&lt;/b&gt;," in " ".join(result.stdout.split())
    assert "<b>Zoë" not in result.stdout


def test_show_reads_brackets_for_the_handbook(handover: Run) -> None:
    result = handover(
        "show", "expand-welcome", "--variant", "self-managed", "--platform", "handbook", "--format", "text"
    )
    assert "Hi [Customer Name]," in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "expand-welcom", "--variant", "saas"], "Did you mean 'expand-welcome'?"),
        (["show", "expand-welcome"], "add --variant saas or --variant self-managed"),
        (["show", "expand-welcome", "--variant", "sass"], "Did you mean 'saas'?"),
        (["show", "pooled-welcome", "--variant", "saas"], "It has no variants."),
        (["show", "pooled-welcome", "--platform", "outreech"], "Did you mean 'outreach'?"),
        (["show", "pooled-welcome", "--platform", "outreach"], "takes personal messages"),
        (["show", "pooled-welcome", "--set", "first_nam=x"], "Did you mean 'first_name'?"),
        (["show", "pooled-welcome", "--set", "first_name"], "has no '='"),
        (["show", "pooled-welcome", "--set", "customer_email=nobody"], "is not an email address"),
        (
            ["show", "pooled-welcome", "--set", "expand_ae_calendar=javascript:alert(1)"],
            "is not an http or https URL",
        ),
        (["show", "pooled-welcome", "--set", "expand_ae_pronouns=it"], "is not an option"),
        (["chek"], "Did you mean 'check'?"),
        (["check", "--root", "tests"], "there is no folder 'data'"),
        (["list", "colours"], "is not one of"),
    ],
)
def test_a_wrong_call_is_explained_and_ends_with_2(handover: Run, arguments: list[str], said: str) -> None:
    result = handover(*arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


@pytest.mark.slow
def test_a_wrong_call_ends_the_process_so_too() -> None:
    result = run_handover("chek")
    assert (result.returncode, result.stdout) == (2, "")
    assert "Did you mean 'check'?" in result.stderr


@pytest.mark.parametrize("kind", ["playbooks", "scenarios", "messages", "blocks", "links", "placeholders", "platforms"])
def test_list_names_every_thing_of_a_kind(handover: Run, dist: Path, kind: str) -> None:
    catalog = json.loads((dist / "catalog.json").read_text())
    assert json.loads(handover("list", kind, "--format", "json").stdout) == catalog[kind]
    assert [line.split()[0] for line in handover("list", kind).stdout.splitlines()] == [
        each["id"] for each in catalog[kind]
    ]


def test_an_error_keeps_what_was_published(handover: Run, sources: Path) -> None:
    assert handover("build", "--root", str(sources), "--no-site").returncode == 0
    before = {path: path.read_bytes() for path in (sources / "dist").rglob("*") if path.is_file()}
    message = sources / "content/messages/pooled-welcome.md"
    message.write_text(message.read_text().replace("first_name", "frist_name", 1) + "\n<b>wet</b>\n")
    result = handover("build", "--root", str(sources), "--no-site")
    assert result.returncode == 1
    assert "Did you mean 'first_name'?" in result.stderr
    assert "raw-html" in result.stderr
    assert "Nothing was built" in result.stderr
    assert before == {path: path.read_bytes() for path in (sources / "dist").rglob("*") if path.is_file()}
    assert sorted(path.name for path in sources.iterdir()) == [
        *("content", "data", "dist", "docs", "mkdocs.yml", "templates")
    ]


def test_check_speaks_four_languages(handover: Run, sources: Path) -> None:
    links = sources / "data/links.yml"
    links.write_text(links.read_text().replace("\n  audience: everyone", "\n  audiance: everyone", 1))
    line = links.read_text().split("audiance")[0].count("\n") + 1
    text = handover("check", "--root", str(sources))
    assert text.returncode == 1
    said = "error unknown-key: the key 'audiance' is unknown here. Did you mean 'audience'?"
    assert f"data/links.yml:{line}:3: {said}" in text.stdout
    data = json.loads(handover("check", "--root", str(sources), "--format", "json").stdout)
    assert data["errors"] == 1
    assert data["diagnostics"][0] == {
        "path": "data/links.yml",
        "line": line,
        "column": 3,
        "code": "unknown-key",
        "severity": "error",
        "message": "the key 'audiance' is unknown here.",
        "hint": "Did you mean 'audience'?",
    }
    quality = json.loads(handover("check", "--root", str(sources), "--format", "codequality").stdout)
    assert {"description", "check_name", "fingerprint", "severity", "location"} == set(quality[0])
    assert len({each["fingerprint"] for each in quality}) == len(quality) == len(data["diagnostics"])
    suite = ElementTree.fromstring(handover("check", "--root", str(sources), "--format", "junit").stdout)  # noqa: S314 - our own
    assert suite.get("failures") == "1"
    assert len(suite.findall("testcase")) == len(data["diagnostics"])


def test_one_check_gives_every_form(handover: Run, sources: Path, tmp_path: Path) -> None:
    files = {form: tmp_path / "reports" / form for form in ("json", "codequality", "junit")}
    options = [option for form, path in files.items() for option in ("--report", f"{form}={path}")]
    result = handover("check", "--root", str(sources), *options)
    assert result.returncode == 0
    for form, path in files.items():
        assert path.read_text() == handover("check", "--root", str(sources), "--format", form).stdout
    assert handover("check", "--root", str(sources), "--report", "csv=x").returncode == 2


def test_the_fingerprint_stays_when_lines_move(handover: Run, sources: Path) -> None:
    message = sources / "content/messages/pooled-welcome.md"
    text = message.read_text()
    prints = []
    for filler in ("", "\nOne more line.\n"):
        message.write_text(text + filler + "\nHello {{ nobody }}\n")
        quality = json.loads(handover("check", "--root", str(sources), "--format", "codequality").stdout)
        prints.append([each["fingerprint"] for each in quality if each["check_name"] == "unknown-placeholder"])
    assert prints[0] == prints[1] != []


@pytest.mark.slow
def test_the_module_is_the_command() -> None:
    command = [sys.executable, "-m", "handover", "list", "platforms", "--root", str(ROOT)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, run_handover("list", "platforms").stdout)


@pytest.mark.slow
def test_a_broken_pipe_is_no_traceback() -> None:
    shell = f"'{SCRIPT}' list links --format json | head -c 1"
    result = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert "Traceback" not in result.stderr


def test_a_missing_templates_folder_means_the_built_in_ones(handover: Run, sources: Path) -> None:
    shutil.rmtree(sources / "templates")
    (sources / "mkdocs.yml").unlink()
    result = handover("build", "--no-site", cwd=sources)
    assert result.returncode == 0, result.stderr
    assert "Hi Dana" in (sources / "dist/exports/preview/pooled-welcome.txt").read_text()


@pytest.mark.slow
def test_a_build_in_a_pipe_says_no_progress(sources: Path) -> None:
    result = run_handover("build", "--no-site", cwd=sources)
    assert result.stderr == ""
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("handover sh", "show"),
        ("handover show expand", "expand-welcome"),
        ("handover show expand-welcome --platform outr", "outreach"),
        ("handover show expand-welcome --platform hand", "handbook"),
        ("handover send pool", "pooled-welcome"),
        ("handover export marke", "marketo"),
        ("handover export marketo pool", "pooled-welcome"),
        ("handover explain unknown-li", "unknown-link"),
    ],
)
def test_a_shell_completes_what_is_typed(monkeypatch: pytest.MonkeyPatch, typed: str, offered: str) -> None:
    monkeypatch.chdir(ROOT)
    words = typed.split()
    complete = ShellComplete(cli, {}, "handover", "_HANDOVER_COMPLETE")
    assert [item.value for item in complete.get_completions(words[1:-1], words[-1])] == [offered]
