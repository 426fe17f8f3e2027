"""MkDocs in a process that stays: it is loaded once, and builds whenever a line of standard input asks for it.

A line is a JSON list of the configuration's path and the folder to build into; the answer is one line, a JSON list of
what MkDocs has against it, empty when the site is built. It ends with its input.
"""

import gc
import io
import json
import logging
import os
import signal
import sys
from contextlib import suppress
from itertools import chain
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, TemplateError
from jinja2.bccache import Bucket

THEME = "material"
EXTENSIONS = ["attr_list", "md_in_html", "tables", "toc", "pymdownx.superfences", "pymdownx.tabbed"]
"""What takes longest to load of all that sites use."""

TEMPLATES = ("*.html", "partials/*.html", "partials/javascripts/*.html")
"""Those of the theme that most pages are made with."""


class _Compiled(BytecodeCache):
    """The theme's templates: MkDocs would compile them for each site anew."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Called before compiling."""
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Called after it."""
        self.codes[bucket.key, bucket.checksum] = bucket.code


_compiled = _Compiled()


class _Listed:
    """What the theme consists of: MkDocs would look through its fifteen thousand files for each site anew."""

    def __init__(self) -> None:
        self.lists: dict[object, list[str]] = {}

    def into(self, theme: Any, environment: Any) -> None:
        """Have it known to the `environment` of a theme."""
        look, key = environment.list_templates, (*theme.dirs, *sorted(theme.static_templates))

        def known(*arguments: Any, **named: Any) -> list[str]:
            if key not in self.lists:
                self.lists[key] = look(*arguments, **named)
            return self.lists[key]

        environment.list_templates = known


_listed = _Listed()


class _Said(logging.Handler):
    """Keeps warnings and errors."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Called by the logger."""
        self.lines.append(record.getMessage())


def main() -> None:
    """Build until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command that started this
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    sys.stdout = sys.stderr  # what a plugin prints is no answer
    gc.disable()
    with suppress(Exception):  # what cannot be loaded is said when a site needs it
        _load()
    gc.freeze()
    for line in sys.stdin:
        answers.write(json.dumps(_build(*json.loads(line))) + "\n")
        answers.flush()
        gc.collect()  # now that nobody waits


def _load() -> None:
    """All that a site needs, before there is one. No file of a repository is read: nobody has looked at them yet."""
    from mkdocs.config import load_config
    from mkdocs.structure.files import Files

    from handover.write import site_pages as _loaded  # noqa: F401

    config = load_config(
        io.BytesIO(), site_name="-", theme={"name": THEME}, plugins=["search"], markdown_extensions=EXTENSIONS,
        docs_dir=str(Path(__file__).parent),
    )  # fmt: skip
    environment = _environment(config)
    Files([]).add_files_from_theme(environment, config)
    for folder in map(Path, config.theme.dirs):
        for template in chain.from_iterable(map(folder.glob, TEMPLATES)):
            with suppress(TemplateError):  # of a plugin that is not used here
                environment.get_template(template.relative_to(folder).as_posix())


def _environment(config: Any) -> Any:
    """That of the templates of a site's theme, and of all that is known of them."""
    environment = config.theme.get_env()
    environment.bytecode_cache = _compiled
    _listed.into(config.theme, environment)
    config.theme.get_env = lambda: environment
    return environment


def _build(configuration: str, site: str) -> list[str]:
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    from handover.write.site_pages import OnAllCores

    said = _Said()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(said)
    try:
        config = load_config(configuration, site_dir=site, strict=True)
        _environment(config)
        config.plugins["on all cores"] = OnAllCores()
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
        config.plugins.on_shutdown()
    except (Exception, SystemExit) as trouble:  # of a plugin or a configuration too: whatever it is, it is the answer
        return said.lines or [str(trouble) or type(trouble).__name__]
    finally:
        logger.removeHandler(said)
    return []


if __name__ == "__main__":
    main()
