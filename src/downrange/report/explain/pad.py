"""Explained: what can be said on the pad. Mass, margin, thrust to weight, and how it leaves the rail."""

from __future__ import annotations

import math
from collections.abc import Iterator

from downrange.constants import STANDARD_GRAVITY
from downrange.flight.configurations import configurations
from downrange.report.explain.case import Case
from downrange.report.explain.sheet import Explanation, Sheet
from downrange.rocket import Rocket, called, part_mass

__all__ = ["angle_of_attack", "margin", "mass", "rail_exit", "thrust_to_weight"]


def _weights(rocket: Rocket) -> Iterator[tuple[str, float, float]]:
    """(name, kg, m aft of the nose tip) of each part, with what was said of its mass; an assembly weighed as one is one."""
    covered = ""
    for q in rocket.placed:
        if covered and q.path.startswith(covered):
            continue
        covered = ""
        own = part_mass(q.part, q.at)
        kg, x = float(own.mass), float(own.cg[0])
        if q.part.mass is not None:
            kg = q.part.mass
            x = x if own.mass > 0 else q.front
        if q.part.cg is not None:
            x = q.front + q.part.cg
        if q.part.override_children:
            covered = f"{q.path}."
        yield called(q.part), kg, x


def _mass_rows(case: Case) -> list[tuple[str, float, float]]:
    """Rocket and motor, part by part where they explain what is flown."""
    launch = case.launch
    rocket, body = launch.rocket, launch.rocket.without_motor
    rows = list(_weights(rocket))
    total = sum(kg for _, kg, _ in rows)
    moment = sum(kg * x for _, kg, x in rows)
    if abs(total - body.mass) > 1e-6 * body.mass or abs(moment - body.mass * body.cg[0]) > 1e-6 * abs(moment):
        rows = [("rocket, as weighed" if case.weighed else "rocket without motor", body.mass, float(body.cg[0]))]
    for k, m in enumerate(launch.motors):
        own = [f for f in launch.filled if f.index == k]
        of, n, x = "", len(own), own[0].x
        if len(launch.filled) > 1:
            where = f" in {own[0].tube.mount}" if own[0].tube.mount else ""
            of = f" of {f'{n} x ' if n > 1 else ''}{m.motor.designation}{where}"
        if m.motor.dry_mass > 0:
            empty = "empty motor" if not of else f"empty {of[4:]}"
            rows.append((empty, n * m.motor.dry_mass, x - m.motor.casing_centre))
        rows.append((f"propellant{of}", n * m.motor.propellant_mass, x - m.motor.propellant_centre))
    return rows


def _later(case: Case, sheet: Sheet) -> None:
    """A table of what flies once something has left."""
    launch = case.launch
    later = configurations(launch)[1:]
    if later:
        sheet.table(
            "what flies later, and what is left, x from its own nose tip", ("body", "m", "x_cg", "x_cp", "margin"),
            [(f"{c.name}{', dropped' if c.dropped else ''}", (c.begins.mass, "mass"), (float(c.begins.cg[0]), "length"), (c.cp, "length"),
              (c.margin(c.begins), "calibre")) for c in later],
        )  # fmt: skip


def _balance(case: Case, sheet: Sheet) -> None:
    rows = _mass_rows(case)
    table: list[tuple[str | tuple[float, str], ...]] = [
        (name, (kg, "mass"), (x, "length"), (kg * x, "mass moment")) for name, kg, x in rows if kg > 0
    ]
    kg, moment = sum(r[1] for r in rows), sum(r[1] * r[2] for r in rows)
    table.append(("sum", (kg, "mass"), "", (moment, "mass moment")))
    sheet.table("what it weighs, x from the nose tip", ("part", "m", "x", "m · x"), table)
    sheet.values.update(M=kg, Mx=moment)


