"""Contrast of the brand's colors, in light and dark mode."""

from collections.abc import Iterator

from handover.model.brand import Colour
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error

NEEDED = 4.5
"""The least contrast of text with its background: WCAG 2.2, success criterion 1.4.3."""

PAIRS = (
    ("text", "background"),
    ("text", "surface"),
    ("muted", "background"),
    ("muted", "surface"),
    ("accent", "background"),
    ("accent", "surface"),
    ("button_text", "button"),
)
"""Each text color with each background that a layout or a page puts it on."""


def luminance(color: str) -> float:
    """The relative luminance of `#rrggbb`, 0 to 1, by WCAG 2.2."""
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colors, 1 to 21, by WCAG 2.2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def low_contrast(catalog: Catalog) -> Iterator[Diagnostic]:
    """Text that is hard to read: each color once, on its worst background."""
    for mode in ("light", "dark"):
        palette = getattr(catalog.brand.colours, mode)
        for text in dict.fromkeys(text for text, _ in PAIRS):
            color: Colour = getattr(palette, text)
            backgrounds = {each: getattr(palette, each) for words, each in PAIRS if words == text}
            background, behind = min(backgrounds.items(), key=lambda pair: contrast(color, pair[1]))
            ratio = contrast(color, behind)
            if ratio < NEEDED:
                message = (
                    f"'{text}' {color} on '{background}' {behind} (line {behind.place.line}) has a contrast of "
                    f"{int(ratio * 100) / 100}:1 in {mode} mode; the minimum is {NEEDED}:1."
                )
                darker, lighter = (text, background) if luminance(color) < luminance(behind) else (background, text)
                hint = f"Use a darker '{darker}' or a lighter '{lighter}'."
                yield error(color, "low-contrast", message, hint)


DATA_RULES = (low_contrast,)
