"""What varies from flight to flight, and what it does to a flight's row of parameters.

Every uncertain quantity of the files is traced through masses and coefficients by building the launch again at a step
to either side: first and second derivatives of the row (masses, centres, inertias, guides, devices) and of what the
tables mean for the nominal flight (drag, lift and centre of pressure weighted with its dynamic pressure). What has no
effect is named, not dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from downrange.dispersion.clusters import motors_together, thrusts, with_motors
from downrange.dispersion.evidence import DEFAULTS
from downrange.dispersion.fleet import Fleet, fleet_of
from downrange.dispersion.known import CANOPY_SCATTER, MASS_SCATTER, MOTOR_SCATTER, Known
from downrange.dispersion.unsaid import PRIORS, Prior
from downrange.dispersion.way import Way
from downrange.dispersion.wide import (
    BURN,
    TILT_EAST,
    TILT_NORTH,
    WIDE,
    WIND_CORRELATION,
    WIND_FACTOR,
    WIND_TURN,
    Input,
    Inputs,
)
from downrange.errors import InputError
from downrange.flight import Flight, Launch, Program, compile_launch, fly
from downrange.flight.named import named_rows
from downrange.flight.rows import (
    AT_ALTITUDE,
    AT_TIME,
    CDS0,
    FIELD,
    LAG0,
    RAIL_AZIMUTH,
    RAIL_ELEVATION,
    ROW,
    VALUE0,
)
from downrange.motor import Motor
from downrange.rocket import Recovery
from downrange.steps import advance
from downrange.uncertainty import Choice, Distribution, LogNormal, Normal, Quantity, Triangular, Uniform

__all__ = ["Input", "Inputs", "Relaunch", "finish_rows", "gather_inputs"]

Relaunch = Callable[[dict[str, float]], Launch]


def _signature(program: Program, base: Program, path: Way, fleet: Fleet | None) -> np.ndarray:
    """The wide row that stands for a program beside the base program."""
    wide = np.zeros(WIDE)
    wide[:ROW] = path.seen(program.compiled.row, program.aero, base.aero)
    ours, theirs = program.launch.motor, base.launch.motor
    more = (ours.nozzle_exit_area or 0.0) - (theirs.nozzle_exit_area or 0.0)  # thrust grows by it as the air thins
    wide[FIELD["thrust"]] = (ours.impulse + more * path.relief) / theirs.impulse
    wide[FIELD["propellant"]] = ours.propellant_mass / theirs.propellant_mass
    wide[BURN] = _longer(ours, theirs) if base.aero.brakes is None else 0.0  # a schedule of brakes keeps to the clock
    wide[FIELD["aft"]] = program.launch.nozzle - base.launch.nozzle
    wide[FIELD["density"]], drag = path.in_other_air(program.aero, program.launch, base.launch)
    wide[FIELD["axial"]] *= drag
    return wide if fleet is None else fleet.signature(program, wide)


def _longer(ours: Motor, theirs: Motor) -> float:
    """The logarithm of how many times as long a motor burns as another: of when half of it is over, weighed with thrust."""
    if ours is theirs or np.array_equal(ours.time, theirs.time):
        return 0.0
    ours_middle, theirs_middle = (
        float(np.trapezoid(m.time * m.thrust, m.time) / np.trapezoid(m.thrust, m.time)) for m in (ours, theirs)
    )
    return float(np.log(ours_middle / theirs_middle))


def _bounds(distribution: Distribution) -> tuple[float, float]:
    """A step to either side that stands for the spread."""
    if isinstance(distribution, LogNormal):
        return distribution.median * float(np.exp(-distribution.sigma)), distribution.median * float(
            np.exp(distribution.sigma)
        )
    if isinstance(distribution, Normal):
        return distribution.centre - distribution.sigma, distribution.centre + distribution.sigma
    assert isinstance(distribution, Uniform | Triangular)
    half = 0.5 * (distribution.high - distribution.low) * 0.58
    return distribution.centre - half, distribution.centre + half


def _wind_nodes(launch: Launch, heights: np.ndarray) -> np.ndarray:
    z = launch.pad.elevation + heights
    return np.stack([launch.weather.wind.east(z), launch.weather.wind.north(z)], axis=1)


def _traced(
    name: str,
    q: Quantity,
    relaunch: Relaunch,
    base: Program,
    path: Way,
    heights: np.ndarray,
    fleet: Fleet | None,
    *,
    prior: bool = False,
) -> Input | None:
    """The input of a quantity of the files; None where nothing of a flight depends on it.

    The nominal launch stands at its centre; at the centre of a `prior` it need not.
    """
    assert q.distribution is not None
    d = q.distribution
    at0 = _signature(base, base, path, fleet)

    def at(value: float) -> tuple[np.ndarray, np.ndarray]:
        advance(0)  # whoever listens may stop it here
        try:
            launch = relaunch({name: value})
            return _signature(compile_launch(launch), base, path, fleet), _wind_nodes(launch, heights)
        except InputError as error:
            raise InputError(
                f"{name}: {q.text or 'its distribution'} reaches values that cannot be built ({error.message}); "
                "give it a smaller spread", key=name,
            ) from None  # fmt: skip

    special = name in ("weather.wind.speed", "weather.wind.from_direction")
    if special and not (name.endswith("speed") and q.value == 0):
        first = np.zeros(WIDE)
        first[WIND_FACTOR if name.endswith("speed") else WIND_TURN] = 1 / q.value if name.endswith("speed") else 1.0
        return Input(name, d, first)
    if name in ("rail.elevation", "rail.azimuth"):  # straight into the row: beyond the vertical it leans the other way
        return Input(name, d, _unit(RAIL_ELEVATION if name.endswith("elevation") else RAIL_AZIMUTH))
    if isinstance(d, Choice):
        rows = np.stack([at(v)[0] - at0 for v in d.values])
        rows[np.abs(rows) < 1e-9 * np.maximum(np.abs(at0), 1e-3)] = 0.0
        return Input(name, d, np.zeros(at0.size), values=rows) if np.any(rows) else None
    low, high = _bounds(d)
    (a, wa), (b, wb) = at(low), at(high)
    h = d.sigma if isinstance(d, LogNormal) else 0.5 * (high - low)
    middle = at(d.centre)[0] if prior else at0
    first, second = (b - a) / (2 * h), (a - 2 * middle + b) / h**2
    noise = 1e-9 * np.maximum(np.abs(at0), 1e-3)
    first[np.abs(first * h) < noise] = 0.0
    second[np.abs(second * h * h) < noise] = 0.0
    wind = (wb - wa) / (2 * h)
    has_wind = bool(np.abs(wind * h).max() > 1e-9)
    if not first.any() and not second.any() and not has_wind:
        return None
    # Curvature about the centre: a triangular distribution's mode is its centre.
    return Input(
        name, d, first, second if second.any() else None, wind=wind if has_wind else None,
        offset=middle - at0 if prior else None, by_log=isinstance(d, LogNormal),
    )  # fmt: skip


def _priors(
    program: Program, unsaid: Collection[str], path: Way, heights: np.ndarray, fleet: Fleet | None
) -> Iterator[Input]:
    """The inputs of what the files leave out."""
    for name in unsaid:
        prior = PRIORS[name]
        key = f"unsaid.{name}"

        def relaunch(values: dict[str, float], prior: Prior = prior, key: str = key) -> Launch:
            return prior.change(program.launch, values[key])

        q = Quantity(prior.distribution.centre, prior.distribution)
        made = _traced(key, q, relaunch, program, path, heights, fleet, prior=True)
        if made is not None:
            yield replace(made, assumed=True, doc=prior.doc)


# The paths in the files of which any one states what a default would stand for; whole paths, never parts of them.
_REPLACES = {
    "thrust": ("motor.impulse_factor",), "drag": ("aero.drag_factor",), "mass": ("rocket.measured.mass",),
    "density": ("weather.temperature", "weather.pressure"), "delay": ("motor.delay",),
    "wind": ("weather.wind.speed",),  # that of a layer says nothing of the others
}  # fmt: skip
# What a stated path covers of a default that acts in two directions.
_DIRECTIONS = {
    "tilt": {"along": "rail.elevation", "across": "rail.azimuth"},
    "thrust_angle": {"y": "thrust_line.angle_y", "z": "thrust_line.angle_z"},
}
_LEANS = ("tilt", "tip_off")  # what turns the direction in which the whole vehicle leaves
_OF_DEVICES = ("canopy_drag", "lag", "release_altitude")


def _sigma_of(name: str, program: Program, path: Way) -> float:
    """The default standard deviation of `name` for this program."""
    aero, launch = program.aero, program.launch
    default = DEFAULTS[name].sigma
    if name in ("drag", "normal_force", "centre_of_pressure"):
        if aero.sigma is None:
            return {"drag": 0.05, "normal_force": 0.10, "centre_of_pressure": 0.1 * launch.rocket.diameter}[name]
        if name == "drag" and launch.aero.drag_given:
            return 0.05
        column = {"drag": aero.sigma.axial, "normal_force": aero.sigma.normal, "centre_of_pressure": aero.sigma.cp}[
            name
        ]
        return float(path.weight @ np.interp(path.mach, aero.mach, column))
    if name == "mass" and launch.rocket.measured.mass is None:
        return 0.05
    return default


def _weighed(program: Program, uncertain: Collection[str]) -> float:
    """Share of the mass without motor whose uncertainty the files state, part by part."""
    rocket = program.launch.rocket
    if rocket.measured.mass is not None:
        return 0.0
    stated = sum(q.part.mass or 0.0 for q in rocket.placed if f"rocket.{q.path}.mass" in uncertain)
    return min(stated / rocket.without_motor.mass, 1.0)


def _unit(*columns: int, scale: float = 1.0) -> np.ndarray:
    out = np.zeros(WIDE)
    out[list(columns)] = scale
    return out


def _default_inputs(
    name: str, d: Distribution, program: Program, *, assumed: bool, covered: Collection[str] = ()
) -> list[Input]:
    """The inputs of a named uncertainty; some act in two directions or on several devices, each with a stream of its own.

    `covered` are the directions and the devices (by number) whose own uncertainty the files state.
    """
    doc, row = DEFAULTS[name].doc, program.compiled.row

    def one(label: str, first: np.ndarray) -> Input:
        return Input(label, d, first, assumed=assumed, doc=doc)

    if name == "mass":
        first = np.zeros(WIDE)
        for k in ("mass", "ixx", "iyy", "izz", "ixy", "ixz", "iyz"):
            first[FIELD[k]] = row[FIELD[k]]
        return [one("mass", first)]
    one_field = {
        "thrust": "thrust", "drag": "axial", "normal_force": "normal", "centre_of_pressure": "cp_shift", "density": "density",
    }  # fmt: skip
    if name in one_field:
        return [one(name, _unit(FIELD[one_field[name]]))]
    if name in _LEANS:
        return [one(f"{name}.{k}", first) for k, first in _leans(program.launch, covered).items()]
    if name == "thrust_angle":
        return [one(f"thrust_angle.{k}", _unit(FIELD[f"thrust_{k}"])) for k in ("y", "z") if k not in covered]
    out = []
    for number, device in enumerate(program.devices):
        if device.after >= 0:
            continue
        alone = sum(x.name == device.name for x in program.devices) == 1
        wide = _of_device(name, number, program)
        if wide is not None and str(number) not in covered:
            out.append(one(f"{name}.{device.name if alone else number + 1}", wide))
    return out


def _leans(launch: Launch, covered: Collection[str]) -> dict[str, np.ndarray]:
    """The directions in which the rail may lean: east and north, or what is left along or across its azimuth."""
    s, c = float(np.sin(launch.rail.azimuth)), float(np.cos(launch.rail.azimuth))
    along, across = _unit(TILT_EAST, scale=s), _unit(TILT_EAST, scale=c)
    along[TILT_NORTH], across[TILT_NORTH] = c, -s
    if not covered:
        return {"east": _unit(TILT_EAST), "north": _unit(TILT_NORTH)}
    return {k: v for k, v in (("along", along), ("across", across)) if k not in covered}


def _of_device(name: str, number: int, program: Program) -> np.ndarray | None:
    """The wide row of a named uncertainty of one device; None where it has no such thing."""
    device = program.devices[number]
    if name == "canopy_drag":
        wide = np.zeros(WIDE)
        for k, d in enumerate(program.devices):
            if number in (k, d.after):
                wide[CDS0 + k] = d.cd_area
        return wide if wide.any() else None
    if name == "lag":
        return _unit(LAG0 + number)
    if name == "release_altitude" and device.event == AT_ALTITUDE:
        return _unit(VALUE0 + number)
    if name == "delay" and device.event == AT_TIME and device.label.startswith("ejection"):
        return _unit(VALUE0 + number, scale=device.value - program.launch.motor.burnout_time)
    return None


def _left(name: str, known: Known, spread: float, program: Program) -> float:
    """What is left of a default's standard deviation where flights told of it: the scatter from flight to flight."""
    left = {"drag": 0.0, "thrust": MOTOR_SCATTER, "mass": MASS_SCATTER}
    return min(left[name], spread) if name in left and known.tells_of(name, program) else spread


