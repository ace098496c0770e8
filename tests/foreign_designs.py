"""Small designs as other programs write them, for tests: made here, from what their formats mean."""

from __future__ import annotations

import gzip
import io
import zipfile

__all__ = ["gzipped", "ork", "zipped"]

NOSE = """<nosecone><name>Nose</name><finish>smooth</finish><material type="bulk" density="1200.0">My resin</material>
<length>0.15</length><thickness>0.002</thickness><shape>haack</shape><shapeparameter>0.0</shapeparameter><aftradius>auto 0.02</aftradius>
<aftshoulderradius>0.023</aftshoulderradius><aftshoulderlength>0.03</aftshoulderlength><aftshoulderthickness>0.002</aftshoulderthickness>
<aftshouldercapped>true</aftshouldercapped></nosecone>"""
FINS = """<trapezoidfinset><name>Fins</name><position type="bottom">-0.01</position><fincount>4</fincount><rotation>45.0</rotation>
<material type="bulk" density="630.0">Plywood (birch)</material><thickness>0.003</thickness><crosssection>square</crosssection><cant>2.0</cant>
<tabheight>0.01</tabheight><tablength>0.05</tablength><tabposition relativeto="center">0.002</tabposition>
<filletradius>0.004</filletradius><filletmaterial type="bulk" density="1100.0">Epoxy putty</filletmaterial>
<rootchord>0.08</rootchord><tipchord>0.04</tipchord><sweeplength>0.03</sweeplength><height>0.05</height></trapezoidfinset>"""
MOUNT = """<innertube><name>Mount</name><axialoffset method="bottom">0.005</axialoffset><position type="bottom">0.005</position>
<material type="bulk" density="680.0">Cardboard</material><length>0.1</length><outerradius>0.0145</outerradius><thickness>0.0005</thickness>
<motormount><ignitionevent>automatic</ignitionevent><ignitiondelay>0.0</ignitiondelay><overhang>0.003</overhang>
<motor configid="one"><type>single</type><manufacturer>Estes</manufacturer><designation>D12</designation><diameter>0.024</diameter>
<length>0.07</length><delay>5.0</delay></motor>
<motor configid="two"><type>single</type><manufacturer>Estes</manufacturer><designation>E12</designation><diameter>0.024</diameter>
<length>0.095</length><delay>none</delay></motor></motormount></innertube>"""
PARACHUTE = """<parachute><name>Chute</name><position type="top">0.05</position><packedlength>0.06</packedlength><packedradius>0.015</packedradius>
<cd>auto</cd><material type="surface" density="0.067">Ripstop nylon</material><deployevent>ejection</deployevent><deployaltitude>200.0</deployaltitude>
<deploydelay>0.0</deploydelay><deploymentconfiguration configid="two"><deployevent>altitude</deployevent><deployaltitude>150.0</deployaltitude>
<deploydelay>1.0</deploydelay></deploymentconfiguration><diameter>0.5</diameter><linecount>6</linecount><linelength>0.4</linelength>
<linematerial type="line" density="0.0018">Elastic cord</linematerial></parachute>"""
RINGS = """<centeringring><name>Front ring</name><position type="bottom">-0.06</position><material type="bulk" density="630.0">Plywood (birch)</material>
<length>0.003</length><outerradius>auto</outerradius><innerradius>auto</innerradius></centeringring>"""
MASS = """<masscomponent><name>Высотомер</name><position type="absolute">0.2</position><packedlength>0.05</packedlength><packedradius>0.01</packedradius>
<radialposition>0.005</radialposition><radialdirection>90.0</radialdirection><mass>0.02</mass><masscomponenttype>altimeter</masscomponenttype></masscomponent>"""
TUBE = """<bodytube><name>Tube</name><finish>normal</finish><material type="bulk" density="680.0">Cardboard</material><length>0.4</length>
<thickness>0.001</thickness><radius>{radius}</radius>{extra}<subcomponents>{inside}</subcomponents></bodytube>"""
CONDITIONS = """<conditions><configid>one</configid><launchrodlength>1.5</launchrodlength><launchrodangle>-5.0</launchrodangle>
<launchroddirection>30.0</launchroddirection><windaverage>3.0</windaverage><windturbulence>0.1</windturbulence>
<winddirection>1.5707963267948966</winddirection><launchaltitude>250.0</launchaltitude><launchlatitude>47.0</launchlatitude>
<launchlongitude>-100.0</launchlongitude><geodeticmethod>spherical</geodeticmethod>
<atmosphere model="extendedisa"><basetemperature>293.15</basetemperature><basepressure>98000.0</basepressure></atmosphere><timestep>0.05</timestep></conditions>"""


def ork(
    *, inside: str = FINS + MOUNT + PARACHUTE + RINGS + MASS, nose: str = NOSE, after: str = "", radius: str = "0.025", extra: str = "",
    stage: str = "", version: str = "1.4", simulations: str | None = None, rocket: str = "",
) -> bytes:  # fmt: skip
    """The XML of a one-stage OpenRocket design: nose, tube with what is `inside`, and what comes `after`."""
    body = nose + TUBE.format(radius=radius, inside=inside, extra=extra) + after
    flights = (
        f"<simulation status='uptodate'><name>First</name><simulator>RK4Simulator</simulator>{CONDITIONS}"
        "<flightdata maxaltitude='250.5' maxvelocity='70.0'><databranch name='Sustainer' types='Time,Altitude,Mass,CG location,CP location'>"
        "<datapoint>0.0,0.0,0.15,0.33,0.44</datapoint><datapoint>0.1,0.1,0.149,0.33,0.44</datapoint></databranch></flightdata></simulation>"
        if simulations is None
        else simulations
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><openrocket version="{version}" creator="OpenRocket 15.03"><rocket><name>Test rocket</name>{rocket}'
        '<motorconfiguration configid="one" default="true"/><motorconfiguration configid="two"><name>big</name></motorconfiguration>'
        f"<referencetype>maximum</referencetype><subcomponents><stage><name>Sustainer</name>{stage}<subcomponents>{body}</subcomponents></stage>"
        f"</subcomponents></rocket><simulations>{flights}</simulations></openrocket>"
    ).encode()


def zipped(data: bytes, name: str = "rocket.ork") -> bytes:
    """`data` in a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(name, data)
        z.writestr("decals/stripe.png", b"\x89PNG")
    return out.getvalue()


def gzipped(data: bytes) -> bytes:
    """`data` in gzip."""
    return gzip.compress(data)
