"""One flight of a vehicle that comes apart: its bodies, each with its way from the pad to where it comes down."""

from __future__ import annotations

import numpy as np

from downrange.flight.drivers import RawFlight, fly_single
from downrange.flight.flown import FlownBody
from downrange.flight.legs import fly_tree
from downrange.flight.packing import Compiled
from downrange.flight.program import Program
from downrange.flight.results import Flight
from downrange.flight.steered import Crew
from downrange.flight.vehicle import Body

__all__ = ["fly_bodies"]


def fly_bodies(
    program: Program, *, tolerance: float | None = None, interpreted: bool = False, crew: Crew | None = None
) -> Flight:
    """Fly a vehicle once, until all that it becomes is down. The flight is that of its foremost body, with the others in `bodies`.

    crew: who steers the foremost body.
    """

    def flyer(
        c: Compiled, rows: np.ndarray, starts: np.ndarray | None, body: Body, flight: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, RawFlight | None]:
        if crew is not None:
            return crew.fly(c, rows, starts, body, flight, tolerance=tolerance)
        raw = fly_single(
            c, row=rows[0], start=None if starts is None else starts[0], tolerance=tolerance, interpreted=interpreted
        )
        return np.array([list(raw.out.values())]), raw.end[None], raw

    vehicle = program.vehicle
    orders = None if crew is None else crew.planned(1)
    arrivals = fly_tree(vehicle, program.compiled.row[None], flyer, orders)
    order = {name: k for k, name in enumerate(vehicle.names)}
    arrivals.sort(key=lambda a: order[a.body.key.name])
    main = next(a for a in arrivals if a.body.key.stages[:1] == vehicle.root.stages[:1])
    bodies = tuple(FlownBody(program, a) for a in [main, *(a for a in arrivals if a is not main)])
    return Flight(program, bodies[0].raw, bodies, None if crew is None else crew.record())
