"""What a rocket's coefficients are made of: by part and kind against Mach, as rows, a terminal table and figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from downrange.aero import AeroOptions, AeroTables, Method, build_aero
from downrange.errors import InputError
from downrange.flight import Launch, assumed_jet_area
from downrange.report.layout import plain_table
from downrange.rocket import Rocket
from downrange.text import plain
from downrange.units import column, in_units, number

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["Breakdown", "breakdown_figure", "breakdown_of", "breakdown_view"]

_KINDS = ("friction", "pressure", "base", "interference", "protuberance", "given")
_FOOT = (
    "CD drag coefficient, motor off and burning; CNα how strongly the air turns it straight, per radian; CP from the nose tip. Sea level; kinds power off, from geometry, on the area of the largest diameter; cal: static margin in calibres with the centre of gravity "
    "loaded, empty, or without motor. CD off and on are what a flight uses, with your own tables where you gave any."
)
_COLOURS = ("#9ec3e6", "#d9822b", "#2a6fb0", "#b48ead", "#3a8f5c", "#8a8f98")


def unit_re(mach: float) -> float:
    """Unit Reynolds number at sea level in the standard atmosphere, 1/m."""
    return mach * 340.29 / 1.4607e-5


@dataclass(frozen=True, eq=False)
class Breakdown:
    """Coefficients of `aero` at `machs`, at sea level; `centres`: places of the centre of gravity (m aft of the nose) by name."""

    aero: AeroTables
    machs: tuple[float, ...]
    centres: dict[str, float]

    def margin(self, mach: float, centre: float) -> float:
        """Static margin in calibres."""
        return (self.aero.centre_of_pressure(mach) - centre) / self.aero.reference_length

    def kind(self, kind: str, mach: float) -> float:
        """Drag of a kind, power off."""
        return sum(self.aero.part_drag(p, mach, unit_re(mach)) for p in self.aero.drags if p.kind == kind)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of drag that this rocket has."""
        return tuple(k for k in _KINDS if any(p.kind == k for p in self.aero.drags))

    def summary(self) -> list[dict[str, Any]]:
        """One row a Mach number."""
        a, out = self.aero, []
        for m in self.machs:
            row: dict[str, Any] = {
                "mach": m,
                "cd_power_off": a.drag(m, unit_re(m)),
                "cd_power_on": a.drag(m, unit_re(m), True),
            }
            row |= {f"cd_{k}": self.kind(k, m) for k in self.kinds}
            row |= {"cn_alpha_per_rad": a.normal_slope(m), "cp_m": a.centre_of_pressure(m)}
            row |= {f"margin_{k}_cal": self.margin(m, c) for k, c in self.centres.items()}
            row |= {"clp": a.roll_damping(m)}
            if self.centres:
                row["cmq"] = a.pitch_damping(m, next(iter(self.centres.values())))
            if a.sigma is not None:
                s = a.sigma
                row |= {
                    f"sigma_{k}": float(np.interp(m, a.mach, v))
                    for k, v in (("cd_relative", s.axial), ("cn_alpha_relative", s.normal), ("cp_m", s.cp))
                }
            out.append(row)
        return out

    def parts(self) -> Iterator[dict[str, Any]]:
        """One row for each part, kind and Mach number, with its method, that method's range and uncertainty."""
        for m in self.machs:
            for p in self.aero.drags:
                yield {
                    "mach": m, "part": p.name, "path": p.path, "coefficient": "CD", "kind": p.kind,
                    "power_off": self.aero.part_drag(p, m, unit_re(m)), "power_on": self.aero.part_drag(p, m, unit_re(m), True),
                    "cp_m": "", "method": p.model.name, "valid_mach": f"{p.model.mach[0]:g}-{p.model.mach[1]:g}", "sigma_relative": p.model.sigma,
                }  # fmt: skip
            for q in self.aero.lifts:
                slope = float(np.interp(m, self.aero.mach, q.slope))
                yield {
                    "mach": m, "part": q.name, "path": q.path, "coefficient": "CNa", "kind": q.kind, "power_off": slope, "power_on": slope,
                    "cp_m": float(np.interp(m, self.aero.mach, q.cp)), "method": q.model.name,
                    "valid_mach": f"{q.model.mach[0]:g}-{q.model.mach[1]:g}", "sigma_relative": q.model.sigma,
                }  # fmt: skip

    def csv(self) -> str:
        """`parts` as CSV."""
        rows, out = list(self.parts()), io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(rows[0])
        writer.writerows([f"{v:.6g}" if isinstance(v, float) else plain(v) for v in r.values()] for r in rows)
        return out.getvalue()


def breakdown_of(
    design: Rocket, launch: Launch | None, machs: tuple[float, ...], method: Method | None = None
) -> Breakdown:
    """The coefficients of a rocket, or of that of a launch with its centres of gravity, motor and tables.

    `method` of the normal force, instead of the launch's. Raises `InputError` where the geometry has no aerodynamics.
    """
    options, centres = AeroOptions(), {}
    if launch is not None:
        jet = launch.motor.nozzle_exit_area or assumed_jet_area(launch.motor.diameter)
        options, centres = launch.aero, {"loaded": float(launch.loaded.cg[0]), "empty": float(launch.dry.cg[0])}
    else:
        jet = assumed_jet_area(2 * design.motor_mount.at.inner if design.motor_mount else 0.0)
        with suppress(InputError):  # without materials there is no centre
            centres = {"no motor": float(design.without_motor.cg[0])}
    options = options if method is None else replace(options, method=method)
    aero = build_aero(design, mach_max=max(*machs, 0.5), jet_area=jet, options=options)
    return Breakdown(aero, machs, centres)


