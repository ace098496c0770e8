"""Tests of experiments against data sets whose analysis is published, and powers against Cohen's tables.

* Student's sleep (Biometrika 6 (1908), p. 20) and PlantGrowth (Dobson 1983), as R 4 documents and prints them: `t.test`, `oneway.test`, `kruskal.test`.
* cars (Ezekiel 1930), R's `lm(dist ~ speed)`.
* J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd ed. (1988): n for a power of 0.80 at 0.05, two sides.
"""

from __future__ import annotations

import numpy as np
import pytest

from downrange.design.experiments import (
    Trials,
    analyse_trials,
    analysed,
    anova_power,
    by_ranks,
    flights_needed,
    groups_power,
    holm,
    pairs_power,
    slope_power,
)

FIRST = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SECOND = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
PLANTS = (
    np.array([4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14]),
    np.array([4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69]),
    np.array([6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26]),
)
SPEED = np.repeat(
    [4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24, 25],
    [2, 2, 1, 1, 3, 2, 4, 4, 4, 3, 2, 3, 4, 3, 5, 1, 1, 4, 1],
)
DISTANCE = [2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36, 60, 80, 20, 26, 54, 32, 40, 32, 40, 50, 42, 56, 76, 84, 36, 46, 68,
            32, 48, 52, 56, 64, 66, 54, 70, 92, 93, 120, 85]  # fmt: skip


def trials(*groups: np.ndarray, paired: bool = False) -> Trials:
    values = np.concatenate(groups)
    arm = np.repeat(np.arange(len(groups)), [g.size for g in groups])
    block = np.concatenate([np.arange(g.size) for g in groups]) if paired else np.zeros(values.size, int)
    names = tuple("ABC"[: len(groups)])
    return Trials(
        "sleep",
        "time",
        values,
        names,
        arm,
        tuple(f"flight {k}" for k in range(values.size)),
        block,
        tuple(map(str, range(1, block.max() + 2))),
    )


def test_pairs_are_those_of_student() -> None:
    found = analysed(trials(FIRST, SECOND, paired=True))
    assert (found.value, found.freedom[0], found.p) == pytest.approx((4.0621, 9, 0.002833), rel=2e-4)
    assert (found.estimate, *found.interval) == pytest.approx((1.58, 0.7001142, 2.4598858), rel=1e-6)


def test_groups_are_those_of_welch() -> None:
    found = analysed(trials(FIRST, SECOND))
    assert (found.value, found.freedom[0], found.p) == pytest.approx((1.8608, 17.776, 0.07939), rel=2e-4)
    assert found.interval == pytest.approx((-0.2054832, 3.3654832), rel=1e-6)


def test_ranks_of_groups_with_ties_are_exact() -> None:
    # The exact conditional p with midranks, as R's coin prints it for these data: 0.06582.
    assert by_ranks(trials(FIRST, SECOND)).p == pytest.approx(0.06582, rel=1e-4)


def test_ranks_of_pairs() -> None:
    found = by_ranks(trials(FIRST, SECOND, paired=True))
    assert (found.value, found.p) == (45.0, 2 / 2**9)  # all nine that are not zero are positive


def test_shifts_are_those_of_hollander_and_wolfe() -> None:
    """M. Hollander, D. A. Wolfe, Nonparametric Statistical Methods (1973): table 3.1 (depression), p. 29 ff., table 4.1 (permeability), p. 69 ff."""
    x = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
    y = np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])
    found = by_ranks(trials(x, y, paired=True), level=0.04)
    assert (found.value, found.p) == pytest.approx((5, 2 * 0.01953), rel=1e-3)
    assert (found.estimate, *found.interval) == pytest.approx((-0.46, -0.786, -0.010), abs=1e-9)
    x = np.array([0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46])
    y = np.array([1.15, 0.88, 0.90, 0.74, 1.21])
    found = by_ranks(trials(x, y), level=0.05)
    assert found.value == 50 - 35 and found.p == pytest.approx(2 * 0.1272, rel=1e-3)
    assert (found.estimate, *found.interval) == pytest.approx((-0.305, -0.76, 0.15), abs=1e-9)


def test_one_way_is_that_of_r() -> None:
    found = analysed(trials(*PLANTS))
    assert (found.value, *found.freedom, found.p) == pytest.approx((4.8461, 2, 27, 0.01591), rel=2e-4)
    welch = analysed(trials(*PLANTS), equal=False)
    assert (welch.value, welch.freedom[1], welch.p) == pytest.approx((5.181, 17.128, 0.01739), rel=3e-4)
    assert found.effect == pytest.approx(3.76634 / (3.76634 + 10.49209), rel=1e-5)


