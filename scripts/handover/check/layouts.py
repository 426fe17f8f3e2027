"""What a layout has to have and may not have, whatever the message says; each finding with its line in the template."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache

from handover.check.css_features import Use, in_declarations
from handover.check.foreign_tokens import token_shapes
from handover.check.markup import Tag, features, tags
from handover.check.outputs import visible
from handover.check.sources import TemplateSource
from handover.model.artifact import Layout, Rendering
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error, warning
from handover.model.located import Located

_NEVER = {
    "css-variables": (
        "unsupported-css",
        "'var()' and custom properties",
        "Write the value itself: a layout has 'brand'.",
    ),
    "css-display-flex": ("unsupported-css", "'display: flex'", "Use mj-section and mj-column."),
    "css-display-grid": ("unsupported-css", "'display: grid'", "Use mj-section and mj-column."),
    "css-position": ("unsupported-css", "'position'", "Use padding and columns."),
    "html-svg": ("unsupported-image", "an <svg> element", "Use a PNG with 'alt'."),
    "image-webp": ("unsupported-image", "a .webp picture", "Use a PNG or JPEG."),
    "image-avif": ("unsupported-image", "an .avif picture", "Use a PNG or JPEG."),
}
"""What so many mail clients lack that no email may need it: its code, its name, what to do instead."""

Rule = Callable[[Layout, TemplateSource, Catalog], Iterator[Diagnostic]]


def check_layout(rendering: Rendering, catalog: Catalog) -> Iterator[Diagnostic]:
    """All that is wrong with the layout of a full email."""
    layout = rendering.layout
    if layout is not None:
        yield from _findings(layout, catalog)
        yield from _headline(rendering, layout, catalog)


class _ByIdentity:
    """Makes a catalog a key of the cache: one build has one."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def __hash__(self) -> int:
        return id(self.catalog)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.catalog is self.catalog


def _findings(layout: Layout, catalog: Catalog) -> tuple[Diagnostic, ...]:
    return _found(layout, _ByIdentity(catalog))


@lru_cache(maxsize=512)
def _found(layout: Layout, key: _ByIdentity) -> tuple[Diagnostic, ...]:
    source = TemplateSource(layout.template, key.catalog.templates)
    return tuple(found for rule in RULES for found in rule(layout, source, key.catalog))


def support(layout: Layout, source: TemplateSource, catalog: Catalog) -> Iterator[Diagnostic]:
    """CSS, HTML and pictures that a mail client lacks."""
    seen: set[str] = set()
    for use in _uses(layout):
        if use.feature in seen:
            continue
        seen.add(use.feature)
        logo = next((src for src in _own_addresses(catalog) if use.shown in src), None)
        place = source.place(*use.needles) if logo is None else logo.at(use.shown)
        if use.feature in _NEVER:
            code, name, hint = _NEVER[use.feature]
            yield error(place, code, f"many mail clients do not know {name}.", hint, len(use.shown))
            continue
        clients = catalog.mail_clients.lacking(use.feature, catalog.brand.clients)
        if clients and not source.may_lack(place.path, use.feature):
            *others, last = clients
            names = f"{', '.join(others)} and {last} lack" if others else f"{last} lacks"
            hint = f"Do without it, or say in a comment what happens there: {{# may-lack {use.feature}: … #}}"
            yield warning(place, "client-support", f"{names} '{use.shown}'.", hint, len(use.shown))


def _uses(layout: Layout) -> Iterator[Use]:
    for tag in tags(layout.mjml):
        yield from features(tag)
    for _, style in layout.styles:
        yield from in_declarations(style)


def pictures(layout: Layout, source: TemplateSource, catalog: Catalog) -> Iterator[Diagnostic]:
    """A picture that says nothing where pictures are off."""
    for tag in _once(layout):
        if tag.name in ("img", "mj-image", "mj-carousel-image") and tag.attributes.get("alt") is None:
            place = source.place(tag.source, f'src="{tag.attributes.get("src")}"', f"<{tag.name}")
            message = "a picture without 'alt' says nothing to who does not see it."
            yield error(place, "missing-alt", message, 'Add alt="…", empty for mere decoration.', len(tag.name) + 1)


def addresses(layout: Layout, source: TemplateSource, catalog: Catalog) -> Iterator[Diagnostic]:
    """A link that leads nowhere, or without encryption."""
    for tag in _once(layout):
        for name in ("href", "src", "background-url"):
            address = tag.attributes.get(name)
            is_empty = name in tag.attributes and (address or "").strip() in ("", "#")
            is_open = (address or "").lower().startswith("http://") and address not in _own_addresses(catalog)
            if not (is_empty or is_open):
                continue
            place = source.place(tag.source, f'{name}="{address}"', f"<{tag.name}")
            if is_empty:
                yield error(place, "empty-address", f"'{name}' leads nowhere.", "Fill it in, or take the tag out.")
            else:
                hint = "Write https://."
                yield warning(place, "insecure-link", f"'{address}' is not encrypted.", hint, len(tag.name) + 1)


def _own_addresses(catalog: Catalog) -> tuple[Located, ...]:
    """Those that have a finding of their own, where they are written."""
    return (catalog.brand.logo.src,) if catalog.brand.logo else ()


