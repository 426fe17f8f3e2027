"""Rules: each looks at what a stage made and returns what is wrong with it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from handover.check import (
    addresses,
    contrast,
    drafts,
    files,
    foreign_tokens,
    freshness,
    layouts,
    literal,
    messages,
    names,
    outputs,
    pictures,
    platforms,
    questions,
    references,
    size,
    syntax,
    usage,
    wording,
)
from handover.model.artifact import Artifact, Rendering
from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, has_errors
from handover.model.document import Composition
from handover.model.marks import Marks

Rule = Callable[[Catalog, Composition], Iterable[Diagnostic]]

PART_RULES: tuple[Rule, ...] = (
    *messages.RULES,
    *wording.RULES,
    *foreign_tokens.RULES,
    *platforms.RULES,
)
"""Each looks at one document after the other, whatever else there is."""

DATA_RULES: tuple[Callable[[Catalog], Iterable[Diagnostic]], ...] = (
    *contrast.DATA_RULES,
    *foreign_tokens.DATA_RULES,
    *literal.DATA_RULES,
    *platforms.DATA_RULES,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with one message or snippet, and what is said once for all of them."""

    diagnostics: tuple[Diagnostic, ...]
    misread: tuple[syntax.Misread, ...]

    @property
    def has_errors(self) -> bool:
        """True if what is made of it would have the same faults."""
        return bool(self.misread) or has_errors(self.diagnostics)


def check_references(catalog: Catalog) -> list[Diagnostic]:
    """Whether every id in the data leads somewhere: what has to hold before anything can be rendered."""
    return [each for rule in references.RULES for each in rule(catalog)]


def check_addresses(catalog: Catalog, part: Composition) -> list[Diagnostic]:
    """Whether a message could be sent: what has to hold before it can be rendered."""
    return [each for rule in addresses.RULES for each in rule(catalog, part)]


def check_data(catalog: Catalog) -> list[Diagnostic]:
    """What can be seen in the data alone."""
    return [each for rule in DATA_RULES for each in rule(catalog)]


def check_part(
    catalog: Catalog, part: Composition, readers: syntax.Readers, so_far: Iterable[Diagnostic] = ()
) -> Checked:
    """What was found `so_far`, and all that can be seen in one message or snippet, whose documents `part` has."""
    found = (each for rule in PART_RULES for each in rule(catalog, part))
    return Checked((*so_far, *found), tuple(syntax.misread(catalog, part, readers)))


def check_whole(
    catalog: Catalog, composition: Composition, so_far: Iterable[Diagnostic], misread: Iterable[syntax.Misread]
) -> list[Diagnostic]:
    """What was found `so_far`, in the data and in each part, and what can only be seen in all of it together.

    An id that several places ask for in vain is one finding.
    """
    found = names.gathered(catalog, composition, [*so_far, *syntax.syntax_in_text(misread)])
    for rule in (*questions.RULES, *drafts.RULES, *pictures.RULES):
        found += rule(catalog, composition)
    errors = {each.code for each in found if each.severity == "error"}
    for rule, hidden_by in (*messages.WHOLE_RULES, *usage.RULES, *freshness.RULES):
        # A misspelt name leaves the right one unused: that is one mistake, not two.
        if not errors & hidden_by:
            found += rule(catalog, composition)
    return found


def check_reviews(catalog: Catalog, today: date) -> list[Diagnostic]:
    """What is overdue on the day `today`: dates are compared only where a day is named."""
    return [*freshness.overdue_reviews(catalog, today), *freshness.ended_exceptions(catalog, today)]


def check_rendering(rendering: Rendering, marks: Marks) -> Iterator[Diagnostic]:
    """Whether one form of a document has all that it should have, and nothing that it should not."""
    yield from outputs.conserved(rendering, marks)
    yield from outputs.left_over(rendering, marks)
    yield from layouts.check_layout(rendering, marks.catalog)


def check_artifact(catalog: Catalog, artifact: Artifact, marks: Marks) -> tuple[list[Diagnostic], list[files.Lack]]:
    """Whether one file for a platform is whole, and which required tokens it lacks: see `check_lacks`."""
    found = [
        *files.unfilled(artifact, marks),
        *size.too_large(catalog, artifact),
        *pictures.stale_pictures(catalog, artifact),
    ]
    return found, list(files.lacks(catalog, artifact))


def check_lacks(catalog: Catalog, lacking: Iterable[files.Lack]) -> Iterator[Diagnostic]:
    """What the files of all messages lack, said once."""
    yield from files.required_tokens(catalog, lacking)
