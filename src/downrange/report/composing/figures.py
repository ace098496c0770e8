"""The figures that kinds ask for by name, each with a text for those who cannot see it and a caption."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from downrange.errors import FlightCode
from downrange.report.composing.experiment import experiment_figure
from downrange.report.composing.material import Material, Missing, no_landing
from downrange.report.composing.uncertain import share_words, shares_told
from downrange.report.figures import (
    flight_figure,
    ground_figure,
    motor_figure,
    new_figure,
    rocket_figure,
    stability_figure,
)
from downrange.text import plain
from downrange.units import display

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["FIGURES", "Drawn"]

Drawn = tuple["PlainFigure", str, str]
"""A figure, what it shows in words, and its caption."""

_MPH = 0.44704


def _rose(m: Material) -> None:
    if m.flight.code == FlightCode.NO_LIFTOFF:
        raise no_landing(m.flight)


def _rocket(m: Material) -> Drawn:
    f = m.flight.standing
    cg, cp = (display(f[k], "size", m.units) for k in ("liftoff_cg", "cp"))
    alt = f"Side view of {m.words['rocket']}: centre of gravity {cg} and centre of pressure {cp} behind the tip of the nose."
    return (
        rocket_figure(m.flight.program),
        alt,
        "The rocket with its centre of gravity at lift-off and its centre of pressure at Mach 0.3",
    )


def _flight(m: Material) -> Drawn:
    _rose(m)
    f = m.flight.figures
    alt = (
        f"Height, speed and acceleration against time: apogee {display(f['apogee_agl'], 'length', m.units)} at {f['time_to_apogee']:.1f} s, "
        f"largest speed {display(f['max_speed'], 'speed', m.units, 3)}."
    )
    return flight_figure(m.flight), alt, "Flight profile"


def _stability(m: Material) -> Drawn:
    _rose(m)
    f = m.flight.figures
    if not math.isfinite(f["rail_exit_stability"]):
        raise Missing("it does not leave the rail")
    alt = f"Stability margin and angle of attack against time: {f['rail_exit_stability']:.2f} calibres at rail exit, least {f['min_stability']:.2f}."
    return stability_figure(m.flight), alt, "Stability margin and angle of attack against time"


def _track(m: Material) -> Drawn:
    _rose(m)
    alt = f"The track over the ground, seen from above; it comes down {display(m.flight.figures['landing_distance'], 'length', m.units)} from the pad."
    return ground_figure(m.flight), alt, "The way over the ground"


def _motor(m: Material) -> Drawn:
    x = m.project.launch.lifting
    return (
        motor_figure(x),
        f"Thrust of {x.designation} against time: {x.impulse:,.0f} N s in {x.burn_time:.2f} s.",
        "Thrust curve",
    )


def _conops(m: Material) -> Drawn:
    """Height against the way over the ground, with what happens."""
    _rose(m)
    t = m.flight.trajectory
    events = [e for e in m.flight.events if e.name not in ("rail exit", "free of the rail")]
    fig, (a,) = new_figure(1, (8, 4.8))
    east, north = t.position_enu[-1, :2]
    away = (t.position_enu[:, :2] @ (east, north)) / (np.hypot(east, north) or 1.0)
    a.plot(away, t.height, color="#2a6fb0")
    top = float(np.nanmax(t.height))
    at = np.searchsorted(t.time, [e.time for e in events]).clip(0, len(t.time) - 1)
    groups: list[list[int]] = []  # events at one place have one mark
    for k, i in enumerate(at):
        near = (
            bool(groups)
            and max(abs(t.height[i] - t.height[at[groups[-1][0]]]), abs(away[i] - away[at[groups[-1][0]]])) < 0.03 * top
        )
        if near:
            groups[-1].append(k)
        else:
            groups.append([k])
    for g in groups:
        label = f"{g[0] + 1}" if len(g) == 1 else f"{g[0] + 1}-{g[-1] + 1}"
        x, y = away[at[g[0]]], t.height[at[g[0]]]
        a.plot(x, y, "o", ms=5, color="black")
        a.annotate(label, (x, y), xytext=(7, 4), textcoords="offset points", fontsize=9, fontweight="bold")
    key = "\n".join(f"{k}  {_short(e.name)}, {e.time:.1f} s" for k, e in enumerate(events[:14], 1))
    a.annotate(key, (1.02, 1.0), xycoords="axes fraction", va="top", fontsize=8, linespacing=1.5, annotation_clip=False)
    a.set_xlabel("from the pad towards the landing, m")
    a.set_ylabel("above the pad, m")
    a.set_title("What happens, and where")
    a.set_ylim(bottom=0)
    alt = (
        "Concept of operations: " + "; ".join(f"{k} {e.name} at {e.time:.1f} s" for k, e in enumerate(events, 1)) + "."
    )
    return fig, alt, "Concept of operations"


def _short(name: str) -> str:
    """An event's name in a line of a key: of a device with a long name its beginning, and what it does."""
    who, colon, what = name.rpartition(": ")
    return f"{plain(who, 22)}: {what}" if colon else plain(name, 34)


