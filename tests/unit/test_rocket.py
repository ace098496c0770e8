import dataclasses
import math
from dataclasses import replace

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.errors import InputError, NotFoundError
from downrange.project import load_rocket
from downrange.rocket import (
    FINISHES,
    BodyTube,
    Bulkhead,
    EllipticalFins,
    Frame,
    FreeformFins,
    InnerTube,
    MassObject,
    Material,
    Measured,
    NoseCone,
    Rocket,
    Transition,
    TrapezoidalFins,
    part_mass,
    planform,
    profile,
    roughness,
    transition_profile,
)
from downrange.rocket.planform import fillet_section


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


def test_material_of_ones_own():
    """A tube of 1 m, 60/56 mm, weighs density times π/4 (60² - 56²) mm² times 1 m, whoever names the density."""
    area = math.pi / 4 * (0.060**2 - 0.056**2)
    own = Material("LOC paper", 958.7, "volume", "as given")
    tube = BodyTube(length=1.0, diameter=0.06, wall=0.002, material=own)
    assert Rocket("tube", (tube,)).structure.mass == pytest.approx(958.7 * area, rel=1e-12)
    with pytest.raises(InputError, match="a line material; a volume material belongs here"):
        _ = Rocket("x", (replace(tube, material=Material("cord", 0.01, "line", "")),)).structure
    fins = TrapezoidalFins(
        count=3, root_chord=0.1, tip_chord=0.1, span=0.1, sweep=0, thickness=0.003,
        material=Material("x", 1000, "volume", ""), fillet_radius=0.01, fillet_material=Material("glue", 2000, "volume", ""),
    )  # fmt: skip
    with_fins = Rocket("f", (replace(tube, parts=(fins,)),)).structure.mass - 958.7 * area
    corner = (
        1.40372489e-5  # m2, between fin, body of 60 mm and a circle of 10 mm: integrated over the height above the fin
    )
    fillets = 3 * 2 * corner * 0.1 * 2000
    assert with_fins == pytest.approx(3 * 0.1 * 0.1 * 0.003 * 1000 + fillets, rel=1e-9)


def test_material_in_a_file(tmp_path):
    file = tmp_path / "rocket.yaml"
    file.write_text(
        "parts:\n  - {type: nose cone, shape: conical, length: 0.3 m, diameter: 60 mm, material: {name: resin, density: 1.1 g/cm^3}}\n"
        "  - type: body tube\n    length: 1 m\n    wall: 1 mm\n    parts:\n"
        "      - {type: shock cord, length: 2 m, material: {density: 5 g/m}}\n"
    )
    rocket = load_rocket(file)
    assert rocket.parts[0].material.density == 1100 and rocket.parts[0].material.name == "resin"
    assert part_mass(rocket.placed[0].part, rocket.placed[0].at).mass == pytest.approx(
        1100 * math.pi * 0.03**2 * 0.1, rel=1e-4
    )
    assert part_mass(rocket.placed[2].part, rocket.placed[2].at).mass == pytest.approx(0.010, rel=1e-12)
    file.write_text(file.read_text().replace("5 g/m", "5 g"))
    with pytest.raises(InputError, match=r"parts.1.parts.0.material.density.*a line density is written like"):
        load_rocket(file)


def test_shoulders_of_a_transition():
    """Both shoulders are tubes with their own diameters and walls, a capped one with a disc as thick as its wall."""
    rho = 2000.0
    own = Material("m", rho, "volume", "")
    bare = Transition(length=0.1, fore_diameter=0.1, aft_diameter=0.06, wall=0.002, material=own)
    full = replace(
        bare, fore_shoulder_length=0.05, fore_shoulder_diameter=0.09, shoulder_wall=0.003, fore_shoulder_capped=True,
        aft_shoulder_length=0.03, aft_shoulder_diameter=0.05, aft_shoulder_wall=0.001,
    )  # fmt: skip
    at = Frame(1.0, 0.05, 0.028, 0.03)
    base, body = part_mass(bare, at), part_mass(full, at)
    fore = rho * math.pi * (0.045**2 - 0.042**2) * 0.05
    cap = rho * math.pi * 0.042**2 * 0.003
    aft = rho * math.pi * (0.025**2 - 0.024**2) * 0.03
    assert body.mass - base.mass == pytest.approx(fore + cap + aft, rel=1e-9)
    moment = base.mass * base.cg[0] + fore * 0.975 + cap * 0.9515 + aft * 1.115
    assert body.mass * body.cg[0] == pytest.approx(moment, rel=1e-9)
    nose = NoseCone(
        shape="conical",
        length=0.2,
        diameter=0.1,
        wall=0.002,
        material=own,
        shoulder_length=0.05,
        shoulder_diameter=0.09,
        shoulder_wall=0.003,
    )
    a, b = (part_mass(replace(nose, shoulder_capped=c), Frame(0.0, 0, 0, 0.05)) for c in (False, True))
    assert b.mass - a.mass == pytest.approx(cap, rel=1e-9)
    assert b.mass * b.cg[0] - a.mass * a.cg[0] == pytest.approx(cap * (0.25 - 0.0015), rel=1e-9)


def test_clipped_transition():
    """A clipped ellipsoid is the piece of the ellipse r = R sqrt(1 - (1 - x/l)²) between both radii; a cone clipped is a cone."""
    s = np.linspace(0, 1, 11)
    r = transition_profile("ellipsoid", s, length=0.1, fore=0.03, aft=0.05, clipped=True)
    assert r[0] == pytest.approx(0.03, abs=1e-9) and r[-1] == 0.05
    # 1 - (1 - c/l)² = 0.36 gives 1 - c/l = 0.8: a fifth is cut off, so the whole nose is 0.125 m long.
    assert r == pytest.approx(0.05 * np.sqrt(1 - (1 - (0.025 + 0.1 * s) / 0.125) ** 2), rel=1e-9)
    back = transition_profile("ellipsoid", 1 - s, length=0.1, fore=0.05, aft=0.03, clipped=True)
    assert back == pytest.approx(r, rel=1e-9)
    assert transition_profile("conical", s, length=1, fore=0.1, aft=0.3, clipped=True) == pytest.approx(0.1 + 0.2 * s)
    whole = transition_profile("ellipsoid", s, length=0.1, fore=0.03, aft=0.05)
    assert whole[1] > r[1] + 0.002


def test_every_finish_is_known_by_its_own_name():
    """Also those with a capital letter in them."""
    for name, k in FINISHES.items():
        assert roughness(name) == roughness(name.upper()) == k


@pytest.mark.parametrize(("radius", "body", "area", "out"), [
    (0.01, 0.03, 1.40372489e-5, 0.00187798), (0.0508, 0.0508, 2.08069882e-4, 0.00785879), (0.01, 1e3, (1 - math.pi / 4) * 1e-4, 0.00223368),
])  # fmt: skip
def test_a_fillet_is_what_lies_between_fin_body_and_its_circle(radius, body, area, out):
    """Area and centroid by integration over the height above the fin; against a flat wall the known (1 − π/4) r² and 0.2234 r."""
    assert fillet_section(radius, body) == (pytest.approx(area, rel=1e-4), pytest.approx(out, rel=1e-3))
    assert fillet_section(radius, 0.0) == (0.0, 0.0)
