"""Everything that sources without an error become, before any of it is written."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from handover.cli.options import built_in
from handover.cli.pipeline import Examined, handbook, template_diagnostic
from handover.cli.processes import spread
from handover.cli.production import Keep, hold
from handover.load.files import TextFile
from handover.load.site_settings import FILE, unsafe_settings
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
    """All that `made` becomes, in memory; None if a template is wrong, and `made` has the finding then.

    `build` is the folder that the pages are going to be written into, `report` the result of the last link check,
    `today` the day to compare dates with.
    """
    book = handbook(made, report)
    if not add_portable(made, book):
        return None
    add_archives(made)
    pages = site_files(made, book, build, today)
    return Assembled(pages, {**dict(as_files(made.artifacts)), MARKER: listing(made)}) if pages is not None else None


def add_portable(made: Examined, book: Any, keep: Keep = hold) -> bool:
    """Add each playbook's portable page to the artifacts; False if a template is wrong."""
    from handover.render.portable import portable

    playbooks = [*book.catalog.playbooks.values()]
    return _unless_faulty(
        made, lambda: made.artifacts.extend(spread(lambda playbook: keep(portable(book, playbook)), playbooks))
    )


def add_archives(made: Examined, keep: Keep = hold) -> None:
    """Add each platform's archive to the artifacts, of which it is made."""
    from handover.render.archive import by_platform, whole_archive

    groups = by_platform(made.artifacts)
    made.artifacts += spread(lambda platform: keep(whole_archive(platform, groups[platform])), list(groups))


def site_files(made: Examined, book: Any, build: Path, today: date | None) -> dict[str, bytes] | None:
    """What MkDocs reads, to be written into `build`; None if a template is wrong."""
    from handover.cli.manual import manual
    from handover.render.health import health_page
    from handover.render.pages import site_pages
    from handover.render.reference import reference_pages

    pages: dict[str, bytes] = {}
    base = _configuration(made.root, build)

    def render() -> None:
        health = health_page(book, made.diagnostics, today)
        made_pages = [*site_pages(book, base), health, *reference_pages(book, manual())]
        pages.update((page.path, page.text.encode()) for page in made_pages)
        pages.update((f"assets/pictures/{name}", content) for name, content in book.picture_files.items())

    if not _unless_faulty(made, render):
        return None
    settings = TextFile(f"templates/handbook/{FILE}.j2", pages[FILE].decode())
    made.diagnostics = in_order([*made.diagnostics, *unsafe_settings(settings, inherited=base)])
    return None if made.has_errors else pages


def listing(made: Examined) -> bytes:
    """catalog.json."""
    from handover.render.catalog_json import catalog_json

    assert made.catalog is not None  # noqa: S101 - there are no errors
    return catalog_json(made.catalog, made.artifacts)


def _unless_faulty(made: Examined, work: Callable[[], None]) -> bool:
    """Do the work; False, and a finding, if a template is wrong."""
    from handover.render.templating import TemplateFault

    try:
        work()
    except TemplateFault as fault:
        made.diagnostics = in_order([*made.diagnostics, template_diagnostic(fault)])
        return False
    return True


def _configuration(root: Path, build: Path) -> str:
    """The way from `build` to the base of MkDocs' configuration: the root's own, else the built-in one."""
    own = root / "mkdocs.yml"
    return os.path.relpath(own if own.is_file() else built_in("mkdocs.yml"), build)


def site_diagnostic(fault: Exception) -> Diagnostic:
    """The finding for pages that MkDocs refuses."""
    return error(Place("mkdocs.yml"), "site-error", f"MkDocs refuses the pages: {fault}", "Look at what it names.")
