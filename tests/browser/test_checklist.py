"""The checklist of a scenario: a run an account, kept in this browser."""

from playwright.sync_api import Locator, Page, expect

from tests.browser import composing

PLAYBOOK = "amer-smb/"
STEPS = 4


def box(page: Page) -> Locator:
    return page.locator(".checklist")


def choose(page: Page, account: str) -> None:
    page.get_by_label("Account", exact=True).fill(account)
    page.get_by_label("Account", exact=True).press("Tab")


def ticks(page: Page) -> list[bool]:
    composing.started(page)
    found: list[bool] = box(page).get_by_role("checkbox").evaluate_all("all => all.map(each => each.checked)")
    return found


def test_ticks_are_kept_an_account(page: Page, site: str) -> None:
    page.goto(site + PLAYBOOK)
    progress = box(page).get_by_role("status").first
    expect(progress).to_have_text("0 of 4")
    expect(box(page).get_by_role("listitem")).to_have_count(STEPS + 5)
    # A run without a name goes on under the name that it is given.
    box(page).get_by_role("checkbox").nth(0).check()
    box(page).get_by_role("checkbox", name="Chatter these people").check()
    expect(progress).to_have_text("2 of 4")
    choose(page, "Acme")
    assert ticks(page) == [True, False, True, False]
    for account in ("Globex", "__proto__", "constructor", "toString"):
        choose(page, account)
        assert ticks(page) == [False] * 4
        box(page).get_by_role("checkbox").nth(1).press("Space")
        expect(progress).to_have_text("1 of 4")
    choose(page, "")
    assert ticks(page) == [False] * 4
    choose(page, " Acme ")
    expect(progress).to_have_text("2 of 4")
    page.reload()
    assert ticks(page) == [True, False, True, False]
    expect(page.get_by_label("Account", exact=True)).to_have_value("Acme")
    known = page.locator(".checklist datalist option").evaluate_all("all => all.map(each => each.value)")
    assert known == ["Acme", "Globex", "__proto__", "constructor", "toString"]
    box(page).get_by_role("button", name="Start over").click()
    assert ticks(page) == [False] * 4
    expect(page.get_by_label("Account", exact=True)).to_be_focused()
    choose(page, "Acme")
    assert ticks(page) == [False] * 4
    other = page.context.new_page()
    other.goto(site + PLAYBOOK)
    expect(other.get_by_label("Account", exact=True)).to_have_value("")
    choose(other, "Globex")
    assert ticks(other) == [False, True, False, False]


def test_a_known_account_is_switched_to_at_once_and_the_field_shows_what_is_used(page: Page, site: str) -> None:
    page.goto(site + PLAYBOOK)
    account = page.get_by_label("Account", exact=True)
    for name in ("Acme", "Acme Robotics"):
        account.fill(name)
        account.press("Enter")
        expect(box(page).get_by_role("status").first).to_have_text("0 of 4")
        box(page).get_by_role("checkbox").nth(len(name) % 4).check()
    account.fill("")
    account.press_sequentially("Acme")
    assert ticks(page) == [True, False, False, False]
    account.press_sequentially(" Robotics")
    assert ticks(page) == [False, True, False, False]
    # WebKit empties the field of a page that comes back.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    account.evaluate("field => setTimeout(() => { field.value = ''; window.emptied = true; })")
    page.wait_for_function("window.emptied")
    expect(account).to_have_value("Acme Robotics")
    # What another tab ticks is ticked here too, and no tick of this one loses it.
    other = page.context.new_page()
    other.goto(site + PLAYBOOK)
    choose(other, "Acme Robotics")
    box(other).get_by_role("checkbox").nth(3).check()
    expect(box(page).get_by_role("checkbox").nth(3)).to_be_checked()
    box(page).get_by_role("checkbox").nth(2).check()
    expect(box(other).get_by_role("checkbox").nth(2)).to_be_checked()
    assert ticks(other) == [False, True, True, True]


