"""The one table of what a result holds: the name of each quantity, its unit, what it means, and how it follows from a flight.

`Flight.figures` and `summary()`, `downrange fly --json`, the attributes of `downrange.Flight`, the columns of campaigns and of
trajectories and `docs/quantities.md` are made from it: a quantity is added here, and nowhere else. Inside, it goes by its
`name` and is SI; at a door it goes by its `key`, which ends in the unit, and is in that unit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import numpy as np

from downrange.aero import barrowman_cp
from downrange.constants import STANDARD_GRAVITY
from downrange.errors import suggest
from downrange.flight.launch import Launch
from downrange.flight.program import Program
from downrange.motor import Motor

__all__ = [
    "BODY", "FLIGHT", "MAXIMA", "PAD", "TRAJECTORY", "UNITS", "WORDS", "Flown", "Quantity", "Standing", "Values", "first_thrust", "of_flight", "of_many",
    "of_one", "quantity",
]  # fmt: skip

Door = Literal["all", "one", "many"]
_FIRST = 0.5  # s; over which thrust to weight is averaged
MAXIMA = ("max_speed", "max_mach", "max_q", "max_acceleration")
"""What the kernel begins at zero, and a flight that does not lift off does not have."""

UNITS: dict[str, tuple[str, float]] = {
    "m": ("m", 1.0), "s": ("s", 1.0), "m/s": ("m_s", 1.0), "m/s²": ("m_s2", 1.0), "kg": ("kg", 1.0), "kg m²": ("kg_m2", 1.0), "N": ("n", 1.0),
    "J": ("j", 1.0), "Pa": ("pa", 1.0), "°": ("deg", 180 / math.pi), "°/s": ("deg_s", 180 / math.pi), "calibres": ("cal", 1.0),
    "1/rad": ("per_rad", 1.0), "": ("", 1.0),
}  # fmt: skip
"""What a unit is called at the end of a key, and how many of it one of the inside's (SI, radians) is."""


@dataclass(frozen=True)
class Quantity:
    """A number of a result.

    `of` gives it from what was flown (of a flight a number, of many an array (n,)), SI, NaN where it did not happen. `door`
    says who has it: `one` flight, `many`, or `all` of them. `body`: each body that comes down has its own.
    """

    name: str
    unit: str
    meaning: str
    of: Callable[[Any], Any]
    door: Door = "all"
    body: bool = False

    @property
    def key(self) -> str:
        """The name at the doors, with its unit."""
        return "_".join(filter(None, (self.name, UNITS[self.unit][0])))

    def shown(self, values: Any) -> Any:
        """Values (a number or an array) of the inside in the unit of the doors.

        values: SI.
        """
        factor = UNITS[self.unit][1]
        return values if factor == 1 else values * factor

    def at_door(self, value: float) -> float | None:
        """A number of the inside as JSON has it: in the unit of the doors, None where it did not happen.

        value: SI.
        """
        return float(self.shown(value)) if math.isfinite(value) else None


class Standing:
    """What a program says before it flies: what the quantities of `PAD` follow from. SI."""

    def __init__(self, program: Program) -> None:
        self.launch, self.aero = program.launch, program.aero
        self.loaded, self.dry = program.launch.loaded, program.launch.dry
        self.weight = self.loaded.mass * STANDARD_GRAVITY
        self.cp = program.aero.centre_of_pressure(0.3)

    def margin(self, cp: float, cg: float) -> float:
        """Calibres from a centre of gravity to a centre of pressure, both m aft of the nose tip."""
        return (cp - cg) / self.launch.rocket.diameter


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


