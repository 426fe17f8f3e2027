"""The images of emails: bytes, which only the site needs."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from handover.load.files import entries
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, warning
from handover.model.screenshot import FOLDER, INDEX, SCHEMES, WIDTHS, Screenshots, file_name

MAX_BYTES = 1_000_000
"""More than any image of an email needs."""


def read_screenshots(root: Path, catalog: Catalog) -> Mapping[str, bytes]:
    """The images that the index names, by file name, without those that are not files of the repository."""
    named = [
        name
        for screenshots in catalog.screenshots.values()
        for variant, _ in screenshots.digests()
        for name in _names(screenshots, variant)
    ]
    return {name: (root / FOLDER / name).read_bytes() for name in named if _is_ours(root / FOLDER / name, root)}


def look_through(root: Path, index: Collection[Screenshots], found: list[Diagnostic]) -> None:
    """Report images of the index that cannot be shown, and files that the index does not name."""
    named = {INDEX.rpartition("/")[2]}
    for screenshots in index:
        for variant, digest in screenshots.digests():
            names = _names(screenshots, variant)
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


def _names(screenshots: Screenshots, variant: str | None) -> list[str]:
    return [file_name(screenshots.id, variant, width, scheme) for width in WIDTHS for scheme in SCHEMES]


def _is_ours(file: Path, root: Path) -> bool:
    try:
        is_inside = file.is_file() and file.resolve().is_relative_to(root.resolve())
        return is_inside and os.access(file, os.R_OK) and file.stat().st_size <= MAX_BYTES
    except (OSError, RuntimeError):
        return False
