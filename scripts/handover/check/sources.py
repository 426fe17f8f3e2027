"""Places in a template and in those that it imports."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from handover.model.diagnostic import Place

_OTHER = re.compile(r"\{%-?\s*(?:import|include|extends|from)\s+[\"']([^\"']+)[\"']")
_MAY_LACK = re.compile(r"\{#-?\s*may-lack\s+([a-z0-9, -]+):\s*\S.*?#\}", re.DOTALL)


@dataclass(frozen=True)
class TemplateSource:
    """The text of a template, `path` below the root, and of those that it imports or includes."""

    path: str
    templates: Mapping[str, str]

    def place(self, *needles: str) -> Place:
        """The place of the first needle that occurs; the start of the template if none does."""
        for needle in needles:
            for name in self.names:
                text = self.templates[name]
                at = text.find(needle) if needle else -1
                if at >= 0:
                    return Place(f"templates/{name}", text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        return Place(self.path)

    def other(self, path: str, needle: str) -> Place:
        """The place of the needle in another template."""
        return TemplateSource(path, self.templates).place(needle)

    def may_lack(self, path: str, feature: str) -> bool:
        """True if a `may-lack` comment in the template at `path` names the feature."""
        text = self.templates[path.removeprefix("templates/")]
        return any(feature in re.split(r"[,\s]+", match[1].strip()) for match in _MAY_LACK.finditer(text))

    @cached_property
    def names(self) -> list[str]:
        """The template and all that it imports or includes, each once."""
        waiting, seen = [self.path.removeprefix("templates/")], list[str]()
        while waiting:
            name = waiting.pop(0)
            if name in self.templates and name not in seen:
                seen.append(name)
                waiting += _OTHER.findall(self.templates[name])
        return seen
