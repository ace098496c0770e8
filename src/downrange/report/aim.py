"""Aim, reach, drift and hold tables for the terminal."""

from __future__ import annotations

import math
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from downrange.flight import Launch
from downrange.report.layout import PlainTable, plain_table
from downrange.report.terminal import panel
from downrange.safety import Aim, DriftRow, HoldRow, Reach
from downrange.units import column, display, number

__all__ = ["aim_summary", "aim_view", "rail_words", "reach_words"]


def aim_summary(
    best: tuple[Aim, ...], why: str, reach: tuple[Reach, ...], drift: tuple[DriftRow, ...], hold: tuple[HoldRow, ...]
) -> dict[str, Any]:
    """The documented keys of `downrange aim --json`; `hold` is for the first of `aims`."""
    return {
        "aims": [
            {
                "azimuth_deg": math.degrees(a.azimuth), "elevation_deg": math.degrees(a.elevation), "own": a.own, "apogee_agl_m": a.apogee,
                "planned_bad": a.planned_bad, "ballistic_bad": a.ballistic_bad, "main_at_apogee_bad": a.drift_bad,
                "planned_east_m": a.planned_mean[0], "planned_north_m": a.planned_mean[1],
                "ballistic_east_m": a.ballistic_mean[0], "ballistic_north_m": a.ballistic_mean[1],
                "margin_m": a.margin if math.isfinite(a.margin) else None,
            }
            for a in best
        ],
        "not_aimed": why,
        "reach": [
            {"kind": r.kind, "distance_m": r.distance, "elevation_deg": math.degrees(r.elevation), "wind_m_s": r.wind, "late_s": r.late, "body": r.body or None}
            for r in reach
        ],
        "drift": [
            {
                "wind_m_s": d.wind, "by_hand_m": d.by_hand, "simulated_m": d.simulated, "descent_time_s": d.descent_time,
                "energy_sink_j": list(d.energy_sink), "energy_speed_j": list(d.energy_speed),
            }
            for d in drift
        ],
        "hold": [
            {"from_deg": math.degrees(h.from_direction), "limit_m_s": None if math.isnan(h.limit) else h.limit, "first_bad": h.first_bad or None,
             "bad_m_s": None if math.isnan(h.bad_wind) else h.bad_wind, "bad_share": None if math.isnan(h.bad_share) else h.bad_share}
            for h in hold
        ],
    }  # fmt: skip


def reach_words(r: Reach, units: str) -> str:
    """In which conditions a rocket comes so far."""
    opens = ", nothing opens" if r.kind == "ballistic" else ""
    late = f", a motor lit {r.late:.0f} s late" if r.late else ""
    which = f"; it is the {r.body}" if r.body else ""
    return f"rail at {math.degrees(r.elevation):.0f}°, {display(r.wind, 'wind', units, 2)} behind it{opens}{late}, thrust 30 % high{which}"


def rail_words(a: Aim) -> str:
    """A setting of the rail in words, like `84° towards 270°`."""
    if a.elevation > math.pi / 2 - 1e-6:
        return "vertical"
    return f"{math.degrees(a.elevation):.3g}° towards {math.degrees(a.azimuth) % 360:.0f}°"


def aim_view(
    launch: Launch, best: tuple[Aim, ...], why: str, reach: tuple[Reach, ...], drift: tuple[DriftRow, ...], hold: tuple[HoldRow, ...],
    units: str = "metric",
) -> RenderableType:  # fmt: skip
    """What `aim` answers."""
    parts: list[RenderableType] = []
    if best:
        bad = Text("bad: outside the site, or on a place to be kept clear", style="dim")
        parts += [_rails(best, units), bad, Text("")]
    elif why:
        parts += [Text(f"Not aimed: {why}", style="yellow"), Text("")]
    parts += [*_farthest(reach, units), Text(""), *_drifts(drift, units)]
    if hold:
        words = f"With the rail {rail_words(best[0])}, the best of these:"
        parts += [Text(""), Text(words), _holds(hold, units)]
    return panel(parts, f"{launch.rocket.name} on {launch.motor.designation}")


def _rails(best: tuple[Aim, ...], units: str) -> PlainTable:
    heads = (
        "rail",
        "apogee",
        "planned bad",
        "ballistic bad",
        "main at apogee bad",
        "ballistic lands",
        "margin to the edge",
    )
    table = plain_table(*heads)
    for a in [*best[:5], *(a for a in best[5:] if a.own)]:
        e, n = a.ballistic_mean
        table.add_row(
            rail_words(a) + (" (yours)" if a.own else ""),
            display(a.apogee, "length", units),
            *(f"{share:.1%}" for share in (a.planned_bad, a.ballistic_bad, a.drift_bad)),
            f"{display(math.hypot(e, n), 'length', units)} at {math.degrees(math.atan2(e, n)) % 360:.0f}°",
            "-" if math.isinf(a.margin) else display(a.margin, "length", units),
        )
    return table


def _farthest(reach: tuple[Reach, ...], units: str) -> list[RenderableType]:
    unit, factor = column("length", units)
    far = plain_table("it can come down at most", f"{unit} away", "when", words=(2,))
    for r in reach:
        far.add_row(r.kind, f"{r.distance * factor:,.0f}", reach_words(r, units))
    unit, factor = column("distance", units)
    winds = "20 mph." if units == "us" else "20 mph (8.9 m/s)."
    words = f"So {reach[0].distance * factor:.1f} {unit} from people is far enough whatever goes wrong, in winds up to {winds}"
    return [far, Text(words, style="bold")]


def _drifts(drift: tuple[DriftRow, ...], units: str) -> list[RenderableType]:
    unit, joule = column("energy", units)
    table = plain_table("wind", "drift by hand", "simulated", "descent", *(f"{n}, {unit}" for n in drift[0].names))
    for row in drift:
        energies = zip(row.energy_speed, row.energy_sink, strict=True)
        table.add_row(
            f"{row.wind / 0.44704:.0f} mph",
            display(round(row.by_hand, 1), "length", units),
            display(round(row.simulated, 1), "length", units),
            f"{row.descent_time:.0f} s",
            *(f"{number(whole * joule, 3)} ({number(sink * joule, 3)})" for whole, sink in energies),
        )
    words = "by hand: apogee over the pad, wind times descent time; energy at landing (from the sink alone)"
    return [table, Text(words, style="dim")]


def _holds(hold: tuple[HoldRow, ...], units: str) -> PlainTable:
    table = plain_table("wind from", "hold above", "because", words=(2,))
    for x in hold:
        bad = f"{x.first_bad}: {x.bad_share:.1%} bad at {display(x.bad_wind, 'wind', units, 2)}"
        table.add_row(
            f"{math.degrees(x.from_direction):.0f}°",
            "hold" if math.isnan(x.limit) else display(x.limit, "wind", units, 2),
            bad if x.first_bad else "good as far as was tried",
        )
    return table