def _once(layout: Layout) -> Iterator[Tag]:
    """Each different tag of the layout that has an address or a picture."""
    named = {tag.source: tag for tag in tags(layout.mjml) if not tag.rules}
    yield from named.values()


def language(layout: Layout, source: TemplateSource, catalog: Catalog) -> Iterator[Diagnostic]:
    """An email that does not say its language, its direction or its title: it is read aloud wrongly."""
    for element, lang, direction in children_of_body(layout.html):
        if lang in ("", "und") or direction in ("", "auto"):
            message = f"the language or the direction of <{element}> is not said, and a child of body has to say both."
            hint = 'Write <mjml lang="{{ brand.language }}" dir="{{ brand.direction }}">.'
            yield error(source.place("<mjml"), "missing-language", message, hint)
    title = re.search(r"<title>(.*?)</title>", layout.html, re.DOTALL)
    if title is None or not title[1].strip():
        hint = "Write <mj-title>{{ email.title }}</mj-title> into its head."
        yield error(source.place("<mj-title", "<mj-head", "<mjml"), "missing-title", "the email has no title.", hint)


def children_of_body(html: str) -> Iterator[tuple[str, str, str]]:
    """Name, `lang` and `dir` of each element that stands right below `body`."""
    body = re.sub(r"<!--.*?-->", "", html[html.find("<body") :], flags=re.DOTALL)
    depth = 0
    for match in re.finditer(r"<(/?)([a-zA-Z][\w-]*)([^>]*)>", body):
        closing, name, rest = match[1], match[2].lower(), match[3]
        if closing:
            depth -= 1
            continue
        if depth == 1:
            lang, direction = (re.search(rf'\s{key}="([^"]*)"', rest) for key in ("lang", "dir"))
            yield name, lang[1] if lang else "", direction[1] if direction else ""
        if name not in _VOID and not rest.endswith("/"):
            depth += 1


_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})


def parity(layout: Layout, source: TemplateSource, catalog: Catalog) -> Iterator[Diagnostic]:
    """Words or links that only one of the two parts of the mail has; the company's name may stand in the HTML alone."""
    marks = dict(layout.marks)
    preheader = marks.pop("preheader", "")
    shown = re.sub(r"<title>.*?</title>", "", layout.html, flags=re.DOTALL)
    shown = shown.replace(preheader, "") if preheader else shown
    for name, mark in marks.items():
        there = mark in (visible(shown) if name == "title" else shown)
        if there != (mark in layout.text):
            yield _differ(layout, source, there, f"'{name}'", f"email.{name}")
    words = [_words(text, marks, catalog) for text in (visible(shown), layout.text)]
    for is_html, lost in ((True, words[0] - words[1]), (False, words[1] - words[0])):
        if lost:
            first = " ".join(list(lost)[:4])
            yield _differ(layout, source, is_html, f"'{first}'", next(iter(lost)))


def _words(text: str, marks: dict[str, str], catalog: Catalog) -> Counter[str]:
    """The layout's own words: no marks, and not the company's name."""
    name = catalog.brand.logo.alt if catalog.brand.logo else catalog.brand.name
    own = {word for mark in marks.values() for word in re.findall(r"\w+", mark)} | set(re.findall(r"\w+", name))
    start = next(iter(marks.values()), "").rstrip("0123456789q")
    found = re.findall(r"\w+", re.sub(r"https?://\S+", " ", text))
    return Counter(word for word in found if word not in own and not (start and word.startswith(start)))


def _differ(layout: Layout, source: TemplateSource, in_html: bool, what: str, needle: str) -> Diagnostic:
    where, other = ("HTML", "text") if in_html else ("text", "HTML")
    name = layout.template.rpartition("/")[2].removesuffix(".mjml.j2")
    file = f"templates/email/{name}.txt.j2" if in_html else layout.template
    message = f"{what} is in the {where} part alone, and who reads the {other} part misses it."
    place = source.place(needle) if in_html else source.other(layout.text_template, needle)
    return warning(place, "parts-differ", message, f"Put it into {file}, or take it out here.")


def foreign(layout: Layout, source: TemplateSource, catalog: Catalog) -> Iterator[Diagnostic]:
    """A platform's token written into a layout, which every platform gets."""
    for part in (layout.mjml, layout.text):
        for token, platform in token_shapes(catalog).tokens(part):
            message = f"'{token}' is a token of {platform.label}, and every platform gets this layout."
            hint = "Print 'email.unsubscribe' and the like: each platform gets its own token."
            yield error(source.place(token), "foreign-token", message, hint, len(token))


def _headline(rendering: Rendering, layout: Layout, catalog: Catalog) -> Iterator[Diagnostic]:
    """A layout that does not print the heading of level 1: the message's own, or else its title."""
    if "<h1" not in rendering.marked:
        source = TemplateSource(layout.template, catalog.templates)
        message = "the email has no heading of level 1, the one that says what it is about."
        hint = "Print 'email.title' as <h1> where 'email.has_title_only', and headings as <h1> to <h6>."
        yield error(source.place("<mj-body", "<mjml"), "missing-headline", message, hint)


RULES: tuple[Rule, ...] = (support, pictures, addresses, language, parity, foreign)
