"""A Document and a layout to a full email, laid out once for all platforms.

The layout is rendered with marks of its own for everything that content says, compiled from MJML to HTML, and
only then is the content put in. So the compiler sees no word of content, and messages of one shape share one
compilation.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError
from mjml import mjml2html

from handover.model.brand import Brand
from handover.model.content import MessageHead
from handover.model.document import Document
from handover.model.marks import Marks
from handover.model.platform import FooterLinks
from handover.render import text as plain_text
from handover.render.email_content import Content, Styles
from handover.render.email_html import mend
from handover.render.templating import TemplateFault, fault

MAX_SKELETONS = 256
"""Compiled layouts that are kept; the one that was not wanted for the longest time goes first."""


@dataclass(frozen=True, slots=True)
class Email:
    """A full email with marks for what a platform puts in."""

    mjml: str
    html: str
    text: str
    parts: tuple[str, ...]
    """The HTML of each part of the message: what both have to have in them."""
    body: str
    """What the text has to have in it."""
    template: str
    """The layout, as a path below the root."""
    text_template: str
    """The layout of the text part."""


class LayoutFault(TemplateFault):
    """A layout whose MJML does not compile."""


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """A layout for one shape of message, compiled: text and the numbers of the content's marks in turns."""

    mjml: list[str]
    html: list[str]
    styles: Styles
    region: str | None
    """The mark of the first run of text, which a platform's editor may change."""


class _Layouts:
    """The layouts of one build, each compiled once for each shape of message."""

    def __init__(self, brand: Brand, jinja: Any, marks: Marks) -> None:
        self.brand = brand
        self.jinja = jinja
        self.pattern = re.compile(re.escape(marks.prefix) + r"y(\d+)q")
        self.kept: OrderedDict[tuple[Any, ...], _Skeleton] = OrderedDict()

    def skeleton(self, name: str, content: Content) -> _Skeleton:
        """The layout `name` for a message of this shape. Raises TemplateFault."""
        key = (name, content._shape())
        made = self.kept.pop(key, None) or self._compiled(name, content)
        self.kept[key] = made
        if len(self.kept) > MAX_SKELETONS:
            self.kept.popitem(last=False)
        return made

    def _compiled(self, name: str, content: Content) -> _Skeleton:
        try:
            module = self.jinja.get_template(name).make_module({"brand": self.brand, "email": content})
        except TemplateError as trouble:
            raise fault(trouble, name) from None
        mjml = str(module)
        pieces = self.pattern.split(mjml)
        region = min(filter(content._is_text, pieces[1::2]), key=int, default=None)
        html = self.pattern.split(_compile(mjml, name) + "\n")
        return _Skeleton(pieces, html, Styles(getattr(module, "styles", {})), region)

    def text(self, name: str, content: Content, body: str, title: str) -> list[str]:
        """The text part, in pieces. Raises TemplateFault."""
        try:
            made = self.jinja.get_template(name).render(brand=self.brand, email=content, body=body, title=title)
        except TemplateError as trouble:
            raise fault(trouble, name) from None
        return self.pattern.split(made)


def _compile(mjml: str, name: str) -> str:
    try:
        html: str = mjml2html(mjml, fonts={})  # without its list of fonts to link from elsewhere
    except ValueError as trouble:
        raise LayoutFault(name, 1, f"its MJML does not compile: {trouble}") from None
    for damage in ("\\u{", "<mj-"):
        if damage in html:
            raise LayoutFault(name, 1, f"its MJML compiles to HTML with '{damage}' in it")
    return mend(html)


def lay_out(
    document: Document, head: MessageHead, brand: Brand, jinja: Any, marks: Marks, feet: Iterable[FooterLinks]
) -> dict[FooterLinks, Email]:
    """The full email of a document, with marks, for each set of links in its foot.

    `head` names the layout. Raises TemplateFault if a template is wrong.
    """
    name, own_text = f"email/{head.layout}.mjml.j2", f"email/{head.layout}.txt.j2"
    text_name = own_text if own_text in jinja.loader.mapping else "email/_text.txt.j2"
    if _Layouts not in marks.memo:
        marks.memo[_Layouts] = _Layouts(brand, jinja, marks)
    layouts: _Layouts = marks.memo[_Layouts]
    whole = Content(document, head.title, head.kind == "marketing", marks)
    body = plain_text.text(document.blocks, marks)
    made: dict[FooterLinks, Email] = {}
    for links in feet:
        content = whole._with(links)
        skeleton = layouts.skeleton(name, content)
        made[links] = Email(
            mjml=content._fill(skeleton.mjml, skeleton.styles, skeleton.region),
            html=content._fill(skeleton.html, skeleton.styles, skeleton.region),
            text=content._fill(layouts.text(text_name, content, body, head.title), Styles({})),
            parts=content._said(skeleton.styles),
            body=body,
            template=f"templates/{name}",
            text_template=f"templates/{text_name}",
        )
    return made
