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
from downrange.errors import FlightCode, InputError
from downrange.exact import one_thread
from downrange.failures.modes import NOMINAL, MainAtApogee, NothingOpens, Scene
from downrange.flight import Compiled, Flight, Launch, compile_launch, fly, fly_rows
from downrange.flight.named import named_outputs, named_rows
from downrange.flight.rows import (
    RAIL_AZIMUTH,
    RAIL_ELEVATION,
)
from downrange.flight.sections import section_masses
from downrange.safety.ground import PROTECTED, Ground
from downrange.steps import advance, step

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["Aim", "DriftRow", "HoldRow", "Reach", "aims", "drift_table", "farthest", "hold_winds"]

MPH = 0.44704
_STRONG = 1.3
T = TypeVar("T")
R = TypeVar("R")
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


def _landings(plan: Plan, size: int) -> tuple[dict[str, np.ndarray], float]:
    """Landing points of planned, ballistic and main-at-apogee flights of a plan that has only these modes, and the mean
    apogee of the planned ones (m above the pad)."""
    block = plan.fly_block(0, size)
    out = named_outputs(block.out)
    at = np.stack([out["landing_east"], out["landing_north"]], axis=1)
    ok = out["code"] == FlightCode.LANDED
    places = {m.mode.name: at[ok & (block.mode == k)] for k, m in enumerate(plan.modes)}
    planned = next(k for k, m in enumerate(plan.modes) if m.mode.name == NOMINAL)
    if not len(places[NOMINAL]):
        raise InputError("no planned flight of it comes down: fly it once ('downrange fly') to see why", key="launch")
    return places, float(np.mean(out["apogee"][ok & (block.mode == planned)]))


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
    azimuth: float, elevation: float, at: dict[str, np.ndarray], ground: Ground, edge: BaseGeometry | None, apogee: float
) -> Aim:  # fmt: skip
    import shapely

    def share(name: str) -> float:
        points = at.get(name, np.empty((0, 2)))
        return float(_bad(ground, points).mean()) if len(points) else 0.0

    planned = at[NOMINAL].mean(axis=0)
    falls = at["no deployment"] if len(at.get("no deployment", ())) else at[NOMINAL]
    ballistic = falls.mean(axis=0)
    margin = np.inf
    if edge is not None:
        away = np.where(ground.outside(falls), -1.0, 1.0) * shapely.distance(edge, shapely.points(falls))
        margin = float(np.quantile(away, 0.05, method="lower"))
    return Aim(
        azimuth, elevation, share(NOMINAL), share("no deployment"), share("main at apogee"),
        (float(planned[0]), float(planned[1])), (float(ballistic[0]), float(ballistic[1])), margin, apogee,
    )  # fmt: skip


def _from_pad(out: np.ndarray) -> np.ndarray:
    """How far from the pad flights came down (n,), m, of the kernel's answers."""
    said = named_outputs(out)
    return np.hypot(said["landing_east"], said["landing_north"])


@dataclass(frozen=True)
class Reach:
    """The farthest that a kind of flight can come down from the pad, m, at which elevation of the rail (rad), with how
    much wind at 10 m behind it (m/s)."""

    kind: str
    distance: float
    elevation: float
    wind: float


def farthest(launch: Launch, *, wind: float = 20 * MPH) -> tuple[Reach, ...]:
    """How far the rocket can reach, whatever the rail and the mode, farthest first.

    Ballistic: nothing opens, at any elevation from 30 to 90 degrees with the wind behind; drift: everything opens at
    apogee from a vertical rail in the wind; a motor that pushes 30 % too much in all (the most
    that the mode high thrust has). `wind` in m/s at 10 m, growing by
    the 1/7 power law to 1,000 m. What turns in flight (unstable, fin lost) stays within the ballistic reach, because
    turning costs speed.
    """
    strong = replace(launch, motor=launch.motor.scaled(impulse=_STRONG))
    blowing = replace(
        strong, weather=replace(launch.weather, wind=Wind.power_law(wind, -np.pi / 2, elevation=launch.pad.elevation))
    )
    blowing = replace(blowing, rail=replace(launch.rail, azimuth=np.pi / 2), terrain=None)
    program = compile_launch(blowing)
    if program.staged:
        raise InputError(
            "how far a vehicle that comes apart can reach is not found yet; 'downrange fly' flies it once", key="motors"
        )
    c = program.compiled
    elevations = np.radians(np.arange(30.0, 90.5, 2.5))
    rows = np.repeat(c.row[None], elevations.size, axis=0)
    named_rows(rows)["rail_elevation"] = elevations

    def reach(kind: str, flown: Compiled) -> Reach:
        away = _from_pad(fly_rows(flown, rows, threads=1))
        k = int(np.nanargmax(away))
        return Reach(kind, float(away[k]), float(elevations[k]), wind)

    out = [reach("as planned", c), reach("ballistic", replace(c, devices=NothingOpens().devices(c.devices, None)))]  # type: ignore[arg-type]
    scene = Scene(program, fly(program, interpreted=False).raw.out)
    if not MainAtApogee().missing(scene):
        out.append(reach("main at apogee", replace(c, devices=MainAtApogee().devices(c.devices, scene))))
    return tuple(sorted(out, key=lambda r: -r.distance))


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
            bad = {name: float(_bad(ground, p).mean()) for name, p in at.items() if len(p)}
            worst = max(bad, key=lambda name: bad[name])
            if bad[worst] > most:
                return HoldRow(direction, limit, worst, float(speed), bad[worst])
            limit = float(speed)
        return HoldRow(direction, limit)

    return tuple(_each("winds to hold", look, [float(d) for d in np.arange(directions) * 2 * np.pi / directions]))


@dataclass(frozen=True)
class DriftRow:
    """A wind (m/s): drift by hand (apogee over the pad) and by simulation (m), descent time (s), and the landing energy
    (J) of each section from the sink alone and from the whole speed."""

    wind: float
    by_hand: float
    simulated: float
    descent_time: float
    energy_sink: tuple[float, ...]
    energy_speed: tuple[float, ...]


def drift_table(
    launch: Launch,
    winds: tuple[float, ...] = (0.0, 5 * MPH, 10 * MPH, 15 * MPH, 20 * MPH),
) -> tuple[DriftRow, ...]:
    """What NASA Student Launch teams hand in: drift in winds of 0 to 20 mph by two methods, from a vertical rail.

    By hand: apogee over the pad, the same wind at every height times the descent time. Simulated: six degrees of
    freedom in that wind, with the drift from where apogee was, so that weathercocking is not taken off the drift.
    """
    masses = section_masses(launch) if launch.sections else np.array([launch.dry.mass])
    upright = replace(launch, rail=replace(launch.rail, elevation=np.pi / 2))
    out = []
    for speed in winds:
        flight: Flight = fly(replace(upright, weather=replace(launch.weather, wind=Wind.constant(speed, -np.pi / 2))))
        o = flight.raw.out
        t = o["landing_time"] - o["apogee_time"]
        drift = float(np.hypot(o["landing_east"] - o["apogee_east"], o["landing_north"] - o["apogee_north"]))
        sink, whole = o["landing_sink"], o["landing_speed"]
        out.append(
            DriftRow(
                speed,
                speed * t,
                drift,
                t,
                tuple(0.5 * m * sink**2 for m in masses),
                tuple(0.5 * m * whole**2 for m in masses),
            )
        )
    return tuple(out)
