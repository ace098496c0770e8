"""What is uncertain: the budget of the apogee, and what a campaign varies."""

from __future__ import annotations

import math
import re

from downrange.dispersion.band import ApogeeBand, Share, in_words
from downrange.report.composing.material import Material, Missing
from downrange.report.documents import Table, Text
from downrange.rocket.types import called
from downrange.text import plain
from downrange.units import display

__all__ = ["budget_table", "share_words", "shares_told", "varied_table"]

_NOTHING = 5e-5  # of the whole: shown as 0.00 %


def shares_told(band: ApogeeBand) -> tuple[Share, ...]:
    """The shares of an apogee's uncertainty that move it at all."""
    return tuple(s for s in band.shares if s.sigma > _NOTHING * abs(band.mean))


def share_words(m: Material, name: str) -> str:
    """What a share is of, in words: `rocket.parts[0].mass` is the mass of that part, by its name."""
    place = re.fullmatch(r"rocket\.(.*\])\.([^\[\]]+)", name)
    named = {q.path: called(q.part) for q in m.project.launch.rocket.placed}
    named |= {f"stages[{k}]": s.name for k, s in enumerate(m.project.launch.rocket.stages)}
    if place is None or place[1] not in named:
        return in_words(name)
    return f"{in_words(place[2])} of {plain(named[place[1]], 40)}"


def budget_table(m: Material) -> Table:
    """What the apogee's uncertainty comes from; what moves it by nothing is left out."""
    band = m.band
    if band is None or not band.shares:
        raise Missing("how well the apogee is known cannot be said of this flight")
    apogee = m.flight.apogee
    rows: list[tuple[Text, ...]] = [
        (
            share_words(m, s.name),
            "assumed" if s.assumed else "stated",
            display(s.sigma, "length", m.units, 3),
            f"{s.sigma / apogee:.2%}",
        )
        for s in shares_told(band)[:12]
    ]
    rows.append(("all together", "", display(band.sigma, "length", m.units, 3), f"{band.sigma / apogee:.2%}"))
    return Table(("what is uncertain", "said by", "moves the apogee by (1 σ)", "of it"), tuple(rows), "Uncertainty budget of the apogee", (2, 3), "Each alone; together with what is not listed. Assumed: no file states it.", "uncertainty")  # fmt: skip


def _drawn(text: str) -> str:
    """A distribution, which the campaign wrote as the class has it, in words; its numbers in four digits."""
    given = {k: float(v) for k, v in re.findall(r"(\w+)=(?:np\.float64\()?(-?[\d.]+(?:e[+-]?\d+)?|-?inf|nan)", text)}
    n = {k: f"{v:.5g}" for k, v in given.items()}
    match text.partition("(")[0], n:
        case "Normal", {"centre": centre, "sigma": sigma}:
            return f"{centre} ± {sigma}"
        case "LogNormal", {"median": median}:
            return f"{median}, within a factor of {math.exp(given['sigma']):.3g} of it"
        case "Uniform", {"low": low, "high": high}:
            return f"{low} to {high}, all alike"
        case "Triangular", {"low": low, "mode": mode, "high": high}:
            return f"{low} to {high}, most likely {mode}"
    values = re.findall(r"(?<=[(, ])-?[\d.]+(?:e[+-]?\d+)?(?=[,)])", text)
    return "one of " + ", ".join(f"{float(v):.4g}" for v in values) if values else text


def varied_table(m: Material) -> Table:
    """What differs from flight to flight of the campaign, and how."""
    notes = m.campaign.notes or {}
    rows = tuple(
        (v["name"], _drawn(v["distribution"]), "assumed" if v["assumed"] else "the files", v["doc"])
        for v in notes.get("varied", [])
    )
    if not rows:
        raise Missing("nothing varies")
    return Table(
        ("what varies", "how", "said by", "what it is"), rows, "What varies from flight to flight",
        note="In SI units and radians; ± and a factor are one standard deviation.", name="varied",
    )  # fmt: skip
