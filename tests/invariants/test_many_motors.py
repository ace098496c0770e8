"""Any number of motors as sums: against bodies added one by one, closed forms, and one motor of the same strength."""

from dataclasses import replace

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.aero import AeroOptions
from downrange.atmosphere import Weather
from downrange.earth import Pad
from downrange.errors import InputError
from downrange.flight import Launch, PlainBody, Rail, compile_body, compile_launch, fly, fly_single, state
from downrange.flight.interpreted import kernel
from downrange.flight.kernel.layout import FLIGHT_FIELDS, ON_AXIS, G
from downrange.flight.propulsion import NEVER_LIT, Nozzle, segment_tables, sums_at
from downrange.flight.rows import FIELD, STOP_APOGEE, STOP_HEIGHT, STOP_SPEED
from downrange.frames import quaternion_on_rail
from downrange.motor import Motor
from downrange.rocket import Deploy, MassProperties, Parachute, combine, cylinder
from downrange.tables import Table1D

WEIGHTLESS = Pad(0.0, 0.0, gravity_model="constant", constant_gravity=1e-9)


def motor(thrust=30.0, burn=1.3, mass=0.06, begin=0.0, **more) -> Motor:
    t = begin + burn * np.array([0.0, 0.13, 0.5, 0.93, 1.0])
    return Motor(
        designation="T", time=t, thrust=thrust * np.array([0.2, 1.4, 1.1, 0.7, 0.0]), diameter=0.0175, length=0.07,
        propellant_mass=mass, dry_mass=0.03, grain_length=0.08, grain_diameter=0.021, grain_bore=0.006, **more,
    )  # fmt: skip


PAIR = (Nozzle(motor(), 0.95, 0.021, -0.013), Nozzle(motor(44.0, 0.8, 0.035, 0.05), 0.87, -0.033, 0.008))
LIT = np.array([[0.3, 0.71]])


def at(table: np.ndarray, t: float) -> tuple[np.ndarray, float]:
    k = int(np.searchsorted(table[:, G["t0"]], t, "right")) - 1
    return table[k], t - table[k, G["t0"]]


def value(row: np.ndarray, s: float, name: str, terms: int) -> float:
    return float(sum(row[G[name] + n] * s**n for n in range(terms)))


def bodies(t: float) -> list[MassProperties]:
    """The propellant of each motor at t, one body each."""
    out = []
    for nozzle, lit in zip(PAIR, LIT[0], strict=True):
        m = nozzle.motor
        left = float(m.propellant_at(np.array(t - lit))) if t > lit else m.propellant_mass
        roll, pitch = (float(v) for v in m.propellant_gyration(np.array(left / m.propellant_mass)))
        out.append(
            MassProperties(
                left,
                np.array([nozzle.x - m.propellant_centre, nozzle.y, nozzle.z]),
                left * np.diag([roll, pitch, pitch]),
            )
        )
    return out


@pytest.mark.parametrize("t", [0.0, 0.1, 0.31, 0.73, 0.9, 1.37, 1.55])
def test_sums_are_those_of_the_bodies(t):
    row, s = at(segment_tables(PAIR, LIT)[0], t)
    here = bodies(t)
    total = combine(here)
    about = total.inertia_about(np.zeros(3))
    assert value(row, s, "m0", 3) == pytest.approx(total.mass, rel=1e-12)
    left = value(row, s, "m0", 3)
    mx, xx, rr = (
        value(row, left, of_mass, terms) + value(row, s, rest, 3)
        for of_mass, terms, rest in (("x0", 2, "mx0"), ("pitch0", 3, "xx0"), ("roll0", 3, "rr0"))
    )
    moments = (mx, value(row, s, "my0", 3), value(row, s, "mz0", 3))
    assert moments == pytest.approx(total.mass * total.cg, rel=1e-11, abs=1e-15)
    yy, zz = value(row, s, "yy0", 3), value(row, s, "zz0", 3)
    # Exact where one burns; where two unlike ones do, to a ten-thousandth of their own.
    alone = not 0.71 < t < 1.6
    assert rr + yy + zz == pytest.approx(about[0, 0], rel=1e-11 if alone else 2e-4)
    assert (xx + zz, xx + yy) == pytest.approx((about[1, 1], about[2, 2]), rel=1e-11 if alone else 1e-6)
    xy, xz, yz = (value(row, s, n, 3) for n in ("xy0", "xz0", "yz0"))
    # x counts aft in places and forward in the tensor
    assert (xy, xz, -yz) == pytest.approx((about[0, 1], about[0, 2], about[1, 2]), rel=1e-11)
    thrust = [
        float(np.interp(t - lit, n.motor.time, n.motor.thrust, left=0, right=0))
        for n, lit in zip(PAIR, LIT[0], strict=True)
    ]
    fx = value(row, s, "fx0", 2) + row[G["nozzle"]] * value(row, s, "f0", 2)
    assert fx == pytest.approx(np.dot(thrust, [n.x for n in PAIR]), rel=1e-11, abs=1e-12)
    for name, places in (
        ("f0", [1, 1]),
        ("fy0", [n.y for n in PAIR]),
        ("fz0", [n.z for n in PAIR]),
    ):
        assert value(row, s, name, 2) == pytest.approx(np.dot(thrust, places), rel=1e-11, abs=1e-12)


