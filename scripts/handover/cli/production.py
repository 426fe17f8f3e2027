"""Every output rendered, checked and put away, on all cores."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from handover.check import check_artifact, check_lacks, check_pictures, check_rendering
from handover.check.files import Lack
from handover.cli.pipeline import A_BATCH, Examined, template_diagnostic
from handover.cli.processes import spread
from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, in_order
from handover.model.document import Document
from handover.model.marks import Marks, marks_for

Keep = Callable[[Artifact], Artifact]
"""Puts an artifact's content where it belongs; what comes back knows where that is."""


@dataclass(slots=True)
class _Batch:
    """What came of some documents."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    artifacts: list[Artifact] = field(default_factory=list)
    lacking: list[Lack] = field(default_factory=list)


def hold(artifact: Artifact) -> Artifact:
    """Keeps the content where it is: in memory."""
    return artifact


def produce(made: Examined, keep: Keep = hold) -> None:
    """Add every artifact to `made`, and what is wrong with any. `keep` is called in any of several processes."""
    catalog, composition = made.catalog, made.composition
    if catalog is None or composition is None or not made.can_render:
        return
    from handover.render.templating import environment

    texts = [*catalog.templates.values()]
    texts += ["\n".join(entry.body.lines) for kind in (catalog.messages, catalog.blocks) for entry in kind.values()]
    made.marks = marks = marks_for(catalog, texts)
    made.jinja = jinja = environment(catalog.templates)
    sound = not made.has_errors  # what is wrong in the source would be found again in each output
    documents = (*composition.documents, *composition.snippets)
    batches = spread(
        lambda start: _make(documents[start : start + A_BATCH], catalog, marks, jinja, keep, sound),
        range(0, len(documents), A_BATCH),
    )
    for batch in batches:
        made.diagnostics += batch.diagnostics
        made.artifacts += batch.artifacts
    made.diagnostics += check_lacks(catalog, [lack for batch in batches for lack in batch.lacking])
    made.diagnostics += check_pictures(catalog, made.artifacts)
    made.diagnostics = in_order(made.diagnostics)


def _make(
    documents: tuple[Document, ...], catalog: Catalog, marks: Marks, jinja: Any, keep: Keep, sound: bool
) -> _Batch:
    from handover.render.exports import artifacts, render
    from handover.render.templating import TemplateFault

    batch = _Batch()
    for document in documents:
        try:
            rendered = render(document, catalog, marks, jinja)
        except TemplateFault as fault:
            batch.diagnostics.append(template_diagnostic(fault))
            continue
        for rendering in rendered.renderings() if sound else ():
            batch.diagnostics += check_rendering(rendering, marks)
        for artifact in artifacts(rendered, catalog, marks):
            found, lacking = check_artifact(catalog, artifact, marks)
            batch.diagnostics += found
            batch.lacking += lacking
            batch.artifacts.append(keep(artifact))
    return batch
