"""Tracking: what truly happened. Logs of flight computers, and the flight reconstructed from them with its uncertainty."""

from downrange.tracking.canopy import Descent, WindLayer, descents, drift_winds
from downrange.tracking.coast import DragCurve, Lean, ThrustCurve, boost_thrust, coast_drag, coast_factor
from downrange.tracking.ground import GroundTrack, ground_track
from downrange.tracking.heights import pad_in_standard_air
from downrange.tracking.inertial import InertialClimb, climb_of, inertial_climb
from downrange.tracking.instruments import (
    Accelerometer,
    Barometer,
    Gnss,
    Gyroscope,
    Magnetometer,
    Sensor,
    SensorSuite,
)
from downrange.tracking.liftoff import Apogee, apogees
from downrange.tracking.log import QUANTITIES, Channel, Claim, FlightLog, Quality, State
from downrange.tracking.reconstruct import FlightEvent, Reconstruction, Residuals, reconstruct
from downrange.tracking.simulate import Sensors, simulate_log

__all__ = [
    "QUANTITIES",
    "Accelerometer",
    "Apogee",
    "Barometer",
    "Channel",
    "Claim",
    "Descent",
    "DragCurve",
    "FlightEvent",
    "FlightLog",
    "Gnss",
    "GroundTrack",
    "Gyroscope",
    "InertialClimb",
    "Lean",
    "Magnetometer",
    "Quality",
    "Reconstruction",
    "Residuals",
    "Sensor",
    "SensorSuite",
    "Sensors",
    "State",
    "ThrustCurve",
    "WindLayer",
    "apogees",
    "boost_thrust",
    "climb_of",
    "coast_drag",
    "coast_factor",
    "descents",
    "drift_winds",
    "ground_track",
    "inertial_climb",
    "pad_in_standard_air",
    "reconstruct",
    "simulate_log",
]
