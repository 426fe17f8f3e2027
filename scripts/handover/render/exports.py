"""Documents to artifacts: every message in every form that a platform takes, and the snippets."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handover.model.artifact import Artifact, Rendering
from handover.model.catalog import Catalog
from handover.model.content import Message
from handover.model.document import Document, Inline, Link, Mailbox, Placeholder, nested
from handover.model.marks import Marks
from handover.model.platform import FooterLinks, Platform
from handover.render import eml, text
from handover.render.email import Email, lay_out
from handover.render.fragment import fragment
from handover.render.spelling import PlatformSpelling, PreviewSpelling, Spelling

PREVIEW_LINKS: FooterLinks = frozenset({"unsubscribe", "view_online"})
"""The links in the foot of a preview."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document in every form, with marks. `emails` has the full email for each set of links in its foot."""

    document: Document
    message: Message | None
    fragment: str
    text: str
    subject: str
    emails: Mapping[FooterLinks, Email]

    def renderings(self) -> Iterator[Rendering]:
        """The forms, for checks."""
        yield Rendering(self.document, "fragment", self.fragment)
        yield Rendering(self.document, "text", self.text)
        if self.message is not None:
            for email in self.emails.values():
                yield Rendering(self.document, "email", email.html, email.template)
                yield Rendering(self.document, "email", email.mjml, email.template)
                yield Rendering(self.document, "email-text", email.text, email.text_template)


def render(document: Document, catalog: Catalog, marks: Marks, jinja: Any) -> Rendered:
    """One document in every form. Raises TemplateFault if a layout is wrong."""
    message = catalog.messages.get(document.id) if document.sender else None
    emails: dict[FooterLinks, Email] = {}
    if message is not None:
        documents = [platform for platform in takers(message, catalog) if platform.format == "document"]
        for links in dict.fromkeys([PREVIEW_LINKS, *map(footer_links, documents)]):
            emails[links] = lay_out(document, message.head, catalog.brand, jinja, marks, links)
    return Rendered(
        document,
        message,
        fragment(document.blocks, marks),
        text.text(document.blocks, marks),
        text.line(document.subject, marks) + "\n",
        emails,
    )


def takers(message: Message, catalog: Catalog) -> list[Platform]:
    """The platforms that a message is exported to."""
    chosen = message.head.platforms
    return [
        platform
        for platform in catalog.platforms.values()
        if message.head.kind in platform.takes and (not chosen or str(platform.id) in chosen)
    ]


def footer_links(platform: Platform | None) -> FooterLinks:
    """The key of `Rendered.emails` for a platform, or for the preview."""
    if platform is None:
        return PREVIEW_LINKS
    return platform.footer.links() if platform.footer is not None else frozenset()


def artifacts(rendered: Rendered, catalog: Catalog, marks: Marks) -> Iterator[Artifact]:
    """Every file of a rendered message or snippet."""
    if rendered.message is None:
        for platform in catalog.platforms.values():
            if platform.format == "fragment":
                yield from _snippet(rendered, platform, catalog, marks)
        return
    yield from _preview(rendered, catalog, marks)
    for platform in takers(rendered.message, catalog):
        spelling = PlatformSpelling(platform, catalog)
        if platform.format == "fragment":
            forms = {"html": rendered.fragment, "text": rendered.text, "subject": rendered.subject}
        else:
            forms = _email_forms(rendered, rendered.emails[footer_links(platform)])
        yield from _files(rendered, platform.id, forms, spelling, marks, f"data/platforms/{platform.id}.yml")


def _email_forms(rendered: Rendered, email: Email) -> dict[str, str]:
    return {"html": email.html, "mjml": email.mjml, "text": email.text, "subject": rendered.subject}


def _preview(rendered: Rendered, catalog: Catalog, marks: Marks) -> Iterator[Artifact]:
    spelling = PreviewSpelling(catalog)
    yield from _files(
        rendered, "preview", _email_forms(rendered, rendered.emails[PREVIEW_LINKS]), spelling, marks, None
    )
    mail = eml.draft(mail_of(rendered, catalog, marks, spelling))
    yield _file(rendered, "preview", "eml", mail, None, (*rendered.document.heads(), *rendered.document.inlines()))


_ENDINGS = {"html": "html", "text": "txt", "subject": "subject.txt", "mjml": "mjml", "eml": "eml"}


def _files(
    rendered: Rendered, platform: str, forms: Mapping[str, str], spelling: Spelling, marks: Marks, source: str | None
) -> Iterator[Artifact]:
    for form, marked in forms.items():
        spell = spelling.html if form in ("html", "mjml") else spelling.text
        content = marks.fill(marked, spell).encode()
        nodes = nested(rendered.document.subject) if form == "subject" else rendered.document.inlines()
        yield _file(rendered, platform, form, content, source, nodes)


def _file(
    rendered: Rendered, platform: str, form: str, content: bytes, source: str | None, nodes: Iterable[Inline]
) -> Artifact:
    document, message = rendered.document, rendered.message
    used = list(nodes)
    variant = f".{document.variant}" if document.variant else ""
    folder = "" if message is not None else "snippets/"
    sources = [*document.sources, "data/placeholders.yml", "data/links.yml"]
    if source:
        sources.append(source)
    if message is not None and form in ("html", "mjml", "eml"):
        sources += ["data/brand.yml", f"templates/email/{message.head.layout}.mjml.j2"]
    return Artifact(
        path=f"exports/{platform}/{folder}{document.id}{variant}.{_ENDINGS[form]}",
        held=content,
        platform=platform,
        format=form,
        message=document.id if message is not None else None,
        variant=document.variant,
        block=None if message is not None else document.id,
        placeholders=tuple(dict.fromkeys(node.id for node in used if isinstance(node, Placeholder))),
        links=tuple(dict.fromkeys(node.id for node in used if isinstance(node, Link))),
        sources=tuple(dict.fromkeys(sources)),
    )


def _snippet(rendered: Rendered, platform: Platform, catalog: Catalog, marks: Marks) -> Iterator[Artifact]:
    forms = {"html": rendered.fragment, "text": rendered.text}
    yield from _files(
        rendered, platform.id, forms, PlatformSpelling(platform, catalog), marks, f"data/platforms/{platform.id}.yml"
    )


def mail_of(
    rendered: Rendered,
    catalog: Catalog,
    marks: Marks,
    spelling: Spelling,
    recipient: str | None = None,
    sender: str | None = None,
) -> Any:
    """The message as a mail, its blanks filled in by `spelling`.

    With a `recipient` it goes to that address alone, with a `sender` it comes from that one.
    """
    document = rendered.document

    def words(nodes: tuple[Inline, ...]) -> str:
        return marks.fill(text.line(nodes, marks), spelling.text)

    def people(mailboxes: tuple[Mailbox, ...]) -> list[eml.Person]:
        return [eml.Person(words(mailbox.name), words(mailbox.email)) for mailbox in mailboxes]

    email = rendered.emails[PREVIEW_LINKS]
    return eml.message(
        subject=words(document.subject),
        sender=eml.Person(words(document.sender), sender or catalog.brand.sender.email),
        to=[eml.Person("", recipient)] if recipient else people(document.to),
        cc=[] if recipient else people(document.cc),
        text=marks.fill(email.text, spelling.text),
        html=marks.fill(email.html, spelling.html),
    )
