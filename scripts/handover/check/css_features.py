"""The features of CSS that a style sheet needs, by their names on caniemail.com."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
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
_SAME = {
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
    return f"css-{_SAME.get(name, name)}"


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
