"""Explained: the way down. How fast, with what energy, how far away, and what the fins bear on the way up."""

from __future__ import annotations

import math

import numpy as np

from downrange.aero.flutter import SECTION_CENTRE, fin_strengths
from downrange.constants import HEAT_RATIO_AIR
from downrange.flight import Device
from downrange.flight.named import named_rows
from downrange.flight.recovery import HangingBody
from downrange.flight.sections import section_masses
from downrange.report.explain.case import Case
from downrange.report.explain.sheet import Explanation, Sheet
from downrange.rocket import FinSet, planform

__all__ = ["descent", "drift", "energy", "flutter", "opening"]

_OPENS, _TEARS = 6, 9  # kinds of events of the kernel


def _open_at_landing(case: Case) -> list[Device]:
    """The devices under which it comes down: those that opened, less those that tore or that a later one took the place of."""
    flight, hanging = case.flight, list[tuple[int, Device]]()
    legs = flight.flown[0].arrival.legs if flight.flown else ()
    opened = [(leg.body.devices, leg.raw.events) for leg in legs] or [(flight.program.devices, flight.raw.events)]
    for fitted, events in opened:
        for kind, _, device in events:
            k = int(device)
            if int(kind) == _OPENS and k >= 0:
                hanging = [(k, fitted[k])] if fitted[k].replaces else [*hanging, (k, fitted[k])]
            elif int(kind) == _TEARS:
                gone = {k, fitted[k].after} - {-1}
                hanging = [(n, d) for n, d in hanging if n not in gone and d.after not in gone]
    return [d for _, d in hanging]


def descent(case: Case) -> Explanation:
    """Speed at the ground."""
    f = case.figures
    devices = _open_at_landing(case)
    glide = next((d.glide for d in reversed(devices) if d.glide > 0), 0.0)
    sheet = Sheet(
        "descent",
        "How fast does it come down?",
        ("Drag and lift together carry its weight, and lift takes it aside." if glide else "It sinks at the speed at which drag equals weight.")
        + " The wind carries it along: it meets the ground with both.",
    )  # fmt: skip
    sheet.give("m", f["landing_mass"], "mass", "mass as it lands, propellant burnt", case.mass_source)
    sheet.give("g", case.gravity, "acceleration", "gravity at the pad", "latitude and elevation of the site")
    sheet.give(
        "ρ",
        case.density(0.0),
        "density",
        "air density at the ground",
        f"{case.launch_file}, weather, and the site's elevation",
    )
    if devices:
        _sink(case, sheet, devices, glide)
    else:
        sheet.give("v_s", f["landing_sink"], "speed", "sink at the ground, with nothing open", "the flight")
    drift = math.sqrt(max(f["ground_hit_speed"] ** 2 - f["landing_sink"] ** 2, 0.0))
    carries = "wind and its gliding carry" if glide else "the wind carries"
    sheet.give("w", drift, "speed", f"how fast {carries} it over the ground", "the flight, at landing")
    hand = sheet.step("v", "sqrt(v_s**2 + w**2)", "speed", "Both together, by Pythagoras:")
    return sheet.done(
        f["ground_hit_speed"], "speed", "ground_hit_speed_m_s", by_hand=hand, knobs="canopy, mass, wind",
        because="close to the ground the wind dies away, so that air meets it from the side and brakes the fall, too",
    )  # fmt: skip


def _sink(case: Case, sheet: Sheet, devices: list[Device], glide: float) -> None:
    """Drag areas as the flight has them, and the rate at which it sinks under them."""
    canopies = [d for d in devices if d.cd_area > 0]
    area, row = sum(d.cd_area for d in canopies), named_rows(case.stretches[-1].body.compiled.row)
    whole = "(S_c + S_b)" if canopies else "S_b"
    if canopies:
        names = " and ".join(dict.fromkeys(d.name for d in canopies))
        sheet.give("S_c", area, "area", f"drag area of {names}: C_D times area", case.rocket_file)
    hangs = "that hangs below" if canopies else "that falls without a canopy"
    body = HangingBody(float(row["across"]), float(row["along"]))
    sheet.give(
        "S_b", float(body.under(area)), "area", f"drag area of the rocket {hangs}", "its length, diameter and fins"
    )
    if not glide:
        sheet.step(
            "v_s",
            f"sqrt(2 * m * g / (ρ * {whole}))",
            "speed",
            "Weight m · g equals drag ρ · v² · S / 2, so it sinks at",
        )
        return
    sheet.give("G", glide, "number", "glide ratio: how far it flies for what it sinks", case.rocket_file)
    sheet.step("S", f"{whole} * (1 + G**2)**1.5", "area", "Lift carries, too: it sinks as with a drag area of")
    sheet.step("v_s", "sqrt(2 * m * g / (ρ * S))", "speed", "Weight m · g equals ρ · v² · S / 2, so it sinks at")


