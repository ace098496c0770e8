"""What went wrong with a flight: what the terminal shows, JSON, a figure, and a page that opens offline."""

from __future__ import annotations

import base64
import html
import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from downrange.failures import NOMINAL
from downrange.learning.diagnosis import Diagnosis, Evidence, Hypothesis
from downrange.report.figures import new_figure
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.text import plain
from downrange.units import display, in_units

if TYPE_CHECKING:
    from rich.console import RenderableType

    from downrange.report.canvas import PlainFigure

__all__ = ["diagnosis_figure", "diagnosis_summary", "diagnosis_view", "write_diagnosis"]

_KEYS = {"m": "m", "s": "s", "m/s": "m_s", "rad": "rad", "rad/s": "rad_s"}
_KINDS = {"m": "length", "m/s": "speed"}
_SHOWN = 0.005  # of probability: what is less probable is not listed
_LIKELY = 0.05  # what is more probable is explained
_NAMED = 0.1  # of probability if something failed: what is more probable is named where the flight seems to have gone as planned


def _number(x: float) -> float | None:
    return float(x) if math.isfinite(x) else None


def _said(e: Evidence) -> dict[str, Any]:
    k = _KEYS[e.unit]
    return {
        "what": e.words, f"value_{k}": e.value, f"nominal_p5_{k}": _number(e.nominal[0]), f"nominal_p95_{k}": _number(e.nominal[1]),
        f"supposed_p5_{k}": _number(e.supposed[0]), f"supposed_p95_{k}": _number(e.supposed[1]), "times_likelier": e.times,
    }  # fmt: skip


def diagnosis_summary(d: Diagnosis) -> dict[str, Any]:
    """A diagnosis as JSON: units in the keys, null for what has no value."""
    return {
        "rocket": plain(d.rocket), "logs": [plain(f) for f in d.logs], "fits": d.fits, "improbable": d.improbable, "log_ends_in_the_air": d.cut,
        "log_ends_s": _number(d.looks.until), "most_probable": plain(d.best.name), "most_probable_if_something_failed": plain(d.failures[0].name) if d.failures else None,
        "hypotheses": [
            {"name": plain(h.name), "doc": plain(h.doc, 400), "probability": h.probability, "probability_if_something_failed": _number(h.if_failed), "prior": h.prior, "fit": h.fit,
             "evidence": [_said(e) for e in h.evidence], "look_at": list(h.look_at)} for h in d.hypotheses
        ],
        "used": [plain(u, 200) for u in d.used], "missing": [plain(u, 200) for u in d.missing],
        "leaves_no_trace": [{"name": plain(n), "why": plain(w)} for n, w in d.unseen], "cannot_happen": [{"name": plain(n), "why": plain(w, 200)} for n, w in d.skipped],
        "flights_of_each": d.flights,
    }  # fmt: skip


def _share(p: float) -> str:
    """A probability in words; never 100 % or 0 %, which no log makes it."""
    if p > 0.99:
        return "> 99 %"
    return f"{100 * p:.0f} %" if p >= 0.01 else ("< 1 %" if p > 0 else "0 %")


def _value(x: float, unit: str, units: str) -> str:
    if unit in _KINDS:
        return display(x, _KINDS[unit], units, 3)
    return (
        f"{math.degrees(x):.0f}°" + ("/s" if unit == "rad/s" else "") if unit.startswith("rad") else f"{x:.1f} {unit}"
    )


def _span(band: tuple[float, float], unit: str, units: str) -> str:
    if math.isnan(band[0]):
        return "not so far by then"
    return f"{_value(band[0], unit, units)} to {_value(band[1], unit, units)}"


def _rarely(d: Diagnosis) -> str:
    p = d.improbable
    return "one in a million of its flights, or fewer" if p < 1e-6 else f"one in {1 / p:,.0f} of its flights"


def verdict(d: Diagnosis) -> str:
    """The answer in a sentence."""
    best = d.best
    if not d.fits:
        return (
            f"The log fits none of the ways that this launch is known to go; the nearest ({plain(best.name)}) looks like it or worse in {_rarely(d)}. Is it the log of "
            "this rocket, motor and day? If so, something happened that is not listed here, or the launch file is wrong."
        )
    sure = "almost surely" if best.probability > 0.98 else "most probably" if best.probability > 0.5 else "perhaps"
    said = f"{sure.capitalize()}: {plain(best.name)} ({_share(best.probability)}). {plain(best.doc, 400)}"
    named = [f"{plain(h.name)} ({_share(h.if_failed)})" for h in d.failures[:3] if h.if_failed >= _NAMED]
    if math.isfinite(best.if_failed) or not named:
        return said
    return f"{said} If you saw that something failed: {', '.join(named)}."


def _listed(d: Diagnosis) -> list[Hypothesis]:
    """What is probable, and beside a flight that seems to have gone as planned what is where something failed."""
    quiet = not math.isfinite(d.best.if_failed)
    return [h for h in d.hypotheses if h.probability >= _SHOWN or quiet and h.if_failed >= _NAMED] or [d.best]


