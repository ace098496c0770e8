"""Drag and normal force: limits, sums and overrides."""

import dataclasses

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.aero import AeroOptions, build_aero, skin_friction
from downrange.rocket import BodyTube, NoseCone, Rocket, TrapezoidalFins
from downrange.tables import Table1D


def total(rocket: Rocket, mach: float = 0.3) -> float:
    return build_aero(rocket).drag(mach, 7e6)


def test_skin_friction_of_a_smooth_and_a_rough_plate():
    # Schoenherr's line at Re 1e7 is 0.00293 (Hoerner, ch. 2); Schlichting's fully rough plate at L/k = 1e4 is 0.0049.
    assert skin_friction(np.array(1e7), np.array(0.0), 1.0, 0.0) == pytest.approx(0.00293, rel=0.03)
    assert skin_friction(np.array(1e9), np.array(0.0), 1.0, 1e-4) == pytest.approx(0.0049, rel=0.05)
    assert skin_friction(np.array(1e7), np.array(2.0), 1.0, 0.0) < 0.8 * skin_friction(
        np.array(1e7), np.array(0.0), 1.0, 0.0
    )


def test_drag_is_the_sum_of_its_parts_and_does_not_depend_on_their_order():
    rocket = alpha_iii()
    aero = build_aero(rocket)
    assert aero.axial[:, :, 0] == pytest.approx(sum(p.off for p in aero.drags))
    nose, body = rocket.parts
    turned = Rocket("turned", (nose, dataclasses.replace(body, parts=body.parts[::-1])))
    assert total(turned) == pytest.approx(total(rocket), rel=1e-12)


def test_overrides_of_a_part_and_of_an_assembly():
    nose, body = alpha_iii().parts
    rest = sum(p.off[0, 0] for p in build_aero(alpha_iii()).drags if p.path in ("parts[0]", "base"))
    given = dataclasses.replace(body, drag_coefficient=0.5)
    alone = build_aero(Rocket("r", (nose, given)))
    assert {p.kind for p in alone.drags if p.path == "parts[1]"} == {"given"}
    assert any(p.path.startswith("parts[1].parts") for p in alone.drags)
    whole = build_aero(Rocket("r", (nose, dataclasses.replace(given, override_children=True, mass=0.02))))
    assert whole.axial[0, 0, 0] == pytest.approx(rest + 0.5)


def test_power_takes_the_jets_share_of_the_base():
    off_on = build_aero(alpha_iii(), jet_area=np.pi * 0.009**2)
    base = next(p for p in off_on.drags if p.kind == "base")
    assert base.on[10, 5] / base.off[10, 5] == pytest.approx(1 - (0.009 / 0.012) ** 2)
    assert off_on.drag(0.3, 7e6, power=True) < off_on.drag(0.3, 7e6)


def test_fin_count_and_planes():
    def fins(n: int, angle: float = 0.0) -> Rocket:
        fin = TrapezoidalFins(
            count=n,
            root_chord=0.06,
            tip_chord=0.03,
            span=0.05,
            sweep=0.02,
            thickness=0.003,
            position="bottom",
            angle=angle,
        )
        return Rocket(
            "f", (NoseCone(shape="ogive", length=0.1, diameter=0.03), BodyTube(length=0.4, wall=0.001, parts=(fin,)))
        )

    three, four = build_aero(fins(3)), build_aero(fins(4))
    assert (four.a0[0] - 2) / (three.a0[0] - 2) == pytest.approx(4 / 3)
    assert three.odd is None and four.odd is None
    two = build_aero(fins(2)).odd
    # Two fins in the body's y plane steer in z only: the mean is half, the y plane lacks what the z plane has.
    assert two is not None
    assert two[0, 0] == pytest.approx(-(build_aero(fins(2)).a0[0] - 2), rel=1e-9) and two[3, 0] == pytest.approx(
        0, abs=1e-9
    )
    slanted = build_aero(fins(2, np.pi / 4)).odd
    assert slanted[0, 0] == pytest.approx(0, abs=1e-9) and abs(slanted[3, 0]) == pytest.approx(-two[0, 0])


def test_user_tables_replace_coefficients():
    options = AeroOptions(
        drag_off=Table1D(np.array([0.0, 1.0]), np.array([0.4, 0.6])), drag_factor=1.1,
        normal_slope=Table1D.constant(11.0), centre_of_pressure=Table1D.constant(0.19),
    )  # fmt: skip
    aero = build_aero(alpha_iii(), options=options)
    assert aero.drag(0.5, 1e6) == pytest.approx(0.55) and aero.drag(0.5, 1e8, True) == pytest.approx(0.55)
    assert aero.normal_slope(0.4) == pytest.approx(11.0) and aero.centre_of_pressure(0.4) == pytest.approx(0.19)


def test_coefficients_are_smooth_in_mach():
    aero = build_aero(alpha_iii(), mach_max=3.0)
    for column in (aero.a0, aero.a1 / aero.a0, aero.roll_damp):
        step = np.abs(np.diff(column))
        assert step.max() < 0.06 * np.ptp(column) + 1e-12
