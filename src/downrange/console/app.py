"""The studio's server: pages from the package, one socket a page, and a few questions. Starlette; no physics.

Whoever talks to it must know the token that the page was opened with, name this machine as host and come from one of its own pages; so neither another
page in the browser nor another program's user reaches the files (DNS rebinding, cross-site sockets). It answers on 127.0.0.1 unless told.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections.abc import Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from downrange.console.messages import Named, Recent, Start
from downrange.console.worker import PAGES, Pilot
from downrange.console.workspace import Workspace
from downrange.errors import DownrangeError, InputError, seen
from downrange.project.document import Document
from downrange.text import plain

__all__ = ["PAGES", "Settings", "create_app"]

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store",
}  # fmt: skip
_MESSAGE = 2_000_000  # bytes of one message
_DESIGN = 20_000_000  # bytes of a design file that is dropped
_LOG = 50_000_000  # bytes of a log that is dropped
_RECENT = "recent:"
_KINDS = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".map": "application/json",
}


@dataclass
class Settings:
    """What a server is started with: the project (or none: the start page), the folder that new ones are made in, its port and hosts, its token,
    and whether files may name paths outside their folder."""

    project: Path | None
    folder: Path
    port: int
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    trusted: bool = False
    document: Document | None = None  # the project as it was opened already
    pilot: Pilot | None = None  # a process that was started beforehand, for the first project that is opened

    @property
    def address(self) -> str:
        """Where the page is opened."""
        return f"http://{self.hosts[0]}:{self.port}/#token={self.token}"


class _Guard:
    """Refuses what names another host, comes from another page, or asks for data without the token; adds the headers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    def _why_not(self, c: HTTPConnection) -> str | None:
        own = {f"{h}:{self.settings.port}" for h in self.settings.hosts} | (
            set(self.settings.hosts) if self.settings.port == 80 else set()
        )
        if c.headers.get("host", "").lower() not in own:
            return "this server answers on its own address only"
        origin = c.headers.get("origin")
        if origin is not None and origin.lower().partition("://")[2] not in own:
            return "another page may not talk to this server"
        if c.url.path.startswith(("/api/", "/tiles/")):
            given = c.headers.get("authorization", "").removeprefix("Bearer ")
            if not hmac.compare_digest(given.encode(), self.settings.token.encode()):
                return "open the address that the terminal shows: it holds the token"
        return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        why = self._why_not(HTTPConnection(scope))
        if why is not None and scope["type"] == "websocket":
            await WebSocket(scope, receive, send).close(1008)
            return

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    *((k.lower().encode(), v.encode()) for k, v in _HEADERS.items()),
                ]
            await send(message)

        await (self.app if why is None else JSONResponse({"error": why}, 403))(scope, receive, sending)


class _Rooms:
    """The open projects by name; each has its own process for flights."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.open: dict[str, Workspace] = {}
        self.lock = asyncio.Lock()

    async def room(self, name: str) -> Workspace:
        """The workspace of a project, opened where it is not. `name`: a folder within that of the server, or empty for the one it was started with."""
        from downrange.project.recent import remember_opened

        async with self.lock:
            if name not in self.open:
                document, self.settings.document = self.settings.document, None
                if name or document is None:
                    path = await asyncio.to_thread(self._path, name)
                    document = await asyncio.to_thread(Document.open, path, trusted=self.settings.trusted)
                await asyncio.to_thread(remember_opened, document.path)
                ready, self.settings.pilot = self.settings.pilot, None
                self.open[name] = Workspace(document, ready or Pilot(), ahead=ready is not None)
            return self.open[name]

    def _path(self, name: str) -> Path:
        from downrange.project.recent import recent

        if name.startswith(_RECENT):
            path = recent().get(name.removeprefix(_RECENT))
        else:
            path = self.within(name) if name else self.settings.project
        if path is None:
            raise InputError("no project was opened: choose one on the start page")
        return path

    def within(self, name: str) -> Path:
        """A path in the server's folder, which it may not leave."""
        top = self.settings.folder.resolve()
        try:
            path = (top / name).resolve()
        except (OSError, ValueError):
            raise InputError(f"{seen(name, 80)} cannot be the name of a folder") from None
        if not path.is_relative_to(top) or path == top:
            raise InputError(f"{seen(name, 80)} is not in the folder of this studio")
        return path

    async def close(self) -> None:
        """Stop all flights."""
        for room in self.open.values():
            await room.close()
        if self.settings.pilot is not None:
            self.settings.pilot.close()


def _answered(function: Any) -> Any:
    """A route whose errors are answers in words."""

    async def route(request: Request) -> Response:
        try:
            return JSONResponse(await function(request))
        except DownrangeError as error:
            return JSONResponse({"error": plain(str(error), 600)}, 400)
        except (OSError, ValueError) as error:  # a name that no file can have, a disk that is full
            why = getattr(error, "strerror", None) or type(error).__name__
            return JSONResponse({"error": f"the files cannot be written: {plain(str(why), 200)}"}, 400)

    return route


