"""Altimeters: what they know of apogee from the pressure of a simulated flight, against closed forms and the flight's own truth."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from tests.steered import EXAMPLE, Does, brake_bird

import downrange as dr
from downrange.control import Event, FlightComputer, steer
from downrange.errors import InputError
from downrange.failures import RECOVERY_MODES
from downrange.failures.modes import CHANGES, scene_of
from downrange.flight import fly
from downrange.flight.named import named_devices, named_rows
from downrange.flight.rows import AT_TIME
from downrange.project import open_project
from downrange.project.defaults import assumed
from downrange.rocket.altimeters import UNITS, Altimeter
from downrange.tracking import Accelerometer, Barometer

SPIKE = ((0.0, 0.0), (0.85, 0.0), (0.95, 0.17), (1.05, 0.17), (1.15, 0.0), (5.0, 0.0))
"""The port's error near Mach 1, as a share of the dynamic pressure: an EasyMega's at IREC 2023 read 0.17."""


@lru_cache(maxsize=2)
def fast_bird(unit: str = ""):
    """The same rocket on a motor that takes it past Mach 1, its drogue fired by a unit or by nothing that is said."""
    launch = dr.load(EXAMPLE).with_({"motor.name": "Cesaroni L935"})
    if unit:
        launch = launch.with_({"drogue.deploy.altimeter": unit})
    return launch.program


@lru_cache(maxsize=2)
def free(program):
    return fly(program)


def flown(program, altimeter, **more):
    computer = FlightComputer(altimeter, apogee=["drogue"], heights={"main": 200.0}, **more)
    return computer, fly(program, steering=steer([computer]))


def released(flight, device: int) -> float:
    return min(float(t) for kind, t, k in flight.raw.events if kind == 5 and k == device)


def known(flight, k: int) -> float:
    return released(flight, k) - flight.raw.out["apogee_time"]


@pytest.mark.parametrize(
    "smoothing, falling", [(0.25, 0.0), (0.8, 0.0), (0.25, 1.0)], ids=["plain", "a slow filter", "one that must fall"]
)
def test_apogee_is_known_within_the_documented_delay(smoothing, falling):
    """A summit H - g t²/2 comes out of a first-order filter one time constant late; then it must fall, and be read."""
    own = Altimeter(interval=0.05, smoothing=smoothing, falling_for=falling)
    _, flight = flown(brake_bird(), own)
    assert own.detection_delay == pytest.approx(smoothing + falling + 0.025)
    assert known(flight, 0) == pytest.approx(own.detection_delay, abs=0.06)  # a reading, and what the drag adds to g


def test_known_units_are_as_late_as_their_manuals_say():
    _, one = flown(brake_bird(), "RRC3")
    _, two = flown(brake_bird(), "Eggtimer")
    assert 0.0 < known(one, 0) < 0.5
    assert 1.0 < known(two, 0) < 1.5  # nose-over is one second after the highest reading
    assert UNITS["Eggtimer"].says["lockout_speed"] == pytest.approx(152.4)


def test_the_plan_opens_when_the_computer_does():
    """`deploy.altimeter` makes the planned flight as late as the altimeter that is flown."""
    both = {f"{name}.deploy.altimeter": "Eggtimer" for name in ("drogue", "main")}
    program = dr.load(EXAMPLE).with_(both).program
    planned = fly(program)
    (computer,) = FlightComputer.of(program)
    assert computer.apogee == ("drogue",) and computer.heights == {"main": 200.0}
    steered = fly(program, steering=steer([computer]))
    at = "deploy_time"  # of lines stretched: the kernel's release has the detection in it
    assert steered.raw.out[at] == pytest.approx(planned.raw.out[at], abs=0.1)
    assert steered.raw.out["landing_time"] == pytest.approx(planned.raw.out["landing_time"], abs=0.5)


def test_the_main_opens_at_the_height_that_the_altimeter_shows():
    computer, flight = flown(brake_bird(), Altimeter(smoothing=0.1, interval=0.05))
    at = flight.sample(np.array([released(flight, 1)]))
    sinks = -float(at.velocity_enu[0, 2])
    late = 0.1 + 0.05
    assert float(at.pressure_altitude[0]) == pytest.approx(200.0 - sinks * late, abs=0.06 * sinks)
    assert released(flight, 1) > computer.apogee_time
    assert [(name, order) for _, name, order in flight.control.orders] == [("drogue", "fire"), ("main", "fire")]


def test_a_spike_near_mach_1_opens_it_early_without_a_lock_out_and_not_with_one():
    program = fast_bird()
    assert free(program).raw.out["max_mach"] > 1.1
    port = Barometer(rate_hz=20.0, port=SPIKE)
    _, early = flown(program, "RRC3", barometer=port)
    assert released(early, 0) < free(program).raw.out["apogee_time"] - 5.0
    for locked in (Altimeter(unit="RRC3", lockout_time=15.0), Altimeter(unit="RRC3", lockout_speed=150.0)):
        _, flight = flown(program, locked, barometer=port)
        assert known(flight, 0) == pytest.approx(locked.detection_delay, abs=0.06)
    _, felt = flown(program, Altimeter(detects="accelerometer", interval=0.02), barometer=port)
    assert abs(known(felt, 0)) < 2.0  # it reckons along the axis, which leans: near, and never at the spike


def test_an_accelerometer_that_errs_is_early_or_late_by_its_bias():
    """A bias b makes the reckoned speed wrong by b t: apogee is known at about b t / g late."""
    times = []
    for bias in (-0.3, 0.3):
        felt = Accelerometer(rate_hz=50.0, scale=0.0)
        own = Altimeter(detects="accelerometer", interval=0.02)
        computer = FlightComputer(own, apogee=["drogue"], accelerometer=replace(felt, bias=0.0))
        read = computer._feel
        computer._feel = lambda f, step, b=bias, r=read: r(f + b, step)
        flight = fly(brake_bird(), steering=steer([computer]))
        times.append(known(flight, 0))
    t = free(brake_bird()).raw.out["apogee_time"]
    assert times[1] - times[0] == pytest.approx(2 * 0.3 * t / 9.81, rel=0.25)


def test_below_its_arming_height_it_fires_nothing():
    _, flight = flown(brake_bird(), Altimeter(arms_above=5000.0))
    assert not [e for e in flight.raw.events if e[0] == 5]


def test_only_the_computer_fires_what_it_has_alone():
    """The file's own plan is silent, and `fire` opens it; armed or not the plan of other events goes on."""
    silent = fly(
        brake_bird(), steering=steer([Does(lambda now: None, {"d": Event("drogue", alone=True)}, until="landing")])
    )
    assert [k for kind, _, k in silent.raw.events if kind == 5] == [1]
    law = lambda now: {"d": "fire"} if now.time_s >= 30.0 else None  # noqa: E731
    fired = fly(brake_bird(), steering=steer([Does(law, {"d": Event("drogue", alone=True)}, until="landing")]))
    assert released(fired, 0) == pytest.approx(30.0, abs=1e-6)


