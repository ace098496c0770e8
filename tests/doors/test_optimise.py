"""`downrange optimise`: the best of a grid, limits that hold, a front that nothing beats, files that fly as they say, and a search that goes on."""

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from downrange.design import Axis
from downrange.design.evolution import Judged, evolve, front
from downrange.errors import InputError
from downrange.flight import fly
from downrange.project import open_project
from downrange.project.optimising import GoalsFile, optimise_project, read_goals
from downrange.project.optimum_files import write_optimum
from downrange.project.parameters import settings, varied


def test_evolution_finds_the_floor_of_a_bent_valley():
    """Rosenbrock's function in four dimensions: least at (1, 1, 1, 1)."""
    axes = [Axis(n, -2.0, 2.0) for n in "abcd"]

    def cost(p):
        x = [p[n] for n in "abcd"]
        return sum(100 * (x[k + 1] - x[k] ** 2) ** 2 + (1 - x[k]) ** 2 for k in range(3))

    found = evolve(axes, cost, dict.fromkeys("abcd", -1.0), designs=3000, seed=3)
    assert found.cost < 0.05
    assert all(abs(v - 1) < 0.25 for v in found.point.values())


def test_evolution_takes_lists_and_the_same_seed_the_same_way():
    axes = [Axis("n", choices=(3, 4, 5, 6)), Axis("x", 0.0, 1.0)]
    tried = []

    def cost(p):
        tried.append(tuple(p.values()))
        return (p["n"] - 5) ** 2 + (p["x"] - 0.7) ** 2

    first = evolve(axes, cost, {"n": 3, "x": 0.1}, designs=200, seed=1)
    before, tried = tried, []
    again = evolve(axes, cost, {"n": 3, "x": 0.1}, designs=200, seed=1)
    assert first == again
    assert before == tried
    assert first.point["n"] == 5
    assert first.point["x"] == pytest.approx(0.7, abs=0.02)


def test_nothing_on_a_front_is_beaten():
    rng = np.random.default_rng(4)
    points = [Judged({"k": k}, tuple(p), 0.0) for k, p in enumerate(rng.random((200, 2)).tolist())]
    points.append(Judged({"k": 999}, (0.0, 0.0), 5.0))  # best of all, and breaks a limit
    points.append(Judged({"k": 998}, (math.inf, 0.0), 0.0))  # cannot be built
    made = front(points)
    assert 2 < len(made) < 30
    for j in made:
        beaten = [
            p for p in points if p.kept and p.goals[0] <= j.goals[0] and p.goals[1] <= j.goals[1] and p.goals != j.goals
        ]
        assert not beaten
    assert {998, 999}.isdisjoint(j.point["k"] for j in made)


EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
GOALS = {
    "goals": ["highest apogee"],
    "limits": ["static margin at least 2"],
    "by": ["fins.span 25..70 mm", "fins.root_chord 40..80 mm"],
    "designs": 60,
}


@pytest.fixture(scope="module")
def found():
    """The example, and the best of it by the goals above: searched once for the tests below."""
    opened = open_project(EXAMPLES / "first_rocket" / "launch.yaml")
    return opened, optimise_project(opened, GoalsFile(**GOALS))


def test_the_highest_design_that_keeps_its_margin_is_that_of_a_grid(found):
    opened, best = found
    assert best.kept
    assert best.after["static_margin"] == pytest.approx(2.0, abs=0.06)
    heights = []
    for span in range(25, 71, 5):
        for root in range(40, 81, 20):
            f = fly(
                varied(opened, settings(opened, (f"fins.span={span} mm", f"fins.root_chord={root} mm"))).launch,
                interpreted=False,
            )
            if f.figures["static_margin"] >= 2:
                heights.append(f.apogee)
    assert best.after["apogee_agl"] >= max(heights) - 0.5
    assert best.after["apogee_agl"] > best.before["apogee_agl"]


