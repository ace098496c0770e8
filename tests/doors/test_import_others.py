"""Designs of RockSim and RASAero, and what of OpenRocket's needs several tubes or stages."""

from math import pi, radians

import pytest

from downrange.errors import InputError
from downrange.formats.designs import read_design
from downrange.project import load_rocket, open_project
from downrange.project.foreign import open_foreign
from downrange.rocket import FINISHES, part_mass
from foreign_designs import FINS, MOUNT, cdx1, ork, rkt


def placed(rocket):
    return {q.part.name: q for q in rocket.placed}


def told(path):
    return " | ".join(str(n) for n in open_foreign(path).notes)


def test_rocksim(write):
    """Millimetres and grams; the rear of an owner is counted forward, the nose tip is the nose tip."""
    path = write(rkt(), "r.rkt")
    launch = open_project(path).launch
    where = placed(launch.rocket)
    assert part_mass(where["Cone"].part, where["Cone"].at).mass == pytest.approx(
        1000 * pi * 0.025**2 * 0.15 / 3, rel=1e-5
    )
    assert part_mass(where["Tube"].part, where["Tube"].at).mass == pytest.approx(
        680 * pi * (0.025**2 - 0.024**2) * 0.4, rel=1e-9
    )
    assert where["Fins"].aft == pytest.approx(0.55 - 0.01), "location mode 2: 10 mm forward of the tube's rear"
    assert where["Ballast"].front == pytest.approx(0.2), "location mode 1: from the nose tip"
    assert where["Chute"].front == pytest.approx(0.21), "location mode 0: from the tube's front"
    assert where["Mount"].aft == pytest.approx(0.555) and launch.nozzle == pytest.approx(0.558)
    assert (
        where["Fins"].part.cant == pytest.approx(0.01, rel=1e-9)
        and where["Fins"].part.finish is None
        and FINISHES[where["Cone"].part.finish] == pytest.approx(20e-6)
    )
    assert where["Chute"].part.mass == pytest.approx(0.014) and where["Chute"].part.cd == 0.9
    assert (launch.motor.designation, launch.motor_delay) == ("D12", 5)
    assert (launch.rail.length, launch.rail.elevation) == (pytest.approx(1.5), pytest.approx(radians(85)))
    assert float(launch.weather.air.pressure(250.0)) == pytest.approx(735 * 133.322, rel=1e-5)
    sim = read_design(path).simulations[0]
    assert sim.stored.figures["apogee_agl_m"] == 301.5


def test_rocksim_known_masses(write):
    """A part's known mass and CG count where RockSim says that they are used; those of the whole rocket likewise."""
    tail = "<Transition><Name>Tail</Name><KnownMass>30</KnownMass><KnownCG>12</KnownCG><UseKnownCG>{0}</UseKnownCG><Density>1000</Density><FrontDia>50</FrontDia><RearDia>30</RearDia><Len>40</Len><ShapeCode>0</ShapeCode></Transition>"
    used, unused = (placed(load_rocket(write(rkt(after=tail.format(k)), f"{k}.rkt")))["Tail"].part for k in (1, 0))
    assert (used.mass, used.cg) == (0.03, 0.012) and unused.mass is None
    top = "<UseKnownMass>1</UseKnownMass><Stage3Mass>400</Stage3Mass><Stage3CG>310</Stage3CG>"
    body = load_rocket(write(rkt(top=top), "whole.rkt")).without_motor
    assert (body.mass, body.cg[0]) == (0.4, pytest.approx(0.31))


def test_rocksim_fins_and_extension(write):
    """Points may run from the rear to the front; a nose cone's extension is a tube behind it."""
    free = "<CustomFinSet><Name>Free</Name><FinCount>3</FinCount><Density>1000</Density><Thickness>2</Thickness><TipShapeCode>0</TipShapeCode><Xb>0</Xb><PointList>100,0|100,40|50,40|0,0|0,0|</PointList></CustomFinSet>"
    fin = placed(load_rocket(write(rkt(attached=free), "f.rkt")))["Free"].part
    assert fin.points == ((0, 0), (0.05, 0.04), (0.1, 0.04), (0.1, 0))
    nose = "<Name>Cone</Name><Density>1000</Density><Len>150</Len><BaseDia>50</BaseDia><ShapeCode>0</ShapeCode><BaseExtensionLen>60</BaseExtensionLen>"
    path = write(rkt(nose=nose), "e.rkt")
    r = load_rocket(path)
    assert r.length == pytest.approx(0.61) and placed(r)["Tube"].front == pytest.approx(0.21)
    assert "base extension of 60 mm" in told(path)
    with pytest.raises(InputError, match="not RockSimDocument"):
        read_design(write(cdx1(), "wrong.rkt"))


