"""Flight: from a launch to a program to a trajectory."""

from downrange.flight.drivers import RawFlight, fly_rows, fly_single
from downrange.flight.fly import fly
from downrange.flight.launch import Launch, Rail, ThrustLine
from downrange.flight.program import Device, Guides, Program, compile_launch
from downrange.flight.results import Event, Flight, Trajectory, launch_figures
from downrange.flight.warnings import pad_warnings

__all__ = [
    "Device", "Event", "Flight", "Guides", "Launch", "Program", "Rail", "RawFlight", "ThrustLine", "Trajectory",
    "compile_launch", "fly", "fly_rows", "fly_single", "launch_figures", "pad_warnings",
]  # fmt: skip