def _project(request: Request) -> str:
    """The project that a request is about, as its page names it."""
    return unquote(request.headers.get("x-project", ""))


async def _said(request: Request, limit: int = _MESSAGE) -> Any:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise InputError(f"more than {limit / 1e6:g} MB were sent")
    try:
        return json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise InputError("what was sent is not JSON") from None


def _projects(folder: Path) -> list[Named]:
    """The projects in a folder: what holds a launch.yaml, two levels deep."""
    found = sorted({*folder.glob("*/launch.yaml"), *folder.glob("*/*/launch.yaml")})[:200]
    return [{"name": p.parent.relative_to(folder).as_posix()} for p in found if not p.parent.name.startswith(".")]


def _asked(rooms: _Rooms, settings: Settings) -> list[Route]:
    """The routes of what a page asks for."""

    @_answered
    async def start(request: Request) -> Any:
        return await asyncio.to_thread(_start, settings)

    @_answered
    async def new(request: Request) -> Any:
        return await asyncio.to_thread(_made, rooms, await _said(request))

    @_answered
    async def brought(request: Request) -> Any:
        return await asyncio.to_thread(
            _imported, rooms, unquote(request.headers.get("x-name", "")), await _body(request, _DESIGN)
        )

    @_answered
    async def fields(request: Request) -> Any:
        from downrange.console.fields import fields_said

        return await asyncio.to_thread(fields_said)

    @_answered
    async def motors(request: Request) -> Any:
        return await asyncio.to_thread(_motors, request.query_params.get("q", "")[:100])

    async def log(request: Request) -> Response:
        try:
            room = await rooms.room(_project(request))
            name, data = unquote(request.headers.get("x-name", "")), await _body(request, _LOG)
            return Response(await _logged(room, name, data), media_type="application/octet-stream")
        except (DownrangeError, ValueError) as error:  # ValueError: a name that no file can have
            return JSONResponse({"error": plain(getattr(error, "message", str(error)), 600)}, 400)

    @_answered
    async def tiles(request: Request) -> Any:
        from downrange.console.tiles import tile_files

        document = (await rooms.room(_project(request))).document
        return await asyncio.to_thread(tile_files, document.path.parent, settings.trusted)

    async def piece(request: Request) -> Response:
        from downrange.console.tiles import piece_of

        try:
            document = (await rooms.room(_project(request))).document
            name, asked = f"{request.path_params['name']}.pmtiles", request.headers.get("range", "")
            found = await asyncio.to_thread(piece_of, document.path.parent, name, asked, settings.trusted)
        except (DownrangeError, OSError, ValueError) as error:
            return JSONResponse({"error": plain(getattr(error, "message", type(error).__name__), 600)}, 400)
        if not found.data:
            return JSONResponse({"error": f"the file ends at byte {found.size:,}"}, 416, found.headers)
        return Response(found.data, 206, found.headers, media_type="application/octet-stream")

    @_answered
    async def described(request: Request) -> Any:
        from downrange.console.openapi import DESCRIPTION

        return DESCRIPTION

    return [
        Route("/api/start", start), Route("/api/new", new, methods=["POST"]), Route("/api/import", brought, methods=["POST"]), Route("/api/fields", fields),
        Route("/api/motors", motors), Route("/api/log", log, methods=["POST"]), Route("/api/openapi.json", described),
        Route("/api/tiles", tiles), Route("/tiles/{name}.pmtiles", piece),
    ]  # fmt: skip


def _page_of(pages: Path) -> Any:
    """The route of the pages themselves, which lie in a folder."""

    async def page(request: Request) -> Response:
        name = request.path_params.get("path") or "index.html"
        path = (pages / name).resolve()
        if not path.is_relative_to(pages.resolve()) or not path.is_file() or path.suffix not in _KINDS:
            if not (pages / "index.html").is_file():
                return PlainTextResponse(
                    "The pages are not built: run  make studio  in the clone (it needs no more than Python).", 503
                )
            return PlainTextResponse("There is no such page.", 404)
        return FileResponse(path, media_type=_KINDS[path.suffix])

    return page


def create_app(settings: Settings, pages: Path = PAGES) -> Starlette:
    """The server of one studio. Raises `InputError` for a starter that it does not have, and for a folder that is there already."""
    rooms = _Rooms(settings)

    async def live(socket: WebSocket) -> None:
        await socket.accept()
        await _serve(socket, rooms, settings.token)

    async def first() -> None:
        with suppress(DownrangeError):  # the page says it
            (await rooms.room("")).begin()

    @asynccontextmanager
    async def living(app: Starlette) -> Any:
        begun = None if settings.project is None else asyncio.create_task(first())
        yield
        if begun is not None:
            begun.cancel()
        await rooms.close()

    return Starlette(
        routes=[*_asked(rooms, settings), WebSocketRoute("/live", live), Route("/{path:path}", _page_of(pages))],
        middleware=[Middleware(_Guard, settings=settings)], lifespan=living,
    )  # fmt: skip


