"""Files and folders that are not read because their name is not quite right."""

import os
from pathlib import Path

from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.text import CONTROL_IN_NAME, describe

_SAME = {".yml": (".yml", ".yaml", ".yml.txt", ".yaml.txt"), ".md": (".md", ".markdown", ".md.txt")}
"""The endings by which people, and their programs, write the same kind of file."""

_IN_DATA = ("brand.yml", "glossary.yml", "link-check.yml", "links.yml", "people.yml", "placeholders.yml")
_PLACES = (
    ("data", ".yml", _IN_DATA, f"this is not read; in data/ are {', '.join(_IN_DATA)}, and platforms and playbooks."),
    ("content", ".md", (), "this is not read; in content/ are messages, blocks and scenarios, each in a folder."),
)
"""Folders, the ending of what is looked for there, the names that are read, and the message for all others."""


def is_printable(path: str, found: list[Diagnostic]) -> bool:
    """False if the path has a control character; `found` says which."""
    bad = CONTROL_IN_NAME.search(path)
    if bad:
        message = f"the name has the invisible character {describe(bad[0])}."
        found.append(error(Place(path), "control-character", message, "Rename or remove it."))
    return bad is None


def stray(root: Path, path: str, ending: str) -> Diagnostic:
    """The problem of a file in a folder where files have another `ending`."""
    name = path.rpartition("/")[2]
    stem, dot, rest = name.partition(".")
    meant = f"{stem.casefold()}{ending}"
    message = f"this is not read: files here end with '{ending}'."
    if os.path.isdir(root / path):
        return warning(Place(path), "stray-file", message, "Rename or remove it.")
    if (dot + rest).casefold() in _SAME[ending]:
        return error(Place(path), "stray-file", message, f"Rename it to '{meant}'.")
    is_near = rest.casefold() in ("", "txt") and " " not in stem
    hint = f"Rename it to '{meant}', or remove it." if is_near else "Remove it."
    return warning(Place(path), "stray-file", message, hint)


def misnamed(root: Path, path: str, found: list[Diagnostic]) -> bool:
    """True if the file or folder of `path` exists under nearly this name; the problem is added to `found`."""
    folder, _, name = path.rpartition("/")
    stem, dot, ending = name.partition(".")
    try:
        there = sorted(os.listdir(root / folder))
    except OSError:
        return False
    for other in there:
        its_stem, its_dot, its_ending = other.partition(".")
        is_kind = (its_dot + its_ending).casefold() in _SAME.get(dot + ending, ("",))
        if other != name and is_kind and its_stem.casefold().rstrip("s") == stem.rstrip("s"):
            message = f"this is not read: the name must be '{name}'."
            found.append(error(Place(f"{folder}/{other}"), "stray-file", message, f"Rename it to '{name}'."))
            return True
    return False


def look_around(root: Path, found: list[Diagnostic]) -> None:
    """Report files in `data/` and `content/` that no stage reads."""
    reported = {each.place.path for each in found}
    for folder, ending, names, message in _PLACES:
        for name in sorted(os.listdir(root / folder)) if os.path.isdir(root / folder) else ():
            path = f"{folder}/{name}"
            is_hidden = name.startswith((".", "README"))
            if not is_printable(path, found):
                continue
            if name.endswith(ending) and name not in names and not is_hidden and path not in reported:
                found.append(warning(Place(path), "stray-file", message, "Move or remove it."))
