"""Figures of flights with controllers: what they did over time, and what they make of a campaign's apogees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from downrange.errors import InputError
from downrange.flight import Flight
from downrange.report.figures import new_figure
from downrange.text import plain
from downrange.units import display

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["control_figure", "spread_figure"]

_BLUE, _ORANGE, _GREY = "#2a6fb0", "#d9822b", "#8a8f98"


def control_figure(flight: Flight) -> PlainFigure:
    """Height over time, and what was asked of each actuator and where it stood. Raises `InputError` where no controller flew."""
    record: Any = flight.control
    if record is None or not len(record.time):
        raise InputError("no controller flew it: give dr.fly(..., controllers=[...])", key="kind")
    t, names = flight.trajectory, list(record.position)
    fig, axes = new_figure(1 + len(names), (8, 2.6 + 1.8 * len(names)))
    end = record.time[-1]
    up = t.time <= max(end, flight.raw.out["apogee_time"] if np.isfinite(flight.raw.out["apogee_time"]) else end) + 1
    axes[0].plot(t.time[up], t.height[up], color=_BLUE, label="geometric height")
    axes[0].plot(t.time[up], t.pressure_altitude[up], color=_ORANGE, ls="--", lw=1.2, label="barometric altimeter")
    axes[0].set_ylabel("above the pad, m")
    axes[0].legend(frameon=False, loc="lower right")
    for ax, name in zip(axes[1:], names, strict=True):
        ax.step(record.time, record.asked[name], where="post", color=_GREY, lw=0.8, label="asked")
        ax.plot(record.time, record.position[name], color=_BLUE, label="where it stood")
        ax.set_ylabel(plain(name, 30))
        ax.legend(frameon=False, loc="upper left")
    for ax in axes:
        ax.set_xlim(min(record.time[0], 0.0), t.time[up][-1])
    axes[-1].set_xlabel("s from ignition")
    name = plain(flight.launch.rocket.name, 60)
    fig.when_shown(lambda units: fig.suptitle(f"{name}, steered: {display(flight.apogee, 'length', units)}"))
    return fig


def spread_figure(free: np.ndarray, steered: np.ndarray) -> PlainFigure:
    """Apogees (n,), m, of the same campaign without controllers and with them, one over the other.

    free, steered: (n,), m, NaN where there was none.
    """
    free, steered = free[np.isfinite(free)], steered[np.isfinite(steered)]
    fig, (a,) = new_figure(1, (8, 3.6))
    low, high = min(free.min(), steered.min()), max(free.max(), steered.max())
    bins = np.linspace(low, high + 1e-9, 41).tolist()
    for values, colour, word in ((free, _GREY, "without"), (steered, _BLUE, "with")):
        said = f"{word} controllers: {display(float(values.mean()), 'length')}, σ {values.std():.3g} m"
        a.hist(values, bins=bins, color=colour, alpha=0.75, label=said)
    a.set_xlabel("apogee above the pad, m")
    a.set_ylabel("flights")
    a.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, 1.22), ncols=2)
    return fig
