"""The page *Health*: what to do, by owner, with the line of the file to edit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place
from handover.model.ownership import links_of, reviews
from handover.model.parts import Page
from handover.model.placeholder import Placeholder
from handover.model.platform import Platform
from handover.model.playbook import About, Playbook
from handover.render.page_links import Use, use_of
from handover.render.pages import Handbook

SOON = timedelta(days=30)
"""How long before its day a review is something to do. The page's script uses the same number of days."""

SHOWN_ELSEWHERE = frozenset({"open-question", "review-overdue"})
"""The codes of problems that are tasks of their own kind here."""

NO_OWNER = "No owner"


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do, of a `kind` that the template knows, with the line to edit and the page that shows it.

    `due` is the last day on which a review is valid; None for other tasks, and if there never was one.
    """

    kind: str
    owner: str
    thing: Any
    place: Place
    use: Use | None = None
    due: date | None = None


def health_page(book: Handbook, problems: Iterable[Diagnostic], today: date | None) -> Page:
    """Render the page from the problems in the sources and the date to compare with. Raises TemplateFault."""
    owners: dict[str, dict[tuple[str, Place], Task]] = {}
    for task in _tasks(book, problems):
        if not (today and task.due and task.due > today + SOON):
            owners.setdefault(task.owner, {}).setdefault((task.kind, task.place), task)
    ordered = sorted(owners, key=lambda owner: (owner == NO_OWNER, owner.casefold()))
    groups = [(owner, sorted(owners[owner].values(), key=lambda task: task.due or date.min)) for owner in ordered]
    links = [link for link in book.catalog.links.values() if link.is_page]
    unchecked = sum(not book.link_results(link.id) for link in links)
    text = book.render("handbook/health.md.j2", groups=groups, unchecked=unchecked, today=today)
    return Page("health/index.md", text)


def _tasks(book: Handbook, problems: Iterable[Diagnostic]) -> Iterator[Task]:
    used = {name: set(_placeholders(book, name)) for name in book.catalog.messages}
    for playbook in book.catalog.playbooks.values():
        owner = book.catalog.party(playbook.owner) if playbook.owner else NO_OWNER
        for question in playbook.questions:
            use = _where(book, playbook, question.about)
            yield Task("question", book.catalog.party(question.owner), question, question.id.place, use)
        for review in reviews(book.catalog, playbook):
            if review.days is not None:
                use = use_of(playbook, review)
                yield Task("review", review.owner or NO_OWNER, review, review.place, use, review.until)
        for platform, placeholder in _unverified(used, playbook, book.catalog):
            place = platform.tokens[placeholder.id].shown.place
            yield Task("token", owner, placeholder, place, Use(platform.label, f"platforms/index.md#{platform.id}"))
        for name in sorted(links_of(playbook, book.composition)):
            yield from _link_tasks(book, name)
    owners = _owners_of_files(book)
    for problem in problems:
        if problem.code not in SHOWN_ELSEWHERE:
            yield Task("problem", owners.get(problem.place.path, NO_OWNER), problem, problem.place)


def _link_tasks(book: Handbook, name: str) -> Iterator[Task]:
    link = book.catalog.links[name]
    for result in book.link_results(name) if link.is_page else ():
        if result.verdict != "pass":
            use = Use(link.title, f"links/index.md#{link.id}")
            yield Task("link", book.link_owners.get(name, NO_OWNER), result, link.id.place, use)


def _owners_of_files(book: Handbook) -> dict[str, str]:
    """The owner of each file that has one: its own, else the playbook's."""
    owners: dict[str, str] = {}
    for playbook in book.catalog.playbooks.values():
        if playbook.owner:
            owners[playbook.id.place.path] = book.catalog.party(playbook.owner)
        for review in reviews(book.catalog, playbook):
            if review.owner:
                owners.setdefault(review.place.path, review.owner)
    return owners


def _where(book: Handbook, playbook: Playbook, about: About) -> Use:
    """The page that shows an open question."""
    page = f"{playbook.id}/index.md"
    if about.message is not None:
        return Use(book.catalog.messages[about.message].head.title, f"messages/{about.message}/index.md")
    if about.scenario is not None:
        title = next(each.title for each in playbook.scenarios if str(each.id) == about.scenario)
        return Use(title, f"{page}#{about.scenario}")
    if about.report is not None:
        holders = [each.id for each in playbook.scenarios for report in each.reports if report.link == about.report]
        return Use(book.catalog.links[about.report].title, f"{page}#{holders[0]}-reports" if holders else page)
    return Use("the matrix", f"{page}#matrix")


def _unverified(
    used: Mapping[str, set[str]], playbook: Playbook, catalog: Catalog
) -> Iterator[tuple[Platform, Placeholder]]:
    """Yield the unverified tokens in the playbook's messages; `used` has the placeholders of each message."""
    for platform in catalog.platforms.values():
        exported = [name for name in playbook.sends if catalog.messages[name].goes_to(platform)]
        names = set[str]().union(*(used[name] for name in exported))
        for name, token in platform.tokens.items():
            if name in names and not token.verified:
                yield platform, catalog.placeholders[name]


def _placeholders(book: Handbook, message: str) -> Iterator[str]:
    for document in book.documents(message):
        yield from document.placeholders
        for link in document.links:
            yield from book.catalog.links[link].placeholders()
