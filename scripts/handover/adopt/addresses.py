"""Addresses of templates to links of data/links.yml: wrappers and tracking taken off, each address once."""

import re
import string
from base64 import urlsafe_b64decode
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from pydantic import ValidationError

from handover.adopt.blanks import Blanks
from handover.adopt.blocks import Losses
from handover.adopt.tokens import MARK, slug, unused
from handover.model.link import Link

_TRACKING = re.compile(
    r"(?:utm_\w+|mc_[ce]id|_hs(?:enc|mi)|__hs\w+|hsctatracking|mkt_tok|g(?:ad_source|braid|clid)|[fy]bclid|msclkid|dclid|"
    r"vero_(?:id|conv)|_kx|igshid|ss_email_id|elqtrack\w*|trk_\w+|oly_(?:anon|enc)_id|sfmc_\w+|et_rid|_openstat|wickedid|"
    r"(?:cvosrc|ck_subscriber_id|dm_i|ml_subscriber\w*|bsft_\w+|pi_\w+))",
    re.IGNORECASE,
)
_WRAPPERS = {
    "safelinks.protection.outlook.com": "url",
    "google.com/url": "q|url",
    "facebook.com/l.php": "u",
    "linkedin.com/redir/redirect": "url",
    "linkedin.com/safety/go": "url",
    "urldefense.proofpoint.com/v2": "u",
    "urldefense.proofpoint.com/v1": "u",
    "slack-redir.net/link": "url",
    "t.yesware.com": "url",
    "r.mail.yahoo.com": "url",
    "linkprotect.cudasvc.com/url": "a",
    "secure-web.cisco.com": "url",
    "clicktime.symantec.com": "u",
}
"""Where the parameter of a redirect has the address that it leads to."""
_OPAQUE = re.compile(
    r"/(?:track/click|ls/click|wf/click|e/c|click/|CL0/|Ctc/|c/eJ)|//(?:[^/]*\.)?(?:list-manage\.com|pstmrk\.it"
    r"|go\.pardot\.com|via\.intercom\.io)/|//(?:click|links?|email|go|trk|track)\.[^/]*/\S*[\w-]{12}",
    re.IGNORECASE,
)
"""A redirect of a mail tool that does not say where it leads."""
_VAGUE = frozenset(("here", "click here", "this", "this link", "link", "more", "read more", "learn more", "see more"))

_ARTICLE = re.compile(r"^(?:the|an?|our|your|this)\s+(?=\S)", re.IGNORECASE)


@dataclass(slots=True)
class Links:
    """The links of a catalog, and the new ones of a run by their URLs."""

    blanks: Blanks
    new: dict[str, dict[str, str]] = field(default_factory=dict)
    """The entries of new links, by id."""
    reused: dict[str, None] = field(default_factory=dict)
    by_url: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, link in self.blanks.catalog.links.items():
            self.by_url.setdefault(_key(self.blanks.catalog.brand.full_url(link.url)), str(name))

    def register(self, href: str, words: str, losses: Losses, is_for_team: bool) -> str | None:
        """The id of the link for an address; None, with the loss, if a message cannot have it."""
        url = unwrapped(href)
        if _OPAQUE.search(url):
            losses.add("where a redirect leads cannot be read:", url)
        url = self._with_placeholders(url)
        name = self.by_url.get(_key(url))
        known = self.blanks.catalog.links.get(name or "")
        if known is not None and known.audience == "team" and not is_for_team:
            losses.add(f"the link '{name}', which only the team can open, at", words)
            return None
        if name is None:
            name = self._add(url, words, losses)
        elif known is not None:
            self.reused[name] = None
        return name

    def _with_placeholders(self, url: str) -> str:
        url = re.sub("%7B", "{", re.sub("%7D", "}", url, flags=re.IGNORECASE), flags=re.IGNORECASE)
        if not re.search(r"[{}\[<]|\*\||%%|\$\{|(?<=[/=])(?:_{3,}|X{3,})(?![^/?&#])", url):
            return url
        scheme = re.match(r"([a-z]+):", url, re.IGNORECASE)
        is_recipient = url.lower().startswith("mailto:") and "@" not in url.partition("?")[0]
        marked = self.blanks.marked(url, "email" if is_recipient else "text" if scheme else "url")
        return MARK.sub(r"{{ \1 }}", marked)

    def _add(self, url: str, words: str, losses: Losses) -> str | None:
        url = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", re.sub(r"[ |\"<>^`\\](?![^{}]*\}\})", lambda c: quote(c[0]), url))
        text = _ARTICLE.sub("", " ".join(MARK.sub(" ", words).split()))
        text = text[:1].upper() + text[1:]
        is_vague = text.lower().strip(" .!:>\u2192") in _VAGUE or "//" in text or not slug(text)
        title = _where(url) if is_vague else text
        entry = {"title": title[:200] or "Link", "url": url, "audience": "everyone"}
        base = slug(title if len(title) <= 40 else _where(url)) or slug(_where(url)) or "link"
        name = unused(base, {*self.new, *self.blanks.catalog.links})
        try:
            Link.model_validate({"id": name, **entry})
        except ValidationError:
            shown = url if len(url) <= 40 else f"{url[:39]}…"
            losses.add(f"the address '{shown}', which is none of https, mailto or tel, at", words)
            return None
        self.new[name] = entry
        self.by_url[_key(url)] = name
        return name


