"""Rules: each looks at the result of a stage and returns the problems in it."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from handover.check import (
    files,
    layouts,
    messages,
    outputs,
    platforms,
    playbooks,
    references,
    steps,
    syntax,
    upkeep,
    usage,
    values,
    wording,
)
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, has_errors
from handover.model.document import Artifact, Composition, Rendering
from handover.model.marks import Marks

Rule = Callable[[Catalog, Composition], Iterable[Diagnostic]]

PART_RULES: tuple[Rule, ...] = (
    *messages.RULES,
    *wording.RULES,
    syntax.in_content,
    *platforms.RULES,
    *files.RULES,
)
"""Each looks at one document at a time."""

DATA_RULES: tuple[Callable[[Catalog], Iterable[Diagnostic]], ...] = (
    *messages.DATA_RULES,
    *platforms.DATA_RULES,
    *syntax.DATA_RULES,
    *values.DATA_RULES,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """The problems in one message or snippet, and what is reported once for all of them."""

    diagnostics: tuple[Diagnostic, ...]
    misread: tuple[syntax.Misread, ...]

    @property
    def has_errors(self) -> bool:
        """True if its outputs would have the same faults."""
        return bool(self.misread) or has_errors(self.diagnostics)


def check_references(catalog: Catalog) -> list[Diagnostic]:
    """Unknown ids in the data: without such errors, everything can be rendered."""
    return [each for rule in (*references.RULES, *playbooks.RULES, *steps.RULES) for each in rule(catalog)]


def check_data(catalog: Catalog) -> list[Diagnostic]:
    """Problems in the data alone."""
    return [each for rule in DATA_RULES for each in rule(catalog)]


def check_part(catalog: Catalog, part: Composition, so_far: Iterable[Diagnostic] = ()) -> Checked:
    """The problems `so_far` and those in one message or snippet; `part` has its documents."""
    found = (each for rule in PART_RULES for each in rule(catalog, part))
    return Checked((*so_far, *found), tuple(syntax.misread(catalog, part)))


def check_whole(
    catalog: Catalog, composition: Composition, so_far: Iterable[Diagnostic], misread: Iterable[syntax.Misread]
) -> list[Diagnostic]:
    """The problems `so_far`, in the data and in each part, and those that show only in all of it together.

    An unknown id in several places is one problem.
    """
    found = usage.merge_unknown_ids(catalog, composition, [*so_far, *syntax.syntax_in_text(misread)])
    for rule in (*upkeep.RULES, *platforms.WHOLE_RULES):
        found += rule(catalog, composition)
    found = list(_one_a_text(found))
    errors = {each.code for each in found if each.severity == "error"}
    # Where a section of a variant is misread, the numbers of a list do not follow each other.
    unreadable = {each.place.path for each in found if each.code in usage.UNREADABLE}
    found = [
        each
        for each in found
        if each.code not in ("list-number", "paste-differs") or not unreadable.intersection(each.place.paths)
    ]
    for rule, hidden_by in (*messages.WHOLE_RULES, *usage.RULES, *upkeep.WHOLE_RULES):
        # A misspelt name leaves the right one unused: that is one mistake, not two.
        if not errors & hidden_by:
            found += rule(catalog, composition)
    return found


_CLEAREST = ("foreign-token", "stray-bracket", "platform-syntax", "unsupported-markdown")
"""Problems that one text can have at once, the one that says best what to do first."""


def _one_a_text(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The problems, without those of a text that has a clearer one."""
    # By line and rank, where the problems start, and how far they reach up to each: a line can have thousands.
    taken: dict[tuple[str, int, int], tuple[list[int], list[int]]] = {}
    ranked = ((_CLEAREST.index(each.code) if each.code in _CLEAREST else -1, each) for each in found)
    for rank, each in sorted(ranked, key=lambda pair: (pair[0], pair[1].place)):
        path, line, start = each.place.path, each.place.line, each.place.column
        end = start + each.length
        for starts, reach in (taken.get((path, line, clearer), ((), ())) for clearer in range(rank)):
            before = bisect_left(starts, end)
            if before and reach[before - 1] > start:
                break
        else:
            if rank >= 0:
                starts, reach = taken.setdefault((path, line, rank), ([], []))
                starts.append(start)
                reach.append(max(end, reach[-1] if reach else 0))
            yield each


def check_reviews(catalog: Catalog, today: date) -> list[Diagnostic]:
    """Reviews and exceptions that are overdue on the day `today`."""
    return [*upkeep.overdue_reviews(catalog, today), *upkeep.ended_exceptions(catalog, today)]


def check_rendering(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    """Content that one form of a document has lost, and leftovers in it."""
    yield from outputs.conserved(rendering, marks)
    yield from outputs.left_over(rendering, marks)
    yield from layouts.check_layout(rendering, marks)


def check_artifact(
    catalog: Catalog, artifact: Artifact, marks: Marks
) -> tuple[list[Diagnostic], list[files.MissingToken]]:
    """The problems in one file for a platform, and the required tokens it lacks, for `check_missing_tokens`."""
    found = [
        *files.unfilled(artifact, marks),
        *files.too_large(catalog, artifact),
        *upkeep.stale_screenshots(catalog, artifact),
    ]
    return found, list(files.missing_tokens(catalog, artifact))
