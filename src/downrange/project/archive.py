"""A season's flights from its table or its archive: each line with its launch, its logs or its numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from downrange.errors import InputError, seen, suggest
from downrange.failures import MODES, RECOVERY_MODES, VEHICLE_MODES
from downrange.formats.reading import Folder
from downrange.learning import FlownFlight
from downrange.project.lessons import lesson_of_logs, lesson_of_numbers
from downrange.project.parameters import find_place, varied
from downrange.project.project import Project, open_project
from downrange.project.season_table import Line, Season, read_season
from downrange.rocket import Parachute

__all__ = ["flights_of_season"]

_NAMES = ("flights.csv", "flights.yaml", "flights.yml")
_FOOT = (2.8, 3.7)  # of measured over predicted: a number of feet read as metres, or the other way
Tell = Callable[[str, int, int], None]


def season_in(path: Path) -> Path:
    """The table of an archive's folder: `flights.csv` or `flights.yaml`, or the only one there. Raises `InputError` where there is none."""
    if not path.is_dir():
        return path
    if (own := next((path / n for n in _NAMES if (path / n).is_file()), None)) is not None:
        return own
    found = sorted(p for p in path.iterdir() if p.suffix.lower() in (".yaml", ".yml"))
    if len(found) != 1:
        raise InputError(
            "an archive of flights has a 'flights.csv' or 'flights.yaml' in it: a line each with launch, logs and outcome",
            file=str(path),
        )
    return found[0]


def flights_of_season(
    project: Project, path: Path, *, trusted: bool = False, tell: Tell | None = None
) -> tuple[list[FlownFlight], list[str]]:
    """The flights of a table or an archive of a project opened as drawn, in their order, and what was not used of it.

    Raises `InputError` with file and line for what cannot be read: nothing is learned from half a season.
    """
    season = read_season(season_in(path))
    notes = [f"the column {seen(h, 40)} is not known and was not used" for h in season.unknown]
    notes += [f"line {n} ends before the last heading: what it lacks was taken for not known" for n in season.short]
    _each_once(season)
    says_without = _without_motor(project, season)
    if says_without is not None:
        notes.append(
            f"the column of masses was taken for {'the rocket without motor' if says_without else 'that at lift-off, motor and all'}"
        )
    days: dict[str, float] = {}
    out: list[FlownFlight] = []
    for k, line in enumerate(season.lines):
        if tell is not None:
            tell("reading the flights", k, len(season.lines))
        try:
            flown = _flight(project, season, line, trusted=trusted, without=bool(says_without), notes=notes, days=days)
        except InputError as error:
            where = error.file or str(season.path)
            raise type(error)(f"line {line.line}: {error.message}" if error.file else error.message, file=where, line=error.line if error.file else line.line, key=error.key) from None  # fmt: skip
        if flown is not None:
            out.append(flown)
    _same_units(out, season.path)
    return out, list(dict.fromkeys(notes))


def _folder(project: Project, season: Season, trusted: bool) -> Folder:
    """What a season's lines may name: all of the launch's own folder where the season stands in it, as `flights/` beside the launch does; else its own."""
    own, home = season.path.parent, project.path.parent
    inside = own.resolve().is_relative_to(home.resolve())
    return Folder.of(home, trusted).within(own) if inside else Folder.of(own, trusted)


def _name(line: Line) -> str:
    """What a flight is called: its line with its name and date, or where it has none with the file of its first log."""
    words = [str(line.get(k)) for k in ("name", "date") if line.get(k)]
    if not words and line.get("logs"):
        words = [str(line.get("logs")).replace(";", "\n").strip().splitlines()[0].strip()]
    return f"line {line.line}" + (f" ({', '.join(words)[:60]})" if words else "")


def _outcome(line: Line) -> str:
    given = str(line.get("outcome") or "nominal").strip().lower()
    if given in ("", "nominal", "ok", "good", "success", "fine", "safe"):
        return "nominal"
    known = [m.name for m in (*MODES, *RECOVERY_MODES, *VEHICLE_MODES)]
    if given not in known:
        raise InputError(
            f"the outcome {seen(given, 40)} is not known{suggest(given, known)}; nominal, or one of {', '.join(known)}",
            key="outcome",
        )
    return given


def _flight(
    project: Project,
    season: Season,
    line: Line,
    *,
    trusted: bool,
    without: bool,
    notes: list[str],
    days: dict[str, float],
) -> FlownFlight | None:
    """The flight of a line; None where it tells nothing, which is then said."""
    name, outcome, folder = _name(line), _outcome(line), _folder(project, season, trusted)
    here = project
    if line.get("launch"):
        here = open_project(folder.file(str(line.get("launch")), "launch"), as_drawn=True, trusted=trusted)
        if here.rocket_file.name != project.rocket_file.name:
            raise InputError(
                f"{seen(line.get('launch'), 60)} flies {seen(here.rocket_file.name, 40)}, not {seen(project.rocket_file.name, 40)}: one rocket at a time"
            )
    here = _as_it_was(here, line, without, notes)
    if line.get("logs"):
        names = [n.strip() for n in str(line.get("logs")).replace(";", "\n").splitlines() if n.strip()]
        return lesson_of_logs(here, [folder.file(n, "logs") for n in names], name, outcome)
    if line.get("shown") is None and line.get("height") is None and (line.get("time") is None or outcome != "nominal"):
        if outcome == "nominal":
            notes.append(f"{name} has neither height nor time nor logs, and taught nothing")
            return None
        return FlownFlight(name, here.launch, (), None, _digest(line), outcome)
    if outcome == "nominal" and line.get("shown") is None and line.get("height") is None:
        notes.append(f"{name} has no height: its time alone was learned from")
    key = f"{line.get('launch')}/{here.launch.motor.designation}"
    flown = lesson_of_numbers(
        here, name, shown=line.get("shown"), height=line.get("height"), time=line.get("time"), digest=_digest(line), outcome=outcome, day=days.get(key)
    )  # fmt: skip
    days[key] = flown.day
    return flown


