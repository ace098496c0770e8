"""The WGS84 ellipsoid: geodetic positions, the tangent plane of a pad, and gravity.

Heights are metres above the ellipsoid; the package takes heights above mean sea level for them (the geoid's 100 m
change gravity by 3e-5 and a landing not at all).

Sources: NGA.STND.0036 (WGS84, 2014); Somigliana's closed formula therein; Bowring, Survey Review
28 (1985), 202-206 for geodetic from Cartesian.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from downrange.constants import WGS84_A, WGS84_F, WGS84_GAMMA_E, WGS84_GAMMA_K, WGS84_GM, WGS84_J2, WGS84_OMEGA
from downrange.errors import InputError

__all__ = ["GravityModel", "Pad", "ecef_from_geodetic", "geodetic_from_ecef", "gravity_j2", "gravity_normal"]

GravityModel = Literal["normal", "j2", "spherical", "constant"]
_E2 = WGS84_F * (2 - WGS84_F)
_B = WGS84_A * (1 - WGS84_F)


def ecef_from_geodetic(latitude: np.ndarray | float, longitude: np.ndarray | float, height: float) -> np.ndarray:
    """Earth-fixed Cartesian positions (..., 3) in metres; angles in radians.

    latitude, longitude: rad, any shape. height: m above the ellipsoid.
    """
    s = np.sin(latitude)
    n = WGS84_A / np.sqrt(1 - _E2 * s * s)
    c = (n + height) * np.cos(latitude)
    return np.stack([c * np.cos(longitude), c * np.sin(longitude), (n * (1 - _E2) + height) * s], axis=-1)


def geodetic_from_ecef(position: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Latitude, longitude (radians) and height (metres) of Earth-fixed positions (..., 3).

    Bowring's formula, iterated to convergence (below 1e-9 m up to 1,000 km).

    position: (..., 3), m.
    """
    x, y, z = np.moveaxis(np.asarray(position, float), -1, 0)
    w = np.hypot(x, y)
    up, out = z * WGS84_A, w * _B  # along sine and cosine of the parametric latitude
    for _ in range(4):
        long = np.hypot(up, out)
        sine, cosine = up / long, out / long
        sine = z + _E2 * WGS84_A**2 / _B * (sine * sine * sine)
        cosine = w - _E2 * WGS84_A * (cosine * cosine * cosine)
        up, out = (1 - WGS84_F) * sine, cosine
    long = np.hypot(sine, cosine)
    s, c = sine / long, cosine / long
    height = w * c + z * s - WGS84_A * np.sqrt(1 - _E2 * s * s)
    return np.arctan2(sine, cosine), np.arctan2(y, x), height


def gravity_j2(latitude: float, height: np.ndarray | float) -> np.ndarray:
    """Gravity (gravitation to J2 plus centrifugal), component along the ellipsoid's normal, m/s2, positive down.

    Gradient of the potential GM/r [1 - J2 (a/r)^2 (3 sin^2 ψ - 1)/2] + ω² w²/2 (NGA.STND.0036, to degree 2).

    latitude: rad. height: m above the ellipsoid, any shape.
    """
    h = np.asarray(height, float)
    s, c = np.sin(latitude), np.cos(latitude)
    n = WGS84_A / np.sqrt(1 - _E2 * s * s)
    w, z = (n + h) * c, (n * (1 - _E2) + h) * s
    r2 = w * w + z * z
    r = np.sqrt(r2)
    k = 1.5 * WGS84_J2 * WGS84_A**2 / r2
    t = 5 * z * z / r2
    gw = WGS84_GM / r2 * (w / r) * (1 + k * (1 - t)) - WGS84_OMEGA**2 * w
    gz = WGS84_GM / r2 * (z / r) * (1 + k * (3 - t))
    return np.asarray(gw * c + gz * s)


def centrifugal(latitude: float, height: np.ndarray | float) -> np.ndarray:
    """What the Earth's turning takes off gravity along the ellipsoid's normal, m/s2: ω² (N + h) cos²φ."""
    n = WGS84_A / np.sqrt(1 - _E2 * np.sin(latitude) ** 2)
    return np.asarray(WGS84_OMEGA**2 * (n + np.asarray(height, float)) * np.cos(latitude) ** 2)


def gravity_spherical(latitude: float, height: np.ndarray | float) -> np.ndarray:
    """GM/r² of a round Earth at the ellipsoid's radius for a latitude (rad), less the centrifugal part, m/s2."""
    r = np.linalg.norm(ecef_from_geodetic(latitude, 0.0, 0.0)) + np.asarray(height, float)
    return np.asarray(WGS84_GM / r**2 - centrifugal(latitude, height))


