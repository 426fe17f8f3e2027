"""The stage, and a link check of links that a test makes up."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from handover.cli.link_check import LinkCheck, read_sources
from handover.links.cache import Cache
from handover.links.run import Outcome
from handover.links.slots import Slots
from handover.links.urls import Mapping
from handover.model.link_report import LinkResult
from tests.conftest import ROOT
from tests.links.stage import Stage, stage

TIDELINE = ROOT / "tests/cases/good/tideline"
HOST = "https://a.example"
"""Mapped to the stage."""


@pytest.fixture
def world() -> Iterator[Stage]:
    with stage() as made:
        yield made


class Waits(list[float]):
    """A sleep that takes no time and remembers how long it should have been."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        await asyncio.sleep(0)

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
        self.maps: tuple[str, ...] = (f"{HOST}/={world.base}",)
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
        slots = Slots(sleep=self.waits)
        check = LinkCheck(
            catalog,
            cache,
            Mapping.parse(self.maps),
            today=date(2026, 11, 25),
            slots=slots,
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
def checker(tmp_path: Path, world: Stage) -> Checker:
    return Checker(tmp_path, world)
