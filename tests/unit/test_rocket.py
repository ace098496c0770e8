import dataclasses

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.errors import InputError, NotFoundError
from downrange.rocket import (
    BodyTube,
    Bulkhead,
    EllipticalFins,
    FreeformFins,
    InnerTube,
    MassObject,
    Measured,
    NoseCone,
    Rocket,
    Transition,
    TrapezoidalFins,
    planform,
    profile,
)


@pytest.mark.parametrize("shape", ["conical", "ogive", "ellipsoid", "power", "parabolic", "haack", "von karman"])
def test_profiles_run_from_tip_to_base(shape):
    r = profile(shape, np.linspace(0, 1, 200), length=0.31, radius=0.047)
    assert r[0] == pytest.approx(0, abs=1e-9) and r[-1] == pytest.approx(0.047)
    assert np.all(np.diff(r) > -1e-12)


def test_volumes_of_known_solids():
    def volume(shape, length, radius, **kw):
        nose = NoseCone(shape=shape, length=length, diameter=2 * radius, material="polystyrene", **kw)
        return Rocket("n", (nose,)).structure.mass / 1050

    assert volume("conical", 0.3, 0.05) == pytest.approx(np.pi * 0.05**2 * 0.3 / 3, rel=1e-5)
    assert volume("ellipsoid", 0.3, 0.05) == pytest.approx(2 / 3 * np.pi * 0.05**2 * 0.3, rel=1e-4)
    assert volume("von karman", 0.3, 0.05) == pytest.approx(0.5 * np.pi * 0.05**2 * 0.3, rel=1e-4)  # Haack: half
    # A hemisphere is a tangent ogive of length equal to its radius.
    assert volume("ogive", 0.05, 0.05) == pytest.approx(2 / 3 * np.pi * 0.05**3, rel=1e-4)


def test_solid_cone_inertia():
    nose = NoseCone(shape="conical", length=0.4, diameter=0.16, material="pine")
    b = Rocket("c", (nose,)).structure
    m = 530 * np.pi * 0.08**2 * 0.4 / 3
    assert b.cg[0] == pytest.approx(0.3, rel=1e-4)
    assert b.roll_inertia == pytest.approx(0.3 * m * 0.08**2, rel=1e-3)
    assert b.pitch_inertia == pytest.approx(m * (3 / 20 * 0.08**2 + 3 / 80 * 0.4**2), rel=1e-3)


def test_fin_inertia_against_the_exact_trapezoid():
    fin = TrapezoidalFins(
        count=3,
        root_chord=0.05,
        tip_chord=0.03,
        span=0.05,
        sweep=0.02,
        thickness=1e-6,
        position="bottom",
        material="pine",
    )
    tube = BodyTube(length=0.2, diameter=0.024, wall=1e-13, parts=(fin,))
    b = Rocket("f", (tube,)).structure
    area, r0, s = 0.002, 0.012, 0.05
    y1 = s * (0.05 + 2 * 0.03) / (3 * 0.08)
    y2 = s**2 * (0.05 + 3 * 0.03) / (6 * 0.08)
    assert b.roll_inertia == pytest.approx(3 * area * 1e-6 * 530 * (r0**2 + 2 * r0 * y1 + y2), rel=1e-4)


def test_planforms():
    free = FreeformFins(count=3, thickness=0.003, points=((0, 0), (0.5, 1), (1, 1), (1, 0)))
    p = planform(free)
    assert p.area == pytest.approx(0.75, rel=1e-4)
    assert (p.y * p.chord).sum() * p.dy / p.area == pytest.approx(0.444444, abs=1e-4)
    ellipse = planform(EllipticalFins(count=3, thickness=0.003, root_chord=0.1, span=0.06))
    assert ellipse.area == pytest.approx(np.pi / 4 * 0.1 * 0.06, rel=1e-3)


def test_overrides_and_measured():
    base = alpha_iii()
    heavy = dataclasses.replace(base, measured=Measured(mass=0.03, cg=0.2))
    assert heavy.without_motor.mass == 0.03 and heavy.without_motor.cg[0] == 0.2
    assert heavy.without_motor.roll_inertia == pytest.approx(base.structure.roll_inertia * 0.03 / base.structure.mass)
    nose, tube = base.parts
    whole = dataclasses.replace(tube, mass=0.02, override_children=True)
    assert Rocket("o", (nose, whole)).structure.mass == pytest.approx(0.02 + Rocket("n", (nose,)).structure.mass)
    only = dataclasses.replace(tube, mass=0.01)
    children = base.structure.mass - Rocket("n", (nose,)).structure.mass - 0.0030377944
    assert Rocket("o", (nose, only)).structure.mass == pytest.approx(
        0.01 + children + Rocket("n", (nose,)).structure.mass, rel=1e-6
    )


def test_mirrored_masses_have_no_product_of_inertia_and_one_does():
    left = MassObject(mass=0.1, offset=0.05, radial_offset=0.02, angle=0.0)
    right = dataclasses.replace(left, angle=np.pi)
    tube = BodyTube(length=0.3, diameter=0.06, wall=0.001, parts=(left, right))
    assert abs(Rocket("m", (tube,)).structure.inertia[0, 1]) < 1e-12
    one = Rocket("m", (dataclasses.replace(tube, parts=(left,)),)).structure
    assert one.cg[1] > 0 and abs(one.inertia[0, 1]) > 1e-6


def test_refuses_impossible_layouts():
    nose = NoseCone(shape="ogive", length=0.1, diameter=0.05)
    outside = BodyTube(length=0.2, diameter=0.05, wall=0.001, parts=(Bulkhead(length=0.01, offset=0.5),))
    with pytest.raises(InputError, match="lies outside"):
        Rocket("r", (nose, outside))
    wide = BodyTube(length=0.2, diameter=0.05, wall=0.001, parts=(InnerTube(length=0.1, diameter=0.054, wall=0.001),))
    with pytest.raises(InputError, match="bore is 48.0 mm"):
        Rocket("r", (nose, wide))
    with pytest.raises(InputError, match="cannot stand by itself"):
        Rocket("r", (Bulkhead(length=0.01),))
    with pytest.raises(NotFoundError, match="did you mean 'fiberglass'"):
        _ = Rocket("r", (dataclasses.replace(nose, material="fibreglass"),)).structure
    assert (
        Rocket("r", (nose, BodyTube(length=0.2, wall=0.001), Transition(length=0.05, aft_diameter=0.03))).base_radius
        == 0.015
    )


def test_steps_and_counts_are_noticed():
    nose = NoseCone(shape="ogive", length=0.1, diameter=0.05)
    assert Rocket("r", (nose, BodyTube(length=0.2, diameter=0.05, wall=0.001))).steps == ()
    ((where, before, after),) = Rocket("r", (nose, BodyTube(length=0.2, diameter=0.06, wall=0.001))).steps
    assert (where, before, after) == (0.1, 0.05, 0.06)
    with pytest.raises(InputError, match=r"\[count\]: 0 must be at least 1"):
        TrapezoidalFins(count=0, root_chord=0.05, tip_chord=0.03, span=0.05, sweep=0.02, thickness=0.003)
