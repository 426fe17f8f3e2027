"""Whatever goes wrong while a build writes, the output is wholly the old one or wholly the new one."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from handover.cli import building, cli
from handover.cli.pipeline import EntryPipeline
from handover.paths import SafePath
from handover.write.dist import Output
from handover.write.site import MkDocs
from tests.conftest import FUZZING, ROOT, SCRIPT, Run
from tests.test_determinism import digests

GOOD = ROOT / "tests/cases/good/tideline"
MOMENTS = 250 if FUZZING else 25

KILLED = """
import os, signal, sys, time
from handover.cli import build_command, cli
from handover.render import archive, catalog_json, exports, portable  # imported once, for all the builds below

for line in sys.stdin:
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        cli(["build", "--no-site", "--root", sys.argv[1]], standalone_mode=False)
        os._exit(0)
    if float(line):
        time.sleep(float(line))
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    print(time.monotonic() - started, flush=True)
"""
"""For each line builds, and is killed after as many seconds as it says; 0 for never."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "root"))


def say(root: Path, words: str) -> None:
    """Change a block, and with it each message."""
    block = root / "content/blocks/fitting.md"
    block.write_text(f"{(GOOD / 'content/blocks/fitting.md').read_text()}\n{words}\n")


def build(root: Path, *arguments: str) -> str:
    result = CliRunner().invoke(cli, ["build", "--no-site", "--root", str(root), *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return str(result.output)


def strays(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".dist")]


@pytest.mark.slow
@pytest.mark.sample
def test_a_build_that_is_killed_at_any_moment_leaves_the_old_or_the_new(root: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as builder:
        stdin, stdout = builder.stdin, builder.stdout
        assert stdin is not None
        assert stdout is not None

        def run(seconds: float) -> float:
            print(seconds, file=stdin)
            while not (line := stdout.readline()).strip().replace(".", "").isdigit():
                assert line.startswith(("Built ", "Nothing has changed"))
            return float(line)

        whole = {}
        for words in ("Old.", "New."):
            say(root, words)
            took = run(0)
            whole[words] = digests(root / "dist")
        assert whole["Old."] != whole["New."]
        chance = random.Random(7)  # noqa: S311 - a seed, not a secret
        for moment in range(MOMENTS):
            say(root, ("Old.", "New.")[moment % 2])
            run(took * chance.random() or 0.001)
            assert digests(root / "dist") in whole.values()
        stdin.close()
    say(root, "New.")
    build(root)
    assert digests(root / "dist") == whole["New."]
    assert strays(root) == []


def killed_build(root: Path) -> Path:
    """The stage of a build that was killed; its record names it."""
    stage = root / ".dist.new-killed"
    stage.mkdir()
    Output.at(root / "dist", root).record("stage", stage.name)
    return stage


def test_a_build_with_nothing_to_do_clears_away_what_a_killed_one_left(root: Path) -> None:
    build(root)
    (killed_build(root) / "out").mkdir()
    (root / ".dist.lock").touch()
    build(root)
    assert strays(root) == []


def test_a_build_that_was_killed_while_it_moved_the_old_one_away_gives_it_back(root: Path) -> None:
    build(root)
    before = digests(root / "dist")
    (root / "dist").rename(killed_build(root) / "old")
    (root / "data/links.yml").write_text("never: read\n")
    result = CliRunner().invoke(cli, ["build", "--no-site", "--root", str(root)])
    assert result.exit_code == 1
    shutil.copy(GOOD / "data/links.yml", root / "data/links.yml")
    build(root)
    assert digests(root / "dist") == before
    assert strays(root) == []


def test_a_file_system_that_cannot_exchange_folders_gets_them_one_after_the_other(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(root, "New.")
    build(root)
    new = digests(root / "dist")
    say(root, "Old.")
    build(root)
    monkeypatch.setattr(SafePath, "exchange", lambda one, other: False)
    say(root, "New.")
    build(root)
    assert digests(root / "dist") == new
    assert strays(root) == []


LOADED = """
import sys
import time
from pathlib import Path
from handover.paths import SafePath
from handover.write.site import MkDocs
with SafePath.given(Path(sys.argv[1]), Path()).locked(), MkDocs():
    print("loaded", flush=True)
    sys.stdin.read()
"""


@pytest.mark.slow
def test_mkdocs_that_a_killed_build_has_loaded_ends_and_its_lock_with_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LOADED, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as builder:
        assert builder.stdout is not None
        assert builder.stdout.readline() == "loaded\n"
        builder.kill()
    with (SafePath(tmp_path) / "lock").locked():  # waits for whoever holds it
        pass


@pytest.mark.slow
def test_mkdocs_is_gone_when_nothing_is_built(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[str]] = []

    class Kept(subprocess.Popen[str]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Kept)
    monkeypatch.setattr(building, "MkDocs", MkDocs)  # not that of the tests
    (root / "data/links.yml").write_text("never: read\n")
    assert CliRunner().invoke(cli, ["build", "--root", str(root)]).exit_code == 1
    (mkdocs,) = started
    assert mkdocs.returncode is not None
    assert not (root / "build/.lock").exists()


@pytest.mark.usefixtures("mkdocs")
def test_pages_that_mkdocs_refuses_are_an_error_and_leave_the_old_one(root: Path) -> None:
    build(root)
    before = digests(root / "dist")
    page = root / "templates/handbook/glossary.md.j2"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("# Glossary\n\n[Away](nowhere.md)\n")
    result = CliRunner().invoke(cli, ["build", "--root", str(root)], catch_exceptions=False)
    assert result.exit_code == 1
    assert "mkdocs.yml:1:1: error site-error: MkDocs refuses the pages" in result.output
    assert "'glossary/index.md' contains a link 'nowhere.md'" in result.output
    assert digests(root / "dist") == before


@pytest.mark.usefixtures("mkdocs")
def test_a_build_with_its_site_that_is_killed_leaves_the_old_or_the_new(root: Path, handover: Run) -> None:
    command = ("build", "--root", str(root))
    assert handover(*command).returncode == 0
    old = digests(root / "dist")
    say(root, "New.")
    seen = []
    # Killed while the exports are written and MkDocs is at work, and when the pages have been moved beside the exports.
    for sign in ("out/exports", "out/index.html"):
        with subprocess.Popen([SCRIPT, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as build:
            while build.poll() is None and not list(root.glob(f".dist.new-*/{sign}")):
                time.sleep(0.002)
            build.kill()
        seen.append(digests(root / "dist"))
    assert handover(*command).returncode == 0
    new = digests(root / "dist")
    assert new != old
    assert seen[0] == old
    assert seen[1] in (old, new)
    assert strays(root) == []


LIMITED = """
import resource, sys
from handover.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
main()
"""


@pytest.mark.slow
def test_a_system_that_takes_no_more_bytes_leaves_the_old_one(root: Path) -> None:
    build(root)
    before = digests(root / "dist")
    say(root, "More.")
    command = [sys.executable, "-c", LIMITED, "build", "--no-site", "--root", str(root)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: the machine failed:")
    assert result.stderr.endswith("File too large.\n")
    assert digests(root / "dist") == before
    assert strays(root) == []
    build(root)
    assert digests(root / "dist") != before


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="/proc, which nobody may write into, is of Linux")
def test_a_place_where_nobody_may_write_is_an_error(root: Path) -> None:
    command = [str(SCRIPT), "build", "--no-site", "--root", str(root), "--out", "/proc/handover"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: cannot access /proc/")


def in_namespace(script: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a shell script that may mount."""
    command = ["unshare", "--map-root-user", "--mount", "sh", "-euc", script, "sh", *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=120)
    except FileNotFoundError:
        pytest.skip("this system has no `unshare`: nothing can be mounted for the test")


DISK = """
mkdir -p "$1/disk"; mount -t tmpfs -o size=3m tmpfs "$1/disk" || { echo CANNOT-MOUNT; exit 0; }
cd "$1/disk"; cp -r "$2" root; "$3" build --no-site --root root >/dev/null
(cd root/dist && find . -type f | sort | xargs cat | cksum) >before
"""


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_one(tmp_path: Path) -> None:
    script = (
        DISK
        + """
echo 'More.' >>root/content/blocks/fitting.md
head -c 9m /dev/zero >filler 2>/dev/null || true
if "$3" build --no-site --root root; then exit 9; fi
(cd root/dist && find . -type f | sort | xargs cat | cksum) | cmp - before
ls -A root; rm filler; "$3" build --no-site --root root >/dev/null; ls -A root
"""
    )
    result = in_namespace(script, str(tmp_path), str(GOOD), str(SCRIPT))
    if "CANNOT-MOUNT" in result.stdout or "unshare" in result.stderr:
        pytest.skip(f"this system lets nobody mount: {result.stderr}")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Error: the machine failed:" in result.stderr
    assert "No space left on device." in result.stderr
    assert ".dist" not in result.stdout


@pytest.mark.slow
def test_a_folder_that_became_read_only_leaves_the_old_one(tmp_path: Path) -> None:
    script = (
        DISK
        + """
mkdir ro; mount --bind root ro; mount -o remount,ro,bind ro
if "$3" build --no-site --root ro; then exit 9; fi
(cd root/dist && find . -type f | sort | xargs cat | cksum) | cmp - before; ls -A root
"""
    )
    result = in_namespace(script, str(tmp_path), str(GOOD), str(SCRIPT))
    if "CANNOT-MOUNT" in result.stdout or "unshare" in result.stderr:
        pytest.skip(f"this system lets nobody mount: {result.stderr}")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Read-only file system." in result.stderr
    assert ".dist" not in result.stdout


@pytest.mark.slow
def test_a_read_only_checkout_builds_elsewhere(tmp_path: Path) -> None:
    script = """
cp -r "$2" "$1/root"; cd "$1"
mount --bind root root && mount -o remount,ro,bind root || { echo CANNOT-MOUNT; exit 0; }
"$3" build --no-site --root root --out out; cd root; "$3" build --out ../again; "$3" check
diff -r ../out/exports ../again/exports; ls -A ..
"""
    result = in_namespace(script, str(tmp_path), str(GOOD), str(SCRIPT))
    if "CANNOT-MOUNT" in result.stdout or "unshare" in result.stderr:
        pytest.skip(f"this system lets nobody mount: {result.stderr}")
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.endswith("All is well.\nagain\nout\nroot\n")
    assert (tmp_path / "again/index.html").is_file()


def test_an_output_folder_that_vanishes_meanwhile_is_built_all_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(root)
    before = digests(root / "dist")
    make = EntryPipeline.__call__

    def and_remove(*arguments: object) -> object:
        shutil.rmtree(root / "dist", ignore_errors=True)
        return make(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(EntryPipeline, "__call__", and_remove)
    say(root, "More.")
    build(root)
    shutil.copy(GOOD / "content/blocks/fitting.md", root / "content/blocks/fitting.md")
    build(root)
    assert digests(root / "dist") == before


def test_a_source_that_changes_meanwhile_is_in_the_build_as_it_was_or_not_at_all(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(root, "Old.")
    build(root)
    before = digests(root / "dist")
    shutil.rmtree(root / "dist")
    make = EntryPipeline.__call__

    def and_change(*arguments: object) -> object:
        say(root, "New.")
        return make(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(EntryPipeline, "__call__", and_change)
    build(root)
    assert digests(root / "dist") == before


@pytest.mark.slow
def test_two_builds_into_one_folder_follow_each_other(root: Path) -> None:
    command = [str(SCRIPT), "build", "--no-site", "--root", str(root)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    assert [each.communicate() and each.returncode for each in both] == [0, 0]
    after = digests(root / "dist")
    build(root)
    assert digests(root / "dist") == after
    assert strays(root) == []


@pytest.mark.parametrize(
    ("out", "said"),
    [
        (".", "holds the repository itself"),
        ("..", "holds the repository itself"),
        ("/", "holds the repository itself"),
        ("data", "is a folder of sources"),
        ("content/dist", "is a folder of sources"),
        (".git/x", "is a folder of sources"),
        ("foreign", "holds files that were not built here"),
        ("foreign-listing", "holds files that were not built here"),
        ("file", "is a file"),
        ("link", "is a symbolic link"),
        ("way/out/dist", "way/out is a symbolic link"),
    ],
)
def test_an_output_that_would_destroy_something_is_refused(root: Path, out: str, said: str) -> None:
    elsewhere = root.parent / "elsewhere"
    elsewhere.mkdir()
    (root / "foreign").mkdir()
    (root / "foreign/letter.txt").write_text("mine")
    (root / "foreign-listing").mkdir()
    (root / "foreign-listing/catalog.json").write_text('{"mine": true}')
    (root / "file").write_text("mine")
    (root / "link").symlink_to(elsewhere)
    (root / "way").mkdir()
    (root / "way/out").symlink_to(elsewhere)
    before = digests(root.parent)
    target = out if os.path.isabs(out) else str(root / out)
    result = CliRunner().invoke(cli, ["build", "--no-site", "--root", str(root), "--out", target])
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
    assert digests(root.parent) == before
