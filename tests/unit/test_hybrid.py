"""Nitrous oxide, tanks, injectors and engines that burn what flows."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from downrange.errors import InputError
from downrange.flight.propulsion import Nozzle as Placed
from downrange.flight.propulsion import segment_tables, sums_at
from downrange.motor.hybrid import (
    HTPB_OXYGEN,
    Combustion,
    Engine,
    Feed,
    FuelGrain,
    Injector,
    NitrousTank,
    PressedTank,
    Regression,
    chamber_run,
    equilibrium_flux,
    incompressible_flux,
    nitrous_state,
    nonequilibrium_flux,
    run_engine,
    saturation,
)
from downrange.motor.hybrid.injector import _highest
from downrange.motor.nozzle import Nozzle

# T, p, liquid and vapour density, heat of evaporation: CoolProp 6.8's own implementation of Lemmon & Span (2006)
LINE = [
    (253.15, 1_797_108.46, 998.07289, 46.727328, 276_527.21),
    (273.15, 3_122_081.52, 907.06644, 85.170760, 232_679.74),
    (293.15, 5_052_509.28, 785.10397, 157.985625, 169_925.06),
    (303.15, 6_307_548.88, 688.10601, 232.699820, 118_434.26),
]
# p and liquid density by ESDU 91022, an independent fit; they agree within 0.2 and 0.3 %
ESDU = [(253.15, 1_800_665.1, 995.42141), (293.15, 5_060_128.3, 786.55221), (303.15, 6_314_874.1, 687.98533)]


@pytest.mark.parametrize("t, p, liquid, vapour, heat", LINE)
def test_saturation_is_that_of_the_published_equation(t, p, liquid, vapour, heat):
    row = saturation().at(t)
    assert row[:3] == pytest.approx([p, liquid, vapour], rel=1e-7)
    assert row[6] - row[5] == pytest.approx(heat, rel=1e-7)
    assert saturation().temperature_of(p) == pytest.approx(t, abs=1e-5)


@pytest.mark.parametrize("t, p, liquid", ESDU)
def test_saturation_is_near_another_authority(t, p, liquid):
    assert saturation().at(t)[0] == pytest.approx(p, rel=0.01)
    assert saturation().at(t)[1] == pytest.approx(liquid, rel=0.01)


def test_its_boiling_point_and_a_gas_that_is_nearly_ideal():
    assert saturation().temperature_of(101_325.0) == pytest.approx(184.67, abs=0.02)  # NIST webbook: 184.67 K
    assert nitrous_state(500.0, 0.1).pressure == pytest.approx(0.1 * 8.314462618 / 44.0128e-3 * 500, rel=1e-3)


@pytest.mark.parametrize("t", [200.0, 260.0, 300.0])
def test_phases_are_in_equilibrium_and_the_pressure_rises_as_clapeyron_says(t):
    p, rl, rv, ul, uv, hl, hv, sl, sv = saturation().at(t)
    assert hv - hl == pytest.approx(t * (sv - sl), rel=1e-7), "equal Gibbs energy"
    assert nitrous_state(t, rl).pressure == pytest.approx(p, rel=1e-5)
    assert hl - ul == pytest.approx(p / rl, rel=1e-6)
    slope = (hv - hl) / (t * (1 / rv - 1 / rl))
    assert saturation().at(t, derivative=True)[0] == pytest.approx(slope, rel=1e-5)


def test_above_its_critical_point_there_is_no_liquid():
    with pytest.raises(InputError, match="no liquid beside its vapour"):
        saturation().at(310.0)


TANK = NitrousTank(volume=0.012, diameter=0.15, mass=8.0, temperature=293.15, bottom=0.5)


def test_blow_down_through_an_orifice_as_an_independent_one():
    """Made with CoolProp by explicit Euler (5 ms): 12 litres, 8 kg, 2.2089e-5 m2 into 20 bar: 33.12 bar and 1.4128 kg at 5 s, dry at 5.345 s."""

    def slopes(_, y):
        return TANK.rates(y[0], y[1], 2.2089323345553232e-05 * incompressible_flux(TANK.contents(*y), 2e6))

    end = solve_ivp(slopes, (0, 5.0), [8.0, 293.15], rtol=1e-8, atol=1e-8).y[:, -1]
    assert end == pytest.approx([1.4128, 275.475], rel=1e-3)
    assert TANK.contents(*end).pressure == pytest.approx(33.1232e5, rel=1e-3)


@pytest.mark.parametrize("drained", [False, True])
def test_a_tank_keeps_its_energy(drained):
    """dU = -h dm: what leaves takes its enthalpy along, and nothing else changes the energy."""

    def energy(m, t):
        _, rl, rv, ul, uv, *_ = saturation().at(t)
        x = (TANK.volume / m - 1 / rl) / (1 / rv - 1 / rl)
        return m * (ul + x * (uv - ul))

    m, t = (1.2, 280.0) if drained else (6.0, 288.0)
    step = 1e-5
    dm, dt = TANK.rates(m, t, 1.0, drained)
    assert dm == -1.0
    change = (energy(m + step * dm, t + step * dt) - energy(m - step * dm, t - step * dt)) / (2 * step)
    assert change == pytest.approx(-TANK.contents(m, t, drained).enthalpy, rel=1e-5)


def test_liquid_lies_at_the_bottom_and_the_centre_sinks():
    full, half = TANK.centre(8.0, 293.15), TANK.centre(4.0, 285.0)
    assert TANK.bottom < half < full < TANK.bottom + TANK.height
    c = TANK.contents(8.0, 293.15)
    by_hand = (c.liquid * c.level / 2 + (8.0 - c.liquid) * (c.level + TANK.height) / 2) / 8.0
    assert full == pytest.approx(TANK.bottom + by_hand, rel=1e-12)
    assert c.level == pytest.approx(c.liquid / 785.10397 / TANK.section, rel=1e-6)


@pytest.mark.parametrize(
    "mass, match",
    [(9.9, "holds liquid with vapour"), (1.0, "holds liquid with vapour"), (0.0, "mass"), (math.nan, "mass")],
)
def test_tanks_that_cannot_be_are_refused(mass, match):
    with pytest.raises(InputError, match=match):
        NitrousTank(volume=0.012, diameter=0.15, mass=mass)


def test_homogeneous_equilibrium_by_another_way():
    """The most that passes at any pressure above the chamber's, by a search in temperature."""
    c = TANK.contents(8.0, 293.15)

    def flux(t):
        _, rl, rv, _, _, hl, hv, sl, sv = saturation().at(t)
        x = (c.entropy - sl) / (sv - sl)
        return math.sqrt(2 * (c.enthalpy - hl - x * (hv - hl))) / (1 / rl + x * (1 / rv - 1 / rl))

    fine = np.linspace(240.0, 293.149, 20_000)
    most = max(flux(float(t)) for t in fine[::20])
    assert equilibrium_flux(c, 1e5) == pytest.approx(most, rel=1e-4), "choked"
    assert equilibrium_flux(c, 1e6) == pytest.approx(equilibrium_flux(c, 2e6), rel=1e-12), "more suction draws no more"
    at = brentq(lambda t: saturation().at(t)[0] - 48e5, 280, 293)
    assert equilibrium_flux(c, 48e5) == pytest.approx(flux(at), rel=1e-3)


