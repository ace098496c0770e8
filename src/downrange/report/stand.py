"""What a test stand says, for the terminal, as JSON and as a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from downrange.motor import impulse_class
from downrange.motor.stand import Band, BurnLaw, Figure, Reduction
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.text import plain
from downrange.units import in_units

if TYPE_CHECKING:
    from rich.console import RenderableType

    from downrange.motor.ballistics import Burn
    from downrange.report.canvas import PlainFigure

__all__ = ["stand_figure", "stand_summary", "stand_view"]

# what is shown of a firing: attribute, words, unit, SI units in one, key of the JSON
_FIGURES = (
    ("impulse", "impulse", "N s", 1.0, "impulse_n_s"),
    ("average_thrust", "average thrust", "N", 1.0, "average_thrust_n"),
    ("peak_thrust", "peak thrust", "N", 1.0, "peak_thrust_n"),
    ("specific_impulse", "specific impulse", "s", 1.0, "specific_impulse_s"),
    ("peak_pressure", "peak pressure, absolute", "MPa", 1e6, "peak_pressure_pa"),
    ("mean_pressure", "mean pressure, absolute", "MPa", 1e6, "mean_pressure_pa"),
    ("characteristic_velocity", "c* (characteristic velocity)", "m/s", 1.0, "characteristic_velocity_m_s"),
    ("thrust_coefficient", "thrust coefficient C_F", "", 1.0, "thrust_coefficient"),
)
# the same of a simulated burn
_PREDICTED = {
    "impulse": "impulse", "average_thrust": "average_thrust", "peak_thrust": "peak_thrust", "specific_impulse": "specific_impulse",
    "peak_pressure": "peak_pressure", "mean_pressure": "average_pressure", "thrust_coefficient": "thrust_coefficient", "nfpa": "burn_time",
}  # fmt: skip
_TIMES = (
    ("nfpa", "burn time, 5 % to 5 % of the peak (NFPA 1125)", "burn_time_s"),
    ("action", "action time, 10 % to 10 %", "action_time_s"),
    ("tangent", "burn time to the web's end, by tangents", "web_time_s"),
)


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def stand_summary(
    reductions: Sequence[Reduction], law: BurnLaw | None, band: Band | None, predicted: Burn | None = None
) -> dict[str, Any]:
    """Everything that `motor reduce` knows, with units in the keys; uncertainties are standard ones, null where not known."""
    return {
        "firings": [_firing_summary(r) for r in reductions],
        "predicted": None if predicted is None else {key: float(getattr(predicted, _PREDICTED[n])) for n, key in _keys() if n in _PREDICTED},
        "mean": None if band is None else {
            "firings": band.firings, "impulse_n_s": band.impulse, "impulse_class": impulse_class(band.impulse), "band": band.spread,
            "time_s": band.time.tolist(), "thrust_n": band.thrust.tolist(), "low_n": band.low.tolist(), "high_n": band.high.tolist(),
        },
        "burn_law": None if law is None else {
            "exponent": law.exponent, "exponent_uncertainty": _number(law.exponent_error), "rate_m_s": law.rate_at_reference,
            "rate_uncertainty_m_s": law.rate_error, "at_pressure_pa": law.reference, "coefficient_m_s_mpa": law.coefficient * 1e6**law.exponent,
            "lowest_pressure_pa": float(law.pressure.min()), "highest_pressure_pa": float(law.pressure.max()), "scatter": law.scatter,
            "not_told": list(law.untold),
        },
    }  # fmt: skip


def _keys() -> list[tuple[str, str]]:
    return [(n, key) for n, _, _, _, key in _FIGURES] + [(n, key) for n, _, key in _TIMES]


def _firing_summary(r: Reduction) -> dict[str, Any]:
    out: dict[str, Any] = {"name": plain(r.firing.name)}
    for name, _, _, _, key in _FIGURES:
        figure: Figure | None = getattr(r, name)
        out[key] = None if figure is None else figure.value
        stem, _, unit = key.partition("_n_s") if key.endswith("_n_s") else (key, "", "")
        out[f"{stem}_uncertainty{key[len(stem) :]}" if stem != key else f"{key}_uncertainty"] = (
            None if figure is None else figure.error
        )
    for name, _, key in _TIMES:
        out[key] = _number(getattr(r.times, name))
    out["pressure_clock_shift_s"] = r.lag
    out["notes"] = [plain(n, 300) for n in r.notes]
    out["not_told"] = list(r.missing)
    return out


def stand_view(
    reductions: Sequence[Reduction], law: BurnLaw | None, band: Band | None, units: str = "metric", predicted: Burn | None = None,
    notes: Sequence[str] = (),
) -> RenderableType:  # fmt: skip
    """Figures of every firing, a column each, what its grains predict beside it, the mean and the burn law. notes: more to be told."""
    from rich.console import Group
    from rich.text import Text

    several = len(reductions) > 1
    heads = [plain(r.firing.name, 18) or f"firing {k}" for k, r in enumerate(reductions, 1)]
    if predicted is not None:
        heads.append("predicted")

    def foretold(name: str, unit: str, scale: float) -> list[str]:
        if predicted is None:
            return []
        return [_with_error(Figure(getattr(predicted, _PREDICTED[name])), unit, scale) if name in _PREDICTED else "-"]

    table = plain_table("", *heads, words=(0,))
    for name, words, unit, scale, _ in _FIGURES:
        cells = [_with_error(getattr(r, name), unit, scale) for r in reductions]
        if any(c != "-" for c in cells):
            table.add_row(words, *cells, *foretold(name, unit, scale))
    for name, words, _ in _TIMES:
        cells = [f"{v:.2f} s" if math.isfinite(v := getattr(r.times, name)) else "-" for r in reductions]
        table.add_row(words, *cells, *foretold(name, "s", 1.0))
    parts: list[RenderableType] = [table]
    if band is not None:
        lead = f"mean of {band.firings} firings: " if several else "class "
        parts.append(Text(f"\n{lead}{impulse_class(band.impulse)}, {band.impulse:,.4g} N s", style="bold"))
    if law is not None:
        parts.append(Text("\n" + _law_words(law), style="bold"))
        parts.append(
            Text(
                f"from {law.pressure.min() / 1e6:.3g} to {law.pressure.max() / 1e6:.3g} MPa; nothing is said of other pressures",
                style="dim",
            )
        )
        parts += [Text(f"not told: {w}", style="yellow") for w in law.untold]
    parts += [Text(f"! {plain(in_units(n, units), 300)}", style="yellow") for n in notes]
    missing = list(dict.fromkeys(m for r in reductions for m in r.missing))
    parts += [Text(f"! not given: {m}", style="yellow") for m in missing]
    for r in reductions:
        parts += [Text(f"! {plain(in_units(n, units), 300)}", style="yellow") for n in r.notes]
    return panel([Group(*parts)], "what the test stand says")


def _law_words(law: BurnLaw) -> str:
    n, e = law.exponent, law.exponent_error
    return (
        f"burning rate {law.rate_at_reference * 1e3:.3g} ± {law.rate_error * 1e3:.1g} mm/s at {law.reference / 1e6:.3g} MPa, exponent {n:.2f} ± {e:.1g}: "
        f"r = {law.coefficient * 1e6**n * 1e3:.3g} mm/s (p / MPa)^{n:.3f}"
    )


def _with_error(figure: Figure | None, unit: str, scale: float) -> str:
    """A figure for people: as many digits as its uncertainty lets stand."""
    if figure is None:
        return "-"
    value = figure.value / scale
    if figure.error is None or figure.error <= 0:
        return f"{value:,.4g} {unit}".strip() if abs(value) < 1000 else f"{value:,.0f} {unit}".strip()
    error = figure.error / scale
    digits = max(0, 1 - math.floor(math.log10(error)))
    return f"{value:,.{digits}f} ± {error:.{digits}f} {unit}".strip()


def stand_figure(
    reductions: Sequence[Reduction], law: BurnLaw | None, band: Band | None, predicted: Burn | None = None
) -> PlainFigure:
    """Thrust of every firing with the mean and its band and what was predicted, pressure, and the burning rate over pressure."""
    from downrange.report.figures import new_figure

    pressed = [r for r in reductions if r.pressure is not None]
    panels = 1 + bool(pressed) + (law is not None)
    fig, axes = new_figure(panels, (7.5, 3.0 * panels + 0.6))
    colours = ("tab:blue", "tab:green", "tab:purple", "tab:brown", "tab:pink", "tab:olive")
    a = axes[0]
    if band is not None:
        a.fill_between(band.time, band.low, band.high, color="tab:orange", alpha=0.3, lw=0, label=f"± {band.spread}")
        if band.firings > 1:
            a.plot(band.time, band.thrust, color="tab:orange", lw=2, label=f"mean of {band.firings}")
    for k, r in enumerate(reductions):
        colour, name = colours[k % len(colours)], plain(r.firing.name, 24) or f"firing {k + 1}"
        if r.time is not None and r.force is not None:
            a.plot(r.time, r.force, color=colour, lw=1, label=name)
            a.axhline(0.05 * r.force.max(), color="grey", lw=0.6, ls=":")
        if r.pressure_time is not None and r.pressure is not None:
            axes[1].plot(
                r.pressure_time,
                r.pressure / 1e6,
                color=colour,
                lw=1,
                marker="." if r.pressure.size < 80 else None,
                label=name,
            )
        if math.isfinite(r.times.web_end):
            a.axvline(r.times.web_end, color=colour, lw=0.8, ls="--")
    if predicted is not None:
        a.plot(predicted.time, predicted.thrust, color="black", lw=1, ls="-.", label="predicted")
        if pressed:
            axes[1].plot(predicted.time, predicted.pressure / 1e6, color="black", lw=1, ls="-.", label="predicted")
    a.set_ylabel("thrust, N")
    a.set_title("dotted: 5 % of the peak, where burn time is counted; dashed: end of the web", fontsize=8, loc="left")
    if pressed:
        axes[1].set_ylabel("pressure, MPa absolute")
    for ax in axes[: 1 + bool(pressed)]:
        ax.set_xlabel("time, s")
        ax.set_ylim(bottom=0)
        ax.legend(fontsize=8)
    if law is not None:
        b = axes[-1]
        for k in np.unique(law.firing):
            mask = law.firing == k
            b.plot(law.pressure[mask] / 1e6, law.rate[mask] * 1e3, ".", color=colours[int(k) % len(colours)])
        p = np.linspace(law.pressure.min(), law.pressure.max(), 100)
        b.plot(
            p / 1e6, law(p) * 1e3, color="tab:orange", label=f"exponent {law.exponent:.2f} ± {law.exponent_error:.1g}"
        )
        b.set_xlabel("pressure, MPa absolute")
        b.set_ylabel("burning rate, mm/s")
        b.legend(fontsize=8)
    return fig
