"""The sections into which a rocket comes apart: what lands on one cord, or on its own."""

from __future__ import annotations

import numpy as np

from downrange.errors import InputError
from downrange.flight.launch import Launch
from downrange.rocket import mass_of

__all__ = ["section_masses"]


def section_masses(launch: Launch) -> np.ndarray:
    """Mass of each of the launch's sections as it lands (motor burnt out), kg; those not given share what the parts say.

    A part that reaches over a boundary is split by length. The total is that of the rocket as weighed. Raises
    `InputError` where the sections overlap, leave parts of the rocket out, or are heavier than the rocket.
    """
    sections = launch.sections
    edges = [s.front for s in sections] + [sections[-1].aft]
    apart = any(abs(a.aft - b.front) > 1e-6 for a, b in zip(sections, sections[1:]))
    if (
        apart
        or abs(edges[0]) > 1e-3
        or abs(edges[-1] - launch.aft_end) > 0.02
        or any(b <= a for a, b in zip(edges, edges[1:]))
    ):
        raise InputError(
            f"the sections must follow one another from the nose tip (0 m) to the aft end ({launch.aft_end:.3f} m); seen "
            f"{', '.join(f'{e:.3f}' for e in edges)}", key="sections",
        )  # fmt: skip
    pieces: list[tuple[float, float, float]] = []
    for q in launch.rocket.placed:
        m = mass_of(q.part, q.at)
        pieces.append((q.front, max(q.aft, q.front + 1e-6), float(m.mass)))
    motor = launch.motor
    pieces.append((launch.nozzle - motor.length, launch.nozzle, motor.dry_mass))
    raw = np.zeros(len(sections))
    for front, aft, mass in pieces:
        for k, (a, b) in enumerate(zip(edges, edges[1:])):
            a = -np.inf if k == 0 else a
            b = np.inf if k == len(sections) - 1 else b
            raw[k] += mass * max(0.0, min(aft, b) - max(front, a)) / (aft - front)
    known = np.array([np.nan if s.mass is None else s.mass for s in sections])
    total, free = launch.dry.mass, np.isnan(known)
    rest = total - float(np.nansum(known))
    if rest < -1e-6 or (not free.any() and abs(rest) > 0.02 * total):
        raise InputError(
            f"the sections weigh {np.nansum(known):.3f} kg, but the rocket lands with {total:.3f} kg", key="sections"
        )
    share = np.where(free, raw, 0.0)
    return np.where(free, rest * share / max(share.sum(), 1e-9), known)