def energy(case: Case) -> Explanation:
    """Energy at landing."""
    f, launch = case.figures, case.launch
    sheet = Sheet(
        "energy",
        "How hard does it hit?",
        "What a landing can do to a roof, a head or the rocket is measured by its energy of motion. Rules limit it: NASA Student Launch asks for at most "
        "75 ft·lbf (102 J) of the heaviest section.",
    )
    sheet.give("m", f["landing_mass"], "mass", "mass as it lands, propellant burnt", case.mass_source)
    sheet.give("v", f["ground_hit_speed"], "speed", "speed over ground at landing", "see downrange explain descent")
    sheet.step("E", "m * v**2 / 2", "energy", "Energy of motion:")
    if launch.sections and not case.flight.flown:
        masses = section_masses(launch)
        share = f["landing_mass"] / launch.dry.mass
        rows: list[tuple[str | tuple[float, str], ...]] = [
            (s.name, (share * float(kg), "mass"), (0.5 * share * float(kg) * f["ground_hit_speed"] ** 2, "energy"))
            for s, kg in zip(launch.sections, masses, strict=True)
        ]
        sheet.table("section, by the same formula", ("section", "m", "E"), rows)
    return sheet.done(f["landing_energy"], "energy", "landing_energy_j", knobs="canopy, mass, wind")


def _mean_wind(case: Case, start: float, stop: float) -> np.ndarray:
    """Mean wind (east, north) in m/s on the way down from one time to another."""
    time = np.linspace(start, stop, 200)
    heights = np.maximum(case.flight.sample(time).height, 0.0)
    return np.asarray(np.mean([case.wind_at(float(h)) for h in heights], axis=0))


def drift(case: Case) -> Explanation:
    """How far from the pad it lands."""
    f = case.figures
    sheet = Sheet(
        "drift",
        "How far away does it land?",
        "On the way up the rocket turns into the wind and leans with the rail; on the way down the wind carries it: drift is wind times time.",
    )
    splits = [f["time_to_apogee"]]
    splits += sorted(t for kind, t, _ in case.flight.raw.events if int(kind) == 6 and t > f["time_to_apogee"] + 5)
    splits.append(f["flight_time"])
    sheet.give("e_0", f["apogee_east"], "length", "apogee east of the pad (minus: west)", "the flight")
    sheet.give("n_0", f["apogee_north"], "length", "apogee north of the pad (minus: south)", "the flight")
    east, north = ["e_0"], ["n_0"]
    for k, (a, b) in enumerate(zip(splits, splits[1:], strict=False), 1):
        w = _mean_wind(case, a, b)
        what = "on the way down" if len(splits) == 2 else f"from {a:.0f} to {b:.0f} s"
        sheet.give(f"t_{k}", b - a, "time", f"time {what}", "the flight")
        sheet.give(
            f"u_{k}",
            float(w[0]),
            "speed",
            f"mean wind towards the east {what}",
            f"{case.launch_file}, weather.wind, at its heights",
        )
        sheet.give(
            f"w_{k}",
            float(w[1]),
            "speed",
            f"mean wind towards the north {what}",
            f"{case.launch_file}, weather.wind, at its heights",
        )
        east.append(f"u_{k} * t_{k}")
        north.append(f"w_{k} * t_{k}")
    sheet.step("e", " + ".join(east), "length", "It lands east of the pad by")
    sheet.step("n", " + ".join(north), "length", "and north of it by")
    hand = sheet.step("r", "sqrt(e**2 + n**2)", "length", "which is away from the pad, by Pythagoras,")
    return sheet.done(
        math.hypot(f["landing_east"], f["landing_north"]), "length", "", by_hand=hand, knobs="wind, lean, canopy, drag, thrust",
        because="it takes a moment to take up the wind, and its own speed at apogee dies away",
    )  # fmt: skip


