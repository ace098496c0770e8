"""What a file does not say and a flight hangs on: uncertain inputs with wide priors, and where each prior is from.

A campaign samples those that its launch's files leave out, as it samples what they state with an uncertainty. The nominal flight
takes the default that the files' reference names; a prior may lie to one side of it (a nozzle adds thrust with height, never takes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from downrange.flight import Launch
from downrange.rocket import BodyTube, FinSet, LaunchLug, Part, RailButtons, Rocket
from downrange.rocket.parts import Section
from downrange.uncertainty import Choice, Distribution, LogNormal, Uniform

__all__ = ["PRIORS", "Prior", "unsaid_of_rocket"]

_SECTIONS: tuple[Section, ...] = ("square", "rounded", "airfoil")
_SHARP = ("wedge", "double wedge", "hexagonal", "airfoil")
_SMALL = 0.054  # m; below it rockets fly on a rod with a lug, above on a rail with buttons


@dataclass(frozen=True)
class Prior:
    """One thing that may not be said: its distribution, how a launch is with a value of it, its `doc` and its source.

    `cases` is how many published or measured values it stands on; None where it is judgement.
    """

    doc: str
    distribution: Distribution
    change: Callable[[Launch, float], Launch]
    evidence: str
    cases: int | None = None


def _parts(launch: Launch, change: Callable[[Part], Part]) -> Launch:
    """The launch with every part of its rocket changed, stage by stage where it has several."""

    def walk(part: Any) -> Any:
        inside = replace(part, parts=tuple(walk(p) for p in part.parts))
        return change(inside) if isinstance(inside, Part) else inside

    rocket = launch.rocket
    return replace(launch, rocket=replace(rocket, parts=tuple(walk(p) for p in rocket.parts)))


def _rougher(launch: Launch, value: float) -> Launch:
    return replace(launch, rocket=replace(launch.rocket, roughness=value))


def _thicker(launch: Launch, factor: float) -> Launch:
    return _parts(launch, lambda p: replace(p, thickness=factor * p.thickness) if isinstance(p, FinSet) else p)


def _section(launch: Launch, number: float) -> Launch:
    section = _SECTIONS[int(number)]
    return _parts(
        launch, lambda p: replace(p, section=section) if isinstance(p, FinSet) and p.section == "square" else p
    )


def _blunter(launch: Launch, share: float) -> Launch:
    def change(p: Part) -> Part:
        if isinstance(p, FinSet) and p.section in _SHARP and p.leading_edge_radius is None:
            return replace(p, leading_edge_radius=share * p.thickness)
        return p

    return _parts(launch, change)


def _guided(launch: Launch, number: float) -> Launch:
    """With a lug or two buttons on its first tube; where it leaves the rail stays."""
    if not number:
        return launch
    held = launch.guides or (float(launch.loaded.cg[0]),) * 2
    if launch.rocket.diameter < _SMALL:
        guide: Part = LaunchLug(length=0.05, diameter=0.005, wall=0.0005, mass=0.0)
    else:
        guide = RailButtons(spacing=0.1, mass=0.0)
    tube = next((q.part for q in launch.rocket.placed if isinstance(q.part, BodyTube)), None)

    def change(part: Part) -> Part:
        return replace(part, parts=(*part.parts, guide)) if part == tube else part

    return replace(_parts(launch, change), guides=held)


def _nozzle(launch: Launch, area: float) -> Launch:
    """`area` in m2 a newton of average thrust."""
    motor = launch.motor
    return replace(launch, motor=replace(motor, nozzle_exit_area=area * motor.average_thrust))


def _beside_jet(launch: Launch, factor: float) -> Launch:
    """A table of drag that was given has the base in it as it was."""
    return launch if launch.aero.drag_given else replace(launch, aero=replace(launch.aero, base_beside_jet=factor))


PRIORS: dict[str, Prior] = {
    "finish": Prior(
        "surface finish: equivalent sand roughness, m", LogNormal(18e-6, 1.35), _rougher,
        "painted surfaces: Hoerner (1965), p. 5-3, 5, 20 and (sprayed badly) 200 µm; DATCOM, table 4.1.5.1-A, 6, 10 and 30 µm: their "
        "geometric mean and the standard deviation of their logarithm", 6,
    ),
    "fin_thickness": Prior(
        "thickness of the fins, a factor", LogNormal(1.0, 0.33), _thicker,
        "judgement: sheet sold for fins is 1.6 to 6.4 mm thick; two thirds to one and a half of what was taken is usual",
    ),
    "fin_section": Prior(
        "cross-section of the fins: square, rounded or airfoil", Choice((0.0, 1.0, 2.0)), _section,
        "judgement: each is built, and equally likely as long as nothing is known",
    ),
    "leading_edge": Prior(
        "radius of sharp leading edges, a share of the thickness", LogNormal(0.05, 1.0), _blunter,
        "the Basic Finner's 0.004 of 0.08 calibres; the spread is judgement", 1,
    ),
    "guides": Prior(
        "rail buttons or a launch lug: none, or as usual", Choice((0.0, 1.0)), _guided,
        "judgement: a rod or rail needs them, a tower or fly-away guides do not",
    ),
    "nozzle_exit": Prior(
        "area of the nozzle's exit, m² a newton of average thrust", LogNormal(1.6e-6, 0.4), _nozzle,
        "four motors with stated nozzles (K to N), 1.2 to 2.2 mm² a newton, standard deviation of the logarithm 0.27; wider for others", 4,
    ),
    "base_beside_jet": Prior(
        "base drag beside the burning jet, over that of the same ring without a jet", Uniform(0.0, 2.0), _beside_jet,
        "judgement: from none, a jet that fills the wake, to twice, one that pumps it empty; Brazzel and Henderson (AGARD CP 10, 1966) have the base's "
        "pressure grow with the jet's momentum, through both",
    ),
}  # fmt: skip


def unsaid_of_rocket(rocket: Rocket) -> Iterator[str]:
    """What a rocket itself shows to be left out: sharp edges without a radius, nothing that guides it."""
    sets = [q.part for q in rocket.placed if isinstance(q.part, FinSet)]
    if any(p.section in _SHARP and p.leading_edge_radius is None for p in sets):
        yield "leading_edge"
    if not rocket.find(RailButtons, LaunchLug):
        yield "guides"
