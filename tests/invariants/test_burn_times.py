"""Motors that burn longer or shorter than drawn: their segments, and the flights of a campaign."""

from dataclasses import replace

import numpy as np
import pytest

import downrange as dr
from downrange.dispersion.band import apogee_band
from downrange.dispersion.flying import fly_whole
from downrange.dispersion.nearby import nominal_only
from downrange.flight import fly as flight_of
from downrange.flight.kernel.layout import G
from downrange.flight.named import named_outputs
from downrange.flight.propulsion import Nozzle, segment_tables, stretched, sums_at
from downrange.motor import Motor
from downrange.project.bands import varying
from downrange.project.campaigns import plan_campaign

MOTOR = Motor(
    designation="T", manufacturer="x", time=np.array([0.0, 0.1, 0.7, 1.9]), thrust=np.array([0.0, 41.0, 33.0, 0.0]), diameter=0.029,
    length=0.12, propellant_mass=0.04, dry_mass=0.05, nozzle_exit_area=1e-4,
)  # fmt: skip
NOZZLES = (Nozzle(MOTOR, 0.8), Nozzle(MOTOR, 0.79, y=0.02, z=-0.01, slope_y=0.03, slope_z=0.01))


def longer(motor, by):
    return replace(motor, time=motor.time * by, thrust=motor.thrust / by)


@pytest.mark.parametrize("by", [0.8, 1.0, 1.31])
def test_stretched_segments_are_those_of_a_motor_that_burns_so_long(by):
    lit = np.zeros((1, 2))
    drawn = segment_tables(NOZZLES, lit)[0]
    own = segment_tables([replace(n, motor=longer(MOTOR, by)) for n in NOZZLES], lit)[0]
    got = stretched(drawn, np.array([by]))[0]
    np.testing.assert_allclose(got, own, rtol=1e-9, atol=1e-12)


def test_a_stretched_burn_keeps_impulse_and_propellant():
    drawn = segment_tables(NOZZLES[:1], np.zeros((1, 1)))[0]
    t = np.linspace(0, 3, 200_001)
    for table, by in zip(stretched(drawn, np.array([0.9, 1.2])), (0.9, 1.2), strict=True):
        thrust, left, _ = sums_at(table, t)
        assert np.trapezoid(thrust, t) == pytest.approx(MOTOR.impulse, rel=1e-6)
        assert left[0] == pytest.approx(MOTOR.propellant_mass) and left[-1] == pytest.approx(0.0, abs=1e-12)
        assert t[thrust > 0].max() == pytest.approx(1.9 * by, abs=2e-5)
        assert table[-1, G["t1"]] == drawn[-1, G["t1"]]


GRAINS = """
propellant:
  density: 1680 kg/m3
  gas: {heat_ratio: 1.21, molar_mass: 23.67 g, temperature: 2800 K}
  burn_rate: [{from: 0.1 MPa, to: 7 MPa, at_1_MPa: 3.24 mm/s, exponent: 0.327}]
  rate_factor: 1 ± 8 %
  efficiency: 0.95
grains: [{type: bates, diameter: 24 mm, length: 40 mm, core: 9 mm, count: 2}]
nozzle: {throat: 6 mm, exit: 12 mm, divergence: 15 deg, efficiency: 0.95}
case: {mass: 0.1 kg, diameter: 29 mm, outer_length: 130 mm}
level: quasi-steady
"""


@pytest.fixture(scope="module")
def launch(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grains")
    (folder / "m.yaml").write_text(GRAINS, encoding="utf-8")
    rocket = dr.Rocket("burner", [
        dr.NoseCone("ogive", length="150 mm", diameter="40 mm", wall="2 mm"),
        dr.BodyTube(length="600 mm", diameter="40 mm", wall="1 mm", parts=[
            dr.InnerTube(length="140 mm", diameter="31 mm", wall="1 mm", position="bottom"),
            dr.TrapezoidalFins(3, root_chord="90 mm", tip_chord="50 mm", span="55 mm", sweep="30 mm", thickness="3 mm", position="bottom"),
            dr.Parachute(diameter="60 cm", deploy="apogee")])])  # fmt: skip
    return dr.Launch(
        rocket, "m.yaml", site=dr.Site(latitude_deg=46.5, longitude_deg=7.1, elevation_m=450), rail=dr.Rail(length="2 m", elevation="89 deg"),
        weather=dr.Weather(wind="2 m/s from 270 deg"), uncertainty={"defaults": False}, folder=folder,
    )  # fmt: skip


def test_a_campaign_flies_each_motor_for_as_long_as_it_burns(launch, tmp_path):
    plan = nominal_only(plan_campaign(launch.project))
    assert [i.name for i in plan.inputs.inputs] == ["motor.propellant.rate_factor"]
    u = np.array([0.02, 0.2, 0.5, 0.8, 0.98])
    rates = plan.inputs.inputs[0].distribution.quantile(u)
    drawn, table = plan.draw(u[:, None])
    out = named_outputs(fly_whole(plan.modes[0].mode, plan.scene, drawn, table, lambda name: u, None)[0].out)
    short = replace(drawn, burn=None)
    as_drawn = named_outputs(fly_whole(plan.modes[0].mode, plan.scene, short, table, lambda name: u, None)[0].out)
    flights = [dr.fly(opened(launch, tmp_path, rate)) for rate in rates]
    fastest, apogees = (np.array([getattr(f, k) for f in flights]) for k in ("max_speed_m_s", "apogee_agl_m"))
    assert out["max_speed"] == pytest.approx(fastest, rel=0.004) and out["apogee"] == pytest.approx(apogees, rel=0.003)
    assert np.abs(as_drawn["apogee"] / apogees - 1).max() > 0.03, "in which the burn time matters"
    last = plan.program.launch.motor.burnout_time * plan.inputs.burns(rates[:, None])
    assert last == pytest.approx([opened(launch, tmp_path, r).program.launch.motor.burnout_time for r in rates], rel=0.02)


def opened(launch, folder, rate):
    """The launch on a motor that burns at `rate` times the drawn one."""
    (folder / "m.yaml").write_text(GRAINS.replace("1 ± 8 %", f"{rate:.12f}"), encoding="utf-8")
    return dr.Launch.from_mapping(launch.said, folder)


def test_the_band_of_one_flight_knows_the_burn_time(launch, tmp_path):
    """More impulse in less time: the two all but cancel here, and so they do in the band."""
    flight = flight_of(launch.program, interpreted=False)
    band = apogee_band(flight, varying(launch.project, flight))
    shares = {s.name: s.sigma for s in band.shares if not s.assumed}
    assert set(shares) == {"motor.propellant.rate_factor"}
    apart = np.std([dr.fly(opened(launch, tmp_path, r)).apogee_agl_m for r in (0.87, 0.95, 1.0, 1.05, 1.13)])
    assert shares["motor.propellant.rate_factor"] < 2 * apart, "impulse alone would move it by ten times that"
