"""Sessions: connections to public addresses only, or to any; nothing is carried from one request to the next."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

from handover.links.guard import Lookup, Resolver, system_lookup


@dataclass(slots=True)
class Sessions:
    """Two sessions, so that a connection to a private address is never used again for a public name."""

    guarded: ClientSession
    open: ClientSession
    """For what was allowed by name: mapped prefixes, or everything."""
    certificates: dict[str, datetime] = field(default_factory=dict)
    """When the certificate of each host ends."""
    _tls: ssl.SSLContext | None = None

    def tls(self) -> ssl.SSLContext:
        """As this machine trusts servers. Made when the first address with https is asked: it takes its time."""
        if self._tls is None:
            self._tls = _noting(self.certificates)
        return self._tls


@asynccontextmanager
async def sessions(
    headers: dict[str, str], allow_private: bool, lookup: Lookup = system_lookup
) -> AsyncIterator[Sessions]:
    """Sessions that send these headers. No proxy of the environment is used: it would resolve names unguarded."""

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


def _noting(certificates: dict[str, datetime]) -> ssl.SSLContext:
    """A context that notes when each certificate ends."""

    class Noting(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            ends = (self.getpeercert() or {}).get("notAfter")
            if isinstance(ends, str) and self.server_hostname:
                certificates[self.server_hostname] = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)

    context = ssl.create_default_context()
    context.sslobject_class = Noting
    return context
