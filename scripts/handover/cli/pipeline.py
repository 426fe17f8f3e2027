"""The stages, one after the other: what every command starts with."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

import handover
from handover.check import check_artifacts, check_content, check_references, check_rendering
from handover.compose.documents import compose
from handover.load.catalog import load
from handover.model.artifact import Artifact
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, Place, error, in_order
from handover.model.document import Composition
from handover.model.link_report import LinkReport
from handover.model.marks import Marks, marks_for


@dataclass(slots=True)
class Examined:
    """What came of the sources at a root. Without a catalog nothing could be read at all."""

    root: Path
    diagnostics: list[Diagnostic]
    catalog: Catalog | None = None
    composition: Composition | None = None
    marks: Marks | None = None
    jinja: Any = None
    rendered: list[Any] = field(default_factory=list)
    artifacts: list[Artifact] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        """True if something keeps the build from publishing."""
        return any(found.severity == "error" for found in self.diagnostics)


def built_in(name: str) -> Path:
    """A file or folder that comes with the engine: from the installed package, else from the checkout."""
    package = Path(handover.__file__).parent
    inside = package / name
    return inside if inside.exists() else package.parents[1] / name


root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("."),
    show_default=True,
    help="The folder with data/, content/ and templates/.",
)

today_option = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=lambda context, option, moment: moment and moment.date(),
    metavar="DATE",
    help="Compare dates with this day, as in 2026-11-24. Without it none are compared.",
)


def repository(root: Path) -> None:
    """Refuse a folder that holds no handover."""
    if not (root / "data").is_dir():
        raise click.UsageError(f"there is no folder 'data' in {root}. Name the repository's folder with --root.")


def examine(root: Path) -> Examined:
    """Load, compose, check and render everything at `root`; all that is wrong is in the result."""
    repository(root)
    loaded = load(root, built_in("templates"))
    made = Examined(root, list(loaded.diagnostics), loaded.catalog)
    if made.catalog is not None:
        _compose(made, made.catalog)
    made.diagnostics = in_order(made.diagnostics)
    return made


def _compose(made: Examined, catalog: Catalog) -> None:
    made.composition, found = compose(catalog)
    made.diagnostics += found
    made.diagnostics += check_references(catalog, made.composition)
    can_render = not made.has_errors
    made.diagnostics += check_content(catalog, made.composition, made.diagnostics)
    if can_render:
        _render(made, catalog, made.composition)


def _render(made: Examined, catalog: Catalog, composition: Composition) -> None:
    from handover.render.exports import artifacts, render
    from handover.render.templating import TemplateFault, environment

    texts = [*catalog.templates.values()]
    texts += ["\n".join(entry.body.lines) for kind in (catalog.messages, catalog.blocks) for entry in kind.values()]
    made.marks = marks_for(catalog, texts)
    made.jinja = environment(catalog.templates)
    sound = not made.has_errors  # what is wrong in the source would be found again in each output
    for document in (*composition.documents, *composition.snippets):
        try:
            rendered = render(document, catalog, made.marks, made.jinja)
        except TemplateFault as fault:
            made.diagnostics.append(template_diagnostic(fault))
            continue
        for rendering in rendered.renderings() if sound else ():
            made.diagnostics += check_rendering(rendering, made.marks)
        made.rendered.append(rendered)
        made.artifacts += artifacts(rendered, catalog, made.marks)
    made.diagnostics += check_artifacts(catalog, made.artifacts, made.marks)


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
    return Handbook(made.catalog, made.composition, made.artifacts, made.marks, made.jinja, link_report)
