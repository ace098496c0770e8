"""motor.yaml: what it says is what burns, what is wrong is told with its line, and a launch flies on it."""

import json
import math
import re

import pytest

from downrange.errors import InputError
from downrange.formats.dxf import read_outlines
from downrange.motor.ballistics import fire
from downrange.motor.propellants import RECORDS
from downrange.project import open_project
from downrange.project.motors import at_values, flown_motor, open_grain_motor

TEXT = """\
name: K-test
manufacturer: club
propellants:
  slow:
    density: 1680 kg/m3 ± 1 %
    gas: {heat_ratio: 1.21, molar_mass: 23.67 g, temperature: 2800 K}
    burn_rate:
      - {to: 7 MPa, at_1_MPa: 3.24 mm/s, exponent: 0.327}
    rate_factor: 1 ± 3 %
    efficiency: 0.95
  sugar:
    record: KNSB
    density: 1750 kg/m3
grains:
  - {type: bates, diameter: 26 mm, length: 41 mm, core: 9 mm, count: 2, gap: 1 mm, propellant: slow}
  - {type: finocyl, diameter: 26 mm, length: 30 mm, core: 9 mm, fins: 4, fin_width: 2 mm, fin_length: 3 mm, propellant: sugar}
nozzle: {throat: 5.6 ± 0.1 mm, exit: 12 mm, divergence: 15 deg, efficiency: 0.95, erosion_at_1_MPa: 0.01 mm/s}
case: {mass: 60 g, diameter: 29 mm, outer_length: 140 mm, nozzle_length: 15 mm}
igniter: {mass: 0.2 g, time: 0.05 s}
limits: {pressure: 8 MPa}
delays: [6 s]
"""


SMALL = """\
propellants:
  slow:
    density: 1680 kg/m3 ± 1 %
    gas: {heat_ratio: 1.21, molar_mass: 23.67 g, temperature: 2800 K}
    burn_rate: [{to: 7 MPa, at_1_MPa: 3.24 mm/s, exponent: 0.327}]
    rate_factor: 1 ± 3 %
grains: [{type: bates, diameter: 15 mm, length: 20 mm, core: 5 mm, count: 2, propellant: slow}]
nozzle: {throat: 3.1 ± 0.1 mm, exit: 6 mm, divergence: 15 deg}
case: {mass: 9 g, diameter: 18 mm, outer_length: 70 mm, nozzle_length: 5 mm}
delays: [6 s]
"""


@pytest.fixture
def motor(tmp_path):
    path = tmp_path / "my_motor.yaml"
    path.write_text(TEXT)
    return path


def test_every_number_is_read(motor):
    opened = open_grain_motor(motor)
    m = opened.motor
    assert [type(s.grain).__name__ for s in m.segments] == ["Bates", "Bates", "Finocyl"]
    a, b = m.segments[0].propellant, m.segments[2].propellant
    assert float(a.rate(4e6)) == pytest.approx(3.24e-3 * 4**0.327) and (a.density, a.efficiency, a.highest) == (
        1680,
        0.95,
        7e6,
    )
    assert b.pieces == RECORDS["KNSB"].pieces and b.density == 1750
    assert m.nozzle.erosion == pytest.approx(1e-11) and m.nozzle.divergence == pytest.approx(math.radians(15))
    assert (m.case.mass, m.igniter.mass, m.limits.pressure, m.delays, opened.level) == (
        0.06,
        0.0002,
        8e6,
        (6.0,),
        "transient",
    )
    assert m.stack == pytest.approx(0.114) and m.segments[0].gap == 0.001
    flown = flown_motor(opened)
    assert (
        flown.total_mass == pytest.approx(0.06 + m.propellant_mass)
        and flown.delays == (6.0,)
        and flown.designation == "K-test"
    )


