"""Fins in the downwash of fins ahead, pods and boosters beside a body, and a stage whose front is open."""

import dataclasses

import numpy as np
import pytest

from downrange.aero import AeroOptions, barrowman_cp, build_aero
from downrange.aero.assemblies import interference_factor
from downrange.aero.downwash import strip_factor
from downrange.aero.interference import fin_share
from downrange.rocket import BodyTube, Boosters, NoseCone, Pods, Rocket, Separation, Stage, TrapezoidalFins

LEVEL = np.array([0.0, np.pi])
NOSE = NoseCone(shape="ogive", length=0.15, diameter=0.05, wall=0.002)


def fins(offset, **changes):
    given = {"count": 4, "root_chord": 0.06, "tip_chord": 0.03, "span": 0.04, "sweep": 0.03, "thickness": 0.003, "offset": offset}
    return TrapezoidalFins(**{**given, **changes})


def rocket(*parts, length=0.9):
    return Rocket("r", (NOSE, BodyTube(length=length, diameter=0.05, wall=0.001, parts=parts)))


def downwash(*parts):
    return [p for p in build_aero(rocket(*parts)).lifts if p.kind == "downwash"]


@pytest.mark.parametrize("radius", [1e-9, 0.2, 0.5])
def test_the_factor_of_a_rectangular_tail_is_the_closed_form(radius):
    # Two vortices at ±f with their images at ±r²/f, in the plane of a tail from r to s: the integrals are logarithms.
    span = 1.0
    f, s, r = radius + np.pi / 4 * span, radius + span, radius
    i = r * r / f
    logs = np.log((f - r) / (s - f)) + np.log((f + s) / (f + r)) + np.log((s - i) / (r - i)) - np.log((s + i) / (r + i))
    each = strip_factor((radius, span), (radius, span), LEVEL, LEVEL, np.ones(4000))
    both = each[0, 0] - each[0, 1]  # the left fin's normal points down
    assert both == pytest.approx(logs / (2 * np.pi * span), rel=0.01)


def test_a_pair_behind_a_pair_loses_what_report_1307_says():
    # C = a_W a_T K_W i s_T / (2π A_T f_W) on the wing's area, its body so thin that K_W is one and f - r is f.
    body = (NoseCone(shape="ogive", length=0.05, diameter=0.002), BodyTube(length=1.0, diameter=0.002, wall=0.0005, parts=(
        fins(0.1, count=2, tip_chord=0.06, sweep=0.0), fins(0.7, count=2, tip_chord=0.06, sweep=0.0, thickness=0.001)),
    ))  # fmt: skip
    t = build_aero(Rocket("thin", body), mach_max=0.5)
    (lost,) = [p for p in t.lifts if p.kind == "downwash"]
    ahead, behind = (p for p in t.lifts if p.kind == "fins")
    # Each set in its own plane: twice the mean of both planes, and the body adds (1 + τ)² to each.
    grown = (1 + 0.001 / 0.041) ** 2
    a_wing, a_tail = (2 * p.slope[0] / grown for p in (ahead, behind))
    i = np.log((1 + np.pi / 4) / (1 - np.pi / 4))
    s_tail, f_wing = 0.04, np.pi / 4 * 0.04
    area, aspect = 2 * 0.04 * 0.06, (2 * 0.04) ** 2 / (2 * 0.04 * 0.06)
    expected = a_wing * (a_tail * t.reference_area / area) * i * s_tail / (2 * np.pi * aspect * f_wing)
    assert -2 * lost.slope[0] == pytest.approx(expected, rel=0.06)
    assert lost.matrix[1, 1] == pytest.approx(2.0) and lost.matrix[0, 0] == pytest.approx(0.0, abs=1e-9)


def test_three_or_more_fins_lose_alike_in_every_plane():
    # Turned by a third or a quarter both sets are as they were; three ahead of four are not, and do not.
    for ahead, behind, roll in ((3, 3, 0.0), (6, 3, 0.3), (4, 4, 0.4), (3, 3, 1.0), (4, 8, 0.2)):
        (lost,) = downwash(fins(0.1, count=ahead, angle=roll), fins(0.8, count=behind, span=0.05))
        assert np.allclose(lost.matrix, np.eye(2), atol=1e-6) and lost.slope[0] < 0
        assert lost.path.endswith("parts[1]")
    (mixed,) = downwash(fins(0.1, count=3), fins(0.8))
    assert np.trace(mixed.matrix) == pytest.approx(2.0) and abs(mixed.matrix[0, 0] - 1) > 0.05


