"""Documents to artifacts: every message in every form that a platform takes, and the snippets."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from handover.model.catalog import Catalog
from handover.model.content import Message
from handover.model.document import Artifact, Document, Rendering
from handover.model.marks import Marks
from handover.model.nodes import Inline, Link, Mailbox, Placeholder, ids, nested
from handover.model.platform import Platform
from handover.render import eml, text
from handover.render.email import Email, Form, lay_out
from handover.render.fragment import fragment
from handover.render.line_length import without_gaps, wrapped
from handover.render.mail_head import Person
from handover.render.spelling import PlatformSpelling, PreviewSpelling, Spelling, fill

PREVIEW = Form(frozenset({"unsubscribe", "view_online"}))
"""The form of a preview, and of an email that is sent."""
DRAFT = PREVIEW._replace(has_preheader=False)
"""The form of a draft: email clients that go on from its text show a hidden preheader at the top (Thunderbird 153)."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document in every form, with marks. `emails` has the full email in each form that is used."""

    document: Document
    message: Message | None
    fragment: str
    text: str
    subject: str
    emails: Mapping[Form, Email]

    @property
    def words(self) -> dict[str, str]:
        """What to paste, in each form; only an email has a subject."""
        return {"html": self.fragment, "text": self.text, **({"subject": self.subject} if self.emails else {})}

    def forms(self, platform: Platform | None) -> dict[str, str]:
        """What a platform takes, or without one the preview: the full email in each form, or the words."""
        if not self.emails or (platform is not None and platform.format == "fragment"):
            return self.words
        email = self.emails[form_of(platform)]
        return {"html": email.html, "mjml": email.mjml, "text": email.text, "subject": self.subject}

    def renderings(self) -> Iterator[Rendering]:
        """The content in each form, for checks: what the message says, without a layout."""
        yield Rendering(self.document, "fragment", self.fragment)
        yield Rendering(self.document, "text", self.text)
        for parts, template in dict.fromkeys((email.parts, email.layout.template) for email in self.emails.values()):
            yield Rendering(self.document, "parts", "".join(f"<p>{part}</p>" for part in parts), template)

    def laid_out(self, email: Email) -> list[Rendering]:
        """One of the emails, for checks: the content in its layout, which all emails of one shape share."""
        layout = email.layout
        return [
            Rendering(self.document, "email", without_gaps(email.html), layout.template, email.parts, layout),
            Rendering(self.document, "email", email.mjml, layout.template, email.parts),
            Rendering(self.document, "email-text", email.text, layout.text_template),
        ]


def render(document: Document, catalog: Catalog, marks: Marks, jinja: Any) -> Rendered:
    """One document in every form. Raises TemplateFault if a layout is wrong."""
    message = catalog.messages[document.id] if document.kind is not None else None
    emails: dict[Form, Email] = {}
    body = text.text(document.blocks, marks)
    if message is not None and message.head.is_email:
        documents = [platform for platform in catalog.takers(message) if platform.format == "document"]
        forms = dict.fromkeys([PREVIEW, DRAFT, *map(form_of, documents)])
        emails = lay_out(document, str(message.head.layout), body, jinja, marks, forms)
    return Rendered(
        document,
        message,
        fragment(document.blocks, marks),
        body,
        text.line(document.subject, marks) + "\n",
        emails,
    )


def form_of(platform: Platform | None) -> Form:
    """The key of `Rendered.emails` for a platform, or for the preview."""
    if platform is None:
        return PREVIEW
    return Form(platform.footer.links() if platform.footer is not None else frozenset())


_Used: TypeAlias = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""The ids of the placeholders and of the links in each form of a document."""


def artifacts(rendered: Rendered, catalog: Catalog, marks: Marks) -> Iterator[Artifact]:
    """Every file of a rendered message or snippet."""
    document = rendered.document
    used = dict.fromkeys(_ENDINGS, _used(document.inlines))
    used |= {"subject": _used(nested(document.subject)), "eml": _used(_drafted(document))}
    platforms = catalog.takers(rendered.message) if rendered.message else catalog.snippet_takers()
    preview = PreviewSpelling(catalog)
    if rendered.message is not None:
        for artifact in _files(rendered, used, marks, "preview", rendered.forms(None), preview):
            is_page = rendered.emails and artifact.format == "html"
            yield replace(artifact, data=with_policy(artifact.content)) if is_page else artifact
    if rendered.emails:
        yield _file(rendered, used, "preview", "eml", eml.draft(mail_of(rendered, catalog, marks, preview)))
    for platform in platforms:
        spelling = PlatformSpelling(platform, catalog, document)
        yield from _files(rendered, used, marks, platform.id, rendered.forms(platform), spelling)


PREVIEW_POLICY = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"
"""An email in a browser runs nothing and loads nothing from elsewhere: of another server's image it shows the words."""


