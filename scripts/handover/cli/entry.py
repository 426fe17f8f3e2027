"""One message or snippet through every stage: composed, checked, rendered, its outputs checked and written.

It depends on nothing but its own file and what all messages share, so entries can be processed in any process.
"""

from dataclasses import dataclass, field
from typing import Any, get_args

from handover.check import Checked, check_artifact, check_part, check_rendering
from handover.check.files import MissingToken
from handover.check.messages import email_addresses
from handover.compose.documents import Composed, Composer
from handover.model.catalog import Catalog
from handover.model.content import Block, Message
from handover.model.diagnostic import Diagnostic, Place, error, has_errors
from handover.model.document import Artifact, Composition, Document, Layout
from handover.model.marks import Marks
from handover.model.platform import EmailKind
from handover.write.output import Writer


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
            for layout, renderings in rendered.laid_out():
                if layout not in self.sound_layouts:
                    found = [each for rendering in renderings for each in check_rendering(rendering, marks)]
                    result.diagnostics += found
                    if not found and len(set(renderings[0].parts)) == len(renderings[0].parts):
                        self.sound_layouts.add(layout)
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
