"""Firefox over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), and WebKitGTK over WebDriver
(https://www.w3.org/TR/webdriver2/): one interface, by what a reader does."""

import asyncio
import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import aiohttp

PATIENCE = 15.0
"""Seconds after which something has not happened. Nothing waits that long unless it fails."""
START = 60.0
"""The same for the start of a browser."""
SIZE = {"width": 1280, "height": 900}
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Control": "\ue009"}
CALL = """(async (args) =>
  JSON.stringify((await (%s)(...JSON.parse(args))) ?? null, (_, value) => (value instanceof Node ? true : value)))"""


AT_REST = """async () => {
  const place = () => JSON.stringify((%s)()?.getBoundingClientRect() ?? null);
  const before = place();
  await new Promise((done) => setTimeout(done, 50));
  return before !== "null" && place() === before;
}"""


class Browser(ABC):
    """A browser with an empty profile and one tab in front. Plain http but for this machine goes through a proxy."""

    name: str
    tab: str

    def __init__(self, folder: Path, proxy: str, *, cookies: bool = True) -> None:
        """Starts it, with a new `folder` for what it writes. Without `cookies` it refuses to store anything."""
        folder.mkdir()
        self.log = folder / "log"

    # --- what the protocols differ in ---

    @abstractmethod
    def goto(self, address: str) -> None:
        """Load a page, as from the address bar."""

    @abstractmethod
    def reload(self) -> None:
        """Load the page again."""

    @abstractmethod
    def new_tab(self) -> str:
        """Open a tab and show it. Returns a name for `use`."""

    @abstractmethod
    def use(self, tab: str) -> None:
        """Show a tab."""

    @abstractmethod
    def run(self, function: str, *arguments: object) -> Any:
        """What a function in JavaScript returns, called in the page with arguments that JSON can express."""

    @abstractmethod
    def hit(self, selector: str, words: str | None) -> None:
        """Click an element as `click` does, where it is now."""

    @abstractmethod
    def perform(self, kind: str, actions: list[dict[str, Any]]) -> None:
        """Perform the actions of a keyboard or a mouse."""

    @abstractmethod
    def forget(self) -> None:
        """Close all tabs, forget what they stored, and open one."""

    @abstractmethod
    def stop(self) -> None:
        """End the browser."""

    # --- what a reader does ---

    def back(self) -> None:
        """Go back by one page. The drivers' own way skips entries that no real click has made."""
        self.run("() => { setTimeout(() => history.back()) }")

    @property
    def url(self) -> str:
        """The address that the address bar shows."""
        return str(self.run("() => location.href"))

    def click(self, selector: str, words: str | None = None) -> None:
        """Click the first element that is visible and that `selector` finds, with these words or this name.

        As a reader does, once it is there and stays where it is: a page that answers what was typed before may move it.
        """
        self.wait(AT_REST % find(selector, words))
        self.hit(selector, words)

    def wait(self, function: str, *arguments: object) -> Any:
        """What `function` returns as soon as that is true in JavaScript."""
        end = time.monotonic() + PATIENCE
        while not (found := self.run(function, *arguments)):
            assert time.monotonic() < end, f"never true in {self.name}: {function} {arguments}"
            time.sleep(0.03)
        return found

    def type(self, text: str) -> None:
        """Type letters into what has the focus."""
        self.perform("key", [{"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")])

    def press(self, keys: str) -> None:
        """Press keys at once: `Control+v`."""
        values = [KEYS.get(key, key) for key in keys.split("+")]
        down = [{"type": "keyDown", "value": value} for value in values]
        self.perform("key", down + [{"type": "keyUp", "value": value} for value in reversed(values)])


