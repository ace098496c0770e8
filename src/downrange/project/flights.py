"""A flight that was logged laid on the one that was predicted: where it left the prediction's band, and what it says of drag, motor, canopies, wind, rail and landing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from downrange.dispersion import DEFAULTS, Fan, fly_fan
from downrange.errors import FlightCode, InputError
from downrange.flight import Aboard, Flight, Launch, aboard, compile_launch, fly
from downrange.formats.logs import read_log
from downrange.project.bands import varying
from downrange.project.project import Project
from downrange.tracking import (
    Descent,
    DragCurve,
    FlightLog,
    GroundTrack,
    InertialClimb,
    Lean,
    Reconstruction,
    ThrustCurve,
    WindLayer,
    boost_thrust,
    climb_of,
    coast_drag,
    coast_factor,
    descents,
    drift_winds,
    ground_track,
    reconstruct,
)

__all__ = [
    "Beside",
    "NFPA_SPREAD",
    "CanopyBeside",
    "FlightComparison",
    "Landed",
    "air_error",
    "compare_flight",
    "felt",
    "predicted_fan",
]

_FLIGHTS = 48  # of the fan; a quarter of a second each where they are not compiled yet
_OUT = 0.5  # s out of the band before it counts: shorter is a gust or a spike
NFPA_SPREAD = 0.067  # 1 σ of a motor's impulse that NFPA 1125 lets it scatter by, see `dispersion.DEFAULTS`
_DRAG = 0.15  # of a factor of drag, 1 σ, up to which the boost takes it from the coast
_MASS = DEFAULTS["mass"].sigma
_DENSITY = DEFAULTS["density"].sigma


@dataclass(frozen=True, eq=False)
class Beside:
    """One quantity over time (n,), s from lift-off: measured with its standard error, and the edges of the prediction's 90 % band with its median.

    `left` is when it is out of the band, measured with its own 90 % band, for half a second or longer for the first time (NaN: never), `side` on which (+1 above), `share` the
    share of the time out of it.
    """

    name: str
    unit: str
    time: np.ndarray
    measured: np.ndarray
    error: np.ndarray
    low: np.ndarray
    median: np.ndarray
    high: np.ndarray
    left: float
    side: int
    share: float
    until: float = math.inf


@dataclass(frozen=True)
class CanopyBeside:
    """A steady descent as it was, beside the predicted one in the middle of the same heights (NaN where that fell otherwise): rate m/s, drag area m2."""

    flown: Descent
    rate: float
    drag_area: float


@dataclass(frozen=True, eq=False)
class Landed:
    """Where it landed (2,), m east and north of where it stood, with its standard error; the predicted mean (2,) and the share of predicted landings that lie nearer to
    that than it does.

    `places` are the shapes of the site that hold it on the map; `off` (2,) is how far the first fixes lie from the launch file's pad, m.
    """

    place: np.ndarray
    error: float
    predicted: np.ndarray
    region: float
    places: tuple[str, ...]
    off: np.ndarray


@dataclass(frozen=True, eq=False)
class FlightComparison:
    """All that a log says of a prediction, `body` which body of several it was in. What could not be told is None, and `untold` says why."""

    name: str
    logs: tuple[str, ...]
    flight: Flight
    fan: Fan
    flown: Reconstruction
    sides: tuple[Beside, ...]
    drag: DragCurve | None
    thrust: ThrustCurve | None
    canopies: tuple[CanopyBeside, ...]
    winds: tuple[WindLayer, ...]
    rail_exit: tuple[float, float] | None
    track: GroundTrack | None
    landed: Landed | None
    untold: tuple[str, ...]
    body: str = ""

    @property
    def predicted_winds(self) -> list[tuple[float, float]]:
        """The launch file's wind, east and north, m/s, in the mean of each layer of `winds`."""
        launch = self.flight.launch
        out = []
        for w in self.winds:
            z = launch.pad.elevation + np.linspace(w.bottom, w.top, 20)
            out.append((float(launch.weather.wind.east(z).mean()), float(launch.weather.wind.north(z).mean())))
        return out

    @property
    def apogee(self) -> tuple[tuple[float, float], tuple[float, float, float]]:
        """The true apogee above the pad with its standard error, and the predicted band's edges with the median between them, m."""
        low, middle, high = np.nanquantile(self.fan.apogee, [0.05, 0.5, 0.95])
        return self.flown.apogee, (float(low), float(middle), float(high))


