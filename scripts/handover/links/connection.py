"""HTTP sessions: connections to public addresses only, or to any, by way of a proxy if there is one; cookies."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientSession, ClientTimeout, CookieJar, DummyCookieJar, TCPConnector
from yarl import URL

from handover.links.guard import Lookup, Resolver, literal, not_public, refuse_private
from handover.links.observation import Failed
from handover.links.urls import Mapping, host_of, site_of, without_fragment

_DOMAIN = re.compile(r";\s*domain\s*=[\s.]*([^;\s]+)", re.IGNORECASE)


class Route(NamedTuple):
    """How to request an address: the session, the address that is requested, and the proxy."""

    session: ClientSession
    url: URL
    proxy: URL | None


@dataclass(slots=True)
class Sessions:
    """Two sessions, so that a connection to a private address is never reused for a public name."""

    guarded: ClientSession
    open: ClientSession
    """For mapped prefixes and proxies, or with private addresses allowed for everything."""
    headers: dict[str, str]
    mapping: Mapping
    allow_private: bool
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

    def route(self, url: str) -> Route:
        """How to request `url`, which is in its wire form. Raises Failed for a private address or a wrong proxy."""
        host, target = host_of(url), without_fragment(url)
        if (mapped := self.mapping.of(target)) is not None:
            return Route(self.open, URL(mapped, encoded=True), None)
        proxy, address = self._proxy_for(url), literal(host)
        if not self.allow_private:
            if address is not None:
                refuse_private(host, address)
            # The proxy resolves names, and its own rules say which networks it reaches.
            elif proxy and host.rpartition(".")[2] == "localhost":
                raise not_public(host)
        if proxy and (proxy.scheme not in ("http", "https") or not proxy.host):
            raise Failed("proxy", f"the proxy has to be an http address, not {proxy.scheme}")
        session = self.open if proxy or self.allow_private else self.guarded
        return Route(session, URL(target, encoded=True), proxy)

    async def ip_of(self, route: Route) -> str:
        """An IP address of the host, one that the session may connect to. Raises Failed and OSError."""
        resolver = self.unguarded if route.session is self.open else self.guard
        return (await resolver.resolve(route.url.host or "", route.url.port or 0))[0]["host"]

    def _proxy_for(self, url: str) -> URL | None:
        """The proxy for an address, unless `NO_PROXY` names its host."""
        parts = urlsplit(url)
        named = self.proxies.get(parts.scheme) or self.proxies.get("all")
        if not named or proxy_bypass(parts.hostname or ""):
            return None
        return URL(named if "://" in named else f"http://{named}")


@asynccontextmanager
async def sessions(
    headers: dict[str, str], mapping: Mapping, allow_private: bool, lookup: Lookup
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
        yield Sessions(guarded, unlimited, headers, mapping, allow_private, guard, unguarded)


async def missing_issuer(url: URL, ip: str) -> str:
    """The issuer of a server's certificate, if the server does not send that issuer's certificate too.

    Empty if it sends a chain, or if the certificate does not say where browsers find its issuer's.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # nothing is sent on this connection
    _, writer = await asyncio.open_connection(ip, url.port, ssl=context, server_hostname=url.host)
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


class Cookies:
    """The cookies of one reader."""

    def __init__(self) -> None:
        self._jar = CookieJar(unsafe=True, quote_cookie=False)

    def store(self, url: str, lines: Iterable[str]) -> None:
        """Store the `Set-Cookie` headers of the answer of `url`: for its host, or a domain of the same owner."""

        def own(domain: re.Match[str]) -> str:
            return domain[0] if f".{domain[1]}".lower().endswith(f".{site_of(host_of(url))}") else ""

        self._jar.update_cookies_from_headers([_DOMAIN.sub(own, line) for line in lines], URL(url, encoded=True))

    def header(self, url: str) -> str:
        """The `Cookie` header for a request of `url`; empty without cookies."""
        cookies = self._jar.filter_cookies(URL(url, encoded=True))
        return "; ".join(f"{name}={cookie.value}" for name, cookie in cookies.items())
