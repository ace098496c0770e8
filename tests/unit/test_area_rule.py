"""Fins and a boat-tail near Mach 1: the cosine of the area rule, its limits, and what it adds."""

import dataclasses

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from downrange.aero import AeroOptions, build_aero
from downrange.aero.arearule import _fins, cosine, interference
from downrange.report.scorecard import arcas
from downrange.rocket import FinSet, Rocket, Transition, planform

IN = 0.0254
SONIC = np.array([1.0])


def moved(inches: float, **changes) -> Rocket:
    """The ARCAS Robin with its fins `inches` further aft."""
    nose, tube, tail = arcas().parts
    fin = dataclasses.replace(tube.parts[0], offset=tube.parts[0].offset + inches * IN, **changes)
    return Rocket("moved", (nose, dataclasses.replace(tube, parts=(fin,)), tail), "polished")


def pair(rocket: Rocket):
    fins = next(q for q in rocket.placed if isinstance(q.part, FinSet))
    return fins, next(q for q in rocket.placed if isinstance(q.part, Transition))


def test_cosine_by_the_logarithmic_integral():
    """The same form in space: -∫∫ S₁'' S₂'' ln|x - ξ|, with both distributions smeared as the wave numbers are cut off."""
    fins, tail = pair(moved(0.0))
    radius, n = fins.at.outer, 4000
    x = np.linspace(fins.front - 12 * radius, tail.aft + 12 * radius, n)
    dx = x[1] - x[0]
    body = np.pi * np.interp(x, [tail.front, tail.aft], [tail.at.outer, tail.at.aft_outer]) ** 2
    fin, area = fins.part, np.zeros(n)
    for y in (np.arange(200) + 0.5) / 200:  # a double wedge on a trapezoid, four of them
        chord = fin.root_chord + y * (fin.tip_chord - fin.root_chord)
        at = (x - fins.front - y * fin.sweep) / chord
        area += 4 * fin.thickness * fin.span / 200 * np.clip(1 - np.abs(2 * at - 1), 0, None)
    smeared = (gaussian_filter1d(s, 0.25 * radius / dx) for s in (body - body[-1], area))
    inner = slice(n // 8, -n // 8)
    bent = [np.gradient(np.gradient(s, dx), dx)[inner] for s in smeared]
    log = np.log(np.abs(x[inner][:, None] - x[inner][None, :]) + 0.22 * dx)  # 0.22: the mean of ln over one cell
    form = np.array([[-(a @ log @ b) for b in bent] for a in bent])
    by_hand = form[0, 1] / np.sqrt(form[0, 0] * form[1, 1])
    assert float(cosine(fins, tail, SONIC)[0]) == pytest.approx(by_hand, abs=0.04)


def test_fins_that_thin_beside_the_boat_tail_resist_it_and_those_that_thicken_there_help():
    values = [float(cosine(*pair(moved(x)), SONIC)[0]) for x in (-12.0, -1.0, 0.0, 1.9)]
    assert abs(values[0]) < 0.05  # far ahead they do not know of each other
    assert 0.05 < values[1] < values[2] and values[2] > 0.6
    assert values[3] < 0
    assert all(abs(v) <= 1 for v in values)


def test_the_far_field_leaves_with_the_mach_cones():
    fins, tail = pair(arcas())
    machs = np.array([1.0, 1.1, 1.2])
    assert np.all(np.diff(cosine(fins, tail, machs)) < 0)
    wave = np.full(4, 0.05)
    added = interference(fins, wave, [(tail, 2 * wave)], np.array([0.7, 1.0, 1.3, 1.7]))
    assert added[0] == pytest.approx(added[1])  # the components' own waves carry it below Mach 1
    assert added[1] == pytest.approx(2 * float(cosine(fins, tail, SONIC)[0]) * np.sqrt(0.05 * 0.1))
    assert abs(added[2]) < 0.3 * added[1] and added[3] == 0


def test_what_has_no_thickness_wave_adds_none():
    fins, tail = pair(moved(0.0, section="square"))
    assert not interference(fins, np.ones(1), [(tail, np.ones(1))], SONIC).any()


def test_the_sum_of_two_waves_is_never_less_than_none():
    """|c| ≤ 1: √D₁ and √D₂ make a triangle with √D."""
    fins, tail = pair(moved(1.9))
    for own in (0.01, 0.05, 0.2):
        both = own + 0.05 + float(interference(fins, np.array([0.05]), [(tail, np.array([own]))], SONIC)[0])
        assert (np.sqrt(own) - np.sqrt(0.05)) ** 2 <= both <= (np.sqrt(own) + np.sqrt(0.05)) ** 2


def test_what_fins_add_to_the_arcas_robin():
    """NASA TN D-4013: forebody CA with fins less that without, 0.170, 0.269, 0.234 and 0.166 at Mach 0.95, 1, 1.1 and 1.2."""
    nose, tube, tail = arcas().parts
    bare = Rocket("bare", (nose, dataclasses.replace(tube, parts=()), tail), "polished")
    full, alone = (build_aero(r, mach_max=2.0, options=AeroOptions(wall="adiabatic")) for r in (arcas(), bare))

    def forebody(aero, mach: float) -> float:
        base = next(p for p in aero.drags if p.path == "base")
        return aero.drag(mach, 9.8e6) - aero.part_drag(base, mach, 9.8e6)

    for mach, measured in ((0.95, 0.170), (1.0, 0.269), (1.1, 0.234), (1.2, 0.166)):
        assert forebody(full, mach) - forebody(alone, mach) == pytest.approx(measured, abs=0.03)


@pytest.mark.parametrize(("count", "missing"), [(3, ()), (4, ()), (4, (1,)), (5, ()), (6, (1, 4))])
def test_every_fin_is_counted_where_it_leans(count, missing):
    """Fins that lean alike are summed at once; one by one they make the same, for any number of them and with some gone."""
    fins, _ = pair(moved(0.0, count=count, missing=missing))
    plan, fin = planform(fins.part), fins.part
    k, mach = np.array([0.7, 3.1, 9.0]) / fins.at.outer, np.array([1.0, 1.17, 1.4])
    strips = plan.y.size // 12
    y, le, chord = (v[: 12 * strips].reshape(12, strips).mean(axis=1) for v in (plan.y, plan.le, plan.chord))
    for m, seen in zip(mach, _fins(fins, plan, k, mach), strict=True):
        for plane, row in enumerate(seen):
            for wave, value in zip(k, row, strict=True):
                one = 0.0
                for at in fin.present:
                    lean = np.cos(((plane + 0.5) / 3 + at) * 2 * np.pi / count)
                    for a, b, c in zip(y, le, chord, strict=True):
                        front = fins.front + b + np.sqrt(m * m - 1) * (fins.at.outer + a) * lean
                        edges = np.exp(-1j * wave * (front + np.array([0, 0.5, 1]) * c))
                        # a double wedge thickens by 2 t/c to mid-chord and thins again: S'' = 2/c (1, -2, 1)
                        one += 2 / c / (1j * wave) * (edges @ [1, -2, 1]) * fin.thickness * fin.span / 12
                assert value == pytest.approx(one, rel=1e-9, abs=1e-12)
