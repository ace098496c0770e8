"""Aerodynamic coefficients from geometry.

In the shop window the name of this package is a question too: `dr.aero(launch)`, which `downrange.recipes` answers.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

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


class _Asked(ModuleType):
    """A package that can be called: Python binds `downrange.aero` to it, whatever the window would put there."""

    def __call__(self, *given: Any, **words: Any) -> Any:
        return import_module("downrange.recipes").aero(*given, **words)


sys.modules[__name__].__class__ = _Asked
