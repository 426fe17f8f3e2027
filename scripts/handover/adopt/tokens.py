"""How people and platforms write blanks: their patterns, and the names in them."""

import re
import unicodedata
from collections.abc import Container
from itertools import count
from textwrap import shorten

from handover.model.located import Id
from handover.model.pattern import PART, patterns_in
from handover.model.platform import Platform

MAX_SLUG = 50
MARK = re.compile("\ue000([^\ue001]*)\ue001")
"""A placeholder in a text that is not escaped yet."""

_FALLBACK_PART = ("fallback", r"(?P<fallback>[^\n]{0,200}?)")
_PARTS = {
    "<name>": ("name", r"\s*(?P<name>[\w.]{0,50}\$\{[\w.]{1,50}\}|[^\n{}|%<>]{1,100}?)\s*"),
    "<fallback>": _FALLBACK_PART,
    "<raw_fallback>": _FALLBACK_PART,
    "<label>": ("label", r"(?P<label>[^\n{}]{1,200}?)"),
}
"""The parts of a platform's patterns: the group of each, and its regular expression."""
CONTROL = re.compile(
    r"\{%[^%\n]{0,300}%\}|\{\{\{?[#/^>][^{}\n]{0,200}\}?\}\}|\{\{ ?else ?\}\}|%%\[[^\]]{0,2000}\]%%"
    r"|\*\|(?:IF|IFNOT|ELSE|ELSEIF|END)[: ][^|\n]{0,200}\|\*"
)
"""What decides what a text says, and says nothing itself."""
ELSE = re.compile(r"\belse\b", re.IGNORECASE)
"""What stands between two texts of which readers see one."""
EDITOR = re.compile(r"\*\|MC[:_][^|\n]{0,100}\|\*")
"""What an editor of emails fills in with the subject and the preheader."""
_FIELD = re.compile(r"[A-Za-z][\w.: -]*|[\w.]*\$\{[\w.]+\}")
"""The name of a field; a note to the sender begins with a `!`."""
SHAPES = re.compile(
    r"\{\{\$\{(?P<dollars>[^{}\n]{1,100})\}[^{}\n]{0,100}\}\}|\{\{\{?(?P<braces>[^{}\n]{1,300})\}?\}\}"
    r"|\*\|(?P<bars>[^|\n]{1,200})\|\*|%%=?(?P<percent>[^%\n]{1,200}?)=?%%|\{!(?P<bang>[^{}\n]{1,200})\}"
    r"|\$\{(?P<dollar>[^{}\n]{1,100})\}|\[\[(?P<twice>[^\[\]\n]{1,200})\]\]|\[(?P<square>[^\[\]\n]{1,200})\]"
    r"|\{(?P<brace>[^{}\n]{1,200})\}|<<(?P<chevrons>[^<>\n]{1,60})>>"
    r"|<%=?\s*(?P<erb>[\w.][^%<>\n]{0,100}?)\s*%>|<(?P<angle>[A-Za-z][^<>\n@:/]{0,60})>"
    r"|\u00ab(?P<guillemets>[\w .-]{1,60})\u00bb"
    r"|(?<![\w%])%(?P<single>[A-Za-z][A-Za-z_.]{2,40})%(?![\w%])"
    r"|(?<!\w)(?P<line>[Xx]{3,}|XX|_{3,}|\.{6,})(?!\w)"
)
FALLBACK = re.compile(r"\s*(?:\||:default=|\bor\s+[\"'\u201c]).*$", re.IGNORECASE)
GIVEN = re.compile(r":default=([^{}\n]{1,100})|[\"'\u201c]([^\"'\u201c\u201d\n]{1,100})[\"'\u201d][^\"'\u201d]*$")
"""The fallback in a token."""
CALL = re.compile(r"\(\s*@?[\"']?([\w.@ -]+)|^\w+\s+([\w.]+)\s+[\"']")
"""A field in a call of a function: `name("field", …)`, or `name field "…"`."""


def is_field(name: str) -> bool:
    """False for a note to the sender, and what else stands between a platform's braces."""
    return _FIELD.fullmatch(name) is not None


def token_patterns(platform: Platform) -> list[re.Pattern[str]]:
    """The regular expressions of its tokens, those with a fallback first."""
    texts = [text for key in ("fallback", "token") for _, text in patterns_in(getattr(platform.write, key))]
    return [regex(text) for text in texts if "<name>" in text]


def regex(text: str) -> re.Pattern[str]:
    """The regular expression of a pattern of a platform."""
    found = ""
    for part in re.split(f"({PART})", text):
        name, group = _PARTS.get(part, ("", re.escape(part)))
        found += f"(?P={name})" if f"(?P<{name}>" in found else group
    return re.compile(found, re.DOTALL)


def words_of(name: str) -> str:
    """The name in words, as a label: `contact.plan_name` is `Contact plan name`."""
    if re.search(r"\s", name) and "." not in name:
        return " ".join(name.split())
    spaced = " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|[.:_-]+", " ", name).split())
    return spaced[:1].upper() + spaced[1:].lower()


def ascii_of(text: str) -> str:
    """The text in small letters of the Latin script, as far as it has such."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def slug(text: str) -> str:
    """The text as an id for a file or a link; empty if it has no letters of the Latin script."""
    words = re.findall(r"[a-z0-9]+", ascii_of(re.sub("['\u2019]", "", text)))
    name = shorten(" ".join(words), MAX_SLUG, placeholder="").replace(" ", "-") or "".join(words)[:MAX_SLUG]
    return name if Id.PATTERN.fullmatch(name) else ""


def unused(base: str, taken: Container[str]) -> str:
    """The name, with the first number behind it that makes it one that is not `taken`."""
    return next(name for number in count(1) if (name := f"{base}-{number}" if number > 1 else base) not in taken)


def fold(name: str) -> str:
    """What two spellings of a name share: its letters and digits."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name).casefold())
