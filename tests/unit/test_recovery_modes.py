"""What goes wrong with what fires and holds canopies, flown: who opens it then, when, and with what load."""

from dataclasses import replace

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.failures import MODES, RECOVERY_MODES, scene_of
from downrange.failures.modes import CHANGES
from downrange.flight import Launch, Rail, fly, fly_single
from downrange.flight.named import named_rows
from downrange.motor import Motor
from downrange.rocket import Altimeter, Deploy, Parachute


def bird(*chutes: Parachute) -> Launch:
    """The Alpha III with other canopies, on 10 N for a second: at apogee after about six."""
    t = np.array([0, 0.05, 0.9, 1.0])
    motor = Motor(
        designation="toy", time=t, thrust=np.array([0, 12, 9, 0.0]), diameter=0.018, length=0.07, propellant_mass=0.006, dry_mass=0.01
    )  # fmt: skip
    nose, body = alpha_iii().parts
    kept = tuple(p for p in body.parts if not isinstance(p, Parachute))
    return Launch(replace(alpha_iii(), parts=(nose, replace(body, parts=(*kept, *chutes)))), motor, rail=Rail(1.0))


def chute(name: str = "main", diameter: float = 0.3, **deploy: object) -> Parachute:
    more = {k: deploy.pop(k) for k in ("strength",) if k in deploy}
    return Parachute(
        name=name,
        mass=0.002,
        packed_diameter=0.015,
        diameter=diameter,
        cd=0.8,
        offset=0.03,
        deploy=Deploy(**deploy),
        **more,
    )


def failed(launch: Launch, change: str, u: float = 0.5):
    """The outcome of the planned flight and of the one that goes wrong."""
    flight = fly(launch)
    scene = scene_of(flight)
    assert CHANGES[change].belongs(launch) and not CHANGES[change].missing(scene)
    compiled = flight.program.compiled
    rows = compiled.row[None].copy()
    CHANGES[change].rows(named_rows(rows), scene, lambda what: np.array([u]))
    table = CHANGES[change].devices(compiled.devices, scene)
    return flight.raw.out, fly_single(replace(compiled, devices=table), row=rows[0]).out


def test_a_second_altimeter_fires_as_much_later_as_it_is_set():
    planned, dead = failed(bird(chute(event="apogee", backup_delay=2.0)), "altimeter dead")
    assert dead["deploy_time"] - planned["deploy_time"] == pytest.approx(2.0, abs=1e-3)
    assert dead["deploy_speed"] > planned["deploy_speed"] + 10


def test_a_timer_fires_what_no_altimeter_does():
    """At 9 s by the clock, whatever the altimeter would have done; the delay was the altimeter's."""
    planned, dead = failed(bird(chute(event="apogee", delay=0.5, backup_time=9.0)), "altimeter dead")
    assert planned["deploy_time"] < 8.0 and dead["deploy_time"] == pytest.approx(9.0, abs=1e-3)


def test_a_timer_behind_two_altimeters_stays_at_its_time():
    """The second altimeter, 2 s late, or the timer at 6 s where that is sooner: the device does not wait for the later of both."""
    soon = bird(chute(event="apogee", backup_delay=2.0, backup_time=6.0))
    planned, dead = failed(soon, "altimeter dead")
    assert planned["deploy_time"] + 2.0 > 6.0 > planned["deploy_time"]
    assert dead["deploy_time"] == pytest.approx(6.0, abs=1e-3)


def test_nothing_stands_behind_a_single_altimeter():
    launch = bird(chute(event="apogee"))
    scene = scene_of(fly(launch))
    assert not CHANGES["altimeter dead"].belongs(launch)
    assert CHANGES["altimeter dead"].missing(scene) == "nothing stands behind the altimeter of the first device"


def test_a_stuck_joint_leaves_the_last_device_to_open_at_speed():
    pair = bird(
        chute("drogue", 0.1, event="apogee", altimeter=Altimeter(unit="RRC3")), chute("main", 0.4, event="altitude", altitude=60.0)
    )  # fmt: skip
    planned, stuck = failed(pair, "first fails")
    assert stuck["deploy_time"] > planned["deploy_time"] + 1.0 and stuck["deploy_speed"] > 1.3 * planned["deploy_speed"]
    assert stuck["landing_sink"] == pytest.approx(planned["landing_sink"], rel=0.3)


def test_a_canopy_tears_between_half_its_strength_and_all_of_it():
    """It holds what its file says in the planned flight; halved, what the opening pulls with is too much, and only then."""
    late = {"event": "apogee", "delay": 2.0}
    load = fly(bird(chute(**late))).figures["opening_load"]
    assert load > 1.0
    for share, tears in ((1.2, True), (1.9, True), (2.1, False)):
        planned, weak = failed(bird(chute(**late, strength=share * load)), "canopy tears")
        assert planned["landing_sink"] < 8
        assert (weak["landing_sink"] > 2 * planned["landing_sink"]) == tears, share


def test_devices_late_by_one_to_ten_seconds():
    for u, by in ((0.0, 1.0), (1.0, 10.0)):
        planned, late = failed(bird(chute(event="apogee", backup_time=60.0)), "late", u)
        if by == 1.0:
            assert late["deploy_time"] - planned["deploy_time"] == pytest.approx(by, abs=1e-3)
        else:  # on the ground before
            assert not np.isfinite(late["deploy_time"]) or late["deploy_time"] - planned[
                "deploy_time"
            ] == pytest.approx(10.0, abs=1e-3)


def test_every_mode_of_recovery_is_of_a_change_of_its_name():
    assert [m.name for m in RECOVERY_MODES] == ["first fails", "canopy tears", "altimeter dead", "mach spike"]
    assert not {m.name for m in RECOVERY_MODES} & {m.name for m in MODES}