def with_policy(preview: bytes) -> bytes:
    """The HTML of a preview with a Content-Security-Policy, for browsers."""
    policy = f'<meta http-equiv="Content-Security-Policy" content="{PREVIEW_POLICY}">'
    return preview.replace(b"<head>", b"<head>" + policy.encode(), 1)


def _files(
    rendered: Rendered, used: _Used, marks: Marks, name: str, forms: Mapping[str, str], spelling: Spelling
) -> Iterator[Artifact]:
    """The files in the folder `name`: those of a platform, or the preview."""
    for form, marked in forms.items():
        yield _file(rendered, used, name, form, fill(marked, form, marks, spelling).encode())


_ENDINGS = {"html": "html", "text": "txt", "subject": "subject.txt", "mjml": "mjml", "eml": "eml"}


def _file(rendered: Rendered, used: _Used, name: str, form: str, content: bytes) -> Artifact:
    document, message = rendered.document, rendered.message
    sources = [*document.sources, "data/placeholders.yml", "data/links.yml"]
    if name != "preview":
        sources.append(f"data/platforms/{name}.yml")
    if message is not None and message.head.is_email and form in ("html", "mjml", "eml"):
        sources += ["data/brand.yml", f"templates/email/{message.head.layout}.mjml.j2"]
    variant = f".{document.variant}" if document.variant else ""
    return Artifact(
        path=f"exports/{name}/{'' if message else 'snippets/'}{document.id}{variant}.{_ENDINGS[form]}",
        data=content,
        platform=name,
        format=form,
        message=document.id if message else None,
        variant=document.variant,
        block=None if message else document.id,
        placeholders=used[form][0],
        links=used[form][1],
        sources=tuple(sources),
    )


def _drafted(document: Document) -> Iterator[Inline]:
    """The inline nodes of a draft, which has neither sender nor preheader."""
    mailboxes = (line for mailbox in (*document.to, *document.cc) for line in (mailbox.name, mailbox.email))
    for line in (document.subject, *mailboxes):
        yield from nested(line)
    yield from document.inlines


def _used(nodes: Iterable[Inline]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids of the placeholders and of the links among the nodes, each once."""
    listed = [*nodes]
    return ids(listed, Placeholder), ids(listed, Link)


def mail_of(
    rendered: Rendered,
    catalog: Catalog,
    marks: Marks,
    spelling: Spelling,
    recipient: str | None = None,
    sender: str | None = None,
) -> eml.Mail:
    """The message as a mail, its placeholders filled in by `spelling`: as a draft, or to send it.

    With a `recipient` it goes to that address alone, with a `sender` it comes from that one, not from those of
    the message.
    """
    document = rendered.document

    def words(nodes: tuple[Inline, ...]) -> str:
        return fill(text.line(nodes, marks), "subject", marks, spelling)

    def people(mailboxes: tuple[Mailbox, ...]) -> tuple[Person, ...]:
        return tuple(Person(words(mailbox.name), words(mailbox.email)) for mailbox in mailboxes)

    email = rendered.emails[PREVIEW if recipient else DRAFT]
    (author,) = people(document.sender)
    return eml.Mail(
        subject=words(document.subject),
        sender=Person(author.name, sender or author.email or catalog.brand.sender.email),
        reply_to=people(document.reply_to),
        to=(Person("", recipient),) if recipient else people(document.to),
        cc=() if recipient else people(document.cc),
        bcc=() if recipient else people(document.bcc),
        text=fill(email.text, "text", marks, spelling),
        html=fill(in_mail_lines(email.html, marks), "mail", marks, spelling),
    )


def in_mail_lines(html: str, marks: Marks) -> str:
    """The HTML of a mail with marks, in lines that do not depend on its values: pages make the same draft of it."""

    def without_parameters(match: re.Match[str]) -> str:
        return "" if marks.slots[int(match[1])].kind == "link-parameters" else match[0]

    return wrapped(marks.pattern.sub(without_parameters, html), marks.pattern)
