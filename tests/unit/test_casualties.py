"""Casualty figures and their bounds against numbers worked out by hand, on campaigns made up for it."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2
from shapely.geometry import Point, box

from downrange.dispersion import Campaign, expectation
from downrange.earth import Pad
from downrange.errors import InputError
from downrange.failures import mode_probabilities
from downrange.failures.modes import MODES
from downrange.report.safety import at_most, casualty_words, risk_summary
from downrange.safety import Fact, Ground, Limit, Pack, Rule, Shape, Verdict, answer, assess
from downrange.safety.ground import PeopleMap

PAD = Pad(math.radians(39.4), math.radians(-8.3), 160.0)
LN20 = -math.log(0.05)  # 2.9957: the rule of three
STEEP = math.pi * (0.3 + 0.05) ** 2  # m2: 0.1 m across, straight down


def campaign(counts, p, at, *, energy=1e4, angle=90.0, across=0.1) -> Campaign:
    """Flights of modes with `counts` and probabilities `p`; each lands once, at `at` (n, 2)."""
    n = sum(counts)
    modes = mode_probabilities(MODES)[: len(counts)]
    columns = {
        "flight": np.arange(n), "mode": np.repeat(np.arange(len(counts)), counts), "body": np.zeros(n, int), "result": np.zeros(n, int),
        "landing_east_m": np.broadcast_to(at, (n, 2))[:, 0] * 1.0, "landing_north_m": np.broadcast_to(at, (n, 2))[:, 1] * 1.0,
        "landing_angle_deg": np.full(n, angle), "landing_energy_j": np.full(n, energy), "landing_across_m": np.full(n, across),
        "apogee_agl_m": np.full(n, 900.0),
    }  # fmt: skip
    columns["landing_distance_m"] = np.hypot(columns["landing_east_m"], columns["landing_north_m"])
    chosen = tuple(replace(m, probability=q) for m, q in zip(modes, p, strict=True))
    return Campaign(columns, chosen, ("rocket",), PAD)


CROWD = Ground((Shape("crowd", "crowd", box(0, 0, 100, 100), people=100),))  # 0.01 to a square metre


def test_no_hit_of_400_flights_is_not_a_bound_of_zero():
    """Rule of three times casualty area times people to an area; 'one in' is what 400 flights can show, and no more."""
    risk = assess(campaign([400], [1.0], (500.0, 0.0)), CROWD, diameter=0.1)
    assert risk.casualties == 0
    assert risk.casualties_upper == pytest.approx(LN20 / 400 * STEEP * 0.01, rel=1e-9)  # 2.88e-5
    assert risk.places[0].casualties_upper == pytest.approx(risk.casualties_upper)
    assert risk.places[0].individual_upper == pytest.approx(LN20 / 400 * STEEP / 1e4, rel=1e-9)
    words = casualty_words(risk)
    assert "None of 400 flights" in words and "at most 2.9e-05, one in 34,000 launches at worst" in words


def test_the_bound_over_a_map_of_people_is_not_its_estimate():
    """Everybody lands among 0.002 people to a square metre: the estimate is exact, the bound that of 400 counts."""
    flown = campaign([400], [1.0], (10.0, 20.0))
    risk = assess(flown, Ground(people=PeopleMap(50.0, np.full((40, 40), 0.002))), diameter=0.1)
    assert risk.casualties == pytest.approx(STEEP * 0.002, rel=1e-9)
    # A flight more could bring no more than each of these did: the 95 % bound of a Poisson mean after 400 events.
    assert risk.casualties_upper == pytest.approx(chi2.ppf(0.95, 2 * 401) / 800 * STEEP * 0.002, rel=1e-6)
    half = np.where(np.arange(400)[:, None] % 2 == 0, [10.0, 20.0], [10.0, 5000.0])  # every other lands beyond the map
    risk = assess(campaign([400], [1.0], half), Ground(people=PeopleMap(50.0, np.full((40, 40), 0.002))), diameter=0.1)
    assert risk.casualties == pytest.approx(0.5 * STEEP * 0.002, rel=1e-9)
    assert risk.casualties_upper == pytest.approx(chi2.ppf(0.95, 2 * 201) / 800 * STEEP * 0.002, rel=1e-6)
    assert risk.expected.error == pytest.approx(0.5 / math.sqrt(399) * STEEP * 0.002, rel=1e-6)
    nobody = assess(
        campaign([400], [1.0], (10.0, 20.0)), Ground(people=PeopleMap(50.0, np.zeros((40, 40)))), diameter=0.1
    )
    assert nobody.casualties == nobody.casualties_upper == 0  # nobody is there, and that is said by the map
    assert "one in" not in casualty_words(nobody)


def test_a_rare_mode_flown_30_times_counts_in_the_bound():
    """p = 1e-3 flown 30 times: each of them stands for 3.3e-5 of all launches, those of the nominal for 1e-5."""
    flown = campaign([99_900, 30], [0.999, 1e-3], (500.0, 0.0))
    risk = assess(flown, CROWD, diameter=0.1)
    assert risk.places[0].impact.upper == pytest.approx(LN20 * 1e-3 / 30, rel=1e-9)
    assert risk.casualties_upper == pytest.approx(LN20 * 1e-3 / 30 * STEEP * 0.01, rel=1e-9)


def test_a_mode_that_was_not_flown_may_do_all_it_could():
    x, mode, p = np.zeros(1000), np.zeros(1000, int), np.array([0.9, 0.1])
    e = expectation(x, mode, p, np.array([2.0, 5.0]))
    assert e.upper == pytest.approx(0.9 * LN20 / 1000 * 2.0 + 0.1 * 5.0)


def test_strata_weigh_what_they_are():
    """Ten of 50 flights of a mode of 2 % hit, none of 950 of the rest: 0.02 × 10 / 50."""
    at = np.full((1000, 2), 500.0)
    at[950:960] = 50.0
    risk = assess(campaign([950, 50], [0.98, 0.02], at), CROWD, diameter=0.1)
    (place,) = risk.places
    assert place.impact.value == pytest.approx(0.02 * 10 / 50, rel=1e-12)
    assert place.by_mode == pytest.approx((0.0, 0.004))
    assert place.casualties == pytest.approx(0.004 * STEEP * 0.01, rel=1e-12)
    assert place.impact.error == pytest.approx(0.02 * math.sqrt(0.2 * 0.8 / 50))
    # Fay & Feuer by hand: ten events of 4e-4, one more of at most 0.98 / 950.
    w = max(0.98 / 950, 4e-4)
    y, v = 0.004 + w, 10 * 4e-4**2 + w**2
    assert place.impact.upper == pytest.approx(v / (2 * y) * chi2.ppf(0.95, 2 * y**2 / v), rel=1e-9)


def test_the_bound_covers_the_truth():
    """Consequences of very different size in a common and a rare mode: the bound misses at most one time in twenty."""
    rng = np.random.default_rng(11)
    mode, p = np.repeat([0, 1], [3000, 300]), np.array([0.98, 0.02])
    rate, size = np.array([0.0005, 0.03]), np.array([1.0, 8.0])
    truth = float(p @ (rate * size * 0.5))
    found = []
    for _ in range(600):
        hit = rng.random(mode.size) < rate[mode]
        found.append(expectation(hit * rng.random(mode.size) * size[mode], mode, p, size))
    assert np.mean([e.value for e in found]) == pytest.approx(truth, rel=0.1)
    assert np.mean([e.upper < truth for e in found]) < 0.05


def test_what_tumbles_hits_with_its_length():
    """A tube of 2.4 m across its path: π 1.5² m2, and twice 1.5 m times 1.8 m of a person where it comes in at 45 degrees."""
    risk = assess(campaign([100], [1.0], (50.0, 50.0), across=2.4), CROWD, diameter=0.1)
    assert risk.casualties == pytest.approx(math.pi * 1.5**2 * 0.01, rel=1e-9)
    flat = assess(campaign([100], [1.0], (50.0, 50.0), across=2.4, angle=45.0), CROWD, diameter=0.1)
    assert flat.casualties == pytest.approx((math.pi * 1.5**2 + 2 * 1.5 * 1.8) * 0.01, rel=1e-9)


def test_a_light_thing_hurts_nobody_but_leaves_a_bound():
    """2 J on everybody's head: no casualty, but one flight in 133 that were not seen might come down hard."""
    risk = assess(campaign([400], [1.0], (50.0, 50.0), energy=2.0), CROWD, diameter=0.1)
    assert risk.casualties == 0 and risk.casualties_upper == pytest.approx(LN20 / 400 * STEEP * 0.01)


