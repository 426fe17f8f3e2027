"""A document and a layout to a full email, laid out once for all platforms.

The layout is rendered with marks in place of the content, and compiled from MJML to HTML; then the content replaces
the marks. So the compiler never sees content, and messages of the same shape share one compilation.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from mjml import mjml2html

from handover.model.brand import Brand
from handover.model.document import Document, Layout
from handover.model.marks import Marks
from handover.model.platform import FooterLinks
from handover.render.email_content import Content
from handover.render.email_html import modernize
from handover.render.templating import TemplateFault, rendering

MAX_MJML = 500_000
"""The most characters of a rendered layout."""
MAX_DEPTH = 100
"""The deepest nesting of its tags."""

_DAMAGE = re.compile(r"\\u\{|</?mj-[\w-]*")
"""What the compiler leaves in its output for invalid MJML."""
_TAG = re.compile(r"<(/?)[a-zA-Z][^>]*?(/?)>")

MAX_SKELETONS = 256
"""The size of the cache of compiled layouts; the least recently used is dropped first."""


class Form(NamedTuple):
    """What an email has around the message: the links in its footer, and the hidden preheader."""

    footer: FooterLinks
    has_preheader: bool = True


@dataclass(frozen=True, slots=True)
class Email:
    """A full email, with marks for a platform's tokens."""

    mjml: str
    html: str
    text: str
    parts: tuple[str, ...]
    """The HTML of each part of the message, which `mjml` and `html` must contain."""
    layout: Layout
    """The layout without the content."""


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """A layout compiled for messages of one shape, as lists that alternate text and the numbers of marks."""

    mjml: list[str]
    html: list[str]
    text: list[str]
    region: str | None
    """The number of the mark of the first run of text, which a platform's editor can change."""
    layout: Layout


class _Layouts:
    """The layouts of one build, each compiled once per shape of message."""

    def __init__(self, brand: Brand, jinja: Any, marks: Marks) -> None:
        self.brand = brand
        self.jinja = jinja
        self.pattern = re.compile(re.escape(marks.prefix) + r"y(\d+)q")
        self.damaged = re.compile(re.escape(marks.prefix) + r"y\d", re.IGNORECASE)
        self.attribute = re.compile(rf' ([\w:-]+)="([^"]*{re.escape(marks.prefix)}\d[^"]*)"')
        self.marks = marks
        self.cache: OrderedDict[tuple[Any, ...], _Skeleton] = OrderedDict()

    def skeleton(self, name: str, content: Content) -> _Skeleton:
        """The layout `name` for a message of this shape. Raises TemplateFault."""
        key = (name, content._shape())
        skeleton = self.cache.pop(key, None) or self._build(name, content)
        self.cache[key] = skeleton
        if len(self.cache) > MAX_SKELETONS:
            self.cache.popitem(last=False)
        return skeleton

    def without_values(self, html: str) -> str:
        """The HTML without the attributes that repeat words with a placeholder, such as the subject as `aria-label`.

        A platform may write a value as it is, and a quote in it would end the attribute.
        """

        def cleared(match: re.Match[str]) -> str:
            if all(slot.kind != "placeholder" for slot in self.marks.used(match[2])):
                return match[0]
            return ' alt=""' if match[1] == "alt" else ""

        return self.attribute.sub(cleared, html)

    def _build(self, name: str, content: Content) -> _Skeleton:
        with rendering(name):
            module = self.jinja.get_template(name).make_module({"brand": self.brand, "email": content})
            mjml = str(module)
        pieces = self._pieces(mjml, name)
        region = min(filter(content._is_text, pieces[1::2]), key=int, default=None)
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
        return _Skeleton(pieces, self.pattern.split(html), self._pieces(text, text_template), region, layout)

    def _pieces(self, text: str, name: str) -> list[str]:
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
    brand: Brand,
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
        marks.memo[_Layouts] = _Layouts(brand, jinja, marks)
    layouts: _Layouts = marks.memo[_Layouts]
    whole = Content(document, body, brand, marks)
    emails: dict[Form, Email] = {}
    for form in forms:
        content = whole._with(*form)
        skeleton = layouts.skeleton(name, content)
        styles = skeleton.layout.styles
        emails[form] = Email(
            mjml=layouts.without_values(content._fill(skeleton.mjml, styles, skeleton.region)),
            html=layouts.without_values(content._fill(skeleton.html, styles, skeleton.region)),
            text=content._fill(skeleton.text, ()),
            parts=content._parts_html(styles),
            layout=skeleton.layout,
        )
    return emails
