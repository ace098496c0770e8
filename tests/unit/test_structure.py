"""Flutter, divergence, bending and heat: published constants, closure and limits."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.aero import fin_strengths
from downrange.flight import Launch, Rail, fly
from downrange.flight.structure import Structure, structures
from downrange.motor import Motor
from downrange.project import open_project
from downrange.project.campaigns import plan_campaign
from downrange.rocket import BodyTube, NoseCone, Rocket, TrapezoidalFins, part_mass

EXAMPLES = Path(__file__).parents[2] / "examples"


def rocket(**fin) -> Rocket:
    fins = TrapezoidalFins(
        **{
            "count": 4, "root_chord": 0.2, "tip_chord": 0.1, "span": 0.1, "sweep": 0.08, "thickness": 0.003, "position": "bottom",
            "material": "fiberglass", **fin,
        }
    )  # fmt: skip
    return Rocket(
        "r",
        (
            NoseCone(shape="ogive", length=0.3, diameter=0.08, wall=0.002),
            BodyTube(length=1.2, wall=0.002, parts=(fins,)),
        ),
    )


def test_flutter_speed_is_tn_4197s():
    """V_f = a √(G / (39.3 A³/((t/c)³ (A + 2)) (λ + 1)/2 (p/p₀))) with G in psi: the report's equation 18 in its own units."""
    fin = fin_strengths(rocket(shear_modulus=4.1e9))[0]
    aspect, taper, ratio = 0.1**2 / 0.015, 0.5, 0.003 / 0.2
    psi = 4.1e9 / 6894.757
    for p in (101325.0, 70000.0):
        denominator = 39.3 * aspect**3 / (ratio**3 * (aspect + 2)) * (taper + 1) / 2 * (p / 101325.0)
        assert fin.flutter_mach(p) == pytest.approx(np.sqrt(psi / denominator), rel=0.005)


def test_stiffer_thicker_and_shorter_fins_flutter_later():
    base = fin_strengths(rocket())[0].flutter_pressure
    assert fin_strengths(rocket(thickness=0.006))[0].flutter_pressure == pytest.approx(8 * base, rel=1e-9)
    assert fin_strengths(rocket(material="aluminum"))[0].flutter_pressure == pytest.approx(26.2 / 4.1 * base, rel=1e-9)
    assert fin_strengths(rocket(span=0.08))[0].flutter_pressure > 1.4 * base
    wedge = fin_strengths(rocket(section="wedge"))[0].flutter_pressure
    assert wedge == pytest.approx(base * 0.25 / (2 / 3 - 0.25), rel=1e-9)  # its mass lies farther aft
    assert np.isnan(fin_strengths(rocket(material="cork"))[0].flutter_pressure)


def test_divergence_of_a_rectangular_fin_has_its_closed_form():
    """A rod of torsional stiffness GJ under q c e a θ per length diverges where (λ s)² = (π/2)², λ² = q c e a / GJ."""
    fin = fin_strengths(rocket(tip_chord=0.2, sweep=0.0, shear_modulus=4.1e9))[0]
    from downrange.aero.fins import fin_slope
    from downrange.rocket import FinSet, planform

    part = rocket(tip_chord=0.2, sweep=0.0).find(FinSet)[0].part
    slope = fin_slope(planform(part), 0.04)
    gj, per_length = 4.1e9 * 0.2 * 0.003**3 / 3, 0.2 * 0.05 * slope
    assert np.sqrt(fin.divergence_pressure * per_length / gj) * 0.1 == pytest.approx(np.pi / 2, rel=1e-9)


@pytest.fixture(scope="module")
def structure() -> Structure:
    motor = Motor(
        designation="M", time=np.array([0, 0.1, 2.4, 2.5]), thrust=np.array([0, 600, 600, 0.0]), diameter=0.054, length=0.4,
        propellant_mass=0.7, dry_mass=0.5,
    )  # fmt: skip
    return Structure(fly(Launch(rocket(), motor, rail=Rail(2.0), guides=(0.5, 1.0))), gust=5.0)