def _known_parts(known: Known, program: Program) -> set[str]:
    """The recovery devices, by number, of which flights told."""
    named = {n.partition(".")[2] for n in known.names if n.startswith("canopy.")}
    return {str(k) for k, d in enumerate(program.devices) if d.name in named}


def _covered(name: str, uncertain: Collection[str]) -> bool:
    """Whether the files state the whole uncertainty for which a default would stand."""
    return any(p in uncertain for p in _REPLACES.get(name, ()))


def _covered_parts(name: str, uncertain: Collection[str], program: Program) -> set[str]:
    """The directions, and the devices by number, of a default whose own uncertainty the files state."""
    out = {k for k, path in _DIRECTIONS.get(name, {}).items() if path in uncertain}
    if np.cos(program.launch.rail.elevation) < 1e-6:
        out.discard("across")  # a vertical rail has no azimuth to be wrong in
    if name in _OF_DEVICES:
        for number, q in enumerate(program.launch.rocket.find(Recovery)):
            assert isinstance(q.part, Recovery)
            drag = "cd_area" if q.part.cd_area is not None else "cd"
            end = {"canopy_drag": drag, "lag": "deploy.lag", "release_altitude": "deploy.altitude"}[name]
            if f"rocket.{q.path}.{end}" in uncertain:
                out.add(str(number))
    return out


