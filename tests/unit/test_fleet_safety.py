"""Safety of vehicles that come apart: every body that lands counts, and the worst where the rule says so."""

import json
from functools import lru_cache

import numpy as np
import pytest
import shapely

from downrange.dispersion import Uncertainty, fly_campaign, make_plan
from downrange.errors import InputError
from downrange.failures import MODES, VEHICLE_MODES, mode_probabilities
from downrange.flight import fly
from downrange.project.areas import area_polygons
from downrange.report.campaign import body_rows, campaign_summary
from downrange.report.dispersion import body_densities, map_figure, sensitivities
from downrange.rocket import Ignition
from downrange.safety import (
    Conditions,
    Ground,
    Shape,
    aims,
    assess,
    condition,
    drift_table,
    farthest,
    gather_facts,
    hold_winds,
    parse_seen,
)
from downrange.safety.aim import _Landings
from vehicles import two_stager

CHOSEN = ("no deployment", "motor bursts", "no separation", "dropped canopy fails")


@lru_cache
def plan():
    launch = two_stager(Ignition(event="burn-out", of="booster", delay=0.3))
    modes = mode_probabilities([m for m in (*MODES, *VEHICLE_MODES) if m.name in CHOSEN])
    return make_plan(launch, uncertain={}, relaunch=lambda _: launch, uncertainty=Uncertainty({}, True), modes=modes)


@lru_cache
def campaign():
    return fly_campaign(plan(), 1024, "two")


def square(name: str, kind: str, half: float, people: float = 0.0, at: tuple[float, float] = (0.0, 0.0)) -> Shape:
    return Shape(name, kind, shapely.box(at[0] - half, at[1] - half, at[0] + half, at[1] + half), people=people)


def test_what_the_bodies_bring_adds_to_the_whole():
    c = campaign()
    ground = Ground(shapes=(square("town", "crowd", 150.0, 900.0),))
    risk = assess(c, ground, diameter=0.025)
    assert [b.name for b in risk.bodies][:2] == ["sustainer", "booster"]
    assert risk.expected.value > 0
    assert sum(b.casualties.value for b in risk.bodies) == pytest.approx(risk.expected.value, rel=1e-9)
    by_name = {b.name: b for b in risk.bodies}
    apart = 1 - sum(m.probability for m in c.modes if m.mode.name in ("no separation", "motor bursts"))
    assert by_name["sustainer"].comes.value == by_name["booster"].comes.value == pytest.approx(apart, rel=1e-9)
    assert by_name["sustainer + booster"].comes.value == pytest.approx(0.01, rel=1e-9)


def test_leaving_the_site_is_of_any_body():
    c = campaign()
    half = float(np.quantile(np.abs(c.landing[c.of_body("booster")]), 0.9))
    ground = Ground(shapes=(square("field", "boundary", half),))
    risk = assess(c, ground, diameter=0.025)
    parts = {b.name: b.leaves.value for b in risk.bodies}
    assert max(parts.values()) <= risk.leaves.value <= sum(parts.values())
    assert parts["sustainer"] > parts["booster"] > 0
    out = ground.outside(c.landing) & c.landed
    flights = np.unique(c["flight"][out])
    mine = np.isin(c["flight"], flights) & c.first
    assert risk.leaves.value == pytest.approx(c.weight[mine].sum(), rel=1e-9)


def test_the_hardest_body_is_the_energy_that_a_rule_asks_for():
    flight, c = fly(plan().program, interpreted=False), campaign()
    fact = gather_facts(flight, Ground(), Conditions(), campaign=c)["section_energy"]
    each = {b.name: 0.5 * b.landing_mass * b.raw.out["landing_speed"] ** 2 for b in flight.flown}
    assert fact.value == pytest.approx(max(each.values()), rel=1e-9)
    assert max(each, key=each.get) in fact.note
    planned = c["mode"] == 0
    assert fact.samples.size == np.unique(c["flight"][planned]).size
    for k, flown in enumerate(np.unique(c["flight"][planned])[:5]):
        assert fact.samples[k] == np.nanmax(c["landing_energy_j"][planned & (c["flight"] == flown)])
    apogee = gather_facts(flight, Ground(), Conditions(), campaign=c)["apogee"]
    assert np.median(apogee.samples) == pytest.approx(np.median(c["apogee_agl_m"][planned & c.of_body("sustainer")]))


