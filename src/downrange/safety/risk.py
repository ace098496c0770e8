"""Risk to people: casualty areas, expected casualties, individual risk, probabilities of places.

Formulas: casualty area and expected casualties as in FAA AC 450.115-1A and RCC 321; the half-disc and slide form of
JARUS Annex F is left to the tests as a cross-check. A descending section hurts who stands under it or before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from downrange.dispersion import Campaign, Estimate, weighted
from downrange.errors import FlightCode, InputError
from downrange.safety.footprint import Density, density
from downrange.safety.ground import Ground, Shape

__all__ = [
    "PERSON_HEIGHT",
    "PERSON_RADIUS",
    "BodyRisk",
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
_FLATTEST = 5.0  # degrees below the horizon


def casualty_area(
    fragment: np.ndarray | float,
    descent_angle: np.ndarray | float,
    radius: float = PERSON_RADIUS,
    height: float = PERSON_HEIGHT,
) -> np.ndarray:
    """Area (m2) in which a standing person is hit by an inert body that falls without bouncing.

    π (rp + rf)² + 2 (rp + rf) h / tan γ, with rf the body's radius (m) and γ the descent angle below the horizon (rad).

    fragment: half of what the body measures across, m. descent_angle: from the level, rad. radius, height: of a
    person, m.
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
    """A place: the probability that something comes down in it, the expected casualties there, the risk of one person
    in the open at its worst spot; each with its 95 % upper bound; and the impact probability by mode."""

    shape: Shape
    impact: Estimate
    casualties: float
    casualties_upper: float
    individual: float
    individual_upper: float
    by_mode: tuple[float, ...]


@dataclass(frozen=True)
class BodyRisk:
    """One of the bodies that come down: the probability that a launch ends in it at all, that it leaves the site, its part of the
    expected casualties (None where the site has no boundary, or names no people), how far from the pad 95 % of it come down (m), and
    median and 95 % of its energy then (J)."""

    name: str
    comes: Estimate
    leaves: Estimate | None
    casualties: Estimate | None
    far: float
    energy: tuple[float, float]


@dataclass(frozen=True, eq=False)
class RiskReport:
    """The risks of a campaign over a site. Probabilities are those of one launch.

    `expected` are the casualties over all places and the map of people together, and `individual` the risk of the one
    person who stands worst; None where the site names no people. `bodies` are those of a vehicle that comes apart, whose parts of the
    expected casualties add to the whole.
    """

    leaves: Estimate | None
    above_ceiling: Estimate | None
    beyond_radius: Estimate | None
    never_lands: Estimate
    on_crowd: Estimate | None
    places: tuple[PlaceRisk, ...]
    expected: Estimate | None
    individual: Estimate | None
    lethality: Lethality
    energy: dict[str, tuple[float, float]]
    bodies: tuple[BodyRisk, ...] = ()

    @property
    def casualties(self) -> float:
        """Expected casualties of one launch; NaN where the site names no people."""
        return self.expected.value if self.expected else float("nan")

    @property
    def casualties_upper(self) -> float:
        """Their 95 % upper bound; NaN where the site names no people."""
        return self.expected.upper if self.expected else float("nan")


def _fragment_radius(campaign: Campaign, diameter: float) -> np.ndarray:
    """Radius of what falls: half of what it measures across its path, which is its length where it tumbles."""
    across = campaign.columns.get("landing_across_m")
    return 0.5 * np.maximum(diameter, 0.0 if across is None else np.nan_to_num(across)) * np.ones(len(campaign["mode"]))


def _descent_angle(campaign: Campaign) -> np.ndarray:
    """Descent angle below the horizon (rad), at least 5 degrees: flatter, terrain and obstacles end the slide."""
    return np.radians(np.maximum(np.nan_to_num(campaign["landing_angle_deg"], nan=90.0), _FLATTEST))


def _areas(campaign: Campaign, diameter: float) -> np.ndarray:
    """Casualty area of each row, m2, whatever its energy; zero for what did not land."""
    area = casualty_area(_fragment_radius(campaign, diameter), _descent_angle(campaign))
    return np.where(campaign.landed, area, 0.0)


def hurting_area(campaign: Campaign, diameter: float, lethality: Lethality | None = None) -> np.ndarray:
    """Casualty area times the share of hits that hurt, for each row, m2.

    diameter: of the rocket, m. lethality: how hits hurt; None: the usual law.
    """
    law = lethality or Lethality()
    return np.where(campaign.landed, _areas(campaign, diameter) * law(campaign["landing_energy_j"]), 0.0)


def individual_risk(campaign: Campaign, diameter: float, **grid: float) -> Density:
    """Probability of becoming a casualty of one launch for an unsheltered person who stays at a place, on a grid.

    Σ over scenarios of landing density times casualty area; `value` is the risk itself, not a density.

    diameter: of the rocket, m. grid: as `density` takes it.
    """
    area = hurting_area(campaign, diameter)
    keep = campaign.landed & (area > 0)
    return density(campaign.landing[keep], (campaign.weight * area)[keep], **grid)  # type: ignore[arg-type]


