"""One project as pages work on it: its files, its flights, and what every open page is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from downrange.console.worker import Pilot
from downrange.errors import DownrangeError, InputError
from downrange.project.document import Change, Document, set_in
from downrange.text import plain

__all__ = ["Workspace"]

Send = Callable[[Any], Awaitable[None]]
_WATCH = 1.0  # s between looks at the files


class Workspace:
    """A project that pages are open on. One flight is under way at a time; of what is asked meanwhile only the newest is flown."""

    def __init__(self, document: Document, pilot: Pilot) -> None:
        self.document, self.pilot, self.scatterer = document, pilot, Pilot()
        self._many: asyncio.Task[None] | None = None
        self._pages: set[Send] = set()
        self._asked: dict[str, Any] | None = None
        self._flying: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._last: bytes | None = None
        self._conflict = False

    async def join(self, send: Send) -> None:
        """A page opens: it is told how things stand."""
        self._pages.add(send)
        if self._watch is None:
            self._watch = asyncio.create_task(self._watching())
        await send(self._state())
        if self._last is not None:
            await send(self._last)
        else:
            self._fly_settled()

    def leave(self, send: Send) -> None:
        """A page closes."""
        self._pages.discard(send)
        if not self._pages and self._watch is not None:
            self._watch.cancel()
            self._watch = None

    async def close(self) -> None:
        """Stop flying."""
        for task in (self._watch, self._flying, self._many):
            if task is not None:
                task.cancel()
        self.pilot.close()
        self.scatterer.close()

    async def take(self, said: Any, send: Send) -> None:
        """Do what a page says; what cannot be done is said to that page."""
        try:
            if not isinstance(said, Mapping):
                raise InputError("a message is keys and values")
            if said.get("do") == "explain":
                await send(await self._explained(said.get("topic")))
            else:
                await self._do(said)
        except DownrangeError as error:
            await send({"type": "refused", "text": plain(getattr(error, "message", str(error)), 600)})
        except OSError as error:
            await send({"type": "refused", "text": f"the file cannot be written: {error.strerror or error}"})

    async def _do(self, said: Mapping[str, Any]) -> None:
        what, doc = said.get("do"), self.document
        if what == "try":  # while something is dragged: nothing is changed yet
            change = Change.read({**said, "kind": "set"})
            self._asked = {"said": set_in(doc.said, change.way, change.value), "settled": False, "id": said.get("id")}
            self._start()
            return
        if what == "scatter":
            await self._scatter(said.get("flights"))
            return
        if what == "edit":
            changes = said.get("changes")
            if not isinstance(changes, list) or len(changes) > 100:
                raise InputError("an edit is a list of at most 100 changes")
            doc.edit([Change.read(c) for c in changes])
        elif what == "undo":
            doc.undo()
        elif what == "redo":
            doc.redo()
        elif what == "mine":
            doc.keep_mine()
        elif what == "theirs":
            doc.take_theirs()
        else:
            raise InputError("nothing is known by that name here")
        self._conflict = False
        await self._saved()
        await self._tell(self._state())
        self._fly_settled()

    async def _explained(self, topic: Any) -> Any:
        """The sheet of a topic, flown in the process of the many flights, so that the slider stays free."""
        from downrange.console.explaining import explained

        return await self.scatterer.told(explained, self.document.said, self.document.place, str(topic)[:60])

    async def _scatter(self, flights: Any) -> None:
        """Fly many, and say where they land, to every page; given up where the project changes meanwhile."""
        from downrange.console.landing import MOST, landings

        if not isinstance(flights, int) or isinstance(flights, bool) or not 1 <= flights <= MOST:
            raise InputError(f"between 1 and {MOST:,} flights can be asked for here")
        if self._many is not None and not self._many.done():
            return
        texts, place, said = self.document.texts, self.document.place, self.document.said

        async def flown() -> None:
            found = await self.scatterer.attempt(landings, said, place, flights)
            if self.document.texts == texts:
                await self._tell(found)

        self._many = asyncio.create_task(flown())

    async def _saved(self) -> None:
        """Write what is whole; what would not open again stays in the page, and says so."""
        if self.document.changed_outside() and not self.document.merge():
            self._conflict = True
            return
        with suppress(InputError):
            self.document.save()

    def _state(self) -> dict[str, Any]:
        doc = self.document
        try:
            said, error = doc.said, None
        except InputError as wrong:  # edited elsewhere into something that is no YAML
            said, error = None, str(wrong)
        return {
            "type": "state", "said": said, "error": error, "files": {r: p.name for r, p in doc.files.items()}, "texts": doc.texts, "unsaved": doc.unsaved,
            "undo": doc.can_undo, "redo": doc.can_redo, "conflict": self._conflict,
        }  # fmt: skip

    async def _tell(self, what: Any) -> None:
        for send in tuple(self._pages):
            with suppress(Exception):  # a page that is gone
                await send(what)

    def _fly_settled(self) -> None:
        try:
            said = self.document.said
        except InputError:
            return
        self._asked = {"said": said, "settled": True, "id": None}
        self._start()

    def _start(self) -> None:
        if self._flying is None or self._flying.done():
            self._flying = asyncio.create_task(self._fly())

    async def _fly(self) -> None:
        """Fly what was asked last, until nothing more was; a settled flight is preceded by a quick one, so that a page is never left waiting."""
        while self._asked is not None:
            asked, self._asked = self._asked, None
            quick = await self.pilot.answer(asked["said"], self.document.place, settled=False)
            await self._tell(quick)
            if not asked["settled"]:
                continue
            if self._asked is not None:
                continue
            self._last = await self.pilot.answer(asked["said"], self.document.place, settled=True)
            if self._asked is None or self._asked["settled"]:
                await self._tell(self._last)
            await self.pilot.load_kernel(asked["said"], self.document.place)

    async def _watching(self) -> None:
        """See what other programs write, and take it in."""
        while True:
            await asyncio.sleep(_WATCH)
            try:
                if not self.document.changed_outside() or self._conflict:
                    continue
                self._conflict = not self.document.merge()
            except (DownrangeError, OSError) as error:
                await self._tell(
                    {"type": "refused", "text": f"a file was changed and cannot be read: {plain(str(error), 400)}"}
                )
                continue
            await self._tell(self._state())
            if not self._conflict:
                self._fly_settled()
