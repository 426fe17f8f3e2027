"""A build: everything made, and put in the place of what was there."""

import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from handover.cli.assembly import add_archives, add_portable, listing, site_diagnostic, site_files
from handover.cli.memo import Memo
from handover.cli.pipeline import Examined, examine, handbook
from handover.load.link_report import ReportRefused, read_link_report
from handover.model.diagnostic import in_order
from handover.model.link_report import LinkReport
from handover.write import site
from handover.write.dist import MARKER, Stage, locked, staged
from handover.write.left import Left
from handover.write.policy import protect


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to build of the sources at `root`, and into which folder."""

    root: Path
    target: Path
    no_site: bool
    link_report: Path | None
    today: date | None


def build(wanted: Wanted, left: Left, memo: Memo) -> Examined:
    """Build. With an error among the findings the target is as it was.

    `left` are the files of an earlier build; what `memo` knows is not made again.
    """
    report = _link_report(wanted.link_report) if wanted.link_report else None
    made: Examined | None = None
    with suppress(_Stopped), staged(wanted.target, left, _wait) as stage:
        _progress("Reading, checking and writing")
        made = examine(wanted.root, stage, memo)
        _write(made, stage, wanted, report)
    _progress("")
    assert made is not None  # noqa: S101 - only what is wrong with it stops it
    return made


class _Stopped(Exception):
    """Something is wrong with what was made, which has the findings."""


def _write(made: Examined, stage: Stage, wanted: Wanted, report: LinkReport | None) -> None:
    """Everything that is made of all messages together. Raises _Stopped."""
    book = None if made.has_errors else handbook(made, report)
    if book is None or not add_portable(made, book, stage):
        raise _Stopped
    add_archives(made, stage)
    if wanted.no_site:
        stage.write(MARKER, listing(made))
    else:
        _with_site(made, stage, book, wanted.today)


def _with_site(made: Examined, stage: Stage, book: Any, today: date | None) -> None:
    """MkDocs runs while the rest is written."""
    build = made.root / "build"
    pages = site_files(made, book, build, today)
    if pages is None:
        raise _Stopped
    _progress("Building the site")
    build.mkdir(exist_ok=True)
    with locked(build / ".lock", _wait):
        running = site.start(site.prepare(build, pages.items()), stage.site)
        try:
            stage.write(MARKER, listing(made))
            site.finish(running)
        except site.SiteFault as fault:
            made.diagnostics = in_order([*made.diagnostics, site_diagnostic(fault)])
            raise _Stopped from None
        finally:
            running.kill()
    protect(stage.site)
    stage.join_site()


def _wait() -> None:
    click.echo("Another build is at work here: waiting for it.", err=True)


def _link_report(path: Path) -> LinkReport:
    """The result of the link check at `path`; a file that is none ends the command."""
    try:
        return read_link_report(path)
    except ReportRefused as refused:
        raise click.UsageError(f"{refused}.") from None


def _progress(doing: str) -> None:
    """Say on a terminal what is going on; nothing in a pipe."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{doing + ' …' if doing else ''}", nl=False, err=True)
