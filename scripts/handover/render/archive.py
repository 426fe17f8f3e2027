"""Everything for one platform in one archive: the same bytes each time, on each machine."""

import zipfile
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from handover.model.artifact import Artifact, ToWrite

COMMENT = b"Made by handover."
"""The archive's comment, by which it is known as ours."""

_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READ_BY_ALL = 0o100644 << 16
_UNIX = 3


def archive(target: BinaryIO, artifacts: Iterable[Artifact]) -> None:
    """Write the artifacts into `target` as a zip, in a folder with the platform's name.

    They are stored, not compressed: what a compressor makes of the same text depends on its version.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        made.comment = COMMENT
        for artifact in sorted(artifacts, key=lambda each: each.path):
            entry = zipfile.ZipInfo(artifact.path.removeprefix("exports/"), _NO_TIME)
            entry.create_system = _UNIX
            entry.external_attr = _READ_BY_ALL
            made.writestr(entry, artifact.content)


def archive_path(platform: str) -> str:
    """Where the archive of a platform is, as the path of an artifact."""
    return f"exports/{platform}/{platform}.zip"


def by_platform(artifacts: Iterable[Artifact]) -> dict[str, list[Artifact]]:
    """What goes into the archive of each platform that a message or a snippet is exported to, and of the preview."""
    groups: dict[str, list[Artifact]] = {}
    for artifact in artifacts:
        if artifact.message is not None or artifact.block is not None:
            groups.setdefault(artifact.platform, []).append(artifact)
    return groups


def whole_archive(platform: str, files: Sequence[Artifact]) -> Artifact:
    """The archive of everything for a platform."""
    return Artifact(
        path=archive_path(platform),
        held=ToWrite(lambda target: archive(target, files)),
        platform=platform,
        format="zip",
        placeholders=tuple(dict.fromkeys(name for file in files for name in file.placeholders)),
        links=tuple(dict.fromkeys(name for file in files for name in file.links)),
        sources=tuple(dict.fromkeys(name for file in files for name in file.sources)),
    )
