"""Explained: what the pad does not show. How stable it stays on the way up, and whom it hits where nothing opens."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from downrange.errors import InputError
from downrange.failures.modes import NothingOpens, Scene
from downrange.flight import Flight, fly
from downrange.flight.margins import margin_along
from downrange.report.explain.case import Case
from downrange.report.explain.sheet import Explanation, Sheet
from downrange.safety import Lethality
from downrange.safety.ground import Shape
from downrange.safety.risk import PERSON_HEIGHT, PERSON_RADIUS

__all__ = ["casualties", "least_margin"]


def _one_body(case: Case, topic: str) -> None:
    if not case.launch.simple:
        raise InputError(
            f"{topic} is explained for one body on one motor; of several, see downrange fly and downrange safety",
            key="motors",
        )


def least_margin(case: Case) -> Explanation:
    """The least margin between rail exit and apogee."""
    _one_body(case, "least-margin")
    f, t, launch = case.figures, case.flight.trajectory, case.launch
    k = int(np.argmin(np.abs(t.time - f["min_stability_time"])))
    sheet = Sheet(
        "least-margin",
        "How stable does it stay on the way up?",
        "As propellant burns, the balance moves forward and the margin grows. Two things take it away: speed near that of sound moves the centre of pressure, and at an "
        "angle to the air the body lifts too, ahead of the fins. What counts is the least of it, while the air is fast enough to steer by.",
    )
    left = float(t.mass[k]) - launch.dry.mass
    when = f"at {t.time[k]:.2f} s"
    sheet.give("m_r", launch.dry.mass, "mass", "rocket and empty motor", case.mass_source)
    sheet.give(
        "x_r", float(launch.dry.cg[0]), "length", "where they balance, from the nose tip", "see downrange explain mass"
    )
    sheet.give("m_p", max(left, 0.0), "mass", f"propellant left {when}", f"data of {launch.motor.designation}")
    sheet.give("x_p", launch.propellant_centre, "length", "its middle, from the nose tip", "where the motor sits")
    sheet.step("x_cg", "(m_r * x_r + m_p * x_p) / (m_r + m_p)", "length", f"The centre of gravity {when}:")
    d = launch.rocket.diameter
    cosine = np.cos(t.angle_of_attack[k : k + 1])
    centre = float(margin_along(case.flight.program.aero, t.mach[k : k + 1], cosine, np.zeros(1))[0]) * d
    angle = math.degrees(t.angle_of_attack[k])
    own = launch.aero.centre_of_pressure is not None
    sheet.give(
        "x_cp", centre, "length", f"centre of pressure at Mach {t.mach[k]:.2f} and {angle:.1f}° to the air, from the nose tip",
        "your table" if own else "the parts' forces (downrange aero)",
    )  # fmt: skip
    sheet.give("d", d, "length", "largest body diameter", case.rocket_file)
    sheet.step("margin", "(x_cp - x_cg) / d", "calibre", "The least margin is")
    return sheet.done(
        f["min_stability"], "calibre", "min_stability_cal", knobs="nose weight, span, wind",
        more=f"On the pad it is {f['static_margin']:.2f} cal (downrange explain margin).",
    )  # fmt: skip


def _unopened(case: Case) -> Flight:
    """The same flight, on which nothing opens."""
    program = case.flight.program
    scene = Scene(program, case.flight.raw.out)
    if NothingOpens().missing(scene):
        return case.flight
    shut = replace(program.compiled, devices=NothingOpens().devices(program.compiled.devices, scene))
    return fly(replace(program, compiled=shut), interpreted=True)


def _fullest(case: Case) -> Shape:
    """The place of the site where people in the open stand densest."""
    people = [s for s in case.project.ground.peopled if s.people * (1 - s.shelter) > 0]
    if not people:
        raise InputError(
            "there is nothing to explain about casualties: the site names no people in the open; draw where they stand under "
            "ground.shapes of the site file, with people: their number", key="ground.shapes",
        )  # fmt: skip
    return max(people, key=lambda s: s.people * (1 - s.shelter) / s.area)


def casualties(case: Case) -> Explanation:
    """Expected casualties where it comes down among the densest people with nothing open.

    Raises `InputError` for a flight on which nothing comes down without a canopy.
    """
    _one_body(case, "casualties")
    place, fallen = _fullest(case), _unopened(case)
    figures, site = fallen.figures, case.project.sources.site_path.name
    energy = figures["landing_energy"]
    if not math.isfinite(energy):
        raise InputError(
            "there is nothing to explain about casualties: without a parachute it does not come down on this flight"
        )
    angle = max(math.degrees(figures["landing_angle"]), 5.0)  # flatter, what stands about ends the slide
    sheet = Sheet(
        "casualties",
        "Whom would it hit, if nothing opened?",
        "A rocket that falls like a dart hits who stands under it or in its way: a disc of a person's width, and a strip as long as a person's height is at that slant. That area, "
        "times the people for each square metre, is how many it hits where they stand.",
    )
    sheet.give("r", 0.5 * case.launch.rocket.diameter, "length", "half the rocket's diameter", case.rocket_file)
    sheet.give("p", PERSON_RADIUS, "length", "half a person's width", "JARUS, Annex F")
    sheet.give("h", PERSON_HEIGHT, "length", "a person's height", "JARUS, Annex F")
    sheet.give("γ", angle, "degrees", "its path below the horizon as it lands", "the flight with nothing open")
    sheet.step("A", "3.14159 * (p + r)**2 + 2 * (p + r) * h * cos(γ) / sin(γ)", "area", "The casualty area:")
    sheet.give(
        "N", place.people * (1 - place.shelter), "number", f"people in the open: {place.name}", f"{site}, ground.shapes"
    )
    sheet.give("S", place.area, "area", "the ground that they stand on", f"{site}, ground.shapes")
    share = float(Lethality()(np.array([energy]))[0])
    sheet.give(
        "s", share, "number", f"share of hits that hurt, at {energy:,.0f} J", "none below 15 J, all from 102 J on"
    )
    answer = sheet.step("E", "A * N * s / S", "number", "Casualties to be expected where it comes down there:")
    return sheet.done(
        answer, "number", "",
        more="That it comes down there at all is rare. downrange safety flies all that can go wrong and multiplies: the expected casualties of a launch are the probability "
        "of each landing, times this.",
    )  # fmt: skip
