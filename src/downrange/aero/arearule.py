"""What fins and a body that changes its diameter beside them add to each other's wave drag near Mach 1: the area rule.

Far from a slender body its wave drag is a quadratic form in the way in which the cross-sections' areas change, D/q = (1/2π) ∫ k |Ŝ'(k)|² dk over wave
numbers k > 0 (von Kármán 1936; R. T. Jones, NACA Report 1284, 1956, for M > 1 with areas cut by planes at the Mach angle, averaged round
the axis; Whitcomb, NACA Report 1273, 1956, by experiment). So that of two bodies together is D₁ + D₂ + 2 c √(D₁ D₂), with c, between -1 and 1, the cosine
of their distributions in that form. The areas give c; D₁ and D₂ are those that fins and boat-tail have alone, which slender-body theory
itself overrates at Mach 1. Fins that end beside a boat-tail take away area with it: c > 0.

Waves shorter than a quarter of the body's radius do not reach far and are left out. The rule fades out as the fins leave each other's
Mach cones (β span / chord from 0.3 to 0.9, and from Mach 1.2 to 1.6): beyond, each has its own flow.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from downrange.aero.geometry import outline
from downrange.rocket import FinSet, Placed, Planform, planform
from downrange.tables import monotone, smoothstep

__all__ = ["cosine", "interference"]

_NODES = np.array([1.0, 1.04, 1.08, 1.13, 1.2, 1.3, 1.45, 1.6])
_WAVES = 12 * (np.arange(64) + 0.5) / 64  # wave numbers times the body's radius
_SHORTEST = 0.25  # radii
_STRIPS, _PLANES = 12, 3
_PROFILES = {  # thickness along the chord, as corners of straight lines; a blunt trailing edge's wake stays as thick
    "wedge": ((0.0, 1.0), (0.0, 1.0)),
    "double wedge": ((0.0, 0.5, 1.0), (0.0, 1.0, 0.0)),
    "hexagonal": ((0.0, 1 / 3, 2 / 3, 1.0), (0.0, 1.0, 1.0, 0.0)),
    "airfoil": ((0.0, 0.1, 0.3, 0.6, 1.0), (0.0, 0.75, 1.0, 0.76, 0.0)),
}


def _wave(phase: np.ndarray) -> np.ndarray:
    """e^(-i phase), by a sine and a cosine: several times as quick as the exponential of complex numbers."""
    out = np.empty(phase.shape, complex)
    out.real, out.imag = np.cos(phase), -np.sin(phase)
    return out


def _body(q: Placed, k: np.ndarray) -> np.ndarray:
    """Fourier transform of a body part's S'(x) at wave numbers `k` (1/m)."""
    x, r = outline(q, 40)
    middle = 0.5 * (x[1:] + x[:-1])
    return np.asarray(_wave(np.outer(k, middle)) @ np.diff(np.pi * r**2))


def _profile(section: str, k: np.ndarray, chord: np.ndarray) -> np.ndarray:
    """(k, strips) transform of a strip's S'(x) per unit thickness: sums of e^(-ikx)/(ik) over the changes of slope."""
    x, t = (np.array(v) for v in _PROFILES[section])
    slope = np.concatenate([[0.0], np.diff(t) / np.diff(x), [0.0]])
    phase = np.outer(k, chord)
    return np.asarray(sum(d * _wave(phase * at) for d, at in zip(np.diff(slope), x, strict=True)) / (1j * phase))


def _fins(q: Placed, plan: Planform, k: np.ndarray, mach: np.ndarray) -> np.ndarray:
    """(n, planes, k) transform of all fins' S'(x) at each `mach` (n,) from 1, cut by planes at the Mach angle that lean to several sides."""
    fin = q.part
    assert isinstance(fin, FinSet)
    step = plan.y.size // _STRIPS
    y, le, chord = (v[: step * _STRIPS].reshape(_STRIPS, step).mean(axis=1) for v in (plan.y, plan.le, plan.chord))
    one = _profile(fin.section, k, np.maximum(chord, 1e-9)) * _wave(np.outer(k, q.front + le))
    one = one * fin.thickness * plan.span / _STRIPS
    leans, even, odd = _leans(fin)
    reach = (
        np.sqrt(np.maximum(mach**2 - 1, 0.0))[:, None, None, None] * leans[:, None, None] * np.outer(k, q.at.outer + y)
    )
    # Σ e^(-i reach lean) over the fins: a cosine of each lean, and a sine of those that no fin opposite makes good
    out = even @ (one * np.cos(reach)).sum(axis=-1)
    return out - 1j * (odd @ (one * np.sin(reach)).sum(axis=-1)) if odd.any() else out


def _leans(fin: FinSet) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How far fins lean away from any plane, over their distance from the axis and without the sign (n,); and for each plane (planes, n) how many do
    by so much, and how many more away from it than towards it."""
    turns = (np.arange(_PLANES) + 0.5) / _PLANES * 2 * np.pi / fin.count
    leans = np.cos(turns[:, None] + 2 * np.pi * np.array(fin.present) / fin.count)
    sizes = np.array(sorted(set(np.abs(leans).round(12).ravel().tolist())))
    alike = np.abs(np.abs(leans)[..., None] - sizes) < 1e-9
    return sizes, alike.sum(axis=1) + 0.0, (alike * np.sign(leans)[..., None]).sum(axis=1)


def cosine(fins: Placed, part: Placed, mach: np.ndarray) -> np.ndarray:
    """How alike the areas of a set of fins and of a body part change, -1 to 1, at each `mach` (n,) from 1."""
    assert isinstance(fins.part, FinSet)
    plan, radius = planform(fins.part), max(fins.at.outer, 1e-9)
    k = _WAVES / radius
    weight = _WAVES * np.exp(-((_SHORTEST * _WAVES) ** 2))
    body = _body(part, k)
    own = (weight * np.abs(body) ** 2).sum()
    f = _fins(fins, plan, k, mach)
    both = ((f * np.conj(body)).real @ weight).mean(axis=1)
    return np.asarray(both / np.sqrt(np.maximum(own * (np.abs(f) ** 2 @ weight).mean(axis=1), 1e-300)))


def interference(
    fins: Placed, wave: np.ndarray, bodies: Iterable[tuple[Placed, np.ndarray]], mach: np.ndarray
) -> np.ndarray:
    """What a set of fins of wave drag `wave` and the body parts near them, each with its own, add to each other's, at `mach` (n,).

    All on one reference area. Sections without thickness wave add none.
    """
    total, fin = np.zeros_like(mach), fins.part
    assert isinstance(fin, FinSet)
    if fin.section not in _PROFILES:
        return total
    plan, nodes = planform(fin), _NODES
    across = np.sqrt(nodes**2 - 1) * plan.span / plan.mean_aerodynamic_chord
    fade = (1 - smoothstep(across, 0.3, 0.9)) * (1 - smoothstep(nodes, 1.2, 1.6))
    there = fade > 0
    for part, own in bodies:
        gap = max(part.front - fins.front - plan.root_chord, fins.front - part.aft, 0.0)
        if gap < 6 * fins.at.outer:  # further off their waves have nothing in common
            alike = np.zeros_like(fade)
            alike[there] = fade[there] * cosine(fins, part, nodes[there])
            share = monotone(nodes, alike, np.clip(mach, nodes[0], nodes[-1]))
            total += 2 * share * np.sqrt(np.maximum(wave, 0.0) * np.maximum(own, 0.0))
    return total
