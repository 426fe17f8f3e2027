"""The draft that the page makes is the one that the engine makes."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.composing import ALL, WELCOME, engine_bytes, fill, press, said

HARD: list[dict[str, str]] = [
    {},
    {"customer_name": "Zo\u00eb \u6f22\u5b57 \U0001f9d1\u200d\U0001f680 " + "\u00e9" * 200},
    {"expand_ae": 'Smith, Sam; "the" <AE>'},
    {"customer_name": "=?utf-8?q?x?=", "customer_company": 'a & b <c> "d" {e} \\f', "expand_ae": "O'Hara (Sam) @work"},
    {"customer_name": "y" * 500, "expand_ae": "word " * 90 + "end"},
]


def parsed(data: bytes) -> tuple[dict[str, object], dict[str, str]]:
    """The head of a mail without what frames its parts, and its parts by their types."""
    mail = message_from_bytes(data, policy=default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    parts = {part.get_content_type(): part.get_content() for part in mail.iter_parts()}
    assert all(not part.defects for part in mail.iter_parts())
    # The newer parser of Python puts spaces between the encoded words of one name.
    head = {name: str(value) for name, value in message_from_bytes(data).items() if name != "Content-Type"}
    lines: dict[str, object] = {name: decoded(value) for name, value in head.items()}
    for name in ("To", "Cc"):
        lines[name] = [(decoded(who), email) for who, email in getaddresses([head[name]])]
    return lines, parts


def decoded(line: str) -> str:
    return " ".join(str(make_header(decode_header(line))).split())


@pytest.mark.parametrize(("variant", "hard"), [("saas", HARD[:3]), ("self-managed", HARD[3:])], ids=["saas", "self"])
def test_the_draft_is_the_same_as_the_engines(
    page: Page, site: str, tmp_path: Path, variant: str, hard: list[dict[str, str]]
) -> None:
    page.goto(f"{site}{WELCOME}?variant={variant}")
    for number, some in enumerate(hard):
        own = {
            "customer_email": f"d{number}@acme.example",
            "expand_ae_email": f"s{number}@example.com",
            "expand_ae_calendar": f"https://calendly.com/{number}",
        }
        values = {**ALL, **own, **some}
        fill(page, **values)
        with page.expect_download() as started:
            press(page, "Download draft")
        assert started.value.suggested_filename == f"expand-welcome.{variant}.eml"
        file = tmp_path / f"{number}.eml"
        started.value.save_as(file)
        data = file.read_bytes()
        assert parsed(data) == parsed(engine_bytes("eml", "expand-welcome", variant, values))
        assert max(map(len, data.split(b"\r\n"))) <= 998
        assert b"\n" not in data.replace(b"\r\n", b"")
    expect(said(page)).to_have_text("Draft downloaded. Open it in Thunderbird or classic Outlook.")
    head, _ = parsed(data)
    assert sorted(head) == ["Cc", "MIME-Version", "Subject", "To", "X-Unsent"]
    assert head["X-Unsent"] == "1"
    page.get_by_text("Open a downloaded draft in Thunderbird (tried)").wait_for()
