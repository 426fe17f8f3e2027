"""Problems for people and for the programs that read them; the reports for CI serve `check` and `links` alike."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from handover.model.diagnostic import Diagnostic, Severity
from handover.model.text import visible, visible_json


@dataclass(frozen=True, slots=True)
class Case:
    """One entry of a report for CI; without a severity it passed."""

    name: str
    path: str
    line: int
    code: str
    severity: Severity | None
    description: str
    identity: str
    """What makes it the same problem in another run: no line, no date, no count."""
    details: str = ""
    is_skipped: bool = False


def code_quality(cases: Sequence[Case]) -> str:
    """A Code Quality report of the errors and warnings."""
    listed = [
        {
            "description": visible(case.description),
            "check_name": case.code,
            "fingerprint": hashlib.sha256(case.identity.encode(errors="backslashreplace")).hexdigest(),
            "severity": "major" if case.severity == "error" else "minor",
            "location": {"path": case.path, "lines": {"begin": case.line}},
        }
        for case in cases
        if case.severity
    ]
    return json_text(listed)


def junit(name: str, cases: Sequence[Case]) -> str:
    """A JUnit report: an error is a failure, a warning a passed case with output. Without cases, one that passed."""
    suite = ElementTree.Element(
        "testsuite",
        name=name,
        tests=str(max(len(cases), 1)),
        failures=str(sum(case.severity == "error" for case in cases)),
        errors="0",
        skipped=str(sum(case.is_skipped for case in cases)),
    )
    for case in cases:
        description, details = visible(case.description), visible(case.details)
        element = ElementTree.SubElement(suite, "testcase", classname=visible(case.path), name=visible(case.name))
        if case.severity == "error":
            failure = ElementTree.SubElement(element, "failure", message=description, type=case.code)
            failure.text = details or None
        elif case.severity == "warning":
            ElementTree.SubElement(element, "system-out").text = details or description
        elif case.is_skipped:
            ElementTree.SubElement(element, "skipped", message=description)
    if not cases:
        ElementTree.SubElement(suite, "testcase", classname=name, name="no problems")
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


def json_text(data: object) -> str:
    """Data as indented JSON with a line break at the end, safe to print."""
    return visible_json(json.dumps(data, indent=2, ensure_ascii=False)) + "\n"


def number(count: int, noun: str, plural: str = "") -> str:
    """`2 errors`, `1 error`, `no errors`."""
    return f"{count or 'no'} {noun if count == 1 else plural or f'{noun}s'}"


def as_text(diagnostics: Sequence[Diagnostic]) -> str:
    """One problem per line, then a summary."""
    lines = [str(diagnostic) for diagnostic in diagnostics]
    return "\n".join([*lines, summary(diagnostics)]) + "\n"


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """The number of errors and warnings in words."""
    errors, warnings = _count(diagnostics, "error"), _count(diagnostics, "warning")
    if not errors and not warnings:
        return "All is well."
    return f"{number(errors, 'error')}, {number(warnings, 'warning')}."


def _count(diagnostics: Sequence[Diagnostic], severity: Severity) -> int:
    return sum(diagnostic.severity == severity for diagnostic in diagnostics)


def plain(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic as plain data."""
    return {
        "path": diagnostic.place.path,
        "line": diagnostic.place.line,
        "column": diagnostic.place.column,
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        **({"via": [str(place) for place in diagnostic.place.via]} if diagnostic.place.via else {}),
        **({"also": [str(place) for place in diagnostic.also]} if diagnostic.also else {}),
    }


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """The diagnostics with the number of errors and warnings."""
    errors, warnings = _count(diagnostics, "error"), _count(diagnostics, "warning")
    return json_text({"diagnostics": [plain(each) for each in diagnostics], "errors": errors, "warnings": warnings})


def _cases(diagnostics: Sequence[Diagnostic]) -> list[Case]:
    seen: dict[str, int] = {}
    cases = []
    for each in diagnostics:
        key = f"{each.place.path}\n{each.code}\n{each.message}"
        seen[key] = seen.get(key, 0) + 1
        cases.append(
            Case(
                name=f"{each.code} at {each.place}",
                path=each.place.path,
                line=each.place.line,
                code=each.code,
                severity=each.severity,
                description=f"{each.message}{' ' + each.hint if each.hint else ''}",
                identity=f"{key}\n{seen[key]}",
                details=str(each),
            )
        )
    return cases


FORMATS: dict[str, Callable[[Sequence[Diagnostic]], str]] = {
    "text": as_text,
    "json": as_json,
    "codequality": lambda diagnostics: code_quality(_cases(diagnostics)),
    "junit": lambda diagnostics: junit("handover", _cases(diagnostics)),
}
