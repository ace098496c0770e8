"""Where one body went: its steps, its events, and its flight sampled in time.

A body is whatever flies on its own: the whole rocket, and what separates from it. Each has its program, from which its mass, its
thrust and its margins follow, and what the kernel answered for it.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from downrange.atmosphere import sound_speed
from downrange.flight.drivers import RawFlight, rail_ride
from downrange.flight.kernel.layout import G
from downrange.flight.launch import Launch
from downrange.flight.margins import LEAST_AIRSPEED, margin_along
from downrange.flight.named import named_rows, named_steps
from downrange.flight.program import Program
from downrange.flight.propulsion import sums_at
from downrange.frames import axis_from_quaternion, quaternion_on_rail, rail_direction_enu
from downrange.tables import merged

__all__ = ["Chain", "Event", "Track", "Trajectory", "Went"]

_NAMES = (
    "lift-off",
    "rail exit",
    "free of the rail",
    "burn-out",
    "apogee",
    "release",
    "opening",
    "full",
    "landing",
    "torn",
)


@dataclass(frozen=True)
class Event:
    """Something that happened: its name, time (s from ignition), height above the pad (m) and speed (m/s)."""

    name: str
    time: float
    height: float
    speed: float


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The flight sampled in time. Arrays over `time` (n,): s from ignition; SI; vectors (n, 3) name their frame.

    `height` is geometric, above the pad; `pressure_altitude` is what a barometric altimeter zeroed at the pad shows.
    `quaternion` (n, 4) body to ENU; `angle_of_attack` in radians, NaN under canopies; `stability` in calibres, NaN on
    the rail, below 20 m/s of airspeed (but for rail exit itself) and under canopies.
    """

    time: np.ndarray
    position_enu: np.ndarray
    velocity_enu: np.ndarray
    acceleration_enu: np.ndarray
    quaternion: np.ndarray
    omega_body: np.ndarray
    height: np.ndarray
    pressure_altitude: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    speed: np.ndarray
    airspeed: np.ndarray
    mach: np.ndarray
    dynamic_pressure: np.ndarray
    angle_of_attack: np.ndarray
    stability: np.ndarray
    mass: np.ndarray
    thrust: np.ndarray
    under_canopy: np.ndarray

    @property
    def elevation(self) -> np.ndarray:
        """Where the nose points: radians above the horizon."""
        return np.asarray(np.arcsin(np.clip(axis_from_quaternion(self.quaternion)[..., 2], -1, 1)))


