"""What is spared of a vehicle's flights is what would be computed; and how often a joint that stays closed is looked at."""

import numpy as np
import pytest

from downrange.flight import compile_launch, fly, propulsion
from downrange.flight.legs import _Tree
from downrange.flight.named import named_records
from downrange.flight.propulsion import like_segments, segment_tables
from downrange.project import open_project


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
    alone = body.nozzles[:1]
    assert np.array_equal(like_segments(alone, lit[:, :1]), real(alone, lit[:, :1])) and len(asked) == 3


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
