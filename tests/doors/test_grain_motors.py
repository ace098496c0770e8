"""Motors of grains by the command line and by files: openMotor's `.ric`, curves out, and what strangers write."""

import json
import re

import pytest

from downrange.errors import InputError
from downrange.formats.motors import pick_motor
from downrange.formats.motors.rse import write_rse
from downrange.formats.ric import read_ric, write_ric
from downrange.motor.ballistics import as_motor, fire
from downrange.motor.grains import (
    Bates,
    Conical,
    CSlot,
    Custom,
    DGrain,
    Domed,
    EndBurner,
    Finocyl,
    Moon,
    RodTube,
    Star,
    XCore,
)
from downrange.motor.solid import Case
from grain_motors import RIC, nozzle, propellant, solid


@pytest.fixture
def ric(tmp_path):
    path = tmp_path / "m.ric"
    path.write_text(RIC)
    return path


def test_every_number_of_a_file_is_read(ric):
    m = read_ric(ric).motor
    a, b = (s.grain for s in m.segments)
    assert (a.diameter, a.core, a.length, a.inhibited) == (0.066, 0.021, 0.1, "top")
    assert b.outlines[0] == tuple(map(pytest.approx, [(-0.009, -0.007), (0.009, -0.007), (0.0, 0.011)]))
    n = m.nozzle
    assert (n.throat, n.exit, n.efficiency, n.throat_length) == (0.0131, 0.04, 0.87, 0.002)
    assert n.divergence == pytest.approx(0.22689280) and n.convergence == pytest.approx(0.61086524)
    p = m.segments[0].propellant
    assert (p.density, p.highest, p.gas.molar_mass, p.gas.temperature) == (1750.0, 7e6, 0.025, 2600.0)
    assert float(p.rate(4e6)) == pytest.approx(1.5e-5 * 4e6**0.4)
    assert m.ambient == 98000.0 and m.limits.pressure == 8e6


GRAINS = [
    Bates(diameter=0.07, core=0.021, length=0.1, inhibited="bottom"), EndBurner(diameter=0.07, length=0.1),
    Finocyl(diameter=0.07, core=0.021, fins=4, fin_width=0.004, fin_length=0.009, length=0.1, inverted=True),
    Star(diameter=0.07, arms=5, point_width=0.011, point_length=0.021, length=0.1), XCore(diameter=0.07, slot_width=0.008, slot_length=0.02, length=0.1),
    CSlot(diameter=0.07, slot_width=0.008, slot_offset=-0.004, length=0.1), DGrain(diameter=0.07, slot_offset=0.011, length=0.1, inhibited="both"),
    Moon(diameter=0.07, core=0.02, core_offset=0.009, length=0.1), RodTube(diameter=0.07, core=0.04, rod=0.022, support=0.005, length=0.1),
    Conical(diameter=0.07, forward_core=0.018, aft_core=0.023, length=0.1),
    Custom(diameter=0.07, length=0.1, outlines=(((-0.01, -0.01), (0.012, -0.01), (0.0, 0.013)), ((0.02, 0.02), (0.022, 0.02), (0.021, 0.022)))),
]  # fmt: skip


def test_what_is_written_is_read_again(tmp_path):
    m = solid(GRAINS)
    write_ric(tmp_path / "all.ric", m)
    again = read_ric(tmp_path / "all.ric").motor
    assert [s.grain for s in again.segments] == GRAINS
    a, b = m.segments[0].propellant, again.segments[0].propellant
    assert (b.density, b.pieces[0].coefficient, b.pieces[0].exponent) == (
        a.density,
        a.pieces[0].coefficient,
        a.pieces[0].exponent,
    )
    assert again.nozzle.throat == m.nozzle.throat and again.nozzle.divergence == pytest.approx(
        m.nozzle.divergence, rel=1e-12
    )


