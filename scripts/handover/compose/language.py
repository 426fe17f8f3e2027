"""The parser: CommonMark with placeholders and registered links.

For what content may not have, a rule pushes a token of type `finding`, which keeps its place in the text.
"""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline import html_inline as _html_inline

from handover.compose.emphasis import parse_inline

MAX_NESTING = 12
"""Levels of lists and quotes; deeper ones would be dropped by the parser, and are refused instead."""

MAX_FINDINGS = 100
"""Findings in one paragraph; what comes after them is not looked at before they are mended."""

Rule = Callable[[StateInline, bool], bool]

_NAME = r"[^{}\n \t\u00a0]+(?:[ \t\u00a0]+[^{}\n \t\u00a0]+)*"
_PLACEHOLDER = re.compile(rf"\{{\{{[ \t\n\u00a0]*+((?:{_NAME})?)[ \t\n\u00a0]*\}}\}}")
_UNCLOSED = re.compile(r"\{\{[ \t]*[\w.-]*(?:[ \t]*\})?")
UNCLOSED = "the placeholder that starts here never ends.", "Write it as {{ name }}, on one line."
_TOO_MANY = re.compile(r"\{{3,}[^{}\n]*\}{2,}")
_ALMOST_TARGETS = (
    (re.compile(r"[ \t\n]+\[([a-z0-9]+(?:[-_][a-z0-9]+)*)\]"), "a space separates the two brackets of this link."),
    (re.compile(r"\[\[([^\[\]\n]+)\]\]"), "'{}' has two pairs of brackets."),
    (re.compile(r"\[([a-z0-9]+(?:[-_][a-z0-9]+)*)"), "the ']' after '{}' is missing."),
)
_FOREIGN = re.compile(r"\[(?:(\^)[^\[\]\n]+\](?![\[(]):?|!\w+\](?![\[(])|[ xX]\](?=[ \t\n]))")
"""A footnote and its mark, the head of a box for a note, or the box of an item to tick off."""
_TAGS = {"br": "End the line with a backslash", "b": "Write **bold**", "strong": "Write **bold**"}
"""What to write instead of a tag."""
_MEANT = {
    "^": ("footnotes are not supported.", "Say it in the sentence, or in parentheses."),
    "!": ("boxes for notes are not supported.", "Begin the quote with a word, as in '> **Note:** …'."),
}
_CHECKBOX = ("a box to tick off is not supported.", "Delete it: a plain item of a list is enough.")
_DEFINITION = re.compile(r":[ \t]*(\S+)")
_PICTURE = re.compile(r"!\[([^\[\]{}]*)\]\([ \t]*+([^()\n]*)\)")
_IMAGE = re.compile(r"!\[[^\]\n]*(?:\](?:\[[^\]\n]*\]|\([^)\n]*\))?)?")
_TARGET = re.compile(r"\[([^\[\]\n]*)\]")
_OPEN = re.compile(r"\[(?:[ \t]*\[)*")
_KEPT = re.compile("(?:https?:|mailto:|tel:|www[.]|/)", re.IGNORECASE)
"""What data/links.yml takes."""
_ADDRESS = re.compile(r"<(?:[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^<>\x00-\x20]*|[^<>\s@]+@[^<>\s@]+)>")


def parser(for_handbook: bool = False) -> MarkdownIt:
    """The parser of the content language; that of the handbook's own prose has tables and pictures too."""
    markdown = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING})
    markdown.disable(["reference", "text_join"])  # what is escaped stays apart from what is not
    if for_handbook:
        markdown.enable(["table"])
    rules: dict[str, Rule] = {
        "link": _link,
        "image": _picture if for_handbook else _image,
        "autolink": _autolink,
        "html_inline": _html,
    }
    for name, rule in rules.items():
        markdown.inline.ruler.at(name, rule)
    markdown.inline.ruler.before("escape", "placeholder", _placeholder)
    for entry in markdown.inline.ruler.__rules__:
        entry.fn = _traced(entry.fn)
    markdown.core.ruler.at("inline", parse_inline)
    return markdown


