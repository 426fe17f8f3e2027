"""HTTP sessions: connections to public addresses only, or to any; without a cookie jar."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

from handover.links.guard import Lookup, Resolver, system_lookup


@dataclass(slots=True)
class Sessions:
    """Two sessions, so that a connection to a private address is never reused for a public name."""

    guarded: ClientSession
    open: ClientSession
    """For mapped prefixes, or with private addresses allowed for everything."""
    certificates: dict[str, datetime] = field(default_factory=dict)
    """The expiry of each host's certificate."""
    _tls: ssl.SSLContext | None = None

    def tls(self) -> ssl.SSLContext:
        """The trust of this machine, loaded with the first https address because that is slow."""
        if self._tls is None:
            self._tls = _recording(self.certificates)
        return self._tls


@asynccontextmanager
async def sessions(
    headers: dict[str, str], allow_private: bool, lookup: Lookup = system_lookup
) -> AsyncIterator[Sessions]:
    """Sessions that send these headers. No proxy is used: it would resolve names without the guard."""

    def session(everything: bool) -> ClientSession:
        return ClientSession(
            connector=TCPConnector(resolver=Resolver(lookup, everything), limit=0),
            headers=headers,
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            timeout=ClientTimeout(total=None),
            max_field_size=64 * 1024,
            max_line_size=64 * 1024,
        )

    async with session(allow_private) as guarded, session(True) as unguarded:
        yield Sessions(guarded, unguarded)


def _recording(certificates: dict[str, datetime]) -> ssl.SSLContext:
    """A context that records the expiry of each certificate."""

    class Recording(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            ends = (self.getpeercert() or {}).get("notAfter")
            if isinstance(ends, str) and self.server_hostname:
                certificates[self.server_hostname] = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)

    context = ssl.create_default_context()
    context.sslobject_class = Recording
    return context
