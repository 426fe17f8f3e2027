"""From an exception of a request to a kind of failure and to words that people understand."""

import errno
import socket
import ssl
from dataclasses import dataclass

import aiohttp

from handover.links.guard import Refused
from handover.links.observation import Failure

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


class NoAnswer(Exception):
    """The server's answer is not HTTP."""


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
