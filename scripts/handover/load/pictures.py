"""The pictures of the handbook's prose: their names at first, their bytes when a page needs them."""

import re
import stat
from collections.abc import Iterable
from pathlib import Path

from handover.load.files import entries, outside
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.located import Located
from handover.model.picture import FOLDER, MAX_BYTES, TYPES, type_of

_NAME = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*\.(png|jpg|webp)")


def find_pictures(root: Path, found: list[Diagnostic], excused: set[str]) -> dict[str, Located]:
    """The names of the pictures in the folder, each at its file. The name of a file that is none is `excused`."""
    pictures: dict[str, Located] = {}
    for name in entries(root, FOLDER, found):
        path = f"{FOLDER}/{name}"
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
            kind = type_of(stream.read(12))
    except (OSError, RuntimeError) as trouble:
        reason = getattr(trouble, "strerror", None) or "it leads back to itself"
        message = f"the picture cannot be read: {reason}."
        return error(Place(path), "unreadable-file", message, "Fix the link or its permissions.")
    if status.st_size > MAX_BYTES:
        message = f"the picture has {status.st_size:,} bytes; the limit is {MAX_BYTES:,}."
        return error(Place(path), "invalid-picture", message, "Save it smaller, for example 1,200 pixels wide.")
    if kind != TYPES[match[1]]:
        is_what = f"a {kind} picture" if kind else "no PNG, JPEG or WebP picture"
        message = f"this is {is_what}, but its name ends with '.{match[1]}'."
        return error(Place(path), "invalid-picture", message, "Save it in the format of its ending, or rename it.")
    return None


def read_pictures(root: Path, names: Iterable[str]) -> dict[str, bytes]:
    """The bytes of the pictures by name, without those that are gone or have become too large meanwhile."""
    contents = {}
    for name in sorted(names):
        path = f"{FOLDER}/{name}"
        if _fault(root, path, name) is None:
            contents[name] = (root / path).read_bytes()
    return contents