PAD: tuple[Quantity, ...] = (
    Quantity("liftoff_mass", "kg", "rocket with loaded motor", lambda x: x.loaded.mass),
    Quantity("dry_mass", "kg", "rocket after burn-out", lambda x: x.dry.mass),
    Quantity("liftoff_cg", "m", "centre of gravity at lift-off, aft of the nose tip", lambda x: float(x.loaded.cg[0])),
    Quantity("dry_cg", "m", "centre of gravity after burn-out, aft of the nose tip", lambda x: float(x.dry.cg[0])),
    Quantity("cp", "m", "centre of pressure at Mach 0.3, aft of the nose tip", lambda x: x.cp),
    Quantity("normal_slope", "1/rad", "coefficient of normal force per angle of attack at Mach 0.3", lambda x: x.aero.normal_slope(0.3)),
    Quantity("static_margin", "calibres", "stability margin on the pad, at Mach 0.3", lambda x: x.margin(x.cp, float(x.loaded.cg[0]))),
    Quantity(
        "static_margin_barrowman", "calibres", "stability margin on the pad by Barrowman's method, on which the rule of one calibre stands",
        lambda x: x.margin(barrowman_cp(x.launch.rocket), float(x.loaded.cg[0])),
    ),
    Quantity("burnout_margin", "calibres", "stability margin after burn-out, at Mach 0.3", lambda x: x.margin(x.cp, float(x.dry.cg[0]))),
    Quantity(
        "thrust_to_weight", "", "average thrust over 0.5 s from first thrust (igniter blips apart) over lift-off weight; for a start too weak to "
        "lift it within that time, from where thrust exceeds weight", lambda x: first_thrust(x.launch.lifting, x.weight) / x.weight,
    ),
    Quantity("peak_thrust_to_weight", "", "largest thrust over lift-off weight", lambda x: x.launch.lifting.peak_thrust / x.weight),
    Quantity("pitch_inertia", "kg m²", "moment of inertia about a cross axis at lift-off", lambda x: x.loaded.pitch_inertia),
    Quantity("roll_inertia", "kg m²", "moment of inertia about the long axis at lift-off", lambda x: x.loaded.roll_inertia),
)  # fmt: skip
"""What can be said before flying, of a `Standing` rocket."""


class Flown(Protocol):
    """What quantities follow from: one flight, or many as arrays (n,). All SI, NaN for what did not happen."""

    @property
    def launch(self) -> Launch:
        """What was flown, as planned."""

    @property
    def standing(self) -> Mapping[str, Any]:
        """Quantities of `PAD` by name."""

    @property
    def landing_mass(self) -> Any:
        """What comes down, kg."""

    @property
    def landing_across(self) -> Any:
        """What it measures across its path then, m."""

    @property
    def landing_place(self) -> tuple[Any, Any]:
        """Latitude and longitude where it comes down, rad."""

    @property
    def free_apogee_time(self) -> Any:
        """When apogee would be reached without recovery devices, s from ignition."""

    @property
    def last_burnout(self) -> float:
        """When the last of its motors is burnt out, s from ignition."""

    @property
    def flutter_pressure(self) -> float:
        """Dynamic pressure at which the weakest fins flutter, Pa; NaN where that is not known."""

    @property
    def strength_over_load(self) -> float:
        """Least strength over opening load of what holds the canopies; NaN where nobody said what it holds, or nothing opened."""

    @property
    def moments(self) -> Mapping[str, Any]:
        """`min_stability` and, of one flight, when it, the largest speed and the largest acceleration came."""

    def answer(self, name: str) -> Any:
        """What the kernel says; names as in `flight.rows.OUT`."""

    def altimeter(self, height: Any) -> Any:
        """What a barometric altimeter zeroed at the pad shows at a height above it, m."""


def _kernel(name: str) -> Callable[[Flown], Any]:
    return lambda x: x.answer(name)


def _pad(name: str) -> Quantity:
    return replace(next(q for q in PAD if q.name == name), of=lambda x: x.standing[name])


def _moment(name: str) -> Callable[[Flown], Any]:
    return lambda x: x.moments[name]


def _flutter_margin(x: Flown) -> Any:
    """Speeds are as the roots of dynamic pressures at one density; below 1 Pa nothing flew."""
    most = np.asarray(x.answer("max_q"))
    return np.sqrt(x.flutter_pressure / np.where(most > 1, most, np.nan))


