"""Aerodynamic coefficients from geometry.

In the shop window the name of this package is a question too: `dr.aero(launch)`, which `downrange.recipes` answers.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from downrange.aero import assemblies, fins, rings  # noqa: F401  they register the lift of their parts
from downrange.aero.barrowman import barrowman_cp
from downrange.aero.drag import DragBuilder, DragPart, no_drag, part_drag
from downrange.aero.flutter import FinStrength, fin_strengths
from downrange.aero.lift import Lift, no_lift, part_lift
from downrange.aero.limits import no_notes, part_notes
from downrange.aero.tables import RE_HALF, AeroOptions, AeroTables, Brakes, Method, Sigma, build_aero, build_lift

__all__ = [
    "RE_HALF",
    "AeroOptions",
    "AeroTables",
    "Brakes",
    "DragBuilder",
    "DragPart",
    "FinStrength",
    "Lift",
    "Method",
    "Sigma",
    "barrowman_cp",
    "build_aero",
    "build_lift",
    "fin_strengths",
    "no_drag",
    "no_lift",
    "no_notes",
    "part_drag",
    "part_lift",
    "part_notes",
]


class _Asked(ModuleType):
    """A package that can be called: Python binds `downrange.aero` to it, whatever the window would put there."""

    def __call__(self, *given: Any, **words: Any) -> Any:
        return import_module("downrange.recipes").aero(*given, **words)


sys.modules[__name__].__class__ = _Asked
