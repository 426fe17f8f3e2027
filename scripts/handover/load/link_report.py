"""The file that `handover links --format json` wrote, to a LinkReport."""

from pathlib import Path

from pydantic import ValidationError

from handover.model.link_report import LinkReport

MAX_BYTES = 50_000_000
"""More than the results of any number of links that a person keeps."""


class ReportRefused(Exception):
    """The file is no result of the link check; the message says why."""


def read_link_report(path: Path) -> LinkReport:
    """The report in the file at `path`. Raises ReportRefused for any other file."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as trouble:
        raise ReportRefused(f"{path} cannot be read: {trouble.strerror or trouble}") from None
    if len(content) > MAX_BYTES:
        raise ReportRefused(f"{path} is larger than {MAX_BYTES:,} bytes")
    try:
        return LinkReport.model_validate_json(content)
    except ValidationError as trouble:
        first = trouble.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise ReportRefused(
            f"{path} is no result of the link check ({where + ': ' if where else ''}{first['msg']}). "
            "Write one with: handover links --format json"
        ) from None
