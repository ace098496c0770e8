"""A motor as the compiled loops take it, and the firing from what they give."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downrange.motor.ballistics.burn import Burn, Level
from downrange.motor.gas import Array, flow_factor, mach_of_area_ratio, pressure_ratio
from downrange.motor.nozzle import mass_flow_factor
from downrange.motor.solid import SolidMotor

__all__ = ["Tables", "assemble", "moments"]


@dataclass(frozen=True, eq=False)
class Tables:
    """A motor as the loops take it: charges one after another, and one gas for the nozzle.

    heat_ratio: of the products, weighted by the mass of each propellant.
    """

    motor: SolidMotor

    @cached_property
    def heat_ratio(self) -> float:
        """Of the products of all propellants, weighted by mass."""
        mass = [c.volume[0] * c.propellant.density for c in self.motor.charges]
        return float(np.average([c.propellant.gas.heat_ratio for c in self.motor.charges], weights=mass))

    @cached_property
    def charges(self) -> tuple[Array, Array, Array, Array]:
        """first, levels, burning area, density."""
        c = self.motor.charges
        first = np.cumsum([0, *(q.x.size for q in c)])
        return (
            first,
            np.concatenate([q.x for q in c]),
            np.concatenate([q.area for q in c]),
            np.array([q.propellant.density for q in c], float),
        )

    @cached_property
    def laws(self) -> tuple[Array, Array, Array, Array, Array, Array]:
        """law, edges, all edges in order, coefficients, exponents, c*."""
        laws = [c.propellant.laws for c in self.motor.charges]
        law = np.cumsum([0, *(q[1].size for q in laws)])
        edges, a, n, c_star = (np.concatenate([q[k] for q in laws]) for k in range(4))
        return law, edges, np.unique(edges), a, n, c_star

    @cached_property
    def back(self) -> float:
        """Ambient over chamber pressure at which the throat stops being choked."""
        return float(
            pressure_ratio(
                mach_of_area_ratio(self.motor.nozzle.expansion, self.heat_ratio, supersonic=False), self.heat_ratio
            )
        )


def assemble(
    t: Tables, level: Level, time: Array, pressure: Array, radius: Array, burnt: Array, heat: Array | None = None
) -> Burn:
    """The firing from how far each charge has burnt (n, charges) and the pressure (n,); `heat` is R T of the gas, where it was followed."""
    m, k = t.motor, t.heat_ratio
    throat_area = np.pi * radius**2
    x = burnt[:, list(m.kinds)]
    parts = [s.grain.at(x[:, i]) for i, s in enumerate(m.segments)]
    area = np.stack(
        [np.where(x[:, i] <= s.grain.web, p.area, 0.0) for i, (s, p) in enumerate(zip(m.segments, parts, strict=True))],
        axis=1,
    )
    rates = np.stack([m.burning[c].rate(np.maximum(pressure, 1.0)) for c in m.kinds], axis=1)
    density = np.array([m.burning[c].density for c in m.kinds])
    flow = area * rates * density
    if heat is None:
        leaves = flow.sum(axis=1)
    else:
        leaves = (
            pressure
            * throat_area
            * float(flow_factor(k))
            / np.sqrt(heat)
            * mass_flow_factor(k, m.ambient / np.maximum(pressure, 1.0), m.nozzle.expansion)
        )
    steady = m.nozzle.erosion == 0 and m.nozzle.slag == 0
    now: float | Array = m.nozzle.throat_area if steady else throat_area
    thrust = pressure * throat_area * m.nozzle.thrust_coefficient(k, pressure, m.ambient, now)
    port = np.stack([p.port for p in parts], axis=1)
    behind = np.stack([p.aft_face for p in parts], axis=1) * rates * density
    along = np.cumsum(flow, axis=1) - np.minimum(behind, flow)
    mass = np.stack([p.volume for p in parts], axis=1) * density
    return Burn(
        m, level, time, pressure, pressure, thrust, leaves, x, mass.sum(axis=1), 2 * radius, area.sum(axis=1) / throat_area,
        np.where(port > 0, along / np.maximum(port, 1e-12), 0.0), np.asarray(m.nozzle.exit_pressure(k, pressure, now)), mass,
        *moments(t, parts, mass),
    )  # fmt: skip


def moments(t: Tables, parts: list, mass: Array) -> tuple[Array, Array, Array]:  # type: ignore[type-arg]
    """Centre of the propellant (m aft of the forward end of the first grain), and its moments of inertia, roll and pitch, kg m2."""
    m = t.motor
    density = np.array([s.propellant.density for s in m.segments])
    at = np.stack([p.centre + start for p, start in zip(parts, m.starts, strict=True)], axis=1)
    whole = mass.sum(axis=1)
    centre = np.where(whole > 0, (mass * at).sum(axis=1) / np.maximum(whole, 1e-12), np.nan)
    centre[~np.isfinite(centre)] = m.stack / 2 if not np.any(np.isfinite(centre)) else centre[np.isfinite(centre)][-1]
    roll, pitch = (np.stack([getattr(p, name) for p in parts], axis=1) * density for name in ("roll", "pitch"))
    return centre, roll.sum(axis=1), (pitch + mass * (at - centre[:, None]) ** 2).sum(axis=1)
