"""Default uncertainties and priors: that they follow from the data that they name."""

import math
from dataclasses import replace

import numpy as np
import pytest

from alpha import alpha_iii
from cases import columns, flight_case, validation
from downrange.aero import AeroOptions, build_aero
from downrange.dispersion import DEFAULTS, PRIORS, air_heights, apogee_band, gather_inputs
from downrange.dispersion.unsaid import unsaid_of_rocket
from downrange.flight import Launch, Rail, fly
from downrange.motor import Motor, catalogue_entries
from downrange.rocket import FINISH_SOURCES, FINISHES, Measured
from downrange.tables import Table1D
from downrange.uncertainty import LogNormal, Normal, Quantity

# Descent rates that logs show, m/s, at a height, m; whether of an ISA altimeter (its metres are longer on a warm day).
DESCENTS = (
    ("bella_lui_2020", 0, 20.55, 250, False), ("camoes_2023", 0, 26.98, 1650, True), ("genesis_2023", 0, 26.35, 1800, True),
    ("genesis_2023", 1, 11.2, 350, True), ("juno3_2023", 0, 25.64, 1800, False), ("ndrt_2020", 0, 25.43, 800, False),
    ("ndrt_2020", 1, 6.96, 90, False),
)  # fmt: skip


def canopies() -> np.ndarray:
    """Logarithm of the drag area that a descent shows over the one that was stated, for each canopy."""
    out = []
    for name, k, rate, height, isa in DESCENTS:
        launch, data = flight_case(name)
        air, ground = launch.weather.air, launch.pad.elevation
        if isa:
            shown = air.altimeter(ground + height + 100, ground) - air.altimeter(ground + height - 100, ground)
            rate *= 200 / float(shown)
        needed = 2 * launch.dry.mass * 9.8 / (float(air.density(ground + height)) * rate**2)
        out.append(math.log(needed / data["parachutes"][k]["cd_s_m2"]))
    return np.array(out)


def test_the_spread_of_canopies_is_that_of_the_descents():
    off = canopies()
    assert np.sqrt(np.mean(off**2)) == pytest.approx(DEFAULTS["canopy_drag"].sigma, rel=0.05)
    assert off.size == DEFAULTS["canopy_drag"].cases


def test_each_canopy_lies_in_the_band_of_the_others():
    """The evidence is the flights themselves, so each is held to what the rest alone would have said."""
    off = canopies()
    others = [np.sqrt(np.mean(np.delete(off, k) ** 2)) for k in range(off.size)]
    assert sum(abs(x) < 1.645 * s for x, s in zip(off, others, strict=True)) >= off.size - 1
    assert max(others) / min(others) < 1.75  # one main that was stated twice too large makes most of it


def test_the_spread_of_thrust_is_that_of_the_catalogue():
    off = []
    for e in catalogue_entries():
        if "time_s" in e and e.get("impulse_n_s"):
            off.append(math.log(np.trapezoid(e["thrust_n"], e["time_s"]) / e["impulse_n_s"]))
    assert np.sqrt(np.mean(np.square(off))) == pytest.approx(DEFAULTS["thrust"].sigma, rel=0.02)
    assert len(off) == DEFAULTS["thrust"].cases


def test_winds_of_reanalysis_are_off_by_what_descents_show():
    off = []
    for name in ("genesis_2023", "camoes_2023"):
        launch, _ = flight_case(name)
        seen, wind = columns(validation("flights", name, "wind_from_descent.csv")), launch.weather.wind
        low = seen["z_mid_asl_m"] < seen["z_mid_asl_m"].max() - 500  # not as the canopy opens
        for told, at in (("wind_u_east_m_s", wind.east), ("wind_v_north_m_s", wind.north)):
            off.append(np.sqrt(np.mean((seen[told] - at(seen["z_mid_asl_m"]))[low] ** 2)))
    assert min(off) < DEFAULTS["wind"].sigma < max(off) and max(off) < 3.2


def test_the_prior_of_finishes_is_that_of_the_sources():
    """Six published values for paint; geometric mean and standard deviation by hand."""
    logs = np.log(np.array([5, 20, 200, 6.35, 10.16, 30.48]) * 1e-6)
    prior = PRIORS["finish"].distribution
    assert isinstance(prior, LogNormal) and PRIORS["finish"].cases == logs.size
    assert math.log(prior.median) == pytest.approx(logs.mean(), abs=0.05)
    assert prior.sigma == pytest.approx(logs.std(ddof=1), rel=0.03)
    assert set(FINISHES) == set(FINISH_SOURCES) and all(FINISH_SOURCES.values())
    assert list(FINISHES.values()) == sorted(FINISHES.values())


def test_every_default_and_prior_says_what_it_stands_on():
    for entry in (*DEFAULTS.values(), *PRIORS.values()):
        assert (entry.cases or 0) > 0 or "judgement" in entry.evidence or "NFPA" in entry.evidence, entry.doc


