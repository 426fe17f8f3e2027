"""Unfinished and outdated work: drafts, open questions, reviews, exceptions, images of emails."""

import re
from collections.abc import Iterator
from datetime import date

from handover.check.usage import UNREADABLE, sent_messages
from handover.model.base import FILL_IN, located_texts
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error, warning
from handover.model.document import Artifact, Composition
from handover.model.located import Located
from handover.model.ownership import links_of, reviews
from handover.model.picture import digest
from handover.model.playbook import Playbook

_PATTERN = re.compile(FILL_IN + r"([^.,:;\n]*)")


def to_fill_in(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Each FILL IN, with the words after it; an error in a text that customers get."""
    for_customers = _files_for_customers(catalog, composition)
    for place, what in _to_fill_in(catalog):
        if place.path in for_customers:
            report, fact = error, "customers get this text, but it is unfinished"
        else:
            report, fact = warning, "this text is unfinished"
        hint = f"Replace '{FILL_IN} …' with the text."
        yield report(place, "to-fill-in", f"{fact}{f': {what}' if what else ''}.", hint, len(FILL_IN))


def _files_for_customers(catalog: Catalog, composition: Composition) -> set[str]:
    """The source files of messages that a scenario sends, but for drafts, and of snippets."""
    messages = catalog.messages
    sent = {name for name in sent_messages(catalog) if name in messages and not messages[name].head.draft}
    documents = [document for document in composition.documents if document.id in sent]
    return {source for document in (*documents, *composition.snippets) for source in document.sources}


def _to_fill_in(catalog: Catalog) -> Iterator[tuple[Place, str]]:
    drafts = tuple(entry for entry in catalog.contents if entry.is_draft)
    data = (catalog.playbooks, catalog.links, catalog.placeholders, catalog.platforms, catalog.terms)
    for text in located_texts((catalog.brand, *data, *drafts)):
        for nth, match in enumerate(_PATTERN.finditer(text)):
            yield text.at(FILL_IN, nth), match[1].strip()
    for entry in drafts:
        for index, line in enumerate(entry.body.lines):
            for match in _PATTERN.finditer(line):
                yield entry.body.place(index, match.start() + 1), match[1].strip()


def finished_drafts(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """A message that is a draft by its front matter, with nothing left to fill in."""
    unfinished = {place.path for place, _ in _to_fill_in(catalog)}
    for document in composition.documents:
        message = catalog.messages[document.id]
        if message.head.draft and unfinished.isdisjoint(document.sources):
            fact = "this is still a draft, so no platform gets it, but nothing is left to fill in."
            hint = "Delete 'draft: true' when it is ready."
            yield warning(Place(message.body.path), "finished-draft", fact, hint)


def open_questions(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Each open question, with its owner."""
    for playbook in catalog.playbooks.values():
        for question in playbook.questions:
            message = f"{question.id.upper()}: {' '.join(question.question.split())}"
            hint = f"{catalog.party(question.owner)} must answer it; then delete the question."
            yield warning(question.id, "open-question", message, hint)


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


FIX = "Renew them with 'make screenshots'."


def stale_screenshots(catalog: Catalog, artifact: Artifact) -> Iterator[Diagnostic]:
    """Images of an older version of an email."""
    if (artifact.platform, artifact.format) != ("preview", "html") or artifact.message is None:
        return
    screenshots = catalog.screenshots.get(artifact.message)
    for variant, source_digest in screenshots.digests() if screenshots else ():
        if variant == artifact.variant and source_digest != digest(artifact):
            message = f"the images of {_name(artifact.message, variant)} show an older version of it."
            yield warning(source_digest.place, "stale-picture", message, FIX)


def screenshots_without_email(catalog: Catalog, composition: Composition) -> Iterator[Diagnostic]:
    """Images of an email that does not exist."""
    existing = {(document.id, document.variant) for document in composition.documents}
    for screenshots in catalog.screenshots.values():
        email = catalog.messages.get(screenshots.id)
        if email is not None and email.body.path in catalog.broken:
            continue
        for variant, source_digest in screenshots.digests():
            if (screenshots.id, variant) not in existing and not catalog.excuses("messages", screenshots.id):
                message = f"the email {_name(screenshots.id, variant)} does not exist, but its images do."
                yield warning(source_digest.place, "stale-picture", message, FIX)


def _name(message: str, variant: str | None) -> str:
    return f"'{message}'{f' ({variant})' if variant else ''}"


RULES = (to_fill_in, finished_drafts, open_questions, screenshots_without_email)

WHOLE_RULES = ((missing_owner, UNREADABLE | {"unknown-link", "unknown-message", "unknown-scenario", "inline-address"}),)
"""The rule with the errors that suppress it, as they can cause what it reports."""
