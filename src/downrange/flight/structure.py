"""The structure against the air: flutter and divergence of the fins, bending and joint loads of the body, heating.

* Flutter and divergence of the fins: `downrange.aero.flutter`.
* Bending: the flight's dynamic pressure with its own angle of attack and that of a sharp gust; normal forces where each component has
  them, borne by the inertia of masses where the parts are.
* Heating: stagnation temperature T (1 + 0.2 M²), and that which a turbulent layer brings a wall to (recovery 0.89).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downrange.aero.flutter import FinStrength, fin_strengths
from downrange.constants import HEAT_RATIO_AIR as G
from downrange.flight.results import Flight
from downrange.flight.stretches import Stretch, stretches
from downrange.rocket import Placed, Rocket, called, mass_of

__all__ = ["Loads", "Structure", "structures"]


@dataclass(frozen=True, eq=False)
class Loads:
    """Loads along the body at one instant. Stations x (n,) m aft of the nose; shear (N), bending (N m), compression (N)."""

    time: float
    mach: float
    dynamic_pressure: float
    angle_of_attack: float
    x: np.ndarray
    shear: np.ndarray
    bending: np.ndarray
    compression: np.ndarray

    def at(self, station: float) -> tuple[float, float, float]:
        """Shear, bending and compression at a station."""
        shear, bending, compression = (
            float(np.interp(station, self.x, v)) for v in (self.shear, self.bending, self.compression)
        )
        return shear, bending, compression


@dataclass(frozen=True, eq=False)
class Structure:
    """What a flight asks of the structure. `gust` (m/s): a sharp gust across, met at any instant of the ascent.

    Of a vehicle that comes apart it is that of one `stretch` of the flight, in which one configuration flies (`structures` gives all);
    of its first where none is said. Pods and boosters weigh and lift as if they stood on the axis.
    """

    flight: Flight
    gust: float = 5.0
    stretch: Stretch | None = None

    @cached_property
    def flies(self) -> Stretch:
        """The stretch of the flight."""
        return self.stretch or stretches(self.flight)[0]

    @property
    def name(self) -> str:
        """What flies: the rocket, or the stages and boosters that are still together."""
        return self.flies.name

    @cached_property
    def fins(self) -> tuple[FinStrength, ...]:
        """Flutter and divergence of every set of fins."""
        return fin_strengths(self.flies.body.rocket)

    @cached_property
    def ascent(self) -> np.ndarray:
        """Samples of the trajectory from the rail's end to apogee, without canopies."""
        tr, o = self.flight.trajectory, self.flight.raw.out
        apogee = o["apogee_time"] if math.isfinite(o["apogee_time"]) else np.inf
        start = o["rail_exit_time"] if math.isfinite(o["rail_exit_time"]) else 0.0
        return np.flatnonzero((tr.time >= start) & (tr.time <= apogee) & ~tr.under_canopy & self.flies.holds(tr.time))

    def margin(self, fin: FinStrength) -> tuple[float, float]:
        """Least ratio of flutter speed to flight speed over the ascent, and its time (s)."""
        tr = self.flight.trajectory
        k = self.ascent[int(np.argmax(tr.dynamic_pressure[self.ascent]))]
        return math.sqrt(fin.flutter_pressure / max(self.flies.fastest, 1e-9)), float(tr.time[k])

    def divergence_margin(self, fin: FinStrength) -> float:
        """Least ratio of divergence speed to flight speed while below Mach 1."""
        tr = self.flight.trajectory
        slow = self.ascent[tr.mach[self.ascent] < 1]
        worst = float(tr.dynamic_pressure[slow].max()) if slow.size else 0.0
        return math.sqrt(fin.divergence_pressure / max(worst, 1e-9))

    @cached_property
    def hottest(self) -> dict[str, float]:
        """Largest stagnation and recovery temperature (K), the air's there (K), and the time (s)."""
        tr = self.flight.trajectory
        launch = self.flight.launch
        air = np.asarray(launch.weather.air.temperature(tr.height + launch.pad.elevation))
        total = air * (1 + (G - 1) / 2 * tr.mach**2)
        k = int(np.argmax(np.where(self.flies.holds(tr.time), total, -np.inf)))
        wall = float(air[k] * (1 + 0.89 * (G - 1) / 2 * tr.mach[k] ** 2))
        return {"stagnation": float(total[k]), "recovery": wall, "air": float(air[k]), "time": float(tr.time[k])}

    @cached_property
    def worst(self) -> Loads:
        """The loads at the instant of the largest bending moment."""
        tr = self.flight.trajectory
        alpha = np.nan_to_num(tr.angle_of_attack) + np.arctan2(self.gust, np.maximum(tr.airspeed, 1.0))
        product = np.where(
            np.isin(np.arange(tr.time.size), self.ascent), tr.dynamic_pressure * np.minimum(alpha, 0.35), -1
        )
        best = None
        chosen = np.unique(np.argsort(product)[-200::20])
        for k in chosen[product[chosen] >= 0] if (product[chosen] >= 0).any() else chosen[-1:]:
            loads = self.loads(int(k), float(min(alpha[k], 0.35)))
            if best is None or np.abs(loads.bending).max() > np.abs(best.bending).max():
                best = loads
        assert best is not None
        return best

    @cached_property
    def hardest(self) -> Loads:
        """The loads at the largest thrust for the mass, on the rail or off it: about the largest compression."""
        tr = self.flight.trajectory
        return self.loads(int(np.argmax(np.where(self.flies.holds(tr.time), tr.thrust / tr.mass, -np.inf))), 0.0)

    def loads(self, k: int, alpha: float) -> Loads:
        """The loads at sample `k` of the trajectory with an angle of attack (rad)."""
        tr, body, aero = self.flight.trajectory, self.flies.body, self.flies.body.aero
        mach, q = float(tr.mach[k]), float(tr.dynamic_pressure[k])
        s = q * aero.reference_area
        x = np.linspace(0, max(body.rocket.length, *(n.x for n in body.nozzles), 0.0), 401)
        mass = _mass_distribution(body.rocket, x)
        pushes = np.zeros_like(x)
        for n, left, thrust in self.flies.burning(float(tr.time[k]), float(tr.thrust[k])):
            for centre, m in ((n.x - n.motor.casing_centre, n.motor.dry_mass), (n.centre, left)):
                mass += _spread(x, centre - n.motor.length / 2, centre + n.motor.length / 2, m)
            pushes[int(np.searchsorted(x, n.x - 1e-9).clip(0, x.size - 1))] += thrust
        force = np.zeros_like(x)
        for lift in aero.lifts:
            value = s * alpha * float(np.interp(mach, aero.mach, lift.slope))
            cp, place = float(np.interp(mach, aero.mach, lift.cp)), _placed(body.rocket, lift.path)
            force += _point(x, float(np.clip(cp, 0, x[-1])), value) if place is None else _balanced(x, place, cp, value)
        total, centre = mass.sum(), float((mass * x).sum() / mass.sum())
        inertia = float((mass * (x - centre) ** 2).sum())
        lateral = force.sum() / total
        turning = float((force * (x - centre)).sum()) / inertia
        net = force - mass * (lateral + turning * (x - centre))
        shear = np.cumsum(net)
        bending = np.concatenate([[0.0], np.cumsum(0.5 * (shear[1:] + shear[:-1]) * np.diff(x))])
        unit = 2.3e7 * mach
        drag = np.zeros_like(x)
        for part in aero.drags:
            value = s * aero.part_drag(part, mach, unit, tr.thrust[k] > 0)
            place = _placed(body.rocket, part.path)
            front, aft = (place.front, place.aft) if place is not None else (x[-2], x[-1])
            drag += _spread(x, front, max(aft, front + 1e-3), value)
        compression = np.cumsum(drag) + np.cumsum(mass) / total * (pushes.sum() - drag.sum())
        compression -= np.concatenate(
            [[0.0], np.cumsum(pushes)[:-1]]
        )  # what stands ahead of a station has been pushed already
        return Loads(float(tr.time[k]), mach, q, alpha, x, shear, bending, compression)

    @cached_property
    def joints(self) -> tuple[tuple[str, float, float, float, float], ...]:
        """Between body parts: name, station (m), shear (N) and bending (N m) at `worst`, compression (N) at `hardest`."""
        bodies = [p for p in self.flies.body.rocket.placed if p.depth == 0]
        out = []
        for a, b in zip(bodies, bodies[1:], strict=False):
            name = f"{called(a.part)} - {called(b.part)}"
            shear, bending, _ = self.worst.at(b.front)
            out.append((name, b.front, shear, bending, self.hardest.at(b.front)[2]))
        return tuple(out)