def test_log_normal():
    d = LogNormal(20e-6, 1.0)
    u = (np.arange(200_000) + 0.5) / 200_000
    assert d.quantile(np.array([0.5]))[0] == pytest.approx(20e-6) and d.centre == 20e-6
    assert d.quantile(u).std() == pytest.approx(d.spread, rel=0.01)
    assert np.log(d.quantile(u)).std() == pytest.approx(1.0, rel=1e-3)


def launch(finish: str = "normal paint", **more: float) -> Launch:
    t = np.array([0, 0.05, 0.9, 1.0])
    motor = Motor(
        designation="toy", time=t, thrust=np.array([0, 12, 9, 0.0]), diameter=0.018, length=0.07, propellant_mass=0.006, dry_mass=0.01, **more
    )  # fmt: skip
    return Launch(replace(alpha_iii(), finish=finish, measured=Measured(mass=0.03)), motor, rail=Rail(1.0))


def band(asked: Launch, unsaid: tuple[str, ...] = (), **more: object):
    flight = fly(asked, interpreted=True, stop_at_apogee=True)
    more = {"relaunch": lambda _: asked, "heights": air_heights(flight.program), "flight": flight, **more}
    inputs = gather_inputs(flight.program, more.pop("uncertain", {}), unsaid=unsaid, **more)
    return apogee_band(flight, inputs), flight, inputs


def test_a_prior_changes_what_it_says():
    base = launch()
    rough = PRIORS["finish"].change(base, 150e-6)
    assert build_aero(rough.rocket).drag(0.3, 7e6) > 1.1 * build_aero(base.rocket).drag(0.3, 7e6)
    thick = PRIORS["fin_thickness"].change(base, 1.5).rocket
    assert [q.part.thickness for q in thick.placed if hasattr(q.part, "thickness")][0] == pytest.approx(
        1.5 * [q.part.thickness for q in base.rocket.placed if hasattr(q.part, "thickness")][0]
    )
    nozzle = PRIORS["nozzle_exit"].change(base, 2e-6)
    assert nozzle.motor.nozzle_exit_area == pytest.approx(2e-6 * base.motor.average_thrust)
    held = PRIORS["guides"].change(base, 1.0)
    assert build_aero(held.rocket).drag(0.3, 7e6) > build_aero(base.rocket).drag(0.3, 7e6)
    assert PRIORS["guides"].change(base, 0.0) is base
    assert held.dry.mass == pytest.approx(base.dry.mass)
    assert "guides" not in set(unsaid_of_rocket(base.rocket))  # it has a lug
    nose, tube = base.rocket.parts
    bare = replace(base.rocket, parts=(nose, replace(tube, parts=tube.parts[:1])))
    assert "guides" in set(unsaid_of_rocket(bare)) and "leading_edge" not in set(unsaid_of_rocket(bare))
    sharp = replace(bare, parts=(nose, replace(tube, parts=(replace(tube.parts[0], section="wedge"),))))
    assert "leading_edge" in set(unsaid_of_rocket(sharp))
    blunt = PRIORS["leading_edge"].change(replace(base, rocket=sharp), 0.1).rocket
    assert blunt.parts[1].parts[0].leading_edge_radius == pytest.approx(0.1 * tube.parts[0].thickness)
    assert PRIORS["fin_section"].change(base, 2.0).rocket.parts[1].parts[0].section in (
        "airfoil",
        tube.parts[0].section,
    )


def test_the_band_of_thrust_alone_is_that_of_flights():
    """Only thrust varies, by 10 %: the band beside flights with that much more and less."""
    base = launch()
    stated = {"thrust": Quantity(1.0, replace(DEFAULTS["thrust"].distribution(), sigma=0.1))}
    found, flight, inputs = band(base, stated=stated, defaults=False)
    assert [i.name for i in inputs.inputs] == ["thrust"] and found.shares[0].name == "thrust"
    flown = [
        fly(replace(base, motor=base.motor.scaled(impulse=1 + 0.1 * z)), interpreted=True).apogee
        for z in (-1.645, -0.6745, 0.6745, 1.645)
    ]
    assert found.most == pytest.approx((flown[0], flown[3]), rel=0.01)
    assert found.half == pytest.approx((flown[1], flown[2]), rel=0.01)
    assert found.shares[0].sigma == pytest.approx(found.sigma, rel=1e-6)


def test_the_band_of_a_finish_that_is_not_said():
    """Its edges beside flights with the roughness that the prior has there."""
    base = launch()
    found, flight, _ = band(base, ("finish",), defaults=True, stated={k: Quantity(0.0) for k in DEFAULTS})
    low, high = (PRIORS["finish"].distribution.quantile(np.array([u]))[0] for u in (0.95, 0.05))
    rough, smooth = (fly(PRIORS["finish"].change(base, k), interpreted=True).apogee for k in (low, high))
    assert found.most == pytest.approx((rough, smooth), rel=0.02)
    assert found.shares[0].name == "unsaid.finish" and found.shares[0].assumed
    said, _, _ = band(base, (), stated={k: Quantity(0.0) for k in DEFAULTS})
    assert said.sigma < 1e-9 * flight.apogee and said.mean == pytest.approx(flight.apogee)


