"""Grains that are bodies of revolution: conical cores, hemispherical ends. Exact in the meridian plane.

A surface of revolution recedes along its normals, which lie in the meridian plane: what is left is the meridian section
less the offset of its burning lines, and volume, area and moments are those of Pappus and Guldin.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from downrange.bounds import check_fields, spec
from downrange.errors import InputError
from downrange.motor.gas import Array
from downrange.motor.grains.grain import Ends, Grain, Regression, inhibited_ends

__all__ = ["Conical", "Domed", "Revolved"]

Line = tuple[tuple[float, float], ...]
_ARC = 64  # segments of a quarter turn
_LEVELS = 121
_JUMP = 0.03  # of the largest burning area
_GAUSS = np.polynomial.legendre.leggauss(4)


class Revolved(Grain):
    """A body of revolution by its meridian section: z aft of the forward end, r from the axis, m."""

    diameter: float
    length: float
    inhibited: Ends

    @property
    @abstractmethod
    def meridian(self) -> Line:
        """The outline of the propellant in the half plane r >= 0."""

    @property
    @abstractmethod
    def burning(self) -> tuple[Line, ...]:
        """The parts of the outline that burn."""

    @cached_property
    def web(self) -> float:
        """m; found by halving to 1e-8 of the diameter."""
        return float(_rows(self.meridian, self.burning)[-1, 0])

    @property
    def levels(self) -> Array:
        """Even ones."""
        return _rows(self.meridian, self.burning)[:, 0]

    def at(self, x: Array) -> Regression:
        """Interpolated between the levels."""
        t = _rows(self.meridian, self.burning)
        area, volume, centre, roll, pitch, bore, low, high = (np.interp(x, t[:, 0], c, right=0.0) for c in t[:, 1:].T)
        port = np.pi * np.where(volume > 0, bore, self.diameter / 2) ** 2
        face = np.where(volume > 0, np.pi * self.diameter**2 / 4 - port, 0.0) * (not inhibited_ends(self.inhibited)[1])
        return Regression(
            x=x, area=area, volume=volume, port=port, length=np.maximum(high - low, 0.0), centre=centre, roll=roll, pitch=pitch,
            aside=np.zeros_like(x), aft_face=np.minimum(face, area),
        )  # fmt: skip


@dataclass(frozen=True)
class Conical(Revolved):
    """A core that widens or narrows evenly. Diameters, length: m. inhibited: which ends do not burn."""

    diameter: float = spec("length", "outer", above=0)
    length: float = spec("length", "of the segment", above=0)
    forward_core: float = spec("length", "diameter of the core at the forward end", above=0)
    aft_core: float = spec("length", "diameter of the core at the aft end", above=0)
    inhibited: Ends = "neither"

    def __post_init__(self) -> None:
        check_fields(self)
        if max(self.forward_core, self.aft_core) >= self.diameter:
            raise InputError("the core must be narrower than the grain at both ends", key="aft_core")

    @property
    def meridian(self) -> Line:
        """A trapezium."""
        a, b, r, z = self.forward_core / 2, self.aft_core / 2, self.diameter / 2, self.length
        return ((0.0, a), (z, b), (z, r), (0.0, r))

    @property
    def burning(self) -> tuple[Line, ...]:
        """The core, and the ends that are bare."""
        p = self.meridian
        top, bottom = inhibited_ends(self.inhibited)
        return ((p[0], p[1]), *(() if bottom else ((p[1], p[2]),)), *(() if top else ((p[3], p[0]),)))


@dataclass(frozen=True)
class Domed(Revolved):
    """A grain cast into a hemispherical forward end of the casing.

    diameter, length (with the dome), core (diameter): m. core_depth: of the core from the aft end, with a hemispherical tip; None: it
    runs through. inhibited: whether the aft end burns (`bottom` and `both` say no); the dome is bonded to the casing.
    """

    diameter: float = spec("length", "outer", above=0)
    length: float = spec("length", "with the dome", above=0)
    core: float = spec("length", "diameter of the core", above=0)
    core_depth: float | None = spec("length", "of the core from the aft end", None, above=0)
    inhibited: Ends = "neither"

    def __post_init__(self) -> None:
        check_fields(self)
        if self.core >= self.diameter:
            raise InputError("the core must be narrower than the grain", key="core")
        if self.length < self.diameter / 2:
            raise InputError(
                f"a hemisphere of {self.diameter * 1e3:.6g} mm alone is longer than the grain of {self.length * 1e3:.6g} mm",
                key="length",
            )
        if self.core_depth is not None and not self.core / 2 <= self.core_depth < self.length:
            raise InputError(
                f"a core {self.core_depth * 1e3:.6g} mm deep must end in the grain of {self.length * 1e3:.6g} mm, its tip is {self.core * 500:.6g} mm",
                key="core_depth",
            )

    @property
    def _core_line(self) -> Line:
        """From the aft end forward."""
        c, z = self.core / 2, self.length
        if self.core_depth is None:
            r = self.diameter / 2
            return ((z, c), (r - float(np.sqrt(r**2 - c**2)), c))
        tip = z - self.core_depth + c
        angle = np.linspace(0, np.pi / 2, _ARC + 1)
        return ((z, c), *zip((tip - c * np.sin(angle)).tolist(), (c * np.cos(angle)).clip(0).tolist(), strict=True))

    @property
    def meridian(self) -> Line:
        """Core, dome and cylinder."""
        r, z = self.diameter / 2, self.length
        core = self._core_line
        start = np.arcsin(core[-1][1] / r)
        angle = np.linspace(start, np.pi / 2, 2 * _ARC)
        dome = zip((r - r * np.cos(angle)).tolist(), (r * np.sin(angle)).tolist(), strict=True)
        return (*core, *(p for p in dome if np.hypot(p[0] - core[-1][0], p[1] - core[-1][1]) > 1e-9 * r), (z, r))

    @property
    def burning(self) -> tuple[Line, ...]:
        """The core, and the aft end where it is bare."""
        end = ((self.length, self.core / 2), (self.length, self.diameter / 2))
        return (self._core_line,) if inhibited_ends(self.inhibited)[1] else (self._core_line, end)


@lru_cache(maxsize=256)
def _rows(meridian: Line, burning: tuple[Line, ...]) -> Array:
    """Rows of level, burning area, volume, centre, roll, pitch, bore at the aft end, and where it begins and ends (n, 9)."""
    import shapely

    size = max(p[1] for p in meridian)
    whole = shapely.Polygon([(a / size, b / size) for a, b in meridian])
    if not whole.is_valid:
        raise InputError("the outline of this grain crosses itself", key="length")
    # The hull of a burning line and its mirror image is the hollow before it: convex, so that its offset is exact (see `outline`).
    pieces = [
        shapely.MultiPoint([(u / size, s * v / size) for u, v in one for s in (1, -1)]).convex_hull for one in burning
    ]
    lines = [shapely.LineString([(u / size, v / size) for u, v in one]) for one in burning]
    inert = shapely.difference(whole.boundary, shapely.buffer(shapely.union_all(lines), 1e-7))
    shapely.prepare(inert)

    def left(x: float) -> Any:
        return shapely.difference(whole, shapely.union_all(shapely.buffer(pieces, x, quad_segs=_ARC))) if x else whole

    low, high = 0.0, float(np.hypot(*np.ptp(np.array(meridian) / size, axis=0)))
    while high - low > 1e-8:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if left(middle).area > 1e-14 else (low, middle)
    found = {x: _measured(left(x), inert) for x in np.linspace(0.0, low, _LEVELS).tolist()}
    most = max(row[0] for row in found.values())
    todo = list(zip(sorted(found), sorted(found)[1:], strict=False))
    while todo:  # halve what holds a jump, as where all of a cylinder burns out at once
        a, b = todo.pop()
        if abs(found[b][0] - found[a][0]) > _JUMP * most and b - a > 1e-6 and b < low:
            middle = 0.5 * (a + b)
            found[middle] = _measured(left(middle), inert)
            todo += [(a, middle), (middle, b)]
    rows = np.array([(x, *found[x]) for x in sorted(found)])
    rows[-1, 1] = max(2 * rows[-2, 1] - rows[-3, 1], 0.0)  # the area with which it burns out, not what is left behind
    rows[-1, 2:7] = 0.0, *rows[-2, 3:4], 0.0, 0.0, rows[-2, 6]
    return rows * size ** np.array([1, 2, 3, 1, 5, 5, 1, 1, 1])


def _measured(shape: Any, inert: Any) -> tuple[float, ...]:
    """What a meridian section is when it is turned about the axis r = 0."""
    import shapely

    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(shape)))
    p, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    a, b = p[:-1][same], p[1:][same]
    if not len(a):
        return (0.0,) * 8
    cross = a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]
    at = [a + 0.5 * (1 + u) * (b - a) for u in _GAUSS[0]]

    def integral(i: int, j: int) -> float:
        """∫∫ z^i r^j dA: triangles from the origin, exactly by Gauss's points along each edge."""
        line = sum(0.5 * w * q[:, 0] ** i * q[:, 1] ** j for w, q in zip(_GAUSS[1], at, strict=True))
        return float((cross * line).sum()) / (i + j + 2)

    volume = 2 * np.pi * integral(0, 1)
    if not volume > 0:
        return (0.0,) * 8
    centre = 2 * np.pi * integral(1, 1) / volume
    roll = 2 * np.pi * integral(0, 3)
    pitch = roll / 2 + 2 * np.pi * integral(2, 1) - volume * centre**2
    length = np.hypot(*(b - a).T)
    middle = 0.5 * (a + b)
    burns = shapely.distance(shapely.points(middle), inert) > 1e-6
    area = 2 * np.pi * float((middle[:, 1] * length)[burns & (length > 0)].sum())
    aft = p[p[:, 0] >= p[:, 0].max() - 1e-6]
    return area, volume, centre, roll, pitch, float(aft[:, 1].min()), float(p[:, 0].min()), float(p[:, 0].max())
