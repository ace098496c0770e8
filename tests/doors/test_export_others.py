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


def _staged(write, *boosters):
    return open_project(write(ork().decode().replace("</stage>", "</stage>" + "".join(boosters), 1).encode())).launch


THIRD = BOOSTER.replace("Booster", "Lowest").replace(">0.5<", ">1.25<")
WAIST = BOOSTER.replace("<bodytube>", """<transition><name>Waist</name><material type="bulk" density="680.0">Cardboard</material>
<length>0.03</length><thickness>0.001</thickness><shape>conical</shape><foreradius>0.025</foreradius><aftradius>0.03</aftradius></transition><bodytube>""", 1)  # fmt: skip


@pytest.mark.parametrize("boosters", [(BOOSTER,), (BOOSTER, THIRD)], ids=["two", "three"])
def test_rasaero_round_trip_of_stages(write, boosters):
    """Every stage's outside, what it weighs with all above it, its fins, its engine, and when it leaves."""
    first = _staged(write, *boosters)
    data, _ = cdx1_bytes(first)
    second = open_project(write(data, "again.CDX1")).launch
    a, b = first.rocket, second.rocket
    assert len(b.stages) == len(a.stages) == len(boosters) + 1
    assert b.length == pytest.approx(a.length, rel=1e-9)
    for k in range(len(a.stages)):
        one, two = (r.configuration([s.name for s in r.stages[: k + 1]]).without_motor for r in (a, b))
        assert two.mass == pytest.approx(one.mass, rel=1e-9)
    assert second.loaded.mass == pytest.approx(first.loaded.mass, rel=1e-9)
    assert second.loaded.cg[0] == pytest.approx(first.loaded.cg[0], rel=1e-9)
    assert [s.separation.delay for s in b.stages[1:]] == pytest.approx([0.5, 1.25][: len(boosters)])
    fins = [sorted(q.front for q in r.placed if "Fins" in type(q.part).__name__) for r in (a, b)]
    assert fins[1] == pytest.approx(fins[0], rel=1e-9)
    assert {f.motor.designation for f in second.filled} == {f.motor.designation for f in first.filled}


def test_what_rasaeros_boosters_cannot_be_is_told_or_refused(write):
    first = _staged(write, WAIST)
    data, lost = cdx1_bytes(first)
    assert any("not one tube of one diameter" in line for line in lost)
    second = open_project(write(data, "again.CDX1")).launch
    assert second.rocket.length == pytest.approx(first.rocket.length, rel=1e-9)
    with pytest.raises(InputError, match="one to three stages in line"):
        cdx1_bytes(_staged(write, BOOSTER, THIRD, BOOSTER.replace("Booster", "Fourth")))
