"""The answers of the rules and the risks, for the terminal and for --json."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from downrange.dispersion import Estimate
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.safety import Answer, RiskReport, Verdict, overall
from downrange.units import column, display, from_si, in_units, number

__all__ = [
    "VERDICTS",
    "at_most",
    "casualty_words",
    "risk_summary",
    "safety_summary",
    "safety_view",
    "show_beside",
    "show_limit",
    "show_value",
]

VERDICTS = {Verdict.PASS: "GO", Verdict.FAIL: "NO-GO", Verdict.OPEN: "NOT YET: something is not evaluated"}
_MARKS = {Verdict.PASS: ("go", "green"), Verdict.FAIL: ("NO-GO", "bold red"), Verdict.OPEN: ("?", "yellow")}


def show_value(value: float | None, kind: str, units: str = "metric") -> str:
    """A value of a rule for people."""
    if value is None or not math.isfinite(value):
        return "-"
    if kind == "number":
        return f"{value:.3g}"
    if kind == "calibre":
        return f"{value:.2f} cal"
    if kind == "impulse":
        return f"{value:,.0f} N s"
    return display(value, kind, units, 3)


def show_limit(a: Answer, units: str = "metric") -> str:
    """An answer's limit for people: in US units as the rule states it, where it is stated in them."""
    if a.limit is None:
        return "-"
    sign, unit = "≥" if a.rule.comparator == "at least" else "≤", _unit(a, units)
    if unit is None:
        return f"{sign} {show_value(a.limit, a.rule.kind, units)}"
    return f"{sign} {from_si(a.limit, unit, a.rule.kind):,.5g} {_US[unit]}"


def show_beside(value: float | None, a: Answer, units: str = "metric") -> str:
    """A value or margin of an answer, in the unit of its limit."""
    unit = _unit(a, units)
    if unit is None or value is None or not math.isfinite(value):
        return show_value(value, a.rule.kind, units)
    return f"{number(from_si(value, unit, a.rule.kind), 3)} {_US[unit]}"


def _unit(a: Answer, units: str) -> str | None:
    """The unit in which the rule states its limit, where that is the one to be shown."""
    return a.rule.limit.unit if units == "us" and a.rule.limit.unit in _US else None


# Units of rules that Americans read, with their usual names.
_US = {
    "ft": "ft",
    "mi": "mi",
    "nmi": "NM",
    "ft/s": "ft/s",
    "mph": "mph",
    "ft lbf": "ft·lbf",
    "lb": "lb",
    "oz": "oz",
    "in": "in",
}


def _estimate(e: Estimate | None) -> dict[str, float] | None:
    return None if e is None else {"probability": e.value, "error": e.error, "upper_95": e.upper}


def risk_summary(risk: RiskReport) -> dict[str, Any]:
    """Risks of one launch as documented keys."""
    return {
        "leaves_site": _estimate(risk.leaves), "above_ceiling": _estimate(risk.above_ceiling), "beyond_waiver_radius": _estimate(risk.beyond_radius),
        "not_landed": _estimate(risk.never_lands), "expected_casualties": _known(risk.casualties),
        "expected_casualties_error": _known(risk.expected.error) if risk.expected else None,
        "expected_casualties_upper": _known(risk.casualties_upper),
        "individual_risk": risk.individual.value if risk.individual else None,
        "individual_risk_upper": risk.individual.upper if risk.individual else None,
        "places": [
            {
                "name": p.shape.name, "kind": p.shape.kind, "people": p.shape.people, "distance_m": p.shape.distance, **(_estimate(p.impact) or {}),
                "expected_casualties": p.casualties, "expected_casualties_upper": p.casualties_upper, "individual_risk": p.individual,
                "individual_risk_upper": p.individual_upper,
            }
            for p in risk.places
        ],
        "bodies": [
            {
                "name": b.name, "probability": b.comes.value, "leaves_site": _estimate(b.leaves), "landing_distance_p95_m": b.far,
                "expected_casualties": b.casualties.value if b.casualties else None,
                "expected_casualties_upper": b.casualties.upper if b.casualties else None,
                "landing_energy_j": {"median": b.energy[0], "p95": b.energy[1]},
            }
            for b in risk.bodies
        ],
        "landing_energy_j": {k: {"median": v[0], "p95": v[1]} for k, v in risk.energy.items()},
    }  # fmt: skip


def safety_summary(answers: tuple[Answer, ...], risk: RiskReport | None, notes: tuple[str, ...] = ()) -> dict[str, Any]:
    """The documented keys of `downrange safety --json`; values in SI."""
    return {
        "verdict": overall(answers).value,
        "rules": [
            {
                "pack": a.pack.id, "rule": a.rule.id, "title": a.rule.title, "verdict": a.verdict.value, "value": a.value, "comparator": a.rule.comparator,
                "limit": a.limit, "margin": a.margin, "kind": a.rule.kind, "probability_of_compliance": a.probability, "change": a.change,
                "note": a.note, "source": a.rule.source, "edition": a.pack.edition, "confirmed": a.rule.confirmed,
            }
            for a in answers
        ],
        "risk": None if risk is None else risk_summary(risk), "notes": list(notes),
    }  # fmt: skip


