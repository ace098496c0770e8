"""The rocket as built: what was weighed, beside what its drawing and materials say."""

from __future__ import annotations

from dataclasses import replace

from downrange.errors import InputError
from downrange.report.composing.material import Material, Missing
from downrange.report.documents import Table, Text
from downrange.rocket.layout import Placed
from downrange.rocket.mass import mass_of
from downrange.rocket.parts import MassObject
from downrange.rocket.types import called
from downrange.text import plain
from downrange.units import display

__all__ = ["built_table"]


def _drawn(q: Placed) -> float:
    """The mass of a part by dimensions and material, kg; zero where its mass was only ever given."""
    if q.part.override_children or isinstance(q.part, MassObject):
        return 0.0
    try:
        return mass_of(replace(q.part, mass=None), q.at).mass
    except InputError:  # it cannot be without a mass
        return 0.0


def built_table(m: Material) -> Table:
    """Each part and stage whose mass was given, and its mass by dimensions and material; `Missing` where none was."""
    rocket = m.project.launch.rocket
    weighed = [
        (called(q.part) + (" and what is in it" if q.part.override_children else ""), _drawn(q), q.part.mass)
        for q in rocket.placed
        if q.part.mass is not None
    ]
    weighed += [
        (f"{stage.name}, without motors", body.mass, stage.measured.mass)
        for stage, body in zip(rocket.stages, rocket.stage_structures, strict=True)
        if stage.measured.mass is not None
    ]
    if not weighed:
        raise Missing("nothing was weighed: write mass under a part, or measured: {mass: ...}, into the rocket's file")
    rows: list[tuple[Text, ...]] = [
        (
            plain(name, 60),
            display(mass, "mass", m.units),
            display(drawn, "mass", m.units) if drawn > 0 else "-",
            f"{100 * (mass - drawn) / drawn:+.1f} %" if drawn > 0 else "-",
        )
        for name, drawn, mass in weighed
    ]
    return Table(
        ("what", "weighed", "by drawing", "difference"), tuple(rows), "Masses as built", (1, 2, 3),
        "Weighed: given as a mass in the rocket's file, and flown. By drawing: of dimensions and materials, of a whole rocket the sum of its parts. What is not listed was not weighed.",
        "as_built",
    )  # fmt: skip
