"""People whose details do not fit the placeholders that they fill in."""

from collections.abc import Iterator

from handover.model.catalog import Catalog
from handover.model.diagnostic import Diagnostic, error
from handover.model.platform import token_delimiters
from handover.model.spelling import guess


def unsuitable_details(catalog: Catalog) -> Iterator[Diagnostic]:
    """Details that the form would refuse if someone typed them: one error per value."""
    tokens = token_delimiters(catalog.platforms.values())
    for person in catalog.people.values():
        reported = set()
        for placeholder in catalog.every_placeholder:
            field = placeholder.person
            value = person.value(field) if field else None
            if value is None or field in reported:
                continue
            problem = placeholder.problem_with(value, tokens)
            if problem:
                reported.add(field)
                hint = guess(value, placeholder.options, "The options are") if placeholder.options else placeholder.fix
                yield error(value, "invalid-value", f"{problem}.", hint)


DATA_RULES = (unsuitable_details,)
