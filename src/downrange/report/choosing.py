"""Motors side by side, and the ranking of the catalogue: terminal, figure, CSV."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from downrange.design import Want, find_output
from downrange.project.choosing import MotorCard, Ranking
from downrange.report.figures import new_figure
from downrange.report.layout import PlainTable, plain_table
from downrange.report.terminal import panel
from downrange.text import counted
from downrange.units import display

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["cards_figure", "cards_view", "ranking_summary", "ranking_view", "write_cards", "write_ranking"]

_BESIDE = 3  # motors in one table
_WELL = 15.0  # m/s; usual at the rail's end
_ROWS = (
    ("apogee", "apogee_agl", "length"), ("as an altimeter shows it", "apogee_pressure_altitude_agl", "length"), ("rail exit", "rail_exit_speed", "speed"),
    ("margin at rail exit", "rail_exit_stability", "calibre"), ("least margin", "min_stability", "calibre"), ("thrust to weight", "thrust_to_weight", "number"),
    ("largest Mach", "max_mach", "number"), ("largest acceleration", "max_acceleration", "acceleration"), ("time of flight", "flight_time", "time"),
    ("drift in today's wind", "landing_distance", "length"), ("speed at the ground", "ground_hit_speed", "speed"), ("lift-off mass", "liftoff_mass", "mass"),
)  # fmt: skip


def _shown(value: float, kind: str, units: str) -> str:
    if not math.isfinite(value):
        return "-"
    return f"{value:.2f}" if kind in ("number", "calibre") else display(value, kind, units, 3)


def cards_view(cards: Sequence[MotorCard], name: str, units: str = "metric") -> RenderableType:
    """All that is asked of a motor, a column a motor."""
    parts: list[RenderableType] = []
    for k in range(0, len(cards), _BESIDE):
        some = cards[k : k + _BESIDE]
        table = PlainTable(("", *(c.name for c in some)))
        for words, key, kind in _ROWS:
            cells = [_shown(c.figures[key], kind, units) for c in some]
            table.add_row(words, *cells)
            if key == "apogee_agl":
                table.add_row("   90 % band", *(_band(c, units) for c in some))
            if key == "landing_distance":
                table.add_row("   at the hold wind", *(_shown(c.drift_at_hold, "length", units) for c in some))
        table.add_row("best delay", *(_shown(c.figures["optimum_delay"], "time", units) for c in some))
        table.add_row("flown with", *("-" if c.delay is None else f"{c.delay:g} s" for c in some))
        table.add_row("total impulse", *(f"{c.flight.launch.motor.impulse:.4g} N s, {c.impulse_class}" for c in some))
        table.add_row("certification", *(c.certification for c in some))
        parts += [table, Text("")]
    for c in cards:
        parts += [Text(c.name, style="bold"), *_lines(c, units), Text("")]
    return panel(parts[:-1], f"Motors for {name}")


def _band(card: MotorCard, units: str) -> str:
    if card.band is None:
        return "-"
    low, high = (display(x, "length", units, 3) for x in card.band.most)
    unit = high.rsplit(" ", 1)[-1]
    return f"{low.removesuffix(' ' + unit)} to {high}"


def _lines(c: MotorCard, units: str) -> list[Text]:
    """What stands under the table of a motor: its delays, its fittings, the rules."""
    out = []
    if c.delays:
        each = ", ".join(
            f"{d.delay:g} s at {display(d.airspeed, 'speed', units, 2)}"
            if math.isfinite(d.airspeed)
            else f"{d.delay:g} s after landing"
            for d in c.delays
        )
        out.append(Text(f"   delays sold, and the speed at ejection: {each}"))
    out.append(Text(f"   needs: {', '.join(c.fittings)}"))
    for a in c.failed:
        out.append(Text(f"   breaks {a.pack.id}: {a.rule.title}", style="red"))
    if c.open:
        out.append(Text(f"   {counted(len(c.open), 'rule')} not answered: see downrange safety", style="dim"))
    out += [Text(f"   ! {w}", style="yellow") for w in c.flight.warnings]
    return out


def cards_figure(cards: Sequence[MotorCard], name: str) -> PlainFigure:
    """Apogee with its band, speed at rail exit, drift: a bar a motor."""
    fig, (a, b, c) = new_figure(1, (11, max(2.5, 0.6 * len(cards) + 1.6)), columns=3)
    y = np.arange(len(cards))[::-1]
    colours = ["#2a6fb0" if k.flight.fit_to_fly else "#b3261e" for k in cards]
    apogee = np.array([k.figures["apogee_agl"] for k in cards])
    spread = np.array(
        [
            (0.0, 0.0) if k.band is None else (max(h - k.band.most[0], 0.0), max(k.band.most[1] - h, 0.0))
            for k, h in zip(cards, apogee, strict=True)
        ]
    ).T
    a.barh(y, apogee, xerr=spread, color=colours, height=0.6, error_kw={"lw": 1, "capsize": 3})
    a.set_yticks(y, [k.name for k in cards])
    a.set_xlabel("apogee with its 90 % band, m")
    b.barh(y, [k.figures["rail_exit_speed"] for k in cards], color=colours, height=0.6)
    b.axvline(_WELL, color="#555555", lw=0.8, ls=":")
    b.set_xlabel("speed at rail exit (dotted: usual), m/s")
    c.barh(y + 0.18, [k.figures["landing_distance"] for k in cards], color=colours, height=0.3, label="today")
    c.barh(y - 0.18, [k.drift_at_hold for k in cards], color="#999999", height=0.3, label="hold wind")
    c.set_xlabel("drift (grey: at the hold wind), m")
    for ax in (b, c):
        ax.set_yticks(y, [""] * len(cards))
    fig.suptitle(
        f"Motors for {name}" + ("" if all(k.flight.fit_to_fly for k in cards) else "; red: not fit to fly"), fontsize=10
    )
    return fig


def write_cards(cards: Sequence[MotorCard], path: Path) -> None:
    """The cards as CSV, a row a motor, numbers in SI with the unit in the heading."""
    rows = [_flat(c.summary()) for c in cards]
    heads = list(dict.fromkeys(k for row in rows for k in row))
    _write(path, heads, [[row.get(k, "") for k in heads] for row in rows])


def _flat(summary: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in summary.items():
        if key == "apogee_band":
            out |= {f"apogee_{k}": v for k, v in (value or {}).items() if isinstance(v, float)}
        elif key == "delays":
            out["delays_s"] = "; ".join(f"{d['delay_s']:g}" for d in value)
            out["ejection_airspeeds_m_s"] = "; ".join(
                "" if d["ejection_airspeed_m_s"] is None else f"{d['ejection_airspeed_m_s']:.4g}" for d in value
            )
        else:
            out[key] = "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else value
    return out


def _write(path: Path, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as f:
        table = csv.writer(f)
        table.writerow(heads)
        table.writerows(rows)


_RANKED = (
    "apogee_agl",
    "rail_exit_speed",
    "thrust_to_weight",
    "min_stability",
    "max_mach",
    "flight_time",
    "landing_distance",
)


def ranking_view(
    ranking: Ranking, wants: Sequence[Want], name: str, *, units: str = "metric", top: int = 12
) -> RenderableType:
    """The best motors, one a line."""
    table = plain_table("motor", "points", "apogee", "rail exit", "T/W", "margin", "Mach", "delay", "drift")
    for motor, flight, points, met in list(
        zip(ranking.names, ranking.flights, ranking.points, ranking.met, strict=True)
    )[:top]:
        f = flight.figures
        fit = flight.fit_to_fly
        delay = flight.launch.motor_delay
        table.add_row(
            Text(motor, style="" if fit else "red"), (f"{points:.3g}" if wants else "") + ("" if not wants else " *" if met else ""),
            display(f["apogee_agl"], "length", units, 3), display(f["rail_exit_speed"], "speed", units, 3), f"{f['thrust_to_weight']:.1f}",
            f"{f['min_stability']:.1f}", f"{f['max_mach']:.2f}", "-" if delay is None else f"{delay:g} s", _shown(f["landing_distance"], "length", units),
        )  # fmt: skip
    flown = len(ranking.names)
    out = "; ".join(f"{n} {why}" for why, n in ranking.left_out.items())
    lines: list[RenderableType] = [table, Text("")]
    if wants:
        lines.append(Text("points: what misses what is wanted, one a percent; * all of it is met", style="dim"))
    if any(not f.fit_to_fly for f in ranking.flights[:top]):
        lines.append(
            Text("red: not fit to fly (unstable, too weak, or does not land); see downrange check --motor", style="red")
        )
    lines.append(
        Text(
            f"{flown} of {ranking.looked_at} motors flown"
            + (f", the {top} best shown" if flown > top else "")
            + (f". Left out: {out}." if out else "."),
            style="dim",
        )
    )
    return panel(lines, f"Motors for {name}")


def ranking_summary(ranking: Ranking) -> dict[str, Any]:
    """For JSON: every motor that flew, best first."""
    rows = []
    for motor, flight, points, met in zip(ranking.names, ranking.flights, ranking.points, ranking.met, strict=True):
        row: dict[str, Any] = {
            "motor": motor,
            "points": points,
            "met": met,
            "fit_to_fly": flight.fit_to_fly,
            "delay_s": flight.launch.motor_delay,
        }
        for key in _RANKED:
            value = float(flight.figures[key])
            row[find_output(key).key] = value if math.isfinite(value) else None
        rows.append(row)
    return {"motors": rows, "looked_at": ranking.looked_at, "left_out": ranking.left_out}


def write_ranking(ranking: Ranking, path: Path) -> None:
    """The ranking as CSV."""
    rows = ranking_summary(ranking)["motors"]
    _write(path, list(rows[0]), [["" if v is None else v for v in row.values()] for row in rows])
