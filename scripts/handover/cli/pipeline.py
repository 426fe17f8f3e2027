"""The stages, one after the other: what every command starts with.

A message or snippet depends on nothing but its own file and what all messages share: any process can take it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from handover.check import (
    Checked,
    check_artifact,
    check_data,
    check_part,
    check_references,
    check_rendering,
    check_whole,
)
from handover.check.files import MissingToken, required_tokens
from handover.check.messages import email_addresses
from handover.cli.cache import Cache
from handover.cli.options import built_in, repository
from handover.compose.documents import Composed, Composer
from handover.load.assets import read_pictures, read_screenshots
from handover.load.catalog import load
from handover.model.catalog import Catalog
from handover.model.content import Block, Message
from handover.model.diagnostic import Diagnostic, Place, error, has_errors, in_order
from handover.model.document import Artifact, Composition, Document, Layout
from handover.model.marks import Marks, marks_for
from handover.model.platform import EmailKind
from handover.write.output import MemoryWriter, Writer

if TYPE_CHECKING:  # only the handbook has reports
    from handover.model.report import DriftReport, LinkReport

MAX_EMAILS = 250_000
"""Messages in each variant for each platform: three times what five thousand messages need."""


@dataclass(slots=True)
class EntryResult:
    """The outputs of one message or snippet, and the problems in it."""

    composed: Composed
    checked: Checked
    artifacts: list[Artifact] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    """Problems in the outputs."""
    missing_tokens: list[MissingToken] = field(default_factory=list)


@dataclass(slots=True)
class EntryPipeline:
    """Processes entries of one catalog. `marks` is None if nothing can be rendered.

    `data_is_sound` is False if checks of the outputs would only repeat an error in the data.
    """

    catalog: Catalog
    writer: Writer
    marks: Marks | None
    jinja: Any
    data_is_sound: bool
    composer: Composer = field(init=False)
    sound_layouts: set[Layout] = field(default_factory=set)
    """Layouts that keep all content: the other emails of their shape need not be checked."""

    def __post_init__(self) -> None:
        self.composer = Composer(self.catalog.alone())

    def __call__(self, entry: Message | Block) -> EntryResult:
        """Process one entry."""
        catalog = self.catalog.alone(entry if isinstance(entry, Message) else None)
        composed = self.composer.one(entry)
        part = Composition.of(composed.documents)
        wrong_addresses = list(email_addresses(catalog, part))
        result = EntryResult(composed, check_part(catalog, part, wrong_addresses))
        can_render = not (has_errors((*composed.diagnostics, *wrong_addresses)) or composed.once)
        if self.marks is not None and can_render:
            for document in composed.documents:
                self._render(document, catalog, self.marks, result)
        return result

    def _render(self, document: Document, catalog: Catalog, marks: Marks, result: EntryResult) -> None:
        from handover.render.exports import artifacts, render
        from handover.render.templating import TemplateFault

        try:
            rendered = render(document, catalog, marks, self.jinja)
        except TemplateFault as fault:
            result.diagnostics.append(template_diagnostic(fault))
            return
        has_title = bool(document.subject) or document.kind not in get_args(EmailKind)
        if self.data_is_sound and has_title and not result.checked.has_errors:
            result.diagnostics += [
                each for rendering in rendered.renderings() for each in check_rendering(rendering, marks)
            ]
            for email in rendered.emails.values():
                if email.layout not in self.sound_layouts:
                    found = [each for one in rendered.laid_out(email) for each in check_rendering(one, marks)]
                    result.diagnostics += found
                    if not found and len(set(email.parts)) == len(email.parts):
                        self.sound_layouts.add(email.layout)
        for artifact in artifacts(rendered, catalog, marks):
            diagnostics, missing_tokens = check_artifact(catalog, artifact, marks)
            result.diagnostics += diagnostics
            result.missing_tokens += missing_tokens
            result.artifacts.append(self.writer.write(artifact))


def template_diagnostic(fault: Any) -> Diagnostic:
    """The error for a template that cannot be rendered."""
    return error(
        Place(f"templates/{fault.name}", fault.line),
        "template-error",
        f"{fault.message.rstrip('.')}.",
        "Fix the template, or delete it to use the built-in one.",
    )


@dataclass(slots=True)
class PipelineResult:
    """Everything derived from the sources at a root. Without a catalog nothing could be read."""

    root: Path
    diagnostics: list[Diagnostic]
    catalog: Catalog | None = None
    composition: Composition | None = None
    marks: Marks | None = None
    """None if nothing could be rendered: something that all outputs need is wrong."""
    jinja: Any = None
    artifacts: list[Artifact] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        """True if an error keeps the build from publishing."""
        return has_errors(self.diagnostics)

    @property
    def rendered(self) -> Iterator[Any]:
        """Render each document in every form. Raises TemplateFault."""
        if self.catalog is not None and self.composition is not None and self.marks is not None:
            from handover.render.exports import render

            for document in self.composition.everything:
                yield render(document, self.catalog, self.marks, self.jinja)


def run_pipeline(root: Path, writer: Writer | None = None, cache: Cache | None = None) -> PipelineResult:
    """Load, compose, check and render the sources at `root`; the result has every problem in them.

    Artifacts go to `writer`, else into memory. Entries that `cache` knows are not processed again.
    """
    cache = cache or Cache()
    repository(root)
    loaded = load(root, built_in("templates"), cache.files)
    result = PipelineResult(root, list(loaded.diagnostics), loaded.catalog)
    if result.catalog is not None and not _too_many(result):
        _process(result, result.catalog, writer or MemoryWriter(), cache)
    result.diagnostics = in_order(result.diagnostics)
    return result


def _process(result: PipelineResult, catalog: Catalog, writer: Writer, cache: Cache) -> None:
    diagnostics = [*result.diagnostics, *check_references(catalog)]
    data_diagnostics = check_data(catalog)
    if not has_errors(diagnostics):
        result.marks, result.jinja = cache.layout_tools(catalog, _layout_tools(catalog))
    sound = not has_errors(data_diagnostics)
    pipeline = EntryPipeline(catalog, writer, result.marks, result.jinja, sound)
    entries: list[Message | Block] = [
        *catalog.messages.values(),
        *(block for block in catalog.blocks.values() if block.head.snippet),
    ]
    if result.marks is None:  # results without outputs must not be reused
        cache.entries.known.clear()
    results = cache.entries.map(pipeline, entries, lambda entry: (entry.body.path, entry, sound, result.marks))
    result.composition, composed_diagnostics = Composer(catalog).all([each.composed for each in results])
    diagnostics += [*data_diagnostics, *composed_diagnostics]
    diagnostics += [each for part in results for each in (*part.checked.diagnostics, *part.diagnostics)]
    misread = [each for part in results for each in part.checked.misread]
    result.diagnostics = check_whole(catalog, result.composition, diagnostics, misread)
    result.diagnostics += required_tokens(catalog, [each for part in results for each in part.missing_tokens])
    result.artifacts = [artifact for part in results for artifact in part.artifacts]


def _layout_tools(catalog: Catalog) -> tuple[Marks, Any]:
    """The marks of this build, which no text contains, and the template environment."""
    from handover.render.templating import environment

    texts = [*catalog.templates.values()]
    texts += ["\n".join(entry.body.lines) for kind in (catalog.messages, catalog.blocks) for entry in kind.values()]
    return marks_for(catalog.alone(), texts), environment(catalog.templates)


def _too_many(result: PipelineResult) -> bool:
    """Add an error if there are more emails than a machine can build."""
    assert result.catalog is not None  # noqa: S101 - the caller has looked
    messages, platforms = result.catalog.messages.values(), result.catalog.platforms
    emails = sum(len(message.variant_ids()) for message in messages) * (len(platforms) + 1)
    if emails > MAX_EMAILS:
        message = f"these are {emails:,} emails, counting each variant for each platform; the limit is {MAX_EMAILS:,}."
        result.diagnostics.append(error(Place("content/messages"), "too-many-files", message, "Remove unused ones."))
    return emails > MAX_EMAILS


def handbook(
    result: PipelineResult, link_report: "LinkReport | None" = None, drift_reports: "Sequence[DriftReport]" = ()
) -> Any:
    """The handbook of sources without errors, with the last link check and comparisons with platforms, if known."""
    from handover.render.page_templates import page_environment
    from handover.render.pages import Handbook

    if result.catalog is None or result.composition is None or result.marks is None:
        raise ValueError("only sources without an error have a handbook")
    pictures = read_pictures(result.root, {*result.composition.pictures(), *result.catalog.brand.pictures()})
    screenshots = read_screenshots(result.root, result.catalog)
    jinja = page_environment(result.jinja)
    return Handbook(
        result.catalog,
        result.composition,
        result.artifacts,
        result.marks,
        jinja,
        result.jinja,
        link_report,
        screenshots,
        pictures,
        drift_reports,
    )
