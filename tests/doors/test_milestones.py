"""A kind's milestones, the rocket as built, the experiment of the science fair in its report, and the budget in words."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

import downrange as dr
from downrange.dispersion.band import ApogeeBand, Share
from downrange.errors import InputError
from downrange.project import open_project
from downrange.report.composing import Material, compose, read_issue, read_kind
from downrange.report.composing import making as composing
from downrange.report.composing.tables import TABLES
from downrange.report.composing.uncertain import share_words
from downrange.report.documents import Heading, Note, Picture, Table, plain_text, texts

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SHEET = """# question: Does wax raise apogee?
block,design,apogee (m)
1,bare,100
1,waxed,103
2,bare,101
2,waxed,105
3,bare,99
3,waxed,104
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(Material, "band", None)
    monkeypatch.setattr(
        composing, "figure_picture", lambda f, name, alt, caption="", **_: Picture(b"", alt, caption, name)
    )
    shutil.copytree(EXAMPLES / "tarc", tmp_path / "tarc")
    return tmp_path / "tarc"


@pytest.fixture
def rest(monkeypatch):
    """Without the tables that take seconds."""
    for name in ("drift", "motor alternatives", "requirements", "to do"):
        monkeypatch.setitem(TABLES, name, lambda m, name=name: Table(("",), (("",),), name, name=name))
    monkeypatch.setattr(Material, "drift", (SimpleNamespace(wind=1.0, by_hand=1.0, simulated=1.0),))


def parts_of(made):
    return {b.name for b in made.document.blocks if isinstance(b, Table | Picture)} | {
        line.split(":")[0] for line in made.not_stated
    }


def first_mass(text):
    number, unit = text.split()
    return float(number) * {"kg": 1.0, "g": 1e-3}[unit]


def heads_of(made):
    return [plain_text(b.text) for b in made.document.blocks if isinstance(b, Heading)]


def test_each_milestone_has_what_belongs_to_it(project, rest):
    material = Material(open_project(project / "launch.yaml"), "us")
    kind = read_kind("nasa-sl")
    made = {m: compose(kind, replace(material, milestone=m)) for m in (None, "PDR", "cdr", "FRR", "PLAR")}
    has = {m: parts_of(x) for m, x in made.items()}
    assert [m for m, x in has.items() if "motor alternatives" in x] == [None, "PDR", "cdr"]
    assert [m for m, x in has.items() if "subscale" in x] == [None, "cdr"]
    assert [m for m, x in has.items() if "as_built" in x] == ["FRR"]
    assert [m for m, x in has.items() if "mass_closure" in x and "stability" in x] == [None, "PDR", "cdr", "FRR"]
    assert [m for m, x in has.items() if "comparison" in x and "achieved altitude" in x] == ["FRR", "PLAR"]
    assert [m for m, x in made.items() if "Lessons" in heads_of(x)] == ["PLAR"]
    assert all({"drift", "requirements"} <= x for x in has.values())
    assert "final masses" in texts(made["cdr"].document.blocks).lower()
    for m in ("PDR", "FRR", "PLAR"):
        assert f"({m})" in made[m].document.title and f" {m}, " in made[m].document.footer
    assert "CDR" in made["cdr"].document.footer and made["cdr"].issue.said["milestone"] == "CDR"
    assert made[None].document.title.endswith("mission performance predictions")
    said = [
        b for b in made["FRR"].document.blocks if isinstance(b, Note) and "no log of the flight" in plain_text(b.text)
    ]
    assert [n.title for n in said] == ["Achieved altitude, comparison, flown, flown drag, flown ground: not stated."]
    assert sum("no log of the flight" in line for line in made["FRR"].not_stated) == 5


def test_an_issue_of_one_milestone_is_compared_with_the_next(project, rest, tmp_path):
    kind = read_kind("nasa-sl")
    pdr = compose(kind, Material(open_project(project / "launch.yaml"), "us", milestone="PDR"))
    (tmp_path / "pdr.json").write_text(json.dumps(pdr.issue.summary()))
    last = read_issue(tmp_path / "pdr.json")
    changed = open_project(project / "launch.yaml", elevation=1.3)
    frr = compose(kind, Material(changed, "us", milestone="FRR"), last)
    assert f"(was {pdr.issue.said['apogee agl']})" in texts(frr.document.blocks) and "was" not in frr.document.title


def test_a_milestone_s_own_text_goes_before_that_of_all(project, rest):
    own = project / "reports" / "nasa-sl"
    (own / "PLAR").mkdir(parents=True)
    (own / "summary.md").write_text("Of every milestone.\n")
    (own / "PLAR" / "summary.md").write_text("Of the last, {{milestone}}.\n")
    at = Material(open_project(project / "launch.yaml"), "us", milestone="PLAR")
    last, whole = (texts(compose(read_kind("nasa-sl"), m).document.blocks) for m in (at, replace(at, milestone=None)))
    assert "Of the last, PLAR." in last and "Of every" not in last and "Of every milestone." in whole


def test_a_milestone_that_there_is_not_is_told(project, call, tmp_path):
    code, _, err = call(
        "report", str(project), "--kind", "nasa-sl", "--milestone", "PLR", "-o", str(tmp_path / "o.html")
    )
    assert code == 2 and "did you mean 'PLAR'" in err and not (tmp_path / "o.html").exists()
    with pytest.raises(InputError, match="did you mean 'CDR'"):
        dr.document(str(project), "nasa-sl", milestone="CRD", flights=0)
    with pytest.raises(InputError, match="no milestones"):
        dr.document(str(project), "tarc", milestone="CDR", flights=0)
    own = tmp_path / "own"
    own.mkdir()
    (own / "kind.yaml").write_text(
        "name: a\nabout: b\ntitle: c\nmilestones: {June: d}\nblocks: [{heading: x, when: [Juni]}]\n"
    )
    with pytest.raises(InputError, match="did you mean 'June'"):
        read_kind(own)
    (own / "kind.yaml").write_text("name: a\nabout: b\ntitle: c\nmilestones: [logs]\nblocks: [{heading: x}]\n")
    with pytest.raises(InputError, match="names of their own"):
        read_kind(own)


