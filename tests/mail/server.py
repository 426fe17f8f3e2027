"""A mail server that keeps to SMTP, except where a test wants it otherwise."""

import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

Act = Callable[["Connection"], None]
"""What a server does instead of an answer."""

STEPS = {
    b"EHLO": "hello",
    b"HELO": "hello",
    b"STAR": "starttls",
    b"AUTH": "login",
    b"MAIL": "sender",
    b"RCPT": "recipient",
    b"DATA": "data",
    b"QUIT": "quit",
}
EMPTY: Mapping[str, bytes | Act] = {}
GOOD = {"greeting": b"220 hi", "login": b"235 come in", "data": b"354 go on", "quit": b"221 bye"}


class Connection(socketserver.StreamRequestHandler):
    """One client."""

    server: "Server"

    def handle(self) -> None:
        self.closed = False
        self.answer("greeting")
        while not self.closed and (line := self.rfile.readline()):
            self.server.commands.append(line[:4].upper().decode())
            step = STEPS.get(line[:4].upper(), "login")
            if step == "hello" and "hello" not in self.server.answers:
                self.wfile.write(b"".join(b"250-%s\r\n" % offer.encode() for offer in ("x", *self.server.offers)))
            self.answer(step)
            if step == "data" and "data" not in self.server.answers:
                while not self.closed and (line := self.rfile.readline()) not in (b".\r\n", b""):
                    self.server.mail += line
                self.answer("end")

    def answer(self, step: str) -> None:
        answer = self.server.answers.get(step, GOOD.get(step, b"250 ok"))
        if callable(answer):
            answer(self)
        else:
            self.wfile.write(answer + b"\r\n")

    def close(self) -> None:
        self.closed = True
        self.request.close()


class Server(socketserver.ThreadingTCPServer):
    """What it took, and the first four letters of each command."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, offers: tuple[str, ...], answers: Mapping[str, bytes | Act]) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.offers, self.answers = offers, answers
        self.mail, self.commands = b"", list[str]()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone is none."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def scripted(answers: Mapping[str, bytes | Act] = EMPTY, offers: tuple[str, ...] = ()) -> Iterator[Server]:
    """A server that gives these answers at these steps."""
    with Server(offers, answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()
