"""downrange studio"""

from __future__ import annotations

from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from downrange.project.document import Document


@click.command("studio")
@click.argument("project", required=False, type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the page (default: one that is free).")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address that it answers on; others than this machine's let others in.",
)
@click.option("--browser/--no-browser", default=True, help="Whether to open the browser.")
@click.option("--trust", is_flag=True, help="Let the files name paths outside their folder.")
def command(project: Path | None, port: int, host: str, browser: bool, trust: bool) -> None:
    """Open the design room on PROJECT (a folder, launch.yaml, rocket.yaml or a design of another program) in the browser.

    Without PROJECT: a start page with the projects of this folder. It works without a network; stop it with Ctrl+C.
    """
    from downrange.errors import InputError

    if missing := [name for name in ("starlette", "uvicorn", "websockets") if find_spec(name) is None]:
        raise InputError(f"the studio needs the extra 'web' ({missing[0]} is missing): pip install 'downrange[web]'")
    from downrange.console.worker import PAGES, Pilot

    if not (PAGES / "index.html").is_file():
        raise InputError("the studio's pages are not built; in a clone run: make studio")
    if (watch := click.get_current_context().obj) is not None:
        watch.close()  # it works until it is stopped; and the process that flies is a copy of this one, without threads
    pilot, document = Pilot(), None
    pilot.start()  # before there is a socket that it would hold
    try:
        if project is not None:
            document = _opened(project, trust)
            with suppress(InputError):  # the page says it
                pilot.begin(document.said, document.place)  # while what serves pages is still imported
        listening = _listen(host, port)
    except BaseException:
        pilot.close()
        raise
    from downrange.console.app import Settings, create_app

    path = None if document is None else document.path
    port = listening.getsockname()[1]
    settings = Settings(path, Path.cwd(), port, trusted=trust, document=document, pilot=pilot)
    if host not in settings.hosts:
        settings.hosts = (host, *settings.hosts)
    click.echo(f"studio at {settings.address}")
    click.echo("stop it with Ctrl+C", err=True)
    _serve(create_app(settings), listening, settings.address if browser else None)


def _opened(project: Path, trust: bool) -> Document:
    """The project that is meant, read once so that what is wrong is said here; a foreign design becomes a project beside it."""
    from downrange.project.document import Document
    from downrange.project.finding import is_foreign

    if is_foreign(project):
        from downrange.errors import InputError
        from downrange.project.foreign import open_foreign
        from downrange.project.foreign_files import write_project

        folder = Path(project.stem)
        if folder.exists():
            raise InputError(f"there is a folder {folder} already: open that, or rename it", file=str(project))
        write_project(open_foreign(project), folder)
        click.echo(f"{project}: a project was made of it in {folder}/", err=True)
        project = folder
    return Document.open(project, trusted=trust)


def _listen(host: str, port: int) -> Any:
    """A socket on the port, or on one that is free. Raises `InputError` where it is taken."""
    import socket

    from downrange.errors import InputError

    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)  # whoever comes before the server is ready waits for it
    except OSError as error:
        raise InputError(f"port {port} of {host} cannot be used: {error.strerror or error}", key="--port") from None
    return listening


def _serve(app: Any, listening: Any, address: str | None) -> None:
    import threading
    import webbrowser

    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(
            app, log_level="warning", ws="websockets-sansio", ws_per_message_deflate=False, timeout_graceful_shutdown=2
        )
    )
    if address is not None:
        threading.Timer(0.5, webbrowser.open, (address,)).start()
    server.run(sockets=[listening])
