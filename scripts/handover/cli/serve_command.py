"""`handover serve`."""

import asyncio
import errno
import gc
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handover.cli.options import repository, root_option
from handover.cli.terminal import for_terminal, print_line, wants_colour
from handover.write.site import MkDocs

if TYPE_CHECKING:  # aiohttp and the engine are imported when the preview starts: the help of all commands needs neither
    from handover.cli.preview import Preview
    from handover.serve.server import Server


@click.command("serve")
@root_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Where to listen; 0 for any port."
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Who may look: this machine alone, or 0.0.0.0 for all."
)
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
def command(root: Path, port: int, host: str, no_open: bool) -> None:
    """Show the handbook in the browser, and update it after each save. Ctrl-C ends it."""
    repository(root)
    from handover.cli.preview import Preview
    from handover.serve.server import Server

    opens = sys.stdout.isatty() and not no_open
    with (
        suppress(KeyboardInterrupt),  # how Ctrl-C arrives on Windows, where a loop handles no signals
        tempfile.TemporaryDirectory(prefix="handover-serve-") as folder,
        MkDocs() as mkdocs,
    ):
        asyncio.run(_serve(Preview(root, Path(folder), mkdocs), Server(host, port), opens))
    click.echo("Stopped.")


async def _serve(preview: "Preview", server: "Server", opens: bool) -> None:
    stop = asyncio.Event()
    if sys.platform != "win32":
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(each, stop.set)
    try:
        await server.start()
    except OSError as failure:
        if failure.errno != errno.EADDRINUSE:
            raise
        raise click.UsageError(f"port {server.port} is in use. Name another with --port, or 0 for any.") from None
    tasks = [asyncio.create_task(_follow(preview, server, opens)), asyncio.create_task(stop.wait())]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    preview.mkdocs.close()  # an update that is running ends at once
    for task in pending:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await server.close()
    for task in done:
        task.result()


async def _follow(preview: "Preview", server: "Server", opens: bool) -> None:
    """Update the preview after each save."""
    from handover.serve.watch import Watcher

    async with Watcher(preview.root) as watcher:
        await _update(preview, server, ())
        gc.freeze()  # a collection that looks through all that stays would take as long as half an update
        click.echo(f"The handbook is at {server.address} and follows each save. Ctrl-C ends it.")
        if opens:
            await asyncio.to_thread(webbrowser.open, server.address)
        while True:
            await _update(preview, server, await watcher.changes())


async def _update(preview: "Preview", server: "Server", paths: Sequence[str]) -> None:
    """Show the sources as they are now, after the files at `paths` have changed."""
    server.show(replace(preview.shown, busy=True))
    await asyncio.to_thread(preview.update, "mkdocs.yml" in paths)
    server.show(preview.shown)
    if paths:
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        print_line(f"{paths[0]}{more}: {'an error; the last good pages stay.' if preview.errors else 'shown.'}")
    if preview.errors:
        click.echo(for_terminal(preview.errors, preview.root, wants_colour()), nl=False)
