"""Controllers on board: one that does nothing changes nothing, actuators do what the same thing said in the launch does, and pushes turn a body
as they must. What goes wrong with a controller ends the flight or not, as its user chose."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.steered import EXAMPLE, Does, brake_bird, final, with_row

import downrange as dr
from downrange.aero import Brakes
from downrange.atmosphere import Weather
from downrange.control import Servo, steer
from downrange.control.acting import Effects
from downrange.control.truth import Surroundings
from downrange.earth import Pad
from downrange.errors import FlightCode, InputError
from downrange.flight import PlainBody, compile_body, compile_launch, fly, fly_single, state
from downrange.flight.named import named_rows
from downrange.flight.propulsion import inertia_at
from downrange.flight.rows import AT_STOP_APOGEE
from downrange.flight.stepper import Stepper
from downrange.rocket import Parachute
from downrange.tables import Table1D, Table2D

TIGHT = 1e-9


def nothing(now):
    return None


def up(program, controllers, tolerance=None):
    """Fly to apogee."""
    stop = with_row(program, stop=AT_STOP_APOGEE)
    crew = steer(controllers).crew(stop)
    return crew.fly(stop.compiled, stop.compiled.row[None].copy(), None, tolerance=tolerance)[2], crew


def test_a_controller_that_does_nothing_flies_the_flight_there_is_without():
    program = brake_bird()
    crew = Does(nothing, {"brakes": dr.AirBrakes()}, 50.0, sensors=dr.SensorSuite(None, None, None))
    for tolerance, near in ((None, 0.05), (TIGHT, 1e-4)):
        plain = fly(program, interpreted=False, tolerance=tolerance)
        flown = fly(program, steering=steer([crew]), tolerance=tolerance)
        assert flown.code == FlightCode.LANDED
        assert np.abs(final(flown) - final(plain)).max() < near  # m and s; by drift of 150 s under canopies
        assert flown.raw.out["min_stability"] == pytest.approx(plain.raw.out["min_stability"], rel=1e-3)
        assert flown.raw.out["rail_exit_speed"] == plain.raw.out["rail_exit_speed"]
        assert [e.name for e in flown.events] == [e.name for e in plain.events]
    t = np.linspace(0.01, 20.0, 57)
    a, b = plain.sample(t), flown.sample(t)
    assert np.abs(a.position_enu - b.position_enu).max() < 2e-3 and np.abs(a.mass - b.mass).max() < 1e-9


@pytest.mark.parametrize("rate", [20.0, 100.0])
def test_a_burn_out_at_a_moment_of_the_controller_is_one(rate):
    """The motor burns out at 3.67 s, where one at 100 Hz is asked."""
    free = fly(brake_bird(), interpreted=False)
    flight = fly(brake_bird(), steering=steer([Does(nothing, {"b": dr.AirBrakes()}, rate)]))
    assert [e.name for e in flight.events].count("burn-out") == 1
    for name in ("burnout_altitude_agl", "burnout_speed"):
        assert flight.figures[name] == pytest.approx(free.figures[name], rel=1e-4)


def test_brakes_that_a_controller_moves_are_brakes_of_the_same_schedule():
    program = brake_bird()
    law = Table1D(np.array([0.0, 5.0, 5.5, 9.0, 9.2]), np.array([0.0, 0.0, 0.4, 0.4, 0.0]))
    options = replace(program.launch.aero, brakes=Brakes(program.launch.aero.brakes.coefficient, law))
    scheduled = fly_single(
        compile_launch(replace(program.launch, aero=options)), tolerance=TIGHT, stop_at_apogee=True
    ).out
    opens = Does(
        lambda now: {"b": 0.4 if 4.93 < now.time_s < 8.03 else 0.0}, {"b": dr.AirBrakes(rate=0.8, delay_s=0.05)}, 20
    )
    slow = Does(
        lambda now: {"b": 0.4 if 4.93 < now.time_s < 8.93 else 0.0}, {"b": dr.AirBrakes(rate=0.8, delay_s=0.05)}, 20
    )
    flown, crew = up(program, [slow], TIGHT)
    # Up in half a second from 5 s as scheduled; down from 9 s at 0.8 a second, not in 0.2 s: another 0.3 s of a half-open brake.
    position = crew.record().position["b"]
    time = crew.record().time
    assert position[np.searchsorted(time, 5.3 - 1e-9)] == pytest.approx(0.24)
    assert flown.out["apogee"] < scheduled["apogee"]
    exact = Table1D(np.array([0.0, 5.0, 5.5, 9.0, 9.5]), np.array([0.0, 0.0, 0.4, 0.4, 0.0]))
    options = replace(options, brakes=Brakes(options.brakes.coefficient, exact))
    same = fly_single(compile_launch(replace(program.launch, aero=options)), tolerance=TIGHT, stop_at_apogee=True).out
    assert flown.out["apogee"] == pytest.approx(same["apogee"], abs=5e-5)
    assert up(program, [opens], TIGHT)[0].out["apogee"] > same["apogee"] + 5


def one_guide(program):
    """A program whose guides leave the rail together: until then the rail holds the rocket, whatever a controller does."""
    upper = float(named_rows(program.compiled.row)["guides"][0])
    return with_row(program, guides=[upper, upper, named_rows(program.compiled.row)["guides"][2]])


def test_roll_fins_are_fins_that_are_canted_so():
    program = one_guide(brake_bird())
    cant = fly_single(with_row(program, roll=0.03 * 0.9).compiled, tolerance=TIGHT, stop_at_apogee=True)
    fins = Does(lambda now: {"f": 0.03}, {"f": dr.RollFins(slope=0.9)}, 20)
    flown, _ = up(program, [fins], TIGHT)
    assert flown.out["apogee"] == pytest.approx(cant.out["apogee"], abs=1e-4)
    assert flown.track[-1, 11] == pytest.approx(cant.track[-1, 11], rel=1e-6) and abs(cant.track[-1, 11]) > 0.5


def test_a_turned_motor_is_a_thrust_line_that_leans_as_much():
    program, angle = one_guide(brake_bird()), 0.01
    lean = with_row(program, thrust_z=math.tan(angle), thrust=math.cos(angle))
    exact = fly_single(lean.compiled, tolerance=TIGHT, stop_at_apogee=True)
    gimbal = Does(lambda now: {"g": angle}, {"g": dr.ThrustVector(axis="z")}, 20)
    straight = fly_single(program.compiled, tolerance=TIGHT, stop_at_apogee=True)
    flown, _ = up(program, [gimbal], TIGHT)
    # On the rail the turned thrust pushes less along it, which the controller's flight does not know of: 5e-5 of the speed.
    assert flown.out["apogee_east"] == pytest.approx(exact.out["apogee_east"], abs=0.3)
    assert abs(exact.out["apogee_east"] - straight.out["apogee_east"]) > 5


def test_the_inertia_that_pushes_meet_is_that_of_rocket_and_propellant():
    for program in (brake_bird(), compile_launch(dr.load("examples/cluster/launch.yaml").values)):
        c = program.compiled
        got = inertia_at(c.segments, named_rows(c.row), 0.0)
        want = program.launch.loaded.inertia
        assert np.allclose(got, want, rtol=1e-4, atol=2e-5 * want.max())


def test_pushes_of_cold_gas_turn_a_body_in_a_vacuum_as_newton_says():
    inertia = np.diag([0.02, 1.4, 1.1])
    body = PlainBody(5.0, inertia)
    pad = Pad(0.3, 0.2)
    c = compile_body(body, pad, Weather(), top=9_000.0, tolerance=1e-10)
    around = Surroundings(brake_bird())
    for axis, k in (("roll", 0), ("pitch", 1), ("yaw", 2)):
        start = np.zeros(len(Stepper(c, c.row, None).ends()))
        earth = np.asarray(pad.rotation_enu)
        start[:14] = [0.0, *state([0, 0, 5e3], [0, 0, 0], [1, 0, 0, 0], earth)]
        stepper = Stepper(c, c.row, start, tolerance=1e-10)
        servo = Servo(dr.ColdGas(torque=0.3, axis=axis))
        servo.command(0.0, 0.1)
        effects = Effects([servo], stepper, around)
        for tick in np.arange(0.1, 1.05, 0.1):
            effects.fly(float(tick))
        turned, alpha = stepper.state, 0.1 * 0.3 / inertia[k, k]
        assert turned[11 + k] - earth[k] == pytest.approx(alpha * 1.0, rel=1e-3)
        assert 2 * math.asin(turned[8 + k]) == pytest.approx(0.5 * alpha, rel=2e-3)


def test_brakes_that_open_unevenly_pitch_the_rocket_and_even_ones_do_not():
    program = brake_bird()
    table = Table2D(np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([[0.0, 0.0], [0.05, 0.05]]))
    open_ = {"b": 0.5}
    even, _ = up(program, [Does(lambda now: open_ if now.time_s > 4 else None, {"b": dr.AirBrakes()})])
    yaw, _ = up(program, [Does(lambda now: open_ if now.time_s > 4 else None, {"b": dr.AirBrakes(yaw_moment=table)})])

    def rate(raw):
        """About body z at 4.05 s, after all that happens there, and its mean until then and 0.3 s on; rad/s."""
        at = raw.track[np.searchsorted(raw.track[:, 0], 4.05 + 1e-6) - 1]
        return float(at[13])

    # By hand: Cn q S d over the inertia about z, in the half of the first hundredth of a second.
    t, own = (
        program.compiled.tables,
        inertia_at(program.compiled.segments, named_rows(program.compiled.row), 4.05)[2, 2],
    )
    at = fly(program, interpreted=False).sample(np.array([4.05]))
    want = 0.025 * float(at.dynamic_pressure[0]) * t.area * t.diameter / own
    assert rate(yaw) - rate(even) == pytest.approx(want * 0.005, rel=0.01)
    # It then trims where the fins' moment is as large: CNα times the margin in calibres times the angle.
    margin = 0.025 / (float(at.stability[0]) * 12.0)
    late = yaw.track[(yaw.track[:, 0] > 5.0) & (yaw.track[:, 0] < 6.0)]
    swing = fly_angle(late) - fly_angle(even.track[(even.track[:, 0] > 5.0) & (even.track[:, 0] < 6.0)])
    assert abs(swing) == pytest.approx(margin, rel=0.35)


def fly_angle(track):
    """Mean angle in the plane of body x and y between the axis and the way over ground (n, 28), rad."""
    from downrange.frames import matrix_from_quaternion

    body = np.einsum("nij,ni->nj", matrix_from_quaternion(track[:, 7:11]), track[:, 4:7])
    return float(np.mean(np.arctan2(body[:, 1], body[:, 0])))


# ---- events ---------------------------------------------------------------------------------------------------------


def test_events_are_fired_armed_and_inhibited():
    program = brake_bird()
    drogue, main = (d.name for d in program.devices)

    def flown(order, **event):
        said = Does(order, {"e": dr.Event(drogue, **event)}, 20)
        flight = fly(program, steering=steer([said]))
        return {e.name: e.time for e in flight.events}, flight

    plain = {e.name: e.time for e in fly(program, interpreted=False).events}
    fired, _ = flown(lambda now: {"e": "fire"} if now.time_s > 17 else None)
    assert fired[f"{drogue}: release"] == pytest.approx(17.05) and fired[f"{drogue}: opening"] == pytest.approx(18.05)
    safe, flight = flown(nothing, armed=False)
    assert f"{drogue}: release" not in safe and f"{main}: opening" in safe and flight.code == FlightCode.LANDED
    late, _ = flown(lambda now: {"e": "arm"} if now.time_s > 10 else None, armed=False)
    assert late[f"{drogue}: release"] == pytest.approx(plain[f"{drogue}: release"], abs=1e-3)
    lost, _ = flown(lambda now: {"e": "arm"} if now.time_s > 25 else None, armed=False)
    assert f"{drogue}: release" not in lost
    refused, _ = flown(lambda now: {"e": "fire"} if 18 < now.time_s < 19 else None, armed=False)
    assert f"{drogue}: release" not in refused
    never, _ = flown(lambda now: {"e": "inhibit"} if now.time_s < 1 else {"e": "fire"} if now.time_s > 22 else None)
    assert f"{drogue}: release" not in never


def reefed_bird(**more):
    """The brakes' rocket with its main reefed, until a cutter or a height lets it go."""
    main = brake_bird().launch.rocket.find(Parachute)[1].part
    launch = brake_bird().launch
    parts = tuple(
        replace(p, parts=tuple(replace(q, reefed=0.1, **more) if q == main else q for q in p.parts)) for p in launch.rocket.parts
    )  # fmt: skip
    return compile_launch(replace(launch, rocket=replace(launch.rocket, parts=parts)))


