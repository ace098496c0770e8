"""Flow along the port: what each slice of a grain sees of pressure and cross flow, and burns by it.

Quasi-one-dimensional and in balance at every moment: mass, momentum and energy of a perfect gas with mass added at the walls (Shapiro,
*The Dynamics and Thermodynamics of Compressible Fluid Flow* I, chapter 8; for motors RPE section 12.1). Thrust counts from the stagnation
pressure at the aft end.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from downrange.errors import InputError
from downrange.motor.ballistics.burn import Burn
from downrange.motor.ballistics.tables import Tables, assemble, moments
from downrange.motor.gas import Array, flow_factor
from downrange.motor.grains import Annulus, Conical, Grain, Section
from downrange.motor.grains.grain import inhibited_ends
from downrange.motor.propellants import Propellant

__all__ = ["fire_along"]

_SLICES = 32  # of all grains together, at least four of each
_STEPS = 120  # through the thickest web
_ROWS = 4000


def _sections(grain: Grain, places: Array) -> list[tuple[Section, float]]:
    """The section at each place along a grain (m from its forward end), and how much faster it widens than the surface recedes."""
    if isinstance(grain, Conical):
        slope = (grain.aft_core - grain.forward_core) / (2 * grain.length)
        radii = grain.forward_core / 2 + slope * places
        return [(Annulus(grain.diameter / 2, float(r)), float(np.hypot(1, slope))) for r in radii]
    section = getattr(grain, "section", None)
    if not isinstance(section, Section):
        raise InputError(
            f"the one-dimensional level follows grains of one section and conical ones, not {type(grain).__name__}; take the quasi-steady level",
            key="grains",
        )
    return [(section, 1.0)] * len(places)


def fire_along(t: Tables) -> Burn:
    """The firing of a motor at the one-dimensional level. Raises `InputError` where the pressure has no bound."""
    from downrange.motor.ballistics.port import march_along

    m, n = t.motor, t.motor.nozzle
    slices = _slices(t)
    segment = slices["segment"]
    law, edges, _, a, e, c_star = t.laws
    erosive = np.array([_erosion(c.propellant) for c in m.charges])
    out, deep = np.empty((_ROWS, 5)), np.empty((_ROWS, segment.size))
    flux, mass = np.empty((_ROWS, len(m.segments))), np.empty((_ROWS, len(m.segments)))
    bore = float(np.pi / 4 * m.bore**2)
    rows = march_along(
        _STEPS, *slices.values(), bore, t.charges[3], erosive, law, edges, a, e, c_star, float(flow_factor(t.heat_ratio)), t.heat_ratio,
        n.throat / 2, n.erosion, n.slag, m.ambient, out, deep, flux, mass,
    )  # fmt: skip
    if rows < 0:
        raise InputError(
            "the pressure has no bound: the burning rate outruns the throat; widen it", key="nozzle.throat"
        )
    out, deep, flux, mass = out[:rows], deep[:rows], flux[:rows], mass[:rows]
    burn = assemble(t, "one-dimensional", out[:, 0], out[:, 2], out[:, 3], np.zeros((rows, len(m.charges))))
    density = np.array([m.burning[c].density for c in m.kinds])
    left = mass * density
    mean = np.stack([deep[:, segment == s].mean(axis=1) for s in range(len(m.segments))], axis=1)
    parts = [s.grain.at(np.minimum(mean[:, i], s.grain.web)) for i, s in enumerate(m.segments)]
    area = sum(
        np.where(mean[:, i] <= s.grain.web, p.area, 0.0) for i, (s, p) in enumerate(zip(m.segments, parts, strict=True))
    )
    centre, roll, pitch = moments(t, parts, left)
    return replace(
        burn, head=out[:, 1], mass_flow=out[:, 4], burnt=mean, left=left.sum(axis=1), flux=flux, segment_mass=left, centre=centre, roll=roll, pitch=pitch,
        kn=np.where(out[:, 4] > 0, area, 0.0) / (np.pi * out[:, 3] ** 2),
    )  # fmt: skip


def _erosion(propellant: Propellant) -> tuple[float, float, float]:
    """What the loop takes of a propellant's erosive burning: alpha and beta of Lenoir and Robillard, or the viscosity that Mukunda and Paul's law needs."""
    e = propellant.erosive
    if e is None:
        return 0.0, 0.0, 0.0
    return (0.0, 0.0, propellant.gas.viscosity) if e.law == "mukunda-paul" else (e.alpha, e.beta, 0.0)


def _slices(t: Tables) -> dict[str, Array]:
    """The slices of all grains as the loop takes them, in the order of its arguments."""
    m = t.motor
    whole = sum(s.grain.length for s in m.segments)
    rows: dict[str, list[float]] = {k: [] for k in ("segment", "start", "dz", "charge")}
    stretch: list[float] = []
    tables: list[tuple[Array, Array, Array]] = []
    index: list[int] = []
    known: dict[tuple[Section, float], int] = {}
    for s, (one, start, kind) in enumerate(zip(m.segments, m.starts, m.kinds, strict=True)):
        count = max(4, round(_SLICES * one.grain.length / whole))
        dz = one.grain.length / count
        places: Array = dz * (np.arange(count, dtype=np.float64) + 0.5)
        for k, (section, wider) in enumerate(_sections(one.grain, places)):
            for key, value in zip(rows, (s, start + k * dz, dz, kind), strict=True):
                rows[key].append(value)
            stretch.append(wider)
            if (section, wider) not in known:
                known[section, wider] = len(tables)
                tables.append(_table(section))
            index.append(known[section, wider])
    return {
        "segment": np.array(rows["segment"], np.int64), "start": np.array(rows["start"]), "dz": np.array(rows["dz"]),
        "charge": np.array(rows["charge"], np.int64), "table": np.array(index, np.int64),
        "first": np.cumsum([0, *(q[0].size for q in tables)]), "grid": np.concatenate([q[0] for q in tables]),
        "area_of": np.concatenate([q[1] for q in tables]), "edge_of": np.concatenate([q[2] for q in tables]), "stretch": np.array(stretch),
        "bare": np.array([[1.0 - q for q in inhibited_ends(s.grain.inhibited)] for s in m.segments]),  # type: ignore[attr-defined]
        "lengths": np.array([s.grain.length for s in m.segments]), "where": np.array(m.starts),
    }  # fmt: skip


def _table(section: Section) -> tuple[Array, Array, Array]:
    """Levels, area of propellant and burning edge of a section; both sides of where it burns out."""
    levels = section.levels if np.isfinite(section.web) else np.array([0.0, 1e3])
    x = np.append(levels, levels[-1] * (1 + 1e-9) if np.isfinite(section.web) else 2e3)
    s = section.at(x)
    return x, s.area, s.perimeter