def _of_files(
    uncertain: Mapping[str, Quantity], fleet: Fleet | None, trace: Callable[[str, Quantity], Input | None]
) -> tuple[list[Input], dict[str, str]]:
    """The inputs of the files' quantities by path, and why others are none."""
    out: list[Input] = []
    ignored: dict[str, str] = {}
    for name, q in uncertain.items():
        if name in ("site.latitude", "site.longitude"):
            ignored[name] = "the pad is where it is: areas are measured from it"
        elif fleet is not None and (why := fleet.not_sampled(name)):
            ignored[name] = why
        elif (made := trace(name, q)) is None:
            ignored[name] = "nothing of the flight depends on it"
        else:
            out.append(made)
    return out, ignored


@dataclass(frozen=True, eq=False)
class _Named:
    """The named uncertainties (keys of `DEFAULTS`) of a program: those that the user `stated`, and with `defaults` those that nobody did.

    `known` is what flights taught of a rocket of one body; of others, and where there were none, None.
    """

    program: Program
    path: Way
    fleet: Fleet | None
    uncertain: Mapping[str, Quantity]
    stated: Mapping[str, Quantity]
    defaults: bool
    known: Known | None

    def spreads(self) -> Iterator[tuple[str, float]]:
        """The names that vary, each with its standard deviation."""
        for name in DEFAULTS:
            given = self.stated.get(name)
            if given is not None:
                yield name, given.distribution.spread if given.distribution else 0.0
            elif self.defaults and not _covered(name, self.uncertain):
                yield name, self._default(name)

    def _default(self, name: str) -> float:
        spread = _sigma_of(name, self.program, self.path)
        if self.known is not None:
            spread = _left(name, self.known, spread, self.program)
        weighed = name == "mass" and self.fleet is None
        return spread * (1 - _weighed(self.program, self.uncertain)) if weighed else spread

    def distribution(self, name: str, spread: float) -> Distribution | None:
        """What is stated, or the default with that standard deviation."""
        given = self.stated.get(name)
        return DEFAULTS[name].distribution(spread) if given is None else given.distribution

    def of_motors(self, name: str, d: Distribution) -> list[Input]:
        """The thrusts of motors that burn together, each for itself."""
        if name != "thrust" or not motors_together(self.program):
            return []
        keys, width = ((), WIDE) if self.fleet is None else (self.fleet.keys, self.fleet.width)
        assumed, doc = name not in self.stated, DEFAULTS[name].doc
        return list(thrusts(self.program, keys, d, self.uncertain, width=width, assumed=assumed, doc=doc))

    def inputs(self, name: str, d: Distribution) -> list[Input]:
        """What else one of them brings: in directions, on devices, on the bodies of a fleet."""
        assumed = name not in self.stated
        if self.fleet is None and name == "thrust" and motors_together(self.program):
            return []
        if self.fleet is not None and name not in _LEANS:
            return list(self.fleet.defaults(name, d, assumed=assumed, uncertain=self.uncertain))
        covered = _covered_parts(name, self.uncertain, self.program) if assumed or name in _OF_DEVICES else set()
        out: list[Input] = []
        if name == "canopy_drag" and self.known is not None and (told := _known_parts(self.known, self.program)):
            covered |= told
            small, rest = (
                DEFAULTS[name].distribution(CANOPY_SCATTER),
                {str(k) for k in range(len(self.program.devices))},
            )
            out += _default_inputs(name, small, self.program, assumed=True, covered=rest - told)
        return out + _default_inputs(name, d, self.program, assumed=assumed, covered=covered)


