"""Whether the brand's colours can be read, in both schemes."""

from collections.abc import Iterator

from handover.model.brand import Colour
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error

NEEDED = 4.5
"""The contrast of text and its ground: WCAG 2.2, success criterion 1.4.3."""

PAIRS = (
    ("text", "background"),
    ("text", "surface"),
    ("muted", "background"),
    ("muted", "surface"),
    ("accent", "background"),
    ("accent", "surface"),
    ("button_text", "button"),
)
"""Each colour of words with each ground that a layout or a page puts them on."""


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`, 0 to 1, by WCAG 2.2."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21, by WCAG 2.2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def low_contrast(catalog: Catalog) -> Iterator[Diagnostic]:
    """Words that some people cannot tell from their ground: each colour once, on the ground where it is worst."""
    for scheme in ("light", "dark"):
        palette = getattr(catalog.brand.colours, scheme)
        for words in dict.fromkeys(words for words, _ in PAIRS):
            over: Colour = getattr(palette, words)
            grounds = {ground: getattr(palette, ground) for each, ground in PAIRS if each == words}
            ground, under = min(grounds.items(), key=lambda pair: contrast(over, pair[1]))
            ratio = contrast(over, under)
            if ratio < NEEDED:
                message = (
                    f"'{words}' {over} on '{ground}' {under} (line {under.place.line}) has a contrast of "
                    f"{int(ratio * 100) / 100}:1 in the {scheme} scheme, and {NEEDED}:1 is needed."
                )
                darker, lighter = (words, ground) if luminance(over) < luminance(under) else (ground, words)
                hint = f"Take a darker '{darker}' or a lighter '{lighter}'."
                yield error(over.place, "low-contrast", message, hint, len(over))


DATA_RULES = (low_contrast,)
