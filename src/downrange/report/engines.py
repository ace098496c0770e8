"""What an engine that burns what flows does, for the terminal, as JSON and as a picture."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from downrange.motor import Motor
from downrange.motor.hybrid import EngineRun
from downrange.units import display, in_units

if TYPE_CHECKING:
    from rich.console import RenderableType

    from downrange.report.canvas import PlainFigure

__all__ = ["engine_figure", "engine_summary", "engine_view"]


def _listed(values: np.ndarray) -> list[float | None]:
    return [float(v) if math.isfinite(v) else None for v in values]


def engine_summary(r: EngineRun, m: Motor) -> dict[str, Any]:
    """The figures of a run and its curves, SI with units in the names; what is not known is null."""
    return {
        "designation": m.designation, "impulse_class": m.impulse_class, "impulse_n_s": m.impulse, "burn_time_s": m.burn_time, "average_thrust_n": m.average_thrust,
        "peak_thrust_n": m.peak_thrust, "specific_impulse_s": m.specific_impulse, "peak_pressure_pa": float(r.pressure.max()), "burnt_kg": r.burnt,
        "left_over_kg": float(r.propellant_left[-1]), "liquid_out_s": None if math.isnan(r.liquid_out) else r.liquid_out, "ended": r.ended, "alerts": list(r.alerts),
        "time_s": _listed(r.time), "thrust_n": _listed(r.thrust), "pressure_pa": _listed(r.pressure), "tank_pressure_pa": _listed(r.tank_pressure),
        "tank_temperature_k": _listed(r.tank_temperature), "oxidiser_flow_kg_s": _listed(r.oxidiser_flow), "fuel_flow_kg_s": _listed(r.fuel_flow),
        "ratio": _listed(r.ratio), "propellant_kg": _listed(r.propellant_left), "centre_m": _listed(r.centre),
    }  # fmt: skip


def engine_view(r: EngineRun, m: Motor, units: str = "metric") -> RenderableType:
    """The card of a run."""
    from rich.text import Text

    from downrange.report.terminal import _rows, panel, warnings_view

    def press(pascal: float) -> str:
        return display(float(pascal), "chamber pressure", units, 3)

    burning = r.ratio[np.isfinite(r.ratio)]
    out = "the liquid lasts" if math.isfinite(r.liquid_out) else "liquid is left"
    rows = [
        ("impulse", f"{m.impulse:,.4g} N s", f"class {m.impulse_class}, specific impulse {m.specific_impulse:.0f} s"),
        ("thrust", f"{m.average_thrust:,.4g} N", f"mean; peak {m.peak_thrust:,.4g} N"),
        ("burn time", f"{m.burn_time:.2f} s", f"5 % to 5 % of the peak; {out}" + (f" {r.liquid_out:.2f} s" if math.isfinite(r.liquid_out) else "")),
        ("chamber", press(r.pressure.max()), "peak, absolute"),
        ("tank", press(r.tank_pressure[0]), f"at first; {press(r.tank_pressure[-1])} at the end"),
        ("oxidiser/fuel", f"{np.median(burning):.2f}" if burning.size else "-", f"{burning.min():.2f} to {burning.max():.2f}" if burning.size else ""),
        ("burnt", display(r.burnt, "mass", units), f"{display(float(r.propellant_left[-1]), 'mass', units)} stays: {r.ended}"),
        ("centre", display(float(r.centre[0]), "size", units, 3), f"of the propellant, forward of the nozzle; {display(m.propellant_centre, 'size', units, 3)} of what burns"),
    ]  # fmt: skip
    return panel(
        [_rows(rows), Text(""), warnings_view(r.alerts, units)], in_units(f"{m.designation}: {m.impulse_class}", units)
    )


def engine_figure(r: EngineRun) -> PlainFigure:
    """Thrust, pressures of chamber and tank, flows and mixture over time."""
    from downrange.report.figures import new_figure

    fig, axes = new_figure(3, (7.5, 8.5))
    a, b, c = axes
    a.fill_between(r.time, r.thrust, color="tab:orange", alpha=0.25)
    a.plot(r.time, r.thrust, color="tab:orange")
    a.set_ylabel("thrust, N")
    b.plot(r.time, r.tank_pressure / 1e6, color="tab:blue", label="tank")
    b.plot(r.time, r.pressure / 1e6, color="tab:red", label="chamber")
    b.set_ylabel("pressure, MPa absolute")
    c.plot(r.time, r.oxidiser_flow, color="tab:blue", label="oxidiser, kg/s")
    c.plot(r.time, r.fuel_flow, color="tab:brown", label="fuel, kg/s")
    c.plot(r.time, r.centre, color="tab:grey", ls="--", label="centre of the propellant, m forward of the nozzle")
    for ax in axes:
        ax.set_xlabel("time, s")
        ax.set_ylim(bottom=0)
        if math.isfinite(r.liquid_out):
            ax.axvline(r.liquid_out, color="grey", lw=0.8, ls=":")
    for ax in (b, c):
        ax.legend(fontsize=8)
    if math.isfinite(r.liquid_out):
        a.set_title("dotted: the oxidiser's liquid has run out", fontsize=8, loc="left")
    return fig
