"""The scorecard: our coefficients beside published wind-tunnel and free-flight measurements, and the peers'.

Every row of every table is shown. The models are described like any rocket; tunnels have adiabatic walls, flights cold ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from downrange.aero import AeroOptions, AeroTables, Method, build_aero
from downrange.aero.bodies import body_flow, nose_by_march
from downrange.aero.cones import cone_flow, solve
from downrange.aero.noses import CURVES
from downrange.report import measured as data
from downrange.report.layout import plain_table
from downrange.rocket import BodyTube, Measured, NoseCone, Rocket, Transition, TrapezoidalFins
from downrange.rocket.parts import ShapeName

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = [
    "Row",
    "Table",
    "arcas",
    "finner",
    "hb2",
    "scorecard",
    "scorecard_figure",
    "scorecard_rows",
    "scorecard_view",
]

_IN = 0.0254
_CALIBRE = 0.03  # of the Finner models, m


@dataclass(frozen=True)
class Row:
    """One measurement beside ours; `error` is relative, or absolute in the table's unit."""

    mach: float
    measured: float
    ours: float
    peer: float | None
    error: float


@dataclass(frozen=True)
class Table:
    """One quantity of one model: `limit` on the mean absolute error (or, if `each`, on every row's) that was asked for."""

    name: str
    quantity: str
    source: str
    rows: tuple[Row, ...]
    limit: float
    each: bool = False
    unit: str = "%"
    peer: str = ""

    @property
    def mean(self) -> float:
        """Mean absolute error."""
        return float(np.mean([abs(r.error) for r in self.rows]))

    @property
    def bias(self) -> float:
        """Mean error."""
        return float(np.mean([r.error for r in self.rows]))

    @property
    def worst(self) -> float:
        """Largest absolute error."""
        return max(abs(r.error) for r in self.rows)

    def summary(self) -> dict[str, Any]:
        """Name and errors, for JSON."""
        return {
            "model": self.name, "quantity": self.quantity, "source": self.source, "rows": len(self.rows), "mean_error": self.mean,
            "bias": self.bias, "worst": self.worst, "unit": self.unit, "aim": self.limit, "aim_on": "each" if self.each else "mean", "met": self.met,
        }  # fmt: skip

    @property
    def met(self) -> bool:
        """Whether the limit holds."""
        return (self.worst if self.each else self.mean) <= self.limit


def arcas() -> Rocket:
    """ARCAS Robin, short. The nose's table lies between a cone and a tangent ogive; the lip behind the boat-tail is left out."""
    fins = TrapezoidalFins(
        count=4, root_chord=3.38 * _IN, tip_chord=2.165 * _IN, span=2.103 * _IN, sweep=1.215 * _IN, thickness=0.044 * 2.83 * _IN,
        section="double wedge", position="absolute", offset=37.3 * _IN,
    )  # fmt: skip
    nose = NoseCone(
        shape="ogive", shape_parameter=0.57, length=9.375 * _IN, diameter=2.25 * _IN, tip_radius=0.062 * _IN
    )
    tube = BodyTube(length=(40.95 - 1.757 - 9.375) * _IN, wall=0.001, parts=(fins,))
    return Rocket(
        "ARCAS Robin, short", (nose, tube, Transition(length=1.757 * _IN, aft_diameter=1.308 * _IN)), "polished"
    )


def finner(edge: float = 0.0) -> Rocket:
    """The Basic Finner of 30 mm; `edge`: radius of its fins' leading edges in calibres."""
    d = _CALIBRE
    fins = TrapezoidalFins(
        count=4,
        root_chord=d,
        tip_chord=d,
        span=d,
        sweep=0,
        thickness=0.08 * d,
        section="wedge",
        position="bottom",
        leading_edge_radius=edge * d,
    )
    nose = NoseCone(shape="conical", length=2.836 * d, diameter=d)
    body = BodyTube(length=7.164 * d, wall=0.001, parts=(fins,))
    return Rocket("Basic Finner", (nose, body), "polished", Measured(mass=1.5894, cg=5.5 * d))


