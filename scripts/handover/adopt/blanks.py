"""Blanks of templates, as people and platforms write them, to placeholders: known ones, else new ones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from handover.adopt.tokens import (
    CALL,
    CONTROL,
    EDITOR,
    ELSE,
    FALLBACK,
    GIVEN,
    SHAPES,
    ascii_of,
    fold,
    is_field,
    regex,
    token_patterns,
    words_of,
)
from handover.model.catalog import Catalog
from handover.model.pattern import patterns_in
from handover.model.placeholder import Placeholder
from handover.model.platform import Platform
from handover.model.spelling import RESERVED, nearest
from handover.model.value import unfilled

_ROLES = {
    "recipient": "first firstname fname name contactname recipientname prospectname customername prospectfirstname "
    "contactfirstname recipientfirstname customerfirstname leadfirstname namehere vorname prénom prenom",
    "sender": "yourname myname sendername sender repname aename senderfullname yourfullname signature mynamehere "
    "ihrname votrenom",
    "company": "company companyname account accountname customercompany organization theircompany yourcompany "
    "contactcompany companycompanyname prospectcompany customer",
}


@dataclass(slots=True)
class NewPlaceholder:
    """A placeholder that the catalog does not have."""

    label: str
    type: str = ""
    """If it is in an address, or in a text for several messages, and so for all messages; else empty."""
    fallback: str = ""

    def entry(self, description: str, filler: str) -> dict[str, str]:
        """Its entry under `placeholders`."""
        is_value = unfilled(self.label) is None and len(self.label) > 3
        example = self.label if is_value else f"Example {self.label.lower()}"
        sample = {"url": "https://example.com/page", "email": "name@example.com"}.get(self.type, example)
        entry = {"label": self.label, "description": description, "type": self.type, "filled_by": filler}
        entry |= {"sample": sample, "fallback": self.fallback}
        return {key: value for key, value in entry.items() if value}


@dataclass(slots=True)
class Blanks:
    """The placeholders of a catalog, and the new ones that the templates of one run need, each once."""

    catalog: Catalog
    platform: Platform | None = None
    """The platform that the templates are from, if that is known."""
    roles: dict[str, str] = field(default_factory=dict)
    """The placeholders of the `recipient`, the `sender` and the `company`, as far as they are known."""
    new: dict[str, "NewPlaceholder"] = field(default_factory=dict)
    """The new placeholders, by id."""
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    """For each platform the names of its fields that have no placeholder yet, by the ids of new ones."""
    used: dict[str, None] = field(default_factory=dict)
    """The ids used since this was last emptied."""
    controls: list[str] = field(default_factory=list)
    """The conditions since this was last emptied, which no placeholder can say."""
    fallbacks: dict[str, str] = field(default_factory=dict)
    """The fallbacks in the text that those placeholders do not have, by id."""
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
                ids = self.ids(platform)
                self.tokens += [(regex(text), ids) for _, text in patterns_in(getattr(platform.write, key)) if ids]

    def ids(self, platform: Platform) -> dict[str, str]:
        """The placeholders by the names of a platform's tokens; of two, the one that messages address people with."""
        ids: dict[str, str] = {}
        for name, token in platform.tokens.items():
            if token.name is not None and (fold(token.name) not in ids or name in self.roles.values()):
                ids[fold(token.name)] = str(name)
        return ids

    def marked(self, text: str, type_: str = "") -> str:
        """The text with a mark in place of each blank. `type_` is that of a blank in an address, which is for all."""
        for pattern, ids in self.tokens:
            text = pattern.sub(partial(self._known, ids), text)
        text = CONTROL.sub(self._control, EDITOR.sub("", text))
        return SHAPES.sub(partial(self._blank, type_), text)

    def _known(self, ids: dict[str, str], found: re.Match[str]) -> str:
        name = ids.get(fold(found.groupdict().get("name") or ""), "")
        return self._mark(name, found.groupdict().get("fallback")) if name in self.catalog.placeholders else found[0]

    def _control(self, found: re.Match[str]) -> str:
        self.controls.append(found[0])
        return " " * bool(ELSE.search(found[0]))

    def _blank(self, type_: str, found: re.Match[str]) -> str:
        inner = next(text for text in found.groupdict().values() if text)
        is_box = found["square"] and inner in "xX"
        if found["line"] or is_box or not re.search(r"[^\W\d_]", inner):
            if not found["line"]:
                return f"({inner})"
            self.unnamed += 1
            return self._mark(self._add(f"Blank {self.unnamed}", type_))
        name = FALLBACK.sub("", inner)
        call = CALL.search(name) if found["braces"] or found["percent"] or found["bang"] else None
        name = call[1] or call[2] if call else name
        name = re.sub(r"[{}\[\]<>|*%#$\\\"@^~`]", " ", name).strip(" !_.:")
        given = GIVEN.search(inner) if found[0][0] in "{%$" else None
        fallback = (given[1] or given[2]).strip() if given and fold(given[2] or "") != fold(name) else None
        if found["brace"] and not given:  # {Hi|Hello}: one of several texts
            fallback = inner.partition("|")[2].strip()
        label = name if inner.startswith("!") else words_of(name or inner)  # a note to the sender goes out as it is
        return self._mark(self._lookup(name or inner, label, type_, self._field(found[0])), fallback)

    def _field(self, token: str) -> str:
        """The name of the platform's field in a token; empty if it is none."""
        found = [pattern.fullmatch(token) for pattern in (token_patterns(self.platform) if self.platform else ())]
        return next((str(match["name"]) for match in found if match and is_field(match["name"])), "")

    def _lookup(self, name: str, label: str, type_: str, field_: str) -> str:
        """The placeholder with this name, or one that is like it, or a new one; for a field of the platform too."""
        key, names = fold(name), dict[str, str]()
        for each in reversed([*self.catalog.placeholders.values()]):
            forms = each.forms.items() if not type_ else ()
            names |= {fold(text): f"{each.id}.{form}" for form, text in forms}
            names |= {fold(text): str(each.id) for text in _names(each) if _fits(each, type_)}
        role = next((self.roles.get(role) for role, words in _ROLES.items() if key in words.split()), None)
        near = nearest(key, names, 0.86) if len(key) > 5 else None
        known = (role if not type_ else None) or names.get(key) or names.get(near or "")
        if known:
            return known
        new = self._add(label, type_ or "text" * bool(field_))
        if field_ and self.platform is not None:
            self.fields.setdefault(str(self.platform.id), {})[new] = field_
        return new

    def _add(self, label: str, type_: str) -> str:
        """A new placeholder with this label."""
        base = re.sub(r"[^a-z0-9]+", "_", ascii_of(label)).strip("_")[:40].strip("_") or "blank"
        taken = {*self.catalog.fillable, *RESERVED["placeholder"]}
        name = base
        while name in taken or (name in self.new and fold(self.new[name].label) != fold(label)):
            number = int(name[len(base) + 1 :] or 1) + 1
            name = f"{base}_{number}"
        new = self.new.setdefault(name, NewPlaceholder(label))
        new.type = new.type or type_ or "text" * self.is_shared
        return name

    def _mark(self, name: str, fallback: str | None = None) -> str:
        self.used[name.partition(".")[0]] = None
        if fallback:
            self._keep_fallback(name, fallback)
        return f"\ue000{name}\ue001"

    def _keep_fallback(self, name: str, fallback: str) -> None:
        known = self.catalog.placeholders.get(name)
        new = self.new.get(name)
        if new is not None and not new.fallback and unfilled(fallback) is None:
            new.fallback = fallback
        if fallback != (new.fallback if new else known.fallback if known else None):
            self.fallbacks[name] = fallback

    def own(self, template: str, kind: str) -> dict[str, dict[str, str]]:
        """The entries of those used new ones that are for one message alone."""
        filler = "platform" if kind == "marketing" else "sender"
        return {
            name: new.entry(f"What stands in the place of '{new.label}' in {template}.", filler)
            for name, new in self.new.items()
            if name in self.used and not new.type
        }


def _fits(placeholder: Placeholder, type_: str) -> bool:
    """True if it can stand in text, or, with a type, in that part of an address."""
    if not type_:
        return placeholder.type != "choice" and not placeholder.optional
    return placeholder.type == type_ or (type_ == "text" and placeholder.type == "email")


def _names(placeholder: Placeholder) -> Iterator[str]:
    yield from (placeholder.id, placeholder.label)
    if placeholder.ask is not None:
        yield placeholder.ask
