"""Who keeps each thing right, and whether its last review still holds."""

from collections.abc import Iterator
from datetime import date

from handover.check.usage import UNREADABLE
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error, warning
from handover.model.document import Composition
from handover.model.located import Located
from handover.model.ownership import links_of, reviews


def missing_owner(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Messages, scenarios and links that nobody keeps right."""
    for playbook in catalog.playbooks.values():
        if playbook.owner is not None:
            continue
        for review in reviews(catalog, playbook):
            if review.owner is None:
                yield _nobody(_id_of(catalog, review.kind, review.id), review.kind)
        for name in sorted(links_of(playbook, composition)):
            link = catalog.links.get(name)
            if link is not None and link.owner is None:
                yield _nobody(link.id, "link")


def _id_of(catalog: Catalog, kind: str, name: str) -> Located:
    """The id with the place of the thing's own file."""
    return (catalog.stories if kind == "scenario" else catalog.messages)[name].id


def _nobody(name: Located, kind: str) -> Diagnostic:
    return warning(
        name.place,
        "missing-owner",
        f"nobody is named who keeps the {kind} '{name}' right.",
        "Add a line 'owner: …', here or once for all in the playbook.",
        len(name) if kind == "link" else 1,
    )


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