def test_many_flights_have_the_tables_that_each_has_alone():
    lit = np.array([[0.0, 0.2], [0.3, 0.3], [1.0, NEVER_LIT]])
    many = segment_tables(PAIR, lit)
    for k, one in enumerate(lit):
        alone = segment_tables(PAIR, one[None])[0]
        for t in np.linspace(0.013, 3.0, 29):
            (a, s), (b, u) = at(many[k], t), at(alone, t)
            for name, terms in (("f0", 2), ("m0", 3), ("my0", 3), ("on", 1)):
                assert value(a, s, name, terms) == pytest.approx(value(b, u, name, terms), rel=1e-9, abs=1e-12)
    assert many[2, -1, G["m0"]] == pytest.approx(
        PAIR[1].motor.propellant_mass
    )  # the motor that stays unlit keeps its own


def test_equal_motors_on_the_axis_fly_as_one():
    """Three motors in one place are one with three times the thrust."""
    launch = Launch(alpha_iii(), motor(10.0), rail=Rail(1.0, np.radians(85)))
    c = compile_launch(launch).compiled
    third = replace(
        launch.motor, thrust=launch.motor.thrust / 3, propellant_mass=launch.motor.propellant_mass / 3,
    )  # fmt: skip
    tables = segment_tables((Nozzle(third, launch.nozzle, jet=1 / 3),) * 3, np.zeros((1, 3)))[0]
    # a third of the propellant in a grain of the same size turns as a third of it
    one, three = fly_single(c, interpreted=True).out, fly_single(replace(c, segments=tables), interpreted=True).out
    for key in ("apogee", "apogee_time", "rail_exit_speed", "max_speed", "landing_time", "apogee_east"):
        assert three[key] == pytest.approx(one[key], rel=1e-9, abs=1e-9), key


def _turning(nozzles, lit, omega=(0.0, 0.0, 0.0), t=0.4):
    """Derivative of the 13-state of a plain body of 2 kg in a vacuum at rest, with motors; and its inertia."""
    body = PlainBody(2.0, np.diag([0.004, 0.11, 0.11]))
    c = compile_body(body, WEIGHTLESS, Weather(), top=100.0)
    row = c.row.copy()
    row[FIELD["cg"]], row[FIELD["density"]] = 0.6, 1e-9
    tables = segment_tables(nozzles, lit)[0]
    k = kernel()
    i = int(np.searchsorted(tables[:, G["t0"]], t, "right")) - 1
    y = state(np.zeros(3), np.zeros(3), quaternion_on_rail(0.3, 1.2), np.array(omega))
    F = k.layout.Flight(*row[: len(FLIGHT_FIELDS)])
    return np.array(k.physics.free_full(k.light(c.tables), F, tables[i].tolist(), t, tuple(y)))


