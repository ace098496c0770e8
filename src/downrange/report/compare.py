"""Two designs side by side on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from downrange.units import column, display, in_units

if TYPE_CHECKING:
    from downrange.project.comparing import Row, Side

__all__ = ["compare_view"]


def compare_view(sides: tuple[Side, Side], rows: list[Row], units: str) -> RenderableType:
    """A line a quantity: both values, the difference, and why."""
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("", style="dim", overflow="fold")
    for name in _names(sides):
        table.add_column(Text(name), justify="right", overflow="fold")
    table.add_column("difference", justify="right")
    for r in rows:
        shown = [
            "-" if v is None else f"{v:.4g}" if r.kind == "number" else display(v, r.kind, units, 4) for v in r.values
        ]
        table.add_row(r.words, *shown, _difference(r, units))
    lines: list[RenderableType] = [table]
    causes: dict[str, list[str]] = {}
    for r in rows:
        if r.cause:
            causes.setdefault(r.cause, []).append(r.words)
    if causes:
        lines += [Text(""), Text("why:", style="bold")]
        lines += [Text(in_units(f"· {', '.join(words)}: {cause}", units)) for cause, words in causes.items()]
    lines.append(
        Text(
            "CG centre of gravity, CP centre of pressure (from the nose tip); CD drag, CNα how strongly the air turns it straight",
            style="dim",
        )
    )
    told = [t for s in sides for t in s.told]
    if told:
        lines += [Text(""), *(Text(f"! {in_units(t, units)}", style="yellow") for t in dict.fromkeys(told))]
    return Group(*lines)


def _names(sides: tuple[Side, Side]) -> list[str]:
    """What the columns are called: of two files of one name the rockets in them."""
    names = [s.name for s in sides]
    if names[0] != names[1]:
        return names
    rockets = [s.name if s.launch is None else s.launch.rocket.name for s in sides]
    return rockets if rockets[0] != rockets[1] else [f"{names[0]}, first", f"{names[1]}, second"]


def _difference(r: Row, units: str) -> str:
    d, share = r.difference, r.share
    if d is None:
        return "-"
    if share is not None and abs(share) < 5e-5:
        return "="
    if r.kind == "size":
        unit, factor = column("small size", units)
        return f"{d * factor:+.{1 if units == 'metric' else 2}f} {unit}"
    return f"{100 * share:+.1f} %" if share is not None else f"{d:+.3g}"