def air_error(project: Project) -> float:
    """How well the launch file knows the mean temperature of the air, K (1 σ): 2 with a profile or an ensemble, 5 with the pad's temperature, else 10."""
    weather = project.file.weather
    if weather.profile is not None or weather.ensemble is not None:
        return 2.0
    return 5.0 if weather.temperature is not None else 10.0


def predicted_fan(
    project: Project, flight: Flight, time: np.ndarray, *, count: int | None = None, seed: int = 1, body: str = ""
) -> Fan:
    """The project's launch flown under all that varies, at times (n,) s from lift-off; `flight` is its nominal one. See `dispersion.fly_fan`."""
    inputs = varying(project, flight)
    return fly_fan(flight, inputs, time, count=count or _FLIGHTS, members=project.members, seed=seed, body=body)


def compare_flight(
    project: Project,
    logs: Sequence[str | Path | FlightLog],
    *,
    interpreted: bool | None = None,
    count: int | None = None,
    seed: int = 1,
    body: str = "",
) -> FlightComparison:
    """Lay the flight of `logs` (files, or logs that were read) on the prediction of a project.

    The prediction is `count` flights under all that varies (48 where it is not said), `interpreted` as `fly` takes it. Of a vehicle that comes apart the logs are of
    what was on board of `body` (the foremost where it is not said), from the pad on. Raises `InputError` for logs that tell no height, a launch that does not
    fly, and a body that there is not.
    """
    launch = project.launch
    nominal, flight = _predicted(launch, interpreted, body)
    read = [log if isinstance(log, FlightLog) else read_log(log) for log in logs]
    flown = reconstruct(
        [log for log in read if _tells_height(log)] or read,
        air=launch.weather.air,
        elevation=launch.pad.elevation,
        temperature_error=air_error(project),
    )
    time = _times(flown)
    fan = predicted_fan(project, nominal, time, count=count, seed=seed, body=body)
    track = ground_track(read, launch.pad)
    drag = _coasted(flown, flight, _lean(fan), air_error(project))
    thrust = _pushed(flown, nominal, _lean(fan), drag)
    canopies = _canopies(flown, flight)
    winds = drift_winds(track, flown) if track is not None else ()
    climb, why = climb_of(
        read, flown, air=launch.weather.air, elevation=launch.pad.elevation, rail=(launch.rail.azimuth, launch.rail.elevation),
        track=track, temperature_error=air_error(project),
    )  # fmt: skip
    untold = (*_untold(nominal.program.staged, drag, thrust, canopies, winds, track), *why)
    sides = _sides(flown, fan, track, _leaned(read, climb, time), time)
    return FlightComparison(
        launch.rocket.name,
        tuple(log.file for log in read), nominal, fan, flown, sides, drag, thrust, canopies, winds, _rail_exit(flown, flight), track,
        None if track is None else _landed(track, fan, project), untold, flight.name if isinstance(flight, Aboard) else "",
    )  # fmt: skip


def _predicted(launch: Launch, interpreted: bool | None, body: str) -> tuple[Flight, Flight | Aboard]:
    """The nominal flight, and what was on board of `body` of it."""
    program = compile_launch(launch)
    if body and not program.staged:
        raise InputError("this rocket flies as one body: there is none to choose", key="--body")
    nominal = fly(program, interpreted=interpreted)
    flight = aboard(nominal, body) if program.staged else nominal
    if not math.isfinite(flight.raw.out["landing_time"]):
        raise InputError(
            f"the prediction does not come down ({FlightCode(int(flight.raw.out['code'])).name.lower().replace('_', ' ')}): see downrange check"
        )
    return nominal, flight


def _coasted(flown: Reconstruction, flight: Flight | Aboard, lean: Lean, error: float) -> DragCurve | None:
    """Drag of the coast: between the last burn-out, of what comes apart, and the first opening. `error` of the air's temperature, K."""
    liftoff = flight.raw.out["liftoff_time"]
    given: dict[str, Any] = {
        "mass": flight.landing_mass, "mass_error": _MASS, "density_error": _DENSITY,
        "until": min((e.time for e in flight.events if e.name.endswith("release")), default=math.inf) - liftoff,
        "since": flight.last_burnout - liftoff if isinstance(flight, Aboard) else -math.inf,
    }  # fmt: skip
    drag = coast_drag(flown, flight.program, lean, **given)
    if drag is None or felt(flown, drag_only=True):
        return drag
    factor = coast_factor(flown, flight.program, lean, **given, scale_error=error / 280)
    return drag if factor is None else replace(drag, factor=factor)


