"""The shop window: what the project files say, said in Python, and what is asked of it.

A recipe (`Rocket`, `BodyTube`, `Launch`, ...) holds keys and values of a project file and is checked when it is made, by the
same models and in the same words as a file. `Launch.values` is the launch in SI that the rest of the package works with.
"""

from importlib import import_module
from typing import Any

_HOME = {
    "airframe": (
        "BodyTube", "Bulkhead", "CentringRing", "InnerTube", "LaunchLug", "NoseCone", "Protuberance", "RailButtons", "Transition",
        "TubeCoupler",
    ),
    "assemblies": ("Boosters", "Pods"),
    "surfaces": ("EllipticalFins", "FreeformFins", "RingFin", "TrapezoidalFins", "TubeFins"),
    "contents": ("MassObject", "Parachute", "ShockCord", "Streamer", "Tumble", "Glider"),
    "grains": (
        "BatesGrain", "CSlotGrain", "ConicalGrain", "CustomGrain", "DGrain", "DomedGrain", "EndBurnerGrain",
        "FinocylGrain", "MoonGrain", "RodTubeGrain", "StarGrain", "TubeGrain", "XCoreGrain",
    ),
    "grain_motor": (
        "BurnRate", "BurnRatePoint", "ErosiveBurning", "GrainMotor", "Igniter", "MotorCase", "MotorLimits", "Nozzle", "Propellant", "PropellantGas",
    ),
    "ground": ("Airport", "Ground", "Shape", "Site", "Terrain", "Waiver"),
    "places": (
        "Aero", "Altimeter", "Brakes", "Conditions", "Correlated", "Deploy", "Guides", "Measured", "Modes", "Motor", "MountedMotor", "OwnMode",
        "Rail", "Record", "Section", "ThrustLine", "Uncertainty", "Weather", "Wind", "WindLayer",
    ),
    "vehicles": ("Cluster", "Ignition", "Separation", "Stage"),
    "launch": ("Launch", "Rocket", "load"),
    "documents": ("document",),
    "choose": ("compare", "optimise", "solve", "sweep"),
    "make": ("card", "checklist", "workshop"),
    "fair": ("analyse_experiment", "experiment"),
    "lessons": ("lesson",),
    "teach": ("PredictionBoard", "learn", "predict", "prediction_board"),
    "steered": ("ControlEffect", "control_effect"),
    "diagnosing": ("Diagnosis", "diagnose"),
    "results": ("Campaign", "Flight", "Landing", "Trajectory"),
    "ask": ("AeroReport", "Assessment", "Check", "aero", "assess", "check", "disperse", "find_motor", "fly", "read_motor"),
}  # fmt: skip
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__all__ = sorted(_MODULE)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name in _MODULE:
        return getattr(import_module(f"downrange.recipes.{_MODULE[name]}"), name)
    raise AttributeError(f"module 'downrange.recipes' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