def _traced(rule: Rule) -> Rule:
    """The rule, with every token that it makes knowing where in the text it began."""

    def run(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        matched = rule(state, silent)
        if matched and not silent:
            for token in state.tokens[count:]:
                if token.type != "text":
                    token.meta.setdefault("pos", start)
        return matched

    return run


def _finding(state: StateInline, silent: bool, end: int, code: str, message: str, hint: str) -> bool:
    if not silent:
        token = state.push("finding", "", 0)
        token.meta = {"pos": state.pos, "code": code, "message": message, "hint": hint, "length": end - state.pos}
        state.env["findings"] += 1
    state.pos = end if silent or state.env["findings"] < MAX_FINDINGS else state.posMax
    return True


def _placeholder(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("{{", state.pos):
        return False
    too_many = _TOO_MANY.match(state.src, state.pos, state.posMax)
    if too_many is not None:
        message, hint = f"'{too_many[0]}' has a brace too many.", "A placeholder has two on each side: {{ name }}."
        return _finding(state, silent, too_many.end(), "stray-bracket", message, hint)
    match = _PLACEHOLDER.match(state.src, state.pos, state.posMax)
    if match is None:
        # As far as the name between the braces can be told.
        unclosed = _UNCLOSED.match(state.src, state.pos, state.posMax)
        end = unclosed.end() if unclosed else state.pos + 2
        return _finding(state, silent, end, "unclosed-placeholder", *UNCLOSED)
    if not silent:
        token = state.push("placeholder", "", 0)
        token.content = match[1]
        token.meta = {"pos": match.start(1) if match[1] else state.pos, "whole": match[0]}
    state.pos = match.end()
    return True


def _parenthesis_end(state: StateInline, start: int) -> int | None:
    """Where parentheses that open at `start` end on their line; None where there are none."""
    if state.src[start : start + 1] != "(":
        return None
    line_end = state.src.find("\n", start, state.posMax)
    close = state.src.find(")", start, line_end if line_end >= 0 else state.posMax)
    return close + 1 if close >= 0 else None


def _link(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "[":
        return False
    start = state.pos
    close = state.md.helpers.parseLinkLabel(state, start, False)
    if close < 0:
        # Where no bracket closes any more, a row of open ones is one mistake.
        row = _OPEN.match(state.src, start, state.posMax) if state.src.find("]", start, state.posMax) < 0 else None
        return _bracket(state, silent, row.end() if row else start + 1, "this '[' begins no link.")
    foreign = _FOREIGN.match(state.src, start, state.posMax)
    if foreign is not None and (foreign[1] or start == 0):
        return _finding(state, silent, foreign.end(), "unsupported-markdown", *_MEANT.get(foreign[0][1], _CHECKBOX))
    end = _parenthesis_end(state, close + 1)
    if end is not None:
        return _address(state, silent, end, (state.src[close + 2 : end - 1].split() or [""])[0].strip("<>"))
    definition = _DEFINITION.match(state.src, close + 1, state.posMax)
    if definition is not None and (start == 0 or state.src[start - 1] == "\n"):
        return _address(state, silent, definition.end(), definition[1])
    target = _TARGET.match(state.src, close + 1, state.posMax)
    if target is None:
        return _no_target(state, silent, state.src[start : close + 1], close + 1)
    if not target[1].strip():
        hint = f"Write its id there, as in {state.src[start : close + 1]}[link-id]."
        return _finding(
            state, silent, target.end(), "stray-bracket", "the second brackets of this link are empty.", hint
        )
    if not silent:
        _push_link(state, start, close, target)
    state.pos = target.end()
    return True


def _no_target(state: StateInline, silent: bool, shown: str, end: int) -> bool:
    """What `shown`, the words of a link in brackets, was meant to be."""
    for pattern, message in _ALMOST_TARGETS:
        almost = pattern.match(state.src, end, state.posMax)
        if almost is not None:
            hint = f"Write {shown}[{almost[1]}]."
            return _finding(state, silent, almost.end(), "stray-bracket", message.format(almost[1]), hint)
    return _bracket(state, silent, end, f"'{shown}' is neither a link nor a placeholder.")


def _push_link(state: StateInline, start: int, close: int, target: re.Match[str]) -> None:
    token = state.push("link_open", "a", 1)
    token.content = target[1].strip()
    token.meta = {"pos": target.start(1), "start": start}
    state.pos, maximum = start + 1, state.posMax
    state.posMax = close
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.push("link_close", "a", -1)
    state.posMax = maximum


def _bracket(state: StateInline, silent: bool, end: int, message: str) -> bool:
    hint = "A link is [text][link-id], a placeholder {{ name }}; for an aside use parentheses."
    return _finding(state, silent, end, "stray-bracket", message, hint)


def _address(state: StateInline, silent: bool, end: int, address: str) -> bool:
    if re.fullmatch(r"[\w-]+", address):
        message = f"the link's id '{address}' is in parentheses."
        return _finding(
            state, silent, end, "inline-address", message, f"Write it in square brackets: [text][{address}]."
        )
    return _finding(state, silent, end, "inline-address", *url_in_text(address))


def url_in_text(address: str) -> tuple[str, str]:
    """The message and the hint for a URL that is not in data/links.yml but in the text."""
    message = f"the URL '{address}' is in the text."
    if _KEPT.match(address):
        return message, "Add it to data/links.yml with an id, and write [text][that-id]."
    if "@" in address:
        return f"'{address}' is in angle brackets or parentheses.", "Write the email address alone, as words."
    return message, "Content links to URLs of data/links.yml, by id: [text][link-id]."


def html_in_text(shown: str) -> tuple[str, str]:
    """The message and the hint for raw HTML, of which `shown` is the beginning."""
    tag = re.match(r"</?(\w+)", shown)
    markdown = _TAGS.get(tag[1].lower() if tag else "", "Write Markdown, or {{ name }} for a placeholder")
    hint = f"{markdown}; for the character itself write \\<."
    return f"content cannot have HTML like '{shown}'.", hint


def _image(state: StateInline, silent: bool) -> bool:
    message, hint = "a message cannot have images.", "Put it in words, or link to it."
    end = _IMAGE.match(state.src, state.pos, state.posMax)
    return end is not None and _finding(state, silent, end.end(), "unsupported-markdown", message, hint)


def _picture(state: StateInline, silent: bool) -> bool:
    match = _PICTURE.match(state.src, state.pos, state.posMax)
    if match is None:
        message, hint = "this is no picture.", "Write ![what it shows](file.png), with a file in content/pictures."
        end = _IMAGE.match(state.src, state.pos, state.posMax)
        return end is not None and _finding(state, silent, end.end(), "invalid-picture", message, hint)
    if not silent:
        token = state.push("picture", "", 0)
        token.content = match[2].rstrip()
        token.meta = {"pos": match.start(2), "start": state.pos, "words": " ".join(match[1].split())}
    state.pos = match.end()
    return True


def _autolink(state: StateInline, silent: bool) -> bool:
    match = _ADDRESS.match(state.src, state.pos, state.posMax)
    return match is not None and _address(state, silent, match.end(), match[0][1:-1])


def _html(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "<":
        return False
    start = state.pos
    if not _html_inline(state, True):  # the tokens of HTML are not kept, those before it are
        return False
    end, state.pos = state.pos, start
    shown = state.src[start:end]
    if shown.startswith("</") and any(token.meta.get("code") == "raw-html" for token in state.tokens):
        state.pos = end
        return True
    return _finding(state, silent, end, "raw-html", *html_in_text(shown))