def test_between_the_two_models_by_how_it_boils():
    c = TANK.contents(8.0, 293.15)
    spi, hem = incompressible_flux(c, 30e5), equilibrium_flux(c, 30e5)
    assert spi == pytest.approx(math.sqrt(2 * 785.10397 * (50.5250928e5 - 30e5)), rel=1e-6)
    assert hem < nonequilibrium_flux(c, 30e5) < spi
    assert nonequilibrium_flux(c, 30e5) == pytest.approx((spi + hem) / 2, rel=1e-12), "saturated: kappa is one"
    hole = Injector(diameter=0.002, count=4, discharge=0.7, model="spi")
    assert hole.flow(c, 30e5) == pytest.approx(0.7 * 4 * math.pi / 4 * 0.002**2 * spi)
    assert hole.flow(c, 51e5) == 0.0
    by_model = {
        m: Injector(diameter=0.002, count=4, discharge=0.7, model=m).flow(c, 30e5) / hole.area for m in ("hem", "nhne")
    }
    assert by_model == pytest.approx({"hem": hem, "nhne": (spi + hem) / 2}, rel=1e-12)
    dry = TANK.contents(1.0, 280.0, drained=True)
    assert hole.flow(dry, 1e5) == pytest.approx(hole.area * equilibrium_flux(dry, 1e5)), (
        "a mixture is compressible by any model"
    )


