"""A season's table of a rocket whose truth is known, and what is refused of one."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.flight import compile_launch, fly
from downrange.learning import Learned, fit_flights
from downrange.project import open_project
from downrange.project.archive import flights_of_season
from downrange.project.learning import keep, learn_project
from downrange.project.parameters import find_place, varied

EXAMPLE = Path(__file__).parents[2] / "examples" / "tarc"
TRUTH = Learned(
    ("drag.subsonic", "thrust.F44W", "canopy.main"),
    (np.log(1.3), np.log(0.97), np.log(1.2)),
    tuple(tuple(1e-4 * (i == j) for j in range(3)) for i in range(3)),
)


@cache
def project():
    return open_project(EXAMPLE / "launch.yaml", as_drawn=True)


@cache
def flown(mass, kelvin, chute):
    """Altimeter's apogee (m), time of flight (s) and lift-off mass (kg) of the true rocket without motor of `mass`, in air of `kelvin`."""
    values = {"mass": mass, "weather.temperature": kelvin, "main diameter": chute}
    here = varied(project(), {find_place(project(), k): v for k, v in values.items()}).launch
    flight = fly(compile_launch(TRUTH.apply(here)), interpreted=False)
    o = flight.raw.out
    return flight.figures["apogee_pressure_altitude_agl"], o["landing_time"] - o["liftoff_time"], here.loaded.mass


DAYS = ((0.455, 283.15, 0.6), (0.470, 290.15, 0.6), (0.462, 298.15, 0.5))


def season(tmp_path, change=lambda rows: rows):
    rows = [["date", "lift-off mass (g)", "temperature (F)", "altitude (ft)", "time (s)", "chute (in)"]]
    for k, day in enumerate(DAYS):
        height, time, mass = flown(*day)
        rows.append(
            [
                f"2026-03-0{k + 1}",
                f"{1e3 * mass:.2f}",
                f"{(day[1] - 273.15) * 1.8 + 32:.2f}",
                f"{height / 0.3048:.2f}",
                f"{time:.2f}",
                f"{day[2] / 0.0254:.3f}",
            ]
        )
    path = tmp_path / "flights.csv"
    with path.open("w", newline="", encoding="utf-8") as f:
        csv.writer(f).writerows(change(rows))
    return path


def test_a_table_tells_what_the_true_rocket_did(tmp_path):
    """Every flight's logarithm over its drawing is that of the true rocket's flight, mass, air, canopy and altimeter as they were."""
    flights, notes = flights_of_season(project(), season(tmp_path))
    assert not notes and len(flights) == 3
    for f in flights:
        expected, _ = f.predicted(TRUTH)
        told = {t.what: t.value for t in f.told}
        assert told["apogee"] == pytest.approx(expected[0], abs=2e-3)
        assert told["time of flight"] == pytest.approx(expected[1], abs=2e-3)
        assert told["apogee"] < -0.05


def test_a_season_teaches_the_next_flight_and_names_what_it_cannot_tell(tmp_path):
    for name in ("launch.yaml", "rocket.yaml"):
        (tmp_path / name).write_text((EXAMPLE / name).read_text(encoding="utf-8"), encoding="utf-8")
    t = keep(learn_project(tmp_path / "launch.yaml", [season(tmp_path)]))
    truth = fly(compile_launch(TRUTH.apply(project().launch)), interpreted=False).apogee
    assert abs(t.flight.apogee / truth - 1) < 0.03 < abs(t.drawn.apogee / truth - 1)
    assert t.band.most[0] < truth < t.band.most[1] and t.band.sigma < 0.85 * t.drawn_band.sigma
    learned, drawn = t.scores
    assert learned.absolute < drawn.absolute
    assert t.fit.told["canopy.main"] > 0.3 and t.fit.told["burn_time.F44W"] < 0.01
    assert t.fit.together["thrust.F44W"][0] == "drag.subsonic"
    assert open_project(tmp_path / "launch.yaml").launch.motor.impulse == pytest.approx(
        t.project.launch.motor.impulse, rel=1e-5
    )
    again = keep(learn_project(tmp_path / "launch.yaml", [season(tmp_path, lambda rows: rows[:3])]))
    assert any("was learned from before and is not here now" in n for n in again.notes)
    assert (tmp_path / "learned.before.yaml").is_file()


