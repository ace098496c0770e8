"""What the kernel is given: flat tables on uniform grids, rail guides, the nominal row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from downrange.aero import RE_HALF, AeroTables, Brakes
from downrange.atmosphere import Weather
from downrange.earth import Pad, Terrain
from downrange.errors import InputError
from downrange.flight.around import surroundings
from downrange.flight.fitted import Device, falling_body, set_devices
from downrange.flight.kernel.layout import (
    FLIGHT_FIELDS,
    GUIDE0,
    NEVER_STOP,
    NF,
    ON_AXIS,
    RAIL_AZIMUTH,
    RAIL_ELEVATION,
    ROW,
    STOP,
    STOP_HEIGHT,
    WATCH,
    Tables,
)
from downrange.flight.launch import Launch
from downrange.rocket import (
    Glider,
    LaunchLug,
    MassProperties,
    RailButtons,
    Rocket,
    Tumble,
)
from downrange.tables import uniform_linear

__all__ = [
    "Compiled", "Guides", "assumed_jet_area", "guides", "height_needed", "nominal_row", "pack_tables",
]  # fmt: skip


@dataclass(frozen=True)
class Guides:
    """Rail guides: travel (m) until the upper and the lower one leaves, the lower one's place (m aft of the tip)."""

    upper_travel: float
    lower_travel: float
    lower: float
    note: str


@dataclass(frozen=True, eq=False)
class Compiled:
    """What the kernel is given: tables, thrust segments (n, NS), devices (DEVICES, DEVICE) and the nominal row.

    `full` says that fins are odd, brakes fly or there is more than one motor on the axis, which takes the slower of two lane loops.
    """

    tables: Tables
    segments: np.ndarray
    devices: np.ndarray
    row: np.ndarray
    full: bool
    tolerance: float
    time_limit: float


def guides(launch: Launch) -> Guides:
    """Where the rail guides are, and how far each travels before it leaves the rail. Raises `InputError` for an upper guide above the end of the rail."""
    note = ""
    if launch.guides is not None:
        upper, lower = sorted(launch.guides)
    else:
        ends: list[float] = []
        for q in launch.rocket.find(RailButtons, LaunchLug):
            assert isinstance(q.part, RailButtons | LaunchLug)
            n, gap = q.part.count, q.part.spacing
            own = float(getattr(q.part, "length", 0.0))
            ends += [q.front + k * gap + (own / 2 if isinstance(q.part, LaunchLug) else 0.0) for k in range(n)]
            if isinstance(q.part, LaunchLug) and n == 1:
                ends += [q.front, q.front + own]
        if ends:
            upper, lower = min(ends), max(ends)
        else:
            upper = lower = float(launch.loaded.cg[0])
            note = (
                "the rocket has no rail buttons or lugs: it was taken to leave the rail when its centre of gravity does; "
                "add rail buttons or a launch lug"
            )
    aft = launch.aft_end
    travel = [launch.rail.length - (aft - g) for g in (upper, lower)]
    if travel[0] <= 0:
        raise InputError(
            f"the upper rail guide is {aft - upper:.2f} m above the rail's foot, but the rail is {launch.rail.length:.2f} m "
            "long: it never guides; use a longer rail or move the button",
            key="rail.length",
        )
    return Guides(travel[0], max(travel[1], travel[0]), lower, note)


def height_needed(speed: float, burn: float) -> float:
    """Upper bound of the apogee (m) from the largest speed (m/s) and the time of the burn (s): a ballistic rise in a vacuum."""
    ballistic = speed**2 / (2 * 9.7)
    if ballistic > 3e5:
        ballistic = ballistic / max(1 - ballistic / 6.4e6, 0.2)
    return float(np.clip(1.1 * (ballistic + speed * burn) + 200.0, 400.0, 390000.0))


def _brake_table(brakes: Brakes | None, mach_max: float) -> tuple[np.ndarray, float, float, float]:
    if brakes is None:
        return np.zeros(4), 1.0, 1.0, 1.0
    levels, mach = np.linspace(0, 1, 21), np.linspace(0, mach_max, 65)
    z = brakes.coefficient(levels[:, None], mach[None, :])
    return np.ascontiguousarray(z.ravel()), 20.0, 64 / mach_max, 64.0