@pytest.mark.parametrize("more", [{"disreef_delay": 4.0}, {"disreef_altitude": 120.0}])
def test_what_a_reefing_line_holds_is_fired_and_inhibited_too(more):
    program = reefed_bird(**more)

    def opened(order, **event):
        said = Does(order, {"e": dr.Event("main (full)", **event)}, 10)
        flight = fly(program, steering=steer([said]))
        times = {e.name: e.time for e in flight.events}
        return times["main: opening"], times.get("main (full): opening"), flight.figures["ground_hit_speed"]

    first, rest, slow = opened(nothing)
    assert rest > first + 2 and slow < 7
    assert opened(nothing, armed=False) == (pytest.approx(first), None, pytest.approx(slow * 2.25, rel=0.1)), (
        "it stays reefed"
    )
    assert opened(lambda now: {"e": "inhibit"} if now.time_s > first + 1 else None)[1] is None

    def held(until):
        def order(now):
            return {"e": "arm"} if now.time_s > until else {"e": "inhibit"} if now.time_s > first + 1 else None

        return opened(order)[1]

    assert held(rest - 0.5) == pytest.approx(rest, abs=1e-3) and held(rest + 0.5) is None, (
        "what came due meanwhile is lost"
    )
    at = opened(lambda now: {"e": "fire"} if now.time_s > first + 0.5 else None)
    assert first + 0.5 < at[1] < first + 0.65, "a cutter that is fired cuts at once"
    packed = opened(lambda now: {"e": "fire"} if now.time_s > 30 else None)
    assert packed[0] == pytest.approx(first, abs=1e-3) and packed[1] == pytest.approx(first, abs=0.02), (
        "cut in its bag it opens whole, and not before"
    )
    both = opened(lambda now: {"e": "fire"} if now.time_s > 30 else None, armed=False)
    assert both[1] is None


