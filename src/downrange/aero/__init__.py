"""Aerodynamic coefficients from geometry."""

from downrange.aero.drag import DragPart, drag_parts, skin_friction
from downrange.aero.normal import Lift, fin_lift_slope, lifts
from downrange.aero.tables import RE_HALF, AeroOptions, AeroTables, Brakes, build_aero

__all__ = [
    "RE_HALF",
    "AeroOptions",
    "AeroTables",
    "Brakes",
    "DragPart",
    "Lift",
    "build_aero",
    "drag_parts",
    "fin_lift_slope",
    "lifts",
    "skin_friction",
]