def structures(flight: Flight, gust: float = 5.0) -> tuple[Structure, ...]:
    """What a flight asks of each configuration that climbs in it, the whole vehicle first; of one body, one."""
    all_ = [Structure(flight, gust, s) for s in stretches(flight)]
    return tuple(s for k, s in enumerate(all_) if k == 0 or s.ascent.size)


def _placed(rocket: Rocket, path: str) -> Placed | None:
    return next((p for p in rocket.placed if p.path == path), None)


def _spread(x: np.ndarray, front: float, aft: float, value: float) -> np.ndarray:
    """`value` shared evenly over the stations from front to aft, with its centre kept."""
    front, aft = max(front, float(x[0])), min(aft, float(x[-1]))
    step = x[1] - x[0]
    if aft - front < 2 * step:
        return _point(x, 0.5 * (front + aft), value)
    weight = np.clip((np.minimum(x + step / 2, aft) - np.maximum(x - step / 2, front)) / step, 0, 1)
    return np.asarray(value * weight / weight.sum())


def _point(x: np.ndarray, at: float, value: float) -> np.ndarray:
    out = np.zeros_like(x)
    i = int(np.clip(np.searchsorted(x, at) - 1, 0, x.size - 2))
    f = float(np.clip((at - x[i]) / (x[i + 1] - x[i]), 0, 1))
    out[i], out[i + 1] = value * (1 - f), value * f
    return out


def _balanced(x: np.ndarray, q: Placed, cp: float, value: float) -> np.ndarray:
    """A component's force over its length, as a linear load with the given centre; a point where that centre is outside."""
    front, aft = q.front, q.aft
    length = aft - front
    if length < 0.02 or not front + length / 3 <= cp <= aft - length / 3:
        return _point(x, float(np.clip(cp, x[0], x[-1])), value)
    even = _spread(x, front, aft, 1.0)
    arm = x - (even * x).sum()
    return np.asarray(value * even * (1 + (cp - (even * x).sum()) / (even * arm**2).sum() * arm))


def _mass_distribution(rocket: Rocket, x: np.ndarray) -> np.ndarray:
    """Mass at the stations, each part's own over its length; scaled to the rocket's mass without motor."""
    mass = np.zeros_like(x)
    for q in rocket.placed:
        own = mass_of(q.part, q.at)
        value = q.part.mass if q.part.mass is not None and not q.part.override_children else own.mass
        if value > 0:
            mass += _spread(x, q.front, max(q.aft, q.front), value)
    total = mass.sum()
    wanted = rocket.without_motor.mass
    return mass * (wanted / total) if total > 0 else _spread(x, 0.0, float(x[-1]), wanted)
