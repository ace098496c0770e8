"""`downrange lesson`: every lesson made for one flight, its numbers those of the commands, its notebook run."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import downrange as dr
from downrange.cli.main import main
from downrange.errors import InputError, NotFoundError
from downrange.flight import Flight, compile_launch, fly
from downrange.project import Project, open_project
from downrange.project.starters import write_starter
from downrange.report.documents import Document, texts
from downrange.report.explain.formula import computed, names_in
from downrange.report.lessons import Lesson, Numbers, answer_key, hand_out, lesson_named, lessons, standards

HERE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Project, Flight]]:
    out = {}
    for name in ("kit", "two-stage"):
        folder = tmp_path_factory.mktemp("lessons") / name
        write_starter(folder, name)
        project = open_project(folder / "launch.yaml")
        out[name] = (project, fly(compile_launch(project.launch), interpreted=True))
    return out


_MADE: dict[tuple[int, int], Numbers] = {}


def numbers_of(lesson: Lesson, flown: dict[str, tuple[Project, Flight]]) -> Numbers:
    """The numbers of a lesson for the shared flight, made once."""
    return _MADE.setdefault((id(lesson), id(flown)), Numbers(lesson, *flown[lesson.starter]))


def said(document: Document) -> str:
    return texts(document.blocks)


@pytest.mark.parametrize("name", lessons())
def test_a_lesson_is_whole(name: str, flown: dict[str, tuple[Project, Flight]]) -> None:
    lesson = lesson_named(name)
    assert 30 <= lesson.minutes <= 180 and lesson.learn and lesson.needs
    assert set(lesson.standards) <= set(standards())
    numbers = numbers_of(lesson, flown)
    out, key = hand_out(lesson, numbers), answer_key(lesson, numbers)
    for text in (said(out), said(key)):
        assert "not stated" not in text and "{{" not in text and "::" not in text
        assert re.search(r"\bnan\b|\binf\b", text) is None
    assert all(code in said(key) for code in lesson.standards)
    for number in re.findall(
        r"::work (\w+)", lesson.key
    ):  # what is asked stands in the key with its arithmetic, and not in the hand-out
        assert numbers[number].arithmetic("metric") in said(key)
        assert numbers[number].arithmetic("metric") not in said(out)
    used = set(re.findall(r"\{\{(\w+)\}\}|::work (\w+)", lesson.handout + lesson.key))
    shown = {a or b for a, b in used} | {
        n for spec in lesson.numbers.values() if spec.startswith("=") for n in names_in(spec[1:].split("|")[0].strip())
    }
    shown |= {n for x in lesson.lists.values() for n in names_in(str(x["each"])) if n != "z"}
    assert shown == set(lesson.numbers), "a number that nobody reads, or one that there is not"


@pytest.mark.parametrize("name", lessons())
def test_numbers_are_those_of_the_commands(name: str, flown: dict[str, tuple[Project, Flight]]) -> None:
    """Of the flight by its summary, of formulas by reckoning them from the other numbers of the lesson."""
    lesson, (_, flight) = lesson_named(name), flown[lesson_named(name).starter]
    numbers = numbers_of(lesson, flown)
    summary = flight.summary()
    for key, spec in lesson.numbers.items():
        n, rest = numbers[key], spec.split("|")[0].strip()
        assert math.isfinite(n.value)
        if rest.startswith("flight "):
            from downrange.design import find_output

            output = find_output(rest.removeprefix("flight "))
            if output.key in summary:
                assert n.value == pytest.approx(summary[output.key], rel=1e-9), key
        elif rest.startswith("= "):
            assert n.value == pytest.approx(
                computed(rest[2:], {x: numbers[x].value for x in names_in(rest[2:])}), rel=1e-12
            )


def test_sums_by_hand_meet_the_program(flown: dict[str, tuple[Project, Flight]]) -> None:
    fins = numbers_of(lesson_named("centre-of-pressure"), flown)
    assert fins["margin"].value == pytest.approx(
        fins["barrowman"].value, abs=0.05
    )  # calibres, of Barrowman's sum redone by hand
    drift = numbers_of(lesson_named("drift-by-vector"), flown)
    assert drift["r"].value == pytest.approx(drift["program"].value, rel=0.02)
    angle = numbers_of(lesson_named("altitude-by-angle"), flown)
    assert angle["height"].value == pytest.approx(angle["H"].value, rel=1e-9)
    assert angle["error"].value > angle["at_45"].value  # steeper is worse
    stages = numbers_of(lesson_named("two-stages"), flown)
    assert stages["twice"].value > stages["once"].value > stages["v"].value
    fall = numbers_of(lesson_named("why-rules"), flown)
    assert fall["E_free"].value == pytest.approx(
        fall["m"].value * 9.80665 * fall["H"].value, rel=1e-6
    )  # energy is conserved


def test_the_eight_flights_are_as_the_key_says(flown: dict[str, tuple[Project, Flight]]) -> None:
    lesson = lesson_named("error-bars")
    x, _ = numbers_of(lesson, flown).listed("apogee")
    mean, s = sum(x) / 8, math.sqrt(sum((v - sum(x) / 8) ** 2 for v in x) / 7)
    assert sum(abs(v - mean) <= s / math.sqrt(8) for v in x) == 3
    key = said(answer_key(lesson, numbers_of(lesson, flown)))
    assert f"= {mean:.1f} m" in key and f"= {s:.3g} m" in key


def test_the_hand_out_does_not_give_the_answer_away(flown: dict[str, tuple[Project, Flight]]) -> None:
    from downrange.report.documents import Picture

    lesson = lesson_named("thrust-and-impulse")
    out = hand_out(lesson, numbers_of(lesson, flown))
    drawn = next(b for b in out.blocks if isinstance(b, Picture)).svg
    assert drawn is not None and b"5 N for" not in drawn()


def test_the_numbers_follow_the_design(flown: dict[str, tuple[Project, Flight]]) -> None:
    """Another rocket, other numbers: nothing in a key is a constant of the starter."""
    from downrange.project.parameters import settings, varied

    project, _ = flown["kit"]
    other = varied(project, settings(project, ("fins.span=60mm", "parachute.diameter=45cm")))
    lesson = lesson_named("drag-by-drop")
    first, second = numbers_of(lesson, flown), Numbers(lesson, other)
    assert second["D"].value == pytest.approx(0.45) and second["v"].value < 0.8 * first["v"].value
    assert said(answer_key(lesson, first)) != said(answer_key(lesson, second))


def test_us_units_are_shown_and_sums_stay(flown: dict[str, tuple[Project, Flight]]) -> None:
    lesson = lesson_named("drift-by-vector")
    numbers = numbers_of(lesson, flown)
    key = said(answer_key(lesson, numbers, "us"))
    r = numbers["r"].value
    assert f"{r:.1f} m ({r / 0.3048:,.0f} ft)" in key
    assert "ft/s" in said(hand_out(lesson, numbers, "us"))
    assert hand_out(lesson, numbers, "us").look.width == pytest.approx(215.9)


def test_formulas_stay_formulas_in_us_units(flown: dict[str, tuple[Project, Flight]]) -> None:
    """`2 m g` is twice mass times gravity, not two metres."""
    lesson = lesson_named("drag-by-drop")
    assert "C_D = 2 m g / (ρ A v²)" in said(hand_out(lesson, numbers_of(lesson, flown), "us"))
    card = lesson_named("launch-day")
    assert "(49 ft/s or more)" in said(hand_out(card, numbers_of(card, flown), "us"))


def test_a_rocket_that_does_not_suit_is_refused(flown: dict[str, tuple[Project, Flight]], tmp_path: Path) -> None:
    lesson = lesson_named("two-stages")
    with pytest.raises(InputError, match="needs a rocket of 2 stages"):
        hand_out(lesson, Numbers(lesson, *flown["kit"]))
    with pytest.raises(NotFoundError, match="did you mean 'why-fins'"):
        dr.lesson("why-fin")
    file = tmp_path / "taken"
    file.write_text("x")
    with pytest.raises(InputError, match="is a file; name a folder"):
        dr.lesson("why-rules", flown["kit"][0]).write(file, "html")


def test_what_a_design_does_not_say_is_not_invented(flown: dict[str, tuple[Project, Flight]]) -> None:
    """A rocket of two stages has no one thrust curve to sum by hand, and no such symbols."""
    from dataclasses import replace

    lesson = lesson_named("why-fins")
    odd = replace(lesson, numbers={**lesson.numbers, "x_cp": "explain margin nothing"})
    key = said(answer_key(odd, numbers_of(odd, flown)))
    assert "margin_by_hand: not stated (the explanation of margin has no nothing" in key


def test_hostile_names_are_text(tmp_path: Path) -> None:
    write_starter(tmp_path / "kit", "kit")
    rocket = tmp_path / "kit" / "rocket.yaml"
    rocket.write_text(
        re.sub(r"^name: .*$", 'name: "<script>x</script> #panic() {{H}} `"', rocket.read_text(), flags=re.M)
    )
    made = dr.lesson("altitude-by-angle", str(tmp_path / "kit" / "launch.yaml"))
    html, _ = made.write(tmp_path / "out", "html")
    assert "<script>x" not in html.read_text() and "{{H}}" in html.read_text()
    pdf, key = made.write(tmp_path / "out", "pdf")
    assert pdf.read_bytes().startswith(b"%PDF") and key.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("which", ["handout", "key"])
def test_a_notebook_runs(which: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = dr.lesson("altitude-by-angle")
    paths = {p.stem: p for p in made.write(tmp_path, "notebook")}
    data = json.loads(paths[which].read_text())
    assert (data["nbformat"], data["nbformat_minor"]) == (4, 5)
    assert len({c["id"] for c in data["cells"]}) == len(data["cells"])
    monkeypatch.chdir(tmp_path)
    space: dict[str, object] = {}
    for cell in data["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), space)
    assert space["H"] == pytest.approx(made.numbers["H"].value, rel=1e-6)
    assert space["angle"] == pytest.approx(made.numbers["angle"].value, rel=1e-6)
    if which == "handout":
        assert space["check"]("angle", None, 3.0) == "angle: write your number first"  # type: ignore[operator]
        assert "+10.0 % off" in space["check"]("angle", 3.3, 3.0)  # type: ignore[operator]


@pytest.mark.parametrize("name", lessons())
def test_every_notebook_has_the_numbers_of_the_lesson(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cells of the answer key, run one after another in one process, come to each number of the lesson, which are those of the commands."""
    monkeypatch.setattr(dr.Flight, "plot", lambda *_: None)  # test_a_notebook_runs draws
    made = dr.lesson(name)
    paths = {p.stem: p for p in made.write(tmp_path, "notebook")}
    monkeypatch.chdir(tmp_path)
    space: dict[str, object] = {}
    for cell in json.loads(paths["key"].read_text())["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), space)
    right = {n: made.numbers[n].value for n in made.lesson.numbers}
    assert len(right) >= 3 and all(map(math.isfinite, right.values()))
    assert {n: space[n] for n in right} == pytest.approx(right, rel=1e-6, abs=1e-12)


def test_lessons_are_listed_and_shown(flown: dict[str, tuple[Project, Flight]], tmp_path: Path) -> None:
    run = CliRunner().invoke
    listed = run(main, ["lesson"]).stdout
    assert all(name in listed for name in lessons()) and len(lessons()) == 12
    told = json.loads(run(main, ["lesson", "--json"]).stdout)
    assert [x["name"] for x in told] == list(lessons())
    made = run(
        main,
        ["lesson", "lost-rocket", str(flown["kit"][0].path), "--json", "--out", str(tmp_path / "x"), "--format", "md"],
    )
    assert made.exit_code == 0, made.output
    values = {n["name"]: n for n in json.loads(made.stdout)["numbers"]}
    assert values["area"]["value"] == pytest.approx(3.14159 * values["radius"]["value"] ** 2)
    assert (tmp_path / "x" / "handout" / "document.md").is_file() and (tmp_path / "x" / "key" / "document.md").is_file()


def test_the_page_lists_the_lessons() -> None:
    page = (HERE / "docs" / "lessons.md").read_text()
    for x in lessons().values():
        assert f"| `{x.name}` | {x.line} | {x.minutes} | {x.ages} | {', '.join(x.standards)} |" in page
