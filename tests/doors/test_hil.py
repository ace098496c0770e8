"""Controllers in processes of their own: the same flight to the last bit over pipe, TCP and in process, in JSON and in binary, and what is told where
the other side fails."""

from __future__ import annotations

import importlib.util
import json
import math
import shutil
import socket
import subprocess
import sys
import threading
from functools import reduce
from operator import xor
from pathlib import Path

import numpy as np
import pytest
from tests.steered import Does, brake_bird, with_row

import downrange as dr
from downrange.control import NmeaFeed, PressureFeed, Remote, Replay, steer
from downrange.control.controller import Fault
from downrange.control.feeds import nmea_sentence
from downrange.control.links import Pipe, Serial, Tcp, open_link
from downrange.control.protocol import MOST_BYTES, Binary, JsonLines
from downrange.errors import FlightCode, InputError
from downrange.flight.rows import AT_STOP_APOGEE

HERE = Path(__file__).resolve().parents[2] / "examples" / "air_brakes"
CLIENT = HERE / "brake_client.py"
SENSORS = dr.SensorSuite(dr.Barometer(rate_hz=20.0, noise=2.0, delay_s=0.03), dr.Accelerometer(noise=0.05), None)


def ascent(controller, seed: int = 5, stop: float = AT_STOP_APOGEE):
    """The flight to apogee, and the record."""
    program = with_row(brake_bird(), stop=stop)
    crew = steer([controller], seed=seed).crew(program)
    try:
        raw = crew.fly(program.compiled, program.compiled.row[None].copy(), None)[2]
        return raw, crew.record()
    finally:
        crew.end()


def in_process():
    """The controller of the example's client, in this process."""
    spec = importlib.util.spec_from_file_location("brake_client", CLIENT)
    client = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(client)
    brakes = client.Brakes()

    def law(now):
        pressure = now.pressure_pa if "barometer" in now.fresh else None
        return {"brakes": brakes.level(now.time_s, now.acceleration_m_s2[0], pressure)}

    return Does(law, {"brakes": dr.AirBrakes(rate=2.0)}, 20.0, sensors=SENSORS, before_s=1.0)


def remote(link, **more):
    return Remote(link, sensors=SENSORS, actuators={"brakes": dr.AirBrakes(rate=2.0)}, rate_hz=20.0, **more)


def over_tcp(command: list[str], **more):
    """A flight with a process that comes over TCP."""
    link = Tcp("127.0.0.1", 0)
    with subprocess.Popen([*command, "127.0.0.1", str(link.bind())]) as process:
        out = ascent(remote(link, **more))
        assert process.wait(20) == 0
    return out


@pytest.fixture(scope="module")
def reference():
    return ascent(in_process())


def test_pipe_tcp_replay_and_process_fly_the_same_flight_to_the_last_bit(reference, tmp_path):
    record = tmp_path / "said.jsonl"
    raw, said = reference
    assert 0.1 < said.position["brakes"].max() <= 1.0
    piped, _ = ascent(remote(Pipe([sys.executable, str(CLIENT)]), record=record))
    tcp, _ = over_tcp([sys.executable, str(CLIENT)])
    assert np.array_equal(raw.track, piped.track) and np.array_equal(raw.track, tcp.track)
    replay = Replay(record, sensors=SENSORS, actuators={"brakes": dr.AirBrakes(rate=2.0)})
    again, _ = ascent(replay)
    assert np.array_equal(raw.track, again.track) and replay.different == 0
    ascent(replay, seed=6)
    assert replay.different > 100
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    asked = [line["to"] for line in lines if line.get("to", {}).get("kind") == "now"]
    assert len(asked) == len(said.time) == sum("from" in line for line in lines)
    assert [a["time_s"] for a in asked] == said.time.tolist()


