"""One request and its answer: status, headers, the page, and the address that it sends its reader to."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from aiohttp import ClientConnectorDNSError, ClientHttpProxyError, ClientResponseError, ClientSession
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from handover.links import body
from handover.links.connection import Cookies, Sessions
from handover.links.guard import Refused, in_thread, literal, refuse_private
from handover.links.observation import Observation
from handover.links.page import REFRESH_SECONDS, Page, read_page, seconds_and_target
from handover.links.urls import Mapping, NoAddress, host_of, joined, without_fragment

REDIRECTS = (301, 302, 303, 307, 308)
MAX_HEADERS = 60
"""The headers that are compared with marks; each is cut at `MAX_HEADER` characters."""
MAX_HEADER = 200
Headers = CIMultiDict[str] | CIMultiDictProxy[str]


class BadProxy(Exception):
    """A proxy of a kind that is not supported."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `target` is the address in a `Location`, or, with `by_page`, in a refresh or a script."""

    seen: Observation
    target: str | None
    by_page: bool
    varies: bool
    """True if other readers may get another answer."""


@dataclass(frozen=True, slots=True)
class Requester:
    """Sends single requests."""

    sessions: Sessions
    mapping: Mapping
    allow_private: bool = False
    _late: Counter[str] = field(default_factory=Counter)
    """The pages of each host that did not end in time: it gets less time for each further one."""

    async def answer(self, url: str, cookies: Cookies, seconds: float) -> Answer:
        """The answer of `url`. Raises what aiohttp raises, TimeoutError, Refused, BadProxy and NoAnswer."""
        answer = await self._exchange("GET", url, cookies, seconds)
        if answer.seen.status in (405, 501):
            # Some servers support HEAD only.
            head = await self._exchange("HEAD", url, cookies, seconds)
            if (head.seen.status or 0) < 400:
                return head
        return answer

    def route(self, url: str) -> tuple[ClientSession, str, URL | None]:
        """The session, the address to request and the proxy for `url`. Raises Refused and BadProxy."""
        target = without_fragment(url)
        mapped = self.mapping.of(target)
        if mapped is not None:
            return self.sessions.open, mapped, None
        proxy = self.sessions.proxy_for(url)
        address = literal(host_of(url))
        if address is not None and not self.allow_private:
            refuse_private(host_of(url), address)
        if proxy is None:
            return (self.sessions.open if self.allow_private else self.sessions.guarded), target, None
        # The proxy resolves the name, and its own rules say which networks it reaches.
        if host_of(url).rpartition(".")[2] == "localhost" and not self.allow_private:
            raise Refused(f"{host_of(url)} is not a public address")
        if proxy.scheme not in ("http", "https") or not proxy.host:
            raise BadProxy(f"the proxy has to be an http address, not {proxy.scheme}")
        return self.sessions.open, target, proxy

    async def _exchange(self, method: str, url: str, cookies: Cookies, seconds: float) -> Answer:
        session, target, proxy = self.route(url)
        kept = cookies.header(url)
        headers = {"Cookie": kept} if kept else {}
        wire = URL(target, encoded=True)
        tls = self.sessions.tls() if wire.scheme == "https" else None
        try:
            async with asyncio.timeout(max(seconds, 0.001)):
                response = await session.request(
                    method, wire, headers=headers, allow_redirects=False, ssl=tls or True, proxy=proxy
                )
        except ClientConnectorDNSError:
            if proxy is None:
                raise
            raise BadProxy("the name of the proxy does not resolve") from None
        except ClientResponseError as odd:
            if proxy is not None or isinstance(odd, ClientHttpProxyError):
                raise
            async with asyncio.timeout(max(seconds, 0.001) + body.PATIENCE):
                ip, headers = await self.sessions.ip_of(wire, session), {**self.sessions.headers, **headers}
                status, fields, packed = await in_thread(lambda: body.lenient_answer(method, target, ip, tls, headers))
            content = body.decompressed(packed, _encoding(fields), is_whole=False)
            return self._read(method, url, wire, cookies, status, fields, content)
        async with response:
            if proxy is not None and response.status == 407:
                raise BadProxy("the proxy wants a name and a password")
            if _has_page(method, response.status, response.headers):
                start, patience = time.monotonic(), body.PATIENCE / (1 + self._late[host_of(url)])
                content = await body.read_body(response.content.iter_any(), _encoding(response.headers), patience)
                self._late[host_of(url)] += time.monotonic() - start >= patience
            else:
                content = body.Body(b"", True)
            if not content.whole:
                response.close()
            return self._read(method, url, wire, cookies, response.status, response.headers, content)

    def _read(
        self, method: str, url: str, wire: URL, cookies: Cookies, status: int, headers: Headers, content: body.Body
    ) -> Answer:
        cookies.store(url, headers.getall("Set-Cookie", []))
        page = _page(url, headers, content) if _has_page(method, status, headers) else None
        location = headers.get("Location", "").strip() or None if status in REDIRECTS else None
        refresh = seconds_and_target(headers.get("Refresh", ""))
        own = refresh[1] if refresh and refresh[0] <= REFRESH_SECONDS else page.target if page else None
        by_page = location is None and status < 300 and own is not None and not _is_itself(own, url)
        seen = Observation(
            url,
            url,
            status=status,
            retry_after=_seconds(headers.get("Retry-After", "")),
            headers=tuple(f"{name}: {value}"[:MAX_HEADER] for name, value in list(headers.items())[:MAX_HEADERS]),
            kind=_kind(headers),
            page=page,
            certificate_ends=self.sessions.certificates.get(wire.raw_host or "") if wire.scheme == "https" else None,
        )
        return Answer(seen, own if by_page else location, by_page, "accept-language" in headers.get("Vary", "").lower())


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


def _is_itself(target: str, url: str) -> bool:
    """True if a page sends its reader to itself."""
    try:
        return without_fragment(joined(url, target)) == without_fragment(url)
    except NoAddress:
        return False


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
