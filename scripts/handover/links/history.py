"""What earlier runs and the author's exceptions add to a result."""

from datetime import date

from handover.links.cache import Entry
from handover.model.link import Expectation
from handover.model.report import OK_CLASSES, LinkResult

DOUBTFUL_DAYS = 3
"""A link that is doubtful on so many days is a warning."""


def with_history(result: LinkResult, entry: Entry) -> LinkResult:
    """The result with what its cache entry tells about earlier runs."""
    words, verdict = result.message, result.verdict
    failing, doubt = entry.failing, entry.doubt
    if failing and failing.class_ == result.class_ and failing.runs > 1:
        words += f". {result.class_} for {failing.runs} runs, since {failing.since.date()}"
    if doubt and doubt.days >= DOUBTFUL_DAYS and verdict == "pass":
        words += (
            f". Not clear on {doubt.days} days, since {doubt.since.date()}: open it, and note the result in 'expect'"
        )
        verdict = "warn"
    if entry.seen_well and result.class_ not in OK_CLASSES:
        words += f". Last OK on {entry.seen_well.at.date()}"
    return result.model_copy(update={"message": words, "verdict": verdict})


def with_exception(expect: Expectation | None, result: LinkResult, today: date) -> LinkResult:
    """The result after applying the link's `expect`."""
    if expect is None:
        return result
    if expect.is_over(today):
        words = f"{result.message}. Its exception ended on {expect.until}"
        return result.model_copy(update={"verdict": "fail", "message": words})
    if expect.class_ == result.class_:
        words = f"{result.message}. Expected until {expect.until}: {expect.reason}"
        return result.model_copy(update={"verdict": "pass", "message": words})
    if result.class_ in OK_CLASSES:
        words = f"{result.message}. It works now: 'expect' can be deleted"
        return result.model_copy(update={"message": words})
    return result
