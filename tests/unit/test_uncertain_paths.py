"""A default uncertainty gives way only where the files state that very quantity: whole paths, never parts of them."""

import math
from dataclasses import replace

import numpy as np
import pytest

from campaigns import genesis, genesis_plan
from downrange.dispersion.inputs import DEFAULTS, TILT_EAST, TILT_NORTH, _covered, _covered_parts, gather_inputs
from downrange.flight import Rail, compile_launch
from downrange.rocket import Recovery
from downrange.uncertainty import Normal, Quantity

PROGRAM = genesis_plan().program
DEVICES = {q.part.name: f"rocket.{q.path}" for q in PROGRAM.launch.rocket.find(Recovery)}


def gathered(uncertain: dict[str, tuple[float, float]], program=PROGRAM, **more):
    quantities = {k: Quantity(v, Normal(v, s)) for k, (v, s) in uncertain.items()}
    made = gather_inputs(program, quantities, genesis().relaunch, heights=genesis_plan().winds.heights, **more)
    return {i.name: i for i in made.inputs}


def test_one_devices_lag_leaves_the_others():
    everything = set(gathered({}))
    assert {"lag.drogue", "lag.main", "canopy_drag.drogue", "canopy_drag.main", "release_altitude.main"} <= everything
    assert set(DEVICES) == {"drogue", "main"}
    path = f"{DEVICES['drogue']}.deploy.lag"
    stated = gathered({path: (1.0, 0.1)})
    assert everything - set(stated) == {"lag.drogue"} and set(stated) - everything == {path}
    # The same where the user gives all devices a lag of their own: the drogue's stands.
    named = gathered({path: (1.0, 0.1)}, stated={"lag": Quantity(0.0, Normal(0.0, 0.5))})
    assert "lag.main" in named and "lag.drogue" not in named


def test_a_protuberances_drag_says_nothing_of_canopies():
    cds = ["rocket.parts[1].parts[9].cd", "rocket.parts[0].cd", "rocket.parts[1].parts[2].deploy.lag_of_something"]
    for name in ("canopy_drag", "lag", "release_altitude"):
        assert _covered_parts(name, cds, PROGRAM) == set()
    own = {k: _covered_parts("canopy_drag", [f"{path}.cd_area"], PROGRAM) for k, path in DEVICES.items()}
    cd = {k: _covered_parts("canopy_drag", [f"{path}.cd"], PROGRAM) for k, path in DEVICES.items()}
    assert sorted(own["drogue"] | cd["drogue"]) == ["0"] and sorted(own["main"] | cd["main"]) == ["1"]
    assert not (own["drogue"] and cd["drogue"])  # of drag area and coefficient only the one that is used


@pytest.mark.parametrize(
    ("path", "covers"),
    [
        ("motor.impulse_factor", {"thrust"}), ("motor.impulse_factor_of_another", set()), ("aero.drag_factor", {"drag"}),
        ("weather.wind.speed", {"wind"}), ("weather.wind.from_direction", set()), ("weather.wind.exponent", set()),
        ("weather.wind.reference_height", set()), ("weather.wind.layers[0].speed", set()), ("weather.temperature", {"density"}),
        ("rocket.measured.mass", {"mass"}), ("rocket.measured.cg", set()), ("thrust_line.offset_y", set()), ("motor.delay", {"delay"}),
        ("rail.length", set()),
    ],
)  # fmt: skip
def test_what_each_path_covers(path, covers):
    whole = {name for name in DEFAULTS if _covered(name, [path])}
    parts = {name for name in DEFAULTS if _covered_parts(name, [path], PROGRAM)}
    assert whole == covers and parts == set()


def test_each_direction_is_covered_by_its_own_angle():
    """A stated elevation says how the rail leans along its azimuth (133 degrees), and nothing of how it leans across."""
    assert math.degrees(PROGRAM.launch.rail.azimuth) == pytest.approx(133)
    stated = gathered({"rail.elevation": (PROGRAM.launch.rail.elevation, 0.01)})
    (name,) = [k for k in stated if k.startswith("tilt")]
    assert name == "tilt.across"
    lean = stated[name].first[[TILT_EAST, TILT_NORTH]]
    assert lean == pytest.approx([math.cos(math.radians(133)), -math.sin(math.radians(133))])
    assert lean @ [math.sin(math.radians(133)), math.cos(math.radians(133))] == pytest.approx(0)
    assert {k for k in gathered({"rail.azimuth": (2.3, 0.01)}) if k.startswith("tilt")} == {"tilt.along"}
    upright = compile_launch(replace(PROGRAM.launch, rail=Rail(12.0, math.pi / 2, 2.3)))
    assert _covered_parts("tilt", ["rail.azimuth", "rail.elevation"], upright) == {"along"}
    assert _covered_parts("thrust_angle", ["thrust_line.angle_y"], PROGRAM) == {"y"}
    both = gathered({"thrust_line.angle_y": (0.0, 0.001)})
    assert {k for k in both if k.startswith("thrust_angle")} == {"thrust_angle.z"}


def test_weighed_parts_take_their_share_of_the_mass_default():
    """5 % where nothing was weighed: of a rocket whose tube of 40 % has its own uncertainty, 5 % of the other 60."""
    from downrange.dispersion.inputs import _weighed
    from downrange.rocket import Measured

    rocket = replace(PROGRAM.launch.rocket, measured=Measured())
    tube = next(q for q in rocket.placed if q.path == "parts[1]")
    free = rocket.without_motor.mass - tube_mass(rocket)
    weighed = replace(rocket, parts=(rocket.parts[0], replace(tube.part, mass=free / 0.6 * 0.4), *rocket.parts[2:]))
    program = compile_launch(replace(PROGRAM.launch, rocket=weighed))
    assert _weighed(program, ["rocket.parts[1].mass"]) == pytest.approx(0.4, rel=1e-6)
    assert _weighed(program, ["rocket.parts[1].parts[0].mass"]) == 0  # that part has no mass of its own
    assert _weighed(PROGRAM, ["rocket.parts[1].mass"]) == 0  # Genesis was weighed as a whole
    assert np.isclose(gathered({}, program)["mass"].distribution.spread, 0.05)


def tube_mass(rocket) -> float:
    from downrange.rocket import part_mass

    tube = next(q for q in rocket.placed if q.path == "parts[1]")
    return float(part_mass(tube.part, tube.at).mass)
