"""An address and its redirects, followed and recorded here, within one deadline."""

import errno
import socket
import ssl
import time
from dataclasses import dataclass, replace

import aiohttp
from yarl import URL

from handover.links.answer import Answer, BadProxy, Requester
from handover.links.body import NoAnswer
from handover.links.connection import Cookies, missing_issuer
from handover.links.guard import Refused
from handover.links.hosts import GivenUp, Hosts
from handover.links.observation import Failure, Observation
from handover.links.urls import NoAddress, host_of, joined, without_fragment
from handover.model.report import Hop

MAX_HOPS = 20
"""The limit of browsers."""
PERMANENT = (301, 308)
_NO_SUCH_NAME = {
    getattr(socket, name)
    for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY", "WSAHOST_NOT_FOUND", "WSANO_DATA")
    if hasattr(socket, name)
}
ISSUER_UNKNOWN = (2, 19, 20, 21)
"""OpenSSL's codes for a chain that ends at an authority that this machine does not know."""
_ERRNO = {
    errno.ECONNREFUSED: "the server refuses connections",
    errno.ECONNRESET: "the server broke the connection off",
    errno.EPIPE: "the server broke the connection off",
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
    "UNEXPECTED_EOF_WHILE_READING": "the server broke the connection off",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """A kind of failure, and words for it."""

    failure: Failure
    detail: str


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
        seen = Observation(url, url)
        try:
            return await self._follow(seen, first)
        except _Failed as stopped:
            return stopped.seen

    async def _follow(self, seen: Observation, first: bool) -> Observation:
        left = self.timeout
        cookies = Cookies()
        visited: set[tuple[str, str]] = set()
        is_steady, has_jumped = True, False
        while True:
            url = seen.ended
            state = (without_fragment(url), cookies.header(url))
            if state in visited:
                raise _Failed(seen, "astray", "the redirects go in a circle")
            visited.add(state)
            try:
                async with self.hosts.slot(host_of(url), first):
                    start = time.monotonic()
                    answer = await self._ask(seen, cookies, left)
                    left -= time.monotonic() - start
            except GivenUp as given_up:
                raise _Failed(seen, "given-up", str(given_up)) from None
            if answer.target is None or (answer.by_page and has_jumped):
                return replace(answer.seen, asked=seen.asked, ended=seen.ended, hops=seen.hops, steady=seen.steady)
            has_jumped = has_jumped or answer.by_page
            is_steady = is_steady and answer.seen.status in PERMANENT and not answer.varies
            seen = _moved_on(seen, answer, answer.target, is_steady)

    async def _ask(self, seen: Observation, cookies: Cookies, seconds: float) -> Answer:
        host = host_of(seen.ended)
        try:
            answer = await self.requester.answer(seen.ended, cookies, seconds)
        except BadProxy as bad:
            raise _Failed(seen, "proxy", str(bad)) from None
        except (aiohttp.ClientError, OSError, ValueError, Refused, NoAnswer) as error:
            cause = cause_of(error, host, self.timeout)
            if cause.failure in ("timeout", "broken", "lookup"):
                self.hosts.failed(host, cause.detail)
            left_out = await self._missing_issuer(seen.ended, cause)
            raise _Failed(replace(seen, left_out=left_out), cause.failure, cause.detail) from None
        if answer.seen.status == 429 and answer.seen.retry_after is None:
            self.hosts.failed(host, "429")
        else:
            self.hosts.answered(host)
        return answer

    async def _missing_issuer(self, url: str, cause: Cause) -> str:
        """The issuer whose certificate the server leaves out; empty if something else is wrong, or with a proxy."""
        if cause.failure != "issuer":
            return ""
        session, target, proxy = self.requester.route(url)
        if proxy is not None:
            return ""
        wire, sessions = URL(target, encoded=True), self.requester.sessions
        try:
            return await missing_issuer(wire.host or "", wire.port or 443, await sessions.ip_of(wire, session))
        except (OSError, Refused):
            return ""


class _Failed(Exception):
    """The request failed; `seen` is the observation so far."""

    def __init__(self, seen: Observation, failure: Failure, detail: str) -> None:
        super().__init__(detail)
        self.seen = replace(seen, failure=failure, detail=detail)


def _moved_on(seen: Observation, answer: Answer, target: str, is_steady: bool) -> Observation:
    """The observation after one more redirect."""
    hops = (*seen.hops, Hop(url=seen.ended, status=answer.seen.status or 0))
    seen = replace(seen, hops=hops, steady=seen.steady + is_steady, certificate_ends=answer.seen.certificate_ends)
    if len(hops) > MAX_HOPS:
        raise _Failed(seen, "astray", f"there are more than {MAX_HOPS} redirects")
    try:
        return replace(seen, ended=joined(seen.ended, target))
    except NoAddress as nowhere:
        raise _Failed(seen, "astray", f"it redirects to an address that no browser opens: {nowhere}") from None


def cause_of(error: BaseException, host: str, timeout: float) -> Cause:
    """The cause behind an exception that a request of `host` raised."""
    inner = _inner(error)
    match error:
        case Refused():
            return Cause("private", str(error))
        case aiohttp.ClientProxyConnectionError():
            return Cause("proxy", "the proxy cannot be reached")
        case aiohttp.ClientHttpProxyError():
            words = "wants a name and a password" if error.status == 407 else f"answered {error.status}"
            return Cause("proxy" if error.status == 407 else "broken", f"the proxy {words}")
        case aiohttp.ClientConnectorDNSError():
            if isinstance(inner, socket.gaierror) and inner.errno not in _NO_SUCH_NAME:
                return Cause("lookup", f"the name server gives no answer for {host}")
            return Cause("dns", f"the name {host} does not resolve")
        case TimeoutError():
            return Cause("timeout", f"no answer within {timeout:g} seconds")
    if isinstance(inner, ssl.SSLError):
        return tls_cause(inner)
    return Cause("broken", _ERRNO.get(getattr(inner, "errno", None) or 0, "") or _broken(inner))


def tls_cause(error: ssl.SSLError) -> Cause:
    """The cause behind a handshake that failed."""
    if isinstance(error, ssl.SSLCertVerificationError):
        failure: Failure = "issuer" if error.verify_code in ISSUER_UNKNOWN else "tls"
        words = error.verify_message.rstrip(".")
        return Cause(failure, f"the certificate is not accepted: {words}")
    reason = getattr(error, "reason", None) or ""
    if "EOF" in reason or isinstance(error, ssl.SSLEOFError):
        return Cause("broken", "the server broke the connection off")
    return Cause(
        "tls", f"no secure connection: {_TLS.get(reason) or 'the server and this machine have no TLS in common'}"
    )


def _inner(error: BaseException) -> BaseException:
    """The error of the system or of TLS inside one of aiohttp."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return error.certificate_error
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error
    return error


def _broken(error: BaseException) -> str:
    if isinstance(error, aiohttp.ServerDisconnectedError | NoAnswer | aiohttp.ClientResponseError):
        return "the server gave no answer that a browser reads"
    return "the server broke the connection off"
