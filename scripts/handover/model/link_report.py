"""The result of the link check, as `handover links --format json` writes it and the site reads it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from handover.model.link import LinkClass

Verdict = Literal["pass", "warn", "fail"]

WELL: frozenset[LinkClass] = frozenset({"ok", "redirected"})
"""The classes of an address that was seen, and seen well."""


class _Part(BaseModel):
    """Frozen; a key that a newer version added is passed over."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class Hop(_Part):
    """One answer that led elsewhere."""

    url: str
    """The address that was asked."""
    status: int
    """The HTTP status of the answer."""


class LinkResult(_Part):
    """What came of one address."""

    id: str
    """The link's id in data/links.yml; a link with a choice in its address has a result for each option."""
    url: str
    """The address that was asked, sample values filled in."""
    class_: Annotated[LinkClass, Field(alias="class")]
    """What kind of answer it was."""
    status: int | None
    """The HTTP status at the end; None when nothing answered."""
    final_url: str | None
    """Where the redirects ended; None when nothing answered."""
    hops: tuple[Hop, ...]
    """Each answer on the way that led elsewhere, in order."""
    path: str
    """The file that the address stands in, relative to the root."""
    line: int
    """The line of the address there, from 1."""
    verdict: Verdict
    """What it means for a merge."""
    message: str
    """The same in words."""
    suggestion: str | None
    """The address to write instead, where one is known."""
    checked_at: AwareDatetime
    """When the address was asked; not now for what is remembered from an earlier run."""

    @property
    def seen_well(self) -> datetime | None:
        """When it was seen well, in UTC; None if this time it was not."""
        return self.checked_at.astimezone(UTC) if self.class_ in WELL else None


class LinkReport(_Part):
    """The results of one run, in the order of the file, and how many there are of each verdict."""

    links: tuple[LinkResult, ...]
    fail: int
    warn: int
    pass_: Annotated[int, Field(alias="pass")]

    @classmethod
    def of(cls, links: Iterable[LinkResult]) -> Self:
        """The report on these results."""
        ordered = tuple(sorted(links, key=lambda result: (result.path, result.line, result.url)))
        count = [sum(result.verdict == verdict for result in ordered) for verdict in ("fail", "warn", "pass")]
        return cls(links=ordered, fail=count[0], warn=count[1], pass_=count[2])

    def about(self, link_id: str) -> tuple[LinkResult, ...]:
        """The results of one link; none for a link that was not asked."""
        return tuple(result for result in self.links if result.id == link_id)
