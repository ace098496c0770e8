"""Interior ballistics against closed forms, conservation, and the results of others for the same motors."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.formats.ric import read_ric
from downrange.motor.ballistics import as_motor, fire
from downrange.motor.gas import Gas
from downrange.motor.grains import Bates, EndBurner, Finocyl, Tube
from downrange.motor.propellants import Piece, Propellant, equilibria, pieces_of_table
from downrange.motor.solid import Case, Igniter, Limits, SolidMotor
from grain_motors import GAS, Segment, nozzle, propellant, solid

VALIDATION = Path(__file__).parents[2].parent / "shared/validation"
LEVELS = ("quasi-steady", "transient")


def test_the_steady_pressure_in_closed_form():
    """p = (Kn rho a c*)^(1/(1-n)) at every moment."""
    m = solid()
    p, b = m.burning[0], fire(m)
    on = b.kn > 0
    closed = (b.kn * p.density * 3.3e-5 * p.characteristic_velocity) ** (1 / (1 - 0.33))
    assert b.pressure[on] == pytest.approx(closed[on], rel=1e-9)
    assert equilibria(p, 300.0)[0].pressure == pytest.approx(
        (300 * p.density * 3.3e-5 * p.characteristic_velocity) ** (1 / 0.67), rel=1e-12
    )


def test_an_end_burner_burns_its_length_at_its_rate():
    m = solid([EndBurner(diameter=0.06, length=0.15)], of=propellant(a=4e-4), nozzle=nozzle(throat=0.006))
    b = fire(m)
    assert b.pressure[0] == pytest.approx(b.pressure[-3], rel=1e-12)
    assert b.time[-1] == pytest.approx(0.15 / float(m.burning[0].rate(b.pressure[0])), rel=1e-9)


def test_a_neutral_grain_keeps_its_pressure():
    m = solid(
        [Tube(diameter=0.06, core=0.02, length=0.1, inhibited="both", outside_burns=True)], nozzle=nozzle(throat=0.01)
    )
    b = fire(m)
    held = b.pressure[b.kn > 0]
    assert held == pytest.approx(np.full(held.size, held[0]), rel=1e-9)


@pytest.mark.parametrize("level", LEVELS)
def test_mass_comes_out(level):
    """All propellant leaves through the nozzle, but for the gas that stays in the chamber at the end."""
    for m in (
        solid(),
        solid(
            [Finocyl(diameter=0.08, core=0.02, fins=4, fin_width=0.005, fin_length=0.012, length=0.3)],
            nozzle=nozzle(throat=0.017),
        ),
    ):
        b = fire(m, level)
        assert b.left[0] == pytest.approx(m.propellant_mass, rel=1e-6) and b.left[-1] == 0
        assert np.trapezoid(b.mass_flow, b.time) == pytest.approx(m.propellant_mass, rel=2e-3)


@pytest.mark.parametrize("level", LEVELS)
def test_impulse_is_mass_times_velocity(level):
    """With one thrust coefficient (an exit as wide as the throat, a vacuum) impulse is m c* Cf however fast it burns."""
    m = solid(nozzle=nozzle(exit=0.0131, divergence=0.0, separation="none"), ambient=1.0)
    slow = solid(of=propellant(a=2e-5), nozzle=m.nozzle, ambient=1.0)
    each = [fire(q, level).impulse for q in (m, slow)]
    cf = float(m.nozzle.thrust_coefficient(1.21, 5e6, 1.0))
    assert each == pytest.approx([m.propellant_mass * m.burning[0].characteristic_velocity * cf] * 2, rel=2e-3)


def test_levels_agree_where_the_chamber_is_small():
    m = solid()
    quasi, full = fire(m), fire(m, "transient")
    assert full.impulse == pytest.approx(quasi.impulse, rel=5e-3)
    assert full.peak_pressure == pytest.approx(quasi.peak_pressure, rel=1e-2)
    middle = np.linspace(0.2, 0.8, 9) * quasi.burn_time
    assert np.interp(middle + 0.01, full.time, full.pressure) == pytest.approx(
        np.interp(middle, quasi.time, quasi.pressure), rel=2e-2
    )


def test_the_tail_off_is_exponential():
    """Burnt out, p = p_0 exp(-R T A_t t / (V c*)) while the throat is choked."""
    grain = Tube(diameter=0.06, core=0.02, length=0.1, inhibited="both", outside_burns=True)
    m = solid([grain], nozzle=nozzle(throat=0.01), case=Case(length=0.9))
    b = fire(m, "transient")
    out = (b.left == 0) & (b.pressure > 3e5)
    t, p = b.time[out], b.pressure[out]
    c_star = m.burning[0].characteristic_velocity
    heat = GAS.gas_constant * GAS.temperature
    rate = heat * m.nozzle.throat_area / (m.chamber_volume * c_star)
    assert t.size > 8 and p == pytest.approx(p[0] * np.exp(-rate * (t - t[0])), rel=2e-3)


def test_filling_follows_its_equation():
    """An end burner in a large chamber with n = 0: dp/dt = (p_e - p) / tau but for the room it makes; tau = V c* / (R T A_t)."""
    law = propellant(a=0.006, n=0.0)
    m = solid([EndBurner(diameter=0.06, length=0.15)], of=law, nozzle=nozzle(throat=0.006), case=Case(length=1.0))
    b = fire(m, "transient")
    area = math.pi / 4 * 0.06**2
    c_star, heat = law.characteristic_velocity, GAS.gas_constant * GAS.temperature
    tau = m.free_volume * c_star / (heat * m.nozzle.throat_area)
    end = area * 0.006 * law.density * c_star / m.nozzle.throat_area
    early = b.time < tau
    assert b.time[early].size > 10
    assert b.pressure[early] == pytest.approx(end + (101325 - end) * np.exp(-b.time[early] / tau), rel=1.5e-2)


def test_an_igniter_shortens_the_start():
    slow = solid(case=Case(length=0.8))
    lit = solid(case=Case(length=0.8), igniter=Igniter(mass=0.01, time=0.02))
    a, b = (fire(m, "transient") for m in (slow, lit))
    half = [float(np.interp(2e6, q.pressure[: q.pressure.argmax()], q.time[: q.pressure.argmax()])) for q in (a, b)]
    assert half[1] < 0.7 * half[0]
    assert np.trapezoid(b.mass_flow, b.time) == pytest.approx(slow.propellant_mass + 0.01, rel=3e-3)


def test_two_propellants_share_a_chamber():
    """Alike they are one; a faster one in half the grains raises the pressure first, and burns out first: two steps of thrust."""
    one, same = propellant(), propellant(name="the same by another name")
    grain = Bates(diameter=0.071, length=0.117, core=0.0257, inhibited="both")
    plain = fire(solid([grain] * 2, of=one))
    twins = fire(SolidMotor(segments=(Segment(grain, one), Segment(grain, same)), nozzle=nozzle()))
    assert twins.impulse == pytest.approx(plain.impulse, rel=1e-5) and twins.peak_pressure == pytest.approx(
        plain.peak_pressure, rel=1e-4
    )
    fast = propellant(a=9e-5, name="fast", density=1702.0)
    for level in LEVELS:
        b = fire(SolidMotor(segments=(Segment(grain, one), Segment(grain, fast)), nozzle=nozzle()), level)
        web = grain.web
        ends = [float(np.interp(web * (1 - 1e-6), b.burnt[:, k], b.time)) for k in (0, 1)]
        assert ends[1] < 0.6 * ends[0]
        assert np.trapezoid(b.mass_flow, b.time) == pytest.approx(grain.volume * (1672 + 1702), rel=2e-3)
        before, after = (float(np.interp(ends[1] + s, b.time, b.thrust)) for s in (-0.05, 0.15))
        assert after < 0.5 * before


KNSB = (
    (0.0, 806715.0, 10.7076837980331, 0.6247), (806715.0, 1503110.0, 8.76328007101773, -0.3142), (1503110.0, 3792250.0, 7.85216579497841, -0.013),
    (3792250.0, 7032900.0, 3.90676830413905, 0.5354), (7032900.0, 10673460.0, 9.65320361987685, 0.0638),
)  # fmt: skip


def in_pieces(rows, gas=GAS):
    """Rows of low, high (Pa), rate at 1 MPa (mm/s), exponent."""
    pieces = tuple(Piece(low=a, high=b, coefficient=r * 1e-3 * 1e6**-n, exponent=n) for a, b, r, n in rows)
    return Propellant(name="pieces", density=1750.0, gas=gas, pieces=pieces)


def test_all_equilibria_of_a_law_in_pieces():
    law = in_pieces(KNSB)
    for kn in np.geomspace(40, 900, 60):
        roots = equilibria(law, float(kn))
        assert [r.stable for r in roots[::2]] == [True] * len(roots[::2])  # stable and unstable ones take turns
        assert len(roots) % 2 == 1 and not any(r.stable for r in roots[1::2])
        for r in roots:
            if np.min(np.abs(law.laws[0] / r.pressure - 1)) > 1e-9:
                gain = kn * law.density * float(law.rate(r.pressure)) * law.characteristic_velocity
                assert gain == pytest.approx(r.pressure, rel=1e-9)


STEADY = Tube(diameter=0.06, core=0.02, length=0.2, inhibited="both", outside_burns=True)  # always the same area


def in_balance(law, pressure):
    """A motor in balance at `pressure` with the first piece of a law."""
    gain = law.density * law.pieces[0].coefficient * law.characteristic_velocity
    kn = pressure ** (1 - law.pieces[0].exponent) / gain
    throat = 2 * math.sqrt(math.pi * 0.08 * 0.2 / kn / math.pi)
    return solid([STEADY], of=law, nozzle=nozzle(throat=throat, exit=2.4 * throat))


def test_two_equilibria_are_told_and_the_lower_is_reached_first():
    jump = in_pieces(((0.0, 3e6, 4.0, 0.2), (3e6, 9e6, 7.0, 0.2)))
    b = fire(in_balance(jump, 2.2e6))
    upper = 2.2e6 * (7 / 4) ** (1 / 0.8)
    assert b.pressure[0] == pytest.approx(2.2e6, rel=1e-9)
    roots = equilibria(jump, float(b.kn[0]))
    assert [r.pressure for r in roots] == pytest.approx([2.2e6, 3e6, upper], rel=1e-9)
    assert [r.stable for r in roots] == [True, False, True]
    (alert,) = (a for a in b.alerts if a.kind == "two equilibria")
    assert f"2.20 or {upper / 1e6:.2f} MPa" in alert.message


def test_where_the_rate_falls_the_pressure_stands_at_the_edge():
    drop = in_pieces(((0.0, 3e6, 7.0, 0.2), (3e6, 9e6, 4.0, 0.2)))
    b = fire(in_balance(drop, 3.4e6))
    assert b.pressure[0] == pytest.approx(3e6, rel=1e-9)
    assert [(r.pressure, r.stable) for r in equilibria(drop, float(b.kn[0]))] == [(3e6, True)]


def test_a_table_of_rates_is_straight_on_logarithmic_paper():
    p, r = [1e6, 2.7e6, 6e6], [0.004, 0.0071, 0.0077]
    law = Propellant(name="t", density=1700.0, gas=GAS, pieces=pieces_of_table(p, r))
    assert law.rate(np.array(p)) == pytest.approx(r, rel=1e-12)
    middle = math.sqrt(1e6 * 2.7e6)
    assert float(law.rate(middle)) == pytest.approx(math.sqrt(0.004 * 0.0071), rel=1e-12)
    for bad, words in (
        (([1e6, 1e6], [1, 1]), "increase"),
        (([1e6], [1]), "two or more"),
        (([1e6, 2e6], [1, -1]), "above 0"),
    ):
        with pytest.raises(InputError, match=words):
            pieces_of_table(*bad)


def test_a_warm_motor_burns_faster():
    """Pressure grows by exp(sigma_p dT / (1 - n)), impulse hardly."""
    warm = propellant(sensitivity=0.002)
    a, b = (fire(solid(of=warm, temperature=t)) for t in (294.15, 314.15))
    assert b.pressure[0] / a.pressure[0] == pytest.approx(math.exp(0.04 / 0.67), rel=1e-9)
    assert b.burn_time < a.burn_time and b.impulse == pytest.approx(a.impulse, rel=0.02)


def test_throats_that_wear_and_clog():
    """The radius grows by erosion p; what was measured of pressure times time is what it grew."""
    a, b, c = (fire(solid(nozzle=nozzle(**k))) for k in ({}, {"erosion": 1e-10}, {"slag": 200.0}))
    assert b.throat[-1] - b.throat[0] == pytest.approx(2 * 1e-10 * np.trapezoid(b.pressure[:-1], b.time[:-1]), rel=1e-3)
    assert c.throat[-1] - c.throat[0] == pytest.approx(
        -2 * 200 * np.trapezoid(1 / c.pressure[:-1], c.time[:-1]), rel=1e-3
    )
    assert b.average_pressure < a.average_pressure < c.average_pressure


def test_a_finer_table_changes_nothing():
    """The impulse does not depend on the steps: levels thrice as fine move it by less than 1e-4."""
    from downrange.motor.grains import section

    one = fire(solid()).impulse
    kept = section._LEVELS
    try:
        section._LEVELS = 385
        finer = fire(solid()).impulse
    finally:
        section._LEVELS = kept
    assert finer == pytest.approx(one, rel=1e-4)


def test_alerts_have_numbers():
    m = solid(
        [Bates(diameter=0.071, length=0.7, core=0.0161)], nozzle=nozzle(throat=0.0131, exit=0.06), limits=Limits(pressure=2e6, bolts=5000.0, mass_flux=1300.0),
    )  # fmt: skip
    kinds = {a.kind: a for a in fire(m).alerts}
    assert {"peak pressure", "closure bolts", "port to throat", "mass flux", "separation"} <= set(kinds)
    assert kinds["peak pressure"].value > 2e6 == kinds["peak pressure"].limit
    assert kinds["port to throat"].value == pytest.approx((0.0161 / 0.0131) ** 2, rel=1e-6)
    assert kinds["closure bolts"].value == pytest.approx(
        (kinds["peak pressure"].value - 101325) * math.pi / 4 * 0.071**2
    )
    hot = fire(solid(nozzle=nozzle(throat=0.008)))
    assert "9.00 MPa" in next(a.message for a in hot.alerts if a.kind == "burning rate")
    wide = fire(solid([Bates(diameter=0.071, length=0.05, core=0.0257)], nozzle=nozzle(throat=0.03, exit=0.04)))
    assert any(a.kind == "never chokes" for a in wide.alerts)
    assert not [a for a in fire(solid(nozzle=nozzle(exit=0.02), limits=Limits(mass_flux=0.0))).alerts]


def test_laws_that_cannot_be():
    with pytest.raises(InputError, match="no steady pressure"):
        propellant(n=1.2)
    with pytest.raises(InputError, match="leave a gap"):
        in_pieces(((0.0, 3e6, 7.0, 0.2), (4e6, 9e6, 4.0, 0.2)))
    with pytest.raises(InputError, match="does not fit the case"):
        solid(case=Case(bore=0.06))
    with pytest.raises(InputError, match="long together"):
        solid(case=Case(length=0.3))


def test_a_firing_flies():
    """Thrust curve, mass and centre of gravity as the flight takes them."""
    m = solid(case=Case(mass=1.31, outer_length=0.46, diameter=0.075, nozzle_length=0.04))
    b = fire(m, "transient")
    motor = as_motor(b)
    assert motor.impulse == pytest.approx(b.impulse, rel=1e-6) and motor.time.size <= 400
    assert motor.propellant_left[0] == pytest.approx(b.propellant_mass) and motor.propellant_left[-1] == 0
    assert motor.propellant_centre == pytest.approx(0.04 + 3 * 0.117 / 2, rel=1e-6)
    off = np.abs(np.interp(b.time, motor.time, motor.thrust) - b.thrust) > 0.02 * b.peak_thrust
    assert not off.any()
    with pytest.raises(InputError, match="weighs empty"):
        as_motor(fire(solid()))


@pytest.mark.skipif(
    not (VALIDATION / "motor_reference.json").exists(), reason="the motors of others are not here: ../shared/validation"
)
class TestOthers:
    """Ten motors of openMotor's own tests, and the same motors with exact offsets, quasi-steady, without separation."""

    reference = (
        json.loads((VALIDATION / "motor_reference.json").read_text())["openmotor_motors"]
        if (VALIDATION / "motor_reference.json").exists()
        else {}
    )

    @pytest.mark.parametrize("key", list(reference))
    def test_as_openmotor(self, key):
        """3 % of impulse and pressure, 1 % of mass, 6 % of Kn (a raster's edges are stairs)."""
        theirs = self.reference[key]["openmotor_0_6_0_run"]
        b = fire(read_ric(VALIDATION / "ric" / key.split("/")[1] / "motor.ric").motor)
        assert b.impulse == pytest.approx(theirs["impulse"], rel=0.03)
        assert b.peak_pressure == pytest.approx(theirs["maxPressure"], rel=0.03)
        assert b.propellant_mass == pytest.approx(theirs["propMass"], rel=0.01)
        assert b.kn[0] == pytest.approx(theirs["initialKN"], rel=0.05)
        assert b.flux.max() == pytest.approx(theirs["peakMassFlux"], rel=0.15)  # they note it first after 0.03 s

    @pytest.mark.parametrize(
        "key", [k for k, v in reference.items() if "exact_geometry_quasi_steady" in v and k != "real/n2950"]
    )
    def test_with_exact_offsets(self, key):
        """0.2 %. Not n2950: its table of areas, integrated, is 1.4 % short of its own volume (the offset of the whole outline is wrong)."""
        exact = self.reference[key]["exact_geometry_quasi_steady"]
        m = read_ric(VALIDATION / "ric" / key.split("/")[1] / "motor.ric").motor
        b = fire(m)
        assert b.impulse == pytest.approx(exact["impulse_Ns"], rel=2e-3)
        assert b.peak_pressure == pytest.approx(exact["max_pressure_Pa"], rel=2e-3)
        assert b.burn_time == pytest.approx(exact["burn_time_5pct_thrust_s"], rel=2e-3)
        assert b.propellant_mass == pytest.approx(exact["prop_mass_kg"], rel=2e-3)
        table = np.array(exact["table"])
        area = sum(s.grain.at(table[:, 0]).area for s in m.segments)
        volume = sum(s.grain.at(table[:, 0]).volume for s in m.segments)
        burning = (table[:, 1] > 0.7 * table[:, 1].max()) & (table[:, 2] > 0)
        assert area[burning] == pytest.approx(table[burning, 1], rel=2e-3)
        assert volume == pytest.approx(table[:, 2], abs=2e-3 * table[0, 2])

    def test_why_not_n2950(self):
        table = np.array(self.reference["real/n2950"]["exact_geometry_quasi_steady"]["table"])
        steps = np.diff(table[:, 2]) / np.diff(table[:, 0])
        mean = 0.5 * (table[1:, 1] + table[:-1, 1])
        assert -steps[6] / mean[6] > 1.2  # more volume went than burnt


def test_a_gas_of_two():
    """The mixture's c* squared is the mean of the squares by mass flow."""
    hot, cold = propellant(), propellant(name="cold", gas=Gas(heat_ratio=1.21, molar_mass=0.03, temperature=1900))
    grain = Tube(diameter=0.06, core=0.02, length=0.1, inhibited="both", outside_burns=True)
    m = SolidMotor(segments=(Segment(grain, hot), Segment(grain, cold)), nozzle=nozzle())
    b = fire(m)
    flow = b.mass_flow[1]
    mean = math.sqrt(0.5 * (hot.characteristic_velocity**2 + cold.characteristic_velocity**2))
    assert b.pressure[1] * m.nozzle.throat_area == pytest.approx(flow * mean, rel=1e-9)
