"""The quantities that rules ask for, from the nominal flight, the campaign, the site and what is known of the day."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from downrange.constants import STANDARD_GRAVITY
from downrange.dispersion import Campaign, Estimate, probability
from downrange.failures import scene_of
from downrange.flight import Flight, quantity
from downrange.flight.rows import AT_ALTITUDE, AT_NEVER
from downrange.flight.sections import section_masses
from downrange.safety.ground import PROTECTED, Ground, Shape
from downrange.safety.risk import RiskReport
from downrange.safety.rules import Fact

__all__ = ["Conditions", "gather_facts", "sun_elevation"]

_MPH_20 = 20 * 0.44704


@dataclass(frozen=True)
class Conditions:
    """What is known of the day and the field; SI, None where not known."""

    time: datetime | None = None
    cloud_cover: float | None = None
    cloud_base: float | None = None
    visibility: float | None = None
    cleared_radius: float | None = None
    people_distance: float | None = None


def sun_elevation(when: datetime, latitude: float, longitude: float) -> float:
    """Elevation of the sun (rad) without refraction, good to about 0.01°; angles in radians, time with its zone.

    Low-precision formulas of the Astronomical Almanac, section C.

    when: with its zone. latitude, longitude: rad, north and east.
    """
    days = (when.astimezone(UTC) - datetime(2000, 1, 1, 12, tzinfo=UTC)).total_seconds() / 86400
    g = math.radians(357.528 + 0.9856003 * days)
    lam = math.radians(280.460 + 0.9856474 * days + 1.915 * math.sin(g) + 0.020 * math.sin(2 * g))
    tilt = math.radians(23.439 - 4e-7 * days)
    right = math.atan2(math.cos(tilt) * math.sin(lam), math.cos(lam))
    declination = math.asin(math.sin(tilt) * math.sin(lam))
    sidereal = math.radians((280.46061837 + 360.98564736629 * days) % 360)
    hour = sidereal + longitude - right
    return math.asin(
        math.sin(latitude) * math.sin(declination) + math.cos(latitude) * math.cos(declination) * math.cos(hour)
    )


def _nearest(shapes: tuple[Shape, ...]) -> Shape | None:
    return min(shapes, key=lambda s: s.distance, default=None)


_WORST = ("flight_time", "descent_time", "ground_hit_speed", "landing_sink", "landing_energy")


def _planned(campaign: Campaign | None, name: str, scale: float = 1.0) -> np.ndarray | None:
    """A quantity of the flights that go as planned: of their first body, or of the body with the most where that is the worst."""
    if campaign is None:
        return None
    values = campaign.per_flight(campaign[quantity(name).key], name in _WORST)
    return np.asarray(values[campaign.mode == 0]) * scale


def _worst(flight: Flight, name: str) -> float:
    """A quantity of the flight; of one of several bodies that of the body with the most."""
    of = {
        "descent_time": lambda o: o["landing_time"] - o["apogee_time"], "ground_hit_speed": lambda o: o["landing_speed"],
        "landing_sink": lambda o: o["landing_sink"],
    }  # fmt: skip
    if not flight.flown:
        return flight.figures[name]
    return float(np.nanmax([of[name](b.raw.out) for b in flight.flown]))


def _flight_facts(flight: Flight, campaign: Campaign | None) -> dict[str, Fact]:
    f, launch = flight.figures, flight.launch
    rail, d = launch.rail.length, launch.rocket.diameter

    def longer(limit: float) -> str:
        return f"a rail of about {rail * (limit / f['rail_exit_speed']) ** 2:.1f} m instead of {rail:.1f} m, or more thrust at the start"

    def forward(limit: float) -> str:
        return f"the centre of gravity {(limit - f['static_margin_barrowman']) * d * 100:.1f} cm further forward, or larger fins"

    def stronger(limit: float) -> str:
        return f"a motor with {limit * f['liftoff_mass'] * STANDARD_GRAVITY:.0f} N, or less mass"

    def upright(limit: float) -> str:
        return f"the rail at least {math.degrees(math.pi / 2 - limit):.0f}° above the horizon"

    def ballast(limit: float) -> str:
        return "a smaller motor or more mass" if f["apogee_agl"] > limit else "a larger motor or less mass"

    def sample(name: str, kind: str, fix: Callable[[float], str] | None = None) -> Fact:
        return Fact(f[name], kind, _planned(campaign, name), fix=fix, note="planned flights")

    aboard, propellant = launch.filled, launch.propellant_mass
    z10 = launch.pad.elevation + 10.0
    wind = float(np.hypot(launch.weather.wind.east(z10), launch.weather.wind.north(z10)))
    small = propellant <= 0.125 and f["liftoff_mass"] <= 1.5
    motors = f"all {len(aboard)} motors" if len(aboard) > 1 else ""
    return {
        "surface_wind": Fact(wind, "speed", fix=lambda limit: f"wait until the wind at 10 m is below {limit:.1f} m/s"),
        "rail_tilt": Fact(math.pi / 2 - launch.rail.elevation, "angle", fix=upright),
        "rail_elevation": Fact(launch.rail.elevation, "angle", fix=lambda limit: f"the rail at {math.degrees(limit):.0f}°"),
        "average_thrust_to_weight": Fact(launch.pad_thrust / (f["liftoff_mass"] * STANDARD_GRAVITY), "number", fix=stronger, note="motors lit at launch" if motors else ""),
        "thrust_to_weight": Fact(f["thrust_to_weight"], "number", fix=stronger, note="average of the first 0.5 s"),
        "total_impulse": Fact(launch.total_impulse, "impulse", note=motors, fix=lambda limit: f"{'motors' if motors else 'a motor'} of at most {limit:,.0f} N s"),
        "propellant_mass": Fact(propellant, "mass", note=motors, fix=lambda limit: f"{'motors' if motors else 'a motor'} with at most {limit * 1e3:.0f} g of propellant"),
        "motors": Fact(float(len(aboard)), "number"),
        "powered_stages": Fact(float(len({(f.stage, f.assembly if f.separable else "") for f in aboard})), "number"),
        "liftoff_mass": Fact(f["liftoff_mass"], "mass", fix=lambda limit: f"{(f['liftoff_mass'] - limit) * 1e3:.0f} g less"),
        "rocket_length": Fact(launch.rocket.length, "length"),
        "class_1": Fact(float(small), "number", note="by mass and propellant; materials are yours to judge"),
        "apogee": sample("apogee_agl", "length", ballast),
        "rail_exit_speed": sample("rail_exit_speed", "speed", longer),
        "rail_exit_stability": sample("rail_exit_stability", "calibre", forward),
        "min_stability": sample("min_stability", "calibre", forward),
        "static_margin": Fact(f["static_margin"], "calibre", fix=forward),
        "static_margin_barrowman": Fact(f["static_margin_barrowman"], "calibre", fix=forward),
        "max_mach": sample("max_mach", "number"),
        "flight_time": sample("flight_time", "time"),
    }  # fmt: skip


def _recovery_facts(flight: Flight, campaign: Campaign | None) -> dict[str, Fact]:
    out: dict[str, Fact] = {}
    f, launch = flight.figures, flight.launch
    devices = flight.program.devices
    opening = scene_of(flight).opening
    descent = _worst(flight, "descent_time")
    if math.isfinite(descent):
        out["descent_time"] = Fact(
            descent, "time", _planned(campaign, "descent_time"), note="planned flights",
            fix=lambda limit: f"faster by {descent / limit:.2f}: smaller canopies, or the main later",
        )  # fmt: skip
        drift = descent * _MPH_20
        out["drift_20_mph"] = Fact(
            drift,
            "length",
            None if campaign is None else _planned(campaign, "descent_time", _MPH_20),
            note="20 mph times the descent time",
            fix=lambda limit: (
                f"a descent of {limit / _MPH_20:.0f} s instead of {descent:.0f} s: smaller canopies, or the main later"
            ),
        )
    if opening:
        first, last = devices[opening[0]], devices[opening[-1]]
        if first.event not in (AT_ALTITUDE, AT_NEVER):
            out["apogee_delay"] = Fact(first.delay, "time")
        if last.event == AT_ALTITUDE:
            out["main_altitude"] = Fact(last.value, "length", fix=lambda limit: f"release the main at {limit:.0f} m")
        if math.isfinite(f["landing_sink"]):
            out["main_speed"] = Fact(
                _worst(flight, "landing_sink"), "speed", _planned(campaign, "landing_sink"),
                note="sink at landing" + (", of the fastest body" if flight.flown else ""),
                fix=lambda limit: f"a main of {(f['landing_sink'] / limit) ** 2:.2f} times the drag area",
            )  # fmt: skip
        release = next((e for e in flight.events if e.name == f"{last.name}: release"), None)
        if len(opening) > 1 and release is not None:
            sink = -float(flight.sample(np.array([release.time])).velocity_enu[0, 2])
            out["drogue_speed"] = Fact(
                sink, "speed", note="sink when the main is released",
                fix=lambda limit: f"a drogue of {(sink / limit) ** 2:.2f} times the drag area",
            )  # fmt: skip
    if flight.flown:
        hardest = max(flight.came_down, key=lambda b: b.landing_energy, default=None)
        if hardest is not None:
            energy = hardest.landing_energy
            out["section_energy"] = Fact(
                energy, "energy", _planned(campaign, "landing_energy"),
                note=f"{hardest.name}, {hardest.landing_mass:.2f} kg, at {hardest.answer('landing_speed'):.1f} m/s over ground",
                fix=lambda limit: f"{energy / limit:.2f} times the drag area under {hardest.name}, or less wind",
            )  # fmt: skip
    elif launch.sections and math.isfinite(f["ground_hit_speed"]):
        masses = section_masses(launch)
        k = int(np.argmax(masses))
        energy = 0.5 * float(masses[k]) * f["ground_hit_speed"] ** 2
        samples = _planned(campaign, "ground_hit_speed")
        out["section_energy"] = Fact(
            energy, "energy", None if samples is None else 0.5 * float(masses[k]) * samples**2,
            note=f"{launch.sections[k].name}, {masses[k]:.2f} kg, at {f['ground_hit_speed']:.1f} m/s over ground; {0.5 * masses[k] * f['landing_sink'] ** 2:.3g} J "
            "from the sink alone",
            fix=lambda limit: f"a main of {energy / limit:.2f} times the drag area, or less wind",
        )  # fmt: skip
    return out


def _place_facts(ground: Ground, conditions: Conditions) -> dict[str, Fact]:
    out: dict[str, Fact] = {}

    def distance(name: str, shapes: tuple[Shape, ...]) -> None:
        near = _nearest(shapes)
        if near is not None:
            out[name] = Fact(
                near.distance,
                "length",
                note=near.name,
                fix=lambda limit: f"the pad {limit - near.distance:.0f} m further from {near.name}",
            )

    distance("people_distance", ground.of("crowd", "car park", "keep out"))
    if conditions.people_distance is not None:
        out["people_distance"] = Fact(conditions.people_distance, "length", note="as you said")
    distance("building_distance", ground.of("house"))
    distance("road_distance", ground.of("road"))
    distance("others_distance", tuple(s for s in ground.of(*PROTECTED) if not s.associated))
    if ground.boundary is not None:
        from shapely.geometry import Point

        edge = float(ground.boundary.boundary.distance(Point(0, 0)))
        box = np.array(ground.boundary.minimum_rotated_rectangle.exterior.coords)
        sides = np.hypot(*np.diff(box, axis=0).T)
        out["edge_distance"] = Fact(
            edge, "length", fix=lambda limit: f"the pad {limit - edge:.0f} m further from the edge"
        )
        out["site_dimension"] = Fact(float(sides.min()), "length", fix=lambda limit: f"a site {limit:.0f} m across")
    if ground.airports:
        near = min(ground.airports, key=lambda a: a.distance)
        out["airport_distance"] = Fact(near.distance, "length", note=near.name)
    return out


def _day_facts(flight: Flight, conditions: Conditions, campaign: Campaign | None) -> dict[str, Fact]:
    out: dict[str, Fact] = {}
    pad, apogee = flight.launch.pad, flight.figures["apogee_agl"]
    for name, kind in (("cloud_cover", "number"), ("visibility", "length"), ("cleared_radius", "length")):
        value = getattr(conditions, name)
        if value is not None:
            out[name] = Fact(value, kind, note="as you said")
    if conditions.cloud_base is not None:
        samples = _planned(campaign, "apogee_agl")
        out["cloud_base_over_apogee"] = Fact(
            conditions.cloud_base - apogee, "length", None if samples is None else conditions.cloud_base - samples,
            fix=lambda limit: f"wait until the clouds are above {apogee:.0f} m, or fly lower",
        )  # fmt: skip
    if conditions.time is not None:
        out["sun_elevation"] = Fact(
            sun_elevation(conditions.time, pad.latitude, pad.longitude), "angle", fix=lambda limit: "wait for daylight"
        )
    return out


def _risk_facts(campaign: Campaign, ground: Ground, risk: RiskReport, apogee: float) -> dict[str, Fact]:
    out: dict[str, Fact] = {}

    def less(limit: float) -> str:
        return "another azimuth or elevation, less wind, or a pad further away: see downrange aim"

    def chance(e: Estimate, fix: Callable[[float], str]) -> Fact:
        return Fact(e.value, "number", upper=e.upper, fix=fix, note=f"95 % bound {e.upper:.2g}")

    if risk.leaves is not None:
        out["leaving_probability"] = chance(risk.leaves, less)
        ballistic = [k for k, m in enumerate(campaign.modes) if m.mode.name == "no deployment"]
        rows = campaign.landed & campaign.first & np.isin(campaign["mode"], ballistic)
        if rows.any():
            out_of = ground.outside(campaign.landing[rows])
            e = probability(out_of, np.zeros(out_of.size, int), np.ones(1))
            out["ballistic_inside"] = Fact(
                1 - e.value, "number", lower=1 - e.upper, note=f"of {out_of.size} ballistic flights", fix=less
            )
    if risk.on_crowd is not None:
        out["crowd_probability"] = chance(risk.on_crowd, less)
    if risk.expected is not None:
        out["expected_casualties"] = chance(risk.expected, less)
    if risk.individual is not None:
        out["individual_risk"] = replace(chance(risk.individual, less), note="at the worst spot of the worst place")
    if ground.ceiling is not None and risk.above_ceiling is not None:
        out["ceiling_probability"] = chance(risk.above_ceiling, lambda limit: "a smaller motor, or a higher ceiling")
    return out


def gather_facts(
    flight: Flight, ground: Ground, conditions: Conditions, *, campaign: Campaign | None = None, risk: RiskReport | None = None,
) -> dict[str, Fact]:  # fmt: skip
    """All quantities that rules may ask for and that are known."""
    out = _flight_facts(flight, campaign) | _recovery_facts(flight, campaign) | _place_facts(ground, conditions)
    out |= _day_facts(flight, conditions, campaign)
    if ground.ceiling is not None:
        samples = _planned(campaign, "apogee_agl")
        out["ceiling_over_apogee"] = Fact(
            ground.ceiling - flight.figures["apogee_agl"], "length", None if samples is None else ground.ceiling - samples,
            note="planned flights", fix=lambda limit: "a smaller motor, or a higher ceiling",
        )  # fmt: skip
    if campaign is not None and risk is not None:
        out |= _risk_facts(campaign, ground, risk, flight.figures["apogee_agl"])
    return out
