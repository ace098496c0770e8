"""What the terminal says of the workshop's folder."""

from __future__ import annotations

from math import isfinite

from rich.console import Group, RenderableType
from rich.text import Text

from downrange.report.layout import plain_table
from downrange.report.workshop.files import Made, Workshop
from downrange.report.workshop.weighed import Weighed
from downrange.units import display, in_units

__all__ = ["workshop_view"]


def workshop_view(w: Workshop, files: tuple[Made, ...], units: str = "metric") -> RenderableType:
    """The drawings, the solids with their masses, the bill, and what has no drawing and why."""

    def mass(kg: float) -> str:
        return display(kg, "mass", units) if isfinite(kg) else "-"

    drawings = plain_table("drawing", "make", "scale", words=())
    for d in w.drawings:
        drawings.add_row(d.title, str(d.needed), "1:1" if d.scale == 1 else f"1:{d.scale:g}")
    solids = plain_table("to print", "make", "solid", "in the design", "as printed")
    p = w.printing
    for s in w.solids:
        solids.add_row(
            s.title, str(s.needed), mass(s.mass), mass(s.part_mass), mass(s.printed(p.density, p.wall, p.infill))
        )
    bill = plain_table("bill of materials", "count", "all of it", "size", words=(3,))
    for x in w.bill:
        bill.add_row(x.name, str(x.count), mass(x.total) if x.total else x.how, in_units(x.size, units))
    bill.add_row("all parts, without motor", "", mass(w.mass))
    said = [
        Text(f"· {t.name}: {in_units(t.words, units)}")
        for t in (*w.told, *w.unprinted)
        if not t.words.startswith("bought")
    ]
    said += [Text(f"! {s.title}: {in_units(n, units)}") for s in w.solids for n in s.notes]
    how = Text(
        f"As printed: {p.material.upper() if len(p.material) < 5 else p.material}, {display(p.wall, 'size', units, 2)} of wall, {p.infill:.0%} infill. Print the PDF at 100 % and measure a "
        "ruler before you cut. Weigh the parts, write the grams into bill.csv, and say --weighed bill.csv.",
        style="dim",
    )
    total = sum(f.bytes for f in files)
    shown: list[RenderableType] = [drawings, Text("")]
    if w.solids:
        shown += [solids, Text("")]
    shown += [bill, Text(""), *said, how]
    if w.changed is not None:
        shown += [Text(""), _weighed_view(w.changed, units)]
    if files:
        shown.append(Text(f"{len(files)} files, {total / 1e6:.1f} MB"))
    return Group(*shown)


_KINDS = {
    "mass_from_parts_kg": ("mass of all parts", "mass"), "mass_kg": ("mass", "mass"), "cg_m": ("CG from the tip", "size"), "cp_m": ("CP from the tip", "size"),
    "static_margin_cal": ("margin, calibres", ""), "apogee_agl_m": ("apogee", "length"),
}  # fmt: skip


def _weighed_view(w: Weighed, units: str = "metric") -> RenderableType:
    """What the parts' weights changed."""

    def u(value: float, kind: str) -> str:
        return "-" if not isfinite(value) else display(value, kind, units) if kind else f"{value:.2f}"

    parts = plain_table("as weighed", "was", "is")
    for _, name, was, now in w.parts:
        parts.add_row(name, u(was, "mass"), u(now, "mass"))
    numbers = plain_table("what that changed", "before", "now")
    for key, value in w.before.items():
        name, kind = _KINDS[key]
        numbers.add_row(name, u(value, kind), u(w.after[key], kind))
    return Group(parts, Text(""), numbers, *(Text(f"! {n}", style="yellow") for n in w.notes))
