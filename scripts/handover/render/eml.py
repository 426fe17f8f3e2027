"""A preview as a draft for an email client: the same bytes each time."""

import hashlib
import re
from binascii import b2a_qp
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple

from handover.render.mail_head import Person, people_line, text_line

_FROM = re.compile(rb"^(?:From )+", re.MULTILINE)
"""The start of a line that mailboxes in one file take for the next mail, and change to `>From ` (RFC 4155)."""


class Mail(NamedTuple):
    """An email and its recipients."""

    subject: str
    sender: Person
    reply_to: tuple[Person, ...]
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    bcc: tuple[Person, ...]
    text: str
    html: str


_AS_IT_IS = SMTP.clone(refold_source="none")


def draft(mail: Mail) -> bytes:
    """The email as the bytes of an .eml file, which email clients open to be gone on with.

    `X-Unsent: 1` is what classic Outlook and Thunderbird go by. The program that sends it adds sender, date and
    Message-ID: Thunderbird warns of a sender that is none of its own.
    """
    return _bytes(mail._replace(sender=Person("", "")), "X-Unsent: 1\r\n")


def message(mail: Mail) -> EmailMessage:
    """The email without date and Message-ID, which the sending program adds."""
    return message_from_bytes(_bytes(mail), policy=_AS_IT_IS)


def _bytes(mail: Mail, more: str = "") -> bytes:
    """A multipart/alternative in quoted-printable: some lines of the HTML are too long for an email."""
    boundary = "=_" + hashlib.sha256(f"{mail.subject}\n{mail.text}\n{mail.html}".encode()).hexdigest()[:40]
    head = text_line("Subject", mail.subject)
    people = {"From": (mail.sender,), "Reply-To": mail.reply_to, "To": mail.to, "Cc": mail.cc, "Bcc": mail.bcc}
    head += "".join(people_line(name, each) for name, each in people.items())
    head += f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n{more}\r\n'
    parts = [_part(boundary, "plain", mail.text), _part(boundary, "html", mail.html)]
    return b"".join([head.encode("ascii"), *parts, f"--{boundary}--\r\n".encode()])


def _part(boundary: str, kind: str, text: str) -> bytes:
    head = (
        f'--{boundary}\r\nContent-Type: text/{kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    encoded = b2a_qp("\r\n".join(text.split("\n")).encode(), istext=True)
    return head.encode() + _FROM.sub(lambda found: b"=46rom =\r\n" * (len(found[0]) // 5), encoded) + b"\r\n"
