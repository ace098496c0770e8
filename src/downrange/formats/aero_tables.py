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
from functools import cached_property
from pathlib import Path

import numpy as np

from downrange.errors import InputError, seen
from downrange.formats.columns import MOST_ROWS
from downrange.formats.reading import guarded
from downrange.formats.tables import read_text
from downrange.tables import Table1D

__all__ = ["ForeignTable", "read_aero_table"]

_UNITS = {"m": 1.0, "mm": 1e-3, "cm": 1e-2, "in": 0.0254, "inch": 0.0254, "inches": 0.0254, "ft": 0.3048}
_MOST_DRAG = 20  # on the cross-section; a flat plate has 1.2
_MOST_SLOPE = 1000.0  # 1/rad
_FARTHEST = 200.0  # m aft of the nose tip


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


@dataclass(frozen=True, eq=False)
class _Cells:
    """Names (as written), values (rows, columns; NaN for empty cells), their lines, cells that are no number, the head of the file."""

    path: Path
    names: list[str]
    z: np.ndarray
    lines: list[int]
    words: dict[int, tuple[int, str]]
    head: str

    def column(self, index: int | None, what: str, low: float = -np.inf, high: float = np.inf) -> np.ndarray | None:
        """Values of a column; raises `InputError` with the line for a word in it, or a number outside `low` to `high`."""
        if index is None:
            return None
        name = seen(self.names[index], 60)
        if index in self.words:
            line, word = self.words[index]
            raise InputError(f"column {name} should be a number, seen {seen(word, 80)}", file=str(self.path), line=line)
        values = self.z[:, index]
        bad = np.flatnonzero((values < low) | (values > high))
        if bad.size:
            raise InputError(
                f"{what} of {values[bad[0]]:.6g} in column {name}; between {low:g} and {high:g} was expected", file=str(self.path),
                line=self.lines[bad[0]],
            )  # fmt: skip
        return values

    def find(self, *wanted: str) -> int | None:
        """The first column, in the order of `wanted` (patterns of plain names), that is there."""
        return next((i for w in wanted for i, k in enumerate(self.keys) if re.fullmatch(w, k)), None)

    def named(
        self, *wanted: str, what: str = "a value", low: float = -np.inf, high: float = np.inf
    ) -> np.ndarray | None:
        """Values of the column that `find` finds, as `column` gives them."""
        return self.column(self.find(*wanted), what, low, high)

    @cached_property
    def keys(self) -> list[str]:
        """Names with their case, spaces and marks taken off."""
        return [_plain(n) for n in self.names]

    @cached_property
    def mach(self) -> np.ndarray:
        """Mach number of each row, shape (rows,)."""
        found = self.column(self.find(r"mach(_number)?.*") or 0, "a Mach number", 0, 50)
        assert found is not None
        return found

    @cached_property
    def alpha(self) -> np.ndarray | None:
        """Angle of attack of each row, degrees."""
        return self.named("alpha(_deg.*)?", "aoa.*", "angle_of_attack.*", what="an angle", low=-360, high=360)

    @cached_property
    def kind(self) -> str:
        """Whose table it is, by its columns."""
        if (
            self.find("cd_power_off") is not None
            and self.find("cn_potential", "cnalpha.*", "reynolds_number") is not None
        ):
            return "rasaero"
        if "openrocket" in self.head or self.find("drag_coefficient.*", "cp_location.*") is not None:
            return "openrocket"
        if self.alpha is not None and self.find("cn") is not None and self.find("cm", "ca") is not None:
            return "datcom"
        return "plain"

    @cached_property
    def level(self) -> np.ndarray:
        """Which rows count: of a simulation those before apogee, while coefficients mean something; else those of the least angle."""
        vertical = self.find(r"vertical_velocity.*")
        if vertical is not None:
            falling = np.flatnonzero(self.z[:, vertical] < 0)
            end = falling[0] if falling.size else len(self.z)
            return (np.arange(len(self.z)) < end) & (self.mach > 0.03)
        if self.alpha is not None:
            return np.abs(self.alpha) <= np.nanmin(np.abs(self.alpha)) + 1e-6
        return np.ones(len(self.z), bool)


