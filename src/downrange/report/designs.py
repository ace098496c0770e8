"""A motor's design, and motors side by side, as the terminal and a program show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downrange.errors import InputError
from downrange.motor.designing import adapted_exit

if TYPE_CHECKING:
    from rich.console import RenderableType

    from downrange.motor.ballistics import Burn

__all__ = ["burns_view", "design_summary", "design_view"]

_BESIDE = 2  # motors beside the first in 80 columns
_PSI = 6894.757293168  # Pa


def design_summary(burn: Burn, notes: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a motor's grains and nozzle are and should be, SI, with units in the names; what is not known is None."""
    m = burn.motor
    try:
        best: float | None = adapted_exit(burn)
    except InputError:  # in a vacuum none is
        best = None
    said = list(notes)
    if burn.level != "one-dimensional" and any(p.erosive for p in m.burning):
        said.append(
            f"erosive burning, which raises the pressure at the start, is not in the {burn.level} level: take --level one-dimensional"
        )
    return {
        "level": burn.level, "grain_lengths_m": [s.grain.length for s in m.segments], "throat_m": m.nozzle.throat, "exit_m": m.nozzle.exit,
        "expansion_ratio": m.nozzle.expansion, "adapted_exit_m": best, "peak_pressure_pa": burn.peak_pressure,
        "average_pressure_pa": burn.average_pressure, "impulse_n_s": burn.impulse, "average_thrust_n": burn.average_thrust,
        "burn_time_s": burn.burn_time, "kn_initial": float(burn.kn[0]), "kn_peak": float(burn.kn.max()), "port_to_throat": burn.port_to_throat,
        "alerts": [a.message for a in burn.alerts], "notes": said,
    }  # fmt: skip


def design_view(d: dict[str, Any], name: str, units: str = "metric") -> RenderableType:
    """The same for the terminal."""
    from rich.text import Text

    from downrange.report.terminal import _rows, panel, warnings_view
    from downrange.text import counted
    from downrange.units import display, in_units

    def size(value: float | None) -> str:
        return "-" if value is None else display(value, "size", units, 4)

    lengths = d["grain_lengths_m"]
    alike = max(lengths) - min(lengths) < 1e-6
    passage = f"port to throat {d['port_to_throat']:.2f}" if d["port_to_throat"] > 0 else ""
    rows = [
        ("grains", str(len(lengths)), f"{'each ' if alike and len(lengths) > 1 else ''}{', '.join(map(size, lengths[:1] if alike else lengths))} long"),
        ("throat", size(d["throat_m"]), passage),
        ("exit", size(d["exit_m"]), f"{d['expansion_ratio']:.2f} times the throat's area"),
        ("best exit here", size(d["adapted_exit_m"]), "expands the mean pressure to that of the air"),
        ("pressure", display(d["peak_pressure_pa"], "chamber pressure", units, 3), f"peak; mean {display(d['average_pressure_pa'], 'chamber pressure', units, 3)}"),
        ("Kn", f"{d['kn_peak']:.0f}", f"peak; {d['kn_initial']:.0f} at first (burning area over throat)"),
        ("impulse", f"{d['impulse_n_s']:,.4g} N s" if d["impulse_n_s"] < 1000 else f"{d['impulse_n_s']:,.0f} N s", f"{d['average_thrust_n']:,.0f} N for {d['burn_time_s']:.2f} s"),
    ]  # fmt: skip
    head = Text(f"{counted(len(lengths), 'grain')}, {d['level']}", style="dim")
    return panel(
        [head, _rows(rows), Text(""), warnings_view([*d["alerts"], *d["notes"]], units)],
        in_units(f"{name}: design", units),
    )


def burns_view(
    burns: list[Burn], names: list[str], notes: list[tuple[str, ...]], units: str = "metric"
) -> RenderableType:
    """Firings side by side, with what the others differ from the first by, and below what is to be warned of in each."""
    from rich.console import Group
    from rich.text import Text

    from downrange.report.terminal import warnings_view

    parts: list[RenderableType] = []
    rest = range(1, len(burns))
    for k in range(0, max(len(rest), 1), _BESIDE):
        which = [0, *rest[k : k + _BESIDE]]
        parts += [_table([burns[i] for i in which], [names[i] for i in which], units), Text("")]
    for name, burn, said in zip(names, burns, notes, strict=True):
        parts += [Text(name, style="bold"), warnings_view([*(a.message for a in burn.alerts), *said], units)]
    return Group(*parts)


def _table(burns: list[Burn], names: list[str], units: str) -> RenderableType:
    """The first column is what the others are compared with."""
    from rich.table import Table

    from downrange.units import column

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("")
    for name in names:
        table.add_column(name, justify="right", overflow="fold", max_width=18)
    mass_unit, per_kg = column("mass", units)
    pressure_unit, per_pascal, digits = ("psi", 1 / _PSI, ",.0f") if units == "us" else ("MPa", 1e-6, ".2f")
    lines = [
        ("impulse, N s", [b.impulse for b in burns], ",.1f"),
        ("burn time, s", [b.burn_time for b in burns], ".2f"),
        ("mean thrust, N", [b.average_thrust for b in burns], ",.1f"),
        ("peak thrust, N", [b.peak_thrust for b in burns], ",.1f"),
        (f"peak pressure, {pressure_unit}", [b.peak_pressure * per_pascal for b in burns], digits),
        ("specific impulse, s", [b.specific_impulse for b in burns], ".1f"),
        (f"propellant, {mass_unit}", [b.propellant_mass * per_kg for b in burns], ",.3f"),
        ("peak Kn", [float(b.kn.max()) for b in burns], ",.0f"),
        ("mass flux, kg/(m² s)", [float(b.flux.max()) for b in burns], ",.0f"),
    ]  # fmt: skip
    for label, values, form in lines:
        table.add_row(label, f"{values[0]:{form}}", *(_beside(v, values[0], form) for v in values[1:]))
    table.add_row("port to throat", *(f"{b.port_to_throat:.2f}" if b.port_to_throat > 0 else "-" for b in burns))
    table.add_row("alerts", *(str(len(b.alerts)) for b in burns))
    return table


def _beside(value: float, first: float, form: str) -> str:
    """A number, and by how much of the first it differs; nothing where that is zero."""
    if not first:
        return f"{value:{form}}"
    share = 100 * (value / first - 1)
    return f"{value:{form}} ({share:{'+.1f' if abs(share) < 100 else '+,.0f'}} %)"
