"""Curves and grids over Mach number, angle or time from CSV, each column by its heading and unit.

Without any heading the columns stand in the order that each reader documents; with one, the order does not matter and other columns
are left alone.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from downrange.errors import InputError
from downrange.formats.columns import Sheet, Wanted, read_sheet, sheet_of
from downrange.formats.reading import guarded
from downrange.formats.tables import read_text
from downrange.remember import remembered
from downrange.tables import Table1D, Table2D

__all__ = [
    "read_airfoil", "read_brake_schedule", "read_brake_table", "read_centre_of_pressure", "read_drag", "read_normal_slope", "read_propellant",
    "read_thrust",
]  # fmt: skip

MACH = Wanted("Mach number", ("mach", "mach_number", "ma"), low=0, high=50, why="from rest")
_CD = ("cd", "drag_coefficient", "ca", "cd0", "cd_total", "cx", "axial_force_coefficient")
_ON = ("cd_power_on", "cd_on", "ca_power_on", "drag_coefficient_power_on", "power_on")
_OFF = ("cd_power_off", "cd_off", "ca_power_off", "drag_coefficient_power_off", "power_off")
DRAG_WHY = "drag coefficients are about 0.3 to 1"
DRAG = Wanted("drag coefficient", (*_OFF, *_CD), low=0, high=20, why=DRAG_WHY)
BRAKE_DRAG = replace(DRAG, low=-1)  # measured as a difference, it scatters about nothing where they are shut
DRAG_ON = Wanted("power-on drag coefficient", _ON, low=0, high=20, why=DRAG_WHY)
SLOPE = Wanted(
    "CNα", ("cn_alpha", "cnalpha", "cna", "cn_a", "normal_slope", "normal_force_slope"), "per angle", None, low=1e-3, high=1e3,
    why="a rocket has about 5 to 50 per radian",
)  # fmt: skip
CP = Wanted(
    "centre of pressure", ("cp", "centre_of_pressure", "center_of_pressure", "x_cp", "xcp", "cp_location"), "length", None, low=-100, high=200,
    why="m aft of the nose tip",
)  # fmt: skip
_SHARE = "a share from 0 to 1; head the column level_percent where it is one of hundred"
LEVEL = Wanted(
    "brake level",
    ("level", "brake_level", "deployment", "deployment_level", "extension"),
    "share",
    low=0,
    high=1,
    why=_SHARE,
)
TIME = Wanted("time", ("time", "t", "motor_time", "burn_time"), "time", "s", low=0, high=1e5)
THRUST = Wanted("thrust", ("thrust", "force", "f", "load"), "force", "N", low=-5e7, high=5e7, why="in newtons")
_FLOWS = {  # what flows out, of which part of the propellant
    "all": ("mass_flow_rate", "mass_flow", "propellant_mass_flow", "propellant_flow", "total_flow", "mdot"),
    "oxidiser": ("oxidiser_mass_flow", "oxidizer_mass_flow", "oxidiser_flow", "oxidizer_flow"),
    "fuel": ("fuel_mass_flow", "fuel_flow"),
}
_LEFT = {
    "all": ("propellant_left",),
    "oxidiser": ("oxidiser_left", "oxidizer_left", "tank_mass"),
    "fuel": ("fuel_left",),
}
_MOST_FLOW = 1e6  # kg/s and kg
_REFILLS = 0.01  # of what leaves: by so much a load cell may show a tank to fill again
ANGLE = Wanted(
    "angle of attack",
    ("alpha", "aoa", "angle_of_attack", "angle"),
    "angle",
    None,
    low=-np.pi,
    high=np.pi,
    why="radians; a half turn",
)
LIFT = Wanted("lift coefficient", ("cl", "lift_coefficient", "cn", "c_l"), low=-100, high=100)


def _table(x: np.ndarray, y: np.ndarray, name: str, path: str | Path) -> Table1D:
    order = np.argsort(x, kind="stable")
    if np.any(np.diff(x[order]) <= 0):
        twice = float(x[order][:-1][np.diff(x[order]) <= 0][0])
        raise InputError(f"{name}: {twice:g} stands there twice; one value for each", file=str(path))
    return Table1D(x[order], y[order], name)


def _two(path: str | Path, x: Wanted, y: Wanted, name: str) -> Table1D:
    return _two_of(read_text(Path(path)), Path(path), x, y, name)


@remembered(8)
def _two_of(text: str, path: Path, x: Wanted, y: Wanted, name: str) -> Table1D:
    sheet = sheet_of(text, path)
    return _table(sheet.need(x, position=0), sheet.need(y, position=1), name, path)


@guarded("a table")
def read_normal_slope(path: str | Path) -> Table1D:
    """CNα per radian over Mach: columns mach, cn_alpha_per_rad (or _per_deg)."""
    return _two(path, MACH, SLOPE, "CNα")


@guarded("a table")
def read_centre_of_pressure(path: str | Path) -> Table1D:
    """Centre of pressure, m aft of the nose tip, over Mach: columns mach, cp_m (or cp_mm, cp_cm, cp_in, cp_ft)."""
    return _two(path, MACH, CP, "centre of pressure")


@guarded("an aerofoil")
def read_airfoil(path: str | Path) -> Table1D:
    """Lift coefficient of a fin's aerofoil over angle of attack (rad): columns alpha_rad (or alpha_deg), cl."""
    return _two(path, ANGLE, LIFT, "aerofoil")


@guarded("a brake schedule")
def read_brake_schedule(path: str | Path) -> Table1D:
    """Level (0-1) of the brakes over time (s): columns time_s, level (or level_percent)."""
    return _two(path, TIME, LEVEL, "brake schedule")


