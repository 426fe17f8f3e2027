"""The page *Home*: the way in."""

from collections.abc import Iterator
from copy import copy
from functools import partial

from handover.model.ownership import Review, reviews
from handover.model.parts import Page
from handover.model.timeline import Sending, occasions
from handover.render.page_links import Use, use_of
from handover.render.pages import Handbook

SHOWN = 5
"""Messages of a role, and reviews, on the page."""


def home_page(book: Handbook) -> Page:
    """Render the page. Raises TemplateFault."""
    latest = sorted(_reviews(book), key=lambda pair: pair[0].reviewed.toordinal() if pair[0].reviewed else 0)
    roles = {role: [*tasks.values()][:SHOWN] for role, tasks in _roles(book).items()}
    home = copy(book)
    home.link_pages(partial(book.page_map.on_site, up=""))
    return Page("index.md", home.render("handbook/index.md.j2", roles=roles, latest=latest[::-1][:SHOWN]))


def _roles(book: Handbook) -> dict[str, dict[str, Sending]]:
    """What each role sends, each message once, in the order of the playbooks."""
    roles: dict[str, dict[str, Sending]] = {}
    for occasion in occasions(book.catalog):
        if occasion.who is not None and not book.catalog.messages[occasion.message].is_draft:
            roles.setdefault(occasion.who, {}).setdefault(occasion.message, occasion)
    return roles


def _reviews(book: Handbook) -> Iterator[tuple[Review, Use]]:
    """Yield each message and scenario that was reviewed, with its page, once."""
    seen = set()
    for playbook in book.catalog.playbooks.values():
        for review in reviews(book.catalog, playbook):
            if review.reviewed and (review.kind, review.id) not in seen:
                seen.add((review.kind, review.id))
                yield review, use_of(playbook, review)
