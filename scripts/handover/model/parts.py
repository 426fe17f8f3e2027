"""Pages of the site, and long pieces of HTML on them, for which MkDocs sees a stand-in.

MkDocs reads HTML as Markdown, for the search and as a page; a stand-in takes it a third of that time.
"""

import re
from dataclasses import dataclass, field

_STAND_IN = re.compile(r"(?:<p>)?<span data-part=\"([^\"]+)\">.*?</span>(?:</p>)?", re.DOTALL)


class Parts(dict[str, str]):
    """The HTML for stand-ins, by their names: those of one `page`, or of a whole site."""

    page = ""

    def stand_in(self, html: str, words: str) -> str:
        """The stand-in for the next part of the page: a paragraph of its own, with escaped `words` for the search.

        It stays the same while the HTML changes: `serve` does not build the page again then.
        """
        name = f"{self.page}:{len(self)}"
        self[name] = html
        return f'\n\n<span data-part="{name}">{words}</span>\n\n'

    def fill(self, page: str) -> str:
        """A page, or its source, with the parts in place of their stand-ins."""
        return _STAND_IN.sub(lambda found: self.get(found[1], found[0]), page)


@dataclass(frozen=True, slots=True)
class Page:
    """A file of the site's source; `path` is relative to MkDocs' source folder."""

    path: str
    text: str
    parts: Parts = field(default_factory=Parts)
