"""`handover build`."""

from datetime import date
from pathlib import Path

import click

from handover.cli.options import repository, root_option, today_option
from handover.write.dist import OutputRefused, check_output, is_tidy
from handover.write.record import digest


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
    repository(root)
    target = out or root / "dist"
    try:
        check_output(target, root)
    except OutputRefused as refused:
        raise click.UsageError(str(refused)) from None
    from handover.cli.rebuild import is_whole, last_build, remember, sources_at

    sources, before = sources_at(root), last_build(target)
    options = {"no_site": no_site, "today": str(today), "link_report": digest(link_report) if link_report else None}
    key = sources.key(options)
    if before is not None and before.key == key and is_tidy(target) and is_whole(before):
        click.echo(f"Nothing has changed: {target} holds the {before.made} files for use.{_warnings(before.warnings)}")
    else:
        from handover.cli.building import Wanted, build
        from handover.cli.formats import as_text
        from handover.cli.memo import memo_at
        from handover.write.left import Left

        memo = memo_at(root, sources)
        wanted = Wanted(root, target, no_site, link_report, today)
        made = build(wanted, before.left if before else Left(), memo)
        if made.has_errors:
            click.echo(as_text(made.diagnostics), nl=False, err=True)
            click.echo(f"Nothing was built: {target} is as it was.", err=True)
            raise SystemExit(1)
        if sources_at(root, sources.engine) == sources:  # else nobody knows what was read
            memo.write(root)
            remember(target, key, made.artifacts, len(made.diagnostics))
        click.echo(f"Built {len(made.artifacts)} files for use into {target}.{_warnings(len(made.diagnostics))}")
    if not no_site:
        click.echo(
            f"To look at the handbook: python3 -m http.server --directory {target} 8000, then open http://localhost:8000/"
        )


def _warnings(count: int) -> str:
    return f" {count} warning{'s' if count != 1 else ''}: 'handover check' lists them." if count else ""
