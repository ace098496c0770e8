"""What people write that they want, and what they let be changed."""

import math

import numpy as np
import pytest

from downrange.design import Want, find_output, score
from downrange.design.wants import NEVER
from downrange.errors import InputError
from downrange.project import open_project
from downrange.project.asking import read_axes, read_want, read_wants
from downrange.project.parameters import find_place, places, settings, varied

FEET = 0.3048


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    from downrange.project.starters import write_starter

    folder = tmp_path_factory.mktemp("asking") / "mine"
    write_starter(folder)
    return open_project(folder / "launch.yaml")


@pytest.mark.parametrize(
    ("text", "name", "low", "high"),
    [
        ("apogee 750 ft", "apogee_agl", 750 * FEET, 750 * FEET),
        ("apogee shown 725..775 ft", "apogee_pressure_altitude_agl", 725 * FEET, 775 * FEET),
        ("time 36..39 s", "flight_time", 36.0, 39.0),
        ("time 36 to 39 s", "flight_time", 36.0, 39.0),
        ("Mach < 0.9", "max_mach", None, 0.9),
        ("below Mach 0.9", "max_mach", None, 0.9),
        ("lands within 400 m", "landing_distance", None, 400.0),
        ("margin at least 1.5", "min_stability", 1.5, None),
        ("rail_exit_speed > 50 ft/s", "rail_exit_speed", 50 * FEET, None),
        ("rail_exit_speed_m_s >= 15 m/s", "rail_exit_speed", 15.0, None),
        ("J or less", "total_impulse", None, 1280.0),
        ("H or more", "total_impulse", 160.0, None),
        ("mass at most 650 g", "liftoff_mass", None, 0.65),
    ],
)
def test_wants_are_read_as_they_are_meant(text, name, low, high):
    want = read_want(text)
    assert want.output.name == name
    for got, wanted in ((want.low, low), (want.high, high)):
        assert got is None if wanted is None else got == pytest.approx(wanted, rel=1e-8)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("apogy 3 m", "did you mean 'apogee'"),
        ("apogee", "write it like 'apogee 750 ft'"),
        ("apogee 3 kg", "not a unit of the right kind"),
        ("apogee 3", "has no unit"),
        ("time 39..36 s", "crossed"),
        ("apogee 3 ± 1 m", "without a ±"),
        ("", "cannot read the want"),
        ("x" * 5000, "cannot read the want"),
        ("time 36..39 s, 4 points per moon", "price"),
    ],
)
def test_a_want_that_cannot_be_read_says_why(text, words):
    with pytest.raises(InputError, match=words) as caught:
        read_want(text)
    assert len(str(caught.value)) < 500


def test_nothing_wanted_is_an_error():
    with pytest.raises(InputError, match="nothing is wanted"):
        read_wants([])


def test_points_are_a_percent_each_and_what_never_happened_costs_all():
    want = read_want("time 36..39 s")
    assert want.points(np.array([35.64, 36.0, 38.0, 39.39, np.nan])) == pytest.approx([1.0, 0, 0, 1.0, NEVER])
    assert list(want.met(np.array([35.9, 36.0, 39.0, np.nan]))) == [False, True, True, False]


def test_points_have_a_price_where_one_is_said():
    """TARC: one a foot, four a second outside the window."""
    wants = read_wants(["apogee 750 ft, 1 point per ft", "time 36..39 s, 4 points per s"])
    got = score(wants, [np.array([760 * FEET, 745 * FEET]), np.array([40.5, 30.0])])
    assert got == pytest.approx([10 + 4 * 1.5, 5 + 4 * 6.0])


def test_a_limit_on_one_side_costs_ten_times_a_target():
    """A margin is not traded for height: a percent below it costs ten points, a percent off a target one."""
    limit, target = read_wants(["static margin at least 2", "apogee 200 m"])
    assert float(limit.points(np.array([1.98]))[0]) == pytest.approx(10.0)
    assert float(target.points(np.array([198.0]))[0]) == pytest.approx(1.0)


