"""A build: everything made, and put in the place of what was there."""

import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import click

from handover.cli.assembly import add_archives, add_portable, listing, site_diagnostic, site_files
from handover.cli.pipeline import Examined, handbook, read
from handover.cli.production import produce
from handover.load.link_report import ReportRefused, read_link_report
from handover.model.diagnostic import in_order
from handover.model.link_report import LinkReport
from handover.write import site
from handover.write.dist import MARKER, Stage, locked, staged
from handover.write.policy import protect


def build(root: Path, target: Path, no_site: bool, link_report: Path | None, today: date | None) -> Examined:
    """Build into `target`. With an error among the findings `target` is as it was."""
    report = _link_report(link_report) if link_report else None
    _progress("Reading and checking")
    made = read(root)
    if made.has_errors:
        produce(made)  # nothing will be written; the outputs may have more to say
    else:
        _write(made, target, no_site, report, today)
    _progress("")
    return made


class _Stopped(Exception):
    """Something is wrong with what was made; `made` has the findings."""


def _write(made: Examined, target: Path, no_site: bool, report: LinkReport | None, today: date | None) -> None:
    """Build into `target`; when something is wrong, `made` has the findings and `target` is as it was."""
    with suppress(_Stopped), staged(target, _wait) as stage:
        produce(made, stage.keep)
        book = None if made.has_errors else handbook(made, report)
        if book is None or not add_portable(made, book, stage.keep):
            raise _Stopped
        add_archives(made, stage.keep)
        if no_site:
            stage.write(MARKER, listing(made))
        else:
            _with_site(made, stage, book, today)


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
