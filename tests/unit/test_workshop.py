"""The workshop's drawings and solids, read back from their files: true to the rocket's sizes to 0.01 mm, its volumes to 0.5 %."""

import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from downrange.design.workshop.bill import bill_of, steps_of
from downrange.design.workshop.drawing import Words, dimension
from downrange.design.workshop.items import items_of
from downrange.design.workshop.solids import solids_of
from downrange.errors import InputError, NotFoundError
from downrange.formats.drawing.dxf import dxf_text
from downrange.formats.drawing.mesh import mesh_bytes
from downrange.formats.drawing.pdf import pdf_bytes, tiling_of
from downrange.formats.drawing.svg import svg_text
from downrange.report.workshop.drawings import drawings_of, vents_of
from downrange.report.workshop.files import Printing, workshop_of
from downrange.report.workshop.inches import words_in
from downrange.report.workshop.whole import Balance, whole_drawing
from downrange.rocket import (
    BodyTube,
    Boosters,
    Bulkhead,
    CentringRing,
    Cluster,
    EllipticalFins,
    FreeformFins,
    InnerTube,
    LaunchLug,
    MassObject,
    NoseCone,
    Parachute,
    Pods,
    RailButtons,
    RingFin,
    Rocket,
    Separation,
    Transition,
    TrapezoidalFins,
    TubeCoupler,
    TubeFins,
    part_mass,
)
from drawn import dxf_lines, dxf_space, pdf_pages, stl_triangles, svg_arcs, svg_circles, svg_lines, volume, watertight

MM = 0.01  # what is promised
FIN = dict(count=3, thickness=0.0032, material="plywood", position="bottom", root_chord=0.1234, span=0.0777)
TRAPEZOID = TrapezoidalFins(**FIN, tip_chord=0.0511, sweep=0.0932, name="my fins")
NOSE = NoseCone(
    shape="ogive", length=0.2, diameter=0.0663, wall=0.0021, shoulder_length=0.05, shoulder_diameter=0.062, name="nose"
)


def rocket(*parts, tube: float = 0.5, nose: NoseCone = NOSE, wall: float = 0.0011, more=(), name: str = "R") -> Rocket:
    return Rocket(name, (nose, BodyTube(length=tube, diameter=0.0663, wall=wall, parts=parts, name="tube"), *more))


def drawn(design: Rocket, start: str, more=()):
    """The drawings whose titles begin so."""
    return [d for d in drawings_of(design, more)[0] if d.title.startswith(start)]


def corners(points: np.ndarray) -> np.ndarray:
    """Points (n, 2) from their own least x and y."""
    points = points[:-1] if np.allclose(points[0], points[-1]) else points
    return points - points.min(axis=0)


def everywhere(drawing) -> list[np.ndarray]:
    """The largest closed cut line of a drawing as SVG, DXF and PDF have it, mm from its own lower left."""
    (page,) = pdf_pages(pdf_bytes([drawing]))
    found = (svg_lines(svg_text(drawing)), dxf_lines(dxf_text(drawing)), page.paths)
    n = len(max(found[0], key=len))
    return [
        corners(next(p for p in lines if len(p) in (n, n + 1) and np.ptp(p[:, 0]) > 5 and np.ptp(p[:, 1]) > 5))
        for lines in found
    ]


# ---- true to size -------------------------------------------------------------------------------------------------


def test_a_fin_is_true_to_size_in_every_format():
    (template,) = drawn(rocket(TRAPEZOID), "Fin template")
    want = np.array([(0, 0), (93.2, 77.7), (93.2 + 51.1, 77.7), (123.4, 0)])
    for got in everywhere(template):
        np.testing.assert_allclose(got, want, atol=MM / 2)
    assert template.needed == 3


def test_a_fin_of_points_and_its_tab_are_true_to_size():
    points = ((0.0, 0.0), (0.04, 0.061), (0.07, 0.055), (0.13, 0.08), (0.12, 0.0))
    fin = FreeformFins(
        count=4, thickness=0.002, points=points, missing=(2,), tab_length=0.05, tab_height=0.012, tab_offset=0.03
    )
    (template,) = drawn(rocket(fin), "Fin template")
    want = np.array([*points, (0.08, 0), (0.08, -0.012), (0.03, -0.012), (0.03, 0)]) * 1e3 + [0, 12]
    for got in everywhere(template):
        np.testing.assert_allclose(got, want, atol=MM / 2)
    assert template.needed == 3, "one of four is missing"