def _optimum_delay(x: Flown) -> Any:
    delay = np.asarray(x.free_apogee_time) - x.last_burnout
    return np.where(delay >= 0, delay, np.nan)


def _landing_angle(x: Flown) -> Any:
    speed = np.asarray(x.answer("landing_speed"))
    return np.arcsin(np.clip(x.answer("landing_sink") / np.where(speed > 0, speed, np.nan), -1, 1))


def _landing_mass(x: Flown) -> Any:
    return np.where(np.isfinite(x.answer("landing_time")), x.landing_mass, np.nan)


def _lost_impulse(x: Flown) -> Any:
    motor = x.launch.lifting
    return 1 - float(motor.impulse_until(float(np.nan_to_num(x.answer("deploy_time"), nan=1e9)))) / motor.impulse


def _out(
    name: str, unit: str, meaning: str, kernel: str | None = None, *, body: bool = False, door: Door = "all"
) -> Quantity:
    return Quantity(name, unit, meaning, _kernel(kernel or name), door, body)


FLIGHT: tuple[Quantity, ...] = (
    _out("apogee_agl", "m", "largest geometric height above the pad", "apogee"),
    Quantity("apogee_pressure_altitude_agl", "m", "what a barometric altimeter zeroed at the pad shows at apogee", lambda x: x.altimeter(x.answer("apogee"))),
    _out("time_to_apogee", "s", "when it is highest, from ignition", "apogee_time"),
    _out("apogee_east", "m", "where apogee is, east of the pad"),
    _out("apogee_north", "m", "where apogee is, north of the pad"),
    _out("max_speed", "m/s", "largest speed over the ground before a canopy opens"),
    _out("max_mach", "", "largest Mach number, through the air"),
    _out("max_acceleration", "m/s²", "largest acceleration on the rail and in free flight; the shock of a canopy's opening does not count"),
    _out("max_dynamic_pressure", "Pa", "largest dynamic pressure, through the air", "max_q"),
    _pad("liftoff_mass"),
    _pad("thrust_to_weight"),
    _out("rail_exit_time", "s", "when the upper guide leaves the rail, from ignition"),
    _out("rail_exit_speed", "m/s", "speed as the upper guide leaves the rail"),
    _out("rail_exit_stability", "calibres", "stability margin at rail exit, at the actual Mach number and angle of attack"),
    Quantity("rail_exit_angle_of_attack", "°", "angle at which the air comes as the rocket leaves the rail", lambda x: np.arccos(np.minimum(x.answer("rail_exit_cosine"), 1.0))),
    _pad("static_margin"),
    _pad("static_margin_barrowman"),
    Quantity("min_stability", "calibres", "least of the margin at rail exit and those above 20 m/s of airspeed until apogee", _moment("min_stability")),
    Quantity("min_stability_time", "s", "when the margin is least, from ignition", _moment("min_stability_time"), "one"),
    Quantity("max_speed_time", "s", "when it is fastest, from ignition", _moment("max_speed_time"), "one"),
    Quantity("max_acceleration_time", "s", "when acceleration is largest, from ignition", _moment("max_acceleration_time"), "one"),
    Quantity("flutter_margin", "", "flutter speed of the weakest fins over the fastest flight speed; null where the stiffness of their material is not known", _flutter_margin),
    Quantity("burnout_time", "s", "when thrust ends, from ignition: the curve's last point, from which delays count", lambda x: x.launch.lifting.burnout_time),
    _out("burnout_altitude_agl", "m", "height above the pad at burn-out", "burnout_height"),
    _out("burnout_speed", "m/s", "speed over the ground at burn-out"),
    Quantity("optimum_delay", "s", "from burn-out to the apogee without recovery; null where that comes before burn-out", _optimum_delay),
    _out("deployment_time", "s", "when the first recovery device opens, from ignition", "deploy_time"),
    _out("deployment_airspeed", "m/s", "speed through the air when the first recovery device opens", "deploy_speed"),
    _out("fastest_opening", "m/s", "largest speed through the air at which any recovery device opens"),
    _out("opening_load", "N", "largest load with which a canopy opens: its drag as it fills, times the opening-force coefficient of its kind"),
    Quantity("recovery_margin", "", "least strength over opening load of the canopies, cords, links and bulkheads whose strength is stated", lambda x: x.strength_over_load, "one"),
    _out("canopies_torn", "", "how many canopies tear as they open", "torn", door="many"),
    Quantity("lost_impulse", "", "share of the motor's impulse that was left out because a canopy opened under thrust", _lost_impulse, "one"),
    _out("flight_time", "s", "when it comes down, from ignition", "landing_time", body=True),
    Quantity("descent_time", "s", "from apogee to landing", lambda x: x.answer("landing_time") - x.answer("apogee_time")),
    _out("landing_east", "m", "where it comes down, east of the pad", body=True),
    _out("landing_north", "m", "where it comes down, north of the pad", body=True),
    _out("landing_up", "m", "where it comes down, above the plane that touches the Earth at the pad"),
    Quantity("landing_distance", "m", "where it comes down, from the pad", lambda x: np.hypot(x.answer("landing_east"), x.answer("landing_north"))),
    Quantity("landing_latitude", "°", "where it comes down, north positive", lambda x: x.landing_place[0], body=True),
    Quantity("landing_longitude", "°", "where it comes down, east positive", lambda x: x.landing_place[1], body=True),
    _out("ground_hit_speed", "m/s", "speed over the ground at landing", "landing_speed", body=True),
    _out("landing_sink", "m/s", "speed downwards at landing"),
    Quantity("landing_angle", "°", "how steeply it comes down, from the level", _landing_angle),
    Quantity("landing_mass", "kg", "all that comes down", _landing_mass),
    Quantity("landing_energy", "J", "energy at landing, of all that comes down at that speed", lambda x: 0.5 * x.landing_mass * x.answer("landing_speed") ** 2, body=True),
    Quantity("landing_across", "m", "what the body measures across its path as it comes down: its length where it tumbles, else the rocket's diameter", lambda x: x.landing_across, "many"),
    _out("watch_east", "m", "where the body is at the time that was asked for, east of the pad", door="many"),
    _out("watch_north", "m", "where the body is at that time, north of the pad", door="many"),
    _out("watch_up", "m", "where the body is at that time, above the plane that touches the Earth at the pad", door="many"),
)  # fmt: skip
"""What a flight says in numbers, of what was flown (`Flown`)."""