def test_a_bare_target_is_met_within_a_percent():
    want = read_want("apogee 100 m")
    assert list(want.met(np.array([98.9, 99.1, 100.9, 101.1]))) == [False, True, True, False]


def test_bounds_in_python_are_checked_as_in_words():
    with pytest.raises(InputError, match="crossed"):
        Want(find_output("apogee"), 2.0, 1.0)
    with pytest.raises(InputError, match="needs a value"):
        Want(find_output("apogee"), None, None)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("fins.span", "rocket.parts[1].parts[4].span"),
        ("Fins Span", "rocket.parts[1].parts[4].span"),
        ("trapezoidal fins.root_chord", "rocket.parts[1].parts[4].root_chord"),
        ("parts[1].parts[4].span", "rocket.parts[1].parts[4].span"),
        ("motor mount.overhang", "rocket.parts[1].parts[2].overhang"),
        ("parachute.deploy.lag", "rocket.parts[1].parts[0].deploy.lag"),
        ("rail angle", "rail.elevation"),
        ("wind.speed", "weather.wind.speed"),
        ("nose.length", "rocket.parts[0].length"),
        ("ballast place", "ballast.place"),
    ],
)
def test_places_are_found_by_the_names_people_have(project, text, path):
    assert find_place(project, text).path == path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fins.spam", "did you mean 'fins.span'"),
        ("span", "did you mean 'fins.span'"),
        ("tube.length", "name of 2 things"),
        ("rocket.parts[9].span", "nothing in the project"),
    ],
)
def test_a_place_that_is_not_there_or_not_the_only_one_is_refused(project, text, words):
    with pytest.raises(InputError, match=words):
        find_place(project, text)


def test_every_place_is_found_by_its_own_path(project):
    for place in places(project):
        assert find_place(project, place.path).path in (place.path, "delay")


def test_axes_are_lines_steps_and_lists(project):
    texts = [
        "ballast 0..100 g",
        "parachute diameter 12..24 in in steps of 1 in",
        "delay 4, 6, 8 s",
        "motor: Estes C6-5, Estes B6-4",
    ]
    line, steps, listed, motors = (axis for _, axis in read_axes(project, texts))
    assert (line.low, line.high, line.discrete) == (0.0, 0.1, False)
    assert steps.choices == pytest.approx([k * 0.0254 for k in range(12, 25)])
    assert listed.choices == (4.0, 6.0, 8.0)
    assert motors.choices == ("Estes C6-5", "Estes B6-4")
    assert read_axes(project, ["fins.count 3..5"])[0][1].choices == (3, 4, 5)
    span = read_axes(project, ["fins.span=40mm..80mm/41"])[0][1].choices
    assert len(span) == 41
    assert span[::40] == pytest.approx([0.04, 0.08])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ballast 100..0 g", "crossed"),
        ("ballast -5..100 g", "at least 0"),
        ("ballast 0..100", "no unit"),
        ("ballast", "says no values"),
        ("ballst 0..3 g", "did you mean 'ballast'"),
        ("ballast 0..100 g in steps of 0 g", "lead nowhere"),
        ("ballast 0..100 g in steps of 1 ug", "take larger ones"),
        ("fins.span=40mm..80mm/1", "from 2 to"),
        ("delay 4, 4 s", "twice"),
        ("fins.count 0..3", "count from 1"),
    ],
)
def test_an_axis_that_cannot_be_says_why(project, text, words):
    with pytest.raises(InputError, match=words):
        read_axes(project, [text])


def test_an_axis_stands_once(project):
    with pytest.raises(InputError, match="stands twice"):
        read_axes(project, ["ballast 0..3 g", "ballast 0..4 g"])