def test_one_motor_out_turns_the_rocket_by_its_moment_over_inertia():
    """Four motors round the axis, the one at +y out: it turns about z, against the push that is left."""
    r = 0.03
    m = motor(20.0, reference_pressure=0.0)
    nozzles = [Nozzle(m, 1.0, y, z) for y, z in ((r, 0), (0, r), (-r, 0), (0, -r))]
    thrust = float(np.interp(0.4, m.time, m.thrust))
    whole = _turning(nozzles, np.zeros((1, 4)))
    assert whole[10:] == pytest.approx(np.zeros(3), abs=1e-9)
    three = _turning(nozzles, np.array([[NEVER_LIT, 0.0, 0.0, 0.0]]))
    left = [float(m.propellant_at(np.array(0.4)))] * 3
    grains = [
        MassProperties(
            w, np.array([n.x - m.propellant_centre, n.y, n.z]), w * np.diag([float(v) for v in (ro, pi, pi)])
        )
        for n, w in zip(nozzles, [m.propellant_mass, *left], strict=True)
        for ro, pi in [m.propellant_gyration(np.array(w / m.propellant_mass))]
    ]
    all_ = combine([MassProperties(2.0, np.array([0.6, 0.0, 0.0]), np.diag([0.004, 0.11, 0.11])), *grains])
    # each pushes along x at its own place: Σ r × F about the centre of gravity
    moment = sum(
        np.cross([-(n.x - all_.cg[0]), n.y - all_.cg[1], n.z - all_.cg[2]], [thrust, 0.0, 0.0]) for n in nozzles[1:]
    )
    assert three[10:] == pytest.approx(np.linalg.solve(all_.inertia, moment), rel=1e-9, abs=1e-9)
    assert three[12] == pytest.approx(
        thrust * r / all_.inertia[2, 2], rel=0.05
    )  # F r / I; what did not burn shifts the centre
    assert np.linalg.norm(three[3:6]) == pytest.approx(3 * thrust / all_.mass, rel=1e-9)


def test_a_canted_motor_pushes_along_its_own_axis():
    m = motor(20.0, reference_pressure=0.0)
    n = Nozzle(m, 1.0, 0.03, 0.01, slope_y=-0.05, slope_z=0.02)
    thrust = float(np.interp(0.4, m.time, m.thrust))
    seen = _turning([n], np.zeros((1, 1)))
    w = float(m.propellant_at(np.array(0.4)))
    roll, pitch = (float(v) for v in m.propellant_gyration(np.array(w / m.propellant_mass)))
    grain = MassProperties(w, np.array([1.0 - m.propellant_centre, 0.03, 0.01]), w * np.diag([roll, pitch, pitch]))
    all_ = combine([MassProperties(2.0, np.array([0.6, 0.0, 0.0]), np.diag([0.004, 0.11, 0.11])), grain])
    force = thrust * np.array([1.0, -0.05, 0.02])
    moment = np.cross([-(n.x - all_.cg[0]), n.y - all_.cg[1], n.z - all_.cg[2]], force)
    assert seen[10:] == pytest.approx(np.linalg.solve(all_.inertia, moment), rel=1e-9)
    assert np.linalg.norm(seen[3:6]) == pytest.approx(np.linalg.norm(force) / all_.mass, rel=1e-9)


def test_jet_damping_is_flow_times_lever_less_what_the_inertia_gives_back():
    """M = -(flow l² + dI/dt) q, l from the centre of gravity to the nozzle (Thomson, Introduction to Space Dynamics, 7.5)."""
    m, q, t = motor(20.0, reference_pressure=0.0), 0.7, 0.4
    n = [Nozzle(m, 1.0)]
    still, turns = _turning(n, np.zeros((1, 1))), _turning(n, np.zeros((1, 1)), (0.0, q, 0.0))

    def about(t: float, point: float) -> float:
        w = float(m.propellant_at(np.array(t)))
        _, pitch = m.propellant_gyration(np.array(w / m.propellant_mass))
        return w * float(pitch) + w * (1.0 - m.propellant_centre - point) ** 2

    w = float(m.propellant_at(np.array(t)))
    cg = (2.0 * 0.6 + w * (1.0 - m.propellant_centre)) / (2.0 + w)
    inertia = 0.11 + 2.0 * (0.6 - cg) ** 2 + about(t, cg)
    h = 1e-6
    flow = -(float(m.propellant_at(np.array(t + h))) - float(m.propellant_at(np.array(t - h)))) / (2 * h)
    shrinks = (about(t + h, cg) - about(t - h, cg)) / (2 * h)
    assert turns[11] - still[11] == pytest.approx(-(flow * (1.0 - cg) ** 2 + shrinks) * q / inertia, rel=1e-6)


