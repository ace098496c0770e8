"""Motors as the kernel flies them: sums over them, polynomials in time between all their knots.

A motor pushes along its own axis at its own place; its propellant sits where it is. What the equations of motion need of
any number of them are sums (thrust, thrust times place, mass, mass times place, ...), which between two knots of their
curves are polynomials in time, so that the cost of a flight does not grow with their number. Derivation: docs/theory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from downrange.aero import Brakes
from downrange.flight.kernel.layout import FOREVER, NS, ON_AXIS, G
from downrange.motor import Motor
from downrange.remember import remembered
from downrange.rocket import MassProperties
from downrange.tables import merged

__all__ = ["NEVER_LIT", "Nozzle", "burnt_out", "off_axis", "segment_tables", "inertia_at", "stretched", "sums_at"]

NEVER_LIT = np.inf  # the ignition time of a motor that stays unlit
_LEAST = 1e-300  # N; so that the place of a nozzle that burns is known even where it does not push


@dataclass(frozen=True, eq=False)
class Nozzle:
    """A motor where it stands: its aft end `x` (m aft of the nose tip) at `y`, `z` (m, body axes) off the axis.

    `slope_y` and `slope_z` are the tangents of the angles by which it pushes towards body y and z; `jet` its share of the
    jets at the rocket's base, zero where it does not fire from there. Its empty `casing` (in the same axes) leaves `leaves` s after
    ignition; without it, or never, it stays.
    """

    motor: Motor
    x: float
    y: float = 0.0
    z: float = 0.0
    slope_y: float = 0.0
    slope_z: float = 0.0
    jet: float = 1.0
    casing: MassProperties | None = None
    leaves: float = np.inf

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
    f, m, x, rest = G["f0"], G["m0"], G["x0"], G["mx0"]
    thrust = at[:, f] + s * at[:, f + 1]
    left, moment = (at[:, k] + s * (at[:, k + 1] + s * at[:, k + 2]) for k in (m, rest))
    return np.where(t < 0, 0.0, thrust), left, moment + at[:, x] + left * at[:, x + 1]


def like_segments(nozzles: Sequence[Nozzle], lit: np.ndarray) -> np.ndarray:
    """`segment_tables` of flights that light alike, `lit` (1, motors), with even thrust and no brakes; found again by the values they follow from."""
    told = (
        tuple(
            (n.motor, n.x, n.y, n.z, n.slope_y, n.slope_z, n.jet, n.leaves)
            + (() if (c := n.casing) is None else (c.mass, c.cg.tobytes(), c.inertia.tobytes()))
            for n in nozzles
        ),
        lit.tobytes(),
    )
    return _like(_Lit(tuple(nozzles), lit, told)).copy()


@dataclass(frozen=True)
class _Lit:
    """What segments are made of, told by the values in it; a motor by being the same."""

    nozzles: tuple[Nozzle, ...] = field(compare=False)
    lit: np.ndarray = field(compare=False)
    told: tuple[object, ...]


@remembered(32)
def _like(asked: _Lit) -> np.ndarray:
    return segment_tables(asked.nozzles, asked.lit)


def segment_tables(
    nozzles: Sequence[Nozzle], ignition: np.ndarray, brakes: Brakes | None = None, strength: np.ndarray | None = None
) -> np.ndarray:
    """The segments (flights, k, NS) of motors lit at the times `ignition` (flights, motors), s; NEVER_LIT: not at all.

    Of flights that light alike pass one row. Those of one flight follow one another without gaps from zero to FOREVER;
    of several flights some may have no length. `strength` (flights, motors) multiplies the thrust of each, on the same propellant.
    """
    n = len(ignition)
    if strength is not None and n == 1 < len(strength):
        return _stronger(segment_tables(nozzles, ignition, brakes)[0], nozzles, ignition, strength)
    schedule = brakes.level.x if brakes else np.zeros(0)
    knots = [np.zeros((n, 1)), np.broadcast_to(schedule, (n, schedule.size))]
    for j, nozzle in enumerate(nozzles):
        own = np.append([0.0, nozzle.leaves] if nozzle.casing else 0.0, nozzle.motor.time)
        knots.append(np.minimum(ignition[:, j, None] + own, FOREVER))
    t0 = np.sort(np.maximum(np.concatenate(knots, axis=1), 0.0), axis=1)
    if n == 1:
        t0 = merged(t0[t0 < FOREVER])[None]
    t1 = np.concatenate([t0[:, 1:], np.full((n, 1), FOREVER)], axis=1)
    if strength is not None and n < len(strength):
        t0, t1 = (np.broadcast_to(t, (len(strength), t.shape[1])) for t in (t0, t1))
    out = np.zeros((*t0.shape, NS))
    out[..., G["t0"]], out[..., G["t1"]] = t0, t1
    if brakes:
        b0, b1 = brakes.level(t0), brakes.level(t1)
        out[..., G["b0"]] = b0
        out[..., G["b1"]] = (b1 - b0) / np.maximum(t1 - t0, 1e-300)
    middle = np.zeros((len(_MIDDLE), *t0.shape))
    own = np.zeros((2, *t0.shape, 5))
    for j, nozzle in enumerate(nozzles):
        pushes = 1.0 if strength is None else strength[:, j, None, None]
        _add(out, own, dict(zip(_MIDDLE, middle, strict=True)), nozzle, ignition[:, j, None], pushes)
    _fold(out, own, dict(zip(_MIDDLE, middle, strict=True)))
    if len(nozzles) == 1 and nozzles[0].motor.propellant_centres is None:  # nothing but rounding
        out[..., ON_AXIS : G["fy0"]] = 0.0
    area = out[..., G["area"]]
    out[..., G["reference"]] /= np.where(area > 0, area, 1.0)
    return out


_TIMED = {  # sums by the power of time with which they begin: what is pushed or flows is per second
    **dict.fromkeys(("f0", "fx0", "fy0", "fz0", "ly0", "lz0", "lyx0", "lzx0", "turn0", "jx0", "jxx0"), (1, 2)),
    **dict.fromkeys(
        ("m0", "mx0", "xx0", "rr0", "my0", "mz0", "yy0", "zz0", "xy0", "xz0", "yz0"), (0, 1, 2)
    ),
}  # fmt: skip


def stretched(segments: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Segments (n, k, NS) of motors that burn `factor` (n,) times as long as those of `segments` (k, NS), with the same impulse.

    Lit at no time, or a brakes' schedule, would be stretched with them: for motors lit at lift-off, without brakes.
    """
    out = np.repeat(segments[None], len(factor), axis=0)
    by = np.asarray(factor, float)[:, None]
    for name in ("t0", "t1"):
        out[..., G[name]] = np.where(out[..., G[name]] < FOREVER, out[..., G[name]] * by, FOREVER)
    for name, powers in _TIMED.items():
        for k, power in enumerate(powers):
            out[..., G[name] + k] /= by**power
    return out


