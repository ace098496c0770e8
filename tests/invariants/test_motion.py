"""Closed forms, conservation and symmetry: what must hold whatever the numbers."""

import dataclasses

import numba
import numpy as np
import pytest

from alpha import alpha_iii
from cases import flight_case, mirrored_propellant
from downrange.aero import AeroOptions
from downrange.atmosphere import Air, Weather, Wind
from downrange.earth import Pad
from downrange.errors import FlightCode
from downrange.flight import (
    Launch,
    PlainBody,
    Rail,
    ThrustLine,
    compile_body,
    compile_launch,
    fly,
    fly_rows,
    fly_single,
    state,
)
from downrange.flight.fitted import Device
from downrange.flight.kernel.dopri import flight_from_row, segment_from_row
from downrange.flight.kernel.layout import G, O
from downrange.flight.kernel.many import _step_full as step_full
from downrange.flight.kernel.physics import free_full
from downrange.flight.recovery import hanging_body
from downrange.flight.track import _hermite
from downrange.frames import matrix_from_quaternion, quaternion_on_rail, rail_direction_enu
from downrange.motor import Motor, motor_from_catalogue
from downrange.rocket import Deploy, Parachute
from downrange.tables import Table1D

FLAT = Pad(0.7, 0.1, 100.0, "constant", 9.80665, rotating=False)
Q = np.array([0.5, -0.1, 0.7, 0.3]) / np.linalg.norm([0.5, -0.1, 0.7, 0.3])
NO_DRAG = AeroOptions(drag_off=Table1D.constant(0.0))


def brick() -> PlainBody:
    inertia = np.diag([0.7, 1.9, 2.6])
    inertia[0, 1] = inertia[1, 0] = 0.11
    inertia[0, 2] = inertia[2, 0] = -0.07
    return PlainBody(3.1, inertia)


def block_motor(thrust: float = 20.0, burn: float = 1.7) -> Motor:
    t = np.array([0, 1e-4, burn, burn + 1e-4])
    return Motor(
        designation="block",
        time=t,
        thrust=np.array([0, thrust, thrust, 0.0]),
        diameter=0.018,
        length=0.07,
        propellant_mass=0.012,
        dry_mass=0.012,
    )


def test_parabola_without_air():
    start = state(np.array([3.0, -4.0, 2000.0]), np.array([11.0, 7.0, 35.0]), Q, np.array([0.3, 1.1, -0.7]))
    raw = fly_single(compile_body(brick(), FLAT, Weather(), top=4000.0), start=(0.0, start), stop_time=13.7)
    t, y = raw.track[-1, 0], raw.track[-1, 1:]
    assert t == pytest.approx(13.7, abs=1e-9)
    want = start[:3] + start[3:6] * t + np.array([0, 0, -0.5 * 9.80665 * t * t])
    assert y[:3] == pytest.approx(want, abs=1e-5)
    assert raw.out["apogee_time"] == pytest.approx(35.0 / 9.80665, abs=1e-6)
    assert raw.out["apogee"] == pytest.approx(2000 + 35.0**2 / (2 * 9.80665), abs=1e-5)


def test_torque_free_tumbling_keeps_angular_momentum_and_energy():
    b = brick()
    omega = np.array([2.3, -1.7, 0.9])
    start = state(np.array([0, 0, 3000.0]), np.zeros(3), Q, omega)
    raw = fly_single(compile_body(b, FLAT, Weather(), top=4000.0, tolerance=1e-11), start=(0.0, start), stop_time=20.0)
    y = raw.track[-1, 1:14]

    def momentum(q, w):
        return matrix_from_quaternion(q / np.linalg.norm(q)) @ (b.inertia @ w)

    assert momentum(y[6:10], y[10:13]) == pytest.approx(momentum(Q, omega), rel=1e-7)
    assert y[10:13] @ b.inertia @ y[10:13] == pytest.approx(omega @ b.inertia @ omega, rel=1e-8)
    assert np.abs(y[10:13] - omega).max() > 0.1


