"""The built-in rules, their patterns, and the words of titles and headings."""

import re
import unicodedata
from fnmatch import translate
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

import yaml

from handover.model.link import LinkRules

_BREAK = re.compile(r"\s[|·•»:\-\u2013\u2014]+\s|[|·•»\u2013\u2014]|:\s")
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W\d_{_IDEOGRAPHS}]{{3,}}")
"""A word of three letters or more; in scripts without spaces, each character."""
_COMMON = re.compile(
    r"and|the|for|with|from|your?|our|all|are|this|that|not|how|what|why|new|free|best|top|get|start|home|pages?|site"
    r"|website|web|welcome|index|official|online|com|net|org|www|https?|html|php"
)
"""Words that are on pages of any kind."""


def rules_for(own: LinkRules) -> LinkRules:
    """The built-in rules with a repository's `own` added."""
    text = files(__package__).joinpath("rules.yml").read_text(encoding="utf-8")
    built_in = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe ones
    return LinkRules.model_validate(built_in).merged_with(own)


def digest(rules: LinkRules) -> str:
    """Identifies the rules, so that cached results of other rules are not used."""
    return sha256(rules.model_dump_json().encode()).hexdigest()[:16]


def matches(text: str, patterns: tuple[str, ...]) -> bool:
    """True if one of the patterns matches the whole `text`, in upper or lower case."""
    folded = text.casefold()
    return any(part in folded and pattern.match(folded) for part, pattern in _compiled(patterns))


@lru_cache
def _compiled(patterns: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    """The patterns, each with its longest literal part: looking for that in a long page is quick."""
    folded = [pattern.casefold() for pattern in patterns]
    parts = ["" if "[" in pattern else max(re.split(r"[*?]", pattern), key=len) for pattern in folded]
    return [(part, re.compile(translate(pattern))) for part, pattern in zip(parts, folded, strict=True)]


@lru_cache(4096)  # pages of one site often share a title
def phrases(text: str) -> tuple[str, ...]:
    """A title or heading and its parts, in lowercase and without punctuation."""
    return tuple(plain for part in (text, *_BREAK.split(text)) if (plain := _plain(part)))


def _plain(text: str) -> str:
    kept = unicodedata.normalize("NFC", text).replace("'", "").replace("\u2019", "")
    return " ".join(re.sub(r"[^\w]+", " ", kept).split()).lower()


def telling(text: str) -> frozenset[str]:
    """The words of a text that say what a page is about."""
    return frozenset(word for word in _WORD.findall(text.casefold()) if not _COMMON.fullmatch(word))
