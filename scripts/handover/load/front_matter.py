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
    number = next((number for number, line in enumerate(lines) if number and line.rstrip() == "---"), None)
    if number is None:
        found.append(_endless(file.path, lines, keys))
        return None, nothing
    head = TextFile(file.path, "\n".join(lines[1:number]) + "\n")
    body = Source(path=file.path, first_line=number + 2, lines=tuple(lines[number + 1 :]))
    faults: list[Diagnostic] = []
    tree = parse(head, faults, first_line=2)
    end = _lost_end(lines[:number], keys) if tree is None else None
    found += [_lost(file.path, end)] if end is not None and faults[-1].place.line >= end else faults
    is_empty = tree is not None and tree.value is None
    return (Tree({}, {(): Place(file.path, 2)}) if is_empty else tree), body


def _endless(path: str, lines: list[str], keys: Collection[str]) -> Diagnostic:
    """What is wrong with front matter below which no line '---' is."""
    near = next((number for number, line in enumerate(lines[1:], start=2) if _ALMOST.match(line)), None)
    end = _lost_end(lines, keys)
    if near is not None:
        return _lost(path, near, "Write three '-' and nothing else.")
    if end is not None:
        return _lost(path, end)
    hint = "Write '---' on a line below its last key."
    return error(Place(path, 1), "front-matter", "the front matter that starts here never ends.", hint)


def _lost(path: str, line: int, hint: str = "Write '---' above this line.") -> Diagnostic:
    return error(Place(path, line), "front-matter", "front matter must end with the line '---'.", hint)


def _lost_end(lines: list[str], keys: Collection[str]) -> int | None:
    """The number of the first line of prose below the last key, where there is one."""
    is_key = [line.partition(":")[0] in keys and ":" in line for line in lines]
    if not any(is_key):
        return None
    last = max(number for number, is_one in enumerate(is_key) if is_one)
    below = [number for number in range(last + 1, len(lines)) if lines[number].strip()]
    first = next((at for at, number in enumerate(below) if lines[number][0] not in " -\t#"), None)
    if first is None or lines[below[first]].split()[0].rstrip(":") in keys:  # a key that has lost its colon
        return None
    while first and lines[below[first - 1]].startswith("#"):  # a heading, which YAML takes for a comment
        first -= 1
    return below[first] + 1


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
