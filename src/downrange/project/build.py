"""From the models of the project files to the package's own values: rocket, motor, pad, weather, aerodynamics."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from downrange.aero import AeroOptions, Brakes, Method
from downrange.atmosphere import Air, Weather, Wind, standard_pressure
from downrange.earth import Pad, Terrain
from downrange.errors import InputError
from downrange.flight import Launch, MountedMotor, Rail, Section, ThrustLine
from downrange.flight.variants import with_ballast
from downrange.formats.curves import (
    read_airfoil,
    read_brake_schedule,
    read_brake_table,
    read_centre_of_pressure,
    read_drag,
    read_normal_slope,
    read_propellant,
    read_thrust,
)
from downrange.formats.motors import READERS, pick_motor, thinned
from downrange.formats.motors.eng import FLOW_UNKNOWN
from downrange.formats.reading import Folder
from downrange.formats.weather import read_profile
from downrange.motor import Motor, motor_from_catalogue
from downrange.project.grains import GrainMotor, holds_grains
from downrange.project.schema import (
    LaunchFile,
    MotorFile,
    MountedMotorFile,
    RocketFile,
    SiteFile,
    parts_from,
    stages_from,
    to_domain,
)
from downrange.project.schema_weather import WindFile
from downrange.project.validating import line_of_key
from downrange.remember import remembered
from downrange.rocket import Assembly, Ignition, Measured, Rocket, mass_of
from downrange.rocket.rocket import rocket_of
from downrange.tables import Table1D
from downrange.uncertainty import Quantity

if TYPE_CHECKING:
    from downrange.learning import Learned
    from downrange.project.schema_motor import GrainMotorFile

__all__ = ["Folder", "Overrides", "build_launch", "build_pad", "build_rocket", "line_of_key"]

SHUT = Table1D(np.array([0.0, 1.0]), np.zeros(2), "brakes, shut")


def build_rocket(file: RocketFile, data: Any, path: Path) -> Rocket:
    try:
        parts = stages_from(file.stages) or parts_from(file.parts)
        roughness = None if file.roughness is None else float(file.roughness)
        measured: Measured = to_domain(file.measured, Measured)
        rocket = rocket_of(file.name, parts, file.finish, measured, 0.0, True, roughness)
        _check_masses(rocket, "")
        _ = rocket.without_motor
        return rocket
    except InputError as error:
        raise type(error)(error.message, file=str(path), line=line_of_key(data, error.key), key=error.key) from None


def _check_masses(rocket: Rocket, place: str) -> None:
    """Refuse a part whose mass cannot be computed; `place` stands before the key."""
    for q in rocket.placed:
        if not isinstance(q.part, Assembly):
            try:
                mass_of(q.part, q.at)
            except InputError as error:
                raise type(error)(error.message, key=f"{place}{q.path}") from None
    for a in rocket.attached:
        _check_masses(a.rocket, f"{place}{a.path}.")


def motor_of(given: str | MotorFile | GrainMotorFile, folder: Folder, grains: GrainMotor | None = None) -> Motor:
    """The motor that a launch file gives: a catalogue name, a file of `folder`, its data, or its grains.

    grains: a motor of grains that stands for the file where that holds one, with quantities at other values.
    """
    if isinstance(given, str) and holds_grains(given):
        from downrange.project.motors import flown_motor, open_grain_motor

        return flown_motor(grains or open_grain_motor(folder.file(given, "motor"), trusted=folder.trusted))
    if not isinstance(given, str | MotorFile):
        return _of_grains(given, folder)
    m = MotorFile(name=given) if isinstance(given, str) else given
    if isinstance(given, str) and READERS.knows(given):
        m = MotorFile(file=given)
    v = {k: float(q) for k in MotorFile.model_fields if isinstance(q := getattr(m, k), Quantity)}
    if m.file:
        motor = pick_motor(folder.file(m.file, "motor.file"), m.name)
    elif m.curve:
        need = [k for k in ("diameter", "length", "propellant_mass", "dry_mass") if k not in v]
        if need:
            raise InputError(f"a motor from a curve also needs {', '.join(need)}", key="motor")
        time, thrust, note = thinned(*read_thrust(folder.file(m.curve, "motor.curve")))
        motor = Motor(
            designation=m.name or Path(m.curve).stem, time=time, thrust=thrust, diameter=v["diameter"], length=v["length"],
            propellant_mass=v["propellant_mass"], dry_mass=v["dry_mass"], source=m.curve,
            flags=() if note is None else (note,),
        )  # fmt: skip
    elif m.name:
        motor = motor_from_catalogue(m.name)
    else:
        raise InputError("a motor needs a name (from the catalogue), a file, or a curve", key="motor")
    keys = (
        "diameter",
        "length",
        "propellant_mass",
        "dry_mass",
        "reference_pressure",
        "grain_diameter",
        "grain_bore",
        "grain_length",
        "grain_centre",
    )
    changes: dict[str, Any] = {k: v[k] for k in keys if k in v}
    if "propellant_mass" in changes:
        changes["propellant_left"] = None
    if "nozzle_exit_diameter" in v:
        changes["nozzle_exit_area"] = np.pi / 4 * v["nozzle_exit_diameter"] ** 2
    motor = _changed(motor, tuple(changes.items())) if changes else motor
    if m.flow:
        motor = replace(motor, flags=tuple(f for f in motor.flags if FLOW_UNKNOWN not in f))
        motor = motor.flowing(*read_propellant(folder.file(m.flow, "motor.flow")))
    return motor.scaled(impulse=v["impulse_factor"]) if v.get("impulse_factor", 1.0) != 1.0 else motor


@remembered(16)
def _changed(motor: Motor, changes: tuple[tuple[str, Any], ...]) -> Motor:
    """A motor with some fields changed; the same one for the same, by which what follows from a motor is found again."""
    return replace(motor, **dict(changes))


def _of_grains(given: GrainMotorFile, folder: Folder) -> Motor:
    from downrange.project.motors import flown_motor, grains_in_place

    try:
        return flown_motor(grains_in_place(given, folder))
    except InputError as error:
        if error.file is not None:
            raise
        raise type(error)(error.message, key=f"motor.{error.key}" if error.key else "motor") from None


def _motors(file: LaunchFile, folder: Folder, o: Overrides) -> tuple[MountedMotor, ...]:
    """The motors of a launch file, or the one of the command line, each in its mount."""
    given: list[MountedMotorFile | MotorFile | GrainMotorFile | str] = list(file.motors)
    if file.motor is not None:
        given = [file.motor]
    if len(given) > 1:
        for flag, value in (("--motor", o.motor), ("--delay", o.delay)):
            if value is not None:
                raise InputError(
                    f"{flag} is for a launch of one motor; this one has {len(given)}: change them in its file", key=flag
                )
    out = []
    for k, entry in enumerate(given):
        m = entry if isinstance(entry, MountedMotorFile) else MountedMotorFile(motor=entry)
        inner = m.motor if isinstance(m.motor, MotorFile) and o.motor is None else None
        delay, position = (
            next((v for v in (getattr(m, key), getattr(inner, key, None)) if v is not None), None)
            for key in ("delay", "position")
        )
        try:
            motor = motor_of(m.motor, folder, o.grains) if o.motor is None else _other_motor(o.motor, folder, o.grains)
            out.append(MountedMotor(
                motor, m.mount, () if m.tubes == "all" else tuple(m.tubes),
                o.delay if o.delay is not None else None if delay is None else float(delay),
                None if m.ignition is None else to_domain(m.ignition, Ignition), None if position is None else float(position),
                m.ejects_casing,
            ))  # fmt: skip
        except InputError as error:
            if file.motor is not None or error.file is not None or (error.key or "").startswith("--"):
                raise
            raise type(error)(error.message, key=f"motors[{k}].{error.key}" if error.key else f"motors[{k}]") from None
    return tuple(out)


def _other_motor(name: str, folder: Folder, grains: GrainMotor | None) -> Motor:
    """The motor of the command line; its path is relative to where the command is given."""
    try:
        return motor_of(name, Folder(Path.cwd(), True, folder.opened), grains)
    except InputError as error:
        if error.file is not None:
            raise
        raise type(error)(error.message, key="--motor") from None


def build_pad(site: SiteFile, data: Any, path: Path) -> Pad:
    """The pad of a site file. Raises `InputError` for what is no place, with file, line and key."""
    constant = float(site.gravity) if isinstance(site.gravity, Quantity) else None
    model = "constant" if constant is not None else site.gravity
    try:
        return Pad(float(site.latitude), float(site.longitude), float(site.elevation), model, constant)
    except InputError as error:
        raise InputError(error.message, file=str(path), line=line_of_key(data, error.key), key=error.key) from None


def _weather(
    file: LaunchFile, pad: Pad, folder: Folder, *, wind_known: bool = False
) -> tuple[Weather, tuple[str, ...]]:
    """Air and wind of the day, and notes on what was not used; `wind_known`: the wind is given on the command line."""
    w = file.weather
    pressure = float(w.pressure) if w.pressure is not None else None
    temperature = float(w.temperature) if w.temperature is not None else None
    plain = temperature is None and pressure is None
    air = Air.standard() if plain else Air.from_site(pad.elevation, temperature, pressure)
    wind = None if w.wind is None else _stated_wind(w.wind, pad)
    notes: list[str] = []
    if w.profile:
        seen = read_profile(folder.file(w.profile, "weather.profile"), pad.elevation, pad_pressure=pressure)
        notes += seen.notes
        air = seen.air or air
        if seen.air is not None and temperature is not None:
            notes.append(f"weather.temperature is not used: the profile {w.profile} has temperatures.")
        if seen.wind is not None and wind is not None and not wind_known:
            notes.append(f"weather.wind is not used: the profile {w.profile} has wind. Take one of them out.")
        wind = seen.wind or wind
    if w.ensemble and not wind_known:
        if wind is not None:
            loser = "weather.wind" if w.wind is not None else f"the wind of the profile {w.profile}"
            notes.append(f"{loser} is not used: the ensemble {w.ensemble} has the winds. Take one of them out.")
        wind = _mean_wind(w.ensemble, w.hour, pad, folder)
    notes += _pressure_notes(float(air.pressure(pad.elevation)), pad)
    return Weather(air, wind or Wind()), tuple(notes)


def _pressure_notes(pressure: float, pad: Pad) -> list[str]:
    """Whether the pressure at the pad (Pa) is one of the sea's; the highest ever reported there is 7 % above standard."""
    share = pressure / float(standard_pressure(pad.elevation)) - 1
    text = (
        f"the air pressure of {pressure / 100:.0f} hPa at the pad is {100 * share:.0f} % above the usual one at {pad.elevation:.0f} m: "
        "is it reduced to sea level? It must be the pressure at the pad"
    )
    if share > 0.08:
        raise InputError(text, key="weather.pressure")
    return [text + "."] if share > 0.045 else []


