"""`handover send` through Debian's Postfix and Dovecot: what arrives, and what it says where they refuse."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from handover.cli import cli
from tests.conftest import PATIENCE, ROOT
from tests.mail.postoffice import PROGRAMS, PostOffice, post_office

Send = Callable[..., str]

pytestmark = pytest.mark.slow
SECRET = "correct horse"  # noqa: S105 - of a server that lives as long as a test
LETTER = """\
---
title: Letter
subject: "Five & 'six': Zoë"
kind: personal
layout: letter
from: "Zoë, of the crew"
to: { name: Sam }
---
From here on: . and .. and ...\\
. a dot at the start\\
From there, too: {long}

Ahoy, Zoë \u05e9\u05dc\u05d5\u05dd \U0001f469\u200d\U0001f680
""".replace("{long}", "word " * 60)


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    """Only root can start these servers, and CI runs as root."""
    missing = [program for program in PROGRAMS if not Path(program).exists()]
    if os.getuid() != 0 or missing:
        reason = f"{' and '.join(missing)} missing: `make post-office` installs them" if missing else "only for root"
        if os.environ.get("CI") and os.getuid() == 0:
            pytest.fail(reason)
        pytest.skip(reason)
    with post_office() as running:
        yield running


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("real") / "root"
    shutil.copytree(ROOT / "tests/cases/good/tideline", root)
    (root / "content/messages/letter.md").write_text(LETTER, encoding="utf-8")
    return root


@pytest.fixture
def send(office: PostOffice, root: Path) -> Send:
    """What the command prints for a mail by one of the services in master.cf, which is called SERVER in it."""

    def send(service: str, *arguments: str, password: str = SECRET, to: str = "sam@acme.example") -> str:
        place = f"localhost:{office.ports[service]}"
        command = ["send", "letter", "--root", str(root), "--from", "dana@acme.example", "--to", to, "--smtp", place]
        trusted = ["--ca-file", str(office.authority)]
        result = CliRunner(env={"HANDOVER_SMTP_PASSWORD": password}).invoke(
            cli, [*command, *trusted, *arguments], catch_exceptions=False
        )
        assert result.exit_code == (0 if result.stdout else 2)
        return (result.stdout or result.stderr).strip().replace(place, "SERVER")

    return send


def shown(root: Path, form: str) -> str:
    """What `handover show` prints."""
    result = CliRunner().invoke(cli, ["show", "letter", "--root", str(root), "--format", form], catch_exceptions=False)
    return re.sub(r'<meta http-equiv="Content-Sec[^>]*>', "", result.stdout)


SENT = "Sent 'Five & 'six': Zoë' to sam@acme.example through SERVER."
LOGGED_IN = ("--user", "dana")


@pytest.mark.parametrize(
    ("service", "arguments"),
    [
        ("plain", []),
        ("plain", ["--starttls"]),
        ("submission", ["--starttls", *LOGGED_IN]),
        ("smtps", ["--tls", *LOGGED_IN]),
        ("challenge", LOGGED_IN),
        ("bare", []),
        ("strict", []),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_what_is_sent_arrives_word_by_word(
    office: PostOffice, root: Path, send: Send, service: str, arguments: list[str]
) -> None:
    assert send(service, *arguments) == SENT
    mail = office.take("sam")
    assert mail["Subject"] == "Five & 'six': Zoë"
    assert mail["From"] == '"Zoë, of the crew" <dana@acme.example>'
    parts = [part.get_content().replace("\r\n", "\n") for part in mail.iter_parts()]
    assert parts[0] == shown(root, "text")
    assert parts[1].split() == shown(root, "html").split()  # mail has lines of its own
    assert [part.defects for part in mail.walk() if part.defects] == []
    assert "\nFrom " not in mail.as_string()


REFUSED = {
    ("submission",): "SERVER wants encryption: 530 5.7.0 Must issue a STARTTLS command first. Add --starttls.",
    ("submission", "--starttls"): "SERVER passes no mail on to sam@acme.example: 554 5.7.1",
    ("plain", "--tls"): "SERVER does not begin with TLS. Try --starttls, or name the port for --tls, often 465.",
    ("bare", "--starttls"): "SERVER offers no STARTTLS. Name a port that does, often 587, or one for --tls, often 465.",
    ("smtps", "--timeout", "0.5"): "SERVER did not answer within 0.5 seconds. Look at host and port; one for --tls",
    ("smtps", "--starttls", "--timeout", "0.5"): "SERVER did not answer within 0.5 seconds. Look at host and port; one",
    ("smtps", "--tls", *LOGGED_IN, "--from", "sam@acme.example"): (
        "SERVER takes no mail from sam@acme.example: 553 5.7.1 <sam@acme.example>: Sender address rejected: not owned"
        " by user dana. Name another sender with --from."
    ),
    ("small",): "SERVER takes no mail of",
    ("full",): "SERVER says that the mailbox of sam@acme.example is full: 552 5.2.2",
    ("grey",): "SERVER does not take the mail now: 451 4.7.1",
    ("other", "--starttls"): "the certificate of SERVER is for another name",
    ("expired", "--starttls"): "the certificate of SERVER has expired",
    ("unknown", "--starttls"): "the certificate of SERVER is not to be trusted",
    ("old", "--tls"): "SERVER speaks no TLS that is safe today",
}


@pytest.mark.parametrize("call", REFUSED, ids=" ".join)
def test_what_is_refused_is_explained(send: Send, call: tuple[str, ...]) -> None:
    said = send(*call)
    assert said.startswith(f"Error: not sent: {REFUSED[call]}")
    assert ("--ca-file" in said) == ("not to be trusted" in said and "authority.pem" not in said)


def test_recipients_that_it_does_not_know_or_does_not_serve(send: Send) -> None:
    said = send("plain", to="nobody@acme.example")
    assert said.startswith("Error: not sent: SERVER takes no mail for nobody@acme.example: 550 5.1.1")
    assert said.endswith("Look for a slip in --to.")
    said = send("plain", to="sam@boat.example")
    assert said.startswith("Error: not sent: SERVER passes no mail on to sam@boat.example: 554 5.7.1")


@pytest.mark.parametrize("service", ["submission", "challenge"])
def test_a_wrong_password_is_one_attempt(office: PostOffice, send: Send, service: str) -> None:
    def sessions() -> list[str]:
        return re.findall(r"disconnect from .* auth=\S+", office.log())

    before = len(sessions())
    security = ["--starttls"] if service == "submission" else []
    said = send(service, *security, *LOGGED_IN, password="wrong")  # noqa: S106
    assert said.startswith("Error: not sent: SERVER does not accept this user and password: 535 5.7.8")
    end = time.monotonic() + PATIENCE
    while len(sessions()) == before and time.monotonic() < end:  # it is logged after the answer
        time.sleep(0.05)
    assert [session.rpartition(" ")[2] for session in sessions()[before:]] == ["auth=0/1"]
