"""Two designs side by side: what each weighs, how it balances, what its coefficients are and how it flies; and why they differ, where that is known.

A side is a project, a design of another program, a past revision of either (`launch.yaml@HEAD~1`), or the results that a design file holds.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from downrange.aero import Method, build_aero
from downrange.errors import InputError, seen
from downrange.flight import Launch, compile_launch, fly, launch_figures
from downrange.formats.foreign import Simulation
from downrange.project.finding import is_foreign
from downrange.project.foreign import Foreign, open_foreign
from downrange.project.project import Project, open_project, rocket_of

__all__ = ["QUANTITIES", "Row", "Side", "changed_side", "compare", "side_of", "stored_side"]

QUANTITIES: tuple[tuple[str, str, str], ...] = (
    # key, words, kind of quantity
    ("length_m", "length", "size"), ("diameter_m", "diameter", "size"), ("dry_mass_kg", "mass without motor", "mass"),
    ("dry_cg_m", "CG without motor", "size"), ("motor_mass_kg", "motor's mass", "mass"), ("impulse_n_s", "motor's impulse", "impulse"),
    ("liftoff_mass_kg", "mass at lift-off", "mass"), ("liftoff_cg_m", "CG at lift-off", "size"), ("cp_m", "CP at Mach 0.3", "size"),
    ("normal_slope_per_rad", "CNα at Mach 0.3", "number"), ("static_margin_cal", "static margin, cal", "number"), ("cd_03", "CD at Mach 0.3", "number"),
    ("cd_06", "CD at Mach 0.6", "number"), ("cd_09", "CD at Mach 0.9", "number"), ("thrust_to_weight", "thrust to weight", "number"),
    ("rail_exit_speed_m_s", "speed at rail exit", "speed"), ("apogee_agl_m", "apogee", "length"), ("time_to_apogee_s", "time to apogee", "time"),
    ("max_speed_m_s", "largest speed", "speed"), ("max_mach", "largest Mach number", "number"), ("max_acceleration_m_s2", "largest acceleration", "acceleration"),
    ("optimum_delay_s", "best delay", "time"), ("flight_time_s", "time of flight", "time"), ("ground_hit_speed_m_s", "speed at the ground", "speed"),
)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One side: what it is called, its figures by the keys of `QUANTITIES` (SI), what it is built of where it can be, and what was told."""

    name: str
    figures: dict[str, float]
    launch: Launch | None = None
    foreign: Foreign | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A quantity on both sides; None where a side has it not; `cause` is why they differ, where it is known."""

    key: str
    words: str
    kind: str
    values: tuple[float | None, float | None]
    cause: str = ""

    @property
    def difference(self) -> float | None:
        """The second less the first."""
        a, b = self.values
        return None if a is None or b is None else b - a

    @property
    def share(self) -> float | None:
        """The difference over the first."""
        a, d = self.values[0], self.difference
        return None if a is None or d is None or a == 0 else d / a


def side_of(
    text: str,
    *,
    configuration: str | None = None,
    method: Method | None = None,
    wind: tuple[float, float] | None = None,
) -> Side:
    """A side by its path; with `@REVISION` behind it as it was in git. Raises `InputError` for what cannot be read."""
    path, at, revision = text.rpartition("@")
    if not at or not revision or Path(text).exists():
        return _of_path(Path(text), Path(text).name, configuration, method, wind)
    with _checked_out(Path(path), revision) as old:
        return _of_path(old, text, configuration, method, wind)


def changed_side(
    path: str, changes: tuple[str, ...], *, configuration: str | None = None, method: Method | None = None,
    wind: tuple[float, float] | None = None,
) -> Side:  # fmt: skip
    """A project with some of its values changed, from texts like `fins.span=60mm`. Raises `InputError` for what cannot be."""
    from downrange.project.parameters import settings, varied

    project = open_project(path, configuration=configuration, method=method, wind=wind)
    return _flown(varied(project, settings(project, changes)), ", ".join(changes))


def _of_path(
    path: Path, name: str, configuration: str | None, method: Method | None, wind: tuple[float, float] | None
) -> Side:
    if not is_foreign(path):
        return _flown(open_project(path, method=method, wind=wind), name)
    foreign = open_foreign(path, configuration)
    try:
        project = open_project(path, configuration=configuration, method=method, wind=wind)
    except InputError as error:
        return Side(name, _of_rocket(foreign, method), foreign=foreign, told=(f"{name} does not fly: {error.message}",))
    return _flown(project, name)


def _of_rocket(foreign: Foreign, method: Method | None) -> dict[str, float]:
    """Figures of a rocket that cannot fly."""
    rocket = rocket_of(foreign)
    body, aero = rocket.without_motor, build_aero(rocket)
    return {
        "length_m": rocket.length, "diameter_m": rocket.diameter, "dry_mass_kg": body.mass, "dry_cg_m": float(body.cg[0]),
        "cp_m": float(aero.centre_of_pressure(0.3)), "normal_slope_per_rad": float(aero.normal_slope(0.3)),
    }  # fmt: skip


def _flown(project: Project, name: str) -> Side:
    launch = project.launch
    program = compile_launch(launch)
    flight = fly(program, interpreted=True)
    f, summary, rocket = launch_figures(program), flight.summary(), launch.rocket
    figures: dict[str, float] = {
        "length_m": rocket.length, "diameter_m": rocket.diameter, "dry_mass_kg": rocket.without_motor.mass,
        "dry_cg_m": float(rocket.without_motor.cg[0]), "motor_mass_kg": launch.loaded.mass - rocket.without_motor.mass,
        "impulse_n_s": sum(x.motor.impulse for x in launch.filled), "liftoff_mass_kg": launch.loaded.mass, "liftoff_cg_m": float(launch.loaded.cg[0]),
        "cp_m": f["cp"], "normal_slope_per_rad": f["normal_slope"],
    }  # fmt: skip
    aero = build_aero(rocket, options=launch.aero)
    for key, mach in (("cd_03", 0.3), ("cd_06", 0.6), ("cd_09", 0.9)):
        figures[key] = aero.drag(mach, mach * _SPEED_OF_SOUND / _VISCOSITY)
    for key, _, _ in QUANTITIES:
        value = summary.get(key)
        if isinstance(value, int | float) and key not in figures:
            figures[key] = float(value)
    return Side(name, figures, launch, project.foreign, tuple(summary["warnings"]))


def stored_side(foreign: Foreign) -> Side:
    """The results that a design file holds of the chosen simulation. Raises `InputError` where it holds none."""
    sim = foreign.simulation
    if sim is None or sim.stored is None or not sim.stored.figures:
        raise InputError(
            "the file holds no results of this simulation to compare with; name a second design", file=str(foreign.path)
        )
    figures = dict(sim.stored.figures)
    state = sim.stored.state
    if "mass_kg" in state:
        figures["liftoff_mass_kg"] = state["mass_kg"]
    if "cg_m" in state:
        figures["liftoff_cg_m"] = state["cg_m"]
    return Side(f"stored by {foreign.design.program}", figures, foreign=foreign, told=_stale(sim))


def _stale(sim: Simulation) -> tuple[str, ...]:
    if sim.current:
        return ()
    return (f"the file says that its results are {sim.status or 'of unknown age'}: they may be of an earlier design",)


def compare(a: Side, b: Side) -> list[Row]:
    """The quantities that either side has, in a fixed order."""
    rows = []
    for key, words, kind in QUANTITIES:
        values = (a.figures.get(key), b.figures.get(key))
        if values != (None, None):
            rows.append(Row(key, words, kind, values, _cause(key, values, a, b)))
    return rows


_SPEED_OF_SOUND, _VISCOSITY = 340.3, 1.461e-5  # m/s, m2/s: US Standard Atmosphere 1976 at sea level
_SAME = 2e-3  # share; what differs by less needs no cause


def _cause(key: str, values: tuple[float | None, float | None], a: Side, b: Side) -> str:
    """Why a quantity differs, where that follows from what both sides are."""
    x, y = values
    if x is None or y is None or abs(y - x) <= _SAME * max(abs(x), abs(y)):
        return ""
    stored = next((s for s in (a, b) if s.launch is None and s.foreign is not None), None)
    ours = next((s.launch for s in (b, a) if s.launch is not None), None)
    if stored is not None and ours is not None:
        return _stored_cause(key, a, b, ours)
    if a.launch is not None and b.launch is not None:
        return _design_cause(key, a.launch, b.launch)
    return ""


def _stored_cause(key: str, a: Side, b: Side, ours: Launch) -> str:
    """Of a flight of ours against results in a file."""
    if key == "rail_exit_speed_m_s":
        return "there the rocket is free after the whole rod's length, here when its last guide leaves"
    if key in ("liftoff_mass_kg", "liftoff_cg_m"):
        return (
            f"the motor: {ours.motor.total_mass * 1e3:.1f} g in our catalogue"
            if len(ours.filled) == 1
            else "the motors in our catalogue"
        )
    if key in (
        "apogee_agl_m",
        "max_speed_m_s",
        "max_mach",
        "time_to_apogee_s",
        "optimum_delay_s",
        "max_acceleration_m_s2",
    ):
        return f"method of drag; thrust curve (here {sum(f.motor.impulse for f in ours.filled):.1f} N s); wind, which is random there"
    if key in ("flight_time_s", "ground_hit_speed_m_s"):
        return "canopies open over a distance here, at once there"
    return ""


def _design_cause(key: str, a: Launch, b: Launch) -> str:
    """Of two designs."""
    causes = []
    motors = [tuple(f.motor.designation for f in x.filled) for x in (a, b)]
    if key in _OF_MOTOR and motors[0] != motors[1]:
        causes.append(f"motor: {' + '.join(motors[0])} and {' + '.join(motors[1])}")
    if key in _OF_AIR and a.aero.method != b.aero.method:
        causes.append(f"method: {a.aero.method} and {b.aero.method}")
    if key == "rail_exit_speed_m_s" and a.rail.length != b.rail.length:
        causes.append(f"rail: {a.rail.length:g} m and {b.rail.length:g} m")
    if key in _OF_FLIGHT:
        if abs(a.rocket.without_motor.mass - b.rocket.without_motor.mass) > 1e-3 * a.rocket.without_motor.mass:
            causes.append("mass without motor")
        if abs(a.pad.elevation - b.pad.elevation) > 1:
            causes.append(f"pad: {a.pad.elevation:.0f} m and {b.pad.elevation:.0f} m")
    return "; ".join(causes)


_OF_FLIGHT = frozenset((
    "apogee_agl_m", "max_speed_m_s", "max_mach", "time_to_apogee_s", "optimum_delay_s", "max_acceleration_m_s2", "flight_time_s", "rail_exit_speed_m_s",
    "thrust_to_weight",
))  # fmt: skip
_OF_MOTOR = _OF_FLIGHT | {"motor_mass_kg", "impulse_n_s", "liftoff_mass_kg", "liftoff_cg_m", "static_margin_cal"}
_OF_AIR = frozenset(("cp_m", "normal_slope_per_rad", "static_margin_cal"))


@contextmanager
def _checked_out(path: Path, revision: str) -> Iterator[Path]:
    """The folder of a file as it was at a git revision, in a folder that goes away; yields the file there."""
    folder = path.resolve().parent
    if revision.startswith("-"):
        raise InputError(f"{seen(revision, 40)} is no revision of git", key="@")
    run = subprocess.run(
        ["git", "-C", str(folder), "archive", "--format=tar", revision, "--", "."],
        capture_output=True,
        timeout=60,
        check=False,
    )
    if run.returncode != 0:
        why = run.stderr.decode("utf-8", "replace").strip().splitlines()
        raise InputError(
            f"git has no {seen(revision, 60)} of this folder: {seen(why[-1] if why else 'no answer', 120)}",
            file=str(path),
        )
    with tempfile.TemporaryDirectory() as temporary:
        with tarfile.open(fileobj=io.BytesIO(run.stdout)) as archive:
            archive.extractall(temporary, filter="data")
        target = Path(temporary) / path.name
        if not target.exists():
            raise InputError(f"{path.name} was not there at {seen(revision, 60)}", file=str(path))
        yield target
