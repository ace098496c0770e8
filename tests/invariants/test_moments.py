"""Moments of the motor and of canted fins, each against a closed form or a balance."""

import dataclasses

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.aero import AeroOptions
from downrange.earth import Pad
from downrange.flight import Launch, Rail, ThrustLine, compile_launch, fly_single, state
from downrange.flight.kernel.layout import FLIGHT_FIELDS
from downrange.flight.track import _hermite
from downrange.frames import matrix_from_quaternion, quaternion_on_rail
from downrange.motor import Motor
from downrange.rocket import LaunchLug, Rocket, TrapezoidalFins, combine, planform
from downrange.rocket.mass import MassProperties

WEIGHTLESS = Pad(0.7, 0.1, 100.0, "constant", 1e-9, rotating=False)
MOTOR = Motor(
    designation="m", time=np.array([0, 0.01, 2.0, 2.01]), thrust=np.array([0, 30, 30, 0.0]), diameter=0.018, length=0.07,
    propellant_mass=0.02, dry_mass=0.012,
)  # fmt: skip


def symmetric() -> Rocket:
    """The Alpha III without its launch lug: balanced on the axis, no products of inertia."""
    rocket = alpha_iii()
    nose, body = rocket.parts
    kept = tuple(p for p in body.parts if not isinstance(p, LaunchLug))
    return dataclasses.replace(rocket, parts=(nose, dataclasses.replace(body, parts=kept)))


def vacuum(launch: Launch) -> tuple:
    """The compiled launch and its parameter row without air."""
    compiled = compile_launch(launch).compiled
    row = compiled.row.copy()
    row[FLIGHT_FIELDS.index("density")] = 0.0
    return compiled, row


def start(omega: tuple[float, float, float], speed: float = 0.0) -> tuple[float, np.ndarray]:
    up = quaternion_on_rail(0.3, np.pi / 2)
    return 0.5, state(np.array([0, 0, 50.0]), np.array([0, 0, speed]), up, np.array(omega))


@pytest.mark.parametrize(
    ("line", "axis", "sign"),
    [
        (ThrustLine(angle_y=0.002), 12, -1.0),  # a push to +y behind the centre of gravity turns the nose to -y
        (ThrustLine(angle_z=0.002), 11, +1.0),
        (ThrustLine(offset_y=1e-4), 12, -1.0),  # a push ahead along a line beside the axis
        (ThrustLine(offset_z=1e-4), 11, +1.0),
    ],
)
def test_misaligned_thrust_turns_the_rocket(line, axis, sign):
    launch = Launch(symmetric(), MOTOR, WEIGHTLESS, rail=Rail(1.0), guides=(0.15, 0.25), thrust_line=line)
    compiled, row = vacuum(launch)
    dt = 1e-3
    rate = fly_single(compiled, row=row, start=start((0, 0, 0)), stop_time=0.5 + dt, tolerance=1e-10).track[
        -1, 1 + axis
    ]
    left = float(np.interp(0.5, MOTOR.time, MOTOR.propellant_at_samples))
    roll, pitch = MOTOR.propellant_gyration(np.array(left / MOTOR.propellant_mass))
    grain = MassProperties(
        left, np.array([launch.propellant_centre, 0, 0]), left * np.diag([float(roll), float(pitch), float(pitch)])
    )
    now = combine([launch.dry, grain])
    lever = launch.nozzle - now.cg[0]
    moment = 30.0 * ((line.angle_y + line.angle_z) * lever + line.offset_y + line.offset_z)
    assert rate == pytest.approx(sign * moment * dt / now.inertia[1, 1], rel=5e-3)


def test_jet_damping_balances_angular_momentum():
    """In vacuum d(Iω)/dt = -ṁ l_e² ω: what the exhaust carries off, and no more."""
    launch = Launch(symmetric(), MOTOR, WEIGHTLESS, rail=Rail(1.0), guides=(0.15, 0.25))
    compiled, row = vacuum(launch)
    motor, dry = launch.motor, launch.dry
    raw = fly_single(compiled, row=row, start=start((0.0, 0.6, 0.0)), stop_time=1.9, tolerance=1e-11)
    t = np.linspace(0.5, 1.9, 4001)
    omega = _hermite(t, raw.track)[0][:, 11]
    burn = motor.propellant_mass * 30.0 / motor.impulse
    left = motor.propellant_mass * (1 - (0.15 + 30.0 * (t - 0.01)) / motor.impulse)
    cg = (dry.mass * dry.cg[0] + left * launch.propellant_centre) / (dry.mass + left)
    k2 = motor.propellant_gyration(left / motor.propellant_mass)[1]
    inertia = dry.inertia[1, 1] + dry.mass * (cg - dry.cg[0]) ** 2 + left * (k2 + (cg - launch.propellant_centre) ** 2)
    carried = burn * (launch.nozzle - cg) ** 2 * omega
    lost = np.trapezoid(carried, t)
    assert inertia[0] * omega[0] - inertia[-1] * omega[-1] == pytest.approx(lost, rel=0.02)
    assert omega[-1] < 0.995 * omega[0]


