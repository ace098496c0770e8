"""Plain bodies: a given mass, inertia and drag, flown from a given state (check cases, separated parts)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from downrange.aero import AeroTables
from downrange.atmosphere import Weather
from downrange.earth import Pad
from downrange.flight.fitted import Device, device_table, set_devices
from downrange.flight.kernel.layout import (
    FLIGHT_FIELDS,
    GUIDE0,
    NEVER_STOP,
    NF,
    ROW,
    STOP,
    STOP_HEIGHT,
    WATCH,
)
from downrange.flight.packing import Compiled, pack_tables
from downrange.flight.propulsion import burnt_out

__all__ = ["PlainBody", "compile_body", "state"]


@dataclass(frozen=True, eq=False)
class PlainBody:
    """A rigid body with constant coefficients. SI.

    inertia (3, 3) about its centre of gravity, body axes. `cd` on `area` acts against the airflow whatever the attitude.
    `rate_damping` (3,) in m3: the moment about each body axis is -½ ρ V area times it times the body rate.
    """

    mass: float
    inertia: np.ndarray
    area: float = 1.0
    cd: float = 0.0
    rate_damping: tuple[float, float, float] = (0.0, 0.0, 0.0)


def state(
    position_enu: np.ndarray, velocity_enu: np.ndarray, quaternion: np.ndarray, omega_body: np.ndarray
) -> np.ndarray:
    """The kernel's 13-state; velocity relative to the turning Earth, `omega_body` (rad/s) relative to inertial space.

    position_enu: (3,), m. velocity_enu: (3,), m/s. quaternion: (4,), body to ENU.
    """
    return np.concatenate([np.asarray(v, float).ravel() for v in (position_enu, velocity_enu, quaternion, omega_body)])


def compile_body(
    body: PlainBody, pad: Pad, weather: Weather, *, top: float, time_limit: float = 3600.0, tolerance: float = 1e-8,
    devices: tuple[Device, ...] = (),
) -> Compiled:  # fmt: skip
    """Compile a plain body; `top` is the greatest height above the pad (m) that it may reach.

    A body that moves against the airflow whatever its attitude has axial force CD cos α and cross-flow force CD sin α.

    time_limit: s. tolerance: of the integrator, relative and absolute. devices: recovery devices, in order.
    """
    n = 32
    mach = np.linspace(0, 10, n + 1)
    zero, one = np.zeros(n + 1), np.ones(n + 1)
    cos = np.linspace(-1, 1, 65)
    aero = AeroTables(
        mach=mach, reference_area=body.area, reference_length=1.0, a0=np.full(n + 1, body.cd), a1=zero, a2=zero, roll_force=zero, roll_damp=zero,
        cross_factor=one, cross_area=0.0, cross_moment=0.0, body_slope=0.0, body_moment=0.0, axial=np.full((n + 1, 3, 2), body.cd),
        # Axial force CD cos α; "normal" force CD v V of every direction across: slope CD, with its moment zero.
        angle=np.stack([cos, np.ones_like(cos), np.zeros_like(cos), np.zeros_like(cos)]), odd=None,
    )  # fmt: skip
    i = np.asarray(body.inertia, float)
    values = dict.fromkeys(FLIGHT_FIELDS, 0.0)
    values.update(
        thrust=1.0, mass=body.mass, ixx=i[0, 0], iyy=i[1, 1], izz=i[2, 2], ixy=i[0, 1], ixz=i[0, 2], iyz=i[1, 2], axial=1.0,
        normal=1.0, wind_c=1.0, density=1.0, propellant=1.0,
    )  # fmt: skip
    row = np.zeros(ROW)
    row[:NF] = [values[k] for k in FLIGHT_FIELDS]
    set_devices(row, devices)
    row[GUIDE0 : GUIDE0 + 2] = 1.0
    row[STOP] = row[WATCH] = row[STOP_HEIGHT] = NEVER_STOP
    tables = pack_tables(pad, weather, aero, mach_max=10.0, top=top, damping=body.rate_damping)
    return Compiled(tables, burnt_out(), device_table(devices), row, False, tolerance, time_limit)
