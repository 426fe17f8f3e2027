"""Everything derived from all messages together: portable pages, archives, the site's pages, catalog.json."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from importlib import import_module
from pathlib import Path

import click

from handover.cli import COMMANDS
from handover.cli.cache import Cache
from handover.cli.options import built_in
from handover.cli.pipeline import PipelineResult, template_diagnostic
from handover.model.diagnostic import Diagnostic, Place, error, in_order
from handover.model.document import Artifact
from handover.model.playbook import Playbook
from handover.parallel import parallel_map
from handover.render import site
from handover.render.archive import archive_of, by_archive, readme, write_zip
from handover.render.catalog_json import catalog_json
from handover.render.health import health_page
from handover.render.pages import Handbook
from handover.render.portable import portable, portable_pictures
from handover.render.reference import Command, reference_pages
from handover.render.templating import TemplateFault
from handover.write.output import Writer
from handover.write.site import SitePages


def add_portable_pages(result: PipelineResult, book: Handbook, writer: Writer, cache: Cache | None = None) -> None:
    """Add the playbooks' portable pages and their pictures to the artifacts. A wrong template adds an error instead."""
    cache = cache or Cache()
    cache.check_surroundings(book.catalog)

    with _catching_faults(result):
        playbooks = [*book.catalog.playbooks.values()]
        pages = cache.portable_pages.map(partial(portable, book), playbooks, partial(_key_of_playbook, book))
        result.artifacts += map(writer.write, [*pages, *portable_pictures(book)])


def add_archives(result: PipelineResult, writer: Writer) -> None:
    """Add the archives of platforms and of marketing emails to the artifacts, built from them."""
    catalog = result.catalog
    assert catalog is not None  # noqa: S101 - there are no errors

    def written(group: tuple[str, list[Artifact]]) -> Artifact:
        path, files = group
        archive = archive_of(path, files)
        contents = [*files, readme(archive.platform, files, catalog)]
        return writer.stream(archive, partial(write_zip, artifacts=contents), sum(each.size for each in files))

    result.artifacts += parallel_map(written, [*by_archive(result.artifacts, catalog).items()])


def site_pages(
    result: PipelineResult, book: Handbook, build: Path, today: date | None = None, cache: Cache | None = None
) -> SitePages:
    """What MkDocs reads, by path below `build`. A wrong template adds an error to `result`.

    `today` is the day to compare dates with. Pages that `cache` knows are not rendered again.
    """
    cache = cache or Cache()
    pages = entry_pages(result, book, build, cache)

    with _catching_faults(result):
        for reference in cache.reference.map(
            lambda _: reference_pages(book, manual()), [""], lambda name: (name, True)
        ):
            pages.add(reference)
        pages.add([health_page(book, result.diagnostics, today), *site.site_pages(book)])
        pages.files.update((f"assets/pictures/{name}", content) for name, content in book.picture_files.items())
        pages.files.update((f"assets/screenshots/{name}", content) for name, content in book.screenshot_files.items())
    return pages


def entry_pages(result: PipelineResult, book: Handbook, build: Path, cache: Cache) -> SitePages:
    """Those of `site_pages` that show messages and playbooks, and MkDocs' configuration."""
    pages = SitePages(term_ids=book.catalog.term_ids)
    cache.check_surroundings(book.catalog)
    messages, playbooks = [*book.catalog.messages.values()], [*book.catalog.playbooks.values()]
    documents, body = book.composition.documents, partial(book.composer.body, shows_urls=True)

    with _catching_faults(result):
        pages.add([site.configuration(book, os.path.relpath(base_configuration(result.root), build))])
        bodies = cache.bodies.map(body, documents, lambda each: (f"{each.id}/{each.variant}", each))
        book.bodies = {(each.id, each.variant): body for each, body in zip(documents, bodies, strict=True)}
        pages.add(
            cache.messages.map(
                partial(site.message_page, book), messages, lambda each: (each.id, *book.documents(each.id))
            )
        )
        pages.add(cache.playbooks.map(partial(site.playbook_page, book), playbooks, partial(_key_of_playbook, book)))
    return pages


def _key_of_playbook(book: Handbook, playbook: Playbook) -> tuple[str, *tuple[object, ...]]:
    """A playbook's id and what its page depends on besides the data: the documents of its messages."""
    documents = (each for name in playbook.sends for each in book.documents(name))
    return (str(playbook.id), True, *documents)


def listing(result: PipelineResult) -> Iterator[bytes]:
    """catalog.json, line by line."""
    assert result.catalog is not None  # noqa: S101 - there are no errors
    return catalog_json(result.catalog, result.artifacts)


@contextmanager
def _catching_faults(result: PipelineResult) -> Iterator[None]:
    """Add an error if a template is wrong."""
    try:
        yield
    except TemplateFault as fault:
        result.diagnostics = in_order([*result.diagnostics, template_diagnostic(fault)])


def base_configuration(root: Path) -> Path:
    """The base of MkDocs' configuration: the root's own, else the built-in one."""
    own = root / "mkdocs.yml"
    return own if own.is_file() else built_in("mkdocs.yml")


def site_diagnostic(fault: Exception) -> Diagnostic:
    """The error for pages that MkDocs refuses."""
    return error(Place("mkdocs.yml"), "site-error", f"MkDocs refuses the pages: {fault}", "Look at what it names.")


def manual() -> list[Command]:
    """Every command with its options."""
    return [_command(name, import_module(f"handover.cli.{name}_command").command) for name in COMMANDS]


def _command(name: str, command: click.Command) -> Command:
    context = click.Context(command, info_name=name, help_option_names=["-h", "--help"])
    usage = " ".join(["handover", name, *command.collect_usage_pieces(context)])
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    return Command(
        name,
        usage,
        tuple(" ".join(part.split()) for part in (command.help or "").split("\n\n")),
        tuple(filter(None, records)),
    )
