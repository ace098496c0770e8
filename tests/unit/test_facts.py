"""The quantities that rules ask for, each against the flight, the drawing of the site, or the campaign that it is of."""

import math
from dataclasses import replace

import numpy as np
import pytest
from shapely.affinity import rotate, translate
from shapely.geometry import box

from campaigns import genesis, genesis_plan
from downrange.atmosphere import Wind
from downrange.dispersion import fly_campaign
from downrange.dispersion.plan import BLOCK
from downrange.flight import Section, fly
from downrange.flight.sections import section_masses
from downrange.safety import Conditions, Ground, Shape, assess, drift_table, gather_facts
from vehicles import two_stager


@pytest.fixture(scope="module")
def launch():
    """Genesis in 5 m/s from the west, with two sections."""
    base = genesis().launch
    return replace(base, sections=(Section("front", 0.0, 0.8), Section("rest", 0.8, base.aft_end)))


@pytest.fixture(scope="module")
def flight(launch):
    return fly(launch)


@pytest.fixture(scope="module")
def campaign():
    return fly_campaign(genesis_plan(), BLOCK)


def test_a_site_is_as_wide_as_its_shorter_side():
    """400 m by 900 m, turned by 30 degrees, the pad 100 m from one of the long sides."""
    from downrange.safety.facts import _place_facts

    field = rotate(translate(box(-100, -300, 300, 600)), 30, origin=(0, 0))
    at = {"house": (0, 210), "road": (-330, 0), "crowd": (70, 0), "car park": (0, -120)}
    shapes = [
        Shape(kind, kind, box(x, y, x + 20, y + 20), associated=kind == "car park") for kind, (x, y) in at.items()
    ]
    facts = _place_facts(Ground(shapes=(Shape("field", "boundary", field), *shapes)), Conditions())
    assert facts["site_dimension"].value == pytest.approx(400) and facts["edge_distance"].value == pytest.approx(100)
    assert facts["building_distance"].value == 210 and facts["road_distance"].value == 310
    assert (facts["people_distance"].value, facts["people_distance"].note) == (70, "crowd")
    assert facts["others_distance"].value == 70  # the car park is the event's own
    assert facts["people_distance"].fix(100) == "the pad 30 m further from crowd"
    assert facts["edge_distance"].fix(150) == "the pad 50 m further from the edge"
    said = _place_facts(Ground(shapes=tuple(shapes)), Conditions(people_distance=33.0))
    assert said["people_distance"].value == 33.0 and "site_dimension" not in said


def test_facts_of_one_body_are_its_flights(launch, flight):
    """Angles in radians, times in seconds: each by the figure, or by hand from the launch."""
    facts = gather_facts(flight, Ground(), Conditions(cloud_base=4000.0, visibility=9000.0))
    f, o = flight.figures, flight.raw.out
    took = o["landing_time"] - o["apogee_time"]
    tilt = math.pi / 2 - launch.rail.elevation
    wanted = {
        "rail_tilt": (tilt, "angle"), "rail_elevation": (launch.rail.elevation, "angle"), "static_margin": (f["static_margin"], "calibre"),
        "static_margin_barrowman": (f["static_margin_barrowman"], "calibre"), "max_mach": (f["max_mach"], "number"),
        "descent_time": (took, "time"), "main_speed": (f["landing_sink"], "speed"),
        "cloud_base_over_apogee": (4000.0 - f["apogee_agl"], "length"), "visibility": (9000.0, "length"),
        "liftoff_mass": (launch.loaded.mass, "mass"), "rocket_length": (launch.rocket.length, "length"),
        "drift_20_mph": (8.9408 * (took), "length"),
        "section_energy": (0.5 * section_masses(launch).max() * f["ground_hit_speed"] ** 2, "energy"),
    }  # fmt: skip
    for name, (value, kind) in wanted.items():
        assert (facts[name].value, facts[name].kind) == (pytest.approx(value), kind), name
    assert facts["rail_tilt"].fix(math.radians(5)) == "the rail at least 85° above the horizon"
    assert facts["rail_elevation"].fix(math.radians(85)) == "the rail at 85°"
    # 1.5 calibres asked for of what has m: the difference, in body diameters, in centimetres.
    short = (1.5 - f["static_margin_barrowman"]) * launch.rocket.diameter * 100
    assert facts["static_margin"].fix(1.5).startswith(f"the centre of gravity {short:.1f} cm further forward")
    # Half the landing speed takes four times the drag area.
    assert facts["main_speed"].fix(f["landing_sink"] / 2) == "a main of 4.00 times the drag area"
    exit_speed = f["rail_exit_speed"]
    assert f"{4 * launch.rail.length:.1f} m instead" in facts["rail_exit_speed"].fix(2 * exit_speed)


