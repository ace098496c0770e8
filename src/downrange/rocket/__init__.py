"""Parts, materials and mass properties; a `Rocket` is the frozen sum of its parts."""

from downrange.rocket.altimeters import Altimeter
from downrange.rocket.assembly import Assembly, Boosters, Pods, Stage
from downrange.rocket.cluster import Cluster
from downrange.rocket.devices import Deploy, Glider, Parachute, Recovery, Streamer, Tumble
from downrange.rocket.happenings import Ignition, Separation
from downrange.rocket.layout import Host, Placed, on_the_surface, part_frame, part_length
from downrange.rocket.mass import Frame, MassProperties, combine, cylinder, mass_of, part_mass
from downrange.rocket.materials import FINISH_SOURCES, FINISHES, MATERIALS, Material, find_material, roughness
from downrange.rocket.measured import Measured
from downrange.rocket.mounts import MotorTube, Mount, mounts_of
from downrange.rocket.parts import (
    BodyTube,
    Bulkhead,
    CentringRing,
    EllipticalFins,
    FinSet,
    FreeformFins,
    InnerTube,
    LaunchLug,
    MassObject,
    NoseCone,
    Part,
    Protuberance,
    RailButtons,
    RingFin,
    ShockCord,
    Transition,
    TrapezoidalFins,
    TubeCoupler,
    TubeFins,
)
from downrange.rocket.planform import Planform, planform
from downrange.rocket.rocket import Attached, Rocket
from downrange.rocket.shapes import profile, transition_profile
from downrange.rocket.types import PART_TYPES, called

__all__ = [
    "Altimeter", "Assembly", "Attached", "BodyTube", "Boosters", "Bulkhead", "CentringRing", "Cluster", "Deploy",
    "EllipticalFins", "FINISHES", "FINISH_SOURCES", "FinSet", "Frame", "FreeformFins", "Glider", "Host", "Ignition", "InnerTube", "LaunchLug",
    "MATERIALS", "MassObject", "MassProperties", "Material", "Measured", "MotorTube", "Mount", "NoseCone",
    "PART_TYPES", "Parachute", "Part", "Placed", "Planform", "Pods", "Protuberance", "RailButtons", "Recovery",
    "RingFin", "Rocket", "Separation", "ShockCord", "Stage", "Streamer", "Transition", "TrapezoidalFins", "Tumble",
    "TubeCoupler", "TubeFins", "called", "combine", "cylinder", "find_material", "mounts_of", "on_the_surface",
    "part_frame", "part_length", "mass_of", "part_mass", "planform", "profile", "roughness", "transition_profile",
]  # fmt: skip
