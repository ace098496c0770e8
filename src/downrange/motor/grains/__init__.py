"""Grains: shapes, and how they burn back."""

from downrange.motor.grains.grain import Ends, Grain, Prism, Regression
from downrange.motor.grains.outline import Outline
from downrange.motor.grains.revolved import Conical, Domed
from downrange.motor.grains.section import Annulus, RodAndTube, Section
from downrange.motor.grains.shapes import (
    GRAIN_TYPES,
    Bates,
    CSlot,
    Custom,
    DGrain,
    EndBurner,
    Finocyl,
    Moon,
    RodTube,
    Star,
    Tube,
    XCore,
)

__all__ = [
    "GRAIN_TYPES", "Annulus", "Bates", "CSlot", "Conical", "Custom", "DGrain", "Domed", "EndBurner", "Ends", "Finocyl", "Grain", "Moon",
    "Outline", "Prism", "Regression", "RodAndTube", "RodTube", "Section", "Star", "Tube", "XCore",
]  # fmt: skip