def opening(case: Case) -> Explanation:
    """Speed when the first canopy opens."""
    f = case.figures
    best = case.flight.last_burnout + f["optimum_delay"]
    at = case.flight.sample(np.array([f["deployment_time"]]))
    wind = case.wind_at(float(at.height[0]))
    level = float(np.hypot(*(at.velocity_enu[0, :2] - wind)))
    sheet = Sheet(
        "opening",
        "How fast is it when the parachute opens?",
        "At apogee it has stopped rising and only moves sideways. A canopy that opens early or late meets in addition the speed that gravity takes or gives in that "
        "time. Above about 30 m/s lines tear and tubes zip open.",
    )
    sheet.give(
        "t",
        abs(f["deployment_time"] - best),
        "time",
        f"opening at {f['deployment_time']:.2f} s, apogee without a canopy at {best:.2f} s",
        "the flight",
    )
    sheet.give("g", case.gravity, "acceleration", "gravity at the pad", "latitude and elevation of the site")
    sheet.give("u", level, "speed", "speed sideways through the air", "the flight: wind, and the rail's lean")
    hand = sheet.step("v", "sqrt((g * t)**2 + u**2)", "speed", "Up or down, and sideways, by Pythagoras:")
    return sheet.done(
        f["deployment_airspeed"], "speed", "deployment_airspeed_m_s", by_hand=hand, knobs="lean, wind, thrust, mass",
        because="the air slows it while it falls",
    )  # fmt: skip


def flutter(case: Case) -> Explanation:
    """Flutter speed over flight speed."""
    f = case.figures
    strengths = [(s, x) for x in case.stretches for s in fin_strengths(x.body.rocket) if s.flutter_pressure > 0]
    worst, flies = min(strengths, key=lambda s: s[0].flutter_pressure / max(s[1].fastest, 1e-9))
    fin = next(q.part for q in flies.body.rocket.find(FinSet) if q.path == worst.path)
    assert isinstance(fin, FinSet)
    plan = planform(fin)
    sheet = Sheet(
        "flutter",
        "Will the fins hold?",
        "Above a certain speed air and fin shake each other, as a flag does in the wind, and the fin breaks off within a fraction of a second. Thick, stiff and short fins "
        "bear more. The formula is that of NACA TN 4197 (Martin, 1958); it meets its tests to about 20 %.",
    )
    sheet.give("s", plan.span, "length", f"span of {worst.name}", case.rocket_file)
    sheet.give("S", plan.area, "area", "area of one fin", case.rocket_file)
    sheet.give("c", plan.root_chord, "length", "chord at the root", case.rocket_file)
    sheet.give("τ", fin.thickness, "length", "thickness", case.rocket_file)
    sheet.give(
        "λ",
        float(plan.chord[-1] / plan.root_chord),
        "number",
        "chord at the tip over that at the root",
        case.rocket_file,
    )
    sheet.give(
        "G",
        worst.shear_modulus,
        "pressure",
        "how stiff the material is against shear",
        f"{fin.material}, or your shear_modulus",
    )
    sheet.give(
        "ε",
        SECTION_CENTRE.get(fin.section, 0.5) - 0.25,
        "number",
        "from quarter-chord to the section's centre of mass, in chords",
        f"section {fin.section}",
    )
    sheet.give("γ", HEAT_RATIO_AIR, "number", "ratio of the specific heats of air", "a constant")
    sheet.give(
        "q",
        flies.fastest,
        "pressure",
        f"largest dynamic pressure of {f'{flies.name} in ' if case.flight.flown else ''}the flight, ρ v² / 2",
        "the flight",
    )
    sheet.step("A", "s**2 / S", "number", "Aspect ratio:")
    sheet.step(
        "K", "24 * ε * γ / 3.14159 * A**3 / ((τ / c)**3 * (A + 2)) * (λ + 1) / 2", "number", "The shape in one number:"
    )
    sheet.step("q_f", "γ * G / (2 * K)", "pressure", "Dynamic pressure at which it flutters:")
    sheet.step("ratio", "sqrt(q_f / q)", "number", "Speeds are as roots of pressures; flutter speed over flight speed:")
    return sheet.done(
        f["flutter_margin"], "number", "flutter_margin", knobs="thickness, thrust, span", more="At least 1.2 is usual; 1 is the edge."
    )  # fmt: skip
