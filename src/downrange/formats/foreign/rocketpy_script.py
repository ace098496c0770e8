"""A flight as a Python script for RocketPy 1.13: our masses, motor, drag and air as numbers; its own lift and motion.

A jury that asks for a RocketPy file (EuRoC does) gets one that runs alone. Places are metres aft of the nose tip, which is RocketPy's
orientation "nose_to_tail". The calls and the meaning of their arguments are those of its documentation
(https://docs.rocketpy.org, user guide: Environment, GenericMotor, Rocket, Flight).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import degrees, pi, sqrt

import numpy as np

from downrange.atmosphere import sound_speed, viscosity
from downrange.constants import GAS_CONSTANT_AIR
from downrange.errors import InputError
from downrange.flight import Flight, Launch
from downrange.flight.named import named_rows
from downrange.flight.rows import AT_ALTITUDE, AT_APOGEE
from downrange.formats.foreign.recovery_lost import lost_of_recovery
from downrange.rocket import MassProperties, Placed, combine
from downrange.rocket import parts as p
from downrange.text import plain

__all__ = ["rocketpy_script"]

_NOSES = {
    "conical": "conical", "ogive": "tangent", "ellipsoid": "elliptical", "power": "powerseries", "parabolic": "parabolic", "haack": "lvhaack",
    "von karman": "vonkarman",
}  # fmt: skip
_OPENING = 6  # the kernel's number of this event
_LEVELS = 61  # heights at which the air is written
_MACH_TO_SPARE = 1.2  # drag is written to so many times the largest Mach number


def rocketpy_script(flight: Flight) -> tuple[str, tuple[str, ...]]:
    """The text of a script that flies the same launch in RocketPy and prints its figures beside ours; and a line for what it has not.

    flight: of one stage, whose motors are lit at launch or never; drag is that at the heights at which it had each Mach number.
    Raises `InputError` for stages, boosters and motors that are lit in flight, which RocketPy does not fly.
    """
    launch = flight.launch
    lit = [f for f in launch.filled if f.mounted.lit.event == "launch"]
    late = [f for f in launch.filled if f.mounted.lit.event not in ("launch", "never")]
    if len(launch.rocket.stages) > 1 or launch.rocket.attached or late or not lit:
        raise InputError(
            "a RocketPy script is written of a rocket of one stage whose motors are lit at launch; RocketPy flies no others: write an .ork"
        )
    lost = list(_missing(launch))
    aside = combine([f.grain for f in lit]).cg[1:]
    if np.hypot(*aside) > 1e-6:
        lost.append("that the motors which are lit push beside the axis")
    body = [
        *_environment(flight),
        *_motor(launch),
        *_rocket(flight),
        *_surfaces(launch, lost),
        *_canopies(flight, lost),
        *_flown(flight),
    ]
    head = [
        f"# {plain(launch.rocket.name)} on {plain(launch.lifting.designation)}, for RocketPy 1.13 (pip install rocketpy); written by downrange.",
        "# SI units; places in metres aft of the nose tip. Masses, thrust, drag and air are ours; lift and motion are RocketPy's.",
        *(f"# Not in it: {plain(line, 300)}" for line in dict.fromkeys(lost)),
        "",
        "from rocketpy import Environment, Flight, GenericMotor, Rocket\n",
    ]
    return "\n".join([*head, *body]) + "\n", tuple(dict.fromkeys(lost))


def _list(*columns: np.ndarray) -> str:
    """Pairs as Python has them, a few a line."""
    pairs = [f"({a:.7g}, {b:.7g})" for a, b in zip(*columns, strict=True)]
    return "[\n    " + ",\n    ".join(", ".join(pairs[k : k + 5]) for k in range(0, len(pairs), 5)) + ",\n]"


def _environment(flight: Flight) -> Iterator[str]:
    """The air of the day: RocketPy's density follows from pressure and temperature, so that this is the temperature of dry air as dense."""
    pad, air, wind = flight.launch.pad, flight.launch.weather.air, flight.launch.weather.wind
    z = pad.elevation + np.linspace(0, 1, _LEVELS) ** 2 * (1.3 * max(flight.apogee, 0.0) + 500)
    pressure = np.asarray(air.pressure(z))
    yield (
        f"environment = Environment(\n    latitude={degrees(pad.latitude):.8g}, longitude={degrees(pad.longitude):.8g}, "
        f"elevation={pad.elevation:.7g}\n)"
    )
    yield f"pressure = {_list(z, pressure)}"
    yield f"temperature = {_list(z, pressure / (np.asarray(air.density(z)) * GAS_CONSTANT_AIR))}"
    for word, table in (("wind_u", wind.east), ("wind_v", wind.north)):
        yield f"{word} = {_list(z, np.asarray(table(z)))}"
    yield "environment.set_atmospheric_model("
    yield '    type="custom_atmosphere", pressure=pressure, temperature=temperature, wind_u=wind_u, wind_v=wind_v\n)\n'


