"""Which of OpenRocket's tags is which part of ours, and what reads it."""

from __future__ import annotations

from collections.abc import Callable

from downrange.formats.foreign import ork_bodies as b
from downrange.formats.foreign import ork_contents as c
from downrange.formats.foreign import ork_surfaces as s
from downrange.formats.foreign.design import PartData
from downrange.formats.foreign.nodes import Node
from downrange.formats.foreign.ork_common import overrides, place_of

__all__ = ["BODIES", "COMPONENTS", "read_part"]

Reader = Callable[[Node, PartData], None]
BODIES = ("nosecone", "bodytube", "transition")
COMPONENTS: dict[str, tuple[str, str, Reader]] = {
    # OpenRocket's tag: our type, where it stands if nothing is said, what reads it
    "nosecone": ("nose cone", "after", b.nose), "bodytube": ("body tube", "after", b.tube), "transition": ("transition", "after", b.transition),
    "trapezoidfinset": ("trapezoidal fins", "bottom", s.trapezoid), "ellipticalfinset": ("elliptical fins", "bottom", s.ellipse),
    "freeformfinset": ("freeform fins", "bottom", s.freeform), "tubefinset": ("tube fins", "bottom", s.tube_fins),
    "launchlug": ("launch lug", "top", s.lug), "railbutton": ("rail buttons", "top", s.button),
    "innertube": ("inner tube", "bottom", c.inner_tube), "tubecoupler": ("tube coupler", "top", c.coupler), "centeringring": ("centring ring", "top", c.ring), "bulkhead": ("bulkhead", "top", c.bulkhead),
    "engineblock": ("centring ring", "top", c.block), "masscomponent": ("mass", "top", c.mass), "shockcord": ("shock cord", "top", c.cord),
    "parachute": ("parachute", "top", c.parachute), "streamer": ("streamer", "top", c.streamer),
}  # fmt: skip


def read_part(node: Node, part: PartData, default: str, read: Reader) -> None:
    """Fill `part` from its element: place, overrides, then what is its own."""
    place_of(node, part, default)
    overrides(node, part)
    read(node, part)
    if comment := node.text("comment"):
        part["@comment"] = comment
