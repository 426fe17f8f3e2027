"""Other systems: names that they cannot have, Unix modules that they lack, and consoles of every encoding."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SCRIPT, Run
from tests.test_cases import TIDELINE, lay_out

NAMES = {
    "content/messages/con.md": "Windows keeps this name for a device. Rename it.",
    "content/blocks/com1.md": "Windows keeps this name for a device. Rename it.",
    "data/platforms/nul.yml": "Windows keeps this name for a device. Rename it.",
    "templates/email/Aux.mjml.j2": "Windows keeps this name for a device. Rename it.",
    "templates/email/Letter.mjml.j2": "Windows and macOS take this for 'LETTER.mjml.j2', too. Rename one of them.",
    "content/pictures/a?.webp": "Windows cannot have this name. Use letters, digits, '-', '_' and dots between them.",
    "content/pictures/a.webp.": "Windows cannot have this name. Use letters, digits, '-', '_' and dots between them.",
}


def test_a_name_that_another_system_cannot_have_is_an_error(tmp_path: Path, handover: Run) -> None:
    root = lay_out(TIDELINE, tmp_path / "root")
    for name in [*NAMES, "templates/email/LETTER.mjml.j2", "content/messages/console.md", "templates/email/com.txt"]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    found = [line for line in handover("check", "--root", str(root)).stdout.splitlines() if "unportable-name" in line]
    assert sorted(found) == sorted(f"{name}:1:1: error unportable-name: {said}" for name, said in NAMES.items())


@pytest.mark.parametrize("kind", ["message", "block", "playbook"])
def test_no_file_is_begun_by_such_a_name(tmp_path: Path, handover: Run, kind: str) -> None:
    refused = handover("new", kind, "aux", "--root", str(lay_out(TIDELINE, tmp_path / "root")))
    assert refused.returncode == 2
    assert "Windows keeps this name for a device" in " ".join(refused.stderr.split())


@pytest.mark.slow
def test_every_command_works_without_what_only_unix_has(tmp_path: Path) -> None:
    root = str(tmp_path / "ours")
    commands = [
        ["init", root],
        ["check", "--root", root],
        ["build", "--root", root, "--out", str(tmp_path / "out"), "--no-site"],
        ["build", "--root", root, "--out", str(tmp_path / "out"), "--today", "2026-11-28"],
        ["show", "welcome", "--root", root],
        ["list", "messages", "--root", root],
        ["schema", "--out", str(tmp_path / "schema")],
        ["links", "--root", root, "--cache", str(tmp_path / "cache.json")],
        ["new", "message", "second", "--root", root],
        ["check", "--root", root, "--report", f"json={tmp_path / 'report.json'}"],
    ]
    asked = "".join(json.dumps(command) + "\n" for command in commands)
    module = [sys.executable, "-m", "tests.without_unix"]
    done = subprocess.run(module, input=asked, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    for command, answer in zip(commands, done.stdout.splitlines(), strict=True):
        code, printed = json.loads(answer)
        assert code in (0, None), (command, code, printed)
    assert (tmp_path / "out/index.html").is_file()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "diffs"),
    [("ascii", ["", "--format json"]), ("cp1252", ["--format markdown"])],
    ids=["ascii", "cp1252"],
)
def test_what_is_printed_survives_every_encoding(tmp_path: Path, encoding: str, diffs: list[str]) -> None:
    root = lay_out(TIDELINE, tmp_path / "root")
    for command in ("init -q", "add -A", "-c user.name=a -c user.email=a@b.example commit -qm x"):
        subprocess.run(["git", *command.split()], cwd=root, check=True)
    letter = root / "content/messages/season-letter.md"
    letter.write_text(f"{letter.read_text(encoding='utf-8')}\nZoë \u2194 \U0001f6a2\n", encoding="utf-8")
    mistake = root / "content/messages/welcome-aboard.md"
    mistake.write_text(f"{mistake.read_text(encoding='utf-8')}\nZoë \u2194 {{{{ skiper }}}}\n", encoding="utf-8")
    environment = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"}
    for command, code in [("check", 1), *((f"diff HEAD {options}", 0) for options in diffs)]:
        done = subprocess.run(
            [str(SCRIPT), *command.split()], cwd=root, env={**os.environ, **environment}, capture_output=True
        )
        assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr
        assert command == "check" or "Zoë \u2194" in done.stdout.decode()


@pytest.mark.slow
def test_a_terminal_that_cannot_show_a_character_shows_its_code(tmp_path: Path) -> None:
    leader, follower = os.openpty()
    root = lay_out(TIDELINE, tmp_path / "root")
    letter = root / "content/messages/season-letter.md"
    letter.write_text(f"{letter.read_text(encoding='utf-8')}\nZoë \u2194 {{{{ skiper }}}}\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "NO_COLOR": "1"}
    done = subprocess.run([str(SCRIPT), "check"], cwd=root, env=environment, stdout=follower, stderr=subprocess.PIPE)
    os.close(follower)
    shown = os.read(leader, 100_000)
    os.close(leader)
    assert done.returncode == 1, done.stderr
    assert b"Zo\xeb \\u2194" in shown


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@tideline.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("own", [True, False], ids=["this-repository", "a-new-one"])
def test_a_clone_with_line_ends_of_windows_has_the_same_bytes(tmp_path: Path, handover: Run, own: bool) -> None:
    """So `diff` and `schema` give the same there, and a shell reads the scripts of CI."""
    root, clone = tmp_path / "root", tmp_path / "clone"
    if own:
        for name in (".ci", ".gitattributes", "content", "data", "templates", "mkdocs.yml"):
            part = ROOT / name
            shutil.copytree(part, root / name) if part.is_dir() else shutil.copy(part, root / name)
    else:
        assert handover("init", str(root), "--platforms", "outreach", "--ci", "gitlab").returncode == 0
    git(tmp_path, "init", "--quiet", "--initial-branch", "main", "root")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "First")
    git(tmp_path, "clone", "--quiet", "--config", "core.autocrlf=true", "--config", "core.eol=crlf", "root", "clone")
    files = {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    ours = {path: content for path, content in files.items() if path.parts[0] != ".git"}
    assert len(ours) > 20
    assert [str(path) for path, content in ours.items() if (clone / path).read_bytes() != content] == []
    compared = handover("diff", "HEAD", "--root", str(clone))
    assert (compared.returncode, compared.stderr) == (0, "")
    assert " 0 added, 0 modified, 0 removed, " in compared.stdout
