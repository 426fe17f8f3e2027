"""The page of a message, as an Account Executive uses it: fill in, look, copy, paste."""

from playwright.sync_api import Page, expect

WELCOME = "messages/expand-welcome/"
ALL = {
    "sender_name": "Alex Kim", "expand_ae": "Sam Rivera", "expand_ae_calendar": "https://calendly.com/sam-rivera",
    "customer_name": "Dana", "customer_company": "Acme Robotics",
}  # fmt: skip


def fill(page: Page, **others: str) -> None:
    for name, value in {**ALL, **others}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=expand_ae_pronouns]").select_option("she")


def clipboard(page: Page, kind: str = "text/html") -> str:
    return str(
        page.evaluate(
            """async (kind) => {
                 const items = await navigator.clipboard.read();
                 return items[0].types.includes(kind) ? await (await items[0].getType(kind)).text() : "";
               }""",
            kind,
        )
    )


def test_a_filled_in_message_is_copied(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    fill(page)
    page.get_by_role("button", name="Copy message").click()
    expect(page.locator(".composer-said")).to_contain_text("Copied")
    assert "<p>Hi Dana,</p>" in clipboard(page)


def test_a_message_with_a_blank_is_not(page: Page, site: str) -> None:
    page.goto(site + WELCOME)
    page.get_by_role("button", name="Copy message").click()
    expect(page.locator(".composer-said")).to_contain_text("Your name, Expand AE")
    expect(page.locator("[name=sender_name]")).to_be_focused()