def test_a_half_ellipse_is_one():
    (template,) = drawn(rocket(EllipticalFins(**FIN)), "Fin template")
    for got in everywhere(template):
        u, v = (got[:, 0] - 61.7) / 61.7, got[:, 1] / 77.7
        np.testing.assert_allclose(np.hypot(u, v)[1:-1], 1.0, atol=1e-4)
        middles = 0.5 * (got[1:] + got[:-1])
        sag = 61.7 * (1 - np.hypot((middles[:, 0] - 61.7) / 61.7, middles[:, 1] / 77.7))
        assert sag.max() < MM


@pytest.mark.parametrize(("material", "grain"), [("balsa", True), ("fiberglass", False)])
def test_wood_has_its_grain_along_the_leading_edge(material, grain):
    (template,) = drawn(rocket(replace(TRAPEZOID, material=material)), "Fin template")
    lines = [p for p in svg_lines(svg_text(template), "mark") if len(p) == 2]
    assert bool(lines) == grain
    if grain:
        along = lines[0][1] - lines[0][0]
        assert math.atan2(along[1], along[0]) == pytest.approx(math.atan2(77.7, 93.2), abs=1e-3)


def test_rings_and_bulkheads_are_true_to_size():
    design = rocket(
        InnerTube(length=0.1, diameter=0.0421, wall=0.001, position="bottom"), CentringRing(length=0.005, position="bottom", count=2, spacing=0.05),
        Bulkhead(length=0.006, name="lid"),
    )  # fmt: skip
    (ring,), (lid,) = drawn(design, "Centring"), drawn(design, "Bulkhead")
    bore = 66.3 - 2 * 1.1
    assert sorted(r for *_, r in svg_circles(svg_text(ring))) == pytest.approx([42.1 / 2, bore / 2], abs=MM / 2)
    assert sorted(e.dxf.radius for e in dxf_space(dxf_text(ring)).query("CIRCLE")) == pytest.approx(
        [42.1 / 2, bore / 2], abs=MM / 2
    )
    (page,) = pdf_pages(pdf_bytes([ring]))
    round_ = [p for p in page.paths if len(p) > 30]
    assert sorted(np.ptp(p[:, 0]) for p in round_) == pytest.approx([42.1, bore], abs=MM)
    assert [r for *_, r in svg_circles(svg_text(lid))] == pytest.approx([bore / 2], abs=MM / 2)
    assert (ring.needed, lid.needed) == (2, 1)


def test_a_ring_on_a_cluster_has_a_hole_for_each_tube():
    tubes = InnerTube(
        length=0.1, diameter=0.0247, wall=0.0004, position="bottom", cluster=Cluster(pattern="4-ring", spacing=1.05)
    )
    (ring,) = drawn(rocket(tubes, CentringRing(length=0.003, position="bottom")), "Centring")
    x0, y0, _ = next(c for c in svg_circles(svg_text(ring)) if c[2] > 20)
    holes = [(x - x0, y - y0) for x, y, r in svg_circles(svg_text(ring)) if r == pytest.approx(12.35, abs=MM)]
    assert sorted(map(tuple, np.round(holes, 2))) == sorted(map(tuple, np.round(np.array(tubes.middles) * 1e3, 2)))


def test_the_ruler_on_each_sheet_is_100_mm_and_4_inches():
    (template,) = drawn(rocket(TRAPEZOID), "Fin template")
    for paper, long, size in (("a4", 100.0, (210.0, 297.0)), ("letter", 101.6, (215.9, 279.4))):
        (page,) = pdf_pages(pdf_bytes([template], paper=paper))
        assert sorted(page.size) == pytest.approx(size, abs=1e-3)
        assert any(len(p) == 2 and abs(np.ptp(p[:, 0]) - long) < 1e-3 and p[0, 1] == p[1, 1] < 40 for p in page.paths)
    assert any(np.ptp(p[:, 0]) == pytest.approx(100, abs=1e-3) for p in svg_lines(svg_text(template), "dimension"))


# ---- guides -------------------------------------------------------------------------------------------------------