def unwrapped(href: str) -> str:
    """The address without the redirects of mail tools that can be read, and without parameters for tracking."""
    url = href.strip()
    for _ in range(5):
        inner = _inner(url)
        if inner is None:
            break
        url = inner
    base, mark, fragment = url.partition("#")
    path, question, query = base.partition("?")
    if question and url.lower().startswith("http"):
        kept = [part for part in query.split("&") if not _TRACKING.fullmatch(part.partition("=")[0])]
        base = f"{path}?{'&'.join(kept)}" if kept else path
    return f"{base}{mark}{fragment}"


def _inner(url: str) -> str | None:
    """The address in a redirect; None if it is none, or cannot be read."""
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query)
    except ValueError:
        return None
    place = f"{(parts.hostname or '').removeprefix('www.')}{parts.path}"
    proofpoint = re.match(r"https?://urldefense\.(?:com|us)/v3/__(.+?)__;([\w-]*)", url)
    if proofpoint:
        return re.sub(r"^(https?):/(?!/)", r"\1://", _restored(proofpoint[1], proofpoint[2]))
    for wrapper, names in _WRAPPERS.items():
        host, _, path = wrapper.partition("/")
        if re.match(rf"(?:[\w.-]+\.)?{re.escape(host)}(?:/|$)", place) and (not path or f"/{path}" in place):
            value = next((text for key, text in pairs if key in names.split("|")), "")
            if "proofpoint.com/v2" in wrapper:
                value = unquote(value.replace("-", "%").replace("_", "/"))
            return value if value.startswith(("http://", "https://")) else None
    return None


_LENGTHS = f"{string.ascii_letters.swapcase()}{string.digits}-_"


def _restored(url: str, replaced: str) -> str:
    """The URL in a redirect of Proofpoint (v3), with the characters back for which a star stands there.

    `replaced` has them in Base64; two stars and a character stand for as many as the character's place in `_LENGTHS`,
    counted from two.
    """
    try:
        characters = iter(urlsafe_b64decode(f"{replaced}{'=' * (-len(replaced) % 4)}").decode())
    except ValueError:
        characters = iter("")

    def of(stars: re.Match[str]) -> str:
        count = _LENGTHS.index(stars[1]) + 2 if stars[1] else 1
        return "".join(islice(characters, count)) or "*"

    return re.sub(r"\*(?:\*([A-Za-z0-9_-]))?", of, url)


def _where(url: str) -> str:
    """Host and last part of the path in words."""
    if url.lower().startswith(("mailto:", "tel:")):
        scheme, _, rest = url.partition(":")
        return f"{'Email' if scheme.lower() == 'mailto' else 'Phone'} {rest.partition('?')[0].strip('{} ')}"
    match = re.match(r"https?://(?:www\.)?([^/?#:]*)[^/?#]*([^?#]*)", url)
    if match is None:
        return MARK.sub(r"\1", url).strip("{} ").replace("_", " ").capitalize()
    *_, last = [part for part in unquote(match[2]).split("/") if part] or [""]
    host = match[1].rpartition(".")[0] or match[1]
    words = f"{host.replace('.', ' ')} {re.sub(r'[.](?:html?|php|aspx?)$', '', last)}".strip()
    return words[:1].upper() + words[1:]


def _key(url: str) -> str:
    """What two spellings of one address share."""
    match = re.match(r"(https?)://([^/?#]+)(/?)(.*)", url, re.IGNORECASE | re.DOTALL)
    return f"{match[1].lower()}://{match[2].lower()}/{match[4]}" if match else re.sub(r"\s", "", url)
