"""The workshop's folder: drawings as SVG, DXF and one PDF, meshes, the bill of materials and the steps of the build."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Literal

from downrange.design.workshop.bill import Line, bill_of, steps_of
from downrange.design.workshop.drawing import Drawing
from downrange.design.workshop.items import items_of
from downrange.design.workshop.solids import Solid, solids_of
from downrange.errors import InputError, NotFoundError, seen
from downrange.flight import Launch
from downrange.formats.drawing.dxf import dxf_text
from downrange.formats.drawing.mesh import MESHES, mesh_bytes
from downrange.formats.drawing.pdf import PAPERS, pdf_bytes
from downrange.formats.drawing.svg import svg_text
from downrange.report.workshop.drawings import Told, drawings_of, vents_of
from downrange.report.workshop.inches import bill_in, drawings_in, told_in, words_in
from downrange.report.workshop.weighed import Weighed, read_weights, weigh
from downrange.report.workshop.whole import Balance, balance_of, whole_drawing
from downrange.rocket import Rocket, find_material
from downrange.steps import advance, step
from downrange.text import plain

__all__ = ["Made", "Printing", "Workshop", "workshop_of"]

Paper = Literal["a4", "letter"]
Mesh = Literal["stl", "3mf", "none"]


@dataclass(frozen=True)
class Printing:
    """How parts are printed: `wall` m of full material under the surface, `infill` 0 to 1 of the rest, of a material by name."""

    material: str = "pla"
    wall: float = 0.0012
    infill: float = 0.15

    def __post_init__(self) -> None:
        if not 0 <= self.infill <= 1:
            raise InputError(f"infill is between 0 and 100 %, seen {self.infill:.0%}", key="infill")
        if not 1e-4 <= self.wall <= 0.05:
            raise InputError(f"a printed wall is between 0.1 and 50 mm, seen {self.wall * 1e3:g} mm", key="wall")
        try:
            _ = self.density
        except NotFoundError as error:
            raise NotFoundError(error.message, key="material") from None

    @property
    def density(self) -> float:
        """Of the material, kg/m³."""
        return find_material(self.material, "volume").density


@dataclass(frozen=True)
class Made:
    """A file that was written: its path and size in bytes, and what it is."""

    path: Path
    bytes: int
    what: str


@dataclass(frozen=True, eq=False)
class Workshop:
    """All that the workshop needs of a rocket, before it is written."""

    rocket: Rocket
    balance: Balance
    drawings: tuple[Drawing, ...]
    solids: tuple[Solid, ...]
    bill: tuple[Line, ...]
    steps: tuple[str, ...]
    told: tuple[Told, ...]
    paper: Paper
    printing: Printing
    changed: Weighed | None = None

    @property
    def mass(self) -> float:
        """Of all parts in the bill, kg."""
        return sum(line.total for line in self.bill)

    def write(self, folder: str | Path, *, mesh: Mesh = "stl") -> tuple[Made, ...]:
        """Write everything into `folder`, which is made where it is not there; returns the files.

        mesh: the meshes' format. Raises `InputError` where the folder cannot be made, and where weights that somebody wrote into its
        bill.csv would be lost.
        """
        if mesh not in (*MESHES, "none"):
            raise InputError(f"meshes are {', '.join(MESHES)} or none, seen {seen(mesh, 40)}", key="mesh")
        folder, out = Path(folder), list[Made]()
        self._check_kept(folder / "bill.csv")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot make the folder {seen(str(folder), 80)}: {error.strerror}", key="out") from None

        def put(name: str, data: bytes, what: str) -> None:
            (folder / name).write_bytes(data)
            out.append(Made(folder / name, len(data), what))
            advance()

        heading = self.rocket.name
        with step("drawing and writing", 2 * len(self.drawings) + len(self.solids) + 3):
            put(
                "drawings.pdf",
                pdf_bytes(self._printable(), heading, self.paper),
                f"all drawings, to print on {self.paper}",
            )
            for d in self.drawings:
                put(f"{d.key}.svg", svg_text(d, heading).encode(), d.title)
                put(f"{d.key}.dxf", dxf_text(d, heading).encode(), d.title)
            for k, s in enumerate(self.solids if mesh != "none" else (), start=1):
                put(f"mesh-{k:02d}-{s.key}.{mesh}", mesh_bytes(s, mesh), s.title)
            put("bill.csv", self._bill_csv().encode(), "bill of materials; write weighed grams into its last column")
            put("build.txt", self._build_text().encode(), "what is cut, and what is joined to what")
        return tuple(out)

    def _check_kept(self, bill: Path) -> None:
        """Refuse to write over weights that are not in this rocket."""
        if not bill.is_file():
            return
        try:
            there = read_weights(bill)
        except InputError:  # no weights in it
            return
        if any(abs(self._weights.get(path, 0.0) - mass) > 1e-9 for path, mass in there.items()):
            raise InputError(
                f"{seen(str(bill), 80)} holds weights, which would be lost: say --weighed with it, or another folder",
                key="out",
            )

    @property
    def _weights(self) -> dict[str, float]:
        """What was weighed, kg, by path."""
        return {} if self.changed is None else {path: mass for path, _, _, mass in self.changed.parts}

    def _printable(self) -> list[Drawing]:
        from downrange.formats.drawing.pdf import tiling_of

        out = []
        for d in self.drawings:
            try:
                tiling_of(d, self.paper, 12)
            except InputError:
                continue  # `unprinted` says so
            out.append(d)
        return out

    @property
    def unprinted(self) -> tuple[Told, ...]:
        """Drawings that are too large for the PDF, and why."""
        kept = {d.key for d in self._printable()}
        return tuple(
            Told(d.path, d.title, "too large for pages: its SVG and DXF are for a plotter")
            for d in self.drawings
            if d.key not in kept
        )

    def _bill_csv(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            [
                "path",
                "name",
                "part",
                "of",
                "material",
                "size",
                "count",
                "each_g",
                "total_g",
                "mass_from",
                "weighed_total_g",
            ]
        )
        for x in self.bill:
            words = [_cell(v) for v in (x.path, x.name, x.kind, x.within, x.material, x.size)]
            writer.writerow(
                [*words, x.count, f"{x.each * 1e3:.4f}", f"{x.total * 1e3:.4f}", x.how, self._weighed_cell(x.path)]
            )
        return out.getvalue()

    def _weighed_cell(self, path: str) -> str:
        return f"{self._weights[path] * 1e3:.9g}" if path in self._weights else ""

    def _build_text(self) -> str:
        lines = [plain(self.rocket.name), "", "Cut and make:"]
        lines += [
            f"  [ ] {plain(t.name, 60)}: {plain(t.words, 200)}" for t in self.told if not t.words.startswith("bought")
        ]
        lines += [f"  [ ] {d.title}: {plain(n, 200)}" for d in self.drawings if d.path for n in d.notes[:1]]
        lines += ["", "Join:", *(f"  [ ] {k}. {plain(s, 200)}" for k, s in enumerate(self.steps, start=1))]
        lines += ["", "Weigh every part before it is glued, and write the grams into bill.csv."]
        return "\n".join(lines) + "\n"

    def summary(self, files: tuple[Made, ...] = ()) -> dict[str, Any]:
        """By the keys of `--json`."""
        b = self.balance
        return {
            "rocket": self.rocket.name, "paper": self.paper,
            "files": [{"path": str(f.path), "bytes": f.bytes, "what": f.what} for f in files],
            "drawings": [
                {"key": d.key, "title": d.title, "needed": d.needed, "scale": d.scale, "path": d.path, "width_m": d.bounds[2] - d.bounds[0],
                 "height_m": d.bounds[3] - d.bounds[1]} for d in self.drawings
            ],
            "solids": [self._solid(s) for s in self.solids],
            "bill": [x.summary() for x in self.bill], "mass_from_parts_kg": self.mass, "build": list(self.steps),
            "cp_m": _finite(b.cp), "cg_m": _finite(b.cg), "mass_kg": _finite(b.mass), "static_margin_cal": _finite(b.margin), "motor": b.motor or None,
            "said": [{"path": t.path, "part": t.name, "words": t.words} for t in (*self.told, *self.unprinted)],
            "print_material": self.printing.material, "print_wall_m": self.printing.wall, "print_infill": self.printing.infill,
            "weighed": None if self.changed is None else self.changed.summary(),
        }  # fmt: skip

    def _solid(self, s: Solid) -> dict[str, Any]:
        p = self.printing
        return {
            "key": s.key, "title": s.title, "needed": s.needed, "path": s.path, "volume_m3": s.volume, "area_m2": s.area, "triangles": len(s.triangles),
            "mass_solid_kg": _finite(s.mass), "mass_in_design_kg": _finite(s.part_mass), "mass_printed_kg": s.printed(p.density, p.wall, p.infill),
            "notes": list(s.notes),
        }  # fmt: skip


def _finite(x: float) -> float | None:
    return x if isfinite(x) else None


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    shown = plain(text, 200)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown


def workshop_of(
    rocket: Rocket, launch: Launch | None = None, *, paper: str = "a4", bays: tuple[str, ...] = (), printing: Printing | None = None, units: str = "metric",
    weights: Mapping[str, float] | None = None,
) -> Workshop:  # fmt: skip
    """Draw a rocket, mesh its printed parts, and list them; nothing is written yet.

    launch: for balance with its motors. bays: couplers or tubes that hold altimeters. weights: of parts as built, by path (`read_weights`). Raises `InputError` for other paper, and for
    bays that are not there.
    """
    if paper not in PAPERS:
        raise InputError(f"paper is {' or '.join(PAPERS)}, seen {seen(paper, 40)}", key="paper")
    changed = None
    if weights:
        rocket, launch, changed = weigh(rocket, launch, weights)
    balance = balance_of(rocket, launch)
    vents, told = vents_of(rocket, bays)
    with step("drawing the parts"):
        drawings, more = drawings_of(rocket, (*balance.marks, *vents))
        whole = whole_drawing(rocket, balance, launch, paper=paper, units=units)
    with step("building the solids"):
        solids = tuple(s for i in items_of(rocket) for s in solids_of(i.part, i))
    drawings = drawings_in((_numbered(whole), *drawings), units)
    steps = tuple(words_in(s, units) for s in steps_of(rocket))
    return Workshop(
        rocket, balance, drawings, solids, bill_in(bill_of(rocket), units), steps, told_in((*told, *more), units), paper, printing or Printing(), changed  # type: ignore[arg-type]
    )  # fmt: skip


def _numbered(whole: Drawing) -> Drawing:
    from dataclasses import replace

    return replace(whole, key="00-rocket")