def test_order_of_convergence_is_five():
    program = compile_body(brick(), FLAT, Weather(), top=4000.0)
    y0 = tuple(state(np.array([0, 0, 3000.0]), np.array([1.0, 2, 3]), Q, np.array([2.3, -1.7, 0.9])))

    @numba.njit(_nrt=False)  # as the kernel's own: a segment holds its array without counting references
    def march(T, row, rows, y, n, h):
        F, S = flight_from_row(row), segment_from_row(rows, 0)
        k = free_full(T, F, S, 0.0, y)
        for i in range(n):
            y, k, e = step_full(T, F, S, i * h, h, y, k, 1.0)
        return y

    def end(n):
        return np.array(march(program.tables, program.row, program.segments.ravel(), y0, n, 4.0 / n))[6:]

    exact = end(4096)
    errors = [np.abs(end(n) - exact).max() for n in (40, 80, 160)]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert np.all((orders > 4.6) & (orders < 5.6)), orders


def test_tsiolkovsky_and_rail_without_air():
    motor = block_motor()
    launch = Launch(alpha_iii(), motor, FLAT, rail=Rail(1.0), aero=NO_DRAG)
    f = fly(launch)
    m0, m1, c = launch.loaded.mass, launch.dry.mass, motor.impulse / motor.propellant_mass
    ideal = c * np.log(m0 / m1)
    o = f.raw.out
    # From lift-off the whole impulse counts but for what burns before thrust exceeds weight: 2e-6 s of ramp.
    assert o["burnout_speed"] == pytest.approx(ideal - 9.80665 * motor.burnout_time, rel=2e-4)
    a = 20.0 / m0 - 9.80665
    assert o["rail_exit_speed"] == pytest.approx(np.sqrt(2 * a * f.program.guides.upper_travel), rel=0.02)


def test_earth_rotation_pushes_a_vertical_flight_west():
    pad = Pad(0.0, 0.0, 0.0)
    body = PlainBody(1.0, np.eye(3))
    up = state(
        np.zeros(3) + [0, 0, 1.0], np.array([0, 0, 300.0]), np.array([np.sqrt(0.5), 0, -np.sqrt(0.5), 0]), np.zeros(3)
    )
    raw = fly_single(compile_body(body, pad, Weather(), top=6000.0, tolerance=1e-10), start=(0.0, up))
    # Textbook: a stone thrown up from the equator lands 4/3 ω v³/g² to the west.
    assert raw.out["landing_east"] == pytest.approx(-4 / 3 * 7.292115e-5 * 300.0**3 / 9.798**2, rel=0.01)
    assert abs(raw.out["landing_north"]) < 1e-6


@pytest.mark.parametrize("latitude", [0.8, -0.4])
def test_deflection_on_a_turning_earth_at_latitude(latitude):
    """The textbook's projectile to first order in ω (Goldstein, Classical Mechanics, on the Coriolis effect)."""
    g, w, t = 9.80665, 7.292115e-5, 20.0
    e, n, u = 70.0, 110.0, 150.0
    pad = Pad(latitude, 0.1, 0.0, "constant", g)
    begin = state(np.array([0, 0, 10.0]), np.array([e, n, u]), Q, np.zeros(3))
    raw = fly_single(
        compile_body(PlainBody(1.0, np.eye(3)), pad, Weather(), top=5000.0, tolerance=1e-11),
        start=(0.0, begin),
        stop_time=t,
    )
    s, c = np.sin(latitude), np.cos(latitude)
    want = [
        e * t + w * t**2 * (n * s - u * c) + w * g * t**3 * c / 3,
        n * t - w * t**2 * e * s,
        10 + u * t - g * t**2 / 2 + w * t**2 * e * c,
    ]
    assert raw.track[-1, 1:4] == pytest.approx(want, abs=0.02)  # the next order, (ωt)² v t, is 5 mm


