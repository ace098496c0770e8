"""Figures of a flight: the only place that imports a plotting library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from downrange.flight import Flight, Launch, Program, Trajectory, configurations, launch_figures
from downrange.motor import Motor
from downrange.report.parts import draw_part, part_reach
from downrange.report.site_map import arrow_of_wind, frame_drawn
from downrange.units import display

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from downrange.report.canvas import PlainFigure

__all__ = ["FIGURES", "motor_figure", "new_figure", "rocket_figure", "save_figures", "vehicle_figure"]

_BODIES = ("#8e44ad", "#c0392b", "#16a085", "#b7950b", "#2c3e50")
_BLUE, _ORANGE, _GREEN, _GREY = "#2a6fb0", "#d9822b", "#3a8f5c", "#8a8f98"
_PANEL, _APART = 520.0, 0.024  # points: width of a panel; share of it from one event's name to the next
_LIMIT_RC = {
    "font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3,
    "axes.titlesize": 10, "axes.titleweight": "bold", "axes.titlelocation": "left", "figure.dpi": 110,
}  # fmt: skip


def new_figure(rows: int, size: tuple[float, float], columns: int = 1) -> tuple[PlainFigure, list[Axes]]:
    """A figure of `rows` by `columns` panels in the house style, row by row."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from downrange.report.canvas import PlainFigure

    with mpl.rc_context(_LIMIT_RC):  # type: ignore[arg-type]
        fig = PlainFigure(figsize=size, layout="constrained")
        FigureCanvasAgg(fig)
        axes = fig.subplots(rows, columns, squeeze=False).ravel()
    return fig, list(axes)


def _others(flight: Flight) -> list[tuple[str, Trajectory, str]]:
    """The other bodies of a vehicle that comes apart: name, way and colour of each."""
    return [(b.name, b.track.sample(b.track.times), _BODIES[k % len(_BODIES)]) for k, b in enumerate(flight.flown[1:])]


def _marks(ax: Axes, flight: Flight, *, label: tuple[float, float]) -> None:
    """Lines at the events, with the names of those between the times `label` above the panel, clear of its curves."""
    last, span = -np.inf, ax.get_xlim()[1]
    for e in flight.events:
        if e.name in ("lift-off", "rail exit", "free of the rail") or e.name.endswith("release"):
            continue
        ax.axvline(e.time, color=_GREY, lw=0.8, ls=":")
        if label[0] <= e.time <= min(label[1], span):
            last = max(e.time, last + _APART * span)
            ax.annotate(e.name, (e.time, 1.0), xycoords=("data", "axes fraction"), rotation=35, va="bottom", ha="left", rotation_mode="anchor",
                        fontsize=7, color=_GREY, xytext=((last - e.time) / span * _PANEL, 3), textcoords="offset points")  # fmt: skip


def flight_figure(flight: Flight) -> PlainFigure:
    """Altitude, speed and acceleration over time with the events."""
    t = flight.trajectory
    fig, (a, b, c) = new_figure(3, (8, 8))
    a.plot(t.time, t.height, color=_BLUE, label="geometric height")
    a.plot(t.time, t.pressure_altitude, color=_ORANGE, ls="--", lw=1.2, label="barometric altimeter")
    others, longest = _others(flight), t.time[-1]
    for name, other, colour in others:
        longest = max(longest, other.time[-1])
        a.plot(other.time, other.height, color=colour, lw=1.1, label=name)
        b.plot(other.time, other.speed, color=colour, lw=0.9, label=name)
    a.set_ylabel("above the pad, m")
    name = f"{flight.launch.rocket.name} on {flight.launch.motor.designation}"
    fig.when_shown(lambda units: fig.suptitle(f"{name}: {display(flight.apogee, 'length', units)}"))
    a.legend(frameon=False, loc="center right")
    b.plot(t.time, t.speed, color=_BLUE, label="over ground")
    b.plot(t.time, t.airspeed, color=_GREEN, lw=1, label="through the air")
    b.set_ylabel("speed, m/s")
    b.legend(frameon=False)
    acc = np.where(t.under_canopy, np.nan, np.linalg.norm(t.acceleration_enu, axis=1))
    c.plot(t.time, acc, color=_BLUE)
    c.set_ylabel("acceleration, m/s²")
    climb, nowhere = flight.raw.out["apogee_time"], (np.inf, np.inf)
    for ax in (a, b, c):
        ax.set_xlabel("time from ignition, s")
        ax.set_xlim(0, longest)
        ax.set_ylim(bottom=0)
    if np.isfinite(climb):  # what happens to speed and acceleration happens before apogee
        c.set_xlim(0, min(1.1 * climb, t.time[-1]))
    staged = bool(others) and np.isfinite(climb)  # much happens in the first seconds: told where there is room
    _marks(a, flight, label=(0.999 * climb, np.inf) if staged else (0.0, np.inf))
    _marks(b, flight, label=nowhere)
    _marks(c, flight, label=(0.0, 0.999 * climb) if staged else nowhere)
    return fig


