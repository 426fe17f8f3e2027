"""Nothing is written through a symbolic link, whatever the repository holds, nor anywhere but where a command says."""

import ast
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from unittest.mock import Mock

import pytest

import screenshots
from handover.cli import building
from handover.paths import PathRefused, SafePath
from handover.write.dist import MARKER_START
from tests.conftest import ROOT, call_handover
from tests.test_serve import CopiedPages

GOOD = ROOT / "tests/cases/good/tideline"


@dataclass(frozen=True)
class Command:
    """What to run in a repository, the paths that it may change, and the paths at which links are planted."""

    arguments: str
    writes: tuple[str, ...]
    links: tuple[str, ...]


COMMANDS = [
    Command(
        "build",
        ("dist", "build"),
        ("dist", ".dist.lock", "build", "build/.lock", "build/docs", "build/mkdocs.yml"),
    ),
    Command("build --no-site --out a/b/site", ("a",), ("a", "a/b", "a/b/site", "a/b/.site.lock")),
    Command(
        "check --report codequality=reports/a.json --report junit=reports/b/c.xml",
        ("reports",),
        ("reports", "reports/a.json", "reports/b", "reports/b/c.xml"),
    ),
    Command("diff HEAD --report json=reports/a.json", ("reports",), ("reports", "reports/a.json")),
    Command(
        "links --cache .cache/links.json --report json=reports/a.json",
        (".cache", "reports"),
        (".cache", ".cache/links.json", "reports", "reports/a.json"),
    ),
    Command("links --fix", ("data/links.yml",), ("data/links.yml",)),
    Command("export preview --out content/a.zip", ("content/a.zip",), ("content/a.zip",)),
    Command("export preview --out a/b.zip", (), ("a",)),
    Command("schema", ("data/schema",), ("data/schema", "data/schema/links.schema.json")),
    Command("schema --out a/b", ("a",), ("a", "a/b", "a/b/message.schema.json")),
    Command("new block a", ("content/blocks/a.md",), ("content/blocks", "content/blocks/a.md")),
    Command("new message a", ("content/messages/a.md",), ("content/messages", "content/messages/a.md")),
    Command("new platform a", ("data/platforms/a.yml",), ("data/platforms", "data/platforms/a.yml")),
    Command(
        "new playbook a",
        ("data/playbooks/a.yml", "content/scenarios/a-first.md"),
        ("data/playbooks", "data/playbooks/a.yml", "content/scenarios", "content/scenarios/a-first.md"),
    ),
    Command(
        "new scenario a",
        ("content/scenarios/a.md", "data/playbooks/harbour.yml"),
        ("content/scenarios", "content/scenarios/a.md", "data/playbooks/harbour.yml"),
    ),
    Command(
        "import offer.md",
        ("content/messages/offer.md", "data/links.yml"),
        ("content/messages", "content/messages/offer.md", "data/links.yml"),
    ),
    Command(
        "import content/blocks/fitting.md",
        ("content/messages/fitting.md",),
        ("content/messages", "content/messages/fitting.md"),
    ),
    Command("init a", ("a",), ("a",)),
]


def victim_of(link: Path) -> Path:
    """The folder outside the repository."""
    return next(parent for parent in link.parents if (parent / "victim").is_dir()) / "victim"


KINDS: dict[str, Callable[[Path], Path]] = {
    "a file outside": lambda link: victim_of(link) / "file",
    "a folder outside": lambda link: victim_of(link) / "folder",
    "a file inside that folder": lambda link: victim_of(link) / "folder" / link.name,
    "nothing outside": lambda link: victim_of(link) / "nothing",
    "what was there, elsewhere inside": lambda link: link.with_name(link.name + ".moved"),
}


