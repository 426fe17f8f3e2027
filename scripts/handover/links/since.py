"""Files as they were at a revision of git."""

import subprocess
from pathlib import Path


class NoRevision(Exception):
    """git cannot say what was there; the message says why."""


def files_at(root: Path, revision: str, paths: tuple[str, ...]) -> dict[str, bytes]:
    """The content of each of the `paths`, relative to `root`, at a revision; one that was not there is left out.

    Raises NoRevision: without git, outside a repository, or for a revision that this clone does not have.
    """
    if not revision or revision.startswith("-"):
        raise NoRevision(f"'{revision}' is no revision")
    commit = _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", said=_unknown(root, revision))
    prefix = _git(root, "rev-parse", "--show-prefix", said="").decode().strip("\n")
    made = {}
    for path in paths:
        inside = f"{commit.decode().strip()}:{prefix}{path}"
        listed = _git(root, "ls-tree", "--full-tree", "-z", inside.partition(":")[0], "--", f"{prefix}{path}", said="")
        if listed:
            made[path] = _git(root, "cat-file", "blob", inside, said=f"{path} is no file at '{revision}'")
    return made


def _unknown(root: Path, revision: str) -> str:
    words = f"the revision '{revision}' is not in the repository of {root.resolve()}"
    try:
        shallow = _git(root, "rev-parse", "--is-shallow-repository", said="").strip() == b"true"
    except NoRevision as none:
        return str(none)
    return f"{words}: it is a shallow clone. Fetch more of its history" if shallow else words


def _git(root: Path, *arguments: str, said: str) -> bytes:
    """What git prints; `said` is what to say when it refuses, its own words without."""
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)  # noqa: S603, S607
    except FileNotFoundError:
        raise NoRevision("git is not installed") from None
    if done.returncode != 0:
        own = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        raise NoRevision(said or own or f"git {arguments[0]} failed")
    return done.stdout
