"""`downrange motor engine`: a hybrid from its file to a flight."""

from __future__ import annotations

import json

import numpy as np
import pytest

from downrange.formats import pick_motor
from downrange.project.engines import open_engine

HYBRID = """
name: Hybrid 75
oxidiser:
  tank: {contents: nitrous oxide, diameter: 70 mm, length: 0.78 m, mass: 2.0 kg, temperature: 20 °C, bottom: 0.5 m}
  injector: {diameter: 1.8 mm, count: 6, discharge: 0.66}
grain:
  {outer: 68 mm, port: 35 mm, length: 0.25 m, density: 950 kg/m^3, aft: 0.12 m, regression: {rate_at_1: 0.1 mm/s, n: 0.5}}
combustion:
  efficiency: 0.9
  mixtures:
    - {ratio: 2, cstar: 1420 m/s, heat_ratio: 1.27}
    - {ratio: 8, cstar: 1590 m/s, heat_ratio: 1.24}
    - {ratio: 12, cstar: 1480 m/s, heat_ratio: 1.27}
nozzle: {throat: 16.5 mm, exit: 34 mm, divergence: 15 deg, efficiency: 0.98}
chamber: {diameter: 60 mm, length: 50 mm}
hull: {diameter: 75 mm, length: 1.35 m, mass: 3.2 kg}
"""
LIQUID = """
oxidiser:
  tank: {contents: liquid, diameter: 150 mm, length: 0.6 m, mass: 7 kg, density: 1140 kg/m^3, pressure: 40 bar, bottom: 0.6 m}
  injector: {diameter: 1.4 mm, count: 20, discharge: 0.66, model: spi}
fuel:
  tank: {contents: liquid, diameter: 150 mm, length: 0.5 m, mass: 4 kg, density: 790 kg/m^3, pressure: 40 bar, bottom: 1.3 m}
  injector: {diameter: 1.2 mm, count: 20, discharge: 0.66, model: spi}
combustion: {efficiency: 0.95, mixtures: [{ratio: 1.7, cstar: 1700 m/s, heat_ratio: 1.2}]}
nozzle: {throat: 30 mm, exit: 60 mm, divergence: 15 deg}
chamber: {diameter: 80 mm, length: 80 mm}
hull: {diameter: 160 mm, length: 2.2 m, mass: 14 kg}
"""


def write(folder, text, name="engine.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_hybrid_from_its_file_to_a_motor_that_flies(call, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    path = write(tmp_path, HYBRID)
    code, out, err = call("motor", "engine", path, "--out", tmp_path / "h.rse", "--out", tmp_path / "h.png")
    assert code == 0, err
    assert max(map(len, out.splitlines())) <= 80 and "the liquid lasts" in " ".join(out.split())
    assert (tmp_path / "h.png").stat().st_size > 10_000
    code, out, _ = call("motor", "engine", path, "--json")
    said = json.loads(out)
    assert said["impulse_n_s"] == pytest.approx(np.trapezoid(said["thrust_n"], said["time_s"]), rel=1e-6)
    assert said["burnt_kg"] + said["left_over_kg"] == pytest.approx(2.0 + open_engine(path).engine.fuel.mass, rel=1e-6)
    motor = pick_motor(tmp_path / "h.rse")
    assert motor.kind == "hybrid" and motor.impulse == pytest.approx(said["impulse_n_s"], rel=2e-3)
    assert motor.total_mass == pytest.approx(3.2 + said["burnt_kg"] + said["left_over_kg"], rel=1e-6)
    # what the file holds of the centre is that of the whole; the propellant's comes back from it
    t = 0.6 * said["liquid_out_s"]
    at = [float(np.interp(t, said["time_s"], said[k])) for k in ("propellant_kg", "centre_m")]
    rest, rest_at = said["left_over_kg"], said["centre_m"][-1]
    wanted = (at[0] * at[1] - rest * rest_at) / (at[0] - rest)
    assert float(np.interp(t, motor.time, motor.propellant_centres)) == pytest.approx(wanted, abs=2e-3)
    assert np.ptp(motor.propellant_centres) > 0.05


def test_a_liquid_from_its_file(call, tmp_path):
    code, out, err = call("motor", "engine", write(tmp_path, LIQUID), "--json", "--ambient", "850 hPa")
    assert code == 0, err
    said = json.loads(out)
    assert said["liquid_out_s"] is None and said["ended"] in ("oxidiser out", "fuel out") and said["left_over_kg"] > 0.1


@pytest.mark.parametrize(
    "old, new, match",
    [
        ("mass: 2.0 kg", "mass: 20 kg", "holds liquid with vapour"),
        ("temperature: 20 °C", "temperature: 40 °C", "temperature"),
        (", temperature: 20 °C", "", "needs its temperature"),
        ("port: 35 mm", "port: 95 mm", "leaves none"),
        ("count: 6", "cuont: 6", "did you mean 'count'"),
        ("ratio: 8", "ratio: 1", "must increase"),
        ("cstar: 1420 m/s", "cstar: 14200 m/s", "300"),
        ("throat: 16.5 mm", "throat: 65 mm", "narrower"),
        ("efficiency: 0.9\n", "efficiency: 90\n", "efficiency"),
        ("contents: nitrous oxide", "contents: kerosene", "contents"),
        ("grain:", "grains:", "grain"),
    ],
)
def test_bad_engines_are_bad_input(call, tmp_path, old, new, match):
    assert old in HYBRID
    code, _, err = call("motor", "engine", write(tmp_path, HYBRID.replace(old, new)))
    assert code == 2 and match in err and "Traceback" not in err, err


def test_bad_options_are_bad_input(call, tmp_path):
    path = write(tmp_path, HYBRID)
    assert call("motor", "engine", path, "--out", tmp_path / "x.exe")[0] == 2
    assert call("motor", "engine", path, "--ambient", "9 bar")[0] == 2
    assert call("motor", "engine", tmp_path / "no.yaml")[0] == 2
