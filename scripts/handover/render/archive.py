"""Everything for one platform in one archive: the same bytes each time, on each machine."""

import zipfile
from collections.abc import Iterable, Sequence
from struct import Struct
from typing import BinaryIO
from zlib import crc32

from handover.model.artifact import Artifact, ToWrite

COMMENT = b"Made by handover."
"""The archive's comment, by which it is known as ours."""

_NO_TIME = (1980, 1, 1, 0, 0, 0)
_DAY_ONE = 1 << 5 | 1
"""The same day as the format has it: years since 1980, month, day."""
_READ_BY_ALL = 0o100644 << 16
_UNIX = 3
_VERSION = 20
"""That of the format which files and folders need."""

_HEAD = Struct("<4s5H3L2H")
_ENTRY = Struct("<4s4B4H3L5H2L")
_END = Struct("<4s4H2LH")
_MOST_FILES, _MOST_BYTES = 0xFFFE, 0xFFFF_FFFE
"""What the plain form can say; beyond that, all of it takes another form."""


def archive(target: BinaryIO, artifacts: Iterable[Artifact]) -> None:
    """Write the artifacts into `target` as a zip, in a folder with the platform's name.

    They are stored, not compressed: what a compressor makes of the same text depends on its version.
    """
    files = sorted(artifacts, key=lambda each: each.path)
    if len(files) > _MOST_FILES or sum(each.size + 1000 for each in files) > _MOST_BYTES:
        _large(target, files)
    else:
        _plain(target, files)


def _plain(target: BinaryIO, files: Iterable[Artifact]) -> None:
    """The bytes that `zipfile` writes, in a third of its time. The format: APPNOTE.TXT, sections 4.3.7, 12 and 16."""
    entries: list[bytes] = []
    at = 0
    for each in files:
        name, content = _name(each).encode("ascii"), each.content
        about = (0, 0, 0, _DAY_ONE, crc32(content), len(content), len(content), len(name), 0)
        whole = b"".join((_HEAD.pack(b"PK\3\4", _VERSION, *about), name, content))
        target.write(whole)
        start = _ENTRY.pack(b"PK\1\2", _VERSION, _UNIX, _VERSION, 0, *about, 0, 0, 0, _READ_BY_ALL, at)
        entries.append(start + name)
        at += len(whole)
    listing = b"".join(entries)
    target.write(listing)
    target.write(_END.pack(b"PK\5\6", 0, 0, len(entries), len(entries), len(listing), at, len(COMMENT)) + COMMENT)


def _large(target: BinaryIO, files: Iterable[Artifact]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        made.comment = COMMENT
        for each in files:
            entry = zipfile.ZipInfo(_name(each), _NO_TIME)
            entry.create_system = _UNIX
            entry.external_attr = _READ_BY_ALL
            made.writestr(entry, each.content)


def _name(artifact: Artifact) -> str:
    return artifact.path.removeprefix("exports/")


def archive_path(platform: str) -> str:
    """Where the archive of a platform is, as the path of an artifact."""
    return f"exports/{platform}/{platform}.zip"


def by_platform(artifacts: Iterable[Artifact]) -> dict[str, list[Artifact]]:
    """What goes into the archive of each platform that a message or a snippet is exported to, and of the preview.

    The largest comes first: whoever makes several at a time should not begin it last.
    """
    groups: dict[str, list[Artifact]] = {}
    for artifact in artifacts:
        if artifact.message is not None or artifact.block is not None:
            groups.setdefault(artifact.platform, []).append(artifact)
    return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])))


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
