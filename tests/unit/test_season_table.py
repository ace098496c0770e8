"""A season written down: units in headings and cells, what is missing, what is mixed; the register of blind predictions; the file of what was learned."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.learning import Learned
from downrange.project import open_project, register
from downrange.project.archive import season_in
from downrange.project.campaigns import probabilities_of_project
from downrange.project.learned import learned_beside
from downrange.project.lesson import LEARNED, Lesson, rocket_digest
from downrange.project.lesson_file import read_lesson, write_lesson
from downrange.project.parameters import find_place, varied
from downrange.project.season_table import is_season, read_season

ROCKET = """name: Dart
measured: {mass: 300 g, cg: 300 mm}
parts:
  - {type: nose cone, shape: ogive, length: 100 mm, diameter: 40 mm, wall: 2 mm}
  - type: body tube
    length: 500 mm
    diameter: 40 mm
    wall: 1 mm
    parts:
      - {type: trapezoidal fins, name: fins, position: bottom, count: 3, root_chord: 60 mm, tip_chord: 30 mm, span: 50 mm, sweep: 20 mm, thickness: 3 mm}
      - {type: parachute, name: main, diameter: 500 mm, offset: 100 mm, deploy: {event: apogee}}
"""
LAUNCH = (
    "rocket: rocket.yaml\nmotor: AeroTech F44W\nsite: {latitude: 40 deg, longitude: -80 deg}\nrail: {length: 1.8 m}\n"
)


def table(tmp_path, text):
    path = tmp_path / "flights.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_units_of_headings_and_of_cells(tmp_path):
    """By the definitions of the units: a foot 0.3048 m, a mile an hour 0.44704 m/s, 50 °F 283.15 K, an inch 25.4 mm."""
    path = table(
        tmp_path,
        "Date;Mass (g);Wind mph;Temp (F);Altitude (ft);Time (s);Chute [in];Egg\n2026-03-01;548,5;4;50;812;42,1;24;whole\n;;;10 degC;250 m;;;\n",
    )
    assert is_season(path)
    first, second = read_season(path).lines
    assert first.get("mass") == pytest.approx(0.5485) and first.get("wind") == pytest.approx(4 * 0.44704)
    assert first.get("temperature") == pytest.approx(283.15) and first.get("shown") == pytest.approx(812 * 0.3048)
    assert first.get("time") == pytest.approx(42.1) and first.get("chute") == pytest.approx(24 * 0.0254)
    assert (
        second.get("shown") == 250 and second.get("temperature") == pytest.approx(283.15) and second.get("mass") is None
    )
    assert (first.line, second.line) == (2, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("date,altitude\n1,812\n", "altitude 812 has no unit: head the column like 'altitude \\(ft\\)'"),
        ("date,altitude (ft)\n1,high\n", "altitude"),
        ("date,altitude (ft)\n1,-3\n", "above zero"),
        ("date,altitude (ft),apogee (m)\n1,3,4\n", "two columns are altitude"),
        ("colour,taste\nred,sweet\n", "no heading is known"),
        ("date,mass (g),altitude (ft)\n1,5 s,812\n", "mass"),
        ("date,altitude (ft),time (s)\n1,812,42,1\n", "4 cells under 3 headings.*write 42.1"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(tmp_path, text, message):
    with pytest.raises(InputError, match=message) as error:
        read_season(table(tmp_path, text))
    assert error.value.file and error.value.line


def test_columns_nobody_knows_are_named(tmp_path):
    assert read_season(table(tmp_path, "date,altitude (ft),mood\n1,812,good\n")).unknown == ("mood",)


def test_lines_that_are_too_short_are_named_and_empty_cells_at_the_end_are_none(tmp_path):
    season = read_season(table(tmp_path, "date,altitude (ft),time (s)\n1,812\n2,790,41,,\n"))
    assert season.short == (2,)
    assert [x.get("time") for x in season.lines] == [None, 41.0]


def test_a_log_is_no_season(tmp_path):
    path = table(tmp_path, "time (s),altitude (ft),velocity\n0,0,0\n0.1,1,20\n")
    assert not is_season(path)
    of_another_kind = tmp_path / "season.log"
    of_another_kind.write_text("date,altitude (ft)\n1,812\n", encoding="utf-8")
    assert not is_season(of_another_kind) and not is_season(tmp_path / "nowhere.csv")


def test_an_archive_in_yaml(tmp_path):
    path = tmp_path / "flights.yaml"
    path.write_text(
        "flights:\n- {launch: a.yaml, logs: [one.csv, two.csv], outcome: nominal}\n- {altitude: 812 ft, mass: 548 g}\n",
        encoding="utf-8",
    )
    first, second = read_season(season_in(tmp_path)).lines
    assert first.get("logs") == "one.csv;two.csv" and second.get("shown") == pytest.approx(812 * 0.3048)
    path.write_text("flights: 3\n", encoding="utf-8")
    with pytest.raises(InputError, match="a list of flights is wanted"):
        read_season(path)
    path.unlink()
    with pytest.raises(InputError, match="has a 'flights.csv'"):
        season_in(tmp_path)


def lesson(project, **more):
    names = ("drag.subsonic", "thrust.F44W", "mass")
    c = np.array([[4e-4, 1e-4, 0], [1e-4, 2e-4, 5e-5], [0, 5e-5, 1e-4]])
    learned = Learned(names, (np.log(1.2), np.log(0.97), 0.01), tuple(map(tuple, c.tolist())))
    told = dict.fromkeys(names, 0.8)
    flights = (("first", 250.0, 0.4, "abc"),)
    return Lesson(
        **{
            "rocket": "Dart",
            "drawing": rocket_digest(project.rocket_file),
            "learned": learned,
            "told": told,
            "flights": flights,
        }
        | more
    )


@pytest.fixture
def dart(tmp_path):
    (tmp_path / "rocket.yaml").write_text(ROCKET, encoding="utf-8")
    (tmp_path / "launch.yaml").write_text(LAUNCH, encoding="utf-8")
    return tmp_path / "launch.yaml"


def test_what_was_learned_is_flown_and_said(dart):
    drawn = open_project(dart)
    write_lesson(lesson(drawn), dart.parent / LEARNED)
    back = read_lesson(dart.parent / LEARNED)
    assert back.learned.mean == pytest.approx(lesson(drawn).learned.mean, abs=1e-5)
    assert np.array(back.learned.covariance) == pytest.approx(np.array(lesson(drawn).learned.covariance), abs=1e-7)
    taught = open_project(dart)
    assert taught.launch.motor.impulse == pytest.approx(0.97 * drawn.launch.motor.impulse, rel=1e-5)
    assert taught.launch.rocket.without_motor.mass == pytest.approx(0.3 * np.exp(0.01), rel=1e-5)
    assert float(taught.launch.aero.factor(0.5)) == pytest.approx(1.2, rel=1e-5)
    assert any(
        "Learned from 1 flight (learned.yaml): subsonic drag x 1.20, thrust x 0.97" in n for n in taught.launch.notes
    )
    same = open_project(dart, as_drawn=True)
    assert same.launch.notes == drawn.launch.notes and same.launch.motor.impulse == drawn.launch.motor.impulse
    assert same.known is None and taught.known.names == lesson(drawn).learned.names


def test_a_changed_place_keeps_what_was_learned(dart):
    """Also where only the rocket changes, whose quick way builds no launch."""
    write_lesson(lesson(open_project(dart)), dart.parent / LEARNED)
    taught = open_project(dart)
    longer = varied(taught, {find_place(taught, "fins.span"): 0.06})
    assert longer.launch.rocket.without_motor.mass == pytest.approx(0.3 * np.exp(0.01), rel=1e-5)
    assert float(longer.launch.aero.factor(0.5)) == pytest.approx(1.2, rel=1e-5)


def test_outcomes_count_among_the_modes(dart):
    """By the Dirichlet posterior: 50 flights of the prior, and 3 of which one failed so."""
    flights = tuple((f"f{k}", 250.0, 0.4, f"d{k}") for k in range(3))
    drawn = open_project(dart)
    before = {m.mode.name: m.probability for m in probabilities_of_project(drawn)}
    write_lesson(lesson(drawn, flights=flights, failures={"no deployment": 1}), dart.parent / LEARNED)
    now = {m.mode.name: m.probability for m in probabilities_of_project(open_project(dart))}
    assert now["no deployment"] == pytest.approx((50 * before["no deployment"] + 1) / 53)
    assert sum(now.values()) == pytest.approx(1)


def test_a_lesson_that_was_changed_is_not_believed(dart):
    path = dart.parent / LEARNED
    write_lesson(lesson(open_project(dart)), path)
    path.write_text(path.read_text(encoding="utf-8").replace("factor: 1.2", "factor: 1.3"), encoding="utf-8")
    with pytest.raises(InputError, match="changed after it was written, so it is not believed"):
        open_project(dart)
    open_project(dart, as_drawn=True)


def test_a_lesson_of_another_rocket_is_not_used_and_of_an_older_drawing_is_said(dart):
    path, project = dart.parent / LEARNED, open_project(dart)
    write_lesson(lesson(project, rocket="Other <b>"), path)
    learned, (note,) = learned_beside(dart.parent / "rocket.yaml", project.rocket_file)
    assert learned is None and "is of another rocket" in note
    write_lesson(lesson(project, drawing="older"), path)
    learned, (note,) = learned_beside(dart.parent / "rocket.yaml", project.rocket_file)
    assert learned is not None and "has changed since, so learn again" in note


def test_a_register_is_a_chain(dart, monkeypatch):
    first, second = register.predict_next(dart), register.predict_next(dart)
    path = dart.parent / register.REGISTER
    assert [e.id for e in register.read_register(path)] == [first.id, second.id]
    assert first.inputs == second.inputs and first.forecast == second.forecast and first.score is None
    height = first.forecast.mean * 1.001
    flown = SimpleNamespace(
        project=open_project(dart),
        lesson=SimpleNamespace(rocket="Dart"),
        flights=(SimpleNamespace(apogee=height, name="f.csv"),),
    )
    monkeypatch.setattr(register, "keep", lambda taught: taught)
    with pytest.raises(InputError, match="2 predictions are open"):
        register.settle(flown)
    _, answered = register.settle(flown, first.id[:8])
    assert answered.score.in_half and answered.measured == pytest.approx(height, abs=1e-3)
    with pytest.raises(InputError, match="has its answer already"):
        register.settle(flown, first.id)
    assert register.settle(flown)[1].id == second.id and register.settle(flown)[1] is None
    lines = path.read_text(encoding="utf-8").splitlines()
    body = json.loads(lines[0])
    body["forecast"]["mean"] += 1
    path.write_text("\n".join([json.dumps(body, sort_keys=True), *lines[1:]]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="changed or taken out") as error:
        register.read_register(path)
    assert error.value.line == 2  # the next line no longer follows from it
    path.write_text("\n".join(lines[1:]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="blind no more"):
        register.predict_next(dart)
