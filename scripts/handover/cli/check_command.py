"""`handover check`."""

from datetime import date
from pathlib import Path

import click

from handover.cli.formats import FORMATS
from handover.cli.options import built_in, repository, root_option, today_option
from handover.cli.rebuild import Sources, known_findings, remember_findings, sources_at
from handover.cli.reports import Reports, report_option, write_reports
from handover.cli.terminal import for_terminal, is_terminal, wants_colour
from handover.model.diagnostic import Diagnostic, in_order
from handover.write.record import digest_of_all


@click.command("check")
@root_option
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="How to print."
)
@report_option(FORMATS)
@today_option
def command(root: Path, form: str, reports: Reports, today: date | None) -> None:
    """Check data, content and every output. Exit code 1 if there is an error."""
    repository(root)
    sources = sources_at(root)
    key = sources.key({"check": str(today)})
    found = known_findings(root, key)
    if found is None:
        found = _look(root, today, sources, key)
    write_reports(reports, FORMATS, found)
    if form == "text" and is_terminal():
        click.echo(for_terminal(found, root, wants_colour()), nl=False)
    else:
        click.echo(FORMATS[form](found), nl=False)
    raise SystemExit(1 if any(each.severity == "error" for each in found) else 0)


def _look(root: Path, today: date | None, sources: Sources, key: str) -> list[Diagnostic]:
    from handover.cli.memo import memo_at
    from handover.cli.parts import Forget, Hold
    from handover.cli.pipeline import examine

    memo, own_pages = memo_at(root, sources), has_own_pages(root)
    made = examine(root, Hold() if own_pages else Forget(), memo)
    if today and made.catalog:
        from handover.check import check_reviews

        made.diagnostics = in_order([*made.diagnostics, *check_reviews(made.catalog, today)])
    if not made.has_errors and own_pages:
        from handover.cli.assembly import add_portable, site_files
        from handover.cli.pipeline import handbook

        book = handbook(made)
        if add_portable(made, book, Forget()):
            site_files(made, book, root / "build", today)
    if sources_at(root, sources.engine) == sources:  # else a source changed meanwhile
        remember_findings(root, key, made.diagnostics)
        memo.write(root)
    return made.diagnostics


def has_own_pages(root: Path) -> bool:
    """True if templates of pages are not the built-in ones, with which nothing can be wrong."""
    own = root / "templates/handbook"
    return own.is_dir() and digest_of_all([own]) != digest_of_all([built_in("templates") / "handbook"])