def _hermite(t: np.ndarray, track: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """State (n, 13) and its derivative at times `t` from the steps' states and derivatives (cubic Hermite)."""
    at = named_steps(track)
    knots, state, rate = at["time"], at["state"], at["rate"]
    i = np.clip(np.searchsorted(knots, t, "right") - 1, 0, len(knots) - 2)
    h = np.maximum(knots[i + 1] - knots[i], 1e-12)
    s = ((t - knots[i]) / h)[:, None]
    y0, y1, g0, g1 = state[i], state[i + 1], rate[i], rate[i + 1]
    h = h[:, None]
    y = y0 * (1 + 2 * s) * (1 - s) ** 2 + y1 * s * s * (3 - 2 * s) + h * (g0 * s * (1 - s) ** 2 + g1 * s * s * (s - 1))
    return y, g0 + s * (g1 - g0)


@dataclass(frozen=True, eq=False)
class Track:
    """The way of one body: of a program, and of what the kernel answered for it."""

    program: Program
    raw: RawFlight
    opened: float = math.nan

    @property
    def launch(self) -> Launch:
        """What was launched."""
        return self.program.launch

    @property
    def cut(self) -> float:
        """When a canopy opens, from where what is left of the thrust is not flown; s from ignition, infinite where none does.

        `opened` says so of a canopy that opened before this body's way begins.
        """
        opening = self.raw.out["deploy_time"] if math.isnan(self.opened) else self.opened
        return opening if math.isfinite(opening) else math.inf

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order."""
        out = []
        if not len(self.raw.events):
            return ()
        position, velocity = self.way(self.raw.events[:, 1])
        heights = self.geodetic(position)[2] - self.launch.pad.elevation
        for (kind, time, device), height, v in zip(self.raw.events, heights.tolist(), velocity, strict=True):
            name = _NAMES[int(kind)]
            if int(device) >= 0:
                name = f"{self.program.devices[int(device)].name}: {name}"
            out.append(Event(name, float(time), 0.0 if name == "lift-off" else height, float(np.linalg.norm(v))))
        return tuple(out)

    def way(self, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Position and velocity (n, 3), ENU, at times (n,), s from ignition: what `sample` has of them, and no more."""
        y, _ = _hermite(time, self.steps)
        return y[:, :3], y[:, 3:6]

    def met(self, time: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Height above the pad (m), airspeed (m/s) and dynamic pressure (Pa) at times (n,), s from ignition: what `sample` has of them."""
        asl, _, airspeed = self._air_met(_hermite(time, self.steps)[0])[2:]
        return asl - self.launch.pad.elevation, airspeed, self._dynamic(asl, airspeed)

    def _air_met(self, y: np.ndarray) -> tuple[np.ndarray, ...]:
        """Latitude, longitude, height above sea level, velocity through the air (n, 3) and its size, of states (n, 13)."""
        wind = self.launch.weather.wind
        lat, lon, asl = self.geodetic(y[:, :3])
        rel = y[:, 3:6] - np.stack([wind.east(asl), wind.north(asl), np.zeros_like(asl)], axis=1)
        return lat, lon, asl, rel, np.linalg.norm(rel, axis=1)

    def _dynamic(self, asl: np.ndarray, airspeed: np.ndarray) -> np.ndarray:
        return np.asarray(0.5 * self.launch.weather.air.density(asl) * airspeed**2)

    @cached_property
    def steps(self) -> np.ndarray:
        """The kernel's steps (m, 28) [time, 13 of state, their derivative, whether under canopies], with the time on the rail before them."""
        track, o = self.raw.track, self.raw.out
        if len(track) == 0 or not math.isfinite(o["rail_exit_time"]):
            return track
        rail = self.launch.rail
        d, q = rail_direction_enu(rail.azimuth, rail.elevation), quaternion_on_rail(rail.azimuth, rail.elevation)
        ride = self._with_knots(
            rail_ride(self.program, o["liftoff_time"], o["rail_exit_time"], interpreted=self.raw.interpreted)
        )
        rows = np.zeros((len(ride) + 1, track.shape[1]))
        at = named_steps(rows)
        at["quaternion"] = q
        time, travel, speed, acceleration = ride.T[:, :, None]
        at["time"][1:] = time[:, 0]
        at["position_enu"][1:], at["velocity_enu"][1:] = travel * d, speed * d
        at["velocity_rate"][1:], at["acceleration_enu"][1:] = speed * d, acceleration * d
        return np.vstack([rows if o["liftoff_time"] > 1e-9 else rows[1:], track])

    def _with_knots(self, ride: np.ndarray) -> np.ndarray:
        """A ride (n, 4) [time, travel, speed, acceleration] with the samples of the thrust curve in it, where acceleration bends."""
        c, t = self.program.compiled, ride[:, 0]
        bends = c.segments[:, G["t0"]]
        knots = bends[(bends > t[0] + 1e-9) & (bends < t[-1] - 1e-9)]
        between = np.stack([knots, *(np.interp(knots, t, column) for column in ride[:, 1:].T)], axis=1)
        thrust, left, _ = sums_at(c.segments, knots)
        smooth = np.interp(knots, t, sums_at(c.segments, t)[0])
        between[:, 3] += (thrust - smooth) / (named_rows(c.row)["mass"] + left)
        rows = np.vstack([ride, between])
        rows = rows[np.argsort(rows[:, 0], kind="stable")]
        return rows[np.append(True, np.diff(rows[:, 0]) > 0)]

    @cached_property
    def _extremes(self) -> np.ndarray:
        """Times of the steps at which the kernel may have noted its maxima: the hardest, and all near the fastest."""
        steps = named_steps(self.steps)
        free = steps[steps["under_canopy"] < 0.5]
        if len(free) == 0:
            return np.zeros(0)
        speed, pull = np.linalg.norm(free["velocity_enu"], axis=1), np.linalg.norm(free["acceleration_enu"], axis=1)
        near = free["time"][speed >= 0.9 * speed.max()]
        return np.append(near[:: max(1, len(near) // 1000)], free["time"][[np.argmax(pull), np.argmax(speed)]])

    def geodetic(self, position_enu: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Latitude, longitude, height above sea level of positions (n, 3); flat where gravity is constant."""
        pad = self.launch.pad
        lat, lon, asl = pad.geodetic(position_enu)
        return lat, lon, pad.elevation + position_enu[:, 2] if pad.gravity_model == "constant" else asl

    @property
    def times(self) -> np.ndarray:
        """When to look (n,), s from ignition: every 0.02 s in ascent (0.1 s where it lasts over five minutes) and 0.25 s under
        canopies, at the events, and where it is fastest and hardest, so that the largest values there are those of the kernel."""
        knots = named_steps(self.steps)["time"]
        end = knots[-1]
        canopy = self.raw.out["deploy_time"]
        split = canopy if math.isfinite(canopy) else end
        fine = 0.02 if split < 300 else 0.1
        marks = [e[1] for e in self.raw.events]
        grid = np.concatenate([np.arange(0, split, fine), np.arange(split, end, 0.25), marks, self._extremes, [end]])
        return merged(np.clip(grid, knots[0], end))

    def sample(self, time: np.ndarray) -> Trajectory:
        """The flight at the given times (n,), seconds from ignition."""
        program, launch = self.program, self.program.launch
        t = np.asarray(time, float)
        steps = named_steps(self.steps)
        y, dy = _hermite(t, self.steps)
        i = np.clip(np.searchsorted(steps["time"], t, "right") - 1, 0, len(steps) - 1)
        under = steps["under_canopy"][i] > 0.5
        pad, air = launch.pad, launch.weather.air
        lat, lon, asl, rel, airspeed = self._air_met(y)
        q = y[:, 6:10] / np.linalg.norm(y[:, 6:10], axis=1, keepdims=True)
        axis = axis_from_quaternion(q)
        mach = airspeed / sound_speed(air.temperature(asl))
        cos = np.clip(np.einsum("ij,ij->i", rel, axis) / np.maximum(airspeed, 1e-9), -1, 1)
        alpha = np.where(under | (airspeed < 1.0), np.nan, np.arccos(cos))
        c, row = program.compiled, named_rows(program.compiled.row)
        thrust, left, moment = sums_at(c.segments, np.minimum(t, self.cut))
        mass = row["mass"] + left
        cg = (row["mass"] * row["cg"] + moment) / mass
        leaves, off = self.raw.out["rail_exit_time"], self.raw.out["rail_exit_stability"]
        margin = np.where(
            (t > leaves) & (airspeed > LEAST_AIRSPEED) & ~under, margin_along(program.aero, mach, cos, cg), np.nan
        )
        margin[np.abs(t - leaves) < 1e-9] = off
        return Trajectory(
            time=t, position_enu=y[:, :3], velocity_enu=y[:, 3:6], acceleration_enu=dy[:, 3:6], quaternion=q,
            omega_body=y[:, 10:13], height=asl - pad.elevation, pressure_altitude=air.altimeter(asl, pad.elevation),
            latitude=lat, longitude=lon, speed=np.linalg.norm(y[:, 3:6], axis=1), airspeed=airspeed, mach=mach,
            dynamic_pressure=self._dynamic(asl, airspeed), angle_of_attack=alpha, stability=margin, mass=mass,
            thrust=np.where(t > self.cut, 0.0, thrust), under_canopy=under,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Chain:
    """The way of a body through several legs, each with a program of its own, and what happened at their joints (`marks`).

    Between two legs the centre of gravity steps to that of what flies on.
    """

    legs: tuple[Track, ...]
    raw: RawFlight
    marks: tuple[tuple[str, float], ...] = ()

    @property
    def program(self) -> Program:
        """That of the last leg."""
        return self.legs[-1].program

    @property
    def launch(self) -> Launch:
        """What was launched."""
        return self.program.launch

    @property
    def cut(self) -> float:
        """When a canopy opens, s from ignition, infinite where none does."""
        return min(leg.cut for leg in self.legs)

    @cached_property
    def begins(self) -> np.ndarray:
        """When each leg begins, s from ignition."""
        return np.array([-math.inf, *(named_steps(leg.steps)["time"][0] for leg in self.legs[1:])])

    @cached_property
    def steps(self) -> np.ndarray:
        """The kernel's steps of all legs (m, 28)."""
        return np.concatenate([leg.steps for leg in self.legs])

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order: on the legs and at their joints; each motor has its own burn-out."""
        own = [e for leg in self.legs for e in leg.events if e.name != "burn-out"]
        height, speed = self.height_and_speed(np.array([t for _, t in self.marks]))
        own += [
            Event(name, t, h, v) for (name, t), h, v in zip(self.marks, height.tolist(), speed.tolist(), strict=True)
        ]
        return tuple(sorted(own, key=lambda e: e.time))

    @property
    def times(self) -> np.ndarray:
        """When to look (n,), s from ignition: as on each leg, and at what happened between."""
        return merged(*(leg.times for leg in self.legs), [t for _, t in self.marks])

    def geodetic(self, position_enu: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Latitude, longitude, height above sea level of positions (n, 3)."""
        return self.legs[0].geodetic(position_enu)

    def _by_leg(self, t: np.ndarray) -> list[tuple[np.ndarray, Track]]:
        """The legs that are flown at times (n,), each with the places of its times."""
        which = np.searchsorted(self.begins, t, "right") - 1
        return [(np.flatnonzero(which == k), leg) for k, leg in enumerate(self.legs)]

    def way(self, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Position and velocity (n, 3), ENU, at times (n,), s from ignition; at a joint, of what flies on."""
        out = np.empty((2, len(time), 3))
        for at, leg in self._by_leg(time):
            if len(at):
                out[:, at] = leg.way(time[at])
        return out[0], out[1]

    def met(self, time: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Height above the pad (m), airspeed (m/s) and dynamic pressure (Pa) at times (n,), s from ignition; at a joint, of what flies on."""
        out = np.empty((3, len(time)))
        for at, leg in self._by_leg(time):
            if len(at):
                out[:, at] = leg.met(time[at])
        return out[0], out[1], out[2]

    def height_and_speed(self, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Height above the pad, m, and speed, m/s, at times (n,), s from ignition."""
        position, velocity = self.way(time)
        return self.geodetic(position)[2] - self.launch.pad.elevation, np.linalg.norm(velocity, axis=1)

    def sample(self, time: np.ndarray) -> Trajectory:
        """The flight at the given times (n,), seconds from ignition; at a joint, as what flies on."""
        t = np.asarray(time, float)
        parts = self._by_leg(t)
        seen = [(at, leg.sample(t[at])) for at, leg in parts if len(at)]
        if not seen:
            return self.legs[0].sample(t)
        order = np.argsort(np.concatenate([at for at, _ in seen]))
        return Trajectory(
            **{f.name: np.concatenate([getattr(part, f.name) for _, part in seen])[order] for f in fields(Trajectory)}
        )


class Went(ABC):
    """What went a way, a whole flight or one body of it: asked for its events, its way over time, its apogee and its landing alike."""

    if TYPE_CHECKING:  # a field of some, which a property here would be the default of

        @property
        def raw(self) -> RawFlight:
            """What the kernel answered."""
            ...

    @property
    @abstractmethod
    def track(self) -> Track | Chain:
        """The way that it went."""

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order."""
        return self.track.events

    @cached_property
    def trajectory(self) -> Trajectory:
        """The way over time, at `Track.times`."""
        return self.sample(self.track.times)

    def sample(self, time: np.ndarray) -> Trajectory:
        """The way at the given times.

        time: (n,), s from ignition.
        """
        return self.track.sample(time)

    @property
    def apogee(self) -> float:
        """Largest geometric height above the pad, m."""
        return self.raw.out["apogee"]

    @property
    def landing_enu(self) -> np.ndarray:
        """Where it came down, ENU metres from the pad, shape (3,)."""
        o = self.raw.out
        return np.array([o["landing_east"], o["landing_north"], o["landing_up"]])