def mass(case: Case) -> Explanation:
    """Mass and centre of gravity at lift-off."""
    sheet = Sheet(
        "mass",
        "What does it weigh, and where does it balance?",
        "Every part has a mass and a place. The masses add up; the rocket balances where their moments m · x do.",
    )
    _balance(case, sheet)
    sheet.step("x_cg", "Mx / M", "length", "The centre of gravity, from the nose tip:")
    launch = case.launch
    one = len(launch.filled) == 1
    data = f"data of {launch.motor.designation}" if one else "data of the motors"
    empty = sum(f.motor.dry_mass for f in launch.filled)
    sheet.give(
        "m_r",
        launch.rocket.without_motor.mass,
        "mass",
        f"the rocket without motor{'' if one else 's'}",
        case.rocket_file,
    )
    sheet.give("m_e", empty, "mass", "the empty motor" if one else "all empty motors", data)
    sheet.give("m_p", launch.propellant_mass, "mass", "its propellant" if one else "their propellant", data)
    sheet.step("M", "m_r + m_e + m_p", "mass", "The mass at lift-off:")
    _later(case, sheet)
    return sheet.done(
        case.figures["liftoff_mass"], "mass", "liftoff_mass_kg", knobs="mass",
        more="A scale beats any sum: weigh it, find where it balances, and write measured: {mass: ..., cg: ...} into the rocket's file.",
    )  # fmt: skip


def margin(case: Case) -> Explanation:
    """Static margin on the pad."""
    f, launch, aero = case.figures, case.launch, case.flight.program.aero
    sheet = Sheet(
        "margin",
        "How stable is it?",
        "Air pushes a tilted rocket sideways at its centre of pressure, and it turns about its centre of gravity. With the centre of pressure behind, the "
        "push turns the nose back, as wind turns a weathervane. The margin is the distance between the two, counted in body diameters (calibres).",
    )
    _balance(case, sheet)
    sheet.step("x_cg", "Mx / M", "length", "The centre of gravity at lift-off, from the nose tip:")
    rows = [(p.name, _at(aero, p.slope, 0.3), _at(aero, p.cp, 0.3)) for p in aero.lifts]
    rows = [r for r in rows if abs(r[1]) > 1e-9]
    total, moment = sum(r[1] for r in rows), sum(r[1] * r[2] for r in rows)
    if rows and abs(moment - f["cp"] * total) < 1e-4 * abs(moment) + 1e-12:
        table: list[tuple[str | tuple[float, str], ...]] = [
            (n, (c, "number"), (x, "length"), (c * x, "length")) for n, c, x in rows
        ]
        table.append(("sum", (total, "number"), "", (moment, "length")))
        sheet.table("what the air pushes at Mach 0.3, per radian", ("part", "CN", "x", "CN · x"), table)
        sheet.values.update(C=total, Cx=moment)
        sheet.step("x_cp", "Cx / C", "length", "The centre of pressure, from the nose tip:")
    else:
        own = launch.aero.centre_of_pressure is not None
        sheet.give(
            "x_cp", f["cp"], "length", "centre of pressure at Mach 0.3, from the nose tip",
            "your table" if own else "the parts' forces, in the plane where it is furthest forward",
        )  # fmt: skip
    sheet.give("d", launch.rocket.diameter, "length", "largest body diameter", case.rocket_file)
    _later(case, sheet)
    sheet.step("margin", "(x_cp - x_cg) / d", "calibre", "The margin is")
    return sheet.done(
        f["static_margin"], "calibre", "static_margin_cal", knobs="nose weight, span, mass",
        more=f"In flight it differs: at rail exit it meets the wind at {math.degrees(f['rail_exit_angle_of_attack']):.1f}°, where the body lifts too and draws the centre of "
        f"pressure forward: {f['rail_exit_stability']:.2f} cal. By Barrowman's method of 1966 it is {f['static_margin_barrowman']:.2f} cal on the pad."
        if math.isfinite(f["rail_exit_stability"]) else "",
    )  # fmt: skip


def _at(aero: object, values: object, mach: float) -> float:
    import numpy as np

    return float(np.interp(mach, aero.mach, values))  # type: ignore[attr-defined,call-overload]


