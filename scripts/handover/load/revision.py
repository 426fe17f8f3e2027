"""The sources as they were at a revision, and as they are, as files; read with git, which has to be installed."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

SOURCES = ("data", "content", "templates", "mkdocs.yml")
"""What outputs are made from, below a root."""

_SYMBOLIC_LINK = "120000"
_COMMIT = "160000"


class RevisionRefused(Exception):
    """There is no such revision, or it holds no sources; the text says why."""


def commit_of(root: Path, revision: str) -> str:
    """The full name of the commit that a revision stands for. Raises RevisionRefused."""
    if revision.startswith("-"):
        raise RevisionRefused(f"'{revision}' is not a revision")
    inside = _git(root, "rev-parse", "--is-inside-work-tree")
    if inside.returncode != 0:
        raise RevisionRefused(f"{root} is in no git repository: {_said(inside)}")
    found = _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if found.returncode != 0:
        raise RevisionRefused(f"git knows no revision '{revision}' here. In a shallow clone, fetch it first")
    return found.stdout.decode().strip()


def check_out(root: Path, commit: str, target: Path) -> None:
    """Write the sources of `root` at a commit into the folder `target`. Raises RevisionRefused.

    Read object by object: no attribute of the repository changes what comes out, and its work tree is left alone.
    """
    listed = _git(root, "ls-tree", "-r", "-z", commit, "--", *SOURCES)
    if listed.returncode != 0:
        raise RevisionRefused(f"git cannot read {commit}: {_said(listed)}")
    entries = []
    for entry in listed.stdout.decode("utf-8", "surrogateescape").split("\0"):
        head, _, path = entry.partition("\t")
        if path and not head.startswith(_COMMIT):
            mode, _, name = head.split()
            entries.append((mode, name, path))
    if not any(path.startswith("data/") for _, _, path in entries):
        raise RevisionRefused("there is no folder 'data' at that revision")
    for (mode, _, path), content in zip(entries, _contents(root, [name for _, name, _ in entries]), strict=True):
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if mode == _SYMBOLIC_LINK:
            file.symlink_to(content.decode("utf-8", "surrogateescape"))
        else:
            file.write_bytes(content)


def _contents(root: Path, names: Sequence[str]) -> list[bytes]:
    """The contents of git's objects, in the order of their names."""
    answer = _git(root, "cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode()).stdout
    made, start = [], 0
    for _ in names:
        end = answer.index(b"\n", start)
        size = int(answer[start:end].split()[2])
        made.append(answer[end + 1 : end + 1 + size])
        start = end + size + 2
    return made


def source_files(root: Path) -> dict[str, bytes]:
    """The content of every source below `root`, by its path."""
    made = {}
    for name in SOURCES:
        top = root / name
        for file in [top] if top.is_file() else sorted(top.rglob("*")):
            if file.is_file() and not file.is_symlink():
                made[file.relative_to(root).as_posix()] = file.read_bytes()
    return made


def _git(root: Path, *arguments: str, given: bytes | None = None) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(  # noqa: S603 - nothing of it is a shell's
            ["git", "-C", str(root), *arguments],  # noqa: S607 - the one on the path, as for everybody
            input=given,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise RevisionRefused("git is not installed") from None


def _said(result: "subprocess.CompletedProcess[bytes]") -> str:
    return " ".join(result.stderr.decode(errors="replace").split())