@pytest.mark.parametrize("turn", [0.7, 2.9])
def test_turning_rail_and_wind_turns_the_flight(turn):
    def flown(azimuth, wind_from):
        wind = Wind.power_law(4.0, wind_from, elevation=100.0)
        launch = Launch(
            alpha_iii(),
            block_motor(),
            FLAT,
            Weather(Air.standard(), wind),
            Rail(1.0, np.radians(84), azimuth),
            tolerance=1e-9,
        )
        o = fly(launch).raw.out
        return np.array([[o["apogee_east"], o["apogee_north"]], [o["landing_east"], o["landing_north"]]]), o["apogee"]

    (a, za), (b, zb) = flown(0.4, 1.0), flown(0.4 + turn, 1.0 + turn)
    clockwise = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    # The launch lug makes the rocket unsymmetric, but it turns with the rail too.
    assert b == pytest.approx(a @ clockwise, abs=2e-4)
    assert zb == pytest.approx(za, abs=1e-5)


def test_lower_guide_stays_on_the_rail_while_the_rocket_swings():
    launch, _ = flight_case("juno3_2023")
    program = compile_launch(dataclasses.replace(launch, tolerance=1e-9))
    raw = fly_single(program)
    y = raw.track[0, 1:14]
    mass_left = np.interp(raw.out["pivot_exit_time"], launch.motor.time, launch.motor.propellant_at_samples)
    cg = (launch.dry.mass * launch.dry.cg[0] + mass_left * launch.propellant_centre) / (launch.dry.mass + mass_left)
    nose = matrix_from_quaternion(y[6:10])[:, 0]
    guide = y[:3] - (program.guides.lower - cg) * nose
    d = rail_direction_enu(launch.rail.azimuth, launch.rail.elevation)
    assert np.degrees(np.arccos(nose @ d)) > 0.05  # it did swing
    assert np.linalg.norm(guide - (guide @ d) * d) < 2e-3
    assert guide @ d + (program.guides.lower - launch.loaded.cg[0]) == pytest.approx(
        program.guides.lower_travel, abs=0.02
    )
    # 13 mm of these 20 are how far the centre of gravity has moved in the rocket by then.


def test_quaternion_on_the_rail():
    for az, el in ((0.0, np.pi / 2), (0.3, 1.4), (2.5, 1.1), (4.0, 1.5)):
        m = matrix_from_quaternion(quaternion_on_rail(az, el))
        assert m[:, 0] == pytest.approx(rail_direction_enu(az, el), abs=1e-12)
        assert m[:, 1] == pytest.approx([-np.cos(az), np.sin(az), 0.0], abs=1e-12)


def test_terminal_speed_and_drift_under_a_canopy():
    body = PlainBody(2.0, np.eye(3))
    wind = Wind(Table1D.constant(3.0), Table1D.constant(-1.5))
    device = Device("main", 2.0, 0.0, 0.0, 0.0, 1.3, 0.0, False, "time")
    c = compile_body(body, FLAT, Weather(Air.standard(), wind), top=2000.0, devices=(device,), tolerance=1e-9)
    start = state(np.array([0, 0, 800.0]), np.array([3.0, -1.5, -5.0]), Q, np.zeros(3))
    o = fly_single(c, start=(0.0, start)).out
    rho = float(Air.standard().density(100.0))
    assert o["landing_speed"] == pytest.approx(
        np.hypot(np.sqrt(2 * 2 * 9.80665 / (rho * 1.3)), np.hypot(3, 1.5)), rel=1e-3
    )
    assert o["landing_east"] == pytest.approx(3.0 * o["landing_time"], rel=1e-4)
    assert o["landing_north"] == pytest.approx(-1.5 * o["landing_time"], rel=1e-4)


def test_default_tolerance_is_within_20_cm_of_the_answer():
    for name in ("bella_lui_2020", "genesis_2023", "ndrt_2020", "camoes_2023"):
        program = compile_launch(flight_case(name)[0])
        fine = fly_single(program, tolerance=1e-10, stop_at_apogee=True).out["apogee"]
        assert fly_single(program, stop_at_apogee=True).out["apogee"] == pytest.approx(fine, abs=0.2), name


