"""Controllers on board of a flight, in this process or another: what they read, what they move, and how they are reached."""

from downrange.control.actuators import Actuator, AirBrakes, ColdGas, Event, RollFins, Servo, ThrustVector
from downrange.control.board import Mishap, dipole_field
from downrange.control.computers import FlightComputer
from downrange.control.controller import Controller, Fault, Now
from downrange.control.feeds import NmeaFeed, PressureFeed
from downrange.control.record import ControlRecord
from downrange.control.remote import Remote, Replay
from downrange.control.steering import Steering, steer
from downrange.control.worked import ApogeeBrake, RollPid

__all__ = [
    "Actuator", "AirBrakes", "ApogeeBrake", "ColdGas", "ControlRecord", "Controller", "Event", "Fault", "FlightComputer", "Mishap",
    "NmeaFeed", "Now", "PressureFeed", "Remote", "Replay", "RollFins", "RollPid", "Servo", "Steering", "ThrustVector",
    "dipole_field", "steer",
]  # fmt: skip
