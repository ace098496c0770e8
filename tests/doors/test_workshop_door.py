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
