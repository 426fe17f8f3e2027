"""What every layout must and must not have; each problem at its line in the template."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from handover.check.features import Tag, features, in_declarations, tags
from handover.check.outputs import read_html
from handover.check.syntax import token_shapes, tokens
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.document import Layout, Rendering
from handover.model.located import Located
from handover.model.marks import Marks

_NEVER = {
    "css-variables": (
        "unsupported-css",
        "'var()' and custom properties",
        "Write the value itself, for example from 'brand'.",
    ),
    "css-display-flex": ("unsupported-css", "'display: flex'", "Use mj-section and mj-column."),
    "css-display-grid": ("unsupported-css", "'display: grid'", "Use mj-section and mj-column."),
    "css-position": ("unsupported-css", "'position'", "Use padding and columns."),
    "html-svg": ("unsupported-image", "<svg>", "Use a PNG with 'alt'."),
    "image-webp": ("unsupported-image", ".webp images", "Use a PNG or JPEG."),
    "image-avif": ("unsupported-image", ".avif images", "Use a PNG or JPEG."),
}
"""Features that too many email clients lack: the code, the name, the fix."""

_OTHER = re.compile(r"\{%-?\s*(?:import|include|extends|from)\s+[\"']([^\"']+)[\"']")
_MAY_LACK = re.compile(r"\{#-?\s*may-lack\s+([a-z0-9, -]+):\s*\S.*?#\}", re.DOTALL)


@dataclass(frozen=True)
class TemplateSource:
    """The text of a template, `path` below the root, and of those that it imports or includes."""

    path: str
    templates: Mapping[str, str]

    def place(self, *needles: str) -> Place:
        """The place of the first needle that occurs; the start of the template if none does."""
        for needle in needles:
            for name in self.names:
                text = self.templates[name]
                at = text.find(needle) if needle else -1
                if at >= 0:
                    return Place(f"templates/{name}", text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        return Place(self.path)

    def may_lack(self, path: str, feature: str) -> bool:
        """True if a `may-lack` comment in the template at `path` names the feature."""
        text = self.templates[path.removeprefix("templates/")]
        return any(feature in re.split(r"[,\s]+", match[1].strip()) for match in _MAY_LACK.finditer(text))

    @cached_property
    def names(self) -> list[str]:
        """The template and all that it imports or includes, each once."""
        waiting, seen = [self.path.removeprefix("templates/")], list[str]()
        while waiting:
            name = waiting.pop(0)
            if name in self.templates and name not in seen:
                seen.append(name)
                waiting += _OTHER.findall(self.templates[name])
        return seen


Rule = Callable[[Layout, TemplateSource, Catalog], Iterator[Diagnostic]]


def check_layout(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    """The problems of the layout of a full email; `marks` keep those of each layout."""
    layout, catalog = rendering.layout, marks.catalog
    if layout is not None:
        source = TemplateSource(layout.template, catalog.templates)
        if layout not in marks.memo:
            marks.memo[layout] = [each for rule in RULES for each in rule(layout, source, catalog)]
        yield from marks.memo[layout]
        yield from _headline(rendering, source)


def support(layout: Layout, source: TemplateSource, catalog: Catalog) -> Iterator[Diagnostic]:
    """CSS, HTML and image formats that an email client lacks."""
    seen: set[str] = set()
    in_tags = (use for tag in tags(layout.mjml) for use in features(tag))
    in_styles = (use for _, style in layout.styles for use in in_declarations(style))
    for use in (*in_tags, *in_styles):
        if use.feature in seen:
            continue
        seen.add(use.feature)
        logo = next((src for src in _brand_urls(catalog) if use.shown in src), None)
        place = source.place(*use.needles) if logo is None else logo.at(use.shown)
        if use.feature in _NEVER:
            code, name, hint = _NEVER[use.feature]
            yield error(place, code, f"many email clients do not support {name}.", hint, len(use.shown))
            continue
        clients = catalog.mail_clients.lacking(use.feature, catalog.brand.clients)
        if clients and not source.may_lack(place.path, use.feature):
            *others, last = clients
            names = f"{', '.join(others)} and {last} lack" if others else f"{last} lacks"
            hint = f"Remove it, or describe the effect there in a comment: {{# may-lack {use.feature}: … #}}"
            yield warning(place, "client-support", f"{names} '{use.shown}'.", hint, len(use.shown))


def images(layout: Layout, source: TemplateSource, catalog: Catalog) -> Iterator[Diagnostic]:
    """An image without alternative text."""
    for tag in _once(layout):
        if tag.name in ("img", "mj-image", "mj-carousel-image") and tag.attributes.get("alt") is None:
            place = source.place(tag.source, f'src="{tag.attributes.get("src")}"', f"<{tag.name}")
            message = "the image has no 'alt' text for readers who cannot see it."
            yield error(place, "missing-alt", message, 'Add alt="…", or alt="" for decoration.', len(tag.name) + 1)


def urls(layout: Layout, source: TemplateSource, catalog: Catalog) -> Iterator[Diagnostic]:
    """A link or image without a URL, or without encryption."""
    for tag in _once(layout):
        for name in ("href", "src", "background-url"):
            url = (tag.attributes.get(name) or "").strip()
            is_empty = name in tag.attributes and url in ("", "#")
            is_insecure = url.lower().startswith("http://") and url not in _brand_urls(catalog)
            if is_empty or is_insecure:
                place = source.place(tag.source, f'{name}="{tag.attributes[name]}"', f"<{tag.name}")
            if is_empty:
                yield error(place, "empty-address", f"'{name}' has no URL.", "Add the URL, or remove the tag.")
            elif is_insecure:
                message = f"'{url}' is not encrypted."
                yield warning(place, "insecure-link", message, "Write https://.", len(tag.name) + 1)


def _brand_urls(catalog: Catalog) -> tuple[Located, ...]:
    """URLs of data/brand.yml, which are checked there."""
    return (catalog.brand.logo.src,) if catalog.brand.logo else ()


def _once(layout: Layout) -> Iterator[Tag]:
    """Each different tag of the layout."""
    return iter({tag.source: tag for tag in tags(layout.mjml) if not tag.rules}.values())


def language(layout: Layout, source: TemplateSource, catalog: Catalog) -> Iterator[Diagnostic]:
    """An email without its language, direction or title: screen readers read it aloud wrongly."""
    expected = (layout.language, layout.language.direction)
    for tag in tags(layout.html):
        if tag.parent == "body" and (tag.attributes.get("lang"), tag.attributes.get("dir")) != expected:
            message = f"<{tag.name}> is a child of body, so it must have the email's language and direction."
            hint = 'Write <mjml lang="{{ email.language }}" dir="{{ email.direction }}">.'
            yield error(source.place("<mjml"), "missing-language", message, hint)
    title = re.search(r"<title>(.*?)</title>", layout.html, re.DOTALL)
    if title is None or not title[1].strip():
        hint = "Add <mj-title>{{ email.title }}</mj-title> to its head."
        yield error(source.place("<mj-title", "<mj-head", "<mjml"), "missing-title", "the email has no title.", hint)


def parity(layout: Layout, source: TemplateSource, catalog: Catalog) -> Iterator[Diagnostic]:
    """Words or links in only one of the two parts of the email; only the company's name may be in the HTML alone."""
    marks = dict(layout.marks)
    preheader = marks.pop("preheader", "")
    shown = re.sub(r"<title>.*?</title>", "", layout.html, flags=re.DOTALL)
    shown = shown.replace(preheader, "") if preheader else shown
    for name, mark in marks.items():
        in_html = mark in (read_html(shown, False) if name == "title" else shown)
        if in_html != (mark in layout.text):
            yield _differ(layout, source, in_html, f"'{name}'", f"email.{name}")
    words = [_words(text, marks, catalog) for text in (read_html(shown, False), layout.text)]
    for in_html, extra in ((True, words[0] - words[1]), (False, words[1] - words[0])):
        if extra:
            first = " ".join(list(extra)[:4])
            yield _differ(layout, source, in_html, f"'{first}'", next(iter(extra)))


