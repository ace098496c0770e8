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
    sets = [q for q in sorted(rocket.find(FinSet), key=lambda q: q.front) if q.path in place and _fins(q).present]
    blown: dict[str, np.ndarray] = {}  # of each set, the incidence that it has lost, over that of the rocket
    alone = {q.path: _alone(q, rocket, mach, section_slope) for q in sets} if len(sets) > 1 else {}
    for i, aft in enumerate(sets):
        blown[aft.path] = np.zeros_like(mach)
        for fore in sets[:i]:
            if aft.front < fore.aft - 1e-6:
                continue
            shares = _shares(fore, aft)
            mean = 0.5 * float(np.trace(shares))
            if abs(mean) < 1e-9:
                continue
            span, half = planform(_fins(fore)).span, 0.5 * len(_fins(aft).present)
            lifting = np.maximum(_share_of_body(fore) - blown[fore.path], 0.0)
            circulation = lifting * alone[fore.path] * rocket.reference_area / (2 * _VORTEX * span)
            lost = blown[aft.path] + circulation * mean / half
            lost = np.minimum(lost, _share_of_body(aft))
            slope = -(lost - blown[aft.path]) * half * alone[aft.path]
            blown[aft.path] = lost
            yield _as_lift(aft, slope, place[aft.path], shares / mean)


def _fins(q: Placed) -> FinSet:
    assert isinstance(q.part, FinSet)
    return q.part


def _share_of_body(q: Placed) -> float:
    """K_W(B) of a set: its incidence in the body's upwash over that of the rocket."""
    return fin_share(q.at.outer / (q.at.outer + planform(_fins(q)).span))


def _alone(q: Placed, rocket: Rocket, mach: np.ndarray, section_slope: float) -> np.ndarray:
    """Slope of one fin of a set without its body, on the reference area, with what their number takes."""
    n = len(_fins(q).present)
    nodes = NODES[: int(np.searchsorted(NODES, mach.max())) + 2]
    efficiency = COUNT_EFFICIENCY.get(n, 1.0 if n < 5 else 0.75)
    return np.asarray(efficiency * monotone(nodes, fin_alone(q, nodes, rocket, section_slope), mach))


def _shares(fore: Placed, aft: Placed) -> np.ndarray:
    """How the fins behind are blown together, in the planes y and z (2, 2): over Γ/V of one fin ahead, 1/m."""
    ahead, behind = _fins(fore), _fins(aft)
    plan = planform(behind)
    chord = np.interp((np.arange(_STRIPS) + 0.5) / _STRIPS * plan.span, plan.y, plan.chord)
    bodies = (fore.at.outer, planform(ahead).span), (aft.at.outer, plan.span)
    each = strip_factor(*bodies, _angles(ahead), _angles(behind), chord)
    shares = fin_normals(behind)[0] @ each @ fin_normals(ahead)[0].T
    return np.asarray(0.5 * (shares + shares.T))


def _angles(fin: FinSet) -> np.ndarray:
    return np.array([fin.angle + 2 * np.pi * k / fin.count for k in fin.present])


def _as_lift(q: Placed, slope: np.ndarray, cp: np.ndarray, matrix: np.ndarray) -> Lift:
    zero, none = np.zeros_like(slope), np.zeros(2)
    name = f"downwash on {_fins(q).name or 'fins'}"
    return Lift(name, q.path, "downwash", slope, cp, slope * cp**2, matrix, zero, zero, none, none)