def _drift(m: Material) -> Drawn:
    rows = m.drift
    fig, (a,) = new_figure(1, (7, 3.8))
    wind = [d.wind / _MPH for d in rows]
    a.plot(wind, [d.by_hand for d in rows], "s--", color="#d9822b", label="by hand: wind times descent time")
    a.plot(wind, [d.simulated for d in rows], "o-", color="#2a6fb0", label="simulated, six degrees of freedom")
    a.set_xlabel("wind in mph")
    a.set_ylabel("drift from apogee to landing, m")
    a.set_title("Drift by two methods")
    a.legend(frameon=False)
    worst = rows[-1]
    alt = f"Drift against wind: in {worst.wind / _MPH:.0f} mph {display(worst.by_hand, 'length', m.units)} by hand, {display(worst.simulated, 'length', m.units)} simulated."
    return fig, alt, "Drift in winds of 0 to 20 mph by two methods"


def _landings(m: Material) -> Drawn:
    from downrange.report.dispersion import map_figure

    far = display(m.campaign.quantile("landing_distance_m", 0.95).value, "length", m.units)
    alt = f"Map of the smallest areas that hold 50, 90 and 99 % of all landings of {m.campaign.flights:,} flights; 95 % come down within {far} of the pad."
    return map_figure(m.campaign, m.project.ground), alt, "Where it comes down, whatever happens"


def _modes(m: Material) -> Drawn:
    from downrange.report.dispersion import modes_figure

    return (
        modes_figure(m.campaign, m.project.ground),
        "Maps of landings, one for each way to fail and one for what goes as planned, each with the ellipse that claims 95 %.",
        "Landings by what went wrong",
    )


def _risk(m: Material) -> Drawn:
    from downrange.report.dispersion import risk_figure

    alt = "Map of the risk to a person who stands at a place, of one launch."
    return (
        risk_figure(m.campaign, m.project.ground, m.project.launch.rocket.diameter),
        alt,
        "Risk to a person at a place",
    )


def _histograms(m: Material) -> Drawn:
    from downrange.report.dispersion import histogram_figure

    return (
        histogram_figure(m.campaign),
        "Histograms of apogee, landing distance and other numbers over the campaign.",
        "How the numbers spread",
    )


def _sensitivity(m: Material) -> Drawn:
    from downrange.report.dispersion import sensitivity_figure

    return (
        sensitivity_figure(m.campaign),
        "Bars of what the apogee and the landing hang on most.",
        "What the numbers hang on",
    )


def _budget(m: Material) -> Drawn:
    """The shares of the apogee's uncertainty."""
    if m.band is None or not shares_told(m.band):
        raise Missing("how well the apogee is known cannot be said of this flight")
    shares = shares_told(m.band)[:8][::-1]
    fig, (a,) = new_figure(1, (7, 0.8 + 0.4 * len(shares)))
    a.barh(
        [share_words(m, s.name)[:40] for s in shares], [s.sigma for s in shares], color="#5b7fa6", hatch="", height=0.6
    )
    a.set_xlabel("moves the apogee by (one standard deviation), m")
    a.set_title("What the apogee hangs on")
    first = shares[-1]
    alt = f"Bars of what moves the apogee: most of all {share_words(m, first.name)}, by {display(first.sigma, 'length', m.units, 3)}."
    return fig, alt, "Uncertainty budget of the apogee"


def _compared(name: str, words: str) -> Callable[[Material], Drawn]:
    def draw(m: Material) -> Drawn:
        from downrange.report.flights import comparison_figures

        made = comparison_figures(m.comparison)
        if name not in made:
            raise Missing(f"the logs do not tell the {name}")
        return made[name], f"{words}, with the band of the prediction.", words

    return draw


FIGURES: dict[str, Callable[[Material], Drawn]] = {
    "rocket": _rocket, "flight": _flight, "stability": _stability, "ground track": _track, "motor": _motor, "conops": _conops, "drift": _drift,
    "landings": _landings, "modes": _modes, "individual risk": _risk, "histograms": _histograms, "sensitivity": _sensitivity, "uncertainty": _budget, "experiment": experiment_figure,
    "flown": _compared("flight", "The flight on its prediction"), "flown drag": _compared("drag", "Drag from the coast"),
    "flown ground": _compared("ground", "The flight over the ground"),
}  # fmt: skip
"""Every figure by the name that kinds ask for it by."""
