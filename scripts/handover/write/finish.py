"""What MkDocs leaves to us on the pages of a site: HTML for the stand-ins, links to terms, the sizes of pictures.

`python -m handover.write.finish BUILD SITE` does it after another program has built the SITE from the folder BUILD.
"""

import json
import os
import sys
from pathlib import Path

from handover.model.parts import Parts
from handover.paths import SafePath
from handover.write.picture_sizes import sized
from handover.write.site import SitePages
from handover.write.terms import linked

FILE = "finish.jsonl"
"""Beside the pages that MkDocs reads: what their site is finished with."""


def finish(site: Path, pages: SitePages) -> None:
    """Finish the `pages` in a `site` that MkDocs has built.

    A page that has been through this is left as it is, and so is a symbolic link, which another program may have left.
    """
    files = (Path(folder, name) for folder, _, names in os.walk(site) for name in names if name.endswith(".html"))
    for path in files:
        if not path.is_symlink():
            before, page = path.read_bytes(), finished(path, site, pages)
            if page != before:
                path.write_bytes(page)


def finished(path: Path, site: Path, pages: SitePages) -> bytes:
    """The page of a `site` that MkDocs has built at `path`, as readers get it."""
    text = path.read_text(encoding="utf-8")
    up = "../" * (len(path.relative_to(site).parts) - 1)
    with_terms = linked(text, f"{up}glossary/", pages.term_ids) if "<abbr " in text else text
    return sized(pages.parts.fill(with_terms), path.parent).encode()


def keep(build: SafePath, pages: SitePages) -> None:
    """Write what the pages in the folder `build` are finished with, for `kept`: the terms, then a part on each line."""
    with (build / FILE).open() as file:
        for line in (pages.term_ids, *pages.parts.items()):
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def kept(build: Path) -> SitePages:
    """What the pages in the folder `build` are finished with, without the pages. Raises OSError and ValueError."""
    with (build / FILE).open(encoding="utf-8") as file:
        return SitePages(term_ids=json.loads(next(file)), parts=Parts(map(json.loads, file)))


if __name__ == "__main__":
    finish(Path(sys.argv[2]), kept(Path(sys.argv[1])))
