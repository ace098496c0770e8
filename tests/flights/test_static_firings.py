"""Firings on test stands by others, from their files. KNSB 250220: SNU Rocket Team HANARO, static-fire-toolkit (MIT), examples."""

from __future__ import annotations

import pytest

from cases import validation
from downrange.formats.stand import Columns, read_firings, read_stand
from downrange.motor.stand import Figure, Firing, Segments, fit_burn_law, reduce_firing

# Their README: 4996.3 g of propellant, throat 20 mm, five grains of 90 x 30 x 104.5 mm. Their own results, by hand from
# the processed files (100 Hz): integral of thrust, its peak, peak pressure, and A_t ∫p dt / m.
MASS, THROAT, GRAIN = Figure(4.9963), Figure(0.020), Segments(0.090, 0.030, 0.1045, 5)
IMPULSE, PEAK, PRESSURE, CSTAR = 6411.1, 2221.7, 45.88e5, 852.4
# The load cell's bridge as their code has it: 500 kgf, 3 mV/V, excited by 11.94 V, amplified by 1 + 49.4 kΩ / 200.4 Ω.
SCALE = 500 * 9.80665 / (3e-3 * 11.94 * (1 + 49_400 / 200.4))


@pytest.mark.parametrize("raw", [False, True])
def test_the_knsb_firing_within_one_in_a_hundred(raw):
    """From their processed curves, and from the raw ones: volts in two rows, 10,088 doubled times, a pressure logger a month wrong."""
    end = "_raw.csv" if raw else ".csv"
    names = [validation("static", f"snu-hanaro__KNSB_250220_{what}{end}") for what in ("thrust", "pressure")]
    (firing,) = read_firings(
        names, thrust=Columns(scale=SCALE) if raw else Columns(), propellant_mass=MASS, throat=THROAT
    )
    r = reduce_firing(firing)
    assert r.impulse.value == pytest.approx(IMPULSE, rel=0.01)
    assert r.peak_thrust.value == pytest.approx(PEAK, rel=0.01)
    assert r.peak_pressure.value == pytest.approx(PRESSURE, rel=0.01)
    assert r.characteristic_velocity.value == pytest.approx(CSTAR, rel=0.01)
    assert r.specific_impulse.value == pytest.approx(IMPULSE / MASS.value / 9.80665, rel=0.01)
    law = fit_burn_law([r.choked], [GRAIN])
    # R. Nakka's coarse KNSB: 5.13 mm/s p^0.22, to 10.7 MPa; another team's batch within a third of it
    assert float(law(4e6)) == pytest.approx(5.13e-3 * 4**0.22, rel=0.3)
    assert 0.1 < law.exponent < 0.6


def test_the_nakuja_firings_are_read_or_asked_about():
    trace = read_stand(validation("static", "nakuja_test1__measured.txt"), "thrust").thrust
    assert reduce_firing(Firing(trace)).impulse.value == pytest.approx(
        804.4, rel=2e-3
    )  # by trapezoids of the file's own samples
    trace = read_stand(
        validation("static", "nakuja_test2__Static_test_II_26-07-24.csv"), "thrust", Columns(unit="gf")
    ).thrust
    assert trace.value.max() == pytest.approx(160_020 * 9.80665e-3, rel=1e-4) and trace.step == pytest.approx(0.011)
