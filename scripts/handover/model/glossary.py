"""`data/glossary.yml`: terms and abbreviations."""

from handover.model.base import Model
from handover.model.located import Id, Located, Prose


class Term(Model):
    """One term."""

    id: Id
    """The name that playbooks use."""
    term: Located
    """As it is written in the handbook; the tooltip appears on these very characters."""
    meaning: Located
    """What it stands for; the tooltip."""
    description: Prose | None = None
    """More about it."""
