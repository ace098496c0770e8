"""How well an apogee is known, at every door: the command line, its JSON, Python."""

import json
import math

import pytest

import downrange as dr
from downrange import flight
from downrange.project import open_project
from downrange.project.bands import band_of, varying


def edit(folder, old: str, new: str) -> None:
    path = folder / "rocket.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_fly_says_how_well_the_apogee_is_known(project, call):
    said = json.loads(call("fly", project / "launch.yaml", "--json")[1])
    band = said["apogee_band"]
    assert band["p5_m"] < band["p25_m"] < band["mean_m"] < band["p75_m"] < band["p95_m"]
    assert 0.03 * said["apogee_agl_m"] < band["sigma_m"] < 0.12 * said["apogee_agl_m"]
    assert band["p5_m"] < said["apogee_agl_m"] < band["p95_m"]
    most = [m["sigma_m"] for m in band["moved_most_by"]]
    assert len(most) == 3 and most == sorted(most, reverse=True)
    card = " ".join(call("fly", project / "launch.yaml")[1].replace("│", " ").split())
    assert "(standard deviation): 9 of 10 such flights reach" in card and "moved most by drag" in card


def test_python_says_the_same(project, call):
    band = json.loads(call("fly", project / "launch.yaml", "--json")[1])["apogee_band"]
    flown = dr.fly(project / "launch.yaml", interpreted=True)
    assert flown.apogee_band.summary() == band
    import pickle

    assert pickle.loads(pickle.dumps(flown)).apogee_band.sigma == flown.apogee_band.sigma
    assert dr.fly(flown.launch, interpreted=True).apogee_band is None  # nothing says what of it is known


def test_a_finish_that_is_not_stated_is_named_with_its_share(project, call):
    before = json.loads(call("fly", project / "launch.yaml", "--json")[1])["apogee_band"]
    assert "finish not stated" not in call("check", project / "launch.yaml")[1]
    edit(project, "finish: normal paint", "# finish: normal paint")
    after = json.loads(call("fly", project / "launch.yaml", "--json")[1])["apogee_band"]
    assert after["sigma_m"] > 1.05 * before["sigma_m"]
    card = " ".join(call("check", project / "launch.yaml")[1].replace("│", " ").split())
    told = json.loads(call("check", project / "launch.yaml", "--json")[1])["not_stated"]
    assert f"finish not stated: ± {100 * told['finish']:.2g} % of apogee" in card
    assert 0.05 < told["finish"] < 0.2  # from polish to paint that was sprayed badly


def test_a_roughness_may_be_stated_with_its_uncertainty(project, call):
    edit(project, "finish: normal paint", "roughness: 20 ± 8 um #")
    found = json.loads(call("fly", project / "launch.yaml", "--json")[1])
    told = json.loads(call("check", project / "launch.yaml", "--json")[1])["not_stated"]
    assert "finish" not in told
    edit(project, "roughness: 20 ± 8 um", "roughness: 200 um")
    rough = json.loads(call("fly", project / "launch.yaml", "--json")[1])
    assert rough["apogee_agl_m"] < 0.97 * found["apogee_agl_m"]
    edit(project, "roughness: 200 um", "roughness: 200 mm")
    code, _, err = call("fly", project / "launch.yaml")
    assert code == 2 and "roughness" in err


def test_no_defaults_no_band(project, call):
    path = project / "launch.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nuncertainty: {defaults: no}\n", encoding="utf-8")
    said = json.loads(call("fly", path, "--json")[1])
    stated = {m["what"] for m in said["apogee_band"]["moved_most_by"] if m["sigma_m"] > 0}
    assert not any(m["assumed"] for m in said["apogee_band"]["moved_most_by"]) and "thrust" not in stated


def test_what_does_not_leave_the_pad_has_no_band(project):
    edit(project, "finish: normal paint", "measured: {mass: 5 kg}\nfinish: normal paint")
    opened = open_project(project / "launch.yaml")
    assert band_of(opened, flight.fly(opened.launch, interpreted=True)) is None


def test_stated_uncertainties_move_it(project, call):
    before = json.loads(call("fly", project / "launch.yaml", "--json")[1])["apogee_band"]
    path = project / "launch.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nuncertainty: {drag: 1 ± 30 %}\n", encoding="utf-8")
    after = json.loads(call("fly", path, "--json")[1])["apogee_band"]
    assert after["moved_most_by"][0]["what"] == "drag" and not after["moved_most_by"][0]["assumed"]
    assert after["sigma_m"] == pytest.approx(after["moved_most_by"][0]["sigma_m"], rel=0.15)
    assert after["sigma_m"] > 1.5 * before["sigma_m"]


def test_what_a_jet_does_to_its_base_is_named_until_it_is_stated(project, call):
    told = json.loads(call("check", project / "launch.yaml", "--json")[1])["not_stated"]
    assert 0.001 < told["base beside jet"] < 0.05
    path = project / "launch.yaml"
    plain = path.read_text(encoding="utf-8")
    high = json.loads(call("fly", path, "--json")[1])["apogee_agl_m"]
    path.write_text(plain + "\naero: {base_beside_jet: 0}\n", encoding="utf-8")
    assert "base beside jet" not in json.loads(call("check", path, "--json")[1])["not_stated"]
    assert json.loads(call("fly", path, "--json")[1])["apogee_agl_m"] > 1.003 * high
    (project / "cd.csv").write_text("0,0.5\n1,0.5\n", encoding="utf-8")
    path.write_text(plain + "\naero: {drag: cd.csv}\n", encoding="utf-8")
    assert "base beside jet" not in json.loads(call("check", path, "--json")[1])["not_stated"]
    for stated in ("0.5", "1 ± 0.3", "1"):
        path.write_text(plain + f"\naero: {{drag: cd.csv, base_beside_jet: {stated}}}\n", encoding="utf-8")
        code, _, err = call("fly", path)
        assert code == 2 and "aero.base_beside_jet" in err and "table" in err
    path.write_text(plain + "\naero: {base_beside_jet: 11}\n", encoding="utf-8")
    code, _, err = call("fly", path)
    assert code == 2 and "base_beside_jet" in err


def test_tip_off_is_an_input_at_both_doors(project, call):
    """Stated in the file and in Python it is drawn with that spread; a misspelt one is refused."""
    path = project / "launch.yaml"
    plain = path.read_text(encoding="utf-8")
    asked = dr.load(path).with_({"uncertainty": dr.Uncertainty(tip_off="0 ± 1.5 deg")})
    path.write_text(plain + "\nuncertainty: {tip_off: 0 ± 1.5 deg}\n", encoding="utf-8")
    opened = open_project(path)
    flown = flight.fly(opened.launch, interpreted=True)
    own = {i.name: i for i in varying(opened, flown).inputs}
    for name in ("tip_off.east", "tip_off.north"):
        assert own[name].distribution.spread == pytest.approx(math.radians(1.5)) and not own[name].assumed
    path.write_text(plain + "\nuncertainty: {tipoff: 0 ± 1.5 deg}\n", encoding="utf-8")
    assert "did you mean 'tip_off'" in call("fly", path)[2]
    assert dr.fly(asked, interpreted=True).apogee_band.summary() == band_of(opened, flown).summary()