def _motor(launch: Launch) -> Iterator[str]:
    """All that is lit at launch as one motor, its propellant a cylinder of the same inertia; positions forward of the nozzle end."""
    m, lit = launch.lifting, [f for f in launch.filled if f.mounted.lit.event == "launch"]
    grain, casing = combine([f.grain for f in lit]), combine([f.casing for f in lit])
    radius = sqrt(2 * grain.roll_inertia / grain.mass)
    height = sqrt(max(12 * grain.pitch_inertia / grain.mass - 3 * radius**2, 1e-6))
    areas = [f.motor.nozzle_exit_area for f in lit]
    known = [a for a in areas if a]
    exit_radius = sqrt(sum(known) / pi) if len(known) == len(areas) else max(f.motor.diameter for f in lit) / 4
    yield f"thrust = {_list(m.time, m.thrust)}"
    yield "motor = GenericMotor("
    yield f"    thrust_source=thrust, burn_time=({m.time[0]:.7g}, {m.time[-1]:.7g}), propellant_initial_mass={grain.mass:.8g},"
    yield f"    chamber_radius={radius:.6g}, chamber_height={height:.6g}, chamber_position={launch.nozzle - grain.cg[0]:.7g},"
    # RocketPy 1.13 divides by the motor's mass, at burn-out too: a milligram where the casing is counted with the rocket.
    yield f"    dry_mass={max(casing.mass, 1e-6):.8g}, center_of_dry_mass_position={launch.nozzle - (casing.cg if casing.mass else grain.cg)[0]:.7g},"
    yield f"    dry_inertia={_inertia(casing)}, nozzle_position=0, nozzle_radius={exit_radius:.6g},"
    if len(known) == len(areas):
        yield f"    reference_pressure={lit[0].motor.reference_pressure:.7g},"
    yield '    coordinate_system_orientation="nozzle_to_combustion_chamber",\n)\n'


def _inertia(body: MassProperties) -> str:
    return f"({body.pitch_inertia:.7g}, {body.pitch_inertia:.7g}, {body.roll_inertia:.7g})"


def _rocket(flight: Flight) -> Iterator[str]:
    launch = flight.launch
    unlit = [f for f in launch.filled if f.mounted.lit.event == "never"]
    body = combine([launch.rocket.without_motor, *(f.casing for f in unlit), *(f.grain for f in unlit)])
    for word, power in (("power_off_drag", False), ("power_on_drag", True)):
        yield f"{word} = {_list(*_drag(flight, power))}"
    yield "rocket = Rocket("
    yield f"    radius={launch.rocket.diameter / 2:.8g}, mass={body.mass:.8g}, center_of_mass_without_motor={float(body.cg[0]):.8g},"
    yield f"    inertia={_inertia(body)}, power_off_drag=power_off_drag, power_on_drag=power_on_drag,"
    yield '    coordinate_system_orientation="nose_to_tail",\n)'
    yield f"rocket.add_motor(motor, position={launch.nozzle:.8g})"
    upper, lower = _guides(flight)
    if upper < lower:
        yield f"rocket.set_rail_buttons({upper:.7g}, {lower:.7g})"


def _guides(flight: Flight) -> tuple[float, float]:
    """Upper and lower guide, m aft of the nose tip."""
    launch, g = flight.launch, flight.program.guides
    foot = launch.aft_end - launch.rail.length
    return foot + g.upper_travel, foot + g.lower_travel


