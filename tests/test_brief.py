"""The facts of the AMER SMB playbook: each is in the outputs that it belongs to, and in no other."""

import html
import json
import re
from email import message_from_bytes
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

SAAS_ONLY = ["link-subscription-steps", "link-subscription-video", "change-payment-method"]
BOTH_VARIANTS = ["managing-support-contacts", "priority-support", "support-new-ticket"]
POOLED = [
    "smb-account-hub", "customers-portal", "renew-subscription", "add-seats", "change-personal-details",
    "change-payment-method", "support-home",
]  # fmt: skip
HANDBOOK = ["handover-report", "clean-your-room-dashboard", "web-direct-report", "pooled-model", "pooled-welcome-issue"]

PAGE_FACTS = [
    "AMER SMB Handover Scenarios & Process", "Sales Assisted FO", "Web Direct FO", "Expand", "Pooled",
    "Low Touch digital journey",
    "24 hours", "Rules of Engagement", "#FOtoFYEhandoff", "AE Comments", "R7", "notes and call recordings",
    "the Expand AE's ASM", "the First Order ASM", "Sales Support", "the Expand Director",
    "FO - FYE - No Handover - Month",
    "AMER SMB FO Clean Your Room Dash", "FYE Web Direct", "success planning", "hand raise", "Q1", "Q2", "Q3", "Q4",
    "First Order Account Executive", "First Year Expand", "Area Sales Manager", "seven required qualification fields",
    "Welcome to GitLab - Let's Get to Work!", "ACTION NEEDED", "SaaS Only", "Self Managed",
    "[Customer Name]", "[Customer]", "[Expand AE]", "[Expand AE's calendar link]", "[Pronouns]",
    "[Your name]", "[FirstName]",
]  # fmt: skip


@pytest.fixture(scope="module")
def links() -> dict[str, str]:
    data = yaml.safe_load((ROOT / "data/links.yml").read_text())
    return {name: link["url"] for name, link in data.items()}


