"""Risk formulas against printed figures, closed forms and limits."""

import numpy as np
import pytest

from downrange.dispersion import parse_goal, probability, quantile, weighted_mean
from downrange.errors import InputError
from downrange.failures import mode_probabilities
from downrange.failures.modes import MODES, NOMINAL, make_mode
from downrange.safety import (
    casualty_area,
    density,
    disc_probability,
    ellipse,
    ellipse_factor,
    reentry_casualty_area,
)
from downrange.safety.risk import Lethality


@pytest.mark.parametrize(
    ("p", "k"),
    [(0.5, 1.1774), (0.6827, 1.5152), (0.9, 2.1460), (0.95, 2.4477), (0.97, 2.6482), (0.99, 3.0349), (0.997, 3.4086), (0.9999, 4.2919)],
)  # fmt: skip
def test_ellipse_factors(p, k):
    """Printed factors of the bivariate normal; 68.27 % is rounded, so the last digit may differ there."""
    assert ellipse_factor(p) == pytest.approx(k, abs=6e-5)


@pytest.mark.parametrize(("k", "held"), [(1, 0.3935), (2, 0.8647), (3, 0.9889)])
def test_sigma_ellipses_hold_less_than_one_dimension(k, held):
    assert 1 - np.exp(-k * k / 2) == pytest.approx(held, abs=5e-5)
    assert ellipse_factor(1 - np.exp(-k * k / 2)) == pytest.approx(k)


def test_disc():
    """sx 200, sy 100, a disc of 30 m at (250, 50): exact and by the density at its centre."""
    exact = disc_probability((200.0, 100.0), 30.0, (250.0, 50.0))
    assert exact == pytest.approx(0.0090289, abs=5e-8)
    point = np.pi * 30**2 * np.exp(-0.5 * ((250 / 200) ** 2 + (50 / 100) ** 2)) / (2 * np.pi * 200 * 100)
    assert point == pytest.approx(0.0090908, abs=5e-8)


@pytest.mark.parametrize(
    ("fragment", "angle", "area"), [(0.05, 90, 0.385), (0.05, 60, 1.112), (0.08, 75, 0.820), (0.5, 80, 2.518)]
)
def test_casualty_area(fragment, angle, area):
    assert casualty_area(fragment, np.radians(angle)) == pytest.approx(area, abs=5e-4)


def test_casualty_area_grows_as_the_path_flattens():
    angles = np.radians([90, 60, 35, 10])
    assert np.all(np.diff(casualty_area(0.05, angles)) > 0)


def test_reentry_form():
    assert reentry_casualty_area(np.pi * 0.05**2) == pytest.approx(0.474, abs=5e-4)


def test_lethality_between_its_bounds():
    law = Lethality()
    assert law(np.array([1.0, 14.9, 101.7, 1e5])) == pytest.approx([0, 0, 1, 1])
    assert law(np.array([np.sqrt(14.9 * 101.7)])) == pytest.approx([0.5])


def test_rule_of_three():
    """No hit in n flights of one mode: 95 % bound 2.996 / n; of several, by the largest weight."""
    n = 10_000
    e = probability(np.zeros(n, bool), np.zeros(n, int), np.ones(1))
    assert (e.value, e.error) == (0.0, 0.0)
    assert e.upper == pytest.approx(-np.log(0.05) / n, rel=1e-6)
    mode = np.repeat([0, 1], [5000, 200])
    e = probability(np.zeros(5200, bool), mode, np.array([0.9, 0.1]))
    assert e.upper == pytest.approx(-np.log(0.05) * 0.1 / 200, rel=1e-6)


def test_probability_covers_the_truth():
    """A rare event in a rare mode, 400 times: the bound misses in about one of twenty, the error is that of the spread."""
    rng = np.random.default_rng(5)
    mode, p = np.repeat([0, 1], [4000, 1000]), np.array([0.97, 0.03])
    rate = np.array([0.001, 0.05])
    truth = float(p @ rate)
    found = [probability(rng.random(mode.size) < rate[mode], mode, p) for _ in range(400)]
    assert np.mean([e.value for e in found]) == pytest.approx(truth, rel=0.03)
    assert np.std([e.value for e in found]) == pytest.approx(np.mean([e.error for e in found]), rel=0.15)
    missed = np.mean([e.upper < truth for e in found])
    assert 0.01 < missed < 0.08