def _drag(flight: Flight, power: bool) -> tuple[np.ndarray, np.ndarray]:
    """Mach numbers (n,) and drag coefficients (n,) in the air in which this flight had them, burning or coasting to apogee."""
    t, aero = flight.trajectory, flight.program.aero
    until = flight.launch.lifting.burnout_time if power else flight.raw.out["apogee_time"]
    since = -np.inf if power else flight.launch.lifting.burnout_time
    rows = (t.time >= since) & (t.time <= until) & ~t.under_canopy.astype(bool) & (t.mach > 1e-3)
    top = _MACH_TO_SPARE * max(float(t.mach.max()), 0.1)
    mach = np.unique(np.concatenate([[0.01], aero.mach[(aero.mach > 0.01) & (aero.mach < top)], [top]]))
    h = flight.launch.pad.elevation + (t.height[rows] if rows.any() else np.zeros(1))
    seen = t.mach[rows] if rows.any() else np.ones(1)
    air = flight.launch.weather.air
    density = np.asarray(air.density(h))
    temperature = np.asarray(air.pressure(h)) / (density * GAS_CONSTANT_AIR)
    per_mach = sound_speed(temperature) * density / viscosity(temperature)
    order = np.argsort(seen)
    unit_re = mach * np.interp(mach, seen[order], per_mach[order])
    return mach, np.array([aero.drag(float(m), float(r), power) for m, r in zip(mach, unit_re, strict=True)])


def _surfaces(launch: Launch, lost: list[str]) -> Iterator[str]:
    for q in launch.rocket.placed:
        part = q.part
        if isinstance(part, p.NoseCone):
            yield _nose(q, part, lost)
        elif isinstance(part, p.Transition) and abs(q.at.outer - q.at.aft_outer) > 1e-9:
            yield (
                f"rocket.add_tail(\n    top_radius={q.at.outer:.8g}, bottom_radius={q.at.aft_outer:.8g}, length={part.length:.8g}, "
                f"position={q.front:.8g}\n)"
            )
        elif isinstance(part, p.FinSet):
            yield from _fins(q, part, lost)
        elif isinstance(part, p.TubeFins | p.RingFin):
            lost.append(f"{part.name or 'tube fins'}: RocketPy has none of these, so that their lift is missing")


def _nose(q: Placed, nose: p.NoseCone, lost: list[str]) -> str:
    kind, parameter = _NOSES[nose.shape], nose.shape_parameter
    if nose.shape == "haack":
        kind = "vonkarman" if not parameter else "lvhaack"
    exact = {"haack": (None, 0.0, 1 / 3), "ogive": (None, 1.0), "parabolic": (None, 1.0)}.get(nose.shape, (parameter,))
    if parameter not in exact or nose.tip_radius:
        lost.append(f"{nose.name or 'nose cone'}: its exact outline; the nearest shape of RocketPy's, {kind}")
    power = f", power={0.5 if parameter is None else parameter:g}" if nose.shape == "power" else ""
    return f'rocket.add_nose(\n    length={nose.length:.8g}, kind="{kind}", position={q.front:.8g}, base_radius={nose.diameter / 2:.8g}{power}\n)'


def _fins(q: Placed, fins: p.FinSet, lost: list[str]) -> Iterator[str]:
    name = fins.name or "fins"
    common = f"n={fins.count}, position={q.front:.8g}, cant_angle={degrees(fins.cant):.6g}, radius={q.at.outer:.8g}"
    if fins.count < 3:
        lost.append(
            f"{name}: that {fins.count} of them do not steer alike in all planes; RocketPy counts them as if they did"
        )
    if fins.missing or fins.misalignments:
        lost.append(f"{name}: what is missing or misaligned among them")
    if isinstance(fins, p.TrapezoidalFins):
        yield (
            f"rocket.add_trapezoidal_fins(\n    {common},\n    root_chord={fins.root_chord:.8g}, tip_chord={fins.tip_chord:.8g}, "
            f"span={fins.span:.8g}, sweep_length={fins.sweep:.8g}\n)"
        )
    elif isinstance(fins, p.EllipticalFins):
        yield f"rocket.add_elliptical_fins(\n    {common},\n    root_chord={fins.root_chord:.8g}, span={fins.span:.8g}\n)"
    elif isinstance(fins, p.FreeformFins):
        points = ", ".join(f"({x:.8g}, {y:.8g})" for x, y in fins.points)
        yield f"rocket.add_free_form_fins(\n    {common},\n    shape_points=[{points}]\n)"


