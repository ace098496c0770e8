"""Compile the kernel into the cache, in a process of its own.

What a process has compiled itself and what it loads from the cache differ in how shared functions were optimised, and
so in the last bit of some flights; so do the orders of loading. Therefore nobody flies what he has compiled: this
process compiles, everybody else loads, and one flight's kernel before that of many.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import time
from pathlib import Path

from downrange.flight.kernel.jit import CACHE, CACHE_NOTE

__all__ = ["begin", "finished", "mark", "ready", "state"]

_PATIENCE = 900.0  # s; the slowest machine seen needs 90
_LINE = "compiling the flight kernel for this processor (half a minute or so, once)"
_COMPILER = "downrange.flight.compiling"  # run in the other process; flies, and so stands above the kernel
_children: list[subprocess.Popen[bytes]] = []
_told: set[str] = set()


def mark(stage: str) -> Path:
    """The file that says that a stage (`one`, `many`) is compiled. There must be a cache."""
    assert CACHE is not None
    return CACHE / f"{stage}.done"


def state() -> str:
    """What the cache holds: `none` where nothing is kept, else `empty`, `one` (flight's kernel) or `complete`."""
    if CACHE is None:
        return "none"
    return "complete" if mark("many").exists() else "one" if mark("one").exists() else "empty"


def _abandoned(lock: Path) -> bool:
    """Whether the process that compiles is gone: killed, or from before the machine was started anew."""
    try:
        pid, age = lock.read_text(encoding="ascii"), time.time() - lock.stat().st_mtime
    except FileNotFoundError:
        return False
    if age > _PATIENCE:
        return True
    if not pid.isdigit() or os.name == "nt":  # on Windows asking after a process would end it
        return age > 0.3 * _PATIENCE
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


def _say(text: str, end: str = "\n") -> None:
    if sys.stderr is not None:
        sys.stderr.write(text + end)
        sys.stderr.flush()


def _say_once(text: str) -> None:
    if text not in _told and os.environ.get("DOWNRANGE_COMPILE") != "here":
        _say(text)
    _told.add(text)


class _Progress:
    """A line that moves while the kernel is compiled, on a terminal; elsewhere one line that stands."""

    def __init__(self) -> None:
        self.moves = sys.stderr is not None and sys.stderr.isatty()
        self.start, self.shown = time.monotonic(), -1
        if not self.moves:
            _say_once(f"{_LINE} ...")

    def show(self) -> None:
        seconds = int(time.monotonic() - self.start)
        if self.moves and seconds > self.shown:
            self.shown = seconds
            _say(f"\r{_LINE}: {seconds} s ", end="")

    def end(self) -> None:
        if self.moves:
            _say("\r" + " " * (len(_LINE) + 12) + "\r", end="")


def _start() -> subprocess.Popen[bytes]:
    env = dict(os.environ, DOWNRANGE_COMPILE="here", DOWNRANGE_CACHE=str(CACHE.parent)) if CACHE else dict(os.environ)
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-c", f"import {_COMPILER}; {_COMPILER}.compile_all()"],
        env=env,
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,
    )


@atexit.register
def _let_go() -> None:
    """What is still being compiled goes on without us."""
    for child in _children:
        if child.poll() is None:
            child.returncode = 0


def _here() -> bool:
    return CACHE is None or os.environ.get("DOWNRANGE_COMPILE") == "here"


def _have_it_compiled() -> subprocess.Popen[bytes] | None:
    """Start the process that compiles, unless somebody's does."""
    assert CACHE is not None
    lock = CACHE / "compiling"
    try:
        lock.touch(exist_ok=False)
    except FileExistsError:
        if _abandoned(lock):
            lock.unlink(missing_ok=True)
        return None
    child = _start()
    _children.append(child)
    lock.write_text(str(child.pid), encoding="ascii")
    return child


def begin() -> bool:
    """Whether one flight's kernel is compiled, or must be here and now; where not, it is compiled behind our back."""
    if _here() or os.environ.get("DOWNRANGE_COMPILE") == "wait" or mark("one").exists():
        return True
    if not any(child.poll() is None for child in _children):
        _have_it_compiled()
    return False


def ready(stage: str) -> None:
    """Wait until the cache holds a stage (`one`, `many`), compiling it in another process where nobody does yet.

    Where nothing can be kept, or DOWNRANGE_COMPILE is `here`, the caller compiles for himself. What takes long is said on
    stderr.
    """
    if CACHE_NOTE:
        _say_once(f"note: {CACHE_NOTE}")
    if _here() or mark(stage).exists():
        return
    assert CACHE is not None
    progress = _Progress()
    child = _children[-1] if _children and _children[-1].poll() is None else None
    try:
        until = time.monotonic() + _PATIENCE
        while not mark(stage).exists() and time.monotonic() < until:
            if child is None:
                child = _have_it_compiled()
            elif child.poll() is not None and not mark(stage).exists():
                (CACHE / "compiling").unlink(missing_ok=True)
                return  # it failed: whoever calls will see why
            progress.show()
            time.sleep(0.05)
    finally:
        progress.end()


def finished() -> None:
    """Let others compile: what was being compiled is there, or has failed."""
    assert CACHE is not None
    (CACHE / "compiling").unlink(missing_ok=True)
