"""Figures of a campaign: where things come down, how often, how sure that is, and what it hangs on."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from downrange.dispersion import Campaign, quantile
from downrange.errors import InputError
from downrange.flight import Launch
from downrange.report.figures import new_figure
from downrange.report.site_map import arrow_of_wind, draw_ground, frame, plain_name
from downrange.safety import Density, Ground, density, ellipse, hurting_area, individual_risk
from downrange.text import plain

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from downrange.report.canvas import PlainFigure

__all__ = [
    "body_densities", "convergence_figure", "histogram_figure", "landing_density", "map_figure", "modes_figure", "risk_figure", "sensitivities",
    "sensitivity_figure", "wind_figure",
]  # fmt: skip

SHARES = (0.5, 0.9, 0.99)
_NOISE = 1e-9  # share of a number below which a spread is rounding
_LEAST = 3  # landings of a mode that a density can be made of
_FEW = 2  # landings that can hurt, of which no map can be drawn
_SHADES = ("#dbe7f5", "#9cc0e4", "#3f7fc0")  # of 99, 90, 50 %
_BODY_SHARE = 0.9  # of a body's landings that its outline holds
_BODIES = ("#c0392b", "#3a8f5c", "#8e44ad", "#d9822b", "#16a085", "#2c3e50", "#b7950b", "#e84393")
_BLUE, _ORANGE, _GREY = "#2a6fb0", "#d9822b", "#8a8f98"
_MODES = (
    "#2a6fb0",
    "#c0392b",
    "#d9822b",
    "#3a8f5c",
    "#8e44ad",
    "#16a085",
    "#7f8c8d",
    "#2c3e50",
    "#b7950b",
    "#e84393",
    "#6c5ce7",
    "#a0522d",
    "#00838f",
    "#546e7a",
    "#ad1457",
)


def landing_density(campaign: Campaign, body: str | None = None, **grid: float) -> Density:
    """Density of all landings, or of those of one body, each mode smoothed on its own and weighted, so that rare far modes stay what
    they are.

    Raises `InputError` where no mode has the three landings that a density needs at least.
    """
    ok = campaign.landed if body is None else campaign.landed & campaign.of_body(body)
    at, weight = campaign.landing, campaign.weight
    most = max((int((ok & (campaign["mode"] == k)).sum()) for k in range(len(campaign.modes))), default=0)
    if most < _LEAST:
        raise InputError(
            f"no map of landings can be drawn: {int(ok.sum())} of {campaign.flights:,} flights came down, at most {most} of one way to fly or "
            f"fail, and a map needs {_LEAST} of one: fly more (-n), or see with 'downrange fly' why it does not come down", key="flights",
        )  # fmt: skip
    if not grid:
        reach = np.quantile(np.abs(at[ok]), 0.9995, axis=0)
        half = float(1.15 * max(reach.max(), 50.0))
        grid = {"half": half, "cell": max(half / 250, 1.0)}
    total = None
    for k in range(len(campaign.modes)):
        rows = ok & (campaign["mode"] == k)
        if rows.sum() < _LEAST:
            continue
        part = density(at[rows], weight[rows], centre=(0.0, 0.0), **grid)  # type: ignore[arg-type]
        total = (
            part
            if total is None
            else Density(
                part.east,
                part.north,
                total.value + part.value,
                total.total + part.total,
                total.flights + part.flights,
                part.bandwidth,
            )
        )
    assert total is not None  # as some mode has enough
    return total


def body_densities(campaign: Campaign) -> dict[str, Density]:
    """The density of each body of a vehicle that comes apart, of planned flights and others; none of a rocket that does not."""
    names = campaign.planned_bodies
    if len(names) < 2:
        return {}
    enough = [n for n in names if (campaign.of_body(n) & campaign.landed & (campaign["mode"] == 0)).sum() >= _LEAST]
    return {n: landing_density(campaign, n) for n in enough}


def _extent(campaign: Campaign, ground: Ground) -> float:
    at = campaign.landing[campaign.landed]
    reach = float(np.quantile(np.abs(at), 0.999)) if len(at) else 100.0
    edges = [float(np.abs(np.array(s.geometry.bounds)).max()) for s in ground.shapes if s.kind != "road"]
    near = [e for e in edges if e < 4 * reach]
    return 1.08 * max([reach, *near])


def map_figure(campaign: Campaign, ground: Ground, grid: Density | None = None) -> PlainFigure:
    """The smallest areas that hold 50, 90 and 99 % of all landings, over the site."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    d = grid or landing_density(campaign)
    fig, (a,) = new_figure(1, (8, 7.5))
    levels = sorted({d.level(s) for s in SHARES})
    if len(levels) == len(SHARES):
        a.contourf(
            d.east,
            d.north,
            d.value,
            levels=[*levels, d.value.max() * 1.0001],
            colors=_SHADES,
            alpha=0.75,
        )
        a.contour(d.east, d.north, d.value, levels=levels, colors=_BLUE, linewidths=0.7)
        keys: list[Artist] = [Patch(fc=c, ec=_BLUE, alpha=0.75) for c in _SHADES[::-1]]
        words = [f"{s:.0%} of landings" for s in SHARES]
        for k, (name, own) in enumerate(body_densities(campaign).items()):
            colour = _BODIES[k % len(_BODIES)]
            a.contour(own.east, own.north, own.value, levels=[own.level(_BODY_SHARE)], colors=colour, linewidths=1.8)
            keys.append(Line2D([], [], color=colour, lw=1.8))
            words.append(f"{name}: {_BODY_SHARE:.0%} of its landings")
        a.legend(keys, words, loc="lower left", fontsize=8, framealpha=0.8)
    draw_ground(a, ground)
    far = campaign.landed & (d.at(np.nan_to_num(campaign.landing)) < levels[0])
    a.plot(*campaign.landing[far].T, ".", ms=2, color="#c0392b")
    lim = _extent(campaign, ground)
    a.set_xlim(-lim, lim)
    a.set_ylim(-lim, lim)
    frame(
        a,
        f"{plain(campaign.name, 30)}: the smallest areas that hold 50, 90\nand 99 % of all landings ({campaign.flights:,} flights)",
    )
    arrow_of_wind(a, _mean_wind(campaign), "mean wind to apogee")
    a.annotate(
        "dots: landings outside the 99 % area",
        (0.5, 0.01),
        xycoords="axes fraction",
        ha="center",
        fontsize=7,
        color="#c0392b",
    )
    return fig