def diagnosis_view(d: Diagnosis, units: str = "metric") -> RenderableType:
    """A diagnosis for the terminal."""
    from rich.text import Text

    table = plain_table("what happened", "probable", "if something failed", "before the log")
    for h in _listed(d):
        table.add_row(
            plain(h.name),
            _share(h.probability),
            "-" if math.isnan(h.if_failed) else _share(h.if_failed),
            f"{100 * h.prior:.1f} %",
        )
    parts: list[RenderableType] = [Text(verdict(d)), Text(""), table]
    for h in [x for x in _listed(d) if x.probability >= _LIKELY][:3]:
        if h.evidence:
            facts = plain_table(
                f"{plain(h.name)}: the log says", "", "nominal flights", "" if h.name == NOMINAL else "such flights", words=(1, 2, 3)
            )  # fmt: skip
            for e in h.evidence[:4]:
                facts.add_row(
                    in_units(e.words, units),
                    _value(e.value, e.unit, units),
                    _span(e.nominal, e.unit, units),
                    "" if h.name == NOMINAL else _span(e.supposed, e.unit, units),
                )
            parts += [Text(""), facts]
        if h.look_at:
            parts += [Text(""), Text("What else would tell:" if h is d.best else f"For {plain(h.name)}:")] + [
                Text(f"  - {w}") for w in h.look_at
            ]
    parts += [Text("")] + [Text(n, style="dim") for n in _notes(d)]
    return panel(parts, f"{plain(d.rocket)}: what the log says of its flight")


def _notes(d: Diagnosis) -> list[str]:
    out = [f"read: {plain(u, 200)}" for u in d.used]
    if d.missing:
        out.append(f"not in the log: {', '.join(d.missing)}")
    if d.unseen:
        out.append(f"leaves no trace in a log: {', '.join(plain(n) for n, _ in d.unseen)}")
    if d.skipped:
        out.append(f"cannot happen to it: {', '.join(plain(n) for n, _ in d.skipped)}")
    out.append(f"{d.flights} flights of each way were flown and seen as this recorder sees")
    return out


def diagnosis_figure(d: Diagnosis, units: str = "metric") -> PlainFigure:
    """Height over time: the log on flights of the most probable ways."""
    figure, (ax,) = new_figure(1, (7.2, 4.2))
    factor = 1.0 if units == "metric" else 1 / 0.3048
    names = [h.name for h in _listed(d)][:3]
    if "nominal" in [n for n, _ in d.flown] and "nominal" not in names:
        names.append("nominal")
    seen = dict(d.flown)
    for name, colour in zip(names, ("#d9822b", "#2a6fb0", "#3a8f5c", "#8a8f98"), strict=False):
        if name not in seen:
            continue
        low, high = np.quantile(seen[name].height, [0.05, 0.95], axis=0) * factor
        ax.fill_between(
            d.looks.height,
            low,
            high,
            color=colour,
            alpha=0.25,
            lw=0,
            label=f"{plain(name)}, 90 % of its flights".replace("$", r"\$"),
        )
    ax.plot(d.looks.height, d.shown.height[0] * factor, color="black", lw=1.3, label="the log")
    ax.set_xlabel("time from lift-off, s")
    ax.set_ylabel(f"height above the pad, {'m' if units == 'metric' else 'ft'}")
    ax.legend(fontsize=8, frameon=False)
    return figure


def write_diagnosis(d: Diagnosis, path: Path, units: str = "metric") -> None:
    """Write a diagnosis as one HTML page that needs no network."""
    picture = io.BytesIO()
    diagnosis_figure(d, units).savefig(picture, format="png", dpi=130)
    image = base64.b64encode(picture.getvalue()).decode()

    def cell(x: str) -> str:
        return f"<td>{html.escape(x)}</td>"

    rows = "".join(
        f"<tr>{cell(plain(h.name))}{cell(_share(h.probability))}{cell('-' if math.isnan(h.if_failed) else _share(h.if_failed))}{cell(f'{100 * h.prior:.1f} %')}</tr>"
        for h in _listed(d)
    )
    blocks = []
    for h in [x for x in _listed(d) if x.probability >= _LIKELY][:3]:
        facts = "".join(
            f"<tr>{cell(e.words)}{cell(_value(e.value, e.unit, units))}{cell(_span(e.nominal, e.unit, units))}{cell(_span(e.supposed, e.unit, units))}</tr>"
            for e in h.evidence
        )
        told = "".join(f"<li>{html.escape(w)}</li>" for w in h.look_at)
        blocks.append(
            f"<h2>{html.escape(plain(h.name))}</h2><p>{html.escape(plain(h.doc, 400))}</p>"
            + (
                f"<table><tr><th>the log says</th><th></th><th>nominal flights</th><th>such flights</th></tr>{facts}</table>"
                if facts
                else ""
            )
            + (f"<h3>What else would tell</h3><ul>{told}</ul>" if told else "")
        )
    notes = "".join(f"<li>{html.escape(n)}</li>" for n in _notes(d))
    title = html.escape(f"{plain(d.rocket)}: what the log says of its flight")
    path.write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>body{{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;'
        "padding:0 1rem}table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ddd}img{max-width:100%}</style></head><body>"
        f"<h1>{title}</h1><p>{html.escape(verdict(d))}</p><table><tr><th>what happened</th><th>probable</th><th>if something failed</th><th>before the log</th></tr>{rows}</table>"
        f'<p><img alt="Height over time: the log, and 90 % of the flights of the most probable ways" src="data:image/png;base64,{image}"></p>{"".join(blocks)}<ul>{notes}</ul></body></html>',
        encoding="utf-8",
    )
