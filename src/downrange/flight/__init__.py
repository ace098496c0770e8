"""Flight: from a launch to a program to a trajectory."""

from downrange.flight.aboard import Aboard, aboard
from downrange.flight.body import PlainBody, compile_body, state
from downrange.flight.configurations import Configuration, configurations
from downrange.flight.delay import chosen_delay, nearest_delay
from downrange.flight.drivers import RawFlight, fly_rows, fly_rows_gpu, fly_single
from downrange.flight.fitted import Device, devices
from downrange.flight.fly import fly
from downrange.flight.launch import Launch, Rail, Section, ThrustLine
from downrange.flight.motors import Filled, MountedMotor
from downrange.flight.packing import Compiled, Guides, assumed_jet_area, guides
from downrange.flight.program import Program, compile_launch
from downrange.flight.quantities import Quantity, quantity
from downrange.flight.results import Event, Flight, Trajectory, launch_figures
from downrange.flight.schedule import Step
from downrange.flight.warnings import pad_warnings

__all__ = [
    "Aboard", "Compiled", "Configuration", "Device", "Event", "Filled", "Flight", "Guides", "Launch", "MountedMotor", "PlainBody", "Program", "Quantity", "Rail", "RawFlight", "Section", "Step", "ThrustLine", "Trajectory", "aboard", "assumed_jet_area",
    "chosen_delay", "compile_body", "compile_launch", "configurations", "devices", "guides", "fly", "fly_rows", "fly_rows_gpu", "fly_single", "launch_figures", "nearest_delay", "pad_warnings", "quantity", "state",
]  # fmt: skip
