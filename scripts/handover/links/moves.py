"""Rules about pages that have moved, and about links that lead to another page or another owner's."""

import re
from urllib.parse import parse_qsl, urlsplit

from handover.links.observation import Case, Finding, Observation
from handover.links.pages import has_anchor, named
from handover.links.rules import matches, phrases, telling
from handover.links.urls import fragment_of, host_of, is_root, is_same_site, path_of, site_of, without_fragment

_LANGUAGE = re.compile(
    r"(ar|bg|ca|cs|da|de|el|en|es|et|fa|fi|fr|he|hi|hr|hu|id|it|ja|ko|lt|lv|ms|nb|nl|no|pl|pt|ro|ru|sk|sl|sr|sv|th|tr|uk"
    r"|vi|zh)(?:[-_](?:[a-z]{2}|[a-z]{4}|\d{3}))?",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r"/\([a-z]\([a-z0-9]{16,}\)\)/|;[a-z]*session[a-z_]*=", re.IGNORECASE)


def changed(case: Case) -> Finding | None:
    """A link that leads to another page than before, or for good to another owner's page.

    Pages are compared by the words of their titles and headings: one in common is enough, so that a page may be
    rewritten. What the author calls the page counts too, and on the same site the name of the site.
    """
    seen, known, page = case.seen, case.known, case.seen.page
    now = telling(f"{page.title} {page.heading}") if page else frozenset()
    before = telling(f"{known.title} {known.heading}") if known else frozenset()
    if not page or page.wordless or not now or _is_foretold(case):
        return None
    start = f"https://{known.host}/" if known else seen.asked
    is_other = not (is_same_site(seen.asked, seen.ended) and is_same_site(start, seen.ended))
    if not before and not (is_other and _target(case)):
        return None
    names = site_of(host_of(seen.ended)).partition(".")[0] if not is_other else ""
    if not before:
        names = f"{host_of(seen.asked)} {path_of(seen.asked)}"
    if now & (before | telling(case.title) | telling(names)):
        return None
    words = f"now '{page.title or page.heading}'"
    words += f", at another site, {host_of(seen.ended)}" if is_other else ""
    if known and before:
        words += f"; on {known.at.date()} it was '{known.title or known.heading}'"
    return Finding("changed", words)


def moved(case: Case) -> Finding | None:
    """A permanent move; the new address is suggested only if it is sure that the page is the same."""
    seen = case.seen
    target = _target(case)
    if target is None or (is_root(target) and not is_root(seen.asked)):
        return None
    note = ""
    if fragment_of(target) and has_anchor(seen, case.rules) is False:
        note = f"; the new page has no {named(fragment_of(target))}"
        target = without_fragment(target)
    if is_same_site(seen.asked, target) or _is_known(case) or _is_foretold(case):
        return Finding("moved", f"it has moved permanently to {target}{note}", target)
    words = (
        f"it has moved permanently to {target}, at another site{note}; if that is the same page, write it as moved_to"
    )
    return Finding("moved", words)


def _is_foretold(case: Case) -> bool:
    """True if the author names the address that the link leads to."""
    named_by_author = without_fragment(case.moved_to or "")
    return named_by_author in (without_fragment(case.seen.ended), without_fragment(_target(case) or case.seen.ended))


def _is_known(case: Case) -> bool:
    """True if the title or the heading is that of the page when it was last seen well."""
    known, page = case.known, case.seen.page
    if not known or not page:
        return False
    pairs = ((known.title, page.title), (known.heading, page.heading))
    return any(phrases(before) == phrases(now) != () for before, now in pairs)


def _target(case: Case) -> str | None:
    return permanent_target(case.seen, case.rules.volatile_parameters)


def permanent_target(seen: Observation, volatile: tuple[str, ...]) -> str | None:
    """The last address on the way that is permanent for every reader; None if the first redirect is not.

    The fragment is that of the last address.
    """
    target = None
    for url in [*(hop.url for hop in seen.hops[1:]), seen.ended][: seen.steady]:
        if not _is_for_everyone(seen.asked, url, volatile):
            break
        target = url
    if target is None or without_fragment(target) == without_fragment(seen.asked):
        return None
    fragment = fragment_of(seen.ended)
    return without_fragment(target) + (f"#{fragment}" if fragment else "")


def _is_for_everyone(asked: str, url: str, volatile: tuple[str, ...]) -> bool:
    """False if a redirect added a session, a language or a password, which another reader would not get."""
    names = _parameters(url) - _parameters(asked)
    return not (
        any(matches(name, volatile) for name in names)
        or (_SESSION_IN_PATH.search(url) and not _SESSION_IN_PATH.search(asked))
        or _languages(url) - _languages(asked)
        or "@" in urlsplit(url).netloc
    )


def _parameters(url: str) -> set[str]:
    return {name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)}


def _languages(url: str) -> set[str]:
    """The languages that the host or the first folders of an address name."""
    parts = urlsplit(url)
    named = [(parts.hostname or "").partition(".")[0], *parts.path.split("/")[1:4]]
    return {match[1].lower() for part in named if (match := _LANGUAGE.fullmatch(part))}