def test_lanes_fly_as_one_flight_does_and_do_not_depend_on_threads_or_chunks():
    launch = Launch(
        alpha_iii(), motor_from_catalogue("Estes C6"), Pad(0.8, 0.1, 400.0), Weather(Air.standard(), Wind.power_law(4.0, 1.2, elevation=400.0)),
        Rail(1.0, np.radians(86), 0.8), thrust_line=ThrustLine(0.004, -0.003, 1e-4, 0.0),
    )  # fmt: skip
    program = compile_launch(launch)
    rng = np.random.default_rng(3)
    rows = np.repeat(program.compiled.row[None], 70, axis=0)
    for name in (0, 11, 14):
        rows[:, name] *= 1 + 0.05 * rng.standard_normal(70)
    one = fly_rows(program, rows, threads=1)
    assert np.array_equal(one, fly_rows(program, rows, threads=2, chunk=17), equal_nan=True)
    order = rng.permutation(70)
    assert np.array_equal(one[order], fly_rows(program, rows[order], threads=1), equal_nan=True)
    assert np.all(one[:, O["code"]] == FlightCode.LANDED)
    for i in range(0, 70, 7):
        single = fly_single(program, row=rows[i]).out
        for key in ("apogee", "landing_east", "landing_north", "rail_exit_speed", "max_mach", "landing_time"):
            assert one[i, O[key]] == pytest.approx(single[key], abs=1e-6), key
    assert np.ptp(one[:, O["apogee"]]) > 5


def test_lanes_and_one_flight_start_from_a_given_state():
    program = compile_launch(Launch(alpha_iii(), motor_from_catalogue("Estes C6"), rail=Rail(1.0, np.radians(80))))
    raw = fly_single(program, tolerance=1e-9)
    k = int(np.searchsorted(raw.track[:, 0], 1.0))
    begin = raw.track[k, :14]
    again = fly_single(program, start=(begin[0], begin[1:]), tolerance=1e-9).out
    rows = np.repeat(program.compiled.row[None], 3, axis=0)
    lanes = fly_rows(program, rows, starts=np.repeat(begin[None], 3, axis=0), tolerance=1e-9, threads=1)
    for key in ("apogee", "apogee_time", "landing_east", "landing_time"):
        assert again[key] == pytest.approx(raw.out[key], abs=2e-4), key
        assert lanes[2, O[key]] == pytest.approx(again[key], abs=1e-6), key


def test_odd_fins_and_brakes_fly_in_lanes_too():
    launch, _ = flight_case("camoes_2023")
    program = compile_launch(launch)
    assert program.compiled.full
    lanes = fly_rows(program, np.repeat(program.compiled.row[None], 3, axis=0), threads=1)
    assert lanes[2, O["apogee"]] == pytest.approx(fly_single(program).out["apogee"], abs=1e-6)
    two = compile_launch(Launch(alpha_iii(2), motor_from_catalogue("Estes C6"), rail=Rail(1.0)))
    assert two.compiled.full and two.aero.odd is not None
    flown = fly_rows(two, np.repeat(two.compiled.row[None], 2, axis=0), threads=1)
    assert flown[1, O["landing_time"]] == pytest.approx(fly_single(two).out["landing_time"], abs=1e-6)


def test_two_runs_are_the_same_and_inputs_stay():
    launch, _ = flight_case("genesis_2023")
    program = compile_launch(launch)
    row = program.compiled.row.copy()
    a, b = fly_single(program), fly_single(program)
    assert np.array_equal(list(a.out.values()), list(b.out.values()), equal_nan=True)
    assert np.array_equal(a.track, b.track)
    assert np.array_equal(row, program.compiled.row)


def test_no_lift_off_says_so_and_has_no_landing():
    heavy = dataclasses.replace(alpha_iii())
    f = fly(Launch(heavy, block_motor(thrust=0.3, burn=10.0), FLAT, rail=Rail(1.0)))
    assert f.code == FlightCode.NO_LIFTOFF
    s = f.summary()
    assert s["apogee_agl_m"] is None and s["landing_east_m"] is None and s["bodies"] == []
    assert any("stays on the pad" in w for w in s["warnings"])


def test_time_limit_is_not_a_landing():
    f = fly(Launch(alpha_iii(), block_motor(), FLAT, rail=Rail(1.0), time_limit=5.0))
    assert f.code == FlightCode.TIME_LIMIT and f.summary()["ground_hit_speed_m_s"] is None


