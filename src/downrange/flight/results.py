"""The result of one flight: events, trajectory, summary, warnings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from downrange.aero import barrowman_cp, fin_strengths
from downrange.atmosphere import sound_speed
from downrange.constants import STANDARD_GRAVITY
from downrange.errors import FlightCode
from downrange.flight.drivers import RawFlight, fly_single, rail_ride
from downrange.flight.kernel.layout import AT_NEVER
from downrange.flight.launch import Launch
from downrange.flight.margins import LEAST_AIRSPEED, least_margin, margin_along
from downrange.flight.program import Program
from downrange.flight.sections import section_masses
from downrange.flight.warnings import flight_warnings
from downrange.frames import matrix_from_quaternion, quaternion_on_rail, rail_direction_enu
from downrange.motor import Motor
from downrange.text import markup, plain

__all__ = ["Event", "Flight", "Trajectory", "launch_figures"]

_NAMES = ("lift-off", "rail exit", "free of the rail", "burn-out", "apogee", "release", "opening", "full", "landing")
_FIRST = 0.5  # s; over which thrust to weight is averaged


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
        return np.asarray(np.arcsin(np.clip(matrix_from_quaternion(self.quaternion)[..., 2, 0], -1, 1)))


def _hermite(t: np.ndarray, track: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """State (n, 13) and its derivative at times `t` from the steps' states and derivatives (cubic Hermite)."""
    knots = track[:, 0]
    i = np.clip(np.searchsorted(knots, t, "right") - 1, 0, len(knots) - 2)
    h = np.maximum(knots[i + 1] - knots[i], 1e-12)
    s = ((t - knots[i]) / h)[:, None]
    y0, y1, g0, g1 = track[i, 1:14], track[i + 1, 1:14], track[i, 14:27], track[i + 1, 14:27]
    h = h[:, None]
    y = y0 * (1 + 2 * s) * (1 - s) ** 2 + y1 * s * s * (3 - 2 * s) + h * (g0 * s * (1 - s) ** 2 + g1 * s * s * (s - 1))
    return y, g0 + s * (g1 - g0)


def first_thrust(motor: Motor, weight: float) -> float:
    """Average thrust (N) over the first 0.5 s of thrust, or over the whole burn if that is shorter.

    It counts from `Motor.thrust_begins`; where thrust first exceeds `weight` (N) later than those 0.5 s (a weak start, a
    rocket that waits on its pad), from there.
    """
    start, end = motor.thrust_begins, motor.burnout_time
    strong = np.flatnonzero(motor.thrust > weight)
    if strong.size and motor.time[max(strong[0] - 1, 0)] > start + _FIRST:
        start = float(motor.time[strong[0] - 1])
    stop = min(start + _FIRST, end)
    return float((motor.impulse_until(stop) - motor.impulse_until(start)) / (stop - start))


