"""What `serve` shows: the sources rendered again after each change, and the last good site while there are errors."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import click

from handover.cli.assembly import (
    add_archives,
    add_portable_pages,
    entry_pages,
    listing,
    site_diagnostic,
    site_pages,
)
from handover.cli.cache import Cache
from handover.cli.formats import plain
from handover.cli.pipeline import PipelineResult, handbook, run_pipeline
from handover.cli.terminal import excerpt
from handover.model.diagnostic import Diagnostic, Place, error
from handover.model.text import visible
from handover.paths import SafePath
from handover.serve.server import Shown
from handover.write.dist import MARKER
from handover.write.finish import finished
from handover.write.output import MemoryWriter
from handover.write.site import CONFIGURATION, MkDocs, SiteFault, SitePages, write_pages


class Preview:
    """The sources at a root as a site in a temporary folder. `errors` are those of the last update."""

    def __init__(self, root: Path, folder: Path, mkdocs: MkDocs) -> None:
        self.root = root
        self.folder = SafePath.below(folder)
        self.mkdocs = mkdocs
        self.errors: Sequence[Diagnostic] = ()
        self.shown = Shown()
        self.pages = SitePages()
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
            if not result.has_errors:
                self._show(result, settings_changed)
            self.errors = [each for each in result.diagnostics if each.severity == "error"]
        except (OSError, click.UsageError) as failure:  # a file vanished meanwhile, or the folder data is gone
            message = failure.format_message() if isinstance(failure, click.UsageError) else f"{failure}."
            self.errors = [error(Place("data"), "unreadable-file", message)]
        except SiteFault as fault:
            self.errors = [site_diagnostic(fault)]
        self.shown = replace(self.shown, findings=[self._as_data(each) for each in self.errors], busy=False)

    def _show(self, result: PipelineResult, settings_changed: bool) -> None:
        """Show the pages; with an error in the result, which a wrong template adds, the last good ones.

        Raises SiteFault, after which the last good ones are shown too.
        """
        book, site = handbook(result), None
        entries = {**self.pages.files, **entry_pages(result, book, self.folder.path, self._cache).files}
        if result.has_errors:
            return
        try:
            # What most edits change: MkDocs begins with it before the other pages are rendered.
            with self._building(entries, self._site(entries, settings_changed), only_changes=True):
                pages = site_pages(result, book, self.folder.path, cache=self._cache)
                add_portable_pages(result, book, MemoryWriter(), self._cache)
            if not result.has_errors:
                site = self._site(pages.files, settings_changed)
                with self._building(pages.files, site):
                    pass
        except SiteFault:
            self._undo(site)
            raise
        if site is None:
            self._undo(site)
        else:
            self._publish(site, pages, Files(result))

    def _publish(self, site: SafePath, pages: SitePages, files: "Files") -> None:
        """Show the pages that are in the folder `site`, and the files beside them."""
        old = self.shown.site
        if site.path != old or pages != self.pages or files != self.shown.files:
            self._number += 1
            self.pages = pages
            self.shown = Shown(str(self._number), site.path, partial(finished, site=site.path, pages=pages), files)
        if old is not None and site.path != old:
            with suppress(OSError):
                (self.folder / old.name).remove()

    def _site(self, pages: Mapping[str, bytes], settings_changed: bool) -> SafePath:
        """The folder that shows these pages: the same as before where the navigation is."""
        shown, before = self.shown.site, self.pages.files
        is_new = settings_changed or pages.keys() != before.keys() or pages[CONFIGURATION] != before[CONFIGURATION]
        return self.folder / (f"site-{self._number + 1}" if shown is None or is_new else shown.name)

    @contextmanager
    def _building(self, pages: Mapping[str, bytes], site: SafePath, only_changes: bool = False) -> Iterator[None]:
        """Build what has changed while the block runs; `only_changes`: never a whole site. Raises SiteFault."""
        is_dirty = site.path == self.shown.site
        if pages == self._written if is_dirty else only_changes:
            yield
            return
        configuration = write_pages(self.folder, pages, self._written)
        self._written = pages
        with self.mkdocs.building(configuration, site.path, is_dirty):
            yield

    def _undo(self, site: SafePath | None) -> None:
        """Leave the last good pages in the folder that is shown, and remove another `site`."""
        shown = self.shown.site
        if shown is not None:
            with self._building(self.pages.files, self.folder / shown.name):
                pass
        if site is not None and site.path != shown:
            with suppress(OSError):  # MkDocs that was ended may still be writing
                site.remove()

    def _as_data(self, found: Diagnostic) -> Mapping[str, Any]:
        """An error as the browser shows it."""
        return {**plain(found), "place": visible(found.place), "source": excerpt(found, self.root)}


class Files:
    """The files beside the pages. Archives and catalog.json are built when they are requested."""

    def __init__(self, result: PipelineResult) -> None:
        self._result = result
        self._contents = {artifact.path: artifact.content for artifact in result.artifacts}

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