def test_rasaero(write):
    """Inches, pounds, feet; a fin's place is its leading edge over the tube's end; the launch weight has the motor in it."""
    path = write(cdx1(), "d.CDX1")
    launch = open_project(path).launch
    r, where = launch.rocket, placed(launch.rocket)
    assert r.length == pytest.approx(30 * 0.0254) and r.diameter == pytest.approx(0.0508)
    assert where["fins"].front == pytest.approx((30 - 7) * 0.0254)
    assert (where["fins"].part.section, where["fins"].part.leading_edge_radius) == (
        "rounded",
        pytest.approx(0.03 * 0.0254),
    )
    assert (
        where["nose cone"].part.tip_radius == pytest.approx(0.05 * 0.0254)
        and where["nose cone"].part.shape_parameter == 0.0
    )
    assert launch.loaded.mass == pytest.approx(3 * 0.45359237, rel=1e-9)
    assert launch.loaded.cg[0] == pytest.approx(18 * 0.0254, rel=1e-9)
    assert r.without_motor.mass == pytest.approx(3 * 0.45359237 - launch.motor.total_mass, rel=1e-9)
    assert launch.motor.nozzle_exit_area == pytest.approx(pi / 4 * 0.0127**2)
    canopies = [q.part for q in r.placed if q.part.name.startswith("recovery")]
    assert [c.deploy.event for c in canopies] == ["apogee", "altitude"]
    assert canopies[1].deploy.altitude == pytest.approx(700 * 0.3048) and canopies[1].diameter == pytest.approx(
        48 * 0.0254
    )
    assert launch.pad.elevation == pytest.approx(304.8) and launch.rail.length == pytest.approx(6 * 0.3048)
    wind = launch.weather.wind
    assert float(wind.east(400.0)) == pytest.approx(-10 * 0.44704)
    figures = read_design(path).simulations[0].stored.figures
    assert figures["apogee_agl_m"] == pytest.approx(609.6) and figures["max_speed_m_s"] == pytest.approx(121.92)


@pytest.mark.parametrize(("pressure", "altitude"), [(2, 410), (30.1, 5000)], ids=["nowhere", "reduced to sea level"])
def test_a_pressure_that_does_not_occur_there_is_left_out_with_a_line(write, pressure, altitude):
    """30.1 inHg at 5,000 ft would be a sixth more air than there is; the file flies all the same, in the pressure of that height."""
    text = cdx1().replace(
        b"<Altitude>1000</Altitude><Pressure>29</Pressure>",
        f"<Altitude>{altitude}</Altitude><Pressure>{pressure}</Pressure>".encode(),
    )
    assert text != cdx1()
    path = write(text, "r.CDX1")
    launch = open_project(path).launch
    z = altitude * 0.3048
    standard = 101325 * (1 - 0.0065 * z / 288.15) ** 5.2559  # US Standard Atmosphere 1976, below 11 km
    assert float(launch.weather.air.pressure(z)) == pytest.approx(standard, rel=1e-3)
    assert any(
        n.kind == "approximated" and "does not occur" in n.text and "left out" in n.text
        for n in open_foreign(path).notes
    )


def test_rasaero_places(write):
    """What overlaps is not added twice; a section that we have not is named."""
    tube = "<BodyTube><PartType>BodyTube</PartType><Length>{0}</Length><Diameter>2</Diameter><Location>{1}</Location></BodyTube>"
    path = write(cdx1(body=tube.format(12, 8) + tube.format(14, 16)), "o.CDX1")
    assert load_rocket(path).length == pytest.approx(30 * 0.0254), "the second begins 4 in before the first ends"
    assert "begins 4 in before" in told(path)
    assert "'biconvex' is 'double wedge'" in told(write(cdx1(section="Biconvex"), "b.CDX1"))
    plain = told(write(cdx1(), "p.CDX1"))
    assert "walls and materials, which RASAero does not know" in plain
    assert load_rocket(write(cdx1(), "s.CDX1")).roughness == pytest.approx(400 * 0.0254e-6)


def test_no_cluster_flies_as_one_motor(write):
    """A cluster is a cluster, whatever else: never one tube in its place."""
    four = MOUNT.replace(
        "<motormount>",
        "<clusterconfiguration>4-ring</clusterconfiguration><clusterscale>1.1</clusterscale><motormount>",
    )
    said = open_foreign(write(ork(inside=FINS + four), "c.ork")).launch
    tube = next(p for p in said["rocket"]["parts"][1]["parts"] if p["type"] == "inner tube")
    assert tube["cluster"]["pattern"] == "4-ring" and tube["cluster"]["spacing"] == 1.1
    assert "motor" not in said and [m["mount"] for m in said["motors"]] == ["Mount"]