def test_regression_laws_by_hand():
    grain = FuelGrain(outer=0.08, port=0.04, length=0.5, density=950, regression=Regression(a=2e-5, n=0.6, m=-0.2))
    flux = 0.4 / (math.pi / 4 * 0.04**2)
    assert grain.rate(0.4, 0.04) == pytest.approx(2e-5 * flux**0.6 * 0.5**-0.2)
    # the law in its own units: 0.104 in/s at 1 lb/(in2 s)
    assert HTPB_OXYGEN.a * 703.0696**HTPB_OXYGEN.n == pytest.approx(0.104 * 0.0254, rel=1e-6)
    total = FuelGrain(
        outer=0.08, port=0.04, length=0.5, density=950, regression=Regression(a=2e-5, n=0.6, flux="total")
    )
    r = total.rate(0.4, 0.04)
    through = (0.4 + 0.5 * 950 * math.pi * 0.04 * 0.5 * r) / (math.pi / 4 * 0.04**2)
    assert r == pytest.approx(2e-5 * through**0.6, rel=1e-9)
    with pytest.raises(InputError, match="leaves none"):
        FuelGrain(outer=0.04, port=0.08, length=0.5, density=950, regression=HTPB_OXYGEN)


TABLE = Combustion(
    np.array([1.0, 4, 7, 10, 20]),
    np.array([1300.0, 1540, 1600, 1520, 1350]),
    np.array([1.28, 1.24, 1.24, 1.26, 1.29]),
    0.95,
)


@cache
def hybrid():
    engine = Engine(
        oxidiser=Feed(NitrousTank(volume=0.003, diameter=0.075, mass=2.0, bottom=0.45), Injector(diameter=0.0018, count=6)),
        fuel=FuelGrain(outer=0.07, port=0.035, length=0.25, density=930, regression=Regression(a=1.0e-4, n=0.5), aft=0.12),
        combustion=TABLE, nozzle=Nozzle(throat=0.0165, exit=0.034), volume=1.5e-4,
    )  # fmt: skip
    return run_engine(engine)


def test_a_hybrid_keeps_its_mass_and_is_steady():
    r = hybrid()
    flow = r.oxidiser_flow + r.fuel_flow
    assert np.trapezoid(flow, r.time) == pytest.approx(r.burnt, rel=5e-3), "what flowed is what is gone"
    k = int(np.searchsorted(r.time, 0.5 * r.liquid_out))
    cstar, _ = TABLE.at(float(r.ratio[k]))
    assert r.pressure[k] == pytest.approx(flow[k] * cstar / r.engine.nozzle.throat_area, rel=0.01), "p = m c* / A_t"
    assert np.all(np.diff(r.propellant_left) <= 1e-9) and np.all(np.diff(r.tank_temperature) <= 1e-6)
    isp = r.impulse / r.burnt / 9.80665
    assert 150 < isp < 260


def test_after_the_liquid_comes_vapour_and_much_less_thrust():
    r = hybrid()
    before, after = (int(np.searchsorted(r.time, r.liquid_out + d)) for d in (-0.05, 0.3))
    assert r.thrust[after] < 0.5 * r.thrust[before] and r.thrust[after] > 0
    assert r.tank_pressure[after] < r.tank_pressure[before]
    assert r.ended in ("oxidiser out", "spent")


