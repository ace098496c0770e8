"""The campaign's report: one HTML file that opens offline, with figures inside."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from downrange.dispersion import Campaign
from downrange.flight import Flight
from downrange.report.campaign import body_rows, campaign_summary
from downrange.report.dispersion import (
    convergence_figure,
    histogram_figure,
    landing_density,
    map_figure,
    modes_figure,
    risk_figure,
    sensitivity_figure,
    wind_figure,
)
from downrange.report.safety import VERDICTS, at_most, show_beside, show_limit
from downrange.safety import Answer, Ground, RiskReport, Verdict, overall
from downrange.text import plain
from downrange.units import column, display, in_units, number

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

    from downrange.report.canvas import PlainFigure

__all__ = ["campaign_figures", "image", "template", "write_report"]

_CLASS = {Verdict.PASS: "go", Verdict.FAIL: "no", Verdict.OPEN: "open"}
_LONG = 2_000  # characters of a text, at most


def image(figure: PlainFigure, units: str) -> Markup:
    from markupsafe import Markup

    return Markup(base64.b64encode(figure.png(units)).decode())  # letters, digits, + / =


def _in(value: float | None, kind: str, units: str, digits: int = 3) -> str:
    """A number of a column whose head has the unit."""
    return "-" if value is None else number(value * column(kind, units)[1], digits)


def _chance(p: float) -> str:
    if p == 0:
        return "0"
    return f"{p:.1e}" if p < 1e-3 else f"{p:.2%}"


def _cards(campaign: Campaign, risk: RiskReport | None, units: str) -> list[tuple[str, str]]:
    """A number and what it is."""
    apogee, far = campaign.mean("apogee_agl_m"), campaign.quantile("landing_distance_m", 0.95)
    m = column("length", units)[0]
    cards = [
        (
            display(apogee.value, "length", units),
            f"mean apogee, ± {_in(1.96 * apogee.error, 'length', units, 2)} {m} (95 %)",
        ),
        (display(far.value, "length", units), f"95 % land within, ± {_in(1.96 * far.error, 'length', units, 2)} {m}"),
        (f"{1 - campaign.probabilities[0]:.1%}", "something fails (prior, unless a record was given)"),
    ]
    if risk is not None and risk.leaves is not None:
        upper = _chance(at_most(risk.leaves.upper))
        cards.append((_chance(risk.leaves.value), f"leaves the site; at most {upper} (95 %)"))
    if risk is not None and risk.expected is not None:
        most = at_most(risk.casualties_upper)
        cards.append((f"{risk.casualties:.2g}", f"expected casualties of one launch; at most {most:.2g} (95 %)"))
    return cards


def _modes(campaign: Campaign, units: str) -> dict[str, Any]:
    """Heads, and of each mode its name, what it is, and its cells."""

    def far(x: float | None) -> str:
        return _in(x, "length", units)

    m_, j_ = column("length", units)[0], column("energy", units)[0]
    rows = [
        (m["mode"], in_units(m["doc"], units), (
            f"{m['prior']:.2%}", f"{m['probability']:.2%}", f"{m['probability_low']:.1%} to {m['probability_high']:.1%}", str(m["seen"]), f"{m['flights']:,}",
            far(m["apogee_median_m"]), far(m["distance_median_m"]), far(m["distance_p95_m"]), far(m["distance_max_m"]),
            _in(m["energy_median_j"], "energy", units),
        ))
        for m in campaign_summary(campaign)["modes"]
    ]  # fmt: skip
    head = [
        "mode",
        "prior",
        "posterior",
        "90 %",
        "seen",
        "flights",
        f"apogee {m_}",
        f"median {m_}",
        f"95 % {m_}",
        f"farthest {m_}",
        f"energy {j_}",
    ]
    return {"head": head, "rows": rows}


def _bodies(campaign: Campaign, units: str) -> dict[str, Any] | None:
    """Heads, and of each body its name and its cells; None of a rocket that comes down as one where all goes well."""
    if len(campaign.planned_bodies) < 2:
        return None
    m_, v_, j_ = (column(kind, units)[0] for kind in ("length", "speed", "energy"))
    rows = [
        (b["body"], _chance(b["probability"]), f"{b['landings']:,}", _in(b["mass_median_kg"], "mass", units),
         *(_in(b[f"distance_{k}_m"], "length", units) for k in ("median", "p95", "max")), _in(b["speed_median_m_s"], "speed", units),
         *(_in(b[f"energy_{k}_j"], "energy", units) for k in ("median", "p95")))
        for b in body_rows(campaign)
    ]  # fmt: skip
    head = [
        "comes down", "in launches", "landings", f"mass {column('mass', units)[0]}", f"median {m_}", f"95 % {m_}", f"farthest {m_}", f"at {v_}",
        f"energy {j_}", f"95 % {j_}",
    ]  # fmt: skip
    return {"head": head, "rows": rows}


def _packs(answers: tuple[Answer, ...], units: str) -> list[dict[str, Any]]:
    """Each rule pack with the answers to its rules."""
    words = {Verdict.PASS: "go", Verdict.FAIL: "NO-GO", Verdict.OPEN: "not evaluated"}
    out = []
    for pack in dict.fromkeys(a.pack for a in answers):
        rules = [
            {
                "title": a.rule.title, "confirmed": a.rule.confirmed, "source": "" if a.rule.source == pack.source else a.rule.source,
                "style": _CLASS[a.verdict], "word": words[a.verdict], "advice": [in_units(t, units) for t in (a.change, a.note) if t],
                "cells": (
                    show_beside(a.value, a, units), show_limit(a, units), show_beside(a.margin, a, units),
                    "-" if a.probability is None else f"{a.probability:.2%}",
                ),
            }
            for a in answers if a.pack is pack
        ]  # fmt: skip
        said = {k: getattr(pack, k) for k in ("name", "authority", "edition", "source", "note")}
        out.append({**said, "rules": rules})
    return out


def _places(risk: RiskReport, units: str) -> dict[str, Any]:
    """Heads, and of each place its name, its kind, and its cells."""
    rows = [
        (p.shape.name, p.shape.kind, (
            f"{p.shape.people:,.3g}", _in(p.shape.distance, "length", units), _chance(p.impact.value), f"{p.impact.error:.1g}",
            _chance(at_most(p.impact.upper)), f"{p.casualties:.1e}", f"{at_most(p.casualties_upper):.1e}", f"{p.individual:.1e}",
            f"{at_most(p.individual_upper):.1e}",
        ))
        for p in risk.places if p.shape.kind not in ("boundary", "keep in")
    ]  # fmt: skip
    head = [
        "place", "people", f"from the pad {column('length', units)[0]}", "something lands there", "± (1 σ)", "at most (95 %)",
        "expected casualties", "at most", "individual risk", "at most",
    ]  # fmt: skip
    return {"head": head, "rows": rows}


def _varied(notes: Mapping[str, Any], units: str) -> list[tuple[str, ...]]:
    """What varies, how, whether somebody said so, and what it is."""
    wind = notes.get("wind", {})
    words = (
        f"{wind.get('sigma', 0):g} m/s each way, correlated over {wind.get('correlation', 0):g} m; {wind.get('members', 1)} profile(s); "
        f"turbulence {wind.get('turbulence', 'none')}"
    )
    return [
        *((v["name"], v["distribution"], "assumed" if v["assumed"] else "from the files", v["doc"]) for v in notes.get("varied", [])),
        ("wind", in_units(words, units), "", ""),
    ]  # fmt: skip


def campaign_figures(campaign: Campaign, ground: Ground, flight: Flight) -> dict[str, PlainFigure]:
    """The figures of a report by name. Raises `InputError` where too few flights came down for a map."""
    grid = landing_density(campaign)
    top = float(np.nanmax(campaign["apogee_agl_m"]))
    wind = (campaign.notes or {}).get("wind", {})
    return {
        "landings": map_figure(campaign, ground, grid), "individual_risk": risk_figure(campaign, ground, flight.launch.rocket.diameter),
        "modes": modes_figure(campaign, ground), "histograms": histogram_figure(campaign), "sensitivity": sensitivity_figure(campaign),
        "convergence": convergence_figure(campaign), "wind": wind_figure(flight.launch, top, wind),
    }  # fmt: skip


def write_report(
    path: Path, campaign: Campaign, ground: Ground, flight: Flight, *, answers: tuple[Answer, ...] = (), risk: RiskReport | None = None,
    units: str = "metric",
) -> dict[str, PlainFigure]:  # fmt: skip
    """Write the report; returns its figures, for saving on their own."""
    figures = campaign_figures(campaign, ground, flight)
    launch, verdict, notes = flight.launch, overall(answers), campaign.notes or {}
    left_out = (("Modes not flown", "skipped"), ("Uncertain, but not sampled", "not_sampled"))
    page = template("campaign.html").render(
        rocket=launch.rocket.name, motor=launch.motor.designation, launch=launch.name, site=ground.name or "site",
        flights=f"{campaign.flights:,}", seed=campaign.seed, version=notes.get("downrange", ""), verdict=VERDICTS[verdict],
        verdict_class=_CLASS[verdict], cards=_cards(campaign, risk, units), modes=_modes(campaign, units),
        bodies=_bodies(campaign, units),
        places=None if risk is None else _places(risk, units), packs=_packs(answers, units), varied=_varied(notes, units),
        left_out=[(title, list(notes[k].items())) for title, k in left_out if notes.get(k)],
        images={name: image(figure, units) for name, figure in figures.items()},
    )  # fmt: skip
    path.write_text(page, encoding="utf-8")
    return figures


def template(name: str) -> Template:
    """The template of a page in `pages`. Whatever is put into it is shown in characters that can be seen, and escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def seen(value: object) -> object:
        return plain(value, _LONG) if isinstance(value, str) and not isinstance(value, Markup) else value

    loader = PackageLoader("downrange.report", "pages")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, finalize=seen).get_template(name)
