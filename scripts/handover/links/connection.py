"""HTTP sessions: connections to public addresses only, or to any, by way of a proxy if there is one; cookies."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from yarl import URL

from handover.links.guard import Lookup, Resolver, system_lookup
from handover.links.urls import host_of, origin, site_of

MOST = 50
LONGEST = 4096
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(slots=True)
class Sessions:
    """Two sessions, so that a connection to a private address is never reused for a public name."""

    guarded: ClientSession
    open: ClientSession
    """For mapped prefixes and proxies, or with private addresses allowed for everything."""
    headers: dict[str, str]
    guard: Resolver
    unguarded: Resolver
    proxies: dict[str, str] = field(default_factory=getproxies)
    """The proxy of each scheme, by the environment or the settings of the system."""
    certificates: dict[str, datetime] = field(default_factory=dict)
    """The expiry of each host's certificate."""
    _tls: ssl.SSLContext | None = None

    def tls(self) -> ssl.SSLContext:
        """The trust of this machine, loaded with the first https address because that is slow."""
        if self._tls is None:
            self._tls = _recording(self.certificates)
        return self._tls

    async def ip_of(self, url: URL, session: ClientSession) -> str:
        """An IP address of a host that this session may connect to. Raises Refused and OSError."""
        resolver = self.unguarded if session is self.open else self.guard
        return (await resolver.resolve(url.host or "", url.port or 0))[0]["host"]

    def proxy_for(self, url: str) -> URL | None:
        """The proxy for an address, unless `NO_PROXY` names its host."""
        parts = urlsplit(url)
        named = self.proxies.get(parts.scheme) or self.proxies.get("all")
        if not named or proxy_bypass(parts.hostname or ""):
            return None
        return URL(named if "://" in named else f"http://{named}")


@asynccontextmanager
async def sessions(
    headers: dict[str, str], allow_private: bool, lookup: Lookup = system_lookup
) -> AsyncIterator[Sessions]:
    """Sessions that send these headers."""
    guard, unguarded = Resolver(lookup, allow_private), Resolver(lookup, True)

    def session(resolver: Resolver) -> ClientSession:
        return ClientSession(
            connector=TCPConnector(resolver=resolver, limit=0),
            headers=headers,
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            timeout=ClientTimeout(total=None),
            max_field_size=64 * 1024,
            max_line_size=64 * 1024,
            max_headers=2000,
        )

    async with session(guard) as guarded, session(unguarded) as unlimited:
        yield Sessions(guarded, unlimited, headers, guard, unguarded)


async def missing_issuer(host: str, port: int, ip: str) -> str:
    """The issuer of a server's certificate, if the server does not send that issuer's certificate too.

    Empty if it sends a chain, or if the certificate does not say where browsers find its issuer's.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # nothing is sent on this connection
    _, writer = await asyncio.open_connection(ip, port, ssl=context, server_hostname=host)
    try:
        # Public from Python 3.13 on, as bytes only.
        chain = writer.get_extra_info("ssl_object")._sslobj.get_unverified_chain() or []
        details = chain[0].get_info() if len(chain) == 1 else {}
    except AttributeError:
        return ""
    finally:
        writer.transport.abort()
    if not details.get("caIssuers") or details["issuer"] == details["subject"]:
        return ""
    names = {key: value for part in details["issuer"] for key, value in part}
    return str(names.get("commonName") or names.get("organizationName") or "its issuer")


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


@dataclass(slots=True)
class Cookies:
    """Cookies by the origin that set them, or by the domain that they name. The standard parser drops modern ones."""

    _values: dict[str, dict[str, str]] = field(default_factory=dict)

    def store(self, url: str, lines: Iterable[str]) -> None:
        """Store the values of the `Set-Cookie` headers of the answer of `url`."""
        for line in list(lines)[:MOST]:
            pair, *rest = line[:LONGEST].split(";")
            name, equals, value = pair.partition("=")
            if not equals or _CONTROL.search(pair):
                continue
            attributes = {key.strip().lower(): text.strip() for key, _, text in (part.partition("=") for part in rest)}
            kept = self._values.setdefault(_scope(url, attributes.get("domain", "")), {})
            if attributes.get("max-age", "").startswith(("0", "-")):
                kept.pop(name.strip(), None)
            else:
                kept[name.strip()] = value.strip()

    def header(self, url: str) -> str:
        """The `Cookie` header for a request of `url`; empty without cookies."""
        host = host_of(url)
        scopes = [origin(url)] + ["." + host.split(".", drop)[drop] for drop in range(host.count("."), -1, -1)]
        values = {name: value for scope in reversed(scopes) for name, value in self._values.get(scope, {}).items()}
        text = "; ".join(f"{name}={value}" if name else value for name, value in values.items())
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _scope(url: str, domain: str) -> str:
    """The origin of `url`, or the domain if `url` may set cookies for it: one of the same owner."""
    host, domain = host_of(url), domain.lower().lstrip(".")
    owner = site_of(host) if domain else ""
    is_within = f".{host}".endswith(f".{domain}") and f".{domain}".endswith(f".{owner}")
    return f".{domain}" if domain and is_within else origin(url)
