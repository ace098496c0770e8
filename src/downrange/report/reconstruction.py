"""A reconstructed flight: what the terminal shows, JSON, figures, and its HTML page."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from downrange.report.figures import new_figure
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.text import plain
from downrange.tracking import InertialClimb, Reconstruction
from downrange.units import display, in_units

if TYPE_CHECKING:
    from rich.console import RenderableType

    from downrange.report.canvas import PlainFigure

__all__ = [
    "attitude_figure",
    "reconstruction_figures",
    "reconstruction_summary",
    "reconstruction_view",
    "write_reconstruction",
]

_BLUE, _ORANGE, _GREY, _RED = "#2a6fb0", "#d9822b", "#8a8f98", "#b3261e"


def _number(x: float) -> float | None:
    return float(x) if math.isfinite(x) else None


def reconstruction_summary(
    r: Reconstruction, climb: InertialClimb | None = None, why: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The figures of a reconstruction, each with its standard deviation, with units in the keys; of the attitude every half second, where gyros told it, else `why` not."""
    top, seen = r.apogee, r.apogee_pressure_altitude
    fast = int(np.argmax(r.speed))
    return {
        "apogee_agl_m": _number(top[0]), "apogee_agl_sigma_m": _number(top[1]), "apogee_pressure_altitude_agl_m": _number(seen[0]),
        "apogee_pressure_altitude_agl_sigma_m": _number(seen[1]), "max_speed_m_s": _number(r.speed[fast]), "max_speed_sigma_m_s": _number(r.speed_sigma[fast]),
        "events": [{"name": e.name, "time_s": e.time, "sigma_s": e.error, "altitude_agl_m": e.height} for e in r.events],
        "port_error": None if r.port_error is None else {"mach": _knots(), "c": r.port_error[0].tolist(), "sigma": r.port_error[1].tolist()},
        "lags": [{"sensor": plain(n), "lag_s": d, "sigma_s": e} for n, d, e in r.lags],
        "sensors": [{"name": plain(s.sensor), "readings": s.count, "rms_m": _number(s.rms), "mean_m": _number(s.mean), "left_out": s.gated} for s in r.residuals],
        "shifts": [{"log": plain(n), "shift_s": d, "sigma_s": e} for n, d, e in r.shifts], "notes": [plain(n, 500) for n in (*r.notes, *(climb.notes if climb else ()), *why)],
        "attitude": None if climb is None else _attitude(climb),
    }  # fmt: skip


def _attitude(c: InertialClimb) -> dict[str, Any]:
    def seen(x: np.ndarray) -> list[Any]:
        return np.round(x[::10], 5).tolist()

    return {
        "time_s": seen(c.time), "lean_deg": seen(np.degrees(c.lean)), "lean_sigma_deg": seen(np.degrees(c.lean_sigma)), "quaternion": seen(c.quaternion),
        "velocity_enu_m_s": seen(c.velocity), "velocity_sigma_m_s": seen(c.velocity_sigma), "heading_known": c.heading_known,
    }  # fmt: skip


def _knots() -> list[float]:
    from downrange.tracking.reconstruct import MACH_KNOTS

    return [float(m) for m in MACH_KNOTS]


def _lean_words(r: Reconstruction, c: InertialClimb) -> str:
    """How far it leaned at the end of thrust, and at most until 2 s before the top, where it turns over."""
    out = r.event("burn-out")
    k = int(np.searchsorted(c.time, out.time)) if out is not None else 0
    k = min(k, len(c.time) - 1)
    at = f"{math.degrees(c.lean[k]):.1f}° ± {math.degrees(c.lean_sigma[k]):.1f}°"
    return f"leaned by {at} from the vertical at burn-out, {math.degrees(c.lean[0]):.1f}° ± {math.degrees(c.lean_sigma[0]):.1f}° on the pad"


