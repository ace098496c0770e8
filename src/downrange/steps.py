"""What long work is doing, told to whoever listens: named steps, within one another, and how much of each is done.

Whoever works says `with step("flying", 65536): ... advance(1024)`. Where nobody listens, that does nothing; the command
line listens, to show progress and where the time went.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

__all__ = ["Listener", "advance", "listening", "step"]


class Listener(Protocol):
    """Who is told."""

    def begin(self, name: str, total: int) -> None:
        """The step `name` begins, within the one under way; `total` is how much there is to do, 0 where that is not known."""

    def advance(self, done: int) -> None:
        """So much more of the innermost step is done."""

    def end(self) -> None:
        """The innermost step is over."""


_listener: ContextVar[Listener | None] = ContextVar("downrange_listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell `listener` of every step of this thread."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def step(name: str, total: int = 0) -> Iterator[None]:
    """A step of work.

    name: what is done, in words for people. total: how much there is to do, as `advance` counts it; 0: not known.
    """
    told = _listener.get()
    if told is None:
        yield
        return
    told.begin(name, total)
    try:
        yield
    finally:
        told.end()


def advance(done: int = 1) -> None:
    """So much more of the step under way is done."""
    if (told := _listener.get()) is not None:
        told.advance(done)
