"""The engine for many flights: lanes of 16 in step through SIMD registers, each with its own step size."""

from .dopri import (
    load6,
    load8,
    load13,
    load_flight,
    load_segment,
    make_unrolled,
    step_factor,
    store6,
    store13,
)
from .engine import instance
from .jit import lanes, machine, physics
from .layout import L
from .margin import stability
from .physics import canopy, free_full, free_plain

__all__ = ["fly_many", "lanes_canopy", "lanes_full", "lanes_plain"]

_step_plain = make_unrolled(free_plain, 13)
_step_full = make_unrolled(free_full, 13)
_step_canopy = make_unrolled(canopy, 6)


@lanes
def lanes_plain(T, FL, SL, Y, K, TT, HH, YN, KN, ERR, FAC, MAR, tol):
    """One step of every lane in free flight, and the stability margin after it."""
    for l in range(L):
        F, S = load_flight(FL, l, L), load_segment(SL, l, L)
        y, k, e2 = _step_plain(T, F, S, TT[l], HH[l], load13(Y, l, L), load13(K, l, L), tol)
        store13(YN, l, L, y)
        store13(KN, l, L, k)
        ERR[l] = e2
        FAC[l] = step_factor(e2)
        MAR[l] = stability(T, F, S, False, TT[l] + HH[l], y)


@lanes
def lanes_full(T, FL, SL, Y, K, TT, HH, YN, KN, ERR, FAC, MAR, tol):
    """One step of every lane in free flight with odd fins and brakes, and the stability margin after it."""
    for l in range(L):
        F, S = load_flight(FL, l, L), load_segment(SL, l, L)
        y, k, e2 = _step_full(T, F, S, TT[l], HH[l], load13(Y, l, L), load13(K, l, L), tol)
        store13(YN, l, L, y)
        store13(KN, l, L, k)
        ERR[l] = e2
        FAC[l] = step_factor(e2)
        MAR[l] = stability(T, F, S, True, TT[l] + HH[l], y)


@lanes
def lanes_canopy(T, FL, CL, Y, K, TT, HH, YN, KN, ERR, FAC, tol):
    """One step of every lane under canopies."""
    for l in range(L):
        y, k, e2 = _step_canopy(
            T, load_flight(FL, l, L), load8(CL, l, L), TT[l], HH[l], load6(Y, l, L), load6(K, l, L), tol
        )
        store6(YN, l, L, y)
        store6(KN, l, L, k)
        ERR[l] = e2
        FAC[l] = step_factor(e2)


@physics
def _free(T, w, odd, tol):
    if odd:
        lanes_full(
            T, w.flight, w.segment, w.y, w.k, w.time, w.taken, w.y_new, w.k_new, w.error, w.factor, w.margin, tol
        )
    else:
        lanes_plain(
            T, w.flight, w.segment, w.y, w.k, w.time, w.taken, w.y_new, w.k_new, w.error, w.factor, w.margin, tol
        )


@physics
def _hanging(T, w, tol):
    lanes_canopy(T, w.flight, w.canopy, w.y, w.k, w.time, w.taken, w.y_new, w.k_new, w.error, w.factor, tol)


fly_many = machine(instance("fly_many", L, _free, _hanging))
