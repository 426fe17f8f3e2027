"""The Content-Security-Policy: on every page, and nothing runs into it (the fixtures fail where something does)."""

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect


def test_each_page_has_the_same_policy_each_preview_its_own_and_no_export_has_one(dist: Path) -> None:
    policies: dict[str, set[str]] = {"site": set(), "preview": set()}
    catalog = json.loads((dist / "catalog.json").read_text())
    emails = {each["id"] for each in catalog["messages"] if "subject" in each}  # other previews are no page
    previews = {
        dist / each["path"]
        for each in catalog["artifacts"]
        if each["platform"] == "preview" and each["message"] in emails
    }
    assert previews
    for path in sorted(dist.rglob("*.html")):
        found = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', path.read_text())
        kind = "preview" if path in previews else "export" if "exports" in path.parts else "site"
        assert len(found) == (0 if kind == "export" else 1), path
        policies.get(kind, set()).update(found)
        assert not re.search(r"<link rel=.?(?:next|prev|prefetch|prerender)", path.read_text()), path
    (policy,), (preview,) = policies["site"], policies["preview"]
    assert not any(re.search("<script|javascript:|\\son[a-z]+=", path.read_text(), re.I) for path in previews)
    assert "http" not in policy
    assert "'unsafe-eval'" not in policy
    assert policy.count("'unsafe-inline'") == 1
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert preview == "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"


def test_an_inline_script_that_the_build_did_not_see_does_not_run(browser: Browser, site: str, dist: Path) -> None:
    text = (dist / "index.html").read_text().replace("</body>", "<script>document.title = 'run'</script></body>")
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.route("**/planted", lambda route: route.fulfill(content_type="text/html", body=text))
    page.goto(site + "planted")
    assert page.title() != "run"
    assert any("Content Security Policy" in text for text in said)
    page.close()


def test_search_and_going_to_another_page_work_under_it(page: Page, searchable: str) -> None:
    page.goto(searchable + "glossary/")
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").press_sequentially("marketo")
    result = page.locator(".md-search-result__link").first
    expect(result).to_be_visible()
    result.click()
    expect(page).not_to_have_url(re.compile("glossary"))
    page.locator(".md-nav--primary a[href$='links/']").first.click()
    expect(page).to_have_url(searchable + "links/")
