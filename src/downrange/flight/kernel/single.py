"""The engine for one flight at a time: with its trajectory where it is asked for, and in each thread of a GPU."""

from .dopri import load6, load8, load13, load_flight, load_segment, make_rolled, step_factor, store6, store13
from .engine import instance
from .jit import machine, physics
from .margin import stability
from .physics import canopy, free_full

__all__ = ["fly_one"]

_step_full = make_rolled(free_full, 13)
_step_canopy = make_rolled(canopy, 6)


@physics
def _free(T, w, odd, tol):
    F, S = load_flight(w.flight, 0, 1), load_segment(w.segment, 0, 1)
    y, k = load13(w.y, 0, 1), load13(w.k, 0, 1)
    y, k, e2 = _step_full(T, F, S, w.time[0], w.taken[0], y, k, tol, w.scratch)
    store13(w.y_new, 0, 1, y)
    store13(w.k_new, 0, 1, k)
    w.error[0], w.factor[0] = e2, step_factor(e2)
    w.margin[0] = stability(T, F, S, True, w.time[0] + w.taken[0], y)


@physics
def _hanging(T, w, tol):
    F, C = load_flight(w.flight, 0, 1), load8(w.canopy, 0, 1)
    y, k = load6(w.y, 0, 1), load6(w.k, 0, 1)
    y, k, e2 = _step_canopy(T, F, C, w.time[0], w.taken[0], y, k, tol, w.scratch)
    store6(w.y_new, 0, 1, y)
    store6(w.k_new, 0, 1, k)
    w.error[0], w.factor[0] = e2, step_factor(e2)


fly_one = machine(instance("fly_one", 1, _free, _hanging))
