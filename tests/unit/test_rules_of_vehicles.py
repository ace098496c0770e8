"""The rules of clusters and stages: what the packs ask of several motors, and what they are told of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from downrange.flight import fly
from downrange.project import open_project
from downrange.project.assessment import default_packs
from downrange.project.rules import read_pack
from downrange.safety import Fact, Ground, Verdict, answer
from downrange.safety.facts import Conditions, gather_facts

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(
    ("pack", "impulse", "simple", "complex_"),
    [
        # the two columns of NAR's minimum distances (lunar.org/wp/?p=98) and of Tripoli's research launches, 2016 (rocketrysouthcarolina.org)
        ("nar-hpr", 90, 100, 200), ("nar-hpr", 1281, 200, 300), ("nar-hpr", 2561, 300, 500), ("nar-hpr", 10_240, 500, 1000),
        ("nar-hpr", 20_480, 1000, 1500), ("nar-hpr", 40_960, 1500, 2000), ("tripoli", 1280, 200, 250), ("tripoli", 2560, 250, 350),
        ("tripoli", 5120, 300, 500), ("tripoli", 5121, 500, 1000), ("tripoli", 40_961, 2000, 2500),
    ],
)  # fmt: skip
def test_several_motors_keep_people_further_away(pack, impulse, simple, complex_):
    for motors, feet in ((1, simple), (2, complex_), (7, complex_)):
        facts = {
            "total_impulse": Fact(impulse, "impulse"),
            "people_distance": Fact(feet * 0.3048, "length"),
            "motors": Fact(motors, "number"),
        }
        near = facts | {"people_distance": Fact(feet * 0.3048 - 0.1, "length")}
        for known, verdict in ((facts, Verdict.PASS), (near, Verdict.FAIL)):
            told = [a for a in answer((read_pack(pack),), known) if a.rule.quantity == "people_distance"]
            assert [a.verdict for a in told] == [verdict] and told[0].limit == pytest.approx(feet * 0.3048)


def test_the_rules_see_every_motor_aboard():
    """A cluster of four with one more unlit, and a two-stager: their impulse and propellant are sums, their certified thrust that of
    what is lit on the pad (NAR: a third of it may be lifted)."""
    for name in ("cluster", "high_power_two_stage"):
        launch = open_project(EXAMPLES / name / "launch.yaml").launch
        facts = gather_facts(fly(launch, interpreted=True), Ground(), Conditions())
        tubes = launch.filled
        assert len(tubes) > 1 and facts["motors"].value == len(tubes)
        assert facts["total_impulse"].value == pytest.approx(sum(f.motor.impulse for f in tubes))
        assert facts["propellant_mass"].value == pytest.approx(sum(f.motor.propellant_mass for f in tubes))
        on_pad = sum(f.motor.average_thrust for f in tubes if f.mounted.lit.event == "launch")
        weight = launch.loaded.mass * 9.80665
        assert facts["average_thrust_to_weight"].value == pytest.approx(on_pad / weight)
        assert facts["powered_stages"].value == len({f.stage for f in tubes})


def test_small_motors_that_add_up_are_no_model_rocket():
    """NAR's model rockets carry at most 125 g of propellant and 320 N s in all, of motors of at most 160 N s (G)."""
    project = open_project(EXAMPLES / "cluster" / "launch.yaml")  # four D12: 84 g and 68 N s
    assert default_packs(project)[0] == "nar-model"
    launch = project.launch
    motor = lambda **more: replace(launch.motor, **more)  # noqa: E731
    for heavy, one in ((0.032, 0.021), (0.021, 0.021)):
        many = replace(
            launch,
            motor=motor(propellant_mass=heavy),
            more_motors=tuple(replace(m, motor=motor(propellant_mass=one)) for m in launch.more_motors),
        )
        wanted = (
            "nar-model" if 3 * heavy + one <= 0.125 else "nar-hpr"
        )  # three of the first kind are lit, one of the other is not
        assert default_packs(replace(project, launch=many))[0] == wanted
    strong = motor(thrust=5 * launch.motor.thrust)
    loud = replace(launch, motor=strong, more_motors=tuple(replace(m, motor=strong) for m in launch.more_motors))
    assert (
        loud.total_impulse > 320 > loud.motor.impulse and default_packs(replace(project, launch=loud))[0] == "nar-hpr"
    )
