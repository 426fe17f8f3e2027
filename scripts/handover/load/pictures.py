"""The pictures of emails: bytes, which nothing but the site needs."""

from collections.abc import Mapping
from pathlib import Path

from handover.model.catalog import Catalog
from handover.model.picture import FOLDER, SCHEMES, WIDTHS, file_name

MAX_BYTES = 1_000_000
"""More than any picture of an email needs."""


def read_pictures(root: Path, catalog: Catalog) -> Mapping[str, bytes]:
    """The pictures that the index speaks of, by name; what is no file of the repository is left out."""
    made: dict[str, bytes] = {}
    for pictures in catalog.pictures.values():
        for variant, _ in pictures.digests():
            for width in WIDTHS:
                for scheme in SCHEMES:
                    name = file_name(pictures.id, variant, width, scheme)
                    file = root / FOLDER / name
                    if _is_ours(file, root):
                        made[name] = file.read_bytes()
    return made


def _is_ours(file: Path, root: Path) -> bool:
    return file.is_file() and file.resolve().is_relative_to(root.resolve()) and file.stat().st_size <= MAX_BYTES
