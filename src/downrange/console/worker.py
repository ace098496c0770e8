"""Flights in a process of their own: the server goes on answering while one is flown, and outlives its death."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from downrange.console.answers import answer, framed
from downrange.flight.readiness import many_compiled
from downrange.project.mapping import Place
from downrange.steps import advance, listening

__all__ = ["PAGES", "Pilot"]

PAGES = Path(__file__).parent / "pages"
"""The built pages: made by `npm run build` in `web/`, and in every wheel."""

_CRASHED = (
    "The flight process ended unexpectedly and was started again; nothing is lost. Change something to fly again."
)


def _watch(parent: int) -> None:
    """End with the server, however that ended."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(0)


class _Stopped(Exception):
    """What was under way is not wanted any more."""


class _Ear:
    """Hears of the steps of long work, and ends it where `stops` says another number than the one it was asked with."""

    def __init__(self, stops: Any, asked: int) -> None:
        self._stops, self._asked = stops, asked

    def _look(self) -> None:
        if self._stops.value != self._asked:
            raise _Stopped

    def begin(self, name: str, total: int) -> None:
        """A step begins."""
        self._look()

    def advance(self, done: int) -> None:
        """Something is done."""
        self._look()

    def end(self) -> None:
        """A step is over."""


_stops: Any = None
"""In the process: a number that the server raises to stop what may be stopped."""


def _while_wanted(asked: int, function: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """What `function` returns; None where it was stopped."""
    try:
        with listening(_Ear(_stops, asked)):
            advance(0)
            return function(*given, **named)
    except _Stopped:
        return None


def _begin(parent: int, stops: Any) -> None:
    """In the process: one thread, and the slow imports done; not that of the kernel, so that the first answer need not wait for it."""
    global _stops
    _stops = stops
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    from downrange.exact import begin_with_one_thread

    begin_with_one_thread()
    import downrange.project.campaigns  # noqa: F401

    gc.freeze()


def _awake() -> None:
    """Nothing: what a process is asked first, so that it is there."""


def _load_kernel(said: Mapping[str, Any], place: Place) -> None:
    """Load the kernel by one flight of the project, or have it compiled beside where it is not there yet."""
    from downrange.flight.readiness import begin_compiling

    if begin_compiling():
        answer(said, place, settled=False)
        gc.freeze()  # what is loaded stays, and is not looked through again with each answer's rubbish


class Pilot:
    """The process that flies for one workspace, started when it is first asked, and again when it died."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._how = "spawn"
        self._loaded = self._many = False
        self._stops: Any = None
        self._early: tuple[Mapping[str, Any], Future[bytes]] | None = None
        self.restarts = 0

    def start(self) -> None:
        """Let it begin now, not when it is first asked; on Linux as a copy of this process, with all that it has imported.

        For a process that has no other threads yet: what they hold would stay held in the copy.
        """
        import downrange.project.campaigns  # noqa: F401

        self._how = "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
        self._ready().submit(_awake)

    async def load_kernel(self, said: Mapping[str, Any], place: Place) -> bool:
        """Have the kernel loaded, once in a process: after the first answer, which is flown without it. Whether many flights are compiled by now."""
        with suppress(BrokenProcessPool):
            if not self._loaded:
                self._loaded = True
                await self.call(_load_kernel, said, place)
            if not self._many:
                self._many = await self.call(many_compiled)
        return self._many

    def _ready(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context(self._how)
            self._stops = context.RawValue("Q", 0)
            given = (os.getpid(), self._stops)
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=given)
        return self._pool

    async def call(self, function: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """What `function` returns there. Raises `BrokenProcessPool` once where the process died, and starts another next time."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._ready(), partial(function, *given, **named))
        except BrokenProcessPool:
            self._how = "spawn"
            self._pool, self._loaded, self.restarts = None, False, self.restarts + 1
            raise

    def begin(self, said: Mapping[str, Any], place: Place) -> None:
        """Fly a project for the first time now, before there is a loop that could wait for it: `answer` finds it flown."""
        self._early = said, self._ready().submit(partial(answer, said, place, settled=False))

    async def answer(self, said: Mapping[str, Any], place: Place, *, settled: bool) -> bytes:
        """`answers.answer` in the process; a process that died is said in the answer."""
        early, self._early = self._early, None
        if early is not None and early[0] == said and not settled:
            with suppress(BrokenProcessPool):
                return await asyncio.wrap_future(early[1])
        return await self.attempt(answer, said, place, settled=settled)

    async def attempt(self, function: Callable[..., bytes], *given: Any, **named: Any) -> bytes:
        """The answer of `function`, or one that says that the process died."""
        try:
            return await self.call(function, *given, **named)
        except BrokenProcessPool:
            return framed({"error": {"text": _CRASHED, "key": None}, "settled": True}, None)

    def stop(self) -> None:
        """End what `while_wanted` has under way or waiting, at its next step."""
        if self._stops is not None:
            self._stops.value += 1

    async def while_wanted(self, function: Callable[..., bytes], *given: Any, **named: Any) -> bytes | None:
        """The answer of `function`, None where `stop` was called before it was there, or one that says that the process died."""
        self._ready()
        found: bytes | None = await self.attempt(_while_wanted, self._stops.value, function, *given, **named)
        return found

    async def told(self, function: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
        """What `function` says, as keys and values, or that the process died."""
        try:
            return await self.call(function, *given)
        except BrokenProcessPool:
            return {"type": "refused", "text": _CRASHED}

    def close(self) -> None:
        """End the process."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
