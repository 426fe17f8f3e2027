"""Rules: each looks at what a stage made and returns what is wrong with it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from handover.check import (
    addresses,
    contrast,
    drafts,
    files,
    foreign_tokens,
    freshness,
    layouts,
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
from handover.model.diagnostic import Diagnostic
from handover.model.document import Composition
from handover.model.marks import Marks

Rule = Callable[[Catalog, Composition], Iterable[Diagnostic]]
Spread = Callable[[Callable[[Rule], list[Diagnostic]], Sequence[Rule]], Iterable[list[Diagnostic]]]

RULES: tuple[Rule, ...] = (
    *messages.RULES,
    *wording.RULES,
    *contrast.RULES,
    *foreign_tokens.RULES,
    *platforms.RULES,
    *syntax.RULES,
    *questions.RULES,
    *drafts.RULES,
)


def check_references(catalog: Catalog, composition: Composition, so_far: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What was found `so_far`, and whether every id leads somewhere: what has to hold before anything can be rendered.

    An id that several places ask for in vain is one finding.
    """
    found = [each for rule in (*references.RULES, *addresses.RULES) for each in rule(catalog, composition)]
    return names.gathered(catalog, composition, [*so_far, *found])


def check_content(
    catalog: Catalog, composition: Composition, so_far: Iterable[Diagnostic], each_of: Spread = map
) -> list[Diagnostic]:
    """Everything that can be seen in the sources alone, given what was found `so_far`.

    `each_of` does with each rule what `map` does, perhaps with several at a time.
    """
    by_rule = each_of(lambda rule: list(rule(catalog, composition)), RULES)
    found = [each for found in by_rule for each in found]
    errors = {each.code for each in (*so_far, *found) if each.severity == "error"}
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
    found = [*files.unfilled(artifact, marks), *size.too_large(catalog, artifact)]
    return found, list(files.lacks(catalog, artifact))


def check_lacks(catalog: Catalog, lacking: Iterable[files.Lack]) -> Iterator[Diagnostic]:
    """What the files of all messages lack, said once."""
    yield from files.required_tokens(catalog, lacking)


def check_pictures(catalog: Catalog, artifacts: Iterable[Artifact]) -> Iterator[Diagnostic]:
    """Whether the pictures of emails show them as they are."""
    yield from pictures.stale_pictures(catalog, artifacts)
