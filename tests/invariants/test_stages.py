"""Vehicles that come apart: what is conserved, when things happen, what is lit and what is not."""

from dataclasses import replace

import numpy as np
import pytest

from downrange.errors import FlightCode, InputError
from downrange.flight import compile_launch, fly
from downrange.flight.drivers import fly_single
from downrange.flight.kernel.layout import RECORD
from downrange.flight.legs import fly_tree
from downrange.flight.named import named_records
from downrange.flight.orders import Orders
from downrange.flight.parting import follow, loaded, part
from downrange.flight.variants import with_thrust
from downrange.frames import matrix_from_quaternion, multiply_quaternions, quaternion_on_rail
from downrange.rocket import Deploy, Ignition, MassObject, MassProperties, Parachute, Separation, combine
from vehicles import cluster, two_stager


def at(flight, name: str):
    return next(e for e in flight.events if e.name == name)


def momenta(body, rows, record, lit, earth):
    """Mass, linear momentum, and angular momentum about the pad, of a body in a state, by its mass properties alone."""
    t = record["time"]
    grains = []
    for j, n in zip(body.tubes, body.nozzles, strict=True):
        m, left = n.motor, float(n.motor.propellant_at(np.maximum(t - lit[:, j], -1.0))[0])
        roll, pitch = (float(v) for v in m.propellant_gyration(np.array(left / m.propellant_mass)))
        grains.append(MassProperties(left, np.array([n.centre, n.y, n.z]), left * np.diag([roll, pitch, pitch])))
    whole = combine([body.dry, *grains])
    R = matrix_from_quaternion(record["quaternion"])[0]
    x, v = record["position_enu"][0], record["velocity_enu"][0]
    w = record["omega_body"][0] - R.T @ earth
    return whole, whole.mass * v, whole.mass * np.cross(x, v) + R @ (whole.inertia @ w)


def test_momentum_and_angular_momentum_hold_where_it_comes_apart():
    """Unlit, tilted by 10 degrees and spinning: two bodies have what one had, and their masses are its mass."""
    launch = two_stager()
    vehicle = compile_launch(launch).vehicle
    whole, keys = vehicle.body(vehicle.root), [(("sustainer",)), (("booster",))]
    bodies = [vehicle.body(replace(vehicle.root, stages=k)) for k in keys]
    starts = np.zeros((1, RECORD))
    r = named_records(starts)
    tilt = np.array([np.cos(0.4), np.sin(0.4), 0.0, 0.0])
    r["time"], r["position_enu"], r["velocity_enu"] = 0.41, [[3.0, -7.0, 60.0]], [[11.0, -5.0, 90.0]]
    r["quaternion"] = multiply_quaternions(quaternion_on_rail(0.7, np.radians(80)), tilt)
    r["omega_body"] = [[9.0, 0.7, -0.4]]
    rows = whole.compiled.row[None]
    lit = np.array([[0.0, np.inf]])
    earth = np.asarray(launch.pad.rotation_enu)
    own = [follow(whole, b, rows, np.arange(1)) for b in bodies]
    pieces = part(whole, bodies, own, starts, lit=lit, impulse=0.3, earth_rate=earth)
    before = momenta(whole, rows, r, lit, earth)
    after = [momenta(b, o, named_records(p), lit, earth) for b, o, p in zip(bodies, own, pieces, strict=True)]
    assert sum(a[0].mass for a in after) == pytest.approx(before[0].mass, rel=1e-12)
    assert sum(a[1] for a in after) == pytest.approx(before[1], rel=1e-9)
    assert sum(a[2] for a in after) == pytest.approx(before[2], rel=1e-9, abs=1e-9 * np.linalg.norm(before[2]))
    apart = named_records(pieces[0])["velocity_enu"] - named_records(pieces[1])["velocity_enu"]
    R = matrix_from_quaternion(r["quaternion"])[0]
    along = (R.T @ apart[0])[0]
    masses = [loaded(b, o, lit, r["time"])[0][0] for b, o in zip(bodies, own, strict=True)]
    assert along == pytest.approx(0.3 / masses[0] + 0.3 / masses[1], rel=1e-9)


