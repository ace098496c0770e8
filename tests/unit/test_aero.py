"""Drag and normal force: limits, sums and overrides."""

import dataclasses

import numpy as np
import pytest

from alpha import alpha_iii
from downrange.aero import AeroOptions, build_aero
from downrange.aero.base import base_pressure_drag
from downrange.aero.friction import skin_friction
from downrange.aero.rings import ring_slope
from downrange.errors import InputError
from downrange.rocket import (
    BodyTube,
    NoseCone,
    Protuberance,
    RailButtons,
    RingFin,
    Rocket,
    Transition,
    TrapezoidalFins,
    TubeFins,
)
from downrange.tables import Table1D


def total(rocket: Rocket, mach: float = 0.3) -> float:
    return build_aero(rocket).drag(mach, 7e6)


def cf(re: float, mach: float, length: float, rough: float, wall: str = "adiabatic") -> float:
    return float(skin_friction(np.array(re), np.array(mach), length, rough, wall))


def test_skin_friction_of_plates():
    # Kármán and Schoenherr's line at Re 1e9 is 0.00153 (Hoerner, ch. 2), Blasius' 1.328/√Re below transition; between,
    # Prandtl's 0.455/lg(Re)^2.58 - 1700/Re for transition at 5e5; Schlichting's fully rough plate at L/k = 1e4 is 0.0049.
    assert cf(1e9, 0.0, 1.0, 0.0) == pytest.approx(0.00153, rel=0.03)
    assert cf(1e5, 0.0, 1.0, 0.0) == pytest.approx(1.328 / np.sqrt(1e5), rel=0.02)
    for re in (2e6, 1e7, 5e7):
        assert cf(re, 0.0, 1.0, 0.0) == pytest.approx(0.455 / np.log10(re) ** 2.58 - 1700 / re, rel=0.04)
    assert cf(1e9, 0.0, 1.0, 1e-4) == pytest.approx(0.0049, rel=0.08)
    # A printed fin, chord over roughness 100 and 300: Schlichting's (1.89 + 1.62 lg L/k)^-2.5, 0.0168 and 0.0119.
    assert cf(1e8, 0.0, 1.0, 1e-2) == pytest.approx(0.0168, rel=0.01)
    assert cf(1e8, 0.0, 1.0, 1 / 300) == pytest.approx(0.0119, rel=0.01)


def test_compressibility_of_friction():
    # Hoerner's law for walls without heat flow, ch. 17: (1 + 0.15 M²)^-0.58.
    base = cf(1e8, 0.0, 1.0, 0.0)
    for mach in (1.0, 2.0, 3.0, 4.0):
        assert cf(1e8, mach, 1.0, 0.0) / base == pytest.approx((1 + 0.15 * mach**2) ** -0.58, abs=0.05)
    assert cf(1e8, 3.0, 1.0, 0.0, "cold") > 1.15 * cf(1e8, 3.0, 1.0, 0.0)


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


def tube(*parts, nose: NoseCone | None = None, length: float = 0.5) -> Rocket:
    return Rocket(
        "t",
        (nose or NoseCone(shape="ogive", length=0.15, diameter=0.05), BodyTube(length=length, wall=0.001, parts=parts)),
    )


def simple_fins(**given) -> TrapezoidalFins:
    fin = {
        "count": 4,
        "root_chord": 0.08,
        "tip_chord": 0.04,
        "span": 0.06,
        "sweep": 0.03,
        "thickness": 0.003,
        "position": "bottom",
    }
    return TrapezoidalFins(**{**fin, **given})


def test_a_lost_fin_pulls_to_its_side():
    whole, lost = build_aero(tube(simple_fins())), build_aero(tube(simple_fins(missing=(1,))))
    assert whole.odd is None and lost.odd is not None
    fins = whole.a0[0] - 2
    # The plane of the lost fin's lift (its normal is z) keeps one of two fins; the other plane keeps both.
    mean, d = (lost.a0[0] - 2), lost.odd[0, 0]
    assert mean + d == pytest.approx(fins, rel=1e-6) and mean - d == pytest.approx(fins / 2, rel=1e-6)
    assert lost.drag(0.3, 7e6) < whole.drag(0.3, 7e6)
    assert abs(lost.odd[7, 0]) > 0 and lost.odd[6, 0] == pytest.approx(
        0, abs=1e-9
    )  # and rolls where it meets cross-flow
    assert tube(simple_fins(missing=(1,))).structure.cg[1] < 0 < tube(simple_fins()).structure.mass


@pytest.mark.parametrize("given", [{"missing": (5,)}, {"missing": (0,)}, {"misalignments": (0.01,) * 5}])
def test_fins_that_never_were_are_refused(given):
    with pytest.raises(InputError, match="fins"):
        tube(simple_fins(**given))


