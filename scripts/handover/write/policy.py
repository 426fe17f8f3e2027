"""The Content-Security-Policy of the site: nothing from another server, and no inline script but the theme's own.

The allowed scripts are those of a reference site: the same theme and settings, and no page, text or name of ours. A
script that data brings into a page of the real site is none of them, so browsers refuse it.
"""

import base64
import hashlib
import json
import re
from pathlib import Path

from handover.paths import SafePath

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.DOTALL)
_DATA = re.compile(r"\btype=[\"']?application/")
_HEAD = re.compile(r"<head>\s*(?:<meta charset=[\"']?utf-8[\"']?>)?")
_NEIGHBOR = re.compile(r"<link rel=[\"']?(?:next|prev)\b[^>]*>\s*")
"""Firefox loads these ahead, which the policy forbids; the pages have no order to go through."""
_PLAIN_URL = re.compile(r"https?://[\w.:-]+(?:/[\w.~/-]*)?", re.ASCII)

DEPTH = 4
"""Folders between the root of the site and its deepest page, and more: the theme's scripts differ by this depth."""

RULES = {
    "default-src": "'none'",
    "base-uri": "'self'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-src": "'self'",
    "img-src": "'self' data:",
    "manifest-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # the theme has style attributes, which no hash can allow
    "worker-src": "'self'",
}
"""The directives besides that for scripts: w3.org/TR/CSP3."""


def write_reference(folder: SafePath, base: str, site_url: str | None) -> Path:
    """Write the source of the reference site into a new `folder`; return the path of its configuration.

    `base` is the path of MkDocs' base configuration. The theme's scripts differ by the depth of a page, and by the path
    of `site_url`, which only a plain one may set.
    """
    for depth in range(DEPTH + 1):
        (folder / "docs" / ("a/" * depth + "b.md")).write(b"# -\n")
    (folder / "docs/index.md").write(b"# -\n")
    settings = {"INHERIT": base, "docs_dir": "docs", "site_name": "-", "extra_css": [], "extra_javascript": []}
    if site_url and _PLAIN_URL.fullmatch(site_url):
        settings["site_url"] = site_url
    configuration = folder / "mkdocs.yml"
    configuration.write(json.dumps(settings).encode())  # JSON is YAML
    return configuration.path


def protect(site: Path, reference: Path) -> None:
    """Write the policy into each page of a built site, with the hashes of the inline scripts of the `reference` site.

    It is the same on every page: with instant navigation, the theme shows other pages under the policy of the first
    one. The files of exports/ are emails; those of the preview have a policy of their own.
    """
    texts = [path.read_text(encoding="utf-8") for path in reference.rglob("*.html")]
    scripts = {script for text in texts for kind, script in _INLINE.findall(text) if not _DATA.search(kind)}
    hashes = sorted(base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    rules = {**RULES, "script-src": " ".join(["'self'", *(f"'sha256-{each}'" for each in hashes)])}
    policy = "; ".join(f"{name} {value}" for name, value in sorted(rules.items()))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    for path in sorted(site.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        path.write_text(_NEIGHBOR.sub("", _HEAD.sub(lambda head: head[0] + meta, text, count=1)), encoding="utf-8")