def test_events_come_at_their_times():
    """Burn-out of the booster at 0.8 s; it leaves then, and 0.35 s later the sustainer is lit."""
    f = fly(two_stager(Ignition(event="burn-out", of="booster", delay=0.35)), interpreted=True)
    assert at(f, "booster: separation").time == pytest.approx(0.8, abs=1e-9)
    assert at(f, "upper mount: ignition").time == pytest.approx(1.15, abs=1e-9)
    assert at(f, "upper mount: burn-out").time == pytest.approx(2.35, abs=1e-9)
    # the sustainer's charge: 4 s after its own burn-out, whenever it was lit
    assert at(f, "sustainer chute: opening").time == pytest.approx(2.35 + 4.0, abs=1e-9)
    sustainer, booster = f.flown
    assert (sustainer.name, booster.name) == ("sustainer", "booster")
    assert all(b.code == FlightCode.LANDED for b in f.flown)
    assert [b["name"] for b in f.summary()["bodies"]] == ["sustainer", "booster"]
    assert booster.raw.out["landing_time"] < sustainer.raw.out["landing_time"]
    assert sum(b.landing_mass for b in f.flown) == pytest.approx(f.launch.dry.mass, rel=1e-12)


def test_height_and_speed_at_burnout_are_of_the_burnout_that_is_told():
    f = fly(two_stager(Ignition(event="burn-out", of="booster", delay=0.35)), interpreted=True)
    here = f.sample(np.array([f.figures["burnout_time"]]))
    assert f.figures["burnout_time"] == pytest.approx(f.launch.motor.burnout_time)
    assert f.summary()["burnout_altitude_agl_m"] == pytest.approx(float(here.height[0]))
    bare = fly(two_stager(Ignition(event="burn-out", of="booster", delay=0.35), canopies=False), interpreted=True)
    last = 0.8 + 0.35 + bare.launch.motors[1].motor.burnout_time
    assert bare.figures["optimum_delay"] == pytest.approx(bare.raw.out["apogee_time"] - last)


def test_what_never_lifts_off_has_no_height_at_burnout():
    """Of stages too: nothing happened, and no number of it is made up."""
    flight = fly(compile_launch(with_thrust(two_stager(), 0.02)), interpreted=True)
    assert flight.code == FlightCode.NO_LIFTOFF
    for name in ("burnout_altitude_agl", "burnout_speed", "apogee_agl", "max_speed"):
        assert np.isnan(flight.figures[name]), name


def test_mass_steps_by_what_is_dropped():
    f = fly(two_stager(Ignition(event="burn-out", of="booster", delay=0.35)), interpreted=True)
    before, after = f.sample(np.array([0.8 - 1e-9, 0.8])).mass
    booster = f.program.vehicle.body(f.flown[1].arrival.body.key)
    assert before - after == pytest.approx(booster.dry.mass, rel=1e-6)


@pytest.mark.parametrize(
    "ignition, burns",
    [
        (Ignition(event="burn-out", of="booster", tilt_below=np.radians(20)), True),
        (Ignition(event="burn-out", of="booster", tilt_below=np.radians(2)), False),
        (Ignition(event="burn-out", of="booster", altitude_above=40.0), True),
        (Ignition(event="burn-out", of="booster", altitude_above=90.0), False),
        (Ignition(event="burn-out", of="booster", speed_above=200.0), False),
        (Ignition(event="never"), False),
    ],
)
def test_a_motor_is_lit_under_its_conditions_alone(ignition, burns):
    f = fly(two_stager(ignition), interpreted=True)
    assert any(e.name == "upper mount: ignition" for e in f.events) == burns
    left = f.flown[0].landing_mass - f.flown[0].arrival.body.dry.mass
    assert left == pytest.approx(0.0 if burns else 0.0125, abs=1e-9)
    assert (f.apogee > 250) == burns


