"""Compile the kernel into the cache, in a process of its own.

What a process has compiled itself and what it loads from the cache differ in how shared functions were optimised, and
so in the last bit of some flights; so do the orders of loading. Therefore nobody flies what he has compiled: this
process compiles, everybody else loads, and one flight's kernel before that of many.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from downrange.flight.kernel.jit import CACHE, CACHED

__all__ = ["compile_all", "ready"]

_PATIENCE = 900.0  # s; the slowest machine seen needs 90
STAGES = ("one", "many")


def _mark(stage: str) -> Path:
    return CACHE / f"{stage}.done"


def _abandoned(lock: Path) -> bool:
    """Whether the process that compiles is gone: killed, or from before the machine was started anew."""
    try:
        pid, age = lock.read_text(), time.time() - lock.stat().st_mtime
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


def ready(stage: str) -> None:
    """Wait until the cache holds a stage (`one`, `many`), compiling it in another process where nobody does yet.

    Where the cache cannot be written, or DOWNRANGE_COMPILE is `here`, the caller compiles for himself.
    """
    if not CACHED or os.environ.get("DOWNRANGE_COMPILE") == "here" or _mark(stage).exists():
        return
    lock, child = CACHE / "compiling", None
    until = time.monotonic() + _PATIENCE
    while not _mark(stage).exists() and time.monotonic() < until:
        if child is None:
            try:
                lock.touch(exist_ok=False)
                env = dict(os.environ, DOWNRANGE_COMPILE="here")
                quiet = subprocess.DEVNULL
                child = subprocess.Popen(
                    [sys.executable, "-c", f"from {__name__} import compile_all; compile_all()"],
                    env=env,
                    stdin=quiet,
                    stdout=quiet,
                    stderr=quiet,
                    start_new_session=True,
                )
                lock.write_text(str(child.pid))
            except FileExistsError:
                if _abandoned(lock):
                    lock.unlink(missing_ok=True)
        elif child.poll() is not None and not _mark(stage).exists():
            lock.unlink(missing_ok=True)
            return  # it failed: whoever calls will see why
        time.sleep(0.05)
    if child is not None:  # it goes on with the later stages
        threading.Thread(target=child.wait, daemon=True).start()


def compile_all() -> None:
    """Compile by flying: one body once, then in lanes, in a wind of its own."""
    import numpy as np

    from downrange.atmosphere import Weather
    from downrange.earth import Pad
    from downrange.flight.body import PlainBody, compile_body
    from downrange.flight.drivers import fly_rows, fly_single, rail_ride
    from downrange.flight.kernel.winds import pack_winds

    lock = CACHE / "compiling"
    try:
        body = compile_body(PlainBody(1.0, np.eye(3)), Pad(0.0, 0.0), Weather(), top=1000.0)
        fly_single(body)
        rail_ride(body, 0.0, 1.0, 2)
        _mark("one").touch()
        n = body.tables.wind.size // 4 + 1
        pack_winds(
            np.zeros((1, n, 2)), np.zeros(1, np.int64), np.zeros((1, 2, 2)), np.zeros(n, np.int64), np.zeros(n), np.zeros(n), 0.0,
            np.zeros(n), np.ones(n), np.zeros(n), np.zeros((0, 1, 4)), np.empty((1, n - 1, 4)),
        )  # fmt: skip
        fly_rows(body, body.row[None], threads=1)
        _mark("many").touch()
    finally:
        lock.unlink(missing_ok=True)
