"""Whether the kernel is compiled, and having it compiled beside what goes on."""

from __future__ import annotations

import sys

__all__ = ["begin_compiling", "kernel_loaded", "kernel_state", "many_compiled"]


def kernel_loaded() -> bool:
    """Whether this process has loaded Numba for the kernel, which takes as long as a few flights in Python."""
    return "downrange.flight.kernel.warm" in sys.modules


def kernel_state() -> str:
    """What is compiled: `none` where nothing is kept, else `empty`, `one` (single flights) or `complete`."""
    from downrange.flight.kernel.warm import state

    return state()


def many_compiled() -> bool:
    """Whether this process has the kernel and its kept code has many flights in it too, so that they can be flown at once."""
    return kernel_loaded() and kernel_state() == "complete"


def begin_compiling() -> bool:
    """Whether single flights are compiled; where they are not, a process begins to do so."""
    from downrange.flight.kernel.warm import begin

    return begin()
