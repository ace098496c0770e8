"""What is spared of a vehicle's flights is what would be computed; and how often a joint that stays closed is looked at."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from downrange.aero import tables
from downrange.flight import compile_launch, fly, propulsion
from downrange.flight.again import Again
from downrange.flight.legs import _Tree
from downrange.flight.named import named_records
from downrange.flight.propulsion import like_segments, segment_tables
from downrange.project import open_project
from downrange.project.document import Document, set_in
from downrange.project.mapping import project_of
from downrange.rocket import MassProperties, Rocket


@pytest.fixture(scope="module")
def program():
    return compile_launch(open_project("examples/strap_on").launch)


def test_drag_of_many_is_drag_of_each(program):
    """Also at the grid's own numbers, beyond its ends, and with and without thrust."""
    aero, rng = program.aero, np.random.default_rng(5)
    mach = np.concatenate([rng.uniform(-0.1, 1.3 * aero.mach[-1], 200), aero.mach[:4], aero.mach[-3:]])
    unit_re, on = 10 ** rng.uniform(0, 9, mach.size), rng.random(mach.size) > 0.5
    unit_re[:5] = 0.0
    each = [aero.drag(*one) for one in zip(mach.tolist(), unit_re.tolist(), on.tolist(), strict=True)]
    np.testing.assert_allclose(aero.drag_of_many(mach, unit_re, on), each, rtol=1e-14, atol=0)
    assert not np.allclose(aero.drag_of_many(mach, unit_re, on), aero.drag_of_many(mach, unit_re, ~on))


def test_segments_are_found_again_by_their_values(program, monkeypatch):
    """Motors that stand and light alike are summed once; others anew; nobody who changes what was given changes the next."""
    body = program.vehicle.body(program.vehicle.root)
    asked = []
    real = segment_tables
    monkeypatch.setattr(propulsion, "segment_tables", lambda *given: asked.append(given) or real(*given))
    lit = np.array([[0.0, 0.0125, 0.0375]])
    first = like_segments(body.nozzles, lit)
    assert np.array_equal(first, real(body.nozzles, lit)) and len(asked) == 1
    first[:] = -1.0
    again = compile_launch(program.launch).vehicle
    second = like_segments(again.body(again.root).nozzles, lit.copy())
    assert np.array_equal(second, real(body.nozzles, lit)) and len(asked) == 1
    later = lit + [[0.0, 0.0, 0.01]]
    assert np.array_equal(like_segments(body.nozzles, later), real(body.nozzles, later)) and len(asked) == 2
    can = MassProperties(0.01, np.array([0.5, 0.0, 0.0]), 1e-5 * np.eye(3))
    own = {"x": 0.4, "y": 0.01, "z": 0.01, "slope_y": 0.02, "slope_z": 0.02, "jet": 0.4}
    changes = [{k: v} for k, v in own.items()] + [{"casing": can, "leaves": at} for at in (3.0, 4.0)]
    changes += [
        {"casing": replace(can, mass=0.02), "leaves": 4.0},
        {"casing": can.shifted(np.array([0.1, 0.0, 0.0])), "leaves": 4.0},
    ]
    seen = [second.tobytes()]
    for change in changes:
        moved = (replace(body.nozzles[0], **change), *body.nozzles[1:])
        found = like_segments(moved, lit)
        assert np.array_equal(found, real(moved, lit)) and found.tobytes() not in seen, change
        seen.append(found.tobytes())
    asked.clear()
    alone = body.nozzles[:1]
    assert np.array_equal(like_segments(alone, lit[:, :1]), real(alone, lit[:, :1])) and len(asked) == 1


def test_a_joint_that_stays_closed_is_looked_at_ever_less_often(program, monkeypatch):
    """Each tenth of a second at first, then after a tenth of what it has waited, for half a minute: so when it opens is known to a tenth."""
    seen = []

    def closed(tree, branch, k):
        seen.append(float(named_records(branch.starts)["time"][0]))
        return np.zeros(len(branch.flight), bool)

    monkeypatch.setattr(_Tree, "_pulled_apart", closed)
    flight = fly(program)
    waited = np.array(seen) - seen[0]
    gaps = np.diff(waited)
    assert len(flight.flown) == 1 and flight.code.name == "LANDED" and 10 < len(seen) < 60 and waited[-1] < 34
    np.testing.assert_allclose(gaps, np.maximum(0.1, 0.1 * waited[:-1]), atol=1e-6)


def launches(example, way, *values):
    """The launches of an example with some values at one place."""
    document = Document.open(Path("examples") / example)
    return [project_of(set_in(document.said, way, v), document.place).launch for v in values]


@pytest.mark.parametrize("example", ["genesis", "strap_on"])
def test_what_is_not_of_the_rocket_leaves_it_as_it_was(example, monkeypatch):
    """On another rail the rocket, its pieces and the motor are the same ones, and no coefficients are found, however fast it flies now."""
    short, long = launches(example, ("rail", "length"), "2 m", "6 m")
    assert short.rocket is long.rocket and short.motor is long.motor
    asked, real = [], tables.full_lifts
    monkeypatch.setattr(tables, "full_lifts", lambda *given: asked.append(1) or real(*given))
    again = Again()
    again.fly(short)
    again.fly(short)  # as far up as it flew
    asked.clear()
    quick = again.fly(long)
    assert not asked and quick.apogee != fly(short).apogee
    monkeypatch.setattr(tables, "full_lifts", real)
    assert quick.summary() == fly(long).summary()


def test_a_rocket_is_found_again_by_its_values():
    """One of the same values is the same one, with its pieces; a changed part makes another, and what stands beside it stays."""
    way = ("rocket", "parts", 1, "parts", 4, "span")
    first, again, other = (v.rocket for v in launches("strap_on", way, "70 mm", "0.07 m", "71 mm"))
    assert first is again and first is not other
    core = (("Strap-on",), ("strap-on",))
    assert first.configuration(*core) is again.configuration(*core) is not other.configuration(*core)
    assert first.attached[0].rocket is other.attached[0].rocket and first.configuration() is first
    for rocket in (first, first.configuration(*core), first.attached[0].rocket):
        fresh = Rocket(**{f.name: getattr(rocket, f.name) for f in fields(rocket)})
        mass, own = fresh.without_motor, rocket.without_motor
        assert fresh is not rocket and mass.mass == own.mass and np.array_equal(mass.inertia, own.inertia)
        assert [q.front for q in fresh.placed] == [q.front for q in rocket.placed]
    assert other.without_motor.mass > first.without_motor.mass
    beside = first.attached[0]
    assert beside.rocket.datum == beside.front > 0.4 and not beside.rocket.whole


def test_place_and_day_are_packed_once_for_all_bodies(program):
    """Air, wind, ground and gravity are the same arrays for every body of a vehicle, and those of a body by itself."""
    vehicle = program.vehicle
    packed = [vehicle.body(key).compiled.tables for key in vehicle.keys]
    assert len(packed) == 4 and all(t.air is packed[0].air and t.wind is packed[0].wind for t in packed)
    alone = compile_launch(program.launch).compiled.tables
    assert alone.air is not packed[0].air and np.array_equal(alone.air, packed[0].air) and alone.g1 == packed[1].g1 < 0
    assert packed[0].diameter != packed[-1].diameter
