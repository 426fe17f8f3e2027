"""What a mail server refuses, and what fails on the way to it: one sentence, with its fix."""

import re
import smtplib
import socket
import ssl
from typing import Literal, NamedTuple

from handover.write.mail_server import Server

Stage = Literal["greeting", "hello", "starttls", "login", "sender", "recipient", "data", "end", "quit"]
"""What an answer of the server is about, in the order of a mail's way."""


class EndlessAnswer(OSError):
    """An answer that is longer than any server needs."""


class _Rule(NamedTuple):
    """The words for a refusal at one stage (at any, where `stage` is empty), by its code and text."""

    stage: str
    answer: str
    problem: str
    fix: str = ""


_RULES = (
    _Rule("", "421", "ends the connection", "It is busy or restarts: try again later."),
    _Rule("greeting", "", "accepts no connection"),
    _Rule("hello", "", "does not accept the greeting of this machine"),
    _Rule("starttls", "", "cannot start TLS now", "Try again later, or name another port."),
    _Rule("login", "4", "cannot check the password now", "It may be right: try again later."),
    _Rule(
        "login",
        r".*\bapp(lication)?[- ](specific )?password",
        "wants an app password",
        "Create one at your mail provider.",
    ),
    _Rule("login", r".*(5\.7\.139|disabled)", "takes no password from programs", "Its administrator may allow it."),
    _Rule("login", r"538|530.*TLS", "takes a password by an encrypted connection only", "Add --starttls."),
    _Rule("login", "", "does not accept this user and password"),
    _Rule("", r"53[08].*(TLS|encrypt)|5.*must issue.*STARTTLS|5.*5\.7\.1[01]\b", "wants encryption", "Add --starttls."),
    _Rule("", r"530|5.*(5\.7\.57|authenticat\w+ (is )?required)", "takes mail only after a log-in", "{may}"),
    _Rule("", r".*[45]\.2\.2", "says that the mailbox of {recipient} is full", "Only its owner can make room."),
    _Rule("", r"5.*5\.(2\.3|3\.4)", "takes no mail of {size} bytes", "Shorten it."),
    _Rule("", "552", "has no room for {size} bytes", "The mail is too large, or the mailbox is full."),
    _Rule("", "452", "is short of space", "Try again later."),
    _Rule("", r"5.*(\brelay|access denied)", "passes no mail on to {recipient}", "{may}"),
    _Rule("", r".*[45]\.1\.[78]\b|5.*(\bsender\b|\bsend as\b)", "takes no mail from {sender}", "{from}"),
    _Rule("", "4", "does not take the mail now", "Try again in some minutes: many servers defer an unknown sender."),
    _Rule("", r"5.*(client host|blacklist|block ?list|spamhaus)", "takes no mail from this machine", "{may}"),
    _Rule("sender", "", "takes no mail from {sender}", "{from}"),
    _Rule("recipient", "", "takes no mail for {recipient}", "Look for a slip in --to."),
    _Rule("", "", "refused the mail"),
)
"""The first that fits: RFC 5321 and RFC 3463, and what Postfix, Exim, Exchange Online and Gmail say."""

_HAS_USER = {"may": "Ask its administrator what this user may do.", "from": "Name another sender with --from."}
_HAS_NONE = {
    "may": "Log in with --user, or name the recipient's own server.",
    "from": "Name another sender with --from, or log in with --user.",
}


def explain_refusal(
    refused: smtplib.SMTPResponseException, stage: Stage, server: Server, sender: str, recipient: str, size: int
) -> str:
    """One sentence about an answer of the server at this stage, with its fix."""
    if refused.smtp_code < 200:  # -1 where there is no code
        return f"{server} does not speak SMTP. {_PLACE}"
    answer = f"{refused.smtp_code} {one_line(refused.smtp_error)}"
    words = answer.replace(sender, "").replace(recipient, "")
    rule = next(rule for rule in _RULES if rule.stage in ("", stage) and re.match(rule.answer, words, re.IGNORECASE))
    names = {"sender": sender, "recipient": recipient, "size": f"{size:,}"}
    fix = rule.fix.format_map(_HAS_NONE if server.user is None else _HAS_USER)
    return f"{server} {rule.problem.format_map(names)}: {answer}. {fix}".rstrip()


def explain_failure(failure: BaseException | None, stage: Stage, server: Server) -> str:
    """One sentence about a connection that failed at this stage, with its fix."""
    may_want_tls = stage == "greeting" and server.security != "tls"
    place = "Look at host and port; one for --tls, often 465, waits like that." if may_want_tls else _PLACE
    match failure:
        case smtplib.SMTPServerDisconnected(__context__=OSError() as cause):
            return explain_failure(cause, stage, server)
        case ssl.SSLCertVerificationError():
            return _certificate(failure, server)
        case ssl.SSLError() if failure.reason not in _ENDS:
            return _encryption(str(failure.reason), server)
        case TimeoutError():
            fix = place if stage == "greeting" else "Try again, or with a longer --timeout."
            unit = "second" if server.timeout == 1 else "seconds"
            return f"{server} did not answer within {server.timeout:g} {unit}. {fix}"
        case socket.gaierror() | UnicodeError():  # the latter where a part of the name is too long
            return f"the name {server.host} leads nowhere. Look for a slip in --smtp, or at your network."
        case ConnectionRefusedError():
            return f"{server} refused the connection. Look whether the port is right and the server is running."
        case smtplib.SMTPServerDisconnected() | ssl.SSLError() | ConnectionError():
            return f"{server} ended the connection. {_PLACE if stage == 'greeting' else 'Try again later.'}"
        case EndlessAnswer() | smtplib.SMTPException() | ValueError():  # the last for a challenge that is no base64
            return f"{server} does not speak SMTP. {_PLACE}"
        case _:
            return f"{server} cannot be reached: {getattr(failure, 'strerror', None) or failure}."


_PLACE = "Look at host and port."
_ENDS = ("UNEXPECTED_EOF_WHILE_READING", "APPLICATION_DATA_AFTER_CLOSE_NOTIFY")


def _encryption(reason: str, server: Server) -> str:
    """A handshake that failed: an alert, or a version that is not supported, comes from a server that knows TLS."""
    if server.security == "starttls" or re.search("ALERT|UNSUPPORTED|TOO_SMALL|WEAK", reason):
        return f"{server} speaks no TLS that is safe today ({reason}). Only its administrator can renew it."
    return f"{server} does not begin with TLS. Try --starttls, or name the port for --tls, often 465."


_CERTIFICATE = {
    9: ("is not valid yet, by the clock of this machine", "Set the clock right."),
    10: ("has expired", "Only its administrator can renew it."),
    62: ("is for another name", "Write the name in --smtp that its administrator gives."),
    64: ("is for another address", "Write the name in --smtp that its administrator gives."),
}
"""By the code of OpenSSL (X509_V_ERR_…): a certificate that no issuer in --ca-file would mend."""


def _certificate(failure: ssl.SSLCertVerificationError, server: Server) -> str:
    problem, fix = _CERTIFICATE.get(failure.verify_code, ("is not to be trusted", ""))
    if not fix and server.ca_file is None:
        fix = "If it is your own, name its issuer with --ca-file."
    elif not fix:
        fix = f"{server.ca_file} does not have its issuer."
    return f"the certificate of {server} {problem} ({failure.verify_message}). {fix}"


def one_line(answer: bytes | str) -> str:
    """A server's answer as one line that a terminal can show."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300].rstrip(".")
