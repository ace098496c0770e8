"""Words of experiments: numbers with their units, and conclusions that claim what was shown and no more."""

from __future__ import annotations

import math

from downrange.design.experiments import Analysis, Finding
from downrange.text import plain
from downrange.units import column, display

__all__ = ["answer_words", "effect_words", "found_words", "interval_words", "p_words", "room_words", "said", "unit_of"]

_UNITS = {"time": "s", "angle": "°", "calibre": "cal", "impulse": "N s"}


def unit_of(kind: str, units: str) -> tuple[str, str]:
    """The unit of a kind for a heading, as people write it and as it is read back.

    units: `metric` or `us`.
    """
    try:
        shown = column(kind, units)[0]
    except KeyError:
        shown = _UNITS.get(kind, "")
    return shown, {"m/s²": "m/s^2", "ft/s²": "ft/s^2", "ft·lbf": "ft lbf", "°": "deg", "cal": ""}.get(shown, shown)


def said(value: float, kind: str, units: str, digits: int = 3) -> str:
    """A value or a difference for people; of a pure number the number.

    kind: of `units.DIMENSIONS`. units: `metric` or `us`.
    """
    if not math.isfinite(value):
        return "no bound" if math.isinf(value) else "-"
    return f"{value:.{digits}g}" if kind in ("number", "calibre") else display(value, kind, units, digits)


def p_words(p: float) -> str:
    """A p value with two digits, and none that is smaller than anybody believes."""
    return "p < 0.0001" if p < 1e-4 else f"p = {p:.2g}"


def interval_words(f: Finding, kind: str, units: str, level: float) -> str:
    """The interval of confidence in words; empty without one."""
    low, high = f.interval
    if not (math.isfinite(low) or math.isfinite(high)):
        return ""
    return f"{100 * (1 - level):.3g} % interval {said(low, kind, units)} to {said(high, kind, units)}"


def effect_words(f: Finding) -> str:
    """The effect in units of the spread, with its interval; empty without one."""
    if not math.isfinite(f.effect):
        return ""
    low, high = f.effect_interval
    around = f" ({low:.2g} to {high:.2g})" if math.isfinite(low) and math.isfinite(high) else ""
    return f"{f.effect:.2g}{around} {f.effect_name}"


def found_words(f: Finding) -> str:
    """A test with its statistic, in one line."""
    freedom = f" with {' and '.join(f'{x:.4g}' for x in f.freedom)} degrees of freedom" if f.freedom else ""
    return f"{f.test}: {f.statistic} = {f.value:.4g}{freedom}, {p_words(f.p)}"


def answer_words(a: Analysis, units: str) -> str:
    """What the experiment shows, in plain words: a difference that is not shown is never called none."""
    t, f, kind = a.trials, a.decides, a.trials.kind
    outcome, percent = plain(t.outcome, 40), f"{100 * a.level:g} %"
    chance = f"If there were no difference at all, chance alone would bring one as large in {_share(f.p)} of such experiments"
    if t.dose is not None:
        per = f"{said(f.estimate, kind, units)} for {said(1.0, t.dose_kind, 'metric')} of {plain(t.dose_name, 40)}"
        if a.answer == "shown" and math.isfinite(f.estimate):
            way = "rises" if f.estimate > 0 else "falls"
            return f"Shown: {outcome} {way} with {plain(t.dose_name, 40)}, by {per}. {chance} ({p_words(f.p)})."
        if a.answer == "shown":
            return f"Shown: {outcome} {'rises' if f.value > 0 else 'falls'} with {plain(t.dose_name, 40)}. {chance} ({p_words(f.p)})."
        return f"Not shown that {outcome} depends on {plain(t.dose_name, 40)} ({p_words(f.p)}, where less than {percent} was asked for). That is not the same as no effect."
    if len(t.names) > 2:
        if a.answer == "shown":
            sure = [c for c in a.couples if c.p < a.level]
            which = (
                "; ".join(_couple(c, outcome, kind, units) for c in sure)
                or "which two differ is not shown: the couples are each too close to tell"
            )
            return f"Shown: the designs differ in {outcome}. {chance} ({p_words(f.p)}). Two by two: {which}."
        return f"Not shown that the designs differ in {outcome} ({p_words(f.p)}, where less than {percent} was asked for). That is not the same as no difference."
    if a.answer == "smaller than what matters":
        assert a.matters is not None
        also = " A difference is shown, but a small one:" if a.shown else ""
        return f"Any difference is smaller than what matters ({said(a.matters, kind, units)}):{also} the {interval_words(f, kind, units, a.level)} lies within it on both sides."
    if a.shown:
        more = "more" if f.estimate > 0 else "less"
        return f"Shown: {plain(f.second, 40)} has {more} {outcome} than {plain(f.first, 40)}, by {said(abs(f.estimate), kind, units)}. {chance} ({p_words(f.p)})."
    return (
        f"Not shown that {plain(f.second, 40)} and {plain(f.first, 40)} differ in {outcome} ({p_words(f.p)}, where less than {percent} was asked for). That is not the "
        "same as no difference."
    )


def _share(p: float) -> str:
    return "fewer than 1 in 10,000" if p < 1e-4 else f"{100 * p:.2g} %"


def _couple(f: Finding, outcome: str, kind: str, units: str) -> str:
    more = "more" if f.estimate > 0 else "less"
    return (
        f"{plain(f.second, 30)} has {more} {outcome} than {plain(f.first, 30)}, by {said(abs(f.estimate), kind, units)}"
    )


def room_words(a: Analysis, units: str) -> tuple[str, ...]:
    """What the answer leaves open, and what it holds for."""
    t, f, kind = a.trials, a.decides, a.trials.kind
    out = []
    low, high = f.interval
    if not a.shown and math.isfinite(low) and math.isfinite(high):
        out.append(
            f"What fits these flights: anything from {said(low, kind, units)} to {said(high, kind, units)} ({100 * (1 - a.level):g} % interval)."
        )
    elif not a.shown and f is a.by_rank and len(t.names) == 2 and t.dose is None:
        out.append(f"So few flights can show nothing by ranks at {100 * a.level:g} %, whatever they are: fly more.")
    if not a.shown and math.isfinite(a.smallest):
        what = (
            f"a difference of {said(a.smallest, kind, units)}"
            if t.dose is None
            else f"a slope of {said(a.smallest, kind, units)}"
        )
        out.append(
            f"With this scatter so many flights show {what} or more four times of five; for a smaller one fly more, or scatter less."
        )
    if a.shown and f is a.by_values and math.isinf(a.by_rank.interval[0]):
        out.append(
            "So few flights can show nothing by ranks, whatever they are: the answer leans on a bell curve that so few cannot prove. A few more flights would make it firm."
        )
    elif (a.by_rank.p < a.level) != (a.by_values.p < a.level):
        out.append(
            f"The two tests do not agree ({found_words(a.by_values)}; {found_words(a.by_rank)}): the evidence is on the edge. Fly again before you build on it."
        )
    out.append(
        "It holds for these rockets, these motors and that weather; whether it holds for others is another experiment."
    )
    return tuple(out)
