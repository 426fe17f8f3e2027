"""Markdown and plain text to blocks."""

import html
import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML

from handover.adopt.html import SOFT_BREAK, Page, is_blank, read_html
from handover.adopt.template import Unreadable

MAX_CHARACTERS = 500_000
"""Of one template's source: five times what Gmail shows."""

_TOKEN = re.compile(
    r"\{\{\{?[^{}\n]{1,200}\}?\}\}|\{\{\$\{[^{}\n]{1,100}\}[^{}\n]{0,100}\}\}|\*\|[^|\n]{1,200}\|\*|%%[^%\n]{1,200}%%"
    r"|\{!?[A-Za-z][^{}\n]{0,100}\}|_{3,}|<[A-Za-z][A-Za-z0-9 _-]{0,40}>"
    r"|(?<![<(])https?://[^\s<>()\[\]]{0,2000}[_*~][^\s<>()\[\]]*"
)
"""What Markdown would take for its own marks, or for HTML, and is a blank or a bare URL."""
_THREAD = re.compile(
    r"^(?:(?:On|Am|Le|El|Il)\b.{0,200}(?:\n(?!>).{1,100})?"
    r"(?:wrote|schrieb|écrit|escribió|ha scritto)\b.{0,80}:[ \t]*\n+(?=>)"
    r"|-{2,} ?(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine) ?-{2,}[ \t]*$)",
    re.MULTILINE | re.IGNORECASE,
)
"""The line in plain text above the email that it answers."""


def bounded(text: str) -> str:
    """The text. Raises Unreadable if it is too long."""
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(f"a template in it has more than {MAX_CHARACTERS:,} characters. Split or shorten it.")
    return text


def from_markdown(text: str, may_have_html: bool) -> Page:
    """The blocks of Markdown, or of text that is written like it. Raises Unreadable."""
    tokens: list[str] = []
    thread = ""

    def protect(match: re.Match[str]) -> str:
        if match[0].startswith("<") and not is_blank(match[0]):
            return match[0]
        tokens.append(match[0])
        return f"\ue000{len(tokens) - 1}\ue001"

    markdown = MarkdownIt("commonmark", {"html": may_have_html}).enable(["table", "strikethrough"])
    if not may_have_html:
        markdown.disable(["lheading", "code"])  # in plain text, indentation and a line of dashes mean neither
        text, thread = _without_thread(text)
    markdown.add_render_rule("softbreak", _soft_break)
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    source = re.sub(r"^--[ \t]*$", "", bounded(text), flags=re.MULTILINE)  # it begins a signature
    rendered = markdown.render(_TOKEN.sub(protect, source))
    restored = re.sub(
        "\ue000(\\d+)\ue001|%EE%80%80(\\d+)%EE%80%81", lambda m: html.escape(tokens[int(m[1] or m[2])]), rendered
    )
    page = read_html(restored)
    if thread:
        page.losses.add("a quoted email", thread)
    return page


def _without_thread(text: str) -> tuple[str, str]:
    """Plain text, and the email quoted at its end."""
    match = _THREAD.search(text)
    is_below = match is not None and text[: match.start()].strip()  # else it is forwarded, and all there is
    return (text[: match.start()], text[match.start() :]) if match and is_below else (text, "")


def _soft_break(self: RendererHTML, tokens: Sequence[Any], index: int, options: Any, env: Any) -> str:
    return f'<br class="{SOFT_BREAK}">'
