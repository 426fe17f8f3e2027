"""A document and a layout to a full email, laid out once for all platforms.

The layout is rendered with marks in place of the content, and compiled from MJML to HTML; then the content replaces
the marks. So the compiler never sees content, and messages of the same shape share one compilation.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from mjml import mjml2html

from handover.model.document import Document, Layout
from handover.model.marks import Marks
from handover.model.platform import FooterLinks
from handover.render.email_content import Content
from handover.render.email_html import modernize
from handover.render.skeleton import Hole, Pieces, Skeleton
from handover.render.templating import TemplateFault, rendering

MAX_MJML = 500_000
"""The most characters of a rendered layout."""
MAX_DEPTH = 100
"""The deepest nesting of its tags."""

_DAMAGE = re.compile(r"\\u\{|</?mj-[\w-]*")
"""What the compiler leaves in its output for invalid MJML."""
_TAG = re.compile(r"<(/?)[a-zA-Z][^>]*?(/?)>")

MAX_SHAPES = 64
"""The size of the cache of compiled layouts; those of the least recently used shape are dropped first."""


class Form(NamedTuple):
    """What an email has around the message: the links in its footer, and the hidden preheader."""

    footer: FooterLinks
    has_preheader: bool = True


@dataclass(frozen=True)
class Email:
    """A full email, with marks for a platform's tokens."""

    content: Content
    skeleton: Skeleton

    @property
    def layout(self) -> Layout:
        """The layout without the content."""
        return self.skeleton.layout

    @cached_property
    def mjml(self) -> str:
        """The source of the HTML."""
        return self.content._fill(self._mjml_and_html[0], self.layout.styles, self.skeleton.region)

    @cached_property
    def html(self) -> str:
        """The HTML with gaps where a line can end."""
        return self.content._fill(self._mjml_and_html[1], self.layout.styles, self.skeleton.region)

    @cached_property
    def text(self) -> str:
        """The plain text."""
        return self.content._fill(self.skeleton.text, ())

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The HTML of each part of the message, which `mjml` and `html` must contain."""
        return self.content._parts_html(self.layout.styles)

    @cached_property
    def _mjml_and_html(self) -> tuple[Pieces, Pieces]:
        return self.skeleton.mjml_and_html(self.content._values(self.skeleton.plain))


class _Layouts:
    """The layouts of one build, each compiled once per shape of message."""

    def __init__(self, jinja: Any, marks: Marks) -> None:
        self.brand = marks.catalog.brand
        self.jinja = jinja
        self.pattern = re.compile(re.escape(marks.prefix) + r"y(\d+)q")
        self.damaged = re.compile(re.escape(marks.prefix) + r"y\d", re.IGNORECASE)
        self.attribute = re.compile(rf' ([\w:-]+)="([^"]*{self.pattern.pattern}[^"]*)"')
        self.cache: OrderedDict[tuple[Any, ...], dict[Form, Skeleton]] = OrderedDict()

    def of(self, name: str, content: Content) -> dict[Form, Skeleton]:
        """The layout `name` for messages of this shape, in each form in which one was laid out."""
        key = (name, content._shape())
        skeletons = self.cache[key] = self.cache.pop(key, {})
        if len(self.cache) > MAX_SHAPES:
            self.cache.popitem(last=False)
        return skeletons

    def build(self, name: str, content: Content) -> Skeleton:
        """The layout `name` for messages of this shape. Raises TemplateFault."""
        with rendering(name):
            module = self.jinja.get_template(name).make_module({"brand": self.brand, "email": content})
            mjml = str(module)
        region = min(filter(content._is_text, map(int, self._split(mjml, name)[1::2])), default=None)
        html = _compile(mjml, name) + "\n"
        own = f"{name.removesuffix('.mjml.j2')}.txt.j2"
        text_template = own if own in self.jinja.loader.mapping else "email/_text.txt.j2"
        text = self._text(text_template, content)
        layout = Layout(
            template=f"templates/{name}",
            text_template=f"templates/{text_template}",
            mjml=mjml,
            html=html,
            text=text.replace(content._text_body, "").replace(content._text_title, content.title),
            styles=tuple(getattr(module, "styles", {}).items()),
            marks=content._names(),
            language=content.language,
        )
        pieces = (
            Hole(int(each)) if number % 2 else each for number, each in enumerate(self._split(text, text_template))
        )
        return Skeleton(layout, tuple(pieces), self.pattern, self.attribute, region)

    def _split(self, text: str, name: str) -> list[str]:
        """A template's output as a list that alternates text and the numbers of the content's marks."""
        pieces = self.pattern.split(text)
        if any(self.damaged.search(piece) for piece in pieces[::2]):
            raise TemplateFault(name, 1, "a filter in it changes the message's content")
        return pieces

    def _text(self, template: str, content: Content) -> str:
        context = {"brand": self.brand, "email": content, "body": content._text_body, "title": content._text_title}
        with rendering(template):
            return str(self.jinja.get_template(template).render(context))


def _compile(mjml: str, name: str) -> str:
    if len(mjml) > MAX_MJML or _depth(mjml) > MAX_DEPTH:
        raise TemplateFault(name, 1, f"its MJML exceeds {MAX_MJML:,} characters, or {MAX_DEPTH} levels of tags")
    try:
        html: str = mjml2html(mjml, fonts={})  # no fonts linked from other hosts
    except ValueError as trouble:
        raise TemplateFault(name, 1, f"its MJML does not compile: {trouble}") from None
    damage = _DAMAGE.search(html)
    if damage is not None:
        raise TemplateFault(name, 1, f"MJML does not allow '{damage[0]}' here")
    return modernize(html)


def _depth(mjml: str) -> int:
    """How deep the tags are nested: at twenty thousand levels, the compiler crashes the process."""
    depth = deepest = 0
    for closing, alone in _TAG.findall(mjml):
        depth += -1 if closing else 0 if alone else 1
        deepest = max(deepest, depth)
    return deepest


def lay_out(
    document: Document,
    layout: str,
    body: str,
    jinja: Any,
    marks: Marks,
    forms: Iterable[Form],
) -> dict[Form, Email]:
    """Return the full email of a document, with marks, in each form.

    `layout` is the layout's name, `body` the plain text of the document. Raises TemplateFault if a template is wrong.
    """
    name = f"email/{layout}.mjml.j2"
    if _Layouts not in marks.memo:
        marks.memo[_Layouts] = _Layouts(jinja, marks)
    layouts: _Layouts = marks.memo[_Layouts]
    whole = Content(document, body, marks)
    skeletons = layouts.of(name, whole)
    emails: dict[Form, Email] = {}
    for form in forms:
        content = whole._with(*form)
        if form not in skeletons:
            skeletons[form] = layouts.build(name, content)
        emails[form] = Email(content, skeletons[form])
    return emails
