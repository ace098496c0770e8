"""Launches of the validation cases, re-made from their JSON and CSV files; where those are absent the tests skip."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

try:
    import pytest
except ImportError:  # the benchmarks use these cases too
    pytest = None

from downrange.aero import AeroOptions, Brakes
from downrange.atmosphere import Air, Weather, Wind
from downrange.dispersion import ApogeeBand, air_heights, apogee_band, gather_inputs
from downrange.earth import Pad
from downrange.flight import Launch, Rail, compile_launch, fly, fly_single
from downrange.flight.kernel.layout import GUIDE0
from downrange.flight.propulsion import Nozzle, segment_tables
from downrange.motor import Motor
from downrange.rocket import (
    BodyTube,
    Deploy,
    Measured,
    NoseCone,
    Parachute,
    RailButtons,
    Rocket,
    Transition,
    TrapezoidalFins,
)
from downrange.tables import Table1D, Table2D

VALIDATION = Path(__file__).resolve().parents[2] / "shared" / "validation"
FLIGHTS = ("astra_2022", "bella_lui_2020", "camoes_2023", "genesis_2023", "juno3_2023", "ndrt_2020")


def validation(*parts: str) -> Path:
    """A file of the validation data; skips the test where it is absent."""
    path = VALIDATION.joinpath(*parts)
    if not path.exists():
        missing = "validation data not here: " + "/".join(parts)
        if pytest is None:
            raise FileNotFoundError(missing)
        pytest.skip(missing)
    return path


@lru_cache(maxsize=32)
def columns(path: Path) -> dict[str, np.ndarray]:
    with path.open(encoding="utf-8-sig") as f:
        rows = list(csv.DictReader(f, skipinitialspace=True))
    return {k: np.array([float(r[k]) for r in rows]) for k in rows[0] if _is_number(rows[0][k])}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except (TypeError, ValueError):
        return False
    return True


def flight_json(name: str) -> dict:
    return json.loads(validation("flights", f"{name}.json").read_text(encoding="utf-8"))


def _weather(name: str, d: dict) -> Weather:
    w = columns(validation("flights", name, "weather_profile.csv"))
    z, elevation = w["geometric_height_asl_m"], d["launch"]["elevation_m_asl"]
    air = Air.from_levels(z, w["temperature_K"], w["pressure_Pa"], elevation=elevation, source="day's profile")
    wind = Wind(Table1D(z, w["wind_u_east_m_s"]), Table1D(z, w["wind_v_north_m_s"]), float(z[-1]), "day's profile")
    return Weather(air, wind)


def _rocket(d: dict, *, fin_thickness: float, finish: str, buttons: bool) -> Rocket:
    surfaces = {s["type"]: s for s in d["aero_surfaces"]}
    nose, fins, tail = surfaces["nose_cone"], surfaces["trapezoidal_fins"], surfaces.get("tail_or_transition")
    r, length = nose["base_radius_m"], d["rocket"]["overall_length_inferred_m"]
    shape = {"vonKarman": "von karman", "tangent": "ogive"}[nose["kind"]]
    parts: list = [NoseCone(shape=shape, length=nose["length_m"], diameter=2 * r, wall=0.003, material="fiberglass")]
    cuts = [(nose["length_m"], length, r)]
    if tail:
        front, back = tail["x_from_nose_tip_m"], tail["x_from_nose_tip_m"] + tail["length_m"]
        cuts = [(nose["length_m"], front, tail["top_radius_m"])]
        if back < length - 1e-3:
            cuts.append((back, length, tail["bottom_radius_m"]))
    for k, (x0, x1, radius) in enumerate(cuts):
        inside = []
        if x0 <= fins["x_from_nose_tip_m"] <= x1:
            inside.append(
                TrapezoidalFins(
                    count=fins["n"],
                    root_chord=fins["root_chord_m"],
                    tip_chord=fins["tip_chord_m"],
                    span=fins["span_m"],
                    sweep=fins["sweep_length_m"],
                    thickness=fin_thickness,
                    section="rounded",
                    material="fiberglass",
                    position="absolute",
                    offset=fins["x_from_nose_tip_m"],
                )  # fmt: skip
            )
        b = d["rail_buttons"]
        if buttons and x0 <= b["upper_x_from_nose_tip_m"] <= x1:
            gap = b["lower_x_from_nose_tip_m"] - b["upper_x_from_nose_tip_m"]
            inside.append(
                RailButtons(
                    position="absolute",
                    offset=b["upper_x_from_nose_tip_m"],
                    spacing=min(gap, 2 * (x1 - b["upper_x_from_nose_tip_m"])),
                )
            )
        parts.append(
            BodyTube(length=x1 - x0, diameter=2 * radius, wall=0.002, material="fiberglass", parts=tuple(inside))
        )
        if tail and k == 0:
            parts.append(
                Transition(
                    length=tail["length_m"], aft_diameter=2 * tail["bottom_radius_m"], wall=0.002, material="fiberglass"
                )
            )
    chutes = []
    for c in d["parachutes"]:
        high = c["trigger"] if isinstance(c["trigger"], int | float) else None
        deploy = Deploy(event="altitude" if high else "apogee", altitude=high, lag=c["lag_s"])
        chutes.append(
            Parachute(name=c["name"], cd_area=c["cd_s_m2"], inflation_time=0.0, replaces_others=True, deploy=deploy)
        )
    parts[1] = replace(parts[1], parts=parts[1].parts + tuple(chutes))
    i = d["rocket"]["inertia_without_motor_kg_m2"]
    measured = Measured(
        mass=d["rocket"]["mass_without_motor_kg"], cg=d["rocket"]["center_of_mass_without_motor_x_from_nose_tip_m"],
        pitch_inertia=i["I11"], roll_inertia=i["I33"],
    )  # fmt: skip
    return Rocket(d["name"], tuple(parts), finish, measured)


def _motor(name: str, d: dict) -> tuple[Motor, float]:
    m, t = d["motor"], columns(validation("flights", name, "thrust_used.csv"))
    time, thrust = t["time_s"], np.maximum(t["thrust_N"], 0.0)
    keep = np.concatenate([[True], np.diff(time) > 0])
    time, thrust = time[keep], thrust[keep]
    if thrust[-1] != 0:
        time, thrust = np.append(time, time[-1] + 1e-4), np.append(thrust, 0.0)
    n, h = m["grain_number"], m["grain_initial_height_m"]
    nozzle = m["nozzle_exit_x_from_nose_tip_m"]
    motor = Motor(
        designation=name, time=time, thrust=thrust, diameter=2 * m["grain_outer_radius_m"], length=0.6,
        propellant_mass=m["computed"]["propellant_initial_mass_kg"], dry_mass=m["dry_mass_kg"],
        grain_length=n * h + (n - 1) * m["grain_separation_m"], grain_diameter=2 * m["grain_outer_radius_m"],
        grain_bore=2 * m["grain_initial_inner_radius_m"],
        grain_centre=nozzle - m["computed"]["propellant_cm_x_from_nose_tip_t0_m"],
        dry_centre=abs(m["center_of_dry_mass_in_motor_axis_m"]) if m["dry_mass_kg"] > 1e-6 else None,
    )  # fmt: skip
    return motor, nozzle


def camoes_brakes(replaces: bool) -> Brakes:
    a = columns(validation("flights", "camoes_2023", "drag_airbrakes.csv"))
    level, mach = np.unique(a["deployment_level"]), np.unique(a["mach"])
    z = np.array([[a["cd"][(a["deployment_level"] == l) & (a["mach"] == m)][0] for m in mach] for l in level])
    # RocketPy's input: full from 3.8 s to 11.4 s, then a cubic until 19.6 s, sampled at 10 Hz.
    t = np.concatenate([[0, 3.8 - 1e-4, 3.8], np.arange(11.4, 19.65, 0.1), [19.7]])
    cubic = -0.002906 * t**3 + 0.1497 * t**2 - 2.563 * t + 14.96
    law = np.where(t < 3.8, 0.0, np.where(t <= 11.4, 1.0, np.where(t <= 19.6, np.clip(cubic, 0, 1), 0.0)))
    if not replaces:
        z = z - z[0]
    return Brakes(Table2D(level, mach, z), Table1D(t, law), replaces)


def flight_case(
    name: str, *, geometry: bool = False, fin_thickness: float = 0.004, finish: str = "normal paint"
) -> tuple[Launch, dict]:
    """A launch as RocketPy's rerun had it (team's drag curve, its gravity, Barrowman), or from geometry alone."""
    d = flight_json(name)
    launch, env = d["launch"], d["environment"]
    gravity = None if geometry else env.get("gravity")
    pad = Pad(
        np.radians(launch["latitude_deg"]), np.radians(launch["longitude_deg"]), launch["elevation_m_asl"],
        "constant" if gravity else "normal", gravity,
    )  # fmt: skip
    motor, nozzle = _motor(name, d)
    drag = columns(validation("flights", name, "drag_used.csv"))
    aero = AeroOptions()
    if not geometry:
        aero = AeroOptions(
            drag_off=Table1D(drag["mach"], drag["cd_power_off"]), drag_on=Table1D(drag["mach"], drag["cd_power_on"]),
            method="barrowman",
        )  # fmt: skip
    if (foil := d.get("aero", {}).get("airfoil_cl_alpha_deg")) is not None and not geometry:
        aero = replace(aero, fin_section_slope=(foil[1][1] - foil[0][1]) / np.radians(foil[1][0] - foil[0][0]))
    if name == "camoes_2023":
        aero = replace(aero, brakes=camoes_brakes(replaces=not geometry))
    b = d["rail_buttons"]
    return Launch(
        rocket=_rocket(d, fin_thickness=fin_thickness, finish=finish, buttons=geometry), motor=motor, pad=pad,
        weather=_weather(name, d), name=name, motor_position=nozzle, aero=aero,
        guides=(b["upper_x_from_nose_tip_m"], b["lower_x_from_nose_tip_m"]),
        rail=Rail(launch["rail_length_m"], np.radians(launch["inclination_deg"]), np.radians(launch["heading_deg"])),
    ), d  # fmt: skip


SILENT = ("finish", "fin_thickness", "nozzle_exit", "base_beside_jet")
"""What no JSON of the flights says, as keys of `dispersion.PRIORS`; their fins' edges are taken for rounded."""