def test_two_motors_in_turn_obey_the_rocket_equation():
    """In a vacuum without gravity, lit one after the other: c ln of the masses, each with its own."""
    first, second = motor(30.0, reference_pressure=0.0), motor(44.0, 0.8, 0.035, reference_pressure=0.0)
    body = PlainBody(0.4, np.diag([0.004, 0.11, 0.11]))
    c = compile_body(body, WEIGHTLESS, Weather(), top=1e4, tolerance=1e-10)
    row = c.row.copy()
    row[FIELD["cg"]], row[FIELD["density"]] = 0.6, 1e-9
    tables = segment_tables((Nozzle(first, 1.0), Nozzle(second, 0.7)), np.array([[0.0, 2.0]]))[0]
    begin = state(np.array([0, 0, 50.0]), np.zeros(3), quaternion_on_rail(0.0, np.pi / 2), np.zeros(3))
    raw = fly_single(replace(c, row=row, segments=tables), start=(0.0, begin), stop_time=4.0, interpreted=True)
    a, b = first.propellant_mass, second.propellant_mass
    wanted = first.impulse / a * np.log((0.4 + a + b) / (0.4 + b)) + second.impulse / b * np.log((0.4 + b) / 0.4)
    assert raw.track[-1, 6] == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize(
    "column, value, seen",
    [
        (STOP_HEIGHT, 60.0, "height"),
        (STOP_HEIGHT, -40.0, "height"),
        (STOP_SPEED, -20.0, "speed"),
        (STOP_APOGEE, 1.0, "apogee"),
    ],
)
def test_a_flight_stops_where_its_row_says(column, value, seen):
    body = PlainBody(1.0, np.eye(3))
    c = compile_body(body, Pad(0.0, 0.0, gravity_model="constant", constant_gravity=9.80665), Weather(), top=1000.0)
    row = c.row.copy()
    row[column] = value
    begin = state(np.array([0, 0, 10.0]), np.array([0, 0, 50.0]), quaternion_on_rail(0.0, np.pi / 2), np.zeros(3))
    end = fly_single(c, row=row, start=(0.0, begin), interpreted=True).end
    climb = {"height": (end[3], abs(value)), "speed": (end[6], 20.0), "apogee": (end[6], 0.0)}[seen]
    assert climb[0] == pytest.approx(climb[1], abs=1e-5)
    assert (end[6] < -1) == (value == -40.0)


def test_drag_alone_does_not_change_for_a_motor_that_burns_elsewhere():
    """A motor that does not fire from the base leaves the base's drag as it is."""
    launch = Launch(
        alpha_iii(), motor(10.0), aero=AeroOptions(drag_on=Table1D.constant(0.1), drag_off=Table1D.constant(0.9))
    )
    c = compile_launch(launch).compiled
    inside = segment_tables((Nozzle(launch.motor, launch.nozzle, jet=0.0),), np.zeros((1, 1)))[0]
    assert inside[:, G["on"]].max() == 0.0 and c.segments[:, G["on"]].max() == 1.0


def _thrown(launch: Launch) -> Launch:
    return replace(launch, motor_ejects_casing=True)


