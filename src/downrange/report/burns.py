"""A firing as the terminal, a program and a picture show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from downrange.text import counted
from downrange.units import in_units

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from rich.console import RenderableType

    from downrange.motor.ballistics import Burn
    from downrange.motor.grains import Grain
    from downrange.report.canvas import PlainFigure

__all__ = ["burn_figure", "burn_summary", "burn_view", "burns_at", "draw_section"]

_BLUE, _ORANGE, _GREEN, _GREY, _RED = "#2a6fb0", "#d9822b", "#3a8f5c", "#8a8f98", "#b03030"


def burn_summary(burn: Burn, notes: tuple[str, ...] = ()) -> dict[str, Any]:
    """The figures of a firing and its curves, SI, with units in the names; what is not known is None."""
    m = burn.motor

    def listed(values: np.ndarray) -> list[Any]:
        return [float(v) if np.isfinite(v) else None for v in values]

    return {
        "designation": burn.designation, "level": burn.level, "impulse_n_s": burn.impulse, "burn_time_s": burn.burn_time,
        "average_thrust_n": burn.average_thrust, "peak_thrust_n": burn.peak_thrust, "peak_pressure_pa": burn.peak_pressure,
        "average_pressure_pa": burn.average_pressure, "specific_impulse_s": burn.specific_impulse, "thrust_coefficient": burn.thrust_coefficient,
        "propellant_mass_kg": burn.propellant_mass, "kn_initial": float(burn.kn[0]), "kn_peak": float(burn.kn.max()),
        "port_to_throat": burn.port_to_throat, "peak_mass_flux_kg_m2_s": float(burn.flux.max()), "volume_loading": burn.volume_loading,
        "characteristic_length_m": burn.characteristic_length, "throat_start_m": float(burn.throat[0]), "throat_end_m": float(burn.throat[-1]),
        "expansion_ratio": m.nozzle.expansion, "separation": m.nozzle.separation,
        "alerts": [{"kind": a.kind, "message": a.message, "value": a.value, "limit": a.limit, "serious": a.serious} for a in burn.alerts],
        "notes": list(notes), "time_s": listed(burn.time), "thrust_n": listed(burn.thrust), "pressure_pa": listed(burn.pressure),
        "head_pressure_pa": listed(burn.head), "kn": listed(burn.kn), "mass_flow_kg_s": listed(burn.mass_flow), "propellant_kg": listed(burn.left),
        "throat_m": listed(burn.throat), "exit_pressure_pa": listed(burn.exit_pressure),
    }  # fmt: skip


def burn_view(burn: Burn, name: str, units: str = "metric", notes: tuple[str, ...] = ()) -> RenderableType:
    """The card of a firing."""
    from rich.text import Text

    from downrange.report.terminal import _rows, panel, warnings_view
    from downrange.units import display

    def shown(value: float, kind: str) -> str:
        return display(value, kind, units, 3 if kind == "chamber pressure" else 4)

    b = burn
    rows = [
        ("impulse", f"{b.impulse:,.0f} N s" if b.impulse >= 100 else f"{b.impulse:.2f} N s", f"class {b.designation[0]}, specific impulse {b.specific_impulse:.1f} s"),
        ("burn time", f"{b.burn_time:.2f} s", "between 5 % of the peak thrust"),
        ("thrust", f"{b.average_thrust:,.0f} N", f"mean; peak {b.peak_thrust:,.0f} N"),
        ("pressure", shown(b.peak_pressure, "chamber pressure"), f"peak; mean {shown(b.average_pressure, 'chamber pressure')}"),
        ("Kn", f"{b.kn.max():.0f}", f"peak; {b.kn[0]:.0f} at first (burning area over throat)"),
        ("propellant", shown(b.propellant_mass, "mass"), f"{100 * b.volume_loading:.0f} % of the chamber"),
        ("port to throat", f"{b.port_to_throat:.2f}" if b.port_to_throat > 0 else "-", "aft passage over throat, at first"),
        ("mass flux", f"{b.flux.max():,.0f} kg/(m² s)", "highest in a port"),
    ]  # fmt: skip
    words = tuple(a.message for a in b.alerts)
    return panel(
        [
            Text(f"{counted(len(b.motor.segments), 'grain')}, {b.level}", style="dim"),
            _rows(rows),
            Text(""),
            warnings_view((*words, *notes), units),
        ],
        in_units(f"{name}: {b.designation}", units),
    )


def burn_figure(burn: Burn) -> PlainFigure:
    """Thrust, pressure and Kn against time, and every grain as it burns back."""
    import matplotlib as mpl

    from downrange.report.figures import new_figure

    fig, (a, b, c, d) = new_figure(2, (10, 7), 2)
    t = burn.time
    a.fill_between(t, burn.thrust, color=_ORANGE, alpha=0.25)
    a.plot(t, burn.thrust, color=_ORANGE)
    a.set_ylabel("thrust, N")
    a.set_title(f"{burn.designation}: {burn.impulse:,.0f} N s in {burn.burn_time:.2f} s ({burn.level})")
    b.plot(t, burn.pressure / 1e6, color=_BLUE, label="before the nozzle")
    if burn.head is not burn.pressure:
        b.plot(t, burn.head / 1e6, color=_BLUE, ls="--", lw=1, label="forward end")
        b.legend(frameon=False)
    if 0 < (limit := burn.motor.limits.pressure) < 3 * burn.peak_pressure:
        b.axhline(limit / 1e6, color=_RED, lw=1, ls=":")
        b.annotate(
            "what the case may see",
            (0.99, limit / 1e6),
            xycoords=("axes fraction", "data"),
            ha="right",
            va="bottom",
            fontsize=7,
            color=_RED,
        )
    b.set_ylabel("pressure, MPa")
    b.set_title("pressure in the chamber")
    c.plot(t, burn.kn, color=_GREEN)
    c.set_ylabel("Kn, burning area over throat")
    c.set_title("how much burns")
    for ax in (a, b, c):
        ax.set_xlabel("time, s")
        ax.set_xlim(0, t[-1])
        ax.set_ylim(bottom=0)
    grain = burn.motor.segments[-1].grain
    with mpl.rc_context({"axes.grid": False}):
        draw_section(d, grain)
    d.set_title(f"the aft grain as it burns, {2e3 * grain.diameter / 2:.4g} mm wide")
    return fig


def draw_section(ax: Axes, grain: Grain, levels: int = 7) -> None:
    """The cross-section of a grain (that of its middle for a body of revolution) and its burning edge at even steps of the web."""
    from matplotlib.colors import LinearSegmentedColormap

    r = grain.diameter / 2
    n = 320
    y, z = np.meshgrid(*[np.linspace(-r, r, n)] * 2)
    x = burns_at(grain, y, z)
    ax.set_aspect("equal")
    ax.set_axis_off()
    angle = np.linspace(0, 2 * np.pi, 361)
    ax.plot(1e3 * r * np.cos(angle), 1e3 * r * np.sin(angle), color=_GREY, lw=2)
    fade = LinearSegmentedColormap.from_list("burn", ["#f6d9b8", "#b5622a"])
    steps = np.linspace(1e-9, max(float(np.nanmax(x)), 2e-9), levels)
    ax.contourf(1e3 * y, 1e3 * z, x, levels=steps, cmap=fade, extend="neither")
    ax.contour(1e3 * y, 1e3 * z, x, levels=steps[:-1], colors=_GREY, linewidths=0.6)


def burns_at(grain: Grain, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """When the flame reaches points of the section, as distance burnt, m: 0 in the passage, NaN outside the grain."""
    import shapely

    from downrange.motor.grains import Annulus, Outline, RodAndTube

    r = np.hypot(y, z)
    section = getattr(grain, "section", None)
    if isinstance(section, Outline):
        passage = shapely.union_all([shapely.Polygon(p) for p in section.loops])
        if section.less:
            passage = shapely.difference(passage, shapely.union_all([shapely.Polygon(p) for p in section.less]))
        shapely.prepare(passage)
        x = shapely.distance(shapely.points(y, z), passage)
    elif isinstance(section, RodAndTube):
        x = np.where(r < section.rod, section.rod - r, np.maximum(r - section.core, 0.0))
    elif isinstance(section, Annulus):
        inner = r - section.bore if section.inner_burns and section.bore > 0 else np.full_like(r, np.inf)
        outer = section.radius - r if section.outer_burns else np.full_like(r, np.inf)
        x = np.maximum(np.minimum(inner, outer), 0.0)
        x = np.where(np.isfinite(x), x, r)  # an end burner: nothing moves in the section
    else:
        x = np.maximum(r - np.sqrt(float(grain.table.port[0]) / np.pi), 0.0)
    return np.where(r <= grain.diameter / 2, x, np.nan)
