"""An address and its redirects, followed and recorded here, within one deadline."""

import errno
import socket
import ssl
import time
from dataclasses import dataclass, replace

import aiohttp

from handover.links.answer import Requester
from handover.links.body import UNREADABLE
from handover.links.connection import Cookies, missing_issuer
from handover.links.hosts import Hosts
from handover.links.observation import Failed, Observation
from handover.links.urls import NoAddress, host_of, joined, without_fragment
from handover.model.report import Hop

MAX_HOPS = 20
"""The limit of browsers."""
_NO_SUCH_NAME = {
    getattr(socket, name)
    for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY", "WSAHOST_NOT_FOUND", "WSANO_DATA")
    if hasattr(socket, name)
}
ISSUER_UNKNOWN = (2, 19, 20, 21)
"""OpenSSL's codes for a chain that ends at an authority that this machine does not know."""
BROKEN_OFF = "the server broke the connection off"
_ERRNO = {
    errno.ECONNREFUSED: "the server refuses connections",
    errno.ENETUNREACH: "there is no way to its network",
    errno.EHOSTUNREACH: "there is no way to the server",
    errno.ETIMEDOUT: "the server does not answer",
}
_TLS = {
    "WRONG_VERSION_NUMBER": "the server does not speak TLS at this port",
    "HTTP_REQUEST": "the server does not speak TLS at this port",
    "TLSV1_ALERT_PROTOCOL_VERSION": "the server has only an outdated version of TLS",
    "UNSUPPORTED_PROTOCOL": "the server has only an outdated version of TLS",
    "TLSV1_UNRECOGNIZED_NAME": "the server does not know the name",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "the server asks its visitors for a certificate",
}


@dataclass(slots=True)
class Fetcher:
    """Requests addresses; `timeout` is in seconds, for all redirects."""

    requester: Requester
    hosts: Hosts
    timeout: float

    async def fetch(self, url: str, first: bool = False) -> Observation:
        """The observation of `url`, which is in its wire form; a failure is part of it, not an exception.

        `first` requests do not queue with the others of their host.
        """
        seen, cookies, left = Observation(url, url), Cookies(), self.timeout
        visited: set[tuple[str, str]] = set()
        try:
            while True:
                state = (without_fragment(seen.ended), cookies.header(seen.ended))
                if state in visited:
                    raise Failed("astray", "the redirects go in a circle")
                visited.add(state)
                async with self.hosts.slot(host_of(seen.ended), first):
                    start = time.monotonic()
                    answer = await self._ask(seen, cookies, left)
                    left -= time.monotonic() - start
                seen = _onward(answer)
                if seen is answer or seen.failure:
                    return seen
        except Failed as failed:
            left_out = await self._missing_issuer(seen.ended) if failed.failure == "issuer" else ""
            return replace(seen, failure=failed.failure, detail=failed.detail, left_out=left_out)

    async def _ask(self, seen: Observation, cookies: Cookies, seconds: float) -> Observation:
        host = host_of(seen.ended)
        try:
            answer = await self.requester.answer(seen, cookies, seconds)
        except (Failed, aiohttp.ClientError, OSError, ValueError) as error:
            failed = error if isinstance(error, Failed) else failure_of(error, host, self.timeout)
            if failed.failure in ("timeout", "broken", "lookup"):
                self.hosts.failed(host, failed.detail)
            raise failed from None
        if answer.status == 429 and answer.retry_after is None:
            self.hosts.failed(host, "429")
        else:
            self.hosts.answered(host)
        return answer

    async def _missing_issuer(self, url: str) -> str:
        """The issuer whose certificate the server leaves out; empty if something else is wrong, or with a proxy."""
        sessions = self.requester.sessions
        try:
            route = sessions.route(url)
            return "" if route.proxy else await missing_issuer(route.url, await sessions.ip_of(route))
        except (OSError, Failed):
            return ""


def _onward(answer: Observation) -> Observation:
    """The observation after the redirect in an answer; `answer` itself if it sends its reader nowhere else."""
    by_page = (answer.status or 0) < 300
    if answer.target is None or (by_page and any(hop.status < 300 for hop in answer.hops)):
        return answer
    hops = (*answer.hops, Hop(url=answer.ended, status=answer.status or 0))
    steady = answer.steady + (answer.is_permanent and answer.steady == len(answer.hops))
    seen = Observation(answer.asked, answer.ended, hops, steady, certificate_ends=answer.certificate_ends)
    try:
        target = joined(answer.ended, answer.target)
    except NoAddress as nowhere:
        return replace(seen, failure="astray", detail=f"it redirects to an address that no browser opens: {nowhere}")
    if by_page and without_fragment(target) == without_fragment(answer.ended):
        return answer
    if len(hops) > MAX_HOPS:
        return replace(seen, failure="astray", detail=f"there are more than {MAX_HOPS} redirects")
    return replace(seen, ended=target)


def failure_of(error: Exception, host: str, timeout: float) -> Failed:
    """The failure behind an exception of the system or of aiohttp that a request of `host` raised."""
    inner: BaseException = error
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        inner = error.certificate_error
    elif isinstance(error, aiohttp.ClientConnectorError):
        inner = error.os_error
    match error:
        case aiohttp.ClientProxyConnectionError():
            return Failed("proxy", "the proxy cannot be reached")
        case aiohttp.ClientHttpProxyError(status=407):
            return Failed("proxy", "the proxy wants a name and a password")
        case aiohttp.ClientHttpProxyError():
            return Failed("broken", f"the proxy answered {error.status}")
        case aiohttp.ClientConnectorDNSError():
            if isinstance(inner, socket.gaierror) and inner.errno not in _NO_SUCH_NAME:
                return Failed("lookup", f"the name server gives no answer for {host}")
            return Failed("dns", f"the name {host} does not resolve")
        case TimeoutError():
            return Failed("timeout", f"no answer within {timeout:g} {'second' if timeout == 1 else 'seconds'}")
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientResponseError():
            return Failed("broken", UNREADABLE)
    if isinstance(inner, ssl.SSLError):
        return tls_failure(inner)
    return Failed("broken", _ERRNO.get(getattr(inner, "errno", None) or 0, BROKEN_OFF))


def tls_failure(error: ssl.SSLError) -> Failed:
    """The failure behind a handshake that failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        words = f"the certificate is not accepted: {error.verify_message.rstrip('.')}"
        return Failed("issuer" if error.verify_code in ISSUER_UNKNOWN else "tls", words)
    reason = getattr(error, "reason", None) or ""
    if "EOF" in reason or isinstance(error, ssl.SSLEOFError):
        return Failed("broken", BROKEN_OFF)
    words = _TLS.get(reason, "the server and this machine have no TLS in common")
    return Failed("tls", f"no secure connection: {words}")