def test_one_misaligned_fin_rolls_and_pushes_sideways():
    angle = np.radians(1.0)
    all_canted = build_aero(tube(simple_fins(cant=angle)))
    one = build_aero(tube(simple_fins(misalignments=(angle,))))
    assert one.roll_force[0] == pytest.approx(all_canted.roll_force[0] / 4, rel=1e-9)
    assert all_canted.odd is None and one.odd is not None and np.abs(one.odd[8:10, 0]).max() > 0


def test_fins_on_a_boat_tail_and_a_rounded_nose():
    sharp = NoseCone(shape="conical", length=0.15, diameter=0.05)
    blunt = dataclasses.replace(sharp, tip_radius=0.012)
    a, b = (build_aero(tube(nose=n), mach_max=4.0) for n in (sharp, blunt))
    nose = {p.path + p.kind: p for p in b.drags}["parts[0]pressure"]
    was = {p.path + p.kind: p for p in a.drags}["parts[0]pressure"]
    assert nose.off[200, 5] > 1.3 * was.off[200, 5] and nose.off[3, 5] < was.off[3, 5] + 0.01
    flush = build_aero(tube(simple_fins()), mach_max=3.0)
    tailed = Rocket("b", (*tube(simple_fins(offset=0.03)).parts, Transition(length=0.06, aft_diameter=0.035)))
    assert build_aero(tailed, mach_max=3.0).lifts[-1].slope[160] < 1.1 * flush.lifts[-1].slope[160]


def test_protuberances_and_edges_cost_drag():
    base = total(tube(simple_fins()))
    block = Protuberance(length=0.03, width=0.02, height=0.01, position="middle")
    faired = dataclasses.replace(block, shape="fairing")
    assert total(tube(simple_fins(), block)) > total(tube(simple_fins(), faired)) > base
    # 2 cm² of 1.2 on 19.6 cm², in the boundary layer's slower air.
    assert 0.06 < total(tube(simple_fins(), block)) - base < 1.2 * 2 / 19.6
    sharp, round_edge, square = (
        build_aero(tube(simple_fins(section=s)), mach_max=2.5) for s in ("double wedge", "rounded", "square")
    )
    assert square.drag(0.4, 9e6) > round_edge.drag(0.4, 9e6) > sharp.drag(0.4, 9e6)
    rounded_wedge = build_aero(tube(simple_fins(section="double wedge", leading_edge_radius=0.001)), mach_max=2.5)
    assert rounded_wedge.drag(2.0, 4e7) > sharp.drag(2.0, 4e7)


def test_thickness_moves_and_adds_lift_above_mach_1():
    """Busemann: wedges (thick behind) lift more, all along; double wedges as much as plates, but farther forward."""
    plate, wedge, double = (
        build_aero(tube(simple_fins(section=s)), mach_max=3.0).lifts[-1] for s in ("square", "wedge", "double wedge")
    )
    at = 200  # Mach 2.5
    assert wedge.slope[at] > 1.02 * plate.slope[at] and wedge.cp[at] == pytest.approx(plate.cp[at], abs=1e-9)
    assert double.slope[at] == pytest.approx(plate.slope[at], rel=1e-9) and double.cp[at] < plate.cp[at] - 1e-4
    assert double.slope[40] == pytest.approx(wedge.slope[40], rel=1e-9)  # below Mach 1 all alike


def test_tubes_off_the_axis_damp_roll():
    """Each tube meets the roll's p r sideways: CNα r² each, r to its own axis."""
    tubes = TubeFins(count=4, length=0.1, diameter=0.03, wall=0.001, position="bottom")
    aero = build_aero(tube(tubes))
    lift = aero.lifts[-1]
    assert aero.roll_damp[0] == pytest.approx(lift.slope[0] * (0.025 + 0.015) ** 2, rel=1e-9)


def test_ring_airfoils_lift_as_ribner_says():
    """A long ring is a slender body's 2π r² of lift twice (inside and out), a short one 2π on π r c."""
    long = ring_slope(0.02, 2.0, np.array([0.0]))[0]
    assert long == pytest.approx(2 * np.pi**2 * 0.02 * 2.0 * (0.04 / np.pi / 1.0), rel=0.05)
    short = ring_slope(1.0, 0.01, np.array([0.0]))[0]
    assert short == pytest.approx(2 * np.pi * np.pi * 1.0 * 0.01, rel=0.02)
    tubes = TubeFins(count=6, length=0.1, diameter=0.05, wall=0.001, position="bottom")
    ring = RingFin(length=0.05, diameter=0.12, wall=0.002, position="bottom")
    for part in (tubes, ring):
        aero = build_aero(tube(part))
        assert aero.a0[0] > 6 and aero.centre_of_pressure(0.3) > 0.45
        assert any(p.kind == "friction" and p.path.startswith("parts[1].parts") for p in aero.drags)
        assert any("ring airfoils" in n for n in aero.notes)
    assert tube(tubes).structure.mass - tube().structure.mass == pytest.approx(
        6 * np.pi * 0.049 * 0.001 * 0.1 * 680, rel=1e-6
    )
    assert build_aero(tube(tubes)).roll_damp[0] > 0 and build_aero(tube(ring)).roll_damp[0] == 0


