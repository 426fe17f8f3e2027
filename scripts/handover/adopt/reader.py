"""A file from elsewhere to templates: Markdown, text, HTML, an email (.eml), or what an API exports as JSON."""

import email
import email.policy
import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import yaml
from markdown_it import MarkdownIt

from handover.adopt.blocks import Page, Unreadable
from handover.adopt.encoding import MAX_HEADER, decoded, header, understood
from handover.adopt.html import SOFT_BREAK, is_blank, read_html
from handover.adopt.template import Template, template, templates
from handover.model.text import unwanted

MAX_BYTES = 10_000_000
"""Of one file; an export of hundreds of templates has less."""
MAX_FRONT_MATTER = 20_000
"""Characters of it that are read as YAML."""
MAX_TEMPLATES = 1_000
"""Of one file."""
ENDINGS = {".md": "markdown", ".markdown": "markdown", ".txt": "text", ".text": "text", ".eml": "email"}
ENDINGS |= {".html": "html", ".htm": "html", ".json": "json"}

_DOCUMENTS = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"{\\rtf")
_CHARSET = re.compile(rb"<meta[^>]{1,200}charset=[\"']?([\w-]{1,40})", re.IGNORECASE)
_TYPES = ("template", "snippet")
"""The types of entries with a text (JSON:API)."""
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


def read(name: str, content: bytes) -> list[Template]:
    """The templates of the file with this name. Raises Unreadable."""
    kind = _kind(name, content)
    with _checked(content):
        if kind == "email":
            return [_email(name, content)]
        text = _text(content)
        if kind == "json":
            found = [_entry(entry) for entry in _entries(text)[: MAX_TEMPLATES + 1]]
        else:
            head, body = _front_matter(text) if kind == "markdown" else ({}, text)
            page = _page(kind, body)
            found = templates(name, page, {"subject": page.title} if kind == "html" else head)
    if len(found) > MAX_TEMPLATES:
        raise Unreadable(f"it has more than {MAX_TEMPLATES:,} templates. Split it.")
    return found


def read_page(name: str, content: bytes) -> Page:
    """A page of a handbook: Markdown, text or HTML. Raises Unreadable."""
    kind = _kind(name, content)
    if kind not in ("html", "markdown", "text"):
        raise Unreadable("it is no page. Import it without --as scenario.")
    with _checked(content):
        text = _text(content)
        return _page(kind, text if kind == "html" else _front_matter(text)[1])


@contextmanager
def _checked(content: bytes) -> Iterator[None]:
    """Raises Unreadable for what is too large, no text, or nested too deeply."""
    if len(content) > MAX_BYTES:
        raise Unreadable(f"it is larger than {MAX_BYTES:,} bytes. Split it.")
    if content.startswith(_DOCUMENTS):
        raise Unreadable("it is a word processor document. Save it as HTML or text.")
    try:
        yield
    except RecursionError:
        raise Unreadable("it is nested too deeply. Copy the text alone.") from None


def _kind(name: str, content: bytes) -> str:
    ending = re.search(r"\.[^.]*$", name.lower())
    kind = ENDINGS.get(ending[0]) if ending else None
    if kind is None:
        raise Unreadable(f"its kind is not known. Name it with one of {', '.join(ENDINGS)}.")
    return "html" if kind == "text" and re.match(rb"\s*<(?:!doctype|html|div|p|table)\b", content, re.I) else kind


def _text(content: bytes) -> str:
    """The characters of a file. Raises Unreadable for what is not text."""
    own = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for encoding in (own, _declared(content)):
        try:
            return _clean(content.decode(understood(encoding)))
        except (LookupError, ValueError):
            continue
    raise Unreadable("it is not UTF-8. Save it as UTF-8.")


def _declared(content: bytes) -> str:
    """The encoding that HTML says it is in; empty if it does not."""
    declared = _CHARSET.search(content[:4000])
    return declared[1].decode() if declared else ""


