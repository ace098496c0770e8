"""What would pass a rule is found by flying: each change named is flown here and passes, and one a little smaller does not."""

import math
import re
from pathlib import Path

import pytest

from downrange.flight import compile_launch, fly
from downrange.flight.variants import with_canopies, with_nose_weight, with_rail, with_release, with_thrust
from downrange.project import open_project
from downrange.safety import Conditions, Ground, Limit, Pack, Rule, Verdict, answer, gather_facts, with_remedies

EXAMPLES = Path(__file__).parents[2] / "examples"


def rule(quantity: str, kind: str, comparator: str, limit: float) -> Rule:
    return Rule(quantity, quantity.replace("_", " "), quantity, kind, comparator, Limit(limit), "a test")


@pytest.fixture(scope="module")
def genesis():
    return fly(compile_launch(open_project(EXAMPLES / "genesis" / "launch.yaml").launch), interpreted=True)


def judge(flight):
    return gather_facts(flight, Ground(), Conditions())


def mended(flight, *rules):
    pack = Pack("t", "test", "nobody", "first", "here", rules)
    return with_remedies(answer((pack,), judge(flight)), flight, judge)


def value(launch, quantity: str) -> float:
    return judge(fly(compile_launch(launch), interpreted=True))[quantity].value


def test_a_longer_rail_is_as_long_as_the_energy_law_has_it(genesis):
    (a,) = mended(genesis, rule("rail_exit_speed", "speed", "at least", 52.0))
    length = float(re.search(r"a rail of ([\d.]+) m instead of 12 m", a.change)[1])
    assert value(with_rail(genesis.launch, length=length), "rail_exit_speed") >= 52.0
    assert value(with_rail(genesis.launch, length=0.96 * length), "rail_exit_speed") < 52.0
    travel = genesis.program.guides.upper_travel  # v² = 2 a s, and the guide sits 1 m up
    assert length == pytest.approx(12 + travel * ((52 / 47.5) ** 2 - 1), rel=0.03)


def test_a_larger_main_brings_the_energy_down_and_says_what_it_costs(genesis):
    a, drift = mended(
        genesis, rule("section_energy", "energy", "at most", 250.0), rule("drift_20_mph", "length", "at most", 1500.0)
    )
    factor = float(re.search(r"a larger main: ([\d.]+) times the drag area", a.change)[1])
    paths = tuple(q.path for q in genesis.launch.rocket.placed if q.part.name == "main")
    assert value(with_canopies(genesis.launch, factor, paths), "section_energy") <= 250.0
    assert value(with_canopies(genesis.launch, factor - 0.15, paths), "section_energy") > 250.0
    sink = genesis.figures["landing_sink"]
    across = genesis.figures["ground_hit_speed"] ** 2 - sink**2  # the wind's share, which no canopy takes away
    heavy = 0.5 * 6.629
    assert factor == pytest.approx(
        sink**2 / (250.0 / heavy - across), rel=0.12
    )  # energy goes as 1 / area, body's own drag apart
    assert drift.verdict is Verdict.PASS or drift.change


def test_a_flight_that_lasts_too_long_is_told_its_smaller_main_or_lower_release(genesis):
    now = judge(genesis)["descent_time"].value
    (a,) = mended(genesis, rule("descent_time", "time", "at most", 0.9 * now))
    small = re.search(r"a smaller main: ([\d.]+) times", a.change)
    low = re.search(r"the main released at (\d+) m instead of 870 m", a.change)
    assert small and low
    path = next(q.path for q in genesis.launch.rocket.placed if q.part.name == "main")
    assert value(with_canopies(genesis.launch, float(small[1]), (path,)), "descent_time") <= 0.9 * now
    assert value(with_release(genesis.launch, path, float(low[1])), "descent_time") <= 0.9 * now
    assert value(with_release(genesis.launch, path, 1.1 * float(low[1])), "descent_time") > 0.9 * now


def test_nose_weight_and_thrust_and_what_cannot_be_done(genesis):
    launch = genesis.launch
    margin, high, hopeless = mended(
        genesis, rule("static_margin", "calibre", "at least", 4.5), rule("apogee", "length", "at most", 2500.0),
        rule("rail_exit_speed", "speed", "at least", 400.0),
    )  # fmt: skip
    ballast = float(re.search(r"([\d.]+) g of weight in the nose", margin.change)[1]) / 1e3
    assert (
        value(with_nose_weight(launch, ballast), "static_margin")
        >= 4.5
        > value(with_nose_weight(launch, 0.8 * ballast), "static_margin")
    )
    impulse = float(re.search(r"a motor of ([\d,]+) N s instead of", high.change)[1].replace(",", ""))
    assert value(with_thrust(launch, impulse / launch.motor.impulse), "apogee") <= 2505
    assert value(with_thrust(launch, 1.05 * impulse / launch.motor.impulse), "apogee") > 2500
    assert "no one change does it" in hopeless.change and "a rail of 48 m" in hopeless.change


def test_a_change_that_breaks_another_rule_says_so(genesis):
    pair = (rule("descent_time", "time", "at most", 130.0), rule("section_energy", "energy", "at most", 520.0))
    slow, energy = mended(genesis, *pair)
    assert energy.verdict is Verdict.PASS and slow.verdict is Verdict.FAIL
    smaller = slow.change.split(", or ")[0]
    assert "but then it fails: section energy" in smaller
    assert all(math.isfinite(a.margin) for a in (slow, energy))