def _digest(line: Line) -> str:
    """What a line says but its notes, wherever it stands: a line put in above it makes no other flight of it."""
    said = sorted((k, repr(v)) for k, v in line.values.items() if k != "notes")
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _each_once(season: Season) -> None:
    """Raises `InputError` for a flight that is written down twice."""
    first: dict[str, Line] = {}
    for line in season.lines:
        if (before := first.setdefault(_digest(line), line)) is not line:
            raise InputError(
                f"it says the same as line {before.line}: a flight teaches once; take one of them out, or give each its own name or date",
                file=str(season.path), line=line.line,
            )  # fmt: skip


def _without_motor(project: Project, season: Season) -> bool | None:
    """Whether a column headed just 'mass' is the mass without motor: which of both the drawing is nearer to; None without such a column.

    Raises `InputError` where that cannot be told.
    """
    masses = [float(x.get("mass")) for x in season.lines if x.get("mass") is not None]
    if not masses:
        return None
    middle = sorted(masses)[len(masses) // 2]
    launch = project.launch
    low, high = launch.rocket.without_motor.mass, launch.loaded.mass
    if not 0.7 * low < middle < 1.4 * high:
        raise InputError(
            f"masses of about {1e3 * middle:.0f} g, and the drawing has {1e3 * low:.0f} g without motor and {1e3 * high:.0f} g at lift-off: other units, or another rocket?",
            file=str(season.path),
        )
    a, b = abs(middle / low - 1), abs(middle / high - 1)
    if min(a, b) > 0.5 * max(a, b):
        raise InputError(
            f"masses of about {1e3 * middle:.0f} g may be without motor ({1e3 * low:.0f} g drawn) or at lift-off ({1e3 * high:.0f} g): head the column 'mass without motor (g)' or 'lift-off mass (g)'",
            file=str(season.path), line=1,
        )  # fmt: skip
    return a < b


def _as_it_was(project: Project, line: Line, without: bool, notes: list[str]) -> Project:
    """The launch as a line says it was: mass, motor, weather, canopy; what it does not say is as the launch file has it."""
    values: dict[Any, Any] = {}
    if line.get("motor"):
        values[find_place(project, "motor")] = str(line.get("motor"))
        project, values = varied(project, values), {}
    launch = project.launch
    if line.get("wind") is not None:
        given = project.file.weather.wind
        from_ = line.get("wind_from")
        if from_ is None:
            stated = None if given is None else given.from_direction
            from_ = launch.rail.azimuth if stated is None else float(stated)
        o = replace(project.sources.overrides, wind=(float(line.get("wind")), float(from_)))
        sources = replace(project.sources, overrides=o)
        project = replace(
            project, sources=sources, launch=sources.build(project.file, project.rocket_file, project.site_file)
        )
    motor = launch.loaded.mass - launch.rocket.without_motor.mass
    mass = line.get("mass_without_motor")
    if mass is None and line.get("liftoff_mass") is not None:
        mass = line.get("liftoff_mass") - motor
    if mass is None and line.get("mass") is not None:
        mass = line.get("mass") - (0.0 if without else motor)
    if mass is not None:
        if not 0.3 < mass / launch.rocket.without_motor.mass < 3:
            given = next(line.get(k) for k in ("mass_without_motor", "liftoff_mass", "mass") if line.get(k) is not None)
            raise InputError(
                f"a mass of {1e3 * given:.4g} g, and the drawing has {1e3 * launch.rocket.without_motor.mass:.0f} g without motor and {1e3 * launch.loaded.mass:.0f} g at lift-off: "
                "other units, or another rocket?"
            )  # fmt: skip
        values[find_place(project, "mass")] = float(mass)
        if line.get("ballast") is not None:
            notes.append("ballast was not used where the mass is given: the mass has it in it")
    elif line.get("ballast") is not None:
        values[find_place(project, "ballast")] = float(line.get("ballast"))
    for key in ("temperature", "pressure"):
        if line.get(key) is not None:
            values[find_place(project, f"weather.{key}")] = float(line.get(key))
    if line.get("chute") is not None:
        own = [q for q in launch.rocket.find(Parachute)]
        if len(own) == 1:
            values[find_place(project, f"rocket.{own[0].path}.diameter")] = float(line.get("chute"))
        else:
            notes.append(f"the column of canopies was not used: the rocket has {len(own)}")
    return varied(project, values) if values else project


def _same_units(flights: list[FlownFlight], path: Path) -> None:
    """Refuse heights of which some are feet and others metres: a few that are three times off, or a third, beside others that are not."""
    ratios = [(f, next((t.value for t in f.told if t.what == "apogee"), None)) for f in flights]
    off = [(f, r) for f, r in ratios if r is not None and (_FOOT[0] < 2.718281828 ** abs(r) < _FOOT[1])]
    if off and len(off) < len([1 for _, r in ratios if r is not None]):
        names = ", ".join(f.name for f, _ in off[:4])
        raise InputError(
            f"{names}: a height about 3.3 times off the prediction, where others fit: feet and metres are mixed; write the unit in the cell ('812 ft')",
            file=str(path),
        )
