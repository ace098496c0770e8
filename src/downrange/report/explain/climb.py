"""Explained: the way up. Height, speed, acceleration, drag, the delay to buy, and what an altimeter shows.

The sums by hand solve Newton's second law, m dv/dt = F - m g - k v² with k = ρ C_D A / 2, for constant thrust, mass and air; the
solutions stand in every text on motion with drag (R. Culp writes them out for model rockets).
"""

from __future__ import annotations

import math

import numpy as np

from downrange.report.explain.case import Case
from downrange.report.explain.sheet import Explanation, Sheet

__all__ = ["acceleration", "apogee", "delay", "drag", "pressure_altitude", "speed"]

# One C_D stands for the whole climb: it is taken at the speed above which drag does half of its braking. Braking is the
# integral of k v² / m over time; where v changes evenly with time, the part done below a speed is (v / v_max)³, half of
# it at 2^(-1/3) = 0.79.
_TELLING = 0.8  # of the largest Mach number

_SHORT = 0.05  # s; a phase shorter than that counts with the one after it
_BECAUSE = "by hand thrust, mass and air are taken as constant, and the flight as straight up"


def _forces(case: Case, sheet: Sheet) -> bool:
    """Write down average thrust, masses and drag; whether the motors carry the rocket at their average thrust."""
    f, launch, motor = case.figures, case.launch, case.launch.lifting
    middle = 0.5 * f["apogee_agl"]
    mach = _TELLING * f["max_mach"]
    cd, _ = case.drag_coefficient(mach, middle, power=False)
    sheet.give(
        "I", motor.impulse, "impulse", "thrust times time of the whole burn", f"area under the {case.motor_source}"
    )
    sheet.give("t", motor.burnout_time, "time", "end of the burn, from ignition", case.motor_source)
    sheet.give("m_0", f["liftoff_mass"], "mass", "mass at lift-off", case.mass_source)
    sheet.give("m_p", motor.propellant_mass, "mass", "propellant", f"data of {motor.designation}")
    sheet.give("g", case.gravity, "acceleration", "gravity at the pad", "latitude and elevation of the site")
    sheet.give(
        "ρ",
        case.density(middle),
        "density",
        "air density half way up",
        f"{case.launch_file}, weather, and the site's elevation",
    )
    sheet.give(
        "C_D",
        cd,
        "number",
        f"drag coefficient at Mach {mach:.2f}, {_TELLING} of the largest: drag counts most when fast",
        "computed from the parts: see downrange aero",
    )
    sheet.give("d", launch.rocket.diameter, "length", "largest body diameter", case.rocket_file)
    sheet.step("A", "3.14159 * d**2 / 4", "area", "Frontal area:")
    sheet.step("k", "ρ * C_D * A / 2", "line density", "Drag is k · v², with")
    sheet.step("F", "I / t", "force", "Average thrust:")
    sheet.step("m", "m_0 - m_p / 2", "mass", "Average mass while it burns:")
    return sheet.values["F"] > 1.05 * sheet.values["m"] * sheet.values["g"]


