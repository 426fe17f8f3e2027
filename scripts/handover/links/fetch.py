"""One address, asked once: redirects followed by hand, every hop recorded, a deadline for the whole."""

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
from handover.links.observation import Observation, Trouble
from handover.links.page import Page, read_page
from handover.links.slots import Slots
from handover.links.urls import Mapping, NoAddress, host_of, joined, origin, without_fragment
from handover.model.link_report import Hop

MAX_HOPS = 20
"""As many as browsers follow."""
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    leads_to: str | None
    challenged: bool
    retry_after: float | None
    page: Page | None
    certificate_ends: datetime | None


@dataclass(slots=True)
class Fetcher:
    """Asks addresses. `timeout` is the seconds that one address may take, all its hops and its page included."""

    sessions: Sessions
    slots: Slots
    mapping: Mapping
    timeout: float
    allow_private: bool = False

    async def fetch(self, url: str) -> Observation:
        """What is seen of `url`, in its wire form. Trouble on the way is part of it, never an exception."""
        seen = Observation(url, url)
        try:
            return await self._follow(seen)
        except _Stopped as stopped:
            return stopped.seen

    async def _follow(self, seen: Observation) -> Observation:
        left = self.timeout
        cookies: dict[str, dict[str, str]] = {}
        been: set[tuple[str, str]] = set()
        while True:
            url = seen.ended
            state = (without_fragment(url), repr([kept for kept in cookies.items() if kept[1]]))
            if state in been:
                raise _Stopped(seen, "astray", "the redirects go in a circle")
            been.add(state)
            async with self.slots.at(host_of(url)):
                start = time.monotonic()
                answer = await self._ask_within(seen, left, cookies)
                left -= time.monotonic() - start
            seen = replace(seen, certificate_ends=answer.certificate_ends)
            if answer.leads_to is None:
                return replace(
                    seen,
                    status=answer.status,
                    challenged=answer.challenged,
                    retry_after=answer.retry_after,
                    page=answer.page,
                )
            seen = replace(seen, hops=(*seen.hops, Hop(url=url, status=answer.status)))
            if len(seen.hops) > MAX_HOPS:
                raise _Stopped(seen, "astray", f"there are more than {MAX_HOPS} redirects")
            try:
                seen = replace(seen, ended=joined(url, answer.leads_to))
            except NoAddress as nowhere:
                raise _Stopped(seen, "astray", f"it redirects to what no browser opens: {nowhere}") from None

    async def _ask_within(self, seen: Observation, seconds: float, cookies: dict[str, dict[str, str]]) -> _Answer:
        try:
            async with asyncio.timeout(max(seconds, 0.001)):
                return await self._ask(seen.ended, cookies.setdefault(origin(seen.ended), {}))
        except Refused as refused:
            raise _Stopped(seen, "private", str(refused)) from None
        except TimeoutError:
            raise _Stopped(seen, "timeout", f"no answer within {self.timeout:g} seconds") from None
        except ClientConnectorDNSError:
            raise _Stopped(seen, "dns", f"the name {host_of(seen.ended)} does not resolve") from None
        except (ClientSSLError, ssl.SSLError) as trouble:
            raise _Stopped(seen, "tls", tls_words(trouble)) from None
        except (ClientError, OSError, ValueError) as trouble:
            raise _Stopped(seen, "broken", f"the connection broke: {_words(trouble)}") from None

    async def _ask(self, url: str, cookies: dict[str, str]) -> _Answer:
        session, target = self._way(url)
        answer = await self._request(session, "GET", url, target, cookies)
        if answer.status in (405, 501):
            # Some servers know only the other method.
            head = await self._request(session, "HEAD", url, target, cookies)
            if head.status < 400:
                return head
        return answer

    def _way(self, url: str) -> tuple[ClientSession, str]:
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
            _keep(cookies, response)
            leads_to = response.headers.get("Location") if response.status in REDIRECTS else None
            page = await _page(response, url) if 200 <= response.status < 300 and method == "GET" else None
            if page is not None and page.refresh and leads_to is None and not _is_itself(page.refresh, url):
                leads_to = page.refresh
            return _Answer(
                response.status,
                leads_to,
                response.headers.get("cf-mitigated", "").strip().lower() == "challenge",
                _seconds(response.headers.get("Retry-After")),
                page,
                self.sessions.certificates.get(wire.raw_host or "") if wire.scheme == "https" else None,
            )


class _Stopped(Exception):
    """The way ends here; `seen` is what was seen so far."""

    def __init__(self, seen: Observation, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.seen = replace(seen, trouble=trouble, detail=detail)


def _is_itself(refresh: str, url: str) -> bool:
    """True for a page that only loads itself anew."""
    try:
        return without_fragment(joined(url, refresh)) == without_fragment(url)
    except NoAddress:
        return False


def _keep(cookies: dict[str, str], response: ClientResponse) -> None:
    """Cookies go back to the very origin that set them, whatever domain they name, on the way of one address alone."""
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
    """What a Retry-After header asks for: seconds, or a date."""
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


def tls_words(trouble: BaseException) -> str:
    """Why there is no secure connection, in words."""
    inner = trouble.certificate_error if isinstance(trouble, ClientConnectorCertificateError) else trouble
    said = getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or _words(inner)
    what = (
        "the certificate is not accepted" if isinstance(inner, ssl.SSLCertVerificationError) else "no secure connection"
    )
    return f"{what}: {said}".rstrip(".")


def _words(trouble: BaseException) -> str:
    inner = trouble.os_error if isinstance(trouble, ClientConnectorError) else trouble
    said = getattr(inner, "strerror", None) or getattr(inner, "message", None) or inner
    return " ".join(str(said).split())[:200] or type(inner).__name__
