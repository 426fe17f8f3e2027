"""Sending one mail to one address through a mail server."""

import ipaddress
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path
from typing import Literal

Security = Literal["none", "starttls", "tls"]

DEFAULT_PORTS: dict[Security, int] = {"none": 25, "starttls": 587, "tls": 465}
"""RFC 5321, RFC 6409, RFC 8314."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the mail goes, and how. `timeout` is in seconds, for each answer; `ca_file` adds to the trusted issuers."""

    host: str
    port: int
    security: Security = "none"
    user: str | None = None
    password: str | None = None
    timeout: float = 30
    ca_file: Path | None = None

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_this_machine(self) -> bool:
        """True if the connection does not leave this machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host.lower() == "localhost"


class NotSent(Exception):
    """The mail was not accepted; the text says why and what to do."""


def send(mail: EmailMessage, sender: str, recipient: str, server: Server) -> None:
    """Send `mail`, with the date of now and an id of its own, to `recipient`.

    A server takes a mail only with its last line, so nothing is half-sent. Raises NotSent.
    """
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    try:
        smtp = _connected(server)
        try:
            _log_in(smtp, server)
            _hand_over(smtp, mail.as_bytes(), sender, recipient, server)
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()  # the mail is accepted: a failure now changes nothing
        finally:
            smtp.close()
    except (smtplib.SMTPException, OSError, UnicodeError) as trouble:
        raise NotSent(_why(trouble, server)) from None


def _connected(server: Server) -> smtplib.SMTP:
    """A greeted connection, encrypted where that was asked for."""
    context = ssl.create_default_context()
    if server.ca_file is not None:
        try:
            context.load_verify_locations(server.ca_file)
        except OSError:
            raise NotSent(f"{server.ca_file} holds no certificate in PEM form.") from None
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
    smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    if server.security == "starttls":
        try:
            smtp.starttls(context=context)
        except smtplib.SMTPNotSupportedError:
            smtp.close()
            raise NotSent(f"{server} offers no STARTTLS. Ask for the port that does, or try --tls.") from None
        except BaseException:
            smtp.close()
            raise
    return smtp


def _log_in(smtp: smtplib.SMTP, server: Server) -> None:
    if server.user is None:
        return
    try:
        smtp.login(server.user, server.password or "")
    except smtplib.SMTPAuthenticationError as refused:
        raise NotSent(f"{server} does not accept this user and password: {_answer(refused)}.") from None
    except smtplib.SMTPNotSupportedError:
        raise NotSent(f"{server} offers no way to log in. Leave --user out, or use --starttls or --tls.") from None
    except UnicodeError:
        raise NotSent("a user name or password with other characters than ASCII cannot be sent.") from None


def _hand_over(smtp: smtplib.SMTP, mail: bytes, sender: str, recipient: str, server: Server) -> None:
    try:
        smtp.sendmail(sender, [recipient], mail)
    except smtplib.SMTPSenderRefused as refused:
        hint = "Name another sender with --from, or log in with --user."
        raise NotSent(f"{server} takes no mail from {sender}: {_answer(refused)}. {hint}") from None
    except smtplib.SMTPRecipientsRefused as refused:
        code, text = refused.recipients[recipient]
        raise NotSent(f"{server} takes no mail for {recipient}: {code} {_line(text)}.") from None
    except smtplib.SMTPDataError as refused:
        raise NotSent(f"{server} refused the mail: {_answer(refused)}.") from None
    except (smtplib.SMTPServerDisconnected, TimeoutError):
        raise NotSent(
            f"{server} fell silent while the mail was on its way. Look whether it has arrived before you send it again."
        ) from None


def _why(trouble: Exception, server: Server) -> str:
    """One sentence about a failure, with its fix."""
    in_the_clear = " Does it want --starttls or --tls?" if server.security == "none" else ""
    match trouble:
        case ssl.SSLCertVerificationError():
            return (
                f"the certificate of {server} is not to be trusted: {trouble.verify_message}. If it is your own, name"
                " its issuer with --ca-file."
            )
        case ssl.SSLError():
            return f"{server} does not speak TLS as asked ({trouble.reason}). Try --starttls, or the port for TLS."
        case TimeoutError():
            return f"{server} did not answer within {server.timeout:g} seconds. Look at host and port.{in_the_clear}"
        case socket.gaierror() | UnicodeError():  # the latter where a part of the name is too long
            return f"the name {server.host} leads nowhere. Look for a slip in --smtp, or at your network."
        case ConnectionRefusedError():
            return f"{server} refused the connection. Look whether the port is right and the server is running."
        case smtplib.SMTPServerDisconnected(__context__=OSError() as cause):
            return _why(cause, server)
        case smtplib.SMTPServerDisconnected():
            return f"{server} ended the connection.{in_the_clear}"
        case smtplib.SMTPResponseException():
            return f"{server} does not want to talk: {_answer(trouble)}."
        case _:
            return f"{server} cannot be reached: {getattr(trouble, 'strerror', None) or trouble}."


def _answer(refused: smtplib.SMTPResponseException) -> str:
    return f"{refused.smtp_code} {_line(refused.smtp_error)}"


def _line(answer: bytes | str) -> str:
    """A server's answer as one line that a terminal can show."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300].rstrip(".")