def hb2() -> Rocket:
    """AGARD's HB-2 of 100 mm: a sphere of 0.3 d and a cone of 25°, a shoulder of radius 0.7 d, a tube, a flare of 10° behind a fairing of 4 d to
    1.6 d, 4.9 d long. The fairing, which bends the wrong way for a transition, is four straight ones."""
    d, cone, flare, tip, shoulder, fairing = 0.1, np.radians(25), np.radians(10), 0.3, 0.7, 4.0
    joint = 0.5 - shoulder * (1 - np.cos(cone))
    nose = tip * (1 - np.sin(cone)) + (joint - tip * np.cos(cone)) / np.tan(cone)
    angles = flare * np.arange(5) / 4
    at, radius = fairing * np.sin(angles), 0.5 + fairing * (1 - np.cos(angles))
    at, radius = np.append(at, at[-1] + (0.8 - radius[-1]) / np.tan(flare)), np.append(radius, 0.8)
    round_shoulder = Transition(
        shape="ogive", length=shoulder * np.sin(cone) * d, fore_diameter=2 * joint * d, aft_diameter=d
    )
    tube = BodyTube(length=(4.9 - at[-1] - nose) * d - round_shoulder.length, wall=0.001)
    flares = [
        Transition(length=float(x) * d, fore_diameter=2 * float(a) * d, aft_diameter=2 * float(b) * d)
        for x, a, b in zip(np.diff(at), radius[:-1], radius[1:], strict=True)
    ]
    front = NoseCone(shape="conical", length=nose * d, diameter=2 * joint * d, tip_radius=tip * d)
    return Rocket("AGARD HB-2", (front, round_shoulder, tube, *flares), "polished")


def _relative(
    rows: list[tuple[float, float]], ours: np.ndarray, peer: dict[float, float] | None = None
) -> tuple[Row, ...]:
    return tuple(
        Row(m, v, float(x), (peer or {}).get(m), 100 * (float(x) / v - 1)) for (m, v), x in zip(rows, ours, strict=True)
    )


def _interpolated(rows: list[tuple[float, float]], at: list[float]) -> dict[float, float]:
    x, y = zip(*rows, strict=True)
    return {m: float(np.interp(m, x, y)) for m in at if x[0] - 0.02 <= m <= x[-1] + 0.02}


def _arcas_tables(aero: AeroTables) -> Iterator[Table]:
    length, re = 40.95 * _IN, data.ARCAS_UNIT_RE
    total = [m for m, _ in data.ARCAS_CA_TOTAL]
    tunnel = "NASA TN D-4013 and D-4014"
    base = next(p for p in aero.drags if p.path == "base")
    ours = []
    for m, _ in data.ARCAS_CA_FOREBODY:
        ours.append(aero.drag(m, re) - aero.part_drag(base, m, re))
    near = [v for v in zip(data.ARCAS_CA_FOREBODY, ours, strict=True) if 0.9 <= v[0][0] <= 1.15]
    far = [v for v in zip(data.ARCAS_CA_FOREBODY, ours, strict=True) if not 0.9 <= v[0][0] <= 1.15]
    for part, limit, name in ((far, 10, "CA without base"), (near, 15, "CA without base, Mach 0.9-1.15")):
        yield Table(
            "ARCAS Robin", name, tunnel, _relative([v[0] for v in part], np.array([v[1] for v in part])), limit, True
        )
    theirs = _interpolated(data.ARCAS_CA_OPENROCKET, total)
    rows = _relative(data.ARCAS_CA_TOTAL, np.array([aero.drag(m, re) for m in total]), theirs)
    yield Table("ARCAS Robin", "CA", tunnel, rows, 10, True, peer="OpenRocket")
    theirs = _interpolated(data.ARCAS_CP_OPENROCKET, [m for m, _ in data.ARCAS_CP if m > 1.2])
    cp = [(m, v, 100 * aero.centre_of_pressure(m) / length) for m, v in data.ARCAS_CP]
    rows = tuple(Row(m, v, x, theirs.get(m), x - v) for m, v, x in cp)
    yield Table("ARCAS Robin", "CP, % of length", tunnel, rows, 3, True, "% L", "OpenRocket")
    slopes, fitted = [], []
    for m, points in data.ARCAS_CN.items():
        alpha, cn = np.radians([p[0] for p in points]), np.array([p[1] for p in points])
        slopes.append((m, float(np.polyfit(alpha, cn, 1)[0])))
        fitted.append(float(np.polyfit(alpha, [aero.normal_force(m, float(a)) for a in alpha], 1)[0]))
    yield Table(
        "ARCAS Robin", "CNα, slope of five points to ±4°", tunnel, _relative(slopes, np.array(fitted)), 12, True
    )


