"""`handover send`."""

import os
import re
import sys
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import click

from handover.cli.options import ids_in, root_option
from handover.cli.pipeline import PipelineResult
from handover.cli.selection import rendered_message, set_option, sound, values_of, variant_option
from handover.cli.terminal import print_line
from handover.model.catalog import Catalog
from handover.model.placeholder import LOCAL_PART
from handover.write.mail_server import DEFAULT_PORTS, Security, Server
from handover.write.smtp import NotSent, send

PASSWORD = "HANDOVER_SMTP_PASSWORD"  # noqa: S105 - the name of a variable

_MAILBOX = re.compile(rf"(?=.{{1,64}}@.{{1,254}}$){LOCAL_PART}@[A-Za-z0-9](?:(?:\.|-+)?[A-Za-z0-9])*")
_HOST = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?))(?::(?P<port>\d+))?"
)


def _mailbox(value: str) -> str:
    """One email address without a name, so that it cannot add a recipient or a header."""
    if not _MAILBOX.fullmatch(value):
        raise click.BadParameter(f"{value!r} is not one email address, like dana@example.com.")
    return value


def _place(value: str) -> tuple[str, int | None]:
    """A host with an optional port."""
    match = _HOST.fullmatch(value)
    port = int(match["port"]) if match and match["port"] else None
    if match is None or port == 0 or (port or 0) > 65535:
        raise click.BadParameter(f"{value!r} is not a host with a port, like mail.example.com:587.")
    return match["six"] or match["name"], port


@click.command("send")
@root_option
@click.argument("message", shell_complete=ids_in("content/messages"), help="The id of a message.")
@variant_option
@set_option
@click.option("--to", "recipient", type=_mailbox, required=True, metavar="ADDRESS", help="Who gets it; only they do.")
@click.option(
    "--from",
    "sender",
    type=_mailbox,
    metavar="ADDRESS",
    help="The sender; the message's own by default, else that of data/brand.yml.",
)
@click.option("--smtp", type=_place, required=True, metavar="HOST[:PORT]", help="The mail server; port 25, 587 or 465.")
@click.option("--starttls", is_flag=True, help="Begin in the clear, then encrypt.")
@click.option("--tls", is_flag=True, help="Encrypt from the beginning.")
@click.option("--ca-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Trust this issuer too.")
@click.option("--user", help=f"Log in; the password comes from {PASSWORD}, else from a prompt.")
@click.option(
    "--timeout", type=click.FloatRange(0.1, 600), default=30, show_default=True, help="Seconds for each answer."
)
def command(
    root: Path,
    message: str,
    variant: str | None,
    settings: tuple[str, ...],
    recipient: str,
    sender: str | None,
    smtp: tuple[str, int | None],
    starttls: bool,
    tls: bool,
    ca_file: Path | None,
    user: str | None,
    timeout: float,
) -> None:
    """Send MESSAGE to one email address, with sample values or those of --set, to see how it arrives."""
    if starttls and tls:
        raise click.UsageError("--starttls and --tls are two ways: choose one.")
    security: Security = "starttls" if starttls else "tls" if tls else "none"
    server = Server(smtp[0], smtp[1] or DEFAULT_PORTS[security], security, user, None, timeout, ca_file)
    if user is not None and security == "none" and not server.is_this_machine:
        raise click.UsageError(
            f"the password would cross the network in the clear to {server}: add --starttls or --tls."
        )
    result, catalog = sound(root)
    rendered = rendered_message(result, catalog, message, variant)
    if not rendered.message.head.is_email:
        raise click.UsageError(f"'{message}' is a {rendered.message.head.noun}, not an email.")
    catalog = catalog.of(rendered.message)
    values = values_of(settings, catalog)
    mail, sender = _mail(result, catalog, rendered, values, recipient, sender)
    if user is not None:
        server = replace(server, password=_password(user, server))
    try:
        send(mail, sender, recipient, server)
    except NotSent as trouble:
        print_line(f"Error: {trouble.outcome}: {trouble}", err=True)
        raise SystemExit(2) from None
    print_line(f"Sent '{mail['Subject']}' to {recipient} through {server}.")


def _mail(
    result: PipelineResult, catalog: Catalog, rendered: Any, values: dict[str, str], recipient: str, sender: str | None
) -> tuple[EmailMessage, str]:
    """The mail, and the address that it comes from: `sender`, else the message's own, else the brand's."""
    from handover.render import eml
    from handover.render.exports import mail_of
    from handover.render.spelling import PreviewSpelling

    assert result.marks is not None  # noqa: S101 - there are no errors
    mail = mail_of(rendered, catalog, result.marks, PreviewSpelling(catalog, values), recipient, sender)
    address = mail.sender.email
    if not _MAILBOX.fullmatch(address):
        raise click.UsageError(f"a mail cannot be sent from '{address}'. Name a sender with --from.")
    return eml.message(mail), address


def _password(user: str, server: Server) -> str:
    given = os.environ.get(PASSWORD)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise click.UsageError(f"there is no password for {user}: set {PASSWORD}, or call this from a terminal.")
    return str(click.prompt(f"Password of {user} at {server}", hide_input=True, err=True))
