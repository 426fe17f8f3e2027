"""Loading with a cache: only files whose text has changed are parsed and validated again."""

import shutil
from pathlib import Path

from handover.cli.options import built_in
from handover.load.catalog import Cache, load
from tests.conftest import ROOT


def test_only_a_changed_file_is_validated_again(tmp_path: Path) -> None:
    root = Path(shutil.copytree(ROOT / "tests/cases/good/tideline", tmp_path / "root"))
    cache: Cache = {}
    first = load(root, built_in("templates"), cache)
    message = root / "content/messages/season-letter.md"
    message.write_text(message.read_text(encoding="utf-8").replace("layout:", "layuot:"), encoding="utf-8")
    second = load(root, built_in("templates"), cache)
    assert first.catalog is not None
    assert second.catalog is not None
    assert second.catalog.messages["welcome-aboard"] is first.catalog.messages["welcome-aboard"]
    assert second.catalog.links is first.catalog.links
    assert [(found.code, found.place.path) for found in second.diagnostics] == [
        ("unknown-key", "content/messages/season-letter.md")
    ]
    assert load(root, built_in("templates"), cache) == second == load(root, built_in("templates"))
    message.unlink()
    third = load(root, built_in("templates"), cache)
    assert third.diagnostics == ()
    assert third.catalog is not None
    assert list(third.catalog.messages) == ["welcome-aboard"]