def test_loads_balance(structure):
    """A free body: shear and bending vanish at both ends; the thrust stands at the end of the compression."""
    w = structure.worst
    assert abs(w.shear[-1]) < 1e-9 * np.abs(w.shear).max() + 1e-9
    assert abs(w.bending[-1]) < 1e-3 * np.abs(w.bending).max()
    assert w.bending[0] == 0 and np.abs(w.bending).max() > 0
    burning = int(np.argmax(structure.flight.trajectory.mach * (structure.flight.trajectory.thrust > 500)))
    loads = structure.loads(burning, 0.02)
    assert loads.compression[-1] == pytest.approx(structure.flight.trajectory.thrust[burning], rel=1e-6)
    assert np.abs(structure.loads(burning, 0.04).bending).max() == pytest.approx(
        2 * np.abs(loads.bending).max(), rel=1e-6
    )


def test_joints_are_pressed_most_at_the_largest_thrust(structure):
    """The nose joint bears the nose's drag and its mass times the acceleration, more than at the worst bending late in the flight."""
    hard, tr = structure.hardest, structure.flight.trajectory
    assert hard.compression[-1] == pytest.approx(600.0, rel=0.02)
    k = int(np.argmin(np.abs(tr.time - hard.time)))
    share = structure.flight.launch.rocket.placed[0]
    nose = part_mass(share.part, share.at).mass
    pressed = structure.joints[0][4]
    aero, mach = structure.flight.program.aero, float(tr.mach[k])
    drag = sum(aero.part_drag(p, mach, 2.3e7 * mach, True) for p in aero.drags if p.path == "parts[0]")
    drag *= float(tr.dynamic_pressure[k]) * aero.reference_area
    inertia = nose * (np.linalg.norm(tr.acceleration_enu[k]) + 9.8)  # what an accelerometer on a vertical flight reads
    assert pressed == pytest.approx(drag + inertia, rel=0.03) and pressed > structure.worst.at(0.3)[2]


def test_a_stronger_gust_bends_more(structure):
    stronger = Structure(structure.flight, gust=10.0)
    assert np.abs(stronger.worst.bending).max() > 1.5 * np.abs(structure.worst.bending).max()
    assert [name for name, *_ in structure.joints] == ["nose cone - body tube"]


def test_heat_and_margins(structure):
    f, h = structure.flight, structure.hottest
    mach = f.figures["max_mach"]
    assert (
        h["stagnation"] == pytest.approx(h["air"] * (1 + 0.2 * mach**2), rel=2e-3)
        and h["air"] < h["recovery"] < h["stagnation"]
    )
    margin, time = structure.margin(structure.fins[0])
    assert margin == pytest.approx(f.figures["flutter_margin"], rel=5e-3) and 1.5 < time < 3.5
    thin = dataclasses.replace(f.launch, rocket=rocket(thickness=0.0015))
    assert any(w.startswith("FINS MAY FLUTTER OFF") for w in fly(thin).warnings)
    assert np.isnan(fin_strengths(alpha_iii())[0].flutter_pressure)  # cardboard: not known, and said so


@pytest.fixture(scope="module")
def parts() -> tuple[Structure, ...]:
    """What the two-stage example asks of the stack, and of the sustainer alone."""
    return structures(fly(open_project(EXAMPLES / "two_stage" / "launch.yaml").launch, interpreted=True))


