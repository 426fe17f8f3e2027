"""The page *Health*: what needs attention in each playbook, and who owns it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from handover.model.diagnostic import Diagnostic
from handover.model.ownership import links_of, reviews
from handover.model.placeholder import Placeholder
from handover.model.platform import Platform
from handover.model.playbook import About, Playbook
from handover.render.pages import Handbook, Page
from handover.render.usage import Use, use_of


def health_page(book: Handbook, problems: Iterable[Diagnostic], today: date | None) -> Page:
    """Render the page from the problems in the sources and the date to compare with. Raises TemplateFault."""
    unused = [problem for problem in problems if problem.code.startswith("unused-")]
    health = [_health(book, playbook, today) for playbook in book.catalog.playbooks.values()]
    return Page("health.md", book.render("handbook/health.md.j2", health=health, unused=unused, today=today))


def _health(book: Handbook, playbook: Playbook, today: date | None) -> dict[str, Any]:
    """The health of one playbook, for the template; a `Use` is the page that shows the item.

    `overdue` is None if no date is given. `checked` is the latest date of the link check, if there was one; `working`
    and `unchecked` are numbers of links; `broken` are the links with a problem, with its result.
    """
    used = links_of(playbook, book.composition)
    links = [link for link in book.catalog.links.values() if link.id in used and link.is_page]
    results = [(link, result) for link in links for result in book.link_results(link.id)]
    checked = {link.id for link, _ in results}
    broken = [(link, result) for link, result in results if result.verdict != "pass"]
    reviewed = [(review, use_of(playbook, review)) for review in reviews(book.catalog, playbook)]
    return {
        "playbook": playbook,
        "questions": [(question, _where(book, playbook, question.about)) for question in playbook.questions],
        "reviews": sorted(reviewed, key=lambda pair: pair[0].until or date.max),
        "overdue": [review for review, _ in reviewed if review.is_overdue(today)] if today else None,
        "unverified": list(_unverified(book, playbook)),
        "links": links,
        "checked": max((result.checked_at.date() for _, result in results), default=None),
        "working": len(checked - {link.id for link, _ in broken}),
        "unchecked": len(links) - len(checked),
        "broken": broken,
    }


def _where(book: Handbook, playbook: Playbook, about: About) -> Use:
    """The page that shows an open question."""
    page = f"{playbook.id}.md"
    if about.message is not None:
        return Use(book.catalog.messages[about.message].head.title, f"messages/{about.message}.md")
    if about.scenario is not None:
        title = next(each.title for each in playbook.scenarios if str(each.id) == about.scenario)
        return Use(title, f"{page}#{about.scenario}")
    if about.report is not None:
        holders = [each.id for each in playbook.scenarios for report in each.reports if report.link == about.report]
        return Use(book.catalog.links[about.report].title, f"{page}#{holders[0]}-reports" if holders else page)
    return Use("The matrix", f"{page}#matrix")


def _unverified(book: Handbook, playbook: Playbook) -> Iterator[tuple[Platform, Placeholder]]:
    """Yield the unverified tokens in the playbook's messages."""
    messages = set(map(str, playbook.sends()))
    for platform in book.catalog.platforms.values():
        exported = [name for name in messages if platform in book.takers(name)]
        used = {name for message in exported for name in _placeholders(book, message)}
        for name, token in platform.tokens.items():
            if name in used and not token.verified:
                yield platform, book.catalog.placeholders[name]


def _placeholders(book: Handbook, message: str) -> Iterator[str]:
    for document in book.documents(message):
        yield from document.placeholders
        for link in document.links:
            yield from book.catalog.links[link].placeholders()
