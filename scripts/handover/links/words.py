"""Titles and headings: their parts, and their telling words."""

import re
import unicodedata
from functools import lru_cache

_BREAK = re.compile(r"\s[|·•»:\-\u2013\u2014]+\s|[|·•»\u2013\u2014]|:\s")
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W\d_{_IDEOGRAPHS}]{{3,}}")
"""A word of three letters or more; in scripts without spaces, each character."""
_COMMON = re.compile(
    r"and|the|for|with|from|your?|our|all|are|this|that|not|how|what|why|new|free|best|top|get|start|home|pages?|site"
    r"|website|web|welcome|index|official|online|com|net|org|www|https?|html|php"
)
"""Words that are on pages of any kind."""


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