def _phases(case: Case, sheet: Sheet) -> int:
    """Write down the climb of a vehicle whose motors burn in turn, phase by phase: averages, speeds, heights; how many there are.

    A phase lasts until a motor is lit or burns out, or something leaves. Newton's law is solved as for one motor, from the speed
    at which the phase before it ended.
    """
    flight, top = case.flight, case.figures["time_to_apogee"]
    marks = [t for t, lit in _lights(case)] + [s.begins for s in case.stretches]
    start = flight.raw.out["liftoff_time"]
    edges = [start, *sorted({round(t, 6) for t in marks if start + _SHORT < t < top - _SHORT}), top]
    edges = [a for a, b in zip(edges, [*edges[1:], math.inf], strict=True) if b - a > _SHORT]
    rows: list[tuple[str | tuple[float, str], ...]] = []
    for k, (a, b) in enumerate(zip(edges, edges[1:], strict=False), 1):
        t = np.linspace(a, b - 1e-6, 200)
        seen, flies = flight.sample(t), case.at(0.5 * (a + b))
        burns = float(np.mean(seen.thrust)) > 0
        mach, height = _TELLING * float(seen.mach.max()), float(np.mean(seen.height))
        cd = case.drag_coefficient(mach, height, power=burns, flies=flies)[0]
        line = 0.5 * case.density(height) * cd * flies.body.rocket.reference_area
        sheet.values |= {
            f"t_{k}": b - a,
            f"F_{k}": float(np.mean(seen.thrust)),
            f"m_{k}": float(np.mean(seen.mass)),
            f"k_{k}": line,
        }
        cells = [
            (sheet.values[f"{s}_{k}"], kind)
            for s, kind in (("t", "time"), ("F", "force"), ("m", "mass"), ("k", "line density"))
        ]
        rows.append((f"{k}: {flies.name} {'burns' if burns else 'coasts'}", *cells))
    sheet.table("phases of the climb, with averages", ("phase", "t", "F", "m", "k = ρ C_D A / 2"), rows)
    sheet.give("g", case.gravity, "acceleration", "gravity at the pad", "latitude and elevation of the site")
    sheet.values["v_0"] = 0.0
    for k in range(1, len(rows) + 1):
        _phase(sheet, k, last=k == len(rows))
    return len(rows)


def _lights(case: Case) -> list[tuple[float, float]]:
    """When each motor of the foremost body's way is lit and burns out: (time, 1 or 0)."""
    out = []
    for s in case.stretches:
        for j in s.body.tubes:
            lit = float(s.lit[j])
            if math.isfinite(lit) and s.begins <= lit < s.ends:
                out += [(lit, 1.0), (lit + case.launch.filled[j].motor.burnout_time, 0.0)]
    return out


def _phase(sheet: Sheet, k: int, *, last: bool) -> None:
    """Speed at the end of phase `k`, and the height gained in it."""
    v = sheet.values
    push, start, name = v[f"F_{k}"] - v[f"m_{k}"] * v["g"], f"v_{k - 1}", f"phase {k}"
    if push > 0.05 * v[f"m_{k}"] * v["g"]:
        sheet.step(
            f"q_{k}",
            f"sqrt((F_{k} - m_{k} * g) / k_{k})",
            "speed",
            f"{name.capitalize()}: drag would hold thrust and weight in balance at",
        )
        sheet.step(
            f"x_{k}", f"t_{k} * k_{k} * q_{k} / m_{k}", "number", "How far towards it the burn gets, a pure number:"
        )
        if v[start] == 0:
            sheet.step(f"v_{k}", f"q_{k} * tanh(x_{k})", "speed", f"Speed at the end of {name}:")
            sheet.step(f"h_{k}", f"m_{k} / k_{k} * ln(cosh(x_{k}))", "length", "Height gained in it:")
            return
        sheet.step(
            f"v_{k}",
            f"q_{k} * ({start} + q_{k} * tanh(x_{k})) / (q_{k} + {start} * tanh(x_{k}))",
            "speed",
            f"Speed at the end of {name}:",
        )
        sheet.step(
            f"h_{k}",
            f"m_{k} / k_{k} * ln(cosh(x_{k}) + {start} / q_{k} * sinh(x_{k}))",
            "length",
            "Height gained in it:",
        )
        return
    sheet.step(f"u_{k}", f"sqrt((m_{k} * g - F_{k}) / k_{k})", "speed", f"{name.capitalize()}: drag equals weight at")
    if last:
        sheet.step(
            f"h_{k}",
            f"m_{k} / (2 * k_{k}) * ln(1 + ({start} / u_{k})**2)",
            "length",
            "Height gained until it stands still:",
        )
        return
    slows = f"arctan({start} / u_{k}) - t_{k} * k_{k} * u_{k} / m_{k}"
    sheet.step(f"x_{k}", slows, "number", "How far from standing still it is at the end, a pure number:")
    sheet.step(f"v_{k}", f"u_{k} * tan(degrees(x_{k}))", "speed", f"Speed at the end of {name}:")
    sheet.step(
        f"h_{k}",
        f"m_{k} / (2 * k_{k}) * ln(({start}**2 + u_{k}**2) / (v_{k}**2 + u_{k}**2))",
        "length",
        "Height gained in it:",
    )