def test_the_motor_carries_its_own_flow_and_moving_centre():
    r = hybrid()
    motor = r.motor(name="hybrid", diameter=0.08, length=1.2, dry_mass=3.0)
    assert motor.total_mass == pytest.approx(3.0 + r.propellant_left[0])
    spent = motor.propellant_mass * (1 - motor.impulse_so_far / motor.impulse)
    assert np.abs(motor.propellant_at_samples - spent).max() > 0.01 * motor.propellant_mass, (
        "not in proportion to thrust"
    )
    # the moment of all that is in it, kept apart into what leaves and what stays
    rest = r.propellant_left[-1]
    k = r.time.size // 3
    moment = motor.propellant_at_samples[k] * motor.propellant_centres[k] + rest * r.centre[-1]
    assert moment == pytest.approx(r.propellant_left[k] * r.centre[k], rel=1e-9)


def test_the_flight_s_tables_follow_the_moving_centre():
    motor = hybrid().motor(name="hybrid", diameter=0.08, length=1.2, dry_mass=3.0)
    placed = Placed(motor, 2.0)
    segments = segment_tables([placed], np.zeros((1, 1)))[0]
    t = motor.time[5:-5:7]
    thrust, left, moment = sums_at(segments, t)
    assert thrust == pytest.approx(np.interp(t, motor.time, motor.thrust), rel=1e-9)
    assert left == pytest.approx(np.interp(t, motor.time, motor.propellant_left), rel=1e-9)
    assert moment / left == pytest.approx(2.0 - np.interp(t, motor.time, motor.propellant_centres), rel=1e-6)
    assert np.ptp(moment / left) > 0.02, "it moves"


def test_a_liquid_engine_with_regulators_by_hand():
    """Both flows obey Bernoulli into one chamber: p = (m_o + m_f) c* / A_t is one equation for p."""
    ox = Feed(
        PressedTank(volume=0.01, diameter=0.15, mass=7.0, density=1140, pressure=4e6, bottom=0.6),
        Injector(diameter=0.0014, count=20, model="spi"),
    )
    fuel = Feed(
        PressedTank(volume=0.008, diameter=0.15, mass=4.0, density=790, pressure=4e6, bottom=1.3),
        Injector(diameter=0.0012, count=20, model="spi"),
    )
    gas = Combustion(np.array([1.7]), np.array([1700.0]), np.array([1.2]))
    nozzle = Nozzle(throat=0.03, exit=0.06)
    r = run_engine(Engine(oxidiser=ox, fuel=fuel, combustion=gas, nozzle=nozzle, volume=4e-4))

    def flows(p):
        return (
            0.66 * 20 * math.pi / 4 * 0.0014**2 * math.sqrt(2 * 1140 * (4e6 - p)),
            0.66 * 20 * math.pi / 4 * 0.0012**2 * math.sqrt(2 * 790 * (4e6 - p)),
        )

    p = brentq(lambda p: sum(flows(p)) * 1700 / nozzle.throat_area - p, 1e5, 3.99e6)
    k = r.time.size // 2
    assert r.pressure[k] == pytest.approx(p, rel=1e-3)
    assert r.oxidiser_flow[k] == pytest.approx(flows(p)[0], rel=1e-3)
    assert r.time[-1] == pytest.approx(min(7.0 / flows(p)[0], 4.0 / flows(p)[1]), rel=0.01), "one tank runs dry"
    assert r.thrust[k] == pytest.approx(nozzle.thrust_coefficient(1.2, p, 101_325.0) * p * nozzle.throat_area, rel=1e-3)


def test_a_gas_that_pushes_expands():
    tank = PressedTank(volume=0.01, diameter=0.15, mass=5.0, density=1000, pressure=5e6, regulated=False, exponent=1.3)
    assert tank.contents(0.0, 293.0).pressure == pytest.approx(5e6 * 0.5**1.3)
    with pytest.raises(InputError, match="do not fit"):
        PressedTank(volume=0.01, diameter=0.15, mass=15.0, density=1000, pressure=5e6)


