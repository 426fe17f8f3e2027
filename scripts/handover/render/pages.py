"""The pages of the handbook, as MkDocs reads them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

from markupsafe import Markup, escape

from handover.model.catalog import Catalog
from handover.model.document import Artifact, Composition
from handover.model.link import in_ascii
from handover.model.located import Prose
from handover.model.marks import Marks, Slot
from handover.model.nodes import Inline, Link, PageLink, walk
from handover.model.ownership import Review, link_owners, review_of
from handover.model.parts import Parts
from handover.model.picture import Screenshot, screenshots_of
from handover.model.playbook import Playbook, Question
from handover.model.report import DriftReport, LinkReport, LinkResult
from handover.render import text
from handover.render.archive import archive_path
from handover.render.composer import Composer
from handover.render.markdown import MarkdownWriter, Target, value
from handover.render.page_links import PageMap, Use, link_uses
from handover.render.scenarios import Scenarios
from handover.render.spelling import HandbookSpelling, PreviewSpelling, fill, token_of
from handover.render.templating import rendering


@dataclass(eq=False)
class Handbook:
    """The variable `book` of the handbook's templates: the catalog, and its prose as Markdown."""

    catalog: Catalog
    composition: Composition
    artifacts: Sequence[Artifact]
    marks: Marks
    jinja: Any
    email_jinja: Any
    link_report: LinkReport | None = None
    screenshot_files: Mapping[str, bytes] = field(default_factory=dict)
    picture_files: Mapping[str, bytes] = field(default_factory=dict)
    drift_reports: Sequence[DriftReport] = ()
    bodies: Mapping[tuple[str, str | None], Markup] = field(default_factory=dict)
    """The texts of messages, as far as they are known."""

    budget_kb = 80
    """Gmail clips an email at about 102 kB of source, and the sending platform adds its tracking."""

    def __post_init__(self) -> None:
        self.spelling = HandbookSpelling(self.catalog)
        self.composer = Composer(self.catalog, self.marks, self.email_jinja)
        self.scenarios = Scenarios(self)
        self.parts = Parts()
        self.link_pages(lambda link: self.page_map.on_site(link))

    @cached_property
    def page_map(self) -> PageMap:
        """The pages of the whole handbook."""
        return PageMap.of(self.catalog)

    def link_pages(self, target: Target) -> None:
        """Have the prose link to pages of the handbook by the paths of `target`."""
        self.writer = MarkdownWriter(self.marks, self.spelling.label, target)

    @cached_property
    def link_uses(self) -> dict[str, list[Use]]:
        """The pages that use each link."""
        return link_uses(self.catalog, self.composition)

    @cached_property
    def link_owners(self) -> dict[str, str]:
        """The owner of each link, by its id."""
        return link_owners(self.catalog, self.composition)

    @cached_property
    def _documents(self) -> dict[str, list[Any]]:
        documents: dict[str, list[Any]] = {}
        for document in self.composition.documents:
            documents.setdefault(document.id, []).append(document)
        return documents

    @cached_property
    def _artifacts(self) -> dict[str | None, list[Artifact]]:
        grouped: dict[str | None, list[Artifact]] = {}
        for artifact in self.artifacts:
            grouped.setdefault(artifact.message, []).append(artifact)
        return grouped

    def only(self, messages: Iterable[str], playbooks: Iterable[str] | None = None) -> "Handbook":
        """The handbook without other messages and playbooks, so that a page cannot depend on them; None for all."""
        catalog, names = self.catalog, dict.fromkeys(messages)
        kept = catalog.playbooks if playbooks is None else {name: catalog.playbooks[name] for name in playbooks}
        scenarios = {str(scenario.id) for playbook in kept.values() for scenario in playbook.scenarios}
        own = replace(
            catalog,
            playbooks=kept,
            messages={name: message for name, message in catalog.messages.items() if name in names},
            stories={name: story for name, story in catalog.stories.items() if name in scenarios},
        )
        if len(names) == 1:
            own = own.of(catalog.messages[next(iter(names))])
        composition = replace(
            self.composition,
            documents=tuple(document for name in names for document in self.documents(name)),
            stories={name: story for name, story in self.composition.stories.items() if name in scenarios},
        )
        artifacts = [artifact for name in names for artifact in self._artifacts.get(name, ())]
        book = replace(self, catalog=own, composition=composition, artifacts=artifacts)
        book.page_map = self.page_map
        return book

    def of_playbook(self, playbook: Playbook) -> "Handbook":
        """The handbook with one playbook and its messages alone."""
        book = self.only(map(str, playbook.sends), [str(playbook.id)])
        book.link_pages(partial(self.page_map.on_site, playbook=str(playbook.id)))
        return book

    def writer_of(self, message_id: str) -> MarkdownWriter:
        """The writer of a message, which knows its own placeholders."""
        spelling = HandbookSpelling(self.catalog.of(self.catalog.messages[message_id]))
        return MarkdownWriter(self.marks, spelling.label, self.writer.target)

    def prose(self, prose: Prose) -> str:
        """The prose of a data file, as Markdown."""
        return self.writer.blocks(self.composition.passages[prose.place])

    def has_links(self, prose: Prose) -> bool:
        """True if a link is in the prose of a data file, which then cannot be the words of another link."""
        return any(isinstance(node, Link | PageLink) for node in walk(self.composition.passages[prose.place]))

    def story(self, scenario_id: str, shift: int) -> str:
        """The text of a scenario as Markdown, with headings `shift` levels lower."""
        return self.writer.blocks(self.composition.stories.get(scenario_id, ()), shift)

    def part(self, words: str, caller: Callable[[], str]) -> Markup:
        """A stand-in for the HTML that `caller` renders, with its `words` for the search."""
        return Markup(self.parts.stand_in(caller().strip(), value(words)))  # noqa: S704 - `value` escapes

    def body(self, document: Any) -> Markup:
        """The text of a message on the page of its playbook."""
        return self.bodies.get((document.id, document.variant)) or self.composer.body(document, shows_urls=True)

    def sample(self, nodes: tuple[Inline, ...]) -> Markup:
        """A line of an email's head with sample values, escaped."""
        preview = PreviewSpelling(self.catalog)
        return escape(fill(text.line(nodes, self.marks), "subject", self.marks, preview))

    def documents(self, message_id: str) -> list[Any]:
        """The message's documents, one per variant."""
        return self._documents.get(message_id, [])

    def sources(self, message_id: str) -> set[str]:
        """The content files that the message was composed from."""
        return {path for document in self.documents(message_id) for path in document.sources}

    def address(self, link_id: str) -> str:
        """The URL of a link, with labels in brackets for placeholders."""
        return self.marks.fill(self.marks.address(link_id), self.spelling.label)

    def source_url(self, path: str, line: int | None = None) -> str | None:
        """The URL of a source file, or of a line in it, in the repository; None if the brand does not have that."""
        base = self.catalog.brand.repo_url
        return f"{str(base).rstrip('/')}/{path}{f'#L{line}' if line else ''}" if base else None

    def is_fixed(self, link_id: str) -> bool:
        """True if the URL has no placeholder."""
        return not self.marks.used(self.marks.address(link_id))

    def link_results(self, link_id: str) -> list[LinkResult]:
        """The results of the link check for a link; empty if its URL has changed since."""
        results = self.link_report.about(link_id) if self.link_report else ()
        url = self.address(link_id) if self.is_fixed(link_id) else None
        return [result for result in results if url is None or in_ascii(result.url) == url]

    def questions(self, playbook: Playbook, **about: str) -> list[Question]:
        """The open questions about something, as in `questions(playbook, scenario="…")`."""
        return [
            question
            for question in playbook.questions
            if all(getattr(question.about, key) == value for key, value in about.items())
        ]

    def files(self, message_id: str, variant: str | None) -> dict[str, dict[str, Artifact]]:
        """A message's files, by platform and format."""
        files: dict[str, dict[str, Artifact]] = {}
        for artifact in self._artifacts.get(message_id, ()):
            if artifact.variant == variant:
                files.setdefault(artifact.platform, {})[artifact.format] = artifact
        return files

    def platform_label(self, platform_id: str) -> str:
        """A platform's label."""
        platform = self.catalog.platforms.get(platform_id)
        return str(platform.label) if platform else platform_id.capitalize()

    def review(self, message_id: str) -> Review:
        """The owner and the last review of a message."""
        return review_of(self.catalog, message_id)

    def screenshots(self, document: Any) -> list[Screenshot]:
        """The screenshots of a message, if there are any."""
        preview = self.files(document.id, document.variant)["preview"]["html"]
        return screenshots_of(preview, self.catalog.screenshots, self.screenshot_files)

    def archive(self, platform_id: str, message_id: str | None = None) -> str | None:
        """The path of the archive of a platform, or of a marketing email for it; None if there are no files."""
        has_files = any(each.platform == platform_id and (each.message or each.block) for each in self.artifacts)
        return archive_path(platform_id, message_id) if has_files else None

    def token(self, platform_id: str, placeholder_id: str) -> str | None:
        """A placeholder's token on a platform, for a choice in its first form; None if it has none."""
        placeholder = self.catalog.placeholders[placeholder_id]
        slot = Slot("placeholder", placeholder_id, next(iter(placeholder.forms), None))
        return token_of(self.catalog.platforms[platform_id], placeholder, slot, "text")

    def render(self, template: str, **context: Any) -> str:
        """Render a page from its template. Raises TemplateFault."""
        return self.render_alone(template, book=self, catalog=self.catalog, **context)

    def render_alone(self, template: str, **context: Any) -> str:
        """Render a template without the handbook and the catalog. Raises TemplateFault."""
        with rendering(template):
            text = str(self.jinja.get_template(template).render(**context))
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"
