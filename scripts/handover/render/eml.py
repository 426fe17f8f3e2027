"""A preview as a draft that a mail program opens: the same bytes each time."""

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import NamedTuple


class Person(NamedTuple):
    """A name with an address; the address may be empty."""

    name: str
    email: str


def message(subject: str, sender: Person, to: list[Person], cc: list[Person], text: str, html: str) -> EmailMessage:
    """A multipart/alternative mail without date and Message-ID, which the program that sends it adds."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = " ".join(subject.split())
    for name, people in (("From", [sender]), ("To", to), ("Cc", cc)):
        addresses = [_address(person) for person in people if person.email]
        if addresses:
            mail[name] = addresses
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    mail.set_boundary("=_" + hashlib.sha256(f"{subject}\n{text}\n{html}".encode()).hexdigest()[:40])
    return mail


def _address(person: Person) -> Address:
    return Address(display_name=" ".join(person.name.split()), addr_spec=person.email)


def draft(mail: EmailMessage) -> bytes:
    """The mail as the bytes of an .eml file; `X-Unsent` opens it for editing."""
    mail["X-Unsent"] = "1"
    return mail.as_bytes()
