"""The placeholders of a post that a checklist's item names; the page of the checklist fills them in."""

from collections.abc import Mapping

from handover.model.located import Id, Located
from handover.model.placeholder import Placeholder

PREFIX = "checklist"
"""The part of each id before the dot. No placeholder of data/placeholders.yml can be called this."""


def _placeholder(name: str, label: str, description: str, sample: str) -> tuple[str, Placeholder]:
    """A placeholder with an id that a data file cannot have, and a sample that can have several lines."""
    name = f"{PREFIX}.{name}"
    return name, Placeholder.model_construct(
        id=Id(name),
        label=Located(label),
        description=Located(description),
        type="text",
        filled_by="customer",
        sample=Located(sample),
    )


CHECKLIST_PLACEHOLDERS: Mapping[str, Placeholder] = dict(
    (
        _placeholder(
            "done", "What is done", "The items that are ticked off, one per line.", "- The first\n- The second"
        ),
        _placeholder("open", "What is open", "The items that are not ticked off, one per line.", "- The third"),
        _placeholder("account", "Account", "The account that the checklist is for.", "Acme"),
    )
)
"""By id."""

WITH_LINES = frozenset({f"{PREFIX}.done", f"{PREFIX}.open"})
"""The ids of those whose value is a list, one item per line."""
