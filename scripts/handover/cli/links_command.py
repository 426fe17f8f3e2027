"""`handover links`."""

import asyncio
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handover.cli.formats import as_text
from handover.cli.link_formats import FORMATS
from handover.cli.options import root_option, today_option
from handover.cli.reports import Reports, report_option, write_reports
from handover.cli.terminal import print_line, print_lines
from handover.links.urls import Mapping, NoAddress
from handover.paths import SafePath

if TYPE_CHECKING:
    from handover.cli.link_check import Known

STOPPED = 128
"""What shells add to the number of the signal that ended a command."""


def _mapping(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> Mapping:
    try:
        return Mapping.parse(texts)
    except NoAddress as bad:
        raise click.BadParameter(f"{bad}.") from None


def _default_cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("handover", appauthor=False) / "links.json"


@click.command("links")
@root_option
@click.option("--since", metavar="REV", help="Count only links that differ from this git revision as new.")
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="How to print."
)
@report_option(FORMATS)
@click.option("--fix", "wants_fix", is_flag=True, help="Write permanent moves, found in two runs, into data/links.yml.")
@click.option("--cache", "cache_path", type=click.Path(path_type=Path), help="The cache file.")
@click.option("--fresh", is_flag=True, help="Ignore cached results.")
@click.option(
    "--timeout", type=click.FloatRange(min=0.05), default=10.0, show_default=True, help="Seconds per address."
)
@click.option(
    "--map",
    "mapping",
    metavar="FROM=TO",
    multiple=True,
    callback=_mapping,
    help="Request addresses that start with FROM at TO.",
)
@click.option("--allow-private", is_flag=True, help="Request private, loopback and link-local addresses too.")
@today_option
def command(
    root: Path,
    since: str | None,
    form: str,
    reports: Reports,
    wants_fix: bool,
    cache_path: Path | None,
    fresh: bool,
    timeout: float,
    mapping: Mapping,
    allow_private: bool,
    today: date | None,
) -> None:
    """Check every address of data/links.yml. Exit code 1 if a new or changed link fails, 2 without a network."""
    from handover.cli.link_check import fix, read_sources
    from handover.links.cache import Cache
    from handover.links.run import LinkCheck

    cache_path = _checked(cache_path or _default_cache(), root, wants_fix)
    catalog, errors = read_sources(root)
    if catalog is None or errors:
        click.echo(as_text(errors), nl=False, err=True)
        raise SystemExit(1)
    before = _known_before(root, since)
    now = datetime.now(UTC)
    cache = Cache.read(cache_path, now, _note)
    check = LinkCheck(catalog, cache, mapping, timeout, allow_private, fresh, today or now.date(), before)
    outcome = asyncio.run(check.run(_progress))
    _end_of_line()
    if not outcome.fault:
        cache.write(_note)
    write_reports(reports, FORMATS, outcome.report)
    if outcome.fault:
        click.echo(f"Error: the links cannot be checked, and none is judged: {outcome.fault}", err=True)
        raise SystemExit(2)
    if outcome.stopped:
        _note("Stopped: these are the results so far.")
    click.echo(FORMATS[form](outcome.report), nl=False)
    if wants_fix:
        print_lines(fix(root, catalog, outcome.report, check.entries, _note), err=form != "text")
    raise SystemExit(STOPPED + outcome.stopped if outcome.stopped else 1 if outcome.report.fail else 0)


def _checked(cache: Path, root: Path, wants_fix: bool) -> Path:
    """The path of the cache. Raises PathRefused before the work, not after it, if a path to write is a link."""
    SafePath.given(cache, root).exists()
    if wants_fix:
        (SafePath.below(root) / "data/links.yml").exists()
    return cache


def _known_before(root: Path, since: str | None) -> "Known":
    from handover.cli.link_check import known_before
    from handover.load.revision import NoRevision

    try:
        return known_before(root, since, _note) if since is not None else frozenset()
    except NoRevision as none:
        raise click.UsageError(f"--since: {none}.") from None


def _end_of_line() -> None:
    """Clear the progress line."""
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)


def _note(sentence: str) -> None:
    print_line(f"Note: {sentence}", err=True)


def _progress(done: int, of: int) -> None:
    """Update the progress line on a terminal; print nothing in a pipe."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[KChecked {done} of {of}", nl=False, err=True)
