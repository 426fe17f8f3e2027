"""The result of a run for people and for the programs that read it."""

import hashlib
import json
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import get_args
from xml.etree import ElementTree

from handover.links.cache import UNKNOWN
from handover.model.link import LinkClass
from handover.model.link_report import WELL, LinkReport, LinkResult, Verdict

_HEADS: dict[Verdict, str] = {"fail": "To be mended", "warn": "To be looked at", "pass": "Good to know"}
_CLASSES: tuple[LinkClass, ...] = get_args(LinkClass)


def as_text(report: LinkReport) -> str:
    """Grouped, worst first; addresses that are simply well are only counted."""
    told = [result for result in report.links if result.verdict != "pass" or result.class_ not in WELL or _more(result)]
    lines: list[str] = []
    for verdict, head in _HEADS.items():
        group = sorted((result for result in told if result.verdict == verdict), key=_order)
        if group:
            lines += [head, ""]
        for class_, results in groupby(group, key=lambda result: result.class_):
            lines += [f"  {class_}", *(line for result in results for line in _told(result)), ""]
    return "\n".join([*lines, summary(report)]) + "\n"


def summary(report: LinkReport) -> str:
    """How many there are of each verdict, in words."""
    count = len(report.links)
    return f"{count} address{'' if count == 1 else 'es'}: {report.fail} fail, {report.warn} warn, {report.pass_} pass."


def _more(result: LinkResult) -> bool:
    """True if a well address comes with a word that somebody should read."""
    return ". " in result.message or ";" in result.message


def _order(result: LinkResult) -> tuple[int, str, int, str]:
    return (_CLASSES.index(result.class_), result.path, result.line, result.url)


def _told(result: LinkResult) -> Iterator[str]:
    yield f"    {result.path}:{result.line}: {result.id}: {result.url}"
    yield f"        {result.message}."
    if result.suggestion:
        yield f"        Write instead: {result.suggestion}"


def as_json(report: LinkReport) -> str:
    """The JSON of the design, as the site reads it again."""
    return json.dumps(report.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=False) + "\n"


def as_code_quality(report: LinkReport) -> str:
    """A Code Quality report of what is not well. The fingerprint knows neither line nor date nor count."""
    listed = []
    for result in report.links:
        if result.verdict == "pass":
            continue
        key = "\n".join((result.path, result.id, result.url, result.class_))
        listed.append(
            {
                "description": _sentence(result),
                "check_name": result.class_,
                "fingerprint": hashlib.sha256(key.encode()).hexdigest(),
                "severity": "major" if result.verdict == "fail" else "minor",
                "location": {"path": result.path, "lines": {"begin": result.line}},
            }
        )
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"


def as_junit(report: LinkReport) -> str:
    """A JUnit report: a case an address; one of which nothing is known counts as skipped."""
    unknown = [result for result in report.links if result.verdict == "pass" and result.class_ in UNKNOWN]
    suite = ElementTree.Element(
        "testsuite",
        name="links",
        tests=str(len(report.links)),
        failures=str(report.fail),
        errors="0",
        skipped=str(len(unknown)),
    )
    for result in report.links:
        case = ElementTree.SubElement(suite, "testcase", classname=result.path, name=f"{result.id}: {result.url}")
        if result.verdict == "fail":
            ElementTree.SubElement(case, "failure", message=_sentence(result), type=result.class_)
        elif result in unknown:
            ElementTree.SubElement(case, "skipped", message=_sentence(result))
        elif result.verdict == "warn":
            ElementTree.SubElement(case, "system-out").text = _sentence(result)
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


def _sentence(result: LinkResult) -> str:
    suggestion = f" Write instead: {result.suggestion}" if result.suggestion else ""
    return f"{result.class_}: {result.url}: {result.message}.{suggestion}"


FORMATS: dict[str, Callable[[LinkReport], str]] = {
    "text": as_text,
    "json": as_json,
    "codequality": as_code_quality,
    "junit": as_junit,
}
