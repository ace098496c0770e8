"""`downrange fair`: an experiment planned from a question, its sheet filled and read back, and what is wrong with a sheet told in clear words."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import downrange as dr
from downrange.cli.main import main
from downrange.errors import InputError
from downrange.formats.trials import read_trials
from downrange.project.questions import about, questions
from downrange.project.starters import write_starter

GIVEN = ("--spread", "4 %", "--mean", "300 m", "--matters", "10 m")


def run(*args: str) -> Result:
    return CliRunner().invoke(main, list(args), catch_exceptions=True)


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fair") / "kit"
    write_starter(folder, "kit")
    return folder / "launch.yaml"


def filled(path: Path, value: Any, *, order: bool = True) -> Path:
    """A sheet filled by `value(row)`; the flights a quarter of an hour apart."""
    lines = path.read_text().splitlines()
    said, body = [x for x in lines if x.startswith(("#", '"#'))], [x for x in lines if not x.startswith(("#", '"#'))]
    rows = list(csv.DictReader(body))
    measured = list(rows[0])[-2]
    for k, row in enumerate(rows):
        row[measured] = value(k, row)
        if order:
            row.update(
                {
                    "date": "2026-05-30",
                    "time of day": f"{9 + k // 4:02d}:{15 * (k % 4):02d}",
                    "wind (m/s)": f"{2 + k % 3}",
                }
            )
    text = io.StringIO()
    out = csv.DictWriter(text, rows[0])
    out.writeheader()
    out.writerows(rows)
    made = path.with_name("filled.csv")
    made.write_text("\n".join(said) + "\n" + text.getvalue())
    return made


def sheet(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_a_question_is_planned_flown_and_answered(kit: Path, tmp_path: Path) -> None:
    made = run("fair", "plan", "Do larger fins fly lower?", str(kit), "--out", str(tmp_path / "trial"), "--json")
    assert made.exit_code == 0, made.output
    plan = json.loads(made.stdout)
    a, b = plan["designs"]
    # The sum by hand: the predicted difference is that of two flights; the needed pairs those of the paired t test.
    other = dr.sweep(str(kit), "fins.span=58.5mm", of="apogee shown")["apogee shown"][0]
    assert b["predicted_si"] == pytest.approx(other, abs=0.01)
    assert plan["predicted_difference_si"] == pytest.approx(b["predicted_si"] - a["predicted_si"], abs=1e-9)
    assert plan["predicted_difference_si"] < 0
    assert 0.8 <= plan["power"] < 0.97 and plan["simulated_power"] == pytest.approx(plan["power"], abs=0.04)
    assert plan["flights"] == 2 * plan["blocks"] == sum(map(len, plan["order"]))
    assert {s["of"] for s in plan["spread_shares"]} == {"flight"}
    assert plan["spread_of_si"]["rocket"] > plan["spread_of_si"]["day"] > 0
    assert {p.name for p in (tmp_path / "trial").iterdir()} == {"plan.pdf", "power.png", "sheet.csv"}
    rng = np.random.default_rng(2)
    truth = {x["name"]: x["predicted_si"] for x in plan["designs"]}
    done = filled(
        tmp_path / "trial" / "sheet.csv", lambda k, row: f"{truth[row['design']] + 5 * rng.standard_normal():.1f}"
    )
    answer = run("fair", "analyse", str(done), "--json", "--out", str(tmp_path / "result.html"))
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert found["shown"] and found["decides"]["test"] == "paired t test"
    low, high = found["decides"]["interval_si"]
    assert low < plan["predicted_difference_si"] < high < 0
    assert "larger fins has less apogee" in found["in_words"]
    assert "flown in the order that the lot drew" in answer.stdout
    assert found["in_words"] in (tmp_path / "result.html").read_text().replace("&lt;", "<")


def test_a_spread_that_is_known_needs_no_rocket(tmp_path: Path) -> None:
    from downrange.design.experiments import pairs_power

    made = dr.experiment("Does wax raise apogee?", spread="4 %", mean="300 m", matters="10 m")
    assert made.blocks == 25 and made.power == pytest.approx(pairs_power(10.0, (12.0, 12.0), 25))
    assert made.spread.source == "as given"
    assert run("fair", "plan", "Does wax raise apogee?", *GIVEN, "--out", str(tmp_path / "wax")).exit_code == 0
    text = run("fair", "plan", "Does wax raise apogee?", *GIVEN, "--units", "us").stdout
    assert "32.8 ft" in text
    fewer = dr.experiment("Does wax raise apogee?", spread="12 m", matters="10 m", blocks=6)
    assert fewer.power < 0.4 and len(fewer.order) == 6
    assert dict(fewer.reach)[6] > 20


def test_a_series_is_a_line(kit: Path, tmp_path: Path) -> None:
    made = dr.experiment(
        "Does a larger parachute stay in the air longer?", str(kit), dose="parachute.diameter=24..36cm/3", spread="10 s"
    )
    assert made.doses == pytest.approx((0.24, 0.30, 0.36)) and made.predicted > 20
    from downrange.recipes.fair import write_plan_sheet

    done = filled(
        write_plan_sheet(made, tmp_path / "sheet.csv"),
        lambda k, row: f"{40 + 0.2 * float(row['parachute.diameter (mm)']) + (k % 3 - 1):.1f}",
    )
    found = dr.analyse_experiment(done).analysis
    assert found.shown and found.by_values.estimate == pytest.approx(200.0, rel=0.1)  # s for 1 m
    assert "rises with parachute.diameter" in dr.analyse_experiment(done).answer()


def test_every_question_fits_the_starter(kit: Path) -> None:
    from downrange.project import open_project
    from downrange.project.questions import changed_by

    project = open_project(kit)
    for q in questions().values():
        other, told = changed_by(project, about(q.question))
        assert told and about(q.question).name == q.name
        assert other.launch != project.launch, q.name


def test_not_shown_is_not_none(tmp_path: Path) -> None:
    path = sheet(tmp_path / "s.csv", "design,apogee (m)\nA,300\nB,305\nA,310\nB,296\nA,291\nB,312\n")
    done = run("fair", "analyse", str(path))
    assert done.exit_code == 1
    text = " ".join(done.stdout.replace("│", " ").split())
    assert "Not shown that B and A differ in apogee" in text and "not the same as no difference" in text
    assert "anything from" in text and "four times of five" in text
    assert "no difference" not in text.replace("not the same as no difference", "").replace(
        "0 is no difference", ""
    ).replace("If there were no difference", "")


def test_four_pairs_lean_on_the_bell_curve(tmp_path: Path) -> None:
    rows = "".join(
        f"{k // 2 + 1},{'AB'[k % 2]},{v}\n" for k, v in enumerate([980, 1001, 995, 1010, 970, 1002, 985, 1011])
    )
    path = sheet(tmp_path / "s.csv", "block,design,apogee (ft)\n" + rows)
    opened = dr.analyse_experiment(path).summary()["leaves_open"]
    assert any("can show nothing by ranks" in x for x in opened) and not any("do not agree" in x for x in opened)


BAD = [
    ("design,apogee\nA,300\nB,310\nA,301\nB,309\n", "has no unit: write it behind the heading, like 'apogee \\(m\\)'"),
    ("design,apogee (m)\nA,300\nB,310\nA,984\nB,1017\nA,302\nB,308\n", "feet among metres"),
    ("design,apogee (m)\nA,300\nB,310\nA,301\n", "'B' has a single flight with a value"),
    ("design,apogee (m)\nA,300\nA,310\nA,301\n", "all flights are of one design"),
    ("design,apogee (parsnips)\nA,300\nB,310\nA,301\nB,309\n", "unit 'parsnips' of 'apogee' is not known"),
    ("rocketship,apogee (m)\nA,300\nB,310\nA,301\nB,309\n", "no column says which design"),
    ("design,apogee (m),apogee (ft)\nA,300,984\nB,310,1017\nA,301,988\nB,309,1014\n", "which column was measured"),
    ("design,design,apogee (m)\nA,A,300\nB,B,310\n", "two columns are the design"),
    (
        "design,apogee (m)\nboat-tail,300\nboat-tail,301\nplain,310\nplain,309\nboat tial,305\n",
        "only this flight is of the design 'boat tial'.*boat-tail",
    ),
    (
        "design,apogee (m)\nA,three hundred\nB,310\nA,301\nB,309\n",
        ":2: cannot read 'three hundred' as apogee|which holds|no column holds|cannot read",
    ),
    ("design,apogee (m)\nA,300\nB,1,310\nA,301\nB,309\n", "3 cells under 2 headings"),
    ("design,apogee (m)\n", "the sheet has no flights"),
    ("design,apogee (m)\n,300\nB,310\nA,301\nB,309\n", "a flight without a design"),
    ("design,apogee (m)\nA,300 kg\nB,310\nA,301\nB,309\n", "'kg' is not a unit of the right kind"),
    ("design,apogee (m)\nA,1e400\nB,310\nA,301\nB,309\n", "out of all bounds"),
    (
        "design,block,apogee (m)\nA,1,300\nB,2,310\nA,3,301\nB,4,309\n",
        "fewer than two blocks hold a value of every design",
    ),
    ("design,apogee (m)\nA,300\nB,300\nA,300\nB,300\n", "values that are exactly alike"),
]


@pytest.mark.parametrize(("text", "words"), BAD, ids=[w[:30] for _, w in BAD])
def test_what_is_wrong_with_a_sheet_is_said(tmp_path: Path, text: str, words: str) -> None:
    path = sheet(tmp_path / "s.csv", text)
    with pytest.raises(InputError, match=words):
        dr.analyse_experiment(path)
    done = run("fair", "analyse", str(path))
    assert isinstance(done.exception, InputError) or done.exit_code == 2


def test_units_in_cells_are_each_read(tmp_path: Path) -> None:
    path = sheet(tmp_path / "s.csv", "design,apogee (m)\nA,300\nB,1017 ft\nA,301\nB,309\n")
    read = read_trials(path)
    assert read.trials.values[1] == pytest.approx(1017 * 0.3048)
    assert "several units (3 in m, 1 in ft)" in read.notes[0]


def test_decimal_commas_semicolons_and_other_headings(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "s.csv",
        "Trial;Treatment;Pair;Height [m];colour\n1;plain;1;300,5;red\n2;waxed;1;310,5;red\n3;waxed;2;312;red\n4;Plain ;2;301;red\n",
    )
    read = read_trials(path)
    assert read.trials.names == ("plain", "waxed") and read.trials.paired
    assert read.trials.values.tolist() == [300.5, 310.5, 312.0, 301.0]
    assert read.notes == ("column 'colour' was not used",)


def test_missing_flights_are_named(tmp_path: Path) -> None:
    path = sheet(tmp_path / "s.csv", "flight,block,design,apogee (m)\n" + "".join(f"{k},{(k + 1) // 2},{'AB'[k % 2]},{v}\n" for k, v in enumerate([300, "lost", 302, 310, 304, 309, 299, 312], 1)))  # fmt: skip
    found = {x["what"]: x for x in dr.analyse_experiment(path).summary()["looked_at"]}
    assert found["missing"]["flights"] == ["flight 2"] and found["alone"]["flights"] == ["flight 1"]
    assert dr.analyse_experiment(path).analysis.blocks == 3


def test_hostile_text_is_text(kit: Path, tmp_path: Path) -> None:
    name = "=cmd()|<script>alert(1)</script> #let x = {{apogee}}"
    plan = dr.experiment(
        "Is \x1b[31mred <b>faster</b>?", spread="3 m/s", matters="4 m/s", of="speed", names=("plain", name), blocks=3
    )
    from downrange.recipes.fair import write_plan_sheet

    path = write_plan_sheet(plan, tmp_path / "sheet.csv")
    assert "\x1b" not in path.read_text() and "'=cmd()" in path.read_text()
    done = filled(path, lambda k, row: f"{50 + 3 * (row['design'] == 'plain') + 0.1 * k * k:.2f}")
    made = dr.analyse_experiment(done)
    made.write(tmp_path / "r.html")
    made.write(tmp_path / "r.pdf")
    assert "<script>alert" not in (tmp_path / "r.html").read_text()
    assert made.analysis.trials.names[1] == name


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("Is red better?", *GIVEN), "what is measured"),
        (("Does wax raise apogee?",), "without a design the spread|say how large|spread"),
        (("Does wax raise apogee?", "--spread", "4 %", "--matters", "10 m"), "needs the mean"),
        (("Does wax raise apogee?", "--spread", "40 m", "--matters", "1 m"), "more than 1,000 flights"),
        (("Does wax raise apogee?", *GIVEN, "--power", "1.2"), "power of 1.2"),
        (("Does wax raise apogee?", *GIVEN, "--level", "0"), "level of 0"),
        (("Does wax raise apogee?", *GIVEN, "--blocks", "1"), "1 blocks"),
        (("Does wax raise apogee?", *GIVEN, "--name", "A", "--name", "a"), "two designs are called"),
        (("", *GIVEN), "a question has 1 to 300"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said(
    args: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("fair", "plan", *args)
    assert isinstance(done.exception, InputError), done.output
    assert __import__("re").search(words, str(done.exception)), str(done.exception)


def test_two_comparisons_at_once_are_refused(kit: Path) -> None:
    with pytest.raises(InputError, match="one comparison at a time"):
        dr.experiment("apogee?", str(kit), changes="fins.span=60mm", dose="fins.span=40..60mm/3")
    with pytest.raises(InputError, match="what is the second design"):
        dr.experiment("Does wax raise apogee?", str(kit))


def test_questions_are_listed() -> None:
    assert "Does a boat-tail raise apogee?" in run("fair", "plan").stdout
    assert {q["name"] for q in json.loads(run("fair", "plan", "--json").stdout)} == set(questions())
