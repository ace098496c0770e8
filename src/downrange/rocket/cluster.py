"""Where the tubes of a cluster stand: a named pattern, a ring of any number, or the place of each."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt
from typing import Literal, TypeAlias

from downrange.bounds import check_fields, spec
from downrange.errors import InputError

__all__ = ["Cluster", "Pattern"]

Pattern: TypeAlias = Literal[
    "single", "double", "3-row", "4-row", "3-ring", "4-ring", "5-ring", "6-ring", "3-star", "4-star", "5-star",
    "6-star", "9-star", "9-grid", "ring",
]  # fmt: skip

_MOST = 100
Places: TypeAlias = tuple[tuple[float, float], ...]


def _row(n: int) -> Places:
    return tuple((k - 0.5 * (n - 1), 0.0) for k in range(n))


def _ring(n: int, centre: bool = False) -> Places:
    """n tubes round the axis that touch their neighbours (and the one in the middle), in diameters."""
    radius = 0.5 / sin(pi / n) if n > 1 else 0.0
    if centre:
        radius = max(radius, 1.0)
    ring = tuple((radius * cos(2 * pi * k / n), radius * sin(2 * pi * k / n)) for k in range(n))
    return ((0.0, 0.0), *ring) if centre else ring


_PATTERNS: dict[str, Places] = {
    "single": ((0.0, 0.0),),
    "double": _row(2),
    "3-row": _row(3),
    "4-row": _row(4),
    **{f"{n}-ring": _ring(n) for n in (3, 4, 5, 6)},
    **{f"{n}-star": _ring(n, True) for n in (3, 4, 5, 6)},
    "9-star": _ring(8, True),
    "9-grid": tuple((float(i), float(k)) for i in (-1, 0, 1) for k in (-1, 0, 1)),
}


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """How several equal tubes stand side by side in the tube that holds them."""

    pattern: Pattern = spec(
        "", "how they stand; an n-star is a ring of n round one in the middle (9-star: of 8)", "single"
    )
    count: int | None = spec("", "of the tubes in a `ring`", None, low=1, high=_MOST, why="tubes of one ring")
    centre: bool = spec("", "one more in the middle of a `ring`", False)
    places: tuple[tuple[float, float], ...] = spec(
        "length", "instead of a pattern: the middle of each, pairs of [y, z] off the axis", ()
    )
    spacing: float = spec(
        "number", "middle to middle of neighbours, in their diameters; 1 is touching", 1.0, low=1, high=100, why="tubes"
    )
    distance: float | None = spec("length", "middle to middle of neighbours, instead of spacing", None, above=0)
    rotation: float = spec("angle", "turns the pattern about the axis", 0.0)
    cant: float = spec(
        "angle", "how far each tube off the axis leans, its nozzle outwards", 0.0, low=0, high=radians(30),
        why="canted motors lean by a few degrees",
    )  # fmt: skip

    def __post_init__(self) -> None:
        check_fields(self)
        if self.places and (self.pattern != "single" or self.count is not None or self.distance is not None):
            raise InputError("a cluster has places or a pattern with its spacing; keep one", key="places")
        if len(self.places) > _MOST:
            raise InputError(f"{len(self.places)} tubes; at most {_MOST}", key="places")
        if (self.pattern == "ring") != (self.count is not None):
            raise InputError(
                "a ring needs its count, like 'count: 7'; the other patterns have one in their name", key="count"
            )
        if self.centre and self.pattern != "ring":
            raise InputError("centre belongs to a ring; a '4-star' is four round one in the middle", key="centre")

    def tubes(self, diameter: float) -> tuple[tuple[float, float], ...]:
        """The middle of each tube [y, z] off the parent's axis, m, where tubes of `diameter` m stand in it."""
        if self.places:
            pairs: Places = self.places
        else:
            unit = _ring(self.count, self.centre) if self.count is not None else _PATTERNS[self.pattern]
            step = diameter * self.spacing if self.distance is None else self.distance
            pairs = tuple((step * y, step * z) for y, z in unit)
        c, s = cos(self.rotation), sin(self.rotation)
        return tuple((c * y - s * z, s * y + c * z) for y, z in pairs)

    def check_room(self, diameter: float, bore: float, loose: float) -> None:
        """Refuse tubes of `diameter` that reach out of a bore of radius `bore`, or into each other, by more than `loose`; all in m."""
        middles = self.tubes(diameter)
        for k, (y, z) in enumerate(middles):
            reach = sqrt(y * y + z * z) + diameter / 2
            if reach > bore + loose:
                raise InputError(
                    f"tube {k + 1} of the cluster reaches {reach * 1e3:.1f} mm off the axis, but its parent's bore has a radius "
                    f"of {bore * 1e3:.1f} mm",
                    key="cluster",
                )
            for n, (v, w) in enumerate(middles[:k]):
                if (apart := sqrt((y - v) ** 2 + (z - w) ** 2)) < diameter - loose:
                    raise InputError(
                        f"tubes {n + 1} and {k + 1} of the cluster are {apart * 1e3:.1f} mm apart, middle to middle, but "
                        f"{diameter * 1e3:.1f} mm wide",
                        key="cluster",
                    )
