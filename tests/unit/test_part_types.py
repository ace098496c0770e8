"""What a part does is registered by its type: a new one is one file, and one that is half registered is an error."""

import inspect
from dataclasses import dataclass

import numpy as np
import pytest

from downrange.aero import AeroOptions, build_aero, part_drag, part_lift, part_notes
from downrange.aero.lift import plain_lift
from downrange.bounds import spec
from downrange.project import load_rocket
from downrange.report.figures import new_figure
from downrange.report.parts import draw_part, part_reach
from downrange.rocket import (
    PART_TYPES,
    BodyTube,
    Bulkhead,
    LaunchLug,
    NoseCone,
    Part,
    Rocket,
    Transition,
    TrapezoidalFins,
    TubeFins,
    cylinder,
    on_the_surface,
    part_frame,
    part_length,
    part_mass,
)

EVERYTHING = (part_length, part_frame, part_mass, part_lift, part_drag, part_notes, draw_part, part_reach)

# ---- the whole of a new part ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Camera(Part):
    """A camera in a fairing on the body's side."""

    length: float = spec("length", "along the body", 0.05, above=0)
    height: float = spec("length", "off the body", 0.02, above=0)


part_length.register(Camera)(lambda part: part.length)
part_frame.register(Camera)(on_the_surface)
part_mass.register(Camera)(
    lambda part, at: cylinder(0.03, at.front, part.length, outer=0.01, y=at.outer + part.height / 2)
)
part_lift.register(Camera)(
    lambda part, q, mach, rocket, slope: plain_lift("camera", q.path, 0.5 + 0 * mach, q.front + 0 * mach)
)
part_drag.register(Camera)(lambda part, q, b: b.add(q, "camera", "protuberance", np.array(0.7)))
part_notes.register(Camera)(lambda part, q: iter(["it looks down."]))
draw_part.register(Camera)(lambda part, q, a: a.plot([q.front, q.aft], [q.at.outer, q.at.outer + part.height]))
part_reach.register(Camera)(lambda part, q: q.at.outer + part.height)

# -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Forgotten(Part):
    """A part that nobody registered."""


def rocket(*parts):
    tube = BodyTube(length=0.5, diameter=0.05, wall=0.001, material="cardboard", parts=parts)
    return Rocket("r", (NoseCone(shape="ogive", length=0.15, diameter=0.05, wall=0.002, material="cardboard"), tube))


def test_a_new_part_weighs_and_stands_where_it_says():
    bare, with_it = rocket().without_motor, rocket(Camera(offset=0.03)).without_motor
    assert with_it.mass == pytest.approx(bare.mass + 0.03, abs=1e-12)
    # 30 g at 0.15 + 0.03 + 0.05 / 2 m from the nose tip, and 0.025 + 0.02 / 2 m off the axis
    assert with_it.mass * with_it.cg[0] == pytest.approx(bare.mass * bare.cg[0] + 0.03 * 0.205, rel=1e-12)
    assert with_it.mass * with_it.cg[1] == pytest.approx(0.03 * 0.035, rel=1e-12)


@pytest.mark.parametrize("method", ["full", "barrowman"])
def test_a_new_part_lifts_and_drags(method):
    options = AeroOptions(method=method)
    bare, with_it = build_aero(rocket(), options=options), build_aero(rocket(Camera(offset=0.03)), options=options)
    assert np.allclose(with_it.a0 - bare.a0, 0.5, atol=1e-12)
    assert np.allclose(with_it.a1 - bare.a1, 0.5 * 0.18, atol=1e-12)
    assert np.allclose(with_it.axial - bare.axial, 0.7, atol=1e-12)
    assert "Camera: it looks down." in with_it.notes


def test_a_new_part_is_drawn():
    _, (a,) = new_figure(1, (4, 3))
    (q,) = rocket(Camera(offset=0.03)).find(Camera)
    draw_part(q.part, q, a)
    assert np.allclose(a.lines[0].get_xydata(), [[0.18, 0.025], [0.23, 0.045]]) and part_reach(q.part, q) == 0.045


