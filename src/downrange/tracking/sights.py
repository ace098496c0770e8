"""Where a rocket was by sights from the ground: theodolites, elevations alone, bearings with a clock of their own; and by positions of a receiver on board.

Two stations by the rule books' closed forms, for their numbers and their closure; any number by maximum likelihood: the point (or the
point on a straight line of flight, with unknown time offsets) that makes the angles most likely, with its covariance.

Sources: NAR Sporting Code ("Pink Book"), chapter 14 and appendix E: vertical midpoint and geodesic reduction (G. Landis, Model Rocketeer, September
1983). The likelihood with Gaussian angles is least squares (C. F. Gauss, Theoria Motus, 1809, art. 186); multi-station solutions of meteors with timing
offsets: D. Vida et al., "Estimating trajectories of meteors", MNRAS 491 (2020), 2688-2705.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from downrange.errors import InputError, seen

__all__ = ["Fix", "Place", "Reduction", "Sight", "Station", "geodesic", "locate", "vertical_midpoint"]

CLOSED = 0.10  # the Pink Book's limit of a closed track


@dataclass(frozen=True)
class Station:
    """A station: its name and place, m east, north and up from the pad; `offset` where its clock is not the others'."""

    name: str
    east: float
    north: float
    up: float = 0.0
    offset: bool = False


@dataclass(frozen=True)
class Sight:
    """An angle or two seen from a station: azimuth clockwise from north and elevation above the horizon, rad (None where not measured), with
    1 σ errors; `time` in s for a moving target."""

    station: str
    azimuth: float | None
    elevation: float | None
    error: float
    time: float = 0.0


@dataclass(frozen=True)
class Place:
    """A position that a receiver `source` on board gave: m east and north of the pad, `up` above it (None where it says none), each with its 1 σ error; `time` in s for a
    moving target, `offset` where its clock is not the others'."""

    source: str
    east: float
    north: float
    up: float | None
    error: float
    up_error: float
    time: float = 0.0
    offset: bool = False


@dataclass(frozen=True)
class Reduction:
    """A height by two stations' closed form, m above the stations' plane, and the closure as a share of it."""

    height: float
    closure: float

    @property
    def closed(self) -> bool:
        """Whether the rule book counts the track: closure of at most 10 %."""
        return self.height >= 1.0 and self.closure <= CLOSED


@dataclass(frozen=True, eq=False)
class Fix:
    """The most likely place: `position` (3,) m east, north, up of the pad, with `covariance` (3, 3); `velocity` (3,) where sights have times;
    `offsets` of clocks in s with their errors. `chi2` over `freedom` says whether the sights agree; `residuals` are in rad, per angle, `place_residuals` in m, per axis of a receiver's position."""

    position: np.ndarray
    covariance: np.ndarray
    velocity: np.ndarray | None
    offsets: tuple[tuple[str, float, float], ...]
    chi2: float
    freedom: int
    residuals: tuple[tuple[str, str, float], ...]
    place_residuals: tuple[tuple[str, str, float], ...] = ()

    @property
    def height(self) -> tuple[float, float]:
        """Height above the pad and its standard deviation, m."""
        return float(self.position[2]), float(math.sqrt(self.covariance[2, 2]))


def _checked(values: Sequence[float], baseline: float) -> None:
    if not (math.isfinite(baseline) and baseline > 0):
        raise InputError(f"the baseline should be a length above 0, seen {baseline:g} m")
    for v in values:
        if not math.isfinite(v):
            raise InputError(f"an angle is no number: {v}")


def vertical_midpoint(a1: float, e1: float, a2: float, e2: float, baseline: float) -> Reduction:
    """Height by the vertical midpoint of the Pink Book.

    `a1`, `a2` are azimuths (rad) at each station from the baseline towards the other, to the same side; `e1`, `e2` elevations; `baseline` in m.
    Raises `InputError` where the sights are parallel in plan.
    """
    _checked((a1, e1, a2, e2), baseline)
    s = math.sin(a1 + a2)
    if abs(s) < 1e-6:
        raise InputError(
            "the rocket is over the baseline: the vertical midpoint has no answer there; use the geodesic reduction"
        )
    h1, h2 = baseline * math.sin(a2) * math.tan(e1) / s, baseline * math.sin(a1) * math.tan(e2) / s
    return Reduction((h1 + h2) / 2, abs(h1 - h2) / abs(h1 + h2) if h1 + h2 else math.inf)


