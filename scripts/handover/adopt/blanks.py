"""Blanks of templates, as people and platforms write them, to placeholders: known ones, else new ones."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from handover.model.catalog import Catalog
from handover.model.filled import unfilled
from handover.model.located import Id
from handover.model.pattern import PART, patterns_in
from handover.model.placeholder import Placeholder
from handover.model.platform import Platform
from handover.model.reserved import RESERVED
from handover.model.spelling import nearest

MARK = re.compile("\ue000([^\ue001]*)\ue001")
"""A placeholder in a text that is not escaped yet."""

_NAME = r"(?P<name>[^\n{}|%<>]{1,100}?)"
_WORDS = {"<fallback>": r"[^\n]{0,200}?", "<raw_fallback>": r"[^\n]{0,200}?", "<label>": r"(?P<label>[^\n{}]{1,200}?)"}
_CONTROL = re.compile(
    r"\{%[^%\n]{0,300}%\}|\{\{\{?[#/^>][^{}\n]{0,200}\}?\}\}|\{\{ ?else ?\}\}|%%\[[^\]]{0,2000}\]%%"
    r"|\*\|(?:IF|IFNOT|ELSE|ELSEIF|END)[: ][^|\n]{0,200}\|\*"
)
"""What decides what a text says, and says nothing itself."""
_EDITOR = re.compile(r"\*\|MC[:_][^|\n]{0,100}\|\*")
"""What an editor of emails fills in with the subject and the preheader."""
_FIELD = re.compile(r"[A-Za-z][\w.: -]*")
"""The name of a field; a note to the sender begins with a `!`."""
_SHAPES = re.compile(
    r"\{\{\$\{(?P<dollars>[^{}\n]{1,100})\}[^{}\n]{0,100}\}\}|\{\{\{?(?P<braces>[^{}\n]{1,300})\}?\}\}"
    r"|\*\|(?P<bars>[^|\n]{1,200})\|\*|%%=?(?P<percent>[^%\n]{1,200}?)=?%%|\{!(?P<bang>[^{}\n]{1,200})\}"
    r"|\$\{(?P<dollar>[^{}\n]{1,100})\}|\[\[(?P<twice>[^\[\]\n]{1,200})\]\]|\[(?P<square>[^\[\]\n]{1,200})\]"
    r"|\{(?P<brace>[^{}\n]{1,200})\}|<(?P<angle>[A-Za-z][^<>\n@:/]{0,60})>|\u00ab(?P<guillemets>[\w .-]{1,60})\u00bb"
    r"|(?<!\w)(?P<line>[Xx]{3,}|XX|_{3,}|\.{6,})(?!\w)"
)
_FALLBACK = re.compile(r"\s*(?:\||:default=|\bor\s+[\"'\u201c]).*$", re.IGNORECASE)
_QUOTED = re.compile(r"\(\s*@?[\"']?([\w.@ -]+)[\"']?")
_ROLES = {
    "recipient": "first firstname fname name contactname recipientname prospectname customername prospectfirstname "
    "contactfirstname recipientfirstname customerfirstname leadfirstname namehere",
    "sender": "yourname myname sendername sender repname aename senderfullname yourfullname signature mynamehere",
    "company": "company companyname account accountname customercompany organization theircompany yourcompany "
    "contactcompany companycompanyname prospectcompany customer",
}


@dataclass(slots=True)
class Blanks:
    """The placeholders of a catalog, and the new ones that the templates of one run need, each once."""

    catalog: Catalog
    platform: Platform | None = None
    """The platform that the templates are from, if that is known."""
    roles: dict[str, str] = field(default_factory=dict)
    """The placeholders of the `recipient`, the `sender` and the `company`, as far as they are known."""
    new: dict[str, str] = field(default_factory=dict)
    """The labels of new placeholders, by id."""
    types: dict[str, str] = field(default_factory=dict)
    """The types of those new ones that are in an address, and so are for all messages."""
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    """For each platform the names of its fields that have no placeholder yet, by the ids of new ones."""
    used: dict[str, None] = field(default_factory=dict)
    """The ids used since this was last emptied."""
    controls: list[str] = field(default_factory=list)
    """The conditions since this was last emptied, which no placeholder can say."""
    unnamed: int = 0
    """The blanks without a name."""
    is_shared: bool = False
    """True while a text is read that several messages share: what is new is for all of them."""
    tokens: list[tuple[re.Pattern[str], dict[str, str]]] = field(default_factory=list)
    """Each pattern of each platform, the longest forms first, with the placeholders by the names in it."""

    def __post_init__(self) -> None:
        every = sorted(self.catalog.platforms.values(), key=lambda each: each is not self.platform)
        for platform in every:
            for name, token in platform.tokens.items():
                for _, text in patterns_in(token.write):
                    self.tokens.append((re.compile(re.escape(text).replace(r"\ ", r"\s+")), {"": str(name)}))
        for key in ("fallback", "token"):
            for platform in every:
                ids = self._ids(platform)
                self.tokens += [(_regex(text), ids) for _, text in patterns_in(getattr(platform.write, key)) if ids]

    def _ids(self, platform: Platform) -> dict[str, str]:
        """The placeholders by the names of a platform's tokens; of two, the one that messages address people with."""
        ids: dict[str, str] = {}
        for name, token in platform.tokens.items():
            if token.name is not None and (fold(token.name) not in ids or name in self.roles.values()):
                ids[fold(token.name)] = str(name)
        return ids

    def platform_of(self, text: str, usual: Collection[Platform]) -> Platform | None:
        """The platform of which the text has the most tokens, a `usual` one if it can be; None if that is not clear."""
        known: dict[str, int] = {}
        shaped: list[Platform] = []
        for platform in self.catalog.platforms.values():
            patterns = [pattern for _, pattern in patterns_in(platform.write.token)]
            names = {found["name"] for pattern in patterns for found in _regex(pattern).finditer(text)}
            known[str(platform.id)] = len({fold(name) for name in names} & set(self._ids(platform)))
            shaped += [platform] if any("." in name and _FIELD.fullmatch(name) for name in names) else []
        every = [platform for platform in self.catalog.platforms.values() if known[str(platform.id)]]
        able = [platform for platform in every if platform in usual] or every
        able = able or [platform for platform in shaped if platform in usual]
        best = max((known[str(platform.id)] for platform in able), default=0)
        first = [platform for platform in able if known[str(platform.id)] == best]
        return first[0] if len(first) == 1 else None

    def marked(self, text: str, type_: str = "") -> str:
        """The text with a mark in place of each blank. `type_` is that of a blank in an address, which is for all."""
        for pattern, ids in self.tokens:
            text = pattern.sub(partial(self._known, ids), text)
        text = _CONTROL.sub(self._control, _EDITOR.sub("", text))
        return _SHAPES.sub(partial(self._blank, type_), text)

    def _known(self, ids: dict[str, str], found: re.Match[str]) -> str:
        name = ids.get(fold(found.groupdict().get("name") or ""), "")
        return self._mark(name) if name in self.catalog.placeholders else found[0]

    def _control(self, found: re.Match[str]) -> str:
        self.controls.append(found[0])
        return ""

    def _blank(self, type_: str, found: re.Match[str]) -> str:
        inner = next(text for text in found.groupdict().values() if text)
        if found["line"] or not re.search(r"[^\W\d_]", inner):
            if not found["line"]:
                return f"({inner})"
            self.unnamed += 1
            return self._mark(self._add(f"Blank {self.unnamed}", type_))
        quoted = _QUOTED.search(inner) if found["braces"] or found["percent"] or found["bang"] else None
        name = quoted[1] if quoted else _FALLBACK.sub("", inner)
        name = re.sub(r"[{}\[\]<>|*%#$\\\"@^~`]", " ", name).strip(" !_.:")
        return self._mark(self._lookup(name or inner, type_, self._field(found[0])))

    def _field(self, token: str) -> str:
        """The name of the platform's field in a token; empty if it is none, or the platform's file takes no new one."""
        if self.platform is None or self.platform.verified:
            return ""
        for _, pattern in patterns_in(self.platform.write.token):
            found = _regex(pattern).fullmatch(token)
            if found and _FIELD.fullmatch(found["name"]):
                return str(found["name"])
        return ""

    def _lookup(self, name: str, type_: str, field_: str) -> str:
        """The placeholder with this name, or one that is like it, or a new one; for a field of the platform too."""
        key = fold(name)
        usable = [each for each in self.catalog.placeholders.values() if _fits(each, type_)]
        names = {fold(text): str(each.id) for each in reversed(usable) for text in _names(each)}
        choices = {
            fold(label): f"{each.id}.{form}"
            for each in self.catalog.placeholders.values()
            for form, label in each.forms.items()
        }
        role = next((self.roles.get(role) for role, words in _ROLES.items() if key in words.split()), None)
        if role and not type_:
            return role
        if key in names:
            return names[key]
        if key in choices and not type_:
            return choices[key]
        near = nearest(key, names, 0.86) if len(key) > 5 else None
        if near or not field_ or self.platform is None:
            return names[near] if near else self._add(_words(name), type_)
        new = self._add(_words(name), type_ or "text")
        self.fields.setdefault(str(self.platform.id), {})[new] = field_
        return new

    def _add(self, label: str, type_: str) -> str:
        """A new placeholder with this label."""
        base = re.sub(r"[^a-z0-9]+", "_", _ascii(label)).strip("_")[:40].strip("_") or "blank"
        taken = {*self.catalog.fillable, *RESERVED["placeholder"]}
        name = base
        while name in taken or (name in self.new and fold(self.new[name]) != fold(label)):
            number = int(name[len(base) + 1 :] or 1) + 1
            name = f"{base}_{number}"
        self.new.setdefault(name, label)
        if type_ or self.is_shared:
            self.types.setdefault(name, type_ or "text")
        return name

    def _mark(self, name: str) -> str:
        self.used[name.partition(".")[0]] = None
        return f"\ue000{name}\ue001"

    def own(self, used: Iterable[str]) -> dict[str, str]:
        """The labels of those new ones that are for one message alone."""
        return {name: self.new[name] for name in used if name in self.new and name not in self.types}


