"""A build: everything made, and put in the place of what was there."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.model.diagnostic import in_order
from handover.write.dist import MARKER, Stage, locked, staged
from handover.write.left import Left
from handover.write.policy import protect
from handover.write.site import MkDocs, SiteFault, prepare

if TYPE_CHECKING:  # the engine is imported when MkDocs is on its way
    from handover.cli.memo import Memo
    from handover.cli.pipeline import Examined
    from handover.model.link_report import LinkReport


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to build of the sources at `root`, and into which folder."""

    root: Path
    target: Path
    no_site: bool
    link_report: Path | None
    today: date | None


def build(wanted: Wanted, left: Left, memo: "Memo") -> "Examined":
    """Build. With an error among the findings the target is as it was.

    `left` are the files of an earlier build; what `memo` knows is not made again.
    """
    made: Examined | None = None
    with suppress(_Stopped), staged(wanted.target, left, _wait) as stage, _mkdocs(wanted) as mkdocs:
        from handover.cli.pipeline import examine

        report = _link_report(wanted.link_report) if wanted.link_report else None
        _progress("Reading, checking and writing")
        made = examine(wanted.root, stage, memo)
        _write(made, stage, wanted, report, mkdocs)
    _progress("")
    assert made is not None  # noqa: S101 - only what is wrong with it stops it
    return made


class _Stopped(Exception):
    """Something is wrong with what was made, which has the findings."""


@contextmanager
def _mkdocs(wanted: Wanted) -> Iterator[MkDocs | None]:
    """MkDocs, which loads while the sources are read; None where no site is wanted.

    It works below build/, which is for one build at a time.
    """
    if wanted.no_site:
        yield None
        return
    build = wanted.root / "build"
    build.mkdir(exist_ok=True)
    with locked(build / ".lock", _wait), MkDocs() as mkdocs:
        yield mkdocs


def _write(made: "Examined", stage: Stage, wanted: Wanted, report: "LinkReport | None", mkdocs: MkDocs | None) -> None:
    """Everything that is made of all messages together. Raises _Stopped."""
    from handover.cli.assembly import add_archives, add_portable, listing
    from handover.cli.pipeline import handbook

    book = None if made.has_errors else handbook(made, report)
    if book is None or not add_portable(made, book, stage):
        raise _Stopped
    add_archives(made, stage)
    if mkdocs is None:
        stage.write_lines(MARKER, listing(made))
    else:
        _with_site(made, stage, book, wanted.today, mkdocs)


def _with_site(made: "Examined", stage: Stage, book: Any, today: date | None, mkdocs: MkDocs) -> None:
    """MkDocs runs while the rest is written."""
    from handover.cli.assembly import listing, site_diagnostic, site_files

    build = made.root / "build"
    pages = site_files(made, book, build, today)
    if pages is None:
        raise _Stopped
    _progress("Building the site")
    mkdocs.start(prepare(build, pages), stage.site)
    stage.write_lines(MARKER, listing(made))
    try:
        mkdocs.finish()
    except SiteFault as fault:
        made.diagnostics = in_order([*made.diagnostics, site_diagnostic(fault)])
        raise _Stopped from None
    protect(stage.site)
    stage.join_site()


def _wait() -> None:
    click.echo("Another build is at work here: waiting for it.", err=True)


def _link_report(path: Path) -> "LinkReport":
    """The result of the link check at `path`; a file that is none ends the command."""
    from handover.load.link_report import ReportRefused, read_link_report

    try:
        return read_link_report(path)
    except ReportRefused as refused:
        raise click.UsageError(f"{refused}.") from None


def _progress(doing: str) -> None:
    """Say on a terminal what is going on; nothing in a pipe."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{doing + ' …' if doing else ''}", nl=False, err=True)
