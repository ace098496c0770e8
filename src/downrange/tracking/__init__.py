"""Tracking: what truly happened. Logs of flight computers, the flight reconstructed from them, optical tracking."""

from downrange.tracking.liftoff import Apogee, apogees
from downrange.tracking.log import QUANTITIES, Channel, Claim, FlightLog, Quality, State

__all__ = ["QUANTITIES", "Apogee", "Channel", "Claim", "FlightLog", "Quality", "State", "apogees"]
