"""Long pieces of HTML on the pages of the site, for which MkDocs sees a stand-in.

MkDocs reads HTML as Markdown, for the search and as a page; a stand-in takes it a third of that time.
"""

import hashlib
import re

_STAND_IN = re.compile(r"(?:<p>)?<span data-part=\"(\w+)\">.*?</span>(?:</p>)?", re.DOTALL)


class Parts(dict[str, str]):
    """The HTML for stand-ins, by their names."""

    def stand_in(self, html: str, words: str) -> str:
        """The stand-in for a part from now on: a paragraph of its own, with escaped `words` for the search."""
        name = hashlib.sha256(html.encode()).hexdigest()[:16]
        self[name] = html
        return f'\n\n<span data-part="{name}">{words}</span>\n\n'

    def fill(self, page: str) -> str:
        """A page, or its source, with the parts in place of their stand-ins."""
        return _STAND_IN.sub(lambda found: self.get(found[1], found[0]), page)
