"""`downrange motor reduce` and the reader of test-stand files: what teams write, and what is wrong with it."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.formats import pick_motor
from downrange.formats.stand import Columns, read_firings, read_stand

T = np.round(np.arange(-1.0, 4.0, 0.02), 3)
IMPULSE = 500.0 * 2.3


def thrust(t=T):
    return np.interp(t, [0, 0.2, 2.2, 2.6], [0, 500.0, 500.0, 0])


def write(folder, name, rows, encoding="utf-8"):
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding=encoding)
    return path


def table(head, t, f, mark=",", comma=False):
    rows = [head] if head else []
    rows += [f"{a:.6g}{mark}{b:.6g}" for a, b in zip(t, f, strict=True)]
    return [r.replace(".", ",") for r in rows] if comma else rows


KGF = 9.80665


@pytest.mark.parametrize(
    "head, time, force, mark, comma",
    [
        ("Time (s),Thrust (N)", 1, 1, ",", False),
        ("Zeit [ms];Schub [N]", 1e3, 1, ";", True),
        ("temps (s)\tpoussée (kN)", 1, 1e-3, "\t", False),
        ("tiempo_ms,empuje_kgf", 1e3, 1 / KGF, ",", False),
        ("tempo;força (lbf)", 1, 1 / 4.4482216152605, ";", True),
        ("czas [s];siła ciągu [N]", 1, 1, ";", True),
        ("время, с;тяга, кгс", 1, 1 / KGF, ";", True),
        ("시간(s),추력(N)", 1, 1, ",", False),
        ("时间 (ms),推力 (kg)", 1e3, 1 / KGF, ",", False),
        ("Millis,LoadCell_g", 1e3, 1e3 / KGF, ",", False),
        ("t [s] F [N]", 1, 1, " ", False),
    ],
)  # fmt: skip
def test_headings_of_many_languages_and_units(tmp_path, head, time, force, mark, comma):
    if mark == " ":
        head = "t_s F_N"
    trace = read_stand(write(tmp_path, "a.csv", table(head, T * time, thrust() * force, mark, comma))).thrust
    assert trace.time[-1] - trace.time[0] == pytest.approx(4.98)
    assert np.trapezoid(trace.value, trace.time) == pytest.approx(IMPULSE, rel=2e-4)


def test_rows_that_are_channels_are_turned(tmp_path):
    rows = [",".join(f"{v:.6g}" for v in T - T[0]), ",".join(f"{v / 553.07:.7g}" for v in thrust() + 88)]
    trace = read_stand(write(tmp_path, "a.csv", rows), "thrust", Columns(scale=553.07)).thrust
    assert trace.time.size == T.size and trace.value.max() == pytest.approx(588.0, rel=1e-4)
    assert "turned" in trace.notes[0]


def test_dates_and_midnight_are_seconds(tmp_path):
    t = np.arange(0.0, 20.0, 0.1)
    p = 40 * np.interp(t - 8, [0, 0.2, 2.2, 2.6], [0, 1, 1, 0]) + 1.29

    def clock(x):
        x = (86_390 + x) % 86_400
        return f"{int(x // 3600):02d}:{int(x // 60 % 60):02d}:{x % 60:06.3f}"

    rows = ["Uhrzeit;Akku (%);Kammerdruck (Bar);Temperatur (°C)"] + [
        f"{clock(a)};100;{b:.3f};4.0" for a, b in zip(t, p, strict=True)
    ]
    trace = read_stand(write(tmp_path, "p.csv", rows, "cp1252"), "pressure").pressure
    assert np.allclose(trace.time, t, atol=1e-6), "it goes past midnight"
    assert trace.value.max() == pytest.approx(41.29e5)


def test_the_second_of_two_clocks_is_the_record_s_own(tmp_path):
    rows = [
        f"{245_056 + 11 * k},{11 * k},{1e3 / KGF * f:.2f}" for k, f in enumerate(thrust(np.arange(-0.5, 3.5, 0.011)))
    ]
    path = write(tmp_path, "a.csv", rows)
    with pytest.raises(InputError, match="unit of thrust is not said.*--thrust-unit"):
        read_stand(path, "thrust")
    trace = read_stand(path, "thrust", Columns(unit="gf")).thrust
    assert trace.time[0] == 0 and trace.time[1] == pytest.approx(0.011) and "milliseconds" in trace.notes[0]
    assert trace.value.max() == pytest.approx(500.0, rel=1e-4)


def test_one_file_may_hold_both(tmp_path):
    rows = ["time_s,thrust_N,chamber pressure (psig)"] + [
        f"{a:.3f},{f:.3f},{f:.3f}" for a, f in zip(T, thrust(), strict=True)
    ]
    (firing,) = read_firings([write(tmp_path, "a.csv", rows)])
    assert firing.reference == "gauge"
    assert firing.pressure.value.max() == pytest.approx(500 * 6894.757293168361)


@pytest.mark.parametrize(
    "rows, kind, match",
    [
        (table("time_s,thrust_furlong", T, thrust()), None, "no unit of thrust"),
        (table("time (s),thrust (furlong)", T, thrust()), None, "no unit of thrust"),
        (table("time (s),thrust (V)", T, thrust()), None, "--thrust-scale"),
        (table("time (fortnight),thrust (N)", T, thrust()), None, "no unit of time"),
        (table("a,b", T, thrust()), None, "no column of thrust or pressure by its heading"),
        (["thrust_N", *(f"{f:.3f}" for f in thrust())], None, "--rate"),
        (
            ["t_s,thrust_N,force_N", *(f"{a:.3f},{f},{f}" for a, f in zip(T, thrust(), strict=True))],
            None,
            "say which with --column",
        ),
        (["t_s,thrust_N", *("x,y" for _ in T)], None, "hardly a number"),
        ([",".join("1" for _ in range(40)), ",".join("2" for _ in range(30))], None, "rows of 30 and 40"),
        (table("time_s,pressure", T, thrust()), None, "unit of pressure is not said"),
        (["time_s,thrust_N"], None, "no rows|heading"),
        ([""], None, "blanks|empty"),
    ],
)
def test_what_is_not_clear_is_asked_for(tmp_path, rows, kind, match):
    path = write(tmp_path, "a.csv", rows)
    with pytest.raises(InputError, match=match) as error:
        read_stand(path, kind)
    assert len(error.value.message) < 700


def test_binary_and_missing_files_are_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(bytes(range(256)) * 40)
    for name in ("a.csv", "b.csv"):
        with pytest.raises(InputError):
            read_stand(tmp_path / name)


def files(folder):
    t = np.arange(-2.0, 6.0, 0.02)
    f = table("time_s,thrust_N", t, 1.5 * math.pi / 4 * 0.02**2 * 4e6 * thrust(t) / 500 + 12)
    p = table("time_s,pressure_bar", t + 100.0, 40 * thrust(t) / 500 + 1.3)
    return write(folder, "thrust.csv", f), write(folder, "pressure.csv", p)


def test_the_command_says_all_and_writes(call, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    a, b = files(tmp_path)
    said = ("--propellant-mass", "3 ± 0.03 kg", "--throat", "20 mm", "--grain", "90 mm, 30 mm, 104.5 mm, 5")
    code, out, err = call("motor", "reduce", a, b, *said, "--out", tmp_path / "m.png", "--out", tmp_path / "m.csv")
    assert code == 0, err
    assert max(map(len, out.splitlines())) <= 80
    for words in (
        "NFPA 1125",
        "c* (characteristic velocity)",
        "burning rate",
        "not told",
        "clocks",
        "off by +0.287 bar",
    ):
        assert words in " ".join(out.split()), words
    assert (tmp_path / "m.png").stat().st_size > 10_000
    assert (tmp_path / "m.csv").read_text().startswith("time_s,thrust_n,low_n,high_n\n")
    code, out, _ = call("motor", "reduce", a, b, *said, "--json")
    one = json.loads(out)["firings"][0]
    force = 1.5 * math.pi / 4 * 0.02**2 * 4e6 * 2.3
    assert code == 0 and one["impulse_n_s"] == pytest.approx(force, rel=2e-3)
    assert one["specific_impulse_s"] == pytest.approx(force / 3 / KGF, rel=2e-3)
    assert one["specific_impulse_s_uncertainty"] == pytest.approx(0.01 * one["specific_impulse_s"], rel=0.05)
    assert one["pressure_clock_shift_s"] == pytest.approx(-100.0, abs=0.03)
    assert json.loads(out)["burn_law"]["not_told"]


def test_the_mean_flies_as_an_eng(call, tmp_path):
    a, _ = files(tmp_path)
    code, _, err = call("motor", "reduce", a, "--out", tmp_path / "m.eng")
    assert code == 2 and "--dry-mass" in err
    said = (
        "--propellant-mass",
        "3 kg",
        "--diameter",
        "98 mm",
        "--length",
        "0.7 m",
        "--dry-mass",
        "4 kg",
        "--name",
        "L1000",
    )
    assert call("motor", "reduce", a, *said, "--out", tmp_path / "m.eng")[0] == 0
    motor = pick_motor(tmp_path / "m.eng")
    assert motor.designation == "L1000" and motor.impulse == pytest.approx(
        1.5 * math.pi / 4 * 0.02**2 * 4e6 * 2.3, rel=3e-3
    )


@pytest.mark.parametrize(
    "words, match",
    [
        (("--throat", "20"), "--throat"),
        (("--throat", "20 kg"), "--throat"),
        (("--grain", "30 mm"), "outer, bore, length, count"),
        (("--grain", "30 mm, 90 mm, 1 m"), "narrower"),
        (("--calibration", "much"), "--calibration"),
        (("--rate", "-3"), "--rate"),
        (("--out", "x.exe"), "cannot write"),
        (("--propellant-mass", "0 kg"), "propellant mass"),
    ],
)
def test_bad_options_are_bad_input(call, tmp_path, words, match):
    code, _, err = call("motor", "reduce", *files(tmp_path), *words)
    assert code == 2 and match in err and "Traceback" not in err


RIC = """version: [0, 6, 0]
type: 3
data:
  config: {ambPressure: 101325.0, burnoutThrustThres: 0.1, burnoutWebThres: 2.54e-05, mapDim: 750, maxMassFlux: 1400.0, maxPressure: 1.0e7, minPortThroat: 2.0, timestep: 0.03}
  grains:
  - {type: BATES, properties: {coreDiameter: 0.03, diameter: 0.09, inhibitedEnds: Neither, length: 0.1045}}
  - {type: BATES, properties: {coreDiameter: 0.03, diameter: 0.09, inhibitedEnds: Neither, length: 0.1045}}
  nozzle: {convAngle: 45.0, divAngle: 15.0, efficiency: 0.9, erosionCoeff: 0.0, exit: 0.03, slagCoeff: 0.0, throat: 0.013, throatLength: 0.001}
  propellant:
    density: 1750.0
    name: made up
    tabs: [{a: 4.0e-05, n: 0.35, k: 1.14, m: 40.0, t: 1520.0, minPressure: 1.0e5, maxPressure: 1.2e7}]
