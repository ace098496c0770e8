"""Safety: the site's ground, where things come down, what they can hurt, and the rules."""

from downrange.safety.ask import ASK
from downrange.safety.facts import Conditions, gather_facts, sun_elevation
from downrange.safety.footprint import Density, Ellipse, density, disc_probability, ellipse, ellipse_factor
from downrange.safety.ground import Airport, Ground, Shape
from downrange.safety.risk import (
    Lethality,
    PlaceRisk,
    RiskReport,
    assess,
    casualty_area,
    individual_risk,
    reentry_casualty_area,
)
from downrange.safety.rules import Answer, Fact, Limit, Pack, Rule, Verdict, answer, overall

__all__ = [
    "ASK", "Airport", "Answer", "Conditions", "Density", "Ellipse", "Fact", "Ground", "Lethality", "Limit", "Pack", "PlaceRisk", "RiskReport", "Rule", "Shape",
    "Verdict", "answer", "assess", "casualty_area", "density", "disc_probability", "ellipse", "ellipse_factor", "gather_facts", "individual_risk",
    "overall", "reentry_casualty_area", "sun_elevation",
]  # fmt: skip
