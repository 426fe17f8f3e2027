"""Reading text from disk: bounded, inside the root, UTF-8, under names that every system can have."""

import errno
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from handover.load.strays import is_printable, stray
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.spelling import DEVICES
from handover.model.text import unwanted

MAX_BYTES = 500_000
"""More than any file that a person writes, some 2,500 links; a larger one is a slip or an attack."""

MAX_FILES = 20_000
"""More files than this in one folder are not read."""

MAX_UNWANTED = 20
"""Characters of one file to report: more of them have one cause."""

_DOCUMENTS = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"{\\rtf")
"""How the files of word processors begin."""

_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: .*)?$", re.MULTILINE)
"""What git writes around two versions that it could not merge."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file's text with `\\n` line ends; `path` is relative to the root, with `/`."""

    path: str
    text: str


def read(root: Path, path: str, found: list[Diagnostic]) -> TextFile | None:
    """The text of `path` below `root`; None when it cannot be read, and `found` says why.

    CRLF line ends and a byte-order mark, which editors on Windows write, are taken as they are meant.
    """
    try:
        content = _bytes(root, path, found)
    except (OSError, RuntimeError, ValueError) as trouble:
        found.append(unreadable(path, "file", trouble))
        return None
    if content is not None and len(content) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES:,} bytes."
        found.append(error(Place(path), "unreadable-file", message, "Split it, or remove what is not text."))
        return None
    if content is None:
        return None
    decoded = _decoded(path, content)
    if isinstance(decoded, TextFile):
        return decoded
    found += decoded
    return None


def _bytes(root: Path, path: str, found: list[Diagnostic]) -> bytes | None:
    """One byte more than is allowed at most; None where no file of the repository is."""
    file = f"{root}/{path}"
    if not os.path.lexists(file):
        hint = "Create it; 'handover init' in an empty folder writes an example."
        found.append(error(Place(path), "unreadable-file", "there is no such file.", hint))
        return None
    fault = outside(root, path)
    if fault is not None:
        found.append(fault)
        return None
    if not stat.S_ISREG(os.stat(file).st_mode):
        message = "this must be a file."
        found.append(error(Place(path), "unreadable-file", message, "Rename or remove it."))
        return None
    with open(file, "rb") as stream:
        return stream.read(MAX_BYTES + 1)


def outside(root: Path, path: str) -> Diagnostic | None:
    """The problem of a path that leads out of the root, at the file or folder that is the link."""
    steps = path.split("/")
    ways = ["/".join(steps[:count]) for count in range(1, len(steps) + 1)]
    if ".." not in steps and not any(os.path.islink(f"{root}/{way}") for way in ways):
        return None
    top = root.resolve()
    if (root / path).resolve(strict=True).is_relative_to(top):
        return None
    link = next(way for way in ways if not (root / way).resolve().is_relative_to(top))
    message = "this symbolic link leads out of the repository."
    return error(Place(link), "outside-root", message, "Replace it with a copy of its target.")


def unreadable(path: str, what: str, trouble: Exception) -> Diagnostic:
    """The problem of a file or folder that the system does not let us read."""
    # How a circle of links is told differs between versions of Python, and its words between systems.
    is_other = isinstance(trouble, OSError) and trouble.errno != errno.ELOOP
    reason = getattr(trouble, "strerror", None) if is_other else "it leads back to itself"
    message = f"the {what} cannot be read: {reason}."
    return error(Place(path), "unreadable-file", message, "Fix the link or its permissions.")


@lru_cache(2_000)  # `serve` reads every file again after each save
def _decoded(path: str, content: bytes) -> TextFile | tuple[Diagnostic, ...]:
    """The text of a file, or why it is none."""
    if content.startswith(_DOCUMENTS):
        message = "this is a word processor document, not a text file."
        return (error(Place(path), "unreadable-file", message, "Copy its text into a text file of this name."),)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        before = content[: trouble.start].decode("utf-8-sig", errors="replace")
        message = f"the byte 0x{content[trouble.start]:02x} is not UTF-8."
        return (error(_place_after(path, before), "unreadable-file", message, "Save the file as UTF-8."),)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    bad = tuple(
        error(_place_after(path, text[: match.start()]), "control-character", f"{what} is here.", fix, len(match[0]))
        for match, what, fix in islice(unwanted(text), MAX_UNWANTED)
    )
    if bad:
        return bad
    conflict = _CONFLICT.search(text)
    if conflict:
        place = _place_after(path, text[: conflict.start()])
        message = "git could not merge two versions here and left both."
        hint = "Keep one, and delete the other and the lines with <<<<<<<, ======= and >>>>>>>."
        return (error(place, "merge-conflict", message, hint, len(conflict[0])),)
    return TextFile(path, text)


def _place_after(path: str, before: str) -> Place:
    return Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"))


def has_folder(root: Path, folder: str, found: list[Diagnostic]) -> bool:
    """True if the folder can be looked into; if something else has its name, `found` says so."""
    if not os.path.lexists(root / folder):
        return False
    try:
        fault = outside(root, folder)
        if fault is None and not (root / folder).is_dir():
            message = "this must be a folder."
            fault = error(Place(folder), "unreadable-file", message, "Rename or remove it.")
    except (OSError, RuntimeError) as trouble:
        fault = unreadable(folder, "folder", trouble)
    found += [fault] if fault else []
    return fault is None


def entries(root: Path, folder: str, found: list[Diagnostic]) -> list[str]:
    """The names in `folder`, sorted; none where it is not there or cannot be read, and `found` says why."""
    if not has_folder(root, folder, found):
        return []
    try:
        there = sorted(os.listdir(root / folder))
    except OSError as trouble:
        found.append(unreadable(folder, "folder", trouble))
        return []
    if len(there) > MAX_FILES:
        found.append(error(Place(folder), "too-many-files", f"the folder has more than {MAX_FILES:,} files."))
        return []
    return [name for name in there if is_printable(f"{folder}/{name}", found)]


def names(root: Path, folder: str, ending: str, found: list[Diagnostic]) -> Iterator[str]:
    """The paths of the files in `folder` with this ending, sorted. Any other file that is not hidden is a problem."""
    for name in entries(root, folder, found):
        path = f"{folder}/{name}"
        if name.endswith(ending):
            yield path
        elif not name.startswith("."):
            found.append(stray(root, path, ending))


_FOLDERS = ("data", "content", "templates")
_REFUSED = re.compile(r'[<>:"|?*\\]|[. ]$')
"""Microsoft, "Naming Files, Paths, and Namespaces"."""


def unportable_names(root: Path) -> Iterator[Diagnostic]:
    """Each file or folder of the repository that Windows or macOS cannot have beside the others."""
    left = MAX_FILES
    for top in _FOLDERS:
        for folder, folders, files in os.walk(root / top):
            below = os.path.relpath(folder, root).replace(os.sep, "/")
            there = sorted([*folders, *files])
            left -= len(there)
            if left < 0:  # more is an error of its own
                return
            yield from (error(Place(f"{below}/{name}"), "unportable-name", *why) for name, why in _faults(there))


def _faults(names: list[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Names of one folder, each with the problem and the fix."""
    by_fold: dict[str, str] = {}
    for name in names:
        other = by_fold.setdefault(name.casefold(), name)
        if other != name:
            yield name, (f"Windows and macOS take this for '{other}', too.", "Rename one of them.")
        elif name.partition(".")[0].rstrip().casefold() in DEVICES:
            yield name, ("Windows keeps this name for a device.", "Rename it.")
        elif _REFUSED.search(name):
            yield name, ("Windows cannot have this name.", "Use letters, digits, '-', '_' and dots between them.")
