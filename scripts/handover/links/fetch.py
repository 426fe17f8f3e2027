"""One request of one address: redirects are followed and recorded here, within one deadline."""

import asyncio
import ssl
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookies import CookieError, SimpleCookie

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
)
from yarl import URL

from handover.links.body import decoded, read_body
from handover.links.connection import Sessions
from handover.links.guard import Refused, literal, refuse_private
from handover.links.observation import Failure, Observation
from handover.links.page import Page, read_page
from handover.links.slots import Slots
from handover.links.urls import Mapping, NoAddress, host_of, joined, origin, without_fragment
from handover.model.link_report import Hop

MAX_HOPS = 20
"""The limit of browsers."""
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location_header: str | None
    challenged: bool
    retry_after: float | None
    page: Page | None
    certificate_ends: datetime | None


@dataclass(slots=True)
class Fetcher:
    """Requests addresses; `timeout` is in seconds, for all redirects and the page."""

    sessions: Sessions
    slots: Slots
    mapping: Mapping
    timeout: float
    allow_private: bool = False

    async def fetch(self, url: str) -> Observation:
        """The observation of `url`, which is in its wire form; a failure is part of it, not an exception."""
        seen = Observation(url, url)
        try:
            return await self._follow(seen)
        except _Failed as stopped:
            return stopped.seen

    async def _follow(self, seen: Observation) -> Observation:
        left = self.timeout
        cookies: dict[str, dict[str, str]] = {}
        visited: set[tuple[str, str]] = set()
        while True:
            url = seen.ended
            state = (without_fragment(url), repr([kept for kept in cookies.items() if kept[1]]))
            if state in visited:
                raise _Failed(seen, "astray", "the redirects go in a circle")
            visited.add(state)
            async with self.slots.at(host_of(url)):
                start = time.monotonic()
                answer = await self._ask_within(seen, left, cookies)
                left -= time.monotonic() - start
            seen = replace(seen, certificate_ends=answer.certificate_ends)
            if answer.location_header is None:
                return replace(
                    seen,
                    status=answer.status,
                    challenged=answer.challenged,
                    retry_after=answer.retry_after,
                    page=answer.page,
                )
            seen = replace(seen, hops=(*seen.hops, Hop(url=url, status=answer.status)))
            if len(seen.hops) > MAX_HOPS:
                raise _Failed(seen, "astray", f"there are more than {MAX_HOPS} redirects")
            try:
                seen = replace(seen, ended=joined(url, answer.location_header))
            except NoAddress as nowhere:
                raise _Failed(seen, "astray", f"it redirects to an address that no browser opens: {nowhere}") from None

    async def _ask_within(self, seen: Observation, seconds: float, cookies: dict[str, dict[str, str]]) -> _Answer:
        try:
            async with asyncio.timeout(max(seconds, 0.001)):
                return await self._ask(seen.ended, cookies.setdefault(origin(seen.ended), {}))
        except Refused as refused:
            raise _Failed(seen, "private", str(refused)) from None
        except TimeoutError:
            raise _Failed(seen, "timeout", f"no answer within {self.timeout:g} seconds") from None
        except ClientConnectorDNSError:
            raise _Failed(seen, "dns", f"the name {host_of(seen.ended)} does not resolve") from None
        except (ClientSSLError, ssl.SSLError) as failure:
            raise _Failed(seen, "tls", tls_message(failure)) from None
        except (ClientError, OSError, ValueError) as failure:
            raise _Failed(seen, "broken", f"the connection broke: {_reason(failure)}") from None

    async def _ask(self, url: str, cookies: dict[str, str]) -> _Answer:
        session, target = self._route(url)
        answer = await self._request(session, "GET", url, target, cookies)
        if answer.status in (405, 501):
            # Some servers support HEAD only.
            head = await self._request(session, "HEAD", url, target, cookies)
            if head.status < 400:
                return head
        return answer

    def _route(self, url: str) -> tuple[ClientSession, str]:
        mapped = self.mapping.of(without_fragment(url))
        if mapped is not None or self.allow_private:
            return self.sessions.open, mapped or without_fragment(url)
        address = literal(host_of(url))
        if address is not None:
            refuse_private(host_of(url), address)
        return self.sessions.guarded, without_fragment(url)

    async def _request(
        self, session: ClientSession, method: str, url: str, target: str, cookies: dict[str, str]
    ) -> _Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
        wire = URL(target, encoded=True)
        tls = self.sessions.tls() if wire.scheme == "https" else True
        async with session.request(method, wire, headers=headers, allow_redirects=False, ssl=tls) as response:
            _store_cookies(cookies, response)
            location_header = response.headers.get("Location") if response.status in REDIRECTS else None
            page = await _page(response, url) if 200 <= response.status < 300 and method == "GET" else None
            if page is not None and page.refresh and location_header is None and not _is_itself(page.refresh, url):
                location_header = page.refresh
            return _Answer(
                response.status,
                location_header,
                response.headers.get("cf-mitigated", "").strip().lower() == "challenge",
                _seconds(response.headers.get("Retry-After")),
                page,
                self.sessions.certificates.get(wire.raw_host or "") if wire.scheme == "https" else None,
            )


class _Failed(Exception):
    """The request failed; `seen` is the observation so far."""

    def __init__(self, seen: Observation, failure: Failure, detail: str) -> None:
        super().__init__(detail)
        self.seen = replace(seen, failure=failure, detail=detail)


def _is_itself(refresh: str, url: str) -> bool:
    """True if a page refreshes to itself."""
    try:
        return without_fragment(joined(url, refresh)) == without_fragment(url)
    except NoAddress:
        return False


def _store_cookies(cookies: dict[str, str], response: ClientResponse) -> None:
    """Store cookies for the origin that set them, whatever domain they name, for one address only."""
    for line in response.headers.getall("Set-Cookie", [])[:50]:
        try:
            cookies.update({name: morsel.coded_value for name, morsel in SimpleCookie(line[:4096]).items()})
        except CookieError:
            continue


async def _page(response: ClientResponse, url: str) -> Page | None:
    content_type = response.headers.get("Content-Type", "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in ("", "text/html", "application/xhtml+xml"):
        return None
    body = await read_body(response)
    if not body.whole:
        response.close()
    text = decoded(body, content_type)
    if not kind and not text.lstrip()[:200].startswith("<"):
        return None
    return read_page(text, url, body.whole)


def _seconds(retry_after: str | None) -> float | None:
    """The seconds of a `Retry-After` header, which has a number or a date."""
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after.strip()[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def tls_message(failure: BaseException) -> str:
    """The reason why there is no secure connection."""
    inner = failure.certificate_error if isinstance(failure, ClientConnectorCertificateError) else failure
    reason = getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or _reason(inner)
    what = (
        "the certificate is not accepted" if isinstance(inner, ssl.SSLCertVerificationError) else "no secure connection"
    )
    return f"{what}: {reason}".rstrip(".")


def _reason(failure: BaseException) -> str:
    inner = failure.os_error if isinstance(failure, ClientConnectorError) else failure
    reason = getattr(inner, "strerror", None) or getattr(inner, "message", None) or inner
    return " ".join(str(reason).split())[:200] or type(inner).__name__