def test_the_post_says_how_far_the_account_is_and_who_hands_it_over(page: Page, site: str) -> None:
    page.goto(site + PLAYBOOK)
    item = box(page).locator("li", has_text="Chatter these people")
    choose(page, "Acme <3")
    box(page).get_by_role("checkbox").nth(1).check()
    item.get_by_role("button", name="Fill in the post").click()
    expect(page).to_have_url(site + "messages/chatter-post/")
    marks = page.locator(".field-linked").evaluate_all("all => all.map(each => each.textContent).filter(Boolean)")
    assert set(marks) == {"from the checklist"}
    page.get_by_label("Colleague", exact=True).select_option("jordan-lee")
    composing.fill(page, sender_name="Alex Kim")
    copied = composing.copied(page, "Copy post")
    done, rest = copied["text/plain"].split("Still to do:")
    assert done.startswith(
        "The handover of Acme <3 from Alex Kim to Jordan Lee, so far:\n\n- Complete all R7 components"
    )
    assert [line[:12] for line in rest.strip().split("\n")] == ["- Add the ta", "- Once this "], "not the post itself"
    assert "<strong>Acme &lt;3</strong>" in copied["text/html"]
    # The next time, the names are there.
    page.goto(site + PLAYBOOK)
    box(page).get_by_role("checkbox").nth(0).check()
    item.get_by_role("button", name="Fill in the post").click()
    expect(page).to_have_url(site + "messages/chatter-post/")
    assert composing.copied(page, "Copy post")["text/plain"].split("Still to do:")[1].count("\n- ") == 1


def test_a_post_keeps_what_was_typed_of_its_customer_and_of_the_colleague(page: Page, site: str) -> None:
    typed = {**composing.ALL, "expand_ae": "Kim Poe"}
    page.goto(site + composing.WELCOME)
    composing.fill(page, **typed)
    page.goto(site + PLAYBOOK)
    label = box(page).get_by_role("checkbox").nth(2).get_attribute("aria-label")
    assert label is not None
    assert ": the Expand AE, the Expand AE's ASM, the First Order ASM, Sales Support, the Expand Director" in label
    for account in ("acme robotics", "Globex"):
        choose(page, account)
        box(page).get_by_role("button", name="Fill in the post").click()
        expect(page).to_have_url(site + "messages/chatter-post/")
        assert "Kim Poe" in composing.copied(page, "Copy post")["text/plain"]
        page.goto(site + composing.WELCOME)
        kept = {name: value for name, value in typed.items() if account != "Globex" or "customer" not in name}
        assert composing.values(page) == kept
        page.goto(site + PLAYBOOK)
    page.goto(site + composing.WELCOME)
    expect(composing.said(page)).to_have_text("Customer details cleared.")
    composing.press(page, "Undo")
    assert composing.values(page) == typed
    # On a page with the name alone, another name is another person's.
    page.goto(site + "messages/chatter-post/")
    composing.fill(page, expand_ae="Pat Doe")
    page.goto(site + composing.WELCOME)
    others = {name: value for name, value in typed.items() if not name.startswith("expand_ae")}
    assert composing.values(page) == {**others, "expand_ae": "Pat Doe"}


def test_what_is_broken_in_the_store_is_as_good_as_nothing(page: Page, site: str) -> None:
    page.goto(site + PLAYBOOK)
    box(page).get_by_role("checkbox").nth(3).check()
    name, scenario = page.evaluate(
        """() => [Object.keys(localStorage).find(name => name.endsWith(':runs')),
                  document.querySelector('.checklist').dataset.checklist]"""
    )
    whole = page.evaluate("name => localStorage.getItem(name)", name)
    for held in ("{", '{"%s": 7}', '{"%s": {"": 7}}', '{"%s": {"": {"length": 3}}}', '{"%s": null}'):
        page.evaluate("([name, held]) => localStorage.setItem(name, held)", [name, held.replace("%s", str(scenario))])
        page.reload()
        assert ticks(page) == [False] * 4
        box(page).get_by_role("checkbox").nth(3).check()
        assert page.evaluate("name => localStorage.getItem(name)", name) == whole
    page.reload()
    assert ticks(page) == [False, False, False, True]