def _stated_wind(w: WindFile, pad: Pad) -> Wind:
    """The wind of the key `wind`: one speed and direction, or layers in any order."""
    if w.layers:
        if w.speed is not None or w.from_direction is not None:
            raise InputError(
                "wind has layers and a speed or direction beside them; keep one", key="weather.wind.layers"
            )
        order = sorted(range(len(w.layers)), key=lambda k: float(w.layers[k].height))
        layers = [w.layers[k] for k in order]
        for k, a, b in zip(order[1:], layers, layers[1:]):
            if float(b.height) - float(a.height) < 1e-6:
                raise InputError(
                    f"two layers of wind at {float(b.height):g} m; keep one", key=f"weather.wind.layers[{k}].height"
                )
        z = [pad.elevation + float(layer.height) for layer in layers]
        speed = np.array([float(layer.speed) for layer in layers])
        from_ = np.array([float(layer.from_direction) for layer in layers])
        return Wind.from_levels(
            z, -speed * np.sin(from_), -speed * np.cos(from_), elevation=pad.elevation, source="layers"
        )
    if w.speed is None:
        raise InputError("wind needs its speed, like 'speed: 5 m/s', and from, or layers", key="weather.wind")
    if w.from_direction is None and float(w.speed) > 0:
        raise InputError(
            f"a wind of {float(w.speed):g} m/s needs the direction that it comes from, like 'from: 270 deg'",
            key="weather.wind.speed",
        )
    direction = 0.0 if w.from_direction is None else float(w.from_direction)
    return _surface_wind(float(w.speed), direction, pad, float(w.reference_height), float(w.exponent))


