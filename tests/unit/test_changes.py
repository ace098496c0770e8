"""What goes wrong, change by change, against what it says: times, directions, kicks, fins; no flight is flown."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.special import ndtr

from campaigns import genesis, genesis_plan
from downrange.atmosphere import Wind
from downrange.failures.modes import CHANGES, MODES, Scene
from downrange.flight import Section, compile_launch
from downrange.flight.kernel.layout import CDS0, FLIGHT_FIELDS, LAG0, RECORD, STOP
from downrange.flight.named import named_records, named_rows
from downrange.flight.recovery import tumbling_drag_area
from downrange.flight.sections import section_masses
from downrange.rocket import BodyTube, FinSet, planform
from downrange.tables import Table1D

F = {name: i for i, name in enumerate(FLIGHT_FIELDS)}
U = np.array([0.0, 0.25, 0.5, 1.0])


def changed(name: str, scene: Scene, **draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows before and after a change, with its named draws (U where not given)."""
    before = np.repeat(scene.program.compiled.row[None], U.size, axis=0)
    after = before.copy()
    CHANGES[name].rows(named_rows(after), scene, lambda what: draws.get(what, U))
    return before, after


def test_late_deployment_is_1_to_10_s_late():
    scene = genesis_plan().scene
    before, after = changed("late", scene)
    first = scene.opening[0]
    assert after[:, LAG0 + first] - before[:, LAG0 + first] == pytest.approx([1.0, 3.25, 5.5, 10.0])
    assert np.count_nonzero(after[-1] != before[-1]) == 1


@pytest.mark.parametrize(("toward", "east", "north"), [(90.0, 1.0, 0.0), (200.0, -0.3420, -0.9397)])
def test_a_gust_blows_with_the_wind_and_not_against_it(toward, east, north):
    """4 to 10 m/s more along the wind, within 30 degrees to either side."""
    launch = genesis().launch
    blows = Wind.constant(5.0, np.radians(toward + 180))
    program = compile_launch(replace(launch, weather=replace(launch.weather, wind=blows)))
    scene = Scene(program, genesis_plan().scene.nominal)
    before, after = changed("gust", scene, toward=np.full(4, 0.5))
    more = np.stack([after[:, F[k]] - before[:, F[k]] for k in ("wind_u", "wind_v")], axis=1)
    assert more == pytest.approx(np.outer([4.0, 5.5, 7.0, 10.0], [east, north]), abs=1e-3)
    _, side = changed("gust", scene, gust=np.full(4, 0.5))
    turn = np.degrees(np.arctan2(side[:, F["wind_v"]], side[:, F["wind_u"]]) - np.arctan2(north, east))
    assert (turn + 180) % 360 - 180 == pytest.approx([-30, -15, 0, 30], abs=0.01)


def test_thrust_and_hold_and_margin():
    scene = genesis_plan().scene
    before, after = changed("low thrust", scene)
    assert after[:, F["thrust"]] / before[:, F["thrust"]] == pytest.approx([0.5, 0.6, 0.7, 0.9])
    assert changed("high thrust", scene)[1][:, F["thrust"]] == pytest.approx(
        before[:, F["thrust"]] * [1.1, 1.15, 1.2, 1.3]
    )
    assert CHANGES["hang fire"].hold == (2.0, 60.0)
    before, after = changed("unstable", scene)
    moved = (after - before)[:, F["cp_shift"]] / scene.program.launch.rocket.diameter
    assert genesis_plan().pad_figures["static_margin"] + moved == pytest.approx([-1.0, -0.7, -0.4, 0.2])
    motor = scene.program.launch.motor
    begins, burn = motor.thrust_begins, motor.burnout_time - motor.thrust_begins
    assert changed("loses fin", scene)[1][:, STOP] == pytest.approx(begins + burn * np.array([0.5, 0.675, 0.85, 1.2]))
    assert changed("motor bursts", scene)[1][:, STOP] == pytest.approx(begins + burn * U)