def _finner_tables(aero: AeroTables) -> Iterator[Table]:
    d, source = _CALIBRE, "DREV-TM-9703, free flight"
    rows = np.array(data.FINNER)[:-2]
    mach, cx, cn, cma, cmq, clp = rows.T
    slope, cp = np.array([aero.normal_slope(m) for m in mach]), np.array([aero.centre_of_pressure(m) for m in mach]) / d
    damp = np.array([aero.pitch_damping(m, 5.5 * d) for m in mach])
    roll = np.array([aero.roll_damping(m) for m in mach])
    drag = np.array([aero.drag(m, m * 340.3 / 1.46e-5) for m in mach])
    for name, theirs, ours, limit in (
        ("Cx0", cx, drag, 6), ("CNα", cn, slope, 6), ("Cmq + Cmα̇", cmq, damp, 15), ("Clp", clp, roll, 10),
    ):  # fmt: skip
        yield Table("Basic Finner", name, source, _relative(list(zip(mach, theirs, strict=True)), ours), limit)
    blunt = build_aero(finner(edge=0.004), mach_max=5.0)
    ours = np.array([blunt.drag(m, m * 340.3 / 1.46e-5) for m in mach])
    name = "Cx0, were the fins' edges round by 0.004 cal"  # as drawings of the model have it; the table used here says nothing
    yield Table("Basic Finner", name, source, _relative(list(zip(mach, cx, strict=True)), ours), 6)
    place = 5.5 - cma / cn
    yield Table(
        "Basic Finner", "CP, calibres", source,
        tuple(Row(m, v, x, None, x - v) for m, v, x in zip(mach, place, cp, strict=True)), 0.3, unit="cal",
    )  # fmt: skip
    rolls = np.array([aero.roll_damping(m) for m, _ in data.FINNER_CLP_NAVORD])
    yield Table("Basic Finner", "Clp", "NAVORD Report 6652", _relative(data.FINNER_CLP_NAVORD, rolls), 10)
    ablated = np.array(data.FINNER)[-2:]
    yield Table(
        "Basic Finner", "Cx0, the two shots with ablated fins", source,
        _relative([(m, c) for m, c in ablated[:, :2]], np.array([aero.drag(m, m * 340.3 / 1.46e-5) for m in ablated[:, 0]])), 100,
    )  # fmt: skip


def _hb2_tables(aero: AeroTables) -> Iterator[Table]:
    base, tube = next(p for p in aero.drags if p.path == "base"), aero.reference_length**2 / 0.1**2
    slow = [(m, re / 0.1, ca, cn) for m, re, ca, cn in data.HB2_VTI]
    fast = [(m, re / 0.1, ca, float(np.degrees(cn))) for m, re, ca, cn, _ in data.HB2_AEDC]
    for rows, span, source, limits in (
        (slow, "Mach 0.7-1.4", "VTI, Aerospace 12, 131 (2025)", (100.0, 100.0)),
        (fast[:1], "Mach 1.5", "AEDC-TDR-64-137", (100.0, 100.0)),
        (fast[1:], "Mach 2-8", "AEDC-TDR-64-137", (7.0, 12.0)),
    ):
        ours = np.array([tube * (aero.drag(m, re) - aero.part_drag(base, m, re)) for m, re, _, _ in rows])
        measured = [(m, ca) for m, _, ca, _ in rows]
        yield Table("AGARD HB-2", f"CA without base, {span}", source, _relative(measured, ours), limits[0], True)
        ours = np.array([tube * aero.normal_slope(m) for m, *_ in rows])
        yield Table(
            "AGARD HB-2", f"CNα, {span}", source, _relative([(m, cn) for m, *_, cn in rows], ours), limits[1], True
        )
    places = [(m, cp, 100 * aero.centre_of_pressure(m) / 0.49) for m, *_, cp in data.HB2_AEDC]
    by_place = tuple(Row(m, v, x, None, x - v) for m, v, x in places)
    yield Table("AGARD HB-2", "CP, % of length", "AEDC-TDR-64-137", by_place, 100, unit="% L")


def _nose_tables() -> Iterator[Table]:
    """TR R-100's noses at fineness 3: as we give their drag, and what shock expansion says without the report.

    Errors are of the value, or of 0.0833 where it is less: 12 % of that is the 0.01 that the graphs can be read to.
    """
    alone: list[Row] = []
    for (family, parameter), (machs, values) in CURVES.items():
        nose = NoseCone(shape=cast(ShapeName, family), shape_parameter=parameter or 0.0, length=0.3, diameter=0.1)
        rocket = Rocket("nose", (nose, BodyTube(length=0.7, wall=0.001)))
        ours = body_flow(rocket, np.array(machs))[0].drag
        rows = tuple(
            Row(m, v, float(x), None, 100 * (float(x) - v) / max(v, 0.0833))
            for m, v, x in zip(machs, values, ours, strict=True)
        )
        name = family if family == "ellipsoid" else f"{family} {parameter:.2g}"
        yield Table(
            f"Nose of fineness 3: {name}", "pressure drag, read from the report", "NASA TR R-100", rows, 12, True
        )
        fast = [(m, v) for m, v in zip(machs, values, strict=True) if m >= 1.3]
        theory = nose_by_march(family, parameter, np.array([m for m, _ in fast]))
        alone += [
            Row(m, v, float(x), None, 100 * (float(x) - v) / max(v, 0.0833))
            for (m, v), x in zip(fast, theory, strict=True)
        ]
    yield Table("Noses of fineness 3, all", "pressure drag by shock expansion alone", "NASA TR R-100", tuple(alone), 12)


