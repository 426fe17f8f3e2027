"""What `handover links` and `handover drift` found, as `--format json` writes it and the site reads it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from handover.model.link import LinkClass

Verdict = Literal["pass", "warn", "fail"]

OK_CLASSES: frozenset[LinkClass] = frozenset({"ok", "redirected"})
"""The classes of a URL that works."""


class _Part(BaseModel):
    """Frozen; unknown keys, as of a newer version, are ignored."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class Hop(_Part):
    """One redirect."""

    url: str
    """The URL that was requested."""
    status: int
    """The HTTP status of the response."""


class LinkResult(_Part):
    """The result for one URL."""

    id: str
    """The link's id in data/links.yml; a link with a choice in its URL has a result per option."""
    url: str
    """The requested URL, with sample values filled in."""
    class_: Annotated[LinkClass, Field(alias="class")]
    """The class of the response."""
    status: int | None
    """The last HTTP status; None without a response."""
    final_url: str | None
    """The URL after all redirects; None without a response."""
    hops: tuple[Hop, ...]
    """The redirects, in order."""
    path: str
    """The file that has the URL, relative to the root."""
    line: int
    """The line of the URL in it, counted from 1."""
    verdict: Verdict
    """Whether the result passes, warns, or fails the check."""
    message: str
    """The result in words."""
    suggestion: str | None
    """The URL to use instead, if one is known."""
    checked_at: AwareDatetime
    """When the URL was requested; earlier than the run for a cached result."""

    news: bool = False
    """True if the run before this one gave another class, or did not know the address."""

    @property
    def ok_at(self) -> datetime | None:
        """When the URL worked, in UTC; None if it does not."""
        return self.checked_at.astimezone(UTC) if self.class_ in OK_CLASSES else None


class LinkReport(_Part):
    """The results of one run in the order of the file, and the number of results per verdict."""

    links: tuple[LinkResult, ...]
    fail: int
    warn: int
    pass_: Annotated[int, Field(alias="pass")]

    @classmethod
    def of(cls, links: Iterable[LinkResult]) -> Self:
        """Build the report from these results."""
        ordered = tuple(sorted(links, key=lambda result: (result.path, result.line, result.url)))
        count = [sum(result.verdict == verdict for result in ordered) for verdict in ("fail", "warn", "pass")]
        return cls(links=ordered, fail=count[0], warn=count[1], pass_=count[2])

    def about(self, link_id: str) -> tuple[LinkResult, ...]:
        """The results for one link; empty for a link that was not checked."""
        return tuple(result for result in self.links if result.id == link_id)


Kind = Literal["same", "gone", "new"]
Piece: TypeAlias = tuple[Kind, str]
Line: TypeAlias = tuple[Piece, ...]
"""A changed line: its kept, removed and added pieces, in reading order."""


DriftStatus = Literal["changed", "only there", "only here", "same"]
STATUSES: tuple[DriftStatus, ...] = ("changed", "only there", "only here", "same")
"""In the order of reports."""


class DriftEntry(_Part):
    """One template of the platform, one output of the sources, or both, if they belong together."""

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


class DriftReport(_Part):
    """The result for one platform."""

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
