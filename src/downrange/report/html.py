"""The campaign's report: one HTML file that opens offline, with figures inside."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from downrange.dispersion import Campaign
from downrange.flight import Flight
from downrange.report.campaign import campaign_summary
from downrange.report.dispersion import (
    convergence_figure,
    histogram_figure,
    map_figure,
    modes_figure,
    risk_figure,
    sensitivity_figure,
    wind_figure,
)
from downrange.report.safety import VERDICTS, at_most, show_beside, show_limit
from downrange.safety import Answer, Ground, RiskReport, Verdict, overall
from downrange.text import markup as escape
from downrange.units import column, display, in_units, number

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["campaign_figures", "write_report"]

_STYLE = """
:root{color-scheme:light}*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;color:#1d2733;max-width:1120px;margin:0 auto;padding:24px}
h1{margin:0 0 2px;font-size:26px}h2{margin:34px 0 8px;font-size:19px;border-bottom:2px solid #e4e9ef;padding-bottom:4px}
.sub{color:#5b6776}table{border-collapse:collapse;width:100%;font-size:13.5px;margin:8px 0}th{text-align:left;color:#5b6776;font-weight:600}
th,td{padding:4px 8px;border-bottom:1px solid #e9edf2;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
img{max-width:100%;height:auto;display:block;margin:8px auto}.go{color:#1c7c3c;font-weight:700}.no{color:#b3261e;font-weight:700}.open{color:#9a6700;font-weight:700}
.cards{display:flex;flex-wrap:wrap;gap:10px;margin:14px 0}.card{background:#f4f7fa;border-radius:8px;padding:10px 14px;min-width:150px}
.card b{display:block;font-size:20px}.card span{color:#5b6776;font-size:12.5px}.verdict{font-size:22px;padding:10px 16px;border-radius:8px;background:#f4f7fa;display:inline-block}
.note{color:#5b6776;font-size:13px}details{margin:8px 0}@media print{h2{break-after:avoid}img,table{break-inside:avoid}}
"""
_CLASS = {Verdict.PASS: "go", Verdict.FAIL: "no", Verdict.OPEN: "open"}


def _image(figure: PlainFigure, label: str, units: str) -> str:
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=110, units=units)
    return f'<img alt="{escape(label)}" src="data:image/png;base64,{base64.b64encode(data.getvalue()).decode()}">'


def _table(head: list[str], rows: list[list[str]], text: int = 1) -> str:
    """A table of cells that are already escaped; all columns after the first `text` are numbers."""
    cls = ["" if i < text else ' class="n"' for i in range(len(head))]
    top = "".join(f"<th{c}>{h}</th>" for c, h in zip(cls, head, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{c}>{x}</td>" for c, x in zip(cls, row, strict=True)) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _in(value: float | None, kind: str, units: str, digits: int = 3) -> str:
    """A number of a column whose head has the unit."""
    return "-" if value is None else number(value * column(kind, units)[1], digits)


def _chance(p: float) -> str:
    if p == 0:
        return "0"
    return f"{p:.1e}" if p < 1e-3 else f"{p:.2%}"


def _cards(campaign: Campaign, risk: RiskReport | None, units: str) -> str:
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
        cards.append(
            (_chance(risk.leaves.value), f"leaves the site; at most {_chance(at_most(risk.leaves.upper))} (95 %)")
        )
    if risk is not None and risk.expected is not None:
        upper = at_most(risk.casualties_upper)
        cards.append((f"{risk.casualties:.2g}", f"expected casualties of one launch; at most {upper:.2g} (95 %)"))
    return (
        '<div class="cards">'
        + "".join(f'<div class="card"><b>{a}</b><span>{escape(b)}</span></div>' for a, b in cards)
        + "</div>"
    )


def _modes(campaign: Campaign, units: str) -> str:
    def far(x: float | None) -> str:
        return _in(x, "length", units)

    m_, j_ = column("length", units)[0], column("energy", units)[0]
    rows = [
        [
            f"<b>{escape(m['mode'])}</b><br><span class=note>{escape(in_units(m['doc'], units))}</span>", f"{m['prior']:.2%}", f"{m['probability']:.2%}",
            f"{m['probability_low']:.1%} to {m['probability_high']:.1%}", str(m["seen"]), f"{m['flights']:,}", far(m["apogee_median_m"]), far(m["distance_median_m"]),
            far(m["distance_p95_m"]), far(m["distance_max_m"]), _in(m["energy_median_j"], "energy", units),
        ]
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
    return (
        _table(head, rows)
        + "<p class=note>Distances are from the pad. Priors are labelled judgement; a club's own record moves them (Dirichlet).</p>"
    )


def _rules(answers: tuple[Answer, ...], units: str) -> str:
    out = []
    for pack in dict.fromkeys(a.pack for a in answers):
        rows = []
        for a in (a for a in answers if a.pack is pack):
            word = {Verdict.PASS: "go", Verdict.FAIL: "NO-GO", Verdict.OPEN: "not evaluated"}[a.verdict]
            unconfirmed = "" if a.rule.confirmed else ' <span class="open">unconfirmed</span>'
            more = "<br>".join(escape(in_units(t, units)) for t in (a.change, a.note) if t)
            rows.append(
                [
                    f"{escape(a.rule.title)}{unconfirmed}<br><span class=note>{escape('' if a.rule.source == pack.source else a.rule.source)}</span>", f'<span class="{_CLASS[a.verdict]}">{word}</span>',
                    f"<span class=note>{more}</span>", show_beside(a.value, a, units), show_limit(a, units), show_beside(a.margin, a, units),
                    "-" if a.probability is None else f"{a.probability:.2%}",
                ]
            )  # fmt: skip
        out.append(
            f"<h3>{escape(pack.name)}</h3><p class=note>{escape(pack.authority)}; {escape(pack.edition)}; {escape(pack.source)} {escape(pack.note)}</p>"
        )
        out.append(_table(["rule", "", "what to change", "value", "limit", "margin", "complies"], rows, 3))
    return "".join(out)


def _places(risk: RiskReport, units: str) -> str:
    rows = [
        [
            f"{escape(p.shape.name)} <span class=note>({p.shape.kind})</span>", f"{p.shape.people:,.3g}", _in(p.shape.distance, "length", units), _chance(p.impact.value),
            f"{p.impact.error:.1g}", _chance(at_most(p.impact.upper)), f"{p.casualties:.1e}", f"{at_most(p.casualties_upper):.1e}", f"{p.individual:.1e}",
            f"{at_most(p.individual_upper):.1e}",
        ]
        for p in risk.places if p.shape.kind not in ("boundary", "keep in")
    ]  # fmt: skip
    if not rows:
        return "<p>The site names no places.</p>"
    head = [
        "place",
        "people",
        f"from the pad {column('length', units)[0]}",
        "something lands there",
        "± (1 σ)",
        "at most (95 %)",
        "expected casualties",
        "at most",
        "individual risk",
        "at most",
    ]
    return _table(head, rows) + (
        "<p class=note>Where nothing landed, the upper bound is three times the largest weight of a flight (rule of three), times the largest casualty area "
        "and the people it may find. Individual risk is that of a person in the open at the worst spot of the place. Casualty area after "
        "π(r<sub>p</sub>+r<sub>f</sub>)² + 2(r<sub>p</sub>+r<sub>f</sub>)h/tan γ with a person of 0.3 m by 1.8 m; hits hurt from 15 J, and all from 102 J on. "
        "14 CFR 450.101 asks of licensed launches at most 1e-4 expected casualties and 1e-6 individual risk.</p>"
    )


def _assumed(campaign: Campaign, units: str) -> str:
    notes = campaign.notes or {}
    rows = [
        [
            escape(v["name"]),
            escape(v["distribution"]),
            "assumed" if v["assumed"] else "from the files",
            escape(v["doc"]),
        ]
        for v in notes.get("varied", [])
    ]
    wind = notes.get("wind", {})
    rows.append(
        [
            "wind",
            escape(
                in_units(
                    f"{wind.get('sigma', 0):g} m/s each way, correlated over {wind.get('correlation', 0):g} m; {wind.get('members', 1)} profile(s); turbulence {wind.get('turbulence', 'none')}",
                    units,
                )
            ),
            "",
            "",
        ]
    )
    text = _table(["what varies", "distribution (SI)", "", ""], rows, 4)
    for title, found in (
        ("Modes not flown", notes.get("skipped", {})),
        ("Uncertain, but not sampled", notes.get("not_sampled", {})),
    ):
        if found:
            text += f"<p><b>{title}</b>: " + "; ".join(f"{escape(k)} ({escape(v)})" for k, v in found.items()) + "</p>"
    return text


def campaign_figures(campaign: Campaign, ground: Ground, flight: Flight) -> dict[str, PlainFigure]:
    """The figures of a report by name."""
    top = float(np.nanmax(campaign["apogee_agl_m"]))
    wind = (campaign.notes or {}).get("wind", {})
    return {
        "landings": map_figure(campaign, ground), "individual_risk": risk_figure(campaign, ground, flight.launch.rocket.diameter),
        "modes": modes_figure(campaign, ground), "histograms": histogram_figure(campaign), "sensitivity": sensitivity_figure(campaign),
        "convergence": convergence_figure(campaign), "wind": wind_figure(flight.launch, top, wind),
    }  # fmt: skip


def write_report(
    path: Path, campaign: Campaign, ground: Ground, flight: Flight, *, answers: tuple[Answer, ...] = (), risk: RiskReport | None = None,
    units: str = "metric",
) -> dict[str, PlainFigure]:  # fmt: skip
    """Write the report; returns its figures, for saving on their own."""
    figures = campaign_figures(campaign, ground, flight)
    launch = flight.launch
    verdict = overall(answers)
    notes = campaign.notes or {}
    parts = [
        f"<h1>{escape(launch.rocket.name)} on {escape(launch.motor.designation)}</h1>",
        f'<p class="sub">{escape(launch.name)} &middot; {escape(ground.name or "site")} &middot; {campaign.flights:,} flights, seed {campaign.seed} &middot; downrange {escape(str(notes.get("downrange", "")))}</p>',
        f'<p class="verdict {_CLASS[verdict]}">{VERDICTS[verdict]}</p>' if answers else "",
        _cards(campaign, risk, units),
        "<h2>Where it comes down</h2>", _image(figures["landings"], "map of landing areas", units),
        "<h2>What goes wrong, and where that comes down</h2>", _modes(campaign, units), _image(figures["modes"], "landings of each mode", units),
        "<h2>Risk to people</h2>", _places(risk, units) if risk is not None else "", _image(figures["individual_risk"], "map of individual risk", units),
        "<h2>Rules</h2>" + _rules(answers, units) if answers else "",
        "<h2>How the flights spread</h2>", _image(figures["histograms"], "histograms", units),
        "<h2>What it hangs on</h2><p class=note>Spearman's rank correlation with each input, planned flights only.</p>", _image(figures["sensitivity"], "sensitivities", units),
        "<h2>Is it enough flights?</h2>", _image(figures["convergence"], "convergence", units),
        "<h2>Wind</h2>", _image(figures["wind"], "wind profile", units),
        "<h2>What was assumed</h2>", _assumed(campaign, units),
        "<p class=note>Predictions rest on the inputs above and on models with errors of their own. The range safety officer decides.</p>",
    ]  # fmt: skip
    title = escape(f"{launch.rocket.name} on {launch.motor.designation}: dispersion")
    page = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head><body>{"".join(parts)}</body></html>'
    path.write_text(page, encoding="utf-8")
    return figures