def geodesic(a1: float, e1: float, a2: float, e2: float, baseline: float) -> Reduction:
    """Height by the geodesic reduction of the Pink Book: the point on the common perpendicular of the two lines of sight that is missed by the same
    angle from both. Arguments and errors as `vertical_midpoint`'s; it holds over the baseline, too.

    Raises `InputError` for parallel lines of sight.
    """
    _checked((a1, e1, a2, e2), baseline)
    f = math.sin(e1) * math.sin(e2) - math.cos(e1) * math.cos(e2) * math.cos(a1 + a2)
    d = 1 - f * f
    if d < 1e-9:
        raise InputError("the lines of sight are parallel: no height can be told")
    r1 = baseline * (math.cos(e1) * math.cos(a1) + f * math.cos(e2) * math.cos(a2)) / d
    r2 = baseline * (math.cos(e2) * math.cos(a2) + f * math.cos(e1) * math.cos(a1)) / d
    height = (math.sin(e1) + math.sin(e2)) * r1 * r2 / (r1 + r2)
    miss = (
        baseline
        * abs(math.cos(e2) * math.sin(e1) * math.sin(a2) - math.cos(e1) * math.sin(e2) * math.sin(a1))
        / math.sqrt(d)
    )
    return Reduction(height, miss / abs(height) if height else math.inf)


def _wrapped(x: np.ndarray | float) -> np.ndarray:
    return (np.asarray(x) + math.pi) % (2 * math.pi) - math.pi


def _start(stations: dict[str, Station], sights: Sequence[Sight], places: Sequence[Place]) -> np.ndarray:
    """A first point: the middle of the receivers' positions, else nearest to all lines of sight with both angles, else above the middle of the stations."""
    if places:
        high = [p.up for p in places if p.up is not None]
        return np.array(
            [np.mean([p.east for p in places]), np.mean([p.north for p in places]), np.mean(high) if high else 100.0]
        )
    a, b = np.zeros((3, 3)), np.zeros(3)
    for s in sights:
        if s.azimuth is None or s.elevation is None:
            continue
        d = np.array(
            [
                math.cos(s.elevation) * math.sin(s.azimuth),
                math.cos(s.elevation) * math.cos(s.azimuth),
                math.sin(s.elevation),
            ]
        )
        at, m = stations[s.station], np.eye(3) - np.outer(d, d)
        a, b = a + m, b + m @ np.array([at.east, at.north, at.up])
    if np.linalg.matrix_rank(a, tol=1e-6) == 3:
        return np.linalg.solve(a, b)
    middle = np.mean([[q.east, q.north, q.up] for q in stations.values()], axis=0)
    reach = max(50.0, max(math.hypot(q.east - middle[0], q.north - middle[1]) for q in stations.values()))
    return middle + np.array([0.3 * reach, 0.2 * reach, reach])


