"""What a host gets of the time and memory of a run."""

import re
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from tests.conftest import PATIENCE, SCRIPT
from tests.links.conftest import Checker
from tests.links.stage import Stage, drip, page, reply, reset, silence


def test_a_silent_host_is_given_up(checker: Checker, world: Stage) -> None:
    checker.settings["timeout"] = 0.5
    world.on("/", reply(200))  # something well known, so that it is the host and not the machine
    world.otherwise = silence
    found = checker({f"l{number}": {"url": f"/{number}"} for number in range(200)})
    assert len(world.asked) <= 5  # of which three take their whole time
    assert {result.class_ for result in found.values()} == {"busy"}
    assert sum("not requested" in result.message for result in found.values()) >= 196
    assert "no answer within 0.5 seconds, 3 times in a row at a.example" in found["l199"].message


def test_a_host_without_end_of_pages_takes_no_longer(checker: Checker, world: Stage) -> None:
    letters: list[str] = []

    async def counted(request: Any, writer: Any) -> None:
        await drip(request, writer, letters)

    for number in range(60):
        world.on(f"/{number}", counted)
    found = checker({f"l{number}": {"url": f"/{number}"} for number in range(60)})
    assert len(letters) < 600  # with its whole time for each, some 900
    assert {result.class_ for result in found.values()} == {"ok"}


def test_a_host_that_answers_between_failures_is_not_given_up(checker: Checker, world: Stage) -> None:
    for number in range(12):
        world.on(f"/{number}", *([reset] if number % 3 == 0 else []), reply(404))
    found = checker({f"l{number}": {"url": f"/{number}"} for number in range(12)})
    assert not [result.message for result in found.values() if "not requested" in result.message]


def test_a_dead_host_does_not_stop_another(checker: Checker, world: Stage) -> None:
    checker.maps += (f"https://dead.test/=http://127.0.0.1:{world.port}/dead/",)
    for number in range(10):
        world.on(f"/dead/{number}", reset)
    links = {f"d{number}": {"url": f"https://dead.test/{number}"} for number in range(10)}
    found = checker({**links, "well": {"url": world.on("/page", reply(200, page()))}})
    assert found["well"].class_ == "ok"
    assert {found[name].class_ for name in links} == {"busy"}


def test_one_wait_for_a_host_and_then_one_by_one(checker: Checker, world: Stage) -> None:
    asked = []

    async def limited(request: Any, writer: Any) -> None:
        asked.append(request.path)
        await reply(429 if len(asked) < 2 else 200, "", "image/png", Retry_After="15")(request, writer)

    world.otherwise = limited
    found = checker({f"l{number}": {"url": f"/{number}"} for number in range(20)})
    assert {result.class_ for result in found.values()} == {"ok"}
    assert sum(13 < seconds <= 15 for seconds in checker.waits) <= 2  # those that were under way
    assert sum(0.5 < seconds < 13 for seconds in checker.waits) > 10


def test_a_page_that_asks_for_patience_does_not_slow_its_host_down(checker: Checker, world: Stage) -> None:
    world.on("/0", reply(503, Retry_After="5"))
    world.otherwise = reply(200, "", "image/png")
    found = checker({f"l{number}": {"url": f"/{number}"} for number in range(100)})
    assert [result.id for result in found.values() if result.class_ == "busy"] == ["l0"]
    assert checker.waits.now < 30


def test_a_host_without_end_of_patience_gets_one_wait(checker: Checker, world: Stage) -> None:
    world.otherwise = reply(429, Retry_After="15")
    found = checker({f"l{number}": {"url": f"/{number}"} for number in range(50)})
    assert {result.class_ for result in found.values()} == {"busy"}
    assert len(world.asked) <= 6
    assert checker.waits.now < 60


def test_the_second_round_takes_a_minute_at_most(checker: Checker, world: Stage) -> None:
    world.on("/0", reply(429, Retry_After="10"), reply(200, "", "image/png"))
    world.otherwise = reply(200, "", "image/png")
    found = checker({f"l{number}": {"url": f"/{number}"} for number in range(300)})
    classes = [result.class_ for result in found.values()]
    assert 30 < classes.count("ok") < 120
    assert "the minute for it is over" in found["l299"].message


SENTENCE = "<div class='c'><p>Sentence of a page that has a middling length and repeats itself.</p></div>"


@pytest.fixture
def command(checker: Checker, world: Stage) -> list[str]:
    """2,000 links to large pages on 40 hosts, and the command that checks them."""
    large = reply(200, page(body=SENTENCE * 300))
    hosts = [f"h{number}.test" for number in range(40)]
    urls = [f"{hosts[number % 40]}/{number}" for number in range(2000)]
    checker.write({f"l{number}": {"url": f"https://{url}"} for number, url in enumerate(urls)})
    for url in urls:
        world.on(f"/{url}", large)
    maps = [part for host in hosts for part in ("--map", f"https://{host}/={world.base}{host}/")]
    return [str(SCRIPT), "links", "--root", str(checker.root), "--cache", str(checker.cache), *maps]


MEASURED = """
import re, sys
from handover.cli import main
try:
    main()
finally:
    print(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1], file=sys.stderr)
"""
"""The command, and the most memory of its own: that of a process which is started counts what started it."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no /proc/self/status")
def test_memory_does_not_grow_with_the_links(command: list[str]) -> None:
    result = subprocess.run([sys.executable, "-c", MEASURED, *command[1:]], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert int(result.stderr.split()[-1]) < 120_000


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_with_what_is_known(
    checker: Checker, world: Stage, command: list[str], number: int, code: int
) -> None:
    report = checker.root.parent / "report.json"
    with subprocess.Popen(
        [*command, "--report", f"json={report}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        while len(world.asked) < 400:
            assert running.poll() is None
            time.sleep(0.05)
        running.send_signal(number)
        text, notes = running.communicate(timeout=PATIENCE)
    assert running.returncode == code
    assert notes == "Note: Stopped: these are the results so far.\n"
    count = re.search(r"^(\d+) addresses", text, re.MULTILINE)
    assert count is not None
    assert 250 < int(count[1]) < 2000
    assert report.read_text().count('"id"') == int(count[1]) == checker.cache.read_text().count('"checked_at"')


def test_the_probe_of_a_host_comes_with_its_first_page(checker: Checker, world: Stage) -> None:
    for number in range(20):
        world.on(f"/{number}", reply(200, page()))
    checker({f"l{number}": {"url": f"/{number}"} for number in range(20)})
    paths = [request.path for request in world.asked]
    assert next(position for position, path in enumerate(paths) if len(path) > 20) < 10