def test_the_spike_is_a_way_to_fail_of_launches_without_a_lock_out():
    mode = next(m for m in RECOVERY_MODES if m.name == "mach spike")
    plain, unit = fast_bird(), fast_bird("RRC3")
    assert not mode.belongs(plain.launch) and mode.belongs(unit.launch)
    scene = scene_of(free(unit))
    begins, ends = scene.transonic
    assert mode.missing(scene) == ""
    mach = free(unit).sample(np.array([begins, ends])).mach
    assert np.all((mach >= 0.9) & (mach <= 1.2))
    assert "lock-out" in mode.missing(scene_of(free(plain)))
    locked = Altimeter(unit="RRC3", lockout_time=15.0)
    assert locked.locks and not Altimeter(unit="RRC3").locks
    assert "below Mach" in mode.missing(replace(scene, transonic=None))
    table = CHANGES["mach spike"].devices(unit.compiled.devices, scene)
    rows = np.repeat(unit.compiled.row[None], 3, axis=0)
    CHANGES["mach spike"].rows(named_rows(rows), scene, lambda name: np.array([0.0, 0.5, 1.0]))
    assert named_devices(table)["event"][0] == AT_TIME
    assert named_rows(rows)["value"][:, 0] == pytest.approx([begins, (begins + ends) / 2, ends])


def test_a_stuck_joint_stays_shut_whatever_stands_behind():
    scene = scene_of(free(fast_bird("RRC3")))
    assert CHANGES["first fails"].decides(scene) == scene.opening[:1]


@pytest.mark.parametrize(
    "given, says",
    [
        ({"unit": "RRC4"}, "RRC3"),
        ({"smoothing": -1.0}, "smoothing"),
        ({"lockout_speed": 0.0}, "lockout_speed"),
        ({"interval": 0.0}, "interval"),
    ],
)
def test_what_cannot_be_is_refused(given, says):
    with pytest.raises(InputError, match=says):
        Altimeter(**given)


def test_what_no_manual_says_is_told_as_taken():
    assert Altimeter(unit="RRC3").assumed == {"smoothing": 0.25}
    assert Altimeter(unit="RRC3", smoothing=0.4).assumed == {}, "its owner says it"
    assert set(Altimeter(unit="Raven3").assumed) == {"interval", "smoothing", "arms_above", "lockout_speed"}
    assert Altimeter(unit="TeleMetrum").assumed == {"smoothing": 0.25}
    assert Altimeter(unit="EasyMini").assumed == {"smoothing": 0.25, "lockout_speed": 200.0}
    assert Altimeter().assumed == {"interval": 0.05, "smoothing": 0.25, "arms_above": 30.0}
    assert set(Altimeter(detects="accelerometer").assumed) == {"interval", "arms_above"}
    for name, unit in UNITS.items():
        s = Altimeter(unit=name).settled
        assert all(getattr(s, k) == v for k, v in unit.says.items()), name
        assert unit.taken <= set(unit.says), name
    settings = {"drogue.deploy.altimeter": "EasyMini", "main.deploy.altimeter": "EasyMini"}
    project, launch = open_project(EXAMPLE), dr.load(EXAMPLE).with_(settings).values
    said = [a for a in assumed(project.file, project.rocket_file, launch) if "EasyMini" in a]
    assert said == ["EasyMini of drogue and main: smooths over 0.25 s, does not believe its barometer above 200 m/s"]


def test_what_an_altimeter_will_not_do_is_told():
    """It does not arm so low; without a lock-out it may fire near Mach 1; of one that locks nothing is told."""
    low = dr.load(EXAMPLE).with_({"drogue.deploy.altimeter": {"arms_above": "2500 m"}})
    (said,) = [str(w) for w in fly(low.program).warnings if "arms" in w]
    assert "2500 m" in said and "drogue" in said
    spike = [str(w) for w in free(fast_bird("RRC3")).warnings if "Mach" in w and "lock" in w]
    assert len(spike) == 1 and "RRC3" in spike[0] and "lockout_time" in spike[0]
    assert not [w for w in free(fast_bird("Eggtimer")).warnings if "lock" in w]
