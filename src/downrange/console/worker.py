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
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any

from downrange.console.answers import answer, framed
from downrange.project.mapping import Place

__all__ = ["Pilot"]

_CRASHED = (
    "The flight process ended unexpectedly and was started again; nothing is lost. Change something to fly again."
)


def _watch(parent: int) -> None:
    """End with the server, however that ended."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(0)


def _begin(parent: int) -> None:
    """In the process: one thread, and the slow imports done; not that of the kernel, so that the first answer need not wait for it."""
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
        self._loaded = False
        self.restarts = 0

    def start(self) -> None:
        """Let it begin now, not when it is first asked; on Linux as a copy of this process, with all that it has imported.

        For a process that has no other threads yet: what they hold would stay held in the copy.
        """
        import downrange.project.campaigns  # noqa: F401

        self._how = "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
        self._ready().submit(_awake)

    async def load_kernel(self, said: Mapping[str, Any], place: Place) -> None:
        """Have the kernel loaded, once in a process: after the first answer, which is flown without it."""
        if not self._loaded:
            self._loaded = True
            with suppress(BrokenProcessPool):
                await self.call(_load_kernel, said, place)

    def _ready(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context(self._how)
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(os.getpid(),))
        return self._pool

    async def call(self, function: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """What `function` returns there. Raises `BrokenProcessPool` once where the process died, and starts another next time."""
        from functools import partial

        try:
            return await asyncio.get_running_loop().run_in_executor(self._ready(), partial(function, *given, **named))
        except BrokenProcessPool:
            self._how = "spawn"
            self._pool, self._loaded, self.restarts = None, False, self.restarts + 1
            raise

    async def answer(self, said: Mapping[str, Any], place: Place, *, settled: bool) -> bytes:
        """`answers.answer` in the process; a process that died is said in the answer."""
        return await self.attempt(answer, said, place, settled=settled)

    async def attempt(self, function: Callable[..., bytes], *given: Any, **named: Any) -> bytes:
        """The answer of `function`, or one that says that the process died."""
        try:
            return await self.call(function, *given, **named)
        except BrokenProcessPool:
            return framed({"error": {"text": _CRASHED, "key": None}, "settled": True}, None)

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
