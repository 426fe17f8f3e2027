"""`handover build`."""

import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import click

from handover.cli.assembly import add_archives, add_portable, listing, site_diagnostic, site_files
from handover.cli.formats import as_text
from handover.cli.pipeline import Examined, handbook, read, root_option, today_option
from handover.cli.production import produce
from handover.load.link_report import ReportRefused, read_link_report
from handover.model.diagnostic import in_order
from handover.model.link_report import LinkReport
from handover.write import site
from handover.write.dist import MARKER, OutputRefused, Stage, check_output, locked, staged
from handover.write.policy import protect


@click.command("build")
@root_option
@click.option(
    "--out", type=click.Path(path_type=Path), help="The folder to build into; dist below the root by default."
)
@click.option("--no-site", is_flag=True, help="Only the exports and catalog.json.")
@click.option(
    "--link-report",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What 'handover links --format json' wrote: the links page says when each link was last seen well.",
)
@today_option
def command(root: Path, out: Path | None, no_site: bool, link_report: Path | None, today: date | None) -> None:
    """Build everything into dist/. With an error in the sources nothing is written."""
    target = out or root / "dist"
    try:
        check_output(target, root)
    except OutputRefused as refused:
        raise click.UsageError(str(refused)) from None
    report = _link_report(link_report) if link_report else None
    _progress("Reading and checking")
    made = read(root)
    if made.has_errors:
        produce(made)  # nothing will be written; the outputs may have more to say
    else:
        _write(made, target, no_site, report, today)
    _progress("")
    if made.has_errors:
        click.echo(as_text(made.diagnostics), nl=False, err=True)
        click.echo(f"Nothing was built: {target} is as it was.", err=True)
        raise SystemExit(1)
    _say_what_to_open(made, target, no_site)


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


def _say_what_to_open(made: Examined, target: Path, no_site: bool) -> None:
    warnings = len(made.diagnostics)
    said = f" {warnings} warning{'s' if warnings != 1 else ''}: 'handover check' lists them." if warnings else ""
    click.echo(f"Built {len(made.artifacts)} files for use into {target}.{said}")
    if not no_site:
        click.echo(
            f"To look at the handbook: python3 -m http.server --directory {target} 8000, then open http://localhost:8000/"
        )