def _burn(sheet: Sheet) -> None:
    sheet.step(
        "q", "sqrt((F - m * g) / k)", "speed", "The speed at which drag would hold thrust and weight in balance:"
    )
    sheet.step("x", "t * k * q / m", "number", "How far towards it the burn gets, a pure number:")
    sheet.step("v", "q * tanh(x)", "speed", "Speed at burn-out:")


def apogee(case: Case) -> Explanation:
    """Height of the flight."""
    sheet = Sheet(
        "apogee",
        "How high does it fly?",
        "The motor pushes, the weight and the air pull back. The rocket is fast when the motor is out, and from there it coasts, slowed by its weight and the "
        "air, until it stands still: apogee. By hand the flight is cut in phases, burning and coasting, with averages in each.",
    )
    hand = math.nan
    if case.flight.flown:
        n = _phases(case, sheet)
        hand = sheet.step("h", " + ".join(f"h_{k}" for k in range(1, n + 1)), "length", "Together:")
    elif _forces(case, sheet):
        _burn(sheet)
        sheet.step("h_1", "m / k * ln(cosh(x))", "length", "Height at burn-out:")
        sheet.step("m_c", "m_0 - m_p", "mass", "Mass while it coasts:")
        sheet.step("h_2", "m_c / (2 * k) * ln(1 + k * v**2 / (m_c * g))", "length", "Height gained while it coasts:")
        hand = sheet.step("h", "h_1 + h_2", "length", "Together:")
    return sheet.done(
        case.figures["apogee_agl"], "length", "apogee_agl_m", by_hand=hand, because=_BECAUSE, knobs="mass, drag, thrust, wind, lean",
    )  # fmt: skip


def speed(case: Case) -> Explanation:
    """Largest speed."""
    sheet = Sheet(
        "speed",
        "How fast does it fly?",
        "While the motor burns, thrust less weight less drag makes it faster. Drag grows with the square of the speed, so that there is a speed which it "
        "never passes; most motors burn out before.",
    )
    hand = math.nan
    if case.flight.flown:
        n = _phases(case, sheet)
        fastest = max(range(1, n), key=lambda k: sheet.values[f"v_{k}"])
        hand = sheet.step("v", f"v_{fastest}", "speed", "The largest of these speeds:")
    elif _forces(case, sheet):
        _burn(sheet)
        hand = sheet.values["v"]
    return sheet.done(
        case.figures["max_speed"], "speed", "max_speed_m_s", by_hand=hand, because=_BECAUSE, knobs="thrust, mass, drag"
    )  # fmt: skip


