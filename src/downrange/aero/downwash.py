"""What fins ahead take from the lift of fins behind: Pitts, Nielsen and Kaattari, NACA Report 1307, wing-tail interference.

Each fin that lifts leaves a vortex of strength Γ = L / (2 ρ V (f - r)), f the place of the elliptic loading's vortex, f - r = π/4 of the
span (between the report's charts, 0.67 to 0.8, and good to a tenth). They run straight back at small angles, where they harm
most; each has its image in the body. Strip theory on every fin behind (the report's factor i, here for any number of fins at
any roll). The body's share of what the rear fins lose is left out, as in the report. At larger angles the vortices pass by
above the fins, and the loss is less: it is held, which is on the side of too little stability.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from downrange.aero.fins import NODES, fin_alone
from downrange.aero.interference import fin_share
from downrange.aero.lift import COUNT_EFFICIENCY, Lift, fin_normals
from downrange.rocket import FinSet, Placed, Rocket, planform
from downrange.tables import monotone

__all__ = ["downwash_lifts", "strip_factor"]

_VORTEX = np.pi / 4  # f - r over the span, elliptic loading
_CORE = 0.01  # of the span ahead: the principal value where a vortex meets a fin
_STRIPS = 800


def strip_factor(
    fore: tuple[float, float], aft: tuple[float, float], ahead: np.ndarray, behind: np.ndarray, chord: np.ndarray
) -> np.ndarray:
    """How the fins behind are blown: mean of the velocity across each, over Γ/V of one fin ahead at full incidence, 1/m, (k, j).

    fore, aft: (body radius, span) of the fins ahead and behind, m; ahead (j,), behind (k,): their roll positions, rad; chord (n,) of the fins
    behind at even stations from the root to the tip. Positive against the flow that makes them lift.
    """
    r, span = aft
    f = fore[0] + _VORTEX * fore[1]
    y = r + (np.arange(chord.size) + 0.5) / chord.size * span
    weight = chord / chord.sum()
    vortex, image = f * np.exp(1j * ahead), (r * r / f) * np.exp(1j * ahead)
    at = y[None, :] * np.exp(1j * behind)[:, None]  # (k, n)
    core = (_CORE * fore[1]) ** 2

    def blown(z: np.ndarray) -> np.ndarray:
        d = at[:, None, :] - z[None, :, None]
        return np.asarray(np.conj(d) / (np.abs(d) ** 2 + core))  # 1/d, held near the vortex

    # u - iv of a vortex of strength one is 1/(2πi d); its image turns the other way.
    velocity = np.conj((blown(vortex) - blown(image)) / (2j * np.pi))
    across = (velocity * np.conj(1j * np.exp(1j * behind))[:, None, None]).real
    return np.asarray(-(across * weight).sum(axis=2))


def downwash_lifts(rocket: Rocket, mach: np.ndarray, lifts: Sequence[Lift], section_slope: float) -> Iterator[Lift]:
    """The lift, below zero, that each set of fins loses to each set ahead of it, at `mach` (n,); `lifts` are those without it."""
    place = {p.path: p.cp for p in lifts}
    sets = sorted(rocket.find(FinSet), key=lambda q: q.front)
    for i, fore in enumerate(sets):
        for aft in sets[i + 1 :]:
            if aft.front >= fore.aft - 1e-6 and aft.path in place:
                lost = _lost(rocket, fore, aft, mach, place[aft.path], section_slope)
                if lost is not None:
                    yield lost


def _alone(q: Placed, rocket: Rocket, mach: np.ndarray, section_slope: float) -> np.ndarray:
    """Slope of one fin of a set without its body, on the reference area, with what their number takes."""
    assert isinstance(q.part, FinSet)
    n = len(q.part.present)
    nodes = NODES[: int(np.searchsorted(NODES, mach.max())) + 1]
    efficiency = COUNT_EFFICIENCY.get(n, 1.0 if n < 5 else 0.75)
    return np.asarray(efficiency * monotone(nodes, fin_alone(q, nodes, rocket, section_slope), mach))


def _angles(fin: FinSet) -> np.ndarray:
    return np.array([fin.angle + 2 * np.pi * k / fin.count for k in fin.present])


def _lost(
    rocket: Rocket, fore: Placed, aft: Placed, mach: np.ndarray, cp: np.ndarray, section_slope: float
) -> Lift | None:
    ahead, behind = fore.part, aft.part
    assert isinstance(ahead, FinSet) and isinstance(behind, FinSet)
    if not ahead.present or not behind.present:
        return None
    span, plan = planform(ahead).span, planform(behind)
    chord = np.interp((np.arange(_STRIPS) + 0.5) / _STRIPS * plan.span, plan.y, plan.chord)
    each = strip_factor((fore.at.outer, span), (aft.at.outer, plan.span), _angles(ahead), _angles(behind), chord)
    n_ahead, n_behind = fin_normals(ahead)[0], fin_normals(behind)[0]
    shares = n_behind @ each @ n_ahead.T  # (2, 2): of the planes y and z
    shares = 0.5 * (shares + shares.T)
    mean = 0.5 * float(np.trace(shares))
    if abs(mean) < 1e-9:
        return None
    tau = fore.at.outer / (fore.at.outer + span)
    circulation = fin_share(tau) * _alone(fore, rocket, mach, section_slope) / (2 * _VORTEX * span)
    slope = -circulation * _alone(aft, rocket, mach, section_slope) * rocket.reference_area * mean
    zero = np.zeros_like(mach)
    name = f"downwash on {behind.name or 'fins'}"
    return Lift(
        name, aft.path, "downwash", slope, cp, slope * cp**2, shares / mean, zero, zero, np.zeros(2), np.zeros(2)
    )