def reconstruction_view(
    r: Reconstruction, units: str = "metric", climb: InertialClimb | None = None, why: tuple[str, ...] = ()
) -> RenderableType:
    """The reconstruction for the terminal."""
    from rich.text import Text

    top, seen = r.apogee, r.apogee_pressure_altitude
    fast = int(np.argmax(r.speed))

    def pm(value: tuple[float, float], kind: str) -> str:
        return f"{display(value[0], kind, units)} ± {display(value[1], kind, units, 2)}"

    parts: list[RenderableType] = [
        Text(f"apogee {pm(top, 'length')} above the pad (true height, 1 σ)", style="bold"),
        Text(f"       {pm(seen, 'length')} as a barometric altimeter shows it"),
        Text(f"greatest upward speed {pm((float(r.speed[fast]), float(r.speed_sigma[fast])), 'speed')} at {r.time[fast]:.1f} s"), Text(""),
    ]  # fmt: skip
    events = plain_table("event", "time", "±", "height")
    for e in r.events:
        events.add_row(e.name, f"{e.time:.2f} s", f"{e.error:.2f} s", display(e.height, "length", units))
    sensors = plain_table("sensor", "readings", "left out", "rms of what is left", words=())
    for s in r.residuals:
        sensors.add_row(plain(s.sensor, 60), f"{s.count:,}", f"{s.gated:,}", display(s.rms, "length", units))
    parts += [events, Text(""), sensors]
    for name, shift, error in r.shifts:
        parts.append(Text(f"{plain(name)} is {shift:+.2f} ± {error:.2f} s against the first log: put right"))
    if r.port_error is not None and np.any(r.port_error[1] < 0.04):
        words = [
            f"{c:+.3f} ± {e:.3f} at Mach {m:g}" for m, c, e in zip(_knots(), *r.port_error, strict=True) if e < 0.04
        ]
        parts.append(Text("error of the static port, as a share of dynamic pressure: " + ", ".join(words)))
    for name, lag, error in r.lags:
        if abs(lag) > 2 * error:
            parts.append(
                Text(
                    f"{plain(name)} is {abs(lag):.2f} ± {error:.2f} s {'behind' if lag > 0 else 'ahead of'} the accelerometer: put right"
                )
            )
    if climb is not None:
        parts.append(Text(_lean_words(r, climb)))
    told = (*r.notes, *(climb.notes if climb else ()), *why)
    parts += [Text(in_units(plain(n, 500), units), style="dim") for n in told]
    return panel(parts, "the flight as it was")


def reconstruction_figures(r: Reconstruction) -> dict[str, PlainFigure]:
    """`flight`: height, speed and acceleration with their 90 % bands; `residuals`: a panel a sensor."""
    fig, axes = new_figure(3, (8, 8.5))
    for ax, y, s, label in zip(
        axes,
        (r.height, r.speed, r.acceleration),
        (r.height_sigma, r.speed_sigma, r.acceleration_sigma),
        ("above the pad, m", "upward speed, m/s", "upward acceleration, m/s²"),
        strict=True,
    ):
        ax.fill_between(r.time, y - 1.645 * s, y + 1.645 * s, color=_BLUE, alpha=0.25, lw=0, label="90 % band")
        ax.plot(r.time, y, color=_BLUE, lw=1.2)
        ax.set_ylabel(label)
        for e in r.events:
            ax.axvline(e.time, color=_GREY, lw=0.8, ls=":")
    axes[0].plot(r.time, r.pressure_altitude, color=_ORANGE, lw=1, ls="--", label="as an altimeter shows it")
    axes[0].legend(frameon=False, loc="upper right")
    top, seen = r.apogee, r.apogee_pressure_altitude
    axes[0].set_title(
        f"Apogee {top[0]:,.0f} m ± {top[1]:.0f} m true, {seen[0]:,.0f} m ± {seen[1]:.1f} m by pressure (1 σ)"
    )
    for e in r.events:
        axes[1].annotate(
            e.name, (e.time, 1.0), xycoords=("data", "axes fraction"), rotation=90, va="top", fontsize=7, color=_GREY
        )
    high = r.event("apogee")
    if high is not None:
        axes[2].set_xlim(r.time[0], min(1.3 * high.time + 2, r.time[-1]))
    axes[2].set_xlabel("time from lift-off, s")
    return {"flight": fig, "residuals": _residuals(r)}


def _residuals(r: Reconstruction) -> PlainFigure:
    fig, axes = new_figure(max(len(r.readings), 1), (8, 1.2 + 2.2 * max(len(r.readings), 1)))
    for ax, (name, t, left, gated), s in zip(axes, r.readings, r.residuals, strict=True):
        kept = ~gated
        ax.plot(t[kept], left[kept], ".", ms=2, color=_BLUE)
        reach = 4 * max(s.rms, 0.1) if math.isfinite(s.rms) else 10.0
        ax.plot(t[gated], np.clip(left[gated], -reach, reach), "x", ms=4, color=_RED, label=f"left out: {s.gated}")
        ax.axhline(0, color=_GREY, lw=0.8)
        ax.set_ylim(-1.1 * reach, 1.1 * reach)
        ax.set_ylabel("reading less flight, m")
        ax.set_title(plain(name, 80))
        if s.gated:
            ax.legend(frameon=False, loc="upper right")
    axes[-1].set_xlabel("time from lift-off, s")
    return fig