def test_milestones_without_titles_stand_behind_that_of_the_kind(project, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    text = "name: a\nabout: b\ntitle: Our own\nmilestones: [May, June]\nblocks: [{heading: x, when: [June, no milestone]}, {heading: y, when: May}, {heading: z}]\n"
    (own / "kind.yaml").write_text(text)
    opened = open_project(project / "launch.yaml")
    titles = {
        m: (d.title, heads_of(x))
        for m in (None, "may", "June")
        if (x := compose(read_kind(own), Material(opened, milestone=m))) and (d := x.document)
    }
    assert titles == {
        None: ("Our own", ["x", "z"]),
        "may": ("Our own, May", ["y", "z"]),
        "June": ("Our own, June", ["x", "z"]),
    }


def test_masses_as_built_are_those_weighed(project):
    text = (project / "rocket.yaml").read_text()
    (project / "rocket.yaml").write_text(text.replace("- type: parachute\n", "- type: parachute\n        mass: 1 kg\n"))
    m = Material(open_project(project / "launch.yaml"))
    rows = {r[0]: r[1:] for r in TABLES["as built"](m).rows}
    assert rows["altimeter"][0] == "12 g" and len(rows) == 4
    whole = next(v for k, v in rows.items() if k.endswith("without motors"))
    drawn = m.project.launch.rocket.structure.mass
    assert first_mass(whole[1]) == pytest.approx(drawn, rel=2e-3) and rows["altimeter"][1] == "-"
    canopy = next(v for v in rows.values() if v[0] == "1 kg")
    assert 0 < first_mass(canopy[1]) < 0.1 and float(canopy[2].split()[0]) == pytest.approx(
        100 * (1 / first_mass(canopy[1]) - 1), rel=5e-3
    )
    assert whole[0] == "0.455 kg" and whole[2] == f"{100 * (0.455 - drawn) / drawn:+.1f} %"


def test_the_achieved_altitude_is_less_the_predicted():
    m = Material(None)
    m.__dict__["comparison"] = SimpleNamespace(apogee=((1000.0, 5.0), (900.0, 950.0, 1030.0)))
    rows = TABLES["achieved altitude"](m).rows
    assert rows[2] == ("achieved less predicted", "50 m", "+5.3 % of the predicted") and rows[0][1:] == (
        "1,000 m",
        "± 5 m (1 σ)",
    )


def test_the_experiment_stands_in_the_report(project, tmp_path):
    (project / "trial").mkdir()
    sheet = project / "trial" / "wax.csv"
    sheet.write_text(SHEET)
    m = Material(open_project(project / "launch.yaml"))
    found = {plain_text(a): plain_text(b) for a, b in TABLES["experiment"](m).rows}
    assert "paired t" in found["test"] and found["waxed less bare"].startswith("4 m")  # of 3, 4, 5
    low, high = dr.analyse_experiment(sheet).analysis.decides.interval
    assert (low, high) == (pytest.approx(4 - 4.302653 / 3**0.5), pytest.approx(4 + 4.302653 / 3**0.5))
    assert "1.52 m to 6.48 m" in found["waxed less bare"] and "waxed" in TABLES["experiment"](m).note
    made = compose(read_kind("science-fair"), m)
    assert {"experiment", "experiment_means", "experiment_assumptions"} <= parts_of(made)
    (project / "sheet.csv").write_text(SHEET)
    made = compose(read_kind("science-fair"), Material(open_project(project / "launch.yaml")))
    assert any("2 data sheets lie" in line for line in made.not_stated)


def test_no_sheet_is_not_stated_and_no_link_leads_out(project, tmp_path):
    made = compose(read_kind("science-fair"), Material(open_project(project / "launch.yaml")))
    assert any(line.startswith("experiment: no data sheet") for line in made.not_stated)
    (tmp_path / "out.csv").write_text(SHEET)
    (project / "sheet.csv").symlink_to(tmp_path / "out.csv")
    made = compose(read_kind("science-fair"), Material(open_project(project / "launch.yaml")))
    assert any("leaves the project folder" in line for line in made.not_stated)


def test_a_budget_names_parts_and_leaves_out_nothing_rows(project):
    m = Material(open_project(project / "launch.yaml"))
    egg = next(q for q in m.project.launch.rocket.placed if q.part.name == "egg in its foam")
    assert share_words(m, f"rocket.{egg.path}.mass") == "mass of egg in its foam"
    assert share_words(m, "rocket.measured.mass") == "rocket measured mass" and "[" in share_words(
        m, "rocket.parts[99].mass"
    )
    band = ApogeeBand(
        100.0,
        2.0,
        (99.0, 101.0),
        (96.0, 104.0),
        (Share("drag", 2.0, True), Share(f"rocket.{egg.path}.mass", 0.004, False)),
    )
    rows = TABLES["uncertainty"](
        SimpleNamespace(band=band, flight=SimpleNamespace(apogee=100.0), units="metric", project=m.project)
    ).rows
    assert [(r[0], r[3]) for r in rows] == [("drag", "2.00%"), ("all together", "2.00%")]