def test_the_guide_goes_once_round_and_has_each_line_at_its_angle():
    lug = LaunchLug(length=0.04, diameter=0.005, wall=0.0003, position="middle", angle=math.radians(90), offset=0.15)
    fins = replace(TRAPEZOID, angle=math.radians(30), offset=-0.02)
    (guide,) = drawn(rocket(fins, lug), "Marking guide")
    around_it = math.pi * 66.3
    box, *marks = svg_lines(svg_text(guide))
    box_low = box.min(axis=0)
    assert np.ptp(box[:, 0]) == pytest.approx(around_it, abs=MM)
    where = {
        round((m[0, 0] - box_low[0]) / around_it * 360, 2): sorted(m[:, 1] - box_low[1]) for m in marks if len(m) == 2
    }
    assert sorted(where) == pytest.approx([30, 90, 150, 270], abs=0.02)
    # The lower edge of the strip is the aft end less what lies behind: the fins end 20 mm before the tube does.
    low = 20.0 - 12.0
    for a in (30.0, 150.0, 270.0):
        assert where[a] == pytest.approx([20.0 - low, 20.0 - low + 123.4], abs=MM)
    assert where[90.0] == pytest.approx([500 - 400 - 20 - low, 500 - 400 + 20 - low], abs=MM)
    assert any(f"lower edge {low:g} mm from its aft end" in n for n in guide.notes)


def test_to_the_right_with_the_nose_up_is_clockwise_from_behind():
    """Roll runs from body y to z, x out of the nose: at roll a, outside, nose up, the right hand is where roll grows."""
    a = 0.7
    outward, nose = np.array([0, np.cos(a), np.sin(a)]), np.array([1.0, 0, 0])
    right, grows = np.cross(-outward, nose), np.array([0, -np.sin(a), np.cos(a)])
    np.testing.assert_allclose(right, grows)


def test_marks_far_apart_have_strips_of_their_own():
    design = rocket(RailButtons(offset=0.1, spacing=0.7), tube=1.2)
    strips = drawn(design, "Marking guide")
    assert [s.title[-6:] for s in strips] == ["1 of 2", "2 of 2"]
    assert "Upper edge 88 mm from the front end of the tube" in strips[0].notes[0]
    assert "rail button: 400 mm from the aft end, at 180°." in strips[1].notes


@pytest.mark.parametrize(("fore", "aft"), [(66.3, 40.0), (66.3, 98.0), (66.3, 0.0)])
def test_a_shroud_closes(fore, aft):
    cone = Transition(length=0.073, aft_diameter=aft / 1e3, wall=0.0005, name="cone")
    (flat,) = drawn(rocket(more=(cone,)), "Shroud")
    arcs = svg_arcs(svg_text(flat))
    slant = math.hypot(73.0, (fore - aft) / 2)
    assert len(arcs) == (2 if aft else 1)
    turns = []
    for (x, y), (r, xm, ym), (_, xe, ye) in arcs:
        half = 2 * math.asin(math.hypot(xm - x, ym - y) / (2 * r))
        assert math.hypot(xe - xm, ye - ym) == pytest.approx(math.hypot(xm - x, ym - y), abs=MM)
        turns.append((2 * half, 2 * half * r))
    ends = sorted((math.pi * d for d in (fore, aft) if d), reverse=True)
    assert sorted((length for _, length in turns), reverse=True) == pytest.approx(ends, abs=MM)
    radii = sorted((a[1][0] for a in arcs), reverse=True)
    assert radii[0] - (radii[1] if aft else 0.0) == pytest.approx(slant, abs=MM)
    from_dxf = [
        (e.dxf.radius, math.radians((e.dxf.end_angle - e.dxf.start_angle) % 360))
        for e in dxf_space(dxf_text(flat)).query("ARC")
    ]
    assert sorted((r * t for r, t in from_dxf), reverse=True) == pytest.approx(ends, abs=MM)