def test_every_configuration_has_its_own_worst(parts):
    stack, alone = parts
    assert (stack.name, alone.name) == ("sustainer + booster", "sustainer")
    parted = next(e.time for e in stack.flight.events if e.name == "booster: separation")
    assert stack.worst.time <= parted <= alone.worst.time and stack.hardest.time <= parted <= alone.hardest.time
    assert len(stack.fins) == 2 and len(alone.fins) == 1 and len(stack.joints) == 2 and len(alone.joints) == 1
    assert stack.worst.x[-1] - alone.worst.x[-1] == pytest.approx(
        0.08, abs=1e-9
    )  # the booster's tube; both motors reach out by 5 mm
    for s in parts:
        w = s.worst
        assert (
            abs(w.shear[-1]) < 1e-9 * np.abs(w.shear).max() + 1e-9
            and abs(w.bending[-1]) < 1e-3 * np.abs(w.bending).max()
        )


def test_the_interstage_joint_bears_what_stands_on_it(parts):
    """At the hardest push the joint carries the drag ahead of it, and the mass ahead times what an accelerometer reads: the sustainer
    with its full motor, not the booster."""
    stack = parts[0]
    launch, tr, hard = stack.flight.launch, stack.flight.trajectory, stack.hardest
    k = int(np.argmin(np.abs(tr.time - hard.time)))
    upper = next(f for f in launch.filled if f.stage == "sustainer").motor
    ahead = launch.rocket.configuration(["sustainer"]).without_motor.mass + upper.dry_mass + upper.propellant_mass
    drag = 0.5 * 1.2 * tr.airspeed[k] ** 2 * launch.rocket.reference_area * 0.6
    felt = (tr.thrust[k] - drag) / tr.mass[k]  # what an accelerometer reads
    assert drag < 0.02 * tr.thrust[k]
    assert stack.joints[1][4] == pytest.approx(ahead * felt + drag, rel=0.06)
    assert ahead < 0.7 * tr.mass[k]


def test_fins_that_leave_early_meet_less_air(parts):
    """The booster's fins are judged by the speed up to separation, the sustainer's by that of the flight; the flight by the weaker."""
    stack, alone = parts
    tr, parted = stack.flight.trajectory, alone.flies.begins
    low = np.sqrt(stack.fins[1].flutter_pressure / tr.dynamic_pressure[tr.time < parted].max())
    high = np.sqrt(alone.fins[0].flutter_pressure / tr.dynamic_pressure[~tr.under_canopy].max())
    assert stack.margin(stack.fins[1])[0] == pytest.approx(low, rel=1e-9)
    assert alone.margin(alone.fins[0])[0] == pytest.approx(high, rel=1e-9)
    assert stack.flight.figures["flutter_margin"] == pytest.approx(min(low, high), rel=1e-9)


def test_thrust_ahead_of_the_aft_end_pulls_what_hangs_behind():
    """Strap-ons push where they stand: behind them the core is pressed by its own motor alone."""
    stack, core = structures(fly(open_project(EXAMPLES / "strap_on" / "launch.yaml").launch, interpreted=True))
    tr, hard = stack.flight.trajectory, stack.hardest
    k = int(np.argmin(np.abs(tr.time - hard.time)))
    motor = stack.flight.launch.motor
    own = float(np.interp(hard.time, motor.time, motor.thrust))
    assert own < 0.7 * tr.thrust[k] and hard.compression[-1] == pytest.approx(own, rel=1e-6)
    assert hard.compression.max() > 0.9 * tr.thrust[k]
    assert core.hardest.compression[-1] == pytest.approx(
        core.flight.trajectory.thrust[np.argmin(np.abs(tr.time - core.hardest.time))]
    )


def test_a_campaign_judges_fins_as_the_flight_does(parts):
    """One figure, one definition: fins that leave early are judged by what they meet, in campaigns too."""
    flight = parts[0].flight
    plan = plan_campaign(open_project(EXAMPLES / "two_stage" / "launch.yaml"))
    whole = min(f.flutter_pressure for f in fin_strengths(flight.launch.rocket))
    assert (
        plan.flutter_pressure == pytest.approx(flight.flutter_pressure, rel=1e-6)
        and plan.flutter_pressure > 1.5 * whole
    )