def test_ballistic_return_where_nothing_opens():
    nose, body = alpha_iii().parts
    kept = tuple(p for p in body.parts if not isinstance(p, Parachute))
    rocket = dataclasses.replace(alpha_iii(), parts=(nose, dataclasses.replace(body, parts=kept)))
    light = dataclasses.replace(block_motor(), dry_mass=0.001)
    f = fly(Launch(rocket, light, FLAT, rail=Rail(1.0, np.radians(85))))
    assert f.figures["burnout_margin"] > 0.9
    assert f.code == FlightCode.LANDED and np.isnan(f.raw.out["deploy_time"])
    last = f.trajectory
    assert np.degrees(last.angle_of_attack[-1]) < 2 and np.degrees(last.elevation[-1]) < -60  # nose first
    drag = f.program.aero.drag(float(last.mach[-1]), float(last.airspeed[-1]) / 1.5e-5)
    weight = f.launch.dry.mass * 9.80665
    assert f.raw.out["landing_speed"] == pytest.approx(
        np.sqrt(2 * weight / (1.21 * f.launch.rocket.reference_area * drag)), rel=0.1
    )
    assert any("ballistic" in w for w in f.warnings)


def test_devices_add_or_replace_and_inflate_in_time():
    nose, body = alpha_iii().parts
    rest = tuple(p for p in body.parts if not isinstance(p, Parachute))

    def flown(replaces: bool, inflation: float = 0.0) -> float:
        drogue = Parachute(name="drogue", mass=0.001, cd_area=0.02, inflation_time=0.0)
        main = Parachute(
            name="main",
            mass=0.001,
            cd_area=0.06,
            inflation_time=inflation,
            replaces_others=replaces,
            deploy=Deploy(event="altitude", altitude=30.0),
        )
        parts = (*rest, drogue, main)
        rocket = dataclasses.replace(alpha_iii(), parts=(nose, dataclasses.replace(body, parts=parts)))
        return fly(Launch(rocket, block_motor(), FLAT, rail=Rail(1.0))).raw.out["landing_speed"]

    # Each was measured with the body on its cord, which both together carry once.
    hung = hanging_body(alpha_iii())
    cloth = hung.canopy_alone(0.02) + hung.canopy_alone(0.06)
    assert flown(True) / flown(False) == pytest.approx(np.sqrt((cloth + float(hung.under(cloth))) / 0.06), rel=2e-3)
    assert flown(True, inflation=30.0) > 1.3 * flown(True)


def test_unstable_rocket_flies_low_and_says_why():
    backwards = Launch(alpha_iii(), block_motor(), FLAT, rail=Rail(1.0, np.radians(85)))
    nose, body = backwards.rocket.parts
    from downrange.rocket import TrapezoidalFins

    small = tuple(dataclasses.replace(p, span=0.004) if isinstance(p, TrapezoidalFins) else p for p in body.parts)
    rocket = dataclasses.replace(backwards.rocket, parts=(nose, dataclasses.replace(body, parts=small)))
    f = fly(dataclasses.replace(backwards, rocket=rocket))
    assert f.figures["static_margin"] < 0
    assert any(w.startswith("UNSTABLE") and "nose weight" in w for w in f.warnings)
    assert f.code == FlightCode.LANDED and f.apogee < 0.7 * fly(backwards).apogee


