"""`handover serve`."""

import asyncio
import errno
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handover.cli.assembly import assemble, site_diagnostic
from handover.cli.formats import plain
from handover.cli.memo import Memo, memo_for
from handover.cli.options import root_option
from handover.cli.pipeline import Shared, examine
from handover.cli.rebuild import engine_here, sources_at
from handover.cli.terminal import excerpt, for_terminal, wants_colour
from handover.model.diagnostic import Diagnostic, Place, error
from handover.write import site

if TYPE_CHECKING:
    from handover.serve.follow import Attempt, Follower
    from handover.serve.server import Server
    from handover.serve.watch import Watch

FOLLOWED = ("data", "content", "templates", "mkdocs.yml")


@click.command("serve")
@root_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Where to listen; 0 for any port."
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Who may look: this machine alone, or 0.0.0.0 for all."
)
@click.option("--no-open", is_flag=True, help="Leave it to me to open the browser.")
def command(root: Path, port: int, host: str, no_open: bool) -> None:
    """Show the handbook in the browser, and anew after each save. Ctrl-C ends it."""
    if not (root / "data").is_dir():
        raise click.UsageError(f"there is no folder 'data' in {root}. Name the repository's folder with --root.")
    opens = sys.stdout.isatty() and not no_open
    with tempfile.TemporaryDirectory(prefix="handover-serve-") as folder:
        asyncio.run(_serve(_Sources(root, Path(folder)), host, port, opens))
    click.echo("Stopped.")


class _Sources:
    """The sources at a root, tried again and again; `wrong` is what the last try found."""

    def __init__(self, root: Path, folder: Path, engine: str | None = None) -> None:
        self.root = root
        self.folder = folder
        self.wrong: list[Diagnostic] = []
        self.engine = engine or engine_here()
        self.memo: Memo | None = None
        self.shared: Shared | None = None
        self.prepared: Mapping[str, bytes] | None = None

    def attempt(self) -> "Attempt":
        """Make everything but the site. Whatever happens to the files meanwhile is a finding."""
        from handover.serve.follow import Attempt

        try:
            sources = sources_at(self.root, self.engine)
            memo = memo_for(sources, self.memo)
            made = examine(self.root, memo=memo, before=self.shared)
            assembled = None if made.has_errors else assemble(made, self.folder)
            if sources_at(self.root, self.engine) == sources:  # else nobody knows what was read
                self.memo, self.shared = memo, made.shared
            self.wrong = [found for found in made.diagnostics if found.severity == "error"]
        except (OSError, click.UsageError) as trouble:
            said = trouble.format_message() if isinstance(trouble, click.UsageError) else f"{trouble}."
            self.wrong, assembled = [error(Place("data"), "unreadable-file", said)], None
        if assembled is None:
            return Attempt([self.finding(found) for found in self.wrong])
        return Attempt((), assembled.pages, assembled.files)

    def prepare(self, pages: Mapping[str, bytes]) -> Path:
        """Write the pages; the path of MkDocs' configuration."""
        before, self.prepared = self.prepared, pages
        return site.prepare(self.folder, pages, before)

    def refused(self, fault: Exception) -> Mapping[str, Any]:
        """The finding for pages that MkDocs refuses."""
        self.wrong = [site_diagnostic(fault)]
        return self.finding(self.wrong[0])

    def finding(self, found: Diagnostic) -> Mapping[str, Any]:
        """A finding as the browser shows it."""
        return {**plain(found), "place": str(found.place), "source": excerpt(found, self.root)}

    def say(self, paths: Sequence[str]) -> None:
        """Tell the terminal what came of the last try, after the files at `paths` had changed."""
        if paths:
            more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
            click.echo(f"{paths[0]}{more}: {'a mistake; the last good pages stay.' if self.wrong else 'shown.'}")
        if self.wrong:
            click.echo(for_terminal(self.wrong, self.root, wants_colour()), nl=False)


async def _serve(sources: _Sources, host: str, port: int, opens: bool) -> None:
    from handover.serve.follow import Follower
    from handover.serve.mkdocs_process import MkDocsProcess
    from handover.serve.server import Server
    from handover.serve.watch import Watch

    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    server, mkdocs = Server(host, port), MkDocsProcess(site.COMMAND, site.ENVIRONMENT)
    try:
        await server.start()
    except OSError as trouble:
        if trouble.errno != errno.EADDRINUSE:
            raise
        raise click.UsageError(f"port {port} is taken. Name another, or 0 for any free one, with --port.") from None
    follower = Follower(server, sources.folder, sources.attempt, sources.prepare, mkdocs.build, sources.refused)
    watch = Watch(sources.root, FOLLOWED)
    tasks = [asyncio.create_task(_follow(sources, server, follower, watch, opens)), asyncio.create_task(stop.wait())]
    try:
        await mkdocs.start()
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        watch.close()
        for task in tasks:
            task.cancel()
        await mkdocs.close()
        await server.close()
        with suppress(asyncio.CancelledError):
            await tasks[0]


async def _follow(sources: _Sources, server: "Server", follower: "Follower", watch: "Watch", opens: bool) -> None:
    await follower.once()
    sources.say(())
    click.echo(f"The handbook is at {server.address} and follows each save. Ctrl-C ends it.")
    if opens:
        await asyncio.to_thread(webbrowser.open, server.address)
    while True:
        paths = await watch.changed()
        await follower.once(anew="mkdocs.yml" in paths)
        sources.say(paths)