def gravity_normal(latitude: float, height: np.ndarray | float) -> np.ndarray:
    """WGS84 normal gravity, m/s2, positive down: Somigliana's value on the ellipsoid, with the J2 field's height law.

    latitude: rad. height: m above the ellipsoid, any shape.
    """
    s2 = np.sin(latitude) ** 2
    surface = WGS84_GAMMA_E * (1 + WGS84_GAMMA_K * s2) / np.sqrt(1 - _E2 * s2)
    return np.asarray(surface * gravity_j2(latitude, height) / gravity_j2(latitude, 0.0))


@dataclass(frozen=True)
class Pad:
    """The place of a launch: geodetic position of the pad, and gravity there.

    latitude, longitude in radians, elevation in metres above mean sea level. `gravity_model` is `normal` (default),
    `j2`, `spherical` (GM/r²), or `constant` with `constant_gravity` in m/s2 (flat, for comparison with codes that do so).
    `rotating=False` leaves out the Earth's turning, and with it the centrifugal part of gravity.
    """

    latitude: float
    longitude: float
    elevation: float = 0.0
    gravity_model: GravityModel = "normal"
    constant_gravity: float | None = None
    rotating: bool = True

    def __post_init__(self) -> None:
        if not abs(self.latitude) <= np.pi / 2:
            raise InputError(f"latitude {np.degrees(self.latitude):g}° is not between -90° and 90°", key="latitude")
        if not abs(self.longitude) <= 2 * np.pi:
            raise InputError(
                f"longitude {np.degrees(self.longitude):g}° is not between -360° and 360°", key="longitude"
            )
        if not -500 <= self.elevation <= 9000:
            raise InputError(
                f"elevation {self.elevation:g} m is not between -500 m and 9000 m above sea level", key="elevation"
            )
        if self.gravity_model == "constant" and not self.constant_gravity:
            raise InputError("gravity model 'constant' needs the value, like 9.80665 m/s^2")

    @property
    def radius_east(self) -> float:
        """Radius of curvature of the prime vertical at the pad's elevation, metres."""
        return float(WGS84_A / np.sqrt(1 - _E2 * np.sin(self.latitude) ** 2) + self.elevation)

    @property
    def radius_north(self) -> float:
        """Radius of curvature of the meridian at the pad's elevation, metres."""
        s2 = np.sin(self.latitude) ** 2
        return float(WGS84_A * (1 - _E2) / (1 - _E2 * s2) ** 1.5 + self.elevation)

    @property
    def rotation_enu(self) -> np.ndarray:
        """The Earth's angular velocity in the pad's ENU frame, rad/s, shape (3,)."""
        omega = WGS84_OMEGA if self.rotating else 0.0
        return omega * np.array([0.0, np.cos(self.latitude), np.sin(self.latitude)])

    def gravity(self, height_asl: np.ndarray | float) -> np.ndarray:
        """Gravity in m/s2 above the pad at `height_asl` metres, with the centrifugal part where the Earth turns.

        height_asl: m above sea level, any shape.
        """
        if self.gravity_model == "constant":
            return np.full_like(np.asarray(height_asl, float), float(self.constant_gravity or 0.0))
        law = {"j2": gravity_j2, "spherical": gravity_spherical, "normal": gravity_normal}[self.gravity_model]
        g = law(self.latitude, height_asl)
        return g if self.rotating else g + centrifugal(self.latitude, height_asl)

    @property
    def _axes(self) -> np.ndarray:
        sl, cl = np.sin(self.latitude), np.cos(self.latitude)
        so, co = np.sin(self.longitude), np.cos(self.longitude)
        return np.array([[-so, co, 0.0], [-sl * co, -sl * so, cl], [cl * co, cl * so, sl]])

    def geodetic(self, position_enu: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Latitude, longitude (radians) and height above sea level (metres) of ENU positions (..., 3). Exact.

        position_enu: (..., 3), m from the pad, east, north, up.
        """
        origin = ecef_from_geodetic(self.latitude, self.longitude, self.elevation)
        return geodetic_from_ecef(origin + np.asarray(position_enu, float) @ self._axes)

    def position_enu(self, latitude: np.ndarray | float, longitude: np.ndarray | float, height: float) -> np.ndarray:
        """ENU positions (..., 3) of geodetic points (radians, metres).

        latitude, longitude: rad. height: m above sea level.
        """
        origin = ecef_from_geodetic(self.latitude, self.longitude, self.elevation)
        return np.asarray((ecef_from_geodetic(latitude, longitude, height) - origin) @ self._axes.T)