def _worst_areas(campaign: Campaign, diameter: float) -> np.ndarray:
    """The largest casualty area (m2) that a body of each mode came down with; of modes that never landed, of any."""
    area = _areas(campaign, diameter)
    worst = np.zeros(len(campaign.modes))
    np.maximum.at(worst, campaign["mode"].astype(int), area)
    fallback = float(worst.max()) or float(casualty_area(diameter / 2, np.radians(_FLATTEST)))
    return np.where(worst > 0, worst, fallback)


@dataclass(frozen=True, eq=False)
class _Scenario:
    """What the casualty figures are made of: where rows came down (n, 2), the area in which each hurts (n,), the worst
    area of each mode (m,), and the risk of a person in the open on a grid (None where nothing hurt)."""

    campaign: Campaign
    at: np.ndarray
    area: np.ndarray
    worst: np.ndarray
    grid: Density | None

    @classmethod
    def of(cls, campaign: Campaign, diameter: float, law: Lethality) -> _Scenario:
        area = hurting_area(campaign, diameter, law)
        risk = campaign.weight * area
        keep = risk > 0
        grid = density(campaign.landing[keep], risk[keep]) if np.count_nonzero(keep) > 2 else None
        at = np.nan_to_num(campaign.landing, nan=1e12)
        return cls(campaign, at, area, _worst_areas(campaign, diameter), grid)

    def spot(self, hurt: Estimate, size: float, points: np.ndarray) -> tuple[float, float]:
        """Risk and bound of a person at the worst of `points` (k, 2) on an area of `size` m2 with `hurt` (m2) upon it.

        Where nothing hurt, flights that were not sampled are taken to come down anywhere on the area alike.
        """
        if hurt.value == 0.0 or self.grid is None:
            return 0.0, hurt.upper / size
        peak = max(float(self.grid.at(points).max(initial=0.0)), hurt.value / size)
        return min(peak, 1.0), min(peak * hurt.upper / hurt.value, 1.0)

    def spots(self, shape: Shape) -> np.ndarray:
        """Points (k, 2) of a place at which the risk is looked up: the grid's in it, its corners, its middle."""
        import shapely

        corners = np.vstack([shapely.get_coordinates(shape.geometry), shapely.get_coordinates(shape.geometry.centroid)])
        if self.grid is None:
            return corners
        (w, s), (e, n) = corners.min(axis=0), corners.max(axis=0)
        x, y = (g[(g >= a) & (g <= b)] for g, a, b in ((self.grid.east, w, e), (self.grid.north, s, n)))
        grid = np.stack([c.ravel() for c in np.meshgrid(x, y)], axis=1)
        return np.vstack([corners, grid[shape.holds(grid)]])


def _place(scene: _Scenario, shape: Shape, inside: np.ndarray) -> PlaceRisk:
    """The risks of one place; `inside` (n,) are the rows that came down in it."""
    c, crowd, size = scene.campaign, _crowd(shape), max(shape.area, 1e-9)
    hurt = c.expectation(np.where(inside, np.minimum(scene.area, size), 0.0), np.minimum(scene.worst, size))
    one, one_upper = scene.spot(hurt, size, scene.spots(shape) if hurt.value else scene.at[:0])
    modes = tuple(float(c.weight[inside & (c["mode"] == k)].sum()) for k in range(len(c.modes)))
    return PlaceRisk(shape, c.probability(inside), hurt.value * crowd, hurt.upper * crowd, one, one_upper, modes)


def _crowd(shape: Shape) -> float:
    """People in the open to an area of a place, 1/m2."""
    return shape.people * (1 - shape.shelter) / shape.area if shape.area else 0.0


def _most_exposed(shapes: tuple[Shape, ...], worst: np.ndarray) -> np.ndarray:
    """The most casualties that one body of each mode could bring (m,): on the worst place and those that overlap it."""
    import shapely

    if not shapes:
        return np.zeros_like(worst)
    size, crowd = np.array([s.area for s in shapes]), np.array([_crowd(s) for s in shapes])
    geometry = [s.geometry for s in shapes]
    one, other = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    out = [np.bincount(one, (np.minimum(w, size) * crowd)[other], minlength=len(shapes)).max() for w in worst]
    return np.array(out)