_MIDDLE = ("thrust", "thrust_x", "flow", "flow_x", "roll", "pitch", "roll2", "pitch2")
"""Sums over motors in the middle of a segment: thrust, flow, and the flow times the slopes of moments of propellant in it."""


def _fold(out: np.ndarray, own: np.ndarray, middle: dict[str, np.ndarray]) -> None:
    """Turn the sums in segments `out`, and what propellant has about its own axes (2: long and across, flights, k, 5), into
    polynomials in the propellant, of which nothing is left where one motor burns, or like ones in one place; and the rest.

    That of the inertia is a quartic in time, which is met at both ends and in the middle of the segment.
    """
    length = out[..., G["t1"]] - out[..., G["t0"]]
    m = out[..., G["m0"] : G["m0"] + 3]
    flow, thrust = (np.where(middle[k] > 0, middle[k], 1.0) for k in ("flow", "thrust"))
    burns = middle["flow"] > 0
    nozzle, x1 = middle["thrust_x"] / thrust, np.where(burns, middle["flow_x"] / flow, 0.0)
    out[..., G["nozzle"]], out[..., G["x0"] + 1] = nozzle, x1

    def rest(name: str, terms: int) -> np.ndarray:
        return out[..., G[name] : G[name] + terms]

    fx, mx = rest("fx0", 2), rest("mx0", 3)
    fx -= nozzle[..., None] * out[..., G["f0"] : G["f0"] + 2]
    out[..., G["area_x"]] -= nozzle * out[..., G["area"]]
    mx -= x1[..., None] * m
    out[..., G["x0"]] = mx[..., 0]
    mx[..., 0] = 0.0
    halfway = m[..., 0] + 0.5 * length * (m[..., 1] + 0.5 * length * m[..., 2])
    for name, left, quartic in (("roll", "rr0", own[0]), ("pitch", "xx0", own[1])):
        second = middle[name + "2"] / flow**2
        first = np.where(burns, middle[name] / flow - 2 * second * halfway, 0.0)
        quartic[..., :3] += rest(left, 3) - first[..., None] * m
        quartic -= second[..., None] * _square(m)
        k = G[name + "0"]
        out[..., k], out[..., k + 1], out[..., k + 2] = quartic[..., 0], first, second
        rest(left, 3)[..., 0] = 0.0
        rest(left, 3)[..., 1] = quartic[..., 1] - length**2 * (0.5 * quartic[..., 3] + 0.75 * length * quartic[..., 4])
        rest(left, 3)[..., 2] = quartic[..., 2] + length * (1.5 * quartic[..., 3] + 1.75 * length * quartic[..., 4])
    carried = np.stack([-m[..., 1], -2 * m[..., 2]], axis=-1)
    for name, of, power in (("jx0", "mx0", 1), ("jxx0", "xx0", 2)):
        r = rest(of, 3)
        jet = rest(name, 2)
        jet += np.stack([r[..., 1], 2 * r[..., 2]], axis=-1) - nozzle[..., None] ** power * carried