def _cell(row, column, text):
    def change(rows):
        rows[row][column] = text
        return rows

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_cell(2, 3, "228 m"), None),
        (_cell(2, 3, "228"), "feet and metres are mixed"),
        (_cell(1, 1, "5000"), "other units, or another rocket"),
        (_cell(1, 1, "0.548"), r"a mass of 0\.548 g, and the drawing has \d+ g without motor"),
        (lambda rows: [*rows, rows[1]], "it says the same as line 2: a flight teaches once"),
        (
            lambda rows: [[*r, o] for r, o in zip(rows, ("outcome", "nominal", "exploded", ""), strict=True)],
            "the outcome 'exploded' is not known",
        ),
        (lambda rows: [[*r, o] for r, o in zip(rows, ("launch", "", "../../etc/passwd", ""), strict=True)], "launch"),
        (
            lambda rows: [[*r, o] for r, o in zip(rows, ("launch", "", "moved.yaml", ""), strict=True)],
            "no such file 'moved.yaml'",
        ),
    ],
)
def test_a_season_that_is_mixed_moved_or_wrong_is_refused_whole(tmp_path, change, message):
    path = season(tmp_path, change)
    if message is None:
        assert len(flights_of_season(project(), path)[0]) == 3
        return
    with pytest.raises(InputError, match=message) as error:
        flights_of_season(project(), path)
    assert error.value.file


def test_a_line_that_tells_nothing_is_named_and_a_failure_counted(tmp_path):
    def change(rows):
        rows[0].append("outcome")
        rows[1].append("nominal")
        rows[2] = ["2026-03-02", "", "", "", "", "", ""]
        rows[3][3:] = ["", "", "", "no deployment"]
        return rows

    flights, notes = flights_of_season(project(), season(tmp_path, change))
    assert [f.outcome for f in flights] == ["nominal", "no deployment"] and not flights[1].told
    assert any("line 3 (2026-03-02) has neither height nor time nor logs" in n for n in notes)


def test_an_archive_beside_its_launch_names_it_and_nothing_outside(tmp_path):
    """The folder of docs/learning.md, in a place that no project surrounds: `../launch.yaml` is inside, what lies beyond is not."""
    home = tmp_path / "home"
    (home / "flights").mkdir(parents=True)
    for name in ("launch.yaml", "rocket.yaml"):
        for folder in (home, tmp_path):
            (folder / name).write_text((EXAMPLE / name).read_text(encoding="utf-8"), encoding="utf-8")
    table = home / "flights" / "flights.csv"
    table.write_text("launch, altitude (ft)\n../launch.yaml, 760\n", encoding="utf-8")
    launch = open_project(home / "launch.yaml", as_drawn=True)
    assert [f.name for f in flights_of_season(launch, home / "flights")[0]] == ["line 2"]
    table.write_text("launch, altitude (ft)\n../../launch.yaml, 760\n", encoding="utf-8")
    with pytest.raises(InputError, match="leaves the project folder 'home'"):
        flights_of_season(launch, home / "flights")
    (home / "flights").rename(tmp_path / "flights")  # moved away from its launch
    with pytest.raises(InputError, match="leaves the project folder"):
        flights_of_season(launch, tmp_path / "flights")


def test_a_line_without_a_height_or_an_end_is_said(tmp_path):
    """Its time alone teaches, and that is said; a line that moves down is the flight that it was."""
    before, _ = flights_of_season(project(), season(tmp_path))

    def change(rows):
        rows[2][3] = ""
        return [rows[0], ["2026-02-01", *rows[3][1:-1]], *rows[1:]]

    after, notes = flights_of_season(project(), season(tmp_path, change))
    assert [t.what for t in after[2].told] == ["time of flight"]
    assert any(n.startswith("line 4 (") and n.endswith("has no height: its time alone was learned from") for n in notes)
    assert "line 2 ends before the last heading: what it lacks was taken for not known" in notes
    assert after[1].digest == before[0].digest != after[2].digest


def test_a_flight_of_another_rocket_is_refused(tmp_path):
    """Three times as high, all of them: no units are mixed, yet no such rocket flies so."""
    for name in ("launch.yaml", "rocket.yaml"):
        (tmp_path / name).write_text((EXAMPLE / name).read_text(encoding="utf-8"), encoding="utf-8")
    path = season(tmp_path, lambda rows: [rows[0]] + [[*r[:3], str(3.3 * float(r[3])), *r[4:]] for r in rows[1:]])
    with pytest.raises(InputError, match="does not fit this launch: .*Nothing was learned; --anyway learns from it"):
        learn_project(tmp_path / "launch.yaml", [path])
    assert not (tmp_path / "learned.yaml").exists()


def test_a_season_is_fitted_flight_by_flight(tmp_path):
    """Told of progress, and each used once."""
    flights, _ = flights_of_season(project(), season(tmp_path))
    from downrange.learning import prior_of
    from downrange.project.bands import varying

    drawn = fly(compile_launch(project().launch), interpreted=False)
    prior = prior_of(drawn.program, varying(project(), drawn), motors=["F44W"], population=None)
    told = []
    fit = fit_flights(flights, prior, tell=lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1] and [d for d, _ in told] == sorted(d for d, _ in told)
    assert abs(np.log(fit.learned.factor("canopy.main") / 1.2)) < 3 * fit.learned.sigma("canopy.main")
