"""What `handover drift` found on a platform, as `--format json` writes it and the site reads it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from handover.model.changed_line import Line

DriftStatus = Literal["changed", "only there", "only here", "same"]
STATUSES: tuple[DriftStatus, ...] = ("changed", "only there", "only here", "same")
"""In the order of reports."""


class DriftEntry(BaseModel):
    """One template of the platform, one output of the sources, or both, if they belong together."""

    model_config = ConfigDict(frozen=True)

    status: DriftStatus
    kind: Literal["message", "snippet"]
    id: str | None
    """The id of the message or of the snippet's block; None if it is only there."""
    variant: str | None
    title: str
    """Its name here; of what is only there, its name there."""
    there: str | None
    """Its address on the platform, as in template/12, or the name of its file; None if it is only here."""
    lines: tuple[Line, ...] = ()
    """The lines of text that differ: `gone` is only here, `new` only there."""
    links: tuple[Line, ...] = ()
    """The same for links, each as its text and URL."""
    note: str | None = None
    """Why it is only there, if that is known."""

    @property
    def difference(self) -> str:
        """The difference in words."""
        if self.status != "changed":
            return f"{self.status}{f': {self.note}' if self.note else ''}"
        counts = [(len(self.lines), "line"), (len(self.links), "link")]
        return ", ".join(f"{count} {noun}{'s' if count > 1 else ''}" for count, noun in counts if count) + " changed"


class DriftReport(BaseModel):
    """The result for one platform."""

    model_config = ConfigDict(frozen=True)

    platform: str
    """The platform's id."""
    entries: tuple[DriftEntry, ...]

    @property
    def drifted(self) -> tuple[DriftEntry, ...]:
        """What is not the same on both sides."""
        return tuple(entry for entry in self.entries if entry.status != "same")

    def of(self, status: DriftStatus) -> tuple[DriftEntry, ...]:
        """The entries with this status."""
        return tuple(entry for entry in self.entries if entry.status == status)