def _add(
    out: np.ndarray, own: np.ndarray, middle: dict[str, np.ndarray], nozzle: Nozzle, ignition: np.ndarray, strength: float | np.ndarray
) -> None:  # fmt: skip
    """Add a motor, lit at `ignition` (flights, 1), its thrust times `strength`, to segments (flights, k, NS), to what propellant has about
    its own axes, and to the sums in the middle."""
    _, thrust, mass = nozzle.pieces
    half, after, piece, since, burns = _places(nozzle, out, ignition)
    f, a = strength * _shifted(thrust[piece], since), _shifted(mass[piece], since)
    a[..., 0] = np.maximum(a[..., 0], 0.0)

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
    carried = np.stack([-a[..., 1], -2 * a[..., 2]], axis=-1)
    add("jx0", n * carried)
    add("jxx0", n * n * carried)
    push = np.where(burns, np.maximum(f[..., 0] + half * f[..., 1], _LEAST), 0.0)
    flow = np.maximum(carried[..., 0] + half * carried[..., 1], 0.0)
    middle["thrust"] += push
    middle["thrust_x"] += n * push
    middle["flow"] += flow
    middle["flow_x"] -= first[..., 1] + 2 * half * first[..., 2]
    middle["pitch"] -= second[..., 1] + 2 * half * second[..., 2]
    for axis, name in enumerate(("roll", "pitch")):
        empty, full = (float(v) for v in nozzle.motor.propellant_gyration(np.array([0.0, 1.0]))[axis])
        per = (full - empty) / nozzle.motor.propellant_mass
        own[axis] += per * _square(a)
        own[axis][..., :3] += empty * a
        there = a[..., 0] + half * (a[..., 1] + half * a[..., 2])
        middle[name] += flow * (empty + 2 * per * there)
        middle[name + "2"] += flow**2 * per
    if nozzle.casing:  # which the dry mass counts in: where it has left, it is taken off
        _take_off(out, nozzle.casing, after > nozzle.leaves)
    if off_axis((nozzle,)):
        y, z = nozzle.y, nozzle.z
        for name, factor in _off_axis_sums(nozzle).items():
            add(name, factor * f)
        add("area_y", y * exit_area)
        add("area_z", z * exit_area)
        for name, factor in {
            "my0": y, "mz0": z, "yy0": y * y, "zz0": z * z, "yz0": y * z,
        }.items():  # fmt: skip
            add(name, factor * a)
        add("xy0", y * first)
        add("xz0", z * first)


