"""The inside of one paragraph or heading: words, placeholders and links, each with its place."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from markdown_it.tree import SyntaxTreeNode

from handover.compose.language import url_in_text
from handover.compose.lines import Line
from handover.compose.names import Names
from handover.model.diagnostic import Place, error
from handover.model.nodes import Break, Code, Emphasis, Inline, Strong, Text

_UNPAIRED = re.compile(r"\*\*|__|~~")
"""Marks of bold, and of struck-out text, that the parser found no pair for."""
_ODD_START = re.compile(r"#{2,6}(?=[^\s#])|[\u2022\u00b7\u2023\u25aa\u25cf\u25e6\uf0b7]")
"""A heading without its space, and the dot of a list as other programs have it."""

_BARE_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)


def report(names: Names, line: Line, place: Place, code: str, message: str, hint: str, length: int = 1) -> None:
    """Add an error, with the includes that led to its line."""
    names.found.append(replace(error(place, code, message, hint, length), via=line.via))


def report_code(names: Names, text: str, place: Place, line: Line, is_indented: bool = False) -> None:
    """Report a placeholder in code; a paragraph that `is_indented` is code because of that."""
    if "{{" in text:
        message = "a placeholder in code is not filled in."
        unindent = "Begin the line with its first word: four spaces turn it into code."
        hint = unindent if is_indented else "Remove the backticks."
        report(names, line, place, "placeholder-in-code", message, hint)


class InlineReader:
    """Reads the inside of one paragraph, heading or table cell. `at` follows the reading through its text.

    Of a cell, `columns` has the column (from 0) of each of its characters.
    """

    def __init__(
        self, node: SyntaxTreeNode, lines: Sequence[Line], names: Names, columns: Sequence[int] | None = None
    ) -> None:
        self.columns = columns
        self.source = node.content
        self.first = node.map[0] if node.map else 0
        self.lines = lines
        self.names = names
        self.at = 0
        self.breaks = [found.start() for found in re.finditer("\n", self.source)]
        self.shifts: dict[int, int] = {}
        """By the number of a line of the text: the offset of its columns from positions in the text."""

    def line(self, position: int) -> Line:
        """The line that holds the character at `position` of the inline text."""
        return self.lines[min(self.first + bisect_left(self.breaks, position), len(self.lines) - 1)]

    def place(self, position: int) -> Place:
        """Where the character at `position` of the inline text was written."""
        if self.columns:
            past = max(position - len(self.columns) + 1, 0)
            return self.line(position).place(self.columns[position - past] + past)
        number = bisect_left(self.breaks, position)
        if number not in self.shifts:
            self.shifts[number] = self._shift(position)
        return self.line(position).place(position + self.shifts[number])

    def _shift(self, position: int) -> int:
        start = self.source.rfind("\n", 0, position) + 1
        end = self.source.find("\n", start)
        content = self.source[start : end if end >= 0 else len(self.source)]
        bare = content.strip()
        offset = max(self.line(position).text.rfind(bare), 0) - (len(content) - len(content.lstrip()))
        return max(offset, 0) - start

    def read(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Inline, ...]:
        """The nodes of the document for those of the parser."""
        return tuple(inline for node in nodes if (inline := self._node(node)) is not None)

    def _node(self, node: SyntaxTreeNode) -> Inline | None:
        position = node.meta.get("pos", self.at)
        self.at = max(self.at, position)
        match node.type:
            case "text":
                return self._text(node.content) if node.content else None
            case "softbreak":
                return Text(" ", self.place(self.at))
            case "hardbreak":
                return Break()
            case "code_inline":
                report_code(self.names, node.content, self.place(position), self.line(position))
                self.at = position + len(node.content)
                return Code(node.content, self.place(position))
            case "placeholder":
                self.at = position + len(node.content)
                return self.names.placeholder(node.content, self.place(position), self.line(position).via)
            case "strong":
                return Strong(self.read(node.children))
            case "em":
                return Emphasis(self.read(node.children))
            case "link":
                return self._link(node)
            case "finding":
                meta = node.meta
                self._report(position, meta["code"], meta["message"], meta["hint"], meta["length"])
                self.at = position + meta["length"]
        return None

    def _link(self, node: SyntaxTreeNode) -> Inline:
        position = node.meta["pos"]
        self.at = node.meta["start"]
        link = self.names.link(node.content, self.place(position), self.line(position).via)
        children = self.read(node.children)
        if not children:
            hint = "Write in the first brackets where it leads."
            self._report(node.meta["start"], "empty-link", "this link has no text.", hint)
        self.at = position + len(node.content)
        return replace(link, children=children)

    def _text(self, text: str) -> Text:
        start = self.source.find(text, self.at)
        position = start if start >= 0 else self.at
        for match in _BARE_ADDRESS.finditer(text) if "//" in text or "www." in text.lower() else ():
            address = match[0].rstrip(".,;:!?)")
            message, hint = url_in_text(address)
            self._report(position + match.start(), "inline-address", message, hint, len(address))
        left = _UNPAIRED.search(text) if start >= 0 else None  # else the author escaped something
        if left is None and start >= 0 and self.source[start - 1 : start] in ("", "\n"):
            odd = _ODD_START.match(text)
            left = odd if odd is not None and self.source.find(odd[0]) == start else None  # once per paragraph
        if left is not None:
            self._unpaired(left[0], position + left.start())
        self.at = position + (len(text) if start >= 0 else 0)
        return Text(text, self.place(position))

    def _unpaired(self, mark: str, position: int) -> None:
        if mark == "~~":
            message, hint = "strikethrough is not supported.", "Leave it out, or write \\~ for the character itself."
        elif mark[0] not in "*_":
            kind, begin = ("heading", mark) if mark[0] == "#" else ("line of a list", "-")
            message = f"a {kind} does not begin like this; customers would read '{mark}'."
            hint = f"Begin the line with '{begin}' and a space."
        else:
            message = f"this '{mark}' has no pair, so it would show as typed."
            hint = f"Write **bold** without spaces inside the marks; for the character itself write \\{mark[0]}."
        self._report(position, "unsupported-markdown", message, hint, len(mark))

    def _report(self, position: int, code: str, message: str, hint: str, length: int = 1) -> None:
        report(self.names, self.line(position), self.place(position), code, message, hint, length)
