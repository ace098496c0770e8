"""One project as pages work on it: its files, its flights, and what every open page is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from typing import Any

from downrange.console.answers import answer
from downrange.console.messages import Differ, Difference, Many, State
from downrange.console.worker import Pilot
from downrange.errors import DownrangeError, InputError, seen
from downrange.project.document import Change, Document, set_in
from downrange.text import plain

__all__ = ["Workspace"]

Send = Callable[[Any], Awaitable[None]]
_FEW = 200  # flights, that land within a moment
_READY: Many = {"type": "many"}
_WATCH = 1.0  # s between looks at the files


def _keep(document: Document) -> None:
    from downrange.project.history import keep

    keep(document)


class Workspace:
    """A project that pages are open on. One flight is under way at a time; of what is asked meanwhile only the newest is flown."""

    def __init__(self, document: Document, pilot: Pilot, *, ahead: bool = False) -> None:
        """ahead: whether the process of the many flights is started before they are asked for, once nothing else is to be done."""
        self.document, self.pilot, self.scatterer, self._ahead = document, pilot, Pilot(), ahead
        self._many: asyncio.Task[None] | None = None
        self._wanted: int | None = None
        self._scattered = 0  # flights that are under way
        self._tried: Mapping[str, Any] | None = None  # what many are flown of where that is not the project as it is
        self._pages: set[Send] = set()
        self._asked: dict[str, Any] | None = None
        self._flying: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._last: bytes | None = None
        self._met = False
        self._ready = False  # whether many flights are compiled
        self._conflict = False
        self._stamps: dict[str, tuple[int, int]] = {}  # of the files that the project names, beside its own
        self._replaced = 0  # how often one of these was written by another program
        self._questions: dict[str, Callable[[Mapping[str, Any]], Awaitable[Any]]] = {
            "explain": self._explained, "judge": self._judged, "aim": self._aimed, "beside": self._beside, "history": self._history,
            "keep": self._kept, "burn": self._burnt, "differ": self._differ,
        }  # fmt: skip

    async def join(self, send: Send) -> None:
        """A page opens: it is told how things stand."""
        self._pages.add(send)
        if self._watch is None:
            self._watch = asyncio.create_task(self._watching())
        await send(self._state())
        if self._ready:
            await send(_READY)
        if self._last is not None:
            await send(self._last)
        self.begin()

    def begin(self) -> None:
        """Fly it for the first time: also before a page is open, so that the page finds it flown."""
        if self._last is None and (self._flying is None or self._flying.done()):
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
            asked = self._questions.get(str(said.get("do")))
            if asked is None:
                await self._do(said)
            else:
                await send(await asked(said))
        except DownrangeError as error:
            await send({"type": "refused", "text": plain(getattr(error, "message", str(error)), 600)})
        except OSError as error:
            await send({"type": "refused", "text": f"the file cannot be written: {error.strerror or error}"})

    async def _begun(self) -> None:
        """Keep how the project was before the first change."""
        if not self._met:
            self._met = True
            with suppress(DownrangeError, OSError):
                await asyncio.to_thread(_keep, self.document)

    async def _do(self, said: Mapping[str, Any]) -> None:
        what, doc = said.get("do"), self.document
        if what == "try":  # while something is dragged: nothing is changed yet
            change = Change.read({**said, "kind": "set"})
            self._asked = {"said": set_in(doc.said, change.way, change.value), "settled": False, "id": said.get("id")}
            self.pilot.stop()
            if self._scattered > _FEW:  # few are there before they could be stopped and flown again
                self.scatterer.stop()
            self._start()
            return
        if what == "scatter":
            await self._scatter(said)
            return
        if what == "edit":
            changes = said.get("changes")
            if not isinstance(changes, list) or len(changes) > 100:
                raise InputError("an edit is a list of at most 100 changes")
            await self._begun()
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
        self.scatterer.stop()
        await self._saved()
        self._fly_settled()  # first, so that no answer of how it was is told after the state
        await self._tell(self._state())

    async def _explained(self, said: Mapping[str, Any]) -> Any:
        """The sheet of a topic, flown in the process of the many flights, as all questions are, so that the slider stays free."""
        from downrange.console.explaining import explained

        topic = str(said.get("topic"))[:60]
        return await self.scatterer.told(explained, self.document.said, self.document.place, topic)

    async def _judged(self, said: Mapping[str, Any]) -> Any:
        """GO or NO-GO, line by line."""
        from downrange.console.judging import judged

        return await self.scatterer.told(judged, self.document.said, self.document.place)

    async def _aimed(self, said: Mapping[str, Any]) -> Any:
        """Where to point the rail, and how far it can reach."""
        from downrange.console.judging import aimed

        return await self.scatterer.told(aimed, self.document.said, self.document.place)

    async def _beside(self, said: Mapping[str, Any]) -> Any:
        """The flight of a variant, or of this design on another motor."""
        from downrange.console.beside import flown_beside
        from downrange.project.history import variants_of

        name, place, other = str(said.get("name"))[:100], self.document.place, self.document.said
        if said.get("what") == "motor":
            motor = other.get("motor")
            kept = {"delay": motor["delay"]} if isinstance(motor, Mapping) and "delay" in motor else {}
            other = {**other, "motor": {"name": name, **kept} if kept else name}
        elif (path := variants_of(self.document).get(name)) is not None:
            variant = Document.open(path, trusted=self.document.trusted)
            other, place = variant.said, variant.place
        else:
            raise InputError(f"there is no variant {seen(name, 60)} of this project")
        return await self.scatterer.attempt(flown_beside, other, place, name)

    async def logged(self, path: Path, name: str) -> bytes:
        """A flight computer's log, to be laid over the flight."""
        from downrange.console.beside import logged

        return await self.scatterer.attempt(logged, path, name, self.document.said, self.document.place)

    async def _history(self, said: Mapping[str, Any]) -> Any:
        """What the project was, what each change did, and its variants."""
        from downrange.console.beside import history
        from downrange.project.history import variants_of, versions_of

        found, git = await asyncio.to_thread(versions_of, self.document)
        try:
            told = await self.scatterer.call(history, [{"texts": dict(v.texts)} for v in found], self.document.place)
        except BrokenProcessPool:
            raise InputError("the flights of the history did not come to an end; ask again") from None
        rows = [
            {"name": v.name, "time": v.time, "who": plain(v.who, 80), "words": plain(v.words, 200), **t}
            for v, t in zip(found, told, strict=True)
        ]
        return {"type": "history", "git": git, "versions": rows, "variants": list(variants_of(self.document))}

    async def _differ(self, said: Mapping[str, Any]) -> Differ:
        """The values in which the project differs from what a page pinned."""
        from downrange.project.history import differences

        before = said.get("before")
        if not isinstance(before, Mapping):
            raise InputError("what was pinned is keys and values")
        try:
            found = await asyncio.to_thread(differences, before, self.document.said, self.document.place)
        except InputError:  # it does not open as it stands, and says so elsewhere
            return {"type": "differ", "changes": None}
        changes: list[Difference] = [
            {"path": plain(c.path, 120), "was": plain(c.was, 80), "is": plain(c.is_, 80)} for c in found[:40]
        ]
        return {"type": "differ", "changes": changes}

    async def _kept(self, said: Mapping[str, Any]) -> Any:
        """The project as it stands, kept as a named variant."""
        from downrange.project.history import save_variant

        await asyncio.to_thread(save_variant, self.document, str(said.get("name", "")).strip())
        return await self._history({})

    async def _burnt(self, said: Mapping[str, Any]) -> Any:
        """The firing of the motor of grains, with the values that a page tries; where one flies, so that it never waits for many."""
        from downrange.console.burning import burnt, motor_file

        doc, level = self.document, said.get("level")
        path = motor_file(doc.said, doc.path, doc.trusted)
        if path is None:
            return {"type": "burnt", "error": "this motor is not made of grains", "key": None, "none": True}
        data, changes = doc.motor_said, said.get("changes", [])
        if not isinstance(changes, list) or len(changes) > 100:
            raise InputError("an edit is a list of at most 100 changes")
        for c in changes if data is not None else ():
            change = Change.read({**c, "kind": "set"} if isinstance(c, Mapping) else c)
            data = set_in(data, change.way, change.value)
        return await self.pilot.told(burnt, data, path, doc.trusted, level if isinstance(level, str) else None)

    async def _scatter(self, said: Mapping[str, Any]) -> None:
        """Fly many, with what is being dragged where that is said, and say where they land, to every page."""
        from downrange.console.landing import MOST

        flights, tried = said.get("flights"), None
        if not isinstance(flights, int) or isinstance(flights, bool) or not 1 <= flights <= MOST:
            raise InputError(f"between 1 and {MOST:,} flights can be asked for here")
        if "way" in said:
            change = Change.read({**said, "kind": "set"})
            tried = set_in(self.document.said, change.way, change.value)
        self._wanted, self._tried = flights, tried
        self.scatterer.stop()
        if self._many is None or self._many.done():
            self._many = asyncio.create_task(self._fly_many())

    async def _fly_many(self) -> None:
        """Fly many of the project as it is, until it is still so when they have landed; what is not wanted any more is stopped, and after a change
        so few are flown that they are there at once."""
        from downrange.console.landing import landings

        while (flights := self._wanted) is not None:
            self._wanted, self._scattered, texts = None, flights, self.document.texts
            tried, self._tried = self._tried, None
            said, place = tried or self.document.said, self.document.place
            how = {} if tried is None else {"tried": True}
            found = await self.scatterer.while_wanted(landings, said, place, flights, **how)
            self._scattered = 0
            if found is not None and self.document.texts == texts:
                await self._tell(found)
            elif self._wanted is None:
                self._wanted = min(flights, _FEW)

    async def _saved(self) -> None:
        """Write what is whole; what would not open again stays in the page, and says so."""
        if self.document.changed_outside() and not self.document.merge():
            self._conflict = True
            return
        with suppress(InputError):
            self.document.save()
            with suppress(OSError):  # the files are written; that no history is kept loses nothing
                await asyncio.to_thread(_keep, self.document)

    def _state(self) -> State:
        doc = self.document
        try:
            said, motor, error = doc.said, doc.motor_said, None
        except InputError as wrong:  # edited elsewhere into something that is no YAML
            said, motor, error = None, None, str(wrong)
        return {
            "type": "state", "said": said, "motor": motor, "error": error, "files": {r: p.name for r, p in doc.files.items()}, "texts": doc.texts, "unsaved": doc.unsaved,
            "undo": doc.can_undo, "redo": doc.can_redo, "conflict": self._conflict, "replaced": self._replaced,
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
        self.pilot.stop()
        self._start()

    def _start(self) -> None:
        if self._flying is None or self._flying.done():
            self._flying = asyncio.create_task(self._fly())

    async def _fly(self) -> None:
        """Fly what was asked last, until nothing more was; a settled flight is preceded by a quick one, so that a page is never left waiting, and
        followed by how well its apogee is known, which is given up as soon as something else is asked."""
        while self._asked is not None:
            asked, self._asked = self._asked, None
            quick = await self.pilot.answer(asked["said"], self.document.place, settled=False)
            await self._tell(quick)
            if not asked["settled"] or self._asked is not None:
                continue
            self._last = quick  # for a page that opens before the next is there
            said, place = asked["said"], self.document.place
            for band in (False, True):
                settled = await self.pilot.while_wanted(answer, said, place, settled=True, band=band)
                if settled is None or self._asked is not None:
                    break
                self._last = settled
                await self._tell(settled)
                await self._load(said)
            if self._asked is None and self._ahead:
                await self.scatterer.load_kernel(said, place)

    async def _load(self, said: Mapping[str, Any]) -> None:
        """Have the kernel loaded, and tell the pages once when many flights are compiled: they ask for some at rest."""
        if await self.pilot.load_kernel(said, self.document.place) and not self._ready:
            self._ready = True
            await self._tell(_READY)

    def _named_anew(self) -> bool:
        """Whether a file that the project names, like that of its motor, was written since the last look."""
        before, self._stamps = self._stamps, self.document.stamps()
        return any(before[name] != stamp for name, stamp in self._stamps.items() if name in before)

    async def _watching(self) -> None:
        """See what other programs write, and take it in."""
        while True:
            await asyncio.sleep(_WATCH)
            if not self._ready and self._last is not None and (self._flying is None or self._flying.done()):
                with suppress(InputError):
                    await self._load(self.document.said)
            try:
                replaced = self._named_anew()
                if self._conflict or not (self.document.changed_outside() or replaced):
                    continue
                self._replaced += replaced
                self._conflict = not self.document.merge()
            except (DownrangeError, OSError) as error:
                await self._tell(
                    {"type": "refused", "text": f"a file was changed and cannot be read: {plain(str(error), 400)}"}
                )
                continue
            await self._tell(self._state())
            if not self._conflict:
                self._fly_settled()
