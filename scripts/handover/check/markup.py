"""The tags of a layout, and the features of HTML and CSS that they need."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from typing import NamedTuple

from handover.check.css_features import Use, in_declarations, in_stylesheet

_SAME = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "html-h1-h6"),
    **dict.fromkeys(("ul", "ol", "li", "dl", "dt", "dd"), "html-lists"),
    **dict.fromkeys(("article", "aside", "footer", "header", "main", "nav", "section"), "html-semantics"),
    **dict.fromkeys(("details", "figcaption", "figure", "mark", "summary", "time"), "html-semantics"),
    **dict.fromkeys(("b", "strong"), "html-strong"),
}
_COMPONENT_CSS = frozenset({"border-radius", "letter-spacing", "text-decoration", "text-transform", "font-family"})
"""Attributes of MJML components that become the CSS property of the same name."""
_ATTRIBUTES = frozenset(
    {"align", "background", "dir", "hidden", "lang", "role", "srcset", "target", "valign", "loading", "required"}
)
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_NEW_IMAGES = re.compile(r"\.(webp|avif|heic|heif|apng)(?=[?#\"')]|$)", re.IGNORECASE)


class Tag(NamedTuple):
    """An opening tag, or a style element with its rules."""

    name: str
    attributes: dict[str, str | None]
    source: str
    parent: str
    """The name of the tag around it; empty if there is none."""
    rules: str = ""


@lru_cache(maxsize=8)
def tags(markup: str) -> list[Tag]:
    """Each opening tag outside comments."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.tags


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self.open: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(Tag(tag, dict(attrs), self.get_starttag_text() or "", self.open[-1]))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open[-1] in ("style", "mj-style"):
            self.tags[-1] = self.tags[-1]._replace(rules=self.tags[-1].rules + data)


def features(tag: Tag) -> Iterator[Use]:
    """Every feature of CSS and HTML that a tag needs."""
    needle = f"<{tag.name}"
    if tag.rules:
        yield from in_stylesheet(tag.rules)
        return
    if tag.name.startswith("mj-") or tag.name == "mjml":
        for name, value in tag.attributes.items():
            if name in _COMPONENT_CSS and value:
                yield from in_declarations(f"{name}:{value}")
    else:
        yield Use(_SAME.get(tag.name, f"html-{tag.name}"), (needle,))
        for name in tag.attributes:
            if name in _ATTRIBUTES or name.startswith("aria-"):
                yield Use(f"html-{name}", (f"{name}=",))
        if tag.name == "meta" and tag.attributes.get("name") == "color-scheme":
            yield Use("html-meta-color-scheme", ('name="color-scheme"',))
    yield from in_declarations(tag.attributes.get("style") or "")
    image = _NEW_IMAGES.search(tag.source)
    if image:
        kind = image[1].lower()
        yield Use(f"image-{'heif' if kind == 'heic' else kind}", (f".{image[1]}",))