def attitude_figure(c: InertialClimb) -> PlainFigure:
    """Lean from the vertical and speed over the ground with their 90 % bands."""
    fig, axes = new_figure(2, (8, 5.5))
    lean, s = np.degrees(c.lean), np.degrees(c.lean_sigma)
    fast = np.hypot(c.velocity[:, 0], c.velocity[:, 1])
    sv = np.hypot(c.velocity_sigma[:, 0], c.velocity_sigma[:, 1]) / math.sqrt(2)
    for ax, y, e, label in zip(
        axes, (lean, fast), (s, sv), ("lean from the vertical, °", "speed over the ground, m/s"), strict=True
    ):
        ax.fill_between(
            c.time, np.maximum(y - 1.645 * e, 0), y + 1.645 * e, color=_BLUE, alpha=0.25, lw=0, label="90 % band"
        )
        ax.plot(c.time, y, color=_BLUE, lw=1.2)
        ax.set_ylabel(label)
    axes[0].set_title("Attitude by the gyros, until the top")
    axes[0].legend(frameon=False, loc="upper left")
    axes[1].set_xlabel("time from lift-off, s")
    return fig


def _write_attitude(c: InertialClimb, path: Path) -> None:
    columns = {
        "time_s": c.time, "lean_deg": np.degrees(c.lean), "lean_sigma_deg": np.degrees(c.lean_sigma),
        **{f"quaternion_{a}": q for a, q in zip("wxyz", c.quaternion.T, strict=True)},
        **{f"velocity_{a}_m_s": v for a, v in zip(("east", "north", "up"), c.velocity.T, strict=True)},
        **{f"velocity_{a}_sigma_m_s": v for a, v in zip(("east", "north", "up"), c.velocity_sigma.T, strict=True)},
    }  # fmt: skip
    rows = [",".join(f"{x:.7g}" for x in row) for row in np.column_stack(list(columns.values()))]
    path.write_text("\n".join([",".join(columns), *rows]) + "\n", encoding="utf-8")


def write_reconstruction(
    r: Reconstruction, out: Path, units: str = "metric", climb: InertialClimb | None = None
) -> list[Path]:
    """Write `trajectory.csv`, the figures and a page `flight.html` that opens offline into a folder, and `attitude.csv` where gyros told of a climb; returns the files."""
    from downrange.report.html import image, template

    out.mkdir(parents=True, exist_ok=True)
    columns = {
        "time_s": r.time, "altitude_agl_m": r.height, "altitude_agl_sigma_m": r.height_sigma, "velocity_up_m_s": r.speed, "velocity_up_sigma_m_s": r.speed_sigma,
        "acceleration_up_m_s2": r.acceleration, "acceleration_up_sigma_m_s2": r.acceleration_sigma, "pressure_altitude_agl_m": r.pressure_altitude,
        "pressure_altitude_agl_sigma_m": r.pressure_altitude_sigma, "covariance_hv_m2_s": r.covariance[:, 0, 1],
    }  # fmt: skip
    table = np.column_stack(list(columns.values()))
    lines = [",".join(columns), *(",".join(f"{x:.7g}" for x in row) for row in table)]
    (out / "trajectory.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    figures = reconstruction_figures(r)
    if climb is not None:
        figures = {"flight": figures["flight"], "attitude": attitude_figure(climb), "residuals": figures["residuals"]}
        _write_attitude(climb, out / "attitude.csv")
    for name, figure in figures.items():
        figure.savefig(out / f"{name}.png", dpi=110, units=units)
    top, seen = r.apogee, r.apogee_pressure_altitude
    words = [f"{display(v, 'length', units)} ± {display(s, 'length', units, 2)}" for v, s in (top, seen)]
    text = template("reconstruction.html").render(
        apogee=words[0], seen=words[1], notes=[in_units(n, units) for n in (*r.notes, *(climb.notes if climb else ()))],
        events=[(e.name, f"{e.time:.2f} s", f"{e.error:.2f} s", display(e.height, "length", units)) for e in r.events],
        images={name: image(figure, units) for name, figure in figures.items()},
    )  # fmt: skip
    (out / "flight.html").write_text(text, encoding="utf-8")
    written = [
        "trajectory.csv",
        *(["attitude.csv"] if climb is not None else []),
        "flight.html",
        *(f"{n}.png" for n in figures),
    ]
    return [out / n for n in written]
