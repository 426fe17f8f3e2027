"""What `handover send` makes of everything that a mail server may answer, or fail to."""

import os
import signal
import subprocess
import sys
import time
from email.message import EmailMessage
from typing import Any

import pytest
import yaml

from handover.write.mail_server import Server
from handover.write.smtp import NotSent, PerhapsSent, send
from tests.conftest import PATIENCE, ROOT, SCRIPT
from tests.mail.server import Connection, scripted

CASES: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests/mail/answers.yml").read_text(encoding="utf-8"))
SENDER, RECIPIENT = "dana@acme.example", "sender@boat.example"


def mail() -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Hello"
    message.set_content("Hello\n.\n..two\n")
    return message


def failed(server: Server) -> tuple[str, str]:
    """What became of the mail, and why, without the name of the server."""
    with pytest.raises(NotSent) as caught:
        send(mail(), SENDER, RECIPIENT, server)
    return caught.value.outcome, str(caught.value).replace(f"{server} ", "", 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.get('at', 'offers')}-{case['says'][:40]}")
def test_each_answer_has_words_of_its_own(case: dict[str, Any]) -> None:
    offers = tuple(filter(None, [case.get("offers", "AUTH PLAIN"), "STARTTLS" if case.get("at") == "starttls" else ""]))
    answers = {case["at"]: case["answer"].encode()} if "at" in case else {}
    with scripted(answers, offers) as server:
        security: Any = "starttls" if case.get("at") == "starttls" else "none"
        user = "dana" if case.get("user") else None
        outcome, said = failed(Server("127.0.0.1", server.port, security, user, "secret", 10))
    assert (outcome, said) == ("not sent", case["says"].replace("SIZE", said.partition(" bytes")[0].split()[-1]))
    assert len(said.replace(case.get("answer", ""), "").split()) < 25


@pytest.mark.parametrize("ways", ["CRAM-MD5 LOGIN PLAIN", "cram-md5 login", "CRAM-MD5", "LOGIN"])
def test_a_wrong_password_is_tried_once_in_one_way(ways: str) -> None:
    with scripted({"login": b"535 5.7.8 no"}, (f"AUTH {ways}",)) as server:
        failed(Server("127.0.0.1", server.port, user="dana", password="wrong"))  # noqa: S106
    assert server.commands == ["EHLO", "AUTH"]


def test_lines_that_begin_with_a_dot_arrive() -> None:
    with scripted() as server:
        send(mail(), SENDER, RECIPIENT, Server("127.0.0.1", server.port))
    assert server.mail.endswith(b"\r\nHello\r\n..\r\n...two\r\n")
    assert server.commands == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


def drip(connection: Connection) -> None:
    """One character at a time, for ever."""
    while not connection.closed:
        connection.wfile.write(b"2")
        time.sleep(0.02)


def ramble(connection: Connection) -> None:
    """One line at a time, and never the last one."""
    while not connection.closed:
        connection.wfile.write(b"220-wait a little\r\n")
        time.sleep(0.02)


def flood(connection: Connection) -> None:
    """More than anybody reads."""
    connection.wfile.write(b"220-" + b"x" * 100 + b"\r\n" + b"220-wait\r\n" * 100_000)


def wait(connection: Connection) -> None:
    """No answer, until the client has gone."""
    connection.rfile.read()


def challenge(connection: Connection) -> None:
    connection.wfile.write(b"334 a\r\n")


@pytest.mark.parametrize(
    ("step", "act", "outcome", "said"),
    [
        ("greeting", drip, "not sent", "did not answer within 0.9 seconds. Look at host and port; one for --tls"),
        ("greeting", ramble, "not sent", "did not answer within 0.9 seconds. Look at host and port; one for --tls"),
        ("greeting", flood, "not sent", "does not speak SMTP. Look at host and port."),
        ("greeting", Connection.close, "not sent", "ended the connection. Look at host and port."),
        ("hello", drip, "not sent", "did not answer within 0.9 seconds. Try again, or with a longer --timeout."),
        ("login", challenge, "not sent", "does not speak SMTP."),
        ("recipient", wait, "not sent", "did not answer within 0.9 seconds. Try again, or with a longer --timeout."),
        ("recipient", Connection.close, "not sent", "ended the connection. Try again later."),
        ("data", Connection.close, "not sent", "ended the connection. Try again later."),
        ("end", wait, "perhaps sent", "has the whole mail, but gave no answer. Look whether it has arrived"),
        ("end", drip, "perhaps sent", "has the whole mail, but gave no answer. Look whether it has arrived"),
        ("end", Connection.close, "perhaps sent", "has the whole mail, but gave no answer. Look whether"),
    ],
)
def test_every_answer_has_its_time_and_its_size(step: str, act: Any, outcome: str, said: str) -> None:
    started = time.monotonic()
    with scripted({step: act}, ("AUTH CRAM-MD5",)) as server:
        found = failed(Server("127.0.0.1", server.port, user="dana", password="secret", timeout=0.9))  # noqa: S106
    assert found[0] == outcome
    assert found[1].startswith(said)
    assert time.monotonic() - started < PATIENCE


def test_words_that_are_no_answer_after_the_mail_do_not_say_that_it_was_refused() -> None:
    with scripted({"end": b"thank you"}) as server, pytest.raises(PerhapsSent):
        send(mail(), SENDER, RECIPIENT, Server("127.0.0.1", server.port))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "code", "said"),
    [
        ("sender", 1, "Aborted!"),
        ("end", 2, "Error: perhaps sent: stopped when SERVER had the whole mail. Look whether it has arrived before"),
        ("quit", 0, ""),
    ],
)
def test_a_key_that_stops_it_tells_what_became_of_the_mail(step: str, code: int, said: str) -> None:
    def interrupt(connection: Connection) -> None:
        os.kill(running.pid, signal.SIGINT)
        connection.rfile.read()

    with scripted({step: interrupt}) as server:
        place = f"127.0.0.1:{server.port}"
        command = [str(SCRIPT), "send", "season-letter", "--to", RECIPIENT, "--smtp", place]
        folder = ROOT / "tests/cases/good/tideline"
        # A shell lets what it starts in the background ignore the key.
        listening = (
            "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
        )
        running = subprocess.Popen(
            [sys.executable, "-c", listening, *command],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        sent, error = running.communicate(timeout=PATIENCE)
    assert running.returncode == code
    assert error.strip().replace(place, "SERVER").startswith(said)
    assert sent == (f"Sent 'The season begins' to {RECIPIENT} through {place}.\n" if step == "quit" else "")
