"""Everything that sources without an error become, before any of it is written."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from handover.cli.pipeline import Examined, built_in, handbook, template_diagnostic
from handover.model.diagnostic import Diagnostic, Place, error, in_order
from handover.model.link_report import LinkReport
from handover.write.dist import MARKER, as_files


@dataclass(frozen=True, slots=True)
class Assembled:
    """The `pages` that MkDocs reads, and the `files` that are published as they are, each by its path."""

    pages: Mapping[str, bytes]
    files: Mapping[str, bytes]


def assemble(
    made: Examined, build: Path, report: LinkReport | None = None, today: date | None = None
) -> Assembled | None:
    """All that `made` becomes; None if a template is wrong, and `made` has the finding then.

    `build` is the folder that the pages are going to be written into, `report` the result of the last link check,
    `today` the day to compare dates with.
    """
    from handover.cli.manual import manual
    from handover.render.archive import archives
    from handover.render.catalog_json import catalog_json
    from handover.render.health import health_page
    from handover.render.pages import portable, site_pages
    from handover.render.reference import reference_pages
    from handover.render.templating import TemplateFault

    assert made.catalog is not None  # noqa: S101 - there are no errors
    book = handbook(made, report)
    try:
        made.artifacts += [*portable(book), *archives(made.artifacts)]
        pages = [
            *site_pages(book, _configuration(made.root, build)),
            health_page(book, made.diagnostics, today),
            *reference_pages(book, manual()),
        ]
    except TemplateFault as fault:
        made.diagnostics = in_order([*made.diagnostics, template_diagnostic(fault)])
        return None
    return Assembled(
        {page.path: page.text.encode() for page in pages},
        {**dict(as_files(made.artifacts)), MARKER: catalog_json(made.catalog, made.artifacts)},
    )


def _configuration(root: Path, build: Path) -> str:
    """The way from `build` to the base of MkDocs' configuration: the root's own, else the built-in one."""
    own = root / "mkdocs.yml"
    return os.path.relpath(own if own.is_file() else built_in("mkdocs.yml"), build)


def site_diagnostic(fault: Exception) -> Diagnostic:
    """The finding for pages that MkDocs refuses."""
    return error(Place("mkdocs.yml"), "site-error", f"MkDocs refuses the pages: {fault}", "Look at what it names.")