def test_shares_add_up_in_squares():
    found, flight, _ = band(launch(), ("finish", "nozzle_exit"))
    assert math.sqrt(sum(s.sigma**2 for s in found.shares)) == pytest.approx(found.sigma, rel=0.08)
    assert [s.sigma for s in found.shares] == sorted((s.sigma for s in found.shares), reverse=True)
    assert found.most[0] < found.half[0] < found.mean < found.half[1] < found.most[1]
    assert {"thrust", "drag", "mass", "unsaid.finish"} <= {s.name for s in found.shares}


def test_thrust_that_grows_with_height_by_a_nozzle_that_is_not_known():
    """On a pad at 2,000 m, where the air presses with 79.5 kPa: 1.6 mm² a newton are 3.5 % of thrust, and a nozzle that is known varies
    nothing."""
    base = launch()
    high = replace(base, pad=replace(base.pad, elevation=2000.0))
    _, _, inputs = band(high, ("nozzle_exit",), stated={k: Quantity(0.0) for k in DEFAULTS})
    [item] = inputs.inputs
    from downrange.flight.rows import FIELD

    assert item.offset[FIELD["thrust"]] == pytest.approx(1.6e-6 * (101325 - 79000), rel=0.1)
    exact = fly(PRIORS["nozzle_exit"].change(high, 1.6e-6), interpreted=True).apogee
    found, flight, _ = band(high, ("nozzle_exit",), stated={k: Quantity(0.0) for k in DEFAULTS})
    assert found.mean == pytest.approx(exact, rel=0.01) and 1.015 * flight.apogee < exact < 1.03 * flight.apogee


def test_the_band_of_what_a_jet_does_to_its_base():
    """Nobody states it: the band has in it flights with the factors that the prior has at its edges, and is no wider by more than half a
    percent of the apogee: a row has one factor for all drag, and drag of the boost costs less height than its share of the whole way's."""
    base = launch()
    nothing = {k: Quantity(0.0) for k in DEFAULTS}
    found, flight, inputs = band(base, ("base_beside_jet",), stated=nothing)
    assert [i.name for i in inputs.inputs] == ["unsaid.base_beside_jet"]
    d = PRIORS["base_beside_jet"].distribution
    edges = [
        fly(PRIORS["base_beside_jet"].change(base, float(d.quantile(np.array([u]))[0])), interpreted=True).apogee
        for u in (0.95, 0.05)
    ]
    assert edges[0] < flight.apogee < edges[1]  # more suction, less height
    assert found.most == pytest.approx(tuple(edges), rel=5e-3) and found.most[0] < edges[0] < edges[1] < found.most[1]
    table = Table1D(np.array([0.0, 1.0]), np.array([0.5, 0.5]))
    measured = replace(base, aero=AeroOptions(drag_off=table))
    assert PRIORS["base_beside_jet"].change(measured, 0.5) is measured
    assert band(measured, ("base_beside_jet",), stated=nothing)[2].inputs == ()


def test_tip_off_turns_the_way_in_which_it_leaves():
    """A rocket that tips off eastwards by a degree lands where one on a rail that leans by a degree lands; both draw apart."""
    from downrange.dispersion.inputs import finish_rows
    from downrange.dispersion.wide import TILT_EAST, TILT_NORTH

    base = launch()
    _, _, inputs = band(base)
    named = {i.name: i for i in inputs.inputs}
    assert {"tilt.east", "tilt.north", "tip_off.east", "tip_off.north"} <= set(named)
    both = math.hypot(named["tip_off.east"].distribution.spread, named["tilt.east"].distribution.spread)
    assert math.degrees(both) == pytest.approx(0.707, abs=1e-3)
    wide = np.repeat(inputs.centre[None], 2, axis=0)
    named["tip_off.east"].add_at(wide, np.radians([1.0, 0.0]))
    named["tip_off.north"].add_at(wide, np.radians([0.0, -2.0]))
    assert wide[:, [TILT_EAST, TILT_NORTH]] == pytest.approx(np.radians([[1.0, 0.0], [0.0, -2.0]]))
    from downrange.flight.rows import RAIL_AZIMUTH, RAIL_ELEVATION

    rows = finish_rows(wide, base)
    lean = np.degrees(np.pi / 2 - rows[:, RAIL_ELEVATION])
    assert lean == pytest.approx([1.0, 2.0], rel=1e-3)
    assert np.degrees(rows[:, RAIL_AZIMUTH]) % 360 == pytest.approx([90.0, 180.0], abs=1e-6)
    stated = {"tip_off": Quantity(0.0, Normal(0.0, math.radians(0.2)))}
    _, _, own = band(base, stated=stated)
    named = {i.name: i for i in own.inputs}
    assert (
        math.degrees(named["tip_off.north"].distribution.spread) == pytest.approx(0.2)
        and not named["tip_off.north"].assumed
    )
    assert math.degrees(named["tilt.north"].distribution.spread) == pytest.approx(0.5)
    _, _, none = band(base, stated={"tip_off": Quantity(0.0)})
    assert not any(i.name.startswith("tip_off") for i in none.inputs)
