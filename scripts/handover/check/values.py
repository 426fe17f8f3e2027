"""Values of data files: colors, details of people, titles."""

import unicodedata
from collections.abc import Iterator

from handover.check.references import repeated
from handover.model.brand import Colour
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error, warning
from handover.model.platform import token_delimiters
from handover.model.spelling import guess

NEEDED = 4.5
"""The least contrast of text with its background: WCAG 2.2, success criterion 1.4.3."""

BACKGROUNDS = {
    **dict.fromkeys(("text", "muted", "accent"), ("background", "surface")),
    "button_text": ("button",),
}
"""By text color, the backgrounds that a layout or a page puts it on."""


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
        for text, names in BACKGROUNDS.items():
            color: Colour = getattr(palette, text)
            background = min(names, key=lambda name: contrast(color, getattr(palette, name)))
            behind = getattr(palette, background)
            ratio = contrast(color, behind)
            if ratio < NEEDED:
                message = (
                    f"'{text}' {color} on '{background}' {behind} (line {behind.place.line}) has a contrast of "
                    f"{int(ratio * 100) / 100}:1 in {mode} mode; the minimum is {NEEDED}:1."
                )
                darker, lighter = (text, background) if luminance(color) < luminance(behind) else (background, text)
                hint = f"Use a darker '{darker}' or a lighter '{lighter}'."
                yield error(color, "low-contrast", message, hint)


def unsuitable_details(catalog: Catalog) -> Iterator[Diagnostic]:
    """Details that the form would refuse if someone typed them: one error per value."""
    tokens = token_delimiters(catalog.platforms.values())
    for person in catalog.people.values():
        reported = set()
        for placeholder in catalog.every_placeholder:
            field = placeholder.person
            value = getattr(person, field) if field else None
            if value is None or field in reported:
                continue
            problem = placeholder.problem_with(value, tokens)
            if problem:
                reported.add(field)
                hint = guess(value, placeholder.options, "The options are") if placeholder.options else placeholder.fix
                yield error(value, "invalid-value", f"{problem}.", hint)


def similar_titles(catalog: Catalog) -> Iterator[Diagnostic]:
    """A title with the words of another message's: one warning per title after the first."""
    for message, first in repeated(catalog.messages.values(), lambda message: _words(message.head.title)):
        problem = f"the title reads like that of '{first.id}', so people can pick the wrong one."
        hint = "Add what differs: the sender, the recipient or the time."
        yield warning(message.head.title, "similar-title", problem, hint)


def _words(title: str) -> str:
    """The title without upper case, punctuation and repeated spaces, if anything else is in it."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    kept = "".join(" " if unicodedata.category(each)[0] in "PZC" else each for each in folded)
    return " ".join(kept.split()) or folded


DATA_RULES = (low_contrast, unsuitable_details, similar_titles)