def test_a_changed_project_is_what_a_changed_file_is(project):
    """`fins.span=60mm` flies as the file does with 60 mm in it."""
    folder = project.path.parent
    text = (folder / "rocket.yaml").read_text(encoding="utf-8")
    assert "span: 45 mm" in text
    (folder / "other.yaml").write_text(text.replace("span: 45 mm", "span: 60 mm"), encoding="utf-8")
    launch = (folder / "launch.yaml").read_text(encoding="utf-8").replace("rocket.yaml", "other.yaml")
    (folder / "otherlaunch.yaml").write_text(launch, encoding="utf-8")
    written = open_project(folder / "otherlaunch.yaml").launch
    changed = varied(project, settings(project, ("fins.span=60mm",))).launch
    assert changed.loaded.mass == written.loaded.mass
    assert changed.loaded.cg == pytest.approx(written.loaded.cg, rel=1e-14)
    assert changed.loaded.mass > project.launch.loaded.mass


def test_a_value_keeps_its_own_uncertainty(project):
    moved = varied(project, settings(project, ("rail.elevation=80 deg",)))
    q = moved.uncertain["rail.elevation"]
    assert q.value == pytest.approx(math.radians(80))
    assert q.distribution.sigma == pytest.approx(math.radians(1))
    assert moved.launch.rail.elevation == pytest.approx(math.radians(80))


def test_settings_are_said_once_and_can_be_built(project):
    with pytest.raises(InputError, match="set twice"):
        settings(project, ("fins.span=60mm", "fins span=50mm"))
    with pytest.raises(InputError, match="write it like 'fins.span=60mm'"):
        settings(project, ("fins.span",))
    with pytest.raises(InputError, match=r"with body tube.wall = 13 mm.*thicker than the radius"):
        varied(project, settings(project, ("body tube.wall=13 mm",)))


def test_ballast_weighs_what_it_weighs_where_it_lies(project):
    """Mass, CG and pitch inertia by the parallel-axis theorem, of a rocket from its parts and of one that was weighed."""
    for base in (project, varied(project, settings(project, ("measured.mass=40 g", "measured.cg=250 mm")))):
        before = base.launch.rocket.without_motor
        after = varied(base, settings(base, ("ballast=7 g", "ballast.place=130 mm"))).launch.rocket.without_motor
        m, x = before.mass + 0.007, before.cg[0]
        assert after.mass == pytest.approx(m, rel=1e-12)
        assert after.cg[0] == pytest.approx((before.mass * x + 0.007 * 0.130) / m, rel=1e-12)
        reduced = before.mass * 0.007 / m
        assert after.inertia[1, 1] - before.inertia[1, 1] == pytest.approx(reduced * (0.130 - x) ** 2, rel=1e-6)
        assert after.inertia[0, 0] == pytest.approx(before.inertia[0, 0], rel=1e-5)  # the launch lug is off the axis


def test_ballast_outside_the_rocket_is_refused(project):
    with pytest.raises(InputError, match="outside the rocket"):
        varied(project, settings(project, ("ballast=7 g", "ballast.place=900 mm")))


def test_ballast_in_a_part_weighed_with_its_contents_still_weighs(project):
    heavy = project.path.parent / "whole.yaml"
    text = (project.path.parent / "rocket.yaml").read_text(encoding="utf-8")
    heavy.write_text(
        text.replace(
            "    shoulder_length: 20 mm", "    mass: 9 g\n    override_children: true\n    shoulder_length: 20 mm"
        ),
        encoding="utf-8",
    )
    launch = (project.path.parent / "launch.yaml").read_text(encoding="utf-8").replace("rocket.yaml", "whole.yaml")
    (project.path.parent / "wholelaunch.yaml").write_text(launch, encoding="utf-8")
    whole = open_project(project.path.parent / "wholelaunch.yaml")
    loaded = varied(whole, settings(whole, ("ballast=7 g", "ballast.place=50 mm")))
    assert loaded.launch.loaded.mass - whole.launch.loaded.mass == pytest.approx(0.007, rel=1e-9)
