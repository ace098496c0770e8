"""What each method is worth: its name, where it holds, its uncertainty; and what of a geometry no method covers.

The uncertainties (1 σ) are our judgement from the residuals of the scorecard (`downrange aero --scorecard`) and, where it has no
row, from the scatter that the sources state. They are for campaigns to sample, one number for each kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch

import numpy as np

from downrange.aero.bodies import separated_share
from downrange.rocket import (
    BodyTube,
    Bulkhead,
    CentringRing,
    FinSet,
    InnerTube,
    LaunchLug,
    MassObject,
    NoseCone,
    Part,
    Placed,
    Protuberance,
    RailButtons,
    Recovery,
    RingFin,
    Rocket,
    ShockCord,
    Transition,
    TubeCoupler,
    TubeFins,
    called,
    planform,
)

__all__ = [
    "Model",
    "VALID_MACH",
    "cp_sigma",
    "drag_model",
    "geometry_notes",
    "lift_model",
    "no_notes",
    "part_notes",
    "transonic",
]

VALID_MACH = 8.0  # a blunt cone-cylinder-flare is met to 8; to 10 the methods go on smoothly


@dataclass(frozen=True)
class Model:
    """A method by name, the Mach numbers where it holds, and the relative uncertainty (1 σ) of what it gives."""

    name: str
    mach: tuple[float, float]
    sigma: float


_DRAG = {
    "friction": Model("Van Driest II, Hoerner form factors, DATCOM roughness cut-off", (0, 8), 0.10),
    "pressure": Model("TR R-100, second-order shock expansion, Ackeret, area rule", (0, 8), 0.15),
    "base": Model("Hoerner, McCoy, Fleeman, Gabeaud; Korst behind fins", (0, 8), 0.20),
    "interference": Model("Mandell's phantom fin area", (0, 2), 0.50),
    "protuberance": Model("Hoerner, in the boundary layer", (0, 2), 0.30),
    "beside": Model("Raymer's interference of stores", (0, 0.8), 0.50),
    "given": Model("given", (0, 12), 0.0),
}
_LIFT = {
    "body": Model("slender body to Mach 0.9, second-order shock expansion from 1.3", (0, 8), 0.10),
    "fins": Model("lifting surface with NACA 1307 interference", (0, 8), 0.08),
    "ring": Model("Ribner's ring airfoil", (0, 0.7), 0.20),
    "downwash": Model("NACA 1307 wing-tail interference by strips", (0, 5), 0.30),
    "pods": Model("each by itself, where it stands", (0, 0.8), 0.20),
    "barrowman": Model("Barrowman", (0, 0.9), 0.10),
}


def drag_model(kind: str) -> Model:
    """The method of a kind of drag."""
    return _DRAG[kind]


def lift_model(kind: str) -> Model:
    """The method of a kind of lift."""
    return _LIFT[kind]


def transonic(mach: np.ndarray) -> np.ndarray:
    """How much worse methods are near Mach 1: 1 outside 0.85 to 1.25, 2 at Mach 1."""
    m = np.asarray(mach, float)
    return 1 + np.clip(np.minimum((m - 0.85) / 0.15, (1.25 - m) / 0.25), 0, 1)


def cp_sigma(rocket: Rocket, mach: np.ndarray) -> np.ndarray:
    """Uncertainty of the centre of pressure (1 σ), m: 1.5 % of the length, twice that near Mach 1."""
    return 0.015 * rocket.length * transonic(mach)


def geometry_notes(rocket: Rocket) -> Iterator[str]:
    """What of this geometry lies outside the methods, each with the limit and what was done."""
    yield from rocket.notes
    first = rocket.placed[0]
    if isinstance(first.part, BodyTube | Transition):
        yield "The rocket begins without a nose cone: its front was taken as a blunt face (Hoerner), which lifts as a nose of no length."
    for q in rocket.placed:
        yield from (f"{called(q.part)}: {note}" for note in part_notes(q.part, q))
    for where, before, after in rocket.steps:
        yield (
            f"The body's diameter jumps from {before * 1e3:.1f} to {after * 1e3:.1f} mm at {where * 1e3:.0f} mm from the nose: taken as a blunt "
            "face or a base. Put a transition there, or correct the diameters."
        )
    if rocket.length < 4 * rocket.diameter:
        yield f"A body of {rocket.length / rocket.diameter:.1f} diameters is short: base drag and body lift are for 4 and more; ±30 %."


@singledispatch
def part_notes(part: Part, q: Placed) -> Iterator[str]:
    """What of a part, in its place `q`, lies outside the methods, without its name; most say nothing."""
    raise TypeError(f"{type(part).__name__} has no notes: register it with part_notes, or with no_notes if it has none")


def no_notes(part: Part, q: Placed) -> Iterator[str]:
    """The methods hold for it whatever its numbers."""
    return iter(())


for _kind in (
    BodyTube, InnerTube, TubeCoupler, CentringRing, Bulkhead, MassObject, ShockCord, Recovery, LaunchLug, RailButtons, Protuberance,
):  # fmt: skip
    part_notes.register(_kind)(no_notes)


@part_notes.register
def _(part: NoseCone, q: Placed) -> Iterator[str]:
    if part.length < 0.8 * part.diameter:
        yield f"a nose of {part.length / part.diameter:.1f} diameters is blunter than the measured ones (at least 1); its drag is ±50 %."
    if q.front > 0 and q.depth == 0:
        yield "a nose cone behind other parts was taken as a step and a cone; turned about, describe it as a transition."


@part_notes.register
def _(part: Transition, q: Placed) -> Iterator[str]:
    if q.depth == 0 and q.at.aft_outer < q.at.outer and separated_share(q) >= 1:
        yield "a boat-tail shorter than the diameter it loses; the flow leaves it, and it saves no base drag."
    if q.depth == 0 and q.at.aft_outer > q.at.outer + 0.5 * (q.aft - q.front):
        yield "a shoulder steeper than 27°; the flow ahead of it separates, its drag is ±30 %."


@part_notes.register
def _(part: TubeFins | RingFin, q: Placed) -> Iterator[str]:
    yield "ring airfoils are known to about 20 %, and tubes may choke from Mach 0.7 to 2."


@part_notes.register
def _(fin: FinSet, q: Placed) -> Iterator[str]:
    plan = planform(fin)
    ratio = fin.thickness / plan.mean_aerodynamic_chord
    if fin.count > 8:
        yield f"{fin.count} fins; how they hinder each other is known to 8, and 25 % less lift a fin was taken."
    if ratio > 0.15:
        yield f"fins {100 * ratio:.0f} % thick; thin-wing theory holds to about 15 %."
    if plan.aspect_ratio < 0.3:
        yield f"an aspect ratio of {plan.aspect_ratio:.2f}; linear theory leaves out the edges' vortices, which lift more."
    if plan.aspect_ratio > 8:
        yield f"an aspect ratio of {plan.aspect_ratio:.0f}; such fins stall and bend before theory says so."
