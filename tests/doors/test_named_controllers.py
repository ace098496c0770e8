"""`controllers:` of a launch file: the same flight as the same controllers from Python, and words for what cannot be."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

import downrange as dr
from downrange.control import steer
from downrange.errors import InputError
from downrange.flight import fly
from downrange.project.campaigns import plan_campaign
from downrange.project.steered import steering_of
from steered import EXAMPLE, final

BRAKE = {"type": "apogee brake", "target": "1800 m", "strokes_per_second": 2, "delay": "50 ms"}


def example(*controllers, **changes):
    return dr.load(EXAMPLE).with_({"controllers": list(controllers), **changes})


def test_the_files_brake_flies_as_the_same_one_from_python():
    launch = example(
        {
            **BRAKE,
            "rate_hz": 20,
            "settle": "0.7 s",
            "mach": 0.4,
            "sensors": {"barometer": {"noise": 2.0, "rate_hz": 25}},
        }
    )
    own = dr.ApogeeBrake.of(
        launch.values, 1800.0, mach=0.4, rate_hz=20.0, settle_s=0.7, brakes=dr.AirBrakes(rate=2.0, delay_s=0.05),
        sensors=dr.SensorSuite(barometer=dr.Barometer(noise=2.0, rate_hz=25.0)),
    )  # fmt: skip
    file = fly(launch.program, steering=steering_of(launch.project, seed=3))
    assert np.array_equal(final(file), final(fly(launch.program, steering=steer([own], seed=3))))
    assert not np.array_equal(final(file), final(fly(launch.program, steering=steering_of(launch.project, seed=4))))


def test_python_flies_the_files_controllers_unless_it_is_given_others():
    launch = example({**BRAKE, "rate_hz": 20})
    steered, free = dr.fly(launch), dr.fly(launch, controllers=[])
    assert steered.control is not None and free.control is None
    assert steered.apogee_pressure_altitude_agl_m == pytest.approx(1800.0, abs=15.0)
    assert free.apogee_pressure_altitude_agl_m > 2050.0


def test_campaigns_fly_them():
    launch = example({**BRAKE, "rate_hz": 10})
    plan = plan_campaign(launch.project, seed=2)
    assert [c.given.rate_hz for c in plan.steering.controllers] == [10.0]
    assert plan_campaign(launch.project, steering=steer([])).steering is None
    assert any("apogee brake" in n and "without them" in n for n in launch.values.notes)


def test_fins_hold_the_roll_that_the_file_says():
    said = {
        "type": "roll pid",
        "slope": 0.2,
        "travel": "10 deg",
        "p": 0.05,
        "i": 0.5,
        "target": "90 deg/s",
        "rate_hz": 50,
    }
    launch = example(said)
    (c,) = (c.given for c in steering_of(launch.project).controllers)
    assert (c.target_rad_s, c.p, c.rate_hz) == (pytest.approx(math.pi / 2), 0.05, 50)
    fins = c.actuators["roll"]
    assert (fins.least, fins.most, fins.slope) == (
        pytest.approx(-0.1745, rel=1e-3),
        pytest.approx(0.1745, rel=1e-3),
        0.2,
    )
    spun = fly(launch.program, steering=steering_of(launch.project)).sample(np.array([3.0])).omega_body[0, 0]
    assert spun == pytest.approx(math.pi / 2, rel=0.15)


def test_altimeters_of_the_devices_are_flown():
    launch = example(
        {"type": "altimeters", "on_fault": "stop"},
        **{"drogue.deploy.altimeter": "Eggtimer", "main.deploy.altimeter": "Eggtimer"},
    )
    (c,) = steering_of(launch.project).controllers
    assert (c.given.apogee, c.given.heights, c.on_fault) == (("drogue",), {"main": 200.0}, "stop")


@pytest.mark.parametrize(
    "said, key, says",
    [
        ({"type": "apogee break", "target": "1 m"}, "controllers", "apogee brake"),
        ({"type": "apogee brake"}, "controllers.0.target", "missing"),
        ({**BRAKE, "targt": "1 m"}, "controllers.0.targt", "did you mean 'target'"),
        (
            {**BRAKE, "sensors": {"barometer": {"nois": 1}}},
            "controllers[0].sensors.barometer.nois",
            "did you mean 'noise'",
        ),
        (
            {**BRAKE, "sensors": {"barometer": {"noise": "loud"}}},
            "controllers[0].sensors.barometer.noise",
            "number in SI",
        ),
        ({**BRAKE, "rate_hz": 0}, "rate_hz", "0"),
        ({"type": "altimeters"}, "controllers[0].rocket.parts", "altimeter: RRC3"),
        ({"type": "roll pid", "slope": 0.0, "p": 1.0}, "controllers[0].slope", "slope"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(said, key, says):
    with pytest.raises(InputError) as caught:
        steering_of(example(said).project)
    assert key in (caught.value.key or ""), caught.value.key
    assert re.search(re.escape(says), str(caught.value))
