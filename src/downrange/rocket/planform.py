"""A fin's outline as strips along the span: one form for every planform, for mass and for air."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from downrange.errors import InputError
from downrange.remember import remembered
from downrange.rocket.parts import EllipticalFins, FinSet, FreeformFins, TrapezoidalFins

__all__ = ["Planform", "fillet_section", "planform"]

_STRIPS = 400


@dataclass(frozen=True, eq=False)
class Planform:
    """Strips of one fin: heights `y` above the body, leading edges `le` aft of the root's, chords (n,), metres."""

    y: np.ndarray
    le: np.ndarray
    chord: np.ndarray
    dy: float
    root_chord: float
    span: float

    @cached_property
    def area(self) -> float:
        """Area of one fin, m2."""
        return float(self.chord.sum() * self.dy)

    @cached_property
    def mean_aerodynamic_chord(self) -> float:
        """∫c² dy / S, metres."""
        return float((self.chord**2).sum() * self.dy / self.area)

    @cached_property
    def mac_leading_edge(self) -> float:
        """Leading edge of the mean aerodynamic chord, aft of the root's leading edge, metres."""
        return float((self.le * self.chord).sum() * self.dy / self.area)

    @cached_property
    def mac_height(self) -> float:
        """Spanwise place of the mean aerodynamic chord above the body: ∫ y c dy / S, metres."""
        return float((self.y * self.chord).sum() * self.dy / self.area)

    @cached_property
    def aspect_ratio(self) -> float:
        """Of the wing that two such fins make: 2 span² / area."""
        return 2 * self.span**2 / self.area

    @cached_property
    def midchord_sweep(self) -> float:
        """Sweep angle of the mid-chord line, radians, from root to tip (mean over the span)."""
        mid = self.le + 0.5 * self.chord
        slope = np.polyfit(self.y, mid, 1)[0]
        return float(np.arctan(slope))

    @cached_property
    def leading_edge_sweep(self) -> float:
        """Sweep angle of the leading edge, radians (mean over the span)."""
        return float(np.arctan(np.polyfit(self.y, self.le, 1)[0]))


def _freeform(fin: FreeformFins) -> tuple[np.ndarray, np.ndarray, np.ndarray, float, float]:
    points = np.asarray(fin.points, float)
    points = points - [points[0, 0], 0.0]
    span = float(points[:, 1].max())
    y = (np.arange(_STRIPS) + 0.5) * span / _STRIPS
    # Where the outline's edges (columns) cross the middle of each strip (rows), aft ends of chords less their fore ends.
    (ax, ay), (bx, by) = points.T, np.roll(points, -1, axis=0).T
    cross = (ay > y[:, None]) != (by > y[:, None])
    rise = np.where(ay == by, 1.0, by - ay)
    xs = np.sort(np.where(cross, ax + (y[:, None] - ay) / rise * (bx - ax), np.inf), axis=1)
    fore_or_aft = np.where(np.arange(len(points)) % 2, 1.0, -1.0)
    le, chord = xs[:, 0], (np.where(np.isfinite(xs), xs, 0.0) * fore_or_aft).sum(axis=1)
    return y, le, chord, span, float(points[-1, 0])


@remembered(128)
def planform(fin: FinSet) -> Planform:
    """The strips of one fin of the set, not to be written to. Raises `InputError` where the outline encloses nothing."""
    plan = _strips(fin)
    for strips in (plan.y, plan.le, plan.chord):
        strips.setflags(write=False)
    return plan


def _strips(fin: FinSet) -> Planform:
    if isinstance(fin, FreeformFins):
        y, le, chord, span, root = _freeform(fin)
        return Planform(y, le, chord, span / _STRIPS, root, span)
    if isinstance(fin, TrapezoidalFins):
        y = (np.arange(_STRIPS) + 0.5) * fin.span / _STRIPS
        f = y / fin.span
        chord = fin.root_chord + (fin.tip_chord - fin.root_chord) * f
        return Planform(y, fin.sweep * f, chord, fin.span / _STRIPS, fin.root_chord, fin.span)
    if isinstance(fin, EllipticalFins):
        y = (np.arange(_STRIPS) + 0.5) * fin.span / _STRIPS
        chord = fin.root_chord * np.sqrt(1 - (y / fin.span) ** 2)
        return Planform(y, 0.5 * (fin.root_chord - chord), chord, fin.span / _STRIPS, fin.root_chord, fin.span)
    raise InputError(f"cannot read the outline of {type(fin).__name__}")


def fillet_section(radius: float, body: float) -> tuple[float, float]:
    """Area (m2) of one fillet across the chord, and how far its centroid lies outside the body (m).

    radius: of the circle that touches fin and body. body: the body's, m. The fillet is the triangle of the two centres and the foot of
    the fillet's on the fin's plane, less the sectors of both circles in it; the wider the body, the nearer to the (1 − π/4) r² of a flat wall.
    """
    if not (radius > 0 and body > 0):
        return 0.0, 0.0
    inner = np.arcsin(radius / (radius + body))
    outer, along = np.pi / 2 - inner, np.sqrt(body * (body + 2 * radius))
    areas = np.array([along * radius, -inner * body**2, -outer * radius**2]) / 2
    at = [2 / 3 * along, 2 / 3 * body * np.sin(inner) / inner, along - 2 / 3 * radius * (1 - np.cos(outer)) / outer]
    area = float(areas.sum())
    return area, float(areas @ at / area - body)