def test_a_roof_and_overlapping_places():
    """Sheltered people do not count; where two crowds overlap a hit finds both."""
    roof = Ground((replace(CROWD.shapes[0], shelter=0.75),))
    flown = campaign([100], [1.0], (50.0, 50.0))
    assert assess(flown, roof, diameter=0.1).casualties == pytest.approx(STEEP * 0.0025)
    both = Ground((*CROWD.shapes, Shape("stand", "crowd", box(40, 40, 60, 60), people=40)))
    assert assess(flown, both, diameter=0.1).casualties == pytest.approx(STEEP * 0.11)
    away = assess(campaign([100], [1.0], (500.0, 0.0)), both, diameter=0.1)
    assert away.casualties_upper == pytest.approx(LN20 / 100 * STEEP * 0.11)


def test_individual_risk_is_that_of_the_worst_spot():
    """Landings within 20 m of one corner of a square kilometre: there, not spread over the whole of it."""
    rng = np.random.default_rng(8)
    at = rng.normal(0, 20.0, (4000, 2))
    wide = Ground((Shape("field", "crowd", box(-500, -500, 500, 500), people=50),))
    (place,) = assess(campaign([4000], [1.0], at), wide, diameter=0.1).places
    smooth = 20.0**2 * (1 + 4000 ** (-1 / 3))  # the kernel's own width, n^(-1/6) of the spread
    assert place.individual == pytest.approx(STEEP / (2 * math.pi * smooth), rel=0.08)
    assert place.individual > 300 * place.casualties / 50
    assert place.individual_upper > place.individual