def _known(x: float) -> float | None:
    return x if math.isfinite(x) else None


def _chance(p: float) -> str:
    return f"{p:.2g}" if p < 0.01 else f"{p:.1%}"


def _two_digits(x: float, towards: Callable[[float], int]) -> float:
    step = 10.0 ** (math.floor(math.log10(x)) - 1)
    return float(f"{towards(round(x / step, 9)) * step:.2g}")


def at_most(bound: float) -> float:
    """An upper bound in two digits, rounded up: more is not known."""
    return _two_digits(bound, math.ceil) if 0 < bound < math.inf else bound


def casualty_words(risk: RiskReport) -> str:
    """Expected casualties with what the campaign can show of them; empty where the site names no people."""
    e = risk.expected
    if e is None:
        return ""
    seen = f"Expected casualties of one launch {e.value:.2g}"
    if e.value == 0:
        seen = f"None of {e.flights:,} flights hurt anybody: expected casualties 0"
    if not e.upper > 0:
        return f"{seen}."
    rarely = 1 / at_most(e.upper)
    one = f", one in {_two_digits(rarely, math.floor):,.0f} launches at worst" if rarely >= 1 else ""
    return f"{seen} (at most {at_most(e.upper):.2g}{one}; 95 %, as far as {e.flights:,} flights show)."


def bodies_view(risk: RiskReport, units: str) -> RenderableType:
    """What each body of a vehicle that comes apart brings."""
    (m_, metre), (j_, joule) = column("length", units), column("energy", units)
    table = plain_table(
        "comes down", "in launches", "leaves the site", "casualties", f"95 % within {m_}", f"energy {j_}", "95 %"
    )
    for b in risk.bodies:
        table.add_row(
            b.name, _chance(b.comes.value), "-" if b.leaves is None else _chance(b.leaves.value),
            "-" if b.casualties is None else f"{b.casualties.value:.2g}", number(b.far * metre, 3), number(b.energy[0] * joule, 2),
            number(b.energy[1] * joule, 2),
        )  # fmt: skip
    return table


def risk_view(risk: RiskReport, units: str = "metric") -> RenderableType:
    """The risks of one launch."""
    table = plain_table("what may happen in one launch", "probability", "±", "at most (95 %)")
    for label, e in (
        ("something lands outside the site", risk.leaves),
        ("rises above the ceiling", risk.above_ceiling),
        ("lands beyond the waiver's radius", risk.beyond_radius),
    ):
        if e is not None:
            table.add_row(label, _chance(e.value), f"{e.error:.1g}", _chance(at_most(e.upper)))
    for p in risk.places:
        if p.shape.kind not in ("boundary", "keep in", "field"):
            table.add_row(
                f"lands on {p.shape.name}",
                _chance(p.impact.value),
                f"{p.impact.error:.1g}",
                _chance(at_most(p.impact.upper)),
            )
    lines: list[RenderableType] = [table] if table.rows else []
    if risk.bodies:
        lines.append(bodies_view(risk, units))
    if words := casualty_words(risk):
        lines.append(Text(words))
    return Group(*lines)


def safety_view(
    answers: tuple[Answer, ...], risk: RiskReport | None, name: str, units: str = "metric", notes: tuple[str, ...] = ()
) -> RenderableType:
    """GO or NO-GO, line by line."""
    verdict = overall(answers)
    parts: list[RenderableType] = []
    for pack in dict.fromkeys(a.pack for a in answers):
        table = plain_table(f"{pack.name}", "", "is", "limit", "margin", "complies")
        for a in (a for a in answers if a.pack is pack):
            mark, style = _MARKS[a.verdict]
            title = a.rule.title + ("" if a.rule.confirmed else " (unconfirmed)")
            table.add_row(
                title, Text(mark, style=style), show_beside(a.value, a, units), show_limit(a, units), show_beside(a.margin, a, units),
                "-" if a.probability is None else f"{a.probability:.1%}",
            )  # fmt: skip
        parts += [
            table,
            Text(f"{pack.authority}, {pack.edition}" + (f"; {pack.note}" if pack.note else ""), style="dim"),
            Text(""),
        ]
    if risk is not None:
        parts += [risk_view(risk, units), Text("")]
    wrong = [a for a in answers if a.verdict is Verdict.FAIL]
    for a in wrong:
        parts.append(
            Text(
                in_units(
                    f"! {a.rule.title}: {a.change or 'no change is known'}" + (f" ({a.note})" if a.note else ""), units
                ),
                style="red",
            )
        )
    unknown = [a for a in answers if a.verdict is Verdict.OPEN]
    if unknown:
        parts.append(Text("? Not evaluated, so not passed:", style="yellow"))
        parts += [Text(in_units(f"    {a.rule.title}: {a.note}", units), style="yellow") for a in unknown]
    parts += [Text(f"! {in_units(note, units)}", style="yellow") for note in notes]
    style = {Verdict.PASS: "bold green", Verdict.FAIL: "bold red", Verdict.OPEN: "bold yellow"}[verdict]
    parts.append(Text(f"\n{VERDICTS[verdict]}", style=style))
    return panel(parts, name, style.split()[-1])
