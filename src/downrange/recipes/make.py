"""What is made of a design: drawings, meshes and lists for the workshop, and papers for the range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from downrange import flight, rocket
from downrange.errors import InputError, seen
from downrange.project import load_design
from downrange.recipes.ask import Asked, _opened
from downrange.recipes.launch import Launch, Rocket
from downrange.report.documents import Document
from downrange.report.range.facts import gathered
from downrange.report.range.lists import Checklist, checklist_of
from downrange.report.range.papers import card_document
from downrange.report.workshop.drawings import checked_bays
from downrange.report.workshop.files import Printing, Workshop, workshop_of
from downrange.report.workshop.weighed import read_weights
from downrange.units import parse_quantity

__all__ = ["card", "checklist", "workshop"]


def workshop(
    what: Launch | Rocket | str | Path, *, paper: Literal["a4", "letter"] = "a4", bays: str | Sequence[str] = (), material: str = "pla",
    wall: str | float = "1.2 mm", infill: str | float = "15%", units: Literal["metric", "us"] = "metric",
    weighed: str | Path | Mapping[str, float] | None = None,
) -> Workshop:  # fmt: skip
    """The drawings of a rocket's parts at true size, solids to print, the bill of materials and the steps of the build.

    what: a `dr.Launch` (balance with its motors), a `dr.Rocket`, or the path of a rocket, launch or design file
    paper: that the PDF's pages are of
    bays: names of the couplers that hold altimeters, for their vent holes
    material: of what is printed, for its weight
    wall: full material under the surface of what is printed, like '1.2 mm'
    infill: how much of the rest is filled, like '15%'
    units: `us` writes dimensions, notes and sizes in inches, to a thousandth; masses in the bill stay grams, in which they are typed back
    weighed: the parts' weights: a bill.csv with them in, or kg by the paths of the parts; `.changed` says what they changed
    `.write(folder, mesh='stl')` writes the files that `downrange workshop` does. Raises `InputError` for a file that cannot be read,
    and for bays and materials that are not there.
    """
    if units not in ("metric", "us"):
        raise InputError(f"units are metric or us, seen {seen(units, 40)}", key="units")
    thick, share = parse_quantity(_metres(wall), "length").value, parse_quantity(infill, "number").value
    printing = Printing(material, thick, share)
    weights = read_weights(weighed) if isinstance(weighed, str | Path) else weighed
    return workshop_of(
        *_design(what), paper=paper, bays=checked_bays(bays), printing=printing, units=units, weights=weights
    )


def checklist(launch: Asked, rules: Sequence[str] = ()) -> Checklist:
    """Checklists of a launch from its own parts: assembly, pad, launch, misfire, disarm, after landing.

    launch: a `dr.Launch`, or the path of a launch file
    rules: rule packs whose lines are in it, by name or file; those of the launch, or the defaults, where not said
    `downrange.report.range.papers.write_checklist` writes it as PDF or as a page for a tablet. Raises `InputError` for files and packs
    that cannot be read.
    """
    return checklist_of(gathered(_opened(launch).project, _packs(rules)))


def card(
    launch: Asked, rules: Sequence[str] = (), *, sheet: bool = False, paper: Literal["a4", "letter"] = "a4"
) -> Document:
    """The flight card of a launch, a page for the range: `downrange.report.documents.write_document` writes it as PDF, HTML or Word.

    launch: a `dr.Launch`, or the path of a launch file
    rules: rule packs whose lines are on it, by name or file; those of the launch, or the defaults, where not said
    sheet: with the data sheet that a TAP or an L3CC asks for behind it
    paper: of its pages
    Raises `InputError` for a launch that does not leave the rail, and for files and packs that cannot be read.
    """
    if paper not in ("a4", "letter"):
        raise InputError(f"paper is a4 or letter, seen {seen(paper, 40)}", key="paper")
    return card_document(gathered(_opened(launch).project, _packs(rules)), paper, sheet=sheet)


def _packs(rules: Any) -> tuple[str, ...]:
    given = [rules] if isinstance(rules, str) else rules
    if not isinstance(given, list | tuple) or not all(isinstance(r, str) for r in given):
        raise InputError(f"rules are names of packs, like ['nar-hpr']; seen {seen(rules, 80)}", key="rules")
    return tuple(given)


def _metres(given: Any) -> Any:
    return f"{given} m" if isinstance(given, int | float) and not isinstance(given, bool) else given


def _design(what: Any) -> tuple[rocket.Rocket, flight.Launch | None]:
    if isinstance(what, str | Path):
        return load_design(what)
    if isinstance(what, Launch):
        return what.values.rocket, what.values
    if isinstance(what, Rocket):
        return what.value, None
    raise InputError(f"{seen(what, 80)} cannot be drawn: give a dr.Launch, a dr.Rocket, or a path")
