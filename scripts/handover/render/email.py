"""A Document and a layout to a full email, laid out once for all platforms.

The layout is rendered with marks of its own for everything that content says, compiled from MJML to HTML, and
only then is the content put in. So the compiler sees no word of content, and messages of one shape share one
compilation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jinja2 import TemplateError
from markupsafe import Markup
from mjml import mjml2html

from handover.model.brand import Brand
from handover.model.content import MessageHead
from handover.model.document import Block, Document, Heading, Link, Paragraph, Strong
from handover.model.marks import Marks, Slot
from handover.model.platform import FOOTER_LINKS, FooterLinks
from handover.render import text as plain_text
from handover.render.email_html import mend
from handover.render.fragment import rich, rich_line
from handover.render.spelling import escape
from handover.render.templating import TemplateFault, fault


@dataclass(frozen=True, slots=True)
class Email:
    """A full email with marks for what a platform puts in."""

    mjml: str
    html: str
    text: str
    template: str
    """The layout, as a path below the root."""
    text_template: str
    """The layout of the text part."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the message, for a layout: `heading`, `text`, or `button` for a paragraph that is one bold link."""

    kind: str
    inside: Markup
    level: int = 0
    href: Markup = field(default_factory=Markup)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of level 1 or 2 with what follows it; the first one may have none."""

    heading: Part | None
    parts: tuple[Part, ...]


class _Content:
    """What a layout sees as `email`. What it prints is a mark; `inside` holds what each mark stands for."""

    def __init__(self, document: Document, title: str, is_marketing: bool, marks: Marks, links: FooterLinks) -> None:
        self._document = document
        self._marks = marks
        self._prefix = marks.prefix + "y"
        self.inside: list[tuple[str, Any]] = []
        self.title = self._mark("line", escape(title))
        self.preheader = self._mark("line", rich_line(document.preheader, marks, {}))
        self.has_title_only = not any(isinstance(block, Heading) and block.level == 1 for block in document.blocks)
        self.is_marketing = is_marketing
        self.unsubscribe, self.view_online, self.preferences = (
            self._slot(name) if name in links else Markup("") for name in FOOTER_LINKS
        )
        self.postal_address = self._slot("postal_address")
        self.parts = tuple(self._parts())
        self.body = self._mark("blocks", document.blocks)
        self.sections = tuple(self._sections())

    def _mark(self, kind: str, inside: Any) -> Markup:
        if not inside:
            return Markup("")
        self.inside.append((kind, inside))
        return Markup(f"{self._prefix}{len(self.inside) - 1}q")  # noqa: S704 - a mark is plain ASCII

    def _slot(self, name: str) -> Markup:
        return self._mark("line", self._marks.mark(Slot("footer", name)))

    def _parts(self) -> list[Part]:
        made: list[Part] = []
        run: list[Block] = []
        for block in (*self._document.blocks, None):
            special = block is None or isinstance(block, Heading) or _only_link(block) is not None
            if special and run:
                made.append(Part("text", self._mark("blocks", tuple(run))))
                run = []
            if isinstance(block, Heading):
                made.append(Part("heading", self._mark("inline", block.children), block.level))
            elif block is not None and special:
                link = _only_link(block)
                assert link is not None  # noqa: S101 - said by special
                address = self._mark("line", escape(self._marks.address(link.id)))
                made.append(Part("button", self._mark("inline", link.children), href=address))
            elif block is not None:
                run.append(block)
        return made

    def _sections(self) -> list[Section]:
        made: list[Section] = []
        heading: Part | None = None
        run: list[Part] = []
        for part in self.parts:
            if part.kind == "heading" and part.level <= 2:
                if heading or run:
                    made.append(Section(heading, tuple(run)))
                heading, run = part, []
            else:
                run.append(part)
        return [*made, Section(heading, tuple(run))]

    def fill(self, skeleton: str, styles: Mapping[str, str], region: bool) -> str:
        """The skeleton with the content in it. The first run of text is what a platform's editor may change."""
        pattern = re.compile(re.escape(self._prefix) + r"(\d+)q")
        opened = self._marks.mark(Slot("region", "open"))
        closed = self._marks.mark(Slot("region", "close"))
        made: dict[int, str] = {}
        first = True
        for number in sorted({int(found) for found in pattern.findall(skeleton)}):
            kind, inside = self.inside[number]
            if kind == "blocks":
                html = rich(inside, self._marks, styles)
                made[number] = f"{opened}{html}{closed}" if first and region else html
                first = False
            else:
                made[number] = inside if kind == "line" else rich_line(inside, self._marks, styles)
        return pattern.sub(lambda match: made[int(match[1])], skeleton)


def _only_link(block: Block) -> Link | None:
    """The link of a paragraph that is nothing but one bold link: a call to action."""
    if isinstance(block, Paragraph) and len(block.children) == 1 and isinstance(block.children[0], Strong):
        inner = block.children[0].children
        if len(inner) == 1 and isinstance(inner[0], Link):
            return inner[0]
    return None


class LayoutFault(TemplateFault):
    """A layout whose MJML does not compile."""


@lru_cache(maxsize=512)
def _compile(mjml: str, name: str) -> str:
    try:
        html: str = mjml2html(mjml, fonts={})  # without its list of fonts to link from elsewhere
    except ValueError as trouble:
        raise LayoutFault(name, 1, f"its MJML does not compile: {trouble}") from None
    for damage in ("\\u{", "<mj-"):
        if damage in html:
            raise LayoutFault(name, 1, f"its MJML compiles to HTML with '{damage}' in it")
    return mend(html)


def lay_out(document: Document, head: MessageHead, brand: Brand, jinja: Any, marks: Marks, links: FooterLinks) -> Email:
    """The full email of a document, with marks.

    `head` names the layout, `links` the links of the foot. Raises TemplateFault if a
    template is wrong.
    """
    name, own_text = f"email/{head.layout}.mjml.j2", f"email/{head.layout}.txt.j2"
    text_name = own_text if own_text in jinja.loader.mapping else "email/_text.txt.j2"
    content = _Content(document, head.title, head.kind == "marketing", marks, links)
    body = plain_text.text(document.blocks, marks)
    context = {"brand": brand, "email": content}
    try:
        module = jinja.get_template(name).make_module(context)
        skeleton = str(module)
        styles: Mapping[str, str] = getattr(module, "styles", {})
        text = jinja.get_template(text_name).render(context, body=body, title=head.title)
    except TemplateError as trouble:
        raise fault(trouble, name) from None
    html = _compile(skeleton, name)
    return Email(
        mjml=content.fill(skeleton, styles, True),
        html=content.fill(html, styles, True) + "\n",
        text=content.fill(text, {}, False),
        template=f"templates/{name}",
        text_template=f"templates/{text_name}",
    )
