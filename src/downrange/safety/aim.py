"""Where to point the rail, how far the rocket can reach, and in which wind to hold.

Wind weighting after the practice of sounding-rocket ranges: the rail is turned until the areas of the planned and of
the ballistic flight both lie inside the site. All candidates fly the same random numbers, so that they differ by the
aim alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from downrange.atmosphere import Wind
from downrange.dispersion import Plan, air_heights
from downrange.dispersion.flying import Drawn, fly_parts, fly_whole
from downrange.errors import FlightCode, InputError
from downrange.exact import one_thread
from downrange.failures import Change, Mode, Scene, scene_of
from downrange.failures.modes import NOMINAL, MainAtApogee, NothingOpens
from downrange.failures.stages import DroppedCanopyFails, SustainerTilted
from downrange.flight import Flight, Launch, compile_launch, fly
from downrange.flight.named import named_outputs, named_rows
from downrange.flight.rows import (
    RAIL_AZIMUTH,
    RAIL_ELEVATION,
)
from downrange.safety.ground import PROTECTED, Ground
from downrange.steps import advance, step

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["Aim", "DriftRow", "HoldRow", "Reach", "aims", "drift_table", "farthest", "hold_winds"]

MPH = 0.44704
_STRONG = 1.3
T = TypeVar("T")
R = TypeVar("R")
_LATEST, _TIMES = 10.0, 11  # s; how late a sustainer may be lit, and how many times up to then are tried
_NOMINAL_SHARE = (NOMINAL, "no deployment", "main at apogee")


@dataclass(frozen=True)
class Aim:
    """A setting of the rail (rad) with the share of planned, of ballistic and of main-at-apogee flights that come down
    outside the site or on a protected place, the mean landing points (m), the distance to the edge (m, negative beyond
    it) that 95 % of ballistic flights keep, and the mean apogee of planned flights above the pad (m). `own`: the rail as
    the launch has it."""

    azimuth: float
    elevation: float
    planned_bad: float
    ballistic_bad: float
    drift_bad: float
    planned_mean: tuple[float, float]
    ballistic_mean: tuple[float, float]
    margin: float
    apogee: float
    own: bool = False

    @property
    def cost(self) -> tuple[float, float]:
        """What the best aim has least of: the ballistic flight weighs most, because it kills."""
        return (round(self.planned_bad + 3 * self.ballistic_bad + self.drift_bad, 4), -self.margin)


def _bad(ground: Ground, points: np.ndarray) -> np.ndarray:
    bad = ground.outside(points)
    for s in ground.of(*PROTECTED):
        bad = bad | s.holds(points)
    return bad


@dataclass(frozen=True, eq=False)
class _Landings:
    """Landing points (k, 2) of flights of one mode, of all their bodies, and the flight of each (k,)."""

    at: np.ndarray
    flight: np.ndarray

    @property
    def first(self) -> np.ndarray:
        """Points of the first body of each flight."""
        return self.at[np.unique(self.flight, return_index=True)[1]]

    def share(self, rows: np.ndarray) -> float:
        """Share of the flights of which any body is among `rows` (k,)."""
        return float(np.unique(self.flight[rows]).size / max(np.unique(self.flight).size, 1))

    def least(self, values: np.ndarray) -> np.ndarray:
        """The least of each flight's values (k,)."""
        _, which = np.unique(self.flight, return_inverse=True)
        out = np.full(which.max(initial=-1) + 1, np.inf)
        np.minimum.at(out, which, values)
        return out


def _landings(plan: Plan, size: int) -> tuple[dict[str, _Landings], float]:
    """Landing points of planned, ballistic and main-at-apogee flights of a plan that has only these modes, and the mean
    apogee of the planned ones (m above the pad)."""
    block = plan.fly_block(0, size)
    out = named_outputs(block.out)
    at = np.stack([out["landing_east"], out["landing_north"]], axis=1)
    ok = out["code"] == FlightCode.LANDED
    where = {m.mode.name: ok & (block.mode == k) for k, m in enumerate(plan.modes)}
    places = {name: _Landings(at[w], block.flight[w]) for name, w in where.items() if w.any()}
    if NOMINAL not in places:
        raise InputError("no planned flight of it comes down: fly it once ('downrange fly') to see why", key="launch")
    _, first = np.unique(block.flight[where[NOMINAL]], return_index=True)
    return places, float(np.mean(out["apogee"][where[NOMINAL]][first]))