def _words(text: str, marks: dict[str, str], catalog: Catalog) -> Counter[str]:
    """The layout's own words, without marks and the company's name."""
    name = catalog.brand.logo.alt if catalog.brand.logo else catalog.brand.name
    own = {word for mark in marks.values() for word in re.findall(r"\w+", mark)} | set(re.findall(r"\w+", name))
    start = next(iter(marks.values()), "").rstrip("0123456789q")
    words = re.findall(r"\w+", re.sub(r"https?://\S+", " ", text))
    return Counter(word for word in words if word not in own and not (start and word.startswith(start)))


def _differ(layout: Layout, source: TemplateSource, in_html: bool, what: str, needle: str) -> Diagnostic:
    where, other = ("HTML", "text") if in_html else ("text", "HTML")
    name = layout.template.rpartition("/")[2].removesuffix(".mjml.j2")
    file = f"templates/email/{name}.txt.j2" if in_html else layout.template
    message = f"{what} is only in the {where} part; {other} readers miss it."
    place = source.place(needle) if in_html else TemplateSource(layout.text_template, source.templates).place(needle)
    return warning(place, "parts-differ", message, f"Add it to {file}, or remove it here.")


def foreign(layout: Layout, source: TemplateSource, catalog: Catalog) -> Iterator[Diagnostic]:
    """A platform's token in a layout, which every platform gets."""
    for part in (layout.mjml, layout.text):
        for token, platform in tokens(part, token_shapes(catalog)):
            message = f"'{token}' is a token of {platform.label}, but every platform gets this layout."
            hint = "Use 'email.unsubscribe' and the like: each platform gets its own token."
            yield error(source.place(token), "foreign-token", message, hint, len(token))


def _headline(rendering: Rendering, source: TemplateSource) -> Iterator[Diagnostic]:
    """A layout that prints no level 1 heading of a marketing email: neither the message's own nor its title."""
    if rendering.document.kind == "marketing" and "<h1" not in rendering.marked:
        message = "the email has no level 1 heading."
        hint = "Print 'email.title' as <h1> if 'email.has_title_only', and headings as <h1> to <h6>."
        yield error(source.place("<mj-body", "<mjml"), "missing-headline", message, hint)


RULES: tuple[Rule, ...] = (support, images, urls, language, parity, foreign)
