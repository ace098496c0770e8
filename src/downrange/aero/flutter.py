"""Flutter and divergence of fins.

* Flutter: Martin, NACA TN 4197 (1958), eq. 18, as a Mach number: M_f² = (G/p) / (2.674 A³/((t/c)³ (A + 2)) (λ + 1)/2), which has 24 ε γ/π for 2.674 with
  the section's centre of mass ε = 1/4 of the chord behind its quarter (39.3 psi = 24 ε γ p₀/π); here ε by section. A is that of one fin, t/c at the root, which is
  the unsafe end for fins of one thickness. Good to about 20 % for plain fins; joints and fillets are taken as rigid.
* Divergence below Mach 1: torsion of the fin as a rod that air at its quarter-chord twists (Bisplinghoff, Ashley and Halfman,
  Aeroelasticity, 1955, section 8-2), q_D = (π/2s)² G (c t³/3)/(c (c/4) a) with the mean chord, without the relief of sweep. Above Mach 1 the force
  stands at mid-chord and does not twist it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from downrange.aero.fins import fin_slope
from downrange.constants import HEAT_RATIO_AIR as G
from downrange.rocket import FinSet, Rocket, find_material, planform

__all__ = ["SECTION_CENTRE", "FinStrength", "fin_strengths"]

SECTION_CENTRE = {"wedge": 2 / 3, "double wedge": 0.5, "airfoil": 0.42, "hexagonal": 0.5}  # of mass, share of the chord


@dataclass(frozen=True)
class FinStrength:
    """One set of fins: dynamic pressures (Pa) of flutter and of divergence; NaN where the shear modulus is not known."""

    name: str
    path: str
    shear_modulus: float
    flutter_pressure: float
    divergence_pressure: float

    def flutter_mach(self, pressure: float) -> float:
        """Flutter's Mach number at an air pressure (Pa)."""
        return math.sqrt(self.flutter_pressure / (0.5 * G * pressure))


def fin_strengths(rocket: Rocket) -> tuple[FinStrength, ...]:
    """Flutter and divergence of every set of fins."""
    out = []
    for q in rocket.find(FinSet):
        fin = q.part
        assert isinstance(fin, FinSet)
        plan = planform(fin)
        modulus = fin.shear_modulus or find_material(fin.material, "volume").shear_modulus or math.nan
        aspect, ratio = plan.span**2 / plan.area, fin.thickness / plan.root_chord
        taper = float(plan.chord[-1] / plan.root_chord)
        epsilon = SECTION_CENTRE.get(fin.section, 0.5) - 0.25
        factor = 24 * epsilon * G / math.pi * aspect**3 / (ratio**3 * (aspect + 2)) * (taper + 1) / 2
        chord = plan.area / plan.span
        torsion = modulus * chord * fin.thickness**3 / 3
        slope = fin_slope(plan, q.at.outer)
        divergence = (math.pi / (2 * plan.span)) ** 2 * torsion / (chord * 0.25 * chord * slope)
        out.append(FinStrength(fin.name or "fins", q.path, modulus, 0.5 * G * modulus / factor, divergence))
    return tuple(out)