def test_who_names_no_people_gets_no_number():
    risk = assess(campaign([100], [1.0], (5.0, 5.0)), Ground((Shape("field", "field", box(0, 0, 9, 9)),)), diameter=0.1)
    assert risk.expected is None and risk_summary(risk)["expected_casualties"] is None and casualty_words(risk) == ""


def test_a_bound_is_rounded_up_to_two_digits():
    assert [at_most(x) for x in (2.881e-5, 0.0300, 0.0301, 1.0, 0.0)] == [2.9e-5, 0.030, 0.031, 1.0, 0.0]


@pytest.mark.parametrize(
    ("people", "match"), [(-1e6, "between 0 and"), (-1, "between 0 and"), (math.nan, "between 0 and"), (1e8, "between 0 and"), (5e5, "to a square metre")]
)  # fmt: skip
def test_people_that_cannot_be(people, match):
    with pytest.raises(InputError, match=match):
        Shape("crowd", "crowd", box(0, 0, 100, 100), people=people)


@pytest.mark.parametrize("worst", [-1e-3, 11.0, math.nan, math.inf])
def test_maps_of_people_that_cannot_be(worst):
    density = np.full((4, 4), 1e-3)
    density[1, 2] = worst
    with pytest.raises(InputError, match="people to a square metre"):
        PeopleMap(50.0, density)


@pytest.mark.parametrize("row", ["39.4,-8.29,-4", "39.4,-8.29,1e9"])
def test_population_rows_that_cannot_be(tmp_path, row):
    from downrange.project.ground import _population

    (tmp_path / "p.csv").write_text(f"latitude_deg,longitude_deg,people\n39.41,-8.28,3\n{row}\n")
    with pytest.raises(InputError, match="row 2: people lies between 0 and"):
        list(_population(tmp_path / "p.csv", PAD))


def test_a_share_that_too_few_flights_show_is_left_open():
    """'At least 99 %' of 100 flights that all did: their lower bound is 97 %."""
    rule = Rule("r", "Rule", "inside", "number", "at least", Limit(0.99), "source")
    packs = (Pack("p", "P", "A", "E", "S", (rule,)),)
    (few,) = answer(packs, {"inside": Fact(1.0, "number", lower=1 - LN20 / 100)})
    assert few.verdict is Verdict.OPEN and "3 times as many" in few.note
    (many,) = answer(packs, {"inside": Fact(1.0, "number", lower=1 - LN20 / 400)})
    assert many.verdict is Verdict.PASS