def test_what_bought_what_adds_up_and_steps_are_slopes(found):
    opened, best = found
    assert best.bought[0][1][0] == pytest.approx(best.before["apogee_agl"])
    assert best.bought[-1][1][0] == pytest.approx(best.after["apogee_agl"])
    span = next(s for s in best.sensitivities if s.name == "fins.span")
    assert span.unit == "mm"
    here = best.best.point
    a, b = (
        fly(
            varied(
                opened,
                settings(
                    opened,
                    (
                        f"fins.span={(here['fins.span'] + d) * 1e3} mm",
                        f"fins.root_chord={here['fins.root_chord'] * 1e3} mm",
                    ),
                ),
            ).launch,
            interpreted=False,
        ).apogee
        for d in (-5e-4, 5e-4)
    )
    assert span.changes[0] == pytest.approx(b - a, rel=0.05)
    assert span.changes[0] < 0  # more fin, less height


def test_two_goals_have_a_front(project):
    opened = open_project(project / "launch.yaml")
    best = optimise_project(
        opened, GoalsFile(goals=["highest apogee", "highest static margin"], by=["fins.span 25..80 mm"], designs=12)
    )
    assert len(best.front) >= 5
    heights = [-j.goals[0] for j in best.front]
    margins = [-j.goals[1] for j in best.front]
    assert heights == sorted(heights, reverse=True)
    assert margins == sorted(margins)
    assert best.best in best.front
    assert max(heights) - min(heights) > 20


def test_the_files_fly_as_they_say_and_keep_their_comments(project):
    opened = open_project(project / "launch.yaml")
    best = optimise_project(
        opened, GoalsFile(**GOALS | {"designs": 10, "by": [*GOALS["by"], "rail.elevation 80..90 deg"]})
    )
    wrote = write_optimum(best, opened)
    assert {p.name for p in wrote} == {"launch-optimised.yaml", "rocket-optimised.yaml"}
    again = fly(open_project(project / "launch-optimised.yaml").launch, interpreted=False)
    assert again.apogee == pytest.approx(best.after["apogee_agl"], rel=1e-4)
    text = (project / "rocket-optimised.yaml").read_text(encoding="utf-8")
    assert "was 45 mm" in text
    assert "Have you weighed it?" in text
    head = (project / "launch-optimised.yaml").read_text(encoding="utf-8")
    assert "highest apogee" in head and "± 1 deg" in head
    with pytest.raises(InputError, match="is there already"):
        write_optimum(best, opened)


def test_a_search_that_was_stopped_goes_on_to_the_same_end(project, monkeypatch):
    from downrange.project import optimising

    opened, log = open_project(project / "launch.yaml"), project / "goals.tried.jsonl"
    goals = GoalsFile(**GOALS | {"designs": 16})
    whole = optimise_project(opened, goals)
    real, flown = optimising._Judge._fly, []

    def stopped(self, point):
        flown.append(point)
        if len(flown) == 9:
            raise KeyboardInterrupt
        return real(self, point)

    monkeypatch.setattr(optimising._Judge, "_fly", stopped)
    first = optimise_project(opened, goals, log=log)
    assert first.interrupted
    assert len(log.read_text(encoding="utf-8").splitlines()) == 9  # the head, and eight designs
    second = optimise_project(opened, goals, log=log)
    assert not second.interrupted
    assert second.best.point == whole.best.point
    assert len(flown) == 9 + whole.tried - 8
    third = optimise_project(opened, goals, log=log)
    assert len(flown) == 9 + whole.tried - 8
    assert third.best == second.best


def test_designs_of_another_project_are_not_gone_on_from(project, tmp_path):
    log = tmp_path / "goals.tried.jsonl"
    opened = open_project(project / "launch.yaml")
    goals = GoalsFile(goals=["highest apogee"], by=["fins.span 30..60 mm"], designs=10)
    one = optimise_project(opened, goals, log=log)
    other = varied(opened, settings(opened, ("fins.root_chord=50 mm",)))
    two = optimise_project(other, goals, log=log)
    assert two.after["apogee_agl"] != one.after["apogee_agl"]
    alone = optimise_project(other, goals)
    assert two.best == alone.best


