"""What a document's numbers rest on: the sources of the methods that it used."""

from __future__ import annotations

from collections.abc import Sequence

from downrange.report.composing.material import Material

__all__ = ["sources_of"]

_ALWAYS = (
    "Barrowman, J. S., The Practical Calculation of the Aerodynamic Characteristics of Slender Finned Vehicles, M.S. thesis, The Catholic University of America, 1967: "
    "normal force and centre of pressure.",
    "U.S. Standard Atmosphere, 1976, NOAA-S/T 76-1562, Washington, D.C., 1976: air where no profile was given.",
    "Dormand, J. R., and Prince, P. J., A family of embedded Runge-Kutta formulae, Journal of Computational and Applied Mathematics 6 (1), 1980, 19-26: integration of the flight.",
    "NIMA, Department of Defense World Geodetic System 1984, TR8350.2, third edition: the Earth's shape and gravity.",
)
_RISK = "The Monte Carlo method: every flight is drawn from the distributions that the files state; how often each failure happens is a prior, unless a record was given."
_BY_CAMPAIGN = {
    "hazards",
    "impact areas",
    "risks",
    "requirements",
    "landings",
    "modes",
    "individual risk",
    "histograms",
    "sensitivity",
    "varied",
    "score",
}


def sources_of(material: Material, used: Sequence[str]) -> tuple[str, ...]:
    """The sources of what a document shows.

    used: names of its tables and figures.
    """
    out = [
        f"{material.words['version']}: the simulation. Its methods with their derivations stand in its documentation, docs/theory."
    ]
    out += _ALWAYS
    launch = material.project.launch
    motors = dict.fromkeys(f"{f.motor.designation}: {f.motor.source}" for f in launch.filled if f.motor.source)
    out += [f"Thrust curve of {text}." for text in motors]
    if material.several is not None and _BY_CAMPAIGN & set(used):
        out.append(_RISK)
    if "requirements" in used:
        packs = dict.fromkeys(a.pack for a in material.assessment.answers)
        out += [f"{p.name}, {p.authority}, {p.edition}. {p.source}." for p in packs]
    return tuple(out)