def stability_figure(flight: Flight) -> PlainFigure:
    """Stability margin and angle of attack from the rail to apogee."""
    t, o = flight.trajectory, flight.raw.out
    end = o["apogee_time"] if np.isfinite(o["apogee_time"]) else t.time[-1]
    rising = (t.time <= end) & (t.time >= o["rail_exit_time"])
    fig, (a, b) = new_figure(2, (8, 5.5))
    a.plot(t.time[rising], t.stability[rising], color=_BLUE)
    a.axhline(1, color=_ORANGE, lw=0.8, ls="--")
    f = flight.figures
    for key, name in (("rail_exit", "rail exit"), ("min", "least")):
        at, value = f["rail_exit_time" if key == "rail_exit" else "min_stability_time"], f[f"{key}_stability"]
        if np.isfinite(at) and np.isfinite(value):
            a.plot(
                at,
                value,
                "o",
                ms=4,
                color=_ORANGE if key == "min" else _GREY,
                label=f"{name} {value:.2f} at {at:.2f} s",
            )
    if a.get_legend_handles_labels()[0]:
        a.legend(frameon=False)
    a.set_ylabel("margin, calibres")
    a.set_title("Stability at the actual Mach number and angle of attack (below 20 m/s left out)")
    b.plot(t.time[rising], np.degrees(t.angle_of_attack[rising]), color=_GREEN)
    b.set_ylabel("angle of attack, °")
    b.set_xlabel("time from ignition, s")
    a.set_xlim(b.get_xlim())
    a.tick_params(labelbottom=False)
    fast = rising & (t.airspeed > 20)
    if fast.any():
        b.set_ylim(0, max(5.0, 1.1 * float(np.degrees(np.nanmax(t.angle_of_attack[fast])))))
    a.set_ylim(
        bottom=min(0.0, float(np.nanmin(t.stability[rising])) if np.isfinite(t.stability[rising]).any() else 0.0)
    )
    return fig


def ground_figure(flight: Flight) -> PlainFigure:
    """The track over the ground, seen from above, with rail direction and landing."""
    t = flight.trajectory
    fig, (a,) = new_figure(1, (6.5, 6))
    x, y = t.position_enu[:, 0], t.position_enu[:, 1]
    rising = t.time <= (flight.raw.out["apogee_time"] if np.isfinite(flight.apogee) else np.inf)
    a.plot(x[rising], y[rising], color=_BLUE, label="up")
    a.plot(x[~rising], y[~rising], color=_GREEN, label="down")
    left: dict[float, tuple[list[str], tuple[float, float]]] = {}  # those that leave together, by when
    for name, other, colour in _others(flight):
        ox, oy = other.position_enu[:, 0], other.position_enu[:, 1]
        a.plot(ox, oy, color=colour, lw=1.1, label=name)
        a.plot(ox[0], oy[0], "x", ms=5, color=colour)
        left.setdefault(round(float(other.time[0]), 3), ([], (ox[0], oy[0])))[0].append(name)
        a.plot(ox[-1], oy[-1], "o", ms=5, color=colour)
    for names, at in left.values():
        words = f"{' and '.join(names)} leave{'s' if len(names) == 1 else ''}"
        a.annotate(words, at, xytext=(5, -10), textcoords="offset points", fontsize=8)
    a.plot(0, 0, marker="^", color="black", ls="none", label="pad")
    for e in flight.events:
        if e.name in ("apogee", "landing"):
            here = flight.sample(np.array([e.time])).position_enu[0]
            a.plot(here[0], here[1], "o", ms=5, color=_ORANGE)
            a.annotate(e.name, here[:2], xytext=(5, 5), textcoords="offset points", fontsize=8)
    frame_drawn(a, "Over the ground")
    wind, z = flight.launch.weather.wind, flight.launch.pad.elevation + 10.0
    arrow_of_wind(a, (float(wind.east(z)), float(wind.north(z))), "wind near the ground")
    fig.legend(frameon=False, ncols=4, loc="outside lower center")
    return fig