def _columns(path: Path) -> _Cells:
    text = read_text(path)
    names: list[str] = []
    body: list[list[float]] = []
    lines: list[int] = []
    words: dict[int, tuple[int, str]] = {}
    for line, raw in enumerate(text.splitlines(), 1):
        if not raw.strip(" ,\t"):
            continue
        cells = [c.strip() for c in next(csv.reader([raw[:100_000]]))]
        head = [cells[0].lstrip("#").strip(), *cells[1:]]
        if 2 <= len(head) <= 200 and any(re.match(r"mach\b", c.lower()) for c in head):
            names, body, lines, words = head, [], [], {}
            continue
        if cells[0].startswith("#") or not names:
            continue
        values = [_number(c) for c in cells[: len(names)]] + [float("nan")] * (len(names) - len(cells))
        if not all(np.isnan(values)):
            for k, (v, c) in enumerate(zip(values, cells, strict=False)):
                if not np.isfinite(v) and c and c.lower() not in ("nan", "-", "n/a"):
                    words.setdefault(k, (line, c))
            body.append(values)
            lines.append(line)
        if len(body) > MOST_ROWS:
            raise InputError(f"more than {MOST_ROWS} rows are refused: thin the table", file=str(path))
    if not names:
        raise InputError("no column is called Mach: is this a table of coefficients?", file=str(path))
    if not body:
        raise InputError("the table has a heading but no rows", file=str(path))
    return _Cells(path, names, np.array(body), lines, words, text[:400].lower())


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
    machs, group = np.unique(np.round(mach[good], 3), return_inverse=True)
    return Table1D(machs, np.bincount(group, value[good]) / np.bincount(group), name)


def _length_unit(name: str, path: Path, fallback: str | None) -> float:
    """Metres in the unit that stands in a heading; `fallback` where none does and the format says it."""
    found = re.findall(r"[(\[]([^)\]]*)[)\]]", name)
    words = [w.strip().lower() for w in found] or [_plain(name).rsplit("_", 1)[-1]]
    unit = next((w for w in words if w in _UNITS), fallback)
    if unit is None:
        raise InputError(
            f"the column {seen(name, 60)} needs a length unit in its name: one of {', '.join(_UNITS)}", file=str(path)
        )
    return _UNITS[unit]


@guarded("a table of coefficients")
def read_aero_table(
    path: str | Path, *, moment_centre: float | None = None, reference_length: float | None = None
) -> ForeignTable:
    """Read a table of coefficients of another program. `moment_centre` (m aft of the nose tip) and `reference_length` (m): of CM in DATCOM.

    Raises `InputError` with file and what was missing.
    """
    cells = _columns(Path(path))
    drag_off, drag_on = _drag(cells)
    slope, place = _slope(cells), _place(cells, moment_centre, reference_length)
    out = ForeignTable(
        cells.kind, drag_off, drag_on,
        None if slope is None else _over_mach(cells.mach, slope, "CNα", (slope > 0) & cells.level),
        None if place is None else _over_mach(cells.mach, place, "centre of pressure", (place > 0) & cells.level),
    )  # fmt: skip
    if out.drag_off is None and out.normal_slope is None and out.centre_of_pressure is None:
        seen_names = seen(", ".join(cells.names[:12]), 160)
        raise InputError(f"no drag, CNα or CP among the columns {seen_names}", file=str(cells.path))
    return out


def _drag(cells: _Cells) -> tuple[Table1D | None, Table1D | None]:
    """Power-off and power-on drag over Mach; where a table has thrust and one drag, its burning rows are the second."""
    thrust = cells.named("thrust.*")
    burning = np.zeros(len(cells.z), bool) if thrust is None else thrust > 0
    names = ("cd_power_off", "cd_off", "ca_power_off", "drag_coefficient", "cd_total", "cd", "ca", "cd0")
    off = cells.named(*names, what="drag", low=-100, high=100)
    on = cells.named("cd_power_on", "cd_on", "ca_power_on", what="power-on drag", low=-100, high=100)
    drag_off = None if off is None else _over_mach(cells.mach, off, "power-off drag", cells.level & ~burning)
    drag_on = None if on is None else _over_mach(cells.mach, on, "power-on drag", cells.level)
    if drag_on is None and thrust is not None and off is not None:
        drag_on = _over_mach(cells.mach, off, "power-on drag", cells.level & burning)
    for table, name in ((drag_off, "drag"), (drag_on, "power-on drag")):
        if table is not None and (table.y.min() < 0 or table.y.max() > _MOST_DRAG):
            raise InputError(
                f"{name} runs from {table.y.min():g} to {table.y.max():g}; between 0 and {_MOST_DRAG} was expected",
                file=str(cells.path),
            )
    return drag_off, drag_on


