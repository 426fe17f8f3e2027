"""The pages of the handbook: where links and pictures lead, on the site or in a portable page, and what uses a link."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from handover.model.catalog import Catalog
from handover.model.document import Composition
from handover.model.nodes import Link, PageLink, Picture, ids, walk
from handover.model.ownership import Review
from handover.model.playbook import Playbook
from handover.model.timeline import Sending, occasions
from handover.render.markdown import url, value


@dataclass(frozen=True, slots=True)
class PageMap:
    """The playbooks of each scenario, and the occasions of each message, by their ids."""

    scenarios: Mapping[str, tuple[str, ...]]
    occasions: Mapping[str, tuple[Sending, ...]]

    @classmethod
    def of(cls, catalog: Catalog) -> "PageMap":
        """The map of a whole catalog."""
        scenarios: dict[str, tuple[str, ...]] = {}
        for playbook in catalog.playbooks.values():
            for scenario in playbook.scenarios:
                scenarios[scenario.id] = (*scenarios.get(scenario.id, ()), str(playbook.id))
        by_message: dict[str, tuple[Sending, ...]] = {}
        for occasion in occasions(catalog):
            by_message[occasion.message] = (*by_message.get(occasion.message, ()), occasion)
        return cls(scenarios, by_message)

    def on_site(self, link: PageLink | Picture, playbook: str | None = None, up: str = "../") -> str:
        """The path in the site's source, from a page of this `playbook`, if any; `up` leads to the top folder."""
        if isinstance(link, Picture):
            return f"{up}assets/pictures/{link.name}"
        match link.kind:
            case "message":
                return f"{up}messages/{link.id}/index.md"
            case "playbook":
                return f"{up}{link.id}/index.md"
            case "scenario":
                return f"{up}{_nearest(self.scenarios[link.id], playbook)}/index.md#{link.id}"
            case "term":
                return f"{up}glossary/index.md#{link.id}"

    def in_portable(self, link: PageLink | Picture, playbook: str) -> str | None:
        """The anchor in the portable page of a `playbook`, or in that of another one, which is a file beside it."""
        if isinstance(link, Picture):
            return f"pictures/{link.name}"
        match link.kind:
            case "playbook":
                return f"#playbook-{link.id}" if link.id == playbook else f"{link.id}.md"
            case "term":
                return f"#term-{link.id}"
            case _:
                senders = tuple(str(each.playbook.id) for each in self.occasions.get(link.id, ()))
                holders = senders if link.kind == "message" else self.scenarios[link.id]
                if not holders:
                    return None
                holder = _nearest(holders, playbook)
                anchor = f"#message-{link.id}" if link.kind == "message" else f"#{link.id}"
                return anchor if holder == playbook else f"{holder}.md{anchor}"


def _nearest(playbooks: tuple[str, ...], playbook: str | None) -> str:
    return playbook if playbook in playbooks else playbooks[0]


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
