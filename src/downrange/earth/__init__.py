"""Ellipsoid, gravity, terrain and the place of a launch."""

from downrange.earth.ellipsoid import (
    GravityModel,
    Pad,
    ecef_from_geodetic,
    geodetic_from_ecef,
    gravity_j2,
    gravity_normal,
)
from downrange.earth.terrain import Terrain

__all__ = ["GravityModel", "Pad", "Terrain", "ecef_from_geodetic", "geodetic_from_ecef", "gravity_j2", "gravity_normal"]
