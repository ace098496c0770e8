"""Experiments against simulated truth: alarms where there is nothing, coverage of intervals, power, and the falls of the lot."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from downrange.design.experiments import (
    Trials,
    analyse_trials,
    analysed,
    anova_power,
    by_ranks,
    checked_all,
    drawn_order,
    groups_power,
    pairs_power,
    play,
    slope_power,
)
from downrange.design.experiments.checks import odd_ones
from downrange.design.experiments.ranks import midranks, permuted, signed_ranks, two_groups
from downrange.dispersion.repeats import group_of
from downrange.errors import InputError


def made(rng: np.random.Generator, n: int, means: tuple[float, ...], sigma: float, blocks: float | None) -> Trials:
    """`n` flights of each design; in blocks that share a day of spread `blocks`, or in none."""
    k = len(means)
    arm = np.tile(np.arange(k), n)
    block = np.repeat(np.arange(n), k) if blocks is not None else np.zeros(n * k, int)
    day = np.repeat(rng.normal(0, blocks or 0.0, n), k)
    values = 300 + np.array(means)[arm] + sigma * rng.standard_normal(n * k) + day
    names = tuple(f"design {j}" for j in range(k))
    return Trials(
        "apogee",
        "length",
        values,
        names,
        arm,
        tuple(f"flight {j}" for j in range(n * k)),
        block,
        tuple(map(str, range(n))),
    )


@pytest.mark.parametrize("blocks", [None, 40.0])
def test_alarms_and_coverage(blocks: float | None) -> None:
    """Of experiments without a difference one of twenty shows one; of all intervals nineteen of twenty hold the truth; what decides is chosen as always."""
    rng = np.random.default_rng(5)
    alarms = held = 0
    runs = 120
    for _ in range(runs):
        a = analyse_trials(made(rng, 7, (0.0, 0.0), 5.0, blocks))
        alarms += a.shown
        b = analysed(made(rng, 7, (0.0, 4.0), 5.0, blocks))
        held += b.interval[0] <= 4.0 <= b.interval[1]
    assert alarms / runs == pytest.approx(0.05, abs=3 * math.sqrt(0.05 * 0.95 / runs))
    assert held / runs == pytest.approx(0.95, abs=3 * math.sqrt(0.05 * 0.95 / runs))


def test_power_is_the_share_that_shows_it() -> None:
    rng = np.random.default_rng(6)
    runs, sigmas = 1500, (4.0, 7.0)
    pools = [sigmas[0] * rng.standard_normal(40_000), 6.0 + sigmas[1] * rng.standard_normal(40_000)]
    for n in (3, 8, 15):
        played = play(pools, n, experiments=runs, seed=n)
        assert played.power == pytest.approx(pairs_power(6.0, sigmas, n), abs=4 * played.error)
        assert np.mean((played.low <= 6.0) & (played.high >= 6.0)) == pytest.approx(0.95, abs=0.02)
    more = [5.0 * rng.standard_normal(40_000) + m for m in (0.0, 2.0, 5.0)]
    assert play(more, 9, experiments=runs).power == pytest.approx(anova_power((0, 2, 5), 5.0, 9), abs=0.04)
    doses = (1.0, 2.0, 4.0)
    line = [5.0 * rng.standard_normal(40_000) + 1.5 * x for x in doses]
    assert play(line, 9, experiments=runs, doses=doses).power == pytest.approx(
        slope_power(1.5, doses, 5.0, 9), abs=0.04
    )


def test_power_of_welch_is_the_share_that_shows_it() -> None:
    rng = np.random.default_rng(8)
    shown = 0
    for _ in range(150):
        values = np.concatenate([rng.normal(0, 4, 9), rng.normal(6, 7, 9)])
        t = Trials(
            "x", "length", values, ("a", "b"), np.repeat([0, 1], 9), tuple(map(str, range(18))), np.zeros(18, int)
        )
        shown += analysed(t).p < 0.05
    assert shown / 150 == pytest.approx(groups_power(6.0, (4.0, 7.0), 9), abs=0.12)


def test_blocks_take_out_the_day() -> None:
    """A day that shifts all flights of a block alike changes neither difference nor interval; without the blocks it drowns them."""
    calm, wild = (
        made(np.random.default_rng(1), 8, (0, 6), 3.0, 0.0),
        made(np.random.default_rng(1), 8, (0, 6), 3.0, 0.0),
    )
    day = np.repeat(np.linspace(-200, 300, 8), 2)
    wild = Trials("apogee", "length", wild.values + day, wild.names, wild.arm, wild.labels, wild.block, wild.blocks)
    assert analysed(wild).interval == pytest.approx(analysed(calm).interval, rel=1e-6)
    assert by_ranks(wild).p == by_ranks(calm).p
    loose = Trials("apogee", "length", wild.values, wild.names, wild.arm, wild.labels, np.zeros(16, int))
    assert analysed(loose).p > 0.5 > analysed(wild).p


def test_pairs_are_blocks_of_two() -> None:
    """The additive model of design and block is the paired test where each block has one of each."""
    t = made(np.random.default_rng(3), 6, (0, 5), 4.0, 20.0)
    three = made(np.random.default_rng(3), 6, (0, 5, 5), 4.0, 20.0)
    paired = analysed(t)
    from downrange.design.experiments.inference import _within_blocks

    additive = _within_blocks(t, 0.05)
    assert (additive.value, additive.p) == pytest.approx((paired.value, paired.p), rel=1e-9)
    assert analysed(three).freedom == (2, 10)


def test_exact_ranks_count_every_fall_of_the_lot() -> None:
    d = np.array([1.5, -0.5, 2.0, 2.0, 0.5, -3.0])
    ranks = midranks(np.abs(d)) / 2
    sums = np.array([np.dot(ranks, s) for s in itertools.product((0, 1), repeat=6)])
    seen, p = signed_ranks(d)
    assert seen == np.dot(ranks, d > 0)
    assert p == pytest.approx(np.mean(np.abs(sums - sums.mean()) >= abs(seen - sums.mean()) - 1e-9))
    a, b = np.array([1.0, 2.0, 2.0]), np.array([2.0, 3.0, 5.0, 5.0])
    every = midranks(np.concatenate([a, b])) / 2
    totals = np.array([every[list(c)].sum() for c in itertools.combinations(range(7), 4)])
    u, p = two_groups(a, b)
    assert u == np.sum(b[:, None] > a) + 0.5 * np.sum(b[:, None] == a)
    assert p == pytest.approx(np.mean(np.abs(totals - totals.mean()) >= abs(every[3:].sum() - totals.mean()) - 1e-9))


def test_many_flights_by_ranks_are_close_to_exact() -> None:
    from scipy.stats import mannwhitneyu

    rng = np.random.default_rng(2)
    a, b = rng.normal(0, 1, 70), rng.normal(0.4, 1, 65)
    assert two_groups(a, b)[1] == pytest.approx(mannwhitneyu(b, a, method="asymptotic").pvalue, rel=0.03)


def test_permuted_labels_stay_in_their_blocks() -> None:
    labels, blocks = np.array([0, 1, 2, 2, 0, 1]), np.array([4, 4, 4, 9, 9, 9])
    drawn = []
    permuted(lambda x: (drawn.append(x), np.ones(len(x)))[1], labels, blocks)
    assert np.all(np.sort(drawn[1][:, :3], axis=1) == [0, 1, 2])
    assert np.all(np.sort(drawn[1][:, 3:], axis=1) == [0, 1, 2])
    assert len({tuple(r) for r in drawn[1]}) == 36


def test_the_lot_is_fair() -> None:
    for blocks in (5, 8):
        order = drawn_order(2, blocks, seed=3)
        assert all(sorted(b) == [0, 1] for b in order)
        assert abs(sum(b[0] for b in order) - blocks / 2) <= 0.5
    assert all(sorted(b) == [0, 1, 2] for b in drawn_order(3, 9, seed=1))
    assert drawn_order(3, 9, seed=1) != drawn_order(3, 9, seed=2)
    assert drawn_order(2, 6, seed=4) == drawn_order(2, 6, seed=4)
    assert {drawn_order(2, 5, seed=k)[0] for k in range(20)} == {(0, 1), (1, 0)}


def test_an_odd_flight_is_named_and_kept() -> None:
    t = made(np.random.default_rng(1), 9, (0, 3), 2.0, None)
    values = t.values.copy()
    values[5] += 80
    t = Trials("apogee", "length", values, t.names, t.arm, t.labels, t.block, t.blocks)
    odd = next(x for x in checked_all(t) if x.name == "odd flights")
    assert odd.flights == ("flight 5",)
    assert analyse_trials(t).trials.values.size == 18
    assert analyse_trials(t).decides.test == "Mann and Whitney's test"  # such a scatter is no bell curve


def test_an_order_that_was_not_kept_is_said() -> None:
    t = made(np.random.default_rng(1), 6, (0, 3), 2.0, None)
    all_first = Trials(
        "a",
        "length",
        t.values,
        t.names,
        t.arm,
        t.labels,
        t.block,
        t.blocks,
        order=np.argsort(np.argsort(t.arm, kind="stable")).astype(float),
    )
    assert "came first" in next(x.words for x in checked_all(all_first) if x.name == "order")
    order = np.arange(12.0)
    order[[3, 4]] = order[[4, 3]]
    swapped = Trials(
        "a", "length", t.values, t.names, t.arm, t.labels, t.block, t.blocks, order=order, planned=np.arange(12.0)
    )
    told = next(x for x in checked_all(swapped) if x.name == "order")
    assert told.holds is False and told.flights == ("flight 3",)


def test_odd_is_more_than_three_and_a_half_robust_deviations() -> None:
    near = np.array([-3.0, -1.0, -1.0, 0.0, 1.0, 1.0, 5.1])  # median distance 1, so that 3.5 of 1 / 0.6745 is 5.19
    assert not odd_ones(near).any()
    assert odd_ones(np.array([*near[:-1], 5.3])).tolist() == [False] * 6 + [True]


def test_scatter_is_that_of_single_flights() -> None:
    for blocks in (None, 40.0):
        a = analyse_trials(made(np.random.default_rng(9), 200, (0.0, 4.0), 3.0, blocks))
        assert a.scatter == pytest.approx(3.0, rel=0.1)
        assert a.smallest == pytest.approx(2.80 * 3.0 * math.sqrt(2 / 200), rel=0.12)  # 1.96 + 0.84 standard errors


def test_an_interval_that_leaves_what_matters_on_one_side_is_not_smaller() -> None:
    a = analyse_trials(made(np.random.default_rng(4), 8, (0.0, 4.0), 1.5, 5.0), matters=5.0)
    low, high = a.decides.interval
    assert 0 < low < 5.0 < high and a.answer == "shown"


def test_smaller_than_what_matters() -> None:
    t = made(np.random.default_rng(4), 20, (0.0, 0.5), 1.0, 5.0)
    assert analyse_trials(t, matters=5.0).answer == "smaller than what matters"
    assert analyse_trials(t, matters=0.2).answer != "smaller than what matters"


@pytest.mark.parametrize(
    ("names", "arm", "words"),
    [(("only",), [0, 0, 0], "all flights are of one design"), (("a", "b"), [0, 0, 1], "a single flight")],
)
def test_what_cannot_be_compared_is_refused(names: tuple[str, ...], arm: list[int], words: str) -> None:
    t = Trials("apogee", "length", np.array([3.0, 4.0, 6.0]), names, np.array(arm), ("1", "2", "3"), np.zeros(3, int))
    with pytest.raises(InputError, match=words):
        analyse_trials(t)


def test_whose_each_input_is() -> None:
    assert [group_of(n) for n in ("thrust.booster", "drag", "unsaid.finish", "weather.wind.speed", "weather.pressure", "rocket.stages[1].parts[0].mass")] == [
        "flight", "rocket", "rocket", "flight", "day", "rocket",
    ]  # fmt: skip
    assert group_of("something new") == "flight"  # more flights, never fewer
