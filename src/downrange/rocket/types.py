"""The kinds of parts by the word that a project file has for them."""

from __future__ import annotations

from downrange.rocket import assembly as a
from downrange.rocket import devices
from downrange.rocket import parts as p

__all__ = ["PART_TYPES", "called"]

PART_TYPES: dict[str, type[p.Part]] = {
    "nose cone": p.NoseCone,
    "body tube": p.BodyTube,
    "transition": p.Transition,
    "trapezoidal fins": p.TrapezoidalFins,
    "elliptical fins": p.EllipticalFins,
    "freeform fins": p.FreeformFins,
    "inner tube": p.InnerTube,
    "tube coupler": p.TubeCoupler,
    "centring ring": p.CentringRing,
    "bulkhead": p.Bulkhead,
    "launch lug": p.LaunchLug,
    "rail buttons": p.RailButtons,
    "protuberance": p.Protuberance,
    "tube fins": p.TubeFins,
    "ring fin": p.RingFin,
    "mass": p.MassObject,
    "shock cord": p.ShockCord,
    "parachute": devices.Parachute,
    "streamer": devices.Streamer,
    "tumble": devices.Tumble,
    "glider": devices.Glider,
    "pods": a.Pods,
    "boosters": a.Boosters,
}


def called(part: p.Part) -> str:
    """A part's name, or what it is, in words."""
    return part.name or next((word for word, kind in PART_TYPES.items() if type(part) is kind), type(part).__name__)
