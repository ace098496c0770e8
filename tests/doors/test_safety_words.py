"""Words around safety: the event's own people, an exact wind, all that is wrong in a file, a search that keeps the one before."""

import json
import math

import pytest

from downrange.project import open_project
from downrange.project.defaults import exact_wind
from downrange.safety import Conditions, gather_facts


def shapes(project, *lines: str):
    site = project / "site.yaml"
    text = site.read_text(encoding="utf-8").split("\n# What lies around")[0].split("\nground:")[0]
    site.write_text(text + "\nground:\n  shapes:\n" + "".join(f"    - {line}\n" for line in lines), encoding="utf-8")
    return open_project(project)


def test_people_of_the_event_are_left_out_of_rules_about_others(project):
    from downrange.flight import compile_launch, fly

    crowd = "{{name: club, kind: crowd, offsets: [[-60 m, 0 m]], radius: 10 m, people: 20{}}}"
    farm = "{name: farm, kind: house, offsets: [[900 m, 0 m]], radius: 20 m, people: 4}"
    found = {}
    for word in ("", ", associated: yes", ", associated: no"):
        opened = shapes(project, crowd.format(word), farm)
        flight = fly(compile_launch(opened.launch), interpreted=True)
        facts = gather_facts(flight, opened.ground, Conditions())
        found[word] = (facts["others_distance"].value, facts["people_distance"].value, opened.ground.shapes[0].people)
    assert found[""] == found[", associated: no"] and found[""][0] == pytest.approx(50, abs=0.2)
    assert found[", associated: yes"][0] == pytest.approx(880, abs=0.2)
    assert found[", associated: yes"][1:] == found[""][1:]  # they keep their distance, and their risk counts


def test_a_wind_that_nobody_can_know_so_exactly_is_named(project):
    launch = project / "launch.yaml"
    text = launch.read_text(encoding="utf-8")
    assert exact_wind(open_project(project).file) == ""
    exact = text.replace("270 deg ± 20 deg", "270 deg", 1)
    assert exact != text
    for given, named in ((exact, True), (exact.replace("3 m/s ± 1 m/s", "0 m/s"), False)):
        launch.write_text(given, encoding="utf-8")
        said = exact_wind(open_project(project).file)
        assert bool(said) is named and (not named or "270 deg ± 20 deg" in said)


def test_all_that_is_wrong_in_a_file_is_said_at_once(project, call):
    rocket = project / "rocket.yaml"
    text = rocket.read_text(encoding="utf-8")
    wrong = (
        text.replace("section: rounded", "section: rund")
        .replace("span: 45 mm", "span: 45")
        .replace("\n    wall: 2 mm", "\n    wal: 2 mm")
    )
    rocket.write_text(wrong, encoding="utf-8")
    code, _, err = call("check", project)
    lines = [
        k for k, line in enumerate(wrong.splitlines(), 1) if line.strip() in ("section: rund", "span: 45", "wal: 2 mm")
    ]
    assert code == 2 and all(
        w in err for w in ("unknown section 'rund'", "45 has no unit", "unknown key 'wal' - did you mean 'wall'")
    )
    assert all(f":{n} " in err or f"line {n}, " in err for n in lines) and "more to look at" not in err


def test_a_search_keeps_the_one_before_and_says_distance_and_bearing(project, call, monkeypatch):
    from downrange.cli.find import _free
    from downrange.errors import InputError
    from downrange.report.search import _from_the_pad

    monkeypatch.chdir(project)
    (project / "search").mkdir()
    assert _free(project / "search", chosen=False, overwrite=False) == project / "search"  # empty: nothing to lose
    (project / "search" / "search.gpx").write_text("x", encoding="utf-8")
    assert _free(project / "search", chosen=False, overwrite=False) == project / "search-2"
    assert _free(project / "search", chosen=True, overwrite=True) == project / "search"
    with pytest.raises(InputError, match="holds an earlier search: choose another folder, or add --overwrite"):
        _free(project / "search", chosen=True, overwrite=False)
    place = {"most_probable_distance_m": 500.0, "most_probable_bearing_deg": 230.2}
    assert _from_the_pad(place, "metric") == "500 m from the pad, SW (230° from true north)"
    assert _from_the_pad(place, "us") == "1,640 ft from the pad, SW (230° from true north)"


def test_find_on_the_command_line(project, call, monkeypatch):
    monkeypatch.chdir(project)
    code, out, err = call("find", "-n", "1024", "--json")
    made = json.loads(out)
    east, north = made["most_probable_east_m"], made["most_probable_north_m"]
    assert code == 0 and made["most_probable_distance_m"] == pytest.approx(math.hypot(east, north))
    bearing = math.radians(made["most_probable_bearing_deg"])
    assert made["most_probable_distance_m"] * math.sin(bearing) == pytest.approx(east, abs=0.01)
    first = (project / "search" / "search.gpx").read_bytes()
    assert "wrote search-2" in call("find", "-n", "1024", "--seen", "apogee at 7.2 s")[2]
    assert (project / "search" / "search.gpx").read_bytes() == first
    assert call("find", "-n", "1024", "--out", "search")[0] == 2
