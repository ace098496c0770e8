"""A logged flight beside the predicted one: what the terminal shows, JSON, figures, and a page that opens offline."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from downrange.project.flights import NFPA_SPREAD, Beside, FlightComparison
from downrange.report.figures import new_figure
from downrange.report.layout import plain_table
from downrange.report.reconstruction import reconstruction_figures
from downrange.report.site_map import frame_drawn
from downrange.report.terminal import compass_point, panel
from downrange.text import plain
from downrange.units import display, in_units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.console import RenderableType

    from downrange.report.canvas import PlainFigure

__all__ = ["comparison_figures", "comparison_lines", "comparison_summary", "comparison_view", "write_comparison"]

_BLUE, _ORANGE, _GREEN, _GREY = "#2a6fb0", "#d9822b", "#3a8f5c", "#8a8f98"
_KINDS = {"m": "length", "m/s": "speed", "m/s2": "acceleration"}


def _number(x: float) -> float | None:
    return float(x) if math.isfinite(x) else None


def _unit_key(unit: str) -> str:
    return {"m": "m", "m/s": "m_s", "m/s2": "m_s2", "rad": "rad"}[unit]


def _whose(c: FlightComparison) -> str:
    return f"{c.name}, {c.body}" if c.body else c.name


def comparison_summary(c: FlightComparison) -> dict[str, Any]:
    """Everything of a comparison but the curves over time, units in the keys; null for what was not told, and `untold` says why."""
    (top, sigma), (low, middle, high) = c.apogee
    return {
        "rocket": plain(c.name), "body": plain(c.body) or None, "logs": [plain(f) for f in c.logs], "predicted_flights": len(c.fan), "apogee_agl_m": _number(top), "apogee_agl_sigma_m": _number(sigma),
        "predicted_apogee_p5_m": low, "predicted_apogee_p50_m": middle, "predicted_apogee_p95_m": high,
        "quantities": [
            {"name": s.name, "unit": s.unit, "left_band_s": _number(s.left), "side": {1: "above", -1: "below"}.get(s.side), "share_outside": s.share,
             f"largest_difference_{_unit_key(s.unit)}": _number(_largest(s))} for s in c.sides
        ],
        "drag": None if c.drag is None else {
            "reference_area_m2": c.drag.area, "factor": c.drag.factor[0], "factor_sigma": c.drag.factor[1], "mach": c.drag.mach.tolist(),
            "coefficient": c.drag.value.tolist(), "sigma": c.drag.error.tolist(), "predicted": c.drag.predicted.tolist()},
        "thrust": None if c.thrust is None else {
            "impulse_n_s": c.thrust.impulse[0], "impulse_sigma_n_s": c.thrust.impulse[1], "maker_impulse_n_s": c.thrust.maker_impulse,
            "burn_time_s": c.thrust.burn_time[0], "burn_time_sigma_s": c.thrust.burn_time[1], "maker_burn_time_s": c.thrust.maker_burn_time,
            "time_s": c.thrust.time.tolist(), "thrust_n": c.thrust.thrust.tolist(), "sigma_n": c.thrust.error.tolist(), "maker_n": c.thrust.maker.tolist()},
        "descents": [
            {"start_s": d.flown.start, "end_s": d.flown.end, "top_m": d.flown.top, "bottom_m": d.flown.bottom, "rate_m_s": d.flown.rate[0], "rate_sigma_m_s": d.flown.rate[1],
             "drag_area_m2": d.flown.drag_area[0], "drag_area_sigma_m2": d.flown.drag_area[1], "predicted_rate_m_s": _number(d.rate),
             "predicted_drag_area_m2": _number(d.drag_area)} for d in c.canopies
        ],
        "winds": [
            {"bottom_m": w.bottom, "top_m": w.top, "east_m_s": w.east, "north_m_s": w.north, "sigma_m_s": w.error, "predicted_east_m_s": _number(e), "predicted_north_m_s": _number(n)}
            for w, (e, n) in zip(c.winds, c.predicted_winds, strict=True)
        ],
        "rail_exit": None if c.rail_exit is None else {
            "speed_m_s": c.rail_exit[0], "sigma_m_s": c.rail_exit[1], "predicted_m_s": _number(c.flight.raw.out["rail_exit_speed"])},
        "landing": None if c.landed is None else {
            "east_m": float(c.landed.place[0]), "north_m": float(c.landed.place[1]), "sigma_m": c.landed.error, "predicted_east_m": float(c.landed.predicted[0]),
            "predicted_north_m": float(c.landed.predicted[1]), "nearer_share": c.landed.region, "places": [plain(p) for p in c.landed.places],
            "first_fix_from_pad_m": [float(x) for x in c.landed.off]},
        "untold": [plain(u) for u in c.untold], "notes": [plain(n, 500) for n in c.flown.notes],
    }  # fmt: skip


def _largest(s: Beside) -> float:
    """The largest difference from the prediction's median while out of its band; NaN where it never was."""
    off = ((s.measured - 1.645 * s.error > s.high) | (s.measured + 1.645 * s.error < s.low)) & (s.time <= s.until)
    apart = np.where(off, np.abs(s.measured - s.median), np.nan)
    return float((s.measured - s.median)[int(np.nanargmax(apart))]) if np.isfinite(apart).any() else math.nan


