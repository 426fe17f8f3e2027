"""Rules about what a page is and has: a bot wall, a login, an error, a closed form, a shell; what a fragment names."""

import re
from functools import lru_cache
from urllib.parse import unquote

from handover.links.observation import Case, Finding, Observation
from handover.links.page import Page
from handover.links.rules import matches, phrases
from handover.links.urls import fragment_of, is_root, is_same_site, path_of, without_fragment, without_scheme
from handover.model.link import LinkRules

UNKNOWN = "so whether it works is unknown"
LOGIN_LETTERS = 400
"""A page with a password field and fewer letters than this is a login."""
_SIGN_UP = re.compile(r"sign ?up|regist|create|join|trial", re.IGNORECASE)

_IN_FILE = re.compile(r"(?:page|nameddest|zoom|view|search|t|xywh|track)=.*", re.IGNORECASE | re.DOTALL)
"""A place in a PDF, a film or a picture; the reader's program looks for it."""
_FOLDS = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"", "\u00ad")
_ERROR_PATH = re.compile(r"/(?:errors?[/_-]?)?404|/(?:page[-_]?)?not[-_]?found")
"""How the address of an error page ends."""
_CONTEXT = re.compile(r"^[^,]*-,|,-[^,]*$")
"""The words before and after the ones to look for."""


def bot_wall(case: Case) -> Finding | None:
    """A page, with any status, that keeps programs out."""
    walls = case.rules.bot_walls
    if case.status and (case.shows(walls) or any(matches(header, walls) for header in case.seen.headers)):
        return Finding("unknown", f"the server asks for a human ({case.status}), {UNKNOWN}")
    return None


def login(case: Case) -> Finding | None:
    """A login instead of the page: by status, by redirect, or in its place."""
    seen, status = case.seen, case.status
    refused = status == 401 or (case.audience == "team" and status == 403)
    # A redirect to a login counts, also if the login page answers with an error.
    at_login = case.is_login(seen.ended) and (bool(seen.hops) or 0 < status < 400)
    in_place = 0 < status < 400 and _is_login_page(seen.page, case.rules.login_titles)
    if case.audience == "team":
        if refused or at_login or in_place:
            return Finding("login", f"behind a login ({seen.status}): target not verified")
        return None
    if refused:
        return Finding("unexpected-login", "the server asks for a login (401), and the link is for everyone")
    if (at_login or in_place) and not case.is_login(seen.asked):
        where = f"it ends at a login, {seen.ended}" if seen.hops else "the page is a login"
        return Finding("unexpected-login", f"{where}, and the link is for everyone")
    return None


def _is_login_page(page: Page | None, titles: tuple[str, ...]) -> bool:
    if page is None or not (page.passwords == 1 or page.asks_for_name):
        return False
    texts = (*phrases(page.title), *phrases(page.heading))
    is_short = len(page.text) < LOGIN_LETTERS
    if any(matches(text, titles) for text in texts):
        return page.passwords == 1 or is_short
    return page.passwords == 1 and is_short and not any(_SIGN_UP.search(text) for text in texts)


def parked(case: Case) -> Finding | None:
    """A domain that its owner gave up."""
    if case.shows(case.rules.parked):
        return Finding("changed", f"the domain is parked or for sale{case.where}")
    return None


def closed(case: Case) -> Finding | None:
    """A form that takes no more answers; it may open again."""
    if case.shows(case.rules.closed):
        return Finding("unknown", "the form takes no answers now, so whether it is still needed is unknown")
    return None


def missing(case: Case) -> Finding | None:
    """A page that says it is missing with a status that says it is there."""
    page, seen = case.seen.page, case.seen
    for kind, text in (("title", page.title), ("heading", page.heading)) if page else ():
        if _is_not_found(text, case.rules.not_found):
            return Finding("soft-404", f"it answers {seen.status}, but its {kind} is '{text}'")
    if _is_error_page(seen.ended) and not _is_error_page(seen.asked):
        return Finding("soft-404", f"it leads to the error page {without_fragment(seen.ended)}")
    if is_root(seen.ended) and not is_root(seen.asked) and is_same_site(seen.asked, seen.ended):
        return Finding("soft-404", f"it leads to the front page {without_fragment(seen.ended)} instead of the page")
    if case.catch_all and page and not page.drawn_by_script:
        return Finding("soft-404", f"the server gives the same page for a random address{case.where}")
    return None


