"""Compile a launch to a program: what the kernel is given, and what people ask about it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from downrange.aero import AeroTables
from downrange.flight.fitted import Device
from downrange.flight.launch import Launch
from downrange.flight.packing import Compiled, Guides
from downrange.flight.propulsion import NEVER_LIT
from downrange.flight.vehicle import Body, Vehicle

__all__ = ["Program", "compile_launch", "program_of"]


@dataclass(frozen=True, eq=False)
class Program:
    """A launch compiled: the kernel's input, and what people ask about it; of the whole vehicle, or of a body that it becomes."""

    launch: Launch
    aero: AeroTables
    guides: Guides
    devices: tuple[Device, ...]
    compiled: Compiled
    mach_max: float
    vehicle: Vehicle

    @property
    def staged(self) -> bool:
        """Whether motors are lit or bodies leave in flight, so that it is flown as a tree of legs."""
        return bool(
            len(self.vehicle.steps) > 1
            or self.vehicle.steps[0].what.delay
            or self.vehicle.steps[0].what.event != "launch"
        )


def program_of(vehicle: Vehicle, body: Body, compiled: Compiled | None = None) -> Program:
    """The program of a body of a vehicle, with other segments or another row where `compiled` has them."""
    return Program(
        vehicle.launch, body.aero, vehicle.guides, body.devices, compiled or body.compiled, vehicle.mach_max, vehicle
    )


def compile_launch(launch: Launch, *, lift_to: float = math.inf) -> Program:
    """Build the program of a launch: aerodynamic tables, air, thrust segments, rail guides and recovery devices.

    Of a vehicle that comes apart it is that of the whole, with the motors lit that are lit at times which are known on the pad.
    lift_to: Mach number beyond which normal forces are not needed (`aero.build_aero`).
    """
    vehicle = Vehicle(launch, lift_to=lift_to)
    body = vehicle.body(vehicle.root)
    lit = np.full((1, len(vehicle.filled)), NEVER_LIT)
    for step in vehicle.steps:
        if step.kind == "ignition" and step.what.event in ("launch", "time"):
            at = (step.what.time or 0.0) + step.what.delay
            lit[0, [j for j, f in enumerate(vehicle.filled) if f.index == step.index]] = at
    return program_of(vehicle, body, replace(body.compiled, segments=body.segments(lit)[0]))
