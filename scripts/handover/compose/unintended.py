"""Text that Markdown reads otherwise than meant: marks that are lost, and lines that are joined to one.

A paragraph that was wrapped has full lines: a line that leaves room for the first word of the next one was ended on
purpose. Some authors begin a line with each sentence or clause; joining those is right.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from markdown_it.tree import SyntaxTreeNode

from handover.compose.dialect import BREAK
from handover.compose.lines import Line
from handover.model.diagnostic import Diagnostic, warning
from handover.model.text import columns, is_cjk

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


def unintended(node: SyntaxTreeNode, lines: Sequence[Line], noted: Collection[str]) -> Iterator[Diagnostic]:
    """What is lost of a block that looks like none of its kind; `noted` are stars that are no marks."""
    first = node.map[0] if node.map else 0
    match node.type:
        case "blockquote":
            yield from _quote(node, lines[first : first + 2])
        case "bullet_list" | "ordered_list" if len(node.children) == 1:
            yield from _single_item(node, lines[first], lines, noted)
        case "heading" if node.markup[0] == "#":
            yield from _heading(node, lines[first], lines)
        case "code_block" if _SENTENCE.match(lines[first].text):
            message = "four spaces or a tab make code of this line: its marks would show as typed."
            yield _warning(lines[first], 0, 1, message, "Begin the line with its first word.")


def _quote(node: SyntaxTreeNode, lines: Sequence[Line]) -> Iterator[Diagnostic]:
    match = _QUOTE.match(lines[0].text)
    is_single = not any(line.text.lstrip().startswith(">") for line in lines[1:])
    is_text = bool(node.children) and node.children[0].type == "paragraph"
    if match is not None and is_single and is_text:
        hint = "For the character itself write '\\>'; a quote begins with a word."
        yield _lost(lines[0], match.end("before"), ">", "makes a quote of this line", hint)


def _single_item(
    node: SyntaxTreeNode, line: Line, lines: Sequence[Line], noted: Collection[str]
) -> Iterator[Diagnostic]:
    item = node.children[0]
    mark = f"{item.info}{item.markup}"
    column = line.text.find(mark)
    words = line.text[column + len(mark) :].strip()
    is_measure = not item.info and _MEASURE.match(words) is not None
    is_signer = item.markup == "-" and node.level == 0 and _is_signer(node, words)
    is_note = item.markup == "*" and "*" in noted
    is_no_list = item.markup == "+" or is_measure or is_signer or is_note
    if words and (is_no_list or _interrupts(node, lines)):
        below = "" if is_no_list else "; leave a line free above a list"
        hint = f"For the character itself write '{item.info}\\{item.markup}'{below}."
        yield _lost(line, column, mark, "makes a list of this line", hint)


def _is_signer(node: SyntaxTreeNode, words: str) -> bool:
    """True for a name behind a dash below the last words, or below a quote."""
    before = node.previous_sibling
    is_last = before is not None and before.type == "paragraph" and node.next_sibling is None
    is_below = is_last or (before is not None and before.type == "blockquote")
    return is_below and _SIGNER.fullmatch(words) is not None and not words[0].islower()


def _heading(node: SyntaxTreeNode, line: Line, lines: Sequence[Line]) -> Iterator[Diagnostic]:
    closing = _CLOSING.search(line.text)
    column = line.text.find(node.markup)
    if closing is not None and closing[1] != node.markup and closing.start() > column:
        hint = f"For the character itself write '\\{closing[1]}'."
        yield _lost(line, closing.start(1), closing[1], "ends the heading", hint)
    elif re.match(r"#+[ \t]+\d", line.text[column:]) and _interrupts(node, lines):
        hint = "For the character itself write '\\#'; leave a line free above a heading."
        yield _lost(line, column, node.markup, "makes a heading of this line", hint)


def _lost(line: Line, column: int, mark: str, effect: str, hint: str) -> Diagnostic:
    return _warning(line, column, len(mark), f"'{mark}' {effect}, so readers would not see it.", hint)


def _warning(line: Line, column: int, length: int, message: str, hint: str) -> Diagnostic:
    return warning(line.place(column), "unintended-markdown", message, hint, length)


def _interrupts(node: SyntaxTreeNode, lines: Sequence[Line]) -> bool:
    """True for a block right below a line of text that does not lead to it; in an item, it needs no free line."""
    before = node.previous_sibling
    is_nested = node.parent is not None and node.parent.type == "list_item"
    if is_nested or before is None or before.type != "paragraph" or before.map is None or node.map is None:
        return False
    return before.map[1] == node.map[0] and not lines[node.map[0] - 1].text.rstrip(" \t*_").endswith((":", "\uff1a"))


NARROW = 40
"""Columns that every paragraph that is wrapped has at least."""

_SENTENCE_ENDS = ".!?\u2026\u3002\uff01\uff1f\uff61\u061f\u06d4\u0964"
_CLAUSE_ENDS = ",;\u2013\u2014\u3001\uff0c\uff1b\u060c\u061b"
_WRAPPING = (
    " \t*_\"'()[]<>`\\\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f\uff08\uff09"
)
"""Marks and quotes around words."""
_UNIT = re.compile(r"(?:\[[^\[\]]{0,200}\]\[[^\[\]]{0,80}\]|\{\{[^{}]{0,80}\}\}|`[^`]{0,80}`|\S)+")
"""What a line is not broken in."""
_LINK = re.compile(r"\[([^\[\]]*)\]\[[^\[\]]*\]")
_LINK_ALONE = re.compile(rf"\s*(?:\*\*)?{_LINK.pattern}(?:\*\*)?\s*")
_CONTACT = re.compile(r"\S*(?:@|://|www\.)\S*|[^\W\d_]{1,8}:|[+\u260e-\u260f\u2709\U0001f4de-\U0001f4f1]")
"""An email address, a URL, or a label such as `tel:`."""
_GOES_ON = re.compile(r"I\b|[\u2013\u2014&/]")


def joined_lines(source: str, literal: str) -> int | None:
    """Where the first line of a paragraph begins that should not be joined with the next; None without one.

    `literal` has the kind of each line end, as in `dialect`.
    """
    lines = source.split("\n")
    start = 0
    for number, (line, following) in enumerate(pairwise(lines)):
        end = start + len(line)
        is_last = number + 2 == len(lines)
        if literal[end] != BREAK and _is_ended_early(line, following) and _is_apart(line, following, is_last):
            return start
        start = end + 1
    return None


def _is_ended_early(line: str, following: str) -> bool:
    """True if the first word of the next line has room, or both lines are one link each."""
    if _LINK_ALONE.fullmatch(line) and _LINK_ALONE.fullmatch(following):
        return True
    unit = _UNIT.match(following.lstrip())
    word = unit[0] if unit else ""
    return columns(line.strip()) + 1 + columns(word[:1] if is_cjk(word[:1]) else word) <= NARROW


def _is_apart(line: str, following: str, is_last: bool) -> bool:
    """True if the next line begins something of its own, rather than going on with a sentence or a clause."""
    end = _words(line)[-1:]
    words = _words(following)
    is_name = is_last and columns(words) <= NARROW and words[-1:] not in f"{_SENTENCE_ENDS}:\uff1a"
    if not end or not words:
        return False
    if _CONTACT.match(words):
        return True
    if end in _SENTENCE_ENDS:
        return is_name and not words[:1].islower()
    if words[:1].islower() or _GOES_ON.match(words):
        return False
    is_caseless = unicodedata.category(words[0]) == "Lo"
    if words.startswith("{{") or (is_caseless and end in _CLAUSE_ENDS):
        return is_name or (words.startswith("{{") and words.endswith("}}"))
    return True


def _words(line: str) -> str:
    """What a reader sees of a line, without the marks and quotes around it."""
    return _LINK.sub(r"\1", line).strip(_WRAPPING)
