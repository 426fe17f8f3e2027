"""A content file split into its front matter and its prose."""

from handover.load.files import TextFile
from handover.load.yaml_tree import Tree, parse
from handover.model.content import Source
from handover.model.diagnostic import Diagnostic, Place, error


def split(file: TextFile, found: list[Diagnostic], required: bool) -> tuple[Tree | None, Source]:
    """The front matter's tree, and the prose below it.

    The tree is empty for a file without front matter, unless `required`; None when it cannot be read, and
    `found` says why.
    """
    lines = file.text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if not lines or lines[0].rstrip() != "---":
        if required:
            found.append(
                error(
                    Place(file.path),
                    "front-matter",
                    "the file has to start with front matter.",
                    "Write '---', the keys, and '---' above the text.",
                )
            )
            return None, Source(path=file.path, first_line=1, lines=tuple(lines))
        return _empty(file.path), Source(path=file.path, first_line=1, lines=tuple(lines))
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            head = TextFile(file.path, "\n".join(lines[1:number]) + "\n")
            body = Source(path=file.path, first_line=number + 2, lines=tuple(lines[number + 1 :]))
            tree = parse(head, found, first_line=2)
            return (_empty(file.path, 2) if tree is not None and tree.value is None else tree), body
    found.append(
        error(
            Place(file.path),
            "front-matter",
            "the front matter that starts here never ends.",
            "Write a line '---' below its last key.",
        )
    )
    return None, Source(path=file.path, first_line=1, lines=())


def _empty(path: str, line: int = 1) -> Tree:
    return Tree({}, {(): Place(path, line)})