@pytest.mark.parametrize(("aft", "side"), [(0.040, -1), (0.098, 1)])
def test_a_fin_on_a_cone_stands_where_it_should(aft, side):
    """Roll 90° lies left of the middle where the nose is up (it narrows), right of it where the nose is down."""
    fin = TrapezoidalFins(
        count=1, thickness=0.002, root_chord=0.03, tip_chord=0.02, span=0.03, sweep=0.01, angle=math.pi / 2, offset=0.02
    )
    cone = Transition(length=0.073, aft_diameter=aft, wall=0.0005, parts=(fin,))
    (flat,) = drawn(rocket(more=(cone,)), "Shroud")
    (mark,) = [s for s in flat.shapes if getattr(s, "style", "") == "mark"]
    (x0, y0), (x1, y1) = mark.points
    assert np.sign(x0) == side
    wide, narrow = max(0.0663, aft), min(0.0663, aft)
    slant = math.hypot(0.073, (wide - narrow) / 2)
    turn = math.pi * (wide - narrow) / slant
    assert abs(math.atan2(x0, y0)) == pytest.approx(turn / 4, abs=1e-6), (
        "a quarter of the way round is half way to an edge"
    )
    apex = wide / 2 * slant / ((wide - narrow) / 2)
    want = [slant / 0.073 * x for x in (0.02, 0.05)]
    got = (
        [apex - math.hypot(x0, y0), apex - math.hypot(x1, y1)]
        if side < 0
        else [math.hypot(x, y) - (apex - slant) for x, y in ((x0, y0), (x1, y1))]
    )
    assert got == pytest.approx(want, abs=1e-6)


def test_what_cannot_be_rolled_or_cut_says_so():
    curved = Transition(
        length=0.07, aft_diameter=0.04, shape="ogive", wall=0.001, parts=(replace(TRAPEZOID, root_chord=0.05, count=2),)
    )
    thin = CentringRing(length=0.005, diameter=0.06, inner_diameter=0.06 - 1e-8, name="nothing")
    drawings, told = drawings_of(rocket(thin, more=(curved,)))
    words = {t.name: [u.words for u in told if u.name == t.name] for t in told}
    assert not any(d.title.startswith(("Shroud", "Centring")) for d in drawings)
    assert any("no flat sheet" in w for w in words["transition"]) and any(
        "no flat guide" in w for w in words["transition"]
    )
    assert any("nothing to cut" in w for w in words["nothing"])


def test_every_part_is_drawn_or_said():
    parts = (
        TubeFins(count=6, length=0.08, diameter=0.03, wall=0.0005, position="bottom"), RingFin(length=0.05, diameter=0.12, wall=0.001, material="cardboard"),
        MassObject(mass=0.1, name="egg"), Parachute(diameter=0.5, name="chute"), LaunchLug(length=0.03, diameter=0.005, wall=0.0003),
        Pods(name="pod", count=2, parts=(NoseCone(shape="conical", length=0.05, diameter=0.02, name="pod nose"), BodyTube(length=0.1, diameter=0.02, wall=0.001, parts=(replace(TRAPEZOID, root_chord=0.05, name="pod fins"),), name="pod tube"))),
    )  # fmt: skip
    design = rocket(*parts)
    drawings, told = drawings_of(design)
    there = {d.path for d in drawings} | {t.path for t in told}
    assert there >= {i.path for i in items_of(design)}
    (tubes,) = [d for d in drawings if d.title.startswith("Tube fins")]
    x0, y0, _ = min(svg_circles(svg_text(tubes)), key=lambda c: c[2])
    rings = [c for c in svg_circles(svg_text(tubes)) if c[2] == pytest.approx(15, abs=MM)]
    middle = np.mean([c[:2] for c in rings], axis=0)
    assert [math.dist(middle, c[:2]) for c in rings] == pytest.approx([33.15 + 15] * 6, abs=MM)
    assert next(d for d in drawings if "pod fins" in d.title).needed == 6, "three fins on each of two pods"


def test_vents_follow_the_makers_rule():
    bay = TubeCoupler(
        length=0.2,
        wall=0.002,
        name="av bay",
        offset=-0.1,
        parts=(Bulkhead(length=0.003), Bulkhead(length=0.003, position="bottom")),
    )
    design = rocket(bay)
    (mark,), (told,) = vents_of(design)
    bore = 0.0663 - 2 * 0.0011 - 2 * 0.002
    inches = math.pi / 4 * (bore / 0.0254) ** 2 * 0.2 / 0.0254
    area = 4 * math.pi / 4 * (mark.hole / 0.0254) ** 2
    assert area == pytest.approx(math.pi / 4 * 0.25**2 * inches / 100, rel=1e-6)
    assert mark.front == pytest.approx(0.2 - 0.1 + 0.1) and "4 vent holes" in told.words
    (guide,) = drawn(design, "Marking guide", (mark,))
    assert [2 * r for *_, r in svg_circles(svg_text(guide))] == pytest.approx([mark.hole * 1e3] * 4, abs=MM)
    with pytest.raises(NotFoundError, match="no coupler or tube called 'avbay'"):
        vents_of(design, ("avbay",))
    assert vents_of(rocket(replace(bay, parts=())))[0] == ()


