"""The images of emails: bytes, which only the site needs."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from handover.load.files import entries
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, warning
from handover.model.picture import FOLDER, INDEX, SCHEMES, WIDTHS, Pictures, file_name

MAX_BYTES = 1_000_000
"""More than any image of an email needs."""


def read_pictures(root: Path, catalog: Catalog) -> Mapping[str, bytes]:
    """The images that the index names, by file name, without those that are not files of the repository."""
    named = [
        name
        for pictures in catalog.pictures.values()
        for variant, _ in pictures.digests()
        for name in _names(pictures, variant)
    ]
    return {name: (root / FOLDER / name).read_bytes() for name in named if _is_ours(root / FOLDER / name, root)}


def look_through(root: Path, index: Collection[Pictures], found: list[Diagnostic]) -> None:
    """Report images of the index that cannot be shown, and files that the index does not name."""
    named = {INDEX.rpartition("/")[2]}
    for pictures in index:
        for variant, digest in pictures.digests():
            names = _names(pictures, variant)
            named |= set(names)
            lacking = [name for name in names if not _is_ours(root / FOLDER / name, root)]
            if lacking:
                are = "is" if len(lacking) == 1 else "are"
                message = f"{', '.join(lacking)} {are} missing here, or larger than {MAX_BYTES:,} bytes."
                hint = "Renew them with 'make screenshots'."
                found.append(warning(digest.place, "stale-picture", message, hint, len(digest)))
    for name in entries(root, FOLDER, found):
        if name not in named and not name.startswith("."):
            message = "this file is not shown: the index of email images does not name it."
            found.append(warning(Place(f"{FOLDER}/{name}"), "stray-file", message, "Remove it."))


def _names(pictures: Pictures, variant: str | None) -> list[str]:
    return [file_name(pictures.id, variant, width, scheme) for width in WIDTHS for scheme in SCHEMES]


def _is_ours(file: Path, root: Path) -> bool:
    try:
        is_inside = file.is_file() and file.resolve().is_relative_to(root.resolve())
        return is_inside and os.access(file, os.R_OK) and file.stat().st_size <= MAX_BYTES
    except (OSError, RuntimeError):
        return False