def test_what_a_ric_cannot_hold_is_said(tmp_path):
    with pytest.raises(InputError, match="several"):
        two = solid([GRAINS[0]]).segments + solid([GRAINS[0]], of=propellant(a=1e-5)).segments
        write_ric(tmp_path / "x.ric", solid().__class__(segments=two, nozzle=solid().nozzle))
    with pytest.raises(InputError, match="Domed"):
        write_ric(tmp_path / "x.ric", solid([Domed(diameter=0.05, length=0.1, core=0.02)]))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("type: BATES", "type: BATS", r"data.grains\[0\].type.*unknown grain type 'BATS'.*did you mean 'BATES'"),
        ("coreDiameter: 0.021", "coreDiametre: 0.021", r"coreDiameter.*missing|coreDiametre"),
        ("coreDiameter: 0.021", "coreDiameter: 0.07", "leaves nothing"),
        ("inhibitedEnds: Top", "inhibitedEnds: Sides", "unknown inhibitedEnds 'Sides'"),
        ("length: 0.1}", "length: .nan}", "number in SI"),
        ("throat: 0.0131", "throat: 0.0", r"data.nozzle.throat.*above 0"),
        ("exit: 0.04", "exit: 0.01", "narrower than the throat"),
        ("n: 0.4", "n: 1.1", "no steady pressure"),
        ("k: 1.2", "k: 0.9", r"data.propellant.tabs\[0\].k"),
        ("density: 1750.0", "density: lots", "number in SI"),
        ("name: made up", "name: !!python/object/apply:os.system [ls]", "tags like"),
        ("!!python/tuple [9, -7]", "!!python/tuple [9]", "pairs of numbers"),
        ("dxfUnit: mm", "dxfUnit: furlong", "unknown dxfUnit"),
        ("  grains:", "  granes:", "no grains"),
        ("erosionCoeff: 0.0", "erosionCoef: 0.0", "unknown property 'erosionCoef' of the nozzle.*erosionCoeff"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(ric, call, old, new, words):
    assert old in RIC
    ric.write_text(RIC.replace(old, new, 1))
    with pytest.raises(InputError) as info:
        read_ric(ric)
    assert re.search(words, str(info.value)) and info.value.file == str(ric)
    code, _, err = call("motor", "simulate", ric)
    assert code == 2 and err.startswith("error:") and "Traceback" not in err


def test_rates_with_a_gap_are_joined_and_said(ric):
    one = "    - {a: 1.5e-05, k: 1.2, m: 25.0, maxPressure: 7.0e6, minPressure: 0.0, n: 0.4, t: 2600.0}"
    two = one.replace("7.0e6", "2.0e6") + "\n" + one.replace("minPressure: 0.0", "minPressure: 2.2e6")
    ric.write_text(RIC.replace(one, two))
    read = read_ric(ric)
    assert read.motor.segments[0].propellant.pieces[1].low == pytest.approx(2.0976e6, rel=1e-4)
    assert "leave a gap between 2 and 2.2 MPa" in read.notes[0]


def test_simulate(ric, tmp_path, call):
    code, out, _ = call("motor", "simulate", ric, "--json")
    told = json.loads(out)
    b = fire(read_ric(ric).motor)
    assert (
        code == 0
        and told["impulse_n_s"] == pytest.approx(b.impulse)
        and told["peak_pressure_pa"] == pytest.approx(b.peak_pressure)
    )
    assert len(told["time_s"]) == len(told["thrust_n"]) == len(told["pressure_pa"])
    code, out, _ = call("motor", "simulate", ric, "--out", tmp_path / "b.csv")
    assert code == 0 and "Kn" in out and "MPa" in out
    assert (tmp_path / "b.csv").read_text().startswith("time_s,thrust_n,pressure_pa")
    code, _, err = call("motor", "simulate", ric, "--out", tmp_path / "b.eng")
    assert code == 2 and "weighs empty" in err
    assert (
        call("motor", "simulate", ric, "--out", tmp_path / "b.png")[0] == 0
        and (tmp_path / "b.png").stat().st_size > 10_000
    )
    code, _, err = call("motor", "simulate", tmp_path / "no.ric")
    assert code == 2 and "no such file" in err and "m.ric" in err


def test_curves_out_are_curves_in(tmp_path):
    m = as_motor(
        fire(
            solid(
                case=Case(mass=1.3, outer_length=0.46, diameter=0.075, nozzle_length=0.04),
                name="M1",
                manufacturer="Club & sons",
            )
        )
    )
    write_rse(tmp_path / "m.rse", [m])
    again = pick_motor(tmp_path / "m.rse")
    assert again.impulse == pytest.approx(m.impulse, rel=1e-4) and again.manufacturer == "Club & sons"
    assert again.dry_mass == pytest.approx(1.3) and again.propellant_mass == pytest.approx(m.propellant_mass)
    assert again.cg_front == pytest.approx(m.cg_front, rel=1e-4) and again.propellant_left[3] == pytest.approx(
        m.propellant_left[3], rel=1e-4
    )
    assert again.nozzle_exit_area == pytest.approx(m.nozzle_exit_area, rel=1e-4)


def test_rates_are_written_at_the_temperature_of_the_motor(tmp_path):
    """exp(0.003 * 20): openMotor knows no temperature of the propellant."""
    m = solid(of=propellant(sensitivity=0.003, temperature=293.15), temperature=313.15)
    write_ric(tmp_path / "warm.ric", m)
    again = read_ric(tmp_path / "warm.ric").motor
    assert again.segments[0].propellant.pieces[0].coefficient == pytest.approx(3.3e-5 * 1.0618365, rel=1e-7)


@pytest.fixture
def made(tmp_path):
    path = tmp_path / "m.ric"
    write_ric(path, solid([Bates(diameter=0.071, length=0.09, core=0.0257)] * 4))
    return path


def test_design_sizes_a_throat(made, tmp_path, call):
    code, out, _ = call("motor", "design", made, "--pressure", "4.2 MPa", "--json")
    told = json.loads(out)
    assert code == 0 and told["peak_pressure_pa"] == pytest.approx(4.2e6, rel=1e-6)
    other = tmp_path / "n.ric"
    code, _, err = call("motor", "design", made, "--pressure", "600 psi", "--level", "transient", "--out", other)
    assert code == 0 and "wrote" in err
    assert fire(read_ric(other).motor, "transient").peak_pressure == pytest.approx(600 * 6894.757293, rel=1e-3)
    code, out, _ = call("motor", "design", made, "--json")
    assert json.loads(out)["throat_m"] == 0.0131 and json.loads(out)["grain_lengths_m"] == [0.09] * 4
    code, out, _ = call("motor", "design", made, "--neutral", "--json")
    assert json.loads(out)["grain_lengths_m"] == pytest.approx([0.12] * 3)


def test_design_at_80_columns(made, call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = call("motor", "design", made, "--pressure", "4.2 MPa", "--units", "us")
    assert code == 0 and "609 psi" in out and " in " in out and "mm" not in out
    assert "…" not in out and all(len(line) <= 80 for line in out.splitlines())


def test_design_says_what_a_level_leaves_out(tmp_path, call):
    path = tmp_path / "motor.yaml"
    path.write_text(YAML)
    code, out, _ = call("motor", "design", path, "--json")
    assert code == 0 and "erosive burning" in json.loads(out)["notes"][0]
    code, out, _ = call("motor", "design", path, "--level", "one-dimensional", "--json")
    assert code == 0 and json.loads(out)["notes"] == []


YAML = """
propellant:
  density: 1680 kg/m3
  gas: {heat_ratio: 1.21, molar_mass: 23.67 g, temperature: 2800 K}
  burn_rate: [{from: 0.1 MPa, to: 7 MPa, at_1_MPa: 3.24 mm/s, exponent: 0.327}]
  erosive: {alpha: 3e-5, beta: 53}
grains: [{type: bates, diameter: 54 mm, length: 90 mm, core: 18 mm, count: 3}]
nozzle: {throat: 12.5 mm, exit: 30 mm, divergence: 15 deg}
"""


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--pressure", "5 kg"), "--pressure.*not a unit of the right kind"),
        (("--pressure", "5"), "--pressure.*no unit"),
        (("--pressure", "5 MPa ± 1 MPa"), "--pressure.*spread"),
        (("--pressure", "-5 MPa"), "--pressure.*no pressure of a motor"),
        (("--pressure", "1 GPa"), "--pressure.*no pressure of a motor"),
        (("--pressure", "0.1 MPa"), "does not choke the throat"),
        (("--pressure", "5 MPa", "--out", "x.doc"), "--out.*cannot write"),
    ],
)
def test_goals_that_no_motor_reaches_are_refused_in_words(made, call, args, words):
    code, _, err = call("motor", "design", made, *args)
    assert code == 2 and re.search(words, err) and "Traceback" not in err