def test_an_ignition_waits_for_a_controller_and_may_be_held_back_by_it():
    program = compile_launch(dr.load("examples/two_stage/launch.yaml").values)
    name = next(s.name for s in program.vehicle.steps[1:] if s.kind == "ignition")

    def lit(order, **event):
        said = Does(order, {"e": dr.Event(name, **event)}, 20, until="apogee")
        flight = fly(program, steering=steer([said]))
        return next((e.time for e in flight.events if e.name == f"{name}: ignition"), None), flight

    planned = next(e.time for e in fly(program, interpreted=False).events if e.name == f"{name}: ignition")
    assert lit(nothing)[0] == pytest.approx(planned, abs=1e-6)
    assert lit(nothing, armed=False)[0] is None
    assert lit(lambda now: {"e": "inhibit"} if now.time_s > planned - 0.2 else None)[0] is None
    late = lit(lambda now: {"e": "arm"} if now.time_s > planned + 0.5 else None, armed=False)
    assert late[0] is None


@pytest.fixture(scope="module")
def two_stages(tmp_path_factory):
    """A two-stager with its canopy reefed, which a charge of its upper motor opens; that is lit at staging, if it does not lean."""
    folder = tmp_path_factory.mktemp("staged")
    for name in ("launch.yaml", "rocket.yaml"):
        text = (EXAMPLE.parents[1] / "two_stage" / name).read_text(encoding="utf-8")
        text = text.replace("{type: parachute,", "{type: parachute, reefed: 30 %, disreef_delay: 4 s,")
        text = text.replace("ignition: {event: ejection}", "ignition: {event: ejection, tilt_below: 60 deg}")
        (folder / name).write_text(text, encoding="utf-8")
    return compile_launch(dr.load(folder / "launch.yaml").values)


