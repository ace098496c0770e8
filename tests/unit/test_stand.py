"""Reduction of test stands on records whose answer is known by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.motor.stand import (
    Figure,
    Firing,
    Segments,
    Trace,
    burn_times,
    fit_burn_law,
    mean_firing,
    reduce_firing,
    zeroed,
)
from downrange.motor.stand.zero import _crossings

RNG = np.random.default_rng(20_21)
T = np.arange(-3.0, 9.0, 0.01)


def trapezoid(t: np.ndarray, top: float = 500.0, rise: float = 0.2, flat: float = 2.0, fall: float = 0.4) -> np.ndarray:
    """A burn from t = 0: up in `rise`, level for `flat`, down in `fall`; impulse top (rise/2 + flat + fall/2)."""
    return np.interp(t, [0, rise, rise + flat, rise + flat + fall], [0, top, top, 0])


IMPULSE = 500.0 * (0.1 + 2.0 + 0.2)


def test_a_clean_burn_by_hand() -> None:
    r = reduce_firing(Firing(Trace("thrust", T, trapezoid(T)), propellant_mass=Figure(0.6, 0.006)))
    assert r.impulse is not None and r.impulse.value == pytest.approx(IMPULSE, rel=1e-9)
    # 5 % of 500 N stands at 0.01 s and 2.58 s, 10 % at 0.02 s and 2.56 s
    assert r.times.nfpa == pytest.approx(2.57, abs=1e-9)
    assert r.times.action == pytest.approx(2.54, abs=1e-9)
    assert r.average_thrust is not None and r.average_thrust.value == pytest.approx(IMPULSE / 2.57)
    assert r.specific_impulse is not None
    assert r.specific_impulse.value == pytest.approx(IMPULSE / 0.6 / 9.80665)
    assert r.specific_impulse.share == pytest.approx(0.01, rel=1e-3), "the mass is known to one in a hundred"


def test_the_tangents_meet_at_a_sharp_knee() -> None:
    t = np.linspace(0, 2.6, 2601)
    times = burn_times(t, trapezoid(t))
    assert times.web_end == pytest.approx(2.2, abs=0.02), "thrust begins to fall at 2.2 s"
    assert math.isnan(burn_times(t, np.interp(t, [0, 0.01, 2.6], [0, 500, 0])).tangent), (
        "a burn without a knee has no web's end"
    )


@pytest.mark.parametrize("tare, drift, sign", [(0.0, 0.0, 1), (130.0, 0.0, 1), (-40.0, 12.0, 1), (60.0, -9.0, -1)])
def test_tare_drift_and_sign_are_taken_off(tare: float, drift: float, sign: int) -> None:
    """A load cell that was loaded before, that drifts while the motor burns, and that counts downwards."""
    shift = tare + drift * np.interp(T, [0.01, 2.58], [0, 1])
    r = reduce_firing(Firing(Trace("thrust", T, sign * (trapezoid(T) + shift) + RNG.normal(0, 1.0, T.size))))
    assert r.impulse is not None and r.impulse.error is not None
    assert r.impulse.value == pytest.approx(IMPULSE, abs=3 * 1.0 * math.sqrt(0.01 * 2.6) + 0.5)
    # a straight line between the two zeros may be wrong by the difference over the root of twelve, for 2.6 s
    assert r.impulse.error >= abs(drift) / math.sqrt(12) * 2.5
    assert any("turned" in n for n in r.notes) == (sign < 0)


def test_spikes_doubled_times_and_gaps_are_told() -> None:
    t, f = T.copy(), trapezoid(T)
    f[400] = 9000.0  # at 1.0 s
    f[100] = -4000.0
    t[350] = t[349]
    keep = ~((t > 1.5) & (t < 1.8))
    z = zeroed(Trace("thrust", t[keep], f[keep]))
    assert z.peak == pytest.approx(500.0, abs=1e-6)
    assert z.integral == pytest.approx(IMPULSE, rel=2e-3)
    said = " ".join(z.notes)
    assert "2 lone spikes" in said and "1 samples share a time" in said and "not sampled from 1.5" in said


def test_a_gap_on_the_flank_costs_certainty() -> None:
    keep = ~((T > 2.25) & (T < 2.5))
    z = zeroed(Trace("thrust", T[keep], trapezoid(T[keep])))
    # 0.25 s between 437.5 N and 112.5 N: half of their difference, rectangular
    assert z.gap_error == pytest.approx(0.5 * 325 * 0.26 / math.sqrt(3), rel=0.1)


def test_a_ringing_stand_is_averaged_and_keeps_its_impulse() -> None:
    f = trapezoid(T) + np.where((T > 0) & (T < 2.6), 60 * np.sin(2 * np.pi * 18 * T), 0.0)
    r = reduce_firing(Firing(Trace("thrust", T, f)))
    assert r.thrust is not None and r.thrust.ringing is not None
    assert r.thrust.ringing[0] == pytest.approx(18.0, rel=0.03)
    assert r.thrust.ringing[1] == pytest.approx(60.0, rel=0.2)
    assert r.impulse is not None and r.impulse.value == pytest.approx(IMPULSE, rel=5e-3)
    assert r.peak_thrust is not None and r.peak_thrust.value == pytest.approx(500.0, rel=0.03)


def test_a_channel_at_its_end_is_told() -> None:
    z = zeroed(Trace("thrust", T, np.minimum(trapezoid(T) + 40 * np.sin(3 * T) * (T > 0) * (T < 2.6), 480.0)))
    assert z.saturated and any("peak above" in n for n in z.notes)


AREA = math.pi / 4 * 0.02**2


def pressures(t: np.ndarray) -> np.ndarray:
    return trapezoid(t, top=4e6)


@pytest.mark.parametrize("rest, reference", [(101_325.0, None), (0.0, None), (130_000.0, None), (8_000.0, "gauge")])
def test_c_star_and_thrust_coefficient_by_hand(rest: float, reference: str | None) -> None:
    """Whatever the pressure channel rests at, c* is A_t ∫p dt / m with p absolute."""
    mass = 2.0
    p = Trace("pressure", T, pressures(T) + rest)
    r = reduce_firing(
        Firing(
            Trace("thrust", T, 1.5 * AREA * pressures(T)), p, Figure(mass), Figure(0.02, 0.0001), reference=reference
        )  # type: ignore[arg-type]
    )
    assert (
        r.pressure_integral is not None and r.characteristic_velocity is not None and r.thrust_coefficient is not None
    )
    gauge = 4e6 * 2.3  # the trapezoid of 2.3 s
    choked = 2.6 - (0.6 * 0.75 * 101_325 / 4e6)  # seconds during which it exceeds 1.75 of the air's pressure
    expected = gauge + 101_325 * choked
    assert r.pressure_integral.value == pytest.approx(expected, rel=2e-3)
    assert r.characteristic_velocity.value == pytest.approx(AREA * expected / mass, rel=2e-3)
    assert r.characteristic_velocity.share == pytest.approx(0.01, rel=0.05), "twice the throat's half of a hundredth"
    assert r.thrust_coefficient.value == pytest.approx(1.5 * gauge / expected, rel=2e-3)
    assert r.peak_pressure is not None and r.peak_pressure.value == pytest.approx(4e6 + 101_325, rel=1e-6)


def test_a_pressure_that_rests_nowhere_is_refused() -> None:
    with pytest.raises(InputError, match=r"rests at 0\.4 bar.*--gauge or --absolute"):
        reduce_firing(Firing(pressure=Trace("pressure", T, pressures(T) + 40_000)))


def test_two_clocks_are_brought_together() -> None:
    p = Trace("pressure", np.arange(0.0, 14.0, 0.1), pressures(np.arange(0.0, 14.0, 0.1) - 7.37) + 101_325)
    r = reduce_firing(Firing(Trace("thrust", T, trapezoid(T)), p))
    assert r.lag == pytest.approx(-7.37, abs=0.03)
    assert r.pressure_time is not None and r.pressure is not None
    assert r.pressure_time[int(np.argmax(r.pressure > 2e6))] == pytest.approx(0.1, abs=0.1)


def test_records_of_two_firings_are_refused() -> None:
    other = np.interp(T, [0, 0.05, 0.1, 2.4, 2.5, 2.6], [0, 4e6, 4e5, 4e5, 4e6, 0])
    with pytest.raises(InputError, match="not of one firing"):
        reduce_firing(Firing(Trace("thrust", T, trapezoid(T)), Trace("pressure", T, other + 101_325)))


def made_firing(throat: float, a: float, n: float) -> tuple[np.ndarray, np.ndarray, Segments]:
    """Pressure of a steady burn r = a p^n of hollow cylinders, by the closed form p = (K a rho c*)^(1/(1-n))."""
    grain = Segments(0.09, 0.03, 0.1045, 5)
    x = np.linspace(0, grain.web, 4001)
    surface = -np.gradient(grain.volume(x), x, edge_order=2)
    p = (surface / (math.pi / 4 * throat**2) * a * 1750 * 900) ** (1 / (1 - n))
    rate = a * p**n
    t = np.concatenate([[0], np.cumsum(np.diff(x) * 0.5 * (1 / rate[1:] + 1 / rate[:-1]))])
    return t, p, grain


def test_a_burn_law_comes_back_from_what_it_made() -> None:
    n, a = 0.35, 8e-3 / 4e6**0.35
    firings = [made_firing(d, a, n) for d in (0.018, 0.021, 0.025)]
    law = fit_burn_law([(t, p) for t, p, _ in firings], [g for *_, g in firings])
    assert law.exponent == pytest.approx(n, abs=2e-3)
    assert float(law(4e6)) == pytest.approx(8e-3, rel=2e-3)
    assert law.coefficient == pytest.approx(a, rel=0.05)
    assert not any("one firing" in w for w in law.untold)


def test_what_one_steady_firing_cannot_tell_is_said() -> None:
    t, p, grain = made_firing(0.02, 8e-3 / 4e6**0.35, 0.35)
    law = fit_burn_law([(t, 0.05 * (p - p.mean()) + p.mean())], [grain])
    said = " ".join(law.untold)
    assert "one firing" in said and "the exponent is hardly told" in said and "hot and cold" in said


def test_segments_regress_as_hollow_cylinders() -> None:
    grain = Segments(0.0762, 0.0254, 0.127)
    assert grain.web == pytest.approx(0.0254)
    assert float(grain.volume(np.array(0.0))) == pytest.approx(math.pi / 4 * (0.0762**2 - 0.0254**2) * 0.127)
    assert float(grain.volume(np.array(grain.web))) == pytest.approx(0.0, abs=1e-12)
    # a length of (3 D + d) / 2 burns at both ends with as much surface at the end as at the beginning
    step = 1e-7
    at = [float((grain.volume(np.array(x)) - grain.volume(np.array(x + step))) / step) for x in (0.0, grain.web - step)]
    assert at[0] == pytest.approx(0.01824146924750992, rel=1e-4)
    assert at[1] == pytest.approx(at[0], rel=1e-4)
    with pytest.raises(InputError, match="narrower than the outside"):
        Segments(0.03, 0.09, 0.1)


def test_the_mean_of_unlike_firings_keeps_impulse_and_shape() -> None:
    made = []
    for flat, top in ((1.8, 520.0), (2.0, 500.0), (2.2, 480.0)):
        made.append(reduce_firing(Firing(Trace("thrust", T, trapezoid(T, top, flat=flat)))))
    band = mean_firing(made)
    wanted = np.mean([520 * 2.1, 500 * 2.3, 480 * 2.5])
    assert band.impulse == pytest.approx(wanted, rel=1e-6)
    assert band.firings == 3 and float(band.thrust.max()) == pytest.approx(500.0, rel=0.02)
    inside = (band.time > 0.5) & (band.time < 1.8)
    assert np.allclose((band.high - band.low)[inside] / 2, 20.0, atol=1.0), (
        "the standard deviation of 520, 500 and 480 N"
    )
    motor = band.motor(name="K500", diameter=0.054, length=0.4, propellant_mass=0.6, dry_mass=0.5)
    assert motor.impulse == pytest.approx(band.impulse, rel=1e-3) and motor.thrust[-1] == 0
    assert motor.burn_time == pytest.approx(np.mean([r.times.nfpa for r in made]), rel=0.01)


@pytest.mark.parametrize(
    "time, value, match",
    [
        (T, np.full(T.size, 3.0), "does not change"),
        (T[:5], T[:5], "at least 12"),
        (T[::-1], trapezoid(T), "steps back"),
        (1e3 * T, trapezoid(T), "longer than any firing"),
        (T, np.where(T[7] == T, np.nan, 1.0), "not a finite number"),
        (T, np.where(np.abs(T) < 1e-9, 50.0, 0.0), "nothing burns|spike|does not change"),
    ],
)
def test_what_is_no_firing_is_refused(time: np.ndarray, value: np.ndarray, match: str) -> None:
    with pytest.raises(InputError, match=match):
        zeroed(Trace("thrust", time, value))


@pytest.mark.parametrize("mass, throat", [(0.0, 0.02), (-1.0, 0.02), (1.0, 0.0), (math.nan, 0.02), (1.0, 30.0)])
def test_impossible_motors_are_refused(mass: float, throat: float) -> None:
    with pytest.raises(InputError, match="cannot be"):
        Firing(Trace("thrust", T, trapezoid(T)), propellant_mass=Figure(mass), throat=Figure(throat))


def test_figures_that_are_no_motor_s_are_told() -> None:
    r = reduce_firing(Firing(Trace("thrust", T, trapezoid(T)), propellant_mass=Figure(0.001)))
    assert any("no motor's" in n for n in r.notes)


def test_a_burn_ends_where_it_crosses_a_twentieth_of_its_peak() -> None:
    """Up to 10 N in a second and down in four: 0.5 N is passed at 0.05 s and again at 4.8 s, between samples a second apart."""
    t, v = np.arange(7.0), np.array([0.0, 10.0, 7.5, 5.0, 2.5, 0.0, 0.0])
    assert _crossings(t, v) == pytest.approx((0.05, 4.8))
    assert _crossings(t[1:5], v[1:5]) == (1.0, 4.0)  # nothing is known beyond the record
    assert _crossings(t[:5], v[:5]) == pytest.approx((0.05, 4.0))