def launch_figures(program: Program) -> dict[str, float]:
    """What can be said before flying: masses, centres, margin on the pad, thrust to weight. SI."""
    launch, aero = program.launch, program.aero
    loaded, dry = launch.loaded, launch.dry
    d = launch.rocket.diameter
    weight = loaded.mass * STANDARD_GRAVITY
    cp = aero.centre_of_pressure(0.3)
    return {
        "liftoff_mass": loaded.mass, "dry_mass": dry.mass, "liftoff_cg": float(loaded.cg[0]), "dry_cg": float(dry.cg[0]),
        "static_margin_barrowman": (barrowman_cp(launch.rocket) - float(loaded.cg[0])) / d,
        "cp": cp, "normal_slope": aero.normal_slope(0.3), "static_margin": (cp - float(loaded.cg[0])) / d,
        "burnout_margin": (cp - float(dry.cg[0])) / d,
        "thrust_to_weight": first_thrust(launch.motor, weight) / weight, "peak_thrust_to_weight": launch.motor.peak_thrust / weight,
        "pitch_inertia": loaded.pitch_inertia, "roll_inertia": loaded.roll_inertia,
    }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Flight:
    """One flight of a program. Numbers that did not happen are NaN here and null in `summary`."""

    program: Program
    raw: RawFlight

    @property
    def code(self) -> FlightCode:
        """How it ended."""
        return FlightCode(int(self.raw.out["code"]))

    @property
    def launch(self) -> Launch:
        """The launch that was flown."""
        return self.program.launch

    @property
    def apogee(self) -> float:
        """Largest geometric height above the pad, m."""
        return self.raw.out["apogee"]

    @property
    def landing_enu(self) -> np.ndarray:
        """Where it came down, ENU metres from the pad, shape (3,)."""
        o = self.raw.out
        return np.array([o["landing_east"], o["landing_north"], o["landing_up"]])

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order."""
        out = []
        for kind, time, device in self.raw.events:
            name = _NAMES[int(kind)]
            if int(device) >= 0:
                name = f"{self.program.devices[int(device)].name}: {name}"
            y, _ = _hermite(np.array([time]), self._track)
            height = float(self._geodetic(y[:, :3])[2][0] - self.launch.pad.elevation)
            out.append(
                Event(name, float(time), 0.0 if name == "lift-off" else height, float(np.linalg.norm(y[0, 3:6])))
            )
        return tuple(out)

    @cached_property
    def _track(self) -> np.ndarray:
        """The kernel's steps with the time on the rail before them."""
        track, o = self.raw.track, self.raw.out
        if len(track) == 0 or not math.isfinite(o["rail_exit_time"]):
            return track
        rail = self.launch.rail
        d, q = rail_direction_enu(rail.azimuth, rail.elevation), quaternion_on_rail(rail.azimuth, rail.elevation)
        ride = self._with_knots(
            rail_ride(self.program, o["liftoff_time"], o["rail_exit_time"], interpreted=self.raw.interpreted)
        )
        rows = np.zeros((len(ride) + 1, track.shape[1]))
        rows[:, 7:11] = q
        rows[1:, 0] = ride[:, 0]
        rows[1:, 1:4], rows[1:, 4:7] = ride[:, 1:2] * d, ride[:, 2:3] * d
        rows[1:, 14:17], rows[1:, 17:20] = ride[:, 2:3] * d, ride[:, 3:4] * d
        return np.vstack([rows if o["liftoff_time"] > 1e-9 else rows[1:], track])

    def _with_knots(self, ride: np.ndarray) -> np.ndarray:
        """A ride (n, 4) [time, travel, speed, acceleration] with the samples of the thrust curve in it, where acceleration bends."""
        motor, t = self.launch.motor, ride[:, 0]
        knots = motor.time[(motor.time > t[0] + 1e-9) & (motor.time < t[-1] - 1e-9)]
        between = np.stack([knots, *(np.interp(knots, t, column) for column in ride[:, 1:].T)], axis=1)
        thrust = np.interp(knots, motor.time, motor.thrust)
        smooth = np.interp(knots, t, np.interp(t, motor.time, motor.thrust))
        between[:, 3] += (thrust - smooth) / (self.launch.dry.mass + motor.propellant_at(knots))
        rows = np.vstack([ride, between])
        return rows[np.unique(rows[:, 0], return_index=True)[1]]

    @cached_property
    def _extremes(self) -> np.ndarray:
        """Times of the steps at which the kernel may have noted its maxima: the hardest, and all near the fastest."""
        track = self._track
        free = track[track[:, 27] < 0.5]
        if len(free) == 0:
            return np.zeros(0)
        speed, pull = np.linalg.norm(free[:, 4:7], axis=1), np.linalg.norm(free[:, 17:20], axis=1)
        near = free[speed >= 0.9 * speed.max(), 0]
        return np.append(near[:: max(1, len(near) // 1000)], [free[np.argmax(pull), 0], free[np.argmax(speed), 0]])

    def _geodetic(self, position_enu: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Latitude, longitude, height above sea level of positions (n, 3); flat where gravity is constant."""
        pad = self.launch.pad
        lat, lon, asl = pad.geodetic(position_enu)
        return lat, lon, pad.elevation + position_enu[:, 2] if pad.gravity_model == "constant" else asl

    @cached_property
    def trajectory(self) -> Trajectory:
        """The flight every 0.02 s in ascent (0.1 s where it lasts over five minutes) and 0.25 s under canopies, at its events, and
        where it is fastest and hardest, so that its largest values are those of `figures`."""
        track = self._track
        end = track[-1, 0]
        canopy = self.raw.out["deploy_time"]
        split = canopy if math.isfinite(canopy) else end
        fine = 0.02 if split < 300 else 0.1
        marks = [e[1] for e in self.raw.events]
        grid = np.concatenate([np.arange(0, split, fine), np.arange(split, end, 0.25), marks, self._extremes, [end]])
        return self.sample(np.unique(np.clip(grid, track[0, 0], end)))

    def sample(self, time: np.ndarray) -> Trajectory:
        """The flight at the given times (n,), seconds from ignition."""
        program, launch = self.program, self.program.launch
        t = np.asarray(time, float)
        track = self._track
        y, dy = _hermite(t, track)
        i = np.clip(np.searchsorted(track[:, 0], t, "right") - 1, 0, len(track) - 1)
        under = track[i, 27] > 0.5
        pad, air, wind = launch.pad, launch.weather.air, launch.weather.wind
        lat, lon, asl = self._geodetic(y[:, :3])
        q = y[:, 6:10] / np.linalg.norm(y[:, 6:10], axis=1, keepdims=True)
        rel = y[:, 3:6] - np.stack([wind.east(asl), wind.north(asl), np.zeros_like(asl)], axis=1)
        airspeed = np.linalg.norm(rel, axis=1)
        axis = matrix_from_quaternion(q)[:, :, 0]
        mach = airspeed / sound_speed(air.temperature(asl))
        cos = np.clip(np.einsum("ij,ij->i", rel, axis) / np.maximum(airspeed, 1e-9), -1, 1)
        alpha = np.where(under | (airspeed < 1.0), np.nan, np.arccos(cos))
        left = launch.motor.propellant_at(np.minimum(t, self._cut))
        dry = launch.dry
        mass = dry.mass + left
        cg = (dry.mass * dry.cg[0] + left * launch.propellant_centre) / mass
        leaves, off = self.raw.out["rail_exit_time"], self.raw.out["rail_exit_stability"]
        margin = np.where(
            (t > leaves) & (airspeed > LEAST_AIRSPEED) & ~under, margin_along(program.aero, mach, cos, cg), np.nan
        )
        margin[np.abs(t - leaves) < 1e-9] = off
        return Trajectory(
            time=t, position_enu=y[:, :3], velocity_enu=y[:, 3:6], acceleration_enu=dy[:, 3:6], quaternion=q,
            omega_body=y[:, 10:13], height=asl - pad.elevation, pressure_altitude=air.altimeter(asl, pad.elevation),
            latitude=lat, longitude=lon, speed=np.linalg.norm(y[:, 3:6], axis=1), airspeed=airspeed, mach=mach,
            dynamic_pressure=0.5 * air.density(asl) * airspeed**2, angle_of_attack=alpha, stability=margin, mass=mass,
            thrust=np.where(t > self._cut, 0.0, np.interp(t, launch.motor.time, launch.motor.thrust, left=0.0, right=0.0)), under_canopy=under,
        )  # fmt: skip

    @property
    def _cut(self) -> float:
        """When a canopy opens, from where what is left of the thrust is not flown; s from ignition, infinite where none does."""
        opening = self.raw.out["deploy_time"]
        return opening if math.isfinite(opening) else math.inf

    @property
    def landing_mass(self) -> float:
        """What comes down, kg: the rocket without propellant, and what was left of that where a canopy opened under thrust."""
        return self.launch.dry.mass + float(self.launch.motor.propellant_at(self._cut))

    @cached_property
    def optimum_delay(self) -> float:
        """Seconds from burn-out to the apogee that would be reached without any recovery device; NaN where that comes first."""
        o = self.raw.out
        apogee = o["apogee_time"]
        if math.isfinite(o["deploy_time"]) and not apogee <= o["deploy_time"] + 1e-6:
            from dataclasses import replace

            c = self.program.compiled
            rows = c.devices.copy()
            rows[:, 0] = AT_NEVER
            free = fly_single(replace(c, devices=rows), stop_at_apogee=True, interpreted=self.raw.interpreted)
            apogee = free.out["apogee_time"]
        delay = apogee - self.launch.motor.burnout_time
        return delay if delay >= 0 else math.nan

    @cached_property
    def figures(self) -> dict[str, float]:
        """The numbers of the flight, SI, NaN where something did not happen."""
        o, launch = self.raw.out, self.launch
        f = launch_figures(self.program)
        out = {k: v for k, v in o.items() if k not in ("code", "evaluations", "steps")}
        if self.code == FlightCode.NO_LIFTOFF:
            out.update(dict.fromkeys(("max_speed", "max_mach", "max_q", "max_acceleration"), math.nan))
        out.update(f)
        out["apogee_pressure_altitude"] = (
            float(launch.weather.air.altimeter(launch.pad.elevation + o["apogee"], launch.pad.elevation))
            if math.isfinite(o["apogee"])
            else math.nan
        )
        strengths = [v.flutter_pressure for v in fin_strengths(launch.rocket) if v.flutter_pressure > 0]
        out["flutter_margin"] = math.sqrt(min(strengths) / o["max_q"]) if strengths and o["max_q"] > 1 else math.nan
        out["rail_exit_alpha"] = math.acos(min(out.pop("rail_exit_cosine"), 1.0))
        out["optimum_delay"] = self.optimum_delay if math.isfinite(o["apogee_time"]) else math.nan
        out["landing_mass"] = self.landing_mass
        out["landing_energy"] = 0.5 * self.landing_mass * o["landing_speed"] ** 2
        out["lost_impulse"] = 1 - float(launch.motor.impulse_until(min(self._cut, 1e9))) / launch.motor.impulse
        out.update(self._moments())
        if math.isfinite(o["landing_time"]):
            lat, lon, _ = launch.pad.geodetic(self.landing_enu)
            out["landing_latitude"], out["landing_longitude"] = float(lat), float(lon)
        else:
            out["landing_latitude"] = out["landing_longitude"] = math.nan
        return out

    def _moments(self) -> dict[str, float]:
        """The least margin, and when it and the largest speed and acceleration came; all of the trajectory, as its figures show them."""
        o = self.raw.out
        if not math.isfinite(o["rail_exit_time"]):
            return dict.fromkeys(("min_stability_time", "max_speed_time", "max_acceleration_time"), math.nan)
        t = self.trajectory
        free = np.where(t.under_canopy, -1.0, 1.0)
        until = o["apogee_time"] if math.isfinite(o["apogee_time"]) else math.inf
        least, when = least_margin(t.time, t.stability, until)
        pull = np.linalg.norm(t.acceleration_enu, axis=1)
        return {
            "min_stability": least if math.isfinite(least) else o["min_stability"], "min_stability_time": when,
            "max_speed_time": float(t.time[np.argmax(free * t.speed)]),
            "max_acceleration_time": float(t.time[np.argmax(free * pull)]),
        }  # fmt: skip

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know, in plain words, each with what to do."""
        return flight_warnings(self.program, self.figures, self.code)

    def _bodies(self, landing: dict[str, float | None]) -> list[dict[str, Any]]:
        """What comes down: the sections on one cord, each with its own energy, or the whole rocket."""
        launch, o = self.launch, self.raw.out
        share = self.landing_mass / launch.dry.mass
        parts = (
            zip([s.name for s in launch.sections], (share * section_masses(launch)).tolist())
            if launch.sections
            else [(launch.rocket.name, self.landing_mass)]
        )
        return [
            {
                "name": name, "mass_kg": mass, "flight_time_s": o["landing_time"], **landing,
                "landing_energy_j": 0.5 * mass * o["landing_speed"] ** 2,
            }
            for name, mass in parts
        ]  # fmt: skip

    def summary(self) -> dict[str, Any]:
        """The documented keys of `downrange fly --json`; units are in the names, null for what did not happen."""
        f = self.figures

        def n(key: str, scale: float = 1.0) -> float | None:
            value = f.get(key, math.nan) * scale
            return float(value) if math.isfinite(value) else None

        landed = self.code == FlightCode.LANDED
        deg = 180 / math.pi
        landing = {
            "landing_east_m": n("landing_east"), "landing_north_m": n("landing_north"),
            "landing_latitude_deg": n("landing_latitude", deg), "landing_longitude_deg": n("landing_longitude", deg),
            "ground_hit_speed_m_s": n("landing_speed"), "landing_energy_j": n("landing_energy"),
        }  # fmt: skip
        return {
            "rocket": self.launch.rocket.name, "motor": self.launch.motor.designation, "result": self.code.name.lower(),
            "apogee_agl_m": n("apogee"), "apogee_pressure_altitude_agl_m": n("apogee_pressure_altitude"),
            "time_to_apogee_s": n("apogee_time"), "max_speed_m_s": n("max_speed"), "max_mach": n("max_mach"),
            "max_acceleration_m_s2": n("max_acceleration"), "max_dynamic_pressure_pa": n("max_q"),
            "liftoff_mass_kg": n("liftoff_mass"), "thrust_to_weight": n("thrust_to_weight"),
            "rail_exit_speed_m_s": n("rail_exit_speed"), "rail_exit_stability_cal": n("rail_exit_stability"),
            "rail_exit_angle_of_attack_deg": n("rail_exit_alpha", deg),
            "static_margin_cal": n("static_margin"), "static_margin_barrowman_cal": n("static_margin_barrowman"), "min_stability_cal": n("min_stability"),
            "min_stability_time_s": n("min_stability_time"), "max_speed_time_s": n("max_speed_time"), "max_acceleration_time_s": n("max_acceleration_time"),
            "flutter_margin": n("flutter_margin"),
            "burnout_time_s": self.launch.motor.burnout_time, "burnout_altitude_agl_m": n("burnout_height"),
            "optimum_delay_s": n("optimum_delay"), "deployment_time_s": n("deploy_time"),
            "deployment_airspeed_m_s": n("deploy_speed"), "flight_time_s": n("landing_time"), **landing,
            "bodies": self._bodies(landing) if landed else [],
            "events": [{"name": e.name, "time_s": e.time, "altitude_agl_m": e.height, "speed_m_s": e.speed} for e in self.events],
            "warnings": list(self.warnings),
        }  # fmt: skip

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{markup(k)}</td><td style='text-align:right'>{v:.4g}</td></tr>"
            for k, v in self.summary().items()
            if isinstance(v, float)
        )
        notes = "".join(f"<li>{markup(w)}</li>" for w in self.warnings)
        title = markup(f"{self.launch.rocket.name} on {self.launch.motor.designation}")
        return f"<b>{title}</b><table>{rows}</table><ul>{notes}</ul>"

    def __repr__(self) -> str:
        o = self.raw.out
        return (
            f"<Flight {plain(self.launch.rocket.name)} on {plain(self.launch.motor.designation)}: {self.code.name.lower()}, apogee "
            f"{o['apogee']:.1f} m at {o['apogee_time']:.2f} s, Mach {o['max_mach']:.2f}, {o['landing_time']:.1f} s>"
        )