def test_a_burst_kicks_the_pieces_apart():
    """One standard deviation is 10 m/s for the airframe and 20 m/s for the casing, in each direction on its own."""
    scene = genesis_plan().scene
    for body, kick in zip(CHANGES["motor bursts"].bodies(scene), (10.0, 20.0), strict=True):
        rows, starts = np.repeat(scene.program.compiled.row[None], 3, axis=0), np.zeros((3, RECORD))
        one = {f"{body.name}.kick{k}": ndtr(np.roll([1.0, 0.0, -2.0], k)) for k in range(3)}
        body.prepare(named_rows(rows), named_records(starts), lambda what, one=one: one.get(what, np.full(3, 0.5)))
        assert starts[:, 4:7] == pytest.approx(kick * np.array([[1, -2, 0], [0, 1, -2], [-2, 0, 1]]), abs=1e-9)
        assert not np.delete(starts, [4, 5, 6], axis=1).any()
    airframe, casing = CHANGES["motor bursts"].bodies(scene)
    launch = scene.program.launch
    assert (airframe.across, casing.across) == (launch.aft_end, launch.motor.length)


def test_one_fin_is_lost_and_not_two():
    """Of the aft set alone, where there are several; and one more where one is gone already."""
    from downrange.failures.scene import _lose_fin

    def gone(parts) -> list[tuple[int, ...]]:
        own = [tuple(p.missing) for p in parts if isinstance(p, FinSet)]
        return own + [m for p in parts for m in gone(p.parts)]

    rocket = genesis().launch.rocket
    (path,) = [q.path for q in rocket.placed if isinstance(q.part, FinSet)]
    where = [int(w) for w in path.replace("[", ".").replace("]", "").split(".") if w.isdigit()]
    assert gone(rocket.parts) == [()]
    once = _lose_fin(rocket.parts, where)
    assert gone(once) == [(1,)] and gone(_lose_fin(once, where)) == [(1, 2)]
    # A second set further forward stays whole; the set that is further aft is the one that loses.
    fins = next(q.part for q in rocket.placed if isinstance(q.part, FinSet))
    tube = rocket.parts[where[0]]
    assert isinstance(tube, BodyTube)
    canards = replace(fins, position="top", offset=0.05, name="canards")
    two = replace(
        rocket,
        parts=(*rocket.parts[: where[0]], replace(tube, parts=(canards, *tube.parts)), *rocket.parts[where[0] + 1 :]),
    )
    launch = replace(genesis().launch, rocket=two)
    scene = Scene(compile_launch(launch), genesis_plan().scene.nominal)
    whole, lost = scene.program.compiled, scene.without_fin
    fewer = replace(two, parts=_lose_fin(two.parts, [where[0], where[1] + 1]))
    by_hand = compile_launch(replace(launch, rocket=fewer)).compiled
    assert gone(fewer.parts) == [(), (1,)]
    assert lost.row == pytest.approx(by_hand.row, rel=1e-12)
    assert lost.row[F["mass"]] <= whole.row[F["mass"]]
    assert all(
        np.array_equal(a, b) for a, b in zip(lost.tables, by_hand.tables, strict=True) if isinstance(a, np.ndarray)
    )


def test_what_tumbles_falls_as_published():
    """Niskanen (2013), sec. 3.5: 0.56 of the side area of a tube, and of fins 1.42 of the area of those that work; known to 20 %."""
    scene = genesis_plan().scene
    launch = scene.program.launch
    middle = np.full(U.size, 0.5)
    _, mean = changed("tumbles", scene, tumble=middle)
    area = mean[0, CDS0]
    assert (
        mean[:, CDS0] == pytest.approx(area)
        and not mean[:, [F["across"], F["along"]]].any()
        and not mean[:, LAG0 : LAG0 + 4].any()
    )
    (fins,) = [q.part for q in launch.rocket.placed if isinstance(q.part, FinSet)]
    working = {3: 1.5, 4: 1.41}[fins.count] * planform(fins).area
    nose = launch.rocket.placed[0]
    assert area == pytest.approx(
        0.56 * launch.rocket.diameter * (launch.rocket.length - 0.35 * nose.part.length) + 1.42 * working, rel=0.03
    )
    _, spread = changed("tumbles", scene, tumble=ndtr(np.array([-1.0, 1.0, -5.0, 5.0])))
    assert spread[:, CDS0] / area == pytest.approx([0.8, 1.2, 0.6, 1.4], rel=1e-6)
    _, casing = CHANGES["motor bursts"].bodies(scene)
    rows, starts = np.repeat(scene.program.compiled.row[None], 2, axis=0), np.zeros((2, RECORD))
    casing.prepare(named_rows(rows), named_records(starts), lambda what: np.full(2, 0.5))
    assert rows[:, CDS0] == pytest.approx(0.56 * launch.motor.diameter * launch.motor.length, rel=1e-9)