def _mean_wind(ensemble: str, hour: str | None, pad: Pad, folder: Folder) -> Wind:
    """The mean of an ensemble's members: what a single flight meets."""
    from downrange.formats.ensembles import read_forecast

    winds = read_forecast(folder.file(ensemble, "weather.ensemble", folders=True), pad).at(hour)
    return Wind.mean_of(winds, f"mean of {len(winds)} members of {Path(ensemble).name}")


def _surface_wind(speed: float, direction: float, pad: Pad, height: float = 10.0, exponent: float = 1 / 7) -> Wind:
    if exponent == 0:
        return Wind.constant(speed, direction)
    return Wind.power_law(speed, direction, elevation=pad.elevation, reference=height, exponent=exponent)


def _aero(file: LaunchFile, folder: Folder, method: Method | None) -> AeroOptions:
    a = file.aero
    off = on = normal = place = None
    if a.table:
        from downrange.formats.aero_tables import read_aero_table

        t = read_aero_table(
            folder.file(a.table, "aero.table"),
            moment_centre=None if a.moment_centre is None else float(a.moment_centre),
            reference_length=None if a.reference_length is None else float(a.reference_length),
        )
        off, on, normal, place = t.drag_off, t.drag_on, t.normal_slope, t.centre_of_pressure
    if a.normal_slope:
        normal = read_normal_slope(folder.file(a.normal_slope, "aero.normal_slope"))
    if a.centre_of_pressure:
        place = read_centre_of_pressure(folder.file(a.centre_of_pressure, "aero.centre_of_pressure"))
    if a.drag:
        off, on = read_drag(folder.file(a.drag, "aero.drag"))
    if a.drag_power_on:
        on = read_drag(folder.file(a.drag_power_on, "aero.drag_power_on"))[0]
    if "base_beside_jet" in a.model_fields_set and (off is not None or on is not None):
        raise InputError(
            f"base_beside_jet is {float(a.base_beside_jet):g}, and the drag comes from a table, base and all: leave one of them out",
            key="aero.base_beside_jet",
        )
    brakes = None
    if a.brakes:
        brakes = Brakes(
            read_brake_table(folder.file(a.brakes.table, "aero.brakes.table")),
            read_brake_schedule(folder.file(a.brakes.schedule, "aero.brakes.schedule")) if a.brakes.schedule else SHUT, a.brakes.replaces,
        )  # fmt: skip
    slope = 2 * np.pi
    if a.fin_airfoil:
        foil = read_airfoil(folder.file(a.fin_airfoil, "aero.fin_airfoil"))
        slope = float((foil(0.035) - foil(-0.035 if foil.x[0] < 0 else 0.0)) / (0.07 if foil.x[0] < 0 else 0.035))
        if not 1 <= slope <= 15:
            raise InputError(
                f"the aerofoil's lift slope of {slope:.2f} per radian is not between 1 and 15 (2π in theory); angles in radians",
                key="aero.fin_airfoil",
            )
    return AeroOptions(
        drag_off=off, drag_on=on, drag_factor=float(a.drag_factor), fin_section_slope=slope, brakes=brakes, method=method or a.method,
        normal_slope=normal, centre_of_pressure=place, base_beside_jet=float(a.base_beside_jet),
    )  # fmt: skip


