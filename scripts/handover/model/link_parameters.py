"""Parameters that a platform adds to the URLs in its emails, for web analytics."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated
from urllib.parse import parse_qsl, quote

from pydantic import AfterValidator

from handover.model.base import Fault
from handover.model.located import Located

_NAMES = ("{message}", "{variant}")


def _known_names(parameters: dict[Located, Located]) -> dict[Located, Located]:
    for name, value in parameters.items():
        unknown = next((part for part in re.findall(r"\{[^{}]*\}|[{}]", value) if part not in _NAMES), None)
        if unknown:
            message = f"'{unknown}' has no meaning in a link parameter"
            raise Fault(message, name, hint="Write {message} or {variant}, with single braces.")
    return parameters


LinkParameters = Annotated[dict[Located, Located], AfterValidator(_known_names)]
"""The names of the parameters and their values, in which `{message}` and `{variant}` stand for ids."""


def added_to(url: str, parameters: Mapping[Located, Located], message: str, variant: str | None) -> str:
    """What to insert before the fragment of `url`: the parameters that it does not have yet, percent-encoded.

    Without a variant, `{variant}` is nothing, and a `-`, `_` or `.` beside it goes too; an empty value is left out.
    """
    before = url.partition("#")[0]
    query = before.partition("?")[2]
    there = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    added = "&".join(_written(parameters, there, message, variant))
    if not added or before.endswith(("?", "&")):
        return added
    return f"{'&' if '?' in before else '?'}{added}"


def _written(
    parameters: Mapping[Located, Located], there: set[str], message: str, variant: str | None
) -> Iterator[str]:
    for name, value in parameters.items():
        text = value if variant else re.sub(r"^\{variant\}[-_.]?|[-_.]?\{variant\}", "", value)
        text = text.replace("{message}", message).replace("{variant}", variant or "")
        if text and name not in there:
            yield f"{quote(name, safe='')}={quote(text, safe='')}"