def pack_tables(
    pad: Pad,
    weather: Weather,
    aero: AeroTables,
    *,
    mach_max: float,
    top: float,
    damping: tuple[float, float, float] = (0.0, 0.0, 0.0), terrain: Terrain | None = None, used: int = ON_AXIS,
    around: Mapping[str, Any] | None = None,
) -> Tables:  # fmt: skip
    """Pack aerodynamics, air, terrain and gravity for the kernel, without a motor.

    around: what `surroundings` has of pad, weather, top and terrain, where it is known already: it is the same for all bodies of a vehicle.
    """
    n = aero.mach.size - 1
    mach = uniform_linear([aero.a0, aero.a1, aero.a2, aero.roll_force, aero.roll_damp, aero.cross_factor])
    odd = uniform_linear(list(aero.odd)) if aero.odd is not None else np.zeros(24 * n)
    brake, brake_cells, brake_inv, brake_mach = _brake_table(aero.brakes, mach_max)
    return Tables(
        **(around or surroundings(pad, weather, top, terrain)),
        mach=mach, mach_step_inv=n / float(aero.mach[-1]), mach_cells=float(n),
        axial=np.ascontiguousarray(aero.axial.ravel()), re_cells=float(aero.axial.shape[1] - 1), re_half=RE_HALF,
        angle=uniform_linear(list(aero.angle)), angle_cells=float(aero.angle.shape[1] - 1), odd=odd,
        brake=brake, brake_cells=brake_cells, brake_mach_step_inv=brake_inv, brake_mach_cells=brake_mach,
        brake_replaces=1.0 if aero.brakes and aero.brakes.replaces else 0.0,
        area=aero.reference_area, diameter=aero.reference_length,
        cross_area=aero.cross_area, cross_moment=aero.cross_moment, body_slope=aero.body_slope, body_moment=aero.body_moment,
        damp_p=damping[0], damp_q=damping[1], damp_r=damping[2], segment_used=float(used),
    )  # fmt: skip


def nominal_row(
    launch: Launch,
    rocket: Rocket,
    dry: MassProperties,
    fitted: tuple[Device, ...],
    where: Guides,
    *,
    tumbles: bool = False,
) -> np.ndarray:
    """The row (ROW,) of a body of a launch: `rocket` with its empty motors, `dry`, its devices, where it is guided, and whether it `tumbles`."""
    line, hanging = (
        launch.thrust_line,
        falling_body(rocket, rocket.find(Glider, Tumble), mass=dry.mass, tumbles=tumbles),
    )
    i = dry.inertia
    values = dict.fromkeys(FLIGHT_FIELDS, 0.0)
    values.update(
        thrust=1.0, mass=dry.mass, cg=dry.cg[0], cg_y=dry.cg[1], cg_z=dry.cg[2], ixx=i[0, 0], iyy=i[1, 1], izz=i[2, 2],
        ixy=i[0, 1], ixz=i[0, 2], iyz=i[1, 2], axial=1.0, normal=1.0, wind_c=1.0, density=1.0,
        thrust_y=np.tan(line.angle_y), thrust_z=np.tan(line.angle_z), offset_y=line.offset_y, offset_z=line.offset_z,
        roll=launch.cant_error, propellant=1.0, across=hanging.across, along=hanging.along,
    )  # fmt: skip
    row = np.zeros(ROW)
    row[:NF] = [float(values[k]) for k in FLIGHT_FIELDS]
    row[RAIL_AZIMUTH], row[RAIL_ELEVATION] = launch.rail.azimuth, launch.rail.elevation
    set_devices(row, fitted)
    row[GUIDE0 : GUIDE0 + 3] = where.upper_travel, where.lower_travel, where.lower
    row[STOP] = row[WATCH] = row[STOP_HEIGHT] = NEVER_STOP
    return row


def assumed_jet_area(motor_diameter: float) -> float:
    """Area of the jet at the base, m2, where the nozzle is not known: an exit of half the `motor_diameter` (m)."""
    return float(np.pi / 4 * (0.5 * motor_diameter) ** 2)
