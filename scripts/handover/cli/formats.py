"""Findings for people and for the programs that read them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any
from xml.etree import ElementTree

from handover.model.diagnostic import Diagnostic


def as_text(diagnostics: Sequence[Diagnostic]) -> str:
    """One finding a line, then a summary."""
    lines = [str(found) for found in diagnostics]
    return "\n".join([*lines, summary(diagnostics)]) + "\n"


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """How many findings there are, in words."""
    errors, warnings = _count(diagnostics, "error"), _count(diagnostics, "warning")
    if not errors and not warnings:
        return "All is well."
    return f"{_number(errors, 'error')}, {_number(warnings, 'warning')}."


def _count(diagnostics: Sequence[Diagnostic], severity: str) -> int:
    return sum(found.severity == severity for found in diagnostics)


def _number(count: int, word: str) -> str:
    return f"{count or 'no'} {word}{'' if count == 1 else 's'}"


def plain(found: Diagnostic) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "path": found.place.path,
        "line": found.place.line,
        "column": found.place.column,
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "hint": found.hint,
        **({"via": [str(place) for place in found.via]} if found.via else {}),
        **({"also": [str(place) for place in found.also]} if found.also else {}),
    }


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """The JSON of the design."""
    listed = [plain(found) for found in diagnostics]
    data = {"diagnostics": listed, "errors": _count(diagnostics, "error"), "warnings": _count(diagnostics, "warning")}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def as_code_quality(diagnostics: Sequence[Diagnostic]) -> str:
    """A Code Quality report. The fingerprint leaves the line out, so that moved text stays the same finding."""
    seen: dict[str, int] = {}
    listed = []
    for found in diagnostics:
        key = f"{found.place.path}\n{found.code}\n{found.message}"
        number = seen[key] = seen.get(key, 0) + 1
        listed.append(
            {
                "description": f"{found.message}{' ' + found.hint if found.hint else ''}",
                "check_name": found.code,
                "fingerprint": hashlib.sha256(f"{key}\n{number}".encode()).hexdigest(),
                "severity": "major" if found.severity == "error" else "minor",
                "location": {"path": found.place.path, "lines": {"begin": found.place.line}},
            }
        )
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"


def as_junit(diagnostics: Sequence[Diagnostic]) -> str:
    """A JUnit report: a case a finding, failed for an error; one case that passed where nothing was found."""
    errors = _count(diagnostics, "error")
    suite = ElementTree.Element(
        "testsuite", name="handover", tests=str(max(len(diagnostics), 1)), failures=str(errors), errors="0", skipped="0"
    )
    for found in diagnostics:
        case = ElementTree.SubElement(
            suite, "testcase", classname=found.place.path, name=f"{found.code} at {found.place}"
        )
        if found.severity == "error":
            failure = ElementTree.SubElement(case, "failure", message=found.message, type=found.code)
            failure.text = str(found)
        else:
            ElementTree.SubElement(case, "system-out").text = str(found)
    if not diagnostics:
        ElementTree.SubElement(suite, "testcase", classname="handover", name="nothing found")
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


FORMATS: dict[str, Callable[[Sequence[Diagnostic]], str]] = {
    "text": as_text,
    "json": as_json,
    "codequality": as_code_quality,
    "junit": as_junit,
}
