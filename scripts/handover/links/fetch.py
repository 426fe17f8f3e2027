"""An address and its redirects, followed and recorded here, within one deadline."""

import time
from dataclasses import dataclass, replace

from aiohttp import ClientError
from yarl import URL

from handover.links.answer import Answer, BadProxy, Requester
from handover.links.connection import missing_issuer
from handover.links.cookies import Cookies
from handover.links.failures import Cause, NoAnswer, cause_of
from handover.links.guard import Refused
from handover.links.hosts import GivenUp, Hosts
from handover.links.observation import Failure, Observation
from handover.links.urls import NoAddress, host_of, joined, without_fragment
from handover.model.report import Hop

MAX_HOPS = 20
"""The limit of browsers."""
PERMANENT = (301, 308)


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
                return _ended(seen, answer)
            has_jumped = has_jumped or answer.by_page
            is_steady = is_steady and answer.status in PERMANENT and not answer.varies
            seen = _moved_on(seen, answer, answer.target, is_steady)

    async def _ask(self, seen: Observation, cookies: Cookies, seconds: float) -> Answer:
        host = host_of(seen.ended)
        try:
            answer = await self.requester.answer(seen.ended, cookies, seconds)
        except BadProxy as bad:
            raise _Failed(seen, "proxy", str(bad)) from None
        except (ClientError, OSError, ValueError, Refused, NoAnswer) as error:
            cause = cause_of(error, host, self.timeout)
            if cause.failure in ("timeout", "broken", "lookup"):
                self.hosts.failed(host, cause.detail)
            left_out = await self._missing_issuer(seen.ended, cause)
            raise _Failed(replace(seen, left_out=left_out), cause.failure, cause.detail) from None
        if answer.status == 429 and answer.retry_after is None:
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
        resolver = sessions.unguarded if session is sessions.open else sessions.guard
        try:
            found = await resolver.resolve(wire.host or "", wire.port or 443)
            return await missing_issuer(wire.host or "", wire.port or 443, found[0]["host"])
        except (OSError, Refused):
            return ""


class _Failed(Exception):
    """The request failed; `seen` is the observation so far."""

    def __init__(self, seen: Observation, failure: Failure, detail: str) -> None:
        super().__init__(detail)
        self.seen = replace(seen, failure=failure, detail=detail)


def _ended(seen: Observation, answer: Answer) -> Observation:
    return replace(
        seen,
        status=answer.status,
        retry_after=answer.retry_after,
        headers=answer.headers,
        kind=answer.kind,
        page=answer.page,
        certificate_ends=answer.certificate_ends,
    )


def _moved_on(seen: Observation, answer: Answer, target: str, is_steady: bool) -> Observation:
    """The observation after one more redirect."""
    hops = (*seen.hops, Hop(url=seen.ended, status=answer.status))
    seen = replace(seen, hops=hops, steady=seen.steady + is_steady, certificate_ends=answer.certificate_ends)
    if len(hops) > MAX_HOPS:
        raise _Failed(seen, "astray", f"there are more than {MAX_HOPS} redirects")
    try:
        return replace(seen, ended=joined(seen.ended, target))
    except NoAddress as nowhere:
        raise _Failed(seen, "astray", f"it redirects to an address that no browser opens: {nowhere}") from None
