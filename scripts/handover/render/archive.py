"""Everything for one platform, or one marketing email for it, in one zip archive: the same bytes on each machine."""

import zipfile
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from handover.model.catalog import Catalog
from handover.model.document import Artifact

COMMENT = b"Made by handover."
"""The archive's comment, by which it is recognized as ours."""

ENDINGS = {
    ".html": "the email, or what to paste",
    ".txt": "its plain text",
    ".subject.txt": "its subject",
    ".mjml": "the source of the email",
}
"""What each file is, by its ending."""

_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READ_BY_ALL = 0o100644 << 16
_UNIX = 3


def write_zip(target: BinaryIO, artifacts: Iterable[Artifact]) -> None:
    """Write the artifacts into `target` as a zip, in a folder with the platform's name.

    They are stored, not compressed: what a compressor makes of the same text depends on its version.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = COMMENT
        for artifact in sorted(artifacts, key=lambda each: each.path):
            entry = zipfile.ZipInfo(artifact.path.removeprefix("exports/"), _NO_TIME)
            entry.create_system = _UNIX
            entry.external_attr = _READ_BY_ALL
            archive.writestr(entry, artifact.content)


def readme(platform: str, files: Iterable[Artifact], catalog: Catalog) -> Artifact:
    """`README.txt` beside the files of a platform: what each is, and how a person brings them in."""
    named = catalog.platforms.get(platform)
    lines = [f"Files for {named.label}." if named else "Emails with sample values, to look at. Do not send them.", ""]
    names = dict.fromkeys(each.message or each.block for each in files)
    lines += [f"{name}: {_title(str(name), catalog)}" for name in names if name]
    lines += ["", *(f"  {ending:<13}{meaning}" for ending, meaning in ENDINGS.items())]
    for title, sentences in (("Bring an email in", named.steps), ("Before you send", named.beware)) if named else ():
        if sentences:
            lines += ["", f"{title}:", *(f"{number}. {words}" for number, words in enumerate(sentences, 1))]
    content = "\n".join([*lines, ""]).encode()
    return Artifact(path=f"exports/{platform}/README.txt", data=content, platform=platform, format="text")


def _title(name: str, catalog: Catalog) -> str:
    return str(catalog.messages[name].head.title if name in catalog.messages else catalog.blocks[name].head.title or "")


def archive_path(platform: str, message: str | None = None) -> str:
    """The path of a platform's archive, or of that of one message for it, as an artifact."""
    return f"exports/{platform}/{f'{message}.' if message else ''}{platform}.zip"


def by_archive(artifacts: Iterable[Artifact], catalog: Catalog) -> dict[str, list[Artifact]]:
    """What goes into each archive, by its path: of each platform and the preview, and of each marketing email."""
    groups: dict[str, list[Artifact]] = {}
    for artifact in artifacts:
        platform, message = artifact.platform, artifact.message
        if message is not None or artifact.block is not None:
            groups.setdefault(archive_path(platform), []).append(artifact)
        if message is not None and platform in catalog.platforms and catalog.messages[message].head.kind == "marketing":
            groups.setdefault(archive_path(platform, message), []).append(artifact)
    return groups


def archive_of(path: str, files: Sequence[Artifact]) -> Artifact:
    """The archive of the files of a platform, without its content: `write_zip` writes that."""
    return Artifact(
        path=path,
        data=b"",
        platform=files[0].platform,
        format="zip",
        placeholders=tuple(dict.fromkeys(name for file in files for name in file.placeholders)),
        links=tuple(dict.fromkeys(name for file in files for name in file.links)),
        sources=tuple(dict.fromkeys(name for file in files for name in file.sources)),
    )