def test_base_drag_knows_boundary_layer_boat_tail_and_power():
    # RASAero II's printed example: body friction 0.306 and base 0.057 at Mach 0.5; Hoerner's law gives 0.0524.
    assert base_pressure_drag(np.array(0.5), 0.306) == pytest.approx(0.057, rel=0.1)
    assert base_pressure_drag(np.array(0.3), 0.6) < base_pressure_drag(np.array(0.3), 0.2)
    for mach in (1.0, 2.0, 5.0):
        assert 0 < base_pressure_drag(np.array(mach), 0.3, True) <= 2 / (1.4 * mach**2)
    rocket = tube(length=0.8)
    tail = Rocket("b", (*rocket.parts, Transition(length=0.08, aft_diameter=0.03)))
    drag = [next(p for p in build_aero(r).drags if p.kind == "base").off[10, 5] for r in (rocket, tail)]
    assert drag[1] == pytest.approx(drag[0] * (0.03 / 0.05) ** 3, rel=0.1)


@pytest.mark.parametrize(
    ("rocket", "word"),
    [
        (tube(simple_fins(count=20)), "20 fins"),
        (tube(simple_fins(thickness=0.02)), "thin-wing theory"),
        (tube(simple_fins(span=0.004)), "aspect ratio of 0.1"),
        (tube(simple_fins(), nose=NoseCone(shape="ellipsoid", length=0.01, diameter=0.05)), "blunter"),
        (Rocket("disc", (BodyTube(length=0.01, diameter=0.3, wall=0.002),)), "blunt face"),
        (Rocket("backwards", (Transition(length=0.3, fore_diameter=0.1, aft_diameter=0.0),)), "begins without a nose"),
        (Rocket("step", (NoseCone(shape="ogive", length=0.2, diameter=0.05), BodyTube(length=0.5, diameter=0.08, wall=0.001))), "jumps"),
        (Rocket("flare", (*tube().parts, Transition(length=0.01, aft_diameter=0.1))), "steeper than 27"),
    ],
    ids=lambda v: v if isinstance(v, str) else v.name,
)  # fmt: skip
def test_geometry_beyond_the_methods_is_told_and_stays_finite(rocket, word):
    aero = build_aero(rocket, mach_max=8.0)
    assert any(word in n for n in aero.notes), aero.notes
    for table in (aero.a0, aero.a1, aero.a2, aero.axial, aero.roll_damp, aero.roll_force):
        assert np.isfinite(table).all()
    assert np.all(aero.axial >= 0) and aero.axial.max() < 60


def test_every_coefficient_names_its_method_and_uncertainty():
    aero = build_aero(tube(simple_fins(), RailButtons()), mach_max=3.0)
    for p in (*aero.drags, *aero.lifts):
        assert p.model.name and 0 < p.model.sigma <= 0.5 and p.model.mach[0] < p.model.mach[1]
    s = aero.sigma
    at = [float(np.interp(m, aero.mach, s.axial)) for m in (0.4, 1.0, 2.5)]
    assert 0.03 < at[0] < 0.15 and at[1] > 1.5 * at[0] and np.all(s.cp > 0) and np.all(s.normal > 0.02)


def test_units_do_not_matter():
    """A rocket twice as large at half the unit Reynolds number, with twice the roughness height, has the same coefficients."""

    def scaled(k: float) -> Rocket:
        fin = simple_fins(
            **{
                key: k * v
                for key, v in (
                    ("root_chord", 0.08),
                    ("tip_chord", 0.04),
                    ("span", 0.06),
                    ("sweep", 0.03),
                    ("thickness", 0.003),
                )
            }
        )
        nose = NoseCone(shape="ogive", length=0.15 * k, diameter=0.05 * k)
        return Rocket("s", (nose, BodyTube(length=0.5 * k, wall=0.001 * k, parts=(fin,))), "mirror")

    one, two = build_aero(scaled(1), mach_max=3.0), build_aero(scaled(2), mach_max=3.0)
    assert two.a0 == pytest.approx(one.a0, rel=0.02)  # the fins' boundary layer is at sea level's Reynolds number
    for mach in (0.3, 0.8, 1.4, 2.5):
        assert two.drag(mach, 1e7) == pytest.approx(one.drag(mach, 2e7), rel=0.02)
