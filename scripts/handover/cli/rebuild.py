"""Whether a build would make what is there already, and a check find what it found.

Both depend on the sources, the engine with all it is installed with, and its options. A key that stands for every
byte of these is kept with the digests of all files that were built. If the key is the same, and each file is as it was
left, there is nothing to do. So it is with the findings of a check.
"""

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import handover
from handover.cli.options import built_in
from handover.cli.processes import spread
from handover.model.diagnostic import Diagnostic, Place
from handover.write.record import digest, digest_of_all, files_below, keep, read_kept

SOURCES = ("data", "content", "templates", "mkdocs.yml", "requirements.lock")
A_SHARE = 500
"""Files that a process looks at at a time."""


def key_of(root: Path, options: Mapping[str, object]) -> str:
    """Stands for everything that a build or a check with these options depends on."""
    engine = [Path(handover.__file__).parent, built_in("templates"), built_in("mkdocs.yml")]
    parts = [
        sys.version,
        *sorted(name for name in os.listdir(sysconfig.get_path("purelib")) if name.endswith(".dist-info")),
        digest_of_all(engine),
        digest_of_all(root / name for name in SOURCES),
        json.dumps(options, sort_keys=True),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Build:
    """A build that ended well: its key, the digest of each file, how many files for use it made, and its warnings."""

    key: str
    files: dict[str, str]
    made: int
    warnings: int


def finished(target: Path, key: str) -> Build | None:
    """The build that left in `target` what one with this `key` would; None if there is something to do."""
    try:
        build = Build(**read_kept("builds", target, _cache()))
    except TypeError:
        return None
    if build.key != key or sorted(files_below(target)) != sorted(build.files):
        return None
    return build if _digests(target, list(build.files)) == build.files else None


def remember(target: Path, key: str, made: int, warnings: int, known: Mapping[str, str]) -> None:
    """Keep what was built into `target`; the digests of some of its files are `known`."""
    files = {**known, **_digests(target, [name for name in files_below(target) if name not in known])}
    keep("builds", target, _cache(), asdict(Build(key, files, made, warnings)))


def known_findings(root: Path, key: str) -> list[Diagnostic] | None:
    """What a check with this `key` found at `root`; None if there is something to look at."""
    kept = read_kept("checks", root, _cache())
    try:
        return [_finding(each) for each in kept["findings"]] if kept["key"] == key else None
    except (KeyError, TypeError):
        return None


def remember_findings(root: Path, key: str, findings: Sequence[Diagnostic]) -> None:
    """Keep what a check found at `root`."""
    keep("checks", root, _cache(), {"key": key, "findings": [asdict(each) for each in findings]})


def _finding(kept: dict[str, Any]) -> Diagnostic:
    places = {name: tuple(Place(**place) for place in kept[name]) for name in ("via", "also")}
    return Diagnostic(**{**kept, **places, "place": Place(**kept["place"])})


def _digests(folder: Path, names: list[str]) -> dict[str, str]:
    shares = [names[start : start + A_SHARE] for start in range(0, len(names), A_SHARE)]
    digests = spread(lambda share: [digest(folder / name) for name in share], shares)
    return dict(zip(names, (each for share in digests for each in share), strict=True))


def _cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("handover")
