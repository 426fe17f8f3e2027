"""The inside of one paragraph or heading: words, placeholders and links, each with its place."""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from markdown_it.tree import SyntaxTreeNode

from handover.compose.dialect import BREAK, UNDERSTOOD, findings
from handover.compose.language import url_in_text
from handover.compose.lines import Line
from handover.compose.names import Names
from handover.compose.unintended import joined_lines
from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.nodes import Break, Code, Emphasis, Inline, Strong, Text
from handover.model.text import UNWANTED, describe, is_cjk, is_spaceless

_BARE_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>\"\0]+", re.IGNORECASE)
_NETWORK_PATH = re.compile(r"(?<!\S)\\\\(?=\w)")
_FILE = re.compile(r"__\w+__\.\w")
_TAG_IN_STARS = re.compile(r"\*\|[^|*\n]{1,100}\|\*")
"""A merge tag, of which Markdown makes italics."""
Problem = Callable[..., Diagnostic]
"""`error` or `warning`."""
_REFUSED = re.compile(f"[\t\n]|{UNWANTED.pattern}")
"""What an entity must not stand for: it would get around what a source must not have."""
_LITERAL = ("text", "text_special")
"""What is no markup, and what the author escaped."""


def _ancestors(node: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    while node.parent is not None:
        node = node.parent
        yield node


PLACEHOLDER_IN_CODE = "a placeholder in code is not filled in."


class InlineReader:
    """Reads the inside of one paragraph, heading or table cell. `at` follows the reading through its text.

    `noted` are stars that are no marks. Of a cell, `columns` has the column (from 0) of each of its characters.
    """

    def __init__(
        self,
        node: SyntaxTreeNode,
        lines: Sequence[Line],
        names: Names,
        noted: Collection[str] = (),
        columns: Sequence[int] | None = None,
    ) -> None:
        self.noted = noted
        self.columns = columns
        self.source = node.content
        self.node = node
        self.first = node.map[0] if node.map else 0
        self.lines = lines
        self.names = names
        self.at = 0
        self.literal = [character if character in " \t" else UNDERSTOOD for character in self.source]
        self.shifts: dict[int, int] = {}
        """By the number of a line of the text: the offset of its columns from positions in the text."""
        self.breaks = [found.start() for found in re.finditer("\n", self.source)]

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
            start = self.source.rfind("\n", 0, position) + 1
            content = self.source[start:].partition("\n")[0]
            offset = max(self.line(position).text.rfind(content.strip()), 0) - (len(content) - len(content.lstrip()))
            self.shifts[number] = max(offset, 0) - start
        return self.line(position).place(position + self.shifts[number])

    def read_all(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Inline, ...]:
        """The whole content; marks that would show as typed are reported."""
        count = len(self.names.found)
        content = self.read(nodes)
        literal = "".join(self.literal)
        for match in _BARE_ADDRESS.finditer(literal) if "//" in literal or "www." in literal.lower() else ():
            address = match[0].rstrip(".,;:!?)")
            self._report(match.start(), "inline-address", *url_in_text(address), len(address))
        for found in findings(literal, self.source, self.names.for_handbook, self.noted):
            self._report(found.start, "unsupported-markdown", found.message, found.hint, found.length)
        for match in _NETWORK_PATH.finditer(self.source):
            message, hint = "'\\\\' is one backslash to readers.", "For two of them write '\\\\\\\\'."
            self._report(match.start(), "unintended-markdown", message, hint, 2, warning)
        is_sound = len(self.names.found) == count
        start = joined_lines(self.source, literal) if self.breaks and is_sound else None
        if start is not None:
            is_item = any(each.type == "list_item" for each in _ancestors(self.node))
            message = "readers get this line and the next one as one line."
            length = len(self.source[start:].split("\n")[0].rstrip())
            below = "End it with a backslash, or leave a line free below it."
            hint = "Write them as one, or as two items." if is_item else below
            self._report(start, "joined-lines", message, hint, length, warning)
        return content

    def read(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Inline, ...]:
        """The nodes of the document for those of the parser; adjacent literal text is one node."""
        found: list[Inline] = []
        written = [node for node in nodes if node.type != "text" or node.content]
        for is_literal, group in groupby(written, lambda node: node.type in _LITERAL):
            if is_literal:
                found.append(self._text(list(group)))
            else:
                found += (inline for node in group if (inline := self._node(node)) is not None)
        return tuple(found)

    def _node(self, node: SyntaxTreeNode) -> Inline | None:
        position = node.meta.get("pos", self.at)
        self.at = max(self.at, position)
        match node.type:
            case "softbreak":
                self._break(position, "\n")
                return None if self._is_spaceless(position) else Text(" ", self.place(self.at))
            case "hardbreak":
                self._break(position, BREAK)
                return Break()
            case "code_inline":
                if "{{" in node.content:
                    hint = "Remove the backticks."
                    self._report(position, "placeholder-in-code", PLACEHOLDER_IN_CODE, hint)
                self.at = position + len(node.content)
                return Code(node.content, self.place(position))
            case "placeholder":
                self.at = position + len(node.content)
                return self.names.placeholder(node.content, self.place(position))
            case "strong" | "em":
                self._emphasis(node)
                return (Strong if node.type == "strong" else Emphasis)(self.read(node.children))
            case "link":
                return self._link(node)
            case "picture":
                self.at = position + len(node.content)
                return self._picture(node)
            case "finding":
                meta = node.meta
                self._report(position, meta["code"], meta["message"], meta["hint"], meta["length"])
                self.at = position + meta["length"]
        return None

    def _is_spaceless(self, position: int) -> bool:
        """True if the line that ends at `position` is joined with the next one without a space."""
        before, after = self.source[:position].rstrip(" \t*_"), self.source[position + 1 :].lstrip(" \t*_[")
        if before.endswith("]"):  # of a link: what counts is the last character of its words
            before = before[: before.rfind("[")].removesuffix("]").rstrip("*_")
        before, after = "\0" if before.endswith("}}") else before[-1:], "\0" if after.startswith("{{") else after[:1]
        return is_spaceless(before, after)

    def _break(self, position: int, mark: str) -> None:
        self.literal[self.source.index("\n", position)] = mark

    def _emphasis(self, node: SyntaxTreeNode) -> None:
        """Report emphasis that begins within a word, a number or a file's name, or within emphasis of its kind."""
        mark = node.markup
        at = node.meta["at"] = self.source.find(mark, self.at)
        before, after = self.source[max(at - 1, 0) : at], self.source[at + len(mark) : at + len(mark) + 1]
        is_number = before.isdigit() and after.isdigit()
        is_word = mark == "*" and before.isalnum() and after.isalnum() and not (is_cjk(before) or is_cjk(after))
        tag = _TAG_IN_STARS.match(self.source, at)
        outer = next((each for each in _ancestors(node) if each.type == node.type), None)
        if tag is not None:
            hint = "Write {{ name }}: each platform gets its own token."
            message = f"'{tag[0]}' looks like an unfilled placeholder."
            self._report(at, "stray-bracket", message, hint, len(tag[0]))
        elif is_number or is_word or _FILE.match(self.source, at):
            between = "between digits" if is_number else "within a word" if is_word else "in a file's name"
            message = f"'{mark}' {between} makes italics or bold, and would be lost."
            hint = f"Write \\{mark[0]} for the character itself."
            self._report(at, "unsupported-markdown", message, hint, len(mark))
        elif outer is not None:
            kind = "bold" if node.type == "strong" else "italics"
            start = outer.meta["at"]
            if not before.strip() and self.source[max(start - 1, 0) : start].strip():
                at = start  # it was to end what began before it
            message = f"this '{mark}' begins {kind} within {kind}." if at != start else f"this '{mark}' ends no {kind}."
            hint = f"To end it, put a space behind this '{mark}'; for the character itself write \\{mark[0]}."
            self._report(at, "unsupported-markdown", message, hint, len(mark))

    def _picture(self, node: SyntaxTreeNode) -> Inline:
        meta = node.meta
        if not re.search(r"\w", meta["words"]):
            message = f"the picture '{node.content}' has no words for people who do not see it."
            hint = f"Write what it shows: ![what it shows]({node.content})."
            self._report(meta["start"], "missing-alt", message, hint)
        return self.names.picture(node.content, meta["words"], self.place(meta["pos"]))

    def _link(self, node: SyntaxTreeNode) -> Inline:
        position = node.meta["pos"]
        self.at = node.meta["start"]
        link = self.names.link(node.content, self.place(position))
        children = self.read(node.children)
        if not children:
            hint = "Write in the first brackets where it leads."
            self._report(node.meta["start"], "empty-link", "this link has no text.", hint)
        self.at = position + len(node.content)
        return replace(link, children=children)

    def _text(self, nodes: Sequence[SyntaxTreeNode]) -> Text:
        """Literal text, and what the author escaped in it."""
        first = None
        for node in nodes:
            if node.type == "text":
                start = max(self.source.find(node.content, self.at), self.at)
                self.at = start + len(node.content)
                self.literal[start : self.at] = node.content
            else:
                start = node.meta["pos"]
                self.at = start + len(node.markup)
                if node.content == node.markup:  # a backslash that escapes nothing
                    self.literal[start : self.at] = node.content
                refused = _REFUSED.search(node.content)
                if refused is not None:
                    message = f"'{node.markup}' is {describe(refused[0])}."
                    self._report(start, "control-character", message, "Delete it.", len(node.markup))
            first = start if first is None else first
        return Text("".join(node.content for node in nodes), self.place(first or 0))

    def _report(
        self, position: int, code: str, message: str, hint: str, length: int = 1, problem: Problem = error
    ) -> None:
        self.names.found.append(problem(self.place(position), code, message, hint, length))
