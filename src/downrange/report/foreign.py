"""What is told about designs of other programs: the report on how true they were read, and designs without a flight."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from downrange.report.terminal import panel
from downrange.text import counted
from downrange.units import display

if TYPE_CHECKING:
    from downrange.formats.foreign import Note
    from downrange.project.foreign import Foreign

__all__ = ["design_figures", "design_view", "fidelity", "fidelity_view", "files_view", "grouped", "told_in_a_line"]

_TITLES = {
    "approximated": "carried over in another way",
    "chosen": "not said in the file, so written out",
    "dropped": "left out",
}


def grouped(notes: Iterable[Note]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Lines that say the same of several parts as one: (kind, text, places)."""
    out: dict[tuple[str, str], list[str]] = {}
    for n in notes:
        out.setdefault((n.kind, n.text), []).append(n.place)
    return [(kind, text, tuple(p for p in places if p)) for (kind, text), places in out.items()]


def _line(text: str, places: tuple[str, ...]) -> str:
    if not places:
        return text
    shown = ", ".join(places[:3]) + (f" and {len(places) - 3} more" if len(places) > 3 else "")
    return f"{shown}: {text}"


def told_in_a_line(f: Foreign) -> str:
    """One line on how a foreign file was read."""
    of = {kind: sum(k == kind for k, _, _ in grouped(f.notes)) for kind in _TITLES}
    config = f", {f.configuration.name}" if f.configuration else ""
    flight = f", {f.simulation.name!r}" if f.simulation else ""
    return (
        f"{f.path.name}: {f.design.program}{config}{flight}; {of['approximated']} carried over in another way, {of['dropped']} left out"
        f" (downrange import {f.path.name} says which)"
    )


def fidelity(f: Foreign) -> dict[str, Any]:
    """The report on how true a file was read, for JSON."""
    return {
        "file": f.path.name, "program": f.design.program, "version": f.design.version, "name": f.design.name,
        "stages": len(f.design.stages), "parts": dict(sorted(f.design.counts.items())),
        "configurations": [{"id": c.id, "name": c.name, "motors": [m.called for m in c.motors]} for c in f.design.configurations],
        "simulations": [s.name for s in f.design.simulations],
        "notes": [{"kind": k, "text": t, "places": list(p)} for k, t, p in grouped(f.notes)],
    }  # fmt: skip


def fidelity_view(f: Foreign, wrote: tuple[str, ...] = ()) -> RenderableType:
    """The report on how true a file was read: what was read, then every line that is not carried over alike."""
    d = f.design
    total = sum(d.counts.values())
    kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(d.counts.items(), key=lambda kv: -kv[1]))
    lines: list[RenderableType] = [
        Text(f"{counted(len(d.stages), 'stage')}, {counted(total, 'part')}: {kinds}"),
        Text(
            f"{counted(len(d.configurations), 'flight configuration')}, {counted(len(d.simulations), 'simulation')}, "
            f"{sum(s.stored is not None for s in d.simulations)} with results"
        ),
    ]
    told = grouped(f.notes)
    for kind, title in _TITLES.items():
        these = [(t, p) for k, t, p in told if k == kind]
        if these:
            lines += [Text(""), Text(f"{title}:", style="bold")]
            table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
            table.add_column(width=1)
            table.add_column(overflow="fold")
            for text, places in these:
                table.add_row("·", Text(_line(text, places)))
            lines.append(table)
    if not told:
        lines += [Text(""), Text("everything in it was carried over", style="green")]
    if wrote:
        lines += [Text(""), Text(f"wrote {', '.join(wrote)}")]
    return panel(lines, f"{d.name}: {d.program} {d.version}".strip())


def design_figures(f: Foreign) -> dict[str, Any]:
    """Mass, balance and centre of pressure of a design without a flight (SI); None where the rocket cannot be built, with `why`."""
    from downrange.aero import build_aero
    from downrange.errors import InputError
    from downrange.project.project import rocket_of

    keys = (
        "dry_mass_kg",
        "dry_cg_m",
        "cp_m",
        "normal_slope_per_rad",
        "static_margin_without_motor_cal",
        "length_m",
        "diameter_m",
    )
    out: dict[str, Any] = dict.fromkeys(keys)
    try:
        rocket = rocket_of(f)
        body = rocket.without_motor
        out |= {
            "length_m": rocket.length,
            "diameter_m": rocket.diameter,
            "dry_mass_kg": body.mass,
            "dry_cg_m": float(body.cg[0]),
        }
        aero = build_aero(rocket)
        cp, slope = float(aero.centre_of_pressure(0.3)), float(aero.normal_slope(0.3))
        if math.isfinite(cp):
            out |= {
                "cp_m": cp,
                "normal_slope_per_rad": slope,
                "static_margin_without_motor_cal": (cp - body.cg[0]) / rocket.diameter,
            }
    except InputError as error:
        out["why"] = error.message
    return out


def design_view(f: Foreign, figures: dict[str, Any], why: str, units: str) -> RenderableType:
    """What `check` says of a design that cannot fly as it is."""
    rows = [
        [label, "-" if figures[key] is None else f"{figures[key]:.2f} cal" if kind == "" else display(figures[key], kind, units)]
        for label, key, kind in (
            ("mass without motor", "dry_mass_kg", "mass"), ("centre of gravity", "dry_cg_m", "size"), ("centre of pressure", "cp_m", "size"),
            ("margin without motor", "static_margin_without_motor_cal", ""), ("length", "length_m", "size"), ("diameter", "diameter_m", "size"),
        )
    ]  # fmt: skip
    return panel(
        [_two(rows), Text(""), Group(Text(f"! it cannot fly as it is: {why}", style="bold red"))], f.design.name
    )


def _two(rows: list[list[str]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="dim")
    table.add_column(justify="right", style="bold", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


def files_view(rows: list[dict[str, Any]]) -> RenderableType:
    """A line a file: what was read of it, what flew, and why not."""
    table = Table(box=None, padding=(0, 1, 0, 0))
    flown = any("flown" in r for r in rows)
    for name in ("file", "stages", "parts", "configs", *(["flown"] if flown else []), "changed", "left out"):
        table.add_column(name, justify="left" if name == "file" else "right", overflow="fold")
    table.add_column("why not", overflow="fold")
    for r in rows:
        cells = [r["file"], *("-" if r.get(k) is None else str(r[k]) for k in ("stages", "parts", "configurations"))]
        cells += ["-" if r.get("flown") is None else str(r["flown"])] if flown else []
        cells += ["-" if r.get(k) is None else str(r[k]) for k in ("approximated", "dropped")]
        table.add_row(*(Text(c) for c in cells), Text("; ".join(r["why"])[:200]))
    read, configs = sum(r["read"] for r in rows), sum(r.get("configurations") or 0 for r in rows)
    total = f"{read} of {counted(len(rows), 'file')} read, {counted(configs, 'configuration')} with motors"
    total += f", {sum(r.get('flown') or 0 for r in rows)} flown" if flown else ""
    return Group(table, Text(""), Text(total, style="bold"))