@pytest.mark.parametrize("loaded", [False, True])
def test_pitch_oscillation_has_the_closed_forms_frequency_and_damping(loaded):
    """Small oscillations, burnt out or loaded: ω² = q S CNα (x_cp - x_cg)/I, and the decay.

    Loaded, it tells the right lever arm from the wrong one: the arm from the present centre of gravity, not from the
    dry one or its mirror image.
    """
    launch, _ = flight_case("juno3_2023")
    no_drag = dataclasses.replace(launch.aero, drag_off=Table1D.constant(0.0), drag_on=Table1D.constant(0.0))
    weightless = dataclasses.replace(launch.pad, gravity_model="constant", constant_gravity=1e-6)
    launch = dataclasses.replace(launch, pad=weightless, weather=Weather(), aero=no_drag)
    program = compile_launch(launch)
    if loaded:  # all propellant aboard, and no thrust
        segment = program.compiled.segments[:1].copy()
        held = [G[k] for k in ("m0", "x0", "x1", "pitch0", "pitch1", "pitch2", "roll0", "roll1", "roll2")]
        kept, segment[0] = segment[0, held], 0.0
        segment[0, held], segment[0, G["t1"]] = kept, 1e9
        program = dataclasses.replace(program, compiled=dataclasses.replace(program.compiled, segments=segment))
    body = launch.loaded if loaded else launch.dry
    speed, up, t0, tilt = 200.0, 1500.0, 50.0, np.radians(0.5)
    axes = matrix_from_quaternion(quaternion_on_rail(0.0, np.pi / 2))
    velocity = speed * (np.cos(tilt) * axes[:, 0] + np.sin(tilt) * axes[:, 2])
    begin = state(np.array([0, 0, up]), velocity, quaternion_on_rail(0.0, np.pi / 2), np.zeros(3))

    def pitch_rate(compiled):
        raw = fly_single(compiled, start=(t0, begin), tolerance=1e-10, stop_time=t0 + 2.0)
        return _hermite(t0 + np.arange(0.0, 1.9, 0.002), raw.track)[0][:, 11]

    def frequency(rate):
        crossings = 0.002 * np.flatnonzero(np.diff(np.sign(rate)) != 0)[1:]
        return np.pi / np.mean(np.diff(crossings))

    rate = pitch_rate(program.compiled)
    mach = speed / 340.0
    aero, S, inertia, cg = program.aero, launch.rocket.reference_area, body.inertia[1, 1], float(body.cg[0])
    q = 0.5 * float(launch.weather.air.density(launch.pad.elevation + up + speed)) * speed**2  # middle of the second
    arm = aero.centre_of_pressure(mach) - cg
    assert frequency(rate) == pytest.approx(np.sqrt(q * S * aero.normal_slope(mach) * arm / inertia), rel=0.015)

    a0, a1, a2 = (float(np.interp(mach, aero.mach, t)) for t in (aero.a0, aero.a1, aero.a2))
    b2 = cg**2 * a0 - 2 * cg * a1 + a2
    decay = 0.5 * q * S / speed * (b2 / inertia + a0 / body.mass)
    size = np.abs(rate)
    peaks = size[1:-1][(size[1:-1] > size[:-2]) & (size[1:-1] > size[2:])]
    assert np.log(peaks[0] / peaks[2]) * frequency(rate) / (2 * np.pi) == pytest.approx(decay, rel=0.1)
    if loaded:
        mirrored = mirrored_propellant(launch)[:1]
        kept, mirrored[0] = mirrored[0, held], 0.0
        mirrored[0, held], mirrored[0, G["t1"]] = kept, 1e9
        wrong = frequency(pitch_rate(dataclasses.replace(program.compiled, segments=mirrored)))
        assert wrong > 1.2 * frequency(rate)


def test_thrust_grows_with_height_where_the_nozzle_is_known():
    def leaves(area, elevation):
        motor = dataclasses.replace(block_motor(), nozzle_exit_area=area)
        pad = dataclasses.replace(FLAT, elevation=elevation)
        launch = Launch(alpha_iii(), motor, pad, rail=Rail(1.0), aero=NO_DRAG)
        raw = fly_single(compile_launch(launch))
        return raw.out["rail_exit_speed"], launch

    area, high = 4e-5, 4000.0
    plain, launch = leaves(None, high)
    more, _ = leaves(area, high)
    extra = area * (101325.0 - float(Air.standard().pressure(high)))
    net = 20.0 - 9.80665 * launch.loaded.mass
    assert extra > 1.0
    assert more / plain == pytest.approx(np.sqrt((net + extra) / net), rel=1e-3)
    assert leaves(area, 0.0)[0] == pytest.approx(leaves(None, 0.0)[0], rel=1e-4)
