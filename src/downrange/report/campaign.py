"""A campaign in words and numbers: the terminal's view and the keys of --json."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from downrange.dispersion import Campaign, weighted
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.units import column, in_units, number

__all__ = ["body_rows", "campaign_summary", "campaign_view", "mode_rows"]

_QUANTITIES = (
    "apogee_agl_m", "landing_distance_m", "max_speed_m_s", "max_mach", "rail_exit_speed_m_s", "min_stability_cal", "flight_time_s",
    "ground_hit_speed_m_s", "landing_energy_j", "deployment_airspeed_m_s",
)  # fmt: skip


def _number(x: float) -> float | None:
    return float(x) if math.isfinite(x) else None


def mode_rows(campaign: Campaign) -> list[dict[str, Any]]:
    """A line for each mode: probabilities, flights, how high the first body rises, and how far and how hard the worst of each flight's
    bodies comes down."""
    out = []
    far, hard = (
        campaign.per_flight(np.where(campaign.landed, campaign[k], np.nan))
        for k in ("landing_distance_m", "landing_energy_j")
    )
    apogee = campaign.per_flight(campaign["apogee_agl_m"], False)
    for k, m in enumerate(campaign.modes):
        rows = campaign.mode == k
        away, energy, high = (x[rows & np.isfinite(x)] for x in (far, hard, apogee))
        out.append(
            {
                "mode": m.mode.name, "prior": m.prior, "probability": m.probability, "probability_low": m.low, "probability_high": m.high,
                "seen": m.seen, "source": m.source, "flights": int((campaign.mode == k).sum()),
                "distance_median_m": _number(float(np.median(away))) if away.size else None,
                "distance_p95_m": _number(float(np.quantile(away, 0.95))) if away.size else None,
                "distance_max_m": _number(float(away.max())) if away.size else None,
                "energy_median_j": _number(float(np.median(energy))) if energy.size else None,
                "apogee_median_m": _number(float(np.median(high))) if high.size else None,
                "doc": m.mode.doc,
            }
        )  # fmt: skip
    return out


def body_rows(campaign: Campaign) -> list[dict[str, Any]]:
    """A line for each body that comes down: in how many launches, how far, how fast and how hard."""
    out = []
    for name in campaign.there:
        rows = campaign.of_body(name) & campaign.landed
        if not rows.any():
            continue
        away, speed, energy = (
            campaign[k][rows] for k in ("landing_distance_m", "ground_hit_speed_m_s", "landing_energy_j")
        )
        out.append(
            {
                "body": name, "planned": name in campaign.planned_bodies, "probability": campaign.probability(rows).value, "landings": int(rows.sum()),
                "mass_median_kg": float(np.median(campaign["landing_mass_kg"][rows])), "distance_median_m": weighted(away, campaign.weight[rows], 0.5),
                "distance_p95_m": weighted(away, campaign.weight[rows], 0.95), "distance_max_m": float(away.max()),
                "speed_median_m_s": weighted(speed, campaign.weight[rows], 0.5), "speed_p95_m_s": weighted(speed, campaign.weight[rows], 0.95),
                "energy_median_j": weighted(energy, campaign.weight[rows], 0.5), "energy_p95_j": weighted(energy, campaign.weight[rows], 0.95),
            }
        )  # fmt: skip
    return out


def campaign_summary(campaign: Campaign) -> dict[str, Any]:
    """The documented keys of `downrange disperse --json`; every statistic with its Monte Carlo error (1 σ)."""
    statistics = {}
    for name in _QUANTITIES:
        mean = campaign.mean(name)
        entry: dict[str, Any] = {"mean": _number(mean.value), "mean_error": _number(mean.error)}
        for level in (0.05, 0.5, 0.95, 0.99):
            e = campaign.quantile(name, level)
            entry[f"p{level * 100:g}"] = _number(e.value)
            entry[f"p{level * 100:g}_error"] = _number(e.error)
        statistics[name] = entry
    notes = campaign.notes or {}
    return {
        "name": campaign.name, "flights": campaign.flights, "seed": campaign.seed, "results": campaign.codes(),
        "statistics": statistics, "bodies": body_rows(campaign), "modes": mode_rows(campaign), "modes_skipped": notes.get("skipped", {}),
        "varied": notes.get("varied", []), "not_sampled": notes.get("not_sampled", {}), "wind": notes.get("wind", {}),
    }  # fmt: skip


def _far(x: float | None, factor: float) -> str:
    return "-" if x is None else number(x * factor, 2)


def campaign_view(campaign: Campaign, units: str = "metric") -> RenderableType:
    """What `disperse` answers on the terminal."""
    s = campaign_summary(campaign)
    (m_, metre), (j_, joule), (v_, speed) = (column(kind, units) for kind in ("length", "energy", "speed"))
    weighted_anew = any(m["prior"] != m["probability"] for m in s["modes"])
    modes = plain_table(
        "mode", "how often", *(("by prior",) if weighted_anew else ()), "flown", f"apogee, {m_}", f"away, {m_}", "95 %", "most", j_
    )  # fmt: skip
    for m in s["modes"]:
        modes.add_row(
            m["mode"], f"{m['probability']:.2%}", *((f"{m['prior']:.2%}",) if weighted_anew else ()), f"{m['flights']:,}", _far(m["apogee_median_m"], metre),
            _far(m["distance_median_m"], metre), _far(m["distance_p95_m"], metre), _far(m["distance_max_m"], metre), _far(m["energy_median_j"], joule),
        )  # fmt: skip
    bodies = plain_table("comes down", "in launches", f"{m_} away", "95 %", f"at {v_}", f"energy {j_}", "95 %")
    for b in s["bodies"]:
        bodies.add_row(
            b["body"], f"{b['probability']:.2%}", _far(b["distance_median_m"], metre), _far(b["distance_p95_m"], metre),
            _far(b["speed_median_m_s"], speed), _far(b["energy_median_j"], joule), _far(b["energy_p95_j"], joule),
        )  # fmt: skip
    table = plain_table("all together", "mean", "5 %", "median", "95 %", "99 %", "± of 95 %")
    labels = {
        "apogee_agl_m": (f"apogee, {m_}", metre), "landing_distance_m": (f"lands from the pad, {m_}", metre), "max_mach": ("Mach", 1.0),
        "rail_exit_speed_m_s": (f"rail exit, {v_}", speed), "min_stability_cal": ("least margin, cal", 1.0), "flight_time_s": ("flight, s", 1.0),
        "ground_hit_speed_m_s": (f"hits the ground, {v_}", speed),
    }  # fmt: skip
    for name, (label, factor) in labels.items():
        e = s["statistics"][name]
        if e["mean"] is not None:
            shown = (number(e[k] * factor) for k in ("mean", "p5", "p50", "p95", "p99"))
            table.add_row(label, *shown, number(1.96 * factor * e["p95_error"], 2))
    notes = [
        Text(
            f"{s['flights']:,} flights, seed {s['seed']}. Heights, distances and energies of a mode are medians. How often each mode happens is a prior and not data, unless you gave a record.",
            style="dim",
        )
    ]
    for name, why in s["modes_skipped"].items():
        notes.append(Text(in_units(f"Not flown: {name}: {why}.", units), style="yellow"))
    for name, why in s["not_sampled"].items():
        notes.append(Text(f"Uncertain but not sampled: {name}: {why}.", style="yellow"))
    lost = sum(n for code, n in s["results"].items() if code != "landed")
    if lost:
        notes.append(Text(f"{lost} of {sum(s['results'].values()):,} did not land: {s['results']}", style="yellow"))
    several: list[RenderableType] = [bodies, Text("")] if len(campaign.planned_bodies) > 1 else []
    if several:
        notes.insert(
            0,
            Text(
                "All together: apogee is of the body with the nose, landings and times are of each flight's worst body.",
                style="dim",
            ),
        )
    return panel([modes, Text(""), *several, table, Text(""), *notes], campaign.name)
