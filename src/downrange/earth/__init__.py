"""Ellipsoid, gravity and the place of a launch."""

from downrange.earth.ellipsoid import (
    GravityModel,
    Pad,
    ecef_from_geodetic,
    geodetic_from_ecef,
    gravity_j2,
    gravity_normal,
)

__all__ = ["GravityModel", "Pad", "ecef_from_geodetic", "geodetic_from_ecef", "gravity_j2", "gravity_normal"]
