"""The compiled loops of interior ballistics: floats and arrays only; `ballistics.run` owns what they are given.

Flow along the port stands in `port`. Tables of several charges stand one
after another, charge c from `first[c]` to `first[c + 1]`; burning-rate laws likewise, from `law[c]`.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import config, njit

__all__ = ["compiled", "fill", "many_marches", "march", "piece_at", "table_at"]


def _folder() -> str:
    """Where compiled code is kept: a folder named by a hash of what is compiled, because Numba does not see edits in callees."""
    digest = hashlib.sha256(numba.__version__.encode())
    for name in ("kernels.py", "port.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    root = os.environ.get("DOWNRANGE_CACHE") or os.path.expanduser(os.path.join("~", ".cache", "downrange"))
    return os.path.join(os.path.abspath(root), f"ballistics-{digest.hexdigest()[:16]}")


_FOLDER = _folder()


def compiled(function: Callable[..., Any]) -> Any:
    """Numba's njit with a cache of our own; without one where no folder takes it."""
    before = config.CACHE_DIR
    config.CACHE_DIR = _FOLDER
    try:
        return njit(error_model="numpy", cache=True, nogil=True)(function)
    except (RuntimeError, OSError):
        return njit(error_model="numpy", nogil=True)(function)
    finally:
        config.CACHE_DIR = before


@compiled
def table_at(x, grid, column, lo, hi):
    """Linear interpolation in grid[lo:hi]; zero beyond its end."""
    if x >= grid[hi - 1]:
        return 0.0
    a, b = lo, hi - 1
    while b - a > 1:
        m = (a + b) // 2
        if grid[m] <= x:
            a = m
        else:
            b = m
    return column[a] + (column[b] - column[a]) * (x - grid[a]) / (grid[b] - grid[a])


@compiled
def piece_at(p, c, law, edges):
    """Number of the piece of charge c that holds at p; its edges stand at law[c] - c."""
    k, last = law[c], law[c + 1] - 1
    e = law[c] - c
    while k < last and p >= edges[e]:
        k += 1
        e += 1
    return k


@compiled
def rate_at(p, c, law, edges, coefficient, exponent):
    """Burning rate of charge c at p."""
    k = piece_at(p, c, law, edges)
    return coefficient[k] * p ** exponent[k]


@compiled
def excess(p, inner, area, density, law, edges, coefficient, exponent, c_star, throat):
    """ln of what the charges would hold the pressure at over p itself, with the laws that hold at `inner`.

    Gases of several charges mix: c*² of the mixture is the mean of theirs by mass flow.
    """
    flow, flow_c2 = 0.0, 0.0
    for c in range(area.size):
        if area[c] > 0:
            k = piece_at(inner, c, law, edges)
            m = area[c] * density[c] * coefficient[k] * p ** exponent[k]
            flow += m
            flow_c2 += m * c_star[k] ** 2
    if flow <= 0:
        return -1e300
    return np.log(np.sqrt(flow * flow_c2) / (throat * p))


@compiled
def solve_in(low, high, inner, area, density, law, edges, coefficient, exponent, c_star, throat):
    """The pressure between low and high where `excess` falls through zero; in closed form for one charge."""
    burning, one = 0, 0
    for c in range(area.size):
        if area[c] > 0:
            burning += 1
            one = c
    if burning == 1:
        k = piece_at(inner, one, law, edges)
        gain = area[one] * density[one] * coefficient[k] * c_star[k] / throat
        return min(max(gain ** (1 / (1 - exponent[k])), low), high)
    a, b = np.log(low), np.log(high)
    for _ in range(80):
        m = 0.5 * (a + b)
        if excess(np.exp(m), inner, area, density, law, edges, coefficient, exponent, c_star, throat) > 0:
            a = m
        else:
            b = m
        if b - a < 1e-13:
            break
    return np.exp(0.5 * (a + b))


@compiled
def steady(p, area, density, law, edges, marks, coefficient, exponent, c_star, throat):
    """The steady pressure that is reached from p: up where more gas is made than leaves, down where less, to the first
    pressure that holds. `marks` are the edges of all charges in order."""
    top = 1e12
    n = marks.size
    here = excess(p, p, area, density, law, edges, coefficient, exponent, c_star, throat)
    if here <= -1e200:
        return 0.0
    k = 0
    while k < n and p >= marks[k]:
        k += 1
    if here > 0:
        low = p
        while True:
            high = marks[k] if k < n else top
            inner = 0.5 * (low + high) if k < n else 2 * low
            if excess(high, inner, area, density, law, edges, coefficient, exponent, c_star, throat) <= 0:
                return solve_in(low, high, inner, area, density, law, edges, coefficient, exponent, c_star, throat)
            if k == n:
                return np.inf
            if excess(high, high, area, density, law, edges, coefficient, exponent, c_star, throat) < 0:
                return high
            low = high
            k += 1
    high = p
    while True:
        low = marks[k - 1] if k > 0 else 1e-6
        inner = 0.5 * (low + high)
        if excess(low, inner, area, density, law, edges, coefficient, exponent, c_star, throat) >= 0:
            return solve_in(low, high, inner, area, density, law, edges, coefficient, exponent, c_star, throat)
        if k == 0:
            return 0.0
        below = low * (1 - 1e-12)
        if excess(below, below, area, density, law, edges, coefficient, exponent, c_star, throat) > 0:
            return low
        high = below
        k -= 1