def of_one() -> tuple[Quantity, ...]:
    """What one flight says."""
    return tuple(q for q in FLIGHT if q.door != "many")


def of_many() -> tuple[Quantity, ...]:
    """What many flights say, each body that comes down its own."""
    return tuple(q for q in FLIGHT if q.door != "one")


def quantity(name: str) -> Quantity:
    """The quantity of a flight of that name; `KeyError` where there is none."""
    return _found({q.name: q for q in FLIGHT}, name)


def of_flight() -> tuple[Quantity, ...]:
    """What one flight says, and what was said of it before."""
    return of_one() + tuple(_pad(q.name) for q in PAD if q.name not in {f.name for f in FLIGHT})


BODY = tuple(q for q in FLIGHT if q.body)
"""What each body that comes down says of its own."""

WORDS: dict[str, tuple[str, str]] = {
    "rocket": ("str", "name of the rocket"),
    "motor": ("str", "designation of the motor"),
    "result": ("str", "how the flight ended: `landed`, `no_liftoff`, `time_limit`, ..."),
    "bodies": ("list[dict[str, Any]]", "what comes down: each section on the cord (`sections` of the launch file), or the whole rocket, with its name, mass and landing"),
    "events": ("list", "what happened, in order, each with its name, time from ignition, height above the pad and speed"),
    "warnings": ("list", "what to know, each with what to do"),
}  # fmt: skip
"""What one flight says beside numbers: key, type, meaning."""

