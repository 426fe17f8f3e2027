"""The pages that MkDocs reads."""

import re
from collections.abc import Iterable
from functools import partial

from handover.model.catalog import Catalog
from handover.model.content import Message
from handover.model.document import Artifact
from handover.model.ownership import reviews
from handover.model.parts import Page
from handover.model.playbook import Playbook
from handover.render.home import home_page
from handover.render.message_index import message_index
from handover.render.pages import Handbook

THEME = ".theme"
"""The folder of the site's own templates for MkDocs, which does not publish what starts with a dot."""

THEME_PAGES = ("main.html", "404.html")
"""The templates in it."""

WITHOUT_TOOLTIPS = ("glossary/index.md", *(f"{THEME}/{name}" for name in THEME_PAGES))
"""What does not explain the terms of the glossary."""


def site_pages(book: Handbook) -> list[Page]:
    """Render the pages and assets of the site, except those of messages and playbooks. Raises TemplateFault."""
    catalog = book.catalog
    pages = [home_page(book), message_index(book), _snippets(book)]
    for name in ("links", "placeholders", "platforms", "glossary"):
        pages.append(Page(f"{name}/index.md", book.render(f"handbook/{name}.md.j2")))
    # They show template syntax, or are templates of MkDocs, so they are not rendered.
    pages.append(Page("diagnostics/index.md", catalog.templates["handbook/diagnostics.md"]))
    for name in THEME_PAGES:
        pages.append(Page(f"{THEME}/{name}", catalog.templates[f"handbook/theme/{name}.j2"]))
    pages = [_with_tooltips(page, catalog) if page.path not in WITHOUT_TOOLTIPS else page for page in pages]
    return pages + list(_assets(book))


def _snippets(book: Handbook) -> Page:
    """The page of all snippets: each with its fields, to copy filled in or for a platform."""
    book.parts.page = path = "snippets/index.md"
    files: dict[str, list[Artifact]] = {block: [] for block in book.catalog.blocks}
    for artifact in book.artifacts:
        if artifact.block is not None:
            files[artifact.block].append(artifact)
    return Page(path, book.render("handbook/snippets.md.j2", files=files), book.parts)


def configuration(book: Handbook, base: str) -> Page:
    """Render MkDocs' configuration of the site. Raises TemplateFault.

    `base` is the path of the one that it inherits from, relative to its own.
    """
    return Page("mkdocs.yml", book.render("handbook/mkdocs.yml.j2", base=base))


def message_page(book: Handbook, message: Message) -> Page:
    """Render the page of a message, which sees no other message. Raises TemplateFault."""
    own = book.only([str(message.id)])
    own.parts.page = path = f"messages/{message.id}/index.md"
    own.link_pages(partial(book.page_map.on_site, up="../../"))
    text = own.render(
        "handbook/message.md.j2", message=message, occasions=book.page_map.occasions.get(str(message.id), ())
    )
    return _with_tooltips(Page(path, text, own.parts), book.catalog)


def playbook_page(book: Handbook, playbook: Playbook) -> Page:
    """The page of a playbook, which sees no other playbook and no message of another one. Raises TemplateFault.

    Only how long a review is valid can come from another playbook with the same message or scenario.
    """
    checked = {(review.kind, review.id): review for review in reviews(book.catalog, playbook)}
    own = book.of_playbook(playbook)
    own.parts.page = path = f"{playbook.id}/index.md"
    text = own.render("handbook/playbook.md.j2", playbook=playbook, portable=False, reviews=checked)
    return _with_tooltips(Page(path, text, own.parts), book.catalog)


def _with_tooltips(page: Page, catalog: Catalog) -> Page:
    """Add the glossary as abbreviations, whose syntax has no escapes: terms that it cannot hold get none."""
    terms = [(term.term, " ".join(term.meaning.split())) for term in catalog.terms.values()]
    tooltips = "".join(f"\n*[{term}]: {meaning}" for term, meaning in terms if not re.search(r"[\]\[\\\n<]", term))
    return Page(page.path, f"{page.text}\n{tooltips}\n", page.parts)


def _assets(book: Handbook) -> Iterable[Page]:
    folder = "handbook/assets/"
    for name, text in book.catalog.templates.items():
        if name.startswith(folder):
            path = "assets/" + name.removeprefix(folder)
            yield Page(path.removesuffix(".j2"), book.render(name) if name.endswith(".j2") else text)
