"""`handover check`."""

from datetime import date
from pathlib import Path

import click

from handover.cli.formats import FORMATS
from handover.cli.options import Reports, built_in, output_options, repository, root_option, today_option, write_reports
from handover.cli.terminal import for_terminal, is_terminal, wants_colour
from handover.model.diagnostic import Diagnostic, has_errors, in_order


@click.command("check")
@root_option
@output_options(FORMATS)
@today_option
def command(root: Path, form: str, reports: Reports, today: date | None) -> None:
    """Check data, content and every output. Exit code 1 if there is an error."""
    repository(root)
    diagnostics = _diagnostics(root, today)
    write_reports(reports, FORMATS, diagnostics)
    if form == "text" and is_terminal():
        click.echo(for_terminal(diagnostics, root, wants_colour()), nl=False)
    else:
        click.echo(FORMATS[form](diagnostics), nl=False)
    raise SystemExit(1 if has_errors(diagnostics) else 0)


def _diagnostics(root: Path, today: date | None) -> list[Diagnostic]:
    from handover.cli.pipeline import handbook, run_pipeline
    from handover.write.output import MemoryWriter, NullWriter

    own_pages = _has_own_pages(root)
    result = run_pipeline(root, MemoryWriter() if own_pages else NullWriter())
    if today and result.catalog:
        from handover.check import check_reviews

        result.diagnostics = in_order([*result.diagnostics, *check_reviews(result.catalog, today)])
    if not result.has_errors and own_pages:
        from handover.cli.assembly import add_portable_pages, site_pages

        book = handbook(result)
        add_portable_pages(result, book, NullWriter())
        if not result.has_errors:
            site_pages(result, book, root / "build", today)
    return result.diagnostics


def _has_own_pages(root: Path) -> bool:
    """True if the root has page templates that differ from the built-in ones, which always render."""
    own, built = root / "templates/handbook", built_in("templates") / "handbook"
    names = [path.relative_to(own) for path in own.rglob("*") if path.is_file()] if own.is_dir() else []
    return any(
        not (built / name).is_file() or (built / name).read_bytes() != (own / name).read_bytes() for name in names
    )