def test_a_given_chamber_curve_by_hand():
    nozzle = Nozzle(throat=0.02, exit=0.04)
    t = np.array([0, 0.1, 2.1, 2.2])
    p = np.array([101_325.0, 3e6, 3e6, 101_325.0])
    r = chamber_run(t, p, nozzle=nozzle, cstar=1500, heat_ratio=1.25, propellant_mass=1.5, centre=0.3)
    flow = 3e6 * math.pi / 4 * 0.02**2 / 1500
    assert r.burnt == pytest.approx(flow * 2.1, rel=1e-6), "ramps of a tenth of a second count half"
    assert r.thrust[1] == pytest.approx(nozzle.thrust_coefficient(1.25, 3e6, 101_325.0) * 3e6 * math.pi / 4 * 0.02**2)
    with pytest.raises(InputError, match="would leave"):
        chamber_run(t, p, nozzle=nozzle, cstar=1500, heat_ratio=1.25, propellant_mass=0.5, centre=0.3)


def test_what_is_not_as_it_should_be_is_told():
    said = " ".join(hybrid().alerts)
    poor = Engine(
        oxidiser=Feed(NitrousTank(volume=0.003, diameter=0.075, mass=2.0), Injector(diameter=0.004, count=6)),
        fuel=FuelGrain(outer=0.07, port=0.02, length=0.25, density=930, regression=Regression(a=1.0e-4, n=0.5)),
        combustion=TABLE, nozzle=Nozzle(throat=0.022, exit=0.034), volume=1.5e-4,
    )  # fmt: skip
    alerts = " ".join(run_engine(poor).alerts)
    assert "flux through the port" in alerts and "pressure drop falls" in alerts
    assert "flux through the port" not in said


@pytest.mark.parametrize(
    "change",
    [
        {"ratio": np.array([2.0, 1.0]), "cstar": np.array([1500.0, 1500.0]), "heat_ratio": np.array([1.2, 1.2])},
        {"ratio": np.array([1.0]), "cstar": np.array([9000.0]), "heat_ratio": np.array([1.2])},
        {"ratio": np.array([1.0]), "cstar": np.array([1500.0]), "heat_ratio": np.array([0.9])},
        {"ratio": np.array([1.0]), "cstar": np.array([1500.0, 1.0]), "heat_ratio": np.array([1.2])},
    ],
)
def test_impossible_combustion_is_refused(change):
    with pytest.raises(InputError):
        Combustion(**change)


def test_a_hybrid_goes_through_a_rocksim_file(tmp_path):
    from downrange.formats import pick_motor
    from downrange.formats.motors.rse import write_rse

    motor = hybrid().motor(name="hybrid", diameter=0.08, length=1.2, dry_mass=3.0)
    write_rse(tmp_path / "h.rse", [motor])
    back = pick_motor(tmp_path / "h.rse")
    assert back.propellant_at(1.0) == pytest.approx(float(motor.propellant_at(1.0)), rel=1e-3)
    k = motor.time.size // 3
    by_hand = motor.dry_mass * 0.6 + motor.propellant_at_samples[k] * motor.propellant_centres[k]
    assert back.cg_front[k] == pytest.approx(
        1.2 - by_hand / (motor.dry_mass + motor.propellant_at_samples[k]), rel=1e-4
    )


def test_the_highest_flux_is_the_vertex_of_the_parabola_through_its_knots():
    """5 - 3 (x - 1.3)² on whole x is 5 at its highest; a straight edge or two knots have their own largest."""
    x = np.arange(4.0)
    assert _highest(5 - 3 * (x - 1.3) ** 2) == pytest.approx(5.0)
    assert _highest(x) == 3.0 and _highest(np.array([2.0, 1.0])) == 2.0 and _highest(np.zeros(0)) == 0.0