def thrust_to_weight(case: Case) -> Explanation:
    """Thrust to weight over the first half second."""
    f, motor = case.figures, case.launch.lifting
    weight = f["liftoff_mass"] * STANDARD_GRAVITY
    force = f["thrust_to_weight"] * weight
    start, stop = motor.thrust_begins, min(motor.thrust_begins + 0.5, motor.burnout_time)
    sheet = Sheet(
        "thrust-to-weight",
        "Is the motor strong enough?",
        "It must leave the rail fast enough for its fins to steer it. As a first measure the thrust at the start is compared with the weight: 5 to 1 is usual.",
    )
    impulse = float(motor.impulse_until(stop) - motor.impulse_until(start))
    if abs(impulse / (stop - start) - force) < 1e-6 * force:
        sheet.give(
            "I",
            impulse,
            "impulse",
            f"thrust times time from {start:.2f} to {stop:.2f} s",
            f"area under the {case.motor_source}",
        )
        sheet.give("t", stop - start, "time", "that time", "the rule's half second, or the burn if shorter")
        sheet.step("F", "I / t", "force", "Average thrust at the start:")
    else:
        sheet.give("F", force, "force", "average thrust over 0.5 s from where it exceeds the weight", case.motor_source)
    sheet.give("m", f["liftoff_mass"], "mass", "mass at lift-off", case.mass_source)
    sheet.give("g", STANDARD_GRAVITY, "acceleration", "standard gravity", "by definition")
    sheet.step("ratio", "F / (m * g)", "ratio", "Thrust to weight:")
    return sheet.done(f["thrust_to_weight"], "ratio", "thrust_to_weight", knobs="thrust, mass")


def rail_exit(case: Case) -> Explanation:
    """Speed at the end of the rail."""
    f, launch, motor = case.figures, case.launch, case.launch.lifting
    start, stop = case.flight.raw.out["liftoff_time"], f["rail_exit_time"]
    sheet = Sheet(
        "rail-exit",
        "How fast is it when the rail lets go?",
        "Below about 15 m/s (50 ft/s) the fins have too little air to steer with. Thrust times time is momentum: what the motor gave until then, less what "
        "gravity took, divided by the mass.",
    )
    sheet.give("I", float(motor.impulse_until(stop) - motor.impulse_until(start)), "impulse", f"thrust times time from {start:.3f} to {stop:.3f} s", f"area under the {case.motor_source}")  # fmt: skip
    sheet.give("t", stop - start, "time", "from lift-off to rail exit", "the flight")
    sheet.give("m", f["liftoff_mass"], "mass", "mass at lift-off", case.mass_source)
    sheet.give("g", case.gravity, "acceleration", "gravity at the pad", "latitude and elevation of the site")
    sheet.give(
        "θ",
        math.degrees(launch.rail.elevation),
        "degrees",
        "rail above the horizon",
        f"{case.launch_file}, rail.elevation",
    )
    sheet.step("v", "I / m - g * sin(θ) * t", "speed", "Speed at the end of the rail:")
    return sheet.done(
        f["rail_exit_speed"], "speed", "rail_exit_speed_m_s", by_hand=sheet.values["v"], knobs="thrust, mass, rail, lean",
        because="the sum leaves out the air's drag, and the propellant that has burnt by then",
    )  # fmt: skip


def angle_of_attack(case: Case) -> Explanation:
    """Angle of attack at rail exit."""
    import numpy as np

    f, rail = case.figures, case.launch.rail
    east, north = case.wind_at(float(case.flight.sample(np.array([f["rail_exit_time"]])).height[0]))
    along_ground = east * math.sin(rail.azimuth) + north * math.cos(rail.azimuth)
    along = along_ground * math.cos(rail.elevation)
    across = math.sqrt(max(east**2 + north**2 - along**2, 0.0))
    sheet = Sheet(
        "angle-of-attack",
        "At what angle does it meet the air when the rail lets go?",
        "The rocket moves along the rail, the wind across it. Put together they make a slanted wind; fins stall from about 15°, and a slanted rocket turns into the wind.",
    )
    sheet.give(
        "w", across, "speed", "wind across the rail, at the height of rail exit", f"{case.launch_file}, weather.wind"
    )
    sheet.give(
        "u", -along, "speed", "wind against the rocket, along the rail", f"{case.launch_file}, weather.wind and rail"
    )
    sheet.give("v", f["rail_exit_speed"], "speed", "rail exit speed", "see downrange explain rail-exit")
    sheet.step("α", "degrees(arctan(w / (v + u)))", "degrees", "The angle whose tangent is across over along:")
    return sheet.done(
        math.degrees(f["rail_exit_angle_of_attack"]),
        "degrees",
        "rail_exit_angle_of_attack_deg",
        knobs="wind, rail, thrust, lean",
    )
