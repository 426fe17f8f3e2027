"""Keeps requests out of private networks: resolves each name, checks its addresses, connects to those."""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

from aiohttp.abc import AbstractResolver, ResolveResult

from handover.links.observation import Failed

T = TypeVar("T")
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""From a host and a port to its IP addresses as text. Raises OSError for a name that does not resolve."""

_TRANSLATED = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
"""NAT64 (RFC 6052, RFC 8215): the last 32 bits are an IPv4 address."""


def is_public(address: IPAddress) -> bool:
    """True for a public address; one that embeds an IPv4 address is judged by that."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and (any(address in network for network in _TRANSLATED) or int(address) < 1 << 32):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def literal(host: str) -> IPAddress | None:
    """The IP address in a host, in any form that a socket takes, such as `0x7f.1`; None for a name."""
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def refuse_private(host: str, address: IPAddress) -> None:
    """Raise Failed unless `address`, that of `host`, is public."""
    if not is_public(address):
        raise not_public(host if host == str(address) else f"{host} ({address})")


def not_public(host: str) -> Failed:
    """The failure of a host in a private network."""
    return Failed("private", f"{host} is not a public address")


class Resolver(AbstractResolver):
    """Resolves names to addresses that may be connected to."""

    def __init__(self, lookup: Lookup, allow_private: bool) -> None:
        self._lookup = lookup
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Every address of the host. Raises Failed if one of them is private, OSError if there is none."""
        found = [(text, ipaddress.ip_address(text.partition("%")[0])) for text in await self._lookup(host, port)]
        if not found:
            raise OSError(f"{host} has no address")
        if not self._allow_private:
            for _, address in found:
                refuse_private(host, address)
        return [
            ResolveResult(
                hostname=host,
                host=text,
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for text, address in found
        ]

    async def close(self) -> None:
        """Nothing to close."""


async def system_lookup(host: str, port: int) -> Sequence[str]:
    """Resolve with the system."""

    def look() -> Sequence[str]:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError as bad:
            raise OSError(f"not a name: {bad}") from None
        return list(dict.fromkeys(str(info[4][0]) for info in infos))

    return await in_thread(look)


async def in_thread(work: Callable[[], T]) -> T:
    """The result of `work`, in a daemon thread: a slow server does not delay the exit."""
    result: Future[T] = Future()
    result.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result.set_result(work())
        except Exception as failure:
            result.set_exception(failure)

    threading.Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(result)
