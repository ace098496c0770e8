"""The whole rocket on one sheet: side view, lengths and diameters, where it balances and where the air pushes."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from downrange.design.workshop.drawing import Circle, Drawing, Line, Shape, cross, dimension, mm, note
from downrange.design.workshop.guides import Mark
from downrange.errors import InputError
from downrange.flight import Launch
from downrange.formats.drawing.pdf import tiling_of
from downrange.report.side_view import reach_of, side_view
from downrange.rocket import Rocket, called
from downrange.text import plain
from downrange.units import display

__all__ = ["Balance", "balance_of", "whole_drawing"]

_SCALES = (1, 2, 2.5, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
_KINDS = {"body": "cut", "fin": "cut", "inside": "hidden", "motor": "hidden"}


@dataclass(frozen=True)
class Balance:
    """Where a rocket balances and where the air pushes: m aft of the nose tip, NaN where that is not known; mass in kg.

    `loaded` and `mass`: on the pad with its motors, or without a motor where `motor` is empty; `margin` in calibres.
    """

    cp: float
    cg: float
    mass: float
    margin: float
    motor: str
    dry_cg: float = float("nan")

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is marked on the body."""
        when = "loaded" if self.motor else "no motor"
        said = (("CP, computed", self.cp), (f"CG, {when}", self.cg))
        return tuple(Mark(f"{name}: {mm(x, 1)} from the tip", x, x) for name, x in said if isfinite(x))


def balance_of(rocket: Rocket, launch: Launch | None) -> Balance:
    """Where a rocket balances: by the same definitions as `downrange check`; without a launch from its geometry at Mach 0.3."""
    from downrange.flight import compile_launch
    from downrange.flight.quantities import Standing
    from downrange.report.breakdown import breakdown_of

    if launch is not None:
        s = Standing(compile_launch(launch))
        cg, motor = float(s.loaded.cg[0]), " + ".join(dict.fromkeys(m.motor.designation for m in launch.motors))
        return Balance(s.cp, cg, s.loaded.mass, s.margin(s.cp, cg), motor, float(s.dry.cg[0]))
    cp = cg = mass = float("nan")
    try:
        cp = breakdown_of(rocket, None, (0.3,)).aero.centre_of_pressure(0.3)
        body = rocket.without_motor
        cg, mass = float(body.cg[0]), body.mass
    except InputError:  # a bare tube has no centre of pressure, a design without materials no mass
        pass
    return Balance(cp, cg, mass, (cp - cg) / rocket.diameter, "")


def whole_drawing(
    rocket: Rocket, balance: Balance, launch: Launch | None, *, paper: str = "a4", units: str = "metric"
) -> Drawing:
    """The sheet, at the largest usual scale at which it fits the paper."""
    for scale in _SCALES:
        drawing = _at_scale(rocket, balance, launch, scale, units)
        lines = 1 + sum(1 + len(n) // 110 for n in drawing.notes)
        x0, y0, x1, y1 = drawing.bounds
        if max(x1 - x0, y1 - y0) / scale < 0.5 and tiling_of(drawing, paper, lines).pages == 1:
            return drawing
    raise InputError(f"a rocket of {rocket.length:.0f} m does not fit a sheet at 1:{_SCALES[-1]}", key="parts")


def _at_scale(rocket: Rocket, balance: Balance, launch: Launch | None, scale: float, units: str) -> Drawing:
    shapes = _outline(rocket, launch)
    reach, k = reach_of(rocket), scale
    low = -reach
    bodies = [q for q in rocket.placed if q.depth == 0]
    for n, q in enumerate(bodies):
        shapes += dimension((q.front, low), (q.aft, low), -0.006, scale=k)
        shapes.append(
            note(
                (0.5 * (q.front + q.aft), low - (0.013 + 0.0035 * (n % 2)) * k),
                plain(called(q.part), 40),
                height=0.0024,
            )
        )
    shapes += dimension((0.0, low), (rocket.length, low), -0.022, scale=k)
    shapes += _diameters(rocket, k)
    shapes.append(Line(((-0.006 * k, 0.0), (rocket.length + 0.006 * k, 0.0)), "centre"))
    shapes += _balanced(balance, reach, k)
    return Drawing("rocket", "The whole rocket", tuple(shapes), 1, _title_block(rocket, balance, units), "", scale)


def _outline(rocket: Rocket, launch: Launch | None) -> list[Shape]:
    taken = side_view(rocket)
    for f in () if launch is None else launch.filled:
        half = f.motor.diameter / 2
        taken.fill_between([f.x - f.motor.length, f.x], f.tube.y - half, f.tube.y + half)
        taken.shapes[-1]["kind"] = "motor"
    out: list[Shape] = []
    for s in taken.shapes:
        points = tuple((float(x), float(y)) for x, y in s["points"])
        if s["kind"] == "mark":
            out.append(note(points[0], "∩", height=0.004))
        else:
            out.append(Line(points, _KINDS[s["kind"]], closed=True))  # type: ignore[arg-type]
    return out


def _diameters(rocket: Rocket, k: float) -> list[Shape]:
    """Each diameter once, at the aft end of what has it, and the span over the fins behind."""
    shapes: list[Shape] = []
    told: set[float] = set()
    for q in (p for p in rocket.placed if p.depth == 0):
        for x, r in ((q.front, q.at.outer), (q.aft, q.at.aft_outer)):
            if r > 0 and round(r, 5) not in told:
                told.add(round(r, 5))
                inside = x - 0.004 * k if x > 0.5 * (q.front + q.aft) else x + 0.004 * k
                shapes += dimension((inside, r), (inside, -r), 0.0005, text="Ø ", scale=k)
    reach = reach_of(rocket)
    if reach > 0.5 * rocket.diameter * 1.01:
        x = rocket.length
        shapes += dimension((x, 0.0), (x, reach), -0.010, scale=k)
    return shapes


def _balanced(b: Balance, reach: float, k: float) -> list[Shape]:
    """The usual signs: a quartered circle where it balances, a circle with a point where the air pushes; words above."""
    shapes: list[Shape] = []
    for n, (name, x) in enumerate((("CG", b.cg), ("CP", b.cp))):
        if not isfinite(x):
            continue
        r = 0.002 * k
        shapes.append(Circle((x, 0.0), r, "cut"))
        shapes += cross((x, 0.0), r, "cut") if name == "CG" else (Circle((x, 0.0), 0.25 * r, "cut"),)
        top = reach + (0.006 + 0.006 * n) * k
        shapes.append(Line(((x, r), (x, top)), "mark"))
        shapes.append(note((x, top + 0.001 * k), f"{name} {mm(x, 1)}"))
    return shapes


def _title_block(rocket: Rocket, b: Balance, units: str) -> tuple[str, ...]:
    def u(value: float, kind: str) -> str:
        if not np.isfinite(value):
            return "-"
        return mm(value, 1) if kind == "size" and units == "metric" else display(value, kind, units)

    with_ = f"with {plain(b.motor, 40)}" if b.motor else "without a motor"
    margin = f"{b.margin:.2f} calibres" if isfinite(b.margin) else "-"
    return (
        f"Length {u(rocket.length, 'size')}, largest diameter {u(rocket.diameter, 'size')}, mass {u(b.mass, 'mass')} {with_}.",
        f"From the nose tip: CG {u(b.cg, 'size')} {with_}, CP {u(b.cp, 'size')} (Mach 0.3): margin {margin}. Drawn in millimetres.",
    )