@guarded("a drag table")
def read_drag(path: str | Path) -> tuple[Table1D, Table1D]:
    """Drag coefficient over Mach, power off and on: columns mach, cd or cd_power_off[, cd_power_on], in this order without a heading.

    Without power-on drag the other is taken for both; a table of power-on drag alone likewise.
    """
    return _drag(read_text(Path(path)), Path(path))


@remembered(8)
def _drag(text: str, path: Path) -> tuple[Table1D, Table1D]:
    sheet = sheet_of(text, path)
    mach = sheet.need(MACH, position=0)
    if not sheet.names:
        off = sheet.need(DRAG, position=1)
        on = sheet.need(DRAG_ON, position=2) if len(sheet.rows[0][1]) > 2 else off
    else:
        found_on = sheet.get(DRAG_ON)
        found_off = sheet.get(DRAG)
        off = found_off if found_off is not None else found_on if found_on is not None else sheet.need(DRAG)
        on = found_on if found_on is not None else off
    return _table(mach, off, "power-off drag", path), _table(mach, on, "power-on drag", path)


@guarded("a brake table")
def read_brake_table(path: str | Path) -> Table2D:
    """Drag coefficient over brake level (0-1) and Mach: columns level (or level_percent), mach, cd on a full grid, in any order of rows.

    Raises `InputError` for a grid that is not full, or has a pair twice.
    """
    sheet = read_sheet(path)
    level, mach, cd = sheet.need(LEVEL, position=0), sheet.need(MACH, position=1), sheet.need(BRAKE_DRAG, position=2)
    levels, i = np.unique(level, return_inverse=True)
    machs, j = np.unique(mach, return_inverse=True)
    if levels.size * machs.size != cd.size or np.unique(i * machs.size + j).size != cd.size:
        raise InputError(
            f"{levels.size} levels and {machs.size} Mach numbers need {levels.size * machs.size} rows, each pair once, seen {cd.size}",
            file=str(path),
        )
    z = np.empty((levels.size, machs.size))
    z[i, j] = cd
    return Table2D(levels, machs, z, "brake drag")


@guarded("a thrust curve")
def read_thrust(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Time (n,) s and thrust (n,) N: columns time (s, ms, min) and thrust (N, kN, lbf, kgf), in this order without a heading.

    A heading without a unit means seconds and newtons. Raises `InputError` for times that do not increase, and fewer than two samples.
    """
    sheet = read_sheet(path)
    time, thrust = _rising(sheet.need(TIME, position=0), sheet), sheet.need(THRUST, position=1)
    return time, thrust


@guarded("a curve of what flows out of a motor")
def read_propellant(path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """Time (n,) s and what has flown out until then (n,) kg: columns time and mass_flow_kg_s, or propellant_left_kg (what tanks hold).

    In two parts where the columns say so: oxidiser_flow or oxidiser_left, with fuel_flow or fuel_left. Raises `InputError` for times that do
    not increase, one part without the other, one thing told twice, tanks that fill, and where nothing flows.
    """
    sheet = read_sheet(path)
    time = _rising(sheet.need(TIME), sheet)
    used: dict[str, np.ndarray] = {}
    for names, kind, told in ((_FLOWS, "mass flow", "flow of {} "), (_LEFT, "mass", "mass that is left of {} ")):
        for part, words in names.items():
            what = told.format("propellant" if part == "all" else part).strip()
            value = sheet.get(Wanted(what, words, kind, None, low=0, high=_MOST_FLOW))
            if value is None:
                continue
            if part in used:
                raise InputError(f"the {part if part != 'all' else 'propellant'} is told twice, as what flows and as what is left; keep one",
                                 file=str(path))  # fmt: skip
            used[part] = _out_of_tank(value, what, sheet) if kind == "mass" else _summed(time, value)
    if set(used) not in ({"all"}, {"oxidiser", "fuel"}):
        parts = ", ".join(used) or "none of them"
        raise InputError(
            f"a column mass_flow_kg_s or propellant_left_kg is needed, or two: one of the oxidiser and one of the fuel (seen: {parts})",
            file=str(path),
        )
    total = sum(used.values(), np.zeros_like(time))
    if total[-1] <= 0:
        raise InputError("nothing flows out", file=str(path))
    return time, total


def _rising(time: np.ndarray, sheet: Sheet) -> np.ndarray:
    """The times, at least two and each after the one before."""
    back = np.flatnonzero(np.diff(time) <= 0)
    if back.size:
        k = int(back[0]) + 1
        raise InputError(
            f"time must increase, but {time[k]:g} s follows {time[k - 1]:g} s",
            file=str(sheet.path),
            line=sheet.rows[k][0],
        )
    if time.size < 2:
        raise InputError("fewer than two samples", file=str(sheet.path))
    return time


def _summed(time: np.ndarray, flow: np.ndarray) -> np.ndarray:
    return np.concatenate([[0.0], np.cumsum(0.5 * (flow[1:] + flow[:-1]) * np.diff(time))])


def _out_of_tank(left: np.ndarray, what: str, sheet: Sheet) -> np.ndarray:
    """What has left a tank, which never fills; a load cell's noise aside."""
    used = np.maximum.accumulate(left[0] - left)
    gain = used - (left[0] - left)
    if gain.max() > _REFILLS * used[-1]:
        k = int(np.argmax(gain))
        raise InputError(f"the {what} grows again, to {left[k]:g} kg", file=str(sheet.path), line=sheet.rows[k][0])
    return used