# ---- pages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_large_fin_is_tiled_with_overlap_and_marks_that_meet(paper):
    big = TrapezoidalFins(
        count=3, thickness=0.006, root_chord=0.62, tip_chord=0.3, span=0.45, sweep=0.25, position="bottom"
    )
    (template,) = drawn(rocket(big, tube=1.0), "Fin template")
    pages = pdf_pages(pdf_bytes([template], paper=paper))
    assert len(pages) == tiling_of(template, paper, 2).pages > 4
    outline = [next(p for p in page.paths if len(p) == 5 and np.ptp(p[:, 0]) > 600) for page in pages]
    windows, boxes = [], []
    for page, fin in zip(pages, outline, strict=True):
        np.testing.assert_allclose(corners(fin)[:, 0].max(), 620, atol=MM)
        np.testing.assert_allclose(corners(fin)[:, 1].max(), 450, atol=MM)
        x0, y0, x1, y1 = page.window
        assert x0 >= 9.9 and page.size[0] - x1 >= 9.9 and page.size[1] - y1 >= 9.9, "printers do not print the edge"
        windows.append(np.array([x0, y0, x1, y1]) - np.tile(fin[0], 2))
        crosses = [p for p in page.paths if len(p) > 30 and np.ptp(p[:, 0]) == pytest.approx(4, abs=0.01)]
        boxes.append({tuple(np.round(0.5 * (p.min(axis=0) + p.max(axis=0)) - fin[0], 1)) for p in crosses})
    along = np.linspace(0, 1, 400)[:, None]
    for a, b in zip(outline[0][:-1], outline[0][1:], strict=True):
        for x, y in (a + along * (b - a)) - outline[0][0]:
            assert any(w[0] - 1e-6 <= x <= w[2] + 1e-6 and w[1] - 1e-6 <= y <= w[3] + 1e-6 for w in windows)
    near = [
        (i, j)
        for i in range(len(windows))
        for j in range(i)
        if windows[i][1] == pytest.approx(windows[j][1], abs=0.01) and 0 < windows[i][0] - windows[j][0] < 300
    ]
    right = [(i, j) for i, j in near if windows[j][2] - windows[i][0] == pytest.approx(10, abs=0.01)]
    assert right, "neighbours share 10 mm"
    for i, j in right:
        assert len(boxes[i] & boxes[j]) == 2, "their two crosses come to lie on each other"


def test_what_is_too_large_for_pages_is_left_to_a_plotter():
    huge = Transition(length=6.0, aft_diameter=3.0, wall=0.01)
    made = workshop_of(rocket(more=(huge,)))
    (told,) = [t for t in made.unprinted if "Shroud" in t.name]
    assert "plotter" in told.words
    with pytest.raises(InputError, match="pages of a4, and 200 is the most"):
        tiling_of(next(d for d in made.drawings if d.title.startswith("Shroud")), "a4", 1)


@pytest.mark.parametrize(("tube", "scale"), [(0.25, 2), (2.8, 20)])
def test_the_whole_rocket_fits_a_sheet_at_the_scale_it_names(tube, scale):
    design = rocket(replace(TRAPEZOID, span=0.05), tube=tube)
    sheet = whole_drawing(design, Balance(0.3, 0.2, 1.0, 1.5, "J1"), None)
    assert sheet.scale == scale
    (page,) = pdf_pages(pdf_bytes([sheet]))
    long = 1e3 * (0.2 + tube) / scale
    assert max(p[:, 0].max() for p in page.paths) < page.size[0] - 9 and min(p[:, 0].min() for p in page.paths) > 9
    dims = [np.ptp(p[:, 0]) for p in page.paths if len(p) == 2 and p[0, 1] == p[1, 1]]
    assert min(abs(d - long) for d in dims) < MM, "the overall length, on paper"
    full = [np.ptp(p[:, 0]) for p in dxf_lines(dxf_text(sheet), "DIMENSION")]
    assert min(abs(d - long * scale) for d in full) < MM, "DXF is at true size"
    circles = svg_circles(svg_text(sheet))
    nose = min(p[:, 0].min() for p in svg_lines(svg_text(sheet)))
    assert sorted({round((x - nose) * scale, 1) for x, *_ in circles}) == pytest.approx([200.0, 300.0], abs=0.1), (
        "CG and CP"
    )


