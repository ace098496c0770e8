"""Rings and the tubes that pass through them: which holes they have, and what is left of them."""

import numpy as np
import pytest

from downrange.rocket import BodyTube, CentringRing, Cluster, InnerTube, Material, NoseCone, Rocket, part_mass

NOSE = NoseCone(shape="ogive", length=0.2, diameter=0.1)


def ring_in(*parts):
    body = Rocket("r", (NOSE, BodyTube(length=0.8, wall=0.001, parts=parts)))
    (q,) = body.find(CentringRing)
    return q


def test_a_ring_on_a_cluster_weighs_what_is_left_of_it():
    """A disc less four circles; its balance stays in the middle, its inertia is that of what is left."""
    tubes = InnerTube(
        length=0.1, diameter=0.0247, wall=0.0004, position="bottom", cluster=Cluster(pattern="4-ring", spacing=1.05)
    )
    q = ring_in(
        tubes, CentringRing(length=0.005, position="bottom", material=Material("ply", 700.0, "volume", "a test"))
    )
    got, outer, r = part_mass(q.part, q.at), 0.049, 0.01235
    disc, hole = 700 * 0.005 * np.pi * outer**2, 700 * 0.005 * np.pi * r**2
    assert got.mass == pytest.approx(disc - 4 * hole, rel=1e-12)
    assert got.cg == pytest.approx([0.9975, 0, 0], abs=1e-12)
    away = np.hypot(*tubes.middles[0])
    assert got.roll_inertia == pytest.approx(0.5 * disc * outer**2 - 4 * hole * (0.5 * r**2 + away**2), rel=1e-12)
    flat = 0.005**2 / 12
    expected = disc * (0.25 * outer**2 + flat) - 4 * hole * (0.25 * r**2 + flat + 0.5 * away**2)
    assert got.pitch_inertia == pytest.approx(expected, rel=1e-12)


def test_one_tube_beside_the_axis_moves_the_balance_of_its_ring_away():
    tube = InnerTube(length=0.3, diameter=0.02, wall=0.001, position="bottom", cluster=Cluster(places=((0.02, -0.01),)))
    q = ring_in(
        tube,
        CentringRing(
            length=0.003, position="bottom", count=2, spacing=0.1, material=Material("ply", 700.0, "volume", "a test")
        ),
    )
    disc, hole = 0.049**2, 0.01**2
    got = part_mass(q.part, q.at)
    assert got.mass == pytest.approx(2 * 700 * 0.003 * np.pi * (disc - hole), rel=1e-12)
    assert got.cg[1:] == pytest.approx(np.array([-0.02, 0.01]) * hole / (disc - hole), rel=1e-9)
    assert got.cg[0] == pytest.approx(1.0 - 0.0515, abs=1e-12)


@pytest.mark.parametrize(
    ("offset", "hole"),
    [(-0.15, 0.015), (-0.4, 0.01), (0.0, 0.015)],
    ids=["on the mount", "on a thin tube", "over the end"],
)
def test_an_automatic_hole_is_that_of_the_tube_that_passes_through(offset, hole):
    """Not of the widest in the rocket; a ring beside all tubes is one for the widest."""
    mount = InnerTube(length=0.2, diameter=0.03, wall=0.001, position="bottom", offset=-0.05)
    thin = InnerTube(length=0.2, diameter=0.02, wall=0.001, position="bottom", offset=-0.3)
    q = ring_in(mount, thin, CentringRing(length=0.003, position="bottom", offset=offset))
    assert (q.at.inner, q.at.holes) == (hole, ())


def test_a_row_of_rings_counts_from_the_first_to_the_last():
    """Ten rings of 3 mm, 30 mm apart: the last ones stand on the mount, so that the hole is for it."""
    mount = InnerTube(length=0.2, diameter=0.03, wall=0.001, position="bottom")
    thin = InnerTube(length=0.4, diameter=0.02, wall=0.001, position="top")
    q = ring_in(mount, thin, CentringRing(length=0.003, position="bottom", offset=-0.1, count=10, spacing=0.03))
    assert q.at.inner == 0.015


def test_tubes_in_each_other_leave_one_hole_and_side_by_side_two():
    outer = InnerTube(length=0.3, diameter=0.04, wall=0.001, position="bottom")
    inner = InnerTube(length=0.3, diameter=0.03, wall=0.001, position="bottom")
    ring = CentringRing(length=0.003, position="bottom", offset=-0.1)
    q = ring_in(inner, outer, ring)
    assert (q.at.inner, q.at.holes) == (0.02, ())
    beside = InnerTube(
        length=0.3, diameter=0.02, wall=0.001, position="bottom", cluster=Cluster(places=((0.032, 0.0),))
    )
    q = ring_in(outer, beside, ring)
    assert (q.at.inner, q.at.holes) == (0.02, ((0.0, 0.0, 0.02), (0.032, 0.0, 0.01)))


def test_a_hole_that_is_said_stays_as_it_is():
    tubes = InnerTube(length=0.1, diameter=0.0247, wall=0.0004, position="bottom", cluster=Cluster(pattern="4-ring"))
    q = ring_in(tubes, CentringRing(length=0.005, position="bottom", inner_diameter=0.06))
    assert (q.at.inner, q.at.holes) == (0.03, ())