@dataclass(frozen=True)
class Overrides:
    """What the command line says instead of the file: SI, radians; wind is (speed at 10 m, from), ballast (mass, m aft of the nose tip).

    `learned` is what flights taught of the rocket (`project.learned`), `flown` how many there were and how many of them failed, by mode.
    """

    motor: str | None = None
    wind: tuple[float, float] | None = None
    elevation: float | None = None
    azimuth: float | None = None
    method: Method | None = None
    delay: float | None = None
    notes: tuple[str, ...] = ()
    grains: GrainMotor | None = None
    ballast: tuple[float, float] | None = None
    learned: Learned | None = None
    flown: tuple[int, tuple[tuple[str, int], ...]] = (0, ())


def build_launch(
    file: LaunchFile, rocket: Rocket, site: SiteFile, *, site_data: Any, site_path: Path, folder: Folder,
    overrides: Overrides, name: str, site_folder: Folder,
) -> Launch:  # fmt: skip
    """The `Launch` of a launch file, its rocket and its site, at the centres of their quantities."""
    o = overrides
    pad = build_pad(site, site_data, site_path)
    first, *others = _motors(file, folder, o)
    line = file.thrust_line
    weather, notes = _weather(file, pad, folder, wind_known=o.wind is not None)
    launch = Launch(
        rocket=rocket, motor=first.motor, pad=pad,
        weather=weather if o.wind is None else replace(weather, wind=_surface_wind(*o.wind, pad)),
        rail=Rail(
            float(file.rail.length), float(file.rail.elevation) if o.elevation is None else o.elevation,
            float(file.rail.azimuth) if o.azimuth is None else o.azimuth,
        ),
        name=file.name or name,
        motor_position=first.position, motor_delay=first.delay, motor_mount=first.mount, motor_tubes=first.tubes,
        motor_ignition=first.ignition, motor_ejects_casing=first.ejects_casing, more_motors=tuple(others),
        guides=(float(file.guides.upper), float(file.guides.lower)) if file.guides else None,
        aero=_aero(file, folder, o.method),
        thrust_line=ThrustLine(float(line.angle_y), float(line.angle_z), float(line.offset_y), float(line.offset_z)),
        time_limit=float(file.time_limit),
        terrain=None if site.ground.terrain is None else _terrain(site, pad, site_folder), notes=notes + o.notes + _steered_notes(file),
    )  # fmt: skip
    launch = replace(launch, sections=_sections(file, launch.aft_end))
    launch = launch if o.learned is None else o.learned.apply(launch)
    return launch if o.ballast is None else with_ballast(launch, *o.ballast)


def _steered_notes(file: LaunchFile) -> tuple[str, ...]:
    """Who flies the controllers of a launch file, and who does not."""
    if not file.controllers:
        return ()
    named = ", ".join(c.type for c in file.controllers)
    return (
        f"Its controllers ({named}) fly in fly, disperse and what rests on a campaign; check, compare, solve and plots fly without them.",
    )


def _sections(file: LaunchFile, aft_end: float) -> tuple[Section, ...]:
    """The sections of a launch file; the last ends where the rocket does."""
    out, front = [], 0.0
    for k, s in enumerate(file.sections):
        if s.to is None and k < len(file.sections) - 1:
            raise InputError(f"section {s.name!r} needs its aft end, like 'to: 1.2 m'", key=f"sections[{k}].to")
        aft = aft_end if s.to is None else float(s.to)
        out.append(Section(s.name, front, aft, None if s.mass is None else float(s.mass)))
        front = aft
    return tuple(out)


def _terrain(site: SiteFile, pad: Pad, folder: Folder) -> Terrain:
    from downrange.project.ground import build_terrain

    assert site.ground.terrain is not None
    return build_terrain(site.ground.terrain, pad, folder)