def gather_inputs(
    program: Program, uncertain: dict[str, Quantity], relaunch: Relaunch, *, stated: dict[str, Quantity] | None = None,
    defaults: bool = True, heights: np.ndarray, unsaid: Collection[str] = (), flight: Flight | None = None, known: Known | None = None,
) -> Inputs:  # fmt: skip
    """Everything that varies in a campaign of `program`.

    `uncertain` are the quantities of the files by path, `relaunch` builds the launch with some of them at other values;
    `stated` are named uncertainties (keys of `DEFAULTS`) that the user gave; `heights` (n,) the nodes of the wind; `unsaid` are
    keys of `PRIORS`: what the files leave out, sampled with the `defaults`. `flight` is the nominal one, where it was flown already.
    `known` is what flights taught of the rocket: it stands for all that it tells of, stated or not.

    defaults: whether what nobody stated gets its default uncertainty, or its prior.
    Raises `InputError` for a nominal rocket that does not leave the rail.
    """
    stated = stated or {}
    flight = fly(program, interpreted=False) if flight is None else flight
    if not np.isfinite(flight.raw.out["rail_exit_time"]):
        raise InputError(
            "the nominal rocket does not leave the rail: there is nothing to disperse; see downrange check"
        )
    fleet = fleet_of(flight)
    path = Way.of(flight) if fleet is None else fleet.way(fleet.root)
    out, ignored = _of_files(uncertain, fleet, lambda n, q: _traced(n, q, relaunch, program, path, heights, fleet))
    if defaults:
        out.extend(_priors(program, unsaid, path, heights, fleet))
    if known is not None and fleet is None:
        out = [*known.left_of(out, program), *known.inputs(program, path)]
    named = _Named(program, path, fleet, uncertain, stated, defaults, known if fleet is None else None)
    sigma, own = 0.0, list[Input]()
    for name, spread in named.spreads():
        if name == "wind":
            sigma = spread
        elif (d := named.distribution(name, spread)) is not None and spread > 0:
            own.extend(named.of_motors(name, d))
            out.extend(named.inputs(name, d))
    length = float(stated["wind_correlation"]) if "wind_correlation" in stated else WIND_CORRELATION
    centre = np.zeros(WIDE)
    centre[:ROW] = program.compiled.row
    if fleet is not None:
        out = [fleet.widened(item) for item in (*out, *(fleet.tumbling() if defaults else ()))]
        centre = fleet.centre(centre)
    found = Inputs(tuple(out), ignored, sigma, length, centre, () if fleet is None else fleet.keys)
    return with_motors(found, own, len(program.vehicle.filled)) if own else found