def test_a_motor_is_lit_at_a_height_and_at_a_speed():
    high = fly(two_stager(Ignition(event="altitude", altitude=70.0)), interpreted=True)
    assert at(high, "upper mount: ignition").height == pytest.approx(70.0, abs=1e-3)
    slow = fly(two_stager(Ignition(event="speed", speed=60.0)), interpreted=True)
    assert at(slow, "upper mount: ignition").speed == pytest.approx(60.0, abs=1e-3)


def test_it_comes_apart_at_apogee_and_at_a_height_on_the_way_down():
    top = fly(two_stager(Ignition(event="never"), Separation(event="apogee", impulse=0.02)), interpreted=True)
    assert at(top, "booster: separation").time == pytest.approx(top.raw.out["apogee_time"], abs=1e-6)
    down = two_stager(
        Ignition(event="never"), Separation(event="altitude", altitude=40.0, falling=True, impulse=0.02), canopies=False
    )
    f = fly(down, interpreted=True)
    assert at(f, "booster: separation").height == pytest.approx(
        40.0, abs=0.3
    )  # of the sustainer's centre, no more the whole's
    assert at(f, "booster: separation").time > f.raw.out["apogee_time"]


def test_a_stage_that_does_not_leave_comes_down_with_the_rest():
    f = fly(two_stager(separation=Separation(event="never")), interpreted=True)
    assert [b.name for b in f.flown] == ["sustainer + booster"] and f.code == FlightCode.LANDED
    assert f.flown[0].landing_mass == pytest.approx(f.launch.dry.mass, rel=1e-12)


def test_a_booster_that_draws_away_by_drag_alone_does_not_come_back():
    f = fly(two_stager(Ignition(event="burn-out", of="booster", delay=1.5)), interpreted=True)
    (meeting,) = f.encounters
    assert (meeting.first, meeting.second) == ("sustainer", "booster") and not meeting.touches


def test_the_sustainer_hit_by_what_it_dropped_is_told():
    """Parted while the booster still pushes, and only the sustainer coasts: it runs into it."""
    f = fly(two_stager(Ignition(event="never"), Separation(event="time", time=0.3, impulse=1e-6)), interpreted=True)
    assert f.encounters[0].touches
    assert any("runs into" in w for w in f.warnings)


def test_orders_change_what_happens():
    """A motor out, a step that never comes, one that comes late."""
    program = compile_launch(two_stager())
    vehicle = program.vehicle
    names = [(s.kind, s.name) for s in vehicle.steps]
    upper, leaves = names.index(("ignition", "upper mount")), names.index(("separation", "booster"))

    def flyer(c, rows, starts, body, flight):
        raw = fly_single(c, row=rows[0], start=None if starts is None else starts[0], interpreted=True)
        return np.array([list(raw.out.values())]), raw.end[None], raw

    def flown(**orders):
        return fly_tree(vehicle, program.compiled.row[None], flyer, replace(Orders.planned(vehicle, 1), **orders))

    late = np.zeros((1, len(names)))
    late[0, upper] = 0.6
    assert max(a.lit[0, 1] for a in flown(late=late)) == pytest.approx(1.4, abs=1e-9)
    never = np.zeros((1, len(names)), bool)
    never[0, leaves] = True
    assert [a.body.key.name for a in flown(never=never)] == ["sustainer + booster"]
    out = np.zeros((1, 2), bool)
    out[0, 1] = True
    assert all(np.isnan(a.lit[0, 1]) for a in flown(out=out))


def test_one_motor_out_takes_a_cluster_off_its_way():
    """Towards the motor that is out, and less high; a cluster that burns whole stays upright in calm air."""
    straight, crooked = fly(cluster(), interpreted=True), fly(cluster((1,)), interpreted=True)
    drift = [np.hypot(f.raw.out["apogee_east"], f.raw.out["apogee_north"]) for f in (straight, crooked)]
    assert drift[0] < 2.0 < drift[1]
    assert crooked.apogee < 0.9 * straight.apogee
    assert straight.figures["thrust_to_weight"] == pytest.approx(4 / 3 * crooked.figures["thrust_to_weight"], rel=1e-6)


