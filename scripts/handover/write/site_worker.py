"""MkDocs in a process that stays: loaded once, it builds a site for each line of standard input.

A line is a JSON list: the path of the configuration, the folder to build into, and whether only pages that have
changed are built. The answer is one line, a JSON list of problems, empty when the site is built.
"""

import gc
import io
import json
import logging
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from handover.compiled import CompiledTemplates

EXTENSIONS = ["attr_list", "md_in_html", "tables", "toc", "pymdownx.superfences", "pymdownx.tabbed"]
"""The Markdown extensions that take longest to load."""

TEMPLATES = ("*.html", "partials/*.html", "partials/javascripts/*.html")
"""The templates of the theme that most pages need."""

DIRTY_NOTICE = "A 'dirty' build is being performed"


_compiled = CompiledTemplates()
"""MkDocs would compile the templates of the theme again for each site."""


class _Warnings(logging.Handler):
    """Collects warnings and errors."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Called by the logger."""
        if not record.getMessage().startswith(DIRTY_NOTICE):
            self.messages.append(record.getMessage())


def main() -> None:
    """Build until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command that started this process
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    sys.stdout = sys.stderr  # what a plugin prints is no answer
    with suppress(Exception):  # what cannot be loaded now is reported when a site needs it
        _preload()
    gc.freeze()
    for line in sys.stdin:
        answers.write(json.dumps(_build(*json.loads(line))) + "\n")
        answers.flush()


def _preload() -> None:
    """Load what a site needs, without reading any file of the repository."""
    from mkdocs.commands import build as _loaded  # noqa: F401
    from mkdocs.config import load_config

    config = load_config(
        io.BytesIO(), site_name="-", theme={"name": "material"}, plugins=["search"], markdown_extensions=EXTENSIONS,
        docs_dir=str(Path(__file__).parent),
    )  # fmt: skip
    environment = _environment(config)
    for folder in map(Path, config.theme.dirs):
        for pattern in TEMPLATES:
            for template in folder.glob(pattern):
                with suppress(TemplateError):  # of a plugin that is not in use
                    environment.get_template(template.relative_to(folder).as_posix())


_theme_files: dict[tuple[str, ...], list[str]] = {}
"""The files of each theme: MkDocs would walk through fifteen thousand of them again for each site."""


def _environment(config: Any) -> Any:
    """The template environment of a site's theme, which keeps compiled templates and the list of its files."""
    environment = config.theme.get_env()
    environment.bytecode_cache = _compiled
    key, list_files = (*config.theme.dirs, *sorted(config.theme.static_templates)), environment.list_templates

    def listed(**arguments: Any) -> list[str]:
        if key not in _theme_files:
            _theme_files[key] = list_files(**arguments)
        return _theme_files[key]

    environment.list_templates = listed
    config.theme.get_env = lambda: environment
    return environment


_configs: dict[tuple[str, str], Any] = {}
"""The configuration of the last full build, by its path and the folder of the site: dirty builds use it as it was."""


def _build(configuration: str, site: str, dirty: bool) -> list[str]:
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    warnings = _Warnings()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(warnings)
    index = Path(site) / "search/search_index.json"
    before = index.read_bytes() if dirty and index.is_file() else None
    try:
        if not dirty or (configuration, site) not in _configs:
            _configs.clear()
            _configs[configuration, site] = load_config(configuration, site_dir=site, strict=False)
            _environment(_configs[configuration, site])
        config = _configs[configuration, site]
        config.plugins.on_startup(command="build", dirty=False)
        build(config, dirty=dirty)
        config.plugins.on_shutdown()
        if before is not None:
            _merge_search_index(index, before)
    except (Exception, SystemExit) as failure:  # of a plugin or a configuration too: it is the answer
        return warnings.messages or [str(failure) or type(failure).__name__]
    finally:
        logger.removeHandler(warnings)
    return warnings.messages


def _merge_search_index(index: Path, before: bytes) -> None:
    """Put back the entries of the pages that a dirty build left out."""
    old, new = json.loads(before), json.loads(index.read_bytes())
    changed = {entry["location"].partition("#")[0] for entry in new["docs"]}
    kept = [entry for entry in old["docs"] if entry["location"].partition("#")[0] not in changed]
    index.write_text(json.dumps({**new, "docs": [*kept, *new["docs"]]}, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
