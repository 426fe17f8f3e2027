"""What every model of a data file has in common."""

from functools import cached_property

from pydantic import BaseModel, ConfigDict

STILL_TO_WRITE = "FILL IN"
"""What stands where a text is still to be written."""


class Fault(ValueError):
    """What is wrong with a model as a whole.

    `key` is the way to the key below it that is to blame, if it is one; `at_key` is true if that key itself is
    wrong, not its value. `hint` says how to mend it.
    """

    def __init__(self, message: str, *key: str, hint: str | None = None, at_key: bool = False) -> None:
        super().__init__(message)
        self.key = key
        self.hint = hint
        self.at_key = at_key


class Model(BaseModel):
    """Frozen, and a key that it does not know is refused: a misspelt key must never be lost in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @cached_property
    def is_draft(self) -> bool:
        """True if something in it is still to be written."""
        return STILL_TO_WRITE in self.model_dump_json()
