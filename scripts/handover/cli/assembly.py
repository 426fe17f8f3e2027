"""Everything that sources without an error become, before any of it is written."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from handover.cli.memo import digest_of
from handover.cli.options import built_in
from handover.cli.parts import Hold, Keep, template_diagnostic
from handover.cli.pipeline import Examined, handbook
from handover.load.files import TextFile
from handover.load.site_settings import FILE, unsafe_settings
from handover.model.artifact import Artifact
from handover.model.diagnostic import Diagnostic, Place, error, in_order
from handover.model.link_report import LinkReport
from handover.model.sent import packed
from handover.processes import spread
from handover.write.dist import MARKER, as_files

A_SHARE = 48
"""Pages of messages that a process makes at a time."""


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
    if not add_portable(made, book, Hold()):
        return None
    add_archives(made, Hold())
    pages = site_files(made, book, build, today)
    return (
        Assembled(pages, {**dict(as_files(made.artifacts)), MARKER: b"".join(listing(made))})
        if pages is not None
        else None
    )


def add_portable(made: Examined, book: Any, keep: Keep) -> bool:
    """Add each playbook's portable page to the artifacts; False if a template is wrong."""
    from handover.render.portable import portable, portable_path, portable_sources

    wanted = [
        (portable_path(playbook), made.memo.digest_of(*portable_sources(playbook)), partial(portable, book, playbook))
        for playbook in book.catalog.playbooks.values()
    ]
    return _unless_faulty(made, lambda: _add(made, keep, wanted))


def add_archives(made: Examined, keep: Keep) -> None:
    """Add each platform's archive to the artifacts, of which it is made."""
    from handover.render.archive import archive_path, by_platform, whole_archive

    wanted = []
    for platform, files in by_platform(made.artifacts).items():
        digest = digest_of(text for file in files for text in (file.path, file.sha256))
        wanted.append((archive_path(platform), digest, partial(whole_archive, platform, files)))
    _add(made, keep, wanted)


def _add(made: Examined, keep: Keep, wanted: Sequence[tuple[str, str, Callable[[], Artifact]]]) -> None:
    """Have each artifact that is wanted, by its path, the digest of what it is made from, and what makes it."""
    known = [made.memo.known(path, digest) for path, digest, _ in wanted]
    again = [artifact is not None and keep.again([artifact]) for artifact in known]
    new = iter(
        spread(lambda make: keep.put(make()), [make for (*_, make), had in zip(wanted, again, strict=True) if not had])
    )
    for (path, digest, _), artifact, had in zip(wanted, known, again, strict=True):
        if had:
            made.memo.had_again(path)
        else:
            artifact = next(new)
            made.memo.keep(path, digest, packed(artifact))
        keep.fetch(artifact)
        made.artifacts.append(artifact)


def site_files(made: Examined, book: Any, build: Path, today: date | None) -> dict[str, bytes] | None:
    """What MkDocs reads, to be written into `build`; None if a template is wrong."""
    pages: dict[str, bytes] = {}
    base = _configuration(made.root, build)

    def render() -> None:
        pages.update((path, text.encode()) for path, text in _pages(made, book, base, today).items())
        pages.update((f"assets/pictures/{name}", content) for name, content in book.picture_files.items())

    if not _unless_faulty(made, render):
        return None
    settings = TextFile(f"templates/handbook/{FILE}.j2", pages[FILE].decode())
    made.diagnostics = in_order([*made.diagnostics, *unsafe_settings(settings, inherited=base)])
    return None if made.has_errors else pages


def _pages(made: Examined, book: Any, base: str, today: date | None) -> dict[str, str]:
    """The text of each page by its path. Raises TemplateFault."""
    from handover.cli.manual import manual
    from handover.render.health import health_page
    from handover.render.pages import Page, message_pages, site_pages
    from handover.render.reference import reference_pages

    def texts(make: Callable[[], list[Page]]) -> dict[str, str]:
        return {page.path: page.text for page in make()}

    messages = [*book.catalog.messages.values()]
    reference = made.memo.known("reference", "")  # which depends on nothing but what all messages share
    wanted: list[Callable[[], list[Page]]] = [
        *(
            partial(message_pages, book, messages[start : start + A_SHARE])
            for start in range(0, len(messages), A_SHARE)
        ),
        lambda: [health_page(book, made.diagnostics, today), *site_pages(book, base)],
    ]
    if reference:
        made.memo.had_again("reference")
        shares = [reference, *spread(texts, wanted)]
    else:
        shares = spread(texts, [lambda: reference_pages(book, manual()), *wanted])
        made.memo.keep("reference", "", packed(shares[0]))
    return {path: text for share in shares for path, text in share.items()}


def listing(made: Examined) -> Iterator[bytes]:
    """catalog.json, line by line."""
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
