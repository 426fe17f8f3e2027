"""From a save to the new page in `handover serve`, MkDocs included, measured from outside as a browser would see it."""

import http.client
import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import HANDOVER, Run, peak_memory

EVENTS = "/-/events"
PAUSE = 1.5
"""Seconds between two saves, as when an author reads the page in between."""


def saved_edits(root: Path, count: int) -> list[Run]:
    """Save `count` messages one after the other; the time until the page is there, and the server's peak memory."""
    command = [HANDOVER, "serve", "--root", str(root), "--port", "0", "--no-open"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    try:
        address = next(match[1] for line in server.stdout if (match := re.search(r"http://([\w.:]+)", line)))
        stream = http.client.HTTPConnection(address)
        stream.request("GET", EVENTS)
        events = _events(stream.getresponse())
        version = next(event["version"] for event in events if not event["busy"])
        messages = sorted((root / "content/messages").glob("*.md"))
        seconds = []
        for number in range(count):
            time.sleep(PAUSE)
            message, words = messages[number * 7 % len(messages)], f"Saved for the {number}th time."
            text = message.read_text(encoding="utf-8") + f"\n{words}\n"
            started = time.perf_counter()
            message.write_text(text, encoding="utf-8")
            version = next(event["version"] for event in events if event["version"] != version)
            page = _get(address, f"/messages/{message.stem}/")
            seconds.append(time.perf_counter() - started)
            assert words in page, f"the page of {message.stem} is the old one"
        stream.close()
    finally:
        server.terminate()
        memory = peak_memory(server, may_fail=True)
    return [Run(each, memory) for each in seconds]


def _events(response: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    for line in iter(response.readline, b""):
        if line.startswith(b"data:"):
            yield json.loads(line.removeprefix(b"data:"))


def _get(address: str, path: str) -> str:
    connection = http.client.HTTPConnection(address)
    connection.request("GET", path)
    page = connection.getresponse().read().decode()
    connection.close()
    return page
