"""Tables in GitHub's form: where each cell's characters were written."""

import re

_CONTAINERS = re.compile(r"(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*")
"""What is before a row that is in a quote or a list."""


def cells(line: str) -> list[list[int]]:
    """The cells of a row, each as the columns (from 0) of its characters, without a backslash before a pipe.

    They are split like GitHub's (github.github.com/gfm/#tables-extension-).
    """
    found: list[list[int]] = [[]]
    prefix = _CONTAINERS.match(line)
    is_escaped = False
    for column in range(prefix.end() if prefix else 0, len(line)):
        if line[column] == "|" and not is_escaped:
            found.append([])
        elif line[column] == "|":
            found[-1][-1] = column
        else:
            found[-1].append(column)
        is_escaped = line[column] == "\\"
    bare = [_stripped(line, columns) for columns in found]
    start, end = not bare[0] and len(bare) > 1, not bare[-1] and len(bare) > 1
    return bare[start : len(bare) - end]


def _stripped(line: str, columns: list[int]) -> list[int]:
    text = "".join(line[column] for column in columns)
    start = len(text) - len(text.lstrip(" \t"))
    return columns[start : len(text.rstrip(" \t"))]
