"""The page *Health*: what of each playbook needs somebody's attention."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from handover.model.diagnostic import Diagnostic
from handover.model.link import Link
from handover.model.link_report import LinkResult
from handover.model.located import Reference
from handover.model.nodes import Link as LinkNode
from handover.model.nodes import Placeholder as PlaceholderNode
from handover.model.ownership import Review, links_of, reviews
from handover.model.placeholder import Placeholder
from handover.model.platform import Platform
from handover.model.playbook import About, Playbook, Question
from handover.render.pages import Handbook, Page
from handover.render.usage import Use


@dataclass(frozen=True, slots=True)
class PlaybookHealth:
    """What the page says of one playbook; `use` is the page where the thing in question is seen.

    `overdue` is None where no day is given to compare with. `checked` is the newest day of the link check if there was
    one, `well` the number of links that it saw well, `unasked` that of those it did not ask, `to_mend` the others, with
    what it found.
    """

    playbook: Playbook
    questions: Sequence[tuple[Question, Use]]
    reviews: Sequence[tuple[Review, Use]]
    overdue: Sequence[Review] | None
    unverified: Sequence[tuple[Platform, Placeholder]]
    links: Sequence[Link]
    checked: date | None
    well: int
    unasked: int
    to_mend: Sequence[tuple[Link, LinkResult]]


def health_page(book: Handbook, findings: Iterable[Diagnostic], today: date | None) -> Page:
    """The page, given what was found in the sources and the day to compare dates with. Raises TemplateFault."""
    unused = [found for found in findings if found.code.startswith("unused-")]
    made = [_health(book, playbook, today) for playbook in book.catalog.playbooks.values()]
    return Page("health.md", book.render("handbook/health.md.j2", health=made, unused=unused, today=today))


def _health(book: Handbook, playbook: Playbook, today: date | None) -> PlaybookHealth:
    named = links_of(playbook, book.composition)
    links = [link for link in book.catalog.links.values() if link.id in named]
    results = [(link, result) for link in links for result in book.checked(link.id)]
    asked = {link.id for link, _ in results}
    to_mend = [(link, result) for link, result in results if result.verdict != "pass"]
    read = [(review, _page(playbook, review)) for review in reviews(book.catalog, playbook)]
    return PlaybookHealth(
        playbook=playbook,
        questions=[(question, _where(book, playbook, question.about)) for question in playbook.questions],
        reviews=sorted(read, key=lambda pair: pair[0].until or date.max),
        overdue=[review for review, _ in read if review.is_overdue(today)] if today else None,
        unverified=list(_unverified(book, playbook)),
        links=links,
        checked=max((result.checked_at.date() for _, result in results), default=None),
        well=len(asked - {link.id for link, _ in to_mend}),
        unasked=len(links) - len(asked),
        to_mend=to_mend,
    )


def _page(playbook: Playbook, review: Review) -> Use:
    if review.kind == "message":
        return Use(review.title, f"messages/{review.id}.md")
    return Use(review.title, f"{playbook.id}.md#{review.id}")


def _where(book: Handbook, playbook: Playbook, about: About) -> Use:
    """The page on which an open question is shown."""
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
    """The tokens in the playbook's messages whose names nobody has verified."""
    messages = dict.fromkeys(str(name) for scenario in playbook.scenarios for name in scenario.messages)
    for platform in book.catalog.platforms.values():
        taken = [name for name in messages if platform in book.takers(name)]
        used = {name for message in taken for name in _placeholders(book, message)}
        for name, token in platform.tokens.items():
            if name in used and not token.verified:
                yield platform, book.catalog.placeholders[name]


def _placeholders(book: Handbook, message: str) -> Iterator[str]:
    for document in book.documents(message):
        for node in (*document.heads(), *document.inlines()):
            if isinstance(node, PlaceholderNode):
                yield node.id
            elif isinstance(node, LinkNode):
                parts = book.catalog.links[node.id].parts()
                yield from (str(part) for part in parts if isinstance(part, Reference))
