"""The stage, and a link check of links that a test makes up."""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from handover.cli import cli
from handover.cli.links_command import read_sources
from handover.links.cache import Cache
from handover.links.hosts import Hosts
from handover.links.rules import rules_for
from handover.links.run import LinkCheck, Outcome
from handover.links.urls import Mapping
from handover.model.link import LinkRules
from handover.model.report import LinkResult
from tests.conftest import ROOT
from tests.links.stage import Stage, stage

TIDELINE = ROOT / "tests/cases/good/tideline"
HOST = "https://a.example"
"""Mapped to the stage."""
WELL_KNOWN = rules_for(LinkRules()).well_known
"""Mapped to it too: no test asks a server outside."""


@pytest.fixture
def world() -> Iterator[Stage]:
    with stage() as made:
        yield made


class Waits(list[float]):
    """A sleep that takes no time and remembers how long it should have been, and a clock to go with it."""

    now = 0.0

    def clock(self) -> float:
        return time.monotonic() + self.now

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        end = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, end)

    @property
    def long(self) -> list[float]:
        """Without the small pauses between two requests to one host."""
        return [seconds for seconds in self if seconds > 0.1]


class Checker:
    """`checker({"id": {"url": …}})` checks these links and gives the results by id."""

    def __init__(self, folder: Path, world: Stage) -> None:
        self.root = folder / "root"
        shutil.copytree(TIDELINE, self.root)
        self.world = world
        self.waits = Waits()
        self.notes: list[str] = []
        self.cache = folder / "cache" / "links.json"
        self.now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
        self.settings: dict[str, Any] = {"timeout": 10.0, "allow_private": False, "fresh": False, "before": frozenset()}
        self.maps: tuple[str, ...] = (f"{HOST}/={world.base}", *(f"{url}={world.base}" for url in WELL_KNOWN))
        self.progress: Callable[[int, int], None] = lambda done, of: None

    def write(self, links: dict[str, dict[str, Any]]) -> None:
        whole = {
            name: {"title": name, "audience": "everyone", **link, "url": _address(link["url"])}
            for name, link in links.items()
        }
        (self.root / "data/links.yml").write_text(yaml.safe_dump(whole, sort_keys=False, allow_unicode=True), "utf-8")

    def outcome(self, links: dict[str, dict[str, Any]]) -> Outcome:
        self.write(links)
        catalog, errors = read_sources(self.root)
        assert catalog is not None
        assert errors == []
        cache = Cache.read(self.cache, self.now, self.notes.append)
        check = LinkCheck(
            catalog,
            cache,
            Mapping.parse(self.maps),
            today=date(2026, 11, 25),
            hosts=Hosts(sleep=self.waits, clock=self.waits.clock),
            clock=lambda: self.now,
            **self.settings,
        )
        outcome = asyncio.run(check.run(self.progress))
        cache.write(self.notes.append)
        return outcome

    def __call__(self, links: dict[str, dict[str, Any]]) -> dict[str, LinkResult]:
        return {result.id: result for result in self.outcome(links).report.links}

    def one(self, url: str, **link: Any) -> LinkResult:
        """The result of one link, by its path on the stage or its whole address."""
        return self({"it": {"url": url, **link}})["it"]


def _address(url: str) -> str:
    return HOST + url if url.startswith("/") else url


@pytest.fixture
def checker(tmp_path: Path, world: Stage, monkeypatch: pytest.MonkeyPatch) -> Checker:
    monkeypatch.setattr("handover.links.body.PATIENCE", 0.3)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return Checker(tmp_path, world)


Links = Callable[..., Result]


@pytest.fixture
def links(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> Links:
    """`handover links` on the checker's root, with the stage behind it and without long waits."""
    monkeypatch.setattr("handover.links.ask.BACKOFF", 0.0)

    def run(*arguments: str) -> Result:
        fixed = ["--root", str(checker.root), "--cache", str(checker.cache)]
        fixed += [part for pair in checker.maps for part in ("--map", pair)]
        return CliRunner().invoke(cli, ["links", *fixed, *arguments], catch_exceptions=False)

    return run