def test_kruskal_statistic_is_that_of_r() -> None:
    found = by_ranks(trials(*PLANTS))
    assert found.value == pytest.approx(7.9882, rel=1e-5)
    assert found.p == pytest.approx(0.01842, abs=0.006)  # R's is the chi-square's; ours counts falls of the lot


def test_a_line_is_that_of_r() -> None:
    y = np.array(DISTANCE, float)
    t = Trials(
        "distance",
        "number",
        y,
        ("a", "b"),
        np.zeros(50, int),
        tuple(map(str, range(50))),
        np.zeros(50, int),
        dose=SPEED.astype(float),
    )
    found = analysed(t)
    assert (found.estimate, found.value, found.p) == pytest.approx((3.9324, 9.464, 1.49e-12), rel=4e-3)
    assert found.interval == pytest.approx((3.096964, 4.767853), rel=1e-5)
    assert found.effect == pytest.approx(0.6511, abs=1e-4)


def test_tests_agree_with_scipy_on_other_numbers() -> None:
    from scipy import stats

    rng = np.random.default_rng(7)
    a, b = rng.normal(300, 9, 8), rng.normal(308, 15, 8)
    paired, welch = stats.ttest_rel(b, a), stats.ttest_ind(b, a, equal_var=False)
    assert analysed(trials(a, b, paired=True)).p == pytest.approx(paired.pvalue, rel=1e-9)
    assert analysed(trials(a, b)).interval == pytest.approx(tuple(welch.confidence_interval()), rel=1e-9)
    assert by_ranks(trials(a, b, paired=True)).p == pytest.approx(
        stats.wilcoxon(b - a, method="exact").pvalue, rel=1e-9
    )
    assert by_ranks(trials(a, b)).p == pytest.approx(stats.mannwhitneyu(b, a, method="exact").pvalue, rel=1e-9)


def test_a_standardised_effect_and_its_interval() -> None:
    # Noncentral t by hand: at the ends of the interval the t that was seen has 2.5 % on its far side.
    from scipy.stats import nct

    found = analysed(trials(FIRST, SECOND, paired=True))
    j = 1 - 3 / (4 * 9 - 1)  # Hedges' own approximation of J
    assert found.effect == pytest.approx(j * 1.58 / np.std(SECOND - FIRST, ddof=1), rel=2e-3)
    low, high = (x / found.effect * 4.062128 for x in found.effect_interval)
    assert nct.sf(4.062128, 9, low) == pytest.approx(0.025, abs=1e-4)
    assert nct.cdf(4.062128, 9, high) == pytest.approx(0.025, abs=1e-4)


@pytest.mark.parametrize(("d", "n"), [(0.2, 393), (0.5, 64), (0.8, 26)])
def test_power_of_groups_is_cohens(d: float, n: int) -> None:
    # Table 2.4.1; of small d his n is by an approximation, one less than the exact one.
    assert flights_needed(lambda k: groups_power(d, (1.0, 1.0), k), 0.80) == pytest.approx(n, abs=1)


def test_power_of_pairs() -> None:
    # d of the differences; 34 and 15 pairs are what G*Power 3.1 prints for 0.5 and 0.8.
    half = 0.5**0.5
    assert flights_needed(lambda k: pairs_power(0.5, (half, half), k), 0.80) == 34
    assert flights_needed(lambda k: pairs_power(0.8, (half, half), k), 0.80) == 15


def test_power_of_several_designs_is_cohens() -> None:
    # Table 8.4.4: f = 0.25, four groups, 0.80 at 0.05: 45 of each.
    means = np.array([-1, -1, 1, 1]) * 0.25
    assert flights_needed(lambda k: anova_power(means.tolist(), 1.0, k, blocked=False), 0.80) == 45


def test_power_of_a_slope_of_two_doses_is_that_of_the_difference() -> None:
    # A line through two doses in blocks is the paired test: same freedom, same noncentrality.
    assert slope_power(5.0, (0.0, 2.0), 6.0, 7) == pytest.approx(pairs_power(10.0, (6.0, 6.0), 7), rel=1e-9)


def test_holm() -> None:
    assert holm((0.01, 0.04, 0.03)) == pytest.approx((0.03, 0.06, 0.06))


def test_the_answer_of_student() -> None:
    found = analyse_trials(trials(FIRST, SECOND, paired=True))
    assert found.answer == "shown"
    assert found.decides is found.by_rank  # Shapiro and Wilk: p = 0.033
