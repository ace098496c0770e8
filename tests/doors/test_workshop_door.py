"""`downrange workshop` and `dr.workshop`: the folder, its JSON, and what is refused."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import downrange as dr
from downrange.cli.main import main
from downrange.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
FIRST = ROOT / "examples" / "first_rocket"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("shop") / "out"
    done = CliRunner().invoke(
        main, ["workshop", str(FIRST / "launch.yaml"), "--out", str(out), "--json", "--mesh", "3mf"]
    )
    assert done.exit_code == 0, done.output
    return out, json.loads(done.stdout)


def test_the_json_lists_every_file_with_its_size(folder):
    out, said = folder
    assert {f["path"]: f["bytes"] for f in said["files"]} == {str(p): p.stat().st_size for p in out.iterdir()}
    suffixes = [p.suffix for p in out.iterdir()]
    assert suffixes.count(".svg") == suffixes.count(".dxf") == len(said["drawings"]) >= 7
    assert suffixes.count(".3mf") == len(said["solids"]) and ".stl" not in suffixes
    fin = next(d for d in said["drawings"] if d["title"].startswith("Fin template"))
    assert fin["needed"] == 3 and fin["path"] == "parts[1].parts[5]" or fin["path"].startswith("parts[1]")
    nose = next(s for s in said["solids"] if s["key"] == "nose")
    assert nose["mass_solid_kg"] == pytest.approx(nose["mass_in_design_kg"], rel=0.005)


def test_balance_and_bill_are_those_of_check(folder):
    out, said = folder
    check = json.loads(CliRunner().invoke(main, ["check", str(FIRST / "launch.yaml"), "--json"]).stdout)
    assert said["cp_m"] == pytest.approx(check["cp_m"]) and said["cg_m"] == pytest.approx(check["liftoff_cg_m"])
    assert said["static_margin_cal"] == pytest.approx(check["static_margin_cal"])
    with (out / "bill.csv").open() as f:
        rows = list(csv.DictReader(f))
    assert sum(float(r["total_g"]) for r in rows) == pytest.approx(said["mass_from_parts_kg"] * 1e3, abs=0.001)
    assert "Glue trapezoidal fins (3 of them) on body tube" in (out / "build.txt").read_text()


def test_the_python_door_gives_the_same(folder, tmp_path):
    _, said = folder
    made = dr.workshop(dr.load(FIRST / "launch.yaml"))
    assert [d["title"] for d in said["drawings"]] == [d.title for d in made.drawings]
    assert dr.workshop(FIRST / "rocket.yaml").balance.motor == ""
    with pytest.raises(InputError, match="no coupler or tube called 'bay'"):
        dr.workshop(FIRST / "rocket.yaml", bays="bay")
    with pytest.raises(InputError, match="paper is a4 or letter"):
        dr.workshop(FIRST / "rocket.yaml", paper="a3")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="meshes are stl, 3mf or none"):
        made.write(tmp_path, mesh="obj")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="cannot be drawn"):
        dr.workshop(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--infill", "150%"], "infill is between 0 and 100 %"), (["--wall", "3 kg"], "--wall"), (["--bay", "x"], "no coupler or tube called 'x'"), (["--material", "gold"], "no volume material")],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_anything_is_written(words, said, tmp_path):
    done = CliRunner().invoke(main, ["workshop", str(FIRST / "rocket.yaml"), "--out", str(tmp_path / "o"), *words])
    assert isinstance(done.exception, InputError) and said in str(done.exception)
    assert not (tmp_path / "o").exists()


def test_formulas_stay_words_in_the_bill():
    made = dr.workshop(
        dr.Rocket("r", [dr.NoseCone(shape="conical", length="100 mm", diameter="50 mm", name="=HYPERLINK(1)")])
    )
    assert "'=HYPERLINK" in made._bill_csv()


def test_weights_typed_back_move_mass_balance_and_height(tmp_path):
    out = tmp_path / "shop"
    run, launch = CliRunner(), str(FIRST / "launch.yaml")
    assert run.invoke(main, ["workshop", launch, "--out", str(out), "--mesh", "none"]).exit_code == 0
    bill = out / "bill.csv"
    lines = bill.read_text().splitlines()
    typed = [f"{x}15.2" if x.startswith("parts[0],") else f"{x}0.2 oz" if "launch lug" in x else x for x in lines]
    bill.write_text("\n".join(typed))
    lost = run.invoke(main, ["workshop", launch, "--out", str(out), "--mesh", "none"])
    assert isinstance(lost.exception, InputError) and "holds weights, which would be lost" in str(lost.exception)
    done = run.invoke(main, ["workshop", launch, "--out", str(out), "--mesh", "none", "--weighed", str(bill), "--json"])
    said = json.loads(done.stdout)["weighed"]
    more = sum(p["mass_weighed_kg"] - p["mass_before_kg"] for p in said["parts"])
    assert [p["mass_weighed_kg"] for p in said["parts"]] == pytest.approx([0.0152, 0.2 * 0.028349523])
    before, after = said["before"], said["after"]
    for key in ("mass_from_parts_kg", "mass_kg"):
        assert after[key] - before[key] == pytest.approx(more, rel=1e-9)
    assert after["cg_m"] < before["cg_m"] and after["apogee_agl_m"] < before["apogee_agl_m"]
    assert "15.2" in bill.read_text(), "the weights are still in the new bill"


def test_a_set_s_weight_is_that_of_all_its_pieces():
    made = dr.workshop(ROOT / "examples" / "strap_on" / "launch.yaml")
    line = next(x for x in made.bill if x.name == "booster mount")
    assert line.count == 2
    new = dr.workshop(ROOT / "examples" / "strap_on" / "launch.yaml", weighed={line.path: line.total + 0.01})
    assert new.mass == pytest.approx(made.mass + 0.01, rel=1e-9)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "no part was weighed"),
        ("heavy", "weight of"),
        ("-3", "above zero"),
        ("12 mm", "weight of"),
        ("nan", "weight of"),
    ],
)
def test_weights_that_cannot_be_read_say_the_line(tmp_path, cell, words):
    path = tmp_path / "bill.csv"
    path.write_text(f"path,weighed_total_g\nparts[0],{cell}\n")
    with pytest.raises(InputError, match=words) as caught:
        dr.workshop(FIRST / "rocket.yaml", weighed=path)
    assert caught.value.line == (2 if cell else None)


def test_weights_of_another_design_are_refused():
    with pytest.raises(InputError, match="has no part 'parts\\[9\\]'"):
        dr.workshop(FIRST / "rocket.yaml", weighed={"parts[9]": 0.01})
