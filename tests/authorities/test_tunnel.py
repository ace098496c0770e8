"""The scorecard against published measurements. Rows that miss what was asked for are named, with how far they miss."""

import numpy as np
import pytest

from downrange.aero import AeroOptions, build_aero
from downrange.report.scorecard import arcas, finner, hb2, scorecard

# What does not hold, as (model, quantity): the error that it may not exceed instead. Each is explained in docs/theory/aerodynamics.
SHORT = {
    ("ARCAS Robin", "CP, % of length"): 7.0,
    ("Basic Finner", "Cx0"): 9.0,
    ("Basic Finner", "Clp", "NAVORD Report 6652"): 15.5,
    ("AGARD HB-2", "CA without base, Mach 2-8"): 11.0,
    ("AGARD HB-2", "CNα, Mach 2-8"): 16.0,
}


def key(t):
    return (t.name, t.quantity, t.source) if (t.name, t.quantity) not in SHORT else (t.name, t.quantity)


@pytest.mark.parametrize("table", scorecard(), ids=lambda t: f"{t.name}: {t.quantity} ({t.source})")
def test_scorecard(table):
    error = table.worst if table.each else table.mean
    assert error <= table.limit or error <= SHORT[key(table)]


def test_most_of_the_scorecard_holds():
    tables = [t for t in scorecard() if t.limit < 100]
    missed = {key(t) for t in tables if not t.met}
    assert missed <= set(SHORT)


def test_above_mach_1_2_the_arcas_is_met_in_every_row():
    rows = {t.quantity: t.rows for t in scorecard() if t.name == "ARCAS Robin"}
    assert max(abs(r.error) for r in rows["CP, % of length"] if r.mach >= 1.2) < 3
    assert max(abs(r.error) for r in rows["CNα, slope of five points to ±4°"] if r.mach >= 1.2) < 12
    assert max(abs(r.error) for r in rows["CA"]) < 7


def test_a_rounded_shoulder_leaves_a_blunt_nose_no_drag_at_low_speed():
    """AGARD's HB-2 at Mach 0.7: two models and two balances measured 0.099 to 0.161 without the base, mean 0.141."""
    slow = next(t for t in scorecard() if t.quantity == "CA without base, Mach 0.7-1.4").rows
    least = [r for r in slow if r.mach <= 0.7]
    assert len(least) == 4
    assert all(min(r.measured for r in least) < r.ours < max(r.measured for r in least) for r in least)
    assert np.mean([r.ours for r in least]) == pytest.approx(np.mean([r.measured for r in least]), rel=0.2)


def test_the_described_hb2_is_the_reports():
    """Its tangency points are told over the length: 0.1064, 0.167, 0.583 and 0.725; the base is 1.6 tubes wide."""
    body = hb2()
    ends = np.array([q.aft for q in body.placed]) / body.length
    assert ends[[0, 1, 2, 6, 7]] == pytest.approx([0.1064, 0.167, 0.583, 0.725, 1.0], abs=2e-3)
    assert body.base_radius / 0.05 == pytest.approx(1.6) and body.length == pytest.approx(0.49)
    assert body.placed[0].part.tip_radius == pytest.approx(0.03)
    assert body.placed[0].at.aft_outer == pytest.approx(0.05 - 0.07 * (1 - np.cos(np.radians(25))), rel=1e-6)


def test_better_than_the_peer_in_every_row():
    """OpenRocket's classic kernel on the same model: CP 6 to 29 % of the length too far forward, CA up to twice too high."""
    compared = [t for t in scorecard() if t.name == "ARCAS Robin" and t.peer]
    assert {t.quantity for t in compared} == {"CA", "CP, % of length"}
    for t in compared:
        rows = [r for r in t.rows if r.peer is not None]
        assert len(rows) == 6
        for r in rows:
            assert abs(r.ours - r.measured) < 0.35 * abs(r.peer - r.measured), (t.quantity, r.mach)
        ours, theirs = (
            np.mean([abs(v - r.measured) for r, v in zip(rows, side)])
            for side in ([r.ours for r in rows], [r.peer for r in rows])
        )
        assert ours < 0.2 * theirs


def test_full_method_beats_barrowman():
    old = {(t.name, t.quantity, t.source): t.mean for t in scorecard("barrowman")}
    for t in scorecard():
        if t.source.startswith("DREV") and t.quantity in ("CNα", "CP, calibres", "Cmq + Cmα̇", "Clp"):
            assert t.mean < 0.75 * old[t.name, t.quantity, t.source] or t.mean < t.limit


def test_a_cold_wall_has_more_friction():
    cold, tunnel = (build_aero(finner(), mach_max=5.0, options=AeroOptions(wall=w)) for w in ("cold", "adiabatic"))
    assert cold.drag(4.0, 9e7) > 1.05 * tunnel.drag(4.0, 9e7)
    assert cold.drag(0.2, 4e6) == pytest.approx(tunnel.drag(0.2, 4e6), rel=5e-3)
    assert build_aero(arcas(), mach_max=5.0).normal_slope(2.0) > 0