def test_what_is_behind_takes_nothing_and_small_fins_take_little():
    (lost,) = downwash(fins(0.1), fins(0.8))
    assert downwash(fins(0.8), fins(0.1))[0].slope[0] == pytest.approx(lost.slope[0])  # told by place, not by order
    assert not downwash(fins(0.8), fins(0.83, angle=0.5))  # side by side
    (little,) = downwash(fins(0.1, span=0.004, root_chord=0.006, tip_chord=0.003, sweep=0.0), fins(0.8))
    assert 0 < -little.slope[0] < 0.05 * -lost.slope[0]
    (none,) = downwash(fins(0.1, count=2, missing=(2,)), fins(0.8))
    assert abs(none.slope[0]) < 0.5 * abs(lost.slope[0])
    assert not downwash(fins(0.1, count=2, missing=(1, 2)), fins(0.8))


def test_downwash_moves_the_centre_of_pressure_forward_at_every_mach():
    t = build_aero(rocket(fins(0.1), fins(0.8)), mach_max=3.0)
    alone = sum(p.first for p in t.lifts if p.kind != "downwash") / sum(p.slope for p in t.lifts if p.kind != "downwash")
    for mach in (0.1, 0.9, 1.2, 2.5):
        assert t.centre_of_pressure(mach) < np.interp(mach, t.mach, alone) - 0.01
    plain = build_aero(rocket(fins(0.1), fins(0.8)), options=AeroOptions(method="barrowman"))
    assert not any(p.kind == "downwash" for p in plain.lifts)  # his method has none


POD = (NoseCone(shape="ogive", length=0.06, diameter=0.02), BodyTube(length=0.2, wall=0.001, parts=(
    TrapezoidalFins(count=3, root_chord=0.03, tip_chord=0.02, span=0.02, sweep=0.01, thickness=0.002, position="bottom"),)))  # fmt: skip


def with_pods(count, **changes):
    return rocket(fins(0.8), Pods(count=count, parts=POD, offset=0.5, **changes))


@pytest.mark.parametrize("method", ["full", "barrowman"])
def test_pods_far_off_add_what_each_has_by_itself(method):
    options = AeroOptions(method=method)
    bare, own, both = (build_aero(r, options=options) for r in (rocket(fins(0.8)), Rocket("p", POD), with_pods(3, radial_distance=1.0)))
    share = 3 * (0.02 / 0.05) ** 2
    assert np.allclose(both.a0, bare.a0 + share * own.a0)
    assert np.allclose(both.a1, bare.a1 + share * (own.a1 + 0.65 * own.a0))
    low = both.mach < 0.7  # above, fins damp about the centre of gravity, which pods move
    assert np.allclose(both.a2[low], (bare.a2 + share * (own.a2 + 2 * 0.65 * own.a1 + 0.65**2 * own.a0))[low])
    assert np.allclose(both.axial, bare.axial + share * own.axial) and both.odd is None
    # A roll blows at them with p r: force CNα p r / V, arm r.
    assert np.allclose(both.roll_damp, bare.roll_damp + share * (own.roll_damp + own.a0 * 1.0**2))
    assert both.cross_area > bare.cross_area and any("known to half of that" in n for n in both.notes)


def test_barrowmans_centre_with_pods_is_the_moment_sum():
    own, bare = Rocket("p", POD), rocket(fins(0.8))
    a, b = build_aero(own, options=AeroOptions(method="barrowman")), build_aero(bare, options=AeroOptions(method="barrowman"))
    share = 4 * (0.02 / 0.05) ** 2
    n0, n1 = b.normal_slope(0.3), share * a.normal_slope(0.3)
    expected = (n0 * barrowman_cp(bare) + n1 * (0.65 + barrowman_cp(own))) / (n0 + n1)
    assert barrowman_cp(with_pods(4)) == pytest.approx(expected, rel=1e-7)  # read between Mach numbers


def test_pods_that_touch_drag_half_as_much_again():
    far, near = build_aero(with_pods(3, radial_distance=1.0)), build_aero(with_pods(3))
    blown = [p for p in far.drags if p.name.startswith("pods:") and p.kind in ("friction", "pressure")]
    assert len(blown) >= 4
    more = near.drag(0.3, 6e6) - far.drag(0.3, 6e6)
    assert more == pytest.approx(0.5 * sum(far.part_drag(p, 0.3, 6e6) for p in blown), rel=1e-9)
    assert [interference_factor(g, 0.02) for g in (0, 0.01, 0.02, 0.04)] == pytest.approx([1.5, 1.3, 1.3, 1.0])
    assert {p.kind for p in near.drags} - {p.kind for p in far.drags} == {"beside"}


