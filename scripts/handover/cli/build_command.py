"""`handover build`."""

from datetime import date
from pathlib import Path

import click

import handover
from handover.cli.options import built_in, repository, root_option, today_option
from handover.cli.terminal import print_line
from handover.write.dist import Output


@click.command("build")
@root_option
@click.option(
    "--out", type=click.Path(path_type=Path), help="The folder to build into; dist below the root by default."
)
@click.option("--no-site", is_flag=True, help="Only the exports and catalog.json.")
@click.option(
    "--link-report",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The output of 'handover links --format json': the links page shows when each link was last OK.",
)
@click.option(
    "--drift-report",
    "drift_reports",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The output of 'handover drift --format json', for the health page; can be given once for each platform.",
)
@today_option
def command(
    root: Path,
    out: Path | None,
    no_site: bool,
    link_report: Path | None,
    drift_reports: tuple[Path, ...],
    today: date | None,
) -> None:
    """Build everything into dist/. With an error in the sources nothing is written."""
    repository(root)
    target = out or root / "dist"
    output = Output.at(target, root)
    from handover.write.fingerprint import BuildRecord, output_digest, read_record, source_digest, write_record

    engine = [Path(handover.__file__).parent, built_in("templates"), built_in("mkdocs.yml")]
    given = [path and path.read_text(encoding="utf-8", errors="replace") for path in (link_report, *drift_reports)]
    options = {"no_site": no_site, "today": str(today), "reports": given}
    sources, record = source_digest(root, engine, options), read_record(output)
    if record and record.sources == sources and output.is_tidy() and record.output == output_digest(target):
        print_line(f"Nothing has changed: {target} has the {record.files} files.{_warnings(record.warnings)}")
    else:
        from handover.cli.building import BuildOptions, build
        from handover.cli.formats import as_text

        result = build(BuildOptions(root, output, no_site, link_report, drift_reports, today))
        if result.has_errors:
            click.echo(as_text(result.diagnostics), nl=False, err=True)
            print_line(f"Nothing was built: {target} is as it was.", err=True)
            raise SystemExit(1)
        files, warnings = len(result.artifacts), len(result.diagnostics)
        if source_digest(root, engine, options) == sources:  # else it is unknown which version was read
            write_record(output, BuildRecord(sources, output_digest(target), files, warnings))
        print_line(f"Built {files} files into {target}.{_warnings(warnings)}")
    if not no_site:
        print_line(
            f"To look at the handbook: python3 -m http.server --directory {target} 8000, then open http://localhost:8000/"
        )


def _warnings(count: int) -> str:
    return f" {count} warning{'s' if count != 1 else ''}: 'handover check' lists them." if count else ""
