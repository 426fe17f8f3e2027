"""What `serve` shows: the sources rendered again after each change, and the last good site while there are errors."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from handover.cli.assembly import add_archives, add_portable_pages, listing, site_diagnostic, site_pages
from handover.cli.cache import Cache
from handover.cli.formats import plain
from handover.cli.pipeline import PipelineResult, handbook, run_pipeline
from handover.cli.terminal import excerpt
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.text import visible
from handover.paths import SafePath
from handover.serve.server import Shown
from handover.write.dist import MARKER
from handover.write.output import MemoryWriter
from handover.write.site import CONFIGURATION, MkDocs, SiteFault, write_pages
from handover.write.terms import link_terms


class Preview:
    """The sources at a root as a site in a temporary folder. `errors` are those of the last update."""

    def __init__(self, root: Path, folder: Path, mkdocs: MkDocs) -> None:
        self.root = root
        self.folder = SafePath.below(folder)
        self.mkdocs = mkdocs
        self.errors: Sequence[Diagnostic] = ()
        self.shown = Shown()
        self.pages: Mapping[str, bytes] = {}
        """Those of the site that is shown."""
        self._written: Mapping[str, bytes] | None = None
        """Those in the folder that MkDocs reads."""
        self._cache = Cache()
        self._number = 0

    def update(self, settings_changed: bool = False) -> None:
        """Render the sources as they are now. `settings_changed`: build every page again."""
        self.errors = ()
        try:
            result = run_pipeline(self.root, cache=self._cache)
            pages = {} if result.has_errors else self._render(result)
            self.errors = [each for each in result.diagnostics if each.severity == "error"]
        except (OSError, click.UsageError) as failure:  # a file vanished meanwhile, or the folder data is gone
            message = failure.format_message() if isinstance(failure, click.UsageError) else f"{failure}."
            self.errors = [error(Place("data"), "unreadable-file", message)]
        if not self.errors:
            try:
                self._show(pages, Files(result), settings_changed)
            except SiteFault as fault:
                self.errors = [site_diagnostic(fault)]
        self.shown = replace(self.shown, findings=[self._as_data(each) for each in self.errors], busy=False)

    def _render(self, result: PipelineResult) -> dict[str, bytes]:
        """The pages; a wrong template adds an error to the result."""
        book = handbook(result)
        add_portable_pages(result, book, MemoryWriter(), self._cache)
        return site_pages(result, book, self.folder.path, cache=self._cache)

    def _show(self, pages: Mapping[str, bytes], files: "Files", settings_changed: bool) -> None:
        """Build what has changed. Raises SiteFault, after which the last good site is shown."""
        site, before = self.shown.site, self.pages
        if pages == before and files == self.shown.files and not settings_changed:
            return
        same_navigation = pages.keys() == before.keys() and pages[CONFIGURATION] == before[CONFIGURATION]
        if site is None or settings_changed or not same_navigation:
            new = self.folder / f"site-{self._number + 1}"
            try:
                self.mkdocs.build(self._write(pages), new.path)
            except SiteFault:
                with suppress(OSError):  # MkDocs that was ended may still be writing
                    new.remove()
                raise
            if site is not None:
                with suppress(OSError):
                    (self.folder / site.name).remove()
            site = new.path
        elif pages != before:
            try:
                self.mkdocs.build(self._write(pages), site, dirty=True)
            except SiteFault:
                self.mkdocs.build(self._write(before), site, dirty=True)
                raise
        link_terms(site, files.term_ids)
        self._number += 1
        self.pages = pages
        self.shown = Shown(str(self._number), site, files)

    def _write(self, pages: Mapping[str, bytes]) -> Path:
        configuration = write_pages(self.folder, pages, self._written)
        self._written = pages
        return configuration

    def _as_data(self, found: Diagnostic) -> Mapping[str, Any]:
        """An error as the browser shows it."""
        return {**plain(found), "place": visible(found.place), "source": excerpt(found, self.root)}


class Files:
    """The files beside the pages. Archives and catalog.json are built when they are requested."""

    def __init__(self, result: PipelineResult) -> None:
        self._result = result
        self._contents = {artifact.path: artifact.content for artifact in result.artifacts}
        self.term_ids = result.catalog.term_ids if result.catalog else {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Files) and other._contents == self._contents

    def __call__(self, path: str) -> bytes | None:
        """The content of the file at `path`; None if there is none."""
        if path.endswith(".zip") or path == MARKER:
            return self._on_request.get(path)
        return self._contents.get(path)

    @cached_property
    def _on_request(self) -> dict[str, bytes]:
        result = replace(self._result, artifacts=[*self._result.artifacts])
        add_archives(result, MemoryWriter())
        archives = {each.path: each.content for each in result.artifacts if each.format == "zip"}
        return {**archives, MARKER: b"".join(listing(result))}