def locate(
    stations: Sequence[Station], sights: Sequence[Sight], *, places: Sequence[Place] = (), moving: bool = False
) -> Fix:
    """The most likely place of a rocket by sights from any number of stations and positions of receivers on board, with its covariance.

    `moving` fits a straight flight at constant velocity through sights with times (`position` is then that at time 0), with an unknown offset for each
    station or receiver whose clock is its own. Elevations alone count, too. Raises `InputError` where what is given cannot tell a place.
    """
    known = {s.name: s for s in stations}
    _checked_sights(known, sights, places)
    own = (
        list(dict.fromkeys([s.name for s in stations if s.offset] + [p.source for p in places if p.offset]))
        if moving
        else []
    )
    size = (6 if moving else 3) + len(own)
    count = sum((s.azimuth is not None) + (s.elevation is not None) for s in sights)
    count += sum(2 + (p.up is not None) for p in places)
    if count < size:
        raise InputError(
            f"{count} angles {'and distances ' if places else ''}cannot tell {size} unknowns: more sights are needed"
        )

    def there(x: np.ndarray, who: str, time: float) -> np.ndarray:
        late = x[6 + own.index(who)] if who in own else 0.0
        return np.asarray(x[:3] + (x[3:6] * (time + late) if moving else 0.0))

    def misses(x: np.ndarray) -> np.ndarray:
        out = []
        for s in sights:
            at = known[s.station]
            p = there(x, s.station, s.time) - np.array([at.east, at.north, at.up])
            flat = math.hypot(p[0], p[1])
            if s.azimuth is not None:  # an azimuth overhead says nothing: its error is that of the angle on the sky
                out.append(
                    float(_wrapped(math.atan2(p[0], p[1]) - s.azimuth))
                    * math.cos(s.elevation or math.atan2(p[2], flat))
                    / s.error
                )
            if s.elevation is not None:
                out.append((math.atan2(p[2], flat) - s.elevation) / s.error)
        for g in places:
            p = there(x, g.source, g.time)
            out += [(p[0] - g.east) / g.error, (p[1] - g.north) / g.error]
            if g.up is not None:
                out.append((p[2] - g.up) / g.up_error)
        return np.array(out)

    return _solved(
        misses, np.concatenate([_start(known, sights, places), np.zeros(size - 3)]), (sights, places), own, moving
    )


def _checked_sights(known: dict[str, Station], sights: Sequence[Sight], places: Sequence[Place]) -> None:
    """Raises `InputError` for a sight or a position that says nothing, or whose error is none."""
    for s in sights:
        if s.station not in known:
            raise InputError(f"a sight is from {seen(s.station, 40)}, which is no station: {', '.join(known)}")
        if s.azimuth is None and s.elevation is None or not 1e-6 < s.error < 1:
            raise InputError(
                f"a sight from {seen(s.station, 40)} needs an azimuth or an elevation, and an error between 0 and 1 rad"
            )
    for p in places:
        if p.source in known:
            raise InputError(f"{seen(p.source, 40)} is a station and a receiver: give them names of their own")
        if not (
            1e-3 < p.error < 1e4
            and 1e-3 < p.up_error < 1e4
            and all(math.isfinite(v) for v in (p.east, p.north, p.up or 0.0))
        ):
            raise InputError(f"a position by {seen(p.source, 40)} needs its place, and an error between 1 mm and 10 km")


def _solved(misses, x: np.ndarray, given: tuple[Sequence[Sight], Sequence[Place]], own: list[str], moving: bool) -> Fix:  # type: ignore[no-untyped-def]
    from scipy.optimize import least_squares

    sights, places = given
    scale = np.concatenate([np.full(3, 100.0), np.full(len(x) - 3, 10.0)])
    found = least_squares(misses, x, x_scale=scale, method="trf")
    normal = found.jac.T @ found.jac
    if np.linalg.cond(normal * np.outer(scale, scale)) > 1e14:
        raise InputError(
            "the sights cannot tell a place: the stations lie in one line with it, or too few angles were measured"
        )
    covariance = np.linalg.inv(normal)
    angles = [
        (s.station, k, s.error)
        for s in sights
        for k, v in (("azimuth", s.azimuth), ("elevation", s.elevation))
        if v is not None
    ]
    axes = [
        (p.source, k, e)
        for p in places
        for k, e, v in (("east", p.error, p.east), ("north", p.error, p.north), ("up", p.up_error, p.up))
        if v is not None
    ]
    left = [(n, k, float(r * e)) for (n, k, e), r in zip(angles + axes, found.fun, strict=True)]
    offsets = tuple((n, float(found.x[6 + i]), float(math.sqrt(covariance[6 + i, 6 + i]))) for i, n in enumerate(own))
    return Fix(
        found.x[:3],
        covariance[:3, :3],
        found.x[3:6] if moving else None,
        offsets,
        float(2 * found.cost),
        len(found.fun) - len(found.x),
        tuple(left[: len(angles)]),
        tuple(left[len(angles) :]),
    )
