"""The air that a body meets on its nominal flight, by which the means of its tables are weighed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from downrange.aero import AeroTables
from downrange.atmosphere import sound_speed, viscosity
from downrange.flight import Flight, Launch
from downrange.flight.rows import FIELD
from downrange.flight.track import Chain

__all__ = ["Way"]


@dataclass(frozen=True, eq=False)
class Way:
    """A body's way through the air in the nominal flight, for weighing tables: Mach, unit Reynolds number, thrust on, dynamic pressure
    times time, height above the pad; and `relief`, the integral over the burn of the pressure by which the air is thinner than where thrust was measured, Pa s."""

    mach: np.ndarray
    unit_re: np.ndarray
    on: np.ndarray
    weight: np.ndarray
    height: np.ndarray
    relief: float

    @classmethod
    def of(cls, flight: Flight) -> Way:
        o = flight.raw.out
        end = o["apogee_time"] if np.isfinite(o["apogee_time"]) else flight.raw.track[-1, 0]
        t = flight.sample(np.linspace(o["rail_exit_time"], max(end, o["rail_exit_time"] + 0.1), 60))
        weight = np.maximum(t.dynamic_pressure, 1e-6)
        rho_v = 2 * t.dynamic_pressure / np.maximum(t.airspeed, 1.0)
        launch = flight.launch
        burn = np.linspace(0.0, min(launch.motor.burnout_time, end), 40)
        at = np.concatenate([np.zeros(1), flight.sample(np.maximum(burn[1:], o["liftoff_time"])).height])
        thinner = launch.motor.reference_pressure - launch.weather.air.pressure(launch.pad.elevation + at)
        return cls(
            t.mach, rho_v / 1.79e-5, t.thrust > 0, weight / weight.sum(), t.height, float(np.trapezoid(thinner, burn))
        )

    @classmethod
    def between(cls, launch: Launch, track: Chain, begin: float, end: float) -> Way:
        """The way of one body of a vehicle from `begin` to `end`, s from ignition."""
        t = track.sample(np.linspace(begin, max(end, begin + 1e-3), 60))
        weight = np.maximum(np.nan_to_num(t.dynamic_pressure), 1e-6)
        rho_v = 2 * t.dynamic_pressure / np.maximum(t.airspeed, 1.0)
        burns = t.thrust > 0
        thinner = launch.motor.reference_pressure - launch.weather.air.pressure(launch.pad.elevation + t.height)
        relief = float(np.trapezoid(np.where(burns, thinner, 0.0), t.time))
        return cls(
            np.nan_to_num(t.mach),
            np.nan_to_num(rho_v) / 1.79e-5,
            burns,
            weight / weight.sum(),
            np.nan_to_num(t.height),
            relief,
        )

    def means(self, aero: AeroTables) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Axial force area, normal-force slope area, centre of pressure and roll forcing along the path."""
        axial = aero.drag_of_many(self.mach, self.unit_re, self.on)
        a0, a1, roll = (np.interp(self.mach, aero.mach, v) for v in (aero.a0, aero.a1, aero.roll_force))
        area = aero.reference_area
        return axial * area, a0 * area, a1 / np.maximum(a0, 1e-9), roll

    def seen(self, row: np.ndarray, aero: AeroTables, base: AeroTables) -> np.ndarray:
        """A body's row (ROW,) with what its tables mean on this way, beside those of the `base`."""
        out, w = row.copy(), self.weight
        (ax, no, cp, roll), (ax0, no0, cp0, roll0) = self.means(aero), self.means(base)
        out[FIELD["axial"]] = float(w @ ax / max(w @ ax0, 1e-12))
        out[FIELD["normal"]] = float(w @ no / max(w @ no0, 1e-12))
        out[FIELD["cp_shift"]] = float(w @ (cp - cp0))
        out[FIELD["roll"]] += float(w @ (roll - roll0))
        return out

    def in_other_air(self, aero: AeroTables, launch: Launch, base: Launch) -> tuple[float, float]:
        """(Density, axial force beside that of density alone) in the air of `launch`, over those in the air of `base`.

        At the same speed warmer air has a smaller Mach number, and for its viscosity a smaller Reynolds number: another drag coefficient.
        """
        here, there = (v.pad.elevation + self.height for v in (launch, base))
        air, other = launch.weather.air, base.weather.air
        denser = np.asarray(air.density(here)) / np.asarray(other.density(there))
        warm, cold = np.asarray(air.temperature(here)), np.asarray(other.temperature(there))
        density = float(self.weight @ denser)
        if np.allclose(warm, cold, rtol=1e-12, atol=0.0):
            return density, 1.0
        mach = self.mach * sound_speed(cold) / sound_speed(warm)
        unit_re = self.unit_re * denser * viscosity(cold) / viscosity(warm)

        def drag(m: np.ndarray, re: np.ndarray) -> float:
            return float(self.weight @ aero.drag_of_many(m, re, self.on))

        return density, drag(mach, unit_re) / max(drag(self.mach, self.unit_re * density), 1e-12)