def test_an_ejected_casing_leaves_the_mass_at_its_charge():
    """Mass steps by exactly the casing's at the moment of the charge, and the centre of gravity to that of what is left."""
    rocket = alpha_iii()
    chute = Parachute(name="chute", diameter=0.3, deploy=Deploy(event="altitude", altitude=30.0))
    rocket = replace(rocket, parts=(rocket.parts[0], replace(rocket.parts[1], parts=(*rocket.parts[1].parts, chute))))
    launch = Launch(rocket, motor(10.0), rail=Rail(1.0, np.radians(87)), motor_delay=1.0)
    stays, leaves = fly(launch, interpreted=True), fly(_thrown(launch), interpreted=True)
    charge = launch.motor.burnout_time + 1.0
    before, after = leaves.sample(np.array([charge - 1e-6, charge + 1e-6])).mass
    assert before - after == pytest.approx(launch.motor.dry_mass, abs=1e-12)
    assert after == pytest.approx(rocket.without_motor.mass, abs=1e-12)
    assert leaves.landing_mass == pytest.approx(stays.landing_mass - 0.03, abs=1e-12)
    assert (
        leaves.figures["ground_hit_speed"] < 0.97 * stays.figures["ground_hit_speed"]
    )  # lighter under the same canopy
    c = compile_launch(_thrown(launch)).compiled
    assert c.full == compile_launch(launch).compiled.full
    left, moment = (float(v[0]) for v in sums_at(c.segments, np.array([charge + 0.1]))[1:])
    mass = c.row[FIELD["mass"]]
    assert (mass * c.row[FIELD["cg"]] + moment) / (mass + left) == pytest.approx(rocket.without_motor.cg[0], abs=1e-12)


def test_a_casing_takes_its_inertia_with_it():
    """Of a cluster off the axis, one casing thrown: what is left is the bodies that are left, about any point."""
    c = cylinder(0.03, 0.86, 0.07, outer=0.009, inner=0.008, y=0.021, z=-0.013)
    thrown = (replace(PAIR[0], casing=c, leaves=2.0), PAIR[1])
    row, s = at(segment_tables(thrown, LIT)[0], 2.4)  # lit at 0.3 s, both burnt out
    about = c.inertia_about(np.zeros(3))
    left = value(row, s, "m0", 3)
    assert left == pytest.approx(-0.03, abs=1e-15)
    xx, rr = (value(row, left, k, 3) + value(row, s, rest, 3) for k, rest in (("pitch0", "xx0"), ("roll0", "rr0")))
    yy, zz = value(row, s, "yy0", 3), value(row, s, "zz0", 3)
    assert (rr + yy + zz, xx + zz, xx + yy) == pytest.approx(-np.diag(about), rel=1e-12)
    xy, xz, yz = (value(row, s, n, 3) for n in ("xy0", "xz0", "yz0"))
    assert (xy, xz, -yz) == pytest.approx((-about[0, 1], -about[0, 2], -about[1, 2]), rel=1e-12)
    row, s = at(segment_tables(thrown, LIT)[0], 2.2)
    assert value(row, s, "m0", 3) == pytest.approx(0.0, abs=1e-15)  # not yet


def test_a_casing_needs_a_charge_that_throws_it():
    plugged = replace(motor(10.0), delays=(), plugged=True)
    with pytest.raises(InputError, match=r"throw out its casing: say which delay"):
        Launch(alpha_iii(), plugged, motor_ejects_casing=True)


def test_a_centre_that_moves_is_in_the_sums_of_one_motor():
    """A hybrid's propellant moves as it burns. What one motor on the axis reads has it all: nothing is left for the fuller physics."""
    m = motor(30.0)
    left = m.propellant_mass * np.array([1.0, 0.8, 0.5, 0.1, 0.0])
    moves = replace(m, propellant_left=left, propellant_centres=np.array([0.03, 0.035, 0.05, 0.06, 0.06]))
    table = segment_tables((Nozzle(moves, 1.0),), np.zeros((1, 1)))[0]
    for t in (0.05, 0.4, 0.9, 1.25):
        row, s = at(table, t)
        mass = value(row, s, "m0", 3)
        assert mass == pytest.approx(np.interp(t, m.time, left), rel=1e-12)
        for power, wanted in (
            (1, left * (1.0 - moves.propellant_centres)),
            (2, left * (1.0 - moves.propellant_centres) ** 2),
        ):
            now = np.interp(t, m.time, wanted)
            if power == 1:
                assert value(row, mass, "x0", 2) == pytest.approx(now, rel=1e-11)
            else:
                gyration = mass * float(moves.propellant_gyration(np.array(mass / m.propellant_mass))[1])
                assert value(row, mass, "pitch0", 3) == pytest.approx(now + gyration, rel=1e-11)
        assert np.abs(row[ON_AXIS : G["fy0"]]).max() < 1e-14