def _places(nozzle: Nozzle, out: np.ndarray, ignition: np.ndarray) -> tuple[np.ndarray, ...]:
    """Of a motor lit at `ignition` (flights, 1) in segments (flights, k, NS): half the length of each, the time from ignition to its middle,
    the piece of its curve there, how far that has gone at the segment's beginning, and whether it burns."""
    begins = nozzle.pieces[0]
    lit = np.where(np.isfinite(ignition), ignition, FOREVER)
    half = 0.5 * (out[..., G["t1"]] - out[..., G["t0"]])
    after = out[..., G["t0"]] + half - lit  # in the middle, where no rounding errs by a segment
    piece = np.searchsorted(begins[1:], after, "right")
    since = np.where(piece == 0, 0.0, out[..., G["t0"]] - lit - begins[piece])
    return half, after, piece, since, (after > 0) & (after < begins[-1])


def _off_axis_sums(nozzle: Nozzle) -> dict[str, float]:
    """What a motor's thrust is multiplied with in the sums of what stands or pushes off the axis."""
    y, z, sy, sz = nozzle.y, nozzle.z, nozzle.slope_y, nozzle.slope_z
    return {
        "fy0": y,
        "fz0": z,
        "ly0": sy,
        "lz0": sz,
        "lyx0": sy * nozzle.x,
        "lzx0": sz * nozzle.x,
        "turn0": y * sz - z * sy,
    }