def _clean(text: str) -> str:
    """The text without what shows nothing, and with what a wrong encoding left repaired where that can be told."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x0b", "\n")
    parts, end = [], 0
    for match, _, _ in unwanted(text):
        meant = ""
        if match.lastgroup in ("lost", "garbled"):
            meant = match[0].encode("cp1252", "ignore").decode(errors="ignore")
            if match.lastgroup == "lost" or not meant.isprintable() or not meant.strip("\ufffd"):
                raise Unreadable(f"'{match[0]}' in it is left of a wrong encoding. Export it again as UTF-8.")
        parts += [text[end : match.start()], meant]
        end = match.end()
    return "".join([*parts, text[end:]])


def _page(kind: str, text: str) -> Page:
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(f"a template in it has more than {MAX_CHARACTERS:,} characters. Split or shorten it.")
    return read_html(text) if kind == "html" else _from_markdown(text, may_have_html=kind == "markdown")


def _from_markdown(text: str, may_have_html: bool) -> Page:
    """The blocks of Markdown, or of text that is written like it."""
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
    markdown.add_render_rule("softbreak", lambda *_: f'<br class="{SOFT_BREAK}">')
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    source = re.sub(r"^--[ \t]*$", "", text, flags=re.MULTILINE)  # it begins a signature
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


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """The plain keys of front matter, and the text below it."""
    match = re.match(r"\s*---[ \t]*\n((?:(?!---[ \t]*\n).*\n)*)---[ \t]*(?:\n|\Z)", text)
    if match is None:
        return {}, text
    pairs = dict(re.findall(r"^([A-Za-z_ -]+):[ \t]*(\S.*)$", match[1], re.MULTILINE))
    head = {key: value.strip().strip("\"'") for key, value in pairs.items()}
    with suppress(yaml.YAMLError):  # a value such as `{{first_name}}, hello` without quotes is none
        node = yaml.compose(match[1]) if len(match[1]) <= MAX_FRONT_MATTER else None
        if isinstance(node, yaml.MappingNode):
            head |= {key.value: value.value for key, value in node.value if isinstance(value, yaml.ScalarNode)}
    return {key.strip().lower(): value for key, value in head.items()}, text[match.end() :]


def _email(name: str, content: bytes) -> Template:
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        if any(len(value) > MAX_HEADER for each in message.walk() for _, value in each.raw_items()):
            raise Unreadable("a line in its head is too long. Save the text alone.")
        subject = next((value for key, value in message.raw_items() if key.lower() == "subject"), "")
        part = message.get_body(("html", "plain"))
        attached = [each.get_filename() or each.get_content_type() for each in message.iter_attachments()]
    except (LookupError, ValueError, AttributeError, TypeError):
        raise Unreadable("it is no email that can be read. Save it from the mail program again.") from None
    if part is None:
        raise Unreadable("the email has no text. Save the text alone.")
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    declared = part.get_content_charset() or _declared(content)
    kind = "html" if part.get_content_type() == "text/html" else "text"
    page = _page(kind, _clean(decoded(content, declared)))
    for each in attached:
        page.losses.add("an attachment", _clean(each.replace("\ufffd", "_")))
    return template(name, page, {"subject": _clean(header(subject, declared))})


def _entries(text: str) -> list[dict[str, Any]]:
    """The templates and snippets in the answer of an API, or in a list of such answers."""
    try:
        parsed = json.loads(text)
    except ValueError:
        raise Unreadable("it is no valid JSON. Save the answer of the API as it is.") from None
    documents = parsed if isinstance(parsed, list) else [parsed]
    data = [each.get("data") for each in documents if isinstance(each, dict)]
    listed = [entry for part in data for entry in (part if isinstance(part, list) else [part])]
    entries = [entry for entry in listed if isinstance(entry, dict) and entry.get("type") in _TYPES]
    if not entries:
        raise Unreadable("it has no entry of type 'template' or 'snippet' under 'data'. Save the answer of the API.")
    return entries


def _entry(entry: dict[str, Any]) -> Template:
    number = re.sub(r"[^\w-]", "", str(entry.get("id") or ""), flags=re.ASCII)[:40]
    given = entry.get("attributes")
    pairs = given.items() if isinstance(given, dict) else ()
    attributes = {key: _clean(value) for key, value in pairs if isinstance(value, str)}
    source = attributes.get("bodyHtml", "")
    page = _page("html", source) if source.strip() else _page("text", attributes.get("bodyText", ""))
    head = {"title": attributes.get("name", ""), "subject": attributes.get("subject", "")}
    address = f"{entry['type']}/{number}"
    return template(address, page, head, address=address)
