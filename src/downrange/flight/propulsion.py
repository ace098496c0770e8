"""Motors as the kernel flies them: sums over them, polynomials in time between all their knots.

A motor pushes along its own axis at its own place; its propellant sits where it is. What the equations of motion need of
any number of them are sums (thrust, thrust times place, mass, mass times place, ...), which between two knots of their
curves are polynomials in time, so that the cost of a flight does not grow with their number. Derivation: docs/theory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downrange.aero import Brakes
from downrange.flight.kernel.layout import FOREVER, NS, G
from downrange.motor import Motor

__all__ = ["NEVER_LIT", "Nozzle", "burnt_out", "off_axis", "segment_tables", "sums_at"]

NEVER_LIT = np.inf  # the ignition time of a motor that stays unlit


@dataclass(frozen=True, eq=False)
class Nozzle:
    """A motor where it stands: its aft end `x` (m aft of the nose tip) at `y`, `z` (m, body axes) off the axis.

    `slope_y` and `slope_z` are the tangents of the angles by which it pushes towards body y and z; `jet` its share of the
    jets at the rocket's base, zero where it does not fire from there.
    """

    motor: Motor
    x: float
    y: float = 0.0
    z: float = 0.0
    slope_y: float = 0.0
    slope_z: float = 0.0
    jet: float = 1.0

    @property
    def centre(self) -> float:
        """Centre of its propellant, m aft of the nose tip."""
        return self.x - self.motor.propellant_centre

    @cached_property
    def pieces(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Its curve in pieces, the first before its first sample and the last after its last (k + 1,): from when on each
        counts time, thrust (k + 1, 2) and propellant (k + 1, 3) as polynomials in that time."""
        m = self.motor
        t, f, left = m.time, m.thrust, m.propellant_at_samples
        step = np.diff(t)
        slope = np.diff(f) / step
        thrust, mass = np.zeros((t.size + 1, 2)), np.zeros((t.size + 1, 3))
        thrust[1:-1] = np.stack([f[:-1], slope], axis=1)
        mass[0, 0] = left[0]
        if m.propellant_left is not None:
            mass[1:-1] = np.stack([left[:-1], np.diff(left) / step, 0.0 * step], axis=1)
        else:  # exactly the impulse spent: linear interpolation of the mass would be wrong between samples
            rate = m.propellant_mass / m.impulse
            mass[1:-1] = np.stack([left[:-1], -rate * f[:-1], -0.5 * rate * slope], axis=1)
        return np.concatenate([[0.0], t]), thrust, mass

    @cached_property
    def moments(self) -> tuple[np.ndarray, np.ndarray]:
        """First and second moment of its propellant about the nose tip in the pieces' time, (k + 1, 3) each: kg m, kg m2.

        Where its centre moves they are straight between the samples, and so is what follows from them.
        """
        mass = self.pieces[2]
        if self.motor.propellant_centres is None:
            return self.centre * mass, self.centre**2 * mass
        place = self.x - self.motor.propellant_centres
        left, step = self.motor.propellant_at_samples, np.diff(self.motor.time)
        out = []
        for power in (1, 2):
            at = left * place**power
            poly = np.zeros_like(mass)
            poly[0, 0] = at[0]
            poly[1:-1, 0], poly[1:-1, 1] = at[:-1], np.diff(at) / step
            poly[-1, 0] = at[-1]
            out.append(poly)
        return out[0], out[1]


def off_axis(nozzles: Sequence[Nozzle]) -> bool:
    """Whether any stands or pushes off the axis."""
    return any(n.y or n.z or n.slope_y or n.slope_z for n in nozzles)


def burnt_out() -> np.ndarray:
    """The one segment (1, NS) of what has no motor."""
    out = np.zeros((1, NS))
    out[0, G["t1"]] = FOREVER
    return out


