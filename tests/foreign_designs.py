"""Small designs as other programs write them, for tests: made here, from what their formats mean."""

from __future__ import annotations

import gzip
import io
import zipfile

__all__ = ["cdx1", "gzipped", "ork", "rkt", "zipped"]

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


def _tags(**values: object) -> str:
    return "".join(f"<{k}>{v}</{k}>" for k, v in values.items())


def rkt(*, attached: str | None = None, nose: str = "", after: str = "", top: str = "", engine: str = "D12") -> bytes:
    """A RockSim design: a solid cone, a tube with what is `attached`, what comes `after`; one simulation."""
    fins = "<FinSet>" + _tags(
        Name="Fins", KnownMass=0, Density=630, Material="Plywood", DensityType=0, UseKnownCG=0, Xb=10, LocationMode=2, FinCount=3, RootChord=80,
        TipChord=40, SemiSpan=50, SweepDistance=30, Thickness=3, ShapeCode=0, TipShapeCode=0, TabLength=0, TabDepth=0, TabOffset=0, CantAngle=0.01,
        RadialAngle=0,
    ) + "</FinSet>"  # fmt: skip
    mount = "<BodyTube>" + _tags(
        Name="Mount", Density=680, Material="Cardboard", DensityType=0, UseKnownCG=0, Xb=-5, LocationMode=2, OD=26, ID=25, Len=100, IsMotorMount=1,
        EngineOverhang=3, SerialNo=7, IsInsideTube=1, RadialLoc=0,
    ) + "</BodyTube>"  # fmt: skip
    chute = "<Parachute>" + _tags(
        Name="Chute", Density=0.0067, DensityType=1, KnownMass=0, CalcMass=14, UseKnownCG=0, Xb=60, LocationMode=0, Dia=500, ShroudLineCount=6,
        ShroudLineLen=400, DragCoefficient=0.9, ChuteCount=1,
    ) + "</Parachute>"  # fmt: skip
    ballast = "<MassObject>" + _tags(
        Name="Ballast", KnownMass=50, UseKnownCG=1, KnownCG=200, Xb=200, LocationMode=1, TypeCode=0, Len=0
    ) + "</MassObject>"  # fmt: skip
    inside = fins + mount + chute + ballast if attached is None else attached
    cone = _tags(
        Name="Cone", KnownMass=0, Density=1000, Material="resin", DensityType=0, UseKnownCG=0, Xb=0, LocationMode=0, Len=150, BaseDia=50, FinishCode=1,
        ShapeCode=0, ConstructionType=0, WallThickness=0, ShoulderLen=0, ShoulderOD=0, BaseExtensionLen=0,
    )  # fmt: skip
    tube = _tags(
        Name="Tube", KnownMass=0, Density=680, Material="Cardboard", DensityType=0, UseKnownCG=0, Xb=0, LocationMode=0, OD=50, ID=48, Len=400, FinishCode=2,
        IsMotorMount=0,
    )  # fmt: skip
    results = _tags(
        SimulationName="[D12-5]", MaxAltitude=301.5, LaunchAltitude=250, LaunchTemperature=20, LaunchBarometer=735, LaunchWindSpeed=3, LaunchAngle=5,
        LaunchGuideLen=1500,
    )  # fmt: skip
    engines = _tags(
        EngineCount=1, EngineCode=engine, EngineMfg="Estes", IgnitionDelay=0, EjectionDelay=5, MountSerialNo=7
    )
    return (
        "<RockSimDocument><FileVersion>4</FileVersion><DesignInformation><RocketDesign><Name>Rock test</Name>" + top
        + f"<Stage3Parts><NoseCone>{nose or cone}</NoseCone><BodyTube>{tube}<AttachedParts>{inside}</AttachedParts></BodyTube>{after}</Stage3Parts>"
        + "<Stage2Parts/><Stage1Parts/></RocketDesign></DesignInformation><SimulationResultsList><SimulationResults>" + results
        + f"<Stage3Engines><EngineSet>{engines}</EngineSet></Stage3Engines></SimulationResults></SimulationResultsList></RockSimDocument>"
    ).encode()  # fmt: skip


def cdx1(*, body: str = "", simulation: str = "", section: str = "Rounded", location: float = 7.0) -> bytes:
    """A RASAero design: a 2 in rocket of 30 in with three fins, in inches, pounds and feet."""
    nose = "<NoseCone>" + _tags(
        PartType="NoseCone", Length=8, Diameter=2, Shape="Von Karman Ogive", BluntRadius=0.05, Location=0, Color="Black"
    ) + "</NoseCone>"  # fmt: skip
    fin = "<Fin>" + _tags(
        Count=3, Chord=5, Span=2.5, SweepDistance=3, TipChord=2, Thickness=0.125, LERadius=0.03, Location=location, AirfoilSection=section, FX1=0, FX3=0
    ) + "</Fin>"  # fmt: skip
    tube = "<BodyTube>" + _tags(
        PartType="BodyTube", Length=22, Diameter=2, LaunchLugDiameter=0, LaunchLugLength=0, RailGuideDiameter=0.4, RailGuideHeight=0.5, Location=8
    ) + f"{fin}</BodyTube>"  # fmt: skip
    flight = "<Simulation>" + _tags(
        SustainerEngine="H128W  (AT)", SustainerLaunchWt=3, SustainerNozzleDiameter=0.5, SustainerCG=18, SustainerIgnitionDelay=0, MaxAltitude=2000,
        MaxVelocity=400, TimetoApogee=11,
    ) + "</Simulation>"  # fmt: skip
    return (
        f"<RASAeroDocument><FileVersion>2</FileVersion><RocketDesign>{nose}{body or tube}<Surface>Camouflage Paint</Surface></RocketDesign><LaunchSite>"
        + _tags(Altitude=1000, Pressure=29, RodAngle=4, RodLength=6, Temperature=77, WindSpeed=10)
        + "</LaunchSite><Recovery>"
        + _tags(
            Altitude1=1000,
            DeviceType1="Parachute",
            Event1="True",
            Size1=12,
            EventType1="Apogee",
            CD1=1.33,
            Altitude2=700,
            DeviceType2="Parachute",
            Event2="True",
            Size2=48,
            EventType2="Altitude",
            CD2=1.5,
        )  # fmt: skip
        + f"</Recovery><MachAlt/><SimulationList>{simulation or flight}</SimulationList></RASAeroDocument>"
    ).encode()
