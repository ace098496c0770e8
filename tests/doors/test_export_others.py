"""Designs out to RockSim and RASAero, and in again."""

import pytest

from downrange.errors import InputError
from downrange.formats.foreign.cdx1_writing import cdx1_bytes
from downrange.formats.foreign.rkt_writing import rkt_bytes
from downrange.project import open_project
from downrange.rocket import part_mass
from foreign_designs import FINS, MOUNT, TUBE, ork

BOOSTER = f"""<stage><name>Booster</name><separationevent>burnout</separationevent><separationdelay>0.5</separationdelay><subcomponents>
{TUBE.format(radius="auto", inside=FINS + MOUNT.replace("Mount", "Booster mount"), extra="").replace("Tube", "Booster tube")}</subcomponents></stage>"""


@pytest.fixture
def write(tmp_path):
    def put(data, name="rocket.ork"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return put


def _boat(write):
    """A design whose fins and shapes all three programs know."""
    tail = """<transition><name>Tail</name><material type="bulk" density="680.0">Cardboard</material><length>0.04</length><thickness>0.001</thickness>
    <shape>conical</shape><foreradius>auto</foreradius><aftradius>0.02</aftradius></transition>"""
    return open_project(write(ork(after=tail))).launch


def test_rocksim_round_trip(write):
    """Out to RockSim and in again: parts, places and masses to 1e-9; what it has not is told."""
    first = _boat(write)
    data, lost = rkt_bytes(first.rocket, [first])
    second = open_project(write(data, "again.rkt")).launch
    a, b = first.rocket, second.rocket
    assert any("fillets" in line for line in lost) and any("cap of its shoulder" in line for line in lost)
    for x, y in zip(a.placed, b.placed, strict=True):
        assert (type(x.part), x.part.name) == (type(y.part), y.part.name)
        assert abs(x.front - y.front) < 1e-9 and abs(x.at.outer - y.at.outer) < 1e-9
        if x.part.name not in ("Nose", "Fins", "Chute"):  # cap and fillets are lost, cloth is its mass
            assert part_mass(y.part, y.at).mass == pytest.approx(part_mass(x.part, x.at).mass, rel=1e-9), x.part.name
    fins = [next(q.part for q in r.placed if q.part.name == "Fins") for r in (a, b)]
    assert fins[1].root_chord == pytest.approx(fins[0].root_chord) and fins[1].cant == pytest.approx(fins[0].cant)
    chutes = [next(part_mass(q.part, q.at).mass for q in r.placed if q.part.name == "Chute") for r in (a, b)]
    assert chutes[1] == pytest.approx(chutes[0], rel=1e-9)
    assert second.motor.designation == first.motor.designation and second.motor_delay == first.motor_delay
    assert second.rail.length == pytest.approx(first.rail.length) and second.pad.elevation == pytest.approx(250)


def test_rasaero_round_trip(write):
    """Out to RASAero and in again: the outside, and the rocket's weight and balance on the pad, to 1e-9."""
    first = _boat(write)
    data, lost = cdx1_bytes(first)
    second = open_project(write(data, "again.CDX1")).launch
    a, b = first.rocket, second.rocket
    assert b.length == pytest.approx(a.length, rel=1e-9) and b.diameter == pytest.approx(a.diameter, rel=1e-9)
    assert b.base_radius == pytest.approx(0.02, rel=1e-9)
    assert second.loaded.mass == pytest.approx(first.loaded.mass, rel=1e-9)
    assert second.loaded.cg[0] == pytest.approx(first.loaded.cg[0], rel=1e-9)
    fins = [next(q for q in r.placed if q.part.name.lower() == "fins") for r in (a, b)]
    assert fins[1].front == pytest.approx(fins[0].front, rel=1e-9) and fins[1].part.span == pytest.approx(0.05)
    assert any("that it opens at ejection" in line for line in lost) and any("cant" in line for line in lost)
    staged = open_project(write(ork().decode().replace("</stage>", "</stage>" + BOOSTER, 1).encode())).launch
    with pytest.raises(InputError, match="one stage on one motor"):
        cdx1_bytes(staged)