def test_a_dimension_says_its_length():
    words = [s.text for s in dimension((0.0, 0.0), (0.03, 0.04), 0.005) if hasattr(s, "text")]
    assert words == ["50"]


# ---- names that somebody else wrote -------------------------------------------------------------------------------


def test_in_us_units_every_length_on_the_sheets_is_in_inches():
    """To a thousandth; what is drawn stays where it is, the numbers of the fins are no lengths, grams stay grams."""
    design = rocket(TRAPEZOID, CentringRing(length=0.005, inner_diameter=0.03), RailButtons(count=2, spacing=0.2))
    metric, us = (workshop_of(design, paper="letter", units=u) for u in ("metric", "us"))
    texts = 0
    for a, b in zip(metric.drawings, us.drawings, strict=True):
        assert a.key == b.key and "inches" in b.notes[-1]
        for s, t in zip(a.shapes, b.shapes, strict=True):
            if not isinstance(s, Words):
                assert s == t
            elif s.length:
                shown, inches = (float(x.text.split()[-1]) for x in (s, t))
                assert inches == pytest.approx(shown / 25.4, abs=5.1e-4)
                texts += 1
            elif " mm" not in s.text:
                assert s.text == t.text
        assert not any(" mm" in w for w in (*b.notes, *(s.text for s in b.shapes if isinstance(s, Words))))
    assert texts > 8
    assert words_in("cut 2 to 254 mm, Ø 63.5 mm, wall 1 mm", "us") == "cut 2 to 10.000 in, Ø 2.500 in, wall 0.039 in"
    assert words_in("cut 2 to 254 mm", "metric") == "cut 2 to 254 mm"
    assert [x.size for x in us.bill] != [x.size for x in metric.bill] and [x.total for x in us.bill] == [
        x.total for x in metric.bill
    ]
    assert not any(" mm" in w for w in (*us.steps, *(x.size for x in us.bill), *(t.words for t in us.told)))
    guide = next(d for d in us.drawings if "guide" in d.key)
    assert {"1", "2", "3"} & {w for s in guide.shapes if isinstance(s, Words) for w in s.text.split()} == {
        w
        for s in next(d for d in metric.drawings if "guide" in d.key).shapes
        if isinstance(s, Words)
        for w in s.text.split()
    } & {"1", "2", "3"}


def test_hostile_names_stay_words():
    bad = "<script>alert(1)</script>%%c\\U+0041^J\n../../x & Ωß"
    design = rocket(replace(TRAPEZOID, name=bad), name=bad)
    for d in drawings_of(design)[0]:
        assert "/" not in d.key and "." not in d.key and d.key.isascii()
        text = svg_text(d, bad)
        assert "<script" not in text and svg_lines(text)
        words = [e.dxf.text for e in dxf_space(dxf_text(d, bad)).query("TEXT")]
        assert not any("%%" in w or "\\" in w or "\n" in w for w in words)
        assert all(page.paths for page in pdf_pages(pdf_bytes([d], bad)))


# ---- solids -------------------------------------------------------------------------------------------------------

SHAPES = [
    ("conical", None),
    ("ogive", 1.0),
    ("ellipsoid", None),
    ("power", 0.5),
    ("parabolic", 0.7),
    ("haack", 0.33),
    ("von karman", None),
]


def solids(design: Rocket) -> list:
    return [s for i in items_of(design) for s in solids_of(i.part, i)]


def checked(solid) -> float:
    """Mass by the file's own triangles over the part's; the file is closed."""
    triangles = stl_triangles(mesh_bytes(solid, "stl"))
    assert watertight(triangles)
    inside = volume(triangles) * 1e-9
    assert inside == pytest.approx(solid.volume, rel=1e-4)
    return inside * solid.density / solid.part_mass


@pytest.mark.parametrize(("shape", "parameter"), SHAPES)
def test_a_printed_nose_weighs_what_the_part_does(shape, parameter):
    nose = replace(NOSE, shape=shape, shape_parameter=parameter, shoulder_wall=0.0015, shoulder_capped=True)
    (solid,) = solids(Rocket("n", (nose,)))
    assert checked(solid) == pytest.approx(1, abs=0.005)
    assert np.ptp(solid.corners, axis=0) == pytest.approx([66.3, 66.3, 250.0], abs=MM)


