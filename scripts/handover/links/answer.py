"""One request and its answer: status, headers, the page, and the address that it sends its reader to."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from aiohttp import ClientConnectorDNSError, ClientHttpProxyError, ClientResponseError, ClientSession
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from handover.links import body, lenient
from handover.links.connection import Sessions
from handover.links.cookies import Cookies
from handover.links.guard import Refused, literal, refuse_private
from handover.links.page import REFRESH_SECONDS, Page, read_page, seconds_and_target
from handover.links.urls import Mapping, NoAddress, host_of, joined, without_fragment

REDIRECTS = (301, 302, 303, 307, 308)
MAX_HEADERS = 60
"""The headers that are compared with marks; each is cut at `MAX_HEADER` characters."""
MAX_HEADER = 200
MAX_LATE = 3
"""With so many pages that do not end in time, a host gets little time for each further one."""
Headers = CIMultiDict[str] | CIMultiDictProxy[str]


class BadProxy(Exception):
    """A proxy of a kind that is not supported."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `target` is the address in a `Location`, or, with `by_page`, in a refresh or a script."""

    status: int
    target: str | None
    by_page: bool
    varies: bool
    """True if other readers may get another answer."""
    retry_after: float | None
    headers: tuple[str, ...]
    kind: str
    page: Page | None
    certificate_ends: datetime | None


@dataclass(frozen=True, slots=True)
class Requester:
    """Sends single requests."""

    sessions: Sessions
    mapping: Mapping
    allow_private: bool = False
    _late: Counter[str] = field(default_factory=Counter)
    """The pages of each host that did not end in time."""

    async def answer(self, url: str, cookies: Cookies, seconds: float) -> Answer:
        """The answer of `url`. Raises what aiohttp raises, TimeoutError, Refused, BadProxy and NoAnswer."""
        answer = await self._exchange("GET", url, cookies, seconds)
        if answer.status in (405, 501):
            # Some servers support HEAD only.
            head = await self._exchange("HEAD", url, cookies, seconds)
            if head.status < 400:
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
            return await self._leniently(method, url, wire, headers, cookies, seconds)
        async with response:
            if proxy is not None and response.status == 407:
                raise BadProxy("the proxy wants a name and a password")
            cookies.store(url, response.headers.getall("Set-Cookie", []))
            page = await self._page(url, method, response.status, response.headers, response.content.iter_any())
            if page is not None and not page.whole:
                response.close()
            return self._read(url, wire, response.status, response.headers, page)

    async def _leniently(
        self, method: str, url: str, wire: URL, headers: dict[str, str], cookies: Cookies, seconds: float
    ) -> Answer:
        tls = self.sessions.tls() if wire.scheme == "https" else None
        is_open = self.allow_private or self.mapping.of(without_fragment(url)) is not None
        resolver = self.sessions.unguarded if is_open else self.sessions.guard
        async with asyncio.timeout(max(seconds, 0.001) + lenient.PATIENCE):
            found = await resolver.resolve(wire.host or "", wire.port or 0)
            status, fields, content = await lenient.request(
                method, str(wire), found[0]["host"], tls, {**self.sessions.headers, **headers}
            )
        cookies.store(url, fields.getall("Set-Cookie", []))

        async def chunks() -> AsyncIterator[bytes]:
            yield content

        page = await self._page(url, method, status, fields, chunks())
        if page is not None:
            page.whole = False
        return self._read(url, wire, status, fields, page)

    async def _page(
        self, url: str, method: str, status: int, headers: Headers, chunks: AsyncIterator[bytes]
    ) -> Page | None:
        kind, host = _kind(headers), host_of(url)
        has_page = method == "GET" and not (status in REDIRECTS and "Location" in headers)
        if not has_page or kind not in ("", "text/html", "application/xhtml+xml"):
            return None
        patience = body.PATIENCE if self._late[host] < MAX_LATE else body.BRIEF
        content = await body.read_body(chunks, headers.get("Content-Encoding", ""), patience)
        self._late[host] += content.late
        text = body.decoded(content, headers.get("Content-Type", ""))
        if not kind and not text.lstrip()[:200].startswith("<"):
            return None
        return read_page(text, url, content.whole)

    def _read(self, url: str, wire: URL, status: int, headers: Headers, page: Page | None) -> Answer:
        location = headers.get("Location", "").strip() or None if status in REDIRECTS else None
        refresh = seconds_and_target(headers.get("Refresh", ""))
        own = refresh[1] if refresh and refresh[0] <= REFRESH_SECONDS else page.target if page else None
        by_page = location is None and status < 300 and own is not None and not _is_itself(own, url)
        return Answer(
            status=status,
            target=own if by_page else location,
            by_page=by_page,
            varies="accept-language" in headers.get("Vary", "").lower(),
            retry_after=_seconds(headers.get("Retry-After", "")),
            headers=tuple(f"{name}: {value}"[:MAX_HEADER] for name, value in list(headers.items())[:MAX_HEADERS]),
            kind=_kind(headers),
            page=page,
            certificate_ends=self.sessions.certificates.get(wire.raw_host or "") if wire.scheme == "https" else None,
        )


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