def _canopies(flight: Flight, lost: list[str]) -> Iterator[str]:
    """Devices in the order in which they open. In RocketPy the last one counts alone, so that it gets the drag areas of those before it."""
    out: Sequence[tuple[float, int]] = sorted(
        (when, int(d)) for kind, when, d in flight.raw.events if int(kind) == _OPENING
    )
    total = 0.0
    for when, k in out:
        d = flight.program.devices[k]
        total = d.cd_area if d.replaces else total + d.cd_area
        seen = flight.sample(np.array([max(when - d.lag, 0.0)]))
        climb, height = float(seen.velocity_enu[0, 2]), float(seen.height[0])
        if d.event == AT_APOGEE:
            trigger, lag = '"apogee"', d.delay
        elif d.event == AT_ALTITUDE:
            trigger, lag = f"{d.value:.7g}", d.delay
        else:  # RocketPy 1.13 has no clock in its triggers: the climb at that moment in our flight, which falls all the while it coasts
            trigger, lag = f"lambda p, h, y: h > {0.5 * height:.5g} and y[5] <= {climb:.6g}", 0.0
            lost.append(
                f"{d.name}: that it is released at {d.label}; the script does so at the vertical speed of our flight at that moment"
            )
        if not total:
            lost.append(
                f"{d.name}: that the drag is that of the falling rocket, not of cloth; it is written as a canopy with as much"
            )
        drag = total or float(named_rows(flight.program.compiled.row)["across"])
        yield f"rocket.add_parachute(\n    name={plain(d.name)!r}, cd_s={drag:.7g}, trigger={trigger}, lag={lag + d.lag:.6g}\n)"
        if d.glide > 0:
            lost.append(f"{d.name}: that it glides, {d.glide:g} times as far as it sinks")
    for q in flight.launch.rocket.placed:
        lost.extend(
            f"{q.part.name or type(q.part).__name__.lower()}: {what}"
            for what in lost_of_recovery(q.part)
            if "reefed" not in what
        )
    shut = [d.name for k, d in enumerate(flight.program.devices) if k not in {k for _, k in out}]
    lost.extend(f"{name}: it does not open in our flight" for name in shut)
    if out:
        lost.append("the time in which canopies fill, and the drag of what hangs under them")


def _missing(launch: Launch) -> Iterator[str]:
    """What of the launch RocketPy's calls have no word for, but for its parts."""
    line, aero = launch.thrust_line, launch.aero
    if line.angle_y or line.angle_z or line.offset_y or line.offset_z:
        yield "how the thrust misses the axis"
    if launch.cant_error:
        yield "the cant that all fins have by mistake"
    if aero.brakes is not None:
        yield "air brakes"
    if aero.normal_slope is not None or aero.centre_of_pressure is not None:
        yield "the given tables of lift and centre of pressure"
    if any(f.motor.propellant_left is not None or f.motor.cg_front is not None for f in launch.filled):
        yield "how the motor's mass and balance change by its own table: propellant goes with thrust there, and stays in the middle"
    if launch.terrain is not None:
        yield "the ground: it is flat there"
    yield "uncertainties"


def _flown(flight: Flight) -> Iterator[str]:
    rail, f = flight.launch.rail, flight.figures
    upper, _ = _guides(flight)
    # RocketPy measures the way to the upper button from the nozzle, we from what stands at the rail's foot.
    length = flight.program.guides.upper_travel + (flight.launch.nozzle - upper if upper < _guides(flight)[1] else 0.0)
    yield "\nflight = Flight("
    yield f"    rocket=rocket, environment=environment, rail_length={length:.7g},"
    yield f"    inclination={degrees(rail.elevation):.8g}, heading={degrees(rail.azimuth):.8g},\n)\n"
    for said, theirs, ours in (
        ("apogee above the pad, m", "flight.apogee - environment.elevation", f["apogee_agl"]),
        ("largest speed, m/s", "flight.max_speed", f["max_speed"]),
        ("speed at rail exit, m/s", "flight.out_of_rail_velocity", f["rail_exit_speed"]),
        ("margin at rail exit, calibres", "flight.out_of_rail_stability_margin", f["rail_exit_stability"]),
        ("time of flight, s", "flight.t_final", f["flight_time"]),
    ):
        yield f'print(f"{said}: RocketPy {{{theirs}:.1f}}, downrange {ours:.1f}")'