def delay(case: Case) -> Explanation:
    """The best delay of an ejection charge."""
    f, launch = case.figures, case.launch
    end = case.flight.last_burnout
    flies, out = case.at(end + 1e-6), case.flight.sample(np.array([end + 1e-6]))
    speed, low = (
        (f["burnout_speed"], f["burnout_altitude_agl"])
        if not case.flight.flown
        else (float(out.speed[0]), float(out.height[0]))
    )
    height, mach = 0.5 * (f["apogee_agl"] + low), _TELLING * f["max_mach"]
    cd, _ = case.drag_coefficient(mach, height, power=False, flies=flies)
    sheet = Sheet(
        "delay",
        "Which delay should the motor have?",
        "A parachute should open where the rocket is slowest: at apogee. So the delay should be as long as the coast from burn-out to the apogee that it would "
        "reach without a parachute.",
    )
    sheet.give("v", speed, "speed", "speed at burn-out", "the flight: see downrange explain speed")
    sheet.give(
        "m",
        float(out.mass[0]),
        "mass",
        f"mass of {flies.name} then" if case.flight.flown else "mass without propellant",
        case.mass_source,
    )
    sheet.give("g", case.gravity, "acceleration", "gravity at the pad", "latitude and elevation of the site")
    sheet.give(
        "ρ",
        case.density(height),
        "density",
        "air density half way up the coast",
        f"{case.launch_file}, weather, and the site's elevation",
    )
    sheet.give(
        "C_D",
        cd,
        "number",
        f"drag coefficient at Mach {mach:.2f}, {_TELLING} of the largest: drag counts most when fast",
        "computed from the parts: see downrange aero",
    )
    sheet.give("A", flies.body.rocket.reference_area, "area", "frontal area", "π d² / 4 of the largest diameter")
    sheet.step("k", "ρ * C_D * A / 2", "line density", "Drag is k · v², with")
    sheet.step("u", "sqrt(m * g / k)", "speed", "The speed at which drag equals the weight:")
    hand = sheet.step("t", "u / g * arctan(v / u)", "time", "Time until it stands still (the arc tangent in radians):")
    motor = max((launch.filled[j] for j in flies.body.tubes), key=lambda j: j.index, default=launch.filled[0]).motor
    sold = motor.sold or motor.delays
    return sheet.done(
        f["optimum_delay"], "time", "optimum_delay_s", by_hand=hand, knobs="drag, mass, thrust, lean", because=_BECAUSE,
        more=f"Sold for this motor: {', '.join(f'{d:g}' for d in sold)} s." if sold else "",
    )  # fmt: skip


def acceleration(case: Case) -> Explanation:
    """Largest acceleration."""
    f = case.figures
    when = f["max_acceleration_time"]
    at, flies = case.flight.sample(np.array([when])), case.at(when)
    mach, height = float(at.mach[0]), float(at.height[0])
    cd, _ = case.drag_coefficient(mach, height, power=float(at.thrust[0]) > 0, flies=flies)
    sheet = Sheet(
        "acceleration",
        "How hard is it pushed?",
        f"Force is mass times acceleration. At {when:.2f} s, when the push is greatest, thrust, drag and weight are",
    )
    sheet.give("F", float(at.thrust[0]), "force", f"thrust at {when:.2f} s", case.motor_source)
    sheet.give("m", float(at.mass[0]), "mass", "mass then", case.mass_source)
    sheet.give("g", case.gravity, "acceleration", "gravity at the pad", "latitude and elevation of the site")
    sheet.give("q", float(at.dynamic_pressure[0]), "pressure", "dynamic pressure ρ v² / 2", "the flight")
    sheet.give(
        "C_D", cd, "number", f"drag coefficient at Mach {mach:.2f}", "computed from the parts: see downrange aero"
    )
    sheet.give("A", flies.body.rocket.reference_area, "area", "frontal area", "π d² / 4 of the largest diameter")
    sheet.give("θ", math.degrees(float(at.elevation[0])), "degrees", "the nose above the horizon", "the flight")
    sheet.step("D", "q * C_D * A", "force", "Drag:")
    hand = sheet.step("a", "(F - D) / m - g * sin(θ)", "acceleration", "Acceleration along the rocket:")
    return sheet.done(
        f["max_acceleration"], "acceleration", "max_acceleration_m_s2", by_hand=abs(hand), knobs="thrust, mass",
        because="what is across the rocket is left out, as are angles of attack",
    )  # fmt: skip


