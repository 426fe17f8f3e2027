"""The other end of the process in which MkDocs stays loaded."""

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path


class SiteRefused(Exception):
    """MkDocs refused the pages; the text is what it said."""


class MkDocsProcess:
    """Builds sites with what a `command` starts. `environment` is added to that of this process."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.command = command
        self.environment = {**os.environ, **environment}
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> asyncio.subprocess.Process:
        """Have it loaded before it is needed; one that has ended is replaced."""
        if self.process is None or self.process.returncode is not None:
            self.process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=self.environment,
                limit=1_000_000,
            )
        return self.process

    async def build(self, configuration: Path, site: Path) -> None:
        """Build the site of a `configuration` into the folder `site`. Raises SiteRefused."""
        process = await self.start()
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        with suppress(ConnectionError):
            process.stdin.write(json.dumps([str(configuration), str(site)]).encode() + b"\n")
            await process.stdin.drain()
        answer = await process.stdout.readline()
        if not answer:
            await process.wait()
            raise SiteRefused(f"it ended by itself, with exit code {process.returncode}")
        said = json.loads(answer)
        if said:
            raise SiteRefused("\n".join(said))

    async def close(self) -> None:
        """End it."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