def _each(name: str, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """`work` done on each of `items`, on all cores, in their order."""
    wanted, found = list(items), []
    with step(name, len(wanted)), one_thread(), ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for result in pool.map(work, wanted):
            found.append(result)
            advance()
    return found


def _aimed(plan: Plan, azimuth: float, elevation: float) -> Plan:
    """The plan with its rail pointed elsewhere (rad)."""
    centre = plan.inputs.centre.copy()
    centre[RAIL_AZIMUTH], centre[RAIL_ELEVATION] = azimuth, elevation
    return replace(plan, inputs=replace(plan.inputs, centre=centre))


def _few_modes(plan: Plan) -> Plan:
    kept = [m for m in plan.modes if m.mode.name in _NOMINAL_SHARE]
    return replace(plan, modes=tuple(replace(m, probability=1 / len(kept)) for m in kept))


def aims(
    plan: Plan, ground: Ground, *, azimuths: np.ndarray | None = None, elevations: np.ndarray | None = None, flights: int = 600
) -> tuple[Aim, ...]:  # fmt: skip
    """All settings of the rail (rad), best first; the launch's own is one of them. Raises `InputError` where the site has
    no boundary and no protected place.

    azimuths, elevations: (n,), to be tried, rad. flights: for each setting.
    """
    if ground.boundary is None and not ground.of(*PROTECTED):
        raise InputError(
            "to aim, the site needs a boundary or places to keep clear of (site.ground.shapes)", key="ground.shapes"
        )
    az = np.radians(np.arange(0, 360, 30)) if azimuths is None else azimuths
    el = np.radians([90.0, 88.0, 86.0, 84.0, 80.0, 75.0]) if elevations is None else elevations
    few = _few_modes(plan)
    _bad(ground, np.zeros((1, 2)))  # what shapes prepare once, before threads share them
    edge = ground.boundary.boundary if ground.boundary is not None else None
    own = float(few.inputs.centre[RAIL_AZIMUTH]), float(few.inputs.centre[RAIL_ELEVATION])
    tried = [(float(a), float(e)) for e in el for a in (az[:1] if e > np.pi / 2 - 1e-6 else az)]

    def look(setting: tuple[float, float]) -> Aim:
        at, apogee = _landings(_aimed(few, *setting), flights)
        return replace(_aim(*setting, at, ground, edge, apogee), own=setting == own)

    found = _each("pointing the rail", look, [own, *(t for t in tried if not _same(t, own))])
    return tuple(sorted(found, key=lambda x: x.cost))


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two settings (azimuth, elevation, rad) point the rail alike, to a thousandth of a degree."""
    apart = np.remainder(one[0] - other[0] + np.pi, 2 * np.pi) - np.pi
    return bool(np.hypot(apart * np.cos(other[1]), one[1] - other[1]) < 2e-5)


def _aim(
    azimuth: float, elevation: float, at: dict[str, _Landings], ground: Ground, edge: BaseGeometry | None, apogee: float
) -> Aim:  # fmt: skip
    import shapely

    def share(name: str) -> float:
        return at[name].share(_bad(ground, at[name].at)) if name in at else 0.0

    planned = at[NOMINAL].first.mean(axis=0)
    falls = at.get("no deployment", at[NOMINAL])
    ballistic = falls.first.mean(axis=0)
    margin = np.inf
    if edge is not None:
        away = np.where(ground.outside(falls.at), -1.0, 1.0) * shapely.distance(edge, shapely.points(falls.at))
        margin = float(np.quantile(falls.least(away), 0.05, method="lower"))
    return Aim(
        azimuth, elevation, share(NOMINAL), share("no deployment"), share("main at apogee"),
        (float(planned[0]), float(planned[1])), (float(ballistic[0]), float(ballistic[1])), margin, apogee,
    )  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """The farthest that a kind of flight can come down from the pad, m, at which elevation of the rail (rad), with how
    much wind at 10 m behind it (m/s); how late a motor is lit in flight (s), and which of several bodies it is."""

    kind: str
    distance: float
    elevation: float
    wind: float
    late: float = 0.0
    body: str = ""


def farthest(launch: Launch, *, wind: float = 20 * MPH) -> tuple[Reach, ...]:
    """How far the rocket can reach, whatever the rail and the mode, farthest first.

    Ballistic: nothing opens, at any elevation from 30 to 90 degrees with the wind behind; drift: everything opens at
    apogee from a vertical rail in the wind; a motor that pushes 30 % too much in all (the most
    that the mode high thrust has). `wind` in m/s at 10 m, growing by
    the 1/7 power law to 1,000 m. What turns in flight (unstable, fin lost) stays within the ballistic reach, because
    turning costs speed.
    """
    strong = replace(
        launch, motor=launch.motor.scaled(impulse=_STRONG),
        more_motors=tuple(replace(m, motor=m.motor.scaled(impulse=_STRONG)) for m in launch.more_motors),
    )  # fmt: skip
    blowing = replace(
        strong, weather=replace(launch.weather, wind=Wind.power_law(wind, -np.pi / 2, elevation=launch.pad.elevation))
    )
    blowing = replace(blowing, rail=replace(launch.rail, azimuth=np.pi / 2), terrain=None)
    program = compile_launch(blowing)
    scene = scene_of(fly(program, interpreted=False))
    kinds: dict[str, tuple[Change, ...]] = {"ballistic": (NothingOpens(), DroppedCanopyFails()), "as planned": ()}
    if not MainAtApogee().missing(scene):
        kinds["main at apogee"] = (MainAtApogee(),)
    if not SustainerTilted().missing(scene):
        kinds["lit late, ballistic"] = (SustainerTilted((0.0, _LATEST)), NothingOpens(), DroppedCanopyFails())
    found = [_farthest(kind, Mode(kind, changes), scene, wind) for kind, changes in kinds.items()]
    return tuple(sorted(found, key=lambda r: -r.distance))


def _farthest(kind: str, mode: Mode, scene: Scene, wind: float) -> Reach:
    """How far any body comes down that goes so, at any elevation of the rail; what is lit late, at any time up to the latest."""
    c, vehicle = scene.program.compiled, scene.program.vehicle
    late = np.linspace(0.0, 1.0, _TIMES) if mode.reorders else np.zeros(1)
    elevations = np.repeat(np.radians(np.arange(30.0, 90.5, 2.5)), late.size)
    times = np.tile(late, elevations.size // late.size)
    rows = np.repeat(c.row[None], elevations.size, axis=0)
    named_rows(rows)["rail_elevation"] = elevations
    how = fly_parts if scene.program.staged else fly_whole
    drawn = Drawn(rows, {}, np.zeros((len(rows), len(vehicle.steps))))
    best, which, body = 0.0, 0, ""
    for p in how(
        mode, scene, drawn, c.tables.wind, lambda name: times if name == "late" else np.zeros(times.size), None
    ):
        said = named_outputs(p.out)
        d = np.nan_to_num(np.hypot(said["landing_east"], said["landing_north"]))
        if d.size and d.max() > best:
            best, which, body = float(d.max()), int(p.flight[d.argmax()]), p.body
    late_by = float(times[which] * _LATEST) if mode.reorders else 0.0
    return Reach(kind, best, float(elevations[which]), wind, late_by, body if scene.program.staged else "")


@dataclass(frozen=True)
class HoldRow:
    """A wind direction (rad): the strongest wind at 10 m (m/s) in which landings stay good (NaN: not even calm), and the
    next that was tried, with the mode that goes wrong first in it and the share of its landings that are bad (NaN and
    empty where nothing does)."""

    from_direction: float
    limit: float
    first_bad: str = ""
    bad_wind: float = float("nan")
    bad_share: float = float("nan")


def hold_winds(
    plan: Plan, ground: Ground, aim: Aim | None = None, *, most: float = 0.01, speeds: np.ndarray | None = None, directions: int = 8,
    flights: int = 450,
) -> tuple[HoldRow, ...]:  # fmt: skip
    """For each wind direction the strongest wind in which at most a share `most` of planned, ballistic and
    main-at-apogee flights (each) comes down outside the site or on a protected place; NaN where calm is too much.

    aim: how the rail points (None: as the launch has it). speeds: (n,), to be tried, m/s at 10 m. directions: how many.
    Raises `InputError` for a site without a boundary or places to keep clear of.
    """
    if ground.boundary is None and not ground.of(*PROTECTED):
        raise InputError(
            "a hold-wind table needs a boundary or places to keep clear of (site.ground.shapes)", key="ground.shapes"
        )
    wanted = np.arange(0.0, 12.1, 1.0) if speeds is None else speeds
    few = _few_modes(plan if aim is None else _aimed(plan, aim.azimuth, aim.elevation))
    heights = air_heights(plan.program)
    z = plan.program.launch.pad.elevation + heights
    _bad(ground, np.zeros((1, 2)))  # what shapes prepare once, before threads share them

    def look(direction: float) -> HoldRow:
        limit = float("nan")
        for speed in wanted:
            wind = Wind.power_law(float(speed), direction, elevation=plan.program.launch.pad.elevation)
            members = np.stack([wind.east(z), wind.north(z)], axis=1)[None]
            at, _ = _landings(replace(few, winds=replace(few.winds, members=members)), flights)
            bad = {name: p.share(_bad(ground, p.at)) for name, p in at.items()}
            worst = max(bad, key=lambda name: bad[name])
            if bad[worst] > most:
                return HoldRow(direction, limit, worst, float(speed), bad[worst])
            limit = float(speed)
        return HoldRow(direction, limit)

    return tuple(_each("winds to hold", look, [float(d) for d in np.arange(directions) * 2 * np.pi / directions]))


@dataclass(frozen=True)
class DriftRow:
    """A wind (m/s): drift by hand (apogee over the pad) and by simulation (m), descent time (s), and the landing energy
    (J) of each section or body (`names`) from the sink alone and from the whole speed. Of several bodies the one that drifts
    furthest counts."""

    wind: float
    by_hand: float
    simulated: float
    descent_time: float
    energy_sink: tuple[float, ...]
    energy_speed: tuple[float, ...]
    names: tuple[str, ...] = ("whole rocket",)


def drift_table(
    launch: Launch,
    winds: tuple[float, ...] = (0.0, 5 * MPH, 10 * MPH, 15 * MPH, 20 * MPH),
) -> tuple[DriftRow, ...]:
    """What NASA Student Launch teams hand in: drift in winds of 0 to 20 mph by two methods, from a vertical rail.

    By hand: apogee over the pad, the same wind at every height times the descent time. Simulated: six degrees of
    freedom in that wind, with the drift from where apogee was, so that weathercocking is not taken off the drift.
    """
    upright = replace(launch, rail=replace(launch.rail, elevation=np.pi / 2))
    return tuple(
        _drift(speed, fly(replace(upright, weather=replace(launch.weather, wind=Wind.constant(speed, -np.pi / 2)))))
        for speed in winds
    )


def _drift(speed: float, flight: Flight) -> DriftRow:
    down = flight.came_down
    if not down:
        raise InputError("it does not come down: there is no drift to tell; see downrange fly")
    rows = []
    for body in {id(b.flight): b for b in down}.values():
        o = {
            k: body.answer(k)
            for k in ("landing_time", "apogee_time", "landing_east", "landing_north", "apogee_east", "apogee_north")
        }
        t = o["landing_time"] - o["apogee_time"]
        drift = float(np.hypot(o["landing_east"] - o["apogee_east"], o["landing_north"] - o["apogee_north"]))
        rows.append((drift, t))
    drift, t = max(rows)
    energies = [[0.5 * b.landing_mass * b.answer(k) ** 2 for b in down] for k in ("landing_sink", "landing_speed")]
    names = tuple(b.name for b in down) if flight.flown or flight.launch.sections else ("whole rocket",)
    return DriftRow(speed, speed * t, drift, t, tuple(energies[0]), tuple(energies[1]), names)