def _departure(s: Beside, units: str) -> tuple[str, str]:
    """When a quantity left the band and how far, in words."""
    if not np.isfinite(s.measured).any():
        return "not logged", ""
    if not math.isfinite(s.left):
        return "inside the band", ""
    far = abs(_largest(s))
    shown = f"{math.degrees(far):.0f}°" if s.unit == "rad" else display(far, _KINDS[s.unit], units, 2)
    word = {"place east": ("west", "", "east"), "place north": ("south", "", "north")}.get(
        s.name, ("below", "", "above")
    )[s.side + 1]
    return f"left it {word} at {s.left:.1f} s", f"{shown} at most, {100 * s.share:.0f} % of the time"


def _region(share: float) -> str:
    for edge in (0.5, 0.9, 0.99):
        if share <= edge:
            return f"inside the {100 * edge:.0f} % region"
    return "outside the 99 % region"


def _wind_words(east: float, north: float, units: str) -> str:
    if not math.isfinite(east):
        return "-"
    return f"{display(math.hypot(east, north), 'wind', units, 2)} from {compass_point(math.degrees(math.atan2(-east, -north)))}"


def _layers(c: FlightComparison, units: str) -> list[tuple[str, str, str, str]]:
    return [
        (f"{display(max(w.bottom, 0.0), 'length', units, 3)} to {display(w.top, 'length', units, 3)}", _wind_words(w.east, w.north, units), display(w.error, "wind", units, 2), _wind_words(*p, units))
        for w, p in zip(c.winds, c.predicted_winds, strict=True)
    ]  # fmt: skip


def _pm(value: tuple[float, float], kind: str, units: str) -> str:
    return f"{display(value[0], kind, units)} ± {display(value[1], kind, units, 2)}"


def comparison_lines(c: FlightComparison, units: str = "metric") -> list[tuple[str, str, str]]:
    """What was found beside what was predicted: a name, the flight's, the prediction's."""
    top, (low, middle, high) = c.apogee
    u = units
    out = [
        (
            "apogee above the pad",
            _pm(top, "length", u),
            f"{display(middle, 'length', u)} ({display(low, 'length', u)} to {display(high, 'length', u)})",
        )
    ]
    if c.rail_exit is not None:
        out.append(
            (
                "speed at rail exit",
                _pm(c.rail_exit, "speed", u),
                display(c.flight.raw.out["rail_exit_speed"], "speed", u),
            )
        )
    if c.drag is not None:
        out.append(("drag, coasting", f"{c.drag.factor[0]:.2f} ± {c.drag.factor[1]:.2f} times", "the predicted"))
    if c.thrust is not None:
        x = c.thrust
        out.append(
            (
                "impulse from lift-off",
                _pm(x.impulse, "impulse", u),
                f"{display(x.maker_impulse, 'impulse', u)} ± {100 * NFPA_SPREAD:.1f} %",
            )
        )
        out.append(("burn time", f"{x.burn_time[0]:.2f} s ± {x.burn_time[1]:.2f} s", f"{x.maker_burn_time:.2f} s"))
    for d in c.canopies:
        f = d.flown
        where = f"descent, {display(f.top, 'length', u, 3)} to {display(max(f.bottom, 0.0), 'length', u, 3)}"
        out.append((where, _pm(f.rate, "speed", u), display(d.rate, "speed", u) if math.isfinite(d.rate) else "-"))
        area = f"{d.drag_area:.3g} m²" if math.isfinite(d.drag_area) else "-"
        out.append(("its drag area", f"{f.drag_area[0]:.3g} ± {f.drag_area[1]:.2g} m²", area))
    if c.landed is not None:
        words = [
            f"{display(abs(v), 'length', u)} {word[int(v < 0)]}"
            for v, word in zip(c.landed.place, (("east", "west"), ("north", "south")), strict=True)
        ]
        out.append(("landing", ", ".join(words), _region(c.landed.region)))
    return out


