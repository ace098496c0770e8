"""Parts, materials and mass properties; a `Rocket` is the frozen sum of its parts."""

from downrange.rocket.layout import Host, on_the_surface, part_frame, part_length
from downrange.rocket.mass import Frame, MassProperties, combine, cylinder, part_mass
from downrange.rocket.materials import FINISHES, MATERIALS, Material, find_material, roughness
from downrange.rocket.parts import (
    PART_TYPES,
    BodyTube,
    Bulkhead,
    CentringRing,
    Deploy,
    EllipticalFins,
    FinSet,
    FreeformFins,
    InnerTube,
    LaunchLug,
    MassObject,
    NoseCone,
    Parachute,
    Part,
    Protuberance,
    RailButtons,
    Recovery,
    RingFin,
    ShockCord,
    Streamer,
    Transition,
    TrapezoidalFins,
    TubeCoupler,
    TubeFins,
)
from downrange.rocket.planform import Planform, planform
from downrange.rocket.rocket import Measured, Placed, Rocket, called
from downrange.rocket.shapes import profile, transition_profile

__all__ = [
    "FINISHES", "MATERIALS", "PART_TYPES", "BodyTube", "Bulkhead", "CentringRing", "Deploy", "EllipticalFins", "FinSet",
    "Frame", "FreeformFins", "Host", "InnerTube", "LaunchLug", "MassObject", "MassProperties", "Material", "Measured", "NoseCone",
    "Parachute", "Part", "Placed", "Planform", "Protuberance", "RailButtons", "Recovery", "RingFin", "Rocket", "ShockCord", "Streamer", "Transition",
    "TrapezoidalFins", "TubeCoupler", "TubeFins", "called", "combine", "cylinder", "find_material", "on_the_surface", "part_frame", "part_length", "part_mass", "planform", "profile", "roughness", "transition_profile",
]  # fmt: skip
