"""Safety: the site's ground, where things come down, what they can hurt, and the rules."""

from downrange.safety.aim import Aim, DriftRow, HoldRow, Reach, aims, drift_table, farthest, hold_winds
from downrange.safety.ask import ASK
from downrange.safety.facts import Conditions, gather_facts, sun_elevation
from downrange.safety.find import Fix, Found, Seen, condition, parse_fix, parse_seen, search_route
from downrange.safety.footprint import Density, Ellipse, density, disc_probability, ellipse, ellipse_factor
from downrange.safety.ground import Airport, Ground, Shape
from downrange.safety.remedies import with_remedies
from downrange.safety.risk import (
    BodyRisk,
    Lethality,
    PlaceRisk,
    RiskReport,
    assess,
    casualty_area,
    hurting_area,
    individual_risk,
    reentry_casualty_area,
)
from downrange.safety.rules import Answer, Fact, Limit, Pack, Rule, Verdict, answer, overall

__all__ = [
    "ASK", "Aim", "DriftRow", "Fix", "Found", "HoldRow", "Reach", "Seen", "aims", "condition", "drift_table", "farthest", "hold_winds", "parse_fix", "parse_seen", "search_route", "Airport", "Answer", "BodyRisk", "Conditions", "Density", "Ellipse", "Fact", "Ground", "Lethality", "Limit", "Pack", "PlaceRisk", "RiskReport", "Rule", "Shape",
    "Verdict", "answer", "assess", "casualty_area", "density", "disc_probability", "ellipse", "ellipse_factor", "gather_facts", "hurting_area", "individual_risk",
    "overall", "reentry_casualty_area", "sun_elevation", "with_remedies",
]  # fmt: skip
