"""What a command shows while it works, on standard error, and where its time went."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from downrange.steps import listening

__all__ = ["Watch", "watching"]

_FIRST = 0.8  # s of work before anything is shown
_EVERY = 0.25  # s between two looks


@dataclass
class _Step:
    name: str
    total: int
    depth: int
    began: float
    done: int = 0
    took: float = 0.0


@dataclass
class Watch:
    """The steps of a command: those that are over with the time they took, and those under way.

    `timings`: whether to tell at the end where the time went.
    """

    began: float = field(default_factory=time.monotonic)
    timings: bool = False
    steps: list[_Step] = field(default_factory=list)
    open: list[_Step] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _shown: str = ""

    def begin(self, name: str, total: int) -> None:
        """A step begins."""
        now = _Step(name, total, len(self.open), time.monotonic())
        self.steps.append(now)
        self.open.append(now)

    def advance(self, done: int) -> None:
        """So much more of the innermost step is done."""
        if self.open:
            self.open[-1].done += done

    def end(self) -> None:
        """The innermost step is over."""
        last = self.open.pop()
        last.took = time.monotonic() - last.began

    def show(self) -> None:
        """Say what is under way until the command is done: on a terminal in one line, else a line for each step."""
        terminal = sys.stderr.isatty()
        self._over.wait(_FIRST)
        while not self._over.is_set():
            words = self._now(terminal)
            if words != self._shown:
                self._write(f"\r\x1b[K{words}" if terminal else f"{words} ...\n")
                self._shown = words
            self._over.wait(_EVERY)
        if terminal and self._shown:
            self._write("\r\x1b[K")

    def close(self) -> None:
        """Stop showing."""
        self._over.set()

    @staticmethod
    def _write(text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):  # nobody reads it any more
            pass

    def _now(self, counted: bool) -> str:
        steps = list(self.open)
        if not steps:
            return self._shown or "starting"
        name, last = ": ".join(s.name for s in steps), steps[-1]
        if not (counted and last.total):
            return name
        words = f"{name}, {last.done:,} of {last.total:,}"
        spent = time.monotonic() - last.began
        if 0 < last.done < last.total and spent > 1:
            words += f", {last.done / spent:,.3g} a second, {spent * (last.total / last.done - 1):.0f} s left"
        return words

    def table(self) -> str:
        """Where the time went: each step with its seconds and its share of all, steps within steps indented."""
        total = max(time.monotonic() - self.began, 1e-9)
        rows: dict[tuple[int, str], float] = {}
        for s in self.steps:
            rows[s.depth, s.name] = rows.get((s.depth, s.name), 0.0) + s.took
        rest = total - sum(took for (depth, _), took in rows.items() if depth == 0)
        lines = [("  " * depth + name, took) for (depth, name), took in rows.items()]
        lines += [("starting, printing and the rest", rest), ("together", total)]
        wide = max(len(name) for name, _ in lines)
        return "\n".join(f"{name:<{wide}}  {took:7.2f} s  {took / total:4.0%}" for name, took in lines)


@contextmanager
def watching(quiet: bool = False) -> Iterator[Watch]:
    """Show progress while a command works; not where it is `quiet`, as when a shell asks for completions."""
    watch = Watch()
    shower = threading.Thread(target=watch.show, daemon=True, name="progress")
    if quiet:
        watch.close()
    shower.start()
    try:
        with listening(watch):
            yield watch
    finally:
        watch.close()
        shower.join(1.0)
        if watch.timings:
            Watch._write(f"{watch.table()}\n")
