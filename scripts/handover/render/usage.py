"""Pages by what they use or show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from handover.model.catalog import Catalog
from handover.model.document import Composition
from handover.model.nodes import Link, ids, walk
from handover.model.ownership import Review
from handover.model.playbook import Playbook
from handover.render.markdown import url, value


@dataclass(frozen=True)
class Use:
    """A page that uses a link: its label, and its path in the site's source, which may have an anchor."""

    label: str
    page: str

    @property
    def href(self) -> Markup:
        """The page for a link in Markdown: it consists of ids."""
        return url(self.page)

    @cached_property
    def link(self) -> Markup:
        """A link to the page from one that is a folder below the home page."""
        return Markup(f"[{value(self.label)}](../{self.href})")  # noqa: S704 - both are escaped


def use_of(playbook: Playbook, review: Review) -> Use:
    """The page of what was reviewed."""
    page = f"messages/{review.id}/index.md" if review.kind == "message" else f"{playbook.id}/index.md#{review.id}"
    return Use(review.title, page)


def link_uses(catalog: Catalog, composition: Composition) -> dict[str, list[Use]]:
    """The pages that use each link, by the link's id; each page once."""
    uses: dict[str, dict[Use, None]] = {}
    for use, links in _pages(catalog, composition):
        for link in links:
            uses.setdefault(link, {})[use] = None
    return {link: list(pages) for link, pages in uses.items()}


def _pages(catalog: Catalog, composition: Composition) -> Iterator[tuple[Use, Iterable[str]]]:
    """Yield each page with the ids of links on it."""
    reports: list[tuple[Use, list[str]]] = []
    for playbook in catalog.playbooks.values():
        for scenario in playbook.scenarios:
            use = Use(scenario.title, f"{playbook.id}/index.md#{scenario.id}")
            reports.append((use, [str(report.link) for report in scenario.reports]))
            yield use, ids(walk(composition.stories.get(scenario.id, ())), Link)
        prose = [blocks for place, blocks in composition.passages.items() if place.path == playbook.id.place.path]
        links = ids((node for blocks in prose for node in walk(blocks)), Link)
        yield Use(playbook.heading, f"{playbook.id}/index.md"), links
    for document in composition.documents:
        yield Use(catalog.messages[document.id].head.title, f"messages/{document.id}/index.md"), document.links
    yield from reports