@pytest.mark.parametrize("wall", [None, 0.0004])
def test_a_solid_and_a_thin_transition_weigh_what_the_part_does(wall):
    cone = Transition(
        length=0.08,
        aft_diameter=0.04,
        wall=wall,
        fore_shoulder_length=0.03,
        fore_shoulder_diameter=0.064,
        aft_shoulder_length=0.02,
        name="c",
    )
    solid = next(s for s in solids(rocket(more=(cone,))) if s.key == "transition")
    assert checked(solid) == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize("section", ["square", "rounded", "airfoil", "wedge", "double wedge", "hexagonal"])
def test_a_printed_fin_weighs_what_the_part_does(section):
    fins = [
        replace(TRAPEZOID, section=section, tab_length=0.06, tab_height=0.01, tab_offset=0.02), EllipticalFins(**FIN, section=section),
        FreeformFins(count=2, thickness=0.003, section=section, points=((0, 0), (0.03, 0.05), (0.06, 0.07), (0.09, 0.07), (0.1, 0.0))),
    ]  # fmt: skip
    for fin in fins:
        one = next(s for s in solids(rocket(fin)) if s.key == "fin")
        assert checked(one) == pytest.approx(1, abs=0.005), type(fin).__name__


def test_a_fin_that_turns_back_is_a_flat_plate_and_says_so():
    fin = FreeformFins(
        count=3, thickness=0.003, section="airfoil", points=((0, 0), (0.03, 0.06), (0.06, 0.05), (0.09, 0.07), (0.1, 0))
    )
    one = next(s for s in solids(rocket(fin)) if s.key == "fin")
    assert watertight(stl_triangles(mesh_bytes(one, "stl"))) and any("flat plate" in n for n in one.notes)


def test_a_fin_can_is_the_fins_and_the_tube_under_them():
    fins = replace(TRAPEZOID, section="rounded", missing=(3,), angle=0.4)
    can = next(s for s in solids(rocket(fins)) if s.key == "fin-can")
    assert checked(can) == pytest.approx(1, abs=0.005)
    tube = math.pi * (0.03315**2 - 0.03205**2) * 0.1234 * 630
    (item,) = [i for i in items_of(rocket(fins)) if i.name == "my fins"]
    assert can.part_mass == pytest.approx(tube + part_mass(fins, item.placed.at).mass, rel=1e-3)


@pytest.mark.parametrize(("cant", "thickness"), [(0.2, 0.003), (0.0, 0.008)], ids=["canted", "thick"])
def test_a_fin_can_fills_what_lies_under_its_roots(cant, thickness):
    """A flat root on a round tube: of a plate without cant the wedge is a strip less a segment of a circle, by hand."""
    fins = replace(TRAPEZOID, section="square", cant=cant, thickness=thickness)
    can = next(s for s in solids(rocket(fins)) if s.key == "fin-can")
    assert checked(can) == pytest.approx(1, abs=0.001)
    if cant == 0.0:
        r, t = 0.03315, thickness
        half = math.asin(0.5 * t / r)
        wedge = t * r - (r**2 * half + 0.5 * t * r * math.cos(half))
        (item,) = [i for i in items_of(rocket(fins)) if i.name == "my fins"]
        tube = math.pi * (r**2 - 0.03205**2) * 0.1234 * 630
        expected = tube + part_mass(fins, item.placed.at).mass + len(fins.present) * wedge * 0.1234 * 630
        assert can.part_mass == pytest.approx(expected, rel=1e-5)


def test_canted_fins_of_a_can_roll_it_clockwise_from_behind():
    """A leading edge to the right of its trailing edge, seen from behind with the fin up, is pushed to the right."""
    fins = replace(TRAPEZOID, count=1, cant=math.radians(4))
    can = next(s for s in solids(rocket(fins)) if s.key == "fin-can")
    tip = can.corners[can.corners[:, 0] > can.corners[:, 0].max() - 1]  # outwards is x here, the nose is towards +z
    aft_most, fore_most = (
        tip[tip[:, 2] < tip[:, 2].min() + 1].mean(axis=0),
        tip[tip[:, 2] > tip[:, 2].max() - 1].mean(axis=0),
    )
    outwards, nose = np.array([1.0, 0, 0]), np.array([0, 0, 1.0])
    right = np.cross(nose, outwards)
    assert (fore_most - aft_most) @ right == pytest.approx(51.1 * math.sin(math.radians(4)), abs=0.5)


