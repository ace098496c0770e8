"""Risk to people: casualty areas, expected casualties, individual risk, probabilities of places.

Formulas: casualty area and expected casualties as in FAA AC 450.115-1A and RCC 321; the half-disc and slide form of
JARUS Annex F is left to the tests as a cross-check. A descending section hurts who stands under it or before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from downrange.dispersion import Campaign, Estimate
from downrange.errors import FlightCode
from downrange.safety.footprint import Density, density
from downrange.safety.ground import Ground, Shape

__all__ = [
    "PERSON_HEIGHT",
    "PERSON_RADIUS",
    "Lethality",
    "PlaceRisk",
    "RiskReport",
    "assess",
    "casualty_area",
    "individual_risk",
    "reentry_casualty_area",
]

PERSON_RADIUS = 0.3  # m; JARUS, as in casex 1.2.3
PERSON_HEIGHT = 1.8  # m; the same


def casualty_area(
    fragment: np.ndarray | float,
    descent_angle: np.ndarray | float,
    radius: float = PERSON_RADIUS,
    height: float = PERSON_HEIGHT,
) -> np.ndarray:
    """Area (m2) in which a standing person is hit by an inert body that falls without bouncing.

    π (rp + rf)² + 2 (rp + rf) h / tan γ, with rf the body's radius (m) and γ the descent angle below the horizon (rad).
    """
    reach = radius + np.asarray(fragment, float)
    return np.asarray(np.pi * reach**2 + 2 * reach * height / np.tan(np.clip(descent_angle, 1e-2, np.pi / 2)))


def reentry_casualty_area(area: float) -> float:
    """The form for re-entering debris, (0.6 + √A)² m2, of an object of area A m2; NASA-STD-8719.14, 4.7.2."""
    return float((0.6 + np.sqrt(area)) ** 2)


@dataclass(frozen=True)
class Lethality:
    """From which kinetic energy a hit counts as a casualty: none below `low` J, all from `high` J on, log-linear between.

    The defaults are screening values: 15 J (11 ft lbf, an FAA screen for inert debris, unconfirmed) and 102 J (75 ft
    lbf, NASA Student Launch's limit for a section). Ballistic rockets exceed both by orders of magnitude.
    """

    low: float = 14.9
    high: float = 101.7

    def __call__(self, energy: np.ndarray) -> np.ndarray:
        """Share of hits that are casualties."""
        e = np.maximum(np.asarray(energy, float), 1e-9)
        return np.asarray(np.clip(np.log(e / self.low) / np.log(self.high / self.low), 0, 1))


@dataclass(frozen=True)
class PlaceRisk:
    """A place: probability that something comes down in it, expected casualties, and the worst a person there bears."""

    shape: Shape
    impact: Estimate
    casualties: float
    individual: float
    by_mode: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class RiskReport:
    """The risks of a campaign over a site. Probabilities are those of one launch."""

    leaves: Estimate | None
    above_ceiling: Estimate | None
    beyond_radius: Estimate | None
    never_lands: Estimate
    on_crowd: Estimate | None
    places: tuple[PlaceRisk, ...]
    casualties: float
    casualties_upper: float
    lethality: Lethality
    energy: dict[str, tuple[float, float]]


def _fragment_radius(campaign: Campaign, diameter: float) -> np.ndarray:
    """Radius of what falls: half the body's diameter for what comes nose first, and for a canopy's load alike."""
    return np.full(len(campaign["mode"]), diameter / 2)


def _descent_angle(campaign: Campaign) -> np.ndarray:
    """Descent angle below the horizon (rad), at least 5 degrees: flatter, terrain and obstacles end the slide."""
    return np.radians(np.maximum(np.nan_to_num(campaign["landing_angle_deg"], nan=90.0), 5.0))


def hurting_area(campaign: Campaign, diameter: float, lethality: Lethality | None = None) -> np.ndarray:
    """Casualty area times the share of hits that hurt, for each row, m2."""
    law = lethality or Lethality()
    area = casualty_area(_fragment_radius(campaign, diameter), _descent_angle(campaign))
    return np.where(campaign.landed, area * law(campaign["landing_energy_j"]), 0.0)


def individual_risk(campaign: Campaign, diameter: float, **grid: float) -> Density:
    """Probability of becoming a casualty of one launch for an unsheltered person who stays at a place, on a grid.

    Σ over scenarios of landing density times casualty area; `value` is the risk itself, not a density.
    """
    area = hurting_area(campaign, diameter)
    keep = campaign.landed & (area > 0)
    return density(campaign.landing[keep], (campaign.weight * area)[keep], **grid)  # type: ignore[arg-type]


def assess(campaign: Campaign, ground: Ground, *, diameter: float, lethality: Lethality | None = None) -> RiskReport:
    """Assess a campaign over a site; `diameter` (m) is the rocket's.

    Expected casualties of a place are the sum over its impacts of weight, casualty area, people to an area and the
    share of hits that hurt, less the sheltered share. Where no impact fell, the upper bound of the impact probability
    stands in with the largest casualty area of the campaign.
    """
    law = lethality or Lethality()
    area = hurting_area(campaign, diameter, law)
    at, weight = campaign.landing, campaign.weight
    ok = campaign.landed
    places, total, bound = [], 0.0, 0.0
    worst = float(area.max()) if area.size else 0.0
    for shape in ground.shapes:
        inside = ok & shape.holds(np.nan_to_num(at, nan=1e12))
        impact = campaign.probability(inside)
        crowd = shape.people * (1 - shape.shelter) / shape.area if shape.area else 0.0
        hurt = float((weight * area)[inside].sum())
        upper = max(hurt, impact.upper * (float(area[inside].mean()) if inside.any() else worst))
        modes = tuple(float(weight[inside & (campaign["mode"] == k)].sum()) for k in range(len(campaign.modes)))
        places.append(PlaceRisk(shape, impact, hurt * crowd, hurt / shape.area if shape.area else 0.0, modes))
        total += hurt * crowd
        bound += upper * crowd
    crowds = ground.of("crowd")
    points = np.nan_to_num(at, nan=1e12)
    on_crowd = campaign.probability(ok & np.any([s.holds(points) for s in crowds], axis=0)) if crowds else None
    if ground.people is not None:
        spread = ground.people(points[:, 0], points[:, 1])
        total += float((weight * area * spread)[ok].sum())
        bound += float((weight * area * spread)[ok].sum())
    apogee = campaign["apogee_agl_m"]
    ceiling = campaign.probability(apogee > ground.ceiling) if ground.ceiling is not None else None
    far = (
        campaign.probability(ok & (campaign["landing_distance_m"] > ground.radius))
        if ground.radius is not None
        else None
    )
    leaves = (
        campaign.probability(ok & ground.outside(np.nan_to_num(at, nan=1e12))) if ground.boundary is not None else None
    )
    energy = {}
    for k, m in enumerate(campaign.modes):
        rows = ok & (campaign["mode"] == k)
        if rows.any():
            e = campaign["landing_energy_j"][rows]
            energy[m.mode.name] = (float(np.median(e)), float(np.quantile(e, 0.95)))
    never = campaign.probability(~ok & (campaign["result"] != FlightCode.NO_LIFTOFF))
    return RiskReport(leaves, ceiling, far, never, on_crowd, tuple(places), total, bound, law, energy)
