"""A file from elsewhere to templates: Markdown, text, HTML, an email (.eml), or what an API exports as JSON."""

import email
import email.policy
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from email.message import EmailMessage
from itertools import islice
from typing import Any

import yaml

from handover.adopt.head import template, templates
from handover.adopt.html import Page, read_html
from handover.adopt.template import Template, Unreadable
from handover.adopt.text import bounded, from_markdown
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
_TYPES = {"template": False, "snippet": True}
"""The types of entries with a text (JSON:API), and whether each is a snippet."""


def read(name: str, content: bytes) -> list[Template]:
    """The templates of the file with this name. Raises Unreadable."""
    check_size(content)
    try:
        found = list(islice(_READERS[_kind(name, content)](name, content), MAX_TEMPLATES + 1))
    except RecursionError:
        raise Unreadable("it is nested too deeply. Copy the text alone.") from None
    if len(found) > MAX_TEMPLATES:
        raise Unreadable(f"it has more than {MAX_TEMPLATES:,} templates. Split it.")
    return found


def read_page(name: str, content: bytes) -> Page:
    """A page of a handbook: Markdown, text or HTML. Raises Unreadable."""
    check_size(content)
    kind = _kind(name, content)
    try:
        if kind == "html":
            return read_html(bounded(_text(content)))
        if kind in ("markdown", "text"):
            return from_markdown(_front_matter(_text(content))[1], may_have_html=kind == "markdown")
    except RecursionError:
        raise Unreadable("it is nested too deeply. Copy the text alone.") from None
    raise Unreadable("it is no page. Import it without --as scenario.")


def check_size(content: bytes) -> None:
    """Raises Unreadable for what is too large, or no text."""
    if len(content) > MAX_BYTES:
        raise Unreadable(f"it is larger than {MAX_BYTES:,} bytes. Split it.")
    if content.startswith(_DOCUMENTS):
        raise Unreadable("it is a word processor document. Save it as HTML or text.")


def _kind(name: str, content: bytes) -> str:
    ending = re.search(r"\.[^.]*$", name.lower())
    kind = ENDINGS.get(ending[0]) if ending else None
    if kind is None:
        raise Unreadable(f"its kind is not known. Name it with one of {', '.join(ENDINGS)}.")
    return "html" if kind == "text" and re.match(rb"\s*<(?:!doctype|html|div|p|table)\b", content, re.I) else kind


def _text(content: bytes) -> str:
    """The characters of a file. Raises Unreadable for what is not text."""
    declared = _CHARSET.search(content[:4000])
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig"]
    for encoding in [*encodings, *([declared[1].decode()] if declared else [])]:
        try:
            return _clean(content.decode(encoding))
        except (LookupError, ValueError):
            continue
    raise Unreadable("it is not UTF-8. Save it as UTF-8.")


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


def _markdown_file(name: str, content: bytes) -> Iterator[Template]:
    head, body = _front_matter(_text(content))
    yield from templates(name, from_markdown(body, may_have_html=True), head)


def _text_file(name: str, content: bytes) -> Iterator[Template]:
    yield from templates(name, from_markdown(_text(content), may_have_html=False), {})


def _html_file(name: str, content: bytes) -> Iterator[Template]:
    page = read_html(bounded(_text(content)))
    yield from templates(name, page, {"subject": page.title})


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


def _email_file(name: str, content: bytes) -> Iterator[Template]:
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)  # noqa: S101 - that is what this policy makes
        part = message.get_body(("html", "plain"))
        subject, body = _clean(str(message["subject"] or "")), _clean(part.get_content()) if part else ""
        attached = [_clean(each.get_filename() or each.get_content_type()) for each in message.iter_attachments()]
        is_html = part is not None and part.get_content_type() == "text/html"
    except (LookupError, ValueError, AttributeError, TypeError, AssertionError):
        raise Unreadable("it is no email that can be read. Save it from the mail program again.") from None
    if part is None:
        raise Unreadable("the email has no text. Save the text alone.")
    page = read_html(bounded(body)) if is_html else from_markdown(body, may_have_html=False)
    for each in attached:
        page.losses.add("an attachment", each)
    yield template(name, page, {"subject": subject})


def _json_file(name: str, content: bytes) -> Iterator[Template]:
    try:
        parsed = json.loads(_text(content))
    except ValueError:
        raise Unreadable("it is no valid JSON. Save the answer of the API as it is.") from None
    documents = parsed if isinstance(parsed, list) else [parsed]
    data = [each.get("data") for each in documents if isinstance(each, dict)]
    listed = [entry for part in data for entry in (part if isinstance(part, list) else [part])]
    entries = [entry for entry in listed if isinstance(entry, dict) and entry.get("type") in _TYPES]
    if not entries:
        raise Unreadable("it has no entry of type 'template' or 'snippet' under 'data'. Save the answer of the API.")
    for entry in entries:
        yield _entry(entry)


def _entry(entry: dict[str, Any]) -> Template:
    number = re.sub(r"[^\w-]", "", str(entry.get("id") or ""), flags=re.ASCII)[:40]
    given = entry.get("attributes")
    attributes = {
        key: _clean(value)
        for key, value in (given if isinstance(given, dict) else {}).items()
        if isinstance(value, str)
    }
    source = attributes.get("bodyHtml", "")
    page = (
        read_html(bounded(source))
        if source.strip()
        else from_markdown(attributes.get("bodyText", ""), may_have_html=False)
    )
    head = {"title": attributes.get("name", ""), "subject": attributes.get("subject", "")}
    address = f"{entry['type']}/{number}"
    return template(address, page, head, address, _TYPES[entry["type"]])


_READERS = {
    "markdown": _markdown_file,
    "text": _text_file,
    "html": _html_file,
    "email": _email_file,
    "json": _json_file,
}