@compiled
def march(
    first, grid, table, density, law, edges, marks, coefficient, exponent, c_star, radius, erosion, slag, ambient, out
):
    """Burn the charges quasi-steadily; rows of out: time, pressure, throat radius, then how far each charge has burnt.

    A step goes to the next level of one of the charges, whichever is reached first; time, throat and the other charges
    by Heun's rule. Returns the number of rows, negative where the pressure has no bound.
    """
    m = density.size
    x, area = np.zeros(m), np.zeros(m)
    x1, area1, r0, r1 = np.zeros(m), np.zeros(m), np.zeros(m), np.zeros(m)
    level = np.zeros(m, np.int64)
    for c in range(m):
        level[c] = first[c]
        area[c] = table[first[c]]
    time, p, rows = 0.0, ambient, 0
    while rows < out.shape[0]:
        p = steady(max(p, ambient), area, density, law, edges, marks, coefficient, exponent, c_star, np.pi * radius**2)
        if not p < 1e11:
            return -1
        p = max(p, ambient)  # the air outside comes in
        out[rows, 0], out[rows, 1], out[rows, 2] = time, p, radius
        for c in range(m):
            out[rows, 3 + c] = x[c]
        rows += 1
        best, who = np.inf, -1
        for c in range(m):
            if level[c] < first[c + 1] - 1:
                r0[c] = rate_at(p, c, law, edges, coefficient, exponent)
                wait = (grid[level[c] + 1] - x[c]) / r0[c]
                if wait < best:
                    best, who = wait, c
            else:
                r0[c] = 0.0
        if who < 0:
            break
        gap = grid[level[who] + 1] - x[who]
        for c in range(m):
            x1[c] = x[c] + r0[c] * best
            area1[c] = table_at(x1[c], grid, table, first[c], first[c + 1]) if c != who else table[level[who] + 1]
        wider = max(radius + best * (erosion * p - slag / p), 1e-5)
        p1 = steady(p, area1, density, law, edges, marks, coefficient, exponent, c_star, np.pi * wider**2)
        if not p1 < 1e11:
            return -1
        p1 = max(p1, ambient)
        for c in range(m):
            r1[c] = rate_at(p1, c, law, edges, coefficient, exponent) if r0[c] > 0 else 0.0
        dt = 0.5 * gap * (1 / r0[who] + 1 / r1[who])
        time += dt
        radius = max(radius + 0.5 * dt * (erosion * (p + p1) - slag * (1 / p + 1 / p1)), 1e-5)
        for c in range(m):
            if c == who:
                level[c] += 1
                x[c] = grid[level[c]]
                area[c] = table[level[c]]
            elif r0[c] > 0:
                x[c] = min(x[c] + 0.5 * dt * (r0[c] + r1[c]), grid[first[c + 1] - 1])
                while level[c] < first[c + 1] - 2 and x[c] >= grid[level[c] + 1]:
                    level[c] += 1
                if x[c] >= grid[first[c + 1] - 1]:
                    level[c] = first[c + 1] - 1
                area[c] = table_at(x[c], grid, table, first[c], first[c + 1])
    return rows


@compiled
def many_marches(
    first,
    grid,
    table,
    density,
    law,
    edges,
    marks,
    coefficient,
    exponent,
    c_star,
    radius,
    erosion,
    slag,
    ambient,
    scale,
    out,
    count,
):
    """As `march`, once for each row of `scale`: factors of density, of the burning rate, of c*, and of the throat's radius."""
    for k in range(scale.shape[0]):
        count[k] = march(
            first, grid, table, density * scale[k, 0], law, edges, marks, coefficient * scale[k, 1], exponent, c_star * scale[k, 2],
            radius * scale[k, 3], erosion, slag, ambient, out[k],
        )  # fmt: skip


@compiled
def made(p, x, first, grid, table, density, law, edges, coefficient, exponent, c_star, flow_factor, r, found):
    """Gas that is made at p: found[0] kg/s, found[1] kg/s times R T, found[2] m3/s of room; r: the charges' rates."""
    found[:] = 0.0
    for c in range(density.size):
        area = table_at(x[c], grid, table, first[c], first[c + 1])
        k = piece_at(p, c, law, edges)
        r[c] = coefficient[k] * p ** exponent[k] if area > 0 else 0.0
        m = density[c] * area * r[c]
        found[0] += m
        found[1] += m * (c_star[k] * flow_factor) ** 2
        found[2] += area * r[c]


@compiled
def leaving(p, ambient, k, back):
    """Flow over that of a choked throat: 1 down to the chamber pressure at which the throat stops being choked (ambient / back); below, as
    the root of what is left of the difference of pressures."""
    choked = ambient / back
    if p >= choked:
        return 1.0
    if p <= ambient:
        return 0.0
    ratio = ambient / p
    full = np.sqrt(back ** (2 / k) - back ** ((k + 1) / k))
    return min(np.sqrt(max(ratio ** (2 / k) - ratio ** ((k + 1) / k), 0.0)) / full, 1.0)


