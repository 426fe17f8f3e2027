"""`handover build`."""

import sys
from datetime import date
from pathlib import Path

import click

from handover.cli.assembly import assemble, site_diagnostic
from handover.cli.formats import as_text
from handover.cli.pipeline import Examined, examine, root_option, today_option
from handover.load.link_report import ReportRefused, read_link_report
from handover.model.diagnostic import in_order
from handover.model.link_report import LinkReport
from handover.write import site
from handover.write.dist import OutputRefused, check_output, staged, write_all


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
    made = examine(root)
    if not made.has_errors:
        _write(made, target, no_site, report, today)
    _progress("")
    errors = [found for found in made.diagnostics if found.severity == "error"]
    if errors:
        click.echo(as_text(made.diagnostics), nl=False, err=True)
        click.echo(f"Nothing was built: {target} is as it was.", err=True)
        raise SystemExit(1)
    _say_what_to_open(made, target, no_site)


def _write(made: Examined, target: Path, no_site: bool, report: LinkReport | None, today: date | None) -> None:
    """Build into `target`; if the templates or the site are wrong, `made` has the findings and nothing was written."""
    build = made.root / "build"
    assembled = assemble(made, build, report, today)
    if assembled is None:
        return
    try:
        with staged(target) as stage:
            if not no_site:
                _progress("Building the site")
                site.finish(site.start(site.prepare(build, assembled.pages.items()), stage))
            _progress("Writing the exports")
            write_all(stage, assembled.files.items())
    except site.SiteFault as fault:
        made.diagnostics = in_order([*made.diagnostics, site_diagnostic(fault)])


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
