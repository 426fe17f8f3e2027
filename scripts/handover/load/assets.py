"""What outputs need besides texts: templates, pictures, images of emails, and the data of Can I email."""

import json
import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from handover.load.files import entries, has_folder, outside, read, unreadable
from handover.load.strays import is_printable
from handover.model.brand import MailClients
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.located import Located
from handover.model.picture import INDEX, PICTURES, SCHEMES, SCREENSHOTS, WIDTHS, Screenshots, file_name

_ENDINGS = (".j2", ".css", ".js", ".md", ".yml")


def load_templates(root: Path, built_in: Path, found: list[Diagnostic]) -> dict[str, str]:
    """The text of each template by its path below `templates/`, for example `email/letter.mjml.j2`."""
    own = {}
    for name in _names(root / "templates") if has_folder(root, "templates", found) else ():
        path = f"templates/{name}"
        file = read(root, path, found) if is_printable(path, found) and name.endswith(_ENDINGS) else None
        if file is not None:
            own[name] = file.text
    return dict(sorted({**_built_in(built_in), **own}.items()))


def _names(folder: Path) -> Iterator[str]:
    for holder, _, files in os.walk(folder):
        below = Path(holder).relative_to(folder)
        yield from ((below / file).as_posix() for file in files)


@cache
def _built_in(folder: Path) -> dict[str, str]:
    """The engine's own do not change while it runs, and are sound."""
    return {name: (folder / name).read_text(encoding="utf-8") for name in _names(folder) if name.endswith(_ENDINGS)}


EXTRACT = Path(__file__).with_name("caniemail.json")
"""An extract of the data of Can I email (caniemail.com), which `make caniemail` renews.

It has of each feature the clients that do not support it at all in their newest tested version. A partial support is no
lack: the notes that explain it are for people to read.
"""


@cache
def mail_clients() -> MailClients:
    """The extract that the engine carries."""
    data = json.loads(EXTRACT.read_text(encoding="utf-8"))
    return MailClients(
        data["clients"], {name: frozenset(clients.split()) for name, clients in data["lacked_by"].items()}
    )


MAX_BYTES = 1_000_000
"""The most bytes of one picture."""

_TYPES = {"png": "PNG", "jpg": "JPEG", "webp": "WebP"}
"""The types of pictures by the ending of their files."""
_NAME = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*\.(png|jpg|webp)")


def find_pictures(root: Path, found: list[Diagnostic], excused: set[str]) -> dict[str, Located]:
    """The names of the pictures in the folder, each at its file. The name of a file that is none is `excused`."""
    pictures: dict[str, Located] = {}
    for name in entries(root, PICTURES, found):
        path = f"{PICTURES}/{name}"
        if name.startswith("."):
            continue
        fault = _fault(root, path, name)
        if fault is None:
            pictures[name] = Located(name, Place(path))
        else:
            found.append(fault)
            excused.add(name)
    return pictures


def _fault(root: Path, path: str, name: str) -> Diagnostic | None:
    match = _NAME.fullmatch(name)
    if match is None:
        hint = "Name it with lowercase letters, digits and '-', and the ending .png, .jpg or .webp; or remove it."
        return error(Place(path), "invalid-picture", f"'{name}' cannot be the name of a picture.", hint)
    try:
        leads_out = outside(root, path)
        status = (root / path).stat()
        if leads_out is not None or not stat.S_ISREG(status.st_mode):
            return leads_out or error(Place(path), "invalid-picture", "this must be a file.", "Rename or remove it.")
        with open(root / path, "rb") as stream:
            kind = _type_of(stream.read(12))
    except (OSError, RuntimeError) as trouble:
        return unreadable(path, "picture", trouble)
    if status.st_size > MAX_BYTES:
        message = f"the picture has {status.st_size:,} bytes; the limit is {MAX_BYTES:,}."
        return error(Place(path), "invalid-picture", message, "Save it smaller, for example 1,200 pixels wide.")
    if kind != _TYPES[match[1]]:
        is_what = f"a {kind} picture" if kind else "no PNG, JPEG or WebP picture"
        message = f"this is {is_what}, but its name ends with '.{match[1]}'."
        return error(Place(path), "invalid-picture", message, "Save it in the format of its ending, or rename it.")
    return None


def read_pictures(root: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The bytes of the pictures by name, without those that are gone or have become too large meanwhile."""
    files = {name: f"{PICTURES}/{name}" for name in sorted(names)}
    return {name: (root / path).read_bytes() for name, path in files.items() if _fault(root, path, name) is None}


def _type_of(start: bytes) -> str | None:
    """The type of a picture, by the first 12 bytes of its file; None for any other file."""
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if start.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    return "WebP" if start[:4] == b"RIFF" and start[8:12] == b"WEBP" else None


def read_screenshots(root: Path, catalog: Catalog) -> Mapping[str, bytes]:
    """The images that the index names, by file name, without those that are not files of the repository."""
    digests = ((each, variant) for each in catalog.screenshots.values() for variant, _ in each.digests())
    files = [root / SCREENSHOTS / name for each, variant in digests for name in _image_names(each, variant)]
    return {file.name: file.read_bytes() for file in files if _is_ours(file, root)}


def look_through(root: Path, index: Collection[Screenshots], found: list[Diagnostic]) -> None:
    """Report images of the index that cannot be shown, and files that the index does not name."""
    named = {INDEX.rpartition("/")[2]}
    for screenshots in index:
        for variant, digest in screenshots.digests():
            names = _image_names(screenshots, variant)
            named |= set(names)
            lacking = [name for name in names if not _is_ours(root / SCREENSHOTS / name, root)]
            if lacking:
                are = "is" if len(lacking) == 1 else "are"
                message = f"{', '.join(lacking)} {are} missing here, or larger than {MAX_BYTES:,} bytes."
                hint = "Renew them with 'make screenshots'."
                found.append(warning(digest.place, "stale-picture", message, hint, len(digest)))
    for name in entries(root, SCREENSHOTS, found):
        if name not in named and not name.startswith("."):
            message = "this file is not shown: the index of email images does not name it."
            found.append(warning(Place(f"{SCREENSHOTS}/{name}"), "stray-file", message, "Remove it."))


def _image_names(screenshots: Screenshots, variant: str | None) -> list[str]:
    return [file_name(screenshots.id, variant, width, scheme) for width in WIDTHS for scheme in SCHEMES]


def _is_ours(file: Path, root: Path) -> bool:
    try:
        is_inside = file.is_file() and file.resolve().is_relative_to(root.resolve())
        return is_inside and os.access(file, os.R_OK) and file.stat().st_size <= MAX_BYTES
    except (OSError, RuntimeError):
        return False