@compiled
def fill(
    first, grid, table, density, law, edges, coefficient, exponent, c_star, radius, erosion, slag, ambient, chamber, solid,
    gas_flow, gas_time, k, back, flow_factor, heat, tolerance, longest, out,
):  # fmt: skip
    """Fill and empty the chamber: rows of out are time, pressure, throat radius, the charges' x, R T of the gas, and igniter gas so far.

    State: ln p, with R T of the mixture and the charges beside it. d(p V)/dt = R T (made - leaving) at constant temperature;
    Rosenbrock's method of second order (L-stable, gamma 1 + 1/sqrt 2) with the error of its embedded first.
    """
    m = density.size
    x, r, found = np.zeros(m), np.zeros(m), np.zeros(3)
    gamma = 1 + 1 / np.sqrt(2.0)
    y, time, rows, step = np.log(ambient), 0.0, 0, 1e-5
    free, given, heat_now = chamber - solid, 0.0, heat
    while rows < out.shape[0]:
        p = np.exp(y)
        out[rows, 0], out[rows, 1], out[rows, 2] = time, p, radius
        for c in range(m):
            out[rows, 3 + c] = x[c]
        out[rows, 3 + m], out[rows, 4 + m] = heat_now, given
        rows += 1
        made(p, x, first, grid, table, density, law, edges, coefficient, exponent, c_star, flow_factor, r, found)
        burning = found[0] > 0
        lit = gas_flow if time < gas_time else 0.0
        if time > longest or (not burning and lit == 0 and p < 1.005 * ambient):
            break
        if burning:
            heat_now = found[1] / found[0]
        best = longest
        if time < gas_time:
            best = gas_time - time
        for c in range(m):
            if r[c] > 0:
                web = grid[first[c + 1] - 1]
                best = min(best, max(min(web - x[c], 0.01 * web) / r[c], 1e-9))
        step = min(step, best)
        tries = 0
        while True:
            slope = 0.0
            f0 = 0.0
            for side in range(2):
                q = np.exp(y + 1e-6 * side)
                made(
                    q, x, first, grid, table, density, law, edges, coefficient, exponent, c_star, flow_factor, r, found
                )
                out_flow = q * np.pi * radius**2 * flow_factor / np.sqrt(heat_now) * leaving(q, ambient, k, back)
                f = (found[1] + (lit - out_flow) * heat_now) / (q * free) - found[2] / free
                if side == 0:
                    f0 = f
                else:
                    slope = (f - f0) / 1e-6
            slope = min(slope, 0.0) if step * slope < 0.5 else slope
            scale = 1 / (1 - gamma * step * slope)
            k1 = f0 * scale
            q = np.exp(min(max(y + step * k1, -10.0), 27.0))
            # at the end of the step, further burnt
            made(p, x, first, grid, table, density, law, edges, coefficient, exponent, c_star, flow_factor, r, found)
            burnt = found[2] * step
            ahead = x + r * step
            made(
                q, ahead, first, grid, table, density, law, edges, coefficient, exponent, c_star, flow_factor, r, found
            )
            out_flow = q * np.pi * radius**2 * flow_factor / np.sqrt(heat_now) * leaving(q, ambient, k, back)
            f1 = (found[1] + (lit - out_flow) * heat_now) / (q * (free + burnt)) - found[2] / (free + burnt)
            k2 = (f1 - 2 * k1) * scale
            change = step * (1.5 * k1 + 0.5 * k2)
            error = abs(0.5 * step * (k1 + k2))
            if (error <= tolerance and abs(change) < 0.5) or step < 1e-9 or tries > 60:
                break
            step *= max(0.2, min(0.5, 0.8 * np.sqrt(tolerance / (error + 1e-300))))
            tries += 1
        # the charges by Heun's rule, and the room that they leave
        made(p, x, first, grid, table, density, law, edges, coefficient, exponent, c_star, flow_factor, r, found)
        room0 = found[2]
        ahead = x + r * step
        y1 = min(max(y + change, -10.0), 27.0)
        p1 = np.exp(y1)
        for c in range(m):
            if r[c] > 0:
                later = rate_at(p1, c, law, edges, coefficient, exponent)
                end = grid[first[c + 1] - 1]
                ahead[c] = x[c] + 0.5 * step * (r[c] + later)
                if ahead[c] > end * (1 - 1e-9):
                    ahead[c] = end
        made(p1, ahead, first, grid, table, density, law, edges, coefficient, exponent, c_star, flow_factor, r, found)
        free = min(free + 0.5 * step * (room0 + found[2]), chamber)
        given += lit * step
        radius = max(radius + 0.5 * step * (erosion * (p + p1) - slag * (1 / p + 1 / p1)), 1e-5)
        for c in range(m):
            x[c] = ahead[c]
        y = y1
        time += step
        step *= min(2.5, max(0.3, 0.8 * np.sqrt(tolerance / (error + 1e-12))))
    return rows