def opens(program, target, order, **event):
    """When the canopy and its rest open."""
    flight = fly(program, steering=steer([Does(order, {"e": dr.Event(target, **event)}, 20)]))
    times = {e.name: e.time for e in flight.events}
    return times.get("parachute: opening"), times.get("parachute (full): opening")


def test_what_was_ordered_before_staging_holds_after_it(two_stages):
    """The booster leaves at 2 s, and with that moment the upper motor is lit whose charge opens the canopy."""
    program, rest = two_stages, "parachute (full)"
    first, full = opens(program, rest, nothing)
    assert full == pytest.approx(first + 4.0, abs=0.01) and first > 5

    def early(what):
        return lambda now: {"e": what} if now.time_s < 0.5 else None

    cut = opens(program, rest, early("fire"))
    assert cut == (pytest.approx(first, abs=0.01), pytest.approx(first, abs=0.02)), (
        "a cutter that fired in its bag has cut"
    )
    assert opens(program, rest, early("inhibit")) == (pytest.approx(first, abs=0.01), None)
    assert opens(program, "parachute", early("inhibit")) == (None, None), (
        "a motor that is lit arms nothing that is inhibited"
    )
    assert opens(program, "parachute", nothing, alone=True) == (None, None)
    again = opens(
        program,
        "parachute",
        lambda now: {"e": "inhibit" if now.time_s < 0.5 else "arm"} if now.time_s < 0.5 or now.time_s > 4 else None,
    )
    assert again[0] == pytest.approx(first, abs=0.01), "and armed again it opens when its charge fires"
    late = opens(program, "parachute", lambda now: {"e": "fire"} if now.time_s > first - 1.0 else None)
    assert first - 1.0 < late[0] < first - 0.9