def flight_band(name: str) -> tuple[ApogeeBand, float]:
    """The band of a flight's apogee from geometry alone with default uncertainties, and the apogee that was measured, m."""
    launch, data = flight_case(name, geometry=True)
    flight = fly(launch, interpreted=True)
    inputs = gather_inputs(
        flight.program, {}, lambda _: launch, heights=air_heights(flight.program), unsaid=SILENT, flight=flight
    )
    band = apogee_band(flight, inputs)
    assert band is not None
    return band, truth(data)


def truth(data: dict) -> float:
    """Best geometric apogee of a flight's data, m above the pad."""
    measured = data["measured"]
    return measured.get("gps_apogee_agl_m") or measured["official_apogee_correction"]["geometric_agl_m_era5_corrected"]


def with_rocketpys_lever_arm(launch: Launch, *, interpreted: bool = False) -> dict[str, float]:
    """Fly with the propellant mirrored about the dry centre of gravity, free as soon as the upper button leaves."""
    c = compile_launch(launch).compiled
    row = c.row.copy()
    row[GUIDE0 + 1] = row[GUIDE0]
    return fly_single(replace(c, segments=mirrored_propellant(launch), row=row), interpreted=interpreted).out


def reference(name: str) -> dict:
    """Numbers of others that the project holds (`tests/data`, made by builders/references.py), with their source."""
    return json.loads((Path(__file__).parent / "data" / f"{name}.json").read_text(encoding="utf-8"))


