"""A firing as the flight takes it: a thrust curve with mass and centre of gravity against time."""

from __future__ import annotations

import numpy as np

from downrange.errors import InputError
from downrange.motor.ballistics.burn import Burn
from downrange.motor.gas import Array
from downrange.motor.motor import Motor

__all__ = ["as_motor", "curve", "knots_of"]

_KNOTS = 400  # of a thrust curve that flies
_APART = 1e-4  # s; samples of a curve are no closer


def knots_of(time: Array, thrust: Array, most: int) -> Array:
    """Which samples (indices, increasing) a curve of at most `most` keeps: the ends, and those farthest from their chords (Douglas & Peucker 1973)."""
    keep = {0, time.size - 1}
    todo = [(0, time.size - 1)]
    scale = max(float(thrust.max()), 1e-12)
    gaps: list[tuple[float, int, int, int]] = []

    def farthest(a: int, b: int) -> None:
        if b - a > 1:
            chord = np.interp(time[a + 1 : b], time[[a, b]], thrust[[a, b]])
            off = np.abs(thrust[a + 1 : b] - chord) / scale
            k = int(np.argmax(off))
            gaps.append((float(off[k]), a, a + 1 + k, b))

    farthest(*todo[0])
    while gaps and len(keep) < most:
        gaps.sort()
        off, a, k, b = gaps.pop()
        if off < 1e-5:
            break
        keep.add(k)
        farthest(a, k)
        farthest(k, b)
    return np.array(sorted(keep))


def curve(time: Array, thrust: Array, most: int) -> tuple[Array, Array]:
    """At most `most` samples of a curve that begins at 0 s and ends at no thrust, with the impulse of all."""
    k = knots_of(time, thrust, most - 1)
    t, f = time[k], np.maximum(thrust[k], 0.0)
    if f[-1] > 0:
        t, f = np.append(t, t[-1]), np.append(f, 0.0)
    t, f = _apart(t, f)
    whole, kept = float(np.trapezoid(thrust, time)), float(np.trapezoid(f, t))
    return t, f * (whole / kept if kept > 0 else 1.0)


def _apart(time: Array, thrust: Array) -> tuple[Array, Array]:
    """The samples no closer than files can tell: of near ones the first, but a drop takes that long."""
    t, f, least = [float(time[0])], [float(thrust[0])], 0.02 * float(thrust.max())
    for a, b in zip(time[1:].tolist(), thrust[1:].tolist(), strict=True):
        if a - t[-1] >= _APART:
            t.append(a)
            f.append(b)
        elif abs(b - f[-1]) > least:
            t.append(t[-1] + _APART)
            f.append(b)
    if f[-1] > 0:
        t.append(t[-1] + _APART)
        f.append(0.0)
    return np.array(t), np.array(f)


def as_motor(burn: Burn) -> Motor:
    """The motor of a firing. Raises `InputError` where its empty mass is not known."""
    m = burn.motor
    if m.case.mass is None:
        raise InputError("what the motor weighs empty is not said: it flies with it; give case.mass", key="case.mass")
    time, thrust = curve(burn.time, burn.thrust, _KNOTS)
    left = np.interp(time, burn.time, burn.left)
    left[-1] = min(left[-1], burn.left[-1])
    length = m.case.outer_length or m.chamber_length + m.case.nozzle_length
    diameter = m.case.diameter or m.bore
    front = length - m.case.nozzle_length - m.chamber_length  # of the chamber, aft of the motor's front
    aft_of_front = front + (m.chamber_length - m.stack) + burn.centre  # grains stand at the chamber's aft end
    centre = length - float(aft_of_front[0])
    empty = m.case.centre if m.case.centre is not None else length / 2
    cg = np.interp(time, burn.time, aft_of_front)
    whole = left + m.case.mass
    cg_front = (left * cg + m.case.mass * (length - empty)) / np.maximum(whole, 1e-12)
    grain = m.segments[0].grain
    return Motor(
        designation=burn.designation if m.name == "motor" else m.name, manufacturer=m.manufacturer, time=time, thrust=thrust, diameter=diameter, length=length,
        propellant_mass=burn.propellant_mass, dry_mass=m.case.mass, propellant_left=left, cg_front=cg_front, nozzle_exit_area=m.nozzle.exit_area,
        reference_pressure=m.ambient, grain_length=m.stack, grain_diameter=max(s.grain.diameter for s in m.segments),
        grain_bore=float(2 * np.sqrt(grain.table.port[0] / np.pi)), grain_centre=centre, dry_centre=empty, delays=m.delays, plugged=not m.delays,
        source="grains", kind="reloadable", propellant_name=", ".join(p.name for p in m.burning),
        flags=tuple(a.message for a in burn.alerts if a.serious),
    )  # fmt: skip
