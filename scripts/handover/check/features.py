"""The features of HTML and CSS that a layout needs, by their names on caniemail.com."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any, NamedTuple

import tinycss2


class Use(NamedTuple):
    """A feature, and the strings to find it by in a template, the surest first."""

    feature: str
    needles: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The feature as it is written in CSS or HTML."""
        return self.needles[0]


_WITH_SIDES = frozenset({"background", "border", "margin", "outline", "overflow", "padding"})
_SAME_PROPERTY = {
    **dict.fromkeys(("left", "right", "top", "bottom"), "left-right-top-bottom"),
    **dict.fromkeys(("column-gap", "row-gap"), "gap"),
    **dict.fromkeys(("grid-template-columns", "grid-template-rows", "grid-template-areas"), "grid-template"),
}
_OWN_FEATURE = frozenset({"border-collapse", "border-radius", "border-spacing", "border-image", "overflow-wrap"})
_DISPLAYS = {"flex": "flex", "inline-flex": "flex", "grid": "grid", "inline-grid": "grid", "none": "none"}
_FUNCTIONS = {
    "calc": "css-unit-calc",
    "var": "css-variables",
    "light-dark": "css-function-light-dark",
    **{name: f"css-function-{name}" for name in ("clamp", "max", "min")},
    **{name: f"css-{name}" for name in ("rgb", "rgba", "linear-gradient", "radial-gradient", "conic-gradient")},
    **dict.fromkeys(("lch", "oklch", "lab", "oklab"), "css-modern-color"),
}
_SYSTEM_FONTS = frozenset({"system-ui", "ui-serif", "ui-sans-serif", "ui-rounded", "ui-monospace"})
_COMBINATORS = {">": "child", "+": "adjacent-sibling", "~": "general-sibling", "*": "universal"}
_MEDIA = frozenset({"prefers-color-scheme", "prefers-reduced-motion", "orientation", "hover", "device-pixel-ratio"})


@lru_cache(maxsize=4096)
def in_declarations(css: str) -> tuple[Use, ...]:
    """The features in a `style` attribute."""
    return tuple(_declarations(tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True)))


@lru_cache(maxsize=256)
def in_stylesheet(css: str) -> tuple[Use, ...]:
    """The features in a `style` element, except inside `@media` and `@supports`: other clients skip those."""
    uses: list[Use] = []
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            uses += _selector(rule.prelude)
            uses += _declarations(
                tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            )
        elif rule.type == "at-rule":
            uses.append(Use(f"css-at-{rule.lower_at_keyword}", (f"@{rule.lower_at_keyword}",)))
            uses += [
                Use(f"css-at-media-{token.value}", (token.value,))
                for token in _every(rule.prelude)
                if token.type == "ident" and token.value in _MEDIA
            ]
    return tuple(uses)


def _declarations(nodes: Iterable[Any]) -> Iterator[Use]:
    for node in nodes:
        if node.type == "declaration" and not node.lower_name.startswith(("mso-", "-webkit-", "-ms-", "-moz-")):
            written = f"{node.lower_name}:{tinycss2.serialize(node.value).strip()}"
            needles = (written, written.replace(":", ": ", 1), node.name)
            yield Use(_property(node.lower_name), (node.name,))
            for feature in _values(node.lower_name, node.value):
                yield Use(feature, needles)
            if node.important:
                yield Use("css-important", ("!important",))


def _property(name: str) -> str:
    if name.startswith("--"):
        return "css-variables"
    family = name.partition("-")[0]
    is_side = family in _WITH_SIDES and name not in _OWN_FEATURE and not name.endswith("-radius")
    if is_side and family != "background":
        return f"css-{family}"
    return f"css-{_SAME_PROPERTY.get(name, name)}"


def _values(name: str, tokens: Iterable[Any]) -> Iterator[str]:
    for token in _every(tokens):
        if token.type == "dimension":
            yield f"css-unit-{token.lower_unit}"
        elif token.type == "percentage":
            yield "css-unit-percent"
        elif token.type == "function" and token.lower_name in _FUNCTIONS:
            yield _FUNCTIONS[token.lower_name]
        elif token.type == "ident" and name == "display" and token.lower_value in _DISPLAYS:
            yield f"css-display-{_DISPLAYS[token.lower_value]}"
        elif token.type == "ident" and token.lower_value in _SYSTEM_FONTS:
            yield "css-sytem-ui"  # caniemail.com spells it so


def _selector(tokens: list[Any]) -> Iterator[Use]:
    colons = 0
    for token in tokens:
        if token.type == "literal" and token.value == ":":
            colons += 1
            continue
        if colons and token.type in ("ident", "function"):
            name = token.lower_value if token.type == "ident" else token.lower_name
            kind = "class" if colons == 1 else "element"
            yield Use(f"css-pseudo-{kind}-{name}", (":" * colons + name,))
        elif token.type == "hash":
            yield Use("css-selector-id", (f"#{token.value}",))
        elif token.type == "[] block":
            yield Use("css-selector-attribute", (token.serialize(),))
        elif token.type == "literal" and token.value in _COMBINATORS:
            yield Use(f"css-selector-{_COMBINATORS[token.value]}", (token.value,))
        colons = 0


def _every(tokens: Iterable[Any]) -> Iterator[Any]:
    """The tokens and all their descendants."""
    for token in tokens:
        yield token
        yield from _every(getattr(token, "arguments", None) or getattr(token, "content", None) or ())


_SAME_TAG = {
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
        yield Use(_SAME_TAG.get(tag.name, f"html-{tag.name}"), (needle,))
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