def breakdown_view(b: Breakdown, units: str = "metric") -> RenderableType:
    """For the terminal: totals and kinds against Mach, then the parts at one Mach number."""
    a, sigma = b.aero, b.aero.sigma
    x_, x = column("small size", units)
    short = {"interference": "junction", "protuberance": "lugs"}
    error = ("±1σ",) if sigma else ()
    table = plain_table("Mach", "CD off", *error, "CD on", "CNα", f"CP, {x_}", *error, *(f"cal {k}" for k in b.centres))
    shares = plain_table("CD by kind, Mach", *(short.get(k, k) for k in b.kinds))
    for m in b.machs:
        cd = a.drag(m, unit_re(m))
        cells = [f"{m:g}", f"{cd:.3f}"]
        if sigma:
            cells.append(f"{cd * float(np.interp(m, a.mach, sigma.axial)):.3f}")
        cells += [f"{a.drag(m, unit_re(m), True):.3f}", f"{a.normal_slope(m):.2f}", number(x * a.centre_of_pressure(m))]
        if sigma:
            cells.append(number(x * float(np.interp(m, a.mach, sigma.cp)), 2))
        table.add_row(*cells, *(f"{b.margin(m, c):.2f}" for c in b.centres.values()))
        shares.add_row(f"{m:g}", *(f"{b.kind(k, m):.3f}" for k in b.kinds))
    m = b.machs[0]
    parts = plain_table(f"At Mach {m:g}", "CD", "share", "CNα", f"CP, {x_}")
    total = max(a.drag(m, unit_re(m)), 1e-9)
    names = dict.fromkeys([(p.path, p.name) for p in a.drags] + [(q.path, q.name) for q in a.lifts])
    seen: set[str] = set()
    for path, name in names:
        if path in seen:
            continue
        seen.add(path)
        cd = sum(a.part_drag(p, m, unit_re(m)) for p in a.drags if p.path == path)
        lifts = [q for q in a.lifts if q.path == path]
        slope = sum(float(np.interp(m, a.mach, q.slope)) for q in lifts)
        cp = number(x * float(np.interp(m, a.mach, lifts[0].cp))) if lifts and abs(slope) > 1e-3 else ""
        parts.add_row(name, f"{cd:.3f}", f"{100 * cd / total:.0f} %", f"{slope:.2f}" if lifts else "", cp)
    notes = [Text.assemble(("! ", "yellow"), in_units(n, units)) for n in a.notes]
    return Group(table, Text(""), shares, Text(""), parts, *notes, Text(_FOOT, style="dim"))


def breakdown_figure(b: Breakdown) -> PlainFigure:
    """Drag by kind and by part, normal force by part, centre of pressure and margins against Mach number."""
    from downrange.report.figures import new_figure

    a = b.aero
    fig, (kinds, parts, normal, place) = new_figure(4, (8, 11))
    mach = a.mach[1:]
    kinds.stackplot(
        mach, [[b.kind(k, m) for m in mach] for k in b.kinds], labels=b.kinds,
        colors=[_COLOURS[_KINDS.index(k)] for k in b.kinds], alpha=0.8,
    )  # fmt: skip
    total = np.array([a.drag(m, unit_re(m)) for m in mach])
    kinds.plot(mach, total, color="black", lw=1.4, label="used, power off")
    kinds.plot(
        mach, [a.drag(m, unit_re(m), True) for m in mach], color="black", lw=1.1, ls="--", label="used, power on"
    )
    if a.sigma is not None:
        wide = a.sigma.axial[1:] * total
        kinds.fill_between(mach, total - wide, total + wide, color="black", alpha=0.10, lw=0, label="± 1 σ")
    kinds.set(ylabel="drag coefficient", title="Drag by kind, sea level")
    names: dict[str, np.ndarray] = {}
    for p in a.drags:
        names[p.name] = names.get(p.name, np.zeros_like(mach)) + np.array([a.part_drag(p, m, unit_re(m)) for m in mach])
    for name, value in sorted(names.items(), key=lambda v: -v[1].max())[:8]:
        parts.plot(mach, value, lw=1.3, label=name)
    parts.set(ylabel="drag coefficient", title="Drag by part")
    for q in a.lifts:
        normal.plot(mach, q.slope[1:], lw=1.2, label=q.name)
    normal.plot(mach, a.a0[1:], color="black", lw=1.4, label="all")
    normal.set(ylabel="CNα, per radian", title="Normal force")
    cp = np.array([a.centre_of_pressure(m) for m in mach])
    place.plot(mach, cp, color="#3a8f5c", label="centre of pressure")
    if a.sigma is not None:
        place.fill_between(mach, cp - a.sigma.cp[1:], cp + a.sigma.cp[1:], color="#3a8f5c", alpha=0.15, lw=0)
    for (name, centre), style in zip(b.centres.items(), ("-", "--", ":"), strict=False):
        place.axhline(centre, color="#d9822b", ls=style, label=f"centre of gravity, {name}")
        place.axhline(
            centre + a.reference_length,
            color="#8a8f98",
            lw=0.8,
            ls=style,
            label="one calibre behind it" if style == "-" else None,
        )
    place.set(ylabel="aft of the nose, m", xlabel="Mach number", title="Stability")
    for ax in (kinds, parts, normal, place):
        ax.set_xlim(0, mach[-1])
        ax.legend(frameon=False, fontsize=7, ncols=4, loc="best")
    for ax in (kinds, parts):
        ax.set_ylim(bottom=0)
    kinds.set_ylim(top=1.25 * float(total.max()))
    return fig