def words(path: Path) -> str:
    """The text of a page, without markup."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        text = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S)))
    return " ".join(text.replace("**", "").replace("`", "").split())


@pytest.mark.parametrize("fact", PAGE_FACTS)
def test_the_page_and_its_portable_file_carry_the_fact(dist: Path, fact: str) -> None:
    page = dist / "amer-smb/index.html"
    assert fact in words(page) or f'title="{fact}' in page.read_text() or f"the {fact}" in page.read_text()
    assert fact in words(dist / "exports/handbook/amer-smb.md")


@pytest.mark.parametrize("variant", ["saas", "self-managed"])
def test_the_welcome_carries_the_links_of_its_variant_and_no_other(
    dist: Path, links: dict[str, str], variant: str
) -> None:
    for path in sorted(dist.glob(f"exports/*/expand-welcome.{variant}.*")):
        if path.suffix not in (".html", ".txt", ".mjml") or path.name.endswith(".subject.txt"):
            continue
        text = html.unescape(path.read_text())
        for name in BOTH_VARIANTS:
            assert links[name] in text, path
        for name in SAAS_ONLY:
            assert (links[name] in text) == (variant == "saas"), path
        assert "license" in text if variant == "self-managed" else "namespace" in text


def test_the_pooled_email_carries_its_links_everywhere(dist: Path, links: dict[str, str]) -> None:
    paths = [path for path in dist.glob("exports/*/pooled-welcome.*") if path.suffix in (".html", ".txt", ".mjml")]
    for path in paths:
        if not path.name.endswith(".subject.txt"):
            text = html.unescape(path.read_text())
            assert [name for name in POOLED if links[name] not in text] == [], path


def test_the_team_finds_its_links_and_no_customer_does(dist: Path, links: dict[str, str]) -> None:
    page = html.unescape((dist / "amer-smb/index.html").read_text())
    portable = (dist / "exports/handbook/amer-smb.md").read_text()
    for name in HANDBOOK:
        assert links[name] in page
        assert links[name] in portable
    for path in sorted((dist / "exports").rglob("*")):
        if path.is_file() and "handbook" not in path.parts and path.suffix != ".zip":
            text = path.read_bytes().decode().replace("=\r\n", "").replace("=3D", "=")
            assert [name for name in HANDBOOK if links[name] in text] == [], path


def test_no_open_question_and_no_blank_reaches_a_customer(dist: Path) -> None:
    questions = yaml.safe_load((ROOT / "data/playbooks/amer-smb.yml").read_text())["questions"]
    assert len(questions) == 4
    assert all(question["owner"] for question in questions)
    for path in sorted((dist / "exports").rglob("*.txt")):
        text = path.read_text()
        assert not re.search(r"\[[A-Z]|He/She|is/are|\bQ[1-4]\b|open question", text), path
        assert all(question["question"][:40] not in text for question in questions), path


def test_what_each_platform_fills_in_is_its_own_token(dist: Path) -> None:
    fragment = (dist / "exports/outreach/expand-welcome.saas.html").read_text()
    for token in (
        "{{first_name}}",
        "{{account.name}}",
        "{{sender.first_name}}",
        "{{!Expand AE}}",
        "{{!Expand AE's calendar link}}",
    ):
        assert token in fragment
    assert "They are" in fragment
    assert set(re.findall(r"</?([a-z0-9]+)", fragment)) <= {"p", "br", "strong", "em", "a", "ul", "ol", "li"}
    assert re.findall(r"<[a-z]+ (?!href=\"[^\"]*\">)[^>]*>", fragment) == []
    marketo = (dist / "exports/marketo/pooled-welcome.html").read_text()
    assert "{{lead.First Name:default=there}}" in marketo
    assert 'class="mktoText"' in marketo
    hubspot = (dist / "exports/hubspot/pooled-welcome.html").read_text()
    assert '{{ personalization_token("contact.firstname", "there") }}' in hubspot
    assert "{{ site_settings.company_street_address_1 }}" in hubspot


def test_the_draft_is_addressed_and_leaves_the_rest_to_the_sender(dist: Path) -> None:
    draft = message_from_bytes((dist / "exports/preview/expand-welcome.saas.eml").read_bytes())
    assert sorted(header for header in draft.items() if header[0] != "Content-Type") == [
        ("Cc", "Sam Rivera <sam@example.com>"),
        ("MIME-Version", "1.0"),
        ("Subject", "Welcome to GitLab - Let's Get to Work!"),
        ("To", "Dana <dana@acme.example>"),
        ("X-Unsent", "1"),
    ]
    assert draft.get_content_type() == "multipart/alternative"


def test_the_catalog_lists_every_file_with_its_digest(dist: Path) -> None:
    catalog = json.loads((dist / "catalog.json").read_text())
    listed = {artifact["path"] for artifact in catalog["artifacts"]}
    assert listed == {path.relative_to(dist).as_posix() for path in (dist / "exports").rglob("*") if path.is_file()}
    for kind in ("playbooks", "scenarios", "messages", "blocks", "links", "placeholders", "platforms"):
        assert all(entry["id"] for entry in catalog[kind])
    for artifact in catalog["artifacts"]:
        assert len((dist / artifact["path"]).read_bytes()) == artifact["bytes"]
        assert all((ROOT / source).is_file() for source in artifact["sources"]), artifact


def test_each_open_question_is_on_the_page_where_it_matters(dist: Path) -> None:
    text = words(dist / "exports/handbook/amer-smb.md")
    order = [
        "open question Q1",
        "Sales Assisted FO to Expand AE",
        "Open question Q2",
        "Self Managed",
        "Open question Q3",
        "Open question Q4",
        "Web Direct FO to Expand",
    ]
    places = [text.index(part) for part in order[:1]] + [text.rindex(part) for part in order[2:3]]
    assert places == sorted(places)
    assert text.index("Open question Q3") > text.index("Self Managed") > text.index("SaaS Only")
    assert text.index("Open question Q4") > text.index("Reports")
