"""The report of the link check for people and for the programs that read it."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import get_args

from handover.cli.formats import Case, code_quality, json_text, junit, number
from handover.links.cache import UNKNOWN
from handover.model.diagnostic import Severity
from handover.model.link import LinkClass
from handover.model.report import OK_CLASSES, LinkReport, LinkResult, Verdict
from handover.model.text import visible

_HEADS: dict[Verdict, str] = {"fail": "To fix", "warn": "To look at", "pass": "Good to know"}
_SEVERITIES: dict[Verdict, Severity | None] = {"fail": "error", "warn": "warning", "pass": None}
_CLASSES: tuple[LinkClass, ...] = get_args(LinkClass)


def as_text(report: LinkReport) -> str:
    """What is new since the last run, then the rest, worst first; of what works only the number, unless noted."""
    shown = [result for result in report.links if result.verdict != "pass" or not _is_plain(result)]
    groups: dict[str, list[LinkResult]] = {"New since the last run": [], **{head: [] for head in _HEADS.values()}}
    for result in shown:
        is_news = result.news and result.verdict != "pass"
        groups["New since the last run" if is_news else _HEADS[result.verdict]].append(result)
    lines: list[str] = []
    for head, results in groups.items():
        group = sorted(results, key=_order)
        if group:
            lines += [head, ""]
        for class_, of_class in groupby(group, key=lambda result: result.class_):
            lines += [f"  {class_}", *(line for result in of_class for line in _lines(result)), ""]
    return "\n".join([*lines, _summary(report)]) + "\n"


def _summary(report: LinkReport) -> str:
    count = number(len(report.links), "address", "addresses")
    return f"{count}: {report.fail} fail, {report.warn} warn, {report.pass_} pass."


def _is_plain(result: LinkResult) -> bool:
    """True for an address that works, without a note about it."""
    return result.class_ in OK_CLASSES and ". " not in result.message and "; " not in result.message


def _order(result: LinkResult) -> tuple[int, str, int, str]:
    return (_CLASSES.index(result.class_), result.path, result.line, result.url)


def _lines(result: LinkResult) -> Iterator[str]:
    yield f"    {visible(f'{result.path}:{result.line}: {result.id}: {result.url}')}"
    yield f"        {visible(result.message)}."
    if result.suggestion:
        yield f"        Write instead: {visible(result.suggestion)}"


def as_json(report: LinkReport) -> str:
    """The JSON that the site reads again."""
    return json_text(report.model_dump(mode="json", by_alias=True))


def _case(result: LinkResult) -> Case:
    suggestion = f" Write instead: {result.suggestion}" if result.suggestion else ""
    return Case(
        name=f"{result.id}: {result.url}",
        path=result.path,
        line=result.line,
        code=result.class_,
        severity=_SEVERITIES[result.verdict],
        description=f"{result.class_}: {result.url}: {result.message}.{suggestion}",
        identity=f"{result.path}\n{result.id}\n{result.url}\n{result.class_}",
        is_skipped=result.verdict == "pass" and result.class_ in UNKNOWN,
    )


FORMATS: dict[str, Callable[[LinkReport], str]] = {
    "text": as_text,
    "json": as_json,
    "codequality": lambda report: code_quality([*map(_case, report.links)]),
    "junit": lambda report: junit("links", [*map(_case, report.links)]),
}