def _mean_wind(campaign: Campaign) -> tuple[float, float]:
    """What planned flights met in the mean from the pad to the nominal apogee, east and north, m/s."""
    planned = campaign["mode"] == 0
    rows = planned if planned.any() else np.ones(planned.size, bool)
    return float(campaign["in.wind.east_m_s"][rows].mean()), float(campaign["in.wind.north_m_s"][rows].mean())


def modes_figure(campaign: Campaign, ground: Ground) -> PlainFigure:
    """Where each mode comes down, each on a scale of its own, with the ellipse that claims 95 % and what it truly holds."""
    shown = [k for k in range(len(campaign.modes)) if (campaign.landed & (campaign["mode"] == k)).sum() >= 3]
    columns = 4
    rows = -(-len(shown) // columns)
    fig, axes = new_figure(rows, (9, 2.45 * rows), columns)
    for a, k in zip(axes, shown, strict=False):
        m = campaign.modes[k]
        here = campaign.landed & (campaign["mode"] == k)
        at = campaign.landing[here]
        draw_ground(a, ground, label=False)
        a.plot(*at[:4000].T, ".", ms=1.5, color=_MODES[k % len(_MODES)], alpha=0.5)
        lead = campaign.landing[here & campaign.first] if len(campaign.planned_bodies) > 1 else at
        at = lead if len(lead) >= 3 else at  # of several bodies one ellipse would say nothing
        e = ellipse(at, np.ones(len(at)), 0.95)
        outline = e.outline()
        a.plot(*np.vstack([outline, outline[:1]]).T, color="black", lw=0.9)
        a.set_title(f"{textwrap.fill(plain(m.mode.name, 50), 26)}\n{m.probability:.2%}", fontsize=8)
        a.annotate(f"95 % ellipse holds {e.holds:.1%}", (0.02, 0.02), xycoords="axes fraction", fontsize=7)
        about = np.vstack([outline, np.quantile(at, [0.005, 0.995], axis=0), [[0.0, 0.0]]])
        low, high = about.min(axis=0), about.max(axis=0)
        half = 0.62 * max(float((high - low).max()), 20.0)
        (x, y) = 0.5 * (low + high)
        a.set_aspect("equal", adjustable="box")
        a.set_xlim(x - half, x + half)
        a.set_ylim(y - half, y + half)
        a.locator_params(nbins=3)
        a.tick_params(labelsize=7)
        a.set_xlabel("east, m", fontsize=7, labelpad=1)
        a.set_ylabel("north, m", fontsize=7, labelpad=1)
    for a in axes[len(shown) :]:
        a.set_visible(False)
    return fig


def risk_figure(campaign: Campaign, ground: Ground, diameter: float) -> PlainFigure:
    """Individual risk: the probability that a person who stands there in the open becomes a casualty of one launch."""
    lim = _extent(campaign, ground)
    fig, (a,) = new_figure(1, (8, 7.5))
    if np.count_nonzero(campaign.landed & (hurting_area(campaign, diameter) > 0)) > _FEW:
        _draw_risk(campaign, diameter, lim, a)
        title = "Individual risk (outside the dotted line fewer than three landings speak for it)"
    else:
        title = f"Individual risk: at most {_FEW} of these landings could hurt a person, too few for a map"
    draw_ground(a, ground)
    a.set_xlim(-lim, lim)
    a.set_ylim(-lim, lim)
    frame(a, title)
    return fig


def _draw_risk(campaign: Campaign, diameter: float, lim: float, a: Axes) -> None:
    d = individual_risk(campaign, diameter, half=lim, cell=lim / 250, centre=(0.0, 0.0))  # type: ignore[arg-type]
    top = float(np.log10(max(d.value.max(), 1e-30)))
    first = int(np.ceil(top)) - 4
    levels = 10.0 ** np.arange(first, int(np.floor(top)) + 1)
    if levels.size:
        picture = a.contourf(
            d.east,
            d.north,
            d.value,
            levels=[*levels, 10.0 ** np.ceil(top + 1e-9)],
            cmap="YlOrRd",
            norm="log",
            alpha=0.8,
        )
        bar = a.figure.colorbar(picture, ax=a, shrink=0.7)
        bar.set_label("risk to a person in the open, of one launch")
    if d.floor > 0:
        a.contour(d.east, d.north, d.value, levels=[d.floor], colors="black", linewidths=0.8, linestyles=":")


def histogram_figure(campaign: Campaign) -> PlainFigure:
    """Histograms of what matters, weighted by the modes' probabilities."""
    columns = {
        "apogee_agl_m": "apogee above the pad, m", "landing_distance_m": "landing from the pad, m", "rail_exit_speed_m_s": "rail exit speed, m/s",
        "min_stability_cal": "least stability in ascent, calibres", "flight_time_s": "flight time, s", "landing_energy_j": "energy at landing, J",
    }  # fmt: skip
    fig, axes = new_figure(2, (9, 5.2), 3)
    planned = campaign.mode == 0
    w = campaign.weight[campaign.first]
    for a, (name, label) in zip(axes, columns.items(), strict=True):
        x = campaign.of_flights(name)
        good = np.isfinite(x)
        if not good.any():
            continue
        if name == "landing_energy_j":
            bins = np.geomspace(max(x[good].min(), 0.1), x[good].max() * 1.01, 60)
            a.set_xscale("log")
        else:
            low, high = np.quantile(x[good], [0.001, 0.999])
            bins = np.linspace(low, max(high, low + 1e-6), 60)
        a.hist(
            [x[good & planned], x[good & ~planned]],
            bins=bins.tolist(),
            weights=[w[good & planned], w[good & ~planned]],
            stacked=True,
            histtype="stepfilled",  # one outline each: a bar of its own for each of 60 takes ten times as long
            color=[_BLUE, "#e9b08f"],  # dark and light where it is printed grey
            label=["as planned", "something fails"],
        )
        a.set_yscale("log")
        a.minorticks_off()
        a.set_xlabel(label)
        a.set_ylabel("probability")
    axes[0].legend(frameon=False, fontsize=8)
    return fig


def convergence_figure(campaign: Campaign) -> PlainFigure:
    """How apogee and the 95 % landing distance settle with the number of flights, with 95 % bounds."""
    mode, p = campaign.mode, campaign.probabilities
    far = campaign.per_flight(campaign["landing_distance_m"])
    apogee = campaign.per_flight(campaign["apogee_agl_m"], False)
    turn = _turn(mode)  # so that each part of the campaign holds all modes, in their shares
    least = min(128, mode.size)
    counts = np.unique(np.geomspace(least, mode.size, 24).round().astype(int))
    fig, axes = new_figure(1, (11, 3.6), 2)
    for a, x, level, label in (
        (axes[0], far, 0.95, "95 % of landings within, m"),
        (axes[1], apogee, 0.5, "median apogee, m"),
    ):
        found = [quantile(x[kept], mode[kept], p, level) for kept in (turn <= n / mode.size for n in counts)]
        value, error = np.array([e.value for e in found]), np.array([1.96 * e.error for e in found])
        a.fill_between(counts, value - error, value + error, color=_BLUE, alpha=0.2, lw=0)
        a.plot(counts, value, color=_BLUE, marker=".", ms=4)
        a.set_xscale("log")
        for each in (a.xaxis.set_major_formatter, a.xaxis.set_minor_formatter):
            each(lambda n, _: f"{n:,.0f}" if str(int(n))[0] in "1235" else "")
        a.set_xlabel("flights")
        a.set_ylabel(label)
    return fig


def _turn(mode: np.ndarray) -> np.ndarray:
    """Of each flight the share of its mode's flights that come before it, (n,), from above 0 to 1 for the last."""
    turn = np.empty(mode.size)
    for k in np.unique(mode):
        own = np.flatnonzero(mode == k)
        turn[own] = np.arange(own.size) / max(own.size - 1, 1)
    return turn


def sensitivities(campaign: Campaign, column: str, most: int = 20000) -> dict[str, float]:
    """Spearman's rank correlation of each input with a column over planned flights, largest first.

    The wind counts once: as what the flights met, not also as what the files say of it. A column that is the same for all
    but for rounding hangs on nothing.
    """
    from scipy.stats import rankdata

    rows = np.flatnonzero(campaign.first & (campaign["mode"] == 0) & np.isfinite(campaign[column]))[:most]
    if rows.size < 30:
        return {}
    y = rankdata(campaign[column][rows])
    out = {}
    for name in campaign.columns:
        if name.startswith("in.") and not name.startswith("in.weather.wind"):
            given = campaign[name][rows]
            x = rankdata(given)
            if np.ptp(given) > _NOISE * np.abs(given).max(initial=1.0) and y.std() > 0:
                out[name[3:]] = float(np.corrcoef(x, y)[0, 1])
    return dict(sorted(out.items(), key=lambda item: -abs(item[1])))


def sensitivity_figure(campaign: Campaign) -> PlainFigure:
    """What apogee and landing hang on: rank correlations of planned flights."""
    wanted = {
        "apogee_agl_m": "apogee",
        "landing_distance_m": "landing distance",
        "landing_east_m": "landing east",
        "landing_north_m": "landing north",
    }
    fig, axes = new_figure(1, (13, 4.2), 4)
    for a, (column, label) in zip(axes, wanted.items(), strict=True):
        found = list(sensitivities(campaign, column).items())[:8][::-1]
        a.barh(
            [plain_name(name) for name, _ in found],
            [value for _, value in found],
            color=[_BLUE if v > 0 else _ORANGE for _, v in found],
        )
        a.set_xlim(-1, 1)
        a.set_title(label)
        a.set_xlabel("rank correlation", fontsize=7)
        a.tick_params(labelsize=7)
        a.axvline(0, color="black", lw=0.6)
    return fig


def _quiet(wind: np.ndarray) -> np.ndarray:
    """A component of the wind without what rounding leaves of none (a wind from 270 degrees has 1e-16 m/s of north)."""
    return np.where(np.abs(wind) < _NOISE, 0.0, wind)


def wind_figure(
    launch: Launch,
    top: float,
    notes: dict[str, object] | None = None,
    members: np.ndarray | None = None,
    heights: np.ndarray | None = None,
) -> PlainFigure:
    """The wind over height: the launch's own or all members, with the spread that the campaign gave it."""
    z = np.linspace(0, max(top, 10.0), 200)
    pad = launch.pad.elevation
    u, v = (_quiet(w(pad + z)) for w in (launch.weather.wind.east, launch.weather.wind.north))
    sigma = float(str((notes or {}).get("sigma", 0.0)))
    fig, axes = new_figure(1, (9, 4.2), 3)
    for a, value, label in (
        (axes[0], u, "east, m/s"),
        (axes[1], v, "north, m/s"),
        (axes[2], np.hypot(u, v), "speed, m/s"),
    ):
        if members is not None and heights is not None:
            for m in members[:60]:
                line = {"east, m/s": m[:, 0], "north, m/s": m[:, 1]}.get(label, np.hypot(m[:, 0], m[:, 1]))
                a.plot(np.interp(z, heights, line), z, color=_GREY, lw=0.5, alpha=0.6)
        if label != "speed, m/s" and sigma > 0:
            a.fill_betweenx(z, value - sigma, value + sigma, color=_BLUE, alpha=0.2, lw=0)
        a.plot(value, z, color=_BLUE)
        a.set_xlabel(f"wind towards {label}" if label != "speed, m/s" else "wind, m/s")
        low, high = a.get_xlim()
        a.set_xlim(0.0 if label == "speed, m/s" else min(low, -0.5), max(high, 0.5))
        a.set_ylim(0, z[-1])
        a.set_ylabel("above the pad, m")
    axes[0].set_title(f"{launch.weather.wind.source}" + (f", ± {sigma:g} m/s (1 σ)" if sigma else ""), fontsize=8)
    return fig
