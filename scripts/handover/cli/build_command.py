"""`handover build`."""

import os
import sys
from pathlib import Path

import click

from handover.cli.formats import as_text
from handover.cli.pipeline import Examined, built_in, examine, handbook, root_option, template_diagnostic
from handover.load.link_report import ReportRefused, read_link_report
from handover.model.diagnostic import Diagnostic, Place, error, in_order
from handover.model.link_report import LinkReport
from handover.write import site
from handover.write.dist import MARKER, OutputRefused, as_files, check_output, staged, write_all


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
def command(root: Path, out: Path | None, no_site: bool, link_report: Path | None) -> None:
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
        made.diagnostics = in_order([*made.diagnostics, *_write(made, target, no_site, report)])
    _progress("")
    errors = [found for found in made.diagnostics if found.severity == "error"]
    if errors:
        click.echo(as_text(made.diagnostics), nl=False, err=True)
        click.echo(f"Nothing was built: {target} is as it was.", err=True)
        raise SystemExit(1)
    _say_what_to_open(made, target, no_site)


def _write(made: Examined, target: Path, no_site: bool, report: LinkReport | None) -> list[Diagnostic]:
    """Build into `target`; what is wrong with the templates or the site comes back, and nothing was written then."""
    from handover.render.archive import archives
    from handover.render.catalog_json import catalog_json
    from handover.render.pages import portable, site_pages
    from handover.render.templating import TemplateFault

    assert made.catalog is not None  # noqa: S101 - there are no errors
    book = handbook(made, report)
    try:
        made.artifacts += [*portable(book), *archives(made.artifacts)]
        pages = [] if no_site else site_pages(book, _configuration(made.root))
    except TemplateFault as fault:
        return [template_diagnostic(fault)]
    files = [*as_files(made.artifacts), (MARKER, catalog_json(made.catalog, made.artifacts))]
    try:
        with staged(target) as stage:
            if pages:
                _progress("Building the site")
                configuration = site.prepare(made.root / "build", [(page.path, page.text.encode()) for page in pages])
                site.finish(site.start(configuration, stage))
            _progress("Writing the exports")
            write_all(stage, files)
    except site.SiteFault as fault:
        return [
            error(Place("mkdocs.yml"), "site-error", f"MkDocs refuses the pages: {fault}", "Look at what it names.")
        ]
    return []


def _link_report(path: Path) -> LinkReport:
    """The result of the link check at `path`; a file that is none ends the command."""
    try:
        return read_link_report(path)
    except ReportRefused as refused:
        raise click.UsageError(f"{refused}.") from None


def _configuration(root: Path) -> str:
    """The way from build/ to the base of MkDocs' configuration: the root's own, else the built-in one."""
    own = root / "mkdocs.yml"
    return os.path.relpath(own if own.is_file() else built_in("mkdocs.yml"), root / "build")


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
