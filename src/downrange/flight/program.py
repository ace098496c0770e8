"""Compile a launch to a program: what the kernel is given, and what people ask about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from downrange.aero import AeroTables, build_aero
from downrange.errors import InputError
from downrange.flight.launch import Launch
from downrange.flight.packing import (
    Compiled,
    Device,
    Guides,
    assumed_jet_area,
    device_table,
    devices,
    guides,
    height_needed,
    nominal_row,
    pack_tables,
)
from downrange.flight.propulsion import Nozzle, segment_tables

__all__ = ["Program", "compile_launch"]


@dataclass(frozen=True, eq=False)
class Program:
    """A launch compiled: the kernel's input, and what people ask about it."""

    launch: Launch
    aero: AeroTables
    guides: Guides
    devices: tuple[Device, ...]
    compiled: Compiled
    mach_max: float


def _ideal_speed(launch: Launch) -> float:
    """Upper bound of the speed: Tsiolkovsky in vacuum without gravity, m/s."""
    m = launch.loaded.mass
    return launch.motor.impulse / launch.motor.propellant_mass * float(np.log(m / (m - launch.motor.propellant_mass)))


def _segments(launch: Launch) -> np.ndarray:
    """The segments of a launch's motor and brakes, shape (n, NS)."""
    nozzle = Nozzle(launch.motor, launch.nozzle, jet=1.0)
    return segment_tables((nozzle,), np.zeros((1, 1)), launch.aero.brakes)[0]


def compile_launch(launch: Launch) -> Program:
    """Build the program of a launch: aerodynamic tables, air, thrust segments, rail guides and recovery devices."""
    if not launch.simple:
        raise InputError(
            "stages, pods, boosters and clusters cannot be flown yet: 'downrange check' and 'downrange aero' take them", key="motors"
        )
    speed = _ideal_speed(launch)
    wind = 30.0
    mach_max = float(np.clip((speed + wind) / 270.0, 0.5, 12.0))
    top = height_needed(speed, launch.motor.burnout_time)
    motor = launch.motor
    jet = motor.nozzle_exit_area or assumed_jet_area(motor.diameter)
    aero = build_aero(launch.rocket, mach_max=mach_max, jet_area=jet, options=launch.aero)
    fitted = devices(launch)
    where = guides(launch)
    tables = pack_tables(launch.pad, launch.weather, aero, mach_max=mach_max, top=top, terrain=launch.terrain)
    compiled = Compiled(
        tables=tables, segments=_segments(launch), devices=device_table(fitted),
        row=nominal_row(launch, launch.rocket, launch.dry, fitted, where), full=aero.odd is not None or aero.brakes is not None,
        tolerance=launch.tolerance, time_limit=launch.time_limit,
    )  # fmt: skip
    return Program(launch, aero, where, fitted, compiled, mach_max)