def _pushed(flown: Reconstruction, nominal: Flight, lean: Lean, drag: DragCurve | None) -> ThrustCurve | None:
    """Thrust of a boost that an accelerometer felt, with the drag of the coast where that is surer than the prediction's."""
    if nominal.program.staged or not felt(flown):
        return None
    sure = drag is not None and drag.factor[1] < _DRAG
    boost = (
        {"drag_factor": drag.factor[0], "drag_error": math.hypot(drag.factor[1], 0.05)}
        if drag is not None and sure
        else {}
    )
    return boost_thrust(
        flown, nominal.program, lean, liftoff=nominal.raw.out["liftoff_time"], mass_error=_MASS, **boost
    )


def _untold(
    staged: bool, drag: object, thrust: object, canopies: Sequence[object], winds: Sequence[object], track: object
) -> Iterator[str]:
    """What the logs do not tell, and why."""
    if drag is None:
        yield "drag: the log has no coast, free of thrust and canopies, that tells any"
    if thrust is None:
        yield (
            "thrust over time: several burns, and bodies that leave between them, are not told apart"
            if staged
            else "thrust over time: no accelerometer that did not saturate was logged, and a barometer alone does not tell it"
        )
    if not canopies:
        yield "descent: the log does not hold ten seconds of a steady one"
    if not winds:
        yield (
            "wind and landing place: no log holds positions of the descent that can be trusted"
            if track is None
            else "wind: the positions under canopy are too few"
        )


def felt(r: Reconstruction, *, drag_only: bool = False) -> bool:
    """Whether an accelerometer told of most of the boost, or of most of the coast that tells of drag."""
    out, top = r.event("burn-out"), r.event("apogee")
    if out is None or top is None:
        return False
    span = (
        (r.time > out.time) & (r.time < 0.5 * (out.time + top.time))
        if drag_only
        else (r.time > 0) & (r.time < out.time)
    )
    return bool(span.any() and r.felt[span].mean() > 0.8)


def _tells_height(log: FlightLog) -> bool:
    return any(log.get(n) is not None for n in ("pressure", "altitude_agl", "altitude_msl", "altitude_filtered"))


def _times(r: Reconstruction) -> np.ndarray:
    """Where both are looked at: every 0.1 s of the climb, every second of the descent."""
    top, end = r.event("apogee"), r.time[-1]
    turn = min(end, (top.time if top is not None else end) + 2.0)
    return np.concatenate([np.arange(0.0, turn, 0.1), np.arange(turn, end, max(1.0, (end - turn) / 400))])


def _lean(fan: Fan) -> Lean:
    known = np.isfinite(fan.lean).sum(axis=0) > 2
    return Lean(
        fan.time[known],
        np.nanmean(fan.lean[:, known], axis=0),
        np.maximum(np.nanstd(fan.lean[:, known], axis=0), math.radians(0.5)),
    )


def _beside(
    name: str,
    unit: str,
    time: np.ndarray,
    measured: np.ndarray,
    error: np.ndarray,
    fan: Fan,
    values: np.ndarray,
    until: float = math.inf,
) -> Beside:
    low, median, high = fan.band(values)
    above, below = measured - 1.645 * error > high, measured + 1.645 * error < low
    seen = np.isfinite(measured) & np.isfinite(low) & (time <= until)
    off = (above | below) & seen
    edges = np.flatnonzero(np.diff(np.concatenate([[0], off.astype(int), [0]])))
    runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    first = next((a for a, b in runs if time[min(b, len(time) - 1)] - time[a] >= _OUT), None)
    left, side = (math.nan, 0) if first is None else (float(time[first]), 1 if above[first] else -1)
    share = float(np.sum(off) / max(np.sum(seen), 1))
    return Beside(name, unit, time, measured, error, low, median, high, left, side, share, until)


