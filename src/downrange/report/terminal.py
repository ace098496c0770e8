"""What the terminal shows: tables for a person on a windy field."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from downrange.units import display

if TYPE_CHECKING:
    from downrange.flight import Flight, Program
    from downrange.motor import Motor

__all__ = ["check_view", "flight_view", "motor_view", "motors_table", "plain_table"]


def plain_table(*columns: str) -> Table:
    """A table without lines: the first column to the left, the others numbers."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=bool(columns))
    for c in columns:
        table.add_column(c, justify="left" if c == columns[0] else "right", style=None if c == columns[0] else "bold")
    return table


def _rows(rows: list[tuple[str, str, str]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="dim")
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column(style="dim")
    for row in rows:
        table.add_row(*row)
    return table


def warnings_view(warnings: tuple[str, ...] | list[str]) -> RenderableType:
    """Warnings as a list, or a green line."""
    if not warnings:
        return Text("✓ nothing to warn about", style="green")
    lines: list[RenderableType] = []
    for w in warnings:
        style = "bold red" if w.split(":")[0].isupper() else "yellow"
        lines.append(Text.assemble(("! ", style), (w, style if style == "bold red" else "")))
    return Group(*lines)


def _compass(degrees: float) -> str:
    names = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
    return names[int((degrees % 360) / 22.5 + 0.5) % 16]


def flight_view(flight: Flight, units: str = "metric") -> RenderableType:
    """Summary of one flight."""
    f = flight.figures

    def u(key: str, kind: str, digits: int = 4) -> str:
        return display(f.get(key, math.nan), kind, units, digits)

    def s(key: str, digits: int = 1) -> str:
        v = f.get(key, math.nan)
        return f"{v:.{digits}f} s" if math.isfinite(v) else "-"

    def cal(key: str) -> str:
        v = f.get(key, math.nan)
        return f"{v:.2f} cal" if math.isfinite(v) else "-"

    g = f["max_acceleration"] / 9.80665
    east, north = f["landing_east"], f["landing_north"]
    distance = math.hypot(east, north)
    bearing = math.degrees(math.atan2(east, north)) % 360 if math.isfinite(distance) else math.nan
    where = f"{display(distance, 'length', units)} {_compass(bearing)}" if math.isfinite(distance) else "-"
    place = (
        f"{math.degrees(f['landing_latitude']):.5f}, {math.degrees(f['landing_longitude']):.5f}"
        if math.isfinite(distance)
        else ""
    )
    up = [
        (
            "apogee",
            u("apogee", "length"),
            f"at {s('apogee_time')}; a barometric altimeter shows {u('apogee_pressure_altitude', 'length')}",
        ),
        (
            "largest speed",
            u("max_speed", "speed", 3),
            f"over ground, at {s('max_speed_time', 2)}; Mach {f['max_mach']:.2f}"
            if math.isfinite(f["max_mach"])
            else "",
        ),
        (
            "largest acceleration",
            u("max_acceleration", "acceleration", 3),
            f"{g:.1f} g, at {s('max_acceleration_time', 2)}" if math.isfinite(g) else "",
        ),
        ("burn-out", f"{flight.launch.motor.burnout_time:.2f} s", f"at {u('burnout_height', 'length')}"),
    ]
    rail = [
        (
            "rail exit",
            u("rail_exit_speed", "speed", 3),
            f"angle of attack {math.degrees(f['rail_exit_alpha']):.1f}°" if math.isfinite(f["rail_exit_alpha"]) else "",
        ),
        (
            "thrust to weight",
            f"{f['thrust_to_weight']:.1f}",
            f"average of the first 0.5 s; {u('liftoff_mass', 'mass')} at lift-off",
        ),
        (
            "static margin",
            cal("static_margin"),
            f"on the pad, Mach 0.3; {cal('rail_exit_stability')} at rail exit; least {cal('min_stability')} at {s('min_stability_time', 2)}",
        ),
    ]
    down = [
        (
            "first opening",
            s("deploy_time"),
            f"at {u('deploy_speed', 'speed', 3)} of airspeed" if math.isfinite(f["deploy_time"]) else "none opened",
        ),
        (
            "best delay",
            s("optimum_delay"),
            "from burn-out to apogee" if math.isfinite(f["optimum_delay"]) else "no apogee after burn-out",
        ),
        ("landing", where, f"{place}" if place else ""),
        (
            "hits the ground at",
            u("landing_speed", "speed", 3),
            f"{display(f['landing_energy'], 'energy', digits=3)} in all, after {s('landing_time')}"
            if math.isfinite(f["landing_energy"])
            else "",
        ),
    ]
    title = f"{flight.launch.rocket.name} on {flight.launch.motor.designation}"
    body = Group(_rows(rail), Text(""), _rows(up), Text(""), _rows(down), Text(""), warnings_view(flight.warnings))
    return Panel(body, title=Text(title), title_align="left", border_style="blue", expand=False, padding=(1, 2))


def check_view(program: Program, flight: Flight, units: str = "metric") -> RenderableType:
    """What `check` answers: mass, balance, stability, rail, warnings."""
    from downrange.flight import launch_figures

    f, launch = launch_figures(program), program.launch
    e = flight.figures

    def u(value: float, kind: str) -> str:
        return display(value, kind, units)

    rows = [
        (
            "mass at lift-off",
            u(f["liftoff_mass"], "mass"),
            f"{u(launch.rocket.without_motor.mass, 'mass')} without motor",
        ),
        (
            "centre of gravity",
            u(f["liftoff_cg"], "length"),
            f"from the nose tip; {u(f['dry_cg'], 'length')} after burn-out",
        ),
        ("centre of pressure", u(f["cp"], "length"), f"at Mach 0.3; CNα {f['normal_slope']:.2f} per radian"),
        (
            "static margin",
            f"{f['static_margin']:.2f} cal",
            f"{f['static_margin_barrowman']:.2f} by Barrowman's method; {f['burnout_margin']:.2f} after burn-out",
        ),
        (
            "at rail exit",
            f"{e['rail_exit_stability']:.2f} cal" if math.isfinite(e["rail_exit_stability"]) else "-",
            "at the actual Mach number and angle of attack",
        ),
        ("thrust to weight", f"{f['thrust_to_weight']:.1f}", "average of the first 0.5 s"),
        (
            "rail exit speed",
            display(e["rail_exit_speed"], "speed", units, 3),
            f"after {u(program.guides.upper_travel, 'length')} of travel",
        ),
        ("length, diameter", u(launch.rocket.length, "length"), u(launch.rocket.diameter, "length")),
        ("inertia at lift-off", f"{f['pitch_inertia']:.4g} kg m²", f"pitch; roll {f['roll_inertia']:.3g} kg m²"),
    ]
    title = f"{launch.rocket.name} on {launch.motor.designation}"
    return Panel(
        Group(_rows(rows), Text(""), warnings_view(flight.warnings)),
        title=Text(title),
        title_align="left",
        border_style="blue",
        expand=False,
        padding=(1, 2),
    )


def motor_view(m: Motor, width: int = 60) -> RenderableType:
    """A motor's data with its thrust curve drawn in characters."""
    delays = "plugged" if m.plugged and not m.delays else ", ".join(f"{d:g}" for d in m.delays) or "-"
    rows = [
        ("maker", m.manufacturer, ""), ("class", m.impulse_class, f"{m.impulse:,.4g} N s"),
        ("thrust", f"{m.average_thrust:,.4g} N", f"peak {m.peak_thrust:,.4g} N"),
        ("burn time", f"{m.burn_time:.2f} s", "5 % to 5 % of peak"),
        ("size", f"{m.diameter * 1e3:g} x {m.length * 1e3:g} mm", ""),
        ("mass", f"{m.total_mass * 1e3:,.4g} g", f"propellant {m.propellant_mass * 1e3:,.4g} g, specific impulse {m.specific_impulse:.0f} s"),
        ("delays", delays, "s"), ("source", m.source or "-", ""),
    ]  # fmt: skip
    import numpy as np

    height = 10
    t = np.linspace(0, m.time[-1], width)
    level = np.interp(t, m.time, m.thrust) / m.peak_thrust * height * 8
    blocks = " ▁▂▃▄▅▆▇█"
    lines = ["".join(blocks[int(np.clip(v - 8 * row, 0, 8))] for v in level) for row in reversed(range(height))]
    axis = f"0{'':{width - 8}}{m.time[-1]:.2f} s"
    notes: list[RenderableType] = [Text(f"! {f}", style="yellow") for f in m.flags]
    body = Group(_rows(rows), Text(""), Text("\n".join(lines), style="dark_orange"), Text(axis, style="dim"), *notes)
    return Panel(body, title=Text(m.designation), title_align="left", border_style="blue", expand=False, padding=(1, 2))


def motors_table(entries: list[dict[str, Any]]) -> RenderableType:
    """Motors found, a line each."""
    table = plain_table("motor", "maker", "class", "mm", "N s", "average N", "burn s", "delays", "")
    for e in entries:
        delays = ",".join(f"{d:g}" for d in e.get("delays_s", ())) or ("P" if e.get("plugged") else "-")
        note = "no curve" if "time_s" not in e else ("" if e["available"] else "out of production")
        table.add_row(
            e["designation"], e["maker_short"], e["class"], f"{e['diameter_m'] * 1e3:g}", f"{e['impulse_n_s']:g}",
            f"{e['average_thrust_n'] or 0:.0f}", f"{e['burn_time_s'] or 0:.1f}", delays if len(delays) < 16 else delays[:15] + "…", note,
        )  # fmt: skip
    return table