def _expected(
    scene: _Scenario, ground: Ground, inside: list[np.ndarray], only: np.ndarray | None = None
) -> Estimate | None:
    """Casualties of one launch over all places and the map of people together, of some rows `only` (n,) where given; None where no
    people are named."""
    c, peopled = scene.campaign, ground.peopled
    if not peopled and ground.people is None:
        return None
    rows, most = np.zeros(len(scene.area)), _most_exposed(peopled, scene.worst)
    for shape, here in zip(ground.shapes, inside, strict=True):
        rows += np.where(here, np.minimum(scene.area, shape.area) * _crowd(shape), 0.0)
    if ground.people is not None:
        rows += scene.area * ground.people(*scene.at.T)
        most = most + scene.worst * float(ground.people.density.max(initial=0.0))
    return c.expectation(np.where(c.landed if only is None else c.landed & only, rows, 0.0), most)


def _worst_person(scene: _Scenario, ground: Ground, places: tuple[PlaceRisk, ...]) -> Estimate | None:
    """Risk of the one person who stands worst, over all places with people and the map; None where none are named."""
    found = [(p.individual, p.individual_upper) for p in places if p.shape.people > 0]
    if ground.people is not None and ground.people.total > 0:
        lived = ground.people(*scene.at.T) > 0
        hurt = scene.campaign.expectation(np.where(lived, scene.area, 0.0), scene.worst)
        size = float(np.count_nonzero(ground.people.density)) * ground.people.step**2
        found.append(scene.spot(hurt, size, scene.at[lived]))
    if not found:
        return None
    value, upper = (max(f[k] for f in found) for k in (0, 1))
    return Estimate(value, float("nan"), upper, scene.campaign.flights)


def assess(campaign: Campaign, ground: Ground, *, diameter: float, lethality: Lethality | None = None) -> RiskReport:
    """Assess a campaign over a site; `diameter` (m) is the rocket's.

    Expected casualties are the sum over impacts of weight, casualty area (at most the place), people to an area and the
    share of hits that hurt, less the sheltered share. Their 95 % bound leaves room for a flight that was not sampled:
    one of the heaviest weight, with the largest casualty area of its mode, a full share of hits that hurt, where people
    stand densest (`dispersion.expectation`; docs/theory/dispersion.md). It is never zero where people are.

    lethality: how hits hurt; None: the usual law. Raises `InputError` for a diameter that is not above zero.
    """
    if not diameter > 0:
        raise InputError(f"the rocket's diameter is above zero; seen {diameter:g} m", key="diameter")
    law = lethality or Lethality()
    ok = campaign.landed
    scene = _Scenario.of(campaign, diameter, law)
    inside = [ok & s.holds(scene.at) for s in ground.shapes]
    places = tuple(_place(scene, s, here) for s, here in zip(ground.shapes, inside, strict=True))
    crowd = [here for s, here in zip(ground.shapes, inside, strict=True) if s.kind == "crowd"]
    on_crowd = campaign.probability(np.any(crowd, axis=0)) if crowd else None
    ceiling, radius = ground.ceiling, ground.radius
    return RiskReport(
        leaves=campaign.probability(ok & ground.outside(scene.at)) if ground.boundary is not None else None,
        above_ceiling=None if ceiling is None else campaign.probability(campaign["apogee_agl_m"] > ceiling),
        beyond_radius=None if radius is None else campaign.probability(ok & (campaign["landing_distance_m"] > radius)),
        never_lands=campaign.probability(~ok & (campaign["result"] != FlightCode.NO_LIFTOFF)),
        on_crowd=on_crowd, places=places, expected=_expected(scene, ground, inside),
        individual=_worst_person(scene, ground, places), lethality=law, energy=_energies(campaign),
        bodies=_bodies(scene, ground, inside),
    )  # fmt: skip


def _bodies(scene: _Scenario, ground: Ground, inside: list[np.ndarray]) -> tuple[BodyRisk, ...]:
    """Each body of a vehicle that comes apart; none of a rocket that comes down as one where all goes well."""
    c = scene.campaign
    if len(c.planned_bodies) < 2:
        return ()
    out = []
    for name in c.there:
        rows = c.of_body(name)
        down = c.landed & rows
        if not down.any():
            continue
        away, energy, weight = c["landing_distance_m"][down], c["landing_energy_j"][down], c.weight[down]
        out.append(
            BodyRisk(
                name, c.probability(down), c.probability(down & ground.outside(scene.at)) if ground.boundary is not None else None,
                _expected(scene, ground, inside, rows), weighted(away, weight, 0.95),
                (weighted(energy, weight, 0.5), weighted(energy, weight, 0.95)),
            )
        )  # fmt: skip
    return tuple(out)


def _energies(campaign: Campaign) -> dict[str, tuple[float, float]]:
    """Median and 95 % of the landing energy (J) of each mode that landed."""
    out = {}
    for k, m in enumerate(campaign.modes):
        e = campaign["landing_energy_j"][campaign.landed & (campaign["mode"] == k)]
        if e.size:
            out[m.mode.name] = (float(np.median(e)), float(np.quantile(e, 0.95)))
    return out
