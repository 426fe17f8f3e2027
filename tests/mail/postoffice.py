"""Postfix and Dovecot on loopback, in a folder of their own."""

import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.conftest import PATIENCE
from tests.links.certificates import Authority

HERE = Path(__file__).parent
PROGRAMS = ("/usr/sbin/postfix", "/usr/sbin/dovecot")


class PostOffice:
    """The running servers: the port of each service, and what arrived."""

    def __init__(self, folder: Path, authority: Path, ports: dict[str, int]) -> None:
        self.folder, self.authority, self.ports = folder, authority, ports

    def take(self, mailbox: str) -> EmailMessage:
        """The one mail that arrives for `mailbox`; it is removed."""
        new = self.folder / "mail" / mailbox / "new"
        end = time.monotonic() + PATIENCE
        while not (new.is_dir() and any(new.iterdir())):
            assert time.monotonic() < end, self.log()
            time.sleep(0.02)
        (file,) = new.iterdir()
        mail = message_from_bytes(file.read_bytes(), policy=default)
        file.unlink()
        return mail

    def log(self) -> str:
        return "".join(
            file.read_text() for file in (self.folder / "postfix.log", self.folder / "dovecot.log") if file.exists()
        )


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """The servers, started and at the end stopped. Only root can start them."""
    folder = Path(tempfile.mkdtemp(prefix="post-office-"))
    folder.chmod(0o755)
    for name in ("queue", "data", "dovecot", "mail", "postfix", "authority"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "mail", "nobody", "nogroup")
    (folder / "users").write_text("dana:{PLAIN}correct horse\n")
    authority = _certificates(folder)
    ports = _free_ports(re.findall(r"^@(\w+)@", (HERE / "master.cf").read_text(), re.MULTILINE))
    for source, target in (("main.cf", "postfix"), ("master.cf", "postfix"), ("dovecot.conf", ".")):
        text = (HERE / source).read_text().replace("@DIR@", str(folder))
        for name, port in ports.items():
            text = text.replace(f"@{name}@", f"127.0.0.1:{port}")
        (folder / target / source).write_text(text)
    postfix, dovecot = (
        ["/usr/sbin/postfix", "-c", str(folder / "postfix")],
        ["/usr/sbin/dovecot", "-c", str(folder / "dovecot.conf")],
    )
    try:
        for command in (dovecot, [*postfix, "start"]):  # a pipe would stay open as long as they run
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30)
        yield PostOffice(folder, authority, ports)
    finally:
        for command in ([*postfix, "stop"], [*dovecot, "stop"]):
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30)
        shutil.rmtree(folder)


def _certificates(folder: Path) -> Path:
    """Write the certificates that main.cf and master.cf name, and return the issuer's."""
    known, unknown = Authority(folder / "authority"), Authority(folder)
    for name, pem in (
        ("good", known.pem("localhost")),
        ("other", known.pem("mail.boat.example")),
        ("expired", known.pem("localhost", days=-1)),
        ("unknown", unknown.pem("localhost")),
    ):
        (folder / f"{name}.pem").write_bytes(pem)
    return known.file


def _free_ports(names: list[str]) -> dict[str, int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in names]
        return {name: each.getsockname()[1] for name, each in zip(names, sockets, strict=True)}
