"""What other programs' files cannot say of recovery is told, each key of it."""

import gzip
import io
import re
import zipfile

import pytest
from test_recovery_doors import written

from downrange.flight import compile_launch, fly
from downrange.flight.rows import FIELD
from downrange.formats.foreign.cdx1_writing import cdx1_bytes
from downrange.formats.foreign.ork_file import ork_bytes
from downrange.formats.foreign.rkt_writing import rkt_bytes
from downrange.formats.foreign.rocketpy_script import rocketpy_script
from downrange.project import load

PARTS = (
    "{type: parachute, name: main, offset: 20 mm, replaces_others: true, cd_area: 0.4 m^2, canopy: ringslot, opening_shock: 1.2, strength: 700 N, reefed: 20 %, disreef_delay: 2 s, "
    "deploy: {event: altitude, altitude: 200 m, pressure_altitude: true, backup_delay: 1 s, backup_time: 40 s, backup_ejection: true, pilot_delay: 0.5 s, bag_delay: 0.25 s}}",
    "{type: glider, name: blades, descent_rate: 4 m/s, glide_ratio: 2, heading: 90 deg}",
    "{type: tumble, name: comes apart, attitude: flat}",
    "{type: shock cord, name: cord, length: 3 m, strength: 400 N, carries: main}",
)  # fmt: skip
TOLD = (
    "main: that it holds 700 N", "ringslot canopy", "opening shock of 1.2", "second altimeter, 1 s after", "timer that opens it after 40 s",
    "main: the motor's ejection charge", "200 m is what an altimeter shows", "blades: that it comes down at 4 m/s and flies 2 times",
    "comes apart: that it falls flat", "cord: that it holds 400 N and carries main",
)  # fmt: skip


@pytest.fixture
def launch(tmp_path):
    return load(written(tmp_path, *PARTS))


def test_rocksim_and_rasaero_are_told(launch):
    for _, lost in (rkt_bytes(launch.rocket, [launch]), cdx1_bytes(launch)):
        text = "\n".join(lost)
        assert [t for t in (*TOLD, "reefed to 0.2", "the 0.75 s until it is stretched") if t not in text] == [], text
    diameter = float(re.search(rb"<Parachute>.*?<Dia>([^<]*)<", rkt_bytes(launch.rocket, [launch])[0], re.DOTALL)[1])
    assert 0.75 * 3.14159 / 4 * (diameter / 1e3) ** 2 == pytest.approx(0.4, rel=1e-4), (
        "a canopy by its drag area has a size"
    )


def plain(data: bytes) -> bytes:
    """The XML in an .ork, packed or not."""
    if data[:2] == b"PK":
        pack = zipfile.ZipFile(io.BytesIO(data))
        return pack.read(pack.namelist()[0])
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def test_openrocket_is_told(launch):
    data, lost = ork_bytes(launch.rocket, [launch])
    text = "\n".join(lost)
    assert [t for t in (*TOLD, "reefed to 0.2") if t not in text] == [], text
    wait = re.search(rb"<parachute>.*?<deploydelay>([^<]*)<", plain(data), re.DOTALL)
    assert float(wait[1]) == pytest.approx(0.75), "the pilot's and the bag's delays"


def test_a_rocketpy_script_falls_as_the_body_does(tmp_path):
    """RocketPy would let what has no drag area fall as in a vacuum."""
    flight = fly(compile_launch(load(written(tmp_path, "{type: tumble, attitude: flat}"))), interpreted=False)
    text, lost = rocketpy_script(flight)
    area = float(re.search(r"cd_s=([0-9.e-]+)", text)[1])
    assert area == pytest.approx(float(flight.program.compiled.row[FIELD["across"]]), rel=1e-6) and area > 0.03
    assert "not of cloth" in "\n".join(lost)


def test_a_rocketpy_script_tells_the_rest(launch):
    text = "\n".join(rocketpy_script(fly(compile_launch(launch), interpreted=False))[1])
    assert [t for t in TOLD if t not in text] == [], text
