"""`handover check`."""

from datetime import date
from pathlib import Path

import click

from handover.check import check_reviews
from handover.cli.assembly import add_portable, site_files
from handover.cli.formats import FORMATS
from handover.cli.options import root_option, today_option
from handover.cli.pipeline import examine, handbook
from handover.cli.reports import Reports, report_option, write_reports
from handover.cli.terminal import for_terminal, is_terminal, wants_colour
from handover.model.diagnostic import in_order


@click.command("check")
@root_option
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="How to print."
)
@report_option(FORMATS)
@today_option
def command(root: Path, form: str, reports: Reports, today: date | None) -> None:
    """Check data, content and every output. Exit code 1 if there is an error."""
    made = examine(root)
    if today and made.catalog:
        made.diagnostics = in_order([*made.diagnostics, *check_reviews(made.catalog, today)])
    if not made.has_errors:
        book = handbook(made)
        if add_portable(made, book):
            site_files(made, book, root / "build", today)
    write_reports(reports, FORMATS, made.diagnostics)
    if form == "text" and is_terminal():
        click.echo(for_terminal(made.diagnostics, root, wants_colour()), nl=False)
    else:
        click.echo(FORMATS[form](made.diagnostics), nl=False)
    raise SystemExit(1 if made.has_errors else 0)
