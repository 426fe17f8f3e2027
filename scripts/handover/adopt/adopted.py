"""One template in its new place: the file that it is in, and what to know about it."""

from dataclasses import dataclass, field
from typing import Any

import yaml

from handover.model.base import FILL_IN


@dataclass(slots=True)
class Adopted:
    """One template: the file that it is in, and what to know about it."""

    path: str
    source: str
    is_new: bool
    text: str = ""
    losses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What is to be filled in; without any, it is no draft."""
    placeholders: list[str] = field(default_factory=list)
    """The ids of known placeholders in it."""
    own: list[str] = field(default_factory=list)
    """The ids of new ones that are its own."""
    head: dict[str, Any] = field(default_factory=dict)
    body: str = ""

    def refuse(self, problem: str) -> None:
        """Make a draft of it, so that no platform gets it: a check has found this problem."""
        if "kind" in self.head:  # a block cannot be a draft
            self.notes.append(f"mend this: {plain(problem)}")
            finish(self.head, self.notes, "")

    def write(self) -> None:
        """Put the text together."""
        self.text = f"---\n{dump(self.head)}---\n{self.body}\n"


def finish(head: dict[str, Any], notes: list[str], description: str) -> None:
    """Add to the front matter what a person has to look at, and that it is a draft until then."""
    if notes:
        head["description"] = f"{FILL_IN} what it is for, and {', '.join(dict.fromkeys(notes))}"
        head["draft"] = True
    elif description:
        head["description"] = description


def dump(data: Any, is_flat: bool = False) -> str:
    """Data as YAML, one line for each value; if `is_flat`, one for each entry."""
    style = None if is_flat else False
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100_000, default_flow_style=style)
    return text


def plain(text: str) -> str:
    """A value that is plain text: without the braces of placeholders."""
    return " ".join(text.replace("{", "(").replace("}", ")").split())[:500]