def test_grains_that_cannot_be_cut_are_refused_in_words(ric, call):
    code, _, err = call("motor", "design", ric, "--neutral")
    assert code == 2 and "only BATES grains" in err


def test_compare_puts_motors_side_by_side(made, tmp_path, call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    names = [made]
    grains = (
        EndBurner(diameter=0.071, length=0.2),
        Bates(diameter=0.071, length=0.3, core=0.0257),
        Moon(diameter=0.071, core=0.02, core_offset=0.009, length=0.3),
    )
    for k, grain in enumerate(grains):
        names.append(tmp_path / f"a_motor_with_a_rather_long_name_{k}.ric")
        write_ric(names[-1], solid([grain], nozzle=nozzle(throat=0.0057, exit=0.0113)))
    code, out, _ = call("motor", "compare", *names)
    assert code == 0 and "…" not in out and all(len(line) <= 80 for line in out.splitlines())
    impulses = [fire(read_ric(n).motor).impulse for n in names]
    assert out.count(f"{impulses[0]:,.1f}") == 2  # the first stands in both tables
    for impulse in impulses[1:]:
        assert f"{impulse:,.1f} ({100 * (impulse / impulses[0] - 1):+.1f} %)" in out
    code, out, _ = call("motor", "compare", names[1], names[0])  # nothing flows along an end burner: no share of it
    flux = next(line for line in out.splitlines() if line.startswith("mass flux"))
    assert code == 0 and "%" not in flux
    code, out, _ = call("motor", "compare", *names, "--json")
    told = json.loads(out)
    assert [t["file"] for t in told] == [str(n) for n in names]
    assert [t["impulse_n_s"] for t in told] == pytest.approx(impulses)
    assert call("motor", "compare", made, tmp_path / "no.ric")[0] == 2
    assert call("motor", "compare")[0] == 2
