"""Numbers of other codes and of an agency's simulators: OpenRocket's unit tests, RocketPy's reruns, NASA's check cases."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from authorities.test_nesc import CASES, MARGIN, fly_case, simulators
from cases import FLIGHTS, calisto, flight_case, with_rocketpys_lever_arm
from census.rows import Row, digits


def _beside(group: str, case: str, quantity: str, source: str, reference: float, ours: float, n: int = 5) -> Row:
    error = 100 * (ours / reference - 1)
    return Row(group, case, quantity, "", source, reference, ours, digits(reference, n), error, "%")


def barrowman() -> Iterator[Row]:
    """The Alpha III of OpenRocket's unit tests at Mach 0.3."""
    from alpha import alpha_iii
    from downrange.aero import AeroOptions, build_aero

    old = AeroOptions(method="barrowman")
    three, four, r = build_aero(alpha_iii(), options=old), build_aero(alpha_iii(4), options=old), alpha_iii().structure
    for quantity, ours, reference in (
        ("CNα, 3 fins", three.normal_slope(0.3), 26.146933), ("centre of pressure, 3 fins, m", three.centre_of_pressure(0.3), 0.22351541),
        ("CNα, 4 fins", four.normal_slope(0.3), 34.19591165), ("centre of pressure, 4 fins, m", four.centre_of_pressure(0.3), 0.22724216),
        ("dry mass, kg", r.mass, 0.0252682918), ("dry centre of gravity, m", float(r.cg[0]), 0.1917684358),
        ("dry roll inertia, kg m²", r.roll_inertia, 1.888136e-5), ("dry pitch inertia, kg m²", r.pitch_inertia, 1.7808603e-4),
    ):  # fmt: skip
        yield _beside("Barrowman and mass", "Alpha III", quantity, "OpenRocket's unit tests", reference, ours, 6)


def rocketpy() -> Iterator[Row]:
    """Six flights with the teams' drag, and Calisto, beside RocketPy."""
    from downrange.flight import fly

    group, source = "beside RocketPy", "RocketPy 1.12.1, rerun"
    for name in FLIGHTS:
        launch, data = flight_case(name)
        theirs = data["rocketpy"]["rerun_v1_12_1"]
        ours = fly(launch, interpreted=True).figures
        for quantity, key, reference in (
            ("rail exit, m/s", "rail_exit_speed", theirs["rail_exit_velocity_m_s"]),
            ("apogee, m", "apogee_agl", theirs["apogee_agl_m"]),
            ("largest speed, m/s", "max_speed", theirs["max_speed_m_s"]),
        ):
            yield _beside(group, name, quantity, source, reference, ours[key])
        arm = with_rocketpys_lever_arm(launch, interpreted=True)
        yield _beside(group, name, "apogee with its lever arm, m", source, theirs["apogee_agl_m"], arm["apogee"])
    for wind in (False, True):
        launch, theirs = calisto(wind=wind)
        ours = fly(launch, interpreted=True).figures
        case, source = f"Calisto, {'in wind' if wind else 'calm'}", "RocketPy 1.13"
        for quantity, key, reference in (
            ("apogee, m", "apogee_agl", theirs["apogee_agl"]), ("rail exit, m/s", "rail_exit_speed", theirs["rail_exit_v"]),
            ("largest Mach number", "max_mach", theirs["max_mach"]), ("time of flight, s", "flight_time", theirs["t_final"]),
            ("landing, m/s", "ground_hit_speed", -theirs["impact_velocity"]),
        ):  # fmt: skip
            yield _beside(group, case, quantity, source, reference, ours[key])


_NESC = {
    "altitude, ft": (["altitudeMsl_ft"], 1.0, 1e-3),
    "longitude, 1e-7 °": (["longitude_deg"], 1e7, 1e-2),
    "latitude, 1e-7 °": (["latitude_deg"], 1e7, 1e-2),
    "velocity, ft/s": ([k for k in MARGIN if "Velocity" in k], 1.0, 1e-4),
    "body rates, °/s": ([k for k in MARGIN if "Angular" in k], 1.0, 1e-3),
}


def nesc() -> Iterator[Row]:
    """How far outside the band of NASA's simulators we are at worst, and how far from their middle."""
    for case in CASES:
        sims = simulators(case)
        t, ours, _ = fly_case(case, interpreted=True)
        for quantity, (keys, scale, last) in _NESC.items():
            if "rates" in quantity and "Brick" not in case:
                continue
            outside = middle = 0.0
            for k in keys:
                theirs = np.array([s[k][: t.size] for s in sims if k in s])
                outside = max(
                    outside, float(np.maximum(theirs.min(0) - ours[k], ours[k] - theirs.max(0)).max()) * scale
                )
                middle = max(middle, float(np.abs(ours[k] - np.median(theirs, axis=0)).max()) * scale)
            name, source = case.split("_", 1)[1], "NASA/TM-2015-218675"
            yield Row("NASA's check cases", name, quantity, "outside the simulators' band", source, 0.0, outside, last)
            yield Row("NASA's check cases", name, quantity, "from their median", source, 0.0, middle, last)
