"""Aerodynamic coefficients from geometry."""

from downrange.aero.barrowman import barrowman_cp
from downrange.aero.drag import DragPart
from downrange.aero.flutter import FinStrength, fin_strengths
from downrange.aero.lift import Lift
from downrange.aero.tables import RE_HALF, AeroOptions, AeroTables, Brakes, Method, Sigma, build_aero

__all__ = [
    "RE_HALF",
    "AeroOptions",
    "AeroTables",
    "Brakes",
    "DragPart",
    "FinStrength",
    "Lift",
    "Method",
    "Sigma",
    "barrowman_cp",
    "build_aero",
    "fin_strengths",
]
