"""An entry added to a list of a YAML file, with all else as it was."""

import re
from textwrap import indent


def with_entry(text: str, key: str, entry: str) -> str | None:
    """`text` with `entry`, YAML that starts with `- `, at the end of the list under the top-level `key`.

    None where there is no such list with a line for each entry, as in `key: []`.
    """
    end_of_line = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    start = next((number for number, line in enumerate(lines) if re.fullmatch(rf"{key}:\s*(#.*)?", line)), None)
    if start is None:
        return None
    end = start + 1
    for number in range(start + 1, len(lines)):
        if re.match(r"[^\s#-]", lines[number]):
            break
        # Blank lines and notes at the margin belong to what follows.
        end = number + 1 if re.match(r"\s+\S|-", lines[number]) else end
    first = next((line for line in lines[start + 1 : end] if line.lstrip().startswith("- ")), None)
    if first is None:
        return None
    margin = first[: len(first) - len(first.lstrip())]
    lines[end:end] = ["", *indent(entry.rstrip("\n"), margin).split("\n")]
    return end_of_line.join(lines) + end_of_line