def sample(label: str) -> str:
    """A sample value to replace."""
    return label if unfilled(label) is None and len(label) > 3 else f"Example {label.lower()}"


def _regex(text: str) -> re.Pattern[str]:
    """The regular expression of a pattern of a platform."""
    found, seen = "", False
    for part in re.split(f"({PART})", text):
        if part == "<name>":
            found += r"(?P=name)" if seen else rf"\s*{_NAME}\s*"
            seen = True
        else:
            found += _WORDS.get(part, re.escape(part))
    return re.compile(found, re.DOTALL)


def _fits(placeholder: Placeholder, type_: str) -> bool:
    """True if it can stand in text, or, with a type, in that part of an address."""
    if not type_:
        return placeholder.type != "choice" and not placeholder.optional
    return placeholder.type == type_ or (type_ == "text" and placeholder.type == "email")


def _names(placeholder: Placeholder) -> Iterator[str]:
    yield from (placeholder.id, placeholder.label)
    if placeholder.ask is not None:
        yield placeholder.ask


def _words(name: str) -> str:
    """The name in words, as a label: `contact.plan_name` is `Contact plan name`."""
    if re.search(r"\s", name):
        return " ".join(name.split())
    spaced = " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])|[.:_-]+", " ", name).split())
    return spaced[:1].upper() + spaced[1:].lower()


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def slug(text: str, limit: int = 50) -> str:
    """The text as an id for a file or a link; empty if it has no letters of the Latin script."""
    words = re.findall(r"[a-z0-9]+", _ascii(re.sub("['\u2019]", "", text)))
    name = ""
    for word in words:
        if len(name) + len(word) >= limit:
            break
        name = f"{name}-{word}" if name else word
    name = name or "".join(words)[:limit]
    return name if Id.PATTERN.fullmatch(name) else ""


def fold(name: str) -> str:
    """What two spellings of a name share: its letters and digits."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name).casefold())
