"""Dormand-Prince 5(4): on tuples, unrolled so that a whole step vectorises across lanes; and rolled up, for one flight.

Source: Dormand & Prince, J. Comput. Appl. Math. 6 (1980), 19-26. The error is the root mean square over the state of
the embedded difference over tol (1 + |y|); step factors from Hairer, Nørsett & Wanner, Solving ODE I, II.4.
"""

import math
from functools import lru_cache

import numpy as np

from .jit import physics
from .layout import FLIGHT_FIELDS, NS, Flight, Segment

A = (
    (1 / 5,),
    (3 / 40, 9 / 40),
    (44 / 45, -56 / 15, 32 / 9),
    (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
    (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)
C = (1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0)
E = (71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40)


def _build(source, **names):
    """Compile generated source, as `collections.namedtuple` does, and return its function `made`."""
    space = dict(names)
    exec(source, space)
    return physics(space["made"])


def _sum(weights, m):
    return " + ".join(f"{w!r} * k{j + 1}[{m}]" for j, w in enumerate(weights) if w)


@lru_cache
def _combination(weights, n):
    """(y, h, k1, ..., ks) -> y + h Σ w k for n-tuples."""
    ks = ", ".join(f"k{j + 1}" for j in range(len(weights)))
    body = ", ".join(f"y[{m}] + h * ({_sum(weights, m)})" for m in range(n))
    return _build(f"def made(y, h, {ks}):\n    return ({body})\n")


@lru_cache
def _error(n):
    """Mean square of the scaled embedded error."""
    terms = "".join(
        f"    e = h * ({_sum(E, m)}) / (tol * (1.0 + max(abs(y[{m}]), abs(z[{m}]))))\n    s += e * e\n"
        for m in range(n)
    )
    return _build(
        f"def made(y, z, h, tol, k1, k2, k3, k4, k5, k6, k7):\n    s = 0.0\n{terms}    return s * {1 / n!r}\n"
    )


def make_unrolled(rhs, n):
    """One step of `rhs` on n-tuples: (T, F, X, t, h, y, k1, tol) -> (y after, k after, mean square error)."""
    w1, w2, w3, w4, w5, w6 = (_combination(a, n) for a in A)
    error = _error(n)

    @physics
    def step(T, F, X, t, h, y, k1, tol):
        k2 = rhs(T, F, X, t + C[0] * h, w1(y, h, k1))
        k3 = rhs(T, F, X, t + C[1] * h, w2(y, h, k1, k2))
        k4 = rhs(T, F, X, t + C[2] * h, w3(y, h, k1, k2, k3))
        k5 = rhs(T, F, X, t + C[3] * h, w4(y, h, k1, k2, k3, k4))
        k6 = rhs(T, F, X, t + h, w5(y, h, k1, k2, k3, k4, k5))
        z = w6(y, h, k1, k2, k3, k4, k5, k6)
        k7 = rhs(T, F, X, t + h, z)
        return z, k7, error(y, z, h, tol, k1, k2, k3, k4, k5, k6, k7)

    return step


WEIGHTS = np.array([[*row, *[0.0] * (6 - len(row))] for row in A])
NODES = np.array(C)
ERRORS = np.array(E)
SCRATCH = 9 * 13  # seven derivatives, the state, a stage


def make_rolled(rhs, n):
    """The same step as a loop over its stages, which compiles in a sixth of the time and needs `z`, SCRATCH numbers."""
    get = _build(f"def made(z, i):\n    return ({', '.join(f'z[i + {m}]' for m in range(n))})\n")
    put = _build("def made(z, i, y):\n" + "".join(f"    z[i + {m}] = y[{m}]\n" for m in range(n)))

    @physics
    def step(T, F, X, t, h, y, k1, tol, z):
        put(z, 0, k1)
        put(z, 7 * n, y)
        for s in range(6):
            for m in range(n):
                a = 0.0
                for j in range(s + 1):
                    a += WEIGHTS[s, j] * z[j * n + m]
                z[8 * n + m] = z[7 * n + m] + h * a
            put(z, (s + 1) * n, rhs(T, F, X, t + NODES[s] * h, get(z, 8 * n)))
        e2 = 0.0
        for m in range(n):
            e = 0.0
            for j in range(7):
                e += ERRORS[j] * z[j * n + m]
            e *= h / (tol * (1.0 + max(abs(z[7 * n + m]), abs(z[8 * n + m]))))
            e2 += e * e
        return get(z, 8 * n), get(z, 6 * n), e2 / n

    return step


@physics
def step_factor(e2):
    """Factor for the next step from the mean square error: 0.9 err^-0.1875, by square roots, which vectorise."""
    s = math.sqrt(math.sqrt(math.sqrt(math.sqrt(max(e2, 1e-24)))))
    return min(max(0.9 / (s * math.sqrt(s)), 0.2), 5.0)


def _strided(n, wrap="("):
    items = ", ".join(f"a[{m}*width + l]" for m in range(n))
    return f"def made(a, l, width):\n    return {wrap}{items})\n"


load13, load6, load8 = (_build(_strided(n)) for n in (13, 6, 8))
store13, store6, store8 = (
    _build("def made(a, l, width, y):\n" + "".join(f"    a[{m}*width + l] = y[{m}]\n" for m in range(n)))
    for n in (13, 6, 8)
)
load_flight = _build(_strided(len(FLIGHT_FIELDS), "Flight("), Flight=Flight)
flight_from_row = _build(
    "def made(row):\n    return Flight(" + ", ".join(f"row[{i}]" for i in range(len(FLIGHT_FIELDS))) + ")\n",
    Flight=Flight,
)


@physics
def load_segment(a, l, width):
    """The segment of lane l."""
    return Segment(a, l, width)


@physics
def segment_from_row(rows, i):
    """The segment in row i of the flat table."""
    return Segment(rows, i * NS, 1)