def _is_error_page(url: str) -> bool:
    ending = _ERROR_PATH.search(path_of(url))
    return ending is not None and ending.end() == len(path_of(url))


def embedded(case: Case) -> Finding | None:
    """A page of a site that gives the same page for all, by what its oEmbed address answers."""
    match case.embed:
        case None | 200:
            return None
        case 400 | 404 | 410:
            return Finding("soft-404", f"it answers {case.status}, but the site does not know the page any more")
        case 401 | 403:
            return Finding("unknown", "the site does not show the page to strangers, or not on other pages")
    return Finding("unknown", f"the site gives the same page for all addresses, {UNKNOWN}")


def wordless(case: Case) -> Finding | None:
    """A shell that a script fills: it is the same for pages that exist and for others."""
    page = case.seen.page
    if page is None or case.embed == 200:
        return None
    if page.wordless or (case.catch_all and page.drawn_by_script):
        return Finding("unknown", f"a script draws the page, {UNKNOWN}")
    return None


@lru_cache(1024)  # pages of one site often share a title
def _is_not_found(text: str, patterns: tuple[str, ...]) -> bool:
    about = tuple(pattern[1:] for pattern in patterns if pattern.startswith("!"))
    signs = tuple(pattern for pattern in patterns if not pattern.startswith("!"))
    whole, *parts = phrases(text) or ("",)
    matching = [part for part in (whole, *parts) if matches(part, signs)]
    return bool(matching) and not any(matches(part, about) for part in (whole, *matching))


def named(fragment: str) -> str:
    """A fragment as a message names it."""
    name, _, directive = fragment.partition(":~:")
    wanted = ", ".join(f"'{unquote(words)}'" for words in _wanted(directive))
    return f"text {wanted}" if wanted and not name else f"'#{unquote(name)}'"


def has_anchor(seen: Observation, rules: LinkRules) -> bool | None:
    """Whether the last page has what the fragment names; None where its HTML does not tell."""
    name, _, directive = fragment_of(seen.ended).partition(":~:")
    found = [_has_name(seen, name, rules) if name else True]
    found += [_has_words(seen, words) for words in _wanted(directive)]
    return False if False in found else None if None in found else True


def _wanted(directive: str) -> list[str]:
    """The words of each `text=` of a directive, percent-encoded."""
    texts = [part.removeprefix("text=") for part in directive.split("&") if part.startswith("text=")]
    return [words for text in texts for words in _CONTEXT.sub("", text).split(",") if words]


def _has_name(seen: Observation, name: str, rules: LinkRules) -> bool | None:
    page = seen.page
    if name.lower() == "top":
        return True
    if page is None:
        return True if _IN_FILE.fullmatch(name) and seen.kind not in ("", "text/html") else None
    prefixes = ("", *rules.anchor_prefixes)
    if any(prefix + form in page.ids for form in (name, unquote(name)) for prefix in prefixes):
        return True
    # A fragment such as #/inbox or #!inbox is a route of a script.
    by_script = name[0] in "/!" or matches(without_scheme(seen.ended), rules.scripted_anchors)
    return None if by_script or not page.whole or page.drawn_by_script else False


def _folded(text: str) -> str:
    """The text as browsers look for it: of any case, with plain quotes, without soft hyphens."""
    return text.translate(_FOLDS).casefold()


def _has_words(seen: Observation, words: str) -> bool | None:
    page = seen.page
    if page is None:
        return None
    if _folded("".join(unquote(words).split())) in _folded(page.text):
        return True
    return None if not page.whole or page.drawn_by_script else False