def sums_at(segments: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Thrust (N), propellant left (kg) and its moment (kg m, aft of the nose tip) at times t (n,), each (n,).

    Of segments (k, NS); at a time that never comes (infinite) what is left at last.
    """
    t = np.minimum(t, FOREVER)
    at = segments[np.searchsorted(segments[:, G["t1"]], t, "right").clip(0, len(segments) - 1)]
    s = t - at[:, G["t0"]]
    f, m, mx = G["f0"], G["m0"], G["mx0"]
    thrust = at[:, f] + s * at[:, f + 1]
    left, moment = (at[:, k] + s * (at[:, k + 1] + s * at[:, k + 2]) for k in (m, mx))
    return np.where(t < 0, 0.0, thrust), left, moment


def segment_tables(nozzles: Sequence[Nozzle], ignition: np.ndarray, brakes: Brakes | None = None) -> np.ndarray:
    """The segments (flights, k, NS) of motors lit at the times `ignition` (flights, motors), s; NEVER_LIT: not at all.

    Of flights that light alike pass one row. Those of one flight follow one another without gaps from zero to FOREVER;
    of several flights some may have no length.
    """
    n = len(ignition)
    schedule = brakes.level.x if brakes else np.zeros(0)
    knots = [np.zeros((n, 1)), np.broadcast_to(schedule, (n, schedule.size))]
    for j, nozzle in enumerate(nozzles):
        own = np.append(0.0, nozzle.motor.time)
        knots.append(np.minimum(ignition[:, j, None] + own, FOREVER))
    t0 = np.sort(np.maximum(np.concatenate(knots, axis=1), 0.0), axis=1)
    if n == 1:
        t0 = np.unique(t0[t0 < FOREVER])[None]
    t1 = np.concatenate([t0[:, 1:], np.full((n, 1), FOREVER)], axis=1)
    out = np.zeros((n, t0.shape[1], NS))
    out[..., G["t0"]], out[..., G["t1"]] = t0, t1
    if brakes:
        b0, b1 = brakes.level(t0), brakes.level(t1)
        out[..., G["b0"]] = b0
        out[..., G["b1"]] = (b1 - b0) / np.maximum(t1 - t0, 1e-300)
    own = np.zeros((2, *t0.shape, 5))
    for j, nozzle in enumerate(nozzles):
        _add(out, own, nozzle, ignition[:, j, None])
    _fold(out, own, t1 - t0)
    area = out[..., G["area"]]
    out[..., G["reference"]] /= np.where(area > 0, area, 1.0)
    return out


def _fold(out: np.ndarray, own: np.ndarray, length: np.ndarray) -> None:
    """Put the propellant's inertia about its own axes (2: long and across, flights, k, 5) into segments of `length` (flights, k) s.

    It is a parabola in time and a share of m². That is exact where one motor burns, or equal ones alike; where others burn
    at once, what is left of the third power is met at both ends and the middle of the segment.
    """
    m = out[..., G["m0"] : G["m0"] + 3]
    square = _square(m)
    for name, share, quartic in (("rr0", "rm", own[0]), ("xx0", "xm", own[1])):
        factor = quartic[..., 4] / np.where(square[..., 4] > 0, square[..., 4], 1.0)
        rest = quartic - factor[..., None] * square
        rest[..., 1] -= 0.5 * length**2 * rest[..., 3]
        rest[..., 2] += 1.5 * length * rest[..., 3]
        out[..., G[share]] = factor
        out[..., G[name] : G[name] + 3] += rest[..., :3]
    k, x = G["jxx0"], G["xx0"]
    out[..., k] += out[..., x + 1]
    out[..., k + 1] += 2 * out[..., x + 2]


def _add(out: np.ndarray, own: np.ndarray, nozzle: Nozzle, ignition: np.ndarray) -> None:
    """Add a motor, lit at `ignition` (flights, 1), to segments (flights, k, NS) and to what propellant has about its own axes."""
    begins, thrust, mass = nozzle.pieces
    lit = np.where(np.isfinite(ignition), ignition, FOREVER)
    after = 0.5 * (out[..., G["t0"]] + out[..., G["t1"]]) - lit  # in the middle, where no rounding errs by a segment
    piece = np.searchsorted(begins[1:], after, "right")
    since = out[..., G["t0"]] - lit - begins[piece]
    since = np.where(piece == 0, 0.0, since)
    f, a = _shifted(thrust[piece], since), _shifted(mass[piece], since)
    a[..., 0] = np.maximum(a[..., 0], 0.0)
    burns = (after > 0) & (after < begins[-1])

    def add(name: str, values: np.ndarray) -> None:
        k = G[name]
        out[..., k : k + values.shape[-1]] += values

    n = nozzle.x
    first, second = (_shifted(poly[piece], since) for poly in nozzle.moments)
    add("f0", f)
    add("fx0", n * f)
    exit_area = np.where(burns, nozzle.motor.nozzle_exit_area or 0.0, 0.0)[..., None]
    out[..., G["on"]] += np.where(burns, nozzle.jet, 0.0)
    add("area", exit_area)
    add("reference", nozzle.motor.reference_pressure * exit_area)
    add("area_x", n * exit_area)
    add("m0", a)
    add("mx0", first)
    add("xx0", second)
    for axis in (0, 1):
        own[axis] += _own(nozzle.motor, axis, a)
    flow = np.stack([-a[..., 1], -2 * a[..., 2]], axis=-1)
    add("jx0", n * flow + np.stack([first[..., 1], 2 * first[..., 2]], axis=-1))
    add("jxx0", n * n * flow)
    if off_axis((nozzle,)):
        y, z, sy, sz = nozzle.y, nozzle.z, nozzle.slope_y, nozzle.slope_z
        for name, factor in {
            "fy0": y, "fz0": z, "ly0": sy, "lz0": sz, "lyx0": sy * n, "lzx0": sz * n, "turn0": y * sz - z * sy,
        }.items():  # fmt: skip
            add(name, factor * f)
        add("area_y", y * exit_area)
        add("area_z", z * exit_area)
        for name, factor in {
            "my0": y, "mz0": z, "yy0": y * y, "zz0": z * z, "yz0": y * z,
        }.items():  # fmt: skip
            add(name, factor * a)
        add("xy0", y * first)
        add("xz0", z * first)


def _shifted(poly: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Polynomials (..., 2 or 3) in time as those in the time since `by` (...,)."""
    out = poly.copy()
    if poly.shape[-1] == 3:
        out[..., 0] += by * (poly[..., 1] + by * poly[..., 2])
        out[..., 1] += 2 * by * poly[..., 2]
    else:
        out[..., 0] += by * poly[..., 1]
    return out


def _own(motor: Motor, axis: int, a: np.ndarray) -> np.ndarray:
    """Inertia (..., 5) of the propellant about its own centre, along (0) or across (1) its axis, from its mass (..., 3)."""
    empty, full = (float(v) for v in motor.propellant_gyration(np.array([0.0, 1.0]))[axis])
    per = (full - empty) / motor.propellant_mass
    out = per * _square(a)
    out[..., :3] += empty * a
    return np.asarray(out)


def _square(a: np.ndarray) -> np.ndarray:
    """Squares (..., 5) of parabolas (..., 3)."""
    a0, a1, a2 = a[..., 0], a[..., 1], a[..., 2]
    return np.stack([a0 * a0, 2 * a0 * a1, a1 * a1 + 2 * a0 * a2, 2 * a1 * a2, a2 * a2], axis=-1)