def calisto(wind: bool = True) -> tuple[Launch, dict]:
    """RocketPy's test rocket, calm or in a wind, and what RocketPy said of its flight."""
    d = reference("calisto")
    r, site, rail, m = d["rocket"], d["site"], d["rail"], d["motor"]
    tail, f, g = r["tail"], r["fins"], m["grains"]
    chutes = tuple(
        Parachute(
            name=c["name"], cd_area=c["cd_area"], inflation_time=0.0, replaces_others=True,
            deploy=Deploy(event="altitude" if c["altitude"] else "apogee", altitude=c["altitude"] or 800.0, lag=c["lag"]),
        )
        for c in r["parachutes"]
    )  # fmt: skip
    fins = TrapezoidalFins(
        count=f["count"], root_chord=f["root_chord"], tip_chord=f["tip_chord"], span=f["span"], sweep=f["root_chord"] - f["tip_chord"],
        thickness=0.004, position="absolute", offset=f["at"], cant=np.radians(f["cant_deg"]),
    )  # fmt: skip
    rocket = Rocket(
        "Calisto",
        (
            NoseCone(shape="von karman", length=r["nose"], diameter=2 * r["radius"]),
            BodyTube(length=tail["at"] - r["nose"], diameter=2 * r["radius"], wall=0.002, parts=(fins, *chutes)),
            Transition(length=tail["length"], aft_diameter=2 * tail["radius"]),
        ),
        measured=Measured(mass=r["mass"], cg=r["cg"], pitch_inertia=r["pitch_inertia"], roll_inertia=r["roll_inertia"]),
    )
    volume = np.pi * (g["outer_radius_m"] ** 2 - g["initial_inner_radius_m"] ** 2) * g["height_m"]
    time, thrust = np.array(m["thrust"]).T
    motor = Motor(
        designation="M1670-BS", time=time, thrust=thrust, diameter=m["diameter"], length=m["length"],
        propellant_mass=g["count"] * volume * g["density_kg_m3"], dry_mass=m["dry_mass"], dry_centre=m["dry_centre"],
        grain_centre=g["centre_from_nozzle_m"], grain_length=g["count"] * g["height_m"] + (g["count"] - 1) * g["separation_m"],
        grain_diameter=2 * g["outer_radius_m"], grain_bore=2 * g["initial_inner_radius_m"],
    )  # fmt: skip
    off, on = (Table1D(*np.array(d[k]).T) for k in ("drag_off", "drag_on"))
    launch = Launch(
        rocket=rocket, motor=motor, name="Calisto",
        pad=Pad(np.radians(site["latitude_deg"]), np.radians(site["longitude_deg"]), site["elevation_m"]),
        weather=Weather(Air.standard(), Wind(Table1D.constant(5.0), Table1D.constant(-3.0)) if wind else Wind()),
        motor_position=m["nozzle"], guides=tuple(r["buttons"]),
        aero=AeroOptions(drag_off=off, drag_on=on, fin_section_slope=f["section_slope"], method="barrowman"),
        rail=Rail(rail["rail_length_m"], np.radians(rail["inclination_from_horizontal_deg"]), np.radians(rail["heading_deg"])),
    )  # fmt: skip
    return launch, d["rocketpy"]["wind" if wind else "calm"]


def mirrored_propellant(launch: Launch) -> np.ndarray:
    """The segments of a launch's motor with its propellant as far ahead of the dry centre of gravity as it is behind.

    So RocketPy has the lever arm of the thrust while the motor burns.
    """
    ahead = 2 * float(launch.dry.cg[0]) - launch.propellant_centre
    motor = replace(launch.motor, grain_centre=launch.nozzle - ahead)
    return segment_tables((Nozzle(motor, launch.nozzle),), np.zeros((1, 1)), launch.aero.brakes)[0]