def test_statistics_are_of_the_nose_and_of_the_worst():
    c = campaign()
    lead = c["apogee_agl_m"][c.first]
    assert c.mean("apogee_agl_m").value == pytest.approx(float(c.weight[c.first] @ lead), rel=1e-9)
    far = [np.nanmax(c["landing_distance_m"][c["flight"] == k]) for k in range(5)]
    assert c.of_flights("landing_distance_m")[:5] == pytest.approx(far)
    s = campaign_summary(c)
    assert [b["body"] for b in s["bodies"]][:2] == ["sustainer", "booster"]
    assert [b["planned"] for b in s["bodies"]] == [True, True, *[False] * (len(s["bodies"]) - 2)]
    assert body_rows(c)[1]["mass_median_kg"] == pytest.approx(np.median(c["landing_mass_kg"][c.of_body("booster")]))
    assert next(m for m in s["modes"] if m["mode"] == "nominal")["apogee_median_m"] == pytest.approx(
        np.median(lead[c.mode == 0])
    )
    said = sensitivities(c, "apogee_agl_m")
    assert abs(said["mass.booster"]) < 1 and "thrust.sustainer" in said


def test_a_search_is_for_one_body():
    c = campaign()
    lost, nose = condition(c, body="booster"), condition(c)
    where = c.landing[c.of_body("booster") & c.landed]
    assert len(lost.points) == len(where)
    assert lost.density.area(0.9) < nose.density.area(0.9)
    assert "sustainer + booster" in c.there and len(nose.points) > (c.of_body("sustainer") & c.landed).sum()
    seen = condition(c, (parse_seen("landing at 30 s"),), body="booster")
    assert seen.effective < lost.effective
    with pytest.raises(InputError, match=r"no body 'boostre'.*did you mean 'booster'.*sustainer, booster"):
        condition(c, body="boostre")


def test_every_body_has_its_area_on_the_map():
    c = campaign()
    own = body_densities(c)
    assert list(own) == ["sustainer", "booster"]
    for name, d in own.items():
        polygons = [shapely.Polygon(rings[0], rings[1:]) for rings in area_polygons(d, 0.9)]
        at, weight = c.landing[c.of_body(name) & c.landed], c.weight[c.of_body(name) & c.landed]
        inside = shapely.contains_xy(shapely.union_all(polygons), *at.T)
        assert weight[inside].sum() / weight.sum() == pytest.approx(0.9, abs=0.06)
    (axes, *_) = map_figure(c, Ground()).axes
    labels = [t.get_text() for t in axes.get_legend().get_texts()]
    assert [x.split(":")[0] for x in labels][-2:] == ["sustainer", "booster"]


def test_aiming_counts_a_flight_bad_where_any_of_its_bodies_is():
    at = _Landings(np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 0.0], [1.0, 0.0]]), np.array([4, 4, 7, 7]))
    assert at.share(np.array([False, True, False, False])) == 0.5
    assert at.first.tolist() == [[0.0, 0.0], [0.0, 0.0]] and at.least(np.array([3.0, 1.0, 2.0, 5.0])).tolist() == [
        1.0,
        2.0,
    ]
    c = campaign()
    half = float(np.quantile(np.abs(c.landing[c.of_body("sustainer") & (c["mode"] == 0)]), 0.5))
    ground = Ground(shapes=(square("field", "boundary", half),))
    best = aims(plan(), ground, azimuths=np.radians([90.0]), elevations=np.radians([87.0]), flights=200)
    assert len(best) == 2 and all(0.0 < a.planned_bad < 1.0 for a in best)
    (row,) = hold_winds(plan(), ground, speeds=np.array([0.0]), directions=1, flights=60)
    assert np.isnan(row.limit) and row.bad_wind == 0.0 and row.bad_share > 0.01


def test_it_reaches_as_far_as_its_farthest_body():
    launch = plan().program.launch
    reach = {r.kind: r for r in farthest(launch)}
    assert set(reach) == {"ballistic", "as planned", "lit late, ballistic"}
    assert reach["lit late, ballistic"].distance >= reach["ballistic"].distance > 100
    assert all(r.body in ("sustainer", "booster") for r in reach.values())
    flown = max(np.hypot(b.raw.out["landing_east"], b.raw.out["landing_north"]) for b in fly(launch).flown)
    assert reach["as planned"].distance > flown


def test_drift_is_told_of_every_body():
    rows = drift_table(plan().program.launch, (0.0, 4.0))
    assert rows[0].names == ("sustainer", "booster")
    assert len(rows[0].energy_speed) == 2 and rows[0].energy_speed[0] != rows[0].energy_speed[1]
    assert rows[1].simulated == pytest.approx(rows[1].by_hand, rel=0.15)
    json.dumps(campaign_summary(campaign()), allow_nan=False)