def _cone_table() -> Table:
    """Cones on a tube by the march, against the exact flow solved here."""
    rows = []
    for angle in (5, 10, 15, 20):
        length = 0.05 / np.tan(np.radians(angle))
        rocket = Rocket(
            "cone", (NoseCone(shape="conical", length=length, diameter=0.1), BodyTube(length=0.7, wall=0.001))
        )
        for mach in (1.5, 2.0, 3.0, 4.5):
            exact = solve(mach, float(np.radians(angle)))
            assert exact is not None and cone_flow(mach, np.radians(angle)) is not None
            ours = float(body_flow(rocket, np.array([mach]))[0].drag[0])
            rows.append(Row(mach, exact.pressure, ours, None, 100 * (ours / exact.pressure - 1)))
    return Table("Cones of 5, 10, 15, 20°", "pressure drag", "Taylor and Maccoll, solved here", tuple(rows), 2.5, True)


@lru_cache(maxsize=2)
def scorecard(method: Method = "full") -> tuple[Table, ...]:
    """All tables."""
    tunnel = build_aero(arcas(), mach_max=5.0, options=AeroOptions(method=method, wall="adiabatic"))
    flight = build_aero(finner(), mach_max=5.0, options=AeroOptions(method=method))
    flared = build_aero(hb2(), mach_max=8.0, options=AeroOptions(method=method, wall="adiabatic"))
    return (*_arcas_tables(tunnel), *_finner_tables(flight), *_hb2_tables(flared), _cone_table(), *_nose_tables())


def scorecard_rows(tables: tuple[Table, ...]) -> list[dict[str, Any]]:
    """Every row of every table."""
    return [
        {
            "model": t.name, "quantity": t.quantity, "source": t.source, "mach": round(r.mach, 4), "measured": round(r.measured, 5),
            "downrange": round(r.ours, 5), "error": round(r.error, 3), "error_unit": t.unit, "peer": t.peer if r.peer is not None else "",
            "peer_value": None if r.peer is None else round(r.peer, 4),
        }
        for t in tables for r in t.rows
    ]  # fmt: skip


def scorecard_view(tables: tuple[Table, ...]) -> RenderableType:
    """For the terminal: one line a table."""
    table = plain_table("Model", "quantity", "rows", "mean error", "bias", "worst", "aim", "", words=(1,))
    for t in tables:
        u = t.unit if t.unit == "%" else f" {t.unit}"
        table.add_row(
            t.name, t.quantity, str(len(t.rows)), f"{t.mean:.2g}{u}", f"{t.bias:+.2g}{u}", f"{t.worst:.2g}{u}",
            "" if t.limit >= 100 else f"{t.limit:g}{u} {'each' if t.each else 'mean'}", "" if t.limit >= 100 else "✓" if t.met else "✗",
        )  # fmt: skip
    text = "Sources, every row and the peers' values: --json, --out file.csv, or the validation page."
    return Group(table, Text(text, style="dim"))


def scorecard_figure(tables: tuple[Table, ...]) -> PlainFigure:
    """Measured, ours and the peer's against Mach number, for the tables of the ARCAS Robin and the Basic Finner."""
    from downrange.report.figures import new_figure

    shown: dict[tuple[str, str], list[Table]] = {}
    for t in tables:
        if t.name in ("ARCAS Robin", "Basic Finner") and t.limit < 100 and "were" not in t.quantity:
            shown.setdefault(
                (t.name, t.quantity.split(",")[0] if "CA without" in t.quantity else t.quantity), []
            ).append(t)
    rows = (len(shown) + 1) // 2
    fig, panels = new_figure(rows, (11, 2.4 * rows), columns=2)
    for ax in panels[len(shown) :]:
        ax.set_axis_off()
    for ax, ((name, quantity), group) in zip(panels, shown.items(), strict=False):
        for t, mark in zip(group, ("o", "s"), strict=False):
            label = t.source if t.quantity != "CA without base, Mach 0.9-1.15" else None
            ax.plot(
                [r.mach for r in t.rows],
                [r.measured for r in t.rows],
                "o" if "CA w" in t.quantity else mark,
                color="black",
                ms=3.5,
                label=label,
            )
            peer = [(r.mach, r.peer) for r in t.rows if r.peer is not None]
            if peer:
                ax.plot(*zip(*peer, strict=True), color="#d9822b", lw=1.2, ls="--", label=t.peer)
        ours = sorted((r.mach, r.ours) for t in group for r in t.rows)
        ax.plot(*zip(*ours, strict=True), color="#2a6fb0", lw=1.5, label="downrange")
        ax.set(title=f"{name}: {quantity}")
        ax.legend(frameon=False, fontsize=7)
        ax.set_xlabel("Mach number")
    return fig
