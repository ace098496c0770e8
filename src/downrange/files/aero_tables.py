"""Coefficient tables of other programs: RASAero II, OpenRocket and DATCOM exports as CSV, and a plain one.

What is read, by the names of the columns (case, spaces and marks do not matter, units stand in the name):

* RASAero II, run with "Aero Plots": Mach, Alpha, CD Power-Off, CD Power-On, CNalpha (per rad), CP (inches);
* OpenRocket, simulation or component analysis: Mach number, drag coefficient, CP location (cm, in, m, mm), thrust where it is there;
* DATCOM: MACH, ALPHA (degrees), CA or CD, CN, CM, CNA; the centre of pressure follows from CM and CN where you say about which point
  and on which length they are;
* plain: mach, cd or cd_power_off, cd_power_on, cn_alpha_per_rad or cn_alpha_per_deg, cp_m (or cp_mm, cp_cm, cp_in).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from downrange.errors import InputError
from downrange.files.reading import guarded
from downrange.files.tables import read_text
from downrange.tables import Table1D

__all__ = ["ForeignTable", "read_aero_table"]

_UNITS = {"m": 1.0, "mm": 1e-3, "cm": 1e-2, "in": 0.0254, "inch": 0.0254, "inches": 0.0254, "ft": 0.3048}


@dataclass(frozen=True)
class ForeignTable:
    """What a table holds; None for what it does not. `kind`: rasaero, openrocket, datcom or plain."""

    kind: str
    drag_off: Table1D | None = None
    drag_on: Table1D | None = None
    normal_slope: Table1D | None = None
    centre_of_pressure: Table1D | None = None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower().replace("α", "alpha")).strip("_")


def _columns(path: Path) -> tuple[list[str], np.ndarray, str]:
    """Names (as written), values (rows, columns; NaN for empty cells) and the head of the file."""
    text = read_text(path)
    rows = [r for r in csv.reader(text.splitlines()) if any(c.strip() for c in r)]
    names: list[str] = []
    body: list[list[float]] = []
    for row in rows:
        cells = [c.strip() for c in row]
        head = [cells[0].lstrip("#").strip(), *cells[1:]]
        if len(head) >= 2 and any(re.match(r"mach\b", c.lower()) for c in head):
            names, body = head, []
            continue
        if cells[0].startswith("#") or not names:
            continue
        values = [_number(c) for c in cells[: len(names)]] + [float("nan")] * (len(names) - len(cells))
        if np.isfinite(values).any():
            body.append(values)
    if not names:
        raise InputError("no column is called Mach: is this a table of coefficients?", file=str(path))
    if not body:
        raise InputError("the table has a heading but no rows", file=str(path))
    return names, np.array(body), text[:400].lower()


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _over_mach(mach: np.ndarray, value: np.ndarray, name: str, keep: np.ndarray) -> Table1D | None:
    """A table over Mach from rows in any order; rows of one Mach number (to 0.001) are averaged."""
    good = keep & np.isfinite(mach) & np.isfinite(value)
    if not good.any():
        return None
    at = np.round(mach[good], 3)
    machs = np.unique(at)
    return Table1D(machs, np.array([value[good][at == m].mean() for m in machs]), name)


def _length_unit(name: str, fallback: str) -> float:
    found = re.search(r"\(([^)]*)\)", name)
    unit = (found.group(1) if found else _plain(name).rsplit("_", 1)[-1]).strip().lower()
    return _UNITS.get(unit, _UNITS[fallback])


@guarded("a table of coefficients")
def read_aero_table(
    path: str | Path, *, moment_centre: float | None = None, reference_length: float | None = None
) -> ForeignTable:
    """Read a table of coefficients of another program. `moment_centre` (m aft of the nose tip) and `reference_length` (m): of CM in DATCOM.

    Raises `InputError` with file and what was missing.
    """
    path = Path(path)
    names, z, head = _columns(path)
    keys = [_plain(n) for n in names]

    def find(*wanted: str) -> int | None:
        return next((i for w in wanted for i, k in enumerate(keys) if re.fullmatch(w, k)), None)

    def column(index: int | None) -> np.ndarray | None:
        return None if index is None else z[:, index]

    mach = z[:, find(r"mach(_number)?.*") or 0]
    alpha = column(find("alpha(_deg.*)?", "aoa.*", "angle_of_attack.*"))
    kind = "plain"
    if find("cd_power_off") is not None and find("cn_potential", "cnalpha.*", "reynolds_number") is not None:
        kind = "rasaero"
    elif "openrocket" in head or find("drag_coefficient.*", "cp_location.*") is not None:
        kind = "openrocket"
    elif alpha is not None and find("cn") is not None and find("cm", "ca") is not None:
        kind = "datcom"
    vertical = find(r"vertical_velocity.*")
    level = np.ones(len(z), bool)
    if vertical is not None:  # a simulation: what it flew through, before apogee, while the coefficients mean something
        falling = np.flatnonzero(z[:, vertical] < 0)
        level = (np.arange(len(z)) < (falling[0] if falling.size else len(z))) & (mach > 0.03)
    elif alpha is not None:
        level = np.abs(alpha) <= np.nanmin(np.abs(alpha)) + 1e-6
    thrust = column(find("thrust.*"))
    coasting = np.ones(len(z), bool) if thrust is None else ~(thrust > 0)
    off = column(find("cd_power_off", "cd_off", "ca_power_off", "drag_coefficient.*", "cd_total.*", "cd", "ca", "cd0"))
    on = column(find("cd_power_on", "cd_on", "ca_power_on"))
    slope = column(find(r"cn_?alpha.*rad", r"cnalpha.*", "cna_per_rad"))
    per_degree = column(find(r"cn_?alpha.*deg", "cna", "cna_per_deg"))
    if slope is None and per_degree is not None:
        slope = per_degree * 180 / np.pi
    cn, cm = column(find("cn")), column(find("cm"))
    if slope is None and cn is not None and alpha is not None:
        slope = _slopes(mach, alpha, cn)
    place_at = find(r"cp(_\d_to.*)?", r"cp_location.*", r"cp_(m|mm|cm|in)", r"cp_(m|mm|cm|in)_.*")
    place = column(place_at)
    if place is not None and place_at is not None:
        place = place * _length_unit(names[place_at], "in" if kind == "rasaero" else "m")
    elif cm is not None and cn is not None and alpha is not None and moment_centre is not None:
        if reference_length is None:
            raise InputError("with moment_centre, CM needs reference_length too", file=str(path))
        with np.errstate(divide="ignore", invalid="ignore"):
            place = moment_centre - _slopes(mach, alpha, cm) / _slopes(mach, alpha, cn) * reference_length
    drag_off = None if off is None else _over_mach(mach, off, "power-off drag", level & coasting)
    drag_on = None if on is None else _over_mach(mach, on, "power-on drag", level)
    if drag_on is None and thrust is not None and off is not None:
        drag_on = _over_mach(mach, off, "power-on drag", level & ~coasting)
    for table, name, low, high in ((drag_off, "drag", 0, 20), (drag_on, "power-on drag", 0, 20)):
        if table is not None and (table.y.min() < low or table.y.max() > high):
            raise InputError(
                f"{name} runs from {table.y.min():g} to {table.y.max():g}; between {low} and {high} was expected",
                file=str(path),
            )
    out = ForeignTable(
        kind, drag_off, drag_on,
        None if slope is None else _over_mach(mach, slope, "CNα", (slope > 0) & level),
        None if place is None else _over_mach(mach, place, "centre of pressure", (place > 0) & level),
    )  # fmt: skip
    if out.drag_off is None and out.normal_slope is None and out.centre_of_pressure is None:
        raise InputError(
            f"no drag, CNα or CP among the columns {', '.join(n[:30] for n in names[:12])}", file=str(path)
        )
    return out


def _slopes(mach: np.ndarray, alpha_deg: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Slope per radian against the angle of attack up to 5°, for each row's Mach number; NaN where it has one angle only."""
    out = np.full(mach.shape, np.nan)
    for m in np.unique(mach[np.isfinite(mach)]):
        rows = (mach == m) & (np.abs(alpha_deg) <= 5) & np.isfinite(value)
        if np.unique(alpha_deg[rows]).size >= 2:
            out[mach == m] = np.polyfit(np.radians(alpha_deg[rows]), value[rows], 1)[0]
    return out
