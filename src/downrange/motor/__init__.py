"""Thrust-curve motors and the catalogue of commercial ones."""

from downrange.motor.catalogue import catalogue_entries, find_motors, motor_from_catalogue
from downrange.motor.motor import Motor, impulse_class

__all__ = ["Motor", "catalogue_entries", "find_motors", "impulse_class", "motor_from_catalogue"]