def _sides(
    r: Reconstruction, fan: Fan, track: GroundTrack | None, lean: tuple[np.ndarray, np.ndarray] | None, time: np.ndarray
) -> tuple[Beside, ...]:
    def at(values: np.ndarray) -> np.ndarray:
        return np.interp(time, r.time, values)

    late = next((e.error for e in r.events if e.name == "lift-off"), 0.1)  # when it left is known to this, s
    slope = np.abs(np.gradient(at(r.acceleration), time))
    top = r.event("apogee")
    climb = top.time if top is not None else math.inf
    out = [
        _beside("altitude", "m", time, at(r.height), np.hypot(at(r.height_sigma), late * np.abs(at(r.speed))), fan, fan.height),
        _beside("upward speed", "m/s", time, at(r.speed), np.hypot(at(r.speed_sigma), late * np.abs(at(r.acceleration))), fan, fan.speed),
        _beside("upward acceleration", "m/s2", time, at(r.acceleration), np.hypot(at(r.acceleration_sigma), late * slope), fan, fan.acceleration, climb),
    ]  # fmt: skip
    if lean is not None:
        out.append(_beside("lean from the vertical", "rad", time, *lean, fan, fan.lean, climb))
    if track is not None:
        place = track.at(time)
        for k, word in enumerate(("east", "north")):
            out.append(
                _beside(
                    f"place {word}", "m", time, place[:, k], np.full(len(time), track.error), fan, fan.place[:, :, k]
                )
            )
    return tuple(out)


_TILT = math.radians(
    3
)  # 1 σ of a tilt that a device states; judgement: makers give none, and gyros drift by degrees in a climb


def _leaned(
    logs: Sequence[FlightLog], climb: InertialClimb | None, time: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Lean of the axis at the times with its standard error: by the gyros, else the device's own tilt; None without."""
    if climb is not None:
        return tuple(np.interp(time, climb.time, x, left=np.nan, right=np.nan) for x in (climb.lean, climb.lean_sigma))
    tilt = next((c for log in logs for c in log.all("tilt") if c.good[0].size > 20), None)
    return None if tilt is None else (np.interp(time, *tilt.good, left=np.nan, right=np.nan), np.full(len(time), _TILT))


def _canopies(r: Reconstruction, flight: Flight | Aboard) -> tuple[CanopyBeside, ...]:
    launch = flight.launch
    found = descents(r, launch.weather.air, elevation=launch.pad.elevation, mass=flight.landing_mass, mass_error=_MASS)
    t = flight.trajectory
    falling = t.time > flight.raw.out["apogee_time"] + 3
    out = []
    for d in found:
        middle = 0.5 * (d.top + d.bottom)
        h = t.height[falling][::-1]
        rate = (
            float(np.interp(middle, h, -t.velocity_enu[falling, 2][::-1], left=np.nan, right=np.nan))
            if len(h) > 1
            else math.nan
        )
        density = float(launch.weather.air.density(launch.pad.elevation + max(middle, 0.0)))
        out.append(
            CanopyBeside(d, rate, 2 * flight.landing_mass * 9.80665 / (density * rate**2) if rate > 0 else math.nan)
        )
    return tuple(out)


def _rail_exit(r: Reconstruction, flight: Flight | Aboard) -> tuple[float, float] | None:
    """Speed along the rail when it had gone as far as the predicted flight has when it leaves the rail, with its standard error."""
    o = flight.raw.out
    if not math.isfinite(o["rail_exit_time"]):
        return None
    travel = float(flight.sample(np.array([o["rail_exit_time"]])).height[0])
    rising = (r.time > 0) & (r.time < o["burnout_time"] + 1 if "burnout_time" in o else r.time > 0)
    past = np.flatnonzero(rising & (r.height > travel))
    if not past.size or travel <= 0:
        return None
    sin = math.sin(flight.launch.rail.elevation)
    k = max(int(past[0]), 1)
    share = float(np.clip((travel - r.height[k - 1]) / max(r.height[k] - r.height[k - 1], 1e-9), 0.0, 1.0))
    v, a = float(r.speed[k - 1] + share * (r.speed[k] - r.speed[k - 1])) / sin, float(r.acceleration[k]) / sin
    # Where it was when is known to the height's error: the speed changes by a dh / v over it.
    return v, math.hypot(float(r.speed_sigma[k]) / sin, a * float(r.height_sigma[k]) / sin / max(v, 1.0))


def _landed(track: GroundTrack, fan: Fan, project: Project) -> Landed:
    place, predicted = track.landing, fan.landing.mean(axis=0)
    spread = np.cov(fan.landing.T) + track.error**2 * np.eye(2)
    d = place - predicted
    region = 1 - math.exp(-0.5 * float(d @ np.linalg.solve(spread, d)))  # of a normal scatter in the plane
    on_map = (place + track.pad)[None]
    holding = tuple(s.name for s in project.ground.shapes if track.at_the_pad and bool(s.holds(on_map)[0]))
    return Landed(place, track.error, predicted, region, holding, track.pad)
