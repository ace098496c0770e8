"""The stability margin along a flight, for figures and files: the kernel's own formula over arrays.

One definition everywhere: (centre of pressure at the actual Mach number and angle of attack less centre of gravity) over the
largest diameter, with cross-flow and body lift in it. The least margin of a flight is the least of those between rail
exit and apogee where the airspeed exceeds 20 m/s, and of that at rail exit whatever its airspeed.
"""

from __future__ import annotations

import math

import numpy as np

from downrange.aero import AeroTables
from downrange.flight.kernel.layout import LEAST_AIRSPEED

__all__ = ["LEAST_AIRSPEED", "least_margin", "margin_along"]


def margin_along(aero: AeroTables, mach: np.ndarray, cosine: np.ndarray, cg: np.ndarray) -> np.ndarray:
    """Margin in calibres at Mach numbers (n,), cosines of the angle of attack (n,) and centres of gravity (n,) m.

    NaN where nothing lifts, and where the air comes from behind. The formula is that of `kernel.margin.margin_at`.
    """
    across = mach * np.sqrt(np.clip(1 - cosine**2, 0.0, 1.0))
    turns = np.linspace(-1, 1, aero.angle.shape[1])
    fn, fc, fb = (np.interp(cosine, turns, row) for row in aero.angle[1:4])
    a0, a1 = (np.interp(mach, aero.mach, a) for a in (aero.a0, aero.a1))
    k = fc * np.interp(across, aero.mach, aero.cross_factor) * np.sqrt(np.clip(1 - cosine**2, 0.0, 1.0))
    force = fn * a0 + k * aero.cross_area + fb * aero.body_slope
    first = fn * a1 + k * aero.cross_moment + fb * aero.body_moment
    lifts = (force > 1e-9) & (cosine > 0)
    return np.where(lifts, (first / np.where(lifts, force, 1.0) - cg) / aero.reference_length, np.nan)


def least_margin(time: np.ndarray, margin: np.ndarray, until: float) -> tuple[float, float]:
    """(least margin in calibres, its time in s) of margins (n,) at times (n,) up to `until`; NaN where there is none."""
    rows = np.flatnonzero(np.isfinite(margin) & (time <= until + 1e-9))
    if rows.size == 0:
        return math.nan, math.nan
    k = rows[int(np.argmin(margin[rows]))]
    return float(margin[k]), float(time[k])