def test_discs_and_jigs_are_closed():
    design = rocket(
        replace(TRAPEZOID, count=4), Bulkhead(length=0.006), CentringRing(length=0.005, inner_diameter=0.03)
    )
    made = {s.key: s for s in solids(design)}
    assert checked(made["bulkhead"]) == pytest.approx(1, abs=0.005) and checked(made["ring"]) == pytest.approx(
        1, abs=0.005
    )
    jig = stl_triangles(mesh_bytes(made["fin-jig"], "stl"))
    assert watertight(jig) and np.ptp(jig.reshape(-1, 3)[:, 2]) == pytest.approx(4)
    assert np.isnan(made["fin-jig"].part_mass)


def test_3mf_says_millimetres_and_holds_the_same_solid():
    import io
    import zipfile
    from xml.etree import ElementTree as ET

    solid = next(s for s in solids(rocket(replace(TRAPEZOID, name="<a&b>"))) if s.key == "fin")
    archive = zipfile.ZipFile(io.BytesIO(mesh_bytes(solid, "3mf")))
    root = ET.fromstring(archive.read("3D/3dmodel.model"))
    ns = "{http://schemas.microsoft.com/3dmanufacturing/core/2015/02}"
    assert root.attrib["unit"] == "millimeter"
    corners_ = np.array([[float(v.attrib[k]) for k in "xyz"] for v in root.iter(f"{ns}vertex")])
    faces = np.array([[int(t.attrib[k]) for k in ("v1", "v2", "v3")] for t in root.iter(f"{ns}triangle")])
    assert volume(corners_[faces]) * 1e-9 == pytest.approx(solid.volume, rel=1e-6)


def test_what_is_printed_is_walls_and_infill():
    solid = next(s for s in solids(rocket(Bulkhead(length=0.006))) if s.key == "bulkhead")
    r, t = 0.03205, 0.006
    area, inside = 2 * math.pi * r * (r + t), math.pi * r * r * t
    want = 1240 * (area * 0.001 + 0.2 * (inside - area * 0.001))
    assert solid.printed(1240, 0.001, 0.2) == pytest.approx(want, rel=1e-3)
    assert solid.printed(1240, 1.0, 0.2) == pytest.approx(1240 * inside, rel=1e-3), "never more than solid"


# ---- the bill -----------------------------------------------------------------------------------------------------


def test_the_bill_adds_up_to_the_rocket():
    inside = Bulkhead(length=0.002)
    cluster = InnerTube(
        length=0.1, diameter=0.02, wall=0.0005, cluster=Cluster(pattern="3-ring"), position="bottom", parts=(inside,)
    )
    booster = Boosters(
        name="strap", count=2, separation=Separation(event="burn-out"),
        parts=(NoseCone(shape="conical", length=0.05, diameter=0.03, wall=0.001), BodyTube(length=0.2, diameter=0.03, wall=0.001, parts=(MassObject(mass=0.05),))),
    )  # fmt: skip
    held = TubeCoupler(
        length=0.1,
        wall=0.001,
        mass=0.123,
        override_children=True,
        name="bay",
        parts=(MassObject(mass=0.04, name="board"),),
    )
    design = rocket(
        cluster, replace(TRAPEZOID, mass=0.055), booster, held, CentringRing(length=0.004, count=2, spacing=0.05)
    )
    bill = bill_of(design)
    assert sum(x.total for x in bill) == pytest.approx(design.structure.mass, rel=1e-12)
    lines = {x.name: x for x in bill}
    assert lines["my fins"].how == "given" and lines["my fins"].each == pytest.approx(0.055 / 3)
    assert lines["board"].how == "in the mass of bay" and lines["bulkhead"].count == 3
    assert any("Glue bulkhead (3 of them) in inner tube" in s for s in steps_of(design))


def test_printing_that_cannot_be_is_refused():
    with pytest.raises(InputError, match="infill is between 0 and 100 %"):
        Printing(infill=1.5)
    with pytest.raises(InputError, match="between 0.1 and 50 mm"):
        Printing(wall=0.0)
    with pytest.raises(NotFoundError, match="no volume material called 'plaa'"):
        Printing("plaa")