def _start(settings: Settings) -> Start:
    """What the start page offers."""
    from downrange.project.recent import recent
    from downrange.project.starters import TEMPLATES, examples

    opened: list[Recent] = [
        {"key": _RECENT + k, "name": p.parent.name, "folder": str(p.parent)} for k, p in recent().items()
    ]
    return {
        "open": settings.project is not None, "templates": TEMPLATES, "examples": examples(), "folder": settings.folder.name,
        "projects": _projects(settings.folder), "recent": opened,
    }  # fmt: skip


def _made(rooms: _Rooms, said: Any) -> dict[str, Any]:
    """A new project of a starter or an example, in the studio's folder."""
    from downrange.project.starters import TEMPLATES, examples, write_example, write_starter

    if not isinstance(said, Mapping):
        raise InputError("a new project is keys and values: name, and template or example")
    name, template, example = str(said.get("name") or "").strip(), said.get("template"), said.get("example")
    known: Mapping[str, str] = TEMPLATES if example is None else examples()
    chosen = template if example is None else example
    if not isinstance(chosen, str) or chosen not in known:
        raise InputError(f"no starter {seen(chosen, 60)}; known: {', '.join(known)}")
    target = rooms.within(name or (chosen if example is not None else "first_rocket"))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"there is a folder {seen(target.name, 60)} already; choose another name")
    (write_starter if example is None else write_example)(target, chosen)
    return {"name": target.relative_to(rooms.settings.folder.resolve()).as_posix()}


async def _logged(room: Workspace, name: str, data: bytes) -> bytes:
    """A log that was dropped, laid over the flights of a project; the file itself is not kept."""
    import tempfile

    short = Path(name.replace("\\", "/")).name[:100] or "log"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / short
        await asyncio.to_thread(path.write_bytes, data)
        return await room.logged(path, plain(short, 60))


async def _body(request: Request, limit: int) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise InputError(f"the file is larger than {limit / 1e6:g} MB")
    return body


def _imported(rooms: _Rooms, name: str, data: bytes) -> dict[str, Any]:
    """A design of another program as a project in the studio's folder, with what could not be carried over."""
    import tempfile

    from downrange.project.finding import is_foreign
    from downrange.project.foreign import open_foreign
    from downrange.project.foreign_files import write_project
    from downrange.report.foreign import fidelity

    short = Path(name.replace("\\", "/")).name
    if not is_foreign(short):
        raise InputError("drop a design of OpenRocket, RockSim or RASAero: .ork, .rkt, .CDX1")
    target = rooms.within(Path(short).stem)
    if target.exists():
        raise InputError(f"there is a folder {seen(target.name, 60)} already; rename the file")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / short
        path.write_bytes(data)
        foreign = open_foreign(path)
        write_project(foreign, target)
    return {"name": target.name, "fidelity": fidelity(foreign)}


def _motors(query: str) -> list[dict[str, Any]]:
    from itertools import islice

    from downrange.motor import find_motors

    shown = (
        "designation",
        "maker_short",
        "class",
        "diameter_m",
        "length_m",
        "impulse_n_s",
        "average_thrust_n",
        "burn_time_s",
        "delays_s",
        "plugged",
        "available",
    )
    return [{k: e.get(k) for k in shown} for e in islice((e for e in find_motors(query) if "time_s" in e), 60)]


async def _serve(socket: WebSocket, rooms: _Rooms, token: str) -> None:
    """One page's socket: the token and the project first, then what it does."""
    lock = asyncio.Lock()

    async def send(what: Any) -> None:
        async with lock:
            if isinstance(what, bytes):
                await socket.send_bytes(what)
            else:
                await socket.send_json(what)

    with suppress(WebSocketDisconnect, RuntimeError):
        hello = await _heard(socket)
        if not (
            isinstance(hello, Mapping) and hmac.compare_digest(str(hello.get("token", "")).encode(), token.encode())
        ):
            await socket.close(1008)
            return
        try:
            room = await rooms.room(str(hello.get("project") or ""))
        except DownrangeError as error:
            await send({"type": "closed", "text": plain(str(error), 600)})
            await socket.close(1000)
            return
        await room.join(send)
        try:
            while True:
                await room.take(await _heard(socket), send)
        finally:
            room.leave(send)


async def _heard(socket: WebSocket) -> Any:
    text = await socket.receive_text()
    if len(text) > _MESSAGE:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
