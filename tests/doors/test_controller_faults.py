"""What a controller may do wrong, in process, over a pipe and over TCP: the flight goes on with the last command or ends with a code, as its user
chose, says what came and when, and what was recorded up to there is kept."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.steered import Does, brake_bird, with_row

import downrange as dr
from downrange.control import Remote, steer
from downrange.control.links import Pipe, Tcp
from downrange.errors import FlightCode

RATE, BEFORE, STOP, BAD = 10.0, 0.5, 4.0, 30
LEVEL = 0.4
FAR_SIDE = """
import json, socket, sys
fault, bad = sys.argv[1], int(sys.argv[2])
if len(sys.argv) > 3:
    link = socket.create_connection((sys.argv[3], int(sys.argv[4])))
    lines, out = link.makefile("rb"), link.makefile("wb")
else:
    lines, out = sys.stdin.buffer, sys.stdout.buffer
for line in lines:
    message = json.loads(line)
    if message["kind"] == "end":
        break
    if message["kind"] != "now":
        continue
    n, fine = message["n"], b'{"kind": "do", "n": %d, "brakes": 0.4}\\n' % message["n"]
    if n != bad:
        out.write(fine)
    elif fault == "raises":
        sys.exit(3)
    elif fault == "late":
        pass
    elif fault == "garbage":
        out.write(b"\\x00\\xff\\xfe garbage <script>\\n" + fine)
    elif fault == "half":
        out.write(fine[:20])
        out.flush()
        sys.exit(0)
    else:
        said = {"nan": b"NaN", "shape": b"[0.1, 0.2]", "word": b'"wide"', "endless": b"1e999", "name": b'0.4, "brake": 1'}[fault]
        out.write(b'{"kind": "do", "n": %d, "brakes": %s}\\n' % (n, said))
    out.flush()
"""


def _raise():
    raise RuntimeError("no more")


HERE = {
    "raises": _raise, "nan": lambda: {"brakes": float("nan")}, "shape": lambda: {"brakes": [0.1, 0.2]}, "word": lambda: {"brakes": "wide"},
    "endless": lambda: {"brakes": float("inf")}, "name": lambda: {"brakes": LEVEL, "brake": 1.0}, "garbage": lambda: b"garbage",
}  # fmt: skip
"""The same in this process; there nothing is late and nothing comes in halves."""

SAYS = {
    "raises": ("raised RuntimeError: 'no more'", "closed"), "nan": ("commands nan", "commands nan"), "shape": ("one number", "one number"),
    "word": ("one number", "one number"), "endless": ("finite number", "finite number"), "name": ("did you mean 'brakes'", "did you mean 'brakes'"),
    "garbage": ("commands are a mapping", "no line of JSON"), "late": ("", "did not answer within 0.3 s"), "half": ("", "in the middle of a message"),
}  # fmt: skip
OVER = ("late", "half")  # after these a far side is not asked again; nor where its process ends


class Waits(Remote):
    """It waits for a minute, so that a busy machine is not late; but not where the other side is to be."""

    fault = ""

    def step(self, now):
        self.patience_s = 0.3 if self.fault == "late" and self.frames == BAD - 1 else 60.0
        return super().step(now)


def flown(way: str, fault: str, on_fault: str, tmp_path):
    """The flight and the record of the controllers, and how many messages the other side was sent."""
    program, moved = with_row(brake_bird(), stop=STOP), {"brakes": dr.AirBrakes()}
    if way == "process":
        count = iter(range(1, 1000))
        law = lambda now: HERE[fault]() if next(count) == BAD else {"brakes": LEVEL}  # noqa: E731
        return _fly(program, Does(law, moved, RATE, before_s=BEFORE, on_fault=on_fault)), None
    record = tmp_path / "said.jsonl"
    script = tmp_path / "far.py"
    script.write_text(FAR_SIDE, encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(script), fault, str(BAD)]
    how = dict(actuators=moved, rate_hz=RATE, before_s=BEFORE, on_fault=on_fault, record=record)
    if way == "pipe":
        out = _fly(program, _waits(Pipe(command), fault, how))
    else:
        link = Tcp("127.0.0.1", 0)
        with subprocess.Popen([*command, "127.0.0.1", str(link.bind())]) as process:
            out = _fly(program, _waits(link, fault, how))
            process.wait(20)
    return out, record.read_text(encoding="utf-8").count('"kind":"now"')


def _waits(link, fault, how):
    made = Waits(link, **how)
    made.fault = fault
    return made


def _fly(program, controller):
    crew = steer([controller]).crew(program)
    try:
        raw = crew.fly(program.compiled, program.compiled.row[None].copy(), None)[2]
        return raw, crew.record()
    finally:
        crew.end()


@pytest.mark.parametrize("fault", SAYS)
@pytest.mark.parametrize("way", ["process", "pipe", "tcp"])
def test_a_fault_holds_the_last_command_or_ends_the_flight_and_the_record_stays(way, fault, tmp_path):
    if way == "process" and fault not in HERE:
        pytest.skip("in this process nothing is late and nothing comes in halves")
    when, asks = (BAD - 1) / RATE - BEFORE, round((STOP + BEFORE) * RATE)
    (raw, said), sent = flown(way, fault, "hold", tmp_path)
    gone = fault in OVER or (fault == "raises" and way != "process")
    assert raw.out["code"] == FlightCode.STOPPED and raw.end[0] == pytest.approx(STOP), "the flight goes on"
    assert len(said.time) == BAD if gone else len(said.time) >= asks - 1
    (mishap,) = said.mishaps
    assert SAYS[fault][way != "process"] in mishap.text and mishap.count == 1 and mishap.time == pytest.approx(when)
    assert set(said.position["brakes"][10:].tolist()) == {LEVEL}, "the last command holds"
    assert sent is None or (sent == BAD if gone else sent >= asks - 1)
    (raw, said), sent = flown(way, fault, "stop", tmp_path)
    assert raw.out["code"] == FlightCode.CONTROLLER and raw.track[-1, 0] == pytest.approx(when)
    assert said.time[-1] == pytest.approx(when) and len(said.time) == BAD and sent in (None, BAD)
    assert said.position["brakes"][-1] == LEVEL and said.mishaps[0].text == mishap.text
