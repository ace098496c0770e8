"""Which motor: each flown in the project's rocket on its day, side by side; the catalogue's that fit, ranked by what is wanted."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from downrange.atmosphere import Wind
from downrange.design import Want, find_output, score
from downrange.design.motors import DelayCost, certification, delay_costs, fittings
from downrange.dispersion import ApogeeBand
from downrange.errors import InputError, seen
from downrange.flight import Flight, Launch, compile_launch, fly, nearest_delay
from downrange.flight.variants import with_wind
from downrange.motor import find_motors, impulse_class
from downrange.motor.catalogue import motor_from_catalogue
from downrange.project.assessment import choose_packs, conditions_of
from downrange.project.bands import band_of
from downrange.project.parameters import find_place, varied
from downrange.project.project import Project
from downrange.safety import Answer, Verdict, answer, gather_facts

__all__ = ["HOLD_WIND", "MotorCard", "Ranking", "motor_card", "motor_cards", "rank_motors"]

HOLD_WIND = 8.94  # m/s: 20 mph, in which the safety codes of NAR and Tripoli hold; that of the rules in force where they say another
_THIN = 0.4  # of the mount: a motor thinner than that is not what the mount is for
_SHOWN = (
    "apogee_agl", "apogee_pressure_altitude_agl", "rail_exit_speed", "rail_exit_stability", "static_margin", "min_stability", "thrust_to_weight",
    "max_mach", "max_speed", "max_acceleration", "optimum_delay", "deployment_airspeed", "landing_distance", "flight_time", "ground_hit_speed",
    "liftoff_mass",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class MotorCard:
    """A motor in a rocket: how it flies, how well that is known, its delays, the rules, what it needs. SI."""

    name: str
    flight: Flight
    figures: dict[str, float]
    band: ApogeeBand | None
    delays: tuple[DelayCost, ...]
    delay: float | None
    drift_at_hold: float
    hold_wind: float
    answers: tuple[Answer, ...]
    certification: str
    fittings: tuple[str, ...]

    @property
    def impulse_class(self) -> str:
        """The letter of its total impulse."""
        return impulse_class(self.flight.launch.motor.impulse)

    @property
    def failed(self) -> tuple[Answer, ...]:
        """The rules that it breaks."""
        return tuple(a for a in self.answers if a.verdict is Verdict.FAIL)

    @property
    def open(self) -> tuple[Answer, ...]:
        """The rules that nobody answered."""
        return tuple(a for a in self.answers if a.verdict is Verdict.OPEN)

    def summary(self) -> dict[str, Any]:
        """For JSON: keys with units in their names."""
        motor = self.flight.launch.motor
        return {
            "motor": self.name, "designation": motor.designation, "maker": motor.manufacturer, "impulse_n_s": motor.impulse,
            "impulse_class": self.impulse_class, "certification": self.certification, "fittings": list(self.fittings),
            **{find_output(k).key: (v if math.isfinite(v) else None) for k, v in self.figures.items()},
            "apogee_band": None if self.band is None else self.band.summary(), "delay_s": self.delay,
            "delays": [{"delay_s": d.delay, "ejection_airspeed_m_s": _finite(d.airspeed), "late_s": _finite(d.late)} for d in self.delays],
            "hold_wind_m_s": self.hold_wind, "drift_at_hold_wind_m": _finite(self.drift_at_hold),
            "rules_failed": [f"{a.pack.id}: {a.rule.title}" for a in self.failed], "rules_not_evaluated": [f"{a.pack.id}: {a.rule.title}" for a in self.open],
            "fit_to_fly": self.flight.fit_to_fly, "warnings": list(self.flight.warnings),
        }  # fmt: skip


def _finite(x: float) -> float | None:
    return x if math.isfinite(x) else None


def motor_card(project: Project, motor: str | None = None) -> MotorCard:
    """A motor in a project's rocket, its own where none is named. Raises `InputError` for one that is not known or does not fit."""
    if motor is not None:
        project = varied(project, {find_place(project, "motor"): motor})
    launch = project.launch
    flight = fly(launch, interpreted=False)
    figures = {k: float(flight.figures[k]) for k in _SHOWN}
    packs = choose_packs(project)
    facts = gather_facts(flight, project.ground, conditions_of(project.file.conditions))
    hold = min(
        (r.limit.value for p in packs for r in p.rules if r.quantity == "surface_wind" and r.limit.value is not None),
        default=HOLD_WIND,
    )
    m = launch.motor
    delay = launch.motor_delay if launch.motor_delay is not None else m.delays[0] if len(m.delays) == 1 else None
    return MotorCard(
        motor or f"{m.manufacturer.split(',')[0]} {m.designation}".strip(), flight, figures, band_of(project, flight), delay_costs(flight), delay,
        float(fly(_at_hold(launch, hold), interpreted=False).figures["landing_distance"]), hold, answer(packs, facts),
        certification(m), fittings(launch),
    )  # fmt: skip


def _at_hold(launch: Launch, speed: float) -> Launch:
    """The launch in the wind in which one holds, at 10 m, with today's profile; on a calm day from where the rail leans, growing by the 1/7 power."""
    z = launch.pad.elevation + 10.0
    today = float(np.hypot(launch.weather.wind.east(z), launch.weather.wind.north(z)))
    if today > 0.5:
        return with_wind(launch, speed / today)
    wind = Wind.power_law(speed, launch.rail.azimuth, elevation=launch.pad.elevation, reference=10.0, exponent=1 / 7)
    return replace(launch, weather=replace(launch.weather, wind=wind))