def test_a_new_part_is_read_from_a_file(tmp_path, monkeypatch):
    monkeypatch.setitem(PART_TYPES, "camera", Camera)
    (tmp_path / "rocket.yaml").write_text(
        "name: r\nparts:\n  - {type: nose cone, shape: ogive, length: 15 cm, diameter: 5 cm}\n"
        "  - {type: body tube, length: 50 cm, diameter: 5 cm, wall: 1 mm, parts: [{type: camera, height: 3 cm}]}\n"
    )
    (q,) = load_rocket(tmp_path / "rocket.yaml").find(Camera)
    assert q.part.height == pytest.approx(0.03) and q.front == pytest.approx(0.15)


def everything_of(kind):
    return {registry.__name__: registry.dispatch(kind) for registry in EVERYTHING}


@pytest.mark.parametrize("kind", [*PART_TYPES.values(), Camera], ids=lambda kind: kind.__name__)
def test_every_part_has_all_that_a_part_does(kind):
    missing = [name for name, f in everything_of(kind).items() if f is everything_of(object)[name]]
    assert not missing


@pytest.mark.parametrize("registry", EVERYTHING, ids=lambda r: r.__name__)
def test_what_is_not_registered_is_an_error_and_not_nothing(registry):
    with pytest.raises(TypeError, match=f"Forgotten has no .*register it with {registry.__name__}"):
        registry(Forgotten(), *[None] * (len(inspect.signature(registry).parameters) - 1))


def test_a_forgotten_part_flies_on_no_rocket():
    with pytest.raises(TypeError, match="Forgotten has no length"):
        rocket(Forgotten())
    half = type("Half", (Forgotten,), {})
    part_length.register(half)(lambda part: 0.0)
    part_frame.register(half)(on_the_surface)
    part_mass.register(half)(lambda part, at: cylinder(0.01, at.front, 0.0, outer=0.0))
    with pytest.raises(TypeError, match="Half has no (lift|drag)"):
        build_aero(rocket(half()))


def test_what_stands_on_a_cone_stands_on_its_own_radius():
    lug = LaunchLug(length=0.02, diameter=0.006, wall=0.0005, offset=0.05)
    fins = TrapezoidalFins(
        count=3, root_chord=0.08, tip_chord=0.05, span=0.06, sweep=0.02, thickness=0.003, offset=0.06
    )
    tail = Transition(length=0.2, fore_diameter=0.05, aft_diameter=0.03, wall=0.001, parts=(lug, fins))
    nose = NoseCone(shape="conical", length=0.15, diameter=0.05, wall=0.002, parts=(Camera(offset=0.03),))
    on_nose, on_tail, finned = Rocket("r", (nose, tail)).find(Camera, LaunchLug, TrapezoidalFins)
    assert on_nose.at.outer == pytest.approx(0.2 * 0.025)  # a fifth of the way up from the tip
    assert on_tail.at.outer == pytest.approx(0.025 - 0.25 * 0.01)  # a quarter of the way down
    assert finned.at.outer == pytest.approx(0.025 - 0.5 * 0.01)  # where the middle of the root is


def test_what_lies_in_a_nose_is_as_wide_as_its_shoulder_inside():
    nose = NoseCone(
        shape="ogive", length=0.15, diameter=0.05, wall=0.002, shoulder_length=0.03, shoulder_diameter=0.046,
        parts=(Bulkhead(length=0.003, position="bottom"),),
    )  # fmt: skip
    (q,) = Rocket("r", (nose, BodyTube(length=0.5, diameter=0.05, wall=0.001))).find(Bulkhead)
    assert q.at.outer == pytest.approx(0.046 / 2 - 0.002)


def test_barrowmans_lifts_are_called_his_and_a_ring_is_not():
    fins = TrapezoidalFins(
        count=3, root_chord=0.08, tip_chord=0.05, span=0.06, sweep=0.02, thickness=0.003, position="bottom"
    )
    tubes = TubeFins(count=6, length=0.06, diameter=0.05, wall=0.001)
    lifts = build_aero(rocket(tubes, fins), options=AeroOptions(method="barrowman")).lifts
    assert {p.name: p.kind for p in lifts} == {"nose": "barrowman", "fins": "barrowman", "tube fins": "ring"}
