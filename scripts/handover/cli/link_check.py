"""The link check of a root: its settings, the links of an older revision, and `--fix`."""

import contextlib
import difflib
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from handover.check.references import link_references
from handover.cli.options import built_in
from handover.links.addresses import addresses
from handover.links.cache import Entry
from handover.load.catalog import load
from handover.load.revision import NoSources, check_out, commit_of
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, in_order
from handover.model.report import LinkReport, LinkResult
from handover.paths import SafePath
from handover.write.yaml_edit import CannotEdit, replace_value

Note = Callable[[str], None]
Known = frozenset[tuple[str, str]]
"""Pairs of address and audience."""

_SOURCES = ("data/links.yml", "data/placeholders.yml", "data/brand.yml")


def read_sources(root: Path) -> tuple[Catalog | None, list[Diagnostic]]:
    """The catalog at `root`, and the errors that prevent a link check."""
    loaded = load(root, built_in("templates"))
    found = [*loaded.diagnostics, *(link_references(loaded.catalog) if loaded.catalog else ())]
    return loaded.catalog, [each for each in in_order(found) if each.severity == "error"]


def known_before(root: Path, revision: str, note: Note) -> Known:
    """The addresses at a revision of git. Raises NoRevision."""
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.suppress(NoSources):
            check_out(root, commit_of(root, revision), Path(folder), _SOURCES)
        catalog, errors = read_sources(Path(folder))
    if catalog is None or errors:
        note(f"the links at {revision} cannot be read, so every link counts as new.")
        return frozenset()
    return frozenset((address.url, address.link.audience) for address in addresses(catalog))


def fix(root: Path, catalog: Catalog, report: LinkReport, entries: Mapping[str, Entry], note: Note) -> str:
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
            note(f"{result.id} stays as it is: {reason}.")
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
    base = str(catalog.brand.handbook_url or "").rstrip("/")
    new = str(result.suggestion)
    is_path = catalog.links[result.id].url.startswith("/")
    return new[len(base) :] if is_path and new.startswith(f"{base}/") else new
