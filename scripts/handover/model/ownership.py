"""The owners and reviews of what a playbook contains."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from handover.model.catalog import Catalog
from handover.model.diagnostic import Place
from handover.model.document import Composition
from handover.model.located import Day, Id, Located
from handover.model.nodes import Link, ids, walk
from handover.model.playbook import Playbook


@dataclass(frozen=True, slots=True)
class Review:
    """The last review of a message or a scenario.

    `days` is how long a review is valid, by the strictest playbook that has the thing; None if it never expires.
    """

    kind: Literal["message", "scenario"]
    id: Id
    title: Located
    owner: str | None
    reviewed: Day | None
    days: int | None
    place: Place

    @property
    def until(self) -> date | None:
        """The last day on which the review is valid; None without a review, or if it never expires."""
        return self.reviewed + timedelta(days=self.days) if self.reviewed and self.days else None

    def is_overdue(self, today: date) -> bool:
        """True if the review has expired, or is required and missing."""
        return self.days is not None and (self.until is None or self.until < today)


def reviews(catalog: Catalog, playbook: Playbook) -> Iterator[Review]:
    """The messages and scenarios of a playbook, each once, in the order of its page."""
    seen = set()
    for scenario in playbook.scenarios:
        story = catalog.stories.get(scenario.id)
        if story is not None:
            having = [each for each in catalog.playbooks.values() if scenario.id in {one.id for one in each.scenarios}]
            head, days = story.head, _days(having)
            place = head.reviewed.place if head.reviewed else Place(story.body.path)
            owner = head.owner or _owner(playbook, catalog)
            yield Review("scenario", scenario.id, scenario.title, owner, head.reviewed, days, place)
        for name in scenario.sends:
            if name in catalog.messages and name not in seen:
                seen.add(name)
                yield review_of(catalog, name, playbook)


def review_of(catalog: Catalog, message_id: str, playbook: Playbook | None = None) -> Review:
    """The review of a message; without an owner of its own it has the owner of the `playbook`."""
    message = catalog.messages[message_id]
    having = [each for each in catalog.playbooks.values() if message_id in each.sends]
    head, days = message.head, _days(having)
    place = head.reviewed.place if head.reviewed else message.id.place
    owner = head.owner or (_owner(playbook, catalog) if playbook else None)
    return Review("message", message.id, head.title, owner, head.reviewed, days, place)


def links_of(playbook: Playbook, composition: Composition) -> set[str]:
    """The ids of the links on a playbook's page and in its messages."""
    path, messages = playbook.id.place.path, set(playbook.sends)
    prose = [composition.stories.get(scenario.id, ()) for scenario in playbook.scenarios]
    prose += [blocks for place, blocks in composition.passages.items() if place.path == path]
    links = {str(report.link) for scenario in playbook.scenarios for report in scenario.reports}
    links |= {*ids((node for blocks in prose for node in walk(blocks)), Link)}
    return links.union(*(document.links for document in composition.documents if document.id in messages))


def link_owners(catalog: Catalog, composition: Composition) -> dict[str, str]:
    """The owner of each link: its own, else that of the first playbook that uses it."""
    owners = {str(link.id): str(link.owner) for link in catalog.links.values() if link.owner}
    for playbook in catalog.playbooks.values():
        owner = _owner(playbook, catalog)
        if owner is not None:
            for name in links_of(playbook, composition):
                owners.setdefault(name, owner)
    return owners


def _owner(playbook: Playbook, catalog: Catalog) -> str | None:
    return catalog.party(playbook.owner) if playbook.owner else None


def _days(playbooks: Iterable[Playbook]) -> int | None:
    """How long a review is valid, by the strictest of the playbooks that have the thing."""
    return min((each.review_days for each in playbooks if each.review_days), default=None)