def finish_rows(wide: np.ndarray, launch: Launch) -> np.ndarray:
    """Rows (n, ROW) from wide rows: tilt of the rail and turn of the wind applied, what cannot be negative held at zero."""
    rows = np.ascontiguousarray(wide[:, :ROW])
    row = named_rows(rows)
    az, el = row["rail_azimuth"], row["rail_elevation"]
    d = np.stack([np.cos(el) * np.sin(az), np.cos(el) * np.cos(az), np.sin(el)], axis=1)
    east, north = wide[:, TILT_EAST], wide[:, TILT_NORTH]
    if east.any() or north.any():
        d[:, 0] += east * d[:, 2]
        d[:, 1] += north * d[:, 2]
        d /= np.linalg.norm(d, axis=1, keepdims=True)
        row["rail_elevation"] = np.arcsin(np.clip(d[:, 2], -1, 1))
        upright = np.hypot(d[:, 0], d[:, 1]) < 1e-12
        row["rail_azimuth"] = np.where(upright, launch.rail.azimuth, np.arctan2(d[:, 0], d[:, 1]))
    factor, turn = np.maximum(1 + wide[:, WIND_FACTOR], 0.0), wide[:, WIND_TURN]
    row["wind_c"], row["wind_s"] = factor * np.cos(turn), -factor * np.sin(turn)
    for name in ("lag", "cd_area", "glide"):
        row[name] = np.maximum(row[name], 0.0)
    row["strength"] = np.where(row["strength"] == 0.0, 0.0, np.maximum(row["strength"], 1.0))
    for name in ("thrust", "mass", "axial", "normal", "density", "ixx", "iyy", "izz", "propellant"):
        row[name] = np.maximum(row[name], 0.02 * launch_value(name, launch))
    return rows


def launch_value(name: str, launch: Launch) -> float:
    """The nominal value of a row's field, for holding draws away from what cannot be."""
    i = launch.dry.inertia
    return {"mass": launch.dry.mass, "ixx": i[0, 0], "iyy": i[1, 1], "izz": i[2, 2]}.get(name, 1.0)
