"""Motors of grains for tests: no round numbers, no symmetry that hides a swapped dimension."""

import math

from downrange.motor.gas import Gas
from downrange.motor.grains import Bates
from downrange.motor.nozzle import Nozzle
from downrange.motor.propellants import Piece, Propellant
from downrange.motor.solid import Segment as Segment
from downrange.motor.solid import SolidMotor

GAS = Gas(heat_ratio=1.21, molar_mass=0.02367, temperature=3100)


def propellant(a=3.3e-5, n=0.33, name="test", density=1672.0, **more):
    piece = Piece(low=0.0, high=9e6, coefficient=a, exponent=n)
    return Propellant(**({"name": name, "density": density, "gas": GAS, "pieces": (piece,)} | more))


def nozzle(**changes):
    return Nozzle(**({"throat": 0.0131, "exit": 0.0337, "divergence": math.radians(13), "efficiency": 0.93} | changes))


def solid(grains=None, *, of=None, nozzle=nozzle(), **more):  # noqa: B008
    """A motor of `grains` (or three BATES), all of one propellant."""
    one = of or propellant()
    grains = grains or [Bates(diameter=0.071, length=0.117, core=0.0257)] * 3
    return SolidMotor(segments=tuple(Segment(g, one) for g in grains), nozzle=nozzle, **more)


RIC = """
data:
  config: {ambPressure: 98000.0, maxMassFlux: 1406.47, maxPressure: 8.0e6, minPortThroat: 2.0, timestep: 0.03}
  grains:
  - properties: {coreDiameter: 0.021, diameter: 0.066, inhibitedEnds: Top, length: 0.1}
    type: BATES
  - properties: {diameter: 0.066, inhibitedEnds: Neither, length: 0.05, dxfUnit: mm, points: [[!!python/tuple [-9, -7], !!python/tuple [9, -7], !!python/tuple [0, 11]]]}
    type: Custom Grain
  nozzle: {convAngle: 35.0, divAngle: 13.0, efficiency: 0.87, erosionCoeff: 0.0, exit: 0.04, slagCoeff: 0.0, throat: 0.0131, throatLength: 0.002}
  propellant:
    density: 1750.0
    name: made up
    tabs:
    - {a: 1.5e-05, k: 1.2, m: 25.0, maxPressure: 7.0e6, minPressure: 0.0, n: 0.4, t: 2600.0}
type: !!python/object/apply:uilib.fileIO.fileTypes
- 3
version: !!python/tuple
- 0
- 5
- 0
"""
