"""One request and its answer: status, headers, the page, and the address that it sends its reader to."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from aiohttp import ClientConnectorDNSError, ClientResponse, ClientResponseError
from multidict import CIMultiDict, CIMultiDictProxy

from handover.links import body
from handover.links.connection import Cookies, Route, Sessions
from handover.links.guard import in_thread
from handover.links.observation import Failed, Observation
from handover.links.page import Page, read_page, refresh_target

REDIRECTS = (301, 302, 303, 307, 308)
PERMANENT = (301, 308)
MAX_HEADERS = 60
"""The headers that are compared with marks; each is cut at `MAX_HEADER` characters."""
MAX_HEADER = 200
Headers = CIMultiDict[str] | CIMultiDictProxy[str]


@dataclass(frozen=True, slots=True)
class Requester:
    """Sends single requests."""

    sessions: Sessions
    _late: Counter[str] = field(default_factory=Counter)
    """The pages of each host that did not end in time: it gets less time for each further one."""

    async def answer(self, seen: Observation, cookies: Cookies, seconds: float) -> Observation:
        """The observation with the answer of its last address. Raises what aiohttp raises, TimeoutError and Failed."""
        answer = await self._exchange("GET", seen, cookies, seconds)
        if answer.status in (405, 501):
            # Some servers support HEAD only.
            head = await self._exchange("HEAD", seen, cookies, seconds)
            if (head.status or 0) < 400:
                return head
        return answer

    async def _exchange(self, method: str, seen: Observation, cookies: Cookies, seconds: float) -> Observation:
        url = seen.ended
        route = self.sessions.route(url)
        kept = cookies.header(url)
        status, headers, content = await self._response(method, route, {"Cookie": kept} if kept else {}, seconds)
        cookies.store(url, headers.getall("Set-Cookie", []))
        page = _page(url, headers, content) if _has_page(method, status, headers) else None
        target = headers.get("Location", "").strip() or None if status in REDIRECTS else None
        if status < 300:
            target = refresh_target(headers.get("Refresh", "")) or (page.target if page else None)
        certificates = self.sessions.certificates if route.url.scheme == "https" else {}
        return replace(
            seen,
            status=status,
            retry_after=_seconds(headers.get("Retry-After", "")),
            headers=tuple(f"{name}: {value}"[:MAX_HEADER] for name, value in list(headers.items())[:MAX_HEADERS]),
            kind=_kind(headers),
            page=page,
            target=target,
            is_permanent=status in PERMANENT and "accept-language" not in headers.get("Vary", "").lower(),
            certificate_ends=certificates.get(route.url.raw_host or ""),
        )

    async def _response(
        self, method: str, route: Route, headers: dict[str, str], seconds: float
    ) -> tuple[int, Headers, body.Body]:
        """Status, headers and body; the body only if it can be a page."""
        session, url, proxy = route
        tls = self.sessions.tls() if url.scheme == "https" else None
        try:
            async with asyncio.timeout(max(seconds, 0.001)):
                response = await session.request(
                    method, url, headers=headers, allow_redirects=False, ssl=tls or True, proxy=proxy
                )
        except ClientConnectorDNSError:
            if proxy is None:
                raise
            raise Failed("proxy", "the name of the proxy does not resolve") from None
        except ClientResponseError:
            if proxy is not None:
                raise
            async with asyncio.timeout(max(seconds, 0.001) + body.PATIENCE):
                ip, headers = await self.sessions.ip_of(route), {**self.sessions.headers, **headers}
                status, fields, packed = await in_thread(lambda: body.lenient_answer(method, url, ip, tls, headers))
            return status, fields, body.decompressed(packed, _encoding(fields), is_whole=False)
        async with response:
            if proxy is not None and response.status == 407:
                raise Failed("proxy", "the proxy wants a name and a password")
            content = body.Body(b"", True)
            if _has_page(method, response.status, response.headers):
                content = await self._body(response, url.raw_host or "")
            return response.status, response.headers, content

    async def _body(self, response: ClientResponse, host: str) -> body.Body:
        start, patience = time.monotonic(), body.PATIENCE / (1 + self._late[host])
        content = await body.read_body(response.content.iter_any(), _encoding(response.headers), patience)
        self._late[host] += time.monotonic() - start >= patience
        if not content.whole:
            response.close()
        return content


def _has_page(method: str, status: int, headers: Headers) -> bool:
    is_redirect = status in REDIRECTS and "Location" in headers
    return method == "GET" and not is_redirect and _kind(headers) in ("", "text/html", "application/xhtml+xml")


def _page(url: str, headers: Headers, content: body.Body) -> Page | None:
    """The page of a response; None for one of an unknown kind that is no HTML."""
    text = body.decoded(content, headers.get("Content-Type", ""))
    is_html = bool(_kind(headers)) or text.lstrip()[:200].startswith("<")
    return read_page(text, url, content.whole) if is_html else None


def _encoding(headers: Headers) -> str:
    return headers.get("Content-Encoding", "").strip().lower()


def _kind(headers: Headers) -> str:
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _seconds(retry_after: str) -> float | None:
    """The seconds of a `Retry-After` header, which has a number or a date."""
    if retry_after.strip().isdecimal():
        return float(retry_after.strip()[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