def test_limits_that_nothing_keeps_are_told(project, call):
    (project / "goals.yaml").write_text(
        "goals: [highest apogee]\nlimits: [static margin at least 40]\nby: [fins.span 30..60 mm]\ndesigns: 10\n",
        encoding="utf-8",
    )
    code, out, _ = call("optimise", project / "launch.yaml", project / "goals.yaml")
    assert code == 1
    assert "no design that was tried keeps every limit" in " ".join(out.split()).replace("│ ", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("goals: [highest apogy]\nby: [fins.span 30..60 mm]\n", "did you mean 'apogee'"),
        ("goals: [highest apogee]\nby: [fins.spam 30..60 mm]\n", "did you mean 'fins.span'"),
        ("goals: [highest apogee]\nby: [fins.span 60..30 mm]\n", "crossed"),
        ("goals: []\nby: [fins.span 30..60 mm]\n", "goals is empty"),
        ("goals: [highest apogee, least mass, least drift]\nby: [fins.span 30..60 mm]\n", "one goal or two"),
        ("goals: [highest apogee]\nlimits: [margin]\nby: [fins.span 30..60 mm]\n", "cannot read the want"),
        ("goals: [highest apogee]\nbye: [fins.span 30..60 mm]\n", "unknown key 'bye'"),
        ("goals: [highest apogee]\nby: [ballast 0..60 g]\n", "no key of the file"),
        ("goals: [highest apogee]\nby: [fins.span 30..60 mm]\ndesigns: 3\n", "greater than or equal to 10"),
        ("- 1\n", "keys and values"),
    ],
)
def test_goals_that_cannot_be_read_say_why(project, call, text, words):
    (project / "goals.yaml").write_text(text, encoding="utf-8")
    code, out, err = call("optimise", project / "launch.yaml", project / "goals.yaml")
    assert code == 2, (out, err)
    assert words in err
    assert "Traceback" not in err


def test_a_goals_file_says_the_line(tmp_path):
    path = tmp_path / "goals.yaml"
    path.write_text(
        "goals:\n  - highest apogee\nlimits:\n  - mach < 0.9\n  - marginn > 2\nby: [fins.span 30..60 mm]\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_goals(path)
    assert caught.value.line == 5


def test_the_command_writes_files_and_a_picture_and_says_it_all(project, call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    (project / "goals.yaml").write_text(
        "goals: [highest apogee, highest static margin]\nlimits: ['rail speed > 10 m/s']\nby: [fins.span 30..70 mm, fins.count 3..4]\ndesigns: 10\n",
        encoding="utf-8",
    )
    figure = project / "o.png"
    code, out, err = call("optimise", project / "launch.yaml", project / "goals.yaml", "--out", figure)
    assert code == 0, (out, err)
    assert all(len(line) <= 80 for line in out.splitlines())
    assert figure.stat().st_size > 10_000
    assert (project / "rocket-optimised.yaml").is_file()
    code, _, err = call("optimise", project / "launch.yaml", project / "goals.yaml")
    assert code == 2 and "is there already" in err
    code, out, _ = call("optimise", project / "launch.yaml", project / "goals.yaml", "--overwrite", "--json")
    said = json.loads(out)
    assert code == 0 and said["front"] and said["files"]
    shutil.rmtree(project)


def test_python_has_the_same_door(project):
    import downrange as dr

    best = dr.optimise(
        project / "launch.yaml", {"goals": ["highest apogee"], "by": ["fins.span 30..60 mm"], "designs": 10}
    )
    assert best.best.point["fins.span"] == pytest.approx(0.03, abs=2e-3)
    with pytest.raises(InputError, match="unknown key"):
        dr.optimise(project / "launch.yaml", {"goals": ["highest apogee"], "bye": []})


def test_with_everything_uncertain_a_limit_holds_in_nearly_all_flights(project):
    """As planned the limit is just kept, so half of all days break it; with flights it keeps its distance: other draws, the campaign's own count."""
    from downrange.dispersion.nearby import nominal_only
    from downrange.project.campaigns import campaign_in_memory, plan_campaign

    opened = open_project(project / "launch.yaml")
    asked = {
        "goals": ["highest apogee"], "limits": ["apogee at most 330 m"], "by": ["fins.thickness 1..25 mm"], "designs": 30,
    }  # fmt: skip
    kept, means = [], []
    for flights in (0, 128):
        best = optimise_project(opened, GoalsFile(**asked, flights=flights))
        assert best.kept
        campaign = campaign_in_memory(best.project, nominal_only(plan_campaign(best.project, seed=9)), 1024)
        kept.append(float((campaign["apogee_agl_m"] <= 330).mean()))
        means.append((-best.best.goals[0], float(campaign["apogee_agl_m"].mean())))
    assert kept[0] < 0.65 and kept[1] > 0.88
    assert means[1][0] == pytest.approx(means[1][1], abs=5), "the goal is the mean of the flights"
