"""The form for a message or a snippet: the text with its fields, and its data as JSON."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup

from handover.model.catalog import Catalog
from handover.model.content import Message
from handover.model.document import Document
from handover.model.marks import Marks, Slot
from handover.model.nodes import Inline, Link, Mailbox, Placeholder, nested
from handover.model.pattern import escape
from handover.model.placeholder import CHECKLIST_PLACEHOLDERS, PATTERNS, WITH_LINES
from handover.model.platform import Platform, token_delimiters
from handover.model.value import OWN_TOKEN
from handover.render import text
from handover.render.email import lay_out
from handover.render.exports import DRAFT, in_mail_lines
from handover.render.fragment import fragment
from handover.render.spelling import HandbookSpelling, PlatformSpelling, PreviewSpelling, fill

GROUPS = {"sender": "sender", "team": "team", "customer": "customer", "platform": "customer"}
"""Whom a field is about, by `filled_by`: what a platform fills in is about the customer."""

ORDER = ("customer", "message", "team", "sender")
"""The groups of fields in the order of the form: what changes with each customer comes first."""

MISSING = "\ue000"
"""Marks a placeholder inside a URL of the page."""


class Composer:
    """Renders the parts of a form from the documents of a message, one per variant, or from the one of a snippet."""

    def __init__(self, catalog: Catalog, marks: Marks, jinja: Any) -> None:
        self.catalog = catalog
        self.marks = marks
        self.jinja = jinja
        self.brackets = HandbookSpelling(catalog)

    def body(self, document: Document, shows_urls: bool = False) -> Markup:
        """The fragment with labels in brackets for browsers without JavaScript, and no links whose URL is to fill in.

        `shows_urls`: such a URL stands behind the words.
        """
        message = self._message(document)
        label = HandbookSpelling(self.catalog.of(message) if message else self.catalog).label

        def bracket(slot: Slot) -> str:
            return ("" if slot.kind in ("link-parameters", "placeholder") else MISSING) + escape(label(slot))

        html = self.marks.fill(fragment(document.blocks, self.marks), bracket)
        shown = r'<a role="link" aria-disabled="true">\2</a>' + (r" (\1)" if shows_urls else "")
        html = re.sub(rf'<a\shref="([^"]*{MISSING}[^"]*)">(.*?)</a>', shown, html, flags=re.DOTALL)
        return Markup(html.replace(MISSING, ""))  # noqa: S704 - the fragment is escaped

    def words(self, documents: Iterable[Document]) -> str:
        """The subjects and the texts of documents on one line, for the search."""
        heads = (f"Subject: {self.line(each.subject).unescape()}" if each.subject else "" for each in documents)
        return " ".join([*heads, *(self.body(each).striptags() for each in documents)])

    def line(self, nodes: tuple[Inline, ...]) -> Markup:
        """A line of the email's head, with labels in brackets."""
        return Markup(escape(self.marks.fill(text.line(nodes, self.marks), self.brackets.label)))  # noqa: S704

    def data(self, documents: list[Document], platforms: Iterable[Platform]) -> str:
        """The data of the page's script, as JSON for an attribute: the theme would run a `script` element as code.

        `platforms` are those that the text can be pasted into.
        """
        first = documents[0]
        message = self._message(first)
        webmail = self.catalog.brand.webmail
        data = {
            "id": first.id,
            "noun": message.head.noun if message else "snippet",
            "webmail": webmail.compose_url if webmail else None,
            "people": {name: list(map(self._mailbox, mailboxes)) for name, mailboxes in first.people.items()},
            "patterns": {kind: pattern.pattern for kind, pattern in PATTERNS.items()},
            "tokens": [OWN_TOKEN, *token_delimiters(self.catalog.platforms.values())],
            "blanks": {field["id"]: self._blank(field) for field in self._all_fields(documents)},
            "colleagues": self._colleagues(documents),
            "record_links": self.record_links(documents),
            "variants": [self._variant(document, platforms) | self._draft(document) for document in documents],
        }
        return as_json(data)

    def _colleagues(self, documents: list[Document]) -> dict[str, dict[str, str]]:
        """The details of each colleague that the fields of a message take; empty if it takes none."""
        used = sorted({field["placeholder"].person for field in self._all_fields(documents)} - {None})
        people = self.catalog.people if used else {}
        return {
            name: {field: value for field in used if (value := getattr(each, field))} for name, each in people.items()
        }

    def _message(self, document: Document) -> Message | None:
        """The message of a document; None for a snippet."""
        return None if document.kind is None else self.catalog.messages[document.id]

    def _draft(self, document: Document) -> dict[str, Any]:
        """The whole email for a draft, if the message is one from person to person."""
        message = self._message(document)
        if message is None or message.head.kind != "personal":
            return {}
        body, layout = text.text(document.blocks, self.marks), str(message.head.layout)
        email = lay_out(document, layout, body, self.jinja, self.marks, [DRAFT])[DRAFT]
        preview = PreviewSpelling(self.catalog)
        html = self._pieces(in_mail_lines(email.html, self.marks), lambda slot: preview.html(slot, "html"))
        return {"draft": {"html": html, "text": self._pieces(email.text, lambda slot: preview.text(slot, "text"))}}

    def fields(self, documents: list[Document]) -> dict[str, list[dict[str, Any]]]:
        """The fields by whom they are about, in the order of the form and of the text."""
        needed: dict[str, None] = {}
        for document in documents:
            needed |= self._needed(document)
        addressing = {name: None for name in self._ids(documents[0].heads) if name not in needed}
        message = self._message(documents[0])
        own = message.head.placeholders if message else {}
        groups: dict[str, list[dict[str, Any]]] = {group: [] for group in ORDER}
        for name in (*needed, *addressing):
            placeholder = self.catalog.fillable[name]
            field = {
                "id": name,
                "placeholder": placeholder,
                "optional": name in addressing,
                "lines": name in WITH_LINES,
                "own": name in own,
            }
            groups["message" if name in own else GROUPS[placeholder.filled_by]].append(field)
        return {group: fields for group, fields in groups.items() if fields}

    def _all_fields(self, documents: list[Document]) -> list[dict[str, Any]]:
        return [field for group in self.fields(documents).values() for field in group]

    def record_links(self, documents: list[Document]) -> list[dict[str, str]]:
        """For each platform whose records can have links: its label, and the part of such a link after the `#`."""
        names = [field["id"] for field in self._all_fields(documents)]
        links = []
        for platform in self.catalog.platforms.values():
            pattern = platform.write.record_link
            tokens = {str(name): token.name for name, token in platform.tokens.items() if token.name}
            pairs = [
                f"{name}={pattern.replace('<name>', tokens[name])}" for name in names if pattern and name in tokens
            ]
            if pairs:
                links.append({"label": str(platform.label), "values": "&".join(pairs)})
        return links

    def post(self, message: Message, documents: list[Document]) -> dict[str, Any]:
        """The button for a post on the page of its checklist, with the post, if the checklist fills in all of it.

        Else it leads to the page of the post, with what the checklist knows.
        """
        data = {"noun": message.head.noun, "page": f"../messages/{message.id}/"}
        first = documents[0]
        if len(documents) > 1 or self._needed(first).keys() - CHECKLIST_PLACEHOLDERS.keys():
            return {**data, "button": f"Fill in the {message.head.noun}"}
        variant = self._variant(first, ())
        return {**data, "button": f"Copy {message.head.noun}", "html": variant["html"], "text": variant["text"]}

    def _blank(self, field: dict[str, Any]) -> dict[str, Any]:
        placeholder = field["placeholder"]
        return {
            "label": placeholder.label,
            "ask": placeholder.ask or placeholder.label,
            "sample": placeholder.sample,
            "person": placeholder.person,
            "optional": field["optional"],
            "forms": placeholder.forms,
            "options": placeholder.options,
            "type": "lines" if field["lines"] else placeholder.type,
            # What this message alone asks for belongs to one email, so it goes with the customer.
            "group": "customer" if field["own"] else GROUPS[placeholder.filled_by],
            "own": field["own"],
        }

    def _variant(self, document: Document, platforms: Iterable[Platform]) -> dict[str, Any]:
        forms = self._forms(document)
        return {
            "id": document.variant,
            "subject": self._pieces(text.line(document.subject, self.marks)),
            "language": document.language,
            "direction": document.language.direction,
            **{form: self._pieces(marked) for form, marked in forms.items()},
            "needs": list(self._needed(document)),
            "copies": self.copies(document, platforms),
        }

    def copies(self, document: Document, platforms: Iterable[Platform]) -> dict[str, dict[str, str]]:
        """What to paste into each platform, by its id: as `html` and as `text`."""
        forms = self._forms(document)
        spellings = {str(platform.id): PlatformSpelling(platform, self.catalog, document) for platform in platforms}
        return {
            name: {form: fill(marked, form, self.marks, spelling) for form, marked in forms.items()}
            for name, spelling in spellings.items()
        }

    def _forms(self, document: Document) -> dict[str, str]:
        return {"html": fragment(document.blocks, self.marks), "text": text.text(document.blocks, self.marks)}

    def _mailbox(self, mailbox: Mailbox) -> dict[str, Any]:
        return {
            "name": self._pieces(text.line(mailbox.name, self.marks)),
            "email": self._pieces(text.line(mailbox.email, self.marks)),
        }

    def _needed(self, document: Document) -> dict[str, None]:
        """The ids of the placeholders in subject and text, each once."""
        return self._ids((*nested(document.subject), *document.inlines))

    def _ids(self, nodes: Iterable[Inline]) -> dict[str, None]:
        ids: dict[str, None] = {}
        for node in nodes:
            if isinstance(node, Placeholder):
                ids[node.id] = None
            elif isinstance(node, Link):
                ids |= dict.fromkeys(map(str, self.catalog.links[node.id].placeholders()))
        return ids

    def _pieces(self, marked: str, spell: Callable[[Slot], str] = lambda _: "") -> list[Any]:
        """A text with marks as a JSON list: strings, and an object for each placeholder; `spell` writes other slots."""
        slots = self.marks.slots
        pieces = (
            _piece(slots[int(piece)], spell) if number % 2 else piece
            for number, piece in enumerate(self.marks.pieces(marked))
        )
        return [piece for piece in pieces if piece]


def _piece(slot: Slot, spell: Callable[[Slot], str]) -> dict[str, Any] | str:
    if not slot.is_placeholder:
        return spell(slot)
    piece: dict[str, Any] = {"blank": slot.name}
    if slot.form:
        piece |= {"form": slot.form, "capital": slot.capital or ""}
    if slot.kind != "placeholder":
        piece["in"] = slot.kind
    return piece


def as_json(data: Any) -> str:
    """`data` as JSON on one line; the template escapes it for its attribute."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