def rocket_figure(program: Program) -> PlainFigure:
    """Side view of the rocket with centre of gravity (at lift-off) and centre of pressure (Mach 0.3)."""
    if not program.launch.simple:
        return vehicle_figure(program.launch)
    launch, f = program.launch, launch_figures(program)
    rocket = launch.rocket
    tall = rocket.diameter / 2
    tall = max([tall, *(part_reach(q.part, q) for q in rocket.placed)])
    fig, (a,) = new_figure(1, (10, min(7.0, 2.0 + 9.5 * 2.4 * tall / launch.aft_end)))
    for q in rocket.placed:
        draw_part(q.part, q, a)
    m = launch.motor
    a.fill_between(
        [launch.nozzle - m.length, launch.nozzle],
        -m.diameter / 2,
        m.diameter / 2,
        color="#e7c9a0",
        ec=_GREY,
        lw=0.6,
        zorder=1.5,
    )
    cg, cp = f["liftoff_cg"], f["cp"]
    a.plot(cg, 0, "o", ms=9, mfc="white", mec=_BLUE, mew=2, zorder=5, label="centre of gravity")
    a.plot(cp, 0, "x", ms=9, color="#c0392b", mew=2.5, zorder=5, label="centre of pressure")
    a.set_aspect("equal")
    a.set_ylim(-1.2 * tall, 1.2 * tall)
    a.grid(False)
    a.set_yticks([])
    a.spines["left"].set_visible(False)
    a.set_xlabel("from the tip of the nose, m")
    said = f"margin {f['static_margin']:.2f} calibres at Mach 0.3 ({f['static_margin_barrowman']:.2f} by Barrowman)"
    _told_beside(fig, (rocket.name, f["liftoff_mass"], said), cg, cp)
    return fig


def _told_beside(fig: PlainFigure, head: tuple[str, float, str], cg: float, cp: float) -> None:
    """Title (name, mass in kg, margin) and legend of a side view, as the cards show them: from numbers that nothing rounded."""
    name, mass, said = head
    legend = fig.legend(frameon=False, ncols=2, loc="outside lower left")

    def words(units: str) -> None:
        fig.axes[0].set_title(f"{name}: {display(mass, 'mass', units)} at lift-off, {said}")
        for text, what, x in zip(legend.get_texts(), ("gravity", "pressure"), (cg, cp), strict=True):
            text.set_text(f"centre of {what} {display(x, 'size', units)}")

    fig.when_shown(words)


def vehicle_figure(launch: Launch) -> PlainFigure:
    """Side view of all that stands on the pad, with its motors, centre of gravity and centre of pressure (Mach 0.3)."""
    first, rocket = configurations(launch)[0], launch.rocket
    tall = max([rocket.diameter / 2, *(part_reach(q.part, q) for q in rocket.placed)])
    fig, (a,) = new_figure(1, (10, min(7.0, 2.0 + 9.5 * 2.4 * tall / launch.aft_end)))
    for q in rocket.placed:
        draw_part(q.part, q, a)
    for f in launch.filled:
        half, y = f.motor.diameter / 2, f.tube.y
        drawn = a.fill_between(
            [f.x - f.motor.length, f.x], y - half, y + half, color="#e7c9a0", ec=_GREY, lw=0.6, zorder=3
        )
        drawn.set_gid("motor")
    for stage in rocket.stages[1:]:
        a.axvline(rocket.span_of(stage.name)[0], color=_GREY, lw=0.8, ls=":")
    cg, cp = float(first.begins.cg[0]), first.cp
    a.plot(cg, 0, "o", ms=9, mfc="white", mec=_BLUE, mew=2, zorder=5, label="centre of gravity")
    a.plot(cp, 0, "x", ms=9, color="#c0392b", mew=2.5, zorder=5, label="centre of pressure")
    a.set_aspect("equal")
    a.set_ylim(-1.2 * tall, 1.2 * tall)
    a.grid(False)
    a.set_yticks([])
    a.spines["left"].set_visible(False)
    a.set_xlabel("from the tip of the nose, m")
    said = f"margin {first.margin(first.begins):.2f} calibres at Mach 0.3"
    _told_beside(fig, (rocket.name, first.begins.mass, said), cg, cp)
    return fig


def motor_figure(motor: Motor) -> PlainFigure:
    """Thrust and propellant left over time."""
    fig, (a,) = new_figure(1, (7, 4))
    a.fill_between(motor.time, motor.thrust, color=_ORANGE, alpha=0.25)
    a.plot(motor.time, motor.thrust, color=_ORANGE)
    a.axhline(motor.average_thrust, color=_GREY, lw=0.8, ls="--")
    a.set_xlabel("time, s")
    a.set_ylabel("thrust, N")
    a.set_ylim(bottom=0)
    a.set_xlim(left=0)
    a.set_title(
        f"{motor.designation}: {motor.impulse:,.0f} N s, {motor.average_thrust:,.0f} N for {motor.burn_time:.2f} s"
    )
    return fig


FIGURES: dict[str, Callable[[Flight], PlainFigure]] = {
    "flight": flight_figure,
    "stability": stability_figure,
    "ground_track": ground_figure,
    "rocket": lambda flight: rocket_figure(flight.program),
}


def save_figures(
    flight: Flight, folder: Path, names: tuple[str, ...] = tuple(FIGURES), suffix: str = "png", units: str = "metric"
) -> list[Path]:
    """Save the named figures of a flight into `folder`; returns their paths.

    names: of `FIGURES`. suffix: png, svg or pdf. units: `metric` or `us`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    out = []
    for name in names:
        path = folder / f"{name}.{suffix}"
        FIGURES[name](flight).savefig(path, units=units)
        out.append(path)
    return out
