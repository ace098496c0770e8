"""What the terminal shows: tables for a person on a windy field."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from downrange.report.layout import PlainTable, plain_table
from downrange.report.opening import recovery_rows
from downrange.units import display, in_units
from downrange.units.compass import POINTS

if TYPE_CHECKING:
    from downrange.dispersion import ApogeeBand
    from downrange.flight import Flight, Program
    from downrange.motor import Motor

_COUNTS = 0.3  # % of the apogee, below which what is not stated is not worth a line

__all__ = ["check_view", "compass_point", "flight_view", "motor_view", "motors_table", "panel", "warnings_view"]


def _rows(rows: list[tuple[str, str, str]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="dim")
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column(style="dim")
    for row in rows:
        table.add_row(*row[:2], Text(row[2]))
    return table


def warnings_view(warnings: tuple[str, ...] | list[str], units: str = "metric") -> RenderableType:
    """Warnings as a list, or a green line."""
    if not warnings:
        return Text("✓ nothing to warn about", style="green")
    lines: list[RenderableType] = []
    for w in (in_units(w, units) for w in warnings):
        style = "bold red" if w.split(":")[0].isupper() else "yellow"
        lines.append(Text.assemble(("! ", style), (w, style if style == "bold red" else "")))
    return Group(*lines)


def panel(parts: list[RenderableType], title: str, style: str = "blue") -> Panel:
    """What a command answers, in its frame."""
    return Panel(Group(*parts), title=Text(title), title_align="left", border_style=style, expand=False, padding=(1, 2))


def compass_point(degrees: float) -> str:
    """The point of the compass nearest to a bearing."""
    return POINTS[int((degrees % 360) / 22.5 + 0.5) % 16]


def _delay_words(flight: Flight) -> str:
    """Which delay to buy."""
    from downrange.flight import nearest_delay

    best = flight.figures["optimum_delay"]
    if not math.isfinite(best):
        return "no apogee after burn-out"
    use = nearest_delay(flight.launch.motor, best)
    flown = next((d for d in flight.program.devices if d.label.startswith("ejection")), None)
    if use is None or flown is None:
        return "from burn-out to apogee"
    now = flown.value - flight.launch.motor.burnout_time
    return f"from burn-out to apogee: use {use:g}" + ("" if abs(now - use) < 1e-6 else f"; flown with {now:g}")


@dataclass(frozen=True)
class _Said:
    """The figures of a flight in words; `-` for what did not happen."""

    figures: Mapping[str, float]
    units: str

    def of(self, key: str, kind: str, digits: int = 4) -> str:
        """In its unit."""
        return display(self.figures[key], kind, self.units, digits)

    def seconds(self, key: str, digits: int = 1) -> str:
        """A time."""
        v = self.figures[key]
        return f"{v:.{digits}f} s" if math.isfinite(v) else "-"

    def calibres(self, key: str) -> str:
        """A margin."""
        v = self.figures[key]
        return f"{v:.2f} cal" if math.isfinite(v) else "-"

    def where(self, key: str, words: str) -> str:
        """`words` where `key` happened."""
        return words if math.isfinite(self.figures[key]) else ""


def _up(flight: Flight, say: _Said) -> list[tuple[str, str, str]]:
    f = say.figures
    return [
        ("apogee", say.of("apogee_agl", "length"),
         f"at {say.seconds('time_to_apogee')}; a barometric altimeter shows {say.of('apogee_pressure_altitude_agl', 'length')}"),
        ("largest speed", say.of("max_speed", "speed", 3),
         say.where("max_mach", f"over ground, at {say.seconds('max_speed_time', 2)}; Mach {f['max_mach']:.2f}")),
        ("largest acceleration", say.of("max_acceleration", "acceleration", 3),
         say.where("max_acceleration", f"{f['max_acceleration'] / 9.80665:.1f} g, at {say.seconds('max_acceleration_time', 2)}")),
        ("burn-out", f"{flight.launch.motor.burnout_time:.2f} s", f"at {say.of('burnout_altitude_agl', 'length')}"),
    ]  # fmt: skip


def _on_the_rail(say: _Said) -> list[tuple[str, str, str]]:
    f, angle = say.figures, "rail_exit_angle_of_attack"
    return [
        ("rail exit", say.of("rail_exit_speed", "speed", 3), say.where(angle, f"angle of attack {math.degrees(f[angle]):.1f}°")),
        ("thrust to weight", f"{f['thrust_to_weight']:.1f}", f"average of the first 0.5 s; {say.of('liftoff_mass', 'mass')} at lift-off"),
        ("static margin", say.calibres("static_margin"),
         f"on the pad, Mach 0.3; {say.calibres('rail_exit_stability')} at rail exit; "
         f"least {say.calibres('min_stability')} at {say.seconds('min_stability_time', 2)}"),
    ]  # fmt: skip


def _down(flight: Flight, say: _Said) -> list[tuple[str, str, str]]:
    f, units = say.figures, say.units
    east, north = f["landing_east"], f["landing_north"]
    distance, where, place = math.hypot(east, north), "-", ""
    if math.isfinite(distance):
        bearing = math.degrees(math.atan2(east, north)) % 360
        where = f"{display(distance, 'length', units)} {compass_point(bearing)}"
        place = f"{math.degrees(f['landing_latitude']):.5f}, {math.degrees(f['landing_longitude']):.5f}"
    opens = f"at {say.of('deployment_airspeed', 'speed', 3)} of airspeed"
    return [
        ("first opening", say.seconds("deployment_time"), say.where("deployment_time", opens) or "none opened"),
        *recovery_rows(flight, units),
        ("best delay", say.seconds("optimum_delay"), _delay_words(flight)),
        ("landing", where, place),
        ("hits the ground at", say.of("ground_hit_speed", "speed", 3),
         say.where("landing_energy", f"{display(f['landing_energy'], 'energy', units, 3)} in all, after {say.seconds('flight_time')}")),
    ]  # fmt: skip


def flight_view(flight: Flight, units: str = "metric", band: ApogeeBand | None = None) -> RenderableType:
    """Summary of one flight."""
    say = _Said(flight.figures, units)
    rail, up, down = (_rows(rows) for rows in (_on_the_rail(say), _up(flight, say), _down(flight, say)))
    title = f"{flight.launch.rocket.name} on {flight.launch.motor.designation}"
    known = [] if band is None else [_band(band, flight.apogee, units), Text("")]
    parts = [rail, Text(""), up, Text(""), *known, down, Text(""), *_sections(flight, units)]
    return panel([*parts, warnings_view(flight.warnings, units)], title)


def _band(band: ApogeeBand, apogee: float, units: str) -> Text:
    """How well the apogee is known, and what it hangs on."""
    from downrange.dispersion.band import in_words

    low, high, sigma = (display(v, "length", units, 3) for v in (*band.most, band.sigma))
    moved = ", ".join(
        f"{in_words(s.name)} {'(not stated) ' if s.name.startswith('unsaid.') else ''}± {100 * s.sigma / apogee:.2g} %"
        for s in band.shares[:3]
    )
    text = f"apogee ± {sigma} (standard deviation): 9 of 10 such flights reach {low} to {high}"
    return Text(f"{text}; moved most by {moved}" if moved else text, style="dim")


def _sections(flight: Flight, units: str) -> list[RenderableType]:
    """The sections that come down on the cord, with what each brings along."""
    bodies = flight.summary()["bodies"]
    if len(bodies) < 2:
        return []
    table = plain_table("section", "mass", "energy at landing")
    for b in bodies:
        energy = b["landing_energy_j"]
        table.add_row(
            b["name"],
            display(b["mass_kg"], "mass", units),
            "-" if energy is None else display(energy, "energy", units, 3),
        )
    return [table, Text("")]


def check_view(
    program: Program, flight: Flight, units: str = "metric", taken: tuple[str, ...] = (), band: ApogeeBand | None = None
) -> RenderableType:
    """What `check` answers: mass, balance, stability, rail, warnings, and what was `taken` because nobody said it."""
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
            u(f["liftoff_cg"], "size"),
            f"from the nose tip; {u(f['dry_cg'], 'size')} after burn-out",
        ),
        ("centre of pressure", u(f["cp"], "size"), f"at Mach 0.3; CNα {f['normal_slope']:.2f} per radian"),
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
        (
            "hits the ground at",
            display(e["ground_hit_speed"], "speed", units, 3),
            f"{display(e['landing_energy'], 'energy', units, 3)} in all" if math.isfinite(e["landing_energy"]) else "",
        ),
        *recovery_rows(flight, units),
        ("length, diameter", u(launch.rocket.length, "size"), u(launch.rocket.diameter, "size")),
        (
            "inertia at lift-off",
            display(f["pitch_inertia"], "inertia", units),
            f"pitch; roll {display(f['roll_inertia'], 'inertia', units, 3)}",
        ),
    ]
    title = f"{launch.rocket.name} on {launch.motor.designation}"
    parts = [_rows(rows), Text(""), *_sections(flight, units), warnings_view(flight.warnings, units)]
    if taken:
        parts += [Text(""), Text(f"Not said, so taken: {'; '.join(taken)}.", style="dim")]
    apart = [] if band is None else [(k, 100 * s / flight.apogee) for k, s in band.unsaid.items()]
    for what, share in apart:
        if share >= _COUNTS:
            parts.append(Text(f"{what} not stated: ± {share:.2g} % of apogee", style="dim"))
    return panel(parts, title)


def motor_view(m: Motor, units: str = "metric", width: int = 60) -> RenderableType:
    """A motor's data with its thrust curve drawn in characters."""
    delays = "plugged" if m.plugged and not m.delays else ", ".join(f"{d:g}" for d in m.delays) or "-"
    rows = [
        ("maker", "", m.manufacturer), ("class", m.impulse_class, f"{m.impulse:,.4g} N s"),
        ("thrust", f"{m.average_thrust:,.4g} N", f"peak {m.peak_thrust:,.4g} N"),
        ("burn time", f"{m.burn_time:.2f} s", "5 % to 5 % of peak"),
        ("size", f"{m.diameter * 1e3:g} x {m.length * 1e3:g} mm", ""),
        ("mass", display(m.total_mass, "mass", units), f"propellant {display(m.propellant_mass, 'mass', units)}, specific impulse {m.specific_impulse:.0f} s"),
        ("delays", "", f"{delays} s" if m.delays else delays), ("source", "", m.source or "-"),
    ]  # fmt: skip
    import numpy as np

    height = 10
    t = np.linspace(0, m.time[-1], width)
    level = np.interp(t, m.time, m.thrust) / m.peak_thrust * height * 8
    blocks = " ▁▂▃▄▅▆▇█"
    lines = ["".join(blocks[int(np.clip(v - 8 * row, 0, 8))] for v in level) for row in reversed(range(height))]
    axis = f"0{'':{width - 8}}{m.time[-1]:.2f} s"
    notes: list[RenderableType] = [Text(f"! {in_units(f, units)}", style="yellow") for f in m.flags]
    return panel(
        [_rows(rows), Text(""), Text("\n".join(lines), style="dark_orange"), Text(axis, style="dim"), *notes],
        m.designation,
    )


def motors_table(entries: list[dict[str, Any]]) -> PlainTable:
    """Motors found, a line each."""
    table = plain_table("motor", "maker", "class", "mm", "N s", "average N", "burn s", "delays", "", words=(1, 7, 8))
    for e in entries:
        delays = ", ".join(f"{d:g}" for d in e.get("delays_s", ())) or ("P" if e.get("plugged") else "-")
        note = "no curve" if "time_s" not in e else ("" if e["available"] else "out of production")
        table.add_row(
            e["designation"], e["maker_short"], e["class"], f"{e['diameter_m'] * 1e3:g}", f"{e['impulse_n_s']:.4g}",
            f"{e['average_thrust_n'] or 0:.0f}", f"{e['burn_time_s'] or 0:.1f}", delays, note,
        )  # fmt: skip
    return table
