"""A content file split into its front matter and its prose."""

import re
from collections.abc import Collection

from handover.load.files import TextFile
from handover.load.yaml_tree import Tree, parse
from handover.model.content import Source
from handover.model.diagnostic import Diagnostic, Place, error

_ALMOST = re.compile(r"^(?:-{2}|-{4,5}|[\u2013\u2014]+-?|\.{3}|={3})\s*$")
"""A line that was meant to end front matter."""


def split(
    file: TextFile, found: list[Diagnostic], required: bool, keys: Collection[str] = ()
) -> tuple[Tree | None, Source]:
    """The front matter's tree, and the prose below it; `keys` are those that front matter can have.

    The tree is empty for a file without front matter, unless `required`; None when it cannot be read, and
    `found` says why.
    """
    lines = file.text.removesuffix("\n").split("\n") if file.text else []
    nothing = Source(path=file.path, first_line=1, lines=())
    if not lines or lines[0].rstrip() != "---":
        start = _lost_start(lines, keys)
        if start is not None:
            message, hint = "front matter must start with the line '---'.", "Make '---' the first line of the file."
        elif required:
            message, hint = "the file must start with front matter.", "Write '---', the keys, and '---' above the text."
        else:
            return Tree({}, {(): Place(file.path)}), Source(path=file.path, first_line=1, lines=tuple(lines))
        found.append(error(Place(file.path, start or 1), "front-matter", message, hint))
        return None, nothing
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            head = TextFile(file.path, "\n".join(lines[1:number]) + "\n")
            body = Source(path=file.path, first_line=number + 2, lines=tuple(lines[number + 1 :]))
            faults: list[Diagnostic] = []
            tree = parse(head, faults, first_line=2)
            end = _lost_end(lines[:number], keys) if tree is None else None
            if end is not None and faults[-1].place.line >= end:
                message, hint = "front matter must end with the line '---'.", "Write '---' above this line."
                faults = [error(Place(file.path, end), "front-matter", message, hint)]
            found += faults
            is_empty = tree is not None and tree.value is None
            return (Tree({}, {(): Place(file.path, 2)}) if is_empty else tree), body
    near = next((number for number, line in enumerate(lines[1:], start=2) if _ALMOST.match(line)), None)
    message, hint = "the front matter that starts here never ends.", "Write '---' on a line below its last key."
    if near is not None:
        message, hint = "front matter must end with the line '---'.", "Write three '-' and nothing else."
    found.append(error(Place(file.path, near or 1), "front-matter", message, hint))
    return None, nothing


def _lost_end(lines: list[str], keys: Collection[str]) -> int | None:
    """The number of the line below the last key, where there is one."""
    is_key = [line.partition(":")[0] in keys and ":" in line for line in lines]
    if not any(is_key):
        return None
    last = max(number for number, is_one in enumerate(is_key) if is_one)
    below = range(last + 1, len(lines))
    first = next((number for number in below if lines[number].strip() and lines[number][0] not in " -\t#"), None)
    has_key = first is not None and lines[first].split()[0].rstrip(":") in keys  # that has lost its colon
    return first + 1 if first is not None and not has_key else None


def _lost_start(lines: list[str], keys: Collection[str]) -> int | None:
    """The number of the line where front matter starts that has lost, or misspelt, its first line."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    if not filled:
        return None
    first = lines[filled[0]]
    second = lines[filled[1]] if len(filled) > 1 else ""
    is_key = [line.partition(":")[0] in keys and ":" in line for line in (first, second)]
    if is_key[0] or (is_key[1] and re.fullmatch(r"\s*[-\u2013\u2014=+*_]{1,5}\s*", first)):
        return filled[0] + 1
    return None
