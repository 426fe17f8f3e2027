"""`handover send`, against real mail servers on this machine, with TLS and with a log-in."""

import asyncio
import datetime
import os
import re
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from click.testing import CliRunner, Result

from handover.cli import cli
from tests.conftest import ROOT, SCRIPT
from tests.links.certificates import Authority
from tests.mail.server import scripted

TIDELINE = ROOT / "tests/cases/good/tideline"
SECRET = "correct horse"  # noqa: S105 - of a server that lives as long as a test


class Inbox:
    """Takes every mail, but not from `spam@…`, not for `nobody@…`, and not one about the word `lottery`."""

    def __init__(self, wants_login: bool) -> None:
        self.wants_login = wants_login
        self.envelopes: list[Envelope] = []

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if self.wants_login and not session.authenticated:
            return "530 5.7.0 log in first"
        if address.startswith("spam@"):
            return "550 5.7.1 not from\x07 you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        if b"lottery" in envelope.content:
            return "554 5.7.1 this looks like spam"
        self.envelopes.append(envelope)
        return "250 OK"


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"dana", SECRET.encode()), handled=False)


@contextmanager
def mail_server(
    encrypted: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, login: bool = False
) -> Iterator[tuple[str, Inbox]]:
    """A mail server, as `HOST:PORT`, and what it took; `encrypted` from the first byte on, or after STARTTLS."""
    inbox, loop = Inbox(login), asyncio.new_event_loop()
    connections: list[SMTP] = []

    def connection() -> SMTP:
        connections.append(
            SMTP(
                inbox,
                loop=loop,
                tls_context=starttls,
                require_starttls=starttls is not None,
                authenticator=authenticate if login else None,
                auth_require_tls=starttls is not None or not login,
            )
        )
        return connections[-1]

    server = loop.run_until_complete(loop.create_server(connection, "127.0.0.1", 0, ssl=encrypted))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"localhost:{server.sockets[0].getsockname()[1]}", inbox
    finally:
        asyncio.run_coroutine_threadsafe(stop(server, connections), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def stop(server: asyncio.AbstractServer, connections: list[SMTP]) -> None:
    server.close()
    for connection in connections:
        if isinstance(connection.transport, asyncio.WriteTransport):
            connection.transport.abort()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def issuer(authority: Authority) -> Path:
    """The file with the issuer of the certificate of `tls`."""
    return authority.file


@pytest.fixture(scope="module")
def tls(authority: Authority) -> ssl.SSLContext:
    return authority.server("localhost")


def send(*arguments: object, root: Path = TIDELINE, message: str = "season-letter", **environment: str) -> Result:
    """The command; it is always for `ada@boat.example` where `arguments` name nobody else."""
    to = [] if "--to" in arguments else ["--to", "ada@boat.example"]
    return CliRunner(env={"HANDOVER_SMTP_PASSWORD": None, **environment}).invoke(
        cli, ["send", message, "--root", str(root), *to, *map(str, arguments)], catch_exceptions=False
    )


def received(inbox: Inbox) -> EmailMessage:
    assert len(inbox.envelopes) == 1
    content = inbox.envelopes[0].content
    assert isinstance(content, bytes)
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_the_mail_is_well_formed_and_says_what_the_preview_says(dist: Path) -> None:
    with mail_server() as (place, inbox):
        result = send(
            "--variant", "saas", "--to", "me@example.com", "--smtp", place, root=ROOT, message="expand-welcome"
        )
    assert result.stdout == f"Sent 'Welcome to GitLab - Let's Get to Work!' to me@example.com through {place}.\n"
    mail = received(inbox)
    assert (inbox.envelopes[0].mail_from, inbox.envelopes[0].rcpt_tos) == ("sales@gitlab.example", ["me@example.com"])
    assert mail["From"] == "Alex Kim <sales@gitlab.example>"
    assert mail["To"] == "me@example.com"
    assert {"cc", "bcc", "x-unsent"}.isdisjoint(name.lower() for name in mail)
    assert abs(parsedate_to_datetime(mail["Date"]) - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(hours=1)
    assert re.fullmatch(r"<[^@<>\s]+@gitlab\.example>", mail["Message-ID"])
    assert mail["MIME-Version"] == "1.0"
    assert mail.get_content_type() == "multipart/alternative"
    parts = list(mail.iter_parts())
    for part, ending in zip(parts, ("txt", "html"), strict=True):
        assert part["Content-Transfer-Encoding"] == "quoted-printable"
        assert part.get_content_charset() == "utf-8"
        preview = (dist / f"exports/preview/expand-welcome.saas.{ending}").read_text(encoding="utf-8")
        expected = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", preview)  # which is for browsers
        assert part.get_content().split() == expected.split()  # mail has lines of its own
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part.defects for part in mail.walk() if part.defects] == []
    raw = inbox.envelopes[0].content
    assert isinstance(raw, bytes)
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()


def test_values_that_are_set_arrive_as_text_and_never_as_a_header() -> None:
    with mail_server() as (place, inbox):
        result = send(
            "--variant", "sail", "--set", "skipper=Zoë <b>&", "--from", "crew@boat.example", "--smtp", place,
            message="welcome-aboard",
        )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    mail = received(inbox)
    assert mail["Subject"] == "Welcome aboard, Zoë <b>&"
    assert mail["From"] == "The deckhand <crew@boat.example>"
    text, html = (part.get_content() for part in mail.iter_parts())
    assert "Hello Zoë <b>&," in text
    assert "Hello Zoë &lt;b&gt;&amp;," in " ".join(html.split())


def test_a_message_with_a_sender_and_a_reply_address_of_its_own(tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(TIDELINE, root)
    message = root / "content/messages/season-letter.md"
    own = "from: { name: 'Ann, the deckhand', email: ann@tideline.example }\nreply_to: crew@tideline.example\n"
    text = message.read_text(encoding="utf-8").replace(
        "from: The Tideline crew\n", f"{own}bcc: [crm@tideline.example]\n"
    )
    message.write_text(text, encoding="utf-8")
    with mail_server() as (place, inbox):
        assert send("--smtp", place, root=root).exit_code == 0
    mail = received(inbox)
    assert (inbox.envelopes[0].mail_from, inbox.envelopes[0].rcpt_tos) == ("ann@tideline.example", ["ada@boat.example"])
    assert mail["From"] == '"Ann, the deckhand" <ann@tideline.example>'
    assert mail["Reply-To"] == "crew@tideline.example"
    assert "Bcc" not in mail


@pytest.mark.parametrize("way", ["--starttls", "--tls"])
def test_it_logs_in_over_tls(tls: ssl.SSLContext, issuer: Path, way: str) -> None:
    server = mail_server(starttls=tls, login=True) if way == "--starttls" else mail_server(tls, login=True)
    with server as (place, inbox):
        result = send("--smtp", place, way, "--ca-file", issuer, "--user", "dana", HANDOVER_SMTP_PASSWORD=SECRET)
    assert (result.exit_code, result.stderr) == (0, "")
    assert received(inbox)["To"] == "ada@boat.example"
    assert SECRET not in result.output


@pytest.mark.slow
def test_without_a_variable_it_asks_for_the_password_and_does_not_show_it(tls: ssl.SSLContext, issuer: Path) -> None:
    leader, follower = os.openpty()
    with mail_server(tls, login=True) as (place, inbox):
        command = [
            "setsid", "--ctty", "--wait", str(SCRIPT), "send", "season-letter", "--root", str(TIDELINE), "--smtp",
            place, "--tls", "--ca-file", str(issuer), "--user", "dana", "--to", "ada@boat.example",
        ]  # fmt: skip
        environment = {name: value for name, value in os.environ.items() if name != "HANDOVER_SMTP_PASSWORD"}
        running = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=environment)
        os.close(follower)
        shown = b""
        while b"Password of dana" not in shown:
            shown += os.read(leader, 1000)
        os.write(leader, SECRET.encode() + b"\n")
        try:
            while more := os.read(leader, 1000):
                shown += more
        except OSError:  # how Linux says that the terminal's other end was closed
            pass
        os.close(leader)
        assert running.wait() == 0, shown
    assert received(inbox)["To"] == "ada@boat.example"
    assert b"Sent 'The season begins'" in shown
    assert SECRET.encode() not in shown


def failing(result: Result, *said: str) -> None:
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: not sent: ")
    assert result.stderr.count("\n") == 1
    for part in said:
        assert part in result.stderr


def test_it_says_what_a_mail_server_refuses(tls: ssl.SSLContext, issuer: Path) -> None:
    with mail_server() as (place, inbox):
        failing(
            send("--smtp", place, "--to", "nobody@boat.example"), "no mail for nobody@boat.example: 550 5.1.1 no such"
        )
        failing(send("--smtp", place, "--from", "spam@boat.example"), "550 5.7.1 not from you.", "--from")
        failing(
            send("--smtp", place, "--set", "skipper=lottery", "--variant", "sail", message="welcome-aboard"),
            "refused the mail: 554 5.7.1 this looks like spam.",
        )
        failing(send("--smtp", place, "--starttls"), "offers no STARTTLS")
        failing(send("--smtp", place, "--tls", "--timeout", 5), "does not begin with TLS", "--starttls")
        failing(
            send("--smtp", place, "--user", "dana", HANDOVER_SMTP_PASSWORD=SECRET), "offers no way to log in", "--user"
        )
    assert inbox.envelopes == []


def test_it_says_what_is_wrong_with_certificate_and_password(tls: ssl.SSLContext, issuer: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("no certificate")
    with mail_server(tls, login=True) as (place, inbox):
        trusted = ("--smtp", place, "--tls", "--ca-file", issuer, "--user", "dana")
        failing(send(*trusted, HANDOVER_SMTP_PASSWORD=SECRET[::-1]), "does not accept this user and password: 535")
        failing(send(*trusted, HANDOVER_SMTP_PASSWORD=f"{SECRET}é"), "other characters than ASCII")
        failing(send("--smtp", place, "--tls"), "is not to be trusted", "--ca-file")
        failing(send("--smtp", place, "--tls", "--ca-file", tmp_path / "empty.pem"), "holds no certificate in PEM form")
    with mail_server(starttls=tls) as (place, other):
        failing(send("--smtp", place, "--starttls"), "is not to be trusted")
    assert inbox.envelopes == other.envelopes == []


def test_it_says_when_a_server_is_not_there() -> None:
    with scripted() as server:
        place = f"127.0.0.1:{server.port}"
    failing(send("--smtp", place), f"{place} refused the connection")
    failing(send("--smtp", f"{'a' * 64}.example"), "leads nowhere")


def test_a_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*arguments: object, **options: object) -> None:
        raise __import__("socket").gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    failing(send("--smtp", "mial.example.com:25"), "the name mial.example.com leads nowhere", "--smtp")


def test_a_mail_that_was_accepted_is_sent_whatever_the_server_says_on_leaving() -> None:
    with scripted({"quit": b"500 no manners"}) as server:
        result = send("--smtp", f"127.0.0.1:{server.port}")
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--smtp", "localhost", "--tls", "--starttls"], "choose one"),
        (["--smtp", "mail.example.com", "--user", "dana"], "in the clear to mail.example.com:25"),
        (["--smtp", "localhost", "--user", "dana"], "set HANDOVER_SMTP_PASSWORD"),
        (["--smtp", "localhost:0"], "is not a host with a port"),
        (["--smtp", "localhost:99999"], "is not a host with a port"),
        (["--smtp", "localhost 25"], "is not a host with a port"),
        (["--smtp", "localhost", "--to", "a@b.example\nBcc: c@d.example"], "is not one email address"),
        (["--smtp", "localhost", "--to", "a@b.example,c@d.example"], "is not one email address"),
        (["--smtp", "localhost", "--to", "Ada <a@b.example>"], "is not one email address"),
        (["--smtp", "localhost", "--to", "zoë@b.example"], "is not one email address"),
        (["--smtp", "localhost", "--to", "a..b@c.example"], "is not one email address"),
        (["--smtp", "localhost", "--from", "a@b..example"], "is not one email address"),
        (["--smtp", "localhost", "--from", "a@b.example\r\nX: y"], "is not one email address"),
        (["--smtp", "localhost", "--set", "skipper=Ada\nBcc: c@d.example"], "has a control character"),
        (["--smtp", "localhost", "--set", "skiper=Ada"], "Did you mean 'skipper'?"),
        (["--smtp", "localhost", "--variant", "sail"], "It has no variants."),
        (["--smtp", "localhost", "--password", "x"], "No such option"),
        ([], "Missing option '--smtp'"),
    ],
)
def test_a_wrong_call_is_explained(arguments: list[str], said: str) -> None:
    result = send(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.split())


def test_nothing_is_sent_while_the_sources_have_an_error(sources: Path) -> None:
    message = sources / "content/messages/pooled-welcome.md"
    message.write_text(message.read_text() + "\nHello {{ frist_name }}\n")
    with mail_server() as (place, inbox):
        result = send("--smtp", place, root=sources, message="pooled-welcome")
    assert result.exit_code == 1
    assert "Did you mean 'first_name'?" in result.stderr
    assert inbox.envelopes == []
