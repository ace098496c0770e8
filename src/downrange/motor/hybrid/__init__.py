"""Motors that burn what flows: hybrids and liquids, from tank to thrust; nitrous oxide by its equation of state."""

from downrange.motor.hybrid.engine import Engine, EngineRun, Feed, chamber_run, run_engine
from downrange.motor.hybrid.fuel import HTPB_OXYGEN, Combustion, FuelGrain, Regression
from downrange.motor.hybrid.injector import Injector, equilibrium_flux, incompressible_flux, nonequilibrium_flux
from downrange.motor.hybrid.nitrous import Saturation, nitrous_state, saturation
from downrange.motor.hybrid.tanks import Contents, NitrousTank, PressedTank, Tank

__all__ = [
    "HTPB_OXYGEN",
    "Combustion",
    "Contents",
    "Engine",
    "EngineRun",
    "Feed",
    "FuelGrain",
    "Injector",
    "NitrousTank",
    "PressedTank",
    "Regression",
    "Saturation",
    "Tank",
    "chamber_run",
    "equilibrium_flux",
    "incompressible_flux",
    "nitrous_state",
    "nonequilibrium_flux",
    "run_engine",
    "saturation",
]