def test_a_controller_in_c_flies_the_brakes_too(reference, tmp_path):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler here")
    binary = tmp_path / "brake_client"
    subprocess.run(
        [compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-o", binary, HERE / "brake_client.c", "-lm"], check=True
    )
    piped, _ = ascent(remote(Pipe([str(binary)]), form="binary"))
    tcp, _ = over_tcp([str(binary)], form="binary")
    assert np.array_equal(piped.track, tcp.track)
    # Its compiler may round otherwise than Python: the flights agree as nearly as that.
    assert piped.out["apogee"] == pytest.approx(reference[0].out["apogee"], abs=1e-3)


@pytest.mark.parametrize("made", [JsonLines(), Binary(["brakes", "drogue"])], ids=["json", "binary"])
def test_messages_go_through_both_forms_to_the_last_bit_in_whatever_pieces(made):
    now = {
        "kind": "now", "n": 17, "time_s": 0.1 + 0.2, "fresh": ["barometer", "gnss"], "pressure_pa": 1e5 / 3, "acceleration_m_s2": [1 / 3, -2e-17, 9.8],
        "latitude_deg": 47.1, "longitude_deg": -8.3, "altitude_m": 1.5, "velocity_enu_m_s": [1.0, 2.0, math.pi],
    }  # fmt: skip
    do = {"kind": "do", "n": 17, "brakes": 0.1 + 0.2}
    sent = made.encode(now) + made.encode(do) + made.encode({"kind": "end"})
    got = [m for k in range(len(sent)) for m in made.feed(sent[k : k + 1])]
    assert got == [now, do, {"kind": "end"}] and made.rest == 0
    hello = {"kind": "hello", "protocol": 1, "rate_hz": 50.0, "actuators": {"brakes": None, "drogue": None}}
    assert list(made.feed(made.encode(hello))) == [hello]


def test_a_frame_stands_as_the_page_of_the_protocol_says():
    frame = Binary(["brakes"]).encode({"kind": "do", "n": 3, "brakes": 0.5})
    # d5 52, kind 3, 14 bytes: n, one command, of the first actuator, 0.5.
    assert frame[:19].hex(" ") == "d5 52 03 0e 00 03 00 00 00 01 00 00 00 00 00 00 00 e0 3f"
    assert int.from_bytes(frame[19:], "little") == xmodem(frame[2:19]) and len(frame) == 21
    assert xmodem(b"123456789") == 0x31C3  # the published check value of CRC-16/XMODEM


def xmodem(data: bytes) -> int:
    """CRC-16/XMODEM, bit by bit."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


@pytest.mark.parametrize(
    "made, sent, says",
    [
        (JsonLines(), b"garbage\n", "no line of JSON"),
        (JsonLines(), b"[1, 2]\n", "an object with a kind"),
        (JsonLines(), b'{"kind": "dance"}\n', "an object with a kind"),
        (JsonLines(), b"[" * 40_000 + b"\n", "no line of JSON"),
        (JsonLines(), b"x" * (MOST_BYTES + 1), "without the end of a line"),
        (Binary(["b"]), b"hello there", "where a frame ought to begin"),
        (Binary(["b"]), b"\xd5\x52\x04\x00\x00\x00\x01", "checksum is wrong"),
    ],
)
def test_what_is_no_message_is_told_and_what_comes_after_is_read(made, sent, says):
    with pytest.raises(Fault, match=says):
        list(made.feed(sent))
    for _ in range(5):
        try:
            rest = list(made.feed(b"" if isinstance(made, Binary) else b"\n"))
        except Fault:
            continue
        break
    assert [*rest, *made.feed(made.encode({"kind": "end"}))] == [{"kind": "end"}]


def served(answers, stop: float = AT_STOP_APOGEE, **more):
    """A flight with a far side that answers with bytes by a function of the message's number; None closes."""
    link = Tcp("127.0.0.1", 0)
    port = link.bind()

    def serve():
        with socket.create_connection(("127.0.0.1", port)) as s, s.makefile("rb") as lines:
            for line in lines:
                message = json.loads(line)
                if message["kind"] == "end":
                    return
                if message["kind"] == "now":
                    said = answers(message["n"])
                    if said is None:
                        return
                    s.sendall(said)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        return ascent(remote(link, **more), stop=stop)
    finally:
        thread.join(10)


def fine(n: int) -> bytes:
    return b'{"kind": "do", "n": %d, "brakes": 0.4}\n' % n


@pytest.mark.parametrize(
    "bad, says, after",
    [
        (lambda n: None, "closed the connection", False),
        (lambda n: b'{"kind": "do", "n": 150', "did not answer within 0.3 s, with 23 bytes of half a message", False),
        (lambda n: b"\x00\xff garbage\n" + fine(n), "no line of JSON", True),
        (lambda n: b'{"kind": "do", "n": %d, "brakes": NaN}\n' % n, "commands nan", True),
        (lambda n: b'{"kind": "do", "n": %d, "brakes": [1]}\n' % n, "one number", True),
        (lambda n: b'{"kind": "end"}\n', "it ends", False),
    ],
)
def test_a_far_side_that_fails_is_told_and_its_last_command_holds(bad, says, after, tmp_path):
    def answers(n):
        return fine(n) if n != 150 else bad(n)

    record = tmp_path / "said.jsonl"
    raw, said = served(answers, patience_s=0.3, record=record)
    (mishap,) = said.mishaps
    assert says in mishap.text and mishap.count == 1 and mishap.time == pytest.approx(149 / 20 - 1)
    assert raw.out["code"] == FlightCode.STOPPED and set(said.position["brakes"][40:]) == {0.4}
    asked = sum('"kind":"now"' in line for line in record.read_text().splitlines())
    assert (asked > 300) is after and asked >= 150
    if not after:
        stopped, said = served(answers, patience_s=0.3, on_fault="stop")
        assert stopped.out["code"] == FlightCode.CONTROLLER and said.time[-1] == pytest.approx(149 / 20 - 1)


def test_late_answers_are_counted_and_obeyed_at_the_next_moment():
    import time as clock

    def slow(n):
        if n == 10:
            clock.sleep(0.12)
        return fine(n)

    _, said = served(slow, stop=3.0, pace=2.0)
    assert said.late >= 1 and f"{said.late} of {said.frames} answers" in " ".join(said.warnings)
    assert not said.mishaps and said.asked["brakes"][-1] == 0.4


def test_what_is_sent_to_a_logger_is_what_a_receiver_says():
    # A sentence that is printed everywhere as the example of the standard.
    assert nmea_sentence("GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,").strip().endswith("*47")
    got = _fed(NmeaFeed(_Kept(), gnss=dr.Gnss(rate_hz=1.0), pace=None, until="apogee", before_s=2.0))
    first = got[0].split(",")
    assert first[:2] == ["$GPGGA", "115958.00"] and first[2:6] == ["4700.00000", "N", "00800.00000", "E"]
    assert float(first[9]) == pytest.approx(400.0, abs=0.2)
    rmc = [line.split(",") for line in got if line.startswith("$GPRMC")]
    assert len(rmc) == len(got) / 2 and rmc[0][2] == "A" and rmc[0][9] == "010126"
    fastest = max(float(r[7]) for r in rmc) * 1852 / 3600
    assert 1.0 < fastest < 60.0
    for line in got:
        content, check = line[1:].split("*")
        assert f"{np.bitwise_xor.reduce(np.frombuffer(content.encode(), np.uint8)):02X}" == check
    lines = _fed(PressureFeed(_Kept(), line="{pressure_pa:.0f}\n", pace=None, until="apogee"))
    air = brake_bird().launch.weather.air
    assert int(lines[0]) == pytest.approx(float(air.pressure(400.0)), abs=1.5)
    top = fly_plain().apogee
    assert min(map(int, lines)) == pytest.approx(float(air.pressure(400.0 + top)), abs=3)


def heard(make) -> list[str]:
    """What a logger hears that waits at a TCP port, line by line."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        got: list[bytes] = []

        def listen():
            with server.accept()[0] as s, s.makefile("rb") as lines:
                got.extend(lines)

        thread = threading.Thread(target=listen)
        thread.start()
        ascent(make(f"connect:127.0.0.1:{server.getsockname()[1]}"))
        thread.join(60)
    assert got and all(line.endswith(b"\n") for line in got)
    return [line.decode("ascii").rstrip("\r\n") for line in got]


def parsed(line: str) -> dict[str, float]:
    """A sentence of NMEA 0183 as a logger reads it: degrees, m, knots; the checksum and the number of fields are looked at."""
    assert line.startswith("$GP") and line[-3] == "*"
    assert int(line[-2:], 16) == reduce(xor, line[1:-3].encode())
    f = line[1:-3].split(",")

    def angle(text: str, half: str) -> float:
        point = text.index(".") - 2
        return (int(text[:point]) + float(text[point:]) / 60) * (1 if half in "NE" else -1)

    def seconds(text: str) -> float:
        return int(text[:2]) * 3600 + int(text[2:4]) * 60 + float(text[4:])

    if f[0] == "GPGGA":
        assert len(f) == 15 and f[6] == "1" and f[10] == f[12] == "M"
        return {"t": seconds(f[1]), "lat": angle(f[2], f[3]), "lon": angle(f[4], f[5]), "alt": float(f[9])}
    assert f[0] == "GPRMC" and len(f) == 13 and f[2] == "A"
    return {
        "t": seconds(f[1]),
        "lat": angle(f[3], f[4]),
        "lon": angle(f[5], f[6]),
        "knots": float(f[7]),
        "course": float(f[8]),
    }


def test_a_logger_that_reads_nmea_and_pressure_over_tcp_sees_the_flight():
    """What it parses is the flight without errors: place to a metre, height to 0.1 m, speed to a hundredth of a knot; pressure to 0.1 Pa."""
    flight, noon = fly_plain(), 12 * 3600
    lines = heard(lambda link: NmeaFeed(link, gnss=dr.Gnss(rate_hz=2.0), pace=None, until="apogee", before_s=1.0))
    said = [parsed(line) for line in lines]
    fixes = [s for s in said if "alt" in s and 1.0 < s["t"] - noon < 18.0]
    at = flight.sample(np.array([s["t"] - noon for s in fixes]))
    assert len(fixes) > 30
    assert np.abs(np.array([s["lat"] for s in fixes]) - np.degrees(at.latitude)).max() < 1e-5
    assert np.abs(np.array([s["lon"] for s in fixes]) - np.degrees(at.longitude)).max() < 1e-5
    assert np.abs(np.array([s["alt"] for s in fixes]) - 400.0 - at.height).max() < 0.2
    moves = [s for s in said if "knots" in s and 5.0 < s["t"] - noon < 15.0]
    at = flight.sample(np.array([s["t"] - noon for s in moves]))
    ground = np.hypot(*at.velocity_enu[:, :2].T)
    assert np.abs(np.array([s["knots"] for s in moves]) * 1852 / 3600 - ground).max() < 0.05
    course = np.degrees(np.arctan2(at.velocity_enu[:, 0], at.velocity_enu[:, 1])) % 360
    assert np.abs((np.array([s["course"] for s in moves]) - course + 180) % 360 - 180).max() < 0.5
    lines = heard(
        lambda link: PressureFeed(link, barometer=dr.Barometer(rate_hz=10.0), pace=None, until="apogee", before_s=1.0)
    )
    time, pressure = np.array([[float(x) for x in line.split(",")] for line in lines]).T
    free = (time > 1.0) & (time < 18.0)
    height = flight.sample(time[free]).height
    assert free.sum() > 150 and np.all(np.diff(time) > 0.09)
    assert pressure[free] == pytest.approx(brake_bird().launch.weather.air.pressure(400.0 + height), abs=1.0)


def fly_plain():
    return dr.fly(brake_bird(), interpreted=False)


class _Kept:
    """A link that keeps what is sent."""

    def __init__(self):
        self.sent = b""

    def open(self):
        pass

    def send(self, data):
        self.sent += data

    def close(self):
        pass


def _fed(feed) -> list[str]:
    ascent(feed)
    return feed.link.sent.decode("ascii").splitlines()


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: open_link("tcp:localhost"), "tcp:HOST:PORT"),
        (lambda: open_link("tcp:localhost:99999"), "tcp:HOST:PORT"),
        (lambda: open_link("carrier pigeon"), "cannot read the link"),
        (lambda: Pipe("no-such-program-here").open(), "cannot run"),
        (lambda: Tcp("127.0.0.1", 1, listen=False, patience_s=0.1).open(), "cannot reach"),
        (lambda: Tcp("127.0.0.1", 0, patience_s=0.1).open(), "nobody came"),
        (lambda: Remote("run:x", form="morse"), "json or binary"),
        (lambda: steer([Remote("run:x", pace=-1.0)]), "seconds of flight in one of the clock"),
        (lambda: PressureFeed("run:x", line="{height}"), "written with {time_s}"),
        (lambda: Replay("no such file"), "no such file"),
    ],
)
def test_links_that_cannot_be_are_refused_in_words(make, says):
    with pytest.raises(InputError, match=says):
        make()


def test_a_file_that_is_no_record_is_refused_with_its_line(tmp_path):
    path = tmp_path / "r.jsonl"
    for text, says in (("{}\n", "no line of a record"), ("[[[\n", "no line of a record"), ("", "begin with a hello")):
        path.write_text(text)
        with pytest.raises(InputError, match=says):
            Replay(path)


def test_a_link_flies_one_flight_at_a_time():
    with pytest.raises(InputError, match="flies one flight at a time"):
        steer([Remote("run:x")]).crew(brake_bird(), 2, keep=False)


def test_a_serial_line_is_spoken_over_too():
    serial = pytest.importorskip("serial", reason="pyserial is not here")
    assert serial is not None
    line = Serial("loop://")
    line.open()
    line.send(b"what goes out comes in\n")
    got = b""
    while not got.endswith(b"\n"):
        got += line.receive(2.0)
    assert got == b"what goes out comes in\n"
    line.close()
    assert isinstance(open_link("serial:/dev/ttyUSB0:57600"), Serial)