def find(selector: str, words: str | None) -> str:
    """A function in JavaScript that finds an element and brings it into view."""
    return f"""() => {{
      const words = {json.dumps(words)};
      const named = (each) => words === null || each.getAttribute("aria-label") === words
        || each.textContent.trim().replace(/\\s+/g, " ") === words;
      const found = [...document.querySelectorAll({json.dumps(selector)})].find(
        (each) => each.checkVisibility({{ checkVisibilityCSS: true }}) && each.getClientRects().length && named(each));
      found?.scrollIntoView({{ block: "center", behavior: "instant" }});
      return found ?? null;
    }}"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all that it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


FIREFOX = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "layout.css.prefers-color-scheme.content-override": 1,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.allow_hijacking_localhost": False,
    "services.settings.server": "http://127.0.0.1:9/",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class Firefox(Browser):
    """Firefox without a window."""

    name = "firefox"

    def __init__(self, folder: Path, proxy: str, *, cookies: bool = True) -> None:
        super().__init__(folder, proxy, cookies=cookies)
        self.numbers = itertools.count()
        self.loop = asyncio.Runner()
        program = next(filter(None, map(shutil.which, FIREFOX)))
        chosen = {**PREFERENCES, "network.cookie.cookieBehavior": 0 if cookies else 2}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in chosen.items()]
        (folder / "user.js").write_text("".join(lines), encoding="utf-8")
        port = free_port()
        command = [program, "--headless", "--no-remote", "--profile", str(folder), f"--remote-debugging-port={port}"]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        self.loop.run(self.connect(f"ws://127.0.0.1:{port}/session"))
        manual = {"proxyType": "manual", "httpProxy": proxy}
        self.send("session.new", capabilities={"alwaysMatch": {"proxy": manual}})
        self.profile = "default"
        self.new_tab()

    async def connect(self, address: str) -> None:
        """Connect as soon as the browser listens."""
        self.session = aiohttp.ClientSession()
        last = time.monotonic() + START
        while True:
            try:
                self.socket = await self.session.ws_connect(address, max_msg_size=0)
                return
            except aiohttp.ClientError:
                assert time.monotonic() < last, "Firefox did not start"
                await asyncio.sleep(0.05)

    def send(self, method: str, **parameters: object) -> Any:
        """The result of a command."""
        return self.loop.run(self.answer(method, parameters))

    async def answer(self, method: str, parameters: dict[str, object]) -> Any:
        number = next(self.numbers)
        await self.socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            got = json.loads(await self.socket.receive_str(timeout=START))
            if got.get("id") == number:
                assert got["type"] == "success", (method, got)
                return got["result"]

    def goto(self, address: str) -> None:
        for is_last in (False, True):
            try:
                self.send("browsingContext.navigate", context=self.tab, url=address, wait="complete")
                return
            except AssertionError as error:
                # Seen one time in twenty from a page whose frame may still load: the new page is not to blame.
                if is_last or "NS_BINDING_ABORTED" not in str(error):
                    raise

    def reload(self) -> None:
        self.send("browsingContext.reload", context=self.tab, wait="complete")

    def new_tab(self) -> str:
        self.tab = self.send("browsingContext.create", type="tab", userContext=self.profile)["context"]
        self.send("browsingContext.setViewport", context=self.tab, viewport=SIZE)
        return self.tab

    def forget(self) -> None:
        before, self.profile = self.profile, self.send("browser.createUserContext")["userContext"]
        self.new_tab()
        if before != "default":
            self.send("browser.removeUserContext", userContext=before)

    def use(self, tab: str) -> None:
        self.tab = tab
        self.send("browsingContext.activate", context=tab)

    def call(self, function: str, *arguments: str) -> Any:
        got = self.send(
            "script.callFunction",
            functionDeclaration=function,
            arguments=[{"type": "string", "value": each} for each in arguments],
            awaitPromise=True,
            target={"context": self.tab},
            userActivation=False,
        )
        assert got["type"] == "success", got["exceptionDetails"]["text"]
        return got["result"]

    def run(self, function: str, *arguments: object) -> Any:
        return json.loads(self.call(CALL % function, json.dumps(arguments))["value"])

    def hit(self, selector: str, words: str | None) -> None:
        found = self.call(find(selector, words))
        assert found["type"] == "node", f"not found in {self.name}: {selector} {words}"
        element = {"type": "element", "element": {"sharedId": found["sharedId"]}}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.perform("pointer", [{"type": "pointerMove", "x": 0, "y": 0, "origin": element}, *press])

    def perform(self, kind: str, actions: list[dict[str, Any]]) -> None:
        source = {"type": kind, "id": kind, "actions": actions}
        self.send("input.performActions", context=self.tab, actions=[source])

    def stop(self) -> None:
        self.loop.run(self.socket.close())  # else it warns whenever it is collected, which fails some other test
        self.loop.run(self.session.close())
        self.loop.close()
        end(self.process)


class WebKit(Browser):
    """WebKitGTK's MiniBrowser on a screen of its own."""

    name = "webkit"

    def __init__(self, folder: Path, proxy: str, *, cookies: bool = True) -> None:
        super().__init__(folder, proxy, cookies=cookies)
        self.address = f"http://127.0.0.1:{(port := free_port())}"
        command = ["xvfb-run", "-a", "dbus-run-session", "--", "WebKitWebDriver", f"--port={port}"]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        self.session = ""
        last = time.monotonic() + START
        while True:
            try:
                self.send("GET", "/status")
                break
            except urllib.error.URLError:
                assert time.monotonic() < last, "WebKitWebDriver did not start"
                time.sleep(0.05)
        (program,) = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"))
        options = ["--automation", f"--proxy=http://{proxy}", "--ignore-host=127.0.0.1"]
        options += [] if cookies else ["--cookies-policy=never", "--enable-html5-local-storage=false"]
        browser = {"binary": str(program), "args": options}
        self.wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": browser}}}
        self.begin()

    def begin(self) -> None:
        """Start the browser itself."""
        self.session = f"/session/{self.send('POST', '/session', self.wanted)['sessionId']}"
        self.tab = self.send("GET", "/window")
        self.send("POST", "/window/rect", SIZE)

    def forget(self) -> None:
        self.send("DELETE", "")
        self.session = ""
        self.begin()

    def send(self, method: str, path: str, body: object = None) -> Any:
        """The result of a command."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + self.session + path, data, method=method)  # noqa: S310 - the driver's
        try:
            with urllib.request.urlopen(request, timeout=START) as answer:  # noqa: S310 - the driver's
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError((path, error.read().decode())) from error

    def goto(self, address: str) -> None:
        self.send("POST", "/url", {"url": address})

    def reload(self) -> None:
        self.send("POST", "/refresh", {})

    def new_tab(self) -> str:
        self.use(self.send("POST", "/window/new", {"type": "tab"})["handle"])
        return self.tab

    def use(self, tab: str) -> None:
        self.tab = tab
        self.send("POST", "/window", {"handle": tab})

    def run(self, function: str, *arguments: object) -> Any:
        script = f"""const done = arguments[1];
          {CALL % function}(arguments[0]).then(done, (error) => done(JSON.stringify({{ error: String(error) }})))"""
        got = json.loads(self.send("POST", "/execute/async", {"script": script, "args": [json.dumps(arguments)]}))
        assert not (isinstance(got, dict) and set(got) == {"error"}), got
        return got

    def hit(self, selector: str, words: str | None) -> None:
        found = self.send("POST", "/execute/sync", {"script": f"return ({find(selector, words)})()", "args": []})
        assert found, f"not found in {self.name}: {selector} {words}"
        (element,) = found.values()
        self.send("POST", f"/element/{element}/click", {})

    def perform(self, kind: str, actions: list[dict[str, Any]]) -> None:
        self.send("POST", "/actions", {"actions": [{"type": kind, "id": kind, "actions": actions}]})

    def stop(self) -> None:
        with contextlib.suppress(AssertionError, OSError):
            self.send("DELETE", "")
        end(self.process)