def motor_cards(project: Project, motors: Sequence[str]) -> tuple[MotorCard, ...]:
    """The cards of several motors, in their order. Raises `InputError` for one that is named twice, or does not fit."""
    if twice := next((m for k, m in enumerate(motors) if m in motors[:k]), None):
        raise InputError(f"the motor {seen(twice, 60)} is named twice; keep one", key="--motor")
    return tuple(motor_card(project, m) for m in motors)


@dataclass(frozen=True, eq=False)
class Ranking:
    """The motors of the catalogue that fit, best first: each with its flight and points; how many were looked at, and why others are out."""

    names: tuple[str, ...]
    flights: tuple[Flight, ...]
    points: tuple[float, ...]
    met: tuple[bool, ...]
    looked_at: int
    left_out: dict[str, int]


def rank_motors(
    project: Project,
    query: str = "",
    wants: Sequence[Want] = (),
    *,
    discontinued: bool = False,
    tell: Callable[[int, int], None] | None = None,
) -> Ranking:
    """Fly every motor of the catalogue that answers to `query` and fits the mount, and rank them by `wants` (by apogee without any).

    What is unfit to fly comes last. Each flies with the delay sold that is nearest to its best. `discontinued`: also what is not made
    any more. `tell` is called with how many of how many are done. Raises `InputError` where none is left.
    """
    launch = project.launch
    if not launch.simple:
        raise InputError(
            "ranking motors is for a rocket of one motor; name them with --motor, or change the file", key="--motors"
        )
    bore = _held(launch)
    out: dict[str, int] = {}
    asked = [e for e in find_motors(query or "mm")] if query else list(_everything())
    if not asked:
        raise InputError(
            f"no motor of the catalogue answers to {seen(query, 60)}; look with: downrange motor find", key="--motors"
        )
    entries = []
    for e in asked:
        why = _out_at_once(e, bore, discontinued, wants)
        if why:
            out[why] = out.get(why, 0) + 1
        else:
            entries.append(e)
    rows = []
    for k, e in enumerate(entries):
        made = _flown(launch, f"{e['maker_short']} {e['designation']}")
        if isinstance(made, str):
            out[made] = out.get(made, 0) + 1
        else:
            rows.append((f"{e['maker_short']} {e['designation']}", made))
        if tell is not None:
            tell(k + 1, len(entries))
    if not rows:
        reasons = "; ".join(f"{n} {why}" for why, n in out.items())
        raise InputError(f"no motor is left of {len(asked)}: {reasons}", key="--motors")
    return _ranked(rows, wants, len(asked), out)


def _held(launch: Launch) -> float:
    """The bore of the mount, m. A motor much thinner than its tube is held by one that nobody drew: that is as wide as the motor."""
    bore, flown = 2 * launch.filled[0].tube.bore, launch.motor.diameter
    return flown if flown < _THIN * bore else bore


def _everything() -> Sequence[dict[str, Any]]:
    from downrange.motor import catalogue_entries

    return catalogue_entries()


def _out_at_once(e: dict[str, Any], bore: float, discontinued: bool, wants: Sequence[Want]) -> str:
    """Why a motor is out before it flies; empty where it is not."""
    if "time_s" not in e or "propellant_kg" not in e:
        return "without a usable thrust curve"
    if not discontinued and not e["available"]:
        return "not made any more"
    if e["diameter_m"] > bore + 0.001:
        return "too wide for the mount"
    if e["diameter_m"] < _THIN * bore:
        return "much thinner than the mount"
    impulses = [w for w in wants if w.output.name == "total_impulse"]
    impulse = np.trapezoid(e["thrust_n"], e["time_s"])
    if any(not w.met(np.array([impulse]))[0] for w in impulses):
        return "of another impulse"
    return ""


def _flown(launch: Launch, name: str) -> Flight | str:
    """The flight with a motor of the catalogue on its best delay; or why there is none."""
    try:
        motor = motor_from_catalogue(name)
        longest = max(motor.delays, default=None)
        program = compile_launch(replace(launch, motor=motor, motor_delay=longest, motor_position=None))
        flight = fly(program, interpreted=False)
        best = nearest_delay(motor, flight.optimum_delay)
        if best is not None and best != longest:
            flight = fly(replace(program.launch, motor_delay=best), interpreted=False)
        return flight
    except InputError as error:
        return (
            "without an ejection charge, which opens the canopy"
            if error.key == "motor.delay"
            else "too long, or of no use here"
        )


def _ranked(rows: list[tuple[str, Flight]], wants: Sequence[Want], looked_at: int, out: dict[str, int]) -> Ranking:
    judged = []
    for name, flight in rows:
        values = [np.array([w.output.of(flight)]) for w in wants]
        points = float(score(wants, values)[0]) if wants else -flight.apogee
        met = all(bool(w.met(v)[0]) for w, v in zip(wants, values, strict=True))
        judged.append(
            (not flight.fit_to_fly, points if math.isfinite(points) else math.inf, -flight.apogee, name, flight, met)
        )
    judged.sort(key=lambda j: j[:4])
    return Ranking(
        tuple(j[3] for j in judged),
        tuple(j[4] for j in judged),
        tuple(j[1] for j in judged),
        tuple(j[5] for j in judged),
        looked_at,
        out,
    )