def comparison_view(c: FlightComparison, units: str = "metric") -> RenderableType:
    """A comparison for the terminal."""
    from rich.text import Text

    figures = plain_table("", "this flight, ± 1 σ", "predicted", words=(1, 2))
    for line in comparison_lines(c, units):
        figures.add_row(*line)
    sides = plain_table("against the 90 % band", "", "", words=(1, 2))
    for s in c.sides:
        sides.add_row(s.name, *_departure(s, units))
    parts: list[RenderableType] = [figures, Text(""), sides]
    if c.winds:
        layers = plain_table("wind by the drift", "this flight", "±", "predicted", words=())
        for layer in _layers(c, units):
            layers.add_row(*layer)
        parts += [Text(""), layers]
    parts += [Text("")] + [Text(in_units(n, units), style="dim") for n in _told(c, units)]
    return panel(parts, f"{plain(_whose(c))}: {len(c.fan)} predicted flights and the one that was logged")


def _told(c: FlightComparison, units: str) -> list[str]:
    out = [f"not told: {plain(u)}" for u in c.untold]
    if c.landed is not None:
        off = math.hypot(*c.landed.off)
        out.append(
            f"the first position lies {display(off, 'length', units, 2)} from the launch file's pad; places are from it"
        )
        if c.landed.places:
            out.append(f"it landed in: {', '.join(plain(p) for p in c.landed.places)}")
    return out + [plain(n, 300) for n in c.flown.notes]


def _band(ax: Axes, s: Beside, factor: float = 1.0) -> None:
    shown = s.time <= s.until
    t = s.time[shown]
    ax.fill_between(
        t, factor * s.low[shown], factor * s.high[shown], color=_BLUE, alpha=0.22, lw=0, label="predicted, 90 % band"
    )
    ax.plot(t, factor * s.median[shown], color=_BLUE, lw=1, label="predicted, median")
    m, e = factor * s.measured[shown], 1.645 * factor * s.error[shown]
    ax.fill_between(t, m - e, m + e, color=_ORANGE, alpha=0.25, lw=0)
    ax.plot(t, m, color=_ORANGE, lw=1.4, label="this flight, with its 90 % band")
    if math.isfinite(s.left):
        ax.axvline(s.left, color=_GREY, lw=0.8, ls=":")
        ax.annotate(f"left the band at {s.left:.1f} s", (s.left, 0.97), xycoords=("data", "axes fraction"), fontsize=7, color=_GREY, xytext=(3, 0),
                    textcoords="offset points", va="top")  # fmt: skip
    values = np.concatenate([factor * s.low[shown], factor * s.high[shown], m])
    values = values[np.isfinite(values)]
    if values.size:
        span = max(float(np.ptp(values)), 1e-9)
        ax.set_ylim(float(values.min()) - 0.06 * span, float(values.max()) + 0.1 * span)


def _flight_figure(c: FlightComparison) -> PlainFigure:
    sides = [s for s in c.sides if not s.name.startswith("place")]
    fig, axes = new_figure(len(sides), (8, 1.2 + 2.5 * len(sides)))
    for ax, s in zip(axes, sides, strict=True):
        _band(ax, s, math.degrees(1) if s.unit == "rad" else 1.0)
        ax.set_ylabel(
            {"altitude": "above the pad, m", "lean from the vertical": "lean, °"}.get(
                s.name, f"{s.name}, {s.unit.replace('s2', 's²')}"
            )
        )
    axes[0].set_title("The flight on its prediction")
    axes[0].legend(frameon=False, loc="upper right")
    axes[-1].set_xlabel("time from lift-off, s")
    return fig


def _drag_figure(c: FlightComparison) -> PlainFigure:
    assert c.drag is not None
    d = c.drag
    fig, (ax,) = new_figure(1, (8, 4))
    ax.fill_between(
        d.mach, d.value - 1.645 * d.error, d.value + 1.645 * d.error, color=_ORANGE, alpha=0.25, lw=0, label="90 % band"
    )
    ax.plot(d.mach, d.value, "o-", ms=3, color=_ORANGE, label="this flight, coasting")
    ax.plot(d.mach, d.predicted, color=_BLUE, label="predicted, motor off")
    ax.plot(d.mach, d.factor[0] * d.predicted, color=_BLUE, ls="--", lw=1, label=f"predicted times {d.factor[0]:.2f}")
    ax.set_ylim(0, 1.3 * float(max(d.predicted.max(), np.median(d.value + d.error))))
    ax.set_xlabel("Mach number")
    ax.set_ylabel("drag coefficient")
    ax.set_title(f"Drag from the coast: {d.factor[0]:.2f} ± {d.factor[1]:.2f} times the predicted")
    ax.legend(frameon=False, ncols=2)
    return fig