"""


def test_a_motor_file_gives_grain_mass_throat_and_prediction(call, tmp_path):
    """The simulated burn of a motor, fed back as if it were measured, gives its own law back."""
    from downrange.motor.ballistics import fire
    from downrange.project.motors import open_grain_motor

    motor = write(tmp_path, "motor.ric", [RIC])
    burn = fire(open_grain_motor(motor).motor)
    t = np.arange(-0.5, burn.time[-1] + 1.5, 0.01)
    force, pressure = (np.interp(t, burn.time, x, left=0, right=0) for x in (burn.thrust, burn.pressure - 101_325))
    a = write(tmp_path, "t.csv", table("time_s,thrust_N", t, force))
    b = write(tmp_path, "p.csv", table("time_s,pressure_MPa", t, np.maximum(pressure, 0) / 1e6 + 0.101325))
    code, out, err = call("motor", "reduce", a, b, "--motor", motor, "--json", "--out", tmp_path / "m.png")
    assert code == 0, err
    said = json.loads(out)
    one, law = said["firings"][0], said["burn_law"]
    assert said["predicted"]["impulse_n_s"] == pytest.approx(burn.impulse) and said["notes"]
    assert one["impulse_n_s"] == pytest.approx(burn.impulse, rel=5e-3)
    gas = open_grain_motor(motor).motor.burning[0].gas
    assert one["characteristic_velocity_m_s"] == pytest.approx(gas.characteristic_velocity, rel=0.02)
    assert law["exponent"] == pytest.approx(0.35, abs=0.02)
    assert law["rate_m_s"] == pytest.approx(4.0e-5 * law["at_pressure_pa"] ** 0.35, rel=0.01)
    assert call("motor", "reduce", a, b, "--motor", tmp_path / "no.ric")[0] == 2
    # a .rse of the mean needs what the .ric does not say: the empty mass and the outside
    code, _, err = call("motor", "reduce", a, "--motor", motor, "--out", tmp_path / "m.rse")
    assert code == 2 and "--dry-mass" in err and "--propellant-mass" not in err
    more = ("--dry-mass", "2 kg", "--diameter", "98 mm", "--length", "0.4 m")
    assert call("motor", "reduce", a, "--motor", motor, *more, "--out", tmp_path / "m.rse")[0] == 0
    assert pick_motor(tmp_path / "m.rse").impulse == pytest.approx(burn.impulse, rel=5e-3)