def test_one_pod_rolls_the_rocket_in_a_cross_flow():
    one, two = build_aero(with_pods(1, angle=0.0)), build_aero(with_pods(2, angle=0.0))
    (lift,) = [p for p in one.lifts if p.kind == "pods"]
    # At +y, blown at from -z (w > 0 of the rocket): pushed to -z, a moment -y F about x.
    assert lift.roll_side == pytest.approx((0.0, -0.035))
    (pair,) = [p for p in two.lifts if p.kind == "pods"]
    assert np.allclose(pair.roll_side, 0, atol=1e-12) and one.odd is not None


def test_jets_fill_the_base_that_they_come_out_of():
    b = Boosters(name="side", count=2, parts=POD, offset=0.5, separation=Separation(event="burn-out"))
    r = rocket(fins(0.8), b)
    cold, core, side = (build_aero(r, jet_area=a, jets=j) for a, j in ((0.0, {}), (1e-3, {}), (0.0, {"side": np.pi * 0.01**2})))
    assert cold.drag(0.3, 6e6, True) == cold.drag(0.3, 6e6) == core.drag(0.3, 6e6) == side.drag(0.3, 6e6)
    (base,) = [p for p in cold.drags if p.name == "side: base"]
    assert cold.drag(0.3, 6e6) - side.drag(0.3, 6e6, True) == pytest.approx(cold.part_drag(base, 0.3, 6e6), rel=1e-9)
    assert core.drag(0.3, 6e6, True) < cold.drag(0.3, 6e6)


def test_a_spent_stage_flies_with_its_blunt_open_front():
    top = Stage(name="top", parts=(NOSE, BodyTube(length=0.4, diameter=0.05, wall=0.001)))
    low = Stage(name="low", parts=(BodyTube(length=0.3, wall=0.001, parts=(fins(0.24),)),), separation=Separation(event="burn-out"))
    r = Rocket("two", (top, low))
    alone = r.configuration(["low"])
    t = build_aero(alone)
    assert alone.open_front and any("begins without a nose cone" in n for n in t.notes)
    capped = build_aero(Rocket("capped", (NOSE, *alone.stages[0].parts)))
    face = t.drag(0.1, 2e6) - capped.drag(0.1, 2e6)
    assert 0.7 < face < 0.95  # Hoerner, ch. 3: a blunt face has about 0.8 more than a nose
    assert t.centre_of_pressure(0.3) < 0.3 and np.isfinite(t.axial).all()
    whole = build_aero(r)
    assert whole.drag(0.3, 6e6) < t.drag(0.3, 6e6)


def test_the_same_vehicle_said_as_stages_has_the_same_coefficients():
    parts = (NOSE, BodyTube(length=0.4, diameter=0.05, wall=0.001, parts=(fins(0.3),)), BodyTube(length=0.3, wall=0.001, parts=(fins(0.24),)))
    one = build_aero(Rocket("r", parts))
    never = Separation(event="never")
    two = build_aero(Rocket("r", (Stage(name="a", parts=parts[:2]), Stage(name="b", parts=parts[2:], separation=never))))
    assert (one.a0 == two.a0).all() and (one.axial == two.axial).all() and (one.a1 == two.a1).all()
    assert dataclasses.asdict(one.sigma).keys() == dataclasses.asdict(two.sigma).keys()


def test_the_third_of_three_in_a_row_loses_to_what_the_second_still_lifts():
    t = build_aero(rocket(fins(0.1), fins(0.4), fins(0.8)), mach_max=2.0)
    first, second, third = (p for p in t.lifts if p.kind == "fins")
    on_second, to_first, to_second = (p for p in t.lifts if p.kind == "downwash")
    (alone,) = downwash(fins(0.4), fins(0.8))
    lost = -on_second.slope[0] / second.slope[0]
    tau = 0.025 / 0.065
    of_fins = lost * (1 + tau) ** 2 / fin_share(tau)  # the body's share of its lift is not lost
    assert to_second.slope[0] == pytest.approx(alone.slope[0] * (1 - of_fins), rel=0.12)
    assert 0.3 < lost < 0.9 and second.slope[0] == pytest.approx(first.slope[0], rel=0.1)
    net = third.slope + to_first.slope + to_second.slope
    assert (net > 0).all() and net[0] < second.slope[0] + on_second.slope[0]
    small = fins(0.8, span=0.005, tip_chord=0.06, sweep=0.0)
    t = build_aero(rocket(fins(0.1), fins(0.4), small), mach_max=2.0)
    assert all(sum(p.slope for p in t.lifts if p.path == q).min() > -1e-9 for q in {p.path for p in t.lifts if p.kind == "fins"})
