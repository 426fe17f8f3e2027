"""Sending one mail to one address through a mail server."""

import ipaddress
import re
import smtplib
import socket
import ssl
from contextlib import closing, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path
from time import monotonic
from typing import Any

from handover.write.mail_server import Server
from handover.write.smtp_errors import EndlessAnswer, Stage, explain_failure, explain_refusal, one_line

MAX_ANSWER = 8192
"""The most bytes of one answer; `smtplib` has the same bound for one line of it."""

MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")
"""The ways to log in, by preference. The last needs a server that keeps passwords readable, which few do."""


class NotSent(Exception):
    """The mail was not accepted; the text says why and what to do."""

    outcome = "not sent"


class PerhapsSent(NotSent):
    """The server has the whole mail, but did not say whether it accepts it."""

    outcome = "perhaps sent"


def send(mail: EmailMessage, sender: str, recipient: str, server: Server) -> None:
    """Send `mail`, with the date of now and an id of its own, to `recipient`.

    A server accepts a mail only after its last line, so nothing is half-sent. Raises NotSent, or PerhapsSent if the
    connection or the person breaks off between that line and the answer to it.
    """
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    delivery = _Delivery(server, sender, recipient, mail.as_bytes(policy=SMTP))
    try:
        delivery.run()
    except (smtplib.SMTPException, OSError, ValueError) as failure:
        raise delivery.error(failure) from None
    except KeyboardInterrupt:
        if delivery.stage == "end":
            raise PerhapsSent(f"stopped when {server} had the whole mail. {_LOOK}") from None
        if delivery.stage != "quit":
            raise


_LOOK = "Look whether it has arrived before you send it again."


class _Delivery:
    """One mail on its way; `stage` is what the next answer of the server is about."""

    def __init__(self, server: Server, sender: str, recipient: str, mail: bytes) -> None:
        self.server, self.sender, self.recipient, self.mail = server, sender, recipient, mail
        self.stage: Stage = "greeting"

    def run(self) -> None:
        """Connect, log in, hand the mail over."""
        server, context = self.server, _trust(self.server.ca_file)
        with closing(_greeted(server, context)) as smtp:
            self.stage = "hello"
            smtp.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                self.stage = "starttls"
                _encrypt(smtp, server, context)
            if server.user is not None:
                self.stage = "login"
                _log_in(smtp, server, server.user, server.password or "")
            self._hand_over(smtp)
            self.stage = "quit"
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()  # the mail is accepted: a failure now changes nothing

    def error(self, failure: Exception) -> NotSent:
        """What became of the mail when this was raised."""
        if isinstance(failure, smtplib.SMTPResponseException) and (self.stage != "end" or failure.smtp_code >= 400):
            size = len(self.mail)
            return NotSent(explain_refusal(failure, self.stage, self.server, self.sender, self.recipient, size))
        if self.stage == "end":
            return PerhapsSent(f"{self.server} has the whole mail, but gave no answer. {_LOOK}")
        return NotSent(explain_failure(failure, self.stage, self.server))

    def _hand_over(self, smtp: smtplib.SMTP) -> None:
        self.stage = "sender"
        size = [f"size={len(self.mail)}"] if smtp.has_extn("size") else []
        _expect(smtp.mail(self.sender, size), 250)
        self.stage = "recipient"
        _expect(smtp.rcpt(self.recipient), 250, 251)
        self.stage = "data"
        _expect(smtp.docmd("DATA"), 354)
        smtp.send(re.sub(rb"(?m)^\.", b"..", self.mail))  # RFC 5321, 4.5.2
        self.stage = "end"
        smtp.send(b".\r\n")
        _expect(smtp.getreply(), 250)


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    """Raise what the standard library raises for any other answer."""
    if answer[0] not in codes:
        raise smtplib.SMTPResponseException(*answer)


class _Answers:
    """The lines of a connection, as `smtplib` reads them: however slowly an answer comes, its time is limited."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._rest = b""
        self.close = connection.close

    def begin(self, timeout: float) -> None:
        """Start the time of one answer."""
        self._end, self._left = monotonic() + timeout, MAX_ANSWER

    def readline(self, limit: int) -> bytes:
        """The next line; empty at the end of the connection. Raises TimeoutError, or EndlessAnswer."""
        while b"\n" not in self._rest:
            if len(self._rest) > self._left:
                raise EndlessAnswer
            self._connection.settimeout(max(self._end - monotonic(), 0.001))
            received = self._connection.recv(4096)
            if not received:
                break
            self._rest += received
        line, newline, self._rest = self._rest.partition(b"\n")
        self._left -= len(line)
        return line + newline


class _Smtp(smtplib.SMTP):
    """The standard library's client, with a limit on each whole answer instead of each piece of it."""

    def getreply(self) -> tuple[int, bytes]:
        """The code and the text of the next answer."""
        if self.sock is None:
            return super().getreply()
        if self.file is None:
            self.file = _Answers(self.sock)
        self.file.begin(self.timeout)
        answer = super().getreply()
        self.sock.settimeout(self.timeout)
        return answer


class _SmtpOverTls(_Smtp, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte on."""


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError:
            raise NotSent(f"{ca_file} holds no certificate in PEM form.") from None
    return context


def _greeted(server: Server, context: ssl.SSLContext) -> smtplib.SMTP:
    if server.security == "tls":
        smtp: smtplib.SMTP = _SmtpOverTls(server.host, server.port, "", timeout=server.timeout, context=context)
    else:
        smtp = _Smtp(server.host, server.port, "", timeout=server.timeout)
    assert smtp.sock is not None  # noqa: S101 - it is connected
    # Like mail programs, name the address and not the machine: its name may be private, or slow to look up.
    address = ipaddress.ip_address(smtp.sock.getsockname()[0].partition("%")[0])
    smtp.local_hostname = f"[{'IPv6:' if address.version == 6 else ''}{address}]"  # RFC 5321, 4.1.3
    return smtp


def _encrypt(smtp: smtplib.SMTP, server: Server, context: ssl.SSLContext) -> None:
    try:
        smtp.starttls(context=context)
    except smtplib.SMTPNotSupportedError:
        cure = "Name a port that does, often 587, or one for --tls, often 465."
        raise NotSent(f"{server} offers no STARTTLS. {cure}") from None
    smtp.ehlo_or_helo_if_needed()


def _log_in(smtp: smtplib.SMTP, server: Server, user: str, password: str) -> None:
    """Try one mechanism once: some servers lock an account after a few wrong passwords."""
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    mechanism = next((each for each in MECHANISMS if each in offered), None)
    if not offered:
        cure = "Leave --user out." if server.security != "none" else "Leave --user out, or add --starttls."
        raise NotSent(f"{server} offers no way to log in. {cure}")
    if mechanism is None:
        ways = f"{one_line(' and '.join(offered))} only, not by {', '.join(MECHANISMS[:-1])} or {MECHANISMS[-1]}"
        raise NotSent(f"{server} lets one log in by {ways}. Use another server.")
    if not f"{user}{password}".isascii():
        raise NotSent("a user name or password with other characters than ASCII cannot be sent.")
    smtp.user, smtp.password = user, password
    method: Any = getattr(smtp, f"auth_{mechanism.lower().replace('-', '_')}")
    smtp.auth(mechanism, method)
