"""Tracking: what truly happened. Logs of flight computers, and the flight reconstructed from them with its uncertainty."""

from downrange.tracking.liftoff import Apogee, apogees
from downrange.tracking.log import QUANTITIES, Channel, Claim, FlightLog, Quality, State
from downrange.tracking.reconstruct import FlightEvent, Reconstruction, Residuals, reconstruct

__all__ = [
    "QUANTITIES",
    "Apogee",
    "Channel",
    "Claim",
    "FlightEvent",
    "FlightLog",
    "Quality",
    "Reconstruction",
    "Residuals",
    "State",
    "apogees",
    "reconstruct",
]