def _thrust_figure(c: FlightComparison) -> PlainFigure:
    assert c.thrust is not None
    x = c.thrust
    fig, (ax,) = new_figure(1, (8, 4))
    spread = 1.645 * NFPA_SPREAD
    ax.fill_between(
        x.time,
        (1 - spread) * x.maker,
        (1 + spread) * x.maker,
        color=_BLUE,
        alpha=0.2,
        lw=0,
        label="spread that NFPA 1125 allows, 90 %",
    )
    ax.plot(x.time, x.maker, color=_BLUE, label="the maker's curve")
    ax.fill_between(
        x.time, np.maximum(x.thrust - 1.645 * x.error, 0), x.thrust + 1.645 * x.error, color=_ORANGE, alpha=0.25, lw=0
    )
    ax.plot(x.time, x.thrust, color=_ORANGE, label="this flight, with its 90 % band")
    ax.set_ylim(0, 1.35 * float(max(x.maker.max(), x.thrust.max())))
    ax.set_xlabel("time from lift-off, s")
    ax.set_ylabel("thrust, N")
    ax.set_title(f"Thrust: {x.impulse[0]:,.0f} ± {x.impulse[1]:,.0f} N s, the maker's {x.maker_impulse:,.0f} N s")
    ax.legend(frameon=False, ncols=2)
    return fig


def _ground_figure(c: FlightComparison) -> PlainFigure:
    fig, (ax,) = new_figure(1, (7, 6.5))
    for k, place in enumerate(c.fan.place):
        ax.plot(place[:, 0], place[:, 1], color=_BLUE, lw=0.5, alpha=0.35, label="predicted" if k == 0 else None)
    ax.plot(c.fan.landing[:, 0], c.fan.landing[:, 1], "o", ms=3, color=_BLUE, label="predicted landings")
    if c.track is not None and c.landed is not None:
        p = c.track.at(c.fan.time)
        ax.plot(p[:, 0], p[:, 1], color=_ORANGE, lw=1.6, label="this flight")
        ax.plot(*c.track.place.T, ".", ms=3, color=_ORANGE)
        ax.plot(*c.landed.place, "X", ms=9, color=_ORANGE, mec="black", label=f"landed: {_region(c.landed.region)}")
    ax.plot(0, 0, "^", color="black", ls="none", label="pad")
    frame_drawn(ax, "Over the ground")
    fig.legend(frameon=False, fontsize=8, ncols=3, loc="outside lower center")
    return fig


def _wind_figure(c: FlightComparison) -> PlainFigure:
    fig, axes = new_figure(1, (8, 4.5), 2)
    wind, base = c.flight.launch.weather.wind, c.flight.launch.pad.elevation
    z = np.linspace(0, max(w.top for w in c.winds), 200)
    for ax, word, said, own in ((axes[0], "east", wind.east, "east"), (axes[1], "north", wind.north, "north")):
        ax.plot(said(base + z), z, color=_BLUE, label="predicted")
        for k, w in enumerate(c.winds):
            v = getattr(w, own)
            ax.fill_betweenx(
                [w.bottom, w.top], v - 1.645 * w.error, v + 1.645 * w.error, color=_ORANGE, alpha=0.25, lw=0
            )
            ax.plot(
                [v, v], [w.bottom, w.top], color=_ORANGE, lw=1.6, label="by the drift, 90 % band" if k == 0 else None
            )
        ax.set_xlabel(f"wind to the {word}, m/s")
        ax.set_ylabel("above the pad, m")
    axes[0].set_title("Wind")
    axes[0].legend(frameon=False)
    return fig


def comparison_figures(c: FlightComparison) -> dict[str, PlainFigure]:
    """`flight`, and what was told of `drag`, `thrust`, `ground` and `wind`, and the `residuals` of the sensors."""
    out = {"flight": _flight_figure(c)}
    if c.drag is not None:
        out["drag"] = _drag_figure(c)
    if c.thrust is not None:
        out["thrust"] = _thrust_figure(c)
    if c.track is not None:
        out["ground"] = _ground_figure(c)
    if c.winds:
        out["wind"] = _wind_figure(c)
    return out | {"residuals": reconstruction_figures(c.flown)["residuals"]}


_TITLES = {
    "flight": "The flight on its prediction", "drag": "Drag against Mach number", "thrust": "Thrust against time", "ground": "Over the ground", "wind": "Wind by the drift under canopy",
    "residuals": "What each sensor read, less the flight",
}  # fmt: skip


def write_comparison(c: FlightComparison, path: Path, units: str = "metric") -> None:
    """Write the comparison as one HTML page that opens offline, with its figures inside."""
    from downrange.report.html import image, template

    figures = comparison_figures(c)
    page = template("flight_comparison.html").render(
        name=_whose(c), logs=list(c.logs), flights=len(c.fan), lines=comparison_lines(c, units), sides=[(s.name, *_departure(s, units)) for s in c.sides],
        layers=_layers(c, units), told=[in_units(n, units) for n in _told(c, units)], figures=[(_TITLES[k], image(f, units)) for k, f in figures.items()],
    )  # fmt: skip
    path.write_text(page, encoding="utf-8")
