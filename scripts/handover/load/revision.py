"""The sources of a git revision and of the work tree, as files. Every call of git is here."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from handover.paths import SafePath

SOURCES = ("data", "content", "templates", "mkdocs.yml")
"""Files and folders below a root that the outputs depend on."""

_SYMBOLIC_LINK = "120000"
_COMMIT = "160000"


class NoRevision(Exception):
    """The revision cannot be read; the text says why."""


class NoSources(NoRevision):
    """The revision has none of the sources."""


def commit_of(root: Path, revision: str) -> str:
    """The full name of the commit that a revision names. Raises NoRevision."""
    if revision.startswith("-"):
        raise NoRevision(f"'{revision}' is not a revision")
    inside = _git(root, "rev-parse", "--is-inside-work-tree")
    if inside.returncode != 0:
        raise NoRevision(f"{root} is in no git repository: {_stderr(inside)}")
    commit = _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if commit.returncode != 0:
        raise NoRevision(f"git knows no revision '{revision}' here. In a shallow clone, fetch it first")
    return commit.stdout.decode().strip()


def check_out(root: Path, commit: str, target: Path, paths: Sequence[str] = SOURCES) -> None:
    """Write the files at or below the `paths` of `root`, as they were in a commit, into the folder `target`.

    Reads object by object, so that no attribute of the repository changes the content, and leaves the work tree alone.
    Raises NoRevision, and NoSources if there was no folder `data`.
    """
    listed = _git(root, "ls-tree", "-r", "-z", commit, "--", *paths)
    if listed.returncode != 0:
        raise NoRevision(f"git cannot read {commit}: {_stderr(listed)}")
    entries = []
    for entry in listed.stdout.decode("utf-8", "surrogateescape").split("\0"):
        head, _, path = entry.partition("\t")
        if path and not head.startswith(_COMMIT):
            mode, _, name = head.split()
            entries.append((mode, name, path))
    if not any(path.startswith("data/") for _, _, path in entries):
        raise NoSources("there is no folder 'data' at that revision")
    for (mode, _, path), content in zip(entries, _contents(root, [name for _, name, _ in entries]), strict=True):
        file = SafePath.below(target) / path
        if mode == _SYMBOLIC_LINK:
            file.link_to(content.decode("utf-8", "surrogateescape"))
        else:
            file.write(content)


def _contents(root: Path, names: Sequence[str]) -> list[bytes]:
    """The contents of git's objects, in the order of their names."""
    answer = _git(root, "cat-file", "--batch", stdin="".join(f"{name}\n" for name in names).encode()).stdout
    contents, start = [], 0
    for _ in names:
        end = answer.index(b"\n", start)
        size = int(answer[start:end].split()[2])
        contents.append(answer[end + 1 : end + 1 + size])
        start = end + size + 2
    return contents


def source_files(root: Path) -> dict[str, bytes]:
    """The content of every source below `root`, by its path."""
    contents = {}
    for name in SOURCES:
        top = root / name
        for file in [top] if top.is_file() else sorted(top.rglob("*")):
            if file.is_file() and not file.is_symlink():
                contents[file.relative_to(root).as_posix()] = file.read_bytes()
    return contents


def _git(root: Path, *arguments: str, stdin: bytes | None = None) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(  # noqa: S603 - no shell
            ["git", "-C", str(root), *arguments],  # noqa: S607 - found on the path
            input=stdin,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise NoRevision("git is not installed") from None


def _stderr(result: "subprocess.CompletedProcess[bytes]") -> str:
    return " ".join(result.stderr.decode(errors="replace").split())
