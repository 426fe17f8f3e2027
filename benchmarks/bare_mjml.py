"""The least that can be done: read each MJML file, compile it, write its HTML. `python bare_mjml.py FROM TO`."""

import sys
from pathlib import Path

from mjml import mjml2html

source, target = Path(sys.argv[1]), Path(sys.argv[2])
for path in source.rglob("*.mjml"):
    out = target / path.relative_to(source).with_suffix(".html")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(mjml2html(path.read_text(encoding="utf-8"), fonts={}), encoding="utf-8")
