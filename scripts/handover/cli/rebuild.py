"""Whether a build would make what is there already.

A build depends on the sources, the engine with all it is installed with, and its options. A key that stands for every
byte of these is kept with the digests of all files that were built. If the key is the same, and each file is as it was
left, there is nothing to do.
"""

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import handover
from handover.cli.options import built_in
from handover.cli.processes import spread
from handover.write.record import Record, digest, digest_of_all, files_below, read_record, write_record

SOURCES = ("data", "content", "templates", "mkdocs.yml", "requirements.lock")
A_SHARE = 500
"""Files that a process looks at at a time."""


def key_of(root: Path, options: Mapping[str, object]) -> str:
    """Stands for everything that a build with these options depends on."""
    engine = [Path(handover.__file__).parent, built_in("templates"), built_in("mkdocs.yml")]
    parts = [
        sys.version,
        *sorted(name for name in os.listdir(sysconfig.get_path("purelib")) if name.endswith(".dist-info")),
        digest_of_all(engine),
        digest_of_all(root / name for name in SOURCES),
        json.dumps(options, sort_keys=True),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def finished(target: Path, key: str) -> Record | None:
    """The build that left in `target` what one with this `key` would; None if there is something to do."""
    record = read_record(target, _cache())
    if record is None or record.key != key or sorted(files_below(target)) != sorted(record.files):
        return None
    return record if _digests(target, list(record.files)) == record.files else None


def remember(target: Path, key: str, made: int, warnings: int) -> None:
    """Keep what was built into `target`."""
    files = _digests(target, sorted(files_below(target)))
    write_record(target, _cache(), Record(key, files, made, warnings))


def _digests(folder: Path, names: list[str]) -> dict[str, str]:
    shares = [names[start : start + A_SHARE] for start in range(0, len(names), A_SHARE)]
    digests = spread(lambda share: [digest(folder / name) for name in share], shares)
    return dict(zip(names, (each for share in digests for each in share), strict=True))


def _cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("handover")
