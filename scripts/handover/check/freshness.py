"""Missing owners, expired reviews and ended exceptions."""

from collections.abc import Iterator
from datetime import date

from handover.check.usage import UNREADABLE
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.document import Composition
from handover.model.located import Located
from handover.model.ownership import links_of, reviews
from handover.model.playbook import Playbook


def missing_owner(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Messages, scenarios and links without an owner; if a playbook has several, one warning at the playbook."""
    for playbook in catalog.playbooks.values():
        unowned = _unowned(catalog, composition, playbook) if playbook.owner is None else []
        if len(unowned) > 1:
            message = f"this playbook and {len(unowned)} things in it have no owner."
            hint = f"Add 'owner: …' here, or to each: {', '.join(name for name, _ in unowned)}."
            yield warning(Place(playbook.id.place.path), "missing-owner", message, hint)
        for name, kind in unowned if len(unowned) == 1 else ():
            message = f"the {kind} '{name}' has no owner."
            hint = "Add 'owner: …' here, or once in the playbook."
            yield warning(name.place, "missing-owner", message, hint, len(name) if kind == "link" else 1)


def _unowned(catalog: Catalog, composition: Composition, playbook: Playbook) -> list[tuple[Located, str]]:
    """The id (at its own file) and kind of each thing in a playbook without an owner that has none either."""
    unowned: list[tuple[Located, str]] = [
        ((catalog.stories if each.kind == "scenario" else catalog.messages)[each.id].id, each.kind)
        for each in reviews(catalog, playbook)
        if each.owner is None
    ]
    links = [catalog.links[name] for name in sorted(links_of(playbook, composition)) if name in catalog.links]
    return [*unowned, *((link.id, "link") for link in links if link.owner is None)]


def overdue_reviews(catalog: Catalog, today: date) -> Iterator[Diagnostic]:
    """Messages and scenarios without a valid review on the day `today`."""
    for playbook in catalog.playbooks.values():
        for review in reviews(catalog, playbook):
            if not review.is_overdue(today):
                continue
            thing = f"the {review.kind} '{review.id}'"
            if review.until is None:
                message = f"{thing} was never reviewed."
            else:
                message = f"the review of {thing} was valid for {review.days} days, until {review.until}."
            owner = f" (owner: {review.owner})" if review.owner else ""
            hint = f"Review it{owner}, then update 'reviewed'."
            yield warning(review.place, "review-overdue", message, hint, 10 if review.reviewed else 1)


def ended_exceptions(catalog: Catalog, today: date) -> Iterator[Diagnostic]:
    """Exceptions from the link check that ended before the day `today`."""
    for link in catalog.links.values():
        if link.expect is not None and link.expect.is_over(today):
            message = f"the exception for the link '{link.id}' was valid until {link.expect.until}."
            hint = "Delete 'expect', or give a new reason and date."
            yield error(link.expect.until.place, "exception-ended", message, hint, 10)


RULES = ((missing_owner, UNREADABLE | {"unknown-link", "unknown-message", "unknown-scenario", "inline-address"}),)
"""The rule with the errors that suppress it, as they can cause what it reports."""
