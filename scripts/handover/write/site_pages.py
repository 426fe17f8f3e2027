"""The pages of a site on all cores: MkDocs itself reads one after the other."""

import io
import logging
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from handover.processes import WorkerDied, spread

SEARCH = "material/search"
"""The theme's plugin that takes each page apart."""


class OnAllCores(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
    """Added to a site's plugins: whatever MkDocs asks of a page is known before it asks for the first one.

    Other plugins must not want a say in what becomes of Markdown: `load.site_settings` allows none that does.
    """

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Called when each page has its place, and nothing of it has been read."""
        search = getattr(config.plugins.get(SEARCH), "search_index", None)
        pages = [file.page for file in files.documentation_pages() if file.page is not None]
        pages.sort(key=lambda page: -len(page.file.content_bytes))  # those that take long first
        read = partial(_read, config=config, files=files, search=search)
        entries: dict[str, list[Any]] = {}
        try:
            made = spread(read, pages)
        except WorkerDied:  # by whoever ended it: MkDocs can do without
            return nav
        for page, sent in zip(pages, made, strict=True):
            if sent is not None:
                said, state, entries[page.url] = _Unpickler(io.BytesIO(sent), files).load()
                page.render = partial(_answer, page, said, state)  # type: ignore[method-assign]
        if search is not None:
            search.add_entry_from_context = _added(search, entries)
        return nav


def _read(page: Page, config: MkDocsConfig, files: Files, search: Any) -> bytes | None:
    """What MkDocs says while it reads a page, what it then knows of it, and its entries in the index of the search.

    None if it cannot be read: MkDocs finds that out again by itself, and says so.
    """
    before = dict(vars(page))
    try:
        with _heard() as said:
            page.read_source(config)
            page.render(config, files)
            entries = _entries(page, search)
    except Exception:
        return None
    state = {name: value for name, value in vars(page).items() if name not in before or before[name] is not value}
    sent = io.BytesIO()
    _Pickler(sent, pickle.HIGHEST_PROTOCOL).dump((said, state, entries))
    return sent.getvalue()


def _entries(page: Page, search: Any) -> list[Any]:
    if search is None:
        return []
    index = type(search)(**search.config)
    index.add_entry_from_context(page)
    return list(index.entries)


def _answer(page: Page, said: list[tuple[str, int, str]], state: dict[str, Any], *_: object) -> None:
    """Read a page of which all is known."""
    for name, level, message in said:
        logging.getLogger(name).log(level, "%s", message)
    vars(page).update(state)


def _added(search: Any, entries: dict[str, list[Any]]) -> Callable[[Page], None]:
    """What adds a page to the index of the search."""
    add = search.add_entry_from_context

    def known(page: Page) -> None:
        if page.url in entries:
            search.entries += entries[page.url]
        else:
            add(page)

    return known


@contextmanager
def _heard() -> Iterator[list[tuple[str, int, str]]]:
    """What MkDocs says meanwhile, and nobody else hears."""
    said: list[tuple[str, int, str]] = []
    listener = logging.Handler()
    listener.emit = lambda record: said.append((record.name, record.levelno, record.getMessage()))  # type: ignore[method-assign]
    logger = logging.getLogger("mkdocs")
    others, propagates = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [listener], False
    try:
        yield said
    finally:
        logger.handlers, logger.propagate = others, propagates


class _Pickler(pickle.Pickler):
    """Names the files of the site instead of sending them."""

    def persistent_id(self, obj: Any) -> str | None:
        return obj.src_uri if isinstance(obj, File) else None


class _Unpickler(pickle.Unpickler):
    """Has the files of the site for their names. It gets nothing but what a `_Pickler` of this very program made."""

    def __init__(self, sent: io.BytesIO, files: Files) -> None:
        super().__init__(sent)
        self.files = files

    def persistent_load(self, pid: Any) -> Any:
        return self.files.get_file_from_path(pid)
