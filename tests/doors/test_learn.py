"""`downrange learn`: the log of a flight of known truth, from before it to after it; and what is refused."""

import json
import shutil
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "genesis"
DRAG, THRUST = 1.15, 1.04  # of builders/simulated_log.py


@pytest.fixture
def genesis(tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "genesis")
    return tmp_path / "genesis"


def test_a_flight_from_before_it_to_after_it(genesis, call):
    """Registered, learned from, scored; the drag and thrust of the true flight lie in what was learned; every command says so, and as drawn none does."""
    launch, log, page = genesis / "launch.yaml", genesis / "simulated_flight.csv", genesis / "season.html"
    code, out, _ = call("learn", str(launch), "--predict", "--json")
    registered = json.loads(out)
    assert code == 0 and registered["measured_m"] is None
    code, out, _ = call("learn", str(launch), str(log), "--json", "--out", str(page))
    found = json.loads(out)
    assert (
        code == 0
        and found["registered"]["id"] == registered["id"]
        and found["registered"]["score"]["in_90_percent_band"]
    )
    told = {t["what"]: t["factor"] for t in found["flights"][0]["told"]}
    assert told["subsonic drag in the coast"] == pytest.approx(DRAG, rel=0.03) and told["impulse"] == pytest.approx(
        THRUST, rel=0.02
    )
    drag = found["learned"]["drag.subsonic"]
    assert 1.05 < drag["factor"] < DRAG + 0.05 and drag["told"] > 0.5
    assert found["learned"]["mass"]["told"] < 0.3  # which no log tells
    measured = found["flights"][0]["apogee_agl_m"]
    band = found["next_flight"]["apogee_band"]
    assert (
        band["p5_m"] < measured < band["p95_m"] and band["sigma_m"] < 0.85 * found["as_drawn"]["apogee_band"]["sigma_m"]
    )
    text = page.read_text(encoding="utf-8")
    assert "what 1 flight taught" in text and "data:image/png" in text
    taught, drawn = (json.loads(call("fly", str(launch), *more, "--json")[1]) for more in ((), ("--as-drawn",)))
    assert any("learned from 1 flight" in w.lower() for w in taught["warnings"]) and not any(
        "earned" in w for w in drawn["warnings"]
    )
    assert taught["apogee_agl_m"] == pytest.approx(found["next_flight"]["apogee_agl_m"], rel=1e-4)
    assert drawn["apogee_agl_m"] == pytest.approx(found["as_drawn"]["apogee_agl_m"], rel=1e-4)
    code, _, err = call("learn", str(launch), str(log))
    assert code == 2 and "a flight teaches once" in err


def test_what_is_asked_wrongly(genesis, call):
    launch = str(genesis / "launch.yaml")
    for asked, words in (
        (("--predict", str(genesis / "weather.csv")), "without logs"),
        (("--by", "ballast 0..100 g"), "--by goes with --contest or --want"),
        ((str(genesis / "none.csv"),), "no such file"),
        ((), "there is no folder 'flights' beside the launch"),
        ((str(genesis / "simulated_flight.csv"), "--out", "season.pdf"), "should end in .html"),
    ):
        code, _, err = call("learn", launch, *asked)
        assert code == 2 and words in " ".join(err.split()), err
    assert not (genesis / "learned.yaml").exists()


@pytest.fixture
def apart(genesis):
    """The example with its rocket in a folder of its own, and what flights taught of it beside that."""
    from downrange.learning import Learned
    from downrange.project import open_project
    from downrange.project.lesson import Lesson, rocket_digest
    from downrange.project.lesson_file import write_lesson

    (genesis / "rockets").mkdir()
    shutil.move(genesis / "rocket.yaml", genesis / "rockets" / "rocket.yaml")
    launch = genesis / "launch.yaml"
    launch.write_text(
        launch.read_text(encoding="utf-8").replace("rocket.yaml", "rockets/rocket.yaml"), encoding="utf-8"
    )
    file = open_project(launch).rocket_file
    learned = Learned(("mass",), (0.2,), ((1e-4,),))
    lesson = Lesson(file.name, rocket_digest(file), learned, {"mass": 0.9}, (("first", None, 0.5, "abc"),))
    write_lesson(lesson, genesis / "rockets" / "learned.yaml")
    return launch


def test_a_change_in_python_keeps_what_flights_taught_wherever_the_rocket_lies(apart):
    import downrange as dr
    from downrange.project import open_project
    from downrange.recipes import Launch

    whole = dr.load(apart)
    other = whole.with_({"rail.elevation": "83 deg"})
    assert other.project.known == whole.project.known is not None
    assert other.with_({"rail.azimuth": "10 deg"}).values.loaded.mass == pytest.approx(whole.values.loaded.mass)
    drawn = Launch.from_project(open_project(apart, as_drawn=True))
    assert drawn.values.loaded.mass < 0.9 * whole.values.loaded.mass
    again = drawn.with_({"rail.elevation": "83 deg"})
    assert again.project.known is None
    assert again.values.loaded.mass == pytest.approx(drawn.values.loaded.mass)