def test_a_device_that_no_charge_releases_is_an_error():
    launch = two_stager()
    rocket = launch.rocket
    booster = rocket.stages[1]
    bare = replace(booster.parts[0], parts=tuple(p for p in booster.parts[0].parts if p.name != "lower mount"))
    with pytest.raises(InputError):
        compile_launch(
            replace(launch, rocket=replace(rocket, parts=(rocket.stages[0], replace(booster, parts=(bare,)))))
        )


def payload(deploy: Deploy, separation: Separation | None = None, offset: float = 0.0):
    """A nose with a canopy and no fins, over a booster with the motor, which its ejection charge pushes off at 2 s."""
    launch = two_stager(separation=separation or Separation(event="ejection", impulse=0.05))
    nose, upper = launch.rocket.stages[0].parts
    upper = replace(
        upper, length=0.15, parts=(Parachute(name="top chute", diameter=0.3, offset=offset, deploy=deploy), MassObject(mass=0.02))
    )  # fmt: skip
    top = replace(launch.rocket.stages[0], parts=(nose, upper))
    low = launch.rocket.stages[1]
    chute = Parachute(name="low chute", diameter=0.2, deploy=Deploy(event="ejection"))
    low = replace(low, parts=(replace(low.parts[0], parts=(*low.parts[0].parts[:2], chute)),))
    return replace(launch, rocket=replace(launch.rocket, parts=(top, low)), more_motors=())


@pytest.mark.parametrize("delay", [0.0, 0.6])
def test_a_canopy_opens_as_the_stage_below_leaves(delay):
    """The charge fires 4 s after burn-out at 0.8 s and parts the two; the payload's canopy comes out then, not at apogee."""
    f = fly(payload(Deploy(event="separation", delay=delay)), interpreted=True)
    assert at(f, "booster: separation").time == pytest.approx(4.8, abs=1e-9)
    assert at(f, "top chute: opening").time == pytest.approx(4.8 + delay, abs=1e-9)
    top, low = f.flown
    assert top.code == low.code == FlightCode.LANDED
    assert not [w for w in f.warnings if "recovery device" in w], "that the whole has none open yet is no warning"
    weight = 9.81 * f.program.vehicle.body(replace(f.program.vehicle.root, stages=("sustainer",))).dry.mass
    area = np.pi / 4 * 0.3**2 * 0.75  # the canopy's; the body that hangs under it has little
    assert top.raw.out["landing_speed"] == pytest.approx((2 * weight / 1.225 / area) ** 0.5, rel=0.05)


def test_without_a_separation_it_never_opens():
    with pytest.raises(InputError, match="none that does"):
        fly(payload(Deploy(event="separation"), Separation(event="never")), interpreted=True)
    one = two_stager(canopies=False)
    whole = replace(
        one.rocket, parts=(*one.rocket.stages[:1], replace(one.rocket.stages[1], parts=(
            replace(one.rocket.stages[1].parts[0], parts=(
                *one.rocket.stages[1].parts[0].parts, Parachute(diameter=0.2, deploy=Deploy(event="separation")),)),)))
    )  # fmt: skip
    with pytest.raises(InputError, match="none that does"):
        fly(replace(one, rocket=whole), interpreted=True)


def test_a_canopy_may_lie_in_the_stage_behind_its_own():
    """It belongs to the payload and is packed in the booster's tube: within the whole, not within the piece."""
    f = fly(payload(Deploy(event="separation"), offset=0.2), interpreted=True)
    assert f.flown[0].code == FlightCode.LANDED
    with pytest.raises(InputError, match="outside the rocket"):
        payload(Deploy(event="separation"), offset=0.6)
