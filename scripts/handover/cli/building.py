"""A build from beginning to end: everything rendered, and put in the place of the old output."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handover.model.diagnostic import in_order
from handover.paths import SafePath
from handover.write.dist import MARKER, Output
from handover.write.finish import finish, keep
from handover.write.policy import protect, write_reference
from handover.write.site import MkDocs, SiteFault, SitePages, write_pages

if TYPE_CHECKING:  # the engine is imported while MkDocs loads
    from handover.cli.pipeline import PipelineResult
    from handover.model.report import DriftReport, LinkReport
    from handover.write.output import FolderWriter


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What to build of the sources at `root`, and where."""

    root: Path
    output: Output
    no_site: bool
    link_report: Path | None
    drift_reports: tuple[Path, ...]
    today: date | None


class _Stopped(Exception):
    """An error in the sources ends the build; the result has it."""


def build(options: BuildOptions) -> "PipelineResult":
    """Build. With an error in the result, the output is as it was."""
    result: PipelineResult | None = None
    with suppress(_Stopped), options.output.staged(_wait) as stage, _mkdocs(options, stage) as mkdocs:
        from handover.cli.pipeline import run_pipeline
        from handover.write.output import FolderWriter

        reports = _reports(options)
        _progress("Reading, checking and writing")
        with FolderWriter(stage) as writer:
            result = run_pipeline(options.root, writer)
            _write(result, writer, options, reports, mkdocs)
    _progress("")
    assert result is not None  # noqa: S101 - only an error in it stops the build
    return result


@contextmanager
def _mkdocs(options: BuildOptions, out: SafePath) -> Iterator[MkDocs | None]:
    """MkDocs, which loads while the sources are read; None if no site is wanted.

    It works in one folder for one build at a time.
    """
    if options.no_site:
        yield None
        return
    with (_build_folder(options, out) / ".lock").locked(_wait), MkDocs() as mkdocs:
        yield mkdocs


def _write(
    result: "PipelineResult",
    writer: "FolderWriter",
    options: BuildOptions,
    reports: "tuple[LinkReport | None, list[DriftReport]]",
    mkdocs: MkDocs | None,
) -> None:
    """Write everything derived from all messages together. Raises _Stopped."""
    from handover.cli.assembly import add_archives, add_portable_pages, listing, site_diagnostic, site_pages
    from handover.cli.pipeline import handbook

    _stop_on_errors(result)
    book = handbook(result, *reports)
    site = _Site(options, writer.folder, mkdocs)
    try:
        with site.reference(str(book.catalog.brand.site_url or "")):
            add_portable_pages(result, book, writer)
            pages = site_pages(result, book, site.build.path, options.today) if mkdocs else SitePages()
        _stop_on_errors(result)
        with site.pages(pages):
            add_archives(result, writer)
            with (writer.folder / MARKER).open() as file:
                file.writelines(listing(result))
    except SiteFault as fault:
        result.diagnostics = in_order([*result.diagnostics, site_diagnostic(fault)])
        raise _Stopped from None


class _Site:
    """The site of an output. MkDocs works in a process of its own, so each step lets the caller do something meanwhile.

    Without `mkdocs` there is none.
    """

    def __init__(self, options: BuildOptions, out: SafePath, mkdocs: MkDocs | None) -> None:
        self.options = options
        self.out = out
        self.mkdocs = mkdocs
        self.build = _build_folder(options, out)
        # Beside the output: MkDocs empties the folder that it builds into.
        self._site, self._reference = out.sibling("site"), out.sibling("reference")

    @contextmanager
    def reference(self, site_url: str) -> Iterator[None]:
        """Build the site from which the policy is taken. Raises SiteFault."""
        if self.mkdocs is None:
            yield
            return
        from handover.cli.assembly import base_configuration

        base = str(base_configuration(self.options.root).resolve())
        configuration = write_reference(self.out.sibling("source"), base, site_url)
        with self.mkdocs.building(configuration, self._reference.path):
            yield

    @contextmanager
    def pages(self, pages: SitePages) -> Iterator[None]:
        """Build the site of these pages into the output. Raises SiteFault."""
        if self.mkdocs is None:
            yield
            return
        _progress("Building the site")
        with self.mkdocs.building(write_pages(self.build, pages.files), self._site.path):
            keep(self.build, pages)
            yield
        finish(self._site.path, pages)
        protect(self._site.path, self._reference.path)
        for name in sorted(os.listdir(self._site.path)):
            (self._site / name).move(self.out / name)


def _build_folder(options: BuildOptions, out: SafePath) -> SafePath:
    """Where the pages are that MkDocs reads: in build/, or beside the output for a while if the root is read-only."""
    build = SafePath.below(options.root) / "build"
    is_writable = os.access(build.path if build.path.is_dir() else options.root, os.W_OK)
    return build if is_writable else out.sibling("build")


def _stop_on_errors(result: "PipelineResult") -> None:
    if result.has_errors:
        raise _Stopped


def _wait() -> None:
    click.echo("Another build is running here: waiting for it.", err=True)


def _reports(options: BuildOptions) -> "tuple[LinkReport | None, list[DriftReport]]":
    """The result of the link check, and the comparisons with platforms; a file that is none ends the command."""
    from handover.load.reports import ReportRefused, read_drift_report, read_link_report

    try:
        link_report = read_link_report(options.link_report) if options.link_report else None
        return link_report, [read_drift_report(path) for path in options.drift_reports]
    except ReportRefused as refused:
        raise click.UsageError(f"{refused}.") from None


def _progress(step: str) -> None:
    """Show on a terminal what the build is doing; print nothing into a pipe."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{step + ' …' if step else ''}", nl=False, err=True)