def _slope(cells: _Cells) -> np.ndarray | None:
    """CNα of each row, per radian: given, or from CN against the angle."""
    per_degree = cells.named(r"cn_?alpha_(per_)?deg", "cna", "cna_per_deg", what="CNα", low=-20, high=20)
    also = "cnalpha.*" if cells.kind == "rasaero" else "-"
    slope = cells.named(r"cn_?alpha.*rad", "cna_per_rad", also, what="CNα", low=-1000, high=1000)
    if slope is None and per_degree is not None:
        slope = per_degree * 180 / np.pi
    cn = cells.named("cn", what="CN", low=-1000, high=1000)
    if slope is None and cn is not None and cells.alpha is not None:
        slope = _slopes(cells.mach, cells.alpha, cn)
    if slope is None and (bare := cells.find(r"cn_?alpha.*")) is not None:
        raise InputError(
            f"the column {seen(cells.names[bare], 60)} must say per what: cn_alpha_per_rad or cn_alpha_per_deg",
            file=str(cells.path),
        )
    if slope is not None and np.nanmax(slope, initial=0.0) > _MOST_SLOPE:
        raise InputError(
            f"a CNα of {np.nanmax(slope):.6g} per radian; a rocket has about 5 to 50", file=str(cells.path)
        )
    return slope


def _place(cells: _Cells, moment_centre: float | None, reference_length: float | None) -> np.ndarray | None:
    """Centre of pressure of each row, m aft of the nose tip: given, or from CM and CN about `moment_centre`."""
    at = cells.find(r"cp(_\d_to.*)?", r"cp_location.*", r"cp_(m|mm|cm|in|ft)", r"cp_(m|mm|cm|in|ft)_.*", r"cp_[a-z]+")
    place = cells.column(at, "a value")
    if place is not None and at is not None:
        place = place * _length_unit(cells.names[at], cells.path, "in" if cells.kind == "rasaero" else None)
        if np.nanmax(np.abs(place), initial=0.0) > _FARTHEST:
            raise InputError(
                f"a centre of pressure of {np.nanmax(np.abs(place)):.4g} m: check the unit of {seen(cells.names[at], 60)}",
                file=str(cells.path),
            )
        return place
    cn = cells.named("cn", what="CN", low=-1000, high=1000)
    cm = cells.named("cm", what="CM", low=-1e5, high=1e5)
    if cm is None or cn is None or cells.alpha is None or moment_centre is None:
        return None
    if reference_length is None:
        raise InputError("with moment_centre, CM needs reference_length too", file=str(cells.path))
    with np.errstate(divide="ignore", invalid="ignore"):
        return (
            moment_centre
            - _slopes(cells.mach, cells.alpha, cm) / _slopes(cells.mach, cells.alpha, cn) * reference_length
        )


def _slopes(mach: np.ndarray, alpha_deg: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Slope per radian against the angle of attack up to 5°, for each row's Mach number; NaN where it has one angle only."""
    out = np.full(mach.shape, np.nan)
    good = np.flatnonzero((np.abs(alpha_deg) <= 5) & np.isfinite(value) & np.isfinite(mach))
    machs, group = np.unique(mach[good], return_inverse=True)
    a, v = np.radians(alpha_deg[good]), value[good]
    n = np.maximum(np.bincount(group), 1)
    da, dv = a - (np.bincount(group, a) / n)[group], v - (np.bincount(group, v) / n)[group]
    spread = np.bincount(group, da * da)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(spread > 1e-12, np.bincount(group, da * dv) / spread, np.nan)
    if machs.size:
        at = np.clip(np.searchsorted(machs, mach), 0, machs.size - 1)
        out = np.where(machs[at] == mach, slope[at], np.nan)
    return out