def test_what_is_out_is_not_opened_again_by_a_motor_that_is_lit(two_stages):
    """Fired in the boost it opens at once, and only once."""
    said = Does(lambda now: {"e": "fire"} if now.time_s > 0.3 else None, {"e": dr.Event("parachute")}, 20)
    flight = fly(two_stages, steering=steer([said]))
    at = [e.time for e in flight.events if e.name == "parachute: opening"]
    assert len(at) == 1 and 0.3 < at[0] < 0.5


# ---- what goes wrong ------------------------------------------------------------------------------------------------


def _raises(now):
    raise RuntimeError("no more")


@pytest.mark.parametrize(
    "law, says",
    [
        (_raises, "raised RuntimeError: 'no more'"),
        (lambda now: {"b": math.nan}, "commands nan of 'b'"),
        (lambda now: {"b": [0.1, 0.2]}, r"commands \[0.1, 0.2\] of 'b'; a command is one number"),
        (lambda now: {"brakes": 1.0}, "it commands 'brakes'"),
        (lambda now: 0.5, "commands are a mapping"),
        (lambda now: {"b": "half"}, "a command is one number"),
    ],
)
def test_what_a_controller_does_wrong_is_told_and_the_last_command_holds(law, says):
    program = brake_bird()

    def then(now):
        return {"b": 0.5} if now.time_s < 6 else law(now)

    steady, _ = up(program, [Does(lambda now: {"b": 0.5}, {"b": dr.AirBrakes()}, 5.0)])
    held, crew = up(program, [Does(then, {"b": dr.AirBrakes()}, 5.0)])
    assert held.out["apogee"] == steady.out["apogee"]
    record = crew.record()
    assert len(record.mishaps) == 1 and record.mishaps[0].time == pytest.approx(6.0) and record.mishaps[0].count > 20
    with pytest.raises(AssertionError, match=says):
        raise AssertionError(record.warnings[0])
    stopped, crew = up(program, [Does(then, {"b": dr.AirBrakes()}, 5.0, on_fault="stop")])
    assert stopped.out["code"] == FlightCode.CONTROLLER and stopped.track[-1, 0] == pytest.approx(6.0)
    assert crew.record().time[-1] == pytest.approx(6.0) and math.isnan(stopped.out["landing_time"])


@pytest.mark.parametrize(
    "given, says",
    [
        ("brakes", "controllers are a list"),
        ([3], "is no controller"),
        ([dr.Controller], "a class: give an object"),
        ([Does(nothing, ["brakes"])], "a mapping of names to what they move"),
        ([Does(nothing, {"b": 1})], "dr.AirBrakes, RollFins"),
        ([Does(nothing, {"b": dr.AirBrakes()}, 0.0)], "how often it is asked"),
        ([Does(nothing, {"b": dr.AirBrakes()}, "often")], "is a number"),
        ([Does(nothing, {"b": dr.AirBrakes()}, on_fault="shrug")], "'hold' or 'stop'"),
        ([Does(nothing, {"b": dr.AirBrakes()}), Does(nothing, {"b": dr.AirBrakes()})], "two controllers command 'b'"),
        ([Does(nothing, {"e": dr.Event("drouge")})], "did you mean 'drogue'"),
    ],
)
def test_controllers_that_cannot_be_are_refused_in_words(given, says):
    with pytest.raises(InputError, match=says):
        dr.fly(brake_bird(), controllers=given)


def test_brakes_without_their_drag_are_refused():
    with pytest.raises(InputError, match="does not say their drag"):
        dr.fly("examples/ndrt/launch.yaml", controllers=[Does(nothing, {"b": dr.AirBrakes()})])
