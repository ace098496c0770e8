"""The tables that kinds ask for by name; each says what it rests on, and raises `Missing` where that was not given."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from downrange.flight import launch_figures
from downrange.report.campaign import mode_rows
from downrange.report.composing.building import built_table
from downrange.report.composing.experiment import experiment_assumptions, experiment_means, experiment_table
from downrange.report.composing.material import Material, Missing, no_landing
from downrange.report.composing.season import (
    designs_table,
    log_table,
    notebook_table,
    predictions_table,
    register_table,
    review_table,
    season_scores,
)
from downrange.report.composing.uncertain import budget_table, varied_table
from downrange.report.documents import Table, Text
from downrange.report.safety import VERDICTS, at_most, show_beside, show_limit
from downrange.safety import Verdict, overall
from downrange.units import display, in_units

__all__ = ["TABLES"]

_MPH = 0.44704
_WORD = {Verdict.PASS: "go", Verdict.FAIL: "NO-GO", Verdict.OPEN: "not evaluated"}
_THREE = 3.0
_K9973 = math.sqrt(-2 * math.log(1 - 0.9973))  # of a bivariate normal: the ellipse that holds 99.73 %


def _chance(p: float) -> str:
    """A probability in per cent, with two digits where it is small.

    >>> _chance(0.031), _chance(3.8e-4), _chance(8.5e-8), _chance(0.0)
    ('3.10%', '0.038%', '8.5e-06%', '0')
    """
    return "0" if p == 0 else f"{100 * p:.2g}%" if p < 1e-3 else f"{p:.2%}"


def _between(low: float, high: float) -> str:
    """Limits of a probability; a lower one that is next to nothing is said to be below 0.01 %."""
    return f"{'<0.01%' if low < 1e-4 else _chance(low)} to {_chance(high)}"


def _events(m: Material) -> Table:
    rows = [
        (
            e.name,
            f"{e.time:.2f} s",
            display(e.height if abs(e.height) > 0.005 else 0.0, "length", m.units),
            display(e.speed, "speed", m.units, 3),
        )
        for e in m.flight.events
    ]
    if not rows:
        raise no_landing(m.flight)
    return Table(("event", "time", "height", "speed"), tuple(rows), "Sequence of events", (1, 2, 3), "Time from ignition, height above the pad, speed over the ground.", "events")  # fmt: skip


def _parts(m: Material) -> Table:
    from downrange.report.explain import explain
    from downrange.report.explain.sheet import Rows

    made = explain(m.project, "mass", m.flight)
    found = next(p for p in made.parts if isinstance(p, Rows) and len(p.heads) == 4)
    rows: list[tuple[Text, ...]] = []
    for row in found.rows:
        cells = [
            c if isinstance(c, str) else display(c[0], "mass" if c[1] == "mass" else "size", m.units) for c in row[:3]
        ]
        rows.append(tuple(cells))
    return Table(("part", "mass", "from the nose tip"), tuple(rows), "Weights and measures", (1, 2), "The centre of gravity of each part, aft of the tip of the nose.", "weights")  # fmt: skip


def _motor(m: Material) -> Table:
    rows: list[tuple[Text, ...]] = []
    for k, f in enumerate(m.project.launch.filled):
        x = f.motor
        rows.append((
            x.designation + (f" ({k + 1})" if len(m.project.launch.filled) > 1 else ""), x.manufacturer or "not stated", x.impulse_class, f"{x.impulse:,.0f} N s",
            f"{x.average_thrust:,.0f} N", f"{x.peak_thrust:,.0f} N", f"{x.burn_time:.2f} s", display(x.propellant_mass, "mass", m.units),
            display(x.total_mass, "mass", m.units),
        ))  # fmt: skip
    heads = ("motor", "maker", "class", "impulse", "average", "peak", "burn", "propellant", "loaded")
    return Table(heads, tuple(rows), "Motors", tuple(range(3, 9)), "Burn time from 5 % to 5 % of the peak.", "motors")


def _recovery(m: Material) -> Table:
    devices = [d for d in m.flight.program.devices if d.opens]
    if not devices:
        raise Missing("no recovery device opens")
    events = {e.name: e for e in m.flight.events}
    found = [(d, events.get(f"{d.name}: opening")) for d in devices]
    down = float(m.flight.figures["flight_time"])
    rows: list[tuple[Text, ...]] = []
    for d, opened in found:
        if opened is None:
            rows.append((d.name, d.label, "-", "-", "-", "-"))
            continue
        end = min([r.time for _, r in found if r is not None and r.time > opened.time + 1e-6], default=down)
        sink = -float(m.flight.sample(np.array([end])).velocity_enu[0, 2]) if math.isfinite(end) else math.nan
        rows.append((d.name, d.label, f"{opened.time:.2f} s", display(opened.height, "length", m.units), display(opened.speed, "speed", m.units, 3), display(sink, "speed", m.units, 3)))  # fmt: skip
    return Table(
        ("device", "released by", "open at", "height", "speed then", "sink under it"), tuple(rows), "Recovery", (2, 3, 4, 5),
        "Open: its lines are stretched. Sink under it: as the next device opens, or at landing.", "recovery",
    )  # fmt: skip


def _energies(m: Material) -> Table:
    down = m.flight.came_down
    if not down:
        raise no_landing(m.flight)
    rows: list[tuple[Text, ...]] = []
    for b in down:
        sink, speed = b.answer("landing_sink"), b.answer("landing_speed")
        energies = [display(0.5 * b.landing_mass * v * v, "energy", m.units, 3) for v in (sink, speed)]
        rows.append(
            (
                b.name,
                display(b.landing_mass, "mass", m.units),
                display(sink, "speed", m.units, 3),
                display(speed, "speed", m.units, 3),
                *energies,
            )
        )
    return Table(
        ("section", "mass", "sink", "speed over ground", "energy from the sink", "energy from the speed"), tuple(rows), "Energy of each section at landing",
        (1, 2, 3, 4, 5), "Half the mass times the square of the speed: of the sink alone, as teams report it, and of the whole speed in the day's wind.", "energies",
    )  # fmt: skip


def _drift(m: Material) -> Table:
    u = m.units
    rows: list[tuple[Text, ...]] = []
    for d in m.drift:
        energy = max(d.energy_speed)
        rows.append((
            f"{d.wind / _MPH:.0f} mph ({d.wind:.1f} m/s)", f"{d.descent_time:.1f} s", display(d.by_hand, "length", u), display(d.simulated, "length", u),
            display(energy, "energy", u, 3),
        ))  # fmt: skip
    return Table(
        ("wind", "descent time", "drift by hand", "drift simulated", "energy, hardest section"), tuple(rows), "Drift in winds of 0 to 20 mph by two methods", (0, 1, 2, 3, 4),
        "The rail is vertical and the wind the same at every height. By hand: apogee above the pad, wind times descent time. Simulated: six degrees of freedom, from "
        "where apogee was to where it comes down.", "drift",
    )  # fmt: skip


def _closure(m: Material) -> Table:
    down, launch = m.flight.came_down, m.project.launch
    if not down:
        raise no_landing(m.flight)
    rows: list[tuple[Text, ...]] = [(f"{b.name}, as it lands", display(b.landing_mass, "mass", m.units)) for b in down]
    landed = sum(b.landing_mass for b in down)
    left_out = m.flight.standing["liftoff_mass"] - landed - launch.propellant_mass
    rows += [
        ("propellant", display(launch.propellant_mass, "mass", m.units)),
        ("sum", display(landed + launch.propellant_mass, "mass", m.units)),
        ("mass at lift-off", display(m.flight.standing["liftoff_mass"], "mass", m.units)),
        ("difference", display(0.0 if abs(left_out) < 1e-9 else left_out, "mass", m.units, 2)),
    ]
    return Table(("what", "mass"), tuple(rows), "Mass closure", (1,), "Sections with their canopies; what is lost in flight is the propellant.", "mass_closure")  # fmt: skip


def _stability(m: Material) -> Table:
    f = m.flight.figures
    rows: list[tuple[Text, ...]] = [
        ("on the pad, Mach 0.3", f"{f['static_margin']:.2f} cal", "-", "centre of pressure of the whole method"),
        (
            "on the pad, Barrowman",
            f"{f['static_margin_barrowman']:.2f} cal",
            "-",
            "on which the rule of one calibre stands",
        ),
    ]
    for name, key, time in (
        ("at rail exit", "rail_exit_stability", "rail_exit_time"),
        ("least before apogee", "min_stability", "min_stability_time"),
    ):
        value, at = f[key], f[time]
        rows.append(
            (
                name,
                f"{value:.2f} cal" if math.isfinite(value) else "-",
                f"{at:.2f} s" if math.isfinite(at) else "-",
                "at the actual Mach number and angle of attack",
            )
        )
    rows.append(
        (
            "after burn-out, Mach 0.3",
            f"{launch_figures(m.flight.program)['burnout_margin']:.2f} cal",
            "-",
            "the propellant is gone",
        )
    )
    return Table(("where", "margin", "time", "how"), tuple(rows), "Stability", (1, 2), "Calibres of the largest diameter from the centre of gravity to the centre of pressure.", "stability")  # fmt: skip


def _requirements(m: Material) -> Table:
    a = m.assessment
    several = m.several
    rows: list[tuple[Text, ...]] = []
    for x in a.answers:
        how = "not evaluated" if x.verdict is Verdict.OPEN else (
            f"{several.flights:,} flights" if x.probability is not None and several is not None else "one flight"
        )  # fmt: skip
        title = x.rule.title + ("" if x.rule.confirmed else " (unconfirmed)")
        rows.append((
            title, show_beside(x.value, x, m.units), show_limit(x, m.units), show_beside(x.margin, x, m.units),
            "-" if x.probability is None else f"{x.probability:.1%}", _WORD[x.verdict], f"{how}; {x.pack.id} {x.rule.source if x.rule.source != x.pack.source else ''}".strip("; "),
        ))  # fmt: skip
    if not rows:
        raise Missing("no rule applies (name a pack with --rules)")
    packs = "; ".join(dict.fromkeys(f"{x.pack.name}, {x.pack.authority}, {x.pack.edition}" for x in a.answers))
    return Table(
        ("requirement", "value", "limit", "margin", "complies", "verdict", "method"), tuple(rows), f"Requirements: {VERDICTS[overall(a.answers)]}", (1, 2, 3, 4),
        f"Complies: share of the campaign's planned flights that do. Method: how many simulated flights, or not evaluated; then the pack and its paragraph. Unconfirmed: the limit was not read in the rule itself. {packs}.", "requirements",
    )  # fmt: skip


def _to_do(m: Material) -> Table:
    rows: list[tuple[Text, ...]] = [
        (
            x.rule.title,
            _WORD[x.verdict],
            in_units("; ".join(t for t in (x.change, x.note) if t), m.units) or "not stated",
        )
        for x in m.assessment.answers
        if x.verdict is not Verdict.PASS
    ]
    if not rows:
        raise Missing("every rule passes: nothing is left to do")
    return Table(
        ("requirement", "", "what would pass, or what is missing"), tuple(rows), "What is left to do", name="to_do"
    )


def _warnings(m: Material) -> Table:
    rows = tuple((f"{k}", in_units(w, m.units)) for k, w in enumerate(m.flight.warnings, 1)) or (("", "none"),)
    return Table(("", "warning"), rows, "Warnings of the simulation", name="warnings")


def _hazards(m: Material) -> Table:
    u = m.units
    rows: list[tuple[Text, ...]] = []
    for r in mode_rows(m.campaign):
        far, most, energy = (
            "-" if r[k] is None else display(r[k], kind, u, 3)
            for k, kind in (("distance_p95_m", "length"), ("distance_max_m", "length"), ("energy_median_j", "energy"))
        )
        rows.append((
            r["mode"], in_units(r["doc"], u), f"{_chance(r['probability'])} ({_between(r['probability_low'], r['probability_high'])})",
            r["source"] or "prior, not data", far, most, energy,
        ))  # fmt: skip
    skipped = (m.campaign.notes or {}).get("skipped", {})
    left = "; ".join(f"{k}: {v}" for k, v in skipped.items())
    return Table(
        ("what goes wrong", "what it is", "probability (90 %)", "source", "lands within (95 %)", "farthest", "energy"), tuple(rows), "Hazards", (4, 5, 6),
        f"A prior is a stated opinion and no data. Distances from the pad and energy of the hardest body, of {m.campaign.flights:,} flights."
        + (f" Not flown: {left}." if left else ""), "hazards",
    )  # fmt: skip


def _areas(m: Material) -> Table:
    c, u = m.campaign, m.units
    rows: list[tuple[Text, ...]] = []
    for name in c.planned_bodies:
        at = c.landing[c.of_body(name) & c.landed & (c["mode"] == 0)]
        if len(at) < 10:
            continue
        mean, cov = at.mean(0), np.cov(at.T)
        size, axes = np.linalg.eigh(cov)
        minor, major = np.sqrt(np.maximum(size, 0.0))
        bearing = math.degrees(math.atan2(axes[0, 1], axes[1, 1])) % 180
        out = float((np.einsum("ni,ij,nj->n", at - mean, np.linalg.pinv(cov), at - mean) > _THREE**2).mean())
        rows.append((
            name, f"{display(abs(mean[0]), 'length', u)} {'E' if mean[0] >= 0 else 'W'}, {display(abs(mean[1]), 'length', u)} {'N' if mean[1] >= 0 else 'S'}",
            f"{display(_THREE * major, 'length', u)} x {display(_THREE * minor, 'length', u)}", f"{bearing:.0f}°", f"{out:.2%}",
            f"{display(_K9973 * major, 'length', u)} x {display(_K9973 * minor, 'length', u)}",
            display(float(np.hypot(*at.T).max()), "length", u),
        ))  # fmt: skip
    if not rows:
        raise Missing("too few planned flights come down for an area")
    return Table(
        ("body", "mean impact", "3 σ, half axes", "long axis at", "outside it", "for 99.73 %", "farthest"), tuple(rows), "Nominal impact areas within 3 standard deviations", (2, 3, 4, 5, 6),
        f"Of {c.flights:,} flights, those that go as planned; from the pad. The ellipse of 3 standard deviations along its axes holds 98.89 % of a normal distribution in two dimensions; "
        "the larger one 99.73 %. Outside it: the share of the flights flown.", "impact_areas",
    )  # fmt: skip


def _reach(m: Material) -> Table:
    rows = tuple(
        (r.kind + (f", {r.body}" if r.body else ""), display(r.distance, "length", m.units), f"{math.degrees(r.elevation):.0f}°", display(r.wind, "wind", m.units, 2))
        for r in m.reach
    )  # fmt: skip
    return Table(
        ("how", "from the pad", "rail", "wind at 10 m"), rows, "Maximum range", (1, 2, 3),
        "The rail at whatever elevation carries farthest, the wind behind it and growing with height, the motor 30 % too strong. Ballistic: nothing opens.", "maximum_range",
    )  # fmt: skip


def _risk(m: Material) -> Table:
    risk = m.assessment.risk
    if risk is None:
        m.campaign  # noqa: B018  says what is missing
        raise Missing("no risk was worked out")
    rows: list[tuple[Text, ...]] = []
    for label, e in (("something lands outside the site", risk.leaves), ("rises above the ceiling", risk.above_ceiling), ("lands beyond the waiver's radius", risk.beyond_radius)):  # fmt: skip
        if e is not None:
            rows.append((label, _chance(e.value), _chance(e.error), _chance(at_most(e.upper))))
    rows += [
        (f"lands on {p.shape.name}", _chance(p.impact.value), _chance(p.impact.error), _chance(at_most(p.impact.upper)))
        for p in risk.places
        if p.shape.kind not in ("boundary", "keep in", "field")
    ]
    if risk.expected is not None:
        rows.append(
            (
                "expected casualties",
                f"{risk.casualties:.2g}",
                f"{risk.expected.error:.1g}",
                f"{at_most(risk.casualties_upper):.2g}",
            )
        )
    if not rows:
        raise Missing("the site file names no boundary, no places and no people")
    return Table(
        ("what may happen in one launch", "probability", "± (1 σ)", "at most (95 %)"),
        tuple(rows),
        "Risks of one launch",
        (1, 2, 3),
        name="risks",
    )


def _alternatives(m: Material) -> Table:
    from downrange.design import Want, find_output
    from downrange.project.choosing import rank_motors
    from downrange.report.composing.material import shown

    x = m.project.launch.motor
    impulse, least = find_output("impulse"), 0.75
    wants = (Want(impulse, least * x.impulse, x.impulse / least, text="impulse"),)
    ranking = rank_motors(m.project, f"{x.diameter * 1e3:.0f} mm", wants)
    names = ("apogee", "mach", "rail speed", "thrust weight", "rail margin")
    outputs = [find_output(n) for n in names]
    rows: list[tuple[Text, ...]] = [
        ("this one: " + x.designation, *(shown(o, o.of(m.flight), m.units) for o in (*outputs, impulse)))
    ]
    others = [p for p in zip(ranking.names, ranking.flights, strict=True) if p[1].launch.motor.source != x.source]
    near = sorted(others, key=lambda p: abs(p[1].apogee - m.flight.apogee))[:8]
    rows += [(n, *(shown(o, o.of(f), m.units) for o in (*outputs, impulse))) for n, f in near]
    return Table(
        ("motor", "apogee", "Mach", "rail exit", "thrust to weight", "margin at rail exit", "impulse"), tuple(rows), "Motor alternatives", tuple(range(1, 7)),
        f"Of {ranking.looked_at} motors of this diameter in the catalogue those made today, with 75 % to 133 % of the impulse, that bring it nearest to the same apogee; the rest of the "
        "launch unchanged.", "motor_alternatives",
    )  # fmt: skip


def _subscale(m: Material) -> Table:
    from downrange.design import find_output
    from downrange.flight import compile_launch, fly
    from downrange.project import open_project
    from downrange.report.composing.material import label_of, shown

    if m.subscale is None:
        raise Missing("no subscale rocket was given (--subscale)")
    small = fly(compile_launch(open_project(m.subscale).launch), interpreted=True)
    rows: list[tuple[Text, ...]] = []
    d = [f.launch.rocket.diameter for f in (m.flight, small)]
    rows.append(("diameter", *(display(v, "size", m.units) for v in d), f"{d[1] / d[0]:.1%}"))
    for name in (
        "rocket_length",
        "liftoff_mass",
        "static_margin",
        "rail_exit_stability",
        "thrust_to_weight",
        "max_mach",
        "apogee_agl",
    ):
        o = find_output(name)
        a, b = o.of(m.flight), o.of(small)
        ratio = f"{b / a:.1%}" if math.isfinite(a * b) and a != 0 else "-"
        rows.append((label_of(name), shown(o, a, m.units), shown(o, b, m.units), ratio))
    return Table(("", "full scale", "subscale", "ratio"), tuple(rows), "Subscale similarity", (1, 2, 3), f"Subscale: {small.launch.rocket.name} on {small.launch.motor.designation}.", "subscale")  # fmt: skip


def _compared(m: Material) -> Table:
    from downrange.report.flights import comparison_lines

    rows = tuple(comparison_lines(m.comparison, m.units))
    return Table(("", "this flight, ± 1 σ", "predicted"), rows, "The flight beside its prediction", name="comparison")


def _achieved(m: Material) -> Table:
    (flown, error), (low, middle, high) = m.comparison.apogee
    rows: list[tuple[Text, ...]] = [
        ("achieved", display(flown, "length", m.units), f"± {display(error, 'length', m.units, 2)} (1 σ)"),
        ("predicted", display(middle, "length", m.units), f"{display(low, 'length', m.units)} to {display(high, 'length', m.units)} (9 of 10)"),
        ("achieved less predicted", display(flown - middle, "length", m.units, 2), f"{100 * (flown - middle) / middle:+.1f} % of the predicted"),
    ]  # fmt: skip
    return Table(("apogee above the pad", "height", "within"), tuple(rows), "Achieved altitude", (1,), "Achieved: of the logs. Predicted: the middle one of the flights drawn around the design and the day's files, as they stand now.", "achieved_altitude")  # fmt: skip


def _score(m: Material) -> Table:
    from downrange.project.contests import read_contest
    from downrange.report.composing.material import shown

    if m.contest is None:
        raise Missing("no contest was named (--contest)")
    contest, c = read_contest(m.contest), m.several
    rows: list[tuple[Text, ...]] = []
    total, spread = 0.0, None
    for w in contest.wants:
        value = w.output.of(m.flight)
        own = float(w.points(np.array([value]))[0])
        total += own
        between, mean = "not stated", "-"
        if c is not None and w.output.sampled and w.output.key in c.columns:
            first = (c["mode"] == 0) & c.first
            values = w.output.of_rows({k: c[k][first] for k in (w.output.key, "result")}, m.flight)
            points = w.points(values)
            spread = points if spread is None else spread + points
            between, mean = (
                " to ".join(shown(w.output, float(np.nanquantile(values, q)), m.units) for q in (0.05, 0.95)),
                f"{points.mean():.1f}",
            )
        rows.append((w.words, shown(w.output, value, m.units), between, f"{own:.1f}", mean))
    whole = (
        "-"
        if spread is None
        else f"{spread.mean():.1f} (9 of 10: {np.quantile(spread, 0.05):.1f} to {np.quantile(spread, 0.95):.1f})"
    )
    rows.append(("score", "", "", f"{total:.1f}", whole))
    open_ = f" Unconfirmed: {'; '.join(contest.unconfirmed)}." if contest.unconfirmed else ""
    return Table(("wanted", "predicted", "9 of 10 flights", "points", "mean points"), tuple(rows), f"Score forecast, {contest.name}", (1, 2, 3, 4), f"{contest.score} Fewer points are better. {contest.source}.{open_}", "score")  # fmt: skip


def _weather(m: Material) -> Table:
    launch = m.project.launch
    air, wind, base = launch.weather.air, launch.weather.wind, launch.pad.elevation
    top = m.flight.apogee if math.isfinite(m.flight.apogee) else 100.0
    rows: list[tuple[Text, ...]] = []
    for z in (10.0, *(top * k / 5 for k in range(1, 6))):
        e, n = float(wind.east(base + z)), float(wind.north(base + z))
        speed, bearing = math.hypot(e, n), math.degrees(math.atan2(-e, -n)) % 360
        kelvin = float(air.temperature(base + z))
        rows.append((display(z, "length", m.units, 3), display(kelvin, "temperature", m.units), f"{float(air.pressure(base + z)) / 100:.0f} hPa", display(speed, "wind", m.units, 2), f"{bearing:.0f}°" if speed > 0.05 else "-"))  # fmt: skip
    return Table(("height", "temperature", "pressure", "wind", "from"), tuple(rows), "Weather that was flown in", (0, 1, 2, 3, 4), "Height above the pad; the wind from that bearing.", "weather")  # fmt: skip


TABLES: dict[str, Callable[[Material], Table]] = {
    "events": _events, "parts": _parts, "motors": _motor, "recovery": _recovery, "energies": _energies, "drift": _drift, "mass closure": _closure,
    "stability": _stability, "requirements": _requirements, "to do": _to_do, "warnings": _warnings, "hazards": _hazards, "impact areas": _areas,
    "maximum range": _reach, "risks": _risk, "uncertainty": budget_table, "varied": varied_table, "motor alternatives": _alternatives, "subscale": _subscale,
    "comparison": _compared, "achieved altitude": _achieved, "score": _score, "weather": _weather, "notebook": notebook_table, "designs": designs_table, "practice log": log_table, "predictions": predictions_table,
    "review": review_table, "register": register_table, "scores": season_scores, "experiment": experiment_table, "experiment means": experiment_means, "experiment assumptions": experiment_assumptions,
    "as built": built_table,
}  # fmt: skip
"""Every table by the name that kinds ask for it by."""