def test_without_a_record_the_posterior_is_the_prior():
    """To the last bit, whatever the strength; and where modes cannot happen, nominal takes prior and posterior alike."""
    from downrange.failures import without

    for strength in (0.3, 7.0, 50.0, 1e5):
        made = mode_probabilities(MODES, strength=strength, stated={"fin loss": 0.0137})
        assert all(m.prior == m.probability for m in made)
        kept = without(made, {"drogue only", "cord breaks", "fin loss"})
        assert all(m.prior == m.probability for m in kept)
        assert kept[0].prior == pytest.approx(made[0].prior + 0.01 + 0.005 + 0.0137)
        assert kept[0].low < kept[0].probability < kept[0].high
    seen = mode_probabilities(MODES, record={"fin loss": 2}, flights=30)
    (merged, *_) = without(seen, {"fin loss"})
    assert merged.seen == 30 and merged.probability == pytest.approx((50 * (seen[0].prior + 0.005) + 30) / 80)


@pytest.mark.parametrize(
    ("more", "match"),
    [
        ({"flights": -1}, "between 0 and 1,000,000"), ({"flights": 10**400}, "between 0 and"),
        ({"flights": 40, "record": {"no deployment": -2}}, "between 0 and"),
        ({"flights": 40, "record": {"no deployment": 10**400}}, "between 0 and"),
        ({"flights": 4, "record": {"no deployment": 3, "fin loss": 2}}, "5 failures in 4 flights"),
        ({"record": {"x" * 5000: 1}, "flights": 4}, "unknown mode"), ({"strength": 1e300}, "at most 1,000,000"),
        ({"strength": math.nan}, "above zero"), ({"stated": {"fin loss": math.nan}}, "between 0 and 1"),
    ],
)  # fmt: skip
def test_records_that_cannot_be(more, match):
    with pytest.raises(InputError, match=match) as error:
        mode_probabilities(MODES, **more)
    assert len(str(error.value)) < 600


def test_a_place_that_is_a_point_of_the_grid():
    """A house smaller than the grid of the risk map is looked up where it stands."""
    at = np.random.default_rng(3).normal(0, 30.0, (3000, 2))
    ground = Ground((Shape("hut", "house", Point(0, 0).buffer(2.0), people=2),))
    (place,) = assess(campaign([3000], [1.0], at), ground, diameter=0.1).places
    assert place.individual == pytest.approx(STEEP / (2 * math.pi * 900), rel=0.35)


def test_the_bound_is_of_the_densest_place_and_of_all_bodies():
    """Places of 0.01 and 0.002 people to a square metre, and a mode whose flights come down in two pieces."""
    thin = Shape("car park", "car park", box(0, 200, 100, 300), people=20)
    away = campaign([100], [1.0], (500.0, 0.0))
    risk = assess(away, Ground((*CROWD.shapes, thin)), diameter=0.1)
    assert risk.casualties_upper == pytest.approx(LN20 / 100 * STEEP * 0.01)
    assert risk.places[1].casualties_upper == pytest.approx(LN20 / 100 * STEEP * 0.002)
    two = {k: np.repeat(v, 2) for k, v in away.columns.items()}
    pieces = assess(replace(away, columns=two), CROWD, diameter=0.1)
    assert pieces.casualties_upper == pytest.approx(2 * LN20 / 100 * STEEP * 0.01)
    here = replace(away, columns=two | {"landing_east_m": np.full(200, 50.0), "landing_north_m": np.full(200, 50.0)})
    assert assess(here, CROWD, diameter=0.1).casualties == pytest.approx(2 * STEEP * 0.01)


@pytest.mark.parametrize("hurting", [0, 1, 2, 3])
def test_a_map_of_risk_where_hardly_anything_hurts(hurting):
    """Landings of 5 J hurt nobody (Feinstein's limit is 15 J): a map says so instead of drawing nothing."""
    from downrange.report.dispersion import risk_figure

    flown = campaign([40], [1.0], (50.0, 50.0))
    energy = np.full(40, 5.0)
    energy[:hurting] = 1e3
    at = np.random.default_rng(1).normal(50, 20, (40, 2))
    columns = flown.columns | {"landing_energy_j": energy, "landing_east_m": at[:, 0], "landing_north_m": at[:, 1]}
    title = risk_figure(replace(flown, columns=columns), CROWD, 0.1).axes[0].get_title()
    assert ("too few for a map" in title) == (hurting < 3)
