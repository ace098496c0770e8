"""Scores of forecasts against closed forms and a sum by hand; the population of rockets as flown against synthetic ones."""

import math

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.learning import (
    FlownRow,
    Forecast,
    as_flown,
    crps_normal,
    leave_one_out,
    public_flights,
    score_forecasts,
)


@pytest.mark.parametrize(("mean", "sigma", "value"), [(3.0, 0.7, 2.1), (-40.0, 12.0, -21.0), (5.0, 2.5, 5.3)])
def test_crps_is_the_integral_of_the_squared_difference(mean, sigma, value):
    """Its definition, summed on a fine grid."""
    x = np.linspace(mean - 12 * sigma, mean + 12 * sigma, 400_001)
    below = np.array([0.5 * math.erfc(-(t - mean) / (sigma * math.sqrt(2))) for t in x[::20]])
    gap = (below - (x[::20] >= value)) ** 2
    assert crps_normal(mean, sigma, value) == pytest.approx(np.trapezoid(gap, x[::20]), rel=2e-3)


def test_crps_of_a_single_number_is_its_error():
    assert crps_normal(7.0, 0.0, 4.5) == 2.5
    assert crps_normal(7.0, 1e-9, 4.5) == pytest.approx(2.5)
    with pytest.raises(InputError, match="zero or more"):
        crps_normal(0.0, -1.0, 0.0)


def test_scores_by_hand():
    """Three forecasts of 100 ± 10: 100 came, 110 came, 80 came."""
    f = Forecast(100.0, 10.0, (93.0, 107.0), (84.0, 116.0))
    s = score_forecasts([(f, 100.0), (f, 110.0), (f, 80.0)])
    assert s.held == (1, 2)
    assert s.bias == pytest.approx((0 + (100 / 110 - 1) + (100 / 80 - 1)) / 3)
    assert s.absolute == pytest.approx((0 + 1 - 100 / 110 + 100 / 80 - 1) / 3)
    assert s.spread == pytest.approx(math.sqrt((0 + 1 + 4) / 3))
    assert s.crps == pytest.approx(np.mean([crps_normal(100, 10, y) for y in (100.0, 110.0, 80.0)]))
    assert score_forecasts([]) is None
    with pytest.raises(InputError, match="above zero"):
        score_forecasts([(f, -3.0)])
    sure = Forecast(100.0, 0.0, (100.0, 100.0), (100.0, 100.0))
    assert [x.z for x in score_forecasts([(sure, 90.0), (sure, 100.0), (sure, 120.0)]).each] == [
        -math.inf,
        0.0,
        math.inf,
    ]


def _rockets(mean, spread, count, seed):
    """Rockets whose drag is off by exp(N(mean, spread)), each with a band of its own."""
    rng = np.random.default_rng(seed)
    out = []
    for k in range(count):
        sigma, response = rng.uniform(0.03, 0.06), -rng.uniform(0.2, 0.5)
        error = response * rng.normal(mean, spread) + rng.normal(0, sigma)
        out.append(FlownRow(f"r{k}", error, sigma, response))
    return out


def test_population_is_recovered():
    known = as_flown(_rockets(0.25, 0.12, 300, 5))
    assert known.mean == pytest.approx(0.25, abs=3 * known.error) and known.error < 0.03
    assert known.spread == pytest.approx(0.12, abs=0.05)


def test_of_nothing_the_prior_and_of_more_flights_a_surer_mean():
    nothing = as_flown([])
    assert nothing.mean == pytest.approx(0, abs=1e-12) and nothing.error == pytest.approx(0.2, rel=0.01)
    errors = [as_flown(_rockets(0.25, 0.12, n, 5)).error for n in (3, 12, 60)]
    assert nothing.error > errors[0] > errors[1] > errors[2]


def test_one_left_out_is_predicted_without_it():
    """A rocket that is far off moves the others' prediction of it by nothing, whatever it did; nor do its other flights."""
    rows = _rockets(0.2, 0.1, 8, 7)
    wild = FlownRow("wild", 0.9, 0.05, -0.3)
    a = leave_one_out([*rows, wild])[-1]
    b = leave_one_out([*rows, wild, FlownRow("wild", -0.5, 0.05, -0.3)])[-2]
    known = as_flown(rows)
    assert a == b == (0.9 + 0.3 * known.mean, math.hypot(0.05, 0.3 * known.sigma))


def test_public_flights_as_flown():
    """Left out one by one, the public flights' errors fall by a fifth and their bias to 2 %, in bands that hold five of six."""
    rows = public_flights()
    assert len(rows) == 6 and len({r.rocket for r in rows}) == 6
    known = as_flown()
    assert known.flights == 6 and 0.05 < known.mean < 0.3  # draggier than drawn, as 55 private flights have it too
    left = leave_one_out(rows)
    before, after = (np.array([math.expm1(-e) for e in x]) for x in ([r.error for r in rows], [e for e, _ in left]))
    assert np.abs(after).mean() < 0.82 * np.abs(before).mean()
    assert abs(after.mean()) < 0.025 < before.mean()
    z = np.array([e / s for e, s in left])
    assert 0.8 <= np.sqrt(np.mean(z**2)) <= 1.2
    assert (np.abs(z) < 1.645).sum() == 5


@pytest.mark.parametrize("bad", [{"error": math.nan}, {"sigma": 0.0}, {"response": 0.9}])
def test_rows_that_are_no_flight_are_refused(bad):
    with pytest.raises(InputError, match="no flight beside its prediction"):
        FlownRow(**{"rocket": "x", "error": 0.1, "sigma": 0.1, "response": -0.3} | bad)
