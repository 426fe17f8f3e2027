"""Text that Markdown reads as a quote, a list, a heading or code, though it looks like none: its marks are lost."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from handover.compose.lines import Line


@dataclass(frozen=True, slots=True)
class Unintended:
    """A mark that is lost: its line, by its index, its column from 0 and its length, the message and the hint."""

    line: int
    column: int
    length: int
    message: str
    hint: str


_AMOUNT = r"(?:[=<>\u2264\u2265]{1,3}[ \t]?)?[$\u00a2-\u00a5\u20a0-\u20cf]?\d"
_QUOTE = re.compile(rf"(?P<before>[^>]*?)>[ \t]*(?:{_AMOUNT}|\S[^>\n]*[ \t]>[ \t])")
"""`> 50 users`, or a way through menus whose first one is missing, `> Settings > Users`."""
_MEASURE = re.compile(
    rf"{_AMOUNT}[\d.,]*[ \t]?(?:(?:[^\s\d]{{1,3}})?(?:[ \t][^\s\d]{{1,3}})?[.!]?$|[°%\u2030\u20a0-\u20cf\u066a])"
)
"""`5 °C`, `10 %`, `49.50 EUR`; more may follow a sign that no count of things has."""
_SIGNER = re.compile(
    r"(?:\{\{[^{}]*\}\}|[^\W\d_][\w.'\u2019-]*)(?:[ \t]+(?:\{\{[^{}]*\}\}|[^\W\d_][\w.'\u2019-]*)){0,3}"
)
_CLOSING = re.compile(r"[ \t](#+)[ \t]*$")
_SENTENCE = re.compile(r"[ \t]*(?![a-z])[^\W\d_][\w'\u2019-]*,?(?:[ \t]+[^\s{}=;<>|]+){3,}[.!?:,][ \t]*$")


def unintended(node: SyntaxTreeNode, lines: Sequence[Line], noted: Collection[str]) -> Iterator[Unintended]:
    """What is lost of a block that looks like none of its kind; `noted` are stars that are no marks."""
    first, end = node.map or (0, 0)
    text = lines[first].text if end else ""
    match node.type:
        case "blockquote":
            yield from _quote(node, first, text, lines[first + 1].text if first + 1 < len(lines) else "")
        case "bullet_list" | "ordered_list" if len(node.children) == 1:
            yield from _single_item(node, first, text, lines, noted)
        case "heading" if node.markup[0] == "#":
            yield from _heading(node, first, text, lines)
        case "code_block" if _SENTENCE.match(text):
            message = "four spaces or a tab make code of this line: its marks would show as typed."
            yield Unintended(first, 0, 1, message, "Begin the line with its first word.")


def _quote(node: SyntaxTreeNode, first: int, text: str, following: str) -> Iterator[Unintended]:
    match = _QUOTE.match(text)
    is_single = not following.lstrip().startswith(">")
    is_text = bool(node.children) and node.children[0].type == "paragraph"
    if match is not None and is_single and is_text:
        hint = "For the character itself write '\\>'; a quote begins with a word."
        yield _lost(first, match.end("before"), ">", "makes a quote of this line", hint)


def _single_item(
    node: SyntaxTreeNode, first: int, text: str, lines: Sequence[Line], noted: Collection[str]
) -> Iterator[Unintended]:
    item = node.children[0]
    mark = f"{item.info}{item.markup}"
    column = text.find(mark)
    words = text[column + len(mark) :].strip()
    shown = f"{item.info}\\{item.markup}"
    is_measure = not item.info and _MEASURE.match(words) is not None
    is_signer = item.markup == "-" and node.level == 0 and _is_signer(node, words)
    if not words:
        return
    is_note = item.markup == "*" and "*" in noted
    if item.markup == "+" or is_measure or is_signer or is_note:
        hint = f"For the character itself write '{shown}'."
        yield _lost(first, column, mark, "makes a list of this line", hint)
    elif _interrupts(node, lines):
        hint = f"For the character itself write '{shown}'; leave a line free above a list."
        yield _lost(first, column, mark, "makes a list of this line", hint)


def _is_signer(node: SyntaxTreeNode, words: str) -> bool:
    """True for a name behind a dash below the last words, or below a quote."""
    before = node.previous_sibling
    is_last = before is not None and before.type == "paragraph" and node.next_sibling is None
    is_below = is_last or (before is not None and before.type == "blockquote")
    return is_below and _SIGNER.fullmatch(words) is not None and not words[0].islower()


def _heading(node: SyntaxTreeNode, first: int, text: str, lines: Sequence[Line]) -> Iterator[Unintended]:
    closing = _CLOSING.search(text)
    column = text.find(node.markup)
    if closing is not None and closing[1] != node.markup and closing.start() > column:
        hint = f"For the character itself write '\\{closing[1]}'."
        yield _lost(first, closing.start(1), closing[1], "ends the heading", hint)
    elif re.match(r"#+[ \t]+\d", text[column:]) and _interrupts(node, lines):
        hint = "For the character itself write '\\#'; leave a line free above a heading."
        yield _lost(first, column, node.markup, "makes a heading of this line", hint)


def _lost(line: int, column: int, mark: str, effect: str, hint: str) -> Unintended:
    return Unintended(line, column, len(mark), f"'{mark}' {effect}, so readers would not see it.", hint)


def _interrupts(node: SyntaxTreeNode, lines: Sequence[Line]) -> bool:
    """True for a block right below a line of text that does not lead to it; in an item, it needs no free line."""
    before = node.previous_sibling
    is_nested = node.parent is not None and node.parent.type == "list_item"
    if is_nested or before is None or before.type != "paragraph" or before.map is None or node.map is None:
        return False
    return before.map[1] == node.map[0] and not lines[node.map[0] - 1].text.rstrip(" \t*_").endswith((":", "\uff1a"))