def test_canted_fins_reach_the_rate_at_which_forcing_and_damping_balance():
    """p/V = δ (1 + τ)(r + y_MAC) / (∫ c ξ² dy / S_f): positive cant rolls to the right, clockwise from behind."""
    nose, body = alpha_iii().parts
    cant = np.radians(1.5)
    parts = tuple(dataclasses.replace(p, cant=cant) if isinstance(p, TrapezoidalFins) else p for p in body.parts)
    rocket = dataclasses.replace(alpha_iii(), parts=(nose, dataclasses.replace(body, parts=parts)))
    launch = Launch(
        rocket, MOTOR, WEIGHTLESS, rail=Rail(1.0), guides=(0.15, 0.25), aero=AeroOptions(method="barrowman")
    )
    begin = (5.0, start((0.0, 0.0, 0.0), speed=60.0)[1])
    raw = fly_single(compile_launch(launch), start=begin, stop_time=5.6, tolerance=1e-8)
    y = raw.track[-1, 1:14]
    fin = next(p for p in parts if isinstance(p, TrapezoidalFins))
    plan, r = planform(fin), 0.012
    xi = r + plan.y
    damping = (plan.chord * xi**2).sum() * plan.dy / plan.area
    forcing = cant * (1 + r / (r + fin.span)) * (r + plan.mac_height)
    assert y[10] > 0
    assert y[10] / np.linalg.norm(y[3:6]) == pytest.approx(forcing / damping, rel=0.03)


def four_fins(**fin) -> Rocket:
    """Four fins, the first in the body's y direction, the third opposite, with changes to the set."""
    nose, body = alpha_iii(4).parts
    kept = tuple(
        dataclasses.replace(p, **fin) if isinstance(p, TrapezoidalFins) else p
        for p in body.parts
        if not isinstance(p, LaunchLug)
    )
    return dataclasses.replace(alpha_iii(), parts=(nose, dataclasses.replace(body, parts=kept)))


def coast(rocket: Rocket, sideways: float = 0.0) -> np.ndarray:
    """State after 10 ms at 60 m/s along the body's x and `sideways` along its z, without thrust; velocity in body axes first."""
    launch = Launch(rocket, MOTOR, WEIGHTLESS, rail=Rail(1.0), guides=(0.15, 0.25))
    _, y = start((0.0, 0.0, 0.0))
    axes = matrix_from_quaternion(y[6:10])
    y[3:6] = axes @ np.array([60.0, 0.0, sideways])
    out = fly_single(compile_launch(launch), start=(5.0, y), stop_time=5.01, tolerance=1e-9).track[-1, 1:14]
    return np.concatenate([axes.T @ out[3:6], out[10:13]])


def test_one_misaligned_fin_rolls_right_and_turns_the_nose():
    """Positive cant rolls to the right: the fin on the y side pushes to +z there, behind the centre of gravity, which pitches up."""
    straight, bent = coast(four_fins()), coast(four_fins(misalignments=(np.radians(1.0),)))
    change = bent - straight
    assert change[3] > 0 and change[2] > 0 and change[4] > 0
    assert abs(change[1]) < 0.05 * change[2] and abs(change[5]) < 0.05 * change[4]


def test_a_lost_fin_rolls_where_it_meets_cross_flow():
    """Sliding to +z, the fin opposite the lost one (y < 0) is pushed to -z: that rolls to the right."""
    whole, lost = coast(four_fins(), 2.0), coast(four_fins(missing=(1,)), 2.0)
    assert abs(whole[3]) < 1e-6 and lost[3] > 0.1
    assert coast(four_fins(missing=(3,)), 2.0)[3] == pytest.approx(-lost[3], rel=1e-3)
    assert lost[4] < whole[4] + abs(whole[4])  # and still turns into the wind


@pytest.mark.parametrize("fin", [{"missing": (1,)}, {"misalignments": (0.02, 0.0, 0.01, 0.0)}, {"count": 2}])
@pytest.mark.parametrize("turn", [0.65, np.pi / 2, 2.9])
def test_a_rocket_turned_with_its_flow_turns_with_it(fin, turn):
    """Fins that are not alike in all planes, turned about the axis with the flow and the rates that they meet: the change of speed and
    spin turns as a vector. A sign or a place of one plane's terms alone would show."""
    c, s = np.cos(turn), np.sin(turn)
    about = np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])
    through, rates = np.array([60.0, 2.5, -1.4]), np.array([0.8, -0.9, 1.7])

    def changes(angle: float, flow: np.ndarray, spin: np.ndarray) -> np.ndarray:
        launch = Launch(four_fins(angle=angle, **fin), MOTOR, WEIGHTLESS, rail=Rail(1.0), guides=(0.15, 0.25))
        _, y = start((0.0, 0.0, 0.0))
        axes = matrix_from_quaternion(y[6:10])
        y[3:6], y[10:13] = axes @ flow, spin
        out = fly_single(compile_launch(launch), start=(5.0, y), stop_time=5.002, tolerance=1e-9).track[-1, 1:14]
        return np.stack([axes.T @ (out[3:6] - y[3:6]), out[10:13] - spin])

    straight, turned = changes(0.0, through, rates), changes(turn, about @ through, about @ rates)
    size = np.abs(straight).max(axis=1)
    assert (size > 0.01).all()
    for was, now, scale in zip(straight, turned, size, strict=True):
        assert now == pytest.approx(about @ was, abs=2e-3 * scale)
