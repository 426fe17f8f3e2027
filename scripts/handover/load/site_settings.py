"""The root's mkdocs.yml: settings of how the site looks, and none by which MkDocs would run or read something else.

MkDocs imports what it finds under `hooks`, `plugins`, `markdown_extensions` and behind YAML tags, and a merge request
can write all of these. So what is not known to be harmless is refused.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handover.load.files import TextFile, read
from handover.load.yaml_tree import Loc, parse
from handover.model.diagnostic import Diagnostic, error

FILE = "mkdocs.yml"

KEYS = frozenset(
    [
        "copyright",
        "docs_dir",
        "extra_css",
        "extra_javascript",
        "markdown_extensions",
        "nav",
        "plugins",
        "site_author",
        "site_description",
        "site_dir",
        "site_name",
        "site_url",
        "strict",
        "theme",
        "use_directory_urls",
        "validation",
    ]
)
THEME_KEYS = frozenset(["direction", "favicon", "features", "font", "icon", "language", "logo", "name", "palette"])
PLUGINS = frozenset({"search"})
EXTENSIONS = frozenset(
    [
        "abbr",
        "admonition",
        "attr_list",
        "def_list",
        "footnotes",
        "md_in_html",
        "sane_lists",
        "tables",
        "toc",
        "pymdownx.details",
        "pymdownx.superfences",
        "pymdownx.tabbed",
    ]
)


def check_site_settings(root: Path) -> list[Diagnostic]:
    """What is wrong with the mkdocs.yml at `root`; nothing where there is none."""
    found: list[Diagnostic] = []
    if (root / FILE).exists() or (root / FILE).is_symlink():
        file = read(root, FILE, found)
        if file is not None:
            found += unsafe_settings(file)
    return found


def unsafe_settings(file: TextFile, inherited: str | None = None) -> list[Diagnostic]:
    """The settings of a configuration that are refused; `inherited` is what it may build on."""
    found: list[Diagnostic] = []
    tree = parse(file, found)
    if tree is None or not isinstance(tree.value, dict):
        return found
    for loc, what in _unsafe(tree.value, inherited):
        place = tree.keys.get(loc) or tree.values.get(loc) or tree.values[()]
        found.append(
            error(
                place,
                "unsafe-setting",
                f"{what} cannot be set here: it could run code, or read what is not of this repository.",
                "Delete it.",
            )
        )
    return found


def _unsafe(settings: dict[str, Any], inherited: str | None) -> Iterator[tuple[Loc, str]]:
    for key, value in settings.items():
        if key not in KEYS and not (key == "INHERIT" and value == inherited):
            yield (key,), f"'{key}'"
    theme = settings.get("theme", {})
    name = theme.get("name") if isinstance(theme, dict) else theme
    if name not in (None, "material"):
        yield (("theme", "name") if isinstance(theme, dict) else ("theme",)), f"the theme '{name}'"
    for key in theme if isinstance(theme, dict) else ():
        if key not in THEME_KEYS:
            yield ("theme", key), f"'theme.{key}'"
    yield from _listed(settings, "plugins", PLUGINS)
    yield from _listed(settings, "markdown_extensions", EXTENSIONS)


def _listed(settings: dict[str, Any], key: str, known: frozenset[str]) -> Iterator[tuple[Loc, str]]:
    """Entries that are not known, of a list of names, of names with options, or of a mapping of them."""
    entries = settings.get(key) or []
    if not isinstance(entries, list | dict):
        entries = [entries]
    for index, entry in enumerate(entries):
        loc: Loc = (key, entry) if isinstance(entries, dict) else (key, index)
        for name in entry if isinstance(entry, dict) else (entry,):
            if str(name) not in known:
                yield loc, f"'{name}' under '{key}'"