def test_facts_of_a_campaign_are_those_of_its_planned_flights(flight, campaign):
    """Samples are of flights that go as planned; what leaves the site is of all, what falls ballistic of those that do."""
    field = box(-900, -900, 1500, 1500)
    ground = Ground(shapes=(Shape("field", "boundary", field),), ceiling=2000.0)
    facts = gather_facts(
        flight, ground, Conditions(), campaign=campaign, risk=assess(campaign, ground, diameter=0.1)
    )  # fmt: skip
    planned = campaign["mode"] == 0
    assert np.sort(facts["apogee"].samples) == pytest.approx(np.sort(campaign["apogee_agl_m"][planned]))
    assert np.sort(facts["ceiling_over_apogee"].samples) == pytest.approx(
        np.sort(2000.0 - campaign["apogee_agl_m"][planned])
    )
    heavy = section_masses(flight.launch).max()
    energies = np.sort(0.5 * heavy * campaign["ground_hit_speed_m_s"][planned] ** 2)
    assert np.sort(facts["section_energy"].samples) == pytest.approx(energies)
    names = [m.mode.name for m in campaign.modes]
    falls = campaign.landed & (campaign["mode"] == names.index("no deployment"))
    east, north = campaign.landing[falls].T
    inside = (east > -900) & (east < 1500) & (north > -900) & (north < 1500)
    assert 0 < inside.sum() < inside.size
    assert facts["ballistic_inside"].value == pytest.approx(inside.mean())
    assert facts["ballistic_inside"].lower < inside.mean()
    out = campaign.landed & ~((np.abs(campaign.landing - 300.0) < 1200).all(axis=1))
    assert facts["leaving_probability"].value == pytest.approx(campaign.weight[out].sum())


def test_the_worst_of_several_bodies_counts():
    """Of a two-stager what hits hardest, what sinks fastest and what is longest on the way down, whichever body that is."""
    flight = fly(two_stager())
    facts = gather_facts(flight, Ground(), Conditions())
    out = [b.raw.out for b in flight.flown]
    assert len(out) == 2
    assert facts["descent_time"].value == pytest.approx(max(o["landing_time"] - o["apogee_time"] for o in out))
    assert facts["main_speed"].value == pytest.approx(max(o["landing_sink"] for o in out))
    assert facts["section_energy"].value == pytest.approx(max(b.landing_energy for b in flight.came_down))
    assert len({round(o["landing_sink"], 3) for o in out}) == 2  # the two differ


def test_drift_is_told_from_where_apogee_was():
    """Weathercocking takes the apogee upwind: the drift of the table is from there, not from the pad."""
    base = genesis().launch
    row = drift_table(base, (9.0,))[0]
    upright = replace(
        base, rail=replace(base.rail, elevation=math.pi / 2), weather=replace(base.weather, wind=Wind.constant(9.0, -math.pi / 2))
    )  # fmt: skip
    flown = fly(upright)
    f, o = flown.figures, flown.raw.out
    took = o["landing_time"] - o["apogee_time"]
    drift = math.hypot(f["landing_east"] - f["apogee_east"], f["landing_north"] - f["apogee_north"])
    assert row.simulated == pytest.approx(drift) and row.descent_time == pytest.approx(took)
    assert abs(drift - math.hypot(f["landing_east"], f["landing_north"])) > 20
