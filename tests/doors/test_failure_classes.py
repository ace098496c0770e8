"""Ways in which readers of design files have gone wrong before, one test each; most of the list has its test beside what it is of (see there)."""

import re

import numpy as np
import pytest

from downrange.formats.foreign.ork_file import ork_bytes
from downrange.project import load_rocket, open_project
from downrange.project.foreign import open_foreign
from downrange.rocket import FINISHES, BodyTube, CentringRing
from foreign_designs import FINS, MOUNT, PARACHUTE, RINGS, TUBE, ork, rkt


def placed(rocket):
    return {q.part.name: q for q in rocket.placed}


def test_automatic_flags_stay_automatic_there_and_back(write):
    """What was automatic is so again: else a tube that is made wider leaves its ring and its neighbour behind."""
    after = TUBE.format(radius="auto 0.025", inside="", extra="").replace("Tube", "Next")
    first = open_project(write(ork(after=after, inside=FINS + MOUNT + PARACHUTE + RINGS))).launch
    again = open_project(write(ork_bytes(first.rocket, [first])[0], "again.ork")).launch.rocket
    for r in (first.rocket, again):
        where = placed(r)
        ring = where["Front ring"].part
        assert isinstance(ring, CentringRing) and ring.diameter is None and ring.inner_diameter is None
        assert isinstance(where["Next"].part, BodyTube) and where["Next"].part.diameter is None
        assert where["Next"].at.outer == 0.025


@pytest.mark.parametrize(("own", "there"), [("0.025", 0.025), ("0.03", 0.03)])
def test_an_automatic_radius_is_taken_across_a_stage(write, own, there):
    """The booster's tube has none of its own: it is as wide as the last tube of the stage above, whatever that one's number says."""
    stage = f"<stage><name>Booster</name><subcomponents>{TUBE.format(radius='auto 0.9', inside=FINS, extra='').replace('Tube', 'Lower')}</subcomponents></stage>"
    text = ork(radius=own).decode().replace("</stage>", "</stage>" + stage, 1)
    assert placed(load_rocket(write(text.encode())))["Lower"].at.outer == there


@pytest.mark.parametrize(
    ("word", "microns"), [("rough", 500), ("unfinished", 150), ("normal", 60), ("smooth", 20), ("polished", 2)]
)
def test_every_finish_is_read(write, word, microns):
    """Each part has the finish of ours that is nearest to its own; of the fins, which say none, OpenRocket's usual one is the rocket's."""
    text = re.sub("<finish>.*?</finish>", f"<finish>{word}</finish>", ork().decode())
    found = open_project(write(text.encode())).launch.rocket
    assert found.roughness == pytest.approx(60e-6)
    best = min(FINISHES, key=lambda k: abs(np.log(max(FINISHES[k], 1e-7) / (microns * 1e-6))))
    for name in ("Nose", "Tube"):
        own = placed(found)[name].part.finish
        assert own is None if word == "normal" else FINISHES[own] == FINISHES[best]


def test_a_finish_that_nobody_knows_has_its_line(write):
    found = open_foreign(write(ork().replace(b"<finish>smooth</finish>", b"<finish>velvet</finish>")))
    assert any("velvet" in n.text for n in found.notes), [n.text for n in found.notes]


@pytest.mark.parametrize("name", ["Высотомер", "火箭", "صاروخ", "Ракета «№ 1»", "naïve & <b>bold</b>", "🚀"])
def test_names_in_any_script_survive_both_ways(write, name):
    from xml.sax.saxutils import escape

    first = open_project(write(ork().replace(b"<name>Nose<", f"<name>{escape(name)}<".encode()))).launch
    assert name in placed(first.rocket)
    again = open_project(write(ork_bytes(first.rocket, [first])[0], "again.ork")).launch
    assert name in placed(again.rocket)


@pytest.mark.parametrize(
    ("mode", "x", "front"),
    [(0, 60.0, 0.21), (1, 260.0, 0.26), (2, 30.0, 0.55 - 0.03 - 0.05), (2, -10.0, 0.55 + 0.01 - 0.05)],
)
def test_location_modes_count_from_where_they_say(write, mode, x, front):
    """0: aft of the owner's front, 1: aft of the nose tip, 2: forward of the owner's rear, where negative is behind it."""
    tube = f"<Ring><Name>Block</Name><Density>680</Density><Xb>{x}</Xb><LocationMode>{mode}</LocationMode><OD>48</OD><ID>20</ID><Len>50</Len><UsageCode>0</UsageCode></Ring>"
    mount = re.search(r"<BodyTube><Name>Mount.*?</BodyTube>", rkt().decode())[0]
    where = placed(load_rocket(write(rkt(attached=mount + tube), "r.rkt")))
    assert where["Block"].front == pytest.approx(front, abs=1e-9)


def test_units_of_one_file_are_told_apart(write):
    """RockSim: millimetres, grams, kg/m³ for volumes, and the wind in mph or m/s by its own key; nothing of one is read as another's."""
    r = load_rocket(write(rkt(), "r.rkt"))
    where = placed(r)
    assert r.length == pytest.approx(0.55) and r.diameter == pytest.approx(0.05)
    assert where["Ballast"].part.mass == pytest.approx(0.05)
    assert where["Chute"].part.diameter == pytest.approx(0.5)
    launch = open_project(write(rkt(), "again.rkt")).launch
    assert launch.pad.elevation == pytest.approx(250) and launch.rail.length == pytest.approx(1.5)
    assert float(launch.weather.air.temperature(launch.pad.elevation)) == pytest.approx(293.15, abs=0.01)