PAGES = (
    *("index.md", *(f"{name}/index.md" for name in ("links", "glossary", "placeholders", "platforms"))),
    *("messages", "reference", "assets", "assets/handbook.css", "messages/index.md"),
)
"""Files and folders among the pages of a build, each kind of link once for either."""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, beside a folder with every name that a command writes or removes."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    victim = tmp_path / "victim"
    (victim / "folder/docs/messages").mkdir(parents=True)
    (victim / "file").write_text("Mine.\n")
    names = {Path(path).name for path in (*PAGES, *(path for command in COMMANDS for path in command.links))}
    for name in names | {"docs/index.md", "catalog.json", ".lock", ".site.lock", "old.md"}:
        if not (victim / "folder" / name).exists():
            (victim / "folder" / name).write_bytes(MARKER_START if name == "catalog.json" else b"Mine.\n")
    copy = Path(shutil.copytree(GOOD, tmp_path / "root"))
    (copy / "offer.md").write_text("Subject: Offer\n\nHello, here is our [offer](https://offer.example/).\n")
    return copy


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `.git` of a repository with all files of Tideline."""
    copy = Path(shutil.copytree(GOOD, tmp_path_factory.mktemp("history") / "root"))
    commit(copy)
    return copy / ".git"


def git(root: Path, *arguments: str, stdin: str = "") -> str:
    """What git prints."""
    command = ["git", "-C", str(root), "-c", "user.name=A", "-c", "user.email=a@example.com", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=True).stdout.strip()


def commit(root: Path) -> None:
    """Make a git repository of the root, with all its files."""
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "All")


def snapshot(folder: Path) -> dict[str, str]:
    """Everything below a folder: where links lead, and the digests of files."""
    seen = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            if path.is_symlink():
                seen[str(path.relative_to(folder))] = os.readlink(path)
            elif path.is_file():
                seen[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                seen[str(path.relative_to(folder))] = "folder"
    return seen


def plant(root: Path, path: str, kind: str) -> None:
    """A link at `path`. What was there is moved beside it."""
    link = root / path
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.exists():
        link.rename(link.with_name(link.name + ".moved"))
    link.symlink_to(KINDS[kind](link))


@contextmanager
def planted(root: Path, path: str, kind: str) -> Iterator[None]:
    """The same while the block runs."""
    link = root / path
    new = [parent for parent in link.parents if not parent.exists()]
    plant(root, path, kind)
    yield
    link.unlink()
    if (moved := link.with_name(link.name + ".moved")).exists():
        moved.rename(link)
    for parent in new:
        parent.rmdir()


QUICK = ("a file inside that folder",)
OTHERS = tuple(kind for kind in KINDS if kind not in QUICK)


@pytest.mark.parametrize("kinds", [QUICK, pytest.param(OTHERS, marks=pytest.mark.slow)], ids=["quick", "others"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.arguments)
def test_no_command_writes_through_a_link(
    root: Path, command: Command, kinds: tuple[str, ...], history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "MkDocs", CopiedPages)  # it would be ended before it is asked for anything
    if command.arguments.startswith("diff"):
        shutil.copytree(history, root / ".git")
    before = snapshot(root.parent)
    for path, kind in product(command.links, kinds):
        with planted(root, path, kind):
            everything, victim = snapshot(root.parent), snapshot(root.parent / "victim")
            result = call_handover(*command.arguments.split(), cwd=root)
            assert snapshot(root.parent / "victim") == victim, (path, kind)
            assert (result.returncode, path in result.stderr) == (2, True), (path, kind, result.stderr)
            assert snapshot(root.parent) == everything, (path, kind)
        assert snapshot(root.parent) == before


@pytest.mark.usefixtures("mkdocs")
def test_a_build_removes_the_links_among_its_pages(root: Path) -> None:
    """The folder of the pages is its own: it empties it first."""
    for path, kind in zip(reversed(PAGES), [*KINDS, *KINDS], strict=True):
        plant(root, f"build/docs/{path}", kind)
    victim = snapshot(root.parent / "victim")
    result = call_handover("build", cwd=root)
    assert result.returncode == 0, result.stderr
    assert snapshot(root.parent / "victim") == victim
    assert [path for path in (root / "build").rglob("*") if path.is_symlink()] == []
    assert [path for path in PAGES if not (root / "build/docs" / path).exists()] == []


OFFLINE = [each for each in COMMANDS if each.writes and not each.arguments.startswith("links")]
"""The others need a server, which tests/links has."""


@pytest.mark.parametrize(
    "command",
    [pytest.param(each, marks=pytest.mark.slow) if each.arguments == "build" else each for each in OFFLINE],
    ids=lambda each: each.arguments,
)
def test_a_command_changes_nothing_but_what_it_is_for(
    root: Path, command: Command, history: Path, request: pytest.FixtureRequest
) -> None:
    if command.arguments == "build":
        request.getfixturevalue("mkdocs")
    shutil.copytree(history, root / ".git")
    before = snapshot(root.parent)
    result = call_handover(*command.arguments.split(), cwd=root)
    assert result.returncode == 0, result.stderr
    after = snapshot(root.parent)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed
    allowed = [Path("root", path) for path in command.writes]
    assert [path for path in changed if not any(Path(path).is_relative_to(each) for each in allowed)] == []


@pytest.mark.parametrize("sound", [True, False])
def test_a_stage_that_git_carries_never_becomes_the_output(root: Path, sound: bool) -> None:
    old = root / ".dist.new-x/old"
    old.mkdir(parents=True)
    (old / "index.html").write_text("Forged.\n")
    if not sound:
        (root / "data/links.yml").write_text("never: read\n")
    result = call_handover("build", "--no-site", cwd=root)
    assert result.returncode == (0 if sound else 1)
    assert (root / "dist").exists() == sound
    assert not (root / "dist/index.html").exists()
    assert (old / "index.html").read_text() == "Forged.\n"


@pytest.mark.parametrize("path", ["docs/screenshots", "docs/screenshots/index.yml"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_picture_is_written_through_a_link(root: Path, path: str, kind: str) -> None:
    plant(root, path, kind)
    before = snapshot(root.parent)
    with pytest.raises(PathRefused, match=f"{path} is a symbolic link, so nothing is written there"):
        screenshots.update(root, Mock())
    assert snapshot(root.parent) == before


def test_a_folder_that_is_held_stays_the_same_when_a_link_takes_its_name(tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    with (SafePath.below(tmp_path) / "a/b").held() as held:
        (tmp_path / "a/b").rename(tmp_path / "moved")
        (tmp_path / "a/b").symlink_to(tmp_path / "victim")
        (tmp_path / "moved/link").symlink_to(tmp_path / "victim/file")
        (held / "file").write(b"Mine.\n")
        with pytest.raises(PathRefused, match="link is a symbolic link"):
            (held / "link").write(b"Forged.\n")
    assert (tmp_path / "moved/file").read_bytes() == b"Mine.\n"
    assert list((tmp_path / "victim").iterdir()) == []


def test_a_lock_keeps_its_content_while_it_is_held(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("Mine.\n")
    with (SafePath.below(tmp_path) / "lock").locked():
        assert (tmp_path / "lock").read_text() == "Mine.\n"


def test_the_root_and_the_folder_of_an_output_may_be_reached_through_links(root: Path, tmp_path: Path) -> None:
    (tmp_path / "way").symlink_to(root)
    (tmp_path / "real").mkdir()
    (tmp_path / "other").symlink_to(tmp_path / "real")
    for arguments in (
        ("build", "--no-site", "--root", str(tmp_path / "way")),
        ("build", "--no-site", "--root", str(tmp_path / "way"), "--out", str(root / "out")),
        ("build", "--no-site", "--root", str(root), "--out", str(tmp_path / "other/dist")),
        ("export", "preview", "--root", str(root), "--out", str(tmp_path / "other/a.zip")),
        ("check", "--root", str(tmp_path / "way"), "--report", f"json={tmp_path / 'way/reports/a.json'}"),
    ):
        result = call_handover(*arguments, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
    for path in ("root/dist/catalog.json", "root/out/catalog.json", "real/dist/catalog.json", "real/a.zip"):
        assert (tmp_path / path).is_file()


def test_a_report_in_the_current_folder_leads_nowhere_else(root: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "reports").symlink_to(tmp_path / "victim/folder")
    result = call_handover("check", "--root", str(root), "--report", "json=reports/a.json", cwd=here)
    assert (result.returncode, result.stderr) == (
        2,
        "Error: reports is a symbolic link, so nothing is written there. Remove it or use another path.\n",
    )
    assert (tmp_path / "victim/folder/a.json").read_text() == "Mine.\n"


def test_a_revision_leads_out_of_its_temporary_folder_in_no_way(root: Path, tmp_path: Path) -> None:
    commit(root)
    link = git(root, "hash-object", "-w", "--stdin", stdin=str(tmp_path / "victim/folder"))
    text = git(root, "hash-object", "-w", "--stdin", stdin="Forged.\n")
    inner = git(root, "mktree", stdin=f"100644 blob {text}\ta.json\n")
    for data in (f"120000 blob {link}\ta\n040000 tree {inner}\ta\n", f"040000 tree {inner}\t..\n"):
        tree = git(root, "mktree", stdin=f"040000 tree {git(root, 'mktree', stdin=data)}\tdata\n")
        before = snapshot(tmp_path / "victim")
        result = call_handover("diff", git(root, "commit-tree", tree, "-m", "Forged"), cwd=root)
        assert result.returncode == 2, data
        assert snapshot(tmp_path / "victim") == before
        assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize("name", ["/etc/a", "..", "a/../../b"])
def test_a_name_leads_out_of_no_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(PathRefused, match="leads out of"):
        SafePath.below(tmp_path) / name


WRITERS = {
    *("write_text", "write_bytes", "mkdir", "makedirs", "rmtree", "unlink", "rmdir", "rename", "symlink_to", "symlink"),
    *("touch", "mkstemp", "mkdtemp", "NamedTemporaryFile", "chmod", "hardlink_to", "truncate"),
}
ELSEWHERE = {
    "paths.py": "the one module",
    "write/policy.py": "the site in the stage of a build",
    "write/site_worker.py": "the site in the stage of a build",
    "write/finish.py": "the site in the stage of a build",
    "cli/diff_command.py": "a temporary folder",
}


def test_nothing_else_in_the_engine_writes() -> None:
    engine = ROOT / "scripts/handover"
    found: dict[str, list[str]] = {}
    for path in [*engine.rglob("*.py"), ROOT / "scripts/screenshots.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _writes(node):
                found.setdefault(os.path.relpath(path, engine), []).append(ast.unparse(node))
    assert found.keys() == ELSEWHERE.keys(), found


def _writes(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name != "open":
        return name in WRITERS or ast.unparse(call.func).startswith("shutil.copy")
    return any(isinstance(each, ast.Constant) and set(str(each.value)) & set("wax+") for each in call.args)
