"""Coefficients walk smoothly: Mach by 0.005, angle of attack by 0.25°; no jump beside its neighbours, no needless turn."""

import dataclasses

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.aero import build_aero
from downrange.report.scorecard import arcas, finner
from downrange.rocket import BodyTube, NoseCone, RingFin, Rocket, Transition, TrapezoidalFins, TubeFins

MACH = np.arange(0.0, 5.0, 0.005)


def swept() -> Rocket:
    fins = TrapezoidalFins(
        count=3, root_chord=0.25, tip_chord=0.08, span=0.1, sweep=0.17, thickness=0.004, section="hexagonal", position="bottom"
    )  # fmt: skip
    nose = NoseCone(shape="haack", length=0.5, diameter=0.1)
    shoulder = Transition(length=0.1, aft_diameter=0.12)
    return Rocket(
        "swept", (nose, BodyTube(length=0.8, wall=0.002), shoulder, BodyTube(length=0.9, wall=0.002, parts=(fins,)))
    )


def rings() -> Rocket:
    parts = (
        TubeFins(count=6, length=0.1, diameter=0.04, wall=0.001, position="bottom"),
        RingFin(length=0.05, diameter=0.1, wall=0.002, position="middle"),
    )
    return Rocket(
        "rings", (NoseCone(shape="ogive", length=0.15, diameter=0.04), BodyTube(length=0.6, wall=0.001, parts=parts))
    )


def turns(y: np.ndarray) -> int:
    """Changes of the slope's sign that move the value by more than 2 % of its range."""
    last, direction, count = y[0], 0, 0
    least = 0.02 * np.ptp(y)
    for v in y:
        if direction * (v - last) >= 0 and abs(v - last) > least and direction == 0:
            direction, last = int(np.sign(v - last)), v
        elif direction and direction * (v - last) > 0:
            last = v
        elif direction and direction * (last - v) > least:
            direction, last, count = -direction, v, count + 1
    return count


@pytest.mark.parametrize("make", [alpha_iii, arcas, finner, swept, rings])
def test_walk_in_mach(make):
    rocket = make()
    aero = build_aero(rocket, mach_max=5.0)
    cp = np.array([aero.centre_of_pressure(m) for m in MACH])
    columns = {
        "CD off": np.array([aero.drag(m, m * 2.3e7) for m in MACH[20:]]),
        "CD on": np.array([aero.drag(m, m * 2.3e7, True) for m in MACH[20:]]),
        "CNα": np.array([aero.normal_slope(m) for m in MACH]),
        "CP": cp,
        "Clp": np.array([aero.roll_damping(m) for m in MACH]),
        "Cmq": np.array([aero.pitch_damping(m, 0.6 * rocket.length) for m in MACH]),
        "cross-flow": np.interp(MACH, aero.mach, aero.cross_factor),
    }
    for name, y in columns.items():
        assert np.isfinite(y).all(), name
        spread = max(np.ptp(y), 1e-3 * np.abs(y).max())
        jump = np.abs(y[1:-1] - 0.5 * (y[2:] + y[:-2]))
        # From Mach 0.1 for drag: below 34 m/s the Reynolds number's table is coarse, and the drag there is nothing.
        assert jump.max() < 0.005 * spread, (
            f"{name}: {100 * jump.max() / spread:.2f} % at Mach {MACH[int(jump.argmax()) + 1]:.3f}"
        )
        # Damping in pitch: growing to Mach 0.75, the lag of the fins near 1, their largest lift, and back.
        assert turns(y) <= (5 if name == "Cmq" else 4), f"{name} turns {turns(y)} times"


@pytest.mark.parametrize("make", [alpha_iii, arcas])
def test_walk_in_angle(make):
    aero = build_aero(make(), mach_max=3.0)
    alpha = np.radians(np.arange(0, 180.01, 0.25))
    for mach in (0.1, 0.5, 0.95, 1.5, 2.5):
        force = np.array([aero.normal_force(mach, a) for a in alpha])
        jump = np.abs(force[1:-1] - 0.5 * (force[2:] + force[:-2]))
        assert np.isfinite(force).all() and np.all(force >= -1e-9) and force[-1] == pytest.approx(0, abs=1e-6)
        assert jump.max() < 0.005 * np.ptp(force)
        assert turns(force) <= 3
        assert 60 < np.degrees(alpha[int(force.argmax())]) < 120


def test_a_design_walks_smoothly_too():
    """A millimetre more of span, sweep or length moves no coefficient by more than its share."""
    nose, body = alpha_iii().parts
    for key, values in (("span", np.linspace(0.045, 0.055, 11)), ("sweep", np.linspace(0.0, 0.04, 11))):
        seen = []
        for v in values:
            fin = dataclasses.replace(body.parts[0], **{key: float(v)})
            aero = build_aero(
                Rocket("r", (nose, dataclasses.replace(body, parts=(fin, *body.parts[1:])))), mach_max=3.0
            )
            seen.append(
                [aero.normal_slope(0.3), aero.normal_slope(1.6), aero.centre_of_pressure(2.2), aero.drag(1.5, 3e7)]
            )
        z = np.array(seen)
        bend = np.abs(z[1:-1] - 0.5 * (z[2:] + z[:-2])).max(axis=0)
        assert np.all(bend < 0.02 * np.abs(z).mean(axis=0)), bend / z.mean(axis=0)
