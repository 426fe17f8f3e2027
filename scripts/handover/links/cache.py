"""The results of earlier runs: those still valid, and what they and an author's exceptions add to a new one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, ValidationError

from handover.links.page import Page
from handover.links.urls import host_of
from handover.model.base import Model
from handover.model.link import Expectation, LinkClass
from handover.model.report import OK_CLASSES, LinkResult
from handover.paths import SafePath

MAX_BYTES = 50_000_000
OK_FOR = timedelta(days=7)
OK_JITTER = timedelta(hours=12)
"""The largest shift of that time, by address, so that not all expire on one day."""
UNKNOWN_FOR = timedelta(hours=6)
DROPPED_AFTER = timedelta(days=180)
"""The age at which an entry is dropped."""

UNKNOWN: frozenset[LinkClass] = frozenset({"blocked", "busy", "unknown"})
"""Classes that tell nothing about the address."""
DOUBTFUL: frozenset[LinkClass] = frozenset({"busy", "unknown"})
"""Those that a person should look into if they last."""
DOUBTFUL_DAYS = 3
"""A link that is doubtful on so many days is a warning."""
REUSED: frozenset[LinkClass] = OK_CLASSES | {"login"}


class Failing(Model):
    """A bad class that was found in several runs."""

    class_: LinkClass
    suggestion: str | None
    runs: int
    since: AwareDatetime


class Doubt(Model):
    """A run of doubtful results, on so many days."""

    days: int
    since: AwareDatetime
    last: AwareDatetime


class SeenWell(Model):
    """How a page was when it was last seen well."""

    at: AwareDatetime
    host: str
    title: str = ""
    heading: str = ""


class Entry(Model):
    """The last result of one address, and its history."""

    result: LinkResult
    rules: str
    """The digest of the rules that gave the result."""
    failing: Failing | None = None
    doubt: Doubt | None = None
    seen_well: SeenWell | None = None


class _File(Model):
    format: Literal["link check"]
    version: Literal[2]
    entries: dict[str, Entry]


@dataclass(slots=True)
class Cache:
    """The entries of a cache file. `path` is None where it cannot be written; `now` is in UTC."""

    path: Path | None
    now: datetime
    entries: dict[str, Entry] = field(default_factory=dict)
    earlier: dict[str, Entry] = field(init=False)
    """The entries of earlier runs: an address that two links share is no two runs."""

    def __post_init__(self) -> None:
        self.earlier = dict(self.entries)

    @classmethod
    def read(cls, path: Path, now: datetime, note: Callable[[str], None]) -> "Cache":
        """The cache at `path`. A file that is no cache is set aside, and `note` gets a sentence about it."""
        try:
            if not path.exists():
                return cls(path, now)
            if not path.is_file():
                note(f"{path} is not a file, so no results are kept.")
                return cls(None, now)
            with path.open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
            if len(content) > MAX_BYTES:
                raise ValueError("too large")
            return cls(path, now, _File.model_validate_json(content).entries)
        except OSError as failure:
            note(f"The cache {path} cannot be read ({failure.strerror}), so no results are kept.")
            return cls(None, now)
        except (ValidationError, ValueError):
            return cls(_set_aside(path, note), now)

    def fresh(self, key: str, rules: str) -> Entry | None:
        """The entry for `key` if the same rules gave its result and that is still valid."""
        entry = self.entries.get(key)
        if entry is None or entry.rules != rules:
            return None
        age = self.now - entry.result.checked_at
        valid = timedelta(0)
        if entry.result.class_ in REUSED:
            valid = OK_FOR + OK_JITTER * _jitter(key)
        elif entry.result.class_ in UNKNOWN:
            valid = UNKNOWN_FOR
        return entry if timedelta(0) <= age < valid else None

    def record(self, key: str, rules: str, result: LinkResult, page: Page | None) -> Entry:
        """Store a result and the page it is about, and carry the history on."""
        before = self.earlier.get(key)
        seen_well = before.seen_well if before else None
        if result.class_ in OK_CLASSES:
            host = host_of(result.final_url or result.url)
            seen_well = SeenWell(at=result.checked_at, host=host)
            if page is not None:
                seen_well = seen_well.model_copy(update={"title": page.title, "heading": page.heading})
        self.entries[key] = Entry(
            result=result,
            rules=rules,
            failing=_failing(before.failing if before else None, result),
            doubt=_doubt(before.doubt if before else None, result),
            seen_well=seen_well,
        )
        return self.entries[key]

    def write(self, note: Callable[[str], None]) -> None:
        """Replace the file in one step; `note` gets a sentence if that fails."""
        if self.path is None:
            return
        kept = {key: entry for key, entry in self.entries.items() if self.now - entry.result.checked_at < DROPPED_AFTER}
        text = _File(format="link check", version=2, entries=kept).model_dump_json(by_alias=True, indent=1)
        try:
            with SafePath.given(self.path, Path()).replaced() as stream:
                stream.write((text + "\n").encode())
        except OSError as failure:
            note(f"The cache {self.path} cannot be written ({failure.strerror}), so no results are kept.")


def _failing(before: Failing | None, result: LinkResult) -> Failing | None:
    if result.class_ in REUSED:
        return None
    if result.class_ in UNKNOWN:
        return before
    same = before and (before.class_, before.suggestion) == (result.class_, result.suggestion)
    runs, since = (before.runs + 1, before.since) if before and same else (1, result.checked_at)
    return Failing(class_=result.class_, suggestion=result.suggestion, runs=runs, since=since)


def _doubt(before: Doubt | None, result: LinkResult) -> Doubt | None:
    if result.class_ not in DOUBTFUL:
        return None
    now = result.checked_at
    if before is None:
        return Doubt(days=1, since=now, last=now)
    return Doubt(days=before.days + (before.last.date() < now.date()), since=before.since, last=now)


def _jitter(key: str) -> float:
    """A number from -1 to 1 that stays the same for the same key."""
    return int.from_bytes(sha256(key.encode()).digest()[:4], "big") / 2**31 - 1


def _set_aside(path: Path, note: Callable[[str], None]) -> Path | None:
    aside = path.with_name(f"{path.name}.set-aside")
    try:
        SafePath.given(path, Path()).move(SafePath.given(aside, Path()))
    except OSError as failure:
        note(f"{path} is not a cache of the link check and cannot be moved ({failure.strerror}): no results are kept.")
        return None
    note(f"{path} is not a cache of this version: set aside as {aside.name}.")
    return path


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
