"""The template engines of platforms: what others wrote where there is something, else the grammar of the tokens alone.

The fields of a profile are by the names that the platform's file has for them. A field without a value is not there.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import airspeed
import liquid
from dotpromptz_handlebars import Handlebars
from jinja2 import ChainableUndefined, Environment

Fields = Mapping[str, str]
Engine = Callable[[str, Fields], str]


def nested(fields: Fields) -> dict[str, Any]:
    """`{"contact.firstname": "Dana"}` as `{"contact": {"firstname": "Dana"}}`."""
    tree: dict[str, Any] = {}
    for name, value in fields.items():
        *groups, last = name.split(".")
        inner = tree
        for group in groups:
            inner = inner.setdefault(group, {})
        inner[last] = value
    return tree


def encoded(value: object) -> str:
    return quote(str(value), safe="")


def with_liquid(text: str, fields: Fields) -> str:
    """Liquid (python-liquid), where `${name}` is not read: it is written `name` for it."""
    engine = liquid.Environment()
    engine.filters["url_param_escape"] = encoded
    bare = {re.sub(r"\$\{(\w+)\}", r"\1", name): value for name, value in fields.items()}
    return engine.from_string(re.sub(r"\$\{(\w+)\}", r"\1", text)).render(**nested(bare))


def with_handlebars(text: str, fields: Fields) -> str:
    """Handlebars, with the two helpers that the platform adds."""
    engine = Handlebars()
    engine.register_helper("defaultIfEmpty", lambda args, options: args[0] or args[1])
    engine.register_helper("urlEncode", lambda args, options: encoded(options.fn()))
    return str(engine.compile(text)(nested(fields)))


def with_merge_language(text: str, fields: Fields) -> str:
    """Handlebars that does not escape: whether the platform's own kind does is not known."""
    return str(Handlebars(escape_html=False).compile(text)(nested(fields)))


def with_hubl(text: str, fields: Fields) -> str:
    """Jinja2, of which HubL is a dialect, with the function that the platform adds."""
    engine = Environment(autoescape=False, keep_trailing_newline=True, undefined=ChainableUndefined)  # noqa: S701 - as the platform
    engine.globals["personalization_token"] = lambda name, fallback: fields.get(name) or fallback
    return engine.from_string(text).render(**nested(fields))


def by_grammar(*shapes: str) -> Engine:
    """Tokens of these shapes, the first that fits: this is our own reading of the platform's pages, and no engine."""
    patterns = [re.compile(shape) for shape in shapes]

    def filled(text: str, fields: Fields) -> str:
        parts, end = [], 0
        while found := [match for pattern in patterns if (match := pattern.search(text, end))]:
            match = min(found, key=lambda match: match.start())
            value = fields.get(match["name"]) or match.groupdict().get("fallback") or ""
            parts += [text[end : match.start()], encoded(value) if "URLEncode" in match[0] else value]
            end = match.end()
        return "".join((*parts, text[end:]))

    return filled


marketo_tokens = by_grammar(r"\{\{(?P<name>[^{}:]+)(?::default=(?P<fallback>.*?))?\}\}")


def with_velocity(text: str, fields: Fields) -> str:
    """Velocity (airspeed), which reads the whole email, before the tokens are filled in by their grammar."""
    assert airspeed.Template(text).merge({}) == text, "Velocity reads words of the email as its own"
    return marketo_tokens(text, fields)


_VALUE = r"AttributeValue\('(?P<name>\w+)'\)"
_EITHER = rf"Iif\(Empty\({_VALUE}\),'(?P<fallback>[^']*)',AttributeValue\('(?P=name)'\)\)"

ENGINES: dict[str, Engine] = {
    "account-engagement": with_merge_language,
    "braze": with_liquid,
    "customer-io": with_liquid,
    "hubspot": with_hubl,
    "hubspot-sales": with_hubl,
    "iterable": with_handlebars,
    "marketo": with_velocity,
    "salesforce-lightning": with_merge_language,
}
"""An engine that others wrote reads the exports of these platforms."""

ESCAPING = ("braze", "customer-io", "iterable")
"""Platforms that escape values for HTML. Elsewhere a value with markup is markup."""

GRAMMARS: dict[str, Engine] = {
    "apollo": by_grammar(
        r"\{\{#if (?P<name>\w+)\}\}\{\{(?P=name)\}\}\{\{#else\}\}(?P<fallback>.*?)\{\{#endif\}\}",
        r"\{\{(?P<name>\w+)\}\}",
    ),
    "klaviyo": by_grammar(r"\{\{ (?P<name>\w+)(?:\|default:'(?P<fallback>[^']*)')? \}\}"),
    "mailchimp": by_grammar(
        r"\*\|IF:(?P<name>\w+)\|\*\*\|(?P=name)\|\*\*\|ELSE:\|\*(?P<fallback>.*?)\*\|END:IF\|\*",
        r"\*\|(?P<name>\w+)\|\*",
    ),
    "outreach": by_grammar(r"\{\{(?P<name>[\w.]+)\}\}"),
    "salesforce-classic": by_grammar(
        r"\{!BLANKVALUE\((?P<name>[\w.]+),\"(?P<fallback>[^\"]*)\"\)\}", r"\{!(?P<name>[\w.]+)\}"
    ),
    "salesforce-marketing-cloud": by_grammar(
        rf"%%={_EITHER}=%%",
        rf"%%=URLEncode\({_EITHER},true,true\)=%%",
        rf"%%=URLEncode\({_VALUE},true,true\)=%%",
        r"%%(?P<name>\w+)%%",
    ),
}
"""There is no engine for these: only the grammar of their tokens is held."""
