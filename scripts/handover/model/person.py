"""`data/people.yml`: the colleagues whom a form offers."""

from typing import Literal

from handover.model.base import Model
from handover.model.located import Id, Located, Reference

Field = Literal["name", "role", "email", "calendar", "pronouns"]


class Person(Model):
    """A colleague. The site publishes everything in this file."""

    id: Id
    """The id of the entry."""
    name: Located
    """First and last name."""
    role: Located | None = None
    """The role, shown beside the name in the list of colleagues."""
    email: Located | None = None
    """The email address."""
    calendar: Located | None = None
    """The URL of the scheduling page."""
    pronouns: Reference | None = None
    """The pronouns: the id of an option of a choice in data/placeholders.yml."""

    def value(self, field: Field) -> Located | None:
        """The value of a field; None if this person has none."""
        value: Located | None = getattr(self, field)
        return value
