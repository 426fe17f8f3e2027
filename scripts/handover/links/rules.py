"""The built-in rules, and how a pattern is compared."""

import re
from fnmatch import translate
from functools import lru_cache
from importlib.resources import files

import yaml

from handover.model.link_rules import LinkRules


def rules_for(own: LinkRules) -> LinkRules:
    """The built-in rules with a repository's `own` added."""
    text = files(__package__).joinpath("rules.yml").read_text(encoding="utf-8")
    built_in = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe ones
    return LinkRules.model_validate(built_in).and_also(own)


def matches(text: str, patterns: tuple[str, ...]) -> bool:
    """True if the whole `text` is like one of the patterns; case does not count."""
    return _compiled(patterns).match(text.casefold()) is not None


@lru_cache
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern.casefold()) for pattern in patterns) or "(?!)")
