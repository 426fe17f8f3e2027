"""The Content-Security-Policy of the site: nothing from another server, and no inline script but the theme's."""

import base64
import hashlib
import re
from pathlib import Path

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.DOTALL)
_DATA = re.compile(r"\btype=[\"']?application/")
_HEAD = re.compile(r"<head>\s*(?:<meta charset=[\"']?utf-8[\"']?>)?")

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


def protect(site: Path) -> None:
    """Write the policy into each page of a built site.

    It is the same on every page: with instant navigation, the theme shows other pages under the policy of the first
    one. The files of exports/ are emails, which get no policy.
    """
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    scripts = {script for page in pages.values() for kind, script in _INLINE.findall(page) if not _DATA.search(kind)}
    hashes = sorted(base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    rules = {**RULES, "script-src": " ".join(["'self'", *(f"'sha256-{each}'" for each in hashes)])}
    policy = "; ".join(f"{name} {value}" for name, value in sorted(rules.items()))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    for path, page in pages.items():
        path.write_text(_HEAD.sub(lambda head: head[0] + meta, page, count=1), encoding="utf-8")