def drag(case: Case) -> Explanation:
    """Drag where it is fastest."""
    f, launch = case.figures, case.launch
    when = f["max_speed_time"]
    at, flies = case.flight.sample(np.array([when])), case.at(when)
    aero, mach, height = flies.body.aero, float(at.mach[0]), float(at.height[0])
    burning = float(at.thrust[0]) > 0
    total, unit_re = case.drag_coefficient(mach, height, burning, flies)
    sheet = Sheet(
        "drag",
        "What does the air cost, where it is fastest?",
        "Drag is the pressure of the oncoming air, times an area, times a number for the shape: the drag coefficient. Each part adds its own: rubbing (friction), "
        "noses and edges that push air aside (pressure), and the suction behind what ends bluntly (base).",
    )
    sheet.give(
        "ρ",
        case.density(height),
        "density",
        f"air density at {when:.2f} s",
        f"{case.launch_file}, weather, and the site's elevation",
    )
    sheet.give("v", float(at.airspeed[0]), "speed", "airspeed then", "the flight")
    sheet.give("A", flies.body.rocket.reference_area, "area", "frontal area", "π d² / 4 of the largest diameter")
    rows: list[tuple[str | tuple[float, str], ...]] = []
    known = 0.0
    for part in aero.drags:
        c = aero.part_drag(part, mach, unit_re, burning) * float(launch.aero.factor(mach))
        known += c
        if abs(c) > 5e-5:
            rows.append((f"{part.name}, {part.kind}", (c, "number")))
    if abs(total - known) > 1e-6 * abs(total):
        rows.append(("the difference to your own table", (total - known, "number")))
    rows.append(("sum", (total, "number")))
    sheet.table(f"drag coefficients at Mach {mach:.2f}", ("part", "C_D"), rows)
    sheet.values["C_D"] = total
    sheet.step("q", "ρ * v**2 / 2", "pressure", "Pressure of the oncoming air:")
    force = sheet.step("D", "q * C_D * A", "force", "Drag:")
    return sheet.done(
        force, "force", "", knobs="", more="How good these numbers are: downrange aero --scorecard compares them with wind tunnels."
    )  # fmt: skip


def pressure_altitude(case: Case) -> Explanation:
    """What a barometric altimeter shows at apogee."""
    f, launch = case.figures, case.launch
    pad, air = launch.pad, launch.weather.air
    sheet = Sheet(
        "altimeter",
        "What will the altimeter show?",
        "An altimeter feels pressure. It answers with the height at which the standard atmosphere has that pressure, less that of the pad. On a warm day air is "
        "thinner than standard and pressure falls more slowly, so that it shows less than the height; on a cold day more.",
    )
    sheet.give(
        "p_0",
        float(air.pressure(pad.elevation)),
        "pressure",
        "air pressure at the pad",
        f"{case.launch_file}, weather, and the site's elevation",
    )
    sheet.give(
        "p_1",
        float(air.pressure(pad.elevation + f["apogee_agl"])),
        "pressure",
        f"air pressure at apogee, {f['apogee_agl']:.1f} m up",
        "the day's air",
    )
    if sheet.values["p_1"] > 22632.1:  # the standard's tropopause
        law = "44330.77 * (1 - (p_{k} / 101325)**0.190263)"
        sheet.step("H_0", law.format(k=0), "length", "Height of the pad in the standard atmosphere:")
        sheet.step("H_1", law.format(k=1), "length", "Height of apogee in the standard atmosphere:")
        sheet.step("H", "H_1 - H_0", "length", "What it shows:")
    else:
        sheet.give(
            "H",
            f["apogee_pressure_altitude_agl"],
            "length",
            "height between the two in the standard atmosphere",
            "its tables: apogee lies above 11 km",
        )
    return sheet.done(
        f["apogee_pressure_altitude_agl"], "length", "apogee_pressure_altitude_agl_m", knobs="drag, mass, thrust",
        more=f"The rocket itself rises {f['apogee_agl']:,.1f} m. Compare like with like: an altimeter's figure with this one, a tape's with that.",
    )  # fmt: skip
