"""The head of a mail: however long a name is, and whatever is in it, it stays one name of one recipient."""

import email
import email.policy
from email.message import EmailMessage
from email.utils import getaddresses

import pytest

from handover.render.mail_head import Person, people_line, text_line
from tests.conftest import Run

LONG = "Accounts Payable and Procurement, Acme Robotics International Holdings, Inc."
NAMES = [
    "Ann",
    "Ann B. Smith-Jones",
    LONG,
    f"{LONG} {LONG} {LONG}",
    "word " * 300,
    "Smith, Ann (Acme; Sales) <not@an.address>",
    'Ann "the \\ Boss" Smith',
    "José Müller, Söhne",
    "=?utf-8?q?not_encoded?=",
    "a.b@c",
    "[Customer]",
    "Ann\u00a0Smith",
]


def parsed(head: str) -> EmailMessage:
    assert head.isascii()
    assert head.endswith("\r\n")
    assert max(map(len, head.split("\r\n"))) <= 998
    return email.message_from_bytes(f"{head}\r\n".encode(), policy=email.policy.default)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stays_one_name_of_one_recipient(name: str) -> None:
    head = people_line("To", [Person(name, "dana@x.example"), Person("", "b@x.example"), Person("Nobody", "")])
    people = [(each.display_name, each.addr_spec) for each in parsed(head)["To"].addresses]
    assert people == [(" ".join(name.split()), "dana@x.example"), ("", "b@x.example")]
    older = email.message_from_string(f"{head}\r\n")["To"]
    assert [address for _, address in getaddresses([older])] == ["dana@x.example", "b@x.example"]


def test_a_long_name_is_one_recipient_of_a_draft(handover: Run) -> None:
    arguments = ("--variant", "saas", "--format", "eml", "--set", f"customer_name={LONG}")
    draft = email.message_from_string(handover("show", "expand-welcome", *arguments).stdout)
    assert getaddresses([draft["To"]]) == [(LONG, "dana@acme.example")]


@pytest.mark.parametrize("name", ["x" * 2000, f'"{"y" * 2000}"', "Ä" * 500, "日本株式会社 山田太郎様, " * 30])
def test_a_name_too_long_for_a_line_is_encoded_in_pieces(name: str) -> None:
    head = people_line("Cc", [Person(name, "dana@x.example")])
    ((shown, address),) = [(each.display_name, each.addr_spec) for each in parsed(head)["Cc"].addresses]
    # Python reads the folds between two pieces as spaces; RFC 2047, section 6.2, has them read as nothing.
    assert (shown.replace(" ", ""), address) == ("".join(name.split()), "dana@x.example")


@pytest.mark.parametrize("subject", [*NAMES, "x" * 2000, "Ä" * 500, "日本 " * 200, "one\nline"])
def test_a_subject_is_one_line(subject: str) -> None:
    assert parsed(text_line("Subject", subject))["Subject"] == " ".join(subject.split())


def test_lines_are_folded_where_they_can_be() -> None:
    head = people_line("To", [Person("Ann Smith", f"ann{number}@x.example") for number in range(9)])
    assert max(map(len, head.split("\r\n"))) <= 78
    assert max(map(len, text_line("Subject", "word " * 99).split("\r\n"))) <= 78
    assert people_line("Bcc", []) == ""
