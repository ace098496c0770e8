"""RockSim's recovery events and sub-assemblies: when a canopy opens, and parts that came as one piece."""

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
