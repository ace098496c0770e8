"""A sweep drawn: a curve with its band, or a map with contours; the best of it in a table; CSV."""

from __future__ import annotations

import csv
import itertools
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from downrange.design import Output
from downrange.project.parameters import Place
from downrange.project.sweeping import Sweep
from downrange.report.figures import new_figure
from downrange.report.layout import plain_table
from downrange.report.solving import shown_value
from downrange.report.terminal import panel
from downrange.text import counted

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["sweep_figure", "sweep_view", "write_sweep"]

_SHOWN = 15  # rows of a table
_UNITS = {
    "length": ("mm", 1e3),
    "mass": ("g", 1e3),
    "time": ("s", 1.0),
    "angle": ("°", 180 / math.pi),
    "speed": ("m/s", 1.0),
}
_OUT = {
    "length": "m",
    "time": "s",
    "speed": "m/s",
    "acceleration": "m/s²",
    "mass": "kg",
    "energy": "J",
    "angle": "rad",
    "calibre": "calibres",
    "pressure": "Pa",
}


def _axis(place: Place) -> tuple[str, float]:
    """The label of a swept axis, and how many of its unit one of SI is."""
    if place.kind == "length" and place.path.startswith(("rail", "site")):
        return f"{place.name}, m", 1.0
    unit, factor = _UNITS.get(place.kind, ("", 1.0))
    return f"{place.name}{', ' + unit if unit else ''}", factor


def _label(o: Output) -> str:
    unit = _OUT.get(o.kind, "")
    return f"{o.words}{', ' + unit if unit else ''}"


def sweep_figure(s: Sweep, name: str) -> PlainFigure:
    """A panel an output: a curve with its 90 % band, or of two axes a map with contours and the width of the band in its heading."""
    n = len(s.outputs)
    fig, axes = new_figure(n, (7.5, (3.0 if len(s.axes) == 1 else 4.6) * n + 0.6))
    for ax, o in zip(axes, s.outputs, strict=True):
        (_curve if len(s.axes) == 1 else _map)(s, o, ax, fig)
    fig.suptitle(name, fontsize=10)
    return fig


def _curve(s: Sweep, o: Output, ax: Any, fig: Any) -> None:
    place, axis = s.axes[0]
    label, factor = _axis(place)
    x, y = s.grid() * factor, s.values[o.name]
    if o.name in s.bands:
        low, high = s.bands[o.name]
        ax.fill_between(x, low, high, color="#2a6fb0", alpha=0.2, lw=0, label="90 % band")
        ax.legend(frameon=False, fontsize=8)
    ax.plot(x, y, color="#2a6fb0", marker="." if x.size <= 41 else None)
    bad = ~s.landed & np.isfinite(y)
    if bad.any():
        ax.plot(x[bad], y[bad], "x", color="#b3261e")
        ax.set_title("x: does not land", fontsize=8)
    if isinstance(axis.choices[0], str):
        ax.set_xticks(x, axis.choices, rotation=30, ha="right")
    ax.set_xlabel(label)
    ax.set_ylabel(_label(o))


def _map(s: Sweep, o: Output, ax: Any, fig: Any) -> None:
    (px, ax0), (py, ax1) = s.axes
    (lx, fx), (ly, fy) = _axis(px), _axis(py)
    x, y, z = s.grid(0) * fx, s.grid(1) * fy, np.ma.masked_invalid(s.values[o.name].T)
    if min(z.shape) > 1 and z.count() > 3 and float(z.max()) > float(z.min()):
        picture = ax.contourf(x, y, z, levels=14, cmap="viridis")
        lines = ax.contour(x, y, z, levels=7, colors="white", linewidths=0.6)
        ax.clabel(lines, fontsize=7, fmt="%.4g")
    else:
        picture = ax.pcolormesh(x, y, z, shading="nearest", cmap="viridis")
    fig.colorbar(picture, ax=ax).set_label(_label(o))
    for at, axis, ticks in ((x, ax0, ax.set_xticks), (y, ax1, ax.set_yticks)):
        if isinstance(axis.choices[0], str):
            ticks(at, axis.choices)
    ax.grid(False)
    ax.set_xlabel(lx)
    ax.set_ylabel(ly)
    if o.name in s.bands:
        low, high = s.bands[o.name]
        off = [np.nanmedian(b - s.values[o.name]) for b in (low, high)]
        if np.all(np.isfinite(off)):
            ax.set_title(
                f"nine flights of ten within {off[0]:+.3g} and {off[1]:+.3g} {_OUT.get(o.kind, '')} of it (median over the map)",
                fontsize=8,
            )


def sweep_view(s: Sweep, name: str, units: str = "metric") -> RenderableType:
    """The designs, at most some of them; all are in the CSV."""
    table = plain_table(*(a.name for _, a in s.axes), *(o.words for o in s.outputs))
    every = list(itertools.product(*(range(len(a.choices)) for _, a in s.axes)))
    shown = [every[k] for k in np.unique(np.linspace(0, len(every) - 1, min(len(every), _SHOWN)).astype(int))]
    for index in shown:
        row = [
            shown_value(a.choices[k], "size" if p.kind == "length" else p.kind, units)
            for (p, a), k in zip(s.axes, index, strict=True)
        ]
        for o in s.outputs:
            text = shown_value(float(s.values[o.name][index]), o.kind, units)
            if o.name in s.bands:
                low, high = (float(b[index]) for b in s.bands[o.name])
                text += f" ({shown_value(low, o.kind, units, 3)} to {shown_value(high, o.kind, units, 3)})"
            row.append(text)
        table.add_row(*row)
    lines: list[RenderableType] = [table, Text("")]
    more = f", {len(shown)} shown" if len(shown) < len(every) else ""
    lines.append(
        Text(
            f"{counted(len(every), 'design')} flown once each, as planned{more}"
            + ("; in brackets the 90 % band" if s.bands else ""),
            style="dim",
        )
    )
    if (lost := int((~s.landed).sum() - sum(s.refused.values()))) > 0:
        lines.append(Text(f"! {counted(lost, 'design')} does not land", style="red"))
    lines += [Text(f"! {n} could not be built: {why}", style="yellow") for why, n in s.refused.items()]
    return panel(lines, f"Sweep of {name}")


def write_sweep(s: Sweep, path: Path) -> None:
    """The designs as CSV, a row a design, SI with the unit in the heading."""
    suffix = {
        "length": "_m",
        "mass": "_kg",
        "time": "_s",
        "angle": "_rad",
        "speed": "_m_s",
        "temperature": "_k",
        "pressure": "_pa",
    }
    with path.open("w", newline="", encoding="utf-8") as f:
        table = csv.writer(f)
        heads = [f"{a.name}{suffix.get(p.kind, '')}" for p, a in s.axes]
        for o in s.outputs:
            heads += [o.key, *((f"{o.key}_p5", f"{o.key}_p95") if o.name in s.bands else ())]
        table.writerow([*heads, "landed"])
        for index in itertools.product(*(range(len(a.choices)) for _, a in s.axes)):
            row: list[Any] = [a.choices[k] for (_, a), k in zip(s.axes, index, strict=True)]
            for o in s.outputs:
                row.append(_number(o.at_door(s.values[o.name][index])))
                row += [_number(o.at_door(b[index])) for b in s.bands.get(o.name, ())]
            table.writerow([*row, int(s.landed[index])])


def _number(x: float) -> Any:
    return float(x) if math.isfinite(x) else ""
