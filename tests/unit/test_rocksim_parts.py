"""RockSim's recovery events and sub-assemblies: when a canopy opens, and parts that came as one piece."""

import math

import pytest

from downrange.project import open_project
from downrange.project.foreign import open_foreign
from foreign_designs import rkt

EVENT = """<SimulationEvents><SimulationEvent><PartSerialNo>{serial}</PartSerialNo><Type>1</Type><HasDeployed>{out}</HasDeployed>
<DeployedAt_Altitude>{height}</DeployedAt_Altitude><DeployedAt_Time>{time}</DeployedAt_Time><TestType>{kind},0,0</TestType></SimulationEvent></SimulationEvents>
<TimeToApogee>7.5</TimeToApogee><EjectTime>6.45</EjectTime>"""


@pytest.fixture
def opened(tmp_path):
    def go(kind=28, time=0.0, height=0.0, serial=11, out=1):
        event = EVENT.format(serial=serial, kind=kind, time=time, height=height, out=out)
        text = rkt().decode().replace("<Name>Chute</Name>", "<Name>Chute</Name><SerialNo>11</SerialNo>")
        path = tmp_path / "rock.rkt"
        path.write_text(text.replace("<MaxAltitude>", event + "<MaxAltitude>"))
        rocket = open_project(path).launch.rocket
        (chute,) = (q.part for q in rocket.placed if q.part.name == "Chute")
        return chute.deploy, [n.text for n in open_foreign(path).design.notes if n.place == "Chute"]

    return go


def test_what_came_out_with_the_charge_does_so(opened):
    deploy, told = opened(time=6.451)
    assert deploy.event == "ejection" and not any("opens" in line for line in told)


def test_what_came_out_at_apogee_opens_there(opened):
    """And not at the charge, which is a second earlier here: another height, another landing."""
    deploy, told = opened(time=7.52, kind=9)
    assert deploy.event == "apogee" and any("at apogee" in line for line in told)


def test_what_came_out_on_the_way_down_opens_at_that_height(opened):
    deploy, told = opened(time=20.0, height=152.4, kind=12)
    assert (
        deploy.event == "altitude" and deploy.altitude == pytest.approx(152.4) and any("152 m" in line for line in told)
    )


@pytest.mark.parametrize(
    "given", [{"out": 0, "kind": 28}, {"serial": 12, "time": 7.5, "kind": 9}], ids=["not out", "another part"]
)
def test_what_no_flight_shows_is_told(opened, given):
    deploy, told = opened(**given)
    assert deploy.event == "ejection" and any("when it opens" in line for line in told)


def test_conditions_that_nobody_published_are_named(opened):
    _, told = opened(out=0, kind=57)
    assert any("57" in line and "ejection charge" in line for line in told)


def test_parts_of_a_sub_assembly_are_attached_to_what_holds_it(tmp_path):
    """The same rocket as with the parts attached one by one, and a line of it."""
    mass = "<MassObject><Name>{name}</Name><KnownMass>{grams}</KnownMass><Xb>{x}</Xb><LocationMode>0</LocationMode><TypeCode>0</TypeCode></MassObject>"
    a, b = mass.format(name="one", grams=40, x=30), mass.format(name="two", grams=70, x=210)
    inner = f"<SubAssembly><Name>deep</Name><Xb>5</Xb><AttachedParts>{b}</AttachedParts></SubAssembly>"
    together = f"<SubAssembly><Name>bay</Name><Xb>0</Xb><AttachedParts>{a}{inner}</AttachedParts></SubAssembly>"
    path = tmp_path / "r.rkt"
    weights = []
    for attached in (a + b, together):
        path.write_bytes(rkt(attached=attached))
        rocket = open_foreign(path).design
        weights.append([(p["name"], p["mass"], p.get("offset")) for p in rocket.parts() if p["type"] == "mass"])
    assert weights[0] == weights[1] and len(weights[1]) == 2
    told = {n.place: n.text for n in rocket.notes}
    assert "each by itself" in told["bay"] and any("5 mm" in n.text for n in rocket.notes if n.place == "deep")


def test_what_is_wider_than_its_bore_keeps_its_mass(tmp_path):
    """A ring of 60 mm in a bore of 48 mm, with a hole of 26 mm: as heavy as drawn."""
    ring = (
        "<Ring><Name>Wide</Name><KnownMass>0</KnownMass><Density>500</Density><Material>Foam</Material><DensityType>0</DensityType><UseKnownCG>0</UseKnownCG>"
        "<Xb>100</Xb><LocationMode>0</LocationMode><OD>60</OD><ID>26</ID><Len>20</Len><UsageCode>{usage}</UsageCode></Ring>"
    )
    path = tmp_path / "r.rkt"
    for usage, hole in ((0, 0.026), (4, 0.026), (1, 0.0)):  # centring ring, coupler, bulkhead
        path.write_bytes(rkt(attached=ring.format(usage=usage)))
        design = open_foreign(path).design
        (part,) = (p for p in design.parts() if p["name"] == "Wide")
        assert part["mass"] == pytest.approx(500 * math.pi / 4 * (0.06**2 - hole**2) * 0.02, rel=1e-9)
        assert part["diameter"] == pytest.approx(0.048) and any("own mass" in n.text for n in design.notes)
