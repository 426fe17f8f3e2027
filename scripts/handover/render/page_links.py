"""Where the links and pictures of the handbook's prose lead: files of the site's source, or a portable page's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from handover.model.catalog import Catalog
from handover.model.nodes import PageLink, Picture
from handover.model.timeline import Sending, occasions

Target: TypeAlias = Callable[[PageLink | Picture], str | None]
"""The path of a link or a picture, from the page that it is on; None for a link that is only words there."""


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
