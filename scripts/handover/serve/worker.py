"""MkDocs in a process that stays: it is loaded once, and builds whenever a line of standard input asks for it.

A line is a JSON list of the configuration's path and the folder to build into; the answer is one line, a JSON list of
what MkDocs has against it, empty when the site is built. It ends with its input.
"""

import json
import logging
import os
import signal
import sys


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
    from mkdocs.commands import build as _loaded  # noqa: F401 - before the first line comes

    for line in sys.stdin:
        answers.write(json.dumps(_build(*json.loads(line))) + "\n")
        answers.flush()


def _build(configuration: str, site: str) -> list[str]:
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    said = _Said()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(said)
    try:
        config = load_config(configuration, site_dir=site)
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
