"""What a page shows of a project: the strip of numbers, the drawing, the flight against time. Everything comes from `flight`, `report`, `project`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from downrange.console.drawing import outline_of
from downrange.dispersion import ApogeeBand
from downrange.errors import DownrangeError, FlightCode, InputError
from downrange.flight import Flight, compile_launch, fly
from downrange.flight.again import Again
from downrange.flight.quantities import FLIGHT, PAD
from downrange.flight.readiness import kernel_loaded
from downrange.flight.warnings import Caution
from downrange.project.mapping import Place, project_of
from downrange.project.project import Project
from downrange.text import plain
from downrange.units import SYSTEMS, display, in_units

__all__ = ["SERIES", "STRIP", "TOPIC_OF", "answer", "both", "finite", "framed", "shown", "unframed"]

STRIP: tuple[tuple[str, str], ...] = (
    ("liftoff_mass", "mass"), ("liftoff_cg", "size"), ("cp", "size"), ("static_margin", "cal"), ("rail_exit_stability", "cal"), ("min_stability", "cal"),
    ("thrust_to_weight", ""), ("rail_exit_speed", "speed"), ("apogee_agl", "length"), ("apogee_pressure_altitude_agl", "length"), ("max_speed", "speed"),
    ("max_mach", ""), ("max_acceleration", "acceleration"), ("optimum_delay", "s"), ("deployment_airspeed", "speed"), ("ground_hit_speed", "speed"),
    ("landing_energy", "energy"), ("flight_time", "s"),
)  # fmt: skip
"""The quantities of the strip by name, and the kind of unit that each is shown in."""

TOPIC_OF = {
    "liftoff_mass": "mass", "liftoff_cg": "mass", "cp": "margin", "static_margin": "margin", "thrust_to_weight": "thrust-to-weight", "rail_exit_speed": "rail-exit",
    "rail_exit_stability": "angle-of-attack", "apogee_agl": "apogee", "apogee_pressure_altitude_agl": "altimeter", "max_speed": "speed", "max_mach": "speed",
    "max_acceleration": "acceleration", "optimum_delay": "delay", "deployment_airspeed": "opening", "ground_hit_speed": "descent", "landing_energy": "energy",
    "landing_distance": "drift",
}  # fmt: skip
"""The topic of `downrange explain` that a number of the strip belongs to."""

_JUDGED = {
    "static_margin": ("static_margin", "static_margin_barrowman"), "min_stability": ("min_stability",), "thrust_to_weight": ("thrust_to_weight",),
    "rail_exit_stability": ("rail_exit_angle_of_attack",), "rail_exit_speed": ("rail_exit_speed",), "deployment_airspeed": ("deployment_airspeed", "fastest_opening", "deployment_time"),
    "ground_hit_speed": ("ground_hit_speed",), "max_mach": ("max_mach", "flutter_margin"), "optimum_delay": ("optimum_delay",),
}  # fmt: skip
"""What a number of the strip is judged by: the quantities that warnings are about."""

_ONLY_WARNED = ("max_mach", "optimum_delay")
"""Of these, that they have no limit of their own: nothing said of them is no mark of passing."""

_SERIES = (
    "time",
    "height",
    "pressure_altitude",
    "speed",
    "airspeed",
    "mach",
    "dynamic_pressure",
    "stability",
    "angle_of_attack",
    "thrust",
    "mass",
)
SERIES = (*_SERIES, "acceleration", "vertical_speed", "east", "north", "qw", "qx", "qy", "qz", "under_canopy")
"""The rows of the block of numbers that comes with an answer; SI, NaN where there is nothing."""
_AGAIN = Again()  # of this process, which flies one project
_POINTS = {True: 700, False: 300}  # that a flight is thinned to: at rest, and while something is dragged


def answer(said: Mapping[str, Any], place: Place, *, settled: bool, band: bool = True) -> bytes:
    """What a page shows of the project that `said` describes, framed.

    settled: as the command line flies it, to the last digit, with what is not stated and how well the apogee is known; else at once, on the
    compiled kernel where that is there and this process has it loaded. band: at rest, how well the apogee is known, which takes by far the longest. A project that is wrong gives an answer with `error`, never an exception.
    """
    try:
        project = project_of(said, place)
        here = kernel_loaded()
        quick = here and not settled
        flight = _AGAIN.fly(project.launch) if quick else fly(compile_launch(project.launch), interpreted=True)
        head = {"error": None, "settled": settled, "interpreted": here and flight.raw.interpreted, **_shown(flight)}
        if settled:
            head |= _settled(project, flight, band=band)
        return framed(head, _series(flight, _POINTS[settled]))
    except InputError as error:
        return framed({"error": {"text": plain(error.message, 600), "key": error.key}, "settled": settled}, None)
    except DownrangeError as error:
        return framed({"error": {"text": plain(str(error), 600), "key": None}, "settled": settled}, None)


def _shown(flight: Flight) -> dict[str, Any]:
    launch = flight.launch
    events = [{"name": e.name, "time": e.time, "height": e.height, "speed": e.speed} for e in flight.events]
    return {
        "title": f"{launch.rocket.name} on {launch.motor.designation}", "result": flight.code.name.lower(), "fit_to_fly": flight.fit_to_fly,
        "strip": _strip(flight), "events": events, "warnings": [_warning(w) for w in flight.warnings], "drawing": outline_of(launch),
        **_centres(flight),
    }  # fmt: skip


def _centres(flight: Flight) -> dict[str, float]:
    """Centre of gravity at lift-off and centre of pressure at Mach 0.3 of what stands on the pad, m aft of the nose tip."""
    return {"cg": float(flight.standing["liftoff_cg"]), "cp": float(flight.standing["cp"])}


def both(text: str) -> dict[str, str]:
    """A sentence in each system of units."""
    return {system: in_units(text, system) for system in SYSTEMS}


def _warning(text: str) -> dict[str, Any]:
    grave = bool(getattr(text, "grave", False))
    return {"text": both(str(text)), "about": getattr(text, "about", None), "grave": grave}


def shown(value: float, kind: str) -> dict[str, str]:
    """A number of the strip as the command line prints it, in each system of units; `kind` as in `STRIP`.

    value: SI.
    """
    if not math.isfinite(value):
        return dict.fromkeys(SYSTEMS, "-")
    if kind in ("", "cal", "s"):
        digits = {"": 2 if value < 3 else 1, "cal": 2, "s": 1}[kind]
        return dict.fromkeys(SYSTEMS, f"{value:.{digits}f} {kind}".strip())
    return {system: display(value, kind, system, 4 if kind in ("length", "size", "mass") else 3) for system in SYSTEMS}


def _strip(flight: Flight) -> list[dict[str, Any]]:
    """Each number with its definition, and whether it passes: `good`, `look`, `bad`, or nothing where nobody judges it."""
    known = {q.name: q for q in (*FLIGHT, *PAD)}
    about: dict[str, list[Caution]] = {}
    for w in flight.warnings:
        if isinstance(w, Caution):
            about.setdefault(w.about, []).append(w)
    out: list[dict[str, Any]] = []
    for name, kind in STRIP:
        q, value = known[name], float(flight.figures[name])
        told = [w for a in _JUDGED.get(name, ()) for w in about.get(a, ())]
        passes = "good" if name in _JUDGED and name not in _ONLY_WARNED else ""
        state = "bad" if any(w.grave for w in told) else "look" if told else passes
        out.append({
            "name": name, "key": q.key, "unit": q.unit, "meaning": q.meaning, "value": value if math.isfinite(value) else None,
            "topic": TOPIC_OF.get(name), "shown": shown(value, kind), "state": state if math.isfinite(value) or told else "",
            "why": {system: [in_units(str(w), system) for w in told] for system in SYSTEMS},
        })  # fmt: skip
    away = math.hypot(flight.figures["landing_east"], flight.figures["landing_north"])
    out.append({
        "name": "landing_distance", "key": "landing_distance_m", "unit": "m", "meaning": "from the pad to where it lands, over the ground",
        "value": away if math.isfinite(away) else None, "topic": TOPIC_OF["landing_distance"], "shown": shown(away, "length"), "state": "", "why": dict.fromkeys(SYSTEMS, []),
    })  # fmt: skip
    return out


def _settled(project: Project, flight: Flight, *, band: bool) -> dict[str, Any]:
    """What takes longer: all numbers of the flight, what was assumed, and with `band` how well the apogee is known."""
    from downrange.project.bands import band_of
    from downrange.project.defaults import assumed

    head: dict[str, Any] = {
        "figures": flight.summary(),
        "assumed": list(assumed(project.file, project.rocket_file, project.launch)),
    }
    if band:
        known = band_of(project, flight)
        head["apogee_band"] = None if known is None else {**known.summary(), "shown": _band_words(known)}
    return head


def _band_words(band: ApogeeBand) -> dict[str, str]:
    """The 90 % band in each system of units."""
    low, high = band.most
    return {system: f"{display(low, 'length', system, 3)} … {display(high, 'length', system, 3)}" for system in SYSTEMS}


def _series(flight: Flight, points: int) -> np.ndarray | None:
    """The flight against time (rows of `SERIES`, about so many points): evenly, with every largest value and every event in it."""
    if flight.code == FlightCode.NO_LIFTOFF:
        return None
    t = flight.trajectory
    rows = [np.asarray(getattr(t, name), float) for name in _SERIES]
    slow = np.isnan(
        t.stability
    )  # on the rail and below 20 m/s the angle of attack says little, and would hide what matters
    rows[_SERIES.index("angle_of_attack")] = np.where(slow, np.nan, t.angle_of_attack)
    rows.append(np.where(t.under_canopy, np.nan, np.linalg.norm(t.acceleration_enu, axis=1)))
    rows += [
        t.velocity_enu[:, 2],
        t.position_enu[:, 0],
        t.position_enu[:, 1],
        *t.quaternion.T,
        t.under_canopy.astype(float),
    ]
    block = np.array(rows)
    n = block.shape[1]
    shown, known = block[1:-1], np.isfinite(block[1:-1])
    any_known = known.any(axis=1)
    most = np.argmax(np.where(np.isnan(shown), -np.inf, shown), axis=1)[any_known]
    least = np.argmin(np.where(np.isnan(shown), np.inf, shown), axis=1)[any_known]
    near = np.abs(t.time - np.array([e.time for e in flight.events])[:, None]).argmin(axis=1)
    keep = np.unique(np.concatenate([[0, n - 1], np.linspace(0, n - 1, points, dtype=int), most, least, near]))
    return block[:, keep].astype(np.float32)


def framed(head: Mapping[str, Any], block: np.ndarray | None, names: Sequence[str] = SERIES) -> bytes:
    """An answer in one piece: the length of its head (4 bytes, little endian), the head as JSON, padding to four bytes, the block's numbers."""
    rows, points = (0, 0) if block is None else block.shape
    said = {**head, "series": {"names": list(names), "rows": rows, "points": points}}
    try:
        text = json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:  # a number that is not finite
        text = json.dumps(finite(said), ensure_ascii=False, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return (
        len(text).to_bytes(4, "little")
        + text
        + (b"" if block is None else np.ascontiguousarray(block, "<f4").tobytes())
    )


def unframed(data: bytes) -> tuple[dict[str, Any], np.ndarray]:
    """The head and the block (rows, points) of an answer."""
    n = int.from_bytes(data[:4], "little")
    head = json.loads(data[4 : 4 + n])
    block = np.frombuffer(data[4 + n :], "<f4").reshape(head["series"]["rows"], head["series"]["points"])
    return head, block


def finite(value: Any) -> Any:
    """With null for numbers that are not finite."""
    if isinstance(value, Mapping):
        return {k: finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [finite(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
