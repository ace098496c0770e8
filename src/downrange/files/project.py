"""Project files: `rocket.yaml`, `site.yaml`, `launch.yaml` to a `Launch`.

YAML 1.2 through ruamel.yaml; errors say file, line, key, what was seen and what would be right. Files are untrusted:
a path may not leave the folder of the file that was opened, files above 2 MB and heaps of aliases are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent

from downrange.aero import AeroOptions, Brakes, Method
from downrange.atmosphere import Air, Weather, Wind
from downrange.earth import Pad
from downrange.errors import InputError, NotFoundError, suggest
from downrange.files.aero_tables import read_aero_table
from downrange.files.motors import pick_motor, read_curve_csv
from downrange.files.schema import LaunchFile, MotorFile, RocketFile, SiteFile, part_from, quantities, to_domain
from downrange.files.tables import read_brake_table, read_curve, read_drag, read_weather
from downrange.flight import Launch, Rail, ThrustLine, devices, guides
from downrange.motor import Motor, motor_from_catalogue
from downrange.rocket import Measured, Rocket, part_mass
from downrange.uncertainty import Quantity

__all__ = ["Project", "load", "load_rocket", "open_project", "read_yaml"]

_LIMIT = 2_000_000  # bytes
_ALIASES = 100
M = TypeVar("M", bound=BaseModel)


def read_yaml(path: Path) -> Any:
    """A YAML file as ruamel.yaml's commented maps, which know their lines."""
    if not path.is_file():
        near = suggest(path.name, [p.name for p in path.parent.glob("*.y*ml")] if path.parent.is_dir() else [])
        hint = "" if near else " (downrange new NAME writes a starter)"
        raise NotFoundError(f"no such file{near}{hint}", file=str(path))
    if path.stat().st_size > _LIMIT:
        raise InputError(
            f"{path.stat().st_size / 1e6:.1f} MB is too large for a project file (limit 2 MB)", file=str(path)
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("this is not a text file in UTF-8", file=str(path)) from None
    yaml = YAML(typ="rt")
    try:
        aliases = sum(isinstance(e, AliasEvent) for e in YAML(typ="rt").parse(text))
        if aliases > _ALIASES:
            raise InputError(f"{aliases} aliases; more than {_ALIASES} are refused", file=str(path))
        data = yaml.load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise InputError(f"not valid YAML: {problem}", file=str(path), line=mark.line + 1 if mark else None) from None
    except RecursionError:
        raise InputError("nested too deeply", file=str(path)) from None
    if not isinstance(data, dict):
        raise InputError("expected keys and values, like 'name: Genesis'", file=str(path))
    return data


def _line(data: Any, loc: tuple[Any, ...]) -> int | None:
    line = None
    for key in loc:
        try:
            marks = data.lc
            line = (marks.key(key) if isinstance(data, dict) else marks.item(key))[0] + 1
            data = data[key]
        except (AttributeError, KeyError, IndexError, TypeError):
            continue
    return line


def _known_keys(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """Keys that the model at `loc` knows, for a suggestion."""
    from downrange.files.schema import model_of
    from downrange.rocket import PART_TYPES

    current: Any = model
    for step in loc[:-1]:
        if isinstance(step, str) and step in PART_TYPES:
            current = model_of(PART_TYPES[step])
        elif isinstance(step, str) and isinstance(current, type) and issubclass(current, BaseModel):
            found = current.model_fields.get(step)
            if found is None:
                continue
            options = [found.annotation, *getattr(found.annotation, "__args__", ())]
            current = next((o for o in options if isinstance(o, type) and issubclass(o, BaseModel)), current)
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [f.alias or k for k, f in current.model_fields.items()]
    return []


def _validate(model: type[M], data: Any, path: Path) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = error.errors()
        # A union reports every branch; the deepest place is where the user's mistake is.
        worst = max(problems, key=lambda p: (len(p["loc"]), p["type"] == "extra_forbidden"))
        loc = tuple(worst["loc"])
        shown = ".".join(
            str(p) for p in loc if not (isinstance(p, str) and (" " in p or p.endswith("File") or p == "str"))
        )
        message = worst["msg"]
        if worst["type"] == "extra_forbidden":
            message = f"unknown key {loc[-1]!r}{suggest(str(loc[-1]), _known_keys(model, loc))}"
        elif worst["type"] == "literal_error":
            known = [w.strip("' ") for w in re.split(r",| or ", worst["ctx"]["expected"])]
            wrong = str(worst["input"])
            message = f"unknown {loc[-1]} {wrong!r}{suggest(wrong, known)}; known: {', '.join(known)}"
        elif worst["type"] == "missing":
            message = f"{loc[-1]!r} is missing"
        elif worst["type"].startswith("union_tag"):
            from downrange.rocket import PART_TYPES

            seen = worst["input"].get("type") if isinstance(worst["input"], dict) else worst["input"]
            message = f"unknown part type {seen!r}{suggest(str(seen), PART_TYPES)}; known: {', '.join(PART_TYPES)}"
        more = (
            f" ({len(problems) - 1} more to look at after this one)"
            if len(problems) > 1 and model is not LaunchFile
            else ""
        )
        raise InputError(message + more, file=str(path), line=_line(data, loc), key=shown) from None


@dataclass(frozen=True)
class _Folder:
    """The folder that paths are relative to, and may not leave."""

    root: Path
    trusted: bool

    def file(self, name: str, key: str) -> Path:
        path = (self.root / name).resolve()
        if not self.trusted and not path.is_relative_to(self.root.resolve()):
            raise InputError(
                f"the path {name!r} leaves the project folder {self.root.name!r}; move the file in, or say that you trust this "
                "file (--trust)", key=key,
            )  # fmt: skip
        if not path.is_file():
            near = suggest(path.name, [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else [])
            raise NotFoundError(f"no such file {name!r}{near}", key=key)
        return path


@dataclass(frozen=True, eq=False)
class Project:
    """A launch as its files state it (with uncertainties), and the `Launch` at the centres."""

    path: Path
    file: LaunchFile
    rocket_file: RocketFile
    site_file: SiteFile
    launch: Launch

    @cached_property
    def uncertain(self) -> dict[str, Quantity]:
        """Every quantity that was given with an uncertainty, by its path."""
        found: dict[str, Quantity] = {}
        for prefix, model in (("rocket", self.rocket_file), ("site", self.site_file), ("", self.file)):
            found.update({p: q for p, q in quantities(model, prefix) if q.uncertain})
        return found


def _rocket(file: RocketFile, data: Any, path: Path) -> Rocket:
    try:
        rocket = Rocket(
            file.name, tuple(part_from(p) for p in file.parts), file.finish, to_domain(file.measured, Measured)
        )
        for q in rocket.placed:
            try:
                part_mass(q.part, q.at)
            except InputError as error:
                raise type(error)(error.message, key=q.path) from None
        _ = rocket.without_motor
        return rocket
    except InputError as error:
        raise type(error)(error.message, file=str(path), line=_line_of(data, error.key), key=error.key) from None


def _line_of(data: Any, key: str | None) -> int | None:
    """Line of a key path like `parts[1].parts[0].diameter`."""
    if not key:
        return None
    words = key.replace("[", ".").replace("]", "").split(".")
    return _line(data, tuple(int(w) if w.isdigit() else w for w in words))


def _motor(given: str | MotorFile, folder: _Folder) -> Motor:
    m = MotorFile(name=given) if isinstance(given, str) else given
    if isinstance(given, str) and given.lower().endswith((".eng", ".rse")):
        m = MotorFile(file=given)
    v = {k: float(q) for k in MotorFile.model_fields if isinstance(q := getattr(m, k), Quantity)}
    if m.file:
        motor = pick_motor(folder.file(m.file, "motor.file"), m.name)
    elif m.curve:
        need = [k for k in ("diameter", "length", "propellant_mass", "dry_mass") if k not in v]
        if need:
            raise InputError(f"a motor from a curve also needs {', '.join(need)}", key="motor")
        time, thrust = read_curve_csv(folder.file(m.curve, "motor.curve"))
        motor = Motor(
            designation=m.name or Path(m.curve).stem, time=time, thrust=thrust, diameter=v["diameter"], length=v["length"],
            propellant_mass=v["propellant_mass"], dry_mass=v["dry_mass"], source=m.curve,
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
    motor = replace(motor, **changes) if changes else motor
    return motor.scaled(impulse=v["impulse_factor"]) if v.get("impulse_factor", 1.0) != 1.0 else motor


def _pad(site: SiteFile, data: Any, path: Path) -> Pad:
    constant = float(site.gravity) if isinstance(site.gravity, Quantity) else None
    model = "constant" if constant is not None else site.gravity
    try:
        return Pad(float(site.latitude), float(site.longitude), float(site.elevation), model, constant)
    except InputError as error:
        raise InputError(error.message, file=str(path), line=_line_of(data, error.key), key=error.key) from None


def _weather(file: LaunchFile, pad: Pad, folder: _Folder) -> Weather:
    w = file.weather
    pressure = float(w.pressure) if w.pressure is not None else None
    temperature = float(w.temperature) if w.temperature is not None else None
    air = (
        Air.standard()
        if temperature is None and pressure is None
        else Air.from_site(pad.elevation, temperature, pressure)
    )
    wind = Wind()
    if w.wind is not None:
        if w.wind.layers:
            z = [pad.elevation + float(layer.height) for layer in w.wind.layers]
            speed = np.array([float(layer.speed) for layer in w.wind.layers])
            from_ = np.array([float(layer.from_direction) for layer in w.wind.layers])
            wind = Wind.from_levels(
                z, -speed * np.sin(from_), -speed * np.cos(from_), elevation=pad.elevation, source="layers"
            )
        elif w.wind.speed is not None:
            direction = float(w.wind.from_direction) if w.wind.from_direction is not None else 0.0
            wind = _surface_wind(
                float(w.wind.speed), direction, pad, float(w.wind.reference_height), float(w.wind.exponent)
            )
        else:
            raise InputError("wind needs speed and from, or layers", key="weather.wind")
    if w.profile:
        seen_air, seen_wind = read_weather(
            folder.file(w.profile, "weather.profile"), pad.elevation, pad_pressure=pressure
        )
        air = seen_air or air
        if w.wind is None:
            wind = seen_wind or wind
    return Weather(air, wind)


def _surface_wind(speed: float, direction: float, pad: Pad, height: float = 10.0, exponent: float = 1 / 7) -> Wind:
    if exponent == 0:
        return Wind.constant(speed, direction)
    return Wind.power_law(speed, direction, elevation=pad.elevation, reference=height, exponent=exponent)


def _aero(file: LaunchFile, folder: _Folder, method: Method | None) -> AeroOptions:
    a = file.aero
    off = on = normal = place = None
    if a.table:
        t = read_aero_table(
            folder.file(a.table, "aero.table"),
            moment_centre=None if a.moment_centre is None else float(a.moment_centre),
            reference_length=None if a.reference_length is None else float(a.reference_length),
        )
        off, on, normal, place = t.drag_off, t.drag_on, t.normal_slope, t.centre_of_pressure
    if a.normal_slope:
        normal = read_curve(folder.file(a.normal_slope, "aero.normal_slope"), "CNα")
    if a.centre_of_pressure:
        place = read_curve(folder.file(a.centre_of_pressure, "aero.centre_of_pressure"), "centre of pressure")
    if a.drag:
        off, on = read_drag(folder.file(a.drag, "aero.drag"))
    if a.drag_power_on:
        on = read_drag(folder.file(a.drag_power_on, "aero.drag_power_on"))[0]
    brakes = None
    if a.brakes:
        brakes = Brakes(
            read_brake_table(folder.file(a.brakes.table, "aero.brakes.table")),
            read_curve(folder.file(a.brakes.schedule, "aero.brakes.schedule"), "brake schedule"), a.brakes.replaces,
        )  # fmt: skip
    slope = 2 * np.pi
    if a.fin_airfoil:
        foil = read_curve(folder.file(a.fin_airfoil, "aero.fin_airfoil"), "aerofoil")
        slope = float((foil(0.035) - foil(-0.035 if foil.x[0] < 0 else 0.0)) / (0.07 if foil.x[0] < 0 else 0.035))
        if not 2 <= slope <= 9:
            raise InputError(
                f"the aerofoil's lift slope of {slope:.2f} per radian is not between 2 and 9; angles in radians",
                key="aero.fin_airfoil",
            )
    return AeroOptions(
        drag_off=off, drag_on=on, drag_factor=float(a.drag_factor), fin_section_slope=slope, brakes=brakes, method=method or a.method,
        normal_slope=normal, centre_of_pressure=place,
    )  # fmt: skip


def open_project(
    path: str | Path, *, motor: str | None = None, wind: tuple[float, float] | None = None, elevation: float | None = None,
    azimuth: float | None = None, method: Method | None = None, trusted: bool = False,
) -> Project:  # fmt: skip
    """Read a launch file. The keywords replace what it says: motor by name or file; wind (m/s, from, rad) at 10 m;
    rail elevation and azimuth in radians; `method` of the normal force. Raises `InputError` with file, line and key."""
    path = Path(path)
    data = read_yaml(path)
    file = _validate(LaunchFile, data, path)
    folder = _Folder(path.parent, trusted)
    try:
        rocket_path, site_path = path, path
        rocket_data, site_data = data.get("rocket"), data.get("site")
        rocket_file, site_file = file.rocket, file.site
        if isinstance(rocket_file, str):
            rocket_path = folder.file(rocket_file, "rocket")
            rocket_data = read_yaml(rocket_path)
            rocket_file = _validate(RocketFile, rocket_data, rocket_path)
        if isinstance(site_file, str):
            site_path = folder.file(site_file, "site")
            site_data = read_yaml(site_path)
            site_file = _validate(SiteFile, site_data, site_path)
        pad = _pad(site_file, site_data, site_path)
        chosen = file.motor if motor is None else motor
        spec = chosen if isinstance(chosen, MotorFile) else None
        line = file.thrust_line
        launch = Launch(
            rocket=_rocket(rocket_file, rocket_data, rocket_path),
            motor=_motor(chosen, folder if motor is None else _Folder(Path.cwd(), True)),
            pad=pad,
            weather=_weather(file, pad, folder) if wind is None else replace(_weather(file, pad, folder), wind=_surface_wind(*wind, pad)),
            rail=Rail(
                float(file.rail.length), float(file.rail.elevation) if elevation is None else elevation,
                float(file.rail.azimuth) if azimuth is None else azimuth,
            ),
            name=file.name or path.stem,
            motor_position=float(spec.position) if spec and spec.position is not None else None,
            motor_delay=float(spec.delay) if spec and spec.delay is not None else None,
            guides=(float(file.guides.upper), float(file.guides.lower)) if file.guides else None,
            aero=_aero(file, folder, method),
            thrust_line=ThrustLine(float(line.angle_y), float(line.angle_z), float(line.offset_y), float(line.offset_z)),
            time_limit=float(file.time_limit),
        )  # fmt: skip
        devices(launch)
        guides(launch)
    except InputError as error:
        if error.file is None:
            raise type(error)(error.message, file=str(path), line=_line_of(data, error.key), key=error.key) from None
        raise
    return Project(path, file, rocket_file, site_file, launch)


def load(path: str | Path, *, trusted: bool = False) -> Launch:
    """The launch that a `launch.yaml` describes, at the centres of its quantities."""
    return open_project(path, trusted=trusted).launch


def load_design(path: str | Path) -> tuple[Rocket, Launch | None]:
    """The rocket of a `rocket.yaml`, or that of a launch file and the launch with it."""
    path = Path(path)
    data = read_yaml(path)
    if "parts" not in data and "rocket" in data:
        launch = open_project(path).launch
        return launch.rocket, launch
    return _rocket(_validate(RocketFile, data, path), data, path), None


def load_rocket(path: str | Path) -> Rocket:
    """The rocket that a `rocket.yaml` describes, or the one that a launch file names."""
    return load_design(path)[0]
