"""`data/glossary.yml`: terms and abbreviations."""

from handover.model.base import Model
from handover.model.located import Id, Located, Prose


class Term(Model):
    """A term or an abbreviation."""

    id: Id
    """The id that playbooks use."""
    term: Located
    """The term as the handbook writes it; the tooltip appears on exactly these characters."""
    meaning: Located
    """Its meaning, shown as the tooltip."""
    description: Prose | None = None
    """More about it, for the glossary page."""
