"""A mail server: where a mail goes, and how."""

import ipaddress
from dataclasses import dataclass
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
