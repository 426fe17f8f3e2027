"""The command line without what only Unix has.

`python -m tests.without_unix` runs each command of standard input, a JSON list a line, and prints its exit code and its
output as JSON. It is no Windows: paths, console and processes are those of this machine.
"""

import asyncio  # noqa: F401 - the parts of the standard library that are for Unix are loaded before
import io
import json
import multiprocessing.connection
import os
import shutil
import signal
import stat
import subprocess  # noqa: F401
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from types import ModuleType
from typing import Any

UNIX_MODULES = ("fcntl", "resource", "grp", "pwd", "termios", "tty", "pty", "syslog")
UNIX_NAMES = ("fork", "forkpty", "O_NOFOLLOW", "O_DIRECTORY", "sched_getaffinity", "link", "chown")
WITH_FOLDER = ("open", "stat", "mkdir", "rename", "replace", "unlink", "rmdir", "symlink")
"""Functions that take no descriptor of a folder on Windows."""


def without_folder(function: Any) -> Any:
    def call(*arguments: Any, **options: Any) -> Any:
        if any(value is not None for name, value in options.items() if name.endswith("dir_fd")):
            raise NotImplementedError("dir_fd is not available on this platform")
        return function(*arguments, **options)

    return call


def take_away() -> None:
    """Leave what Windows has too, and put in what the engine asks of Windows alone."""
    for name in UNIX_MODULES:
        sys.modules[name] = None  # type: ignore[assignment]
    for name in UNIX_NAMES:
        delattr(os, name)
    del signal.SIGHUP
    multiprocessing.get_all_start_methods = lambda: ["spawn"]
    shutil._use_fd_functions = False  # type: ignore[attr-defined]
    for name in WITH_FOLDER:
        setattr(os, name, without_folder(getattr(os, name)))
    added: dict[Any, dict[str, object]] = {
        os: {"O_BINARY": 0},
        os.stat_result: {"st_reparse_tag": 0},
        stat: {"IO_REPARSE_TAG_MOUNT_POINT": 0xA0000003},
        (msvcrt := ModuleType("msvcrt")): {"LK_LOCK": 1, "LK_NBLCK": 2, "locking": lambda *arguments: None},
    }
    for holder, names in added.items():
        for name, value in names.items():
            setattr(holder, name, value)
    sys.modules["msvcrt"] = msvcrt


if __name__ == "__main__":
    take_away()
    real, sys.platform = sys.platform, "win32"
    import handover.paths  # noqa: F401 - it chooses by the platform, once

    sys.platform = real
    del sys.modules["msvcrt"]
    from handover.cli import main

    for line in sys.stdin:
        sys.argv[1:] = json.loads(line)
        printed = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
        with redirect_stdout(printed), redirect_stderr(printed):
            try:
                main()
            except SystemExit as end:
                code = end.code
            except Exception:
                code = traceback.format_exc()
        printed.seek(0)
        print(json.dumps([code, printed.read()]))
