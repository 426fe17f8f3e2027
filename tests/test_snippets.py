"""The page of snippets."""

import html
import json
import re
import shutil
from pathlib import Path

from handover.cli.assembly import site_pages
from handover.cli.pipeline import handbook, run_pipeline
from tests.conftest import ROOT

BLOCK = """\
---
title: Two <passages>
snippet: true
---
Hello {{ skipper }},

see [the guide][fitting-guide].
"""


def test_a_snippet_is_shown_with_what_to_copy_for_each_platform(tmp_path: Path) -> None:
    root = Path(shutil.copytree(ROOT / "tests/cases/good/tideline", tmp_path / "root"))
    (root / "content/blocks/two.md").write_text(BLOCK, encoding="utf-8")
    welcome = root / "content/messages/welcome-aboard.md"
    welcome.write_text(f"{welcome.read_text(encoding='utf-8')}\n::: include two\n", encoding="utf-8")
    result = run_pipeline(root)
    pages = site_pages(result, handbook(result), root / "build")
    page = pages.parts.fill(pages.files["snippets/index.md"].decode())
    assert (
        "[Two &#60;passages&#62;](../../snippets/index.md#two)"
        in pages.files["messages/welcome-aboard/index.md"].decode()
    )
    assert "snippets/index.md#two" not in pages.files["messages/season-letter/index.md"].decode()
    assert not result.has_errors, result.diagnostics
    section = page.partition("## Two &#60;passages&#62; { #two }")[2].partition("\n## ")[0]
    assert "<p>Hello [Skipper],</p>" in section
    data = json.loads(html.unescape(re.findall(r'data-composer="(.*?)"', section)[0]))
    assert list(data["blanks"]) == ["skipper"]
    assert re.findall('<input id="([^"]*)"', section) == ["blank-two--skipper"]
    (copied,) = (variant["copies"] for variant in data["variants"])
    assert list(copied) == [platform.id for platform in result.catalog.snippet_takers()] if result.catalog else []
    assert copied
    for each in copied.values():
        assert each["html"].count("<p>") == 2
        assert "\n\nsee the guide: https://" in each["text"]
        assert "Skipper" not in each["text"] or "skipper" not in each["text"]
    assert "In: [Welcome aboard](../messages/welcome-aboard/index.md)." in section
