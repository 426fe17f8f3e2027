"""`handover links`: the links of a root, those of an older revision, and `--fix`."""

import asyncio
import contextlib
import difflib
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from platformdirs import user_cache_path

from handover.check.references import link_references
from handover.cli.formats import as_text
from handover.cli.link_formats import FORMATS
from handover.cli.options import Reports, built_in, output_options, root_option, today_option, write_reports
from handover.cli.terminal import print_line, print_lines
from handover.links.cache import Cache, Entry
from handover.links.urls import Mapping as Mapped
from handover.links.urls import NoAddress, addresses
from handover.load.catalog import load
from handover.load.revision import NoRevision, NoSources, check_out, commit_of
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, in_order
from handover.model.report import LinkReport, LinkResult
from handover.paths import SafePath
from handover.write.yaml_edit import CannotEdit, replace_value

if TYPE_CHECKING:  # aiohttp is imported when links are checked
    from handover.links.run import LinkCheck, Outcome

_SOURCES = ("data/links.yml", "data/placeholders.yml", "data/brand.yml")
STOPPED = 128
"""What shells add to the number of the signal that ended a command."""


def _mapping(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> Mapped:
    try:
        return Mapped.parse(texts)
    except NoAddress as bad:
        raise click.BadParameter(f"{bad}.") from None


@click.command("links")
@root_option
@click.option("--since", metavar="REV", help="Count only links that differ from this git revision as new.")
@output_options(FORMATS)
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
    mapping: Mapped,
    allow_private: bool,
    today: date | None,
) -> None:
    """Check every address of data/links.yml. Exit code 1 if a new or changed link fails, 2 without a network."""
    from handover.links.run import LinkCheck

    cache_path = cache_path or user_cache_path("handover", appauthor=False) / "links.json"
    _refuse_links(root, cache_path, wants_fix)
    catalog, errors = read_sources(root)
    if catalog is None or errors:
        click.echo(as_text(errors), nl=False, err=True)
        raise SystemExit(1)
    before = _known_before(root, since)
    now = datetime.now(UTC)
    cache = Cache.read(cache_path, now, _note)
    check = LinkCheck(catalog, cache, mapping, timeout, allow_private, fresh, today or now.date(), before)
    outcome = _run(check)
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
        print_lines(_fix(root, catalog, outcome.report, check.entries), err=form != "text")
    raise SystemExit(STOPPED + outcome.stopped if outcome.stopped else 1 if outcome.report.fail else 0)


def _refuse_links(root: Path, cache_path: Path, wants_fix: bool) -> None:
    """Raises PathRefused now, not after the work, if a path to write is a symbolic link."""
    SafePath.given(cache_path, root).exists()
    if wants_fix:
        (SafePath.below(root) / "data/links.yml").exists()


def _run(check: "LinkCheck") -> "Outcome":
    outcome = asyncio.run(check.run(lambda done, of: _show_progress(f"Checked {done} of {of}")))
    _show_progress("")
    return outcome


def read_sources(root: Path) -> tuple[Catalog | None, list[Diagnostic]]:
    """The catalog at `root`, and the errors that prevent a link check."""
    loaded = load(root, built_in("templates"))
    found = [*loaded.diagnostics, *(link_references(loaded.catalog) if loaded.catalog else ())]
    return loaded.catalog, [each for each in in_order(found) if each.severity == "error"]


def _known_before(root: Path, revision: str | None) -> frozenset[tuple[str, str]]:
    """The addresses at a revision of git, each with its audience."""
    if revision is None:
        return frozenset()
    with tempfile.TemporaryDirectory() as folder:
        try:
            with contextlib.suppress(NoSources):
                check_out(root, commit_of(root, revision), Path(folder), _SOURCES)
        except NoRevision as none:
            raise click.UsageError(f"--since: {none}.") from None
        catalog, errors = read_sources(Path(folder))
    if catalog is None or errors:
        _note(f"the links at {revision} cannot be read, so every link counts as new.")
        return frozenset()
    return frozenset((address.url, address.link.audience) for address in addresses(catalog))


def _fix(root: Path, catalog: Catalog, report: LinkReport, entries: Mapping[str, Entry]) -> str:
    """Write permanent moves that were found in two runs into data/links.yml, and return the diff."""
    path = "data/links.yml"
    before = after = (root / path).read_bytes().decode("utf-8")
    moves = [each for each in report.links if each.class_ == "moved" and each.verdict == "warn" and each.suggestion]
    owners = {str(link.url): str(link.id) for link in catalog.links.values()}
    for result in moves:
        reason = _reason_not_to(result, catalog, entries.get(result.url), owners)
        if not reason:
            try:
                after = replace_value(after, (result.id, "url"), _as_written(result, catalog))
                owners[_as_written(result, catalog)] = result.id
            except CannotEdit as refused:
                reason = str(refused)
        if reason:
            _note(f"{result.id} stays as it is: {reason}.")
    if after == before:
        return ""
    (SafePath.below(root) / path).write(after.encode("utf-8"))
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return "".join(difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", n=2))


def _reason_not_to(result: LinkResult, catalog: Catalog, entry: Entry | None, owners: Mapping[str, str]) -> str | None:
    """Why a move is not written; `owners` are the ids of all addresses, those written before it too."""
    if "{{" in catalog.links[result.id].url:
        return "its address has a placeholder"
    if entry is None or entry.failing is None or entry.failing.runs < 2:
        return "the move must be found in a second run"
    if result.url.startswith("https:") and not str(result.suggestion).startswith("https:"):
        return "the new address is not https"
    owner = owners.get(_as_written(result, catalog))
    return f"'{owner}' already has the new address" if owner else None


def _as_written(result: LinkResult, catalog: Catalog) -> str:
    """The new address as written in the file: a path if the old one was, and the new one is below the handbook."""
    base, new = catalog.brand.full_url("/"), str(result.suggestion)
    is_path = catalog.links[result.id].url.startswith("/")
    return f"/{new.removeprefix(base)}" if is_path and new.startswith(base) else new


def _note(sentence: str) -> None:
    print_line(f"Note: {sentence}", err=True)


def _show_progress(text: str) -> None:
    """Replace the progress line on a terminal; print nothing in a pipe."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}", nl=False, err=True)