def test_its_tolerances_reach_the_firing(motor):
    opened = open_grain_motor(motor)
    nominal = fire(opened.motor)
    wider = fire(at_values(opened, {"nozzle.throat": 0.0058, "propellants.slow.rate_factor": 0.95}).motor)
    assert wider.peak_pressure < 0.95 * nominal.peak_pressure and wider.burn_time > nominal.burn_time


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("type: bates", "type: bats", 15, "unknown type 'bats'.*did you mean 'bates'"),
        ("core: 9 mm, count", "coer: 9 mm, count", 15, "unknown key 'coer'.*core|'core' is missing"),
        ("core: 9 mm, count", "core: 27 mm, count", 15, "leaves nothing"),
        ("density: 1680 kg/m3", "density: 1680 kg", 5, "density"),
        ("exponent: 0.327", "exponent: 1.3", 8, "no steady pressure"),
        ("record: KNSB", "record: KNBS", 12, "no record 'KNBS'.*KNSB"),
        ("    record: KNSB\n", "", 11, "needs its gas"),
        ("    density: 1750 kg/m3\n", "", 11, "as cast"),
        ("exit: 12 mm", "exit: 5 mm", 17, "narrower than the throat"),
        ("propellant: slow}", "propellant: fast}", 15, "'fast' is none of slow, sugar"),
        ("throat: 5.6 ± 0.1 mm, ", "", 17, "'throat' is missing"),
        ("fins: 4", "fins: 4.5", 16, "a whole number"),
        ("count: 2", "count: 0", 15, "count"),
        ("case: {mass", "case: {bore: 20 mm, mass", None, "does not fit the case of 20 mm"),
        ("delays: [6 s]", "delays: [-6 s]", 21, "delays are seconds"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(motor, call, old, new, line, words):
    assert old in TEXT
    motor.write_text(TEXT.replace(old, new, 1))
    with pytest.raises(InputError, match=words) as info:
        open_grain_motor(motor)
    assert info.value.file == str(motor)
    if line is not None:
        assert abs(info.value.line - line) <= 1, str(info.value)
    code, _, err = call("motor", "simulate", motor)
    assert code == 2 and err.startswith("error:")


def test_a_launch_flies_on_it(project, motor, call):
    launch = project / "launch.yaml"
    (project / "my_motor.yaml").write_text(TEXT)
    code, out, err = call("fly", launch, "--motor", motor, "--json")
    assert code in (0, 2) and (code == 0 or "wide but" in err)
    text = launch.read_text()
    launch.write_text(re.sub(r"(?m)^motor:.*\n(?:[ #].*\n)*", "motor: my_motor.yaml\n", text))
    (project / "my_motor.yaml").write_text(SMALL)
    p = open_project(launch)
    named = {"motor.propellants.slow.density", "motor.propellants.slow.rate_factor", "motor.nozzle.throat"}
    assert named <= set(p.uncertain)
    more = p.relaunch({"motor.propellants.slow.density": 1.1 * 1680})
    assert (
        more.motor.propellant_mass > 1.02 * p.launch.motor.propellant_mass
        and more.motor.impulse > 1.02 * p.launch.motor.impulse
    )
    code, out, _ = call("fly", launch, "--json")
    assert code == 0 and json.loads(out)["apogee_agl_m"] > 20


def drawing(tmp_path, add, name="core.dxf"):
    import ezdxf

    d = ezdxf.new()
    add(d.modelspace())
    d.saveas(tmp_path / name)
    return tmp_path / name


def test_a_core_from_a_drawing(tmp_path, motor):
    """A circle with an island, and a square of lines: sizes by hand."""

    def add(m):
        m.add_circle((0, 0), 4)
        m.add_circle((0.5, 0), 1)
        corners = [(8, 8), (9, 8), (9, 9), (8, 9)]
        for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):
            m.add_line(b, a)
        m.add_text("not a curve")

    loops, islands = read_outlines(drawing(tmp_path, add), 1e-3)
    assert len(loops) == 2 and len(islands) == 1
    import shapely

    assert sorted(shapely.Polygon(p).area for p in loops) == pytest.approx([1e-6, math.pi * 16e-6], rel=2e-3)
    grain = "{type: custom, diameter: 26 mm, length: 41 mm, outline: core.dxf, unit: mm, propellant: slow}"
    lines = TEXT.splitlines()
    k = next(i for i, t in enumerate(lines) if "type: finocyl" in t)
    motor.write_text(
        "\n".join([*lines[:k], f"  - {grain}", *lines[k + 1 :]]).replace(
            "  sugar:\n    record: KNSB\n    density: 1750 kg/m3\n", ""
        )
    )
    m = open_grain_motor(motor).motor
    port = (math.pi * (16 - 1) + 1) * 1e-6
    assert m.segments[2].grain.volume == pytest.approx((math.pi * 169e-6 - port) * 0.041, rel=1e-3)


def test_hostile_drawings(tmp_path):
    open_end = drawing(tmp_path, lambda m: m.add_line((0, 0), (3, 4)))
    with pytest.raises(InputError, match="does not close"):
        read_outlines(open_end, 1e-3)
    with pytest.raises(InputError, match="no curve"):
        read_outlines(drawing(tmp_path, lambda m: m.add_text("x")), 1e-3)
    for text, words in (("0\nSECTION\n", "not a DXF|no curve"), ("hello", "not a DXF"), ("", "not a DXF|no curve")):
        (tmp_path / "bad.dxf").write_text(text)
        with pytest.raises(InputError, match=words):
            read_outlines(tmp_path / "bad.dxf", 1e-3)
