"""What need not be done again: builds, checks and messages that would come out as they did.

Everything depends on the sources, on the engine with all it is installed with, and on options. Each of these is known
by the digest of every byte of it. What was made is kept with the digests of what it was made from; where these are the
same, and what was written is as it was left, it need not be made again.
"""

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import handover
from handover.cli.options import built_in
from handover.model.diagnostic import Diagnostic, Place
from handover.write.left import GONE, Left, look_of
from handover.write.record import digest, digest_of_all, files_below, keep, read_kept

if TYPE_CHECKING:  # where nothing has changed nobody needs it
    from handover.model.artifact import Artifact

SOURCES = ("data", "content", "templates", "mkdocs.yml", "requirements.lock")
OF_ONE = ("content/messages/", "content/scenarios/", "data/playbooks/")
"""The sources that no message depends on, but for its own."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The digest of each source, and one of the engine."""

    engine: str
    files: Mapping[str, str]

    def key(self, options: Mapping[str, object]) -> str:
        """Stands for everything that a build or a check with these options depends on."""
        return _digest([self.engine, self.files, options])

    def shared(self) -> str:
        """Stands for everything that a message depends on besides its own file."""
        return _digest([self.engine, {path: each for path, each in self.files.items() if not path.startswith(OF_ONE)}])


def sources_at(root: Path, engine: str | None = None) -> Sources:
    """The sources at `root` as they are now. The `engine` need not be looked at again in one process."""
    files: dict[str, str] = {}
    for name in SOURCES:
        path = root / name
        below = [f"{name}/{each}" for each in sorted(files_below(path))] if path.is_dir() else [name]
        files.update((each, digest(root / each)) for each in below)
    return Sources(engine or engine_here(), files)


def engine_here() -> str:
    """Stands for the program, and everything that is installed beside it."""
    return _digest(
        [
            sys.version,
            sorted(name for name in os.listdir(sysconfig.get_path("purelib")) if name.endswith(".dist-info")),
            digest_of_all([Path(handover.__file__).parent, built_in("templates"), built_in("mkdocs.yml")]),
        ]
    )


def _digest(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Build:
    """A build that ended well: its key, what it left, how many files for use it made, and its warnings."""

    key: str
    left: Left
    made: int
    warnings: int


def last_build(target: Path) -> Build | None:
    """The build that is known to have been the last into `target`; None if there is none."""
    try:
        kept = json.loads(read_kept("builds", target, cache()))
        files = {path: (sha256, tuple(look)) for path, (sha256, *look) in kept["files"].items()}
        return Build(kept["key"], Left(target, files), kept["made"], kept["warnings"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def is_whole(build: Build) -> bool:
    """True if all that a build left is there still, and nothing else."""
    files = build.left.files
    return sorted(files_below(build.left.folder)) == sorted(files) and all(map(build.left.is_whole, files))


def remember(target: Path, key: str, artifacts: Sequence["Artifact"], warnings: int) -> None:
    """Keep what was built into `target`: the artifacts, and what else is there."""
    known = {artifact.path: artifact for artifact in artifacts}

    def write(file: BinaryIO) -> None:
        head = json.dumps({"key": key, "made": len(artifacts), "warnings": warnings})
        file.write(head.removesuffix("}").encode() + b', "files": {')
        before, quoted = "", json.JSONEncoder().encode
        for path in files_below(target):  # one at a time, and without a list for each: there may be many
            sha256 = known[path].sha256 if path in known else digest(f"{target}/{path}")
            size, changed, known_since = look_of(f"{target}/{path}") or GONE
            file.write(f'{before}{quoted(path)}: ["{sha256}", {size}, {changed}, {known_since}]'.encode())
            before = ",\n"
        file.write(b"}}")

    keep("builds", target, cache(), write)


def known_findings(root: Path, key: str) -> list[Diagnostic] | None:
    """What a check with this `key` found at `root`; None if there is something to look at."""
    try:
        kept = json.loads(read_kept("checks", root, cache()))
        return [_finding(each) for each in kept["findings"]] if kept["key"] == key else None
    except (KeyError, TypeError, ValueError):
        return None


def remember_findings(root: Path, key: str, findings: Sequence[Diagnostic]) -> None:
    """Keep what a check found at `root`."""
    kept = {"key": key, "findings": [asdict(each) for each in findings]}
    keep("checks", root, cache(), lambda file: file.write(json.dumps(kept).encode()))


def _finding(kept: dict[str, Any]) -> Diagnostic:
    places = {name: tuple(Place(**place) for place in kept[name]) for name in ("via", "also")}
    return Diagnostic(**{**kept, **places, "place": Place(**kept["place"])})


def cache() -> Path:
    """Where a user's programs keep what they could make again."""
    from platformdirs import user_cache_path

    return user_cache_path("handover")
