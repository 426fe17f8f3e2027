"""The files that `handover links` and `handover drift` wrote with `--format json`, to reports."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from handover.model.report import DriftReport, LinkReport

MAX_BYTES = 50_000_000
"""More than the results of any number of links or emails that a person keeps."""

Report = TypeVar("Report", bound=BaseModel)


class ReportRefused(Exception):
    """The file is no such report; the message says why."""


def read_link_report(path: Path) -> LinkReport:
    """The result of a link check in the file at `path`. Raises ReportRefused for any other file."""
    return _read(path, LinkReport, "result of the link check", "handover links")


def read_drift_report(path: Path) -> DriftReport:
    """The comparison with a platform in the file at `path`. Raises ReportRefused for any other file."""
    return _read(path, DriftReport, "comparison with a platform", "handover drift PLATFORM FILE")


def _read(path: Path, kind: type[Report], noun: str, command: str) -> Report:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as trouble:
        raise ReportRefused(f"{path} cannot be read: {trouble.strerror or trouble}") from None
    if len(content) > MAX_BYTES:
        raise ReportRefused(f"{path} is larger than {MAX_BYTES:,} bytes")
    try:
        return kind.model_validate_json(content)
    except ValidationError as trouble:
        first = trouble.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise ReportRefused(
            f"{path} is no {noun} ({where + ': ' if where else ''}{first['msg']}). "
            f"Write one with: {command} --format json"
        ) from None
