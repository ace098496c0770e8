"""What varies of a project, and how well the apogee of its flight is known by it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from downrange.dispersion.band import ApogeeBand, apogee_band
from downrange.dispersion.inputs import Inputs, gather_inputs
from downrange.dispersion.programs import air_heights
from downrange.flight import Flight
from downrange.project.defaults import unsaid
from downrange.project.schema import LaunchFile
from downrange.uncertainty import Quantity

if TYPE_CHECKING:
    from downrange.project.project import Project

__all__ = ["band_of", "stated", "varying"]


def stated(file: LaunchFile) -> dict[str, Quantity]:
    """The named uncertainties that a launch file states, keys of `dispersion.DEFAULTS`."""
    u = file.uncertainty
    return {k: q for k in type(u).model_fields if isinstance(q := getattr(u, k), Quantity)}


def varying(project: Project, flight: Flight) -> Inputs:
    """Everything that varies of a project; `flight` is its nominal one."""
    program = flight.program
    return gather_inputs(
        program, project.uncertain, project.relaunch, stated=stated(project.file), defaults=project.file.uncertainty.defaults,
        heights=air_heights(program), unsaid=unsaid(project.file, project.rocket_file, project.launch), flight=flight, known=project.known,
    )  # fmt: skip


def band_of(project: Project, flight: Flight) -> ApogeeBand | None:
    """How well the apogee of a project's flight is known; None where it has no apogee."""
    if flight.control is not None:
        return None  # how controllers change it is for a campaign to say
    if not (math.isfinite(flight.raw.out["rail_exit_time"]) and math.isfinite(flight.apogee)):
        return None
    return apogee_band(flight, varying(project, flight))