def _stronger(out: np.ndarray, nozzles: Sequence[Nozzle], ignition: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Segments (flights, k, NS) from those of flights that light alike (k, NS), each motor's thrust times `strength` (flights, motors).

    Thrust alone changes, and where it acts; the same numbers as with all sums made anew, at a tenth of the work.
    """
    x = np.array([n.x for n in nozzles])
    f, push = np.zeros((len(nozzles), len(out), 2)), np.zeros((len(nozzles), len(out)))
    for j, nozzle in enumerate(nozzles):
        half, _, piece, since, burns = _places(nozzle, out, ignition[:, j])
        f[j] = _shifted(nozzle.pieces[1][piece], since)
        push[j] = np.where(burns, np.maximum(f[j, :, 0] + half * f[j, :, 1], _LEAST), 0.0)

    def total(factor: np.ndarray) -> np.ndarray:
        return np.asarray(((strength * factor) @ f.reshape(len(nozzles), -1)).reshape(len(strength), len(out), 2))

    table = np.repeat(out[None], len(strength), axis=0)
    thrust = strength @ push
    was, nozzle_x = out[:, G["nozzle"]], ((strength * x) @ push) / np.where(thrust > 0, thrust, 1.0)
    table[..., G["f0"] : G["f0"] + 2] = total(np.ones(len(nozzles)))
    table[..., G["nozzle"]] = nozzle_x
    table[..., G["fx0"] : G["fx0"] + 2] = total(x) - nozzle_x[..., None] * table[..., G["f0"] : G["f0"] + 2]
    table[..., G["area_x"]] += (was - nozzle_x) * out[:, G["area"]]
    carried = np.stack([-out[:, G["m0"] + 1], -2 * out[:, G["m0"] + 2]], axis=-1)
    for name, moved in (("jx0", was - nozzle_x), ("jxx0", was**2 - nozzle_x**2)):
        table[..., G[name] : G[name] + 2] += moved[..., None] * carried
    if off_axis(nozzles):
        factors = [_off_axis_sums(n) for n in nozzles]
        for name in factors[0]:
            table[..., G[name] : G[name] + 2] = total(np.array([s[name] for s in factors]))
    return table


def _take_off(out: np.ndarray, body: MassProperties, where: np.ndarray) -> None:
    """Take a body off the sums in segments (flights, k, NS), `where` flags them."""
    (x, y, z), m, i = body.cg, body.mass, body.inertia
    for name, value in {
        "m0": m, "mx0": m * x, "xx0": m * x * x + i[1, 1], "rr0": i[0, 0], "my0": m * y, "mz0": m * z, "yy0": m * y * y,
        "zz0": m * z * z, "xy0": m * x * y, "xz0": m * x * z, "yz0": m * y * z,
    }.items():  # fmt: skip
        out[..., G[name]] -= np.where(where, value, 0.0)


def _shifted(poly: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Polynomials (..., 2 or 3) in time as those in the time since `by` (...,)."""
    out = poly.copy()
    if poly.shape[-1] == 3:
        out[..., 0] += by * (poly[..., 1] + by * poly[..., 2])
        out[..., 1] += 2 * by * poly[..., 2]
    else:
        out[..., 0] += by * poly[..., 1]
    return out


def _square(a: np.ndarray) -> np.ndarray:
    """Squares (..., 5) of parabolas (..., 3)."""
    a0, a1, a2 = a[..., 0], a[..., 1], a[..., 2]
    return np.stack([a0 * a0, 2 * a0 * a1, a1 * a1 + 2 * a0 * a2, 2 * a1 * a2, a2 * a2], axis=-1)


def inertia_at(segments: np.ndarray, row: np.void, t: float) -> np.ndarray:
    """The inertia (3, 3) about the centre of gravity at t, s, kg m², body axes: of what a named row says and of the propellant left.

    segments (k, NS). As the kernel has it (docs/theory/motion), but for products of what lies off the axis.
    """
    at = segments[min(int(np.searchsorted(segments[:, G["t1"]], t, "right")), len(segments) - 1)]
    s = t - at[G["t0"]]

    def parabola(name: str, x: float) -> float:
        k = G[name]
        return float(at[k] + x * (at[k + 1] + x * at[k + 2]))

    left = parabola("m0", s)
    moment = at[G["x0"]] + left * at[G["x0"] + 1] + parabola("mx0", s)
    pitch, roll = parabola("pitch0", left) + parabola("xx0", s), parabola("roll0", left) + parabola("rr0", s)
    fuel, moment = row["propellant"] * left, row["propellant"] * moment
    cg = (row["mass"] * row["cg"] + moment + row["aft"] * fuel) / (row["mass"] + fuel)
    near, apart = cg - row["aft"], cg - row["cg"]
    across = row["mass"] * apart * apart + row["propellant"] * pitch + near * (near * fuel - 2.0 * moment)
    side_y, side_z = row["propellant"] * parabola("yy0", s), row["propellant"] * parabola("zz0", s)
    xx = row["ixx"] + row["propellant"] * roll + side_y + side_z
    yy, zz = row["iyy"] + across + side_z, row["izz"] + across + side_y
    lag = (fuel * (row["cg"] - row["aft"]) - moment) * row["mass"] / (row["mass"] + fuel)
    xy, xz, yz = row["ixy"] + lag * row["cg_y"], row["ixz"] + lag * row["cg_z"], row["iyz"]
    # The kernel's products are those of the tensor itself: rows of the matrix that turns rates into angular momentum.
    return np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