TRAJECTORY: tuple[Quantity, ...] = (
    Quantity("time", "s", "from ignition", lambda t: t.time),
    Quantity("east", "m", "east of the pad", lambda t: t.position_enu[:, 0]),
    Quantity("north", "m", "north of the pad", lambda t: t.position_enu[:, 1]),
    Quantity("altitude_agl", "m", "geometric height above the pad", lambda t: t.height),
    Quantity("pressure_altitude_agl", "m", "what a barometric altimeter zeroed at the pad shows", lambda t: t.pressure_altitude),
    Quantity("latitude", "°", "north positive", lambda t: t.latitude),
    Quantity("longitude", "°", "east positive", lambda t: t.longitude),
    Quantity("velocity_east", "m/s", "over the ground", lambda t: t.velocity_enu[:, 0]),
    Quantity("velocity_north", "m/s", "over the ground", lambda t: t.velocity_enu[:, 1]),
    Quantity("velocity_up", "m/s", "over the ground", lambda t: t.velocity_enu[:, 2]),
    Quantity("speed", "m/s", "over the ground", lambda t: t.speed),
    Quantity("airspeed", "m/s", "through the air", lambda t: t.airspeed),
    Quantity("mach", "", "airspeed over the speed of sound", lambda t: t.mach),
    Quantity("acceleration", "m/s²", "how fast the velocity changes", lambda t: np.linalg.norm(t.acceleration_enu, axis=1)),
    Quantity("acceleration_east", "m/s²", "its part to the east", lambda t: t.acceleration_enu[:, 0]),
    Quantity("acceleration_north", "m/s²", "its part to the north", lambda t: t.acceleration_enu[:, 1]),
    Quantity("acceleration_up", "m/s²", "its part upwards", lambda t: t.acceleration_enu[:, 2]),
    Quantity("dynamic_pressure", "Pa", "of the air that comes", lambda t: t.dynamic_pressure),
    Quantity("angle_of_attack", "°", "between the nose and the air that comes", lambda t: t.angle_of_attack),
    Quantity("stability", "calibres", "stability margin at the actual Mach number and angle of attack, from rail exit above 20 m/s of airspeed", lambda t: t.stability),
    Quantity("nose_elevation", "°", "where the nose points, above the horizon", lambda t: t.elevation),
    Quantity("roll_rate", "°/s", "about the long axis, x, out of the nose", lambda t: t.omega_body[:, 0]),
    Quantity("pitch_rate", "°/s", "about the body's y", lambda t: t.omega_body[:, 1]),
    Quantity("yaw_rate", "°/s", "about the body's z", lambda t: t.omega_body[:, 2]),
    Quantity("quaternion_w", "", "scalar part of the attitude, body to east, north, up", lambda t: t.quaternion[:, 0]),
    Quantity("quaternion_x", "", "its part along x", lambda t: t.quaternion[:, 1]),
    Quantity("quaternion_y", "", "its part along y", lambda t: t.quaternion[:, 2]),
    Quantity("quaternion_z", "", "its part along z", lambda t: t.quaternion[:, 3]),
    Quantity("mass", "kg", "rocket with what propellant is left", lambda t: t.mass),
    Quantity("thrust", "N", "of the motor, by its curve", lambda t: t.thrust),
    Quantity("under_canopy", "", "1 under canopies, else 0", lambda t: t.under_canopy.astype(float)),
)  # fmt: skip
"""What a flight says over time, of its `Trajectory`; arrays (n,)."""


def _found(by_name: Mapping[str, Quantity], name: str) -> Quantity:
    if name not in by_name:
        raise KeyError(f"no quantity {name!r}{suggest(name, by_name)}")
    return by_name[name]


class Values(Mapping[str, Any]):
    """Quantities of what was flown by name, SI, each made when it is asked for."""

    def __init__(self, quantities: tuple[Quantity, ...], flown: Any) -> None:
        self._by_name, self._flown, self._made = {q.name: q for q in quantities}, flown, dict[str, float]()

    def __getitem__(self, name: str) -> float:
        if name not in self._made:
            self._made[name] = float(_found(self._by_name, name).of(self._flown))
        return self._made[name]

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)  # what was flown stays behind, and so do functions

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)
