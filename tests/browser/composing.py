"""The page of a message, by what one does with it."""

import json
import re
from importlib import resources
from typing import Any

from click.testing import CliRunner
from playwright.sync_api import Locator, Page, expect

from handover.cli import cli
from tests.conftest import ROOT

WELCOME = "messages/expand-welcome/"
LIGHT = "exports/preview/expand-welcome.saas.txt"
"""A page of the site that takes no time to load: to be elsewhere for a moment, or to look at the clipboard."""
YOURS = {"sender_name": "Alex Kim"}
COLLEAGUES = {
    "expand_ae": "Sam Rivera",
    "expand_ae_email": "sam@example.com",
    "expand_ae_calendar": "https://calendly.com/sam-rivera",
    "expand_ae_pronouns": "he",
}
CUSTOMERS = {"customer_name": "Dana", "customer_company": "Acme Robotics", "customer_email": "dana@acme.example"}
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
ALL = {**YOURS, **COLLEAGUES, **CUSTOMERS}


STARTED = """() => [...document.querySelectorAll(`[data-composer], [data-checklist], [data-preview], [data-copy],
  [data-due], [data-platform-choice], [data-message-filters], [data-search], .only-script,
  .md-typeset table:not([class])`)].every((each) => "started" in each.dataset)"""
"""True once every part of a page has started: they start one after the other, also after the page has loaded."""


def started(page: Page) -> None:
    """Wait until the page's scripts have started."""
    page.wait_for_function(STARTED)


def field(page: Page, name: str) -> Locator:
    return page.locator(f".composer [name={name}]")


TYPED = """typed => {
  for (const [name, value] of typed) {
    const field = document.querySelector(`.composer [name=${name}]`);
    if (!field.checkVisibility() || field.disabled || field.readOnly) throw new Error(`nobody can fill in ${name}`);
    field.focus();
    if (field.matches("select")) {
      field.value = value;
      if (field.value !== value) throw new Error(`${name} does not offer ${value}`);
      ["input", "change"].forEach((kind) => field.dispatchEvent(new Event(kind, { bubbles: true })));
    } else {
      field.select();
      Document.prototype.execCommand.call(document, value ? "insertText" : "delete", false, value);
    }
  }
}"""
"""Enters values with the events of the keyboard, all of them before the page is drawn anew."""


def fill(page: Page, **values: str) -> None:
    """Enter each value that its field does not have."""
    found = page.wait_for_function(
        f"""() => ({STARTED})() && [...document.querySelectorAll(".composer [name]")]
              .map((each) => [each.name, [each.value, each.checkVisibility()]])"""
    ).json_value()
    held = dict(found)
    typed = {name: value for name, value in values.items() if held[name][0] != value}
    for name in typed:
        if not held[name][1] and not field(page, name).is_visible():
            unfold(field(page, name))
    page.evaluate(TYPED, [*typed.items()])


def unfold(target: Locator) -> None:
    """Show a field that is folded away, as a reader does: with the link of its group."""
    group = target.locator("xpath=ancestor::fieldset")
    group.get_by_role("button", name=re.compile("^(Details|Change)")).click()


def values(page: Page) -> dict[str, str]:
    """What stands in the form's fields, without the empty ones."""
    found = page.wait_for_function(
        f"""() => ({STARTED})() &&
              [...document.querySelectorAll(".composer [name]")].map((each) => [each.name, each.value])"""
    ).json_value()
    return {name: value for name, value in found if value}


def press(page: Page, button: str) -> None:
    """Click a button, also one of the menu More."""
    more = page.locator(".composer-more")
    if more.get_by_text(button, exact=True).count() and more.get_attribute("open") is None:
        more.locator("summary").click()
    page.get_by_role("button", name=button, exact=True).click()


def said(page: Page) -> Locator:
    """What the page answers, where screen readers listen."""
    return page.locator(".composer [role=status]")


def copied(page: Page, button: str) -> dict[str, str]:
    """What is in the clipboard after a click on `button`, by media type."""
    press(page, button)
    expect(said(page)).to_contain_text("copied")
    return clipboard(page)


def clipboard(page: Page) -> dict[str, str]:
    """What is in the clipboard, by media type, without what Chromium puts around HTML."""
    found: dict[str, str] = page.evaluate(
        """async () => {
             const [item] = await navigator.clipboard.read({ unsanitized: ["text/html"] });
             const parts = item.types.map(async (type) => [type, await (await item.getType(type)).text()]);
             return Object.fromEntries(await Promise.all(parts));
           }"""
    )
    if "text/html" in found:
        found["text/html"] = re.sub(r"^<html><head></head><body>|</body></html>$", "", found["text/html"])
    return found


def put_aside(page: Page) -> None:
    """Puts into the clipboard what nothing but a copy replaces."""
    page.evaluate("navigator.clipboard.writeText('as before')")


def pasted(page: Page) -> str:
    """The HTML of an empty editor after a paste with the keyboard."""
    page.evaluate(
        """() => {
             document.querySelector("#editor")?.remove();
             document.body.insertAdjacentHTML("afterbegin", "<div id=editor contenteditable>");
             document.querySelector("#editor").focus();
           }"""
    )
    page.keyboard.press("Control+V")
    expect(page.locator("#editor")).not_to_be_empty()
    return page.locator("#editor").inner_html()


def violations(page: Page, **options: object) -> list[dict[str, Any]]:
    """What axe finds wrong with a page, of which it is told once, when no color is on its way to another any more."""
    page.wait_for_function("() => document.getAnimations().every(each => each.playState !== 'running')")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options["resultTypes"] = ["violations"]
    found: list[dict[str, Any]] = page.evaluate("options => axe.run(options)", options)["violations"]
    return found


def engine(form: str, message: str, variant: str | None, settings: dict[str, str]) -> str:
    """What the engine writes for the same values; the subject as one line."""
    written = engine_bytes(form, message, variant, settings, "--platform=handbook").decode()
    return written.rstrip("\n") if form == "subject" else written


def engine_bytes(form: str, message: str, variant: str | None, settings: dict[str, str], *options: str) -> bytes:
    """The output of `handover show` for these values."""
    options += tuple(f"--set={name}={value}" for name, value in settings.items())
    options += (f"--variant={variant}",) if variant else ()
    result = CliRunner().invoke(cli, ["show", message, "--root", str(ROOT), "--format", form, *options])
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def stored(page: Page, store: str) -> Any:
    """Everything that `store` (localStorage or sessionStorage) of the browser holds for the handbook."""
    started(page)
    held = page.evaluate(f"Object.entries({store}).filter(([name]) => name.startsWith('handover:'))")
    return {name.rpartition(":")[2]: json.loads(value) for name, value in held}


def followed(page: Page, button: str) -> str:
    """The address that `button` opens, which is not opened."""
    page.evaluate(
        """() => document.addEventListener("click", (event) => {
             const link = event.target.closest("a");
             if (!link) return;
             event.preventDefault();
             window.followed = link.href;
           }, { capture: true })"""
    )
    page.evaluate("window.followed = null")
    press(page, button)
    return str(page.wait_for_function("() => window.followed").json_value())
