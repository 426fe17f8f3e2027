"""The stages, one after the other: what every command starts with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handover.check import check_content, check_references
from handover.cli.options import built_in, repository
from handover.cli.processes import spread
from handover.load.catalog import load
from handover.load.pictures import read_pictures
from handover.load.site_settings import check_site_settings
from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error, in_order
from handover.model.document import Composition
from handover.model.link_report import LinkReport
from handover.model.marks import Marks


@dataclass(slots=True)
class Examined:
    """What came of the sources at a root. Without a catalog nothing could be read at all."""

    root: Path
    diagnostics: list[Diagnostic]
    catalog: Catalog | None = None
    composition: Composition | None = None
    marks: Marks | None = None
    jinja: Any = None
    artifacts: list[Artifact] = field(default_factory=list)
    can_render: bool = False
    """False where references lead nowhere: rendering needs them."""

    @property
    def has_errors(self) -> bool:
        """True if something keeps the build from publishing."""
        return any(found.severity == "error" for found in self.diagnostics)

    @property
    def rendered(self) -> Iterator[Any]:
        """Each document in every form, rendered anew. Raises TemplateFault."""
        if self.catalog is not None and self.composition is not None and self.marks is not None:
            from handover.render.exports import render

            for document in (*self.composition.documents, *self.composition.snippets):
                yield render(document, self.catalog, self.marks, self.jinja)


def read(root: Path) -> Examined:
    """Load, compose and check the sources at `root`; all that is wrong with them is in the result."""
    repository(root)
    loaded = load(root, built_in("templates"))
    made = Examined(root, list(loaded.diagnostics), loaded.catalog)
    if made.catalog is not None:
        beyond = _beyond_bounds(made.catalog)
        made.diagnostics += beyond
        if not beyond:
            _compose(made, made.catalog)
    made.diagnostics = in_order([*made.diagnostics, *check_site_settings(root)])
    return made


def examine(root: Path) -> Examined:
    """The same, with every output rendered and checked too."""
    from handover.cli.production import produce

    made = read(root)
    produce(made)
    return made


def _beyond_bounds(catalog: Catalog) -> list[Diagnostic]:
    """That there is more to make than a machine bears."""
    emails = sum(len(message.variant_ids()) for message in catalog.messages.values()) * (len(catalog.platforms) + 1)
    if emails <= MAX_EMAILS:
        return []
    message = f"these are {emails:,} emails, each variant for each platform, and {MAX_EMAILS:,} are the most."
    return [error(Place("content/messages"), "too-many-files", message, "Take out what nobody sends.")]


def _compose(made: Examined, catalog: Catalog) -> None:
    from handover.compose.documents import compose

    made.composition, found = compose(catalog)
    made.diagnostics = check_references(catalog, made.composition, [*made.diagnostics, *found])
    made.can_render = not made.has_errors
    made.diagnostics += check_content(catalog, made.composition, made.diagnostics, _each_rule(made.composition))


def _each_rule(composition: Composition) -> Any:
    """With few documents another process costs more than it does."""
    return spread if len(composition.documents) > A_BATCH else map


MAX_EMAILS = 250_000
"""Messages in each variant for each platform: three times as many as five thousand messages make."""

A_BATCH = 48
"""Documents that a process takes at a time."""


def template_diagnostic(fault: Any) -> Diagnostic:
    """The finding for a template that cannot be rendered."""
    place = Place(f"templates/{fault.name}", fault.line)
    return error(
        place,
        "template-error",
        f"{fault.message.rstrip('.')}.",
        "Mend the template, or delete it to use the built-in one.",
    )


def handbook(made: Examined, link_report: LinkReport | None = None) -> Any:
    """The handbook of an examined root without errors; `link_report` is what the link check found, if that is known."""
    from handover.render.pages import Handbook

    if made.catalog is None or made.composition is None or made.marks is None:
        raise ValueError("only sources without an error have a handbook")
    pictures = read_pictures(made.root, made.catalog)
    return Handbook(made.catalog, made.composition, made.artifacts, made.marks, made.jinja, link_report, pictures)