def test_what_tumbles_is_known_by_its_length():
    """Across the path: the whole airframe, the casing, the aft section; the rest comes nose first or hangs."""
    plan = genesis_plan()
    launch, names = plan.program.launch, [m.mode.name for m in plan.modes]
    block = plan.fly_block(0)
    across = {(names[k], plan.bodies[b]): x for k, b, x in zip(block.mode, block.body, block.across, strict=True)}
    assert across["separation without canopy", "rocket"] == launch.aft_end
    assert across["cord breaks", "airframe and fins"] == pytest.approx(launch.aft_end - 0.8)
    assert across["cord breaks", "rest under canopy"] == across["no deployment", "rocket"] == launch.rocket.diameter


def test_pieces_weigh_what_they_were_of_the_whole():
    """Of three sections the aft one is let go; a casing whose mass stands in the rocket's is a tenth of it."""
    base = genesis().launch
    ends = (0.0, 0.8, 1.5, base.aft_end)
    sections = tuple(Section(f"s{k}", a, b) for k, (a, b) in enumerate(pairwise(ends)))
    scene = Scene(compile_launch(replace(base, sections=sections)), genesis_plan().scene.nominal)
    assert base.motor.dry_mass == 0

    def masses(change: str) -> dict[str, float]:
        out = {}
        for wreck in CHANGES[change].bodies(scene):
            rows, starts = np.repeat(scene.program.compiled.row[None], 1, axis=0), np.zeros((1, RECORD))
            wreck.prepare(named_rows(rows), named_records(starts), lambda what: np.full(1, 0.5))
            out[wreck.name] = float(named_rows(rows)["mass"][0])
        return out

    parts, whole = section_masses(scene.program.launch), base.dry.mass
    assert masses("cord breaks") == {
        "rest under canopy": pytest.approx(whole - parts[2]),
        "s2": pytest.approx(parts[2]),
    }
    assert masses("motor bursts") == {
        "airframe": pytest.approx(0.9 * whole),
        "motor casing": pytest.approx(0.1 * whole),
    }
    aft = CHANGES["cord breaks"].bodies(scene)[1]
    assert aft.across == pytest.approx(base.aft_end - 1.5)
    rows, starts = np.repeat(scene.program.compiled.row[None], 1, axis=0), np.zeros((1, RECORD))
    aft.prepare(named_rows(rows), named_records(starts), lambda what: np.full(1, 0.5))
    rest = tumbling_drag_area(base.rocket) - tumbling_drag_area(base.rocket, 0.0, 1.5)
    assert rows[0, CDS0] == pytest.approx(rest, rel=1e-6) and rest > 0.56 * base.rocket.diameter * 0.5


def test_a_gust_blows_with_the_wind_above_the_pad():
    """From the west above it, from the east below its height above sea level."""
    launch = genesis().launch
    at = launch.pad.elevation
    east = Table1D(np.array([at - 50.0, at - 1.0, at + 1.0, at + 50.0]), np.array([-8.0, -8.0, 8.0, 8.0]))
    wind = Wind(east, replace(east, y=0 * east.y))
    scene = Scene(
        compile_launch(replace(launch, weather=replace(launch.weather, wind=wind))), genesis_plan().scene.nominal
    )
    before, after = changed("gust", scene, toward=np.full(4, 0.5))
    assert after[:, F["wind_u"]] - before[:, F["wind_u"]] == pytest.approx([4.0, 5.5, 7.0, 10.0])


def test_the_modes_are_what_the_documentation_lists():
    assert {m.name: m.probability for m in MODES} == {
        "no deployment": 0.03, "drogue only": 0.01, "main at apogee": 0.01, "late deployment": 0.01, "early deployment": 0.005,
        "separation without canopy": 0.005, "cord breaks": 0.005, "motor bursts": 0.01, "low thrust": 0.005, "high thrust": 0.0025,
        "late ignition": 0.0025, "fin loss": 0.005, "unstable": 0.005, "weathercock": 0.01,
    }  # fmt: skip
