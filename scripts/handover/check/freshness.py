"""Who keeps each thing right, and whether its last review still holds."""

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
    """Messages, scenarios and links that nobody keeps right; the playbook, if it has several of them."""
    for playbook in catalog.playbooks.values():
        alone = _alone(catalog, composition, playbook) if playbook.owner is None else []
        if len(alone) > 1:
            message = f"nobody is named who keeps this playbook right, nor {len(alone)} things that belong to it."
            hint = f"Add a line 'owner: …' here, or to each: {', '.join(name for name, _ in alone)}."
            yield warning(Place(playbook.id.place.path), "missing-owner", message, hint)
        for name, kind in alone if len(alone) == 1 else ():
            message = f"nobody is named who keeps the {kind} '{name}' right."
            hint = "Add a line 'owner: …', here or once for all in the playbook."
            yield warning(name.place, "missing-owner", message, hint, len(name) if kind == "link" else 1)


def _alone(catalog: Catalog, composition: Composition, playbook: Playbook) -> list[tuple[Located, str]]:
    """What of a playbook without an owner has none either: the id with the place of its own file, and the kind."""
    alone: list[tuple[Located, str]] = [
        ((catalog.stories if each.kind == "scenario" else catalog.messages)[each.id].id, each.kind)
        for each in reviews(catalog, playbook)
        if each.owner is None
    ]
    links = [catalog.links[name] for name in sorted(links_of(playbook, composition)) if name in catalog.links]
    return [*alone, *((link.id, "link") for link in links if link.owner is None)]


def overdue_reviews(catalog: Catalog, today: date) -> Iterator[Diagnostic]:
    """Messages and scenarios whose review no longer holds on the day `today`."""
    for playbook in catalog.playbooks.values():
        for review in reviews(catalog, playbook):
            if not review.is_overdue(today):
                continue
            if review.until is None:
                said = f"the {review.kind} '{review.id}' has no day of a review."
            else:
                said = (
                    f"the review of the {review.kind} '{review.id}' held for {review.days} days, until {review.until}."
                )
            yield warning(
                review.place,
                "review-overdue",
                said,
                f"To be read again by {review.owner or 'its owner'}; then write the day under 'reviewed'.",
                10 if review.reviewed else 1,
            )


def ended_exceptions(catalog: Catalog, today: date) -> Iterator[Diagnostic]:
    """Exceptions from the link check whose last day is over on the day `today`."""
    for link in catalog.links.values():
        if link.expect is not None and link.expect.is_over(today):
            yield error(
                link.expect.until.place,
                "exception-ended",
                f"the exception for the link '{link.id}' held until {link.expect.until}.",
                "Delete 'expect', or say why it goes on and until when.",
                10,
            )


RULES = ((missing_owner, UNREADABLE | {"unknown-link", "unknown-message", "unknown-scenario", "inline-address"}),)
"""The rule with the errors that make its answer worthless."""
