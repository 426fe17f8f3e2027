"""The built-in rules, and pattern matching."""

import re
from fnmatch import translate
from functools import lru_cache
from importlib.resources import files

import yaml

from handover.model.link import LinkRules


def rules_for(own: LinkRules) -> LinkRules:
    """The built-in rules with a repository's `own` added."""
    text = files(__package__).joinpath("rules.yml").read_text(encoding="utf-8")
    built_in = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe ones
    return LinkRules.model_validate(built_in).merged_with(own)


def matches(text: str, patterns: tuple[str, ...]) -> bool:
    """True if one of the patterns matches the whole `text`, in upper or lower case."""
    folded = text.casefold()
    exact, wild = _sorted(patterns)
    return folded in exact or any(part in folded and _compiled(pattern).match(folded) for part, pattern in wild)


@lru_cache
def _sorted(patterns: tuple[str, ...]) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    """The literal patterns, and those with wildcards, each with its longest literal part.

    A text without that part cannot match, so that few patterns are ever compiled: compiling all would be slow.
    """
    folded = [pattern.casefold() for pattern in patterns]
    wild = [pattern for pattern in folded if any(sign in pattern for sign in "*?[")]
    parts = ["" if "[" in pattern else max(re.split(r"[*?]", pattern), key=len) for pattern in wild]
    return frozenset(folded) - frozenset(wild), tuple(zip(parts, wild, strict=True))


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))