def test_quantile_and_mean_of_a_mixture():
    """Two modes with known distributions, sampled out of proportion."""
    rng = np.random.default_rng(2)
    x = np.concatenate([rng.normal(0, 1, 20_000), rng.normal(10, 2, 20_000)])
    mode, p = np.repeat([0, 1], 20_000), np.array([0.8, 0.2])
    m = weighted_mean(x, mode, p)
    assert abs(m.value - 2.0) < 4 * m.error
    assert m.error == pytest.approx(np.sqrt((0.8**2 * 1 + 0.2**2 * 4) / 20_000), rel=0.05)
    q = quantile(x, mode, p, 0.9)  # half of the second mode lies above its mean of 10: 0.8 + 0.1
    assert abs(q.value - 10.0) < 4 * q.error
    assert 0 < q.error < 0.1


def test_goal():
    g = parse_goal("landing P95 ± 5 m")
    assert (g.column, g.level, g.error) == ("landing_distance_m", 0.95, 5.0)
    assert parse_goal("apogee mean +/- 10 ft").error == pytest.approx(3.048)
    for wrong in ("landing", "colour P95 ± 1 m", "landing P0 ± 1 m", "landing P95 ± 0 m"):
        with pytest.raises(InputError):
            parse_goal(wrong)


def test_ellipse_says_what_it_holds():
    rng = np.random.default_rng(1)
    normal = rng.normal(size=(40_000, 2)) * [300, 100] + [50, -20]
    e = ellipse(normal, np.ones(len(normal)), 0.9)
    assert e.holds == pytest.approx(0.9, abs=0.006)
    assert e.axes == pytest.approx((300 * 2.146, 100 * 2.146), rel=0.02)
    assert abs(np.sin(e.azimuth)) == pytest.approx(1, abs=0.01)  # the long axis lies east and west
    ring = np.stack([np.cos(a := rng.uniform(0, 7, 20_000)), np.sin(a)], axis=1) * 500
    assert ellipse(ring, np.ones(len(ring)), 0.5).holds < 0.01  # a ring: the ellipse that claims half holds nothing


def test_density_keeps_mass_and_levels():
    """Against a bivariate normal: area of the smallest region with a share s is -2π σx σy ln(1 - s)."""
    rng = np.random.default_rng(3)
    sx, sy = 200.0, 80.0
    points = rng.normal(size=(60_000, 2)) * [sx, sy]
    d = density(points, np.full(len(points), 1 / len(points)), half=1200.0, cell=8.0, centre=(0.0, 0.0))
    assert d.inside == pytest.approx(1.0, abs=1e-6)
    for share in (0.5, 0.9, 0.99):
        assert d.area(share) == pytest.approx(-2 * np.pi * sx * sy * np.log(1 - share), rel=0.12)
    inside = d.at(points) >= d.level(0.9)
    assert inside.mean() == pytest.approx(0.9, abs=0.01)


def test_priors_and_a_record():
    """Dirichlet: prior counts of 50 flights, and a record of 30 with two of them ballistic."""
    made = {m.mode.name: m for m in mode_probabilities(MODES, record={"no deployment": 2}, flights=30)}
    assert sum(m.probability for m in made.values()) == pytest.approx(1)
    ballistic = made["no deployment"]
    assert ballistic.probability == pytest.approx((50 * 0.03 + 2) / 80)
    assert made[NOMINAL].probability == pytest.approx((50 * made[NOMINAL].prior + 28) / 80)
    from scipy.stats import beta

    assert (ballistic.low, ballistic.high) == pytest.approx(beta.ppf([0.05, 0.95], 3.5, 76.5))
    assert made["fin loss"].source == "prior, not data"
    assert mode_probabilities(MODES, stated={"fin loss": 0.2})[-3].source == "yours"


def test_bad_probabilities_are_refused():
    with pytest.raises(InputError, match="more than one"):
        mode_probabilities(MODES, stated={"no deployment": 0.6, "fin loss": 0.6})
    with pytest.raises(InputError, match="between 0 and 1"):
        mode_probabilities(MODES, stated={"no deployment": -0.1})
    with pytest.raises(InputError, match="did you mean 'no deployment'"):
        mode_probabilities(MODES, stated={"no deploymnt": 0.1})
    with pytest.raises(InputError, match="5 failures in 4 flights"):
        mode_probabilities(MODES, record={"no deployment": 5}, flights=4)
    with pytest.raises(InputError, match="unknown change"):
        make_mode("mine", 0.1, ("explodes",))
    with pytest.raises(InputError, match="only one change"):
        make_mode("mine", 0.1, ("loses fin", "motor bursts"))
